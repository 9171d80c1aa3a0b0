"""What the generators of the SDKs read from openapi.json."""

import json
import re
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

CONTRACT = json.loads(Path(sys.argv[1]).read_text())
SCHEMAS = CONTRACT["components"]["schemas"]
# The prefix of all paths, which the clients add.
PREFIX = "/api/v1/"
SECRET = re.compile(r"(^|_)(password|token|api_key)$")


def name_of(reference):
    return reference.rsplit("/", 1)[1]


def resolve(node):
    """A parameter or response, which may be a reference to a component."""
    while "$ref" in node:
        kind, name = node["$ref"].split("/")[2:]
        node = CONTRACT["components"][kind][name]
    return node


def pascal(name):
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[_-]", name))


def snake(name):
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def is_secret(field, schema):
    """Whether a field must not appear in logs."""
    return bool(SECRET.search(field)) and "string" in schema.get("type", "string")


@dataclass(frozen=True)
class Operation:
    path: str
    method: str
    description: dict

    @property
    def id(self):
        return self.description["operationId"]

    @cached_property
    def parameters(self):
        return [resolve(parameter) for parameter in self.description.get("parameters", [])]

    def parameters_in(self, place):
        return [parameter for parameter in self.parameters if parameter["in"] == place]

    @cached_property
    def headers(self):
        """The names of the headers that it takes."""
        return {parameter["name"] for parameter in self.parameters_in("header")}

    @cached_property
    def contents(self):
        """Media types of successful answers with their schemas."""
        contents = {}
        for status, answer in self.description["responses"].items():
            if status.startswith("2"):
                for media, content in resolve(answer).get("content", {}).items():
                    contents[media] = content["schema"]
        return contents

    @cached_property
    def body(self):
        """Media type and schema of the body, or none."""
        contents = self.description.get("requestBody", {}).get("content", {})
        return next(((media, content["schema"]) for media, content in contents.items()), None)

    @property
    def repeat(self):
        """When it may be repeated: `read` always, `write` with an idempotency key, `once` only if it was not executed."""
        if "Idempotency-Key" in self.headers:
            return "write"
        return "read" if self.method == "get" or "ConvoSphere-Min-Position" in self.headers else "once"

    @property
    def streams(self):
        return "text/event-stream" in self.contents

    @property
    def only_streams(self):
        return list(self.contents) == ["text/event-stream"]

    @property
    def stream_id(self):
        """The name of the method that follows what this operation reads."""
        return self.id if self.only_streams else re.sub("^get", "stream", self.id)

    @property
    def list_item(self):
        """The name of the schema of the items, if the answer is a page of a list."""
        schema = self.contents.get("application/json", {})
        page = SCHEMAS.get(name_of(schema["$ref"]), {}) if "$ref" in schema else {}
        if "next_cursor" not in page.get("properties", {}):
            return None
        return name_of(page["properties"]["items"]["items"]["$ref"])

    @property
    def segments(self):
        if not self.path.startswith(PREFIX):
            raise ValueError(f"{self.path} does not start with {PREFIX}")
        return self.path.removeprefix(PREFIX).split("/")


def operations():
    """The operations in the order of the contract."""
    return [Operation(path, method, description)
            for path, methods in CONTRACT["paths"].items() for method, description in methods.items()]

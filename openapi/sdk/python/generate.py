#!/usr/bin/env python3
"""Generates models and operations of the Python SDK from openapi.json: generate.py CONTRACT FOLDER

The models are those of openapi-python-client; its functions are replaced by methods of the clients.
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from contract import CONTRACT, SCHEMAS, is_secret, name_of, operations, snake

HEADER = '"""Generated from openapi.json by generate.py; run `scripts/sdk` instead of editing it."""\n\n'
# Written by hand in stream.py.
HANDWRITTEN = {"StreamFrame"}
TYPES = {"uuid": "UUID", "date-time": "datetime", "naive-date": "date"}
NAMES = {"from": "from_", "range": "range_"}
# Keyword arguments for headers.
HEADERS = {
    "If-Match": "if_match: str | None = None",
    "Idempotency-Key": "idempotency_key: str | None = None",
    "ConvoSphere-Reason": "reason: str | None = None",
    "ConvoSphere-Min-Position": "min_position: int | None = None",
    "Range": "range_: str | None = None",
}


def type_of(schema):
    if "$ref" in schema:
        return f"models.{name_of(schema['$ref'])}"
    match schema["type"]:
        case "string":
            return TYPES.get(schema.get("format"), "str")
        case "integer":
            return "int"
        case "boolean":
            return "bool"
    raise ValueError(f"unsupported schema: {schema}")


def doc(operation):
    """The documentation of an operation, with that of its parameters."""
    paragraphs = [operation.description["summary"], *operation.description.get("description", "").split("\n\n")]
    paragraphs += [f"{NAMES.get(p['name'], p['name'])}: {p['description']}"
                   for p in operation.parameters_in("query") if p.get("description")]
    if "If-Match" in operation.headers:
        paragraphs.append("if_match: Fails if the object no longer has this version.")
    wrapped = [textwrap.fill(part, 108, break_long_words=False) for part in paragraphs if part]
    text = "\n\n".join(wrapped)
    end = "\n" if "\n" in text else ""
    return textwrap.indent(f'"""{text}{end}"""', "        ").replace("\n        \n", "\n\n") + "\n"


def path_of(operation):
    parts = [part.strip("{}") if part.startswith("{") else f'"{part}"' for part in operation.segments]
    return f"({', '.join(parts)}{',' if len(parts) == 1 else ''})"


def stream_of(operation):
    arguments = [f"{p['name']}: {type_of(p['schema'])}" for p in operation.parameters_in("path")]
    query = ""
    if any(p["name"] == "after" for p in operation.parameters_in("query")):
        arguments += ["*", "after: str | None = None"]
        query = ', query={"after": after}'
    text = doc(operation) if operation.only_streams else f'        """Follows what `{snake(operation.id)}` reads."""\n'
    return f"    @stream\n    def {snake(operation.stream_id)}({', '.join(['self', *arguments])}) -> Call[None]:\n{text}" \
        f'        return Call("GET", {path_of(operation)}, returns_nothing{query})\n\n'


def answer_of(operation):
    """The type of the value that an operation returns, and the function that reads it."""
    if "application/json" in operation.contents:
        name = type_of(operation.contents["application/json"])
        return name, f"returns({name})"
    return ("bytes", "returns_bytes") if operation.contents else ("None", "returns_nothing")


def method_of(operation):
    arguments = [f"{p['name']}: {type_of(p['schema'])}" for p in operation.parameters_in("path")]
    answer, parse = answer_of(operation)
    call = [f'"{operation.method.upper()}"', path_of(operation), parse]
    if operation.body:
        media, schema = operation.body
        name, kind = ("upload", "Upload") if media == "multipart/form-data" else ("body", type_of(schema))
        arguments.append(f"{name}: {kind}")
        call.append(f"{name}={name}")
    arguments.append("*")
    query = sorted(operation.parameters_in("query"), key=lambda p: not p["required"])
    for parameter in query:
        kind = type_of(parameter["schema"])
        name = NAMES.get(parameter["name"], parameter["name"])
        arguments.append(f"{name}: {kind}" if parameter["required"] else f"{name}: {kind} | None = None")
    if query:
        call.append("query={" + ", ".join(f'"{p["name"]}": {NAMES.get(p["name"], p["name"])}' for p in query) + "}")
    chosen = {header: argument for header, argument in HEADERS.items() if header in operation.headers}
    arguments += [*chosen.values(), "timeout: float | None = None"]
    if chosen:
        call.append("headers={" + ", ".join(f'"{header}": {argument.split(":")[0]}' for header, argument in chosen.items()) + "}")
    if operation.repeat != "read":
        call.append(f"repeat=Repeat.{operation.repeat.upper()}")
    call.append("timeout=timeout")
    return f"    @operation\n    def {snake(operation.id)}({', '.join(['self', *arguments])}) -> Call[{answer}]:\n{doc(operation)}" \
        f"        return Call({', '.join(call)})\n\n"


def write_operations(target):
    methods = ""
    for operation in operations():
        if not operation.only_streams:
            methods += method_of(operation)
        if operation.streams:
            methods += stream_of(operation)
    imports = "from datetime import date, datetime\nfrom uuid import UUID\n\nfrom . import models\n" \
        "from .call import Call, Repeat, returns, returns_bytes, returns_nothing\nfrom .operation import operation, stream\n" \
        "from .upload import Upload\n\n\n"
    header = 'class Operations:\n    """A method for each operation of the API."""\n\n'
    (target / "operations.py").write_text(HEADER + imports + header + methods)


def write_models(target):
    """Models and their types, by openapi-python-client."""
    schemas = {name: schema for name, schema in SCHEMAS.items() if name not in HANDWRITTEN}
    with tempfile.TemporaryDirectory() as work:
        contract = Path(work) / "contract.json"
        contract.write_text(json.dumps({**CONTRACT, "paths": {}, "components": {"schemas": schemas}}))
        subprocess.run(["openapi-python-client", "generate", "--fail-on-warning", "--path", contract, "--meta", "none",
                        "--config", HERE / "generator.yaml", "--custom-template-path", HERE / "templates",
                        "--output-path", f"{work}/generated"], check=True, stdout=subprocess.DEVNULL)
        hide_secrets(Path(work) / "generated/models")
        shutil.rmtree(target / "models", ignore_errors=True)
        shutil.move(f"{work}/generated/models", target / "models")
        shutil.move(f"{work}/generated/types.py", target / "types.py")


def hide_secrets(models):
    """Removes secrets from the representation of models."""
    for name, schema in SCHEMAS.items():
        for field, value in schema.get("properties", {}).items():
            if is_secret(field, value):
                path = models / f"{snake(name)}.py"
                pattern = rf"^(    {field}: [^=\n]+?)(?: = (UNSET))?$"
                text, count = re.subn(pattern, replace_field, path.read_text(), flags=re.MULTILINE)
                if count != 1:
                    raise ValueError(f"{field} of {name} was found {count} times")
                path.write_text(text)


def replace_field(match):
    default = f"default={match[2]}, " if match[2] else ""
    return f"{match[1]} = _attrs_field({default}repr=False)"


def main():
    target = Path(sys.argv[2])
    target.mkdir(parents=True, exist_ok=True)
    write_models(target)
    write_operations(target)
    generated = [target / "models", target / "types.py", target / "operations.py"]
    settings = ["--isolated", "--no-cache", "--target-version=py310", "--line-length=120", "--quiet"]
    subprocess.run(["ruff", "check", *settings, "--fix-only", "--extend-select=I", *generated], check=True)
    subprocess.run(["ruff", "format", *settings, *generated], check=True)


main()

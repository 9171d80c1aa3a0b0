#!/usr/bin/env python3
"""Generates the types and operations of the Rust SDK from openapi.json (ADR 0042): generate.py CONTRACT FOLDER"""

import json
import re
import subprocess
import sys
import textwrap
from pathlib import Path

CONTRACT = json.loads(Path(sys.argv[1]).read_text())
SCHEMAS = CONTRACT["components"]["schemas"]
# The prefix of all paths, which `Call::new` adds.
PREFIX = "/api/v1/"
# Written by hand in stream.rs.
HANDWRITTEN = {"StreamFrame"}
HEADER = "// Generated from openapi.json by generate.py; run `scripts/sdk` instead of editing it.\n\n"
NUMBERS = {"int32": "i32", "int64": "i64", "uint16": "u16", "uint32": "u32", "uint64": "u64", "double": "f64"}
STRINGS = {"uuid": "Uuid", "date-time": "DateTime<Utc>", "naive-date": "NaiveDate"}
RUST_NAMES = {"type": "kind"}


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


def doc(*paragraphs):
    text = "\n\n".join(textwrap.fill(part, 100, break_long_words=False, break_on_hyphens=False)
                       for paragraph in paragraphs if paragraph for part in paragraph.split("\n\n"))
    return "".join(f"/// {line}".rstrip() + "\n" for line in text.splitlines())


def required_type(schema):
    """The type of a value that is not null."""
    if "$ref" in schema:
        return name_of(schema["$ref"])
    for either in ("oneOf", "allOf"):
        if either in schema:
            return required_type(schema[either][0])
    match schema.get("type"):
        case "array":
            return f"Vec<{required_type(schema['items'])}>"
        case "string":
            return STRINGS.get(schema.get("format"), "String")
        case "integer" | "number":
            return NUMBERS[schema["format"]]
        case "boolean":
            return "bool"
        case None:
            return "Value"
    raise ValueError(f"unsupported schema: {schema}")


def distinguishes_null(schema):
    """Whether null differs from a field that is not sent; the description says then what null does."""
    return "null" in schema.get("description", "").lower()


def reachable(schema, found):
    """Names of the schemas that a schema consists of."""
    if isinstance(schema, list):
        for part in schema:
            reachable(part, found)
    elif isinstance(schema, dict):
        reference = schema.get("$ref")
        if reference and name_of(reference) not in found:
            found.add(name_of(reference))
            reachable(SCHEMAS[name_of(reference)], found)
        for key, part in schema.items():
            if key != "example":
                reachable(part, found)
    return found


def enumeration(name, schema):
    variants = "".join(f'{pascal(value)} = "{value}",\n' for value in schema["enum"])
    return f"string_enum! {{\n{doc(schema.get('description'))}pub enum {name} {{\n{variants}}}\n}}\n\n"


def response(name, schema):
    required = schema.get("required", [])
    fields = ""
    for field, value in schema["properties"].items():
        kind = required_type(value)
        renamed = RUST_NAMES.get(field, field)
        rename = f'#[serde(rename = "{field}")]\n' if renamed != field else ""
        fields += doc(value.get("description")) + rename
        fields += f"pub {renamed}: {kind if field in required else f'Option<{kind}>'},\n"
    text = f"{doc(schema.get('description'))}#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]\n"
    return text + f"#[non_exhaustive]\npub struct {name} {{\n{fields}}}\n\n" + list_of(name, schema)


def list_of(name, schema):
    if "next_cursor" not in schema["properties"]:
        return ""
    item = required_type(schema["properties"]["items"]["items"])
    return f"impl List for {name} {{ type Item = {item};\n" \
        "fn into_parts(self) -> (Vec<Self::Item>, Option<String>) { (self.items, self.next_cursor) } }\n\n"


def request(name, schema):
    """A body or the parameters of a query. `new` takes what is required."""
    required = schema.get("required", [])
    fields, values = "", []
    for field, value in schema["properties"].items():
        kind = required_type(value)
        fields += doc(value.get("description"))
        if field in required:
            fields += f"pub {field}: {kind},\n"
            values.append(f"{field}: {field}.into()" if kind == "String" else field)
            continue
        wrapper, skip, empty = ("Field", "is_omitted", "Field::Omitted") if distinguishes_null(value) else \
            ("Option", "is_none", "None")
        fields += f'#[serde(skip_serializing_if = "{wrapper}::{skip}")]\npub {field}: {wrapper}<{kind}>,\n'
        values.append(f"{field}: {empty}")
    default = "" if required else "Default, "
    text = f"{doc(schema.get('description'))}#[derive(Debug, Clone, {default}Serialize)]\npub struct {name} {{\n{fields}}}\n\n"
    if not required:
        return text
    types = {field: required_type(schema["properties"][field]) for field in required}
    arguments = [f"{field}: " + ("impl Into<String>" if kind == "String" else kind) for field, kind in types.items()]
    return text + f"impl {name} {{\n/// With the required fields only.\npub fn new({', '.join(arguments)}) -> Self " \
        f"{{ Self {{ {', '.join(values)} }} }}\n}}\n\n"


def operations():
    """Path, method and description of each operation, in the order of the contract."""
    for path, methods in CONTRACT["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def success_contents(operation):
    """Media types of successful answers with their schemas."""
    contents = {}
    for status, answer in operation["responses"].items():
        if status.startswith("2"):
            for media, content in resolve(answer).get("content", {}).items():
                contents[media] = content["schema"]
    return contents


def query_schema(operation):
    """The parameters in the query as the schema of a struct; paging and resuming are methods of requests and streams."""
    contents = success_contents(operation)
    parameters = [resolve(parameter) for parameter in operation.get("parameters", [])]
    skipped = {"limit", "cursor"} if "application/json" in contents else {"after"}
    chosen = [p for p in parameters if p["in"] == "query" and p["name"] not in skipped]
    properties = {p["name"]: {**p["schema"], "description": p.get("description", "")} for p in chosen}
    return {"properties": properties, "required": [p["name"] for p in chosen if p["required"]]}


def segments(path, types):
    """The path as an array of segments."""
    if not path.startswith(PREFIX):
        raise ValueError(f"{path} does not start with {PREFIX}")
    parts = []
    for part in path.removeprefix(PREFIX).split("/"):
        if not part.startswith("{"):
            parts.append(f'"{part}"')
        else:
            name = part.strip("{}")
            parts.append(name if types[name] == "&str" else f"&{name}.to_string()")
    return f"&[{', '.join(parts)}]"


def method_of(path, method, operation):
    contents = success_contents(operation)
    parameters = [resolve(parameter) for parameter in operation.get("parameters", [])]
    headers = {p["name"] for p in parameters if p["in"] == "header"}
    types = {p["name"]: required_type(p["schema"]).replace("String", "&str") for p in parameters if p["in"] == "path"}
    arguments = [f"{name}: {kind}" for name, kind in types.items()]
    streamed = "text/event-stream" in contents
    kind = "write" if "Idempotency-Key" in headers else \
        "read" if method == "get" or "ConvoSphere-Min-Position" in headers else "once"
    call = f"Call::{kind}(Method::{method.upper()}, {segments(path, types)})"
    versioned = "Fails if the object has changed, with [`Request::if_match`]." if "If-Match" in headers else None
    text = doc(operation["summary"], operation.get("description"), versioned)
    name = snake(operation["operationId"])
    if streamed and len(contents) == 1:
        return f"{text}pub fn {name}(&self, {', '.join(arguments)}) -> Frames {{ Frames::new(self, {call}) }}\n\n"
    stream = ""
    if streamed:
        stream = f"/// Follows what [`Client::{name}`] reads.\npub fn {name.replace('get_', 'stream_')}(&self) -> Frames " \
            f"{{ Frames::new(self, {call}) }}\n\n"
    for media, content in operation.get("requestBody", {}).get("content", {}).items():
        if media == "multipart/form-data":
            arguments.append("upload: Upload")
            call += ".upload(upload)"
        else:
            arguments.append(f"body: &{required_type(content['schema'])}")
            call += ".json(body)"
    if query_schema(operation)["properties"]:
        arguments.append(f"query: &{pascal(operation['operationId'])}Query")
        call += ".query(query)"
    answer = required_type(contents["application/json"]) if "application/json" in contents else \
        "Download" if contents else "()"
    signature = f"pub fn {name}({', '.join(['&self', *arguments])}) -> Request<{answer}>"
    return f"{text}{signature} {{ Request::new(self, {call}) }}\n\n{stream}"


def main():
    requests = set()
    for _, _, operation in operations():
        contents = operation.get("requestBody", {}).get("content", {})
        reachable([content["schema"] for media, content in contents.items() if media == "application/json"], requests)
    types = HEADER + "use chrono::{DateTime, NaiveDate, Utc};\nuse serde::{Deserialize, Serialize};\n" \
        "use serde_json::Value;\nuse uuid::Uuid;\n\nuse crate::field::{Field, string_enum};\nuse crate::list::List;\n\n"
    for name, schema in SCHEMAS.items():
        if name not in HANDWRITTEN:
            kind = enumeration if "enum" in schema else request if name in requests else response
            types += kind(name, schema)
    methods = ""
    for path, method, operation in operations():
        query = query_schema(operation)
        if query["properties"]:
            name = pascal(operation["operationId"])
            query["description"] = f"The parameters of [`Client::{snake(operation['operationId'])}`](crate::Client)."
            types += request(f"{name}Query", query)
        methods += method_of(path, method, operation)
    imports = "use reqwest::Method;\nuse uuid::Uuid;\n\n#[cfg_attr(\n    not(test),\n    expect(clippy::wildcard_imports, reason = \"names of the contract\")\n)]\nuse super::types::*;\nuse crate::call::Call;\n" \
        "use crate::client::Client;\nuse crate::download::Download;\nuse crate::request::Request;\n" \
        "use crate::stream::Frames;\nuse crate::upload::Upload;\n\n"
    target = Path(sys.argv[2])
    target.mkdir(parents=True, exist_ok=True)
    for file, text in {"types": types, "operations": f"{HEADER}{imports}impl Client {{\n{methods}}}\n"}.items():
        path = target / f"{file}.rs"
        path.write_text(text)
        subprocess.run(["rustfmt", "--edition", "2024", path], check=True)


main()

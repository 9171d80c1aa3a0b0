#!/usr/bin/env python3
"""Generates the types and operations of the Rust SDK from openapi.json (ADR 0042): generate.py CONTRACT FOLDER"""

import re
import subprocess
import sys
import textwrap
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from contract import SCHEMAS, is_secret, name_of, operations, pascal, snake

# Written by hand in stream.rs.
HANDWRITTEN = {"StreamFrame"}
HEADER = "// Generated from openapi.json by generate.py; run `scripts/sdk` instead of editing it.\n\n"
NUMBERS = {"int32": "i32", "int64": "i64", "uint16": "u16", "uint32": "u32", "uint64": "u64", "double": "f64"}
STRINGS = {"uuid": "Uuid", "date-time": "DateTime<Utc>", "naive-date": "NaiveDate"}
RUST_NAMES = {"type": "kind"}


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


def derive(name, schema, traits):
    """The derived traits of a struct; `Debug` is written out where it must hide fields."""
    fields = schema["properties"].items()
    if not any(is_secret(field, value) for field, value in fields):
        return f"#[derive(Debug, {traits})]\n", ""
    shown = ""
    for field, value in fields:
        renamed = RUST_NAMES.get(field, field)
        text = 'format_args!("[hidden]")' if is_secret(field, value) else f"self.{renamed}"
        shown += f'.field("{renamed}", &{text})'
    return f"#[derive({traits})]\n", "/// Hides secrets.\n" \
        f"impl std::fmt::Debug for {name} {{ fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result " \
        f'{{ f.debug_struct("{name}"){shown}.finish() }} }}\n\n'


def response(name, schema):
    required = schema.get("required", [])
    fields = ""
    for field, value in schema["properties"].items():
        kind = required_type(value)
        renamed = RUST_NAMES.get(field, field)
        rename = f'#[serde(rename = "{field}")]\n' if renamed != field else ""
        fields += doc(value.get("description")) + rename
        fields += f"pub {renamed}: {kind if field in required else f'Option<{kind}>'},\n"
    derived, debug = derive(name, schema, "Clone, PartialEq, Serialize, Deserialize")
    return f"{doc(schema.get('description'))}{derived}#[non_exhaustive]\npub struct {name} {{\n{fields}}}\n\n{debug}" \
        + list_of(name, schema)


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
    derived, debug = derive(name, schema, f"Clone, {default}Serialize")
    text = f"{doc(schema.get('description'))}{derived}pub struct {name} {{\n{fields}}}\n\n{debug}"
    if not required:
        return text
    types = {field: required_type(schema["properties"][field]) for field in required}
    arguments = [f"{field}: " + ("impl Into<String>" if kind == "String" else kind) for field, kind in types.items()]
    return text + f"impl {name} {{\n/// With the required fields only.\npub fn new({', '.join(arguments)}) -> Self " \
        f"{{ Self {{ {', '.join(values)} }} }}\n}}\n\n"


def query_schema(operation):
    """The parameters in the query as the schema of a struct; paging and resuming are methods of requests and streams."""
    skipped = {"limit", "cursor"} if "application/json" in operation.contents else {"after"}
    chosen = [p for p in operation.parameters_in("query") if p["name"] not in skipped]
    properties = {p["name"]: {**p["schema"], "description": p.get("description", "")} for p in chosen}
    return {"properties": properties, "required": [p["name"] for p in chosen if p["required"]]}


def segments(operation, types):
    """The path as an array of segments."""
    parts = []
    for part in operation.segments:
        if not part.startswith("{"):
            parts.append(f'"{part}"')
        else:
            name = part.strip("{}")
            parts.append(name if types[name] == "&str" else f"&{name}.to_string()")
    return f"&[{', '.join(parts)}]"


def method_of(operation):
    contents = operation.contents
    types = {p["name"]: required_type(p["schema"]).replace("String", "&str") for p in operation.parameters_in("path")}
    arguments = [f"{name}: {kind}" for name, kind in types.items()]
    call = f"Call::{operation.repeat}(Method::{operation.method.upper()}, {segments(operation, types)})"
    versioned = "Fails if the object has changed, with [`Request::if_match`]." if "If-Match" in operation.headers else None
    text = doc(operation.description["summary"], operation.description.get("description"), versioned)
    name = snake(operation.id)
    if operation.only_streams:
        return f"{text}pub fn {name}(&self, {', '.join(arguments)}) -> Frames {{ Frames::new(self, {call}) }}\n\n"
    stream = ""
    if operation.streams:
        stream = f"/// Follows what [`Client::{name}`] reads.\npub fn {snake(operation.stream_id)}(&self) -> Frames " \
            f"{{ Frames::new(self, {call}) }}\n\n"
    if operation.body:
        media, schema = operation.body
        if media == "multipart/form-data":
            arguments.append("upload: Upload")
            call += ".upload(upload)"
        else:
            arguments.append(f"body: &{required_type(schema)}")
            call += ".json(body)"
    if query_schema(operation)["properties"]:
        arguments.append(f"query: &{pascal(operation.id)}Query")
        call += ".query(query)"
    answer = required_type(contents["application/json"]) if "application/json" in contents else \
        "Download" if contents else "()"
    signature = f"pub fn {name}({', '.join(['&self', *arguments])}) -> Request<{answer}>"
    return f"{text}{signature} {{ Request::new(self, {call}) }}\n\n{stream}"


def main():
    requests = set()
    for operation in operations():
        if operation.body and operation.body[0] == "application/json":
            reachable(operation.body[1], requests)
    types = HEADER + "use chrono::{DateTime, NaiveDate, Utc};\nuse serde::{Deserialize, Serialize};\n" \
        "use serde_json::Value;\nuse uuid::Uuid;\n\nuse crate::field::{Field, string_enum};\nuse crate::list::List;\n\n"
    for name, schema in SCHEMAS.items():
        if name not in HANDWRITTEN:
            kind = enumeration if "enum" in schema else request if name in requests else response
            types += kind(name, schema)
    methods = ""
    for operation in operations():
        query = query_schema(operation)
        if query["properties"]:
            query["description"] = f"The parameters of [`Client::{snake(operation.id)}`](crate::Client)."
            types += request(f"{pascal(operation.id)}Query", query)
        methods += method_of(operation)
    known = set(re.findall(r"pub (?:struct|enum) (\w+)", types))
    used = sorted(known & set(re.findall(r"\b[A-Z]\w+", re.sub(r"(?m)^ *///.*", "", methods))))
    imports = f"use reqwest::Method;\nuse uuid::Uuid;\n\nuse super::types::{{{', '.join(used)}}};\nuse crate::call::Call;\n" \
        "use crate::client::Client;\nuse crate::download::Download;\nuse crate::request::Request;\n" \
        "use crate::stream::Frames;\nuse crate::upload::Upload;\n\n"
    target = Path(sys.argv[2])
    target.mkdir(parents=True, exist_ok=True)
    for file, text in {"types": types, "operations": f"{HEADER}{imports}impl Client {{\n{methods}}}\n"}.items():
        path = target / f"{file}.rs"
        path.write_text(text)
        subprocess.run(["rustfmt", "--edition", "2024", path], check=True)


main()

#!/usr/bin/env python3
"""Generates the operations of the TypeScript SDK from openapi.json: generate.py CONTRACT FOLDER

The types that they name are those of openapi-typescript.
"""

import sys
import textwrap
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from contract import name_of, operations

HEADER = "// Generated from openapi.json by generate.py; run `scripts/sdk` instead of editing it.\n\n"
# Options for headers.
OPTIONS = {
    "If-Match": "ifMatch",
    "Idempotency-Key": "idempotencyKey",
    "ConvoSphere-Reason": "reason",
    "ConvoSphere-Min-Position": "minPosition",
    "Range": "range",
}


def doc(*paragraphs):
    text = "\n\n".join(textwrap.fill(part, 110, break_long_words=False)
                       for paragraph in paragraphs if paragraph for part in paragraph.split("\n\n"))
    if "\n" not in text:
        return f"  /** {text} */\n"
    return "  /**\n" + "".join(f"   * {line}".rstrip() + "\n" for line in text.splitlines()) + "   */\n"


def path_of(operation):
    return f"[{', '.join(part.strip('{}') if part.startswith('{') else repr_of(part) for part in operation.segments)}]"


def repr_of(text):
    return f'"{text}"'


def path_arguments(operation):
    return [f"{p['name']}: {'number' if p['schema']['type'] == 'integer' else 'string'}"
            for p in operation.parameters_in("path")]


def method(name, arguments, answer, statement, *documentation):
    signature = f"{name}({', '.join(arguments)}): {answer}"
    return f"{doc(*documentation)}  {signature} {{\n    return {statement};\n  }}\n\n"


def stream_of(operation):
    after = any(p["name"] == "after" for p in operation.parameters_in("query"))
    options = "StreamOptions" if after else 'Omit<StreamOptions, "after">'
    documentation = [operation.description["summary"], operation.description.get("description")] \
        if operation.only_streams else [f"Follows what {{@link {operation.id}}} reads."]
    return method(operation.stream_id, [*path_arguments(operation), f"options: {options} = {{}}"], "Frames",
                  f"this.follow({path_of(operation)}, options)", *documentation)


def method_of(operation):
    arguments = path_arguments(operation)
    call = [f'method: "{operation.method.upper()}"', f"path: {path_of(operation)}"]
    if operation.body:
        media, schema = operation.body
        if media == "multipart/form-data":
            arguments.append("upload: Upload")
            call.append("upload")
        else:
            arguments.append(f'body: Schemas["{name_of(schema["$ref"])}"]')
            call.append("body")
    query = operation.parameters_in("query")
    if query:
        default = "" if any(p["required"] for p in query) else " = {}"
        arguments.append(f'query: Query<"{operation.id}">{default}')
        call.append("query")
    chosen = [f'"{option}"' for header, option in OPTIONS.items() if header in operation.headers]
    names = f"<{' | '.join(chosen)}>" if chosen else ""
    arguments.append(f"options: Options{names} = {{}}")
    call.append("options")
    if operation.repeat != "read":
        call.append(f'repeat: "{operation.repeat}"')
    kind, answer = "request", "void"
    if "application/json" in operation.contents:
        answer = f'Schemas["{name_of(operation.contents["application/json"]["$ref"])}"]'
        kind = "list" if operation.list_item else "request"
    elif operation.contents:
        kind, answer = "download", "Response"
    returns = f"ListRequest<{answer}>" if kind == "list" else f"Request<{answer}>"
    versioned = "Fails if the object has changed, with `ifMatch`." if "If-Match" in operation.headers else None
    return method(operation.id, arguments, returns, f"this.{kind}({{ {', '.join(call)} }})",
                  operation.description["summary"], operation.description.get("description"), versioned)


def main():
    methods = ""
    for operation in operations():
        if not operation.only_streams:
            methods += method_of(operation)
        if operation.streams:
            methods += stream_of(operation)
    imports = 'import type { Call, Options, Page, Query, Schemas, Upload } from "./call.js";\n' \
        'import type { ListRequest, Request } from "./request.js";\nimport type { Frames, StreamOptions } from "./stream.js";\n\n'
    header = """/** A method for each operation of the API. */
export abstract class Operations {
  protected abstract request<T>(call: Call): Request<T>;
  protected abstract list<P extends Page>(call: Call): ListRequest<P>;
  protected abstract download(call: Call): Request<Response>;
  protected abstract follow(path: Call["path"], options: StreamOptions): Frames;

"""
    target = Path(sys.argv[2])
    target.mkdir(parents=True, exist_ok=True)
    (target / "operations.ts").write_text(HEADER + imports + header + methods.rstrip() + "\n}\n")


main()

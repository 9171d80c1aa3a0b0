"""Compares two versions of the contract: what clients of the old one would miss in the new one.

    python3 breaks.py OLD NEW    lists the breaks; exit code 1 if there are any
    python3 breaks.py --reduce   reads a contract, writes what is compared of it

Compared is what is on the wire, whatever its schema is called: operations, parameters, bodies, answers that succeed,
their headers, fields, types and enum values. New optional things break nobody.
"""

import json
import sys

METHODS = ("get", "put", "post", "delete", "patch")
TEXT = ("description", "summary", "example", "examples", "title", "tags", "info", "externalDocs")


def breaks(old, new):
    """One line for each thing that was and is no more, or that has become necessary."""
    return list(Comparison(old, new).run())


class Comparison:
    def __init__(self, old, new):
        self.old, self.new = old, new

    def run(self):
        for path, methods in self.old["paths"].items():
            for method in METHODS:
                if method not in methods:
                    continue
                place = f"{method.upper()} {path}"
                counterpart = self.new["paths"].get(path, {}).get(method)
                if counterpart is None:
                    yield f"{place}: the operation is gone"
                    continue
                yield from self.parameters(place, methods[method], counterpart)
                yield from self.body(place, methods[method], counterpart)
                yield from self.answers(place, methods[method], counterpart)

    def parameters(self, place, old, new):
        before, after = named_parameters(self.old, old), named_parameters(self.new, new)
        for key, parameter in before.items():
            where = f"{place}: {key[0]} parameter {key[1]}"
            if key not in after:
                yield f"{where} is gone"
                continue
            if after[key].get("required") and not parameter.get("required"):
                yield f"{where} is now required"
            yield from self.schema(where, parameter["schema"], after[key]["schema"], "in", ())
        for key, parameter in after.items():
            if key not in before and parameter.get("required"):
                yield f"{place}: {key[0]} parameter {key[1]} is new and required"

    def body(self, place, old, new):
        before, after = resolve(self.old, old.get("requestBody")), resolve(self.new, new.get("requestBody"))
        if after.get("required") and not before.get("required"):
            yield f"{place}: a body is now required"
        yield from self.content(f"{place}: body", before, after, "in")

    def answers(self, place, old, new):
        for status, answer in old["responses"].items():
            if not status.startswith("2"):
                continue
            where = f"{place}: {status}"
            if status not in new["responses"]:
                yield f"{where} is gone"
                continue
            before, after = resolve(self.old, answer), resolve(self.new, new["responses"][status])
            headers = {name.lower() for name in after.get("headers", {})}
            for name in before.get("headers", {}):
                if name.lower() not in headers:
                    yield f"{where}: header {name} is gone"
            yield from self.content(where, before, after, "out")

    def content(self, where, old, new, direction):
        after = {media_type(kind): content for kind, content in new.get("content", {}).items()}
        for kind, content in old.get("content", {}).items():
            kind = media_type(kind)
            if kind not in after:
                yield f"{where}: {kind} is gone"
                continue
            yield from self.schema(where, content.get("schema", {}), after[kind].get("schema", {}), direction, ())

    def schema(self, where, old, new, direction, above):
        pair = (reference(old), reference(new))
        # A schema that contains itself is compared once.
        if pair != (None, None) and pair in above:
            return
        above = (*above, pair)
        old, new = plain(self.old, old), plain(self.new, new)
        if old.get("type") != new.get("type") or old.get("format") != new.get("format"):
            yield f"{where}: is {kind_of(new)} and was {kind_of(old)}"
            return
        if direction == "out" and new.get("nullable") and not old.get("nullable"):
            yield f"{where}: may now be null"
        if direction == "in" and old.get("nullable") and not new.get("nullable"):
            yield f"{where}: may no longer be null"
        for value in old.get("enum", []):
            if value not in new.get("enum", [value]):
                yield f"{where}: the value {value} is gone"
        if "enum" in new and "enum" not in old and direction == "in":
            yield f"{where}: only some values are still taken"
        if "items" in old:
            yield from self.schema(f"{where}[]", old["items"], new.get("items", {}), direction, above)
        yield from self.fields(where, old, new, direction, above)

    def fields(self, where, old, new, direction, above):
        before, after = old.get("properties", {}), new.get("properties", {})
        was_required, is_required = set(old.get("required", [])), set(new.get("required", []))
        for name, schema in before.items():
            if name not in after:
                yield f"{where}: field {name} is gone"
                continue
            if direction == "out" and name in was_required - is_required:
                yield f"{where}: field {name} may now be missing"
            yield from self.schema(f"{where}.{name}", schema, after[name], direction, above)
        if direction == "in":
            for name in sorted(is_required - was_required):
                yield f"{where}: field {name} is now required"


def named_parameters(spec, operation):
    found = [resolve(spec, parameter) for parameter in operation.get("parameters", [])]
    # The names of headers are the same in capitals.
    key = lambda one: (one["in"], one["name"].lower() if one["in"] == "header" else one["name"])
    return {key(parameter): parameter for parameter in found}


def resolve(spec, value):
    value = value or {}
    while "$ref" in value:
        target = spec
        for part in value["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        value = target
    return value


def only_part(schema):
    """The one schema of a form that only describes it or makes it null, and whether it does that."""
    for parts in (schema.get("allOf"), schema.get("oneOf"), schema.get("anyOf")):
        real = [part for part in parts or [] if part.get("enum") != [None]]
        if len(real) > 1:
            raise ValueError("a union of several schemas: say how it is compared")
        if real:
            return real[0], len(real) < len(parts)
    return None, False


def reference(schema):
    part, _ = only_part(schema)
    return (part or schema).get("$ref")


def plain(spec, schema):
    """A schema without references, and without forms that only describe it or make it null."""
    nullable = schema.get("nullable", False)
    schema = resolve(spec, schema)
    part, or_null = only_part(schema)
    inner = plain(spec, part) if part else schema
    return {**inner, "nullable": nullable or or_null or inner.get("nullable", False)}


def media_type(text):
    return text.split(";")[0].strip()


def kind_of(schema):
    return " ".join(filter(None, (schema.get("type"), schema.get("format")))) or "anything"


def reduce(value):
    """The contract without texts and without errors."""
    if isinstance(value, list):
        return [reduce(item) for item in value]
    if not isinstance(value, dict):
        return value
    kept = {}
    for key, inner in value.items():
        # A property may have the name of a text, and is none.
        if key in TEXT and not (isinstance(inner, dict) and ("type" in inner or "$ref" in inner or "oneOf" in inner)):
            continue
        if key == "responses" and all(name.isdigit() for name in inner):
            inner = {name: one for name, one in inner.items() if name.startswith("2")}
        kept[key] = reduce(inner)
    return kept


def main(arguments):
    if arguments == ["--reduce"]:
        json.dump(reduce(json.load(sys.stdin)), sys.stdout, indent=1, sort_keys=True)
        sys.stdout.write("\n")
        return 0
    old, new = (json.load(open(path, encoding="utf-8")) for path in arguments)
    found = breaks(old, new)
    print("".join(f"{line}\n" for line in found), end="", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""That each kind of break is found, and that what breaks nobody is not one."""

import copy
import unittest

from breaks import breaks, reduce

THING = {
    "type": "object",
    "required": ["id", "state"],
    "properties": {
        "id": {"type": "string", "format": "uuid"},
        "state": {"type": "string", "enum": ["on", "off"]},
        # Named like parts of the contract itself.
        "description": {"type": "string", "nullable": True},
        "responses": {"type": "integer"},
        "parent": {"oneOf": [{"$ref": "#/components/schemas/Thing"}, {"type": "string", "nullable": True, "enum": [None]}]},
    },
}
CONTRACT = {
    "info": {"description": "Things."},
    "paths": {
        "/things/{id}": {
            "patch": {
                "summary": "Changes a thing",
                "parameters": [
                    {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}},
                    {"$ref": "#/components/parameters/IfMatch"},
                ],
                "requestBody": {"required": True, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Change"}}}},
                "responses": {
                    "200": {
                        "description": "The thing.",
                        "headers": {"ETag": {"schema": {"type": "string"}}},
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}},
                    },
                    "404": {"description": "None."},
                },
            }
        }
    },
    "components": {
        "parameters": {"IfMatch": {"name": "If-Match", "in": "header", "schema": {"type": "string"}}},
        "schemas": {
            "Thing": THING,
            "Change": {"type": "object", "properties": {"state": {"type": "string", "enum": ["on", "off"]}}},
        },
    },
}


class Breaks(unittest.TestCase):
    def setUp(self):
        self.new = copy.deepcopy(CONTRACT)
        self.operation = self.new["paths"]["/things/{id}"]["patch"]
        self.thing = self.new["components"]["schemas"]["Thing"]
        self.change = self.new["components"]["schemas"]["Change"]

    def found(self):
        return breaks(CONTRACT, self.new)

    def assertBreak(self, text):
        found = self.found()
        self.assertEqual(len(found), 1, found)
        self.assertIn(text, found[0])

    def test_the_same_contract_breaks_nothing(self):
        self.assertEqual(self.found(), [])

    def test_an_operation_that_is_gone(self):
        del self.new["paths"]["/things/{id}"]["patch"]
        self.assertBreak("PATCH /things/{id}: the operation is gone")

    def test_a_parameter_that_is_gone(self):
        self.operation["parameters"].pop()
        self.assertBreak("header parameter if-match is gone")

    def test_a_parameter_that_is_new_and_required(self):
        self.operation["parameters"].append({"name": "q", "in": "query", "required": True, "schema": {}})
        self.assertBreak("query parameter q is new and required")

    def test_a_parameter_of_another_type(self):
        self.operation["parameters"][0]["schema"] = {"type": "integer"}
        self.assertBreak("is integer and was string")

    def test_a_field_of_an_answer_that_is_gone(self):
        del self.thing["properties"]["description"]
        self.assertBreak("field description is gone")

    def test_a_field_of_an_answer_that_may_be_missing(self):
        self.thing["required"].remove("id")
        self.assertBreak("field id may now be missing")

    def test_a_field_of_an_answer_that_may_be_null(self):
        self.thing["properties"]["id"]["nullable"] = True
        self.assertBreak(".id: may now be null")

    def test_a_field_of_a_body_that_is_gone(self):
        del self.change["properties"]["state"]
        self.assertBreak("body: field state is gone")

    def test_a_field_of_a_body_that_is_required(self):
        self.change["required"] = ["state"]
        self.assertBreak("body: field state is now required")

    def test_an_enum_value_that_is_gone(self):
        self.thing["properties"]["state"]["enum"].remove("off")
        self.assertBreak("the value off is gone")

    def test_an_answer_that_is_gone(self):
        self.operation["responses"]["201"] = self.operation["responses"].pop("200")
        self.assertBreak("200 is gone")

    def test_a_header_that_is_gone(self):
        del self.operation["responses"]["200"]["headers"]
        self.assertBreak("header ETag is gone")

    def test_what_is_new_and_optional_breaks_nothing(self):
        self.operation["parameters"].append({"name": "q", "in": "query", "schema": {}})
        self.operation["responses"]["202"] = {"description": "Later."}
        self.thing["properties"]["name"] = {"type": "string"}
        self.thing["properties"]["state"]["enum"].append("broken")
        self.change["properties"]["name"] = {"type": "string"}
        self.new["paths"]["/others"] = {"get": {"responses": {}}}
        self.assertEqual(self.found(), [])

    def test_what_is_written_otherwise_breaks_nothing(self):
        schemas = self.new["components"]["schemas"]
        schemas["Renamed"] = schemas.pop("Thing")
        target = {"$ref": "#/components/schemas/Renamed"}
        self.thing["properties"]["parent"] = {"allOf": [target], "nullable": True}
        content = self.operation["responses"]["200"]["content"]
        content["application/json; charset=utf-8"] = {"schema": target}
        del content["application/json"]
        self.new["components"]["parameters"]["IfMatch"]["name"] = "IF-MATCH"
        self.assertEqual(self.found(), [])

    def test_the_reduced_contract_finds_the_same(self):
        reduced = reduce(CONTRACT)
        self.assertNotIn("summary", reduced["paths"]["/things/{id}"]["patch"])
        self.assertEqual(reduced["components"]["schemas"]["Thing"], THING)
        self.assertEqual(breaks(reduced, self.new), [])
        del self.thing["properties"]["description"]
        self.assertEqual(len(breaks(reduced, self.new)), 1)


if __name__ == "__main__":
    unittest.main()

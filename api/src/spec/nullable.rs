//! Marks optional fields as nullable, in requests and responses; the generator does not.

use serde_json::{Map, Value, json};

pub(super) fn apply(spec: &mut Value) {
    let schemas = spec.pointer_mut("/components/schemas");
    for schema in schemas.and_then(Value::as_object_mut).into_iter().flatten() {
        let required = required(schema.1);
        let properties = schema.1.get_mut("properties");
        if let Some(properties) = properties.and_then(Value::as_object_mut) {
            properties.values_mut().for_each(describe_once);
            allow_null(properties, &required);
        }
    }
}

fn required(schema: &Value) -> Vec<String> {
    let names = schema["required"].as_array().into_iter().flatten();
    names
        .filter_map(|name| name.as_str().map(str::to_owned))
        .collect()
}

/// The generator writes a reference with a description as `allOf` with a second schema for the description. Client
/// generators fail on that, and the property has the description anyway.
fn describe_once(property: &mut Value) {
    if let Some(parts) = property.get_mut("allOf").and_then(Value::as_array_mut) {
        parts.retain(|part| {
            part.as_object()
                .is_none_or(|part| !part.keys().eq(["description"]))
        });
    }
}

fn allow_null(properties: &mut Map<String, Value>, required: &[String]) {
    for (name, property) in properties.iter_mut() {
        if required.contains(name) {
            continue;
        }
        match reference(property) {
            Some(target) => {
                let either = json!([{"$ref": target}, only_null()]);
                let fields = property.as_object_mut();
                if let Some(fields) = fields {
                    fields.retain(|field, _| field == "description");
                    fields.insert("oneOf".to_owned(), either);
                }
            }
            // A schema without a type allows null anyway.
            None if property.get("type").is_none() => {}
            None => property["nullable"] = json!(true),
        }
    }
}

/// The target of a property that is a reference, with or without a description.
fn reference(property: &Value) -> Option<String> {
    let target =
        property
            .get("$ref")
            .or_else(|| match property.get("allOf")?.as_array()?.as_slice() {
                [part] => part.get("$ref"),
                _ => None,
            });
    target?.as_str().map(str::to_owned)
}

/// The schema of null. In OpenAPI 3.0.3 `nullable` applies only to the type next to it, not to a reference.
fn only_null() -> Value {
    json!({"type": "string", "nullable": true, "enum": [null]})
}

#[cfg(test)]
mod tests {
    use super::*;

    fn property(property: Value, required: bool) -> Value {
        let required = if required { json!(["a"]) } else { json!([]) };
        let mut spec = json!({"components": {"schemas": {
            "S": {"properties": {"a": property}, "required": required},
        }}});
        apply(&mut spec);
        spec["components"]["schemas"]["S"]["properties"]["a"].take()
    }

    #[test]
    fn optional_fields_are_nullable() {
        let text = property(json!({"type": "string"}), false);
        assert_eq!(text, json!({"type": "string", "nullable": true}));
        let text = property(json!({"type": "string"}), true);
        assert_eq!(text, json!({"type": "string"}));
        let anything = property(json!({"description": "d"}), false);
        assert_eq!(anything, json!({"description": "d"}));
    }

    #[test]
    fn optional_references_are_one_of_two_schemas() {
        let either = json!([{"$ref": "#/x"}, {"type": "string", "nullable": true, "enum": [null]}]);
        let bare = property(json!({"$ref": "#/x"}), false);
        assert_eq!(bare, json!({"oneOf": either}));
        let described =
            json!({"allOf": [{"$ref": "#/x"}, {"description": "d"}], "description": "d"});
        let described = property(described, false);
        assert_eq!(described, json!({"oneOf": either, "description": "d"}));
    }

    #[test]
    fn required_references_keep_their_description() {
        let described =
            json!({"allOf": [{"$ref": "#/x"}, {"description": "d"}], "description": "d"});
        let described = property(described, true);
        assert_eq!(
            described,
            json!({"allOf": [{"$ref": "#/x"}], "description": "d"})
        );
    }
}

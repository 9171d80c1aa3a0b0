//! Readable schema names: a page of conversations is a `ConversationList`.

use serde_json::{Map, Value};

/// The prefix that the generator puts before the name of the items.
const PREFIX: &str = "List_";
const SCHEMAS: &str = "#/components/schemas/";

pub(super) fn apply(spec: &mut Value) {
    rename_references(spec);
    let schemas = spec.pointer_mut("/components/schemas");
    let Some(schemas) = schemas.and_then(Value::as_object_mut) else {
        return;
    };
    let before = std::mem::take(schemas);
    *schemas = before.into_iter().map(rename_schema).collect::<Map<_, _>>();
}

fn rename_schema((name, mut schema): (String, Value)) -> (String, Value) {
    let Some(items) = name.strip_prefix(PREFIX) else {
        return (name, schema);
    };
    schema["description"] = format!("A page of {}.", plural(items)).into();
    if let Some(schema) = schema.as_object_mut() {
        schema.remove("title");
    }
    (list_name(items), schema)
}

fn rename_references(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            if let Some(Value::String(target)) = fields.get_mut("$ref")
                && let Some(items) = target
                    .strip_prefix(SCHEMAS)
                    .and_then(|name| name.strip_prefix(PREFIX))
            {
                *target = format!("{SCHEMAS}{}", list_name(items));
            }
            fields.values_mut().for_each(rename_references);
        }
        Value::Array(items) => items.iter_mut().for_each(rename_references),
        _ => {}
    }
}

fn list_name(items: &str) -> String {
    format!("{items}List")
}

/// `KnowledgeBase` as `knowledge bases`.
fn plural(name: &str) -> String {
    let mut words = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.extend(letter.to_lowercase());
    }
    words + "s"
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lists_are_renamed_in_definitions_and_references() {
        let mut spec = json!({
            "paths": [{"$ref": "#/components/schemas/List_KnowledgeBase"}],
            "components": {"schemas": {
                "List_KnowledgeBase": {"description": "A page of a list.", "title": "List_KnowledgeBase"},
                "KnowledgeBase": {},
            }},
        });
        apply(&mut spec);
        let wanted = json!({
            "paths": [{"$ref": "#/components/schemas/KnowledgeBaseList"}],
            "components": {"schemas": {
                "KnowledgeBaseList": {"description": "A page of knowledge bases."},
                "KnowledgeBase": {},
            }},
        });
        assert_eq!(spec, wanted);
    }

    #[test]
    fn no_schema_has_an_underscore_or_is_lost() {
        let generated: Value = serde_json::from_str(&super::super::service().spec()).unwrap();
        let contract = super::super::contract();
        let schemas = |spec: &Value| spec["components"]["schemas"].as_object().unwrap().clone();
        assert_eq!(schemas(&generated).len(), schemas(&contract).len());
        for name in schemas(&contract).keys() {
            assert!(!name.contains('_'), "{name}");
        }
    }
}

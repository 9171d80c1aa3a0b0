//! The committed schemas match the code, and events have free text only in sealed fields.

use std::path::PathBuf;

use domain::Event;
use serde_json::Value;

/// Text fields that are deliberately not sealed: names of models and addresses of providers are not personal.
const UNSEALED_FIELDS: &[&str] = &[
    "media_type",
    "model",
    "models",
    "default_model",
    "favorite_models",
    "left_out",
    "event_type",
    "slug",
    "base_url",
];

#[test]
fn the_committed_schemas_match_the_code() {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/schemas"));
    for (name, schema) in Event::schemas() {
        let path = folder.join(format!("{name}.json"));
        if std::env::var_os("WRITE_SCHEMAS").is_some() {
            let text = serde_json::to_string_pretty(&schema).unwrap();
            std::fs::write(&path, text + "\n").unwrap();
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        let committed: Value = serde_json::from_str(&committed).unwrap_or_default();
        assert_eq!(
            committed, schema,
            "{name}: run `make schemas` and review the changes; logs contain the old format"
        );
    }
}

#[test]
fn free_text_is_sealed_or_explicitly_allowed() {
    for (name, schema) in Event::schemas() {
        let mut unsealed = find_text_fields(&schema);
        unsealed.retain(|field| !UNSEALED_FIELDS.contains(&field.as_str()));
        assert_eq!(
            unsealed,
            Vec::<String>::new(),
            "{name}: seal them with `Personal`, use an enum, or add what is not personal to UNSEALED_FIELDS"
        );
    }
    // The search finds an unsealed field.
    let title = serde_json::json!({"properties": {"title": {"type": ["string", "null"]}}});
    assert_eq!(find_text_fields(&title), ["title"]);
}

/// The names of fields of type string that are not ids, enums or sealed.
fn find_text_fields(schema: &Value) -> Vec<String> {
    let mut found = Vec::new();
    collect_text_fields(schema, "", &mut found);
    found
}

fn collect_text_fields(schema: &Value, field: &str, found: &mut Vec<String>) {
    let Some(object) = schema.as_object() else {
        return;
    };
    let is_text = match &object.get("type") {
        Some(Value::String(kind)) => kind == "string",
        Some(Value::Array(kinds)) => kinds.contains(&Value::from("string")),
        _ => false,
    };
    let is_restricted = ["format", "enum", "const"]
        .iter()
        .any(|word| object.contains_key(*word));
    if is_text && !is_restricted {
        found.push(field.to_owned());
    }
    for (word, inner) in object {
        match (word.as_str(), inner) {
            // Sealed content may contain anything.
            ("x-sealed", _) => {}
            // Types that occur only inside sealed fields are skipped.
            ("$defs", Value::Object(types)) => {
                for (name, inner) in types {
                    if !SEALED_TYPES.contains(&name.as_str()) {
                        collect_text_fields(inner, field, found);
                    }
                }
            }
            ("properties", Value::Object(fields)) => {
                for (name, inner) in fields {
                    collect_text_fields(inner, name, found);
                }
            }
            (_, Value::Array(items)) => {
                for inner in items {
                    collect_text_fields(inner, field, found);
                }
            }
            (_, inner) => collect_text_fields(inner, field, found),
        }
    }
}

/// Types that occur only inside sealed fields.
const SEALED_TYPES: &[&str] = &[
    "Answer",
    "AnswerPart",
    "Citation",
    "Passage",
    "PassageVector",
    "Vector",
];

//! The committed schemas are those of the code, and no free text stands in an event outside a sealed field.

use std::path::PathBuf;

use domain::assistant::AssistantEvent;
use domain::conversation::ConversationEvent;
use domain::document::DocumentEvent;
use domain::file::FileEvent;
use domain::group::GroupEvent;
use domain::installation::InstallationEvent;
use domain::knowledge::KnowledgeEvent;
use domain::provider::ProviderEvent;
use domain::response::ResponseEvent;
use domain::user::UserEvent;
use schemars::schema_for;
use serde_json::Value;

/// Text fields that are clear on purpose: names of models and addresses of providers are no text about people.
const CLEAR: &[&str] = &[
    "media_type",
    "model",
    "models",
    "left_out",
    "event_type",
    "slug",
    "base_url",
    "media_type",
];

fn all() -> Vec<(&'static str, Value)> {
    vec![
        ("assistant", schema_for!(AssistantEvent).to_value()),
        ("conversation", schema_for!(ConversationEvent).to_value()),
        ("provider", schema_for!(ProviderEvent).to_value()),
        ("file", schema_for!(FileEvent).to_value()),
        ("knowledge_base", schema_for!(KnowledgeEvent).to_value()),
        ("group", schema_for!(GroupEvent).to_value()),
        ("installation", schema_for!(InstallationEvent).to_value()),
        ("document", schema_for!(DocumentEvent).to_value()),
        ("response", schema_for!(ResponseEvent).to_value()),
        ("user", schema_for!(UserEvent).to_value()),
    ]
}

#[test]
fn the_committed_schemas_are_those_of_the_code() {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/schemas"));
    for (name, schema) in all() {
        let path = folder.join(format!("{name}.json"));
        if std::env::var_os("WRITE_SCHEMAS").is_some() {
            let text = serde_json::to_string_pretty(&schema).unwrap();
            std::fs::write(&path, text + "\n").unwrap();
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        let committed: Value = serde_json::from_str(&committed).unwrap_or_default();
        assert_eq!(
            committed, schema,
            "{name}: run `make schemas` and look at what changed: logs hold the old form"
        );
    }
}

#[test]
fn free_text_is_sealed_or_on_the_short_list_of_clear_fields() {
    for (name, schema) in all() {
        let mut open = Vec::new();
        look(&schema, "", &mut open);
        open.retain(|field| !CLEAR.contains(&field.as_str()));
        assert_eq!(open, Vec::<String>::new(), "{name}: text that nobody seals");
    }
    // The look does find them: without its seal a title would stand in the clear.
    let mut open = Vec::new();
    look(
        &serde_json::json!({"properties": {"title": {"type": ["string", "null"]}}}),
        "",
        &mut open,
    );
    assert_eq!(open, ["title"]);
}

/// Fields of type string that are neither ids, nor of a closed set, nor sealed.
fn look(schema: &Value, field: &str, open: &mut Vec<String>) {
    let Some(object) = schema.as_object() else {
        return;
    };
    let text = match &object.get("type") {
        Some(Value::String(kind)) => kind == "string",
        Some(Value::Array(kinds)) => kinds.contains(&Value::from("string")),
        _ => false,
    };
    let closed = ["format", "enum", "const"]
        .iter()
        .any(|word| object.contains_key(*word));
    if text && !closed {
        open.push(field.to_owned());
    }
    for (word, inner) in object {
        match (word.as_str(), inner) {
            // What is sealed may be anything.
            ("x-sealed", _) => {}
            // Reached through a sealed field alone, or looked at where they are used in the clear.
            ("$defs", Value::Object(types)) => {
                for (name, inner) in types {
                    if !SEALED_TYPES.contains(&name.as_str()) {
                        look(inner, field, open);
                    }
                }
            }
            ("properties", Value::Object(fields)) => {
                for (name, inner) in fields {
                    look(inner, name, open);
                }
            }
            (_, Value::Array(items)) => {
                for inner in items {
                    look(inner, field, open);
                }
            }
            (_, inner) => look(inner, field, open),
        }
    }
}

/// Types that only ever stand inside a sealed field.
const SEALED_TYPES: &[&str] = &[
    "Answer", "Part", "Citation", "Passage", "Embedded", "Vector",
];

//! Removes noise: default values, titles that repeat a name, line breaks of comments.

use serde_json::{Map, Value};

pub(super) fn apply(spec: &mut Value) {
    tidy(spec);
    let schemas = spec.pointer_mut("/components/schemas");
    for (name, schema) in schemas.and_then(Value::as_object_mut).into_iter().flatten() {
        if let Some(schema) = schema.as_object_mut()
            && schema.get("title").is_some_and(|title| title == name)
        {
            schema.remove("title");
        }
    }
}

fn tidy(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            tidy_fields(fields);
            fields.values_mut().for_each(tidy);
        }
        Value::Array(items) => items.iter_mut().for_each(tidy),
        _ => {}
    }
}

fn tidy_fields(fields: &mut Map<String, Value>) {
    for (field, default) in [("deprecated", false), ("explode", true)] {
        if fields.get(field) == Some(&Value::Bool(default)) {
            fields.remove(field);
        }
    }
    // JSON is always UTF-8 (RFC 8259).
    if let Some(content) = fields.remove("application/json; charset=utf-8") {
        fields.insert("application/json".to_owned(), content);
    }
    if let Some(Value::String(text)) = fields.get_mut("description") {
        *text = join_lines(text);
    }
    if let Some(Value::String(text)) = fields.get_mut("summary") {
        *text = join_lines(text);
        if text.ends_with('.') {
            text.pop();
        }
    }
}

fn join_lines(text: &str) -> String {
    let paragraphs = text.split("\n\n").map(|paragraph| {
        let words: Vec<_> = paragraph.split_whitespace().collect();
        words.join(" ")
    });
    paragraphs.collect::<Vec<_>>().join("\n\n")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn defaults_and_repetitions_are_removed() {
        let mut spec = json!({
            "summary": "Reads\nit.",
            "description": "One\nparagraph.\n\nAnother.",
            "parameter": {"deprecated": false, "explode": true, "name": "q"},
            "content": {"application/json; charset=utf-8": {"schema": {"deprecated": true}}},
            "components": {"schemas": {"A": {"title": "A"}, "B": {"title": "Bee"}}},
        });
        apply(&mut spec);
        let wanted = json!({
            "summary": "Reads it",
            "description": "One paragraph.\n\nAnother.",
            "parameter": {"name": "q"},
            "content": {"application/json": {"schema": {"deprecated": true}}},
            "components": {"schemas": {"A": {}, "B": {"title": "Bee"}}},
        });
        assert_eq!(spec, wanted);
    }

    #[test]
    fn properties_named_like_document_fields_are_kept() {
        let schema = json!({"properties": {"description": {"type": "string"}, "explode": {}}});
        let mut tidied = schema.clone();
        tidy(&mut tidied);
        assert_eq!(tidied, schema);
    }
}

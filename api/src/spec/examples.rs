//! Examples of bodies and responses, recorded from a running server (`WRITE_EXAMPLES=1`, see `api/tests/it/examples`).

use serde_json::Value;

use super::operations;

const RECORDED: &str = include_str!("../../../openapi/examples.json");
const JSON: &str = "application/json";
const STREAM: &str = "text/event-stream";
const FORM: &str = "multipart/form-data";

pub(super) fn apply(spec: &mut Value) {
    let recorded: Value = serde_json::from_str(RECORDED).unwrap_or_default();
    add_examples(spec, &recorded);
}

fn add_examples(spec: &mut Value, recorded: &Value) {
    for mut operation in operations(spec) {
        let examples = &recorded[operation.id()];
        if let Some(body) = operation.fields.get_mut("requestBody") {
            add_example(body, JSON, &examples["request"]);
            add_example(body, FORM, &examples["form"]);
        }
        for (status, response) in operation.responses() {
            add_example(response, JSON, &examples[status.as_str()]);
            add_example(response, STREAM, &examples["frames"]);
        }
    }
}

fn add_example(message: &mut Value, media_type: &str, example: &Value) {
    let content = message
        .get_mut("content")
        .and_then(|content| content.get_mut(media_type));
    if let Some(content) = content
        && !example.is_null()
    {
        content["example"] = example.clone();
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn examples_are_added_next_to_their_schemas() {
        let content = json!({"content": {JSON: {"schema": {}}}});
        let mut spec = json!({"paths": {"/a": {"post": {
            "operationId": "a", "requestBody": content, "responses": {"200": content, "204": {}},
        }, "put": {
            "operationId": "b", "requestBody": {"content": {FORM: {}}}, "responses": {"200": {"content": {STREAM: {}}}},
        }}}});
        add_examples(
            &mut spec,
            &json!({
                "a": {"request": {"b": 1}, "200": {"c": 2}}, "b": {"form": {"file": "text"}, "frames": [1]},
            }),
        );
        let put = &spec["paths"]["/a"]["put"];
        assert_eq!(
            put["requestBody"]["content"][FORM]["example"],
            json!({"file": "text"})
        );
        assert_eq!(
            put["responses"]["200"]["content"][STREAM]["example"],
            json!([1])
        );
        let post = &spec["paths"]["/a"]["post"];
        assert_eq!(
            post["requestBody"]["content"][JSON]["example"],
            json!({"b": 1})
        );
        assert_eq!(
            post["responses"]["200"]["content"][JSON]["example"],
            json!({"c": 2})
        );
        assert_eq!(post["responses"]["204"], json!({}));
    }
}

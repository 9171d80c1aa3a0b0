//! An example of each body and each answer: what a real server said, as it was recorded (`WRITE_EXAMPLES=1`, see
//! `api/tests/it/examples`).

use serde_json::Value;

use super::operations;

const RECORDED: &str = include_str!("../../../openapi/examples.json");
const JSON: &str = "application/json";

pub fn apply(spec: &mut Value) {
    let recorded: Value = serde_json::from_str(RECORDED).unwrap_or_default();
    show(spec, &recorded);
}

fn show(spec: &mut Value, recorded: &Value) {
    for mut operation in operations(spec) {
        let examples = &recorded[operation.id()];
        if let Some(body) = operation.fields.get_mut("requestBody") {
            put(body, &examples["request"]);
        }
        for (status, response) in operation.responses() {
            put(response, &examples[status.as_str()]);
        }
    }
}

fn put(message: &mut Value, example: &Value) {
    let content = message
        .get_mut("content")
        .and_then(|content| content.get_mut(JSON));
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
    fn an_example_stands_beside_its_schema() {
        let content = json!({"content": {JSON: {"schema": {}}}});
        let mut spec = json!({"paths": {"/a": {"post": {
            "operationId": "a", "requestBody": content, "responses": {"200": content, "204": {}},
        }}}});
        show(
            &mut spec,
            &json!({"a": {"request": {"b": 1}, "200": {"c": 2}}}),
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

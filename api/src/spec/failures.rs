//! Limits the errors of each operation to those that it can return: handlers declare all of them.

use serde_json::{Value, json};

use super::{Operation, operations};

/// Errors that do not follow from the shape of an operation.
const FURTHER: [(&str, &str); 4] = [
    ("getDocumentContent", "410"),
    ("getFileContent", "410"),
    ("getPrompt", "409"),
    ("setUp", "410"),
];

pub(super) fn apply(spec: &mut Value) {
    for mut operation in operations(spec) {
        let possible = possible(&mut operation);
        if let Some(Value::Object(responses)) = operation.fields.get_mut("responses") {
            responses.retain(|status, _| possible(status));
            for (status, response) in responses {
                describe(status, response);
            }
        }
    }
}

/// The statuses that an operation can return.
fn possible(operation: &mut Operation<'_>) -> impl Fn(&str) -> bool + use<> {
    let id = operation.id().to_owned();
    let (public, writes) = (operation.is_public(), operation.method != "get");
    let guarded = !public || writes;
    let body = operation.fields.contains_key("requestBody");
    let named = operation.path.contains('{') || body || id == "search";
    let has = |operation: &mut Operation<'_>, name: &str| {
        operation
            .parameters()
            .any(|parameter| parameter["name"] == name)
    };
    let (compares, ranged) = (has(operation, "If-Match"), has(operation, "Range"));
    move |status| {
        FURTHER.contains(&(id.as_str(), status))
            || match status {
                "401" | "403" => guarded,
                "404" => named,
                "408" | "413" | "415" => body,
                "409" => writes,
                "410" => false,
                "412" => compares,
                "416" => ranged,
                _ => true,
            }
    }
}

fn describe(status: &str, response: &mut Value) {
    let header = match status {
        "401" => ("WWW-Authenticate", "Always `Bearer`.", "string"),
        "429" | "503" => (
            "Retry-After",
            "The number of seconds after which to retry.",
            "integer",
        ),
        _ => return,
    };
    let (name, text, kind) = header;
    response["headers"][name] = json!({"description": text, "schema": {"type": kind}});
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statuses(path: &str, method: &str, operation: Value) -> Vec<String> {
        let mut operation = operation;
        for status in [
            "200", "400", "401", "404", "409", "410", "412", "413", "416", "429", "500",
        ] {
            operation["responses"][status] = json!({});
        }
        let mut spec = json!({"paths": {path: {method: operation}}});
        apply(&mut spec);
        let responses = spec["paths"][path][method]["responses"]
            .as_object()
            .unwrap();
        responses.keys().cloned().collect()
    }

    #[test]
    fn operations_declare_only_possible_errors() {
        let session = json!([{"access_token": []}]);
        let list = statuses("/things", "get", json!({"security": session}));
        assert_eq!(list, ["200", "400", "401", "429", "500"]);
        let change = json!({
            "security": session,
            "requestBody": {},
            "parameters": [{"name": "If-Match"}],
        });
        let change = statuses("/things/{id}", "patch", change);
        assert_eq!(
            change,
            [
                "200", "400", "401", "404", "409", "412", "413", "429", "500"
            ]
        );
        let content = json!({"operationId": "getFileContent", "parameters": [{"name": "Range"}]});
        let content = statuses("/files/{id}/content", "get", content);
        assert_eq!(content, ["200", "400", "404", "410", "416", "429", "500"]);
    }

    #[test]
    fn errors_that_can_be_retried_have_retry_after() {
        let mut busy = json!({"description": "Too many."});
        describe("429", &mut busy);
        assert_eq!(busy["headers"]["Retry-After"]["schema"]["type"], "integer");
    }
}

//! Document-level fields: the OpenAPI version, the server, and operations that need no session.

use serde_json::{Value, json};

use super::operations;

pub(super) fn apply(spec: &mut Value) {
    // The last 3.0 version, which all generators support; it defines `nullable` precisely.
    spec["openapi"] = json!("3.0.3");
    spec["servers"] = json!([{"url": "/", "description": "The server that serves this document."}]);
    for operation in operations(spec) {
        // An empty list says explicitly that no session is needed.
        operation
            .fields
            .entry("security")
            .or_insert_with(|| json!([]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_without_a_session_have_empty_security() {
        let mut spec = json!({"paths": {"/a": {
            "get": {"security": [{"access_token": []}]},
            "post": {},
        }}});
        apply(&mut spec);
        let path = &spec["paths"]["/a"];
        assert_eq!(path["get"]["security"], json!([{"access_token": []}]));
        assert_eq!(path["post"]["security"], json!([]));
    }
}

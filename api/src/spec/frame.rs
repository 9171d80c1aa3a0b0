//! What holds for the whole document: its version, where it is served, and which operations need no session.

use serde_json::{Value, json};

use super::operations;

pub fn apply(spec: &mut Value) {
    // The last of the 3.0 line, which all generators read; it says what `nullable` means.
    spec["openapi"] = json!("3.0.3");
    spec["servers"] =
        json!([{"url": "/", "description": "The server that this document comes from."}]);
    for operation in operations(spec) {
        // Nothing said would leave it open whether it was forgotten.
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
    fn an_operation_that_needs_no_session_says_so() {
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

//! The examples of the contract, recorded from a running server, with constant ids and times. `WRITE_EXAMPLES=1` writes
//! them to openapi/examples.json.

mod normalizer;
mod recorder;
mod story;

use std::path::Path;

use serde_json::Value;

pub use self::recorder::{Call, Recorder};
use crate::conformance::{check_schema, contract, resolve};

/// The id of an object.
pub fn id(value: &Value) -> String {
    value["id"].as_str().unwrap().to_owned()
}

const FILE: &str = "../openapi/examples.json";

fn committed() -> Value {
    serde_json::from_str(include_str!("../../../../openapi/examples.json")).unwrap()
}

/// The bodies of an operation that need an example, all but downloads: JSON by `request` or status, uploads as `form`,
/// and streams as `frames`.
fn expected_parts(operation: &'static Value) -> Vec<(&'static str, &'static Value)> {
    let schema = |of: &'static Value, media_type: &str| {
        let content = of["content"].get(media_type);
        content.map(|content| &content["schema"])
    };
    let body = &operation["requestBody"];
    let json = schema(body, "application/json").map(|schema| ("request", schema));
    let form = schema(body, "multipart/form-data").map(|schema| ("form", schema));
    let mut parts: Vec<_> = json.into_iter().chain(form).collect();
    for (status, answer) in operation["responses"].as_object().unwrap() {
        let answer = resolve(answer);
        if status.starts_with('2') {
            let json = schema(answer, "application/json").map(|schema| (status.as_str(), schema));
            let frames = schema(answer, "text/event-stream").map(|schema| ("frames", schema));
            parts.extend(json.into_iter().chain(frames));
        }
    }
    parts
}

fn operations() -> impl Iterator<Item = (&'static str, &'static Value)> {
    let paths = contract()["paths"].as_object().unwrap();
    let operations = paths
        .values()
        .flat_map(|methods| methods.as_object().unwrap().values());
    operations.map(|operation| (operation["operationId"].as_str().unwrap(), operation))
}

/// Missing, invalid and unknown examples.
fn find_errors(examples: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    let mut left = examples.as_object().unwrap().clone();
    for (name, operation) in operations() {
        let mut found = left.remove(name).unwrap_or_default();
        for (part, schema) in expected_parts(operation) {
            match found.as_object_mut().and_then(|found| found.remove(part)) {
                None => faults.push(format!("{name} {part} has no example")),
                Some(example) => {
                    let fault = check_schema(schema, &example, "").err();
                    faults.extend(fault.map(|fault| format!("{name} {part}{fault}")));
                }
            }
        }
        let more = found.as_object().into_iter().flat_map(|found| found.keys());
        faults.extend(more.map(|part| format!("{name} has no {part}")));
    }
    faults.extend(left.keys().map(|name| format!("there is no {name}")));
    faults
}

#[test]
fn every_operation_has_valid_examples() {
    assert_eq!(
        find_errors(&committed()),
        [""; 0],
        "call the operations in `record` of their feature and run `make examples`"
    );
}

#[test]
fn missing_and_invalid_examples_are_reported() {
    let mut examples = committed();
    let known = find_errors(&examples);
    examples["getMe"]["200"]["role"] = "king".into();
    examples["getMe"]["201"] = "?".into();
    examples["login"].as_object_mut().unwrap().remove("request");
    examples["fly"] = "?".into();
    let wanted = [
        "login request has no example",
        "getMe 200/role: is not an allowed value",
        "getMe has no 201",
        "there is no fly",
    ];
    let mut found = find_errors(&examples);
    found.retain(|error| !known.contains(error));
    assert_eq!(found, wanted);
}

#[test]
fn the_contract_contains_the_examples() {
    let shown = &contract()["paths"]["/api/v1/users/me"]["get"]["responses"]["200"];
    let shown = &shown["content"]["application/json"]["example"];
    assert_eq!(shown, &committed()["getMe"]["200"]);
}

/// Runs the whole scenario, so that it stays valid, and writes the examples if requested.
#[tokio::test(flavor = "multi_thread")]
async fn the_recorded_examples_match_the_contract() {
    let recorded = story::record().await;
    assert_eq!(find_errors(&recorded), [""; 0]);
    if std::env::var_os("WRITE_EXAMPLES").is_some() {
        let text = serde_json::to_string_pretty(&recorded).unwrap() + "\n";
        std::fs::write(Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE), text).unwrap();
    }
}

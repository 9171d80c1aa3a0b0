//! The examples of the contract: what clients and a real server said to each other, with ids and times that stay.
//! `WRITE_EXAMPLES=1` records them into openapi/examples.json.

mod recorder;
mod steady;
mod story;

use std::path::Path;

use serde_json::Value;

use crate::conformance::{contract, fit, resolve};

const FILE: &str = "../openapi/examples.json";

fn committed() -> Value {
    serde_json::from_str(include_str!("../../../../openapi/examples.json")).unwrap()
}

/// What an operation takes and gives as JSON, by `request` or the status: each has an example.
fn shapes(operation: &'static Value) -> Vec<(&'static str, &'static Value)> {
    let schema = |of: &'static Value| {
        let json = of["content"].get("application/json");
        json.map(|content| &content["schema"])
    };
    let body = schema(&operation["requestBody"]).map(|schema| ("request", schema));
    let answers = operation["responses"].as_object().unwrap().iter();
    let answers = answers.filter(|(status, _)| status.starts_with('2'));
    let answers =
        answers.filter_map(|(status, answer)| Some((status.as_str(), schema(resolve(answer))?)));
    body.into_iter().chain(answers).collect()
}

fn operations() -> impl Iterator<Item = (&'static str, &'static Value)> {
    let paths = contract()["paths"].as_object().unwrap();
    let operations = paths
        .values()
        .flat_map(|methods| methods.as_object().unwrap().values());
    operations.map(|operation| (operation["operationId"].as_str().unwrap(), operation))
}

/// The faults of a set of examples.
fn faults(examples: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    let mut left = examples.as_object().unwrap().clone();
    for (name, operation) in operations() {
        let mut found = left.remove(name).unwrap_or_default();
        for (part, schema) in shapes(operation) {
            match found.as_object_mut().and_then(|found| found.remove(part)) {
                None => faults.push(format!("{name} {part} has no example")),
                Some(example) => {
                    let fault = fit(schema, &example, "").err();
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
fn every_operation_has_examples_that_fit_the_contract() {
    assert_eq!(
        faults(&committed()),
        [""; 0],
        "WRITE_EXAMPLES=1 records them"
    );
}

#[test]
fn an_example_that_is_missing_or_does_not_fit_is_noticed() {
    let mut examples = committed();
    examples["getMe"]["200"]["role"] = "king".into();
    examples["getMe"]["201"] = "?".into();
    examples["login"].as_object_mut().unwrap().remove("request");
    examples["fly"] = "?".into();
    let wanted = [
        "login request has no example",
        "getMe 200/role: is none of the values",
        "getMe has no 201",
        "there is no fly",
    ];
    assert_eq!(faults(&examples), wanted);
}

#[test]
fn the_contract_shows_the_examples() {
    let shown = &contract()["paths"]["/api/v1/users/me"]["get"]["responses"]["200"];
    let shown = &shown["content"]["application/json"]["example"];
    assert_eq!(shown, &committed()["getMe"]["200"]);
}

/// The whole story, so that it cannot grow stale; its record is kept where that is asked for.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_in_the_examples_is_what_the_server_says() {
    let recorded = story::told().await;
    assert_eq!(faults(&recorded), [""; 0]);
    if std::env::var_os("WRITE_EXAMPLES").is_some() {
        let text = serde_json::to_string_pretty(&recorded).unwrap() + "\n";
        std::fs::write(Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE), text).unwrap();
    }
}

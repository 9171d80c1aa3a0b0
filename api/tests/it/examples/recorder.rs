//! Calls operations by name and records requests and responses.

use futures_util::StreamExt;
use reqwest::{Method, RequestBuilder};
use serde_json::{Map, Value, json};

use super::normalizer::Normalizer;
use crate::conformance::contract;
use crate::test_app::{Answer, TestApp, frames, send, upload};

/// Maximum number of list entries and frames in an example.
const SHOWN: usize = 1;

pub struct Recorder<'a> {
    app: &'a TestApp,
    /// By operation, then `request` or the status.
    found: Map<String, Value>,
}

/// How an operation is called.
#[derive(Default, Clone)]
pub struct Call<'a> {
    pub token: &'a str,
    /// The values of path parameters, in order.
    pub path: &'a [&'a str],
    pub query: &'a str,
}

impl<'a> Recorder<'a> {
    pub fn new(app: &'a TestApp) -> Self {
        let found = Map::new();
        Self { app, found }
    }

    /// Calls an operation without a body.
    pub async fn call(&mut self, name: &str, call: &Call<'_>) -> Value {
        let answer = send(self.request(name, call)).await;
        self.record(name, None, answer)
    }

    pub async fn call_with_body(&mut self, name: &str, call: &Call<'_>, body: Value) -> Value {
        let answer = send(self.request(name, call).json(&body)).await;
        self.record(name, Some(body), answer)
    }

    pub async fn upload(
        &mut self,
        name: &str,
        call: &Call<'_>,
        (file, text): (&str, &str),
    ) -> Value {
        let answer = send(upload(self.request(name, call), file, text.as_bytes())).await;
        let body = self.record(name, None, answer);
        let parts = self.found[name].as_object_mut().unwrap();
        parts.entry("form").or_insert(json!({"file": text}));
        body
    }

    /// Records the first frames of a stream.
    pub async fn stream(&mut self, name: &str, call: &Call<'_>) {
        let request = self
            .request(name, call)
            .header("Accept", "text/event-stream");
        let frames = frames(request).await.map(|frame| {
            let mut shown = json!({"type": frame.kind, "data": frame.data});
            if !frame.id.is_empty() {
                shown["id"] = frame.id.into();
            }
            shorten(&mut shown);
            shown
        });
        let shown: Vec<Value> = frames.take(SHOWN).collect().await;
        let entry = self.found.entry(name).or_insert_with(|| Map::new().into());
        entry["frames"] = shown.into();
    }

    /// Calls an operation that may fail; records it only if it succeeds.
    pub async fn try_call(&mut self, name: &str, call: &Call<'_>) -> bool {
        let answer = send(self.request(name, call)).await;
        let succeeded = answer.status.is_success();
        if succeeded {
            self.record(name, None, answer);
        }
        succeeded
    }

    fn request(&self, name: &str, call: &Call<'_>) -> RequestBuilder {
        let (path, method) = find_operation(name);
        let mut parts = call.path.iter();
        let filled: Vec<_> = path
            .split('/')
            .map(|part| match part.starts_with('{') {
                true => *parts.next().unwrap(),
                false => part,
            })
            .collect();
        let request = self
            .app
            .request(method, &format!("{}{}", filled.join("/"), call.query));
        match call.token {
            "" => request,
            token => request.bearer_auth(token),
        }
    }

    fn record(&mut self, name: &str, body: Option<Value>, answer: Answer) -> Value {
        assert!(answer.status.is_success(), "{name}: {answer:?}");
        let entry = self.found.entry(name).or_insert_with(|| Map::new().into());
        if let Some(body) = body {
            entry["request"] = body;
        }
        if !answer.body.is_null() {
            let mut shown = answer.body.clone();
            shorten(&mut shown);
            entry[answer.status.as_str()] = shown;
        }
        answer.body
    }

    /// All examples, with constant ids and times.
    pub fn into_examples(self) -> Value {
        let mut examples = Value::Object(self.found);
        Normalizer::default().normalize(&mut examples);
        if let Some(examples) = examples.as_object_mut() {
            examples.retain(|_, parts| parts.as_object().is_some_and(|parts| !parts.is_empty()));
        }
        examples
    }
}

fn find_operation(name: &str) -> (&'static str, Method) {
    let paths = contract()["paths"].as_object().unwrap();
    for (path, methods) in paths {
        for (method, operation) in methods.as_object().unwrap() {
            if operation["operationId"] == name {
                return (path, method.to_uppercase().parse().unwrap());
            }
        }
    }
    panic!("there is no {name}")
}

fn shorten(value: &mut Value) {
    match value {
        Value::Array(items) => {
            items.truncate(SHOWN);
            items.iter_mut().for_each(shorten);
        }
        Value::Object(fields) => fields.values_mut().for_each(shorten),
        _ => {}
    }
}

//! Calls operations by name and records requests and responses.

use std::collections::HashMap;

use futures_util::StreamExt;
use reqwest::RequestBuilder;
use serde_json::{Map, Value, json};
use testing::provider::Provider;

use super::normalizer::Normalizer;
use crate::test_app::{Answer, TestApp, frames, send, upload};
use crate::walk::find_operation;

/// Maximum number of list entries and frames in an example.
const SHOWN: usize = 1;

/// Calls operations in a new installation, as an administrator and as a user.
pub struct Recorder<'a> {
    pub app: &'a TestApp,
    pub provider: &'a Provider,
    /// The access tokens of both, empty before they log in.
    pub admin: String,
    pub user: String,
    /// Objects that later features need.
    pub ids: HashMap<&'static str, String>,
    /// By operation, then `request` or the status.
    found: Map<String, Value>,
}

/// How an operation is called.
pub struct Call<'a> {
    token: String,
    /// The values of path parameters, in order.
    path: &'a [&'a str],
    query: &'a str,
}

impl<'a> Call<'a> {
    /// Without a session.
    pub fn anonymous() -> Self {
        Self::new("", &[])
    }

    fn new(token: &str, path: &'a [&'a str]) -> Self {
        Self {
            token: token.to_owned(),
            path,
            query: "",
        }
    }

    pub fn with_query(self, query: &'a str) -> Self {
        Self { query, ..self }
    }
}

impl<'a> Recorder<'a> {
    pub fn new(app: &'a TestApp, provider: &'a Provider) -> Self {
        Self {
            app,
            provider,
            admin: String::new(),
            user: String::new(),
            ids: HashMap::new(),
            found: Map::new(),
        }
    }

    pub fn admin<'b>(&self, path: &'b [&'b str]) -> Call<'b> {
        Call::new(&self.admin, path)
    }

    pub fn user<'b>(&self, path: &'b [&'b str]) -> Call<'b> {
        Call::new(&self.user, path)
    }

    /// Calls an operation without a body.
    pub async fn call(&mut self, name: &str, call: Call<'_>) -> Value {
        let answer = send(self.request(name, &call)).await;
        self.record(name, None, answer)
    }

    pub async fn call_with_body(&mut self, name: &str, call: Call<'_>, body: Value) -> Value {
        let answer = send(self.request(name, &call).json(&body)).await;
        self.record(name, Some(body), answer)
    }

    pub async fn upload(
        &mut self,
        name: &str,
        call: Call<'_>,
        (file, text): (&str, &str),
    ) -> Value {
        let answer = send(upload(self.request(name, &call), file, text.as_bytes())).await;
        let body = self.record(name, None, answer);
        let parts = self.found[name].as_object_mut().unwrap();
        parts.entry("form").or_insert(json!({"file": text}));
        body
    }

    /// Records the first frames of a stream.
    pub async fn stream(&mut self, name: &str, call: Call<'_>) {
        let request = self
            .request(name, &call)
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
    pub async fn try_call(&mut self, name: &str, call: Call<'_>) -> bool {
        let answer = send(self.request(name, &call)).await;
        let succeeded = answer.status.is_success();
        if succeeded {
            self.record(name, None, answer);
        }
        succeeded
    }

    /// Waits until a stream ends.
    pub async fn wait_for_end(&self, name: &str, call: Call<'_>) {
        let stream = self.request(name, &call).send().await.unwrap();
        stream.text().await.unwrap();
    }

    fn request(&self, name: &str, call: &Call<'_>) -> RequestBuilder {
        let operation = find_operation(name);
        let path = format!("/api/v1{}{}", operation.path(call.path), call.query);
        let request = self.app.request(operation.method, &path);
        match call.token.as_str() {
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

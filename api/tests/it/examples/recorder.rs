//! Asks operations by their names, and keeps what was said.

use reqwest::{Method, RequestBuilder};
use serde_json::{Map, Value};

use super::steady::Steady;
use crate::conformance::contract;
use crate::test_app::{Answer, TestApp, send, upload};

/// Entries of a list that an example shows.
const SHOWN: usize = 2;

pub struct Recorder<'a> {
    app: &'a TestApp,
    /// By operation, then `request` or the status.
    found: Map<String, Value>,
}

/// How an operation is asked.
#[derive(Default, Clone)]
pub struct Ask<'a> {
    pub token: &'a str,
    /// What stands in the path, in order.
    pub path: &'a [&'a str],
    pub query: &'a str,
}

impl<'a> Recorder<'a> {
    pub fn new(app: &'a TestApp) -> Self {
        let found = Map::new();
        Self { app, found }
    }

    /// An operation without a body.
    pub async fn ask(&mut self, name: &str, ask: &Ask<'_>) -> Value {
        let answer = send(self.request(name, ask)).await;
        self.keep(name, None, answer)
    }

    pub async fn tell(&mut self, name: &str, ask: &Ask<'_>, body: Value) -> Value {
        let answer = send(self.request(name, ask).json(&body)).await;
        self.keep(name, Some(body), answer)
    }

    pub async fn upload(&mut self, name: &str, ask: &Ask<'_>, (file, text): (&str, &str)) -> Value {
        let answer = send(upload(self.request(name, ask), file, text.as_bytes())).await;
        self.keep(name, None, answer)
    }

    /// The status of an operation that may be refused; kept where it is not.
    pub async fn try_ask(&mut self, name: &str, ask: &Ask<'_>) -> bool {
        let answer = send(self.request(name, ask)).await;
        let went_well = answer.status.is_success();
        if went_well {
            self.keep(name, None, answer);
        }
        went_well
    }

    fn request(&self, name: &str, ask: &Ask<'_>) -> RequestBuilder {
        let (path, method) = place(name);
        let mut parts = ask.path.iter();
        let filled: Vec<_> = path
            .split('/')
            .map(|part| match part.starts_with('{') {
                true => *parts.next().unwrap(),
                false => part,
            })
            .collect();
        let request = self
            .app
            .request(method, &format!("{}{}", filled.join("/"), ask.query));
        match ask.token {
            "" => request,
            token => request.bearer_auth(token),
        }
    }

    fn keep(&mut self, name: &str, body: Option<Value>, answer: Answer) -> Value {
        assert!(answer.status.is_success(), "{name}: {answer:?}");
        let kept = self.found.entry(name).or_insert_with(|| Map::new().into());
        if let Some(body) = body {
            kept["request"] = body;
        }
        if !answer.body.is_null() {
            let mut shown = answer.body.clone();
            shorten(&mut shown);
            kept[answer.status.as_str()] = shown;
        }
        answer.body
    }

    /// All of it, with ids and times that stay.
    pub fn into_examples(self) -> Value {
        let mut examples = Value::Object(self.found);
        Steady::default().make(&mut examples);
        if let Some(examples) = examples.as_object_mut() {
            examples.retain(|_, parts| parts.as_object().is_some_and(|parts| !parts.is_empty()));
        }
        examples
    }
}

fn place(name: &str) -> (&'static str, Method) {
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

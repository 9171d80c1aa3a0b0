//! What a request sends, and whether it may be repeated.

use std::time::Duration;

use bytes::Bytes;
use reqwest::Method;
use reqwest::header::{HeaderMap, HeaderValue};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use crate::error::Error;
use crate::upload::Upload;

/// When a request may be sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Repeat {
    /// After any transient failure: it reads, or has an idempotency key.
    Always,
    /// Only if the server certainly did not execute it.
    IfNotExecuted,
}

#[derive(Clone)]
pub(crate) enum Body {
    Empty,
    Json(Bytes),
    Upload(Upload),
}

/// A request that is not sent yet.
#[derive(Clone)]
pub(crate) struct Call {
    pub method: Method,
    /// Segments of the path, without the prefix of all operations.
    pub path: Vec<String>,
    pub query: Vec<(String, String)>,
    pub headers: HeaderMap,
    pub body: Body,
    pub repeat: Repeat,
    pub timeout: Option<Duration>,
    /// Why it cannot be sent.
    pub invalid: Option<String>,
}

/// Without the body, which may contain passwords and keys.
impl std::fmt::Debug for Call {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.method, self.path.join("/"))
    }
}

impl Call {
    fn new(method: Method, path: &[&str], repeat: Repeat) -> Self {
        Self {
            method,
            path: path.iter().map(|&segment| segment.to_owned()).collect(),
            query: Vec::new(),
            headers: HeaderMap::new(),
            body: Body::Empty,
            repeat,
            timeout: None,
            invalid: None,
        }
    }

    pub(crate) fn read(method: Method, path: &[&str]) -> Self {
        Self::new(method, path, Repeat::Always)
    }

    /// A write: all its attempts have the same key, so that it is executed once.
    pub(crate) fn write(method: Method, path: &[&str]) -> Self {
        #[expect(
            clippy::disallowed_methods,
            reason = "a client has no other process to agree with; keys must only differ"
        )]
        let key = Uuid::new_v4().to_string();
        Self::new(method, path, Repeat::Always).header("Idempotency-Key", &key)
    }

    /// A write that takes no idempotency key.
    pub(crate) fn once(method: Method, path: &[&str]) -> Self {
        Self::new(method, path, Repeat::IfNotExecuted)
    }

    pub(crate) fn json(mut self, body: &impl Serialize) -> Self {
        match serde_json::to_vec(body) {
            Ok(text) => self.body = Body::Json(text.into()),
            Err(error) => self.invalid = Some(format!("the body is not valid: {error}")),
        }
        self
    }

    pub(crate) fn upload(mut self, upload: Upload) -> Self {
        self.body = Body::Upload(upload);
        self
    }

    /// Adds the fields of a struct.
    pub(crate) fn query(mut self, query: &impl Serialize) -> Self {
        if let Ok(Value::Object(fields)) = serde_json::to_value(query) {
            self.query.extend(fields.into_iter().map(|(name, value)| {
                let value = value
                    .as_str()
                    .map_or_else(|| value.to_string(), str::to_owned);
                (name, value)
            }));
        }
        self
    }

    /// Sets a parameter of the query.
    pub(crate) fn parameter(&mut self, name: &str, value: &str) {
        self.query.retain(|(other, _)| other != name);
        self.query.push((name.to_owned(), value.to_owned()));
    }

    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        // Headers are bytes; reasons are UTF-8.
        match HeaderValue::from_bytes(value.as_bytes()) {
            Ok(value) => {
                self.headers.insert(name, value);
            }
            Err(_) => {
                self.invalid = Some(format!("the value of {name} contains control characters"));
            }
        }
        self
    }

    pub(crate) fn check(&self) -> Result<(), Error> {
        match &self.invalid {
            Some(reason) => Err(Error::Invalid(reason.clone())),
            None => Ok(()),
        }
    }
}

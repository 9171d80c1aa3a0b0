//! The operations of the contract.

use reqwest::{Method, RequestBuilder};
use serde_json::Value;
use uuid::Uuid;

use crate::cases::{Body, Case};
use crate::conformance::contract;

/// One operation of the contract.
pub struct Operation {
    pub name: String,
    pub method: Method,
    path: String,
    /// The example of its body.
    example: Option<Value>,
}

/// All operations of the contract.
pub fn operations() -> Vec<Operation> {
    let example = "/requestBody/content/application~1json/example";
    let mut found = Vec::new();
    for (path, methods) in contract()["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            found.push(Operation {
                name: operation["operationId"].as_str().unwrap().to_owned(),
                method: method.to_uppercase().parse().unwrap(),
                path: path.strip_prefix("/api/v1").unwrap().to_owned(),
                example: operation.pointer(example).cloned(),
            });
        }
    }
    found
}

pub fn find_operation(name: &str) -> Operation {
    let mut operations = operations().into_iter();
    let found = operations.find(|operation| operation.name == name);
    found.unwrap_or_else(|| panic!("there is no {name}"))
}

impl Operation {
    /// Whether the path names an object.
    pub fn names_object(&self) -> bool {
        self.path.contains('{')
    }

    /// The path with its parameters, in order.
    pub fn path(&self, parameters: &[&str]) -> String {
        let mut parameters = parameters.iter();
        let segments: Vec<_> = self
            .path
            .split('/')
            .map(|segment| match segment.starts_with('{') {
                true => *parameters.next().unwrap(),
                false => segment,
            })
            .collect();
        segments.join("/")
    }

    /// The request of a case; without one, the example of the contract on an object that does not exist.
    pub fn request(
        &self,
        case: Option<&Case<'_>>,
        ask: impl Fn(Method, &str) -> RequestBuilder,
    ) -> RequestBuilder {
        if let Some(case) = case {
            return case.request(ask(self.method.clone(), &case.path));
        }
        let nobody = Uuid::now_v7().to_string();
        let request = ask(self.method.clone(), &self.path(&[nobody.as_str(); 3]));
        match &self.example {
            Some(body) => request.json(body),
            None => request,
        }
    }

    /// A valid body, if the operation has one.
    pub fn json_body(&self, case: Option<&Case<'_>>) -> Option<Value> {
        match case {
            Some(case) => match &case.body {
                Body::Json(body) => Some(body.clone()),
                Body::Nothing | Body::File(..) => None,
            },
            None => self.example.clone(),
        }
    }
}

/// Sends a request and returns status and error, without fields that identify the request.
pub async fn try_request(request: RequestBuilder) -> (u16, Value) {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    if response.status().is_success() {
        return (status, Value::Null);
    }
    let mut body: Value = response.json().await.unwrap();
    for field in ["request_id", "instance"] {
        body.as_object_mut().unwrap().remove(field);
    }
    (status, body)
}

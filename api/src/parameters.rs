//! Refuses query parameters that an operation does not have: a typing error must not be silently ignored.

use std::collections::{HashMap, HashSet};

use poem::Request;
use poem::http::Method;
use serde_json::Value;

use crate::problem::Problem;
use crate::spec::{self, resolve};

/// The pattern of an operation's path, and its parameters.
type Operation = (String, HashSet<String>);

/// The parameters of each operation, by method and by how many parts its path has: every request asks.
#[derive(Debug)]
pub struct Parameters {
    known: HashMap<(Method, usize), Vec<Operation>>,
}

impl Parameters {
    /// Read from the contract itself. Paths in it are written `{id}`, in the router `:id`.
    pub fn of(spec: &Value) -> Self {
        let mut known = HashMap::<_, Vec<Operation>>::new();
        for (path, operations) in spec["paths"].as_object().into_iter().flatten() {
            let pattern = path.replace('{', ":").replace('}', "");
            for (method, operation) in operations.as_object().into_iter().flatten() {
                let Ok(method) = method.to_uppercase().parse::<Method>() else {
                    continue;
                };
                let names = operation["parameters"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .map(|parameter| resolve(spec, parameter))
                    .filter(|parameter| parameter["in"] == "query")
                    .filter_map(|parameter| parameter["name"].as_str())
                    .map(str::to_owned)
                    .collect();
                let place = (method, parts(&pattern));
                let operations = known.entry(place).or_default();
                operations.push((pattern.clone(), names));
            }
        }
        Self { known }
    }
}

/// Refuses a request with a query parameter that its operation does not have.
pub fn check(request: &Request) -> Result<(), Problem> {
    match request.uri().query() {
        Some(query) => spec::served().parameters.check(request, query),
        None => Ok(()),
    }
}

impl Parameters {
    fn check(&self, request: &Request, query: &str) -> Result<(), Problem> {
        let path = request.uri().path();
        let known = self
            .known
            .get(&(request.method().clone(), parts(path)))
            .and_then(|operations| {
                operations
                    .iter()
                    .find(|(pattern, _)| matches(pattern, path))
            });
        let Some((_, known)) = known else {
            return Ok(());
        };
        for name in query.split('&').filter(|part| !part.is_empty()) {
            let name = name.split('=').next().unwrap_or_default();
            if !known.contains(name) {
                let shown: String = name.chars().take(64).collect();
                return Err(Problem::invalid(
                    &shown,
                    "unknown_parameter",
                    format!("this operation has no parameter {shown}"),
                ));
            }
        }
        Ok(())
    }
}

fn parts(path: &str) -> usize {
    path.split('/').count()
}

fn matches(pattern: &str, path: &str) -> bool {
    let mut parts = path.split('/');
    let fits = pattern.split('/').all(|expected| {
        parts
            .next()
            .is_some_and(|part| expected.starts_with(':') || expected == part)
    });
    fits && parts.next().is_none()
}

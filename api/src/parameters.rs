//! Rejects query parameters that an operation does not have, so that typing errors are noticed.

use std::collections::{HashMap, HashSet};

use poem::Request;
use poem::http::Method;
use serde_json::Value;

use crate::http::Problem;
use crate::spec::{self, resolve};

/// Rejects a request with a query parameter that its operation does not have.
pub fn check(request: &Request) -> Result<(), Problem> {
    match request.uri().query() {
        Some(query) => spec::served().parameters.check(request, query),
        None => Ok(()),
    }
}

/// The pattern of an operation's path, and its parameters.
type Operation = (String, HashSet<String>);

/// The parameters of each operation, indexed by method and number of path segments.
#[derive(Debug)]
pub struct Parameters {
    operations: HashMap<(Method, usize), Vec<Operation>>,
}

impl Parameters {
    /// Reads them from the contract, which writes `{id}` in paths where the router has `:id`.
    pub fn from_spec(spec: &Value) -> Self {
        let mut operations = HashMap::<_, Vec<Operation>>::new();
        for (path, methods) in spec["paths"].as_object().into_iter().flatten() {
            let pattern = path.replace('{', ":").replace('}', "");
            for (method, operation) in methods.as_object().into_iter().flatten() {
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
                let place = (method, segment_count(&pattern));
                let entries = operations.entry(place).or_default();
                entries.push((pattern.clone(), names));
            }
        }
        Self { operations }
    }

    fn check(&self, request: &Request, query: &str) -> Result<(), Problem> {
        let path = request.uri().path();
        let known = self
            .operations
            .get(&(request.method().clone(), segment_count(path)))
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
                let short_name: String = name.chars().take(64).collect();
                return Err(Problem::invalid(
                    &short_name,
                    "unknown_parameter",
                    format!("this operation has no parameter {short_name}"),
                ));
            }
        }
        Ok(())
    }
}

fn segment_count(path: &str) -> usize {
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

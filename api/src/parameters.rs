//! Rejects query parameters that an operation does not have, so that typing errors are noticed.

use std::collections::{HashMap, HashSet};

use matchit::Router;
use poem::Request;
use poem::http::Method;
use serde_json::Value;

use crate::http::Problem;
use crate::spec::{self, resolve};

/// Rejects a request with a query parameter that its operation does not have.
pub(crate) fn check(request: &Request) -> Result<(), Problem> {
    match request.uri().query() {
        Some(query) => spec::served().parameters.check(request, query),
        None => Ok(()),
    }
}

/// The query parameters of each operation, by path and method.
#[derive(Debug)]
pub(crate) struct Parameters(Router<HashMap<Method, HashSet<String>>>);

impl Parameters {
    /// Reads them from the contract, which writes paths as the router does.
    pub(crate) fn from_spec(spec: &Value) -> Self {
        let mut router = Router::new();
        for (path, operations) in spec["paths"].as_object().into_iter().flatten() {
            let operations = operations.as_object().into_iter().flatten();
            let known = operations
                .filter_map(|(method, operation)| {
                    let method = method.to_uppercase().parse().ok()?;
                    Some((method, query_parameters(spec, operation)))
                })
                .collect();
            if let Err(error) = router.insert(path, known) {
                tracing::error!(path, %error, "cannot check the query parameters of a path");
            }
        }
        Self(router)
    }

    fn check(&self, request: &Request, query: &str) -> Result<(), Problem> {
        let found = self.0.at(request.uri().path()).ok();
        let Some(known) = found.and_then(|found| found.value.get(request.method())) else {
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

fn query_parameters(spec: &Value, operation: &Value) -> HashSet<String> {
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    parameters
        .map(|parameter| resolve(spec, parameter))
        .filter(|parameter| parameter["in"] == "query")
        .filter_map(|parameter| parameter["name"].as_str())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_of_the_contract_refuses_unknown_parameters() {
        let contract: Value = serde_json::from_str(&spec::served().text).unwrap();
        for (path, operations) in contract["paths"].as_object().unwrap() {
            for method in operations.as_object().unwrap().keys() {
                let path = path.replace(['{', '}'], "");
                let request = Request::builder()
                    .method(method.to_uppercase().parse().unwrap())
                    .uri(format!("{path}?nonsense=1").parse().unwrap())
                    .finish();
                let refused = check(&request).unwrap_err();
                assert_eq!(
                    refused.errors[0].code, "unknown_parameter",
                    "{method} {path}"
                );
            }
        }
    }
}

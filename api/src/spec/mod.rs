//! The API contract: the OpenAPI document of the handlers, improved for people and code generators.
//!
//! Each file is one step over the JSON document; [`contract_from`] runs them in order. The committed file, the output
//! of `convosphere openapi` and the served document are the same text.

mod components;
mod descriptions;
mod document;
mod examples;
mod failures;
mod headers;
mod names;
mod nullable;
mod parameters;
mod paths;
mod served;
mod service;
mod text;
mod tidy;

use poem_openapi::{OpenApi, OpenApiService, Webhook};
use serde_json::{Map, Value};

pub(crate) use self::served::served;
pub(crate) use self::service::service;
use self::text::format as to_text;

/// The contract as JSON.
#[cfg(test)]
fn contract() -> Value {
    contract_from(&service().spec())
}

/// The contract as JSON, from the output of the generator.
fn contract_from(generated: &str) -> Value {
    let mut spec: Value = serde_json::from_str(generated).unwrap_or_default();
    for step in [
        tidy::apply,
        document::apply,
        names::apply,
        nullable::apply,
        headers::apply,
        parameters::apply,
        failures::apply,
        descriptions::apply,
        examples::apply,
        // Last, because it moves the results of the others.
        components::apply,
    ] {
        step(&mut spec);
    }
    spec
}

/// The viewer page of the generator, with the contract in place of the generated document.
fn viewer<T: OpenApi, W: Webhook>(
    service: &OpenApiService<T, W>,
    generated: &str,
    text: &str,
) -> String {
    let script = text.replace("</", "<\\/");
    service.swagger_ui_html().replace(generated, &script)
}

/// The target of a reference, or the value itself if it is not a reference.
pub(crate) fn resolve<'a>(spec: &'a Value, value: &'a Value) -> &'a Value {
    let pointer = value["$ref"]
        .as_str()
        .and_then(|text| text.strip_prefix('#'));
    match pointer {
        Some(pointer) => spec.pointer(pointer).unwrap_or(&Value::Null),
        None => value,
    }
}

/// An operation with its path and method.
struct Operation<'a> {
    path: &'a str,
    method: &'a str,
    fields: &'a mut Map<String, Value>,
}

impl Operation<'_> {
    fn id(&self) -> &str {
        self.fields
            .get("operationId")
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    fn is_public(&self) -> bool {
        let security = self.fields.get("security").and_then(Value::as_array);
        security.is_none_or(Vec::is_empty)
    }

    fn parameters(&mut self) -> impl Iterator<Item = &mut Value> {
        let parameters = self.fields.get_mut("parameters");
        let parameters = parameters.and_then(Value::as_array_mut);
        parameters.into_iter().flatten()
    }

    fn responses(&mut self) -> impl Iterator<Item = (&String, &mut Value)> {
        let responses = self.fields.get_mut("responses");
        let responses = responses.and_then(Value::as_object_mut);
        responses.into_iter().flatten()
    }
}

/// All operations of a document.
fn operations(spec: &mut Value) -> impl Iterator<Item = Operation<'_>> {
    let paths = spec.get_mut("paths").and_then(Value::as_object_mut);
    paths.into_iter().flatten().flat_map(|(path, methods)| {
        let methods = methods.as_object_mut().into_iter().flatten();
        methods.filter_map(move |(method, operation)| {
            operation.as_object_mut().map(|fields| Operation {
                path,
                method,
                fields,
            })
        })
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_reference_has_a_target() {
        fn references(value: &Value, found: &mut Vec<String>) {
            match value {
                Value::Object(fields) => {
                    if let Some(Value::String(target)) = fields.get("$ref") {
                        found.push(target.clone());
                    }
                    fields.values().for_each(|value| references(value, found));
                }
                Value::Array(items) => items.iter().for_each(|item| references(item, found)),
                _ => {}
            }
        }
        let spec = contract();
        let mut found = Vec::new();
        references(&spec, &mut found);
        assert!(found.len() > 1000, "{}", found.len());
        for target in found {
            let reference = json!({"$ref": target});
            assert!(!resolve(&spec, &reference).is_null(), "{target}");
        }
    }

    #[test]
    fn the_page_shows_the_contract_that_is_served() {
        let text = to_text(&contract());
        let page = viewer(&service(), &service().spec(), &text);
        assert!(page.contains("#/components/schemas/ConversationList"));
        assert!(!page.contains("List_Conversation"));
    }

    #[test]
    fn the_contract_without_its_examples_is_small() {
        let mut spec = contract();
        without_examples(&mut spec);
        let size = to_text(&spec).len();
        assert!(size <= 350_000, "{size} bytes");
    }

    fn without_examples(value: &mut Value) {
        match value {
            Value::Object(fields) => {
                fields.remove("example");
                fields.values_mut().for_each(without_examples);
            }
            Value::Array(items) => items.iter_mut().for_each(without_examples),
            _ => {}
        }
    }
}

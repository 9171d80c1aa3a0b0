//! Compares every response in the tests with the contract: status, headers and body.

use std::sync::OnceLock;

use chrono::DateTime;
use reqwest::header::HeaderMap;
use reqwest::{Method, StatusCode};
use serde_json::Value;
use uuid::Uuid;

/// Errors that any path may return: unknown method, unknown host, and headers that are too large.
const ANY_OPERATION: [u16; 3] = [405, 421, 431];

pub fn contract() -> &'static Value {
    static CONTRACT: OnceLock<Value> = OnceLock::new();
    CONTRACT.get_or_init(|| serde_json::from_str(api::contract_text()).unwrap())
}

/// Panics if a response does not match the contract.
pub fn check(method: &Method, path: &str, status: StatusCode, headers: &HeaderMap, body: &Value) {
    let Some(operation) = operation(method, path) else {
        return;
    };
    if ANY_OPERATION.contains(&status.as_u16()) {
        return;
    }
    let name = &operation["operationId"];
    let response = resolve(&operation["responses"][status.as_str()]);
    assert!(response.is_object(), "{name} has no {status}: {body}");
    for (header, meaning) in response["headers"].as_object().into_iter().flatten() {
        let required = resolve(meaning)["required"] == true;
        assert!(
            !required || headers.contains_key(header),
            "{name} {status} has no {header}"
        );
    }
    let kind = headers
        .get("content-type")
        .and_then(|kind| kind.to_str().ok());
    let kind = kind
        .and_then(|kind| kind.split(';').next())
        .unwrap_or_default();
    if response.get("content").is_some() {
        let content = &response["content"][kind];
        assert!(content.is_object(), "{name} {status} has no {kind}");
        if kind.ends_with("json") {
            let result = check_schema(&content["schema"], body, "");
            assert_eq!(result, Ok(()), "{name} {status}: {body}");
        }
    }
}

/// The operation of a request; literal path segments take precedence over parameters.
fn operation(method: &Method, path: &str) -> Option<&'static Value> {
    let segments: Vec<_> = path.split('/').collect();
    let paths = contract()["paths"].as_object()?;
    let matching = paths.iter().filter(|(pattern, _)| {
        let parts: Vec<_> = pattern.split('/').collect();
        let fits = |(part, segments): (&&str, &&str)| part.starts_with('{') || part == segments;
        parts.len() == segments.len() && parts.iter().zip(&segments).all(fits)
    });
    let (_, methods) = matching.min_by_key(|(pattern, _)| pattern.matches('{').count())?;
    methods.get(method.as_str().to_lowercase())
}

/// The target of a reference, or the value itself.
pub fn resolve(value: &Value) -> &Value {
    match value["$ref"]
        .as_str()
        .and_then(|target| target.strip_prefix('#'))
    {
        Some(target) => contract().pointer(target).unwrap(),
        None => value,
    }
}

/// Checks a value against a schema of the contract; additional fields are errors.
pub fn check_schema(schema: &Value, value: &Value, at: &str) -> Result<(), String> {
    let schema = resolve(schema);
    let error = |what: &str| Err(format!("{at}: {what}"));
    if value.is_null() && schema["nullable"] == true {
        return Ok(());
    }
    if let Some(parts) = schema["allOf"].as_array() {
        return parts
            .iter()
            .try_for_each(|part| check_schema(part, value, at));
    }
    if let Some(choices) = schema["oneOf"].as_array() {
        let faults: Vec<_> = choices
            .iter()
            .filter_map(|choice| check_schema(choice, value, at).err())
            .collect();
        return match choices.len() - faults.len() {
            1 => Ok(()),
            _ => Err(faults.join("; or ")),
        };
    }
    if let Some(values) = schema["enum"].as_array()
        && !values.contains(value)
    {
        return error("is not an allowed value");
    }
    match schema["type"].as_str() {
        Some("object") => check_fields(schema, value, at),
        Some("array") => match value.as_array() {
            Some(items) => items.iter().enumerate().try_for_each(|(index, item)| {
                check_schema(&schema["items"], item, &format!("{at}/{index}"))
            }),
            None => error("is not an array"),
        },
        Some("string") => match (value.as_str(), schema["format"].as_str()) {
            (None, _) => error("is not a string"),
            (Some(text), Some("uuid")) if Uuid::parse_str(text).is_err() => error("is not a UUID"),
            (Some(text), Some("date-time")) if DateTime::parse_from_rfc3339(text).is_err() => {
                error("is not a time")
            }
            _ => Ok(()),
        },
        Some("integer") if !value.is_i64() && !value.is_u64() => error("is not an integer"),
        Some("number") if !value.is_number() => error("is not a number"),
        Some("boolean") if !value.is_boolean() => error("is not a boolean"),
        _ => Ok(()),
    }
}

fn check_fields(schema: &Value, value: &Value, at: &str) -> Result<(), String> {
    let Some(fields) = value.as_object() else {
        return Err(format!("{at}: is not an object"));
    };
    for name in schema["required"].as_array().into_iter().flatten() {
        let name = name.as_str().unwrap();
        if !fields.contains_key(name) {
            return Err(format!("{at}/{name}: is missing"));
        }
    }
    let Some(properties) = schema["properties"].as_object() else {
        return Ok(());
    };
    fields
        .iter()
        .try_for_each(|(name, value)| match properties.get(name) {
            Some(schema) => check_schema(schema, value, &format!("{at}/{name}")),
            None => Err(format!("{at}/{name}: is not in the contract")),
        })
}

#[test]
fn schema_violations_are_named() {
    let thing = serde_json::json!({
        "type": "object",
        "required": ["id"],
        "properties": {
            "id": {"type": "string", "format": "uuid"},
            "role": {"$ref": "#/components/schemas/UserRole"},
            "tags": {"type": "array", "items": {"type": "string"}, "nullable": true},
        },
    });
    let id = Uuid::nil();
    for (value, fault) in [
        (
            serde_json::json!({"id": id, "role": "admin", "tags": null}),
            None,
        ),
        (
            serde_json::json!({"id": id, "tags": ["a", 1]}),
            Some("/tags/1: is not a string"),
        ),
        (serde_json::json!({"id": "x"}), Some("/id: is not a UUID")),
        (serde_json::json!({}), Some("/id: is missing")),
        (
            serde_json::json!({"id": id, "role": null}),
            Some("/role: is not an allowed value"),
        ),
        (
            serde_json::json!({"id": id, "colour": "red"}),
            Some("/colour: is not in the contract"),
        ),
        (serde_json::json!([]), Some(": is not an object")),
    ] {
        assert_eq!(
            check_schema(&thing, &value, "").err().as_deref(),
            fault,
            "{value}"
        );
    }
}

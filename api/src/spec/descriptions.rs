//! Descriptions of bodies and responses, which the generator cannot derive from their types.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::operations;

/// One line each: the operation, the status or `body`, the text.
const TEXTS: &str = include_str!("descriptions.txt");
const BODY: &str = "body";

type Texts = HashMap<(&'static str, &'static str), &'static str>;

pub(super) fn apply(spec: &mut Value) {
    let texts = texts();
    for mut operation in operations(spec) {
        let id = operation.id().to_owned();
        for (status, response) in operation.responses() {
            if let Some(text) = texts.get(&(id.as_str(), status.as_str())) {
                response["description"] = json!(text);
            }
        }
        if let Some(body) = operation.fields.get_mut("requestBody")
            && let Some(text) = texts.get(&(id.as_str(), BODY))
        {
            body["description"] = json!(text);
        }
    }
}

fn texts() -> Texts {
    let lines = TEXTS.lines().filter_map(|line| {
        let (operation, rest) = line.split_once(' ')?;
        let (part, text) = rest.split_once(' ')?;
        Some(((operation, part), text))
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::super::{contract, resolve};
    use super::*;

    #[test]
    fn every_operation_response_and_body_is_described() {
        let owned =
            |((id, part), text): ((&str, &str), &str)| (format!("{id} {part}"), text.to_owned());
        let mut unused: HashMap<_, _> = texts().into_iter().map(owned).collect();
        let lines = TEXTS.lines().count();
        assert_eq!(unused.len(), lines, "a line is malformed or occurs twice");
        let spec = contract();
        let text = |value: &Value| value["description"].as_str().unwrap_or_default().to_owned();
        let mut copy = spec.clone();
        for mut operation in operations(&mut copy) {
            let id = operation.id().to_owned();
            let about = operation.fields.get("description").and_then(Value::as_str);
            assert!(about.is_some_and(|text| text.ends_with('.')), "{id}");
            if let Some(body) = operation.fields.get("requestBody") {
                assert_eq!(
                    unused.remove(&format!("{id} {BODY}")),
                    Some(text(body)),
                    "{id}"
                );
            }
            for (status, response) in operation.responses() {
                let described = text(resolve(&spec, response));
                assert!(described.ends_with('.'), "{id} {status}");
                let own = unused.remove(&format!("{id} {status}"));
                assert_eq!(own.is_some(), status.starts_with('2'), "{id} {status}");
            }
        }
        assert!(unused.is_empty(), "unused texts: {unused:?}");
    }
}

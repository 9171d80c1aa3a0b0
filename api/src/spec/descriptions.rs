//! Descriptions of bodies and responses, which the generator cannot derive from their types.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::operations;

/// One line each: the operation, the status or `body`, the text. [`usual_text`] describes the others.
const TEXTS: &str = include_str!("descriptions.txt");
const BODY: &str = "body";

type Texts = HashMap<(&'static str, &'static str), &'static str>;

pub(super) fn apply(spec: &mut Value) {
    let texts = texts();
    for mut operation in operations(spec) {
        let id = operation.id().to_owned();
        for (status, response) in operation.responses() {
            if let Some(text) = find_text(&texts, &id, status) {
                response["description"] = json!(text);
            }
        }
        if let Some(body) = operation.fields.get_mut("requestBody")
            && let Some(text) = find_text(&texts, &id, BODY)
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

fn find_text(texts: &Texts, id: &str, part: &str) -> Option<String> {
    let own = texts.get(&(id, part)).map(|text| (*text).to_owned());
    own.or_else(|| usual_text(id, part))
}

/// What follows from the name of an operation, such as `createGroup`.
fn usual_text(id: &str, part: &str) -> Option<String> {
    let words = split_words(id);
    let (verb, object) = words.split_once(' ')?;
    Some(match (verb, part) {
        ("create", "201") => format!("The new {object}."),
        ("create", BODY) => format!("The fields of the new {object}."),
        ("get", "200") => format!("The {object}."),
        ("list", "200") => format!("A page of {object}."),
        ("update", "200") => format!("The {object} after the change."),
        ("update", BODY) => "The fields to change.".to_owned(),
        ("delete", "204") => format!("The {object} is deleted."),
        _ => return None,
    })
}

/// The words of a name in camel case.
fn split_words(name: &str) -> String {
    let mut words = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() {
            words.push(' ');
        }
        words.extend(letter.to_lowercase());
    }
    words
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
            assert!(
                about.is_some_and(|text| text.ends_with('.')),
                "{id}: the doc comment needs a second paragraph, which says more than the summary"
            );
            let mut describe = |part: &str| {
                let own = unused.remove(&format!("{id} {part}"));
                let usual = usual_text(&id, part);
                assert!(own.is_none() || own != usual, "`{id} {part}` is redundant");
                own.or(usual)
            };
            if let Some(body) = operation.fields.get("requestBody") {
                let missing = format!("add `{id} {BODY} <text>` to descriptions.txt");
                assert_eq!(describe(BODY), Some(text(body)), "{missing}");
            }
            for (status, response) in operation.responses() {
                assert_eq!(
                    describe(status).is_some(),
                    status.starts_with('2'),
                    "descriptions.txt describes each success and no error: `{id} {status} <text>`"
                );
                let described = text(resolve(&spec, response));
                assert!(described.ends_with('.'), "no full stop: {id} {status}");
            }
        }
        assert!(unused.is_empty(), "unused texts: {unused:?}");
    }
}

//! Descriptions of path parameters.

use serde_json::{Value, json};

use super::operations;

/// Descriptions by the path segment before the parameter.
const NAMED: [(&str, &str); 15] = [
    ("assistants/{id}", "The id of the assistant."),
    ("conversations/{id}", "The id of the conversation."),
    ("documents/{id}", "The id of the document."),
    ("files/{id}", "The id of the file."),
    ("groups/{id}", "The id of the group."),
    ("jobs/{id}", "The id of the job."),
    ("knowledge-bases/{id}", "The id of the knowledge base."),
    ("members/{user_id}", "The id of the user."),
    ("messages/{id}", "The id of the message."),
    ("parked/{aggregate_id}", "The id of the parked object."),
    ("projections/{name}", "The name of the read model."),
    ("providers/{id}", "The id of the provider."),
    ("responses/{id}", "The id of the run."),
    ("sessions/{id}", "The id of the session."),
    ("users/{id}", "The id of the user."),
];

/// The only parameter that its name identifies.
const VERSION: (&str, &str) = ("n", "The number of the version.");

pub(super) fn apply(spec: &mut Value) {
    for mut operation in operations(spec) {
        let path = operation.path;
        for parameter in operation.parameters() {
            if parameter["in"] == "path"
                && parameter.get("description").is_none()
                && let Some(text) = parameter["name"]
                    .as_str()
                    .and_then(|name| meaning(path, name))
            {
                parameter["description"] = json!(text);
            }
        }
    }
}

fn meaning(path: &str, name: &str) -> Option<&'static str> {
    if name == VERSION.0 {
        return Some(VERSION.1);
    }
    let end = path.find(&format!("{{{name}}}"))? + name.len() + 2;
    let named = path.get(..end)?;
    let known = NAMED
        .iter()
        .find(|(part, _)| named.ends_with(&format!("/{part}")));
    known.map(|(_, text)| *text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_is_described_by_its_path() {
        let path = "/api/v1/groups/{id}/members/{user_id}";
        assert_eq!(meaning(path, "id"), Some("The id of the group."));
        assert_eq!(meaning(path, "user_id"), Some("The id of the user."));
        assert_eq!(meaning("/api/v1/things/{id}", "id"), None);
    }

    #[test]
    fn every_parameter_is_described() {
        let spec = super::super::contract();
        let mut spec = spec;
        let components = spec["components"].clone();
        let root = json!({"components": components});
        for mut operation in operations(&mut spec) {
            let id = operation.id().to_owned();
            for parameter in operation.parameters() {
                let parameter = super::super::resolve(&root, parameter);
                let text = parameter["description"].as_str().unwrap_or_default();
                assert!(text.ends_with('.'), "{id}: {parameter}");
            }
        }
    }
}

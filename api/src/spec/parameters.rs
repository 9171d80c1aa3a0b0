//! Descriptions of path parameters.

use serde_json::{Value, json};

use super::operations;

/// Descriptions by the path segment before the parameter, where they do not follow from it.
const NAMED: [(&str, &str); 4] = [
    ("members/{user_id}", "The id of the user."),
    ("parked/{aggregate_id}", "The id of the parked object."),
    ("projections/{name}", "The name of the read model."),
    ("responses/{id}", "The id of the run."),
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

fn meaning(path: &str, name: &str) -> Option<String> {
    if name == VERSION.0 {
        return Some(VERSION.1.to_owned());
    }
    let end = path.find(&format!("{{{name}}}"))? + name.len() + 2;
    let named = path.get(..end)?;
    let known = NAMED
        .iter()
        .find(|(part, _)| named.ends_with(&format!("/{part}")));
    match known {
        Some((_, text)) => Some((*text).to_owned()),
        None => describe_id(named),
    }
}

/// The description of the id of an object in a collection, such as `knowledge-bases/{id}`.
fn describe_id(path: &str) -> Option<String> {
    let collection = path.strip_suffix("/{id}")?.rsplit('/').next()?;
    let object = collection.strip_suffix('s')?.replace('-', " ");
    Some(format!("The id of the {object}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_is_described_by_its_path() {
        let path = "/api/v1/groups/{id}/members/{user_id}";
        let described = |path, name| meaning(path, name).unwrap_or_default();
        assert_eq!(described(path, "id"), "The id of the group.");
        assert_eq!(described(path, "user_id"), "The id of the user.");
        let base = described("/api/v1/knowledge-bases/{id}", "id");
        assert_eq!(base, "The id of the knowledge base.");
        assert_eq!(meaning("/api/v1/things/{key}", "key"), None);
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
                assert!(
                    text.ends_with('.'),
                    "{id}: describe it by a doc comment, or in NAMED if it is in the path: {parameter}"
                );
            }
        }
    }
}

//! Lists of models, in whatever shape a provider sends them.

use domain::provider::ListedModel;
use serde_json::Value;

use super::abilities::parse_abilities;

/// Names of the list. llama.cpp sends two; the first has the details.
const LISTS: [&str; 5] = ["data", "models", "items", "result", "results"];
/// Names of a model's name.
const NAMES: [&str; 6] = ["id", "name", "model", "key", "model_name", "slug"];
/// Objects that contain further details of a model.
const DETAILS: [&str; 6] = [
    "meta",
    "metadata",
    "top_provider",
    "limits",
    "model_info",
    "details",
];
/// Names of the context window: first what is served, then what the model supports.
const WINDOWS: [&str; 13] = [
    "loaded_context_length",
    "n_ctx",
    "max_model_len",
    "context_window",
    "context_length",
    "max_context_length",
    "context_size",
    "inputTokenLimit",
    "input_token_limit",
    "max_input_tokens",
    "max_context_window_tokens",
    "max_sequence_length",
    "n_ctx_train",
];
/// Names of the longest answer.
const OUTPUT_LIMITS: [&str; 7] = [
    "max_output_tokens",
    "max_completion_tokens",
    "outputTokenLimit",
    "output_token_limit",
    "max_output_length",
    "max_tokens",
    "max_new_tokens",
];

/// The models in a response; `None` if it contains no list of models. An empty list is one.
pub(crate) fn parse_models(response: &Value) -> Option<Vec<ListedModel>> {
    let entries = find_entries(response)?;
    let models: Vec<ListedModel> = entries
        .iter()
        .filter_map(|(key, entry)| parse_model(*key, entry))
        .collect();
    (entries.is_empty() || !models.is_empty()).then_some(models)
}

/// The entries of the list, each with its key if the list is an object.
fn find_entries(value: &Value) -> Option<Vec<(Option<&str>, &Value)>> {
    if let Some(list) = value.as_array() {
        return Some(list.iter().map(|entry| (None, entry)).collect());
    }
    LISTS.iter().find_map(|name| match &value[*name] {
        Value::Array(list) => Some(list.iter().map(|entry| (None, entry)).collect()),
        Value::Object(named) => find_entries(&value[*name]).or_else(|| {
            let has_objects = named.values().all(Value::is_object);
            let entries = named.iter().map(|(key, entry)| (Some(key.as_str()), entry));
            has_objects.then(|| entries.collect())
        }),
        _ => None,
    })
}

fn parse_model(key: Option<&str>, entry: &Value) -> Option<ListedModel> {
    let named = NAMES.iter().find_map(|name| entry[*name].as_str());
    let name = entry.as_str().or(named).or(key)?.trim();
    // Google lists the methods that each model supports.
    let methods = entry["supportedGenerationMethods"].as_array();
    let can_chat = methods.is_none_or(|all| all.iter().any(|one| one == "generateContent"));
    (can_chat && !name.is_empty()).then(|| ListedModel {
        model: name.to_owned(),
        context_window: find_token_count(entry, &WINDOWS),
        max_output_tokens: find_token_count(entry, &OUTPUT_LIMITS),
        abilities: parse_abilities(entry),
    })
}

/// The first of some fields that is a number of tokens, of the model or of its details.
fn find_token_count(entry: &Value, names: &[&str]) -> Option<u32> {
    let details = DETAILS.iter().map(|name| &entry[*name]);
    let objects: Vec<&Value> = std::iter::once(entry).chain(details).collect();
    names.iter().find_map(|name| {
        objects
            .iter()
            .find_map(|object| parse_count(&object[*name]))
    })
}

/// A positive number, also as a string.
fn parse_count(value: &Value) -> Option<u32> {
    let number = match value {
        Value::String(text) => text.trim().parse().ok(),
        value => value.as_u64(),
    };
    number
        .and_then(|number| u32::try_from(number).ok())
        .filter(|number| *number > 0)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn summarize(list: &Value) -> Vec<(String, Option<u32>, Option<u32>)> {
        let models = parse_models(list).unwrap_or_else(|| panic!("{list} is a list"));
        let summary = |one: ListedModel| (one.model, one.context_window, one.max_output_tokens);
        models.into_iter().map(summary).collect()
    }

    #[test]
    fn lists_of_every_shape_are_parsed() {
        for list in [
            json!({"object": "list", "data": [{"id": "a"}, {"id": "b"}]}),
            json!([{"id": "a"}, {"id": "b", "type": "chat"}]),
            json!(["a", "b"]),
            json!({"models": ["a", "b"]}),
            json!({"models": [{"name": "a"}, {"model": "b"}]}),
            json!({"data": {"models": [{"id": "a"}, {"key": "b"}]}}),
            json!({"models": {"a": {"n_ctx": "x"}, "b": {}}}),
            json!({"data": [{"id": "a"}, 7, null, {"object": "model"}, {"id": "b"}]}),
            json!({"data": null, "models": [{"name": "a"}, {"name": "b"}]}),
        ] {
            let names: Vec<String> = summarize(&list).into_iter().map(|one| one.0).collect();
            assert_eq!(names, ["a", "b"], "{list}");
        }
        assert!(summarize(&json!({"data": []})).is_empty());
    }

    #[test]
    fn other_values_are_no_list_of_models() {
        for list in [
            json!({"detail": "Not Found"}),
            json!({"data": 5}),
            json!({"data": [5, null]}),
            json!({"models": {"count": 3}}),
            json!("a"),
            json!(null),
        ] {
            assert!(parse_models(&list).is_none(), "{list}");
        }
    }

    #[test]
    fn context_windows_and_output_limits_have_many_names() {
        for (model, window, output) in [
            (json!({"max_model_len": 8192}), Some(8192), None),
            (
                json!({"context_length": 131_072, "top_provider": {"max_completion_tokens": 4096}}),
                Some(131_072),
                Some(4096),
            ),
            (
                json!({"context_window": 32768, "max_completion_tokens": 16384}),
                Some(32_768),
                Some(16_384),
            ),
            (json!({"meta": {"n_ctx_train": 4096}}), Some(4096), None),
            (
                json!({"meta": {"n_ctx_train": 4096, "n_ctx": 2048}}),
                Some(2048),
                None,
            ),
            (
                json!({"loaded_context_length": 4096, "max_context_length": 131_072}),
                Some(4096),
                None,
            ),
            (
                json!({"inputTokenLimit": 1_048_576, "outputTokenLimit": 65_536}),
                Some(1_048_576),
                Some(65_536),
            ),
            (
                json!({"max_input_tokens": 200_000, "max_tokens": 64_000}),
                Some(200_000),
                Some(64_000),
            ),
            (json!({"context_length": "8192"}), Some(8192), None),
            (
                json!({"context_length": null, "max_context_length": 0, "context_window": -5}),
                None,
                None,
            ),
            (
                json!({"context_length": 1e30, "max_tokens": [4]}),
                None,
                None,
            ),
        ] {
            let mut named = model.clone();
            named["id"] = json!("a");
            let found = summarize(&json!({"data": [named]}));
            assert_eq!(found, [("a".to_owned(), window, output)], "{model}");
        }
    }
}

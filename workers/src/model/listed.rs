//! Lists of models, in whatever shape a provider sends them.

use domain::provider::ListedModel;
use serde_json::Value;

/// What lists are called. llama.cpp sends two; what it knows of a model is in the first.
const LISTS: [&str; 5] = ["data", "models", "items", "result", "results"];
/// What the name of a model is called.
const NAMES: [&str; 6] = ["id", "name", "model", "key", "model_name", "slug"];
/// Where a model is described further.
const INNER: [&str; 6] = [
    "meta",
    "metadata",
    "top_provider",
    "limits",
    "model_info",
    "details",
];
/// What the window is called: first what is served, then what the model could.
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
/// What the longest answer is called.
const OUTPUTS: [&str; 7] = [
    "max_output_tokens",
    "max_completion_tokens",
    "outputTokenLimit",
    "output_token_limit",
    "max_output_length",
    "max_tokens",
    "max_new_tokens",
];

/// The models that an answer lists; none where nothing in it is a list of models. An empty list is one.
pub(crate) fn listed(told: &Value) -> Option<Vec<ListedModel>> {
    let entries = entries(told)?;
    let models: Vec<ListedModel> = entries
        .iter()
        .filter_map(|(key, told)| model(*key, told))
        .collect();
    (entries.is_empty() || !models.is_empty()).then_some(models)
}

/// The entries of the list, each with the key that it is under, where it has one.
fn entries(told: &Value) -> Option<Vec<(Option<&str>, &Value)>> {
    if let Some(list) = told.as_array() {
        return Some(list.iter().map(|one| (None, one)).collect());
    }
    LISTS.iter().find_map(|name| match &told[*name] {
        Value::Array(list) => Some(list.iter().map(|one| (None, one)).collect()),
        Value::Object(named) => entries(&told[*name]).or_else(|| {
            let described = named.values().all(Value::is_object);
            let each = named.iter().map(|(key, one)| (Some(key.as_str()), one));
            described.then(|| each.collect())
        }),
        _ => None,
    })
}

fn model(key: Option<&str>, told: &Value) -> Option<ListedModel> {
    let named = NAMES.iter().find_map(|name| told[*name].as_str());
    let name = told.as_str().or(named).or(key)?.trim();
    // Google tells what each can be asked for.
    let methods = told["supportedGenerationMethods"].as_array();
    let chats = methods.is_none_or(|all| all.iter().any(|one| one == "generateContent"));
    (chats && !name.is_empty()).then(|| ListedModel {
        model: name.to_owned(),
        context_window: tokens(told, &WINDOWS),
        max_output_tokens: tokens(told, &OUTPUTS),
    })
}

/// The first of some names that is a number of tokens, at the model or further in.
fn tokens(told: &Value, names: &[&str]) -> Option<u32> {
    let places = INNER.iter().map(|name| &told[*name]);
    let places: Vec<&Value> = std::iter::once(told).chain(places).collect();
    names
        .iter()
        .find_map(|name| places.iter().find_map(|place| number(&place[*name])))
}

/// A number above 0, however it is written.
fn number(told: &Value) -> Option<u32> {
    let whole = match told {
        Value::String(text) => text.trim().parse().ok(),
        told => told.as_u64(),
    };
    whole
        .and_then(|number| u32::try_from(number).ok())
        .filter(|number| *number > 0)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(list: &Value) -> Vec<(String, Option<u32>, Option<u32>)> {
        let models = listed(list).unwrap_or_else(|| panic!("{list} is a list"));
        let told = |one: ListedModel| (one.model, one.context_window, one.max_output_tokens);
        models.into_iter().map(told).collect()
    }

    #[test]
    fn lists_of_every_shape_name_their_models() {
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
            let names: Vec<String> = told(&list).into_iter().map(|one| one.0).collect();
            assert_eq!(names, ["a", "b"], "{list}");
        }
        assert!(told(&json!({"data": []})).is_empty());
    }

    #[test]
    fn what_is_no_list_of_models_is_none() {
        for list in [
            json!({"detail": "Not Found"}),
            json!({"data": 5}),
            json!({"data": [5, null]}),
            json!({"models": {"count": 3}}),
            json!("a"),
            json!(null),
        ] {
            assert!(listed(&list).is_none(), "{list}");
        }
    }

    #[test]
    fn windows_and_longest_answers_are_read_under_all_their_names() {
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
            let found = told(&json!({"data": [named]}));
            assert_eq!(found, [("a".to_owned(), window, output)], "{model}");
        }
    }
}

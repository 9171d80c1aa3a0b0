//! Models with the Gemini API, <https://ai.google.dev/api/generate-content>.

mod chunk;
mod request;

use domain::provider::ListedModel;

pub(super) use self::chunk::decoder;
pub(super) use self::request::{build_body, path};

/// Removes the prefix that lists put in front of the name in requests.
pub(super) fn strip_prefix(model: ListedModel) -> ListedModel {
    let name = model.model.strip_prefix("models/").map(str::to_owned);
    ListedModel {
        model: name.unwrap_or(model.model),
        ..model
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::model_list::parse_models;

    #[test]
    fn chat_models_are_listed_by_their_names() {
        let response = json!({"models": [
            {"name": "models/gemini-2.5-flash", "inputTokenLimit": 1_048_576,
             "supportedGenerationMethods": ["generateContent", "countTokens"]},
            {"name": "models/gemini-embedding-001", "supportedGenerationMethods": ["embedContent"]},
        ]});
        let models = parse_models(&response).unwrap();
        let models: Vec<ListedModel> = models.into_iter().map(strip_prefix).collect();
        assert_eq!(models.len(), 1);
        assert_eq!(models[0].model, "gemini-2.5-flash");
        assert_eq!(models[0].context_window, Some(1_048_576));
    }
}

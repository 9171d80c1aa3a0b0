//! Models behind the Gemini interface, <https://ai.google.dev/api/generate-content>.

mod chunk;
mod request;

use domain::provider::ListedModel;

pub(super) use self::chunk::chunks;
pub(super) use self::request::{body, path};

/// The name that a model is asked by: lists put it into a path.
pub(super) fn plain_name(model: ListedModel) -> ListedModel {
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
    use crate::model::listed::listed;

    #[test]
    fn models_that_chat_are_listed_by_their_names() {
        let told = json!({"models": [
            {"name": "models/gemini-2.5-flash", "inputTokenLimit": 1_048_576,
             "supportedGenerationMethods": ["generateContent", "countTokens"]},
            {"name": "models/gemini-embedding-001", "supportedGenerationMethods": ["embedContent"]},
        ]});
        let models = listed(&told).unwrap();
        let models: Vec<ListedModel> = models.into_iter().map(plain_name).collect();
        assert_eq!(models.len(), 1);
        assert_eq!(models[0].model, "gemini-2.5-flash");
        assert_eq!(models[0].context_window, Some(1_048_576));
    }
}

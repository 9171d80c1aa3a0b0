//! Models behind the Gemini interface, <https://ai.google.dev/api/generate-content>.

mod chunk;
mod request;

use domain::provider::ListedModel;
use serde_json::Value;

pub(super) use self::chunk::Chunks;
pub(super) use self::request::{body, path};

/// The models of a list that answer questions.
pub(super) fn listed(told: &Value) -> Option<Vec<ListedModel>> {
    let listed = told["models"].as_array()?;
    let model = |told: &Value| {
        let methods = told["supportedGenerationMethods"].as_array();
        let chats =
            methods.is_none_or(|methods| methods.iter().any(|one| one == "generateContent"));
        let window = told["inputTokenLimit"].as_u64();
        let name = told["name"].as_str().filter(|_| chats)?;
        Some(ListedModel {
            model: name.strip_prefix("models/").unwrap_or(name).to_owned(),
            context_window: window.and_then(|tokens| u32::try_from(tokens).ok()),
        })
    };
    Some(listed.iter().filter_map(model).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn models_that_chat_are_listed_by_their_names() {
        let told = json!({"models": [
            {"name": "models/gemini-2.5-flash", "inputTokenLimit": 1_048_576,
             "supportedGenerationMethods": ["generateContent", "countTokens"]},
            {"name": "models/gemini-embedding-001", "supportedGenerationMethods": ["embedContent"]},
        ]});
        let models = listed(&told).unwrap();
        assert_eq!(models.len(), 1);
        assert_eq!(models[0].model, "gemini-2.5-flash");
        assert_eq!(models[0].context_window, Some(1_048_576));
        assert!(listed(&json!({"data": []})).is_none());
    }
}

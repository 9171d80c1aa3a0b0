//! Models behind an OpenAI-compatible interface: `OpenAI`, Ollama, vLLM, llama.cpp, `LiteLLM` and their kin.

mod chunk;
mod embeddings;
mod request;

use domain::provider::ListedModel;
use serde_json::Value;

pub(super) use self::chunk::Chunks;
pub(super) use self::request::body;

/// The models of a list; servers name the size of the window differently.
pub(super) fn listed(told: &Value) -> Option<Vec<ListedModel>> {
    let listed = told["data"].as_array()?;
    let model = |told: &Value| {
        let names = [
            "context_window",
            "context_length",
            "max_model_len",
            "max_input_tokens",
        ];
        let window = names.iter().find_map(|name| told[name].as_u64());
        Some(ListedModel {
            model: told["id"].as_str()?.to_owned(),
            context_window: window.and_then(|tokens| u32::try_from(tokens).ok()),
        })
    };
    Some(listed.iter().filter_map(model).collect())
}

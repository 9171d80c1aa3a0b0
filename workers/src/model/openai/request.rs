//! The body of a request.

use domain::response::{Prompt, Speaker};
use serde_json::{Value, json};

use crate::model::remote::RemoteModel;

/// `OpenAI` has renamed the limit; compatible servers know the old name.
const OPENAI_URL: &str = "https://api.openai.com/";

pub(in crate::model) fn build_body(model: &RemoteModel, prompt: &Prompt) -> Value {
    let mut messages = Vec::with_capacity(prompt.history.len() + 1);
    let instructions = prompt.system();
    if !instructions.is_empty() {
        messages.push(json!({"role": "system", "content": instructions}));
    }
    messages.extend(prompt.messages().into_iter().map(|message| {
        let role = match message.speaker {
            Speaker::User => "user",
            Speaker::Assistant => "assistant",
        };
        json!({"role": role, "content": message.text})
    }));
    let mut body = json!({
        "model": model.model, "messages": messages, "stream": true, "stream_options": {"include_usage": true},
    });
    if let Some(temperature) = prompt.temperature {
        body["temperature"] = json!(temperature);
    }
    if let Some(tokens) = prompt.max_output_tokens {
        let name = match model.base_url.starts_with(OPENAI_URL) {
            true => "max_completion_tokens",
            false => "max_tokens",
        };
        body[name] = json!(tokens);
    }
    body
}

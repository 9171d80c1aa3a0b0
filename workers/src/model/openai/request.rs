//! The body of a request.

use domain::response::{Prompt, Speaker};
use serde_json::{Value, json};

use crate::model::remote::Remote;

/// `OpenAI` itself has renamed the limit; its kin know the old name.
const NEW_NAME: &str = "https://api.openai.com/";

pub(in crate::model) fn body(at: &Remote, prompt: &Prompt) -> Value {
    let mut messages = Vec::with_capacity(prompt.history.len() + 1);
    let told = prompt.system();
    if !told.is_empty() {
        messages.push(json!({"role": "system", "content": told}));
    }
    messages.extend(prompt.messages().into_iter().map(|message| {
        let role = match message.speaker {
            Speaker::User => "user",
            Speaker::Assistant => "assistant",
        };
        json!({"role": role, "content": message.text})
    }));
    let mut body = json!({
        "model": at.model, "messages": messages, "stream": true, "stream_options": {"include_usage": true},
    });
    if let Some(temperature) = prompt.temperature {
        body["temperature"] = json!(temperature);
    }
    if let Some(tokens) = prompt.max_output_tokens {
        let name = match at.base_url.starts_with(NEW_NAME) {
            true => "max_completion_tokens",
            false => "max_tokens",
        };
        body[name] = json!(tokens);
    }
    body
}

//! The body of a request.

use domain::response::{Prompt, PromptMessage, Speaker};
use serde_json::{Value, json};

use crate::model::images::to_base64;
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
        json!({"role": role, "content": content(message)})
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

/// Text alone stays a plain string, which every compatible server accepts.
fn content(message: PromptMessage) -> Value {
    if message.images.is_empty() {
        return message.text.into();
    }
    let mut parts = vec![json!({"type": "text", "text": message.text})];
    parts.extend(message.images.iter().map(|image| {
        let url = format!("data:{};base64,{}", image.media_type, to_base64(image));
        json!({"type": "image_url", "image_url": {"url": url}})
    }));
    parts.into()
}

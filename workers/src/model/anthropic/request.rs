//! The body of a request.

use domain::response::{Prompt, PromptMessage, Speaker};
use serde_json::{Value, json};

use crate::model::images::to_base64;

/// Token limits by parts of model names, for when neither a person nor the provider's list sets one: the API requires a
/// limit. From <https://docs.claude.com/en/docs/about-claude/models/overview>.
const TOKEN_LIMITS: [(&str, u32); 7] = [
    ("claude-3-5", 8_192),
    ("claude-3-7", 64_000),
    ("claude-3", 4_096),
    ("claude-2", 4_096),
    ("claude-opus-4-0", 32_000),
    ("claude-opus-4-1", 32_000),
    ("claude-opus-4-2025", 32_000),
];
/// For all other models. It is lowered if a model rejects it.
const DEFAULT_TOKEN_LIMIT: u32 = 64_000;
/// The scale of temperature ends at 1 here, ours at 2.
const MAX_TEMPERATURE: f64 = 1.0;

/// The token limit of a request: what was chosen, else what the provider lists, else the usual limit for the name, but
/// no more than the model is known to accept.
fn token_limit(
    model: &str,
    prompt: &Prompt,
    (listed, accepted): (Option<u32>, Option<u32>),
) -> u32 {
    // Gateways prefix the name of the vendor, a region or a folder.
    let usual = || {
        let entry = TOKEN_LIMITS.iter().find(|(part, _)| model.contains(part));
        entry.map_or(DEFAULT_TOKEN_LIMIT, |(_, limit)| *limit)
    };
    let limit = prompt.max_output_tokens.or(listed).unwrap_or_else(usual);
    accepted.map_or(limit, |accepted| limit.min(accepted))
}

/// Builds the body. `limits` are the longest answer that the provider lists, and the highest limit that it is known to
/// accept.
pub(in crate::model) fn build_body(
    model: &str,
    prompt: &Prompt,
    limits: (Option<u32>, Option<u32>),
) -> Value {
    let messages: Vec<Value> = prompt
        .messages()
        .into_iter()
        // Anthropic rejects messages without text; an answer that failed before its first word has none.
        .filter(|message| !message.text.trim().is_empty())
        .map(|message| {
            let role = match message.speaker {
                Speaker::User => "user",
                Speaker::Assistant => "assistant",
            };
            json!({"role": role, "content": content(message)})
        })
        .collect();
    let mut body = json!({
        "model": model, "messages": messages, "stream": true,
        "max_tokens": token_limit(model, prompt, limits),
    });
    let instructions = prompt.system();
    if !instructions.is_empty() {
        body["system"] = json!(instructions);
    }
    if let Some(temperature) = prompt.temperature {
        body["temperature"] = json!(temperature.min(MAX_TEMPERATURE));
    }
    body
}

fn content(message: PromptMessage) -> Value {
    if message.images.is_empty() {
        return message.text.into();
    }
    let mut blocks = vec![json!({"type": "text", "text": message.text})];
    blocks.extend(message.images.iter().map(|image| {
        let source =
            json!({"type": "base64", "media_type": image.media_type, "data": to_base64(image)});
        json!({"type": "image", "source": source})
    }));
    blocks.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prompt(max_output_tokens: Option<u32>) -> Prompt {
        Prompt {
            instructions: String::new(),
            knowledge: None,
            history: vec![],
            truncated: false,
            temperature: None,
            max_output_tokens,
        }
    }

    #[test]
    fn the_token_limit_is_the_chosen_one_or_the_longest_that_the_model_accepts() {
        let bedrock = "anthropic.claude-3-5-haiku-20241022-v1:0";
        for (model, chosen, limits, wanted) in [
            ("claude-sonnet-4-5", Some(100), (Some(64_000), None), 100),
            ("claude-sonnet-4-5", None, (Some(60_000), None), 60_000),
            ("claude-sonnet-4-5", None, (None, None), 64_000),
            ("claude-3-haiku-20240307", None, (None, None), 4_096),
            ("claude-3-5-sonnet-latest", None, (None, None), 8_192),
            (bedrock, None, (None, None), 8_192),
            ("claude-opus-4-1", None, (None, None), 32_000),
            ("kimi-k2", None, (None, None), 64_000),
            ("kimi-k2", None, (None, Some(8_192)), 8_192),
            ("kimi-k2", Some(100), (None, Some(8_192)), 100),
            ("kimi-k2", Some(10_000), (None, Some(8_192)), 8_192),
        ] {
            let body = build_body(model, &prompt(chosen), limits);
            assert_eq!(body["max_tokens"], wanted, "{model}");
        }
    }
}

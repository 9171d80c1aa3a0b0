//! The body of a request.

use domain::response::{Prompt, Speaker};
use serde_json::{Value, json};

/// The longest answers by what models' names hold, where neither a person nor the provider's list says how long one may
/// be: the interface wants a limit. From <https://docs.claude.com/en/docs/about-claude/models/overview>.
const LONGEST: [(&str, u32); 7] = [
    ("claude-3-5", 8_192),
    ("claude-3-7", 64_000),
    ("claude-3", 4_096),
    ("claude-2", 4_096),
    ("claude-opus-4-0", 32_000),
    ("claude-opus-4-1", 32_000),
    ("claude-opus-4-2025", 32_000),
];
/// Of every other one. What a model does not take is lowered to what it does.
const USUAL: u32 = 64_000;
/// Its scale of temperature ends here, ours at 2.
const HOTTEST: f64 = 1.0;

/// The limit to ask with: what was chosen, else what the provider lists, else what models of this name can; each no more
/// than what it is known to take.
fn limit(model: &str, prompt: &Prompt, (listed, taken): (Option<u32>, Option<u32>)) -> u32 {
    // Gateways put the name of the maker, a region or a folder before it.
    let known = || {
        let known = LONGEST.iter().find(|(part, _)| model.contains(part));
        known.map_or(USUAL, |(_, limit)| *limit)
    };
    let limit = prompt.max_output_tokens.or(listed).unwrap_or_else(known);
    taken.map_or(limit, |taken| limit.min(taken))
}

/// The body for a model, of which its provider lists the longest answer, and of which a limit that it takes is known.
pub(in crate::model) fn body(
    model: &str,
    prompt: &Prompt,
    limits: (Option<u32>, Option<u32>),
) -> Value {
    let messages: Vec<Value> = prompt
        .messages()
        .into_iter()
        .map(|message| (message.speaker, message.text))
        // A message without a word is refused: an answer that failed before its first one has none.
        .filter(|(_, told)| !told.trim().is_empty())
        .map(|(speaker, told)| {
            let role = match speaker {
                Speaker::User => "user",
                Speaker::Assistant => "assistant",
            };
            json!({"role": role, "content": told})
        })
        .collect();
    let mut body = json!({
        "model": model, "messages": messages, "stream": true,
        "max_tokens": limit(model, prompt, limits),
    });
    let told = prompt.system();
    if !told.is_empty() {
        body["system"] = json!(told);
    }
    if let Some(temperature) = prompt.temperature {
        body["temperature"] = json!(temperature.min(HOTTEST));
    }
    body
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
    fn the_limit_is_what_was_chosen_or_what_the_model_can() {
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
            let body = body(model, &prompt(chosen), limits);
            assert_eq!(body["max_tokens"], wanted, "{model}");
        }
    }
}

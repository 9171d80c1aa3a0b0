//! The body of a request.

use domain::response::{Prompt, Speaker};
use serde_json::{Value, json};

/// Where nobody has set a limit: the interface wants one, and every model of it takes this.
const USUAL_LIMIT: u32 = 4_096;
/// Its scale of temperature ends here, ours at 2.
const HOTTEST: f64 = 1.0;

pub(in crate::model) fn body(model: &str, prompt: &Prompt) -> Value {
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
        "max_tokens": prompt.max_output_tokens.unwrap_or(USUAL_LIMIT),
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

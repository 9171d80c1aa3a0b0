//! Path and body of a request.

use std::fmt::Write;

use domain::response::{Prompt, Speaker};
use serde_json::{Value, json};

use crate::model::images::to_base64;

/// The path of a streaming request. The name is one segment of the path.
pub(in crate::model) fn path(model: &str) -> String {
    let mut name = String::with_capacity(model.len());
    for byte in model.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                name.push(char::from(byte));
            }
            other => {
                // Writing to a String cannot fail.
                let _ = write!(name, "%{other:02X}");
            }
        }
    }
    format!("models/{name}:streamGenerateContent?alt=sse")
}

pub(in crate::model) fn build_body(prompt: &Prompt) -> Value {
    let contents: Vec<Value> = prompt
        .messages()
        .into_iter()
        .map(|message| {
            let role = match message.speaker {
                Speaker::User => "user",
                Speaker::Assistant => "model",
            };
            let mut parts = vec![json!({"text": message.text})];
            parts.extend(message.images.iter().map(|image| {
                json!({"inlineData": {"mimeType": image.media_type, "data": to_base64(image)}})
            }));
            json!({"role": role, "parts": parts})
        })
        .collect();
    let mut body = json!({"contents": contents, "generationConfig": {}});
    let instructions = prompt.system();
    if !instructions.is_empty() {
        body["systemInstruction"] = json!({"parts": [{"text": instructions}]});
    }
    if let Some(temperature) = prompt.temperature {
        body["generationConfig"]["temperature"] = json!(temperature);
    }
    if let Some(tokens) = prompt.max_output_tokens {
        body["generationConfig"]["maxOutputTokens"] = json!(tokens);
    }
    body
}

#[cfg(test)]
mod tests {
    use super::path;

    #[test]
    fn a_name_stays_one_segment() {
        assert_eq!(
            path("gemini-2.5-flash"),
            "models/gemini-2.5-flash:streamGenerateContent?alt=sse"
        );
        assert!(path("../x?y#z").starts_with("models/..%2Fx%3Fy%23z:"));
    }
}

//! What is understood of a chunk, or of a whole answer. Everything else is passed over.

use serde_json::Value;

use crate::model::heard::Heard;
use crate::model::hearing::Hearing;

/// What hears the chunks of one answer; the stream simply ends after the last one.
pub(in crate::model) fn chunks(limit: Option<u32>) -> Hearing {
    Hearing::new(limit, read)
}

/// A field in the spelling of JSON or in that of the protocol beneath.
fn field<'a>(of: &'a Value, name: &str, other: &str) -> &'a Value {
    match &of[name] {
        Value::Null => &of[other],
        found => found,
    }
}

fn read(chunk: &Value, heard: &mut Heard) {
    // Google's gateways put an answer into an envelope.
    let chunk = match &chunk["response"] {
        inner @ Value::Object(_) => inner,
        _ => chunk,
    };
    counts(field(chunk, "usageMetadata", "usage_metadata"), heard);
    let feedback = field(chunk, "promptFeedback", "prompt_feedback");
    if field(feedback, "blockReason", "block_reason")
        .as_str()
        .is_some_and(|reason| !reason.contains("UNSPECIFIED"))
    {
        heard.ended("blocked");
    }
    let candidate = match &chunk["candidates"] {
        Value::Array(all) => all.first().unwrap_or(&Value::Null),
        one => one,
    };
    match &candidate["content"] {
        Value::String(text) => heard.text(text),
        content => match &content["parts"] {
            Value::Array(parts) => parts.iter().for_each(|one| part(one, heard)),
            one => part(one, heard),
        },
    }
    if let Some(reason) = field(candidate, "finishReason", "finish_reason").as_str() {
        heard.ended(reason);
    }
}

fn part(told: &Value, heard: &mut Heard) {
    let text = told.as_str().or(told["text"].as_str());
    match (text, told["thought"].as_bool()) {
        (None, _) => {}
        (Some(text), Some(true)) => heard.thought(text),
        (Some(text), _) => heard.text(text),
    }
}

fn counts(told: &Value, heard: &mut Heard) {
    let output = field(told, "candidatesTokenCount", "candidates_token_count");
    // Paid for as the answer is.
    let thoughts = field(told, "thoughtsTokenCount", "thoughts_token_count");
    let output = match (output.as_u64(), thoughts.as_u64()) {
        (Some(output), thoughts) => Value::from(output.saturating_add(thoughts.unwrap_or(0))),
        (None, _) => Value::Null,
    };
    heard.count(
        field(told, "promptTokenCount", "prompt_token_count"),
        &output,
    );
}

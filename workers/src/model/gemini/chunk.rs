//! Decodes a chunk or a whole response. Everything unknown is ignored.

use serde_json::Value;

use crate::model::answer::AnswerBuilder;
use crate::model::decoder::ResponseDecoder;

/// A decoder for one response; the stream ends after the last chunk without a marker.
pub(in crate::model) fn decoder(limit: Option<u32>) -> ResponseDecoder {
    ResponseDecoder::new(limit, read_chunk)
}

/// A field in the spelling of JSON or of protocol buffers.
fn field<'a>(value: &'a Value, name: &str, other: &str) -> &'a Value {
    match &value[name] {
        Value::Null => &value[other],
        found => found,
    }
}

fn read_chunk(chunk: &Value, answer: &mut AnswerBuilder) {
    // Google's gateways wrap the response.
    let chunk = match &chunk["response"] {
        inner @ Value::Object(_) => inner,
        _ => chunk,
    };
    read_usage(field(chunk, "usageMetadata", "usage_metadata"), answer);
    let feedback = field(chunk, "promptFeedback", "prompt_feedback");
    if field(feedback, "blockReason", "block_reason")
        .as_str()
        .is_some_and(|reason| !reason.contains("UNSPECIFIED"))
    {
        answer.record_finish_reason("blocked");
    }
    let candidate = match &chunk["candidates"] {
        Value::Array(all) => all.first().unwrap_or(&Value::Null),
        candidate => candidate,
    };
    match &candidate["content"] {
        Value::String(text) => answer.push_text(text),
        content => match &content["parts"] {
            Value::Array(parts) => parts.iter().for_each(|part| read_part(part, answer)),
            part => read_part(part, answer),
        },
    }
    if let Some(reason) = field(candidate, "finishReason", "finish_reason").as_str() {
        answer.record_finish_reason(reason);
    }
}

fn read_part(part: &Value, answer: &mut AnswerBuilder) {
    let text = part.as_str().or(part["text"].as_str());
    match (text, part["thought"].as_bool()) {
        (None, _) => {}
        (Some(text), Some(true)) => answer.push_reasoning(text),
        (Some(text), _) => answer.push_text(text),
    }
}

fn read_usage(usage: &Value, answer: &mut AnswerBuilder) {
    let output = field(usage, "candidatesTokenCount", "candidates_token_count");
    // Billed like the answer.
    let reasoning = field(usage, "thoughtsTokenCount", "thoughts_token_count");
    let output = match (output.as_u64(), reasoning.as_u64()) {
        (Some(output), reasoning) => Value::from(output.saturating_add(reasoning.unwrap_or(0))),
        (None, _) => Value::Null,
    };
    answer.record_usage(
        field(usage, "promptTokenCount", "prompt_token_count"),
        &output,
    );
}

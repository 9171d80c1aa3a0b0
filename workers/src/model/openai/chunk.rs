//! Decodes a chunk or a whole response. Everything unknown is ignored.

use serde_json::Value;

use crate::model::answer::AnswerBuilder;
use crate::model::decoder::ResponseDecoder;
use crate::model::error_message;

/// Fields with reasoning. Servers send two of them at once: the first with text counts.
const REASONING: [&str; 5] = [
    "reasoning_content",
    "reasoning",
    "thinking",
    "reasoning_text",
    "reasoning_details",
];

/// Fields with the finish reason.
const FINISH_REASONS: [&str; 2] = ["finish_reason", "done_reason"];

/// A decoder for one response.
pub(in crate::model) fn decoder(limit: Option<u32>) -> ResponseDecoder {
    ResponseDecoder::new(limit, read_chunk)
}

fn read_chunk(chunk: &Value, answer: &mut AnswerBuilder) {
    read_usage(chunk, answer);
    match &chunk["choices"] {
        // Multiple choices are never requested: all text belongs to one answer.
        Value::Array(choices) => choices
            .iter()
            .for_each(|choice| read_choice(choice, answer)),
        choice @ Value::Object(_) => read_choice(choice, answer),
        // A bare message without choices comes from the server, not from the model.
        _ if chunk["message"].is_string() || error_message::find_error(chunk).is_some() => {}
        _ => read_choice(chunk, answer),
    }
}

fn read_usage(from: &Value, answer: &mut AnswerBuilder) {
    for usage in [&from["usage"], &from["x_groq"]["usage"]] {
        let input = first_of(usage, "prompt_tokens", "input_tokens");
        let output = first_of(usage, "completion_tokens", "output_tokens");
        answer.record_usage(input, output);
    }
}

fn first_of<'a>(value: &'a Value, name: &str, other: &str) -> &'a Value {
    match &value[name] {
        Value::Null => &value[other],
        found => found,
    }
}

fn read_choice(choice: &Value, answer: &mut AnswerBuilder) {
    read_usage(choice, answer);
    if !choice["delta"].is_null() {
        read_message(&choice["delta"], answer);
    } else if !choice["message"].is_null() {
        read_whole_message(choice, answer);
    } else if let Some(text) = choice["text"].as_str() {
        answer.push_text(text);
    }
    if let Some(error) = error_message::find_error(choice) {
        answer.record_error(error);
    }
    for name in FINISH_REASONS {
        if let Some(reason) = choice[name].as_str() {
            answer.record_finish_reason(reason);
        }
    }
}

/// A message instead of a delta: the whole answer, further text, or the whole text so far.
fn read_whole_message(choice: &Value, answer: &mut AnswerBuilder) {
    let message = &choice["message"];
    let text = collect_text(&message["content"]);
    if text.is_empty() || !answer.has_text() {
        answer.expect_messages();
        return read_message(message, answer);
    }
    let is_last = FINISH_REASONS.iter().any(|name| choice[*name].is_string());
    if let Some(new) = answer.new_text(&text, is_last) {
        answer.push_text(new);
    }
}

/// Reads a delta or a message.
fn read_message(message: &Value, answer: &mut AnswerBuilder) {
    let reasoning = REASONING.iter().map(|name| collect_text(&message[*name]));
    if let Some(reasoning) = reasoning.into_iter().find(|text| !text.is_empty()) {
        answer.push_reasoning(&reasoning);
    }
    match message {
        Value::String(text) => answer.push_text(text),
        _ => read_content(&message["content"], answer),
    }
    if let Some(refusal) = message["refusal"].as_str() {
        answer.push_refusal(refusal);
    }
}

/// Content is text, a part, or a list of parts, some of which are reasoning.
fn read_content(value: &Value, answer: &mut AnswerBuilder) {
    match value {
        Value::String(text) => answer.push_text(text),
        Value::Array(parts) => parts.iter().for_each(|part| read_content(part, answer)),
        Value::Object(_) => {
            let kind = value["type"].as_str().unwrap_or_default();
            let is_reasoning = kind.contains("think") || kind.contains("reason");
            let reasoning = collect_text(&value["thinking"]);
            if is_reasoning || !reasoning.is_empty() {
                let reasoning = match reasoning.is_empty() {
                    true => collect_text(value),
                    false => reasoning,
                };
                answer.push_reasoning(&reasoning);
            } else if let Some(refusal) = value["refusal"].as_str() {
                answer.push_refusal(refusal);
            } else {
                answer.push_text(&collect_text(value));
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The text in a value of any shape.
fn collect_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts.iter().map(collect_text).collect(),
        Value::Object(fields) => {
            let names = [
                "text",
                "content",
                "value",
                "summary",
                "thinking",
                "reasoning",
            ];
            let texts = names
                .iter()
                .filter_map(|name| fields.get(*name))
                .map(collect_text);
            texts
                .into_iter()
                .find(|text| !text.is_empty())
                .unwrap_or_default()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => String::new(),
    }
}

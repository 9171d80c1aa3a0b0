//! What is understood of a chunk, or of a whole answer. Everything else is passed over.

use serde_json::Value;

use crate::model::heard::Heard;
use crate::model::hearing::Hearing;
use crate::model::reason;

/// Where thinking is told. Servers send it under two names at once: the first that says anything counts.
const THINKING: [&str; 5] = [
    "reasoning_content",
    "reasoning",
    "thinking",
    "reasoning_text",
    "reasoning_details",
];

/// Where the reason for the end is given.
const ENDS: [&str; 2] = ["finish_reason", "done_reason"];

/// What hears the chunks of one answer.
pub(in crate::model) fn chunks(limit: Option<u32>) -> Hearing {
    Hearing::new(limit, read)
}

fn read(chunk: &Value, heard: &mut Heard) {
    usage(chunk, heard);
    match &chunk["choices"] {
        // Several answers to one question are not asked for: whatever is said belongs to the one.
        Value::Array(choices) => choices.iter().for_each(|one| choice(one, heard)),
        one @ Value::Object(_) => choice(one, heard),
        // Beside no choices a bare message is what the server says of itself, not what the model says.
        _ if chunk["message"].is_string() || reason::of_error(chunk).is_some() => {}
        _ => choice(chunk, heard),
    }
}

fn usage(from: &Value, heard: &mut Heard) {
    for counted in [&from["usage"], &from["x_groq"]["usage"]] {
        let input = either(counted, "prompt_tokens", "input_tokens");
        let output = either(counted, "completion_tokens", "output_tokens");
        heard.count(input, output);
    }
}

fn either<'a>(of: &'a Value, name: &str, other: &str) -> &'a Value {
    match &of[name] {
        Value::Null => &of[other],
        found => found,
    }
}

fn choice(choice: &Value, heard: &mut Heard) {
    usage(choice, heard);
    if !choice["delta"].is_null() {
        message(&choice["delta"], heard);
    } else if !choice["message"].is_null() {
        whole(choice, heard);
    } else if let Some(text) = choice["text"].as_str() {
        heard.text(text);
    }
    if let Some(error) = reason::of_error(choice) {
        heard.failed(error);
    }
    for name in ENDS {
        if let Some(reason) = choice[name].as_str() {
            heard.ended(reason);
        }
    }
}

/// A message, where a delta is usual: the whole answer, a further stretch of it, or all of it so far once more.
fn whole(choice: &Value, heard: &mut Heard) {
    let told = &choice["message"];
    let text = plain(&told["content"]);
    if text.is_empty() || !heard.has_spoken() {
        heard.by_messages();
        return message(told, heard);
    }
    let ends = ENDS.iter().any(|name| choice[*name].is_string());
    if let Some(new) = heard.new_in(&text, ends) {
        heard.text(new);
    }
}

/// What a delta or a message says.
fn message(told: &Value, heard: &mut Heard) {
    let thought = THINKING.iter().map(|name| plain(&told[*name]));
    if let Some(thought) = thought.into_iter().find(|thought| !thought.is_empty()) {
        heard.thought(&thought);
    }
    match told {
        Value::String(text) => heard.text(text),
        told => content(&told["content"], heard),
    }
    if let Some(refusal) = told["refusal"].as_str() {
        heard.refusal(refusal);
    }
}

/// Content is text, a part, or a list of parts, of which some think.
fn content(told: &Value, heard: &mut Heard) {
    match told {
        Value::String(text) => heard.text(text),
        Value::Array(parts) => parts.iter().for_each(|part| content(part, heard)),
        Value::Object(_) => {
            let kind = told["type"].as_str().unwrap_or_default();
            let thinks = kind.contains("think") || kind.contains("reason");
            let thought = plain(&told["thinking"]);
            if thinks || !thought.is_empty() {
                let thought = match thought.is_empty() {
                    true => plain(told),
                    false => thought,
                };
                heard.thought(&thought);
            } else if let Some(refusal) = told["refusal"].as_str() {
                heard.refusal(refusal);
            } else {
                heard.text(&plain(told));
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The text in a value, whatever holds it.
fn plain(told: &Value) -> String {
    match told {
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts.iter().map(plain).collect(),
        Value::Object(fields) => {
            let names = [
                "text",
                "content",
                "value",
                "summary",
                "thinking",
                "reasoning",
            ];
            let texts = names.iter().filter_map(|name| fields.get(*name)).map(plain);
            texts
                .into_iter()
                .find(|text| !text.is_empty())
                .unwrap_or_default()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => String::new(),
    }
}

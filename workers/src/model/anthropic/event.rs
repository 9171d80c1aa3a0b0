//! What is understood of an event, or of a whole answer. Everything else is passed over, as clients are told to do.

use serde_json::Value;

use crate::model::heard::Heard;
use crate::model::hearing::Hearing;

/// What hears the events of one answer.
pub(in crate::model) fn events(limit: Option<u32>) -> Hearing {
    Hearing::new(limit, read)
}

/// The fields decide: the type of an event says no more than they do, but at the end.
fn read(event: &Value, heard: &mut Heard) {
    let begun = &event["message"];
    // What it counts of the output here is the beginning alone.
    heard.count(&begun["usage"]["input_tokens"], &Value::Null);
    heard.count(
        &event["usage"]["input_tokens"],
        &event["usage"]["output_tokens"],
    );
    for blocks in [&begun["content"], &event["content"]] {
        match blocks {
            Value::Array(blocks) => blocks.iter().for_each(|one| block(one, heard)),
            one => block(one, heard),
        }
    }
    block(&event["content_block"], heard);
    block(&event["delta"], heard);
    for place in [begun, event, &event["delta"]] {
        if let Some(reason) = place["stop_reason"].as_str() {
            heard.ended(reason);
        }
    }
    if event["type"] == "message_stop" {
        heard.close();
    }
}

/// A block of content, or a stretch of one.
fn block(told: &Value, heard: &mut Heard) {
    if let Some(text) = told.as_str() {
        return heard.text(text);
    }
    if let Some(thought) = told["thinking"].as_str() {
        heard.thought(thought);
    }
    if let Some(text) = told["text"].as_str() {
        heard.text(text);
    }
}

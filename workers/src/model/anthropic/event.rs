//! Decodes an event or a whole response. Everything unknown is ignored, as the documentation asks clients to do.

use serde_json::Value;

use crate::model::answer::AnswerBuilder;
use crate::model::decoder::ResponseDecoder;

/// A decoder for one response.
pub(in crate::model) fn decoder(limit: Option<u32>) -> ResponseDecoder {
    ResponseDecoder::new(limit, read_event)
}

/// The fields decide; the type of an event only matters at the end.
fn read_event(event: &Value, answer: &mut AnswerBuilder) {
    let message = &event["message"];
    // Its count of output tokens only covers the start.
    answer.record_usage(&message["usage"]["input_tokens"], &Value::Null);
    answer.record_usage(
        &event["usage"]["input_tokens"],
        &event["usage"]["output_tokens"],
    );
    for blocks in [&message["content"], &event["content"]] {
        match blocks {
            Value::Array(blocks) => blocks.iter().for_each(|block| read_block(block, answer)),
            block => read_block(block, answer),
        }
    }
    read_block(&event["content_block"], answer);
    read_block(&event["delta"], answer);
    for object in [message, event, &event["delta"]] {
        if let Some(reason) = object["stop_reason"].as_str() {
            answer.record_finish_reason(reason);
        }
    }
    if event["type"] == "message_stop" {
        answer.close();
    }
}

/// A block of content, or a delta of one.
fn read_block(block: &Value, answer: &mut AnswerBuilder) {
    if let Some(text) = block.as_str() {
        return answer.push_text(text);
    }
    if let Some(reasoning) = block["thinking"].as_str() {
        answer.push_reasoning(reasoning);
    }
    if let Some(text) = block["text"].as_str() {
        answer.push_text(text);
    }
}

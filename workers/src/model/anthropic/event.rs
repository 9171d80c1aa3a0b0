//! What is streamed, to pieces.

use domain::response::FinishReason;
use serde::Deserialize;
use serde_json::Value;

use crate::model::heard::{Heard, broken_off, count, heard};
use crate::model::remote::Hearing;
use crate::model::{ModelError, Piece};

#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Event {
    MessageStart {
        message: Begun,
    },
    ContentBlockDelta {
        delta: Delta,
    },
    MessageDelta {
        delta: Ending,
        #[serde(default)]
        usage: Counted,
    },
    MessageStop,
    Error {
        error: Value,
    },
    /// Pings, the edges of blocks, and what is new: clients are told to pass it over.
    #[serde(other)]
    Other,
}

#[derive(Debug, Deserialize)]
struct Begun {
    #[serde(default)]
    usage: Counted,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "type")]
enum Delta {
    #[serde(rename = "text_delta")]
    Text { text: String },
    #[serde(rename = "thinking_delta")]
    Thinking { thinking: String },
    #[serde(other)]
    Other,
}

#[derive(Debug, Deserialize)]
struct Ending {
    stop_reason: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
struct Counted {
    #[serde(default, deserialize_with = "count")]
    input_tokens: Option<i64>,
    #[serde(default, deserialize_with = "count")]
    output_tokens: Option<i64>,
}

/// The events of one answer.
#[derive(Debug)]
pub(in crate::model) struct Events(Heard);

impl Events {
    pub fn new(limit: Option<u32>) -> Self {
        Self(Heard::new(limit))
    }
}

impl Hearing for Events {
    fn hear(&mut self, data: &str) -> Result<Vec<Piece>, ModelError> {
        let piece = match heard(data)? {
            Event::MessageStart { message } => {
                // What it counts of the output here is the beginning alone.
                self.0.count(message.usage.input_tokens, None);
                None
            }
            Event::ContentBlockDelta { delta } => match delta {
                Delta::Text { text } => Some(Piece::Text(text)),
                Delta::Thinking { thinking } => Some(Piece::Reasoning(thinking)),
                Delta::Other => None,
            },
            Event::MessageDelta { delta, usage } => {
                self.0.count(usage.input_tokens, usage.output_tokens);
                if let Some(reason) = delta.stop_reason {
                    self.0.finish(match reason.as_str() {
                        "max_tokens" | "model_context_window_exceeded" => FinishReason::Length,
                        "tool_use" => FinishReason::ToolCalls,
                        "refusal" => FinishReason::ContentFilter,
                        _ => FinishReason::Stop,
                    });
                }
                None
            }
            Event::MessageStop => return self.end(),
            Event::Error { error } => {
                return Err(broken_off(&serde_json::json!({"error": error})));
            }
            Event::Other => None,
        };
        let said = |piece: &Piece| !matches!(piece, Piece::Text(text) | Piece::Reasoning(text) if text.is_empty());
        self.0.pieces(piece.into_iter().filter(said).collect())
    }

    fn end(&mut self) -> Result<Vec<Piece>, ModelError> {
        self.0.end()
    }
}

#[cfg(test)]
mod tests {
    use domain::response::Usage;

    use super::*;

    fn heard_all(events: &[&str]) -> Result<Vec<Piece>, ModelError> {
        let mut hearing = Events::new(None);
        let mut pieces = Vec::new();
        for event in events {
            pieces.extend(hearing.hear(event)?);
        }
        Ok(pieces)
    }

    #[test]
    fn text_thinking_and_the_end_become_pieces() {
        let pieces = heard_all(&[
            r#"{"type":"message_start","message":{"id":"msg_1","usage":{"input_tokens":25,"output_tokens":1}}}"#,
            r#"{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":""}}"#,
            r#"{"type":"ping"}"#,
            r#"{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"hm"}}"#,
            r#"{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"x"}}"#,
            r#"{"type":"content_block_stop","index":0}"#,
            r#"{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"Hello"}}"#,
            r#"{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":""}}"#,
            r#"{"type":"message_delta","delta":{"stop_reason":"max_tokens","stop_sequence":null},"usage":{"output_tokens":15}}"#,
            r#"{"type":"message_stop"}"#,
        ]);
        let finished = Piece::Finished {
            reason: FinishReason::Length,
            usage: Usage {
                input_tokens: 25,
                output_tokens: 15,
            },
        };
        let counted = |output_tokens| {
            Piece::Counted(Usage {
                input_tokens: 25,
                output_tokens,
            })
        };
        assert_eq!(
            pieces.unwrap(),
            [
                // Of the beginning: what is billed even where nothing follows.
                counted(0),
                Piece::Reasoning("hm".into()),
                Piece::Text("Hello".into()),
                counted(15),
                finished
            ]
        );
    }

    #[test]
    fn errors_in_the_midst_and_what_is_malformed_are_errors() {
        let overloaded =
            r#"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#;
        assert!(
            heard_all(&[overloaded])
                .unwrap_err()
                .detail
                .contains("Overloaded")
        );
        for data in ["", "{", "[]", r#"{"type":"content_block_delta"}"#, "{}"] {
            assert!(heard_all(&[data]).is_err(), "{data:?}");
        }
        assert!(heard_all(&[r#"{"type":"message_stop"}"#]).is_err());
    }
}

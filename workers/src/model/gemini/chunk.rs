//! What is streamed, to pieces.

use domain::response::FinishReason;
use serde::Deserialize;
use serde_json::Value;

use crate::model::heard::{Heard, broken_off, count, heard};
use crate::model::remote::Hearing;
use crate::model::{ModelError, Piece};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Chunk {
    #[serde(default)]
    candidates: Vec<Candidate>,
    prompt_feedback: Option<Feedback>,
    usage_metadata: Option<Counted>,
    error: Option<Value>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Candidate {
    content: Option<Content>,
    finish_reason: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Content {
    #[serde(default)]
    parts: Vec<Part>,
}

#[derive(Debug, Deserialize)]
struct Part {
    text: Option<String>,
    /// Whether it is a thought, and no part of the answer.
    #[serde(default)]
    thought: bool,
}

/// Why a question was not answered at all.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Feedback {
    block_reason: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Counted {
    #[serde(default, deserialize_with = "count")]
    prompt_token_count: Option<i64>,
    #[serde(default, deserialize_with = "count")]
    candidates_token_count: Option<i64>,
    /// Paid for as the answer is.
    #[serde(default, deserialize_with = "count")]
    thoughts_token_count: Option<i64>,
}

impl Counted {
    fn output(&self) -> Option<i64> {
        let thoughts = self.thoughts_token_count.unwrap_or(0);
        self.candidates_token_count
            .map(|tokens| tokens.saturating_add(thoughts))
    }
}

/// The chunks of one answer; the stream simply ends after the last one.
#[derive(Debug)]
pub(in crate::model) struct Chunks(Heard);

impl Chunks {
    pub fn new(limit: Option<u32>) -> Self {
        Self(Heard::new(limit))
    }
}

impl Hearing for Chunks {
    fn hear(&mut self, data: &str) -> Result<Vec<Piece>, ModelError> {
        let chunk: Chunk = heard(data)?;
        if let Some(error) = chunk.error {
            return Err(broken_off(&serde_json::json!({"error": error})));
        }
        if let Some(counted) = chunk.usage_metadata {
            self.0.count(counted.prompt_token_count, counted.output());
        }
        if chunk
            .prompt_feedback
            .is_some_and(|feedback| feedback.block_reason.is_some())
        {
            self.0.finish(FinishReason::ContentFilter);
        }
        let Some(candidate) = chunk.candidates.into_iter().next() else {
            return Ok(vec![]);
        };
        let parts = candidate.content.map(|content| content.parts);
        let pieces = parts.into_iter().flatten().filter_map(|part| {
            let text = part.text.filter(|text| !text.is_empty())?;
            Some(match part.thought {
                true => Piece::Reasoning(text),
                false => Piece::Text(text),
            })
        });
        let pieces = pieces.collect();
        if let Some(reason) = candidate.finish_reason {
            self.0.finish(match reason.as_str() {
                "MAX_TOKENS" => FinishReason::Length,
                "SAFETY" | "RECITATION" | "BLOCKLIST" | "PROHIBITED_CONTENT" | "SPII"
                | "LANGUAGE" => FinishReason::ContentFilter,
                _ => FinishReason::Stop,
            });
        }
        self.0.pieces(pieces)
    }

    fn end(&mut self) -> Result<Vec<Piece>, ModelError> {
        self.0.end()
    }
}

#[cfg(test)]
mod tests {
    use domain::response::Usage;

    use super::*;

    /// An answer in the form of the interface's own documentation, thoughts included.
    const SAMPLE: &str = include_str!("sample.txt");

    fn finished(reason: FinishReason, input_tokens: u64, output_tokens: u64) -> Piece {
        let usage = Usage {
            input_tokens,
            output_tokens,
        };
        Piece::Finished { reason, usage }
    }

    #[test]
    fn an_answer_in_its_form_becomes_pieces() {
        let mut chunks = Chunks::new(None);
        let mut pieces = Vec::new();
        for line in SAMPLE.lines() {
            if let Some(data) = line.strip_prefix("data: ") {
                pieces.extend(chunks.hear(data).unwrap());
            }
        }
        pieces.extend(chunks.end().unwrap());
        let counted = |output_tokens| {
            Piece::Counted(Usage {
                input_tokens: 4,
                output_tokens,
            })
        };
        assert_eq!(
            pieces,
            [
                Piece::Reasoning("The user greets me.".into()),
                counted(1),
                Piece::Text("Hello".into()),
                counted(21),
                Piece::Text(" there!".into()),
                counted(27),
                finished(FinishReason::Stop, 4, 27),
            ]
        );
    }

    #[test]
    fn what_is_blocked_cut_off_or_malformed_says_so() {
        let mut chunks = Chunks::new(None);
        let blocked =
            r#"{"promptFeedback":{"blockReason":"SAFETY"},"usageMetadata":{"promptTokenCount":4}}"#;
        assert_eq!(chunks.hear(blocked).unwrap(), []);
        assert_eq!(
            chunks.end().unwrap(),
            [finished(FinishReason::ContentFilter, 4, 0)]
        );
        let error =
            r#"{"error":{"code":503,"message":"The model is overloaded.","status":"UNAVAILABLE"}}"#;
        assert!(
            Chunks::new(None)
                .hear(error)
                .unwrap_err()
                .detail
                .contains("overloaded")
        );
        for data in ["", "[]", r#"{"candidates":5}"#] {
            assert!(Chunks::new(None).hear(data).is_err(), "{data:?}");
        }
        assert!(Chunks::new(None).end().is_err());
    }
}

//! What a provider streams, to pieces. Nothing it sends is believed without a look.

use domain::response::{FinishReason, Usage};
use serde::Deserialize;

use crate::model::{ModelError, Piece};

const DONE: &str = "[DONE]";
/// More tokens than any answer has.
const ABSURD: i64 = 100_000_000;

#[derive(Debug, Deserialize)]
struct Chunk {
    #[serde(default)]
    choices: Vec<Choice>,
    usage: Option<Counted>,
    error: Option<serde_json::Value>,
}

#[derive(Debug, Deserialize)]
struct Choice {
    delta: Option<Delta>,
    finish_reason: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Delta {
    content: Option<String>,
    #[serde(alias = "reasoning_content")]
    reasoning: Option<String>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
struct Counted {
    #[serde(default)]
    prompt_tokens: i64,
    #[serde(default)]
    completion_tokens: i64,
}

/// The chunks of one answer.
#[derive(Debug)]
pub(super) struct Chunks {
    limit: Option<u32>,
    said: u32,
    reason: Option<FinishReason>,
    usage: Option<Counted>,
}

impl Chunks {
    pub fn new(limit: Option<u32>) -> Self {
        Self {
            limit,
            said: 0,
            reason: None,
            usage: None,
        }
    }

    /// The pieces of one event; the last one is the end.
    pub fn hear(&mut self, data: &str) -> Result<Vec<Piece>, ModelError> {
        if data.trim() == DONE {
            return self.end();
        }
        let chunk: Chunk = serde_json::from_str(data).map_err(|error| {
            ModelError::provider(format!("it sent what is no chunk of an answer: {error}"))
        })?;
        if let Some(error) = chunk.error {
            let told = error["message"].as_str().unwrap_or("without a reason");
            let told: String = told.chars().filter(|c| !c.is_control()).take(500).collect();
            return Err(ModelError::provider(format!("it broke off: {told}")));
        }
        self.usage = chunk.usage.or(self.usage);
        let Some(choice) = chunk.choices.into_iter().next() else {
            return Ok(vec![]);
        };
        let mut pieces = Vec::new();
        if let Some(delta) = choice.delta {
            let heard = |text: Option<String>| text.filter(|text| !text.is_empty());
            pieces.extend(heard(delta.reasoning).map(Piece::Reasoning));
            pieces.extend(heard(delta.content).map(Piece::Text));
        }
        self.said += u32::try_from(pieces.len()).unwrap_or(0);
        if let Some(reason) = choice.finish_reason {
            self.reason = Some(match reason.as_str() {
                "length" => FinishReason::Length,
                "tool_calls" | "function_call" => FinishReason::ToolCalls,
                "content_filter" => FinishReason::ContentFilter,
                _ => FinishReason::Stop,
            });
        }
        if self.limit.is_some_and(|limit| self.said > limit) {
            // It goes on beyond what it was allowed: every piece is a token at least.
            self.reason = Some(FinishReason::Length);
            pieces.extend(self.end()?);
        }
        Ok(pieces)
    }

    /// The end, where a reason was given before.
    pub fn end(&mut self) -> Result<Vec<Piece>, ModelError> {
        let reason = self
            .reason
            .ok_or_else(|| ModelError::provider("it ended without saying why"))?;
        let counted = |tokens: i64| u64::try_from(tokens.clamp(0, ABSURD)).unwrap_or(0);
        let usage = self.usage.map_or(
            Usage {
                input_tokens: 0,
                output_tokens: u64::from(self.said),
            },
            |usage| Usage {
                input_tokens: counted(usage.prompt_tokens),
                output_tokens: counted(usage.completion_tokens),
            },
        );
        Ok(vec![Piece::Finished { reason, usage }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(content: &str) -> String {
        format!(r#"{{"choices":[{{"delta":{{"content":"{content}"}},"finish_reason":null}}]}}"#)
    }

    const STOP: &str = r#"{"choices":[{"delta":{},"finish_reason":"stop"}]}"#;

    fn finished(reason: FinishReason, input_tokens: u64, output_tokens: u64) -> Piece {
        Piece::Finished {
            reason,
            usage: Usage {
                input_tokens,
                output_tokens,
            },
        }
    }

    #[test]
    fn text_reasoning_and_the_end_become_pieces() {
        let mut chunks = Chunks::new(None);
        assert_eq!(chunks.hear(&text("a")).unwrap(), [Piece::Text("a".into())]);
        let reasoning = r#"{"choices":[{"delta":{"reasoning_content":"hm","content":""}}]}"#;
        assert_eq!(
            chunks.hear(reasoning).unwrap(),
            [Piece::Reasoning("hm".into())]
        );
        assert_eq!(chunks.hear(STOP).unwrap(), []);
        let usage = r#"{"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":2}}"#;
        assert_eq!(chunks.hear(usage).unwrap(), []);
        assert_eq!(
            chunks.hear(DONE).unwrap(),
            [finished(FinishReason::Stop, 7, 2)]
        );
    }

    #[test]
    fn absurd_counts_are_clamped_and_missing_ones_counted() {
        let mut chunks = Chunks::new(None);
        chunks.hear(&text("a")).unwrap();
        chunks.hear(STOP).unwrap();
        assert_eq!(chunks.end().unwrap(), [finished(FinishReason::Stop, 0, 1)]);
        let usage = r#"{"usage":{"prompt_tokens":-5,"completion_tokens":9000000000000}}"#;
        chunks.hear(usage).unwrap();
        assert_eq!(
            chunks.end().unwrap(),
            [finished(FinishReason::Stop, 0, 100_000_000)]
        );
    }

    #[test]
    fn what_is_malformed_or_unfinished_is_an_error_and_no_panic() {
        for data in [
            "",
            "{",
            "[]",
            "null",
            "<html>",
            r#"{"choices":{}}"#,
            r#"{"choices":[{"delta":5}]}"#,
        ] {
            assert!(Chunks::new(None).hear(data).is_err(), "{data:?}");
        }
        let failed = r#"{"error":{"message":"overloaded"}}"#;
        assert!(
            Chunks::new(None)
                .hear(failed)
                .unwrap_err()
                .detail
                .contains("overloaded")
        );
        assert!(Chunks::new(None).end().is_err());
        assert!(Chunks::new(None).hear(DONE).is_err());
    }

    #[test]
    fn an_answer_beyond_its_limit_is_cut_off() {
        let mut chunks = Chunks::new(Some(1));
        chunks.hear(&text("a")).unwrap();
        let last = chunks.hear(&text("b")).unwrap();
        assert_eq!(last[1], finished(FinishReason::Length, 0, 2));
    }
}

//! What a provider streams, to pieces. Nothing it sends is believed without a look.

use domain::response::FinishReason;
use serde::Deserialize;

use crate::model::heard::{Heard, broken_off, count, heard};
use crate::model::remote::Hearing;
use crate::model::{ModelError, Piece};

const DONE: &str = "[DONE]";

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
    #[serde(default, deserialize_with = "count")]
    prompt_tokens: Option<i64>,
    #[serde(default, deserialize_with = "count")]
    completion_tokens: Option<i64>,
}

/// The chunks of one answer.
#[derive(Debug)]
pub(in crate::model) struct Chunks(Heard);

impl Chunks {
    pub fn new(limit: Option<u32>) -> Self {
        Self(Heard::new(limit))
    }
}

impl Hearing for Chunks {
    fn hear(&mut self, data: &str) -> Result<Vec<Piece>, ModelError> {
        if data.trim() == DONE {
            return self.end();
        }
        let chunk: Chunk = heard(data)?;
        if let Some(error) = chunk.error {
            return Err(broken_off(&serde_json::json!({"error": error})));
        }
        if let Some(counted) = chunk.usage {
            self.0
                .count(counted.prompt_tokens, counted.completion_tokens);
        }
        let Some(choice) = chunk.choices.into_iter().next() else {
            return Ok(vec![]);
        };
        let mut pieces = Vec::new();
        if let Some(delta) = choice.delta {
            let said = |text: Option<String>| text.filter(|text| !text.is_empty());
            pieces.extend(said(delta.reasoning).map(Piece::Reasoning));
            pieces.extend(said(delta.content).map(Piece::Text));
        }
        if let Some(reason) = choice.finish_reason {
            self.0.finish(match reason.as_str() {
                "length" => FinishReason::Length,
                "tool_calls" | "function_call" => FinishReason::ToolCalls,
                "content_filter" => FinishReason::ContentFilter,
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
        for absurd in [
            "9999999999999999999",
            "1e25",
            "99999999999999999999999",
            "9.5e9",
        ] {
            let usage = format!(r#"{{"usage":{{"prompt_tokens":{absurd}}}}}"#);
            chunks.hear(&usage).unwrap();
            let ended = chunks.end().unwrap();
            let wanted = [finished(FinishReason::Stop, 100_000_000, 100_000_000)];
            assert_eq!(ended, wanted, "{absurd}");
        }
        for strange in [r#""many""#, "null", "[]", "-1e25"] {
            let mut chunks = Chunks::new(None);
            chunks.hear(STOP).unwrap();
            let usage = format!(r#"{{"usage":{{"prompt_tokens":{strange}}}}}"#);
            chunks.hear(&usage).unwrap();
            assert_eq!(chunks.end().unwrap(), [finished(FinishReason::Stop, 0, 0)]);
        }
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

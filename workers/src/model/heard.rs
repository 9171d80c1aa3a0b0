//! What is known of an answer while it is heard, whatever language it comes in.

use domain::response::{FinishReason, Usage};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::wire::told_error;
use super::{ModelError, Piece};

/// More tokens than any answer has.
const ABSURD: i64 = 100_000_000;

/// A count as a provider sends it. What is no number is none, and no number makes an answer fail: absurd ones are
/// clamped where they are used.
pub(super) fn count<'de, D: Deserializer<'de>>(from: D) -> Result<Option<i64>, D::Error> {
    let value = Option::<Value>::deserialize(from)?;
    Ok(value.as_ref().and_then(|value| match value.as_i64() {
        Some(count) => Some(count),
        None => value.as_f64().map(|count| {
            if count > 0.0 {
                ABSURD.min(whole(count))
            } else {
                0
            }
        }),
    }))
}

/// The whole part of a number above 0.
#[expect(
    clippy::cast_possible_truncation,
    reason = "what is too large becomes the largest number"
)]
fn whole(count: f64) -> i64 {
    count as i64
}

/// Pieces, tokens and the reason of the end.
#[derive(Debug)]
pub(super) struct Heard {
    limit: Option<u32>,
    said: u32,
    reason: Option<FinishReason>,
    input: Option<i64>,
    output: Option<i64>,
    /// Whether something was counted that no piece has told yet.
    counted: bool,
}

impl Heard {
    pub fn new(limit: Option<u32>) -> Self {
        Self {
            limit,
            said: 0,
            reason: None,
            input: None,
            output: None,
            counted: false,
        }
    }

    /// What the provider counts; a later count takes the place of an earlier one.
    pub fn count(&mut self, input: Option<i64>, output: Option<i64>) {
        self.input = input.or(self.input);
        self.output = output.or(self.output);
        self.counted = true;
    }

    pub fn finish(&mut self, reason: FinishReason) {
        self.reason = Some(reason);
    }

    fn usage(&self) -> Usage {
        let counted = |tokens: i64| u64::try_from(tokens.clamp(0, ABSURD)).unwrap_or(0);
        Usage {
            input_tokens: self.input.map_or(0, counted),
            output_tokens: self.output.map_or(u64::from(self.said), counted),
        }
    }

    /// Takes pieces. One that goes on beyond what it was allowed is cut off: every piece is a token at least.
    pub fn pieces(&mut self, mut pieces: Vec<Piece>) -> Result<Vec<Piece>, ModelError> {
        let new = u32::try_from(pieces.len()).unwrap_or(u32::MAX);
        self.said = self.said.saturating_add(new);
        if self.limit.is_some_and(|limit| self.said > limit) {
            self.reason = Some(FinishReason::Length);
            pieces.extend(self.end()?);
        } else if std::mem::take(&mut self.counted) {
            // Kept where the answer breaks off: the provider bills it all the same.
            pieces.push(Piece::Counted(self.usage()));
        }
        Ok(pieces)
    }

    /// The end, where a reason was given before.
    pub fn end(&mut self) -> Result<Vec<Piece>, ModelError> {
        let reason = self
            .reason
            .ok_or_else(|| ModelError::provider("it ended without saying why"))?;
        let usage = self.usage();
        Ok(vec![Piece::Finished { reason, usage }])
    }
}

/// An event's data, in the shape that is due.
pub(super) fn heard<T: DeserializeOwned>(data: &str) -> Result<T, ModelError> {
    serde_json::from_str(data).map_err(|error| {
        ModelError::provider(format!("it sent what is no chunk of an answer: {error}"))
    })
}

/// An error in the midst of an answer.
pub(super) fn broken_off(told: &Value) -> ModelError {
    let why = told_error(told).unwrap_or_else(|| "without a reason".to_owned());
    ModelError::provider(format!("it broke off: {why}"))
}

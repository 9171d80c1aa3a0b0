//! The port to models: a prompt in, a stream of pieces out.

mod anthropic;
mod ending;
mod events;
mod gemini;
pub mod guide;
mod heard;
mod hearing;
mod lenient;
pub(crate) mod listed;
mod openai;
mod reason;
#[cfg(test)]
mod recorded;
mod remote;
mod terms;
mod thinking;
pub(crate) mod wire;

use domain::response::{Citation, FailureCode, FinishReason, Prompt, Usage};
use eventstore::Transient;
use futures_util::stream::BoxStream;

pub(crate) use self::heard::tokens;
pub use self::remote::Remote;
pub use self::terms::{Known, Terms, Times};

/// A piece of what a model says.
#[derive(Debug, Clone, PartialEq)]
pub enum Piece {
    Text(String),
    Reasoning(String),
    /// All of the text so far was thinking: a tag that ends it came without one that begins it.
    WasThinking,
    Citation(Citation),
    /// Fields that the model is not asked with, because its provider does not take them.
    LeftOut(Vec<String>),
    /// What the provider has counted so far.
    Counted(Usage),
    /// The last one.
    Finished {
        reason: FinishReason,
        usage: Usage,
    },
}

/// Why a model did not answer to its end.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct ModelError {
    pub code: FailureCode,
    /// For the person who asked; never a key.
    pub detail: String,
    /// The database was away while the model was looked up.
    passing: bool,
}

impl Transient for ModelError {
    fn is_transient(&self) -> bool {
        self.passing
    }
}

impl ModelError {
    pub fn new(code: FailureCode, detail: impl Into<String>) -> Self {
        Self {
            code,
            detail: detail.into(),
            passing: false,
        }
    }

    /// The model could not be looked up; later it may.
    pub(crate) fn passing(detail: impl Into<String>) -> Self {
        Self {
            passing: true,
            ..Self::new(FailureCode::Internal, detail)
        }
    }

    /// The provider did not answer as it should.
    pub fn provider(detail: impl Into<String>) -> Self {
        Self::new(FailureCode::ProviderError, detail)
    }

    pub fn timeout(detail: impl Into<String>) -> Self {
        Self::new(FailureCode::ProviderTimeout, detail)
    }
}

/// A model that chats.
pub trait ChatModel: Send + Sync {
    fn stream(&self, prompt: Prompt) -> BoxStream<'static, Result<Piece, ModelError>>;
}

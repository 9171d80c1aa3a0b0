//! The port to models: takes a prompt, returns a stream of events.

mod abilities;
mod answer;
mod anthropic;
mod decoder;
mod error_message;
mod finish_reason;
mod gemini;
pub mod guide;
mod images;
mod lenient;
pub(crate) mod model_list;
mod openai;
mod policy;
mod reasoning;
#[cfg(test)]
mod recordings;
mod remote;
mod restrictions;
mod sse;
pub(crate) mod wire;

use domain::response::{Citation, FailureCode, FinishReason, Prompt, Usage};
use eventstore::Transient;
use futures_util::stream::BoxStream;

pub(crate) use self::answer::estimate_tokens;
pub use self::policy::{CallPolicy, Timeouts};
pub use self::remote::RemoteModel;
pub use self::restrictions::RestrictionCache;

/// An event of an answer that is streamed.
#[derive(Debug, Clone, PartialEq)]
pub enum ModelEvent {
    Text(String),
    Reasoning(String),
    /// All text so far was reasoning: a closing tag came without an opening one.
    TextWasReasoning,
    Citation(Citation),
    /// Fields that were omitted from the request because the provider rejects them.
    OmittedFields(Vec<String>),
    /// The usage that the provider has reported so far.
    Usage(Usage),
    /// The last event.
    Finished {
        reason: FinishReason,
        usage: Usage,
    },
}

/// Why a model did not complete its answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct ModelError {
    pub code: FailureCode,
    /// For the person who asked; never contains a key.
    pub detail: String,
    /// The database was unavailable while the model was looked up.
    is_transient: bool,
}

impl Transient for ModelError {
    fn is_transient(&self) -> bool {
        self.is_transient
    }
}

impl ModelError {
    pub fn new(code: FailureCode, detail: impl Into<String>) -> Self {
        Self {
            code,
            detail: detail.into(),
            is_transient: false,
        }
    }

    /// The model could not be looked up; a retry may succeed.
    pub(crate) fn transient(detail: impl Into<String>) -> Self {
        Self {
            is_transient: true,
            ..Self::new(FailureCode::Internal, detail)
        }
    }

    /// The provider sent an error or an unexpected response.
    pub fn provider(detail: impl Into<String>) -> Self {
        Self::new(FailureCode::ProviderError, detail)
    }

    pub fn timeout(detail: impl Into<String>) -> Self {
        Self::new(FailureCode::ProviderTimeout, detail)
    }
}

/// A chat model.
pub trait ChatModel: Send + Sync {
    fn stream(&self, prompt: Prompt) -> BoxStream<'static, Result<ModelEvent, ModelError>>;
}

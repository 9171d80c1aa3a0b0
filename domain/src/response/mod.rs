//! Responses: runs in which an assistant answers a message, and the prompts of models.

mod aggregate;
mod budget;
mod commands;
mod error;
mod event;
#[cfg(test)]
mod fixture;
mod history;
mod passages;
mod prompt;
mod quotation;
mod values;

pub use aggregate::Response;
pub use commands::*;
pub use error::ResponseError;
pub use event::ResponseEvent;
pub use history::{AttachedFile, FileContent, HistoryMessage, PromptImage, Speaker};
pub use passages::{PromptPassage, find_citations};
pub use prompt::{MAX_PROMPT_MESSAGES, Prompt, PromptMessage};
pub use values::{
    Answer, AnswerPart, Call, Citation, FailureCode, FinishReason, Usage, answer_text,
};

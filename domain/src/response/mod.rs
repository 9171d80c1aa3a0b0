//! Responses: runs in which an assistant answers a message, and the prompts of models.

mod aggregate;
mod budget;
mod command;
mod error;
mod event;
mod history;
mod passages;
mod prompt;
mod quotation;
#[cfg(test)]
mod tests;
mod values;

pub use aggregate::Response;
pub use command::{Outcome, ResponseCommand};
pub use error::ResponseError;
pub use event::ResponseEvent;
pub use history::{AttachedFile, HistoryMessage, Speaker};
pub use passages::{PromptPassage, find_citations};
pub use prompt::{MAX_PROMPT_MESSAGES, Prompt, PromptMessage};
pub use values::{
    Answer, AnswerPart, Call, Citation, FailureCode, FinishReason, Usage, answer_text,
};

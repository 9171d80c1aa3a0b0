//! Responses: runs in which an assistant answers a message, and the prompts of models.

mod aggregate;
mod attachment;
mod budget;
mod command;
mod error;
mod event;
mod passages;
mod prompt;
mod quotation;
#[cfg(test)]
mod tests;
mod values;

pub use aggregate::Response;
pub use attachment::AttachedFile;
pub use command::{Outcome, ResponseCommand};
pub use error::ResponseError;
pub use event::ResponseEvent;
pub use passages::{PromptPassage, find_citations};
pub use prompt::{HistoryMessage, MAX_PROMPT_MESSAGES, Prompt, PromptMessage, Speaker};
pub use values::{
    Answer, AnswerPart, Call, Citation, FailureCode, FinishReason, Usage, answer_text,
};

//! Responses: one run of an assistant each.

mod aggregate;
mod attached;
mod budget;
mod command;
mod error;
mod event;
mod grounding;
mod prompt;
mod quotation;
#[cfg(test)]
mod tests;
mod values;

pub use aggregate::Response;
pub use attached::Attached;
pub use command::{Outcome, ResponseCommand};
pub use error::ResponseError;
pub use event::ResponseEvent;
pub use grounding::{Grounding, cited};
pub use prompt::{PROMPT_MESSAGES, Prompt, PromptMessage, Speaker, Turn};
pub use values::{Answer, Call, Citation, FailureCode, FinishReason, Part, Usage, answer_text};

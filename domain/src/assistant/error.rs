//! Refusals of an assistant.

use crate::refusal::refusals;
use crate::text::TextFault;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AssistantError {
    #[error("there is no such assistant")]
    NotFound,
    #[error("this assistant exists already")]
    AlreadyCreated,
    #[error("only the owner may change this assistant")]
    NotTheOwner,
    #[error("guests create nothing")]
    GuestsCreateNothing,
    #[error("publishing to everyone takes the role manager or admin")]
    PublishingNotAllowed,
    #[error("the default assistant cannot be deleted")]
    DefaultStays,
    #[error("name {0}")]
    Name(TextFault),
    #[error("description {0}")]
    Description(TextFault),
    #[error("instructions {0}")]
    Instructions(TextFault),
    #[error("model must be `<provider>/<model>`, such as builtin/guide")]
    Model,
    #[error("temperature must lie between 0 and 2")]
    Temperature,
    #[error("max_output_tokens must lie between 1 and 1000000")]
    MaxOutputTokens,
    #[error("there may be at most 20 knowledge bases")]
    KnowledgeBases,
}

refusals!(AssistantError {
    NotFound => "not_found", NotFound;
    AlreadyCreated => "already_created", Conflict;
    NotTheOwner => "not_the_owner", Forbidden;
    GuestsCreateNothing => "guests_create_nothing", Forbidden;
    PublishingNotAllowed => "publishing_not_allowed", Forbidden;
    DefaultStays => "default_assistant", Conflict;
    Name => "invalid_name", Invalid, "/name";
    Description => "invalid_description", Invalid, "/description";
    Instructions => "invalid_instructions", Invalid, "/instructions";
    Model => "invalid_model", Invalid, "/model";
    Temperature => "invalid_temperature", Invalid, "/temperature";
    MaxOutputTokens => "invalid_max_output_tokens", Invalid, "/max_output_tokens";
    KnowledgeBases => "too_many_knowledge_bases", Invalid, "/knowledge_base_ids";
});

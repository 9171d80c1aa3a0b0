//! Why an assistant command is refused.

use crate::refusal::refusals;
use crate::text::TextError;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AssistantError {
    #[error("there is no such assistant")]
    NotFound,
    #[error("this assistant already exists")]
    AlreadyCreated,
    #[error("only the owner may change this assistant")]
    NotOwner,
    #[error("guests cannot create assistants")]
    GuestsCannotCreate,
    #[error("publishing to everyone requires the role manager or admin")]
    PublishingNotAllowed,
    #[error("the default assistant cannot be deleted")]
    DefaultNotDeletable,
    #[error("name {0}")]
    Name(TextError),
    #[error("description {0}")]
    Description(TextError),
    #[error("instructions {0}")]
    Instructions(TextError),
    #[error("model must be `<provider>/<model>`, such as builtin/guide")]
    Model,
    #[error("temperature must be between 0 and 2")]
    Temperature,
    #[error("max_output_tokens must be between 1 and 1000000")]
    MaxOutputTokens,
    #[error("an assistant can have at most 20 knowledge bases")]
    KnowledgeBases,
}

refusals!(AssistantError {
    NotFound => "not_found", NotFound;
    AlreadyCreated => "already_created", Conflict;
    NotOwner => "not_the_owner", Forbidden;
    GuestsCannotCreate => "guests_create_nothing", Forbidden;
    PublishingNotAllowed => "publishing_not_allowed", Forbidden;
    DefaultNotDeletable => "default_assistant", Conflict;
    Name => "invalid_name", Invalid, "/name";
    Description => "invalid_description", Invalid, "/description";
    Instructions => "invalid_instructions", Invalid, "/instructions";
    Model => "invalid_model", Invalid, "/model";
    Temperature => "invalid_temperature", Invalid, "/temperature";
    MaxOutputTokens => "invalid_max_output_tokens", Invalid, "/max_output_tokens";
    KnowledgeBases => "too_many_knowledge_bases", Invalid, "/knowledge_base_ids";
});

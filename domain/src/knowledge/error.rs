//! Why a knowledge base command is refused.

use crate::refusal::refusals;
use crate::text::TextError;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KnowledgeError {
    #[error("there is no such knowledge base")]
    NotFound,
    #[error("this knowledge base already exists")]
    AlreadyCreated,
    #[error("only the owner may change this knowledge base")]
    NotOwner,
    #[error("guests cannot create knowledge bases")]
    GuestsCannotCreate,
    #[error("publishing to everyone requires the role manager or admin")]
    PublishingNotAllowed,
    #[error("name {0}")]
    Name(TextError),
    #[error("description {0}")]
    Description(TextError),
    #[error("a tag {0}")]
    Tags(TextError),
    #[error("a knowledge base can have at most {0} tags")]
    TooManyTags(usize),
    #[error("group_ids must contain at least one group")]
    NoGroups,
    #[error("group_ids requires the visibility groups")]
    UnexpectedGroups,
    #[error("group_ids can contain at most {0} groups")]
    TooManyGroups(usize),
    #[error("chunk_tokens must be between 50 and 4000")]
    ChunkTokens,
    #[error("chunk_overlap must be at most half of chunk_tokens")]
    ChunkOverlap,
}

refusals!(KnowledgeError {
    NotFound => "not_found", NotFound;
    AlreadyCreated => "already_created", Conflict;
    NotOwner => "not_the_owner", Forbidden;
    GuestsCannotCreate => "guests_create_nothing", Forbidden;
    PublishingNotAllowed => "publishing_not_allowed", Forbidden;
    Name => "invalid_name", Invalid, "/name";
    Description => "invalid_description", Invalid, "/description";
    Tags => "invalid_tags", Invalid, "/tags";
    TooManyTags => "too_many_tags", Invalid, "/tags";
    NoGroups => "no_groups", Invalid, "/group_ids";
    UnexpectedGroups => "groups_not_meant", Invalid, "/group_ids";
    TooManyGroups => "too_many_groups", Invalid, "/group_ids";
    ChunkTokens => "invalid_chunk_tokens", Invalid, "/chunk_tokens";
    ChunkOverlap => "invalid_chunk_overlap", Invalid, "/chunk_overlap";
});

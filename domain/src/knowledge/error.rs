//! Refusals of a knowledge base.

use crate::refusal::refusals;
use crate::text::TextFault;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KnowledgeError {
    #[error("there is no such knowledge base")]
    NotFound,
    #[error("this knowledge base exists already")]
    AlreadyCreated,
    #[error("only the owner may change this knowledge base")]
    NotTheOwner,
    #[error("guests create nothing")]
    GuestsCreateNothing,
    #[error("publishing to everyone takes the role manager or admin")]
    PublishingNotAllowed,
    #[error("name {0}")]
    Name(TextFault),
    #[error("description {0}")]
    Description(TextFault),
    #[error("a tag {0}")]
    Tags(TextFault),
    #[error("there may be at most {0} tags")]
    TooManyTags(usize),
    #[error("group_ids must name at least one group")]
    NoGroups,
    #[error("group_ids go with the visibility groups")]
    GroupsNotMeant,
    #[error("group_ids must name at most {0} groups")]
    TooManyGroups(usize),
    #[error("chunk_tokens must lie between 50 and 4000")]
    ChunkTokens,
    #[error("chunk_overlap must be at most half of chunk_tokens")]
    ChunkOverlap,
}

refusals!(KnowledgeError {
    NotFound => "not_found", NotFound;
    AlreadyCreated => "already_created", Conflict;
    NotTheOwner => "not_the_owner", Forbidden;
    GuestsCreateNothing => "guests_create_nothing", Forbidden;
    PublishingNotAllowed => "publishing_not_allowed", Forbidden;
    Name => "invalid_name", Invalid, "/name";
    Description => "invalid_description", Invalid, "/description";
    Tags => "invalid_tags", Invalid, "/tags";
    TooManyTags => "too_many_tags", Invalid, "/tags";
    NoGroups => "no_groups", Invalid, "/group_ids";
    GroupsNotMeant => "groups_not_meant", Invalid, "/group_ids";
    TooManyGroups => "too_many_groups", Invalid, "/group_ids";
    ChunkTokens => "invalid_chunk_tokens", Invalid, "/chunk_tokens";
    ChunkOverlap => "invalid_chunk_overlap", Invalid, "/chunk_overlap";
});

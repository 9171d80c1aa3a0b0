//! Why a conversation command is refused.

use crate::refusal::refusals;
use crate::text::TextError;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConversationError {
    #[error("there is no such conversation")]
    NotFound,
    #[error("this conversation already exists")]
    AlreadyStarted,
    #[error("the conversation is archived; unarchive it to continue")]
    Archived,
    #[error("the conversation is in the trash; restore it to continue")]
    Trashed,
    #[error("the conversation is not in the trash")]
    NotTrashed,
    #[error("parent_id is not a message of this conversation")]
    UnknownParent,
    #[error("there is no such message")]
    UnknownMessage,
    #[error("message_id is not a message of this conversation")]
    NotInConversation,
    #[error("only a message that a person wrote can be edited")]
    NotEditable,
    #[error("only an answer to a question can be regenerated")]
    NotAnAnswer,
    #[error("only an answer can be rated")]
    NotRatable,
    #[error("content {0}")]
    Content(TextError),
    #[error("a message can have at most 20 attachments")]
    Attachments,
    #[error("title {0}")]
    Title(TextError),
    #[error("the conversation was not imported")]
    NotImported,
}

refusals!(ConversationError {
    NotFound => "not_found", NotFound;
    AlreadyStarted => "already_started", Conflict;
    Archived => "archived", Conflict;
    Trashed => "trashed", Conflict;
    NotTrashed => "not_trashed", Conflict;
    UnknownParent => "unknown_parent", Invalid, "/parent_id";
    UnknownMessage => "not_found", NotFound;
    NotInConversation => "unknown_message", Invalid, "/message_id";
    NotEditable => "not_editable", Conflict;
    NotAnAnswer => "not_an_answer", Conflict;
    NotRatable => "not_an_answer", Conflict;
    Content => "invalid_content", Invalid, "/content";
    Attachments => "too_many_attachments", Invalid, "/attachment_ids";
    Title => "invalid_title", Invalid, "/title";
    NotImported => "not_imported", Conflict;
});

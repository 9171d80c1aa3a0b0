//! Commands of a conversation.

mod edit_message;
mod erase;
mod feedback;
mod import;
mod post_message;
mod read_marker;
mod regenerate_answer;
mod start;
mod trash;
mod update;
mod write_title;

pub use edit_message::EditMessage;
pub use erase::{EraseConversation, EraseTrashedConversation};
pub use feedback::GiveFeedback;
pub use import::{ImportConversation, ImportMessages, ImportedMessage};
pub use post_message::{Parent, PostMessage};
pub use read_marker::MoveReadMarker;
pub use regenerate_answer::RegenerateAnswer;
pub use start::StartConversation;
pub use trash::{RestoreConversation, TrashConversation};
pub use update::UpdateConversation;
pub use write_title::WriteTitle;

use super::Conversation;
use crate::command::commands;

commands! {
    ConversationCommand for Conversation {
        StartConversation,
        ImportConversation,
        ImportMessages,
        PostMessage,
        EditMessage,
        RegenerateAnswer,
        UpdateConversation,
        WriteTitle,
        TrashConversation,
        RestoreConversation,
        MoveReadMarker,
        GiveFeedback,
        EraseConversation,
        EraseTrashedConversation,
    }
}

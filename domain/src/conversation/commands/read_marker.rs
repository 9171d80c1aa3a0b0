//! Marking messages as read.

use uuid::Uuid;

use crate::command::{Command, Decision};
use crate::conversation::{Conversation, ConversationError, ConversationEvent};

/// Marks the messages up to this one as read; a marker never moves back.
#[derive(Debug, Clone, PartialEq)]
pub struct MoveReadMarker {
    pub actor: Uuid,
    pub message_id: Uuid,
}

impl Command<Conversation> for MoveReadMarker {
    fn decide(self, state: &Conversation) -> Decision<Conversation> {
        state.require_visible(self.actor)?;
        let node = state
            .node(self.message_id)
            .map_err(|_| ConversationError::NotInConversation)?;
        let marker = state.read.get(&self.actor);
        if marker.is_some_and(|marker| *marker >= node.number) {
            return Ok(vec![]);
        }
        Ok(vec![ConversationEvent::ReadMarkerMoved {
            user_id: self.actor,
            message_id: self.message_id,
        }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::decide;
    use crate::conversation::fixture::{
        ANSWER, NEXT, OWNER, QUESTION, STRANGER, history, history_and,
    };

    #[test]
    fn a_read_marker_moves_only_forward_and_within_the_conversation() {
        let read = |actor, message_id| MoveReadMarker { actor, message_id };
        let moved = |message_id| ConversationEvent::ReadMarkerMoved {
            user_id: OWNER,
            message_id,
        };
        for (given, message, events) in [
            (history(), QUESTION, vec![moved(QUESTION)]),
            (history_and(moved(QUESTION)), ANSWER, vec![moved(ANSWER)]),
            (history_and(moved(ANSWER)), QUESTION, vec![]),
            (history_and(moved(ANSWER)), ANSWER, vec![]),
        ] {
            assert_eq!(decide(given, read(OWNER, message)), Ok(events));
        }
        assert_eq!(
            decide(history(), read(OWNER, NEXT)),
            Err(ConversationError::NotInConversation)
        );
        assert_eq!(
            decide(history(), read(STRANGER, QUESTION)),
            Err(ConversationError::NotFound)
        );
        // Messages of a trashed conversation can be read.
        let trashed = history_and(ConversationEvent::ConversationTrashed {});
        let decided = decide(trashed, read(OWNER, ANSWER));
        assert_eq!(decided, Ok(vec![moved(ANSWER)]));
    }
}

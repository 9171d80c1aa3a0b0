//! Starting a conversation.

use uuid::Uuid;

use crate::command::{Command, Decision};
use crate::conversation::title::seal_title;
use crate::conversation::{Conversation, ConversationError, ConversationEvent};

#[derive(Debug, Clone, PartialEq)]
pub struct StartConversation {
    pub conversation_id: Uuid,
    pub owner_id: Uuid,
    pub title: Option<String>,
    pub assistant_id: Uuid,
    pub model: Option<String>,
    /// Whether lists, search and counts leave it out.
    pub hidden: bool,
}

impl Command<Conversation> for StartConversation {
    fn decide(self, state: &Conversation) -> Decision<Conversation> {
        if state.owner_id.is_some() {
            return Err(ConversationError::AlreadyStarted);
        }
        let title = self
            .title
            .map(|text| seal_title(self.conversation_id, &text));
        Ok(vec![ConversationEvent::ConversationStarted {
            owner_id: self.owner_id,
            title: title.transpose()?,
            assistant_id: self.assistant_id,
            model: self.model,
            hidden: self.hidden,
        }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::decide;
    use crate::conversation::fixture::{CONVERSATION, OWNER, history, started};

    fn start() -> StartConversation {
        StartConversation {
            conversation_id: CONVERSATION,
            owner_id: OWNER,
            title: None,
            assistant_id: Uuid::nil(),
            model: None,
            hidden: false,
        }
    }

    #[test]
    fn starting_twice_is_refused() {
        assert_eq!(decide([], start()), Ok(vec![started()]));
        let again = decide(history(), start());
        assert_eq!(again, Err(ConversationError::AlreadyStarted));
    }

    #[test]
    fn a_conversation_can_be_hidden() {
        let start = StartConversation {
            hidden: true,
            ..start()
        };
        let events = decide([], start).unwrap();
        assert!(matches!(
            events[..],
            [ConversationEvent::ConversationStarted { hidden: true, .. }]
        ));
    }
}

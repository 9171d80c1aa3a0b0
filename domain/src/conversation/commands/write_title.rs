//! Taking over a title that a model generated.

use uuid::Uuid;

use crate::command::{Command, Decision};
use crate::conversation::Conversation;
use crate::conversation::title::{self, Title};
use crate::response::Call;

/// Sets the title that a model generated. Changes nothing if the reply contains no title, or if the current title is
/// not the one derived from the first question.
#[derive(Debug, Clone, PartialEq)]
pub struct WriteTitle {
    pub conversation_id: Uuid,
    pub reply: String,
    pub call: Call,
}

impl Command<Conversation> for WriteTitle {
    fn decide(self, state: &Conversation) -> Decision<Conversation> {
        if state.title != Title::FromQuestion || state.erased {
            return Ok(vec![]);
        }
        let event = title::set_from_reply(self.conversation_id, &self.reply, self.call);
        Ok(event.into_iter().collect())
    }
}

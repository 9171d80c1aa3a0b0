//! Importing conversations. An import can be interrupted at any point and repeated.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::command::{Command, Decision};
use crate::conversation::message::{CONTENT_LIMIT, MAX_ATTACHMENTS, subjects};
use crate::conversation::title::seal_title;
use crate::conversation::{
    Conversation, ConversationError, ConversationEvent, ImportSource, ImportedRole, Rating,
};
use crate::egress;
use crate::personal::Personal;
use crate::response::{Answer, Usage};
use crate::text;

/// Imports a conversation without its messages. Changes nothing if its owner has already imported it.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportConversation {
    pub id: Uuid,
    pub owner_id: Uuid,
    pub source: ImportSource,
    pub title: Option<String>,
    pub assistant_id: Uuid,
    pub model: Option<String>,
    pub pinned: bool,
    pub archived: bool,
    pub trashed: bool,
    pub started_at: DateTime<Utc>,
    pub changed_at: DateTime<Utc>,
}

impl Command<Conversation> for ImportConversation {
    fn decide(self, state: &Conversation) -> Decision<Conversation> {
        match state.owner_id {
            Some(owner) if owner == self.owner_id && state.imported && !state.erased => {
                return Ok(vec![]);
            }
            Some(_) => return Err(ConversationError::AlreadyStarted),
            None => {}
        }
        let title = self.title.map(|title| seal_title(self.id, &title));
        Ok(vec![ConversationEvent::ConversationImported {
            owner_id: self.owner_id,
            source: self.source,
            title: title.transpose()?,
            assistant_id: self.assistant_id,
            model: self.model,
            pinned: self.pinned,
            archived: self.archived,
            trashed: self.trashed,
            started_at: self.started_at,
            changed_at: self.changed_at,
        }])
    }
}

/// A message to import.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportedMessage {
    pub id: Uuid,
    pub parent_id: Option<Uuid>,
    pub role: ImportedRole,
    pub content: Answer,
    /// Files that belong to the owner of the conversation.
    pub attachments: Vec<Uuid>,
    pub model: Option<String>,
    pub usage: Option<Usage>,
    pub rating: Option<Rating>,
    pub written_at: DateTime<Utc>,
}

/// Adds messages to an imported conversation; parents must come before children. Existing messages are skipped.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportMessages {
    pub conversation_id: Uuid,
    pub actor: Uuid,
    pub messages: Vec<ImportedMessage>,
}

impl Command<Conversation> for ImportMessages {
    fn decide(self, state: &Conversation) -> Decision<Conversation> {
        state.require_visible(self.actor)?;
        if !state.imported {
            return Err(ConversationError::NotImported);
        }
        let mut new: HashSet<Uuid> = HashSet::new();
        let mut events = Vec::new();
        for message in self.messages {
            if state.nodes.contains_key(&message.id) || !new.insert(message.id) {
                continue;
            }
            let is_known = |id| new.contains(&id) || state.nodes.contains_key(&id);
            if message.parent_id == Some(message.id) || !message.parent_id.is_none_or(is_known) {
                return Err(ConversationError::UnknownParent);
            }
            events.push(message_imported(self.conversation_id, self.actor, message)?);
        }
        Ok(events)
    }
}

/// Maximum number of citations per message.
const MAX_CITATIONS: usize = 200;
/// Limits of a citation's title and location, in characters.
const TITLE_LIMIT: usize = 500;
const LOCATION_LIMIT: usize = 2_000;

/// Puts a citation's title on one line and truncates it.
fn clean_title(text: &str) -> String {
    let line = text.replace(char::is_control, " ");
    line.trim().chars().take(TITLE_LIMIT).collect()
}

/// Whether a location is safe to open: a web page or a path on this server, but not, for example, a `javascript:` URL.
fn is_safe_link(location: &str) -> bool {
    if location.chars().count() > LOCATION_LIMIT
        || location.chars().any(|c| c.is_control() || c == '\\')
    {
        return false;
    }
    let is_path = location.starts_with('/') && !location.starts_with("//");
    is_path || egress::is_web_url(location)
}

fn message_imported(
    conversation_id: Uuid,
    owner: Uuid,
    mut message: ImportedMessage,
) -> Result<ConversationEvent, ConversationError> {
    if message.attachments.len() > MAX_ATTACHMENTS {
        return Err(ConversationError::Attachments);
    }
    let mut remaining = CONTENT_LIMIT;
    for part in &message.content.parts {
        let text = part.text();
        text::parse_prose(text, remaining).map_err(ConversationError::Content)?;
        remaining -= text.chars().count();
    }
    for citation in &mut message.content.citations {
        text::parse_prose(&citation.quote, remaining).map_err(ConversationError::Content)?;
        remaining -= citation.quote.chars().count();
        citation.title = clean_title(&citation.title);
        if !is_safe_link(&citation.location) {
            citation.location.clear();
        }
    }
    message.content.citations.truncate(MAX_CITATIONS);
    Ok(ConversationEvent::MessageImported {
        message_id: message.id,
        parent_id: message.parent_id,
        said: message.role,
        content: Personal::new(subjects(conversation_id, owner), message.content),
        attachments: message.attachments,
        model: message.model,
        usage: message.usage,
        rating: message.rating,
        written_at: message.written_at,
    })
}

#[cfg(test)]
mod tests {
    use cqrs_es::Aggregate;

    use super::*;
    use crate::conversation::{EraseConversation, RegenerateAnswer, StartConversation};
    use crate::response::{AnswerPart, Citation};

    const OWNER: Uuid = Uuid::from_u128(1);
    const ID: Uuid = Uuid::from_u128(2);

    fn start() -> ImportConversation {
        ImportConversation {
            id: ID,
            owner_id: OWNER,
            source: ImportSource::ChatGpt,
            title: Some("Tea".to_owned()),
            assistant_id: Uuid::nil(),
            model: None,
            pinned: false,
            archived: false,
            trashed: false,
            started_at: DateTime::UNIX_EPOCH,
            changed_at: DateTime::UNIX_EPOCH,
        }
    }

    fn message(id: u128, parent: Option<u128>, role: ImportedRole, text: &str) -> ImportedMessage {
        ImportedMessage {
            id: Uuid::from_u128(id),
            parent_id: parent.map(Uuid::from_u128),
            role,
            content: Answer {
                parts: vec![AnswerPart::Text {
                    text: text.to_owned(),
                }],
                citations: vec![],
            },
            attachments: vec![],
            model: None,
            usage: None,
            rating: None,
            written_at: DateTime::UNIX_EPOCH,
        }
    }

    fn messages(actor: Uuid, messages: Vec<ImportedMessage>) -> ImportMessages {
        ImportMessages {
            conversation_id: ID,
            actor,
            messages,
        }
    }

    /// Executes a command and returns the number of its events.
    fn execute(conversation: &mut Conversation, command: impl Command<Conversation>) -> usize {
        let events = command.decide(conversation).unwrap();
        let count = events.len();
        for event in events {
            conversation.apply(event);
        }
        count
    }

    #[test]
    fn existing_messages_are_not_imported_again() {
        let mut conversation = Conversation::default();
        let two = || {
            vec![
                message(10, None, ImportedRole::Question, "Tea?"),
                message(11, Some(10), ImportedRole::Answer, "Yes."),
            ]
        };
        assert_eq!(execute(&mut conversation, start()), 1);
        assert_eq!(execute(&mut conversation, messages(OWNER, two())), 2);
        assert_eq!(execute(&mut conversation, start()), 0);
        let mut three = two();
        three.push(message(12, Some(11), ImportedRole::Question, "More?"));
        assert_eq!(execute(&mut conversation, messages(OWNER, three)), 1);
    }

    #[test]
    fn only_the_owner_can_import_and_only_into_an_imported_conversation() {
        let mut conversation = Conversation::default();
        execute(&mut conversation, start());
        let stranger = messages(Uuid::from_u128(9), vec![]);
        assert_eq!(
            stranger.decide(&conversation),
            Err(ConversationError::NotFound)
        );
        let mut own = Conversation::default();
        execute(
            &mut own,
            StartConversation {
                conversation_id: ID,
                owner_id: OWNER,
                title: None,
                assistant_id: Uuid::nil(),
                model: None,
                hidden: false,
            },
        );
        assert_eq!(start().decide(&own), Err(ConversationError::AlreadyStarted));
        let refused = messages(OWNER, vec![]).decide(&own);
        assert_eq!(refused, Err(ConversationError::NotImported));
        execute(&mut conversation, EraseConversation { actor: None });
        assert_eq!(
            start().decide(&conversation),
            Err(ConversationError::AlreadyStarted)
        );
    }

    #[test]
    fn orphans_and_cycles_are_refused() {
        let mut conversation = Conversation::default();
        execute(&mut conversation, start());
        for invalid in [
            vec![message(10, Some(10), ImportedRole::Question, "x")],
            vec![message(10, Some(11), ImportedRole::Question, "x")],
            vec![
                message(10, Some(11), ImportedRole::Question, "x"),
                message(11, Some(10), ImportedRole::Answer, "x"),
            ],
        ] {
            let decided = messages(OWNER, invalid).decide(&conversation);
            assert_eq!(decided, Err(ConversationError::UnknownParent));
        }
        let nul = vec![message(10, None, ImportedRole::Question, "a\u{0}")];
        assert!(matches!(
            messages(OWNER, nul).decide(&conversation),
            Err(ConversationError::Content(_))
        ));
    }

    #[test]
    fn citations_keep_only_safe_locations() {
        let long = format!("https://example.org/{}", "x".repeat(LOCATION_LIMIT));
        let cases = [
            ("https://example.org/a?b=c#d", true),
            ("http://example.org", true),
            ("/knowledge/1/documents/2?passage=3", true),
            ("//evil.example/x", false),
            ("/\\evil.example", false),
            ("javascript:alert(1)", false),
            (" javascript:alert(1)", false),
            ("java\nscript:alert(1)", false),
            ("data:text/html,x", false),
            ("https://user:secret@example.org/", false),
            ("file:///etc/passwd", false),
            ("nothing", false),
            (long.as_str(), false),
        ];
        for (location, is_safe) in cases {
            let mut conversation = Conversation::default();
            execute(&mut conversation, start());
            let mut answer = message(11, None, ImportedRole::Answer, "Yes.");
            answer.content.citations.push(Citation {
                number: 1,
                title: format!("Manual\n{}", "x".repeat(TITLE_LIMIT)),
                quote: "q".to_owned(),
                location: location.to_owned(),
            });
            let events = messages(OWNER, vec![answer]).decide(&conversation).unwrap();
            let [ConversationEvent::MessageImported { content, .. }] = &events[..] else {
                panic!("{events:?}");
            };
            let citation = &content.plain().unwrap().citations[0];
            assert_eq!(citation.location, if is_safe { location } else { "" });
            assert_eq!(citation.title.chars().count(), TITLE_LIMIT);
            assert!(citation.title.starts_with("Manual x"));
        }
    }

    #[test]
    fn an_answer_below_an_answer_is_not_regenerated() {
        let mut conversation = Conversation::default();
        execute(&mut conversation, start());
        let tree = vec![
            message(10, None, ImportedRole::Question, "Tea?"),
            message(11, Some(10), ImportedRole::Answer, "Yes."),
            message(12, Some(11), ImportedRole::Answer, "Or coffee."),
        ];
        execute(&mut conversation, messages(OWNER, tree));
        let again = |original: u128| RegenerateAnswer {
            actor: OWNER,
            original_id: Uuid::from_u128(original),
            answer: (Uuid::from_u128(20), Uuid::from_u128(21)),
        };
        assert!(again(11).decide(&conversation).is_ok());
        assert_eq!(
            again(12).decide(&conversation),
            Err(ConversationError::NotAnAnswer)
        );
    }
}

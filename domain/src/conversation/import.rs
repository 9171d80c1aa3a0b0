//! Taking over what was said elsewhere. An import may be repeated, and broken off at any place.

use std::collections::HashSet;

use uuid::Uuid;

use super::aggregate::{ATTACHMENTS, CONTENT_LIMIT, Conversation, Decision};
use super::command::{ImportedConversation, ImportedMessage};
use super::title::titled;
use super::{ConversationError, ConversationEvent};
use crate::egress;
use crate::personal::{Personal, Subject};
use crate::response::Part;
use crate::text;

impl Conversation {
    pub(super) fn import(&self, imported: ImportedConversation) -> Decision {
        match self.owner_id {
            Some(owner) if owner == imported.owner_id && self.imported && !self.erased => {
                return Ok(vec![]);
            }
            Some(_) => return Err(ConversationError::AlreadyStarted),
            None => {}
        }
        let title = imported.title.map(|title| titled(imported.id, &title));
        Ok(vec![ConversationEvent::ConversationImported {
            owner_id: imported.owner_id,
            source: imported.source,
            title: title.transpose()?,
            assistant_id: imported.assistant_id,
            model: imported.model,
            pinned: imported.pinned,
            archived: imported.archived,
            trashed: imported.trashed,
            started_at: imported.started_at,
            changed_at: imported.changed_at,
        }])
    }

    pub(super) fn import_messages(
        &self,
        conversation_id: Uuid,
        actor: Uuid,
        messages: Vec<ImportedMessage>,
    ) -> Decision {
        self.visible(actor)?;
        if !self.imported {
            return Err(ConversationError::NotImported);
        }
        let mut new: HashSet<Uuid> = HashSet::new();
        let mut events = Vec::new();
        for message in messages {
            if self.nodes.contains_key(&message.id) || !new.insert(message.id) {
                continue;
            }
            let known = |id| new.contains(&id) || self.nodes.contains_key(&id);
            if message.parent_id == Some(message.id) || !message.parent_id.is_none_or(known) {
                return Err(ConversationError::UnknownParent);
            }
            events.push(imported(conversation_id, actor, message)?);
        }
        Ok(events)
    }
}

/// Citations of one message, at most.
const CITATIONS: usize = 200;
/// Characters of the title and of the location of one.
const TITLE: usize = 500;
const LOCATION: usize = 2_000;

/// A title on one line, cut off where it is too long.
fn title(text: &str) -> String {
    let line = text.replace(char::is_control, " ");
    line.trim().chars().take(TITLE).collect()
}

/// Whether a location can be opened without harm: a web page, or a path of this installation. Everything else, such as
/// `javascript:` and `data:`, is dropped.
fn is_link(location: &str) -> bool {
    if location.chars().count() > LOCATION || location.chars().any(|c| c.is_control() || c == '\\')
    {
        return false;
    }
    let is_path = location.starts_with('/') && !location.starts_with("//");
    is_path || egress::is_web_page(location)
}

fn imported(
    conversation_id: Uuid,
    owner: Uuid,
    mut message: ImportedMessage,
) -> Result<ConversationEvent, ConversationError> {
    if message.attachments.len() > ATTACHMENTS {
        return Err(ConversationError::Attachments);
    }
    let mut left = CONTENT_LIMIT;
    for Part::Text { text } | Part::Reasoning { text } in &message.content.parts {
        text::prose(text, left).map_err(ConversationError::Content)?;
        left -= text.chars().count();
    }
    for citation in &mut message.content.citations {
        text::prose(&citation.quote, left).map_err(ConversationError::Content)?;
        left -= citation.quote.chars().count();
        citation.title = title(&citation.title);
        if !is_link(&citation.location) {
            citation.location.clear();
        }
    }
    message.content.citations.truncate(CITATIONS);
    let subjects = [
        Subject::new("conversation", conversation_id),
        Subject::new("user", owner),
    ];
    Ok(ConversationEvent::MessageImported {
        message_id: message.id,
        parent_id: message.parent_id,
        said: message.said,
        content: Personal::new(subjects, message.content),
        attachments: message.attachments,
        model: message.model,
        usage: message.usage,
        rating: message.rating,
        written_at: message.written_at,
    })
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use cqrs_es::Aggregate;

    use super::*;
    use crate::conversation::{ConversationCommand, Said, Source};
    use crate::response::{Answer, Citation};

    const OWNER: Uuid = Uuid::from_u128(1);
    const ID: Uuid = Uuid::from_u128(2);

    fn begin() -> ConversationCommand {
        ConversationCommand::ImportConversation(ImportedConversation {
            id: ID,
            owner_id: OWNER,
            source: Source::ChatGpt,
            title: Some("Tea".to_owned()),
            assistant_id: Uuid::nil(),
            model: None,
            pinned: false,
            archived: false,
            trashed: false,
            started_at: DateTime::UNIX_EPOCH,
            changed_at: DateTime::UNIX_EPOCH,
        })
    }

    fn message(id: u128, parent: Option<u128>, said: Said, text: &str) -> ImportedMessage {
        ImportedMessage {
            id: Uuid::from_u128(id),
            parent_id: parent.map(Uuid::from_u128),
            said,
            content: Answer {
                parts: vec![Part::Text {
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

    fn messages(actor: Uuid, messages: Vec<ImportedMessage>) -> ConversationCommand {
        ConversationCommand::ImportMessages {
            conversation_id: ID,
            actor,
            messages,
        }
    }

    fn done(conversation: &mut Conversation, command: ConversationCommand) -> usize {
        let events = conversation.decide(command).unwrap();
        let count = events.len();
        for event in events {
            conversation.apply(event);
        }
        count
    }

    #[test]
    fn what_is_there_is_not_imported_again() {
        let mut conversation = Conversation::default();
        let two = || {
            vec![
                message(10, None, Said::Question, "Tea?"),
                message(11, Some(10), Said::Answer, "Yes."),
            ]
        };
        assert_eq!(done(&mut conversation, begin()), 1);
        assert_eq!(done(&mut conversation, messages(OWNER, two())), 2);
        assert_eq!(done(&mut conversation, begin()), 0);
        let mut three = two();
        three.push(message(12, Some(11), Said::Question, "More?"));
        assert_eq!(done(&mut conversation, messages(OWNER, three)), 1);
    }

    #[test]
    fn an_import_goes_into_what_was_imported_by_its_owner_alone() {
        let mut conversation = Conversation::default();
        done(&mut conversation, begin());
        let stranger = messages(Uuid::from_u128(9), vec![]);
        assert_eq!(
            conversation.decide(stranger),
            Err(ConversationError::NotFound)
        );
        let mut own = Conversation::default();
        done(
            &mut own,
            ConversationCommand::StartConversation {
                conversation_id: ID,
                owner_id: OWNER,
                title: None,
                assistant_id: Uuid::nil(),
                model: None,
            },
        );
        assert_eq!(own.decide(begin()), Err(ConversationError::AlreadyStarted));
        let refused = own.decide(messages(OWNER, vec![]));
        assert_eq!(refused, Err(ConversationError::NotImported));
        done(&mut conversation, ConversationCommand::EraseConversation {});
        assert_eq!(
            conversation.decide(begin()),
            Err(ConversationError::AlreadyStarted)
        );
    }

    #[test]
    fn a_tree_has_no_orphans_and_no_cycles() {
        let mut conversation = Conversation::default();
        done(&mut conversation, begin());
        for wrong in [
            vec![message(10, Some(10), Said::Question, "x")],
            vec![message(10, Some(11), Said::Question, "x")],
            vec![
                message(10, Some(11), Said::Question, "x"),
                message(11, Some(10), Said::Answer, "x"),
            ],
        ] {
            let decided = conversation.decide(messages(OWNER, wrong));
            assert_eq!(decided, Err(ConversationError::UnknownParent));
        }
        let nul = vec![message(10, None, Said::Question, "a\u{0}")];
        assert!(matches!(
            conversation.decide(messages(OWNER, nul)),
            Err(ConversationError::Content(_))
        ));
    }

    #[test]
    fn a_citation_opens_web_pages_and_paths_alone() {
        let long = format!("https://example.org/{}", "x".repeat(LOCATION));
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
        for (location, kept) in cases {
            let mut conversation = Conversation::default();
            done(&mut conversation, begin());
            let mut answer = message(11, None, Said::Answer, "Yes.");
            answer.content.citations.push(Citation {
                number: 1,
                title: format!("Manual\n{}", "x".repeat(TITLE)),
                quote: "q".to_owned(),
                location: location.to_owned(),
            });
            let events = conversation.decide(messages(OWNER, vec![answer])).unwrap();
            let [ConversationEvent::MessageImported { content, .. }] = &events[..] else {
                panic!("{events:?}");
            };
            let citation = &content.plain().unwrap().citations[0];
            assert_eq!(citation.location, if kept { location } else { "" });
            assert_eq!(citation.title.chars().count(), TITLE);
            assert!(citation.title.starts_with("Manual x"));
        }
    }

    #[test]
    fn an_answer_below_an_answer_is_not_regenerated() {
        let mut conversation = Conversation::default();
        done(&mut conversation, begin());
        let tree = vec![
            message(10, None, Said::Question, "Tea?"),
            message(11, Some(10), Said::Answer, "Yes."),
            message(12, Some(11), Said::Answer, "Or coffee."),
        ];
        done(&mut conversation, messages(OWNER, tree));
        let again = |original: u128| ConversationCommand::RegenerateAnswer {
            actor: OWNER,
            original_id: Uuid::from_u128(original),
            answer: (Uuid::from_u128(20), Uuid::from_u128(21)),
        };
        assert!(conversation.decide(again(11)).is_ok());
        assert_eq!(
            conversation.decide(again(12)),
            Err(ConversationError::NotAnAnswer)
        );
    }
}

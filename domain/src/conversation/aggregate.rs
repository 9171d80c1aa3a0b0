//! One conversation: the tree of its messages (ids and parents, without text), its state and its read markers.

use std::collections::HashMap;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::title::{self, Title, seal_title};
use super::{ConversationCommand, ConversationError, ConversationEvent, Parent, Rating};
use crate::event::StoredAggregate;
use crate::personal::{Personal, Subject};
use crate::text;

/// Maximum length of a message, in characters.
pub(super) const CONTENT_LIMIT: usize = 2_000_000;
pub(super) const MAX_ATTACHMENTS: usize = 20;

#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Conversation {
    pub(super) owner_id: Option<Uuid>,
    assistant_id: Uuid,
    model: Option<String>,
    pub(super) nodes: HashMap<Uuid, Node>,
    leaf: Option<Uuid>,
    /// The number of the newest message that each user has read.
    read: HashMap<Uuid, u32>,
    title: Title,
    pinned: bool,
    archived: bool,
    trashed: bool,
    pub(super) imported: bool,
    pub(super) erased: bool,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Node {
    /// Position in the order in which messages were added, from 0.
    number: u32,
    parent_id: Option<Uuid>,
    is_answer: bool,
}

impl StoredAggregate for Conversation {
    const OWNS_KEY: bool = true;
    const SNAPSHOT_VERSION: Option<i32> = Some(4);

    fn weight(&self) -> usize {
        512 + self.nodes.len() * 64
    }
}

pub(super) type Decision = Result<Vec<ConversationEvent>, ConversationError>;

impl Aggregate for Conversation {
    const TYPE: &'static str = "conversation";
    type Command = ConversationCommand;
    type Event = ConversationEvent;
    type Error = ConversationError;
    type Services = ();

    async fn handle(
        &mut self,
        command: ConversationCommand,
        (): &(),
        sink: &EventSink<Self>,
    ) -> Result<(), ConversationError> {
        for event in self.decide(command)? {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: ConversationEvent) {
        match event {
            ConversationEvent::ConversationStarted {
                owner_id,
                title,
                assistant_id,
                model,
            } => {
                self.owner_id = Some(owner_id);
                self.title = Title::new(title.is_some());
                self.assistant_id = assistant_id;
                self.model = model;
            }
            ConversationEvent::ConversationImported {
                owner_id,
                title,
                assistant_id,
                model,
                pinned,
                archived,
                trashed,
                ..
            } => {
                self.owner_id = Some(owner_id);
                self.title = Title::new(title.is_some());
                self.assistant_id = assistant_id;
                self.model = model;
                self.pinned = pinned;
                self.archived = archived;
                self.trashed = trashed;
                self.imported = true;
            }
            ConversationEvent::MessageImported {
                message_id,
                parent_id,
                said,
                ..
            } => {
                self.add_node(message_id, parent_id, said.is_answer());
                // The owner has read the messages that they import.
                if let (Some(owner), Ok(node)) = (self.owner_id, self.node(message_id)) {
                    self.read.insert(owner, node.number);
                }
            }
            ConversationEvent::MessagePosted {
                message_id,
                parent_id,
                ..
            } => self.add_node(message_id, parent_id, false),
            ConversationEvent::AnswerAdded {
                message_id,
                parent_id,
                ..
            } => self.add_node(message_id, Some(parent_id), true),
            ConversationEvent::TitleChanged { automatic, .. } => {
                self.title = self.title.after_change(automatic);
            }
            ConversationEvent::AssistantChosen {
                assistant_id,
                model,
            } => {
                self.assistant_id = assistant_id;
                self.model = model;
            }
            ConversationEvent::ConversationPinned {} => self.pinned = true,
            ConversationEvent::ConversationUnpinned {} => self.pinned = false,
            ConversationEvent::ConversationArchived {} => self.archived = true,
            ConversationEvent::ConversationUnarchived {} => self.archived = false,
            ConversationEvent::ConversationTrashed {} => self.trashed = true,
            ConversationEvent::ConversationRestored {} => self.trashed = false,
            ConversationEvent::ReadMarkerMoved {
                user_id,
                message_id,
            } => {
                if let Ok(node) = self.node(message_id) {
                    self.read.insert(user_id, node.number);
                }
            }
            ConversationEvent::FeedbackGiven { .. } => {}
            ConversationEvent::ConversationErased {} => {
                self.erased = true;
                self.nodes.clear();
                self.read.clear();
                self.leaf = None;
            }
        }
    }
}

impl Conversation {
    pub(super) fn decide(&self, command: ConversationCommand) -> Decision {
        match command {
            ConversationCommand::StartConversation {
                conversation_id,
                owner_id,
                title,
                assistant_id,
                model,
            } => self.start(conversation_id, owner_id, title, assistant_id, model),
            ConversationCommand::ImportConversation(imported) => self.import(imported),
            ConversationCommand::ImportMessages {
                conversation_id,
                actor,
                messages,
            } => self.import_messages(conversation_id, actor, messages),
            ConversationCommand::PostMessage {
                conversation_id,
                actor,
                message_id,
                parent,
                content,
                attachments,
                answer,
            } => {
                self.require_writable(actor)?;
                let parent_id = self.resolve_parent(parent)?;
                let mut events = post(
                    conversation_id,
                    actor,
                    message_id,
                    parent_id,
                    (&content, attachments),
                    answer,
                )?;
                if self.title == Title::Missing {
                    events.extend(title::set_from_question(conversation_id, &content));
                }
                Ok(events)
            }
            ConversationCommand::EditMessage {
                conversation_id,
                actor,
                original_id,
                message_id,
                content,
                attachments,
                answer,
            } => {
                self.require_writable(actor)?;
                let original = self.node(original_id)?;
                if original.is_answer {
                    return Err(ConversationError::NotEditable);
                }
                post(
                    conversation_id,
                    actor,
                    message_id,
                    original.parent_id,
                    (&content, attachments),
                    answer,
                )
            }
            ConversationCommand::RegenerateAnswer {
                actor,
                original_id,
                answer,
            } => self.regenerate(actor, original_id, answer),
            command @ ConversationCommand::UpdateConversation { .. } => self.update(command),
            ConversationCommand::WriteTitle {
                conversation_id,
                reply,
                call,
            } => {
                if self.title != Title::FromQuestion || self.erased {
                    return Ok(vec![]);
                }
                let event = title::set_from_reply(conversation_id, &reply, call);
                Ok(event.into_iter().collect())
            }
            ConversationCommand::TrashConversation { actor } => self.trash(actor),
            ConversationCommand::RestoreConversation { actor } => self.restore(actor),
            ConversationCommand::MoveReadMarker { actor, message_id } => {
                self.move_read_marker(actor, message_id)
            }
            ConversationCommand::GiveFeedback {
                actor,
                message_id,
                rating,
            } => self.give_feedback(actor, message_id, rating),
            ConversationCommand::EraseConversation {} => self.erase(),
        }
    }

    fn start(
        &self,
        conversation_id: Uuid,
        owner_id: Uuid,
        title: Option<String>,
        assistant_id: Uuid,
        model: Option<String>,
    ) -> Decision {
        if self.owner_id.is_some() {
            return Err(ConversationError::AlreadyStarted);
        }
        Ok(vec![ConversationEvent::ConversationStarted {
            owner_id,
            title: title
                .map(|text| seal_title(conversation_id, &text))
                .transpose()?,
            assistant_id,
            model,
        }])
    }

    fn regenerate(&self, actor: Uuid, original_id: Uuid, answer: (Uuid, Uuid)) -> Decision {
        self.require_writable(actor)?;
        match self.node(original_id)? {
            Node {
                parent_id: Some(parent_id),
                is_answer: true,
                ..
            } if !self.node(parent_id)?.is_answer => Ok(vec![answer_added(parent_id, answer)]),
            _ => Err(ConversationError::NotAnAnswer),
        }
    }

    fn update(&self, command: ConversationCommand) -> Decision {
        let ConversationCommand::UpdateConversation {
            conversation_id,
            actor,
            title,
            archived,
            pinned,
            assistant_id,
            model,
        } = command
        else {
            return Ok(vec![]);
        };
        self.require_visible(actor)?;
        if self.trashed {
            return Err(ConversationError::Trashed);
        }
        let mut events = Vec::new();
        if let Some(title) = title {
            events.push(ConversationEvent::TitleChanged {
                title: seal_title(conversation_id, &title)?,
                automatic: false,
                call: None,
            });
        }
        if let Some(archived) = archived.filter(|new| *new != self.archived) {
            events.push(if archived {
                ConversationEvent::ConversationArchived {}
            } else {
                ConversationEvent::ConversationUnarchived {}
            });
        }
        if let Some(pinned) = pinned.filter(|new| *new != self.pinned) {
            events.push(if pinned {
                ConversationEvent::ConversationPinned {}
            } else {
                ConversationEvent::ConversationUnpinned {}
            });
        }
        if assistant_id.is_some() || model.is_some() {
            events.push(ConversationEvent::AssistantChosen {
                assistant_id: assistant_id.unwrap_or(self.assistant_id),
                model: model.unwrap_or_else(|| self.model.clone()),
            });
        }
        Ok(events)
    }

    fn trash(&self, actor: Uuid) -> Decision {
        self.require_visible(actor)?;
        if self.trashed {
            return Err(ConversationError::Trashed);
        }
        Ok(vec![ConversationEvent::ConversationTrashed {}])
    }

    fn restore(&self, actor: Uuid) -> Decision {
        self.require_visible(actor)?;
        if !self.trashed {
            return Err(ConversationError::NotTrashed);
        }
        Ok(vec![ConversationEvent::ConversationRestored {}])
    }

    fn move_read_marker(&self, user_id: Uuid, message_id: Uuid) -> Decision {
        self.require_visible(user_id)?;
        let node = self
            .node(message_id)
            .map_err(|_| ConversationError::NotInConversation)?;
        let marker = self.read.get(&user_id);
        if marker.is_some_and(|marker| *marker >= node.number) {
            return Ok(vec![]);
        }
        Ok(vec![ConversationEvent::ReadMarkerMoved {
            user_id,
            message_id,
        }])
    }

    fn give_feedback(&self, user_id: Uuid, message_id: Uuid, rating: Option<Rating>) -> Decision {
        self.require_visible(user_id)?;
        if !self.node(message_id)?.is_answer {
            return Err(ConversationError::NotRatable);
        }
        Ok(vec![ConversationEvent::FeedbackGiven {
            user_id,
            message_id,
            rating,
        }])
    }

    fn erase(&self) -> Decision {
        match self.owner_id {
            None => Err(ConversationError::NotFound),
            Some(_) if self.erased => Ok(vec![]),
            Some(_) => Ok(vec![ConversationEvent::ConversationErased {}]),
        }
    }

    pub(super) fn require_visible(&self, actor: Uuid) -> Result<(), ConversationError> {
        if self.owner_id == Some(actor) && !self.erased {
            return Ok(());
        }
        Err(ConversationError::NotFound)
    }

    fn require_writable(&self, actor: Uuid) -> Result<(), ConversationError> {
        self.require_visible(actor)?;
        if self.trashed {
            return Err(ConversationError::Trashed);
        }
        if self.archived {
            return Err(ConversationError::Archived);
        }
        Ok(())
    }

    fn resolve_parent(&self, parent: Parent) -> Result<Option<Uuid>, ConversationError> {
        match parent {
            Parent::Leaf => Ok(self.leaf),
            Parent::Root => Ok(None),
            Parent::Message(id) if self.nodes.contains_key(&id) => Ok(Some(id)),
            Parent::Message(_) => Err(ConversationError::UnknownParent),
        }
    }

    fn node(&self, id: Uuid) -> Result<Node, ConversationError> {
        self.nodes
            .get(&id)
            .copied()
            .ok_or(ConversationError::UnknownMessage)
    }

    fn add_node(&mut self, id: Uuid, parent_id: Option<Uuid>, is_answer: bool) {
        let number = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
        self.nodes.insert(
            id,
            Node {
                number,
                parent_id,
                is_answer,
            },
        );
        self.leaf = Some(id);
    }
}

fn post(
    conversation_id: Uuid,
    author: Uuid,
    message_id: Uuid,
    parent_id: Option<Uuid>,
    (content, attachments): (&str, Vec<Uuid>),
    answer: Option<(Uuid, Uuid)>,
) -> Decision {
    if attachments.len() > MAX_ATTACHMENTS {
        return Err(ConversationError::Attachments);
    }
    let content = text::parse_prose(content, CONTENT_LIMIT).map_err(ConversationError::Content)?;
    if !text::is_visible(&content) && attachments.is_empty() {
        return Err(ConversationError::Content(text::TextError::Empty));
    }
    let subjects = [
        Subject::new("conversation", conversation_id),
        Subject::new("user", author),
    ];
    let question = ConversationEvent::MessagePosted {
        message_id,
        parent_id,
        author,
        content: Personal::new(subjects, content),
        attachments,
    };
    Ok(std::iter::once(question)
        .chain(answer.map(|answer| answer_added(message_id, answer)))
        .collect())
}

fn answer_added(parent_id: Uuid, (message_id, response_id): (Uuid, Uuid)) -> ConversationEvent {
    ConversationEvent::AnswerAdded {
        message_id,
        parent_id,
        response_id,
    }
}

//! Request and response bodies of messages.

use chrono::{DateTime, Utc};
use domain::Event;
use domain::conversation::{ConversationEvent, Rating};
use domain::response::{AnswerPart, Citation, ResponseEvent};
use eventstore::command::{Committed, CommittedEvent};
use o2o::o2o;
use poem_openapi::types::MaybeUndefined;
use poem_openapi::{Enum, Object};
use projections::conversation::{MessageRole, MessageStatus, MessageView};
use serde::Deserialize;
use uuid::Uuid;

use crate::conversation::Choice;
use crate::http::{Created, Problem};
use crate::response::{ResponseResource, ResponseState};

/// The type of a message part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum MessagePartType {
    Text,
    Reasoning,
}

/// A part of a message.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
pub struct MessagePart {
    #[oai(rename = "type")]
    pub kind: MessagePartType,
    pub text: String,
    /// How long the model reasoned, in milliseconds, if that was measured.
    pub duration_ms: Option<u64>,
}

/// A source of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Object, o2o)]
#[from_owned(Citation)]
pub struct MessageCitation {
    /// The number by which the text refers to it.
    pub number: u32,
    pub title: String,
    /// The passage, verbatim.
    pub quote: String,
    /// The path on this server that opens the source.
    pub location: String,
}

/// Who wrote a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(
    rename = "MessageRole",
    rename_all = "snake_case",
    remote = "MessageRole"
)]
pub enum MessageAuthor {
    User,
    Assistant,
}

/// Whether a message is complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(
    rename = "MessageStatus",
    rename_all = "snake_case",
    remote = "MessageStatus"
)]
pub enum MessageState {
    Complete,
    /// The answer is being written, or waits for that.
    Running,
    Failed,
    Interrupted,
    Cancelled,
    Erased,
}

/// A message of a conversation.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(rename = "Message")]
pub struct MessageResource {
    pub id: Uuid,
    pub conversation_id: Uuid,
    /// Null for a root message.
    pub parent_id: Option<Uuid>,
    /// All messages with the same parent, including this one, the oldest first.
    pub sibling_ids: Vec<Uuid>,
    pub role: MessageAuthor,
    /// The author, if a person wrote it.
    pub user_id: Option<Uuid>,
    /// The text of all text parts.
    pub content: String,
    pub parts: Vec<MessagePart>,
    /// The ids of the attached files.
    pub attachments: Vec<Uuid>,
    pub citations: Vec<MessageCitation>,
    pub status: MessageState,
    /// The run that wrote it, if it is an answer.
    pub response_id: Option<Uuid>,
    /// The rating of an answer.
    pub feedback: Option<FeedbackRating>,
    pub created_at: DateTime<Utc>,
}

impl From<MessageView> for MessageResource {
    fn from(view: MessageView) -> Self {
        let answer = view.answer.map(|answer| answer.0).unwrap_or_default();
        let parts = match answer.parts.is_empty() && !view.content.is_empty() {
            true => vec![text(&view.content)],
            false => answer.parts.into_iter().map(Into::into).collect(),
        };
        Self {
            id: view.id,
            conversation_id: view.conversation_id,
            parent_id: view.parent_id,
            sibling_ids: view.sibling_ids,
            role: view.role.0.into(),
            user_id: view.user_id,
            content: view.content,
            parts,
            attachments: view.attachments,
            citations: answer.citations.into_iter().map(Into::into).collect(),
            status: view.status.0.into(),
            response_id: view.response_id,
            feedback: view.feedback.map(|rating| rating.0.into()),
            created_at: view.created_at,
        }
    }
}

fn text(text: &str) -> MessagePart {
    MessagePart {
        kind: MessagePartType::Text,
        text: text.to_owned(),
        duration_ms: None,
    }
}

impl From<AnswerPart> for MessagePart {
    fn from(part: AnswerPart) -> Self {
        let (kind, text, duration_ms) = match part {
            AnswerPart::Text { text } => (MessagePartType::Text, text, None),
            AnswerPart::Reasoning { text, duration_ms } => {
                (MessagePartType::Reasoning, text, duration_ms)
            }
        };
        Self {
            kind,
            text,
            duration_ms,
        }
    }
}

#[derive(Debug, Object, Deserialize)]
#[oai(deny_unknown_fields)]
#[serde(deny_unknown_fields)]
pub(crate) struct PostMessage {
    pub content: String,
    /// The parent message; by default the newest message of the path, null for a new root.
    #[serde(default)]
    pub parent_id: MaybeUndefined<Uuid>,
    /// The assistant of the conversation by default.
    pub assistant_id: Option<Uuid>,
    /// By default the model of the conversation, or else of the assistant.
    pub model: Option<String>,
    /// At most 20 files of the caller. If there are any, `content` may be empty.
    pub attachment_ids: Option<Vec<Uuid>>,
    /// Whether to request an answer; true by default.
    pub respond: Option<bool>,
}

impl PostMessage {
    /// The assistant and model that are named; none if no answer is requested.
    pub(crate) fn choice(&self) -> Option<Choice> {
        let wants_answer = self.respond.unwrap_or(true);
        wants_answer.then(|| Choice {
            assistant_id: self.assistant_id,
            model: self.model.clone(),
        })
    }

    pub(crate) fn attachment_ids(&self) -> &[Uuid] {
        self.attachment_ids.as_deref().unwrap_or_default()
    }
}

#[derive(Debug, Object, Deserialize)]
#[oai(deny_unknown_fields)]
#[serde(deny_unknown_fields)]
pub(super) struct EditMessage {
    pub content: String,
    /// The attachments of the original message by default.
    pub attachment_ids: Option<Vec<Uuid>>,
}

#[derive(Debug, Object, Deserialize)]
#[oai(deny_unknown_fields)]
#[serde(deny_unknown_fields)]
pub(crate) struct RegenerateAnswer {
    /// The assistant of the conversation by default.
    pub assistant_id: Option<Uuid>,
    /// By default the model of the conversation, or else of the assistant.
    pub model: Option<String>,
}

impl From<RegenerateAnswer> for Choice {
    fn from(input: RegenerateAnswer) -> Self {
        Self {
            assistant_id: input.assistant_id,
            model: input.model,
        }
    }
}

/// The rating of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Deserialize)]
#[oai(rename_all = "snake_case", remote = "Rating")]
#[serde(rename_all = "snake_case")]
pub enum FeedbackRating {
    Up,
    Down,
}

#[derive(Debug, Object, Deserialize)]
#[oai(deny_unknown_fields)]
#[serde(deny_unknown_fields)]
pub(super) struct GiveFeedback {
    /// Null removes the rating.
    pub rating: Option<FeedbackRating>,
}

/// The result of posting a message.
#[derive(Debug, Object)]
pub(crate) struct Exchange {
    /// The posted message; for a regenerated answer, the message of the new answer.
    pub message: MessageResource,
    /// The run that writes the answer, if one was requested.
    pub response: Option<ResponseResource>,
}

impl Exchange {
    /// Adds the earlier siblings of the message, which its event does not contain.
    pub(crate) fn with_siblings(mut self, mut siblings: Vec<Uuid>) -> Self {
        // For a repeated request, the message is already among them.
        if !siblings.contains(&self.message.id) {
            siblings.push(self.message.id);
        }
        self.message.sibling_ids = siblings;
        self
    }

    /// Finds it in the events of a command, without waiting for a view.
    pub(crate) fn find(committed: &Committed) -> Option<Self> {
        let message = committed.events.iter().find_map(message)?;
        let response = committed.events.iter().find_map(response);
        Some(Self { message, response })
    }

    /// Builds the result of a command.
    pub(crate) fn from_committed(committed: &Committed) -> Result<Created<Self>, Problem> {
        let exchange = Self::find(committed).ok_or_else(Problem::not_found)?;
        let version = committed
            .events
            .iter()
            .filter(|event| matches!(event.event, Event::Conversation(_)))
            .map(|event| event.version)
            .max()
            .unwrap_or(1);
        let location = format!("/api/v1/messages/{}", exchange.message.id);
        let position = committed.position;
        Ok(Created::new(exchange, location, version, position))
    }
}

fn message(event: &CommittedEvent) -> Option<MessageResource> {
    let Event::Conversation(conversation) = &event.event else {
        return None;
    };
    let mut files = vec![];
    let (id, parent_id, user_id, content, response_id) = match conversation {
        ConversationEvent::MessagePosted {
            message_id,
            parent_id,
            author,
            content,
            attachments,
        } => {
            files.clone_from(attachments);
            (*message_id, *parent_id, Some(*author), content.text(), None)
        }
        ConversationEvent::AnswerAdded {
            message_id,
            parent_id,
            response_id,
        } => (*message_id, Some(*parent_id), None, "", Some(*response_id)),
        _ => return None,
    };
    let (role, status) = match user_id {
        Some(_) => (MessageRole::User, MessageStatus::Complete),
        None => (MessageRole::Assistant, MessageStatus::Running),
    };
    Some(MessageResource {
        id,
        conversation_id: event.aggregate_id,
        parent_id,
        sibling_ids: vec![id],
        role: role.into(),
        user_id,
        parts: if content.is_empty() {
            vec![]
        } else {
            vec![text(content)]
        },
        content: content.to_owned(),
        attachments: files,
        citations: vec![],
        status: status.into(),
        response_id,
        feedback: None,
        created_at: event.recorded_at,
    })
}

fn response(event: &CommittedEvent) -> Option<ResponseResource> {
    let Event::Response(ResponseEvent::ResponseRequested {
        conversation_id,
        prompt_message_id,
        message_id,
        assistant_id,
        assistant_version,
        model,
        ..
    }) = &event.event
    else {
        return None;
    };
    Some(ResponseResource {
        id: event.aggregate_id,
        conversation_id: *conversation_id,
        prompt_message_id: *prompt_message_id,
        message_id: *message_id,
        assistant_id: *assistant_id,
        assistant_version: i32::try_from(*assistant_version).unwrap_or(i32::MAX),
        model: model.clone(),
        status: ResponseState::Queued,
        finish_reason: None,
        usage: None,
        cost: None,
        calls: vec![],
        error: None,
        started_at: None,
        ended_at: None,
    })
}

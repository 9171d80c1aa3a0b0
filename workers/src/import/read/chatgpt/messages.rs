//! The messages of a conversation, each after its parent, the current path last.

use chrono::{DateTime, Utc};
use domain::response::{Answer, AnswerPart};

use super::super::limits;
use super::super::parent::Parent;
use super::files::Files;
use super::message::{self, VisibleMessage};
use super::tree::Tree;
use super::{Rejection, to_key};
use crate::import::wire::SourceMessage;

/// The message that a node became part of, and the number of parts that it had then.
type Position = Option<(usize, usize)>;

pub(super) fn read_messages(
    tree: &Tree<'_>,
    (started_at, model): (Option<DateTime<Utc>>, Option<String>),
    (parent, files): (&Parent, &mut Files<'_>),
) -> Result<Vec<SourceMessage>, Rejection> {
    let mut messages: Vec<SourceMessage> = Vec::new();
    let mut positions: Vec<Position> = vec![None; tree.nodes.len()];
    let mut skipped = 0;
    for at in &tree.order {
        let node = &tree.nodes[*at];
        let parent_position = node.parent.and_then(|parent| positions[parent]);
        let parsed = node
            .message
            .map(message::parse_message)
            .transpose()?
            .unwrap_or_default();
        skipped += parsed.skipped;
        for reason in &parsed.errors {
            parent.reject("message", reason)?;
        }
        let Some(visible) = parsed.message else {
            positions[*at] = parent_position;
            continue;
        };
        let mut attachments = Vec::new();
        for file in &visible.attachments {
            attachments.extend(files.send(parent, file)?);
        }
        // An answer that continues after a tool call is one answer, unless it continues in several ways.
        let continued = parent_position.filter(|(index, parts)| {
            let answer = &messages[*index];
            visible.role.is_answer()
                && answer.role.is_answer()
                && answer.content.parts.len() == *parts
        });
        if let Some((index, _)) = continued {
            let answer = &mut messages[index];
            append_parts(&mut answer.content.parts, visible.parts);
            answer.attachments.extend(attachments);
            positions[*at] = Some((index, answer.content.parts.len()));
            continue;
        }
        positions[*at] = Some((messages.len(), visible.parts.len()));
        let parent_position = parent_position.map(|(index, _)| &messages[index]);
        let parent_position = parent_position.map(|parent| (parent.key, parent.written_at));
        let defaults = (started_at, model.as_deref());
        messages.push(to_source_message(
            to_key(&node.id),
            parent_position,
            visible,
            attachments,
            defaults,
        ));
    }
    for message in &messages {
        limits::check_length(message)?;
    }
    parent.skip(skipped)?;
    Ok(messages)
}

/// Missing values are taken from the previous message or the conversation.
fn to_source_message(
    key: uuid::Uuid,
    parent: Option<(uuid::Uuid, Option<DateTime<Utc>>)>,
    visible: VisibleMessage,
    attachments: Vec<String>,
    (started_at, model): (Option<DateTime<Utc>>, Option<&str>),
) -> SourceMessage {
    let parent_time = parent.map_or(started_at, |(_, written_at)| written_at);
    let default_model = model
        .filter(|_| visible.role.is_answer())
        .map(str::to_owned);
    SourceMessage {
        key,
        parent: parent.map(|(key, _)| key),
        role: visible.role,
        content: Answer {
            parts: visible.parts,
            citations: vec![],
        },
        attachments,
        model: visible.model.or(default_model),
        usage: None,
        rating: None,
        written_at: visible.written_at.or(parent_time),
    }
}

/// Appends parts to an answer, as a new paragraph.
fn append_parts(parts: &mut Vec<AnswerPart>, more: Vec<AnswerPart>) {
    let has_text = parts
        .iter()
        .any(|part| matches!(part, AnswerPart::Text { .. }));
    parts.extend(more.into_iter().map(|part| match part {
        AnswerPart::Text { text } if has_text => AnswerPart::Text {
            text: format!("\n\n{text}"),
        },
        part => part,
    }));
}

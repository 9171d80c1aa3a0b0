//! The messages of a conversation, each after its parent, the current path last.

use chrono::{DateTime, Utc};
use domain::response::{Answer, AnswerPart};

use super::super::limits;
use super::super::parent::Parent;
use super::files::Files;
use super::message::{self, Shown};
use super::tree::Tree;
use super::{Refusal, key};
use crate::import::wire::HeardMessage;

/// The message that a node became part of, and the number of parts that it had then.
type Place = Option<(usize, usize)>;

pub(super) fn read(
    tree: &Tree<'_>,
    (started_at, model): (DateTime<Utc>, Option<String>),
    (parent, files): (&Parent, &mut Files<'_>),
) -> Result<Vec<HeardMessage>, Refusal> {
    let mut heard: Vec<HeardMessage> = Vec::new();
    let mut places: Vec<Place> = vec![None; tree.nodes.len()];
    let mut left_out = 0;
    for at in &tree.order {
        let node = &tree.nodes[*at];
        let above = node.parent.and_then(|parent| places[parent]);
        let read = node
            .message
            .map(message::read)
            .transpose()?
            .unwrap_or_default();
        left_out += read.left_out;
        for why in &read.unread {
            parent.refuse("message", why)?;
        }
        let Some(shown) = read.shown else {
            places[*at] = above;
            continue;
        };
        let mut attachments = Vec::new();
        for file in &shown.attached {
            attachments.extend(files.take(parent, file)?);
        }
        // An answer that continues after a tool call is one answer, unless it continues in several ways.
        let goes_on = above.filter(|(place, parts)| {
            let before = &heard[*place];
            shown.said.is_answer()
                && before.said.is_answer()
                && before.content.parts.len() == *parts
        });
        if let Some((place, _)) = goes_on {
            let before = &mut heard[place];
            go_on(&mut before.content.parts, shown.parts);
            before.attachments.extend(attachments);
            places[*at] = Some((place, before.content.parts.len()));
            continue;
        }
        places[*at] = Some((heard.len(), shown.parts.len()));
        let above = above.map(|(place, _)| &heard[place]);
        let above = above.map(|above| (above.key, above.written_at));
        let begun = (started_at, model.as_deref());
        heard.push(said(key(&node.id), above, shown, attachments, begun));
    }
    for message in &heard {
        limits::fits(message)?;
    }
    parent.leave_out(left_out)?;
    Ok(heard)
}

/// Missing values are taken from the previous message or the conversation.
fn said(
    key: uuid::Uuid,
    above: Option<(uuid::Uuid, DateTime<Utc>)>,
    shown: Shown,
    attachments: Vec<String>,
    (started_at, model): (DateTime<Utc>, Option<&str>),
) -> HeardMessage {
    let before = above.map_or(started_at, |(_, written_at)| written_at);
    let usual = model.filter(|_| shown.said.is_answer()).map(str::to_owned);
    HeardMessage {
        key,
        parent: above.map(|(key, _)| key),
        said: shown.said,
        content: Answer {
            parts: shown.parts,
            citations: vec![],
        },
        attachments,
        model: shown.model.or(usual),
        usage: None,
        rating: None,
        written_at: shown.written_at.unwrap_or(before),
    }
}

/// Appends parts to an answer, as a new paragraph.
fn go_on(parts: &mut Vec<AnswerPart>, more: Vec<AnswerPart>) {
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

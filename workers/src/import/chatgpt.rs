//! The export of `ChatGPT`: a ZIP file with `conversations.json`, or that file alone. Its form is described nowhere; this
//! reads what exports of 2023 to 2026 have, and tells what it leaves out.

use std::collections::HashMap;
use std::fmt;
use std::io::{BufReader, Read};

use chrono::{DateTime, Utc};
use domain::conversation::{Said, Source};
use domain::response::{Answer, Part};
use serde::Deserialize;
use serde::de::{DeserializeSeed, SeqAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;
use uuid::Uuid;
use zip::ZipArchive;

use super::limits::{Allowance, Limited};
use super::stored::Stored;
use super::taker::{Heard, HeardMessage, Taker};
use super::{Stop, is_json, names, unreadable};

/// What ids that are no UUIDs are derived in.
const IDS: Uuid = Uuid::from_u128(0x8d0b_7c9e_52a1_4f6d_9a3e_0c5f_1b2d_7e48);
/// Characters between which a citation stands that leads to nothing outside of `ChatGPT`.
const CITATION: (char, char) = ('\u{e200}', '\u{e201}');

#[derive(Deserialize)]
struct Conversation {
    id: Option<String>,
    /// The same; older exports have this alone.
    conversation_id: Option<String>,
    title: Option<String>,
    create_time: Option<f64>,
    update_time: Option<f64>,
    mapping: HashMap<String, Node>,
    current_node: Option<String>,
    #[serde(default)]
    is_archived: Option<bool>,
    #[serde(default)]
    is_starred: Option<bool>,
}

#[derive(Deserialize)]
struct Node {
    parent: Option<String>,
    #[serde(default)]
    children: Vec<String>,
    message: Option<Message>,
}

#[derive(Deserialize)]
struct Message {
    author: Author,
    create_time: Option<f64>,
    content: Option<Content>,
    recipient: Option<String>,
    status: Option<String>,
    #[serde(default)]
    metadata: Metadata,
}

#[derive(Deserialize)]
struct Author {
    role: String,
}

#[derive(Deserialize)]
struct Content {
    content_type: String,
    #[serde(default)]
    parts: Vec<Value>,
    text: Option<String>,
    #[serde(default)]
    thoughts: Vec<Thought>,
}

#[derive(Deserialize)]
struct Thought {
    #[serde(default)]
    content: String,
}

#[derive(Deserialize, Default)]
struct Metadata {
    model_slug: Option<String>,
    is_visually_hidden_from_conversation: Option<bool>,
    #[serde(default)]
    attachments: Option<Vec<Attached>>,
}

#[derive(Deserialize)]
struct Attached {
    id: Option<String>,
    name: Option<String>,
    mime_type: Option<String>,
}

/// Takes a file by its id and name; tells its digest.
type Files<'a> = &'a mut dyn FnMut(&mut Taker, &Attached) -> Result<Option<String>, Stop>;

/// Imports what a ZIP file holds.
pub(super) fn archive(zip: &mut ZipArchive<Stored>, taker: &mut Taker) -> Result<(), Stop> {
    let names = names(zip);
    let is_list = |name: &&String| last(name).starts_with("conversations") && is_json(last(name));
    let lists: Vec<&String> = names.iter().filter(is_list).collect();
    if lists.is_empty() {
        return Err(Stop::Unreadable(
            "the archive has neither a manifest.json of ConvoSphere nor a conversations.json of ChatGPT".to_owned(),
        ));
    }
    // Conversations are read from a reader of their own, so that files can be read beside them.
    let mut beside = zip.clone();
    for list in lists {
        let entry = beside.by_name(list).map_err(|error| unreadable(&error))?;
        let mut files = |taker: &mut Taker, file: &Attached| {
            let Some(id) = file.id.as_deref().filter(|id| !id.is_empty()) else {
                return Ok(None);
            };
            let name = names.iter().find(|name| last(name).starts_with(id));
            let name = file.name.as_deref().zip(name);
            let Some((shown, name)) = name else {
                taker.miss(id);
                return Ok(None);
            };
            let mut entry = zip.by_name(name).map_err(|error| unreadable(&error))?;
            let kind = file.mime_type.as_deref().unwrap_or_default();
            taker.file((shown, kind), &mut entry)
        };
        conversations(entry, taker, &mut files)?;
    }
    Ok(())
}

/// The last part of the name of an entry.
fn last(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or_default()
}

/// Imports a list of conversations that comes without the files that they carry.
pub(super) fn list(reader: impl Read, taker: &mut Taker) -> Result<(), Stop> {
    conversations(reader, taker, &mut |taker, file| {
        taker.miss(file.id.as_deref().unwrap_or_default());
        Ok(None)
    })
}

/// Imports a list of conversations, one after the other.
fn conversations(reader: impl Read, taker: &mut Taker, files: Files<'_>) -> Result<(), Stop> {
    let allowance = Allowance::new();
    let reader = BufReader::new(Limited::new(reader, allowance.clone()));
    let mut stopped = None;
    let mut each = |one: &RawValue| {
        allowance.renew();
        let taken = match serde_json::from_str::<Conversation>(one.get()) {
            Ok(conversation) => take(conversation, taker, files),
            Err(error) => {
                taker.refuse("conversation", &error);
                Ok(())
            }
        };
        taken.map_err(|stop| stopped = Some(stop)).is_ok()
    };
    let mut text = serde_json::Deserializer::from_reader(reader);
    let read = Each(&mut each)
        .deserialize(&mut text)
        .and_then(|()| text.end());
    match (stopped, read) {
        (Some(stop), _) => Err(stop),
        (None, Ok(())) => Ok(()),
        (None, Err(error)) => Err(unreadable(&error)),
    }
}

/// Goes through a list without holding it, as long as it is told to.
struct Each<'a>(&'a mut dyn FnMut(&RawValue) -> bool);

impl<'de> DeserializeSeed<'de> for Each<'_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Each<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of conversations")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while let Some(one) = list.next_element::<Box<RawValue>>()? {
            if !(self.0)(&one) {
                return Err(serde::de::Error::custom("the import was stopped"));
            }
        }
        Ok(())
    }
}

fn take(conversation: Conversation, taker: &mut Taker, files: Files<'_>) -> Result<(), Stop> {
    let id = conversation.id.as_ref();
    let Some(id) = id.or(conversation.conversation_id.as_ref()) else {
        taker.refuse("conversation", &"it has no id");
        return Ok(());
    };
    let started_at = time(conversation.create_time).unwrap_or_else(Utc::now);
    let messages = messages(&conversation, started_at, taker, files)?;
    if messages.is_empty() {
        // Begun and never used.
        return Ok(());
    }
    let newest = messages.iter().map(|message| message.written_at).max();
    let changed_at = time(conversation.update_time).or(newest);
    taker.conversation(Heard {
        key: key(id),
        source: Source::ChatGpt,
        title: conversation.title.clone(),
        assistant_id: None,
        model: None,
        pinned: conversation.is_starred.unwrap_or(false),
        archived: conversation.is_archived.unwrap_or(false),
        trashed: false,
        started_at,
        changed_at: changed_at.unwrap_or(started_at),
        messages,
    })
}

/// The messages that people were shown, each after the one that it stands below, the current path at last.
fn messages(
    conversation: &Conversation,
    started_at: DateTime<Utc>,
    taker: &mut Taker,
    files: Files<'_>,
) -> Result<Vec<HeardMessage>, Stop> {
    let mut heard: Vec<HeardMessage> = Vec::new();
    // Of each node that was gone through: the message that stands in its place, and how many parts it had then.
    let mut places: HashMap<&str, Option<(usize, usize)>> = HashMap::new();
    let mut left_out = 0;
    for id in order(conversation) {
        let Some(node) = conversation.mapping.get(id) else {
            continue;
        };
        let above = node.parent.as_deref();
        let above = above.and_then(|parent| places.get(parent).copied().flatten());
        let shown = node.message.as_ref().and_then(shown);
        let Some((said, answer)) = shown else {
            left_out += u64::from(node.message.as_ref().is_some_and(says_something));
            places.insert(id, above);
            continue;
        };
        let message = node.message.as_ref();
        let mut attachments = Vec::new();
        let carried = message.and_then(|message| message.metadata.attachments.as_ref());
        for file in carried.into_iter().flatten() {
            attachments.extend(files(taker, file)?);
        }
        // An answer that went on after a tool had answered is one answer, unless it went on in several ways.
        let goes_on = above.filter(|(place, parts)| {
            let before = &heard[*place];
            said.is_answer() && before.said.is_answer() && before.content.parts.len() == *parts
        });
        if let Some((place, _)) = goes_on {
            let before = &mut heard[place];
            go_on(&mut before.content.parts, answer.parts);
            before.attachments.extend(attachments);
            places.insert(id, Some((place, before.content.parts.len())));
            continue;
        }
        let above = above.map(|(place, _)| place);
        let parent = above.map(|place| heard[place].key);
        let before = above.map_or(started_at, |place| heard[place].written_at);
        places.insert(id, Some((heard.len(), answer.parts.len())));
        heard.push(HeardMessage {
            key: key(id),
            parent,
            said,
            content: answer,
            attachments,
            model: message
                .filter(|_| said.is_answer())
                .and_then(|message| message.metadata.model_slug.clone()),
            usage: None,
            rating: None,
            written_at: message
                .and_then(|message| time(message.create_time))
                .unwrap_or(before),
        });
    }
    taker.leave_out(left_out);
    Ok(heard)
}

/// Ids of nodes, each after its parent; of siblings, the one that leads to the current node comes last.
fn order(conversation: &Conversation) -> Vec<&str> {
    let nodes = &conversation.mapping;
    let mut current: Vec<&str> = Vec::new();
    let mut at = conversation.current_node.as_deref();
    while let Some((id, node)) = at.and_then(|id| nodes.get_key_value(id)) {
        if current.len() > nodes.len() {
            break;
        }
        current.push(id);
        at = node.parent.as_deref();
    }
    let is_current: std::collections::HashSet<&str> = current.into_iter().collect();
    let mut roots: Vec<&str> = nodes
        .iter()
        .filter(|(_, node)| {
            let parent = node.parent.as_deref();
            parent.is_none_or(|parent| !nodes.contains_key(parent))
        })
        .map(|(id, _)| id.as_str())
        .collect();
    roots.sort_by_key(|id| (is_current.contains(id), *id));
    roots.reverse();
    let (mut ordered, mut seen) = (Vec::new(), std::collections::HashSet::new());
    let mut open = roots;
    while let Some(id) = open.pop() {
        if !seen.insert(id) {
            continue;
        }
        ordered.push(id);
        let children = nodes.get(id).map(|node| node.children.as_slice());
        let mut children: Vec<&str> = children
            .unwrap_or_default()
            .iter()
            .map(String::as_str)
            .collect();
        children.sort_by_key(|child| is_current.contains(child));
        open.extend(children.into_iter().rev());
    }
    ordered
}

/// Who says something to people, and what; nothing for what is hidden, of tools, or said to them.
fn shown(message: &Message) -> Option<(Said, Answer)> {
    let hidden = message.metadata.is_visually_hidden_from_conversation;
    let recipient = message.recipient.as_deref().unwrap_or("all");
    if hidden == Some(true) || recipient != "all" {
        return None;
    }
    let said = match (message.author.role.as_str(), message.status.as_deref()) {
        ("user", _) => Said::Question,
        ("assistant", Some("in_progress")) => Said::Interrupted,
        ("assistant", _) => Said::Answer,
        _ => return None,
    };
    let content = message.content.as_ref()?;
    let parts = match content.content_type.as_str() {
        "text" | "multimodal_text" | "code" => {
            let text = plain(content);
            let empty = text.trim().is_empty() && content.content_type != "multimodal_text";
            if empty {
                return None;
            }
            vec![Part::Text { text }]
        }
        "thoughts" => {
            let thoughts: Vec<&str> = content
                .thoughts
                .iter()
                .map(|t| t.content.as_str())
                .collect();
            let text = readable(&thoughts.join("\n\n"));
            if text.is_empty() {
                return None;
            }
            vec![Part::Reasoning { text }]
        }
        _ => return None,
    };
    Some((
        said,
        Answer {
            parts,
            citations: vec![],
        },
    ))
}

/// Whether anything is lost with a message that is not shown.
fn says_something(message: &Message) -> bool {
    let content = message.content.as_ref();
    content.is_some_and(|content| !plain(content).trim().is_empty())
}

fn plain(content: &Content) -> String {
    let mut texts: Vec<&str> = content.parts.iter().filter_map(Value::as_str).collect();
    texts.extend(content.text.as_deref());
    readable(&texts.join("\n"))
}

/// Without control characters, and without citations that lead nowhere.
fn readable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut within = false;
    for c in text.chars() {
        match c {
            c if c == CITATION.0 => within = true,
            c if c == CITATION.1 && within => within = false,
            _ if within => {}
            '\n' | '\r' | '\t' => out.push(c),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// An answer goes on: its next text is a paragraph of its own.
fn go_on(parts: &mut Vec<Part>, more: Vec<Part>) {
    let has_text = parts.iter().any(|part| matches!(part, Part::Text { .. }));
    parts.extend(more.into_iter().map(|part| match part {
        Part::Text { text } if has_text => Part::Text {
            text: format!("\n\n{text}"),
        },
        part => part,
    }));
}

/// Seconds since 1970, where they are a time.
fn time(seconds: Option<f64>) -> Option<DateTime<Utc>> {
    let micros = seconds? * 1_000_000.0;
    let plausible = (0.0..=9e15).contains(&micros);
    #[expect(clippy::cast_possible_truncation, reason = "it is within the range")]
    let micros = plausible.then_some(micros as i64)?;
    DateTime::from_timestamp_micros(micros)
}

fn key(id: &str) -> Uuid {
    Uuid::parse_str(id).unwrap_or_else(|_| Uuid::new_v5(&IDS, id.as_bytes()))
}

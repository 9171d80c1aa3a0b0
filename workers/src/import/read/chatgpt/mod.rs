//! The export of `ChatGPT`: a ZIP file with `conversations.json`, or only that file. Its format is not documented; this
//! reads what exports of 2023 to 2026 contain, treats fields of another type as missing, and reports what it skips.

mod files;
mod message;
mod messages;
mod tree;

use std::fmt;
use std::io::{BufReader, Read};

use chrono::{DateTime, Utc};
use domain::conversation::ImportSource as From;
use serde::de::{DeserializeSeed, SeqAccess, Visitor};
use serde_json::value::RawValue;
use uuid::Uuid;
use zip::ZipArchive;

use self::files::Files;
use super::json::{self, Raw, fields, flag, number, text};
use super::limits::{self, Allowance, LimitedReader, TooMany, skip_byte_order_mark};
use super::parent::{Parent, RemoteFile};
use super::{ReadError, UNKNOWN_FORMAT, file_name, is_json, unreadable};
use crate::import::wire::SourceConversation;

/// The namespace for ids that are not UUIDs.
const ID_NAMESPACE: Uuid = Uuid::from_u128(0x8d0b_7c9e_52a1_4f6d_9a3e_0c5f_1b2d_7e48);

/// The totals of an export.
#[derive(Default)]
struct Totals {
    conversations: u64,
    /// Conversations without messages.
    empty: u64,
    /// The program that wrote the export, if it is another one.
    other_program: Option<&'static str>,
}

/// Reads a ZIP file.
pub(super) fn read_archive(
    zip: &mut ZipArchive<RemoteFile>,
    names: &[String],
    parent: &Parent,
) -> Result<(), ReadError> {
    // Conversations have their own reader, so that files can be read at the same time.
    let mut reader = zip.clone();
    let mut files = Files::new(zip, names);
    let mut totals = Totals::default();
    for list in names.iter().filter(|name| is_list(name)) {
        let entry = reader.by_name(list).map_err(|error| unreadable(&error))?;
        read_conversations(
            skip_byte_order_mark(entry)?,
            parent,
            &mut files,
            &mut totals,
        )?;
    }
    if !has_list(names) {
        return Err(ReadError::Unreadable(
            "the archive has neither a manifest.json of ConvoSphere nor a conversations.json of ChatGPT".to_owned(),
        ));
    }
    totals.check_not_empty(parent)
}

/// Whether an archive contains a list of conversations.
pub(super) fn has_list(names: &[String]) -> bool {
    names.iter().any(|name| is_list(name))
}

fn is_list(name: &str) -> bool {
    file_name(name).starts_with("conversations") && is_json(file_name(name))
}

/// Reads a list of conversations that comes without their files.
pub(super) fn read_list(reader: impl Read, parent: &Parent) -> Result<(), ReadError> {
    let mut totals = Totals::default();
    read_conversations(reader, parent, &mut Files::empty(), &mut totals)?;
    totals.check_not_empty(parent)
}

/// Reads one conversation that was taken out of its list.
pub(super) fn read_single(reader: impl Read, parent: &Parent) -> Result<(), ReadError> {
    let allowance = Allowance::new("a conversation", limits::CHATGPT_CONVERSATION);
    let reader = BufReader::new(LimitedReader::new(reader, allowance));
    let conversation: Box<RawValue> =
        serde_json::from_reader(reader).map_err(|error| unreadable(&error))?;
    let mut totals = Totals::default();
    if fields(&conversation, ["mapping"])[0].is_none() && detect_program(&conversation).is_none() {
        return Err(ReadError::Unreadable(UNKNOWN_FORMAT.to_owned()));
    }
    import_or_reject(&conversation, parent, &mut Files::empty(), &mut totals)?;
    totals.check_not_empty(parent)
}

impl Totals {
    /// An import without any conversation fails with a reason.
    fn check_not_empty(self, parent: &Parent) -> Result<(), ReadError> {
        if self.conversations > 0 {
            return Ok(());
        }
        Err(ReadError::Unreadable(
            match (self.other_program, parent.first_reason()) {
                (Some(program), _) => {
                    format!("this is an export of {program}, which is not supported")
                }
                (None, Some(reason)) => format!("no conversation could be read: {reason}"),
                (None, None) if self.empty > 0 => {
                    "there is nothing to import: no conversation of the file has a message"
                        .to_owned()
                }
                (None, None) => {
                    "there is nothing to import: the list has no conversations".to_owned()
                }
            },
        ))
    }
}

/// Reads a list of conversations one by one.
fn read_conversations(
    reader: impl Read,
    parent: &Parent,
    files: &mut Files<'_>,
    totals: &mut Totals,
) -> Result<(), ReadError> {
    let allowance = Allowance::new("a conversation", limits::CHATGPT_CONVERSATION);
    let reader = BufReader::new(LimitedReader::new(reader, allowance.clone()));
    let mut stopped = None;
    let mut visit = |conversation: &RawValue| {
        allowance.reset();
        let result = import_or_reject(conversation, parent, files, totals);
        result.map_err(|error| stopped = Some(error)).is_ok()
    };
    let mut text = serde_json::Deserializer::from_reader(reader);
    let read = ForEach(&mut visit)
        .deserialize(&mut text)
        .and_then(|()| text.end());
    match (stopped, read) {
        (Some(error), _) => Err(error),
        (None, Ok(())) => Ok(()),
        (None, Err(error)) => Err(unreadable(&error)),
    }
}

/// Visits a list without keeping it in memory, until the callback returns false.
struct ForEach<'a>(&'a mut dyn FnMut(&RawValue) -> bool);

impl<'de> DeserializeSeed<'de> for ForEach<'_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for ForEach<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of conversations")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while let Some(one) = list.next_element::<Box<RawValue>>()? {
            if !(self.0)(&one) {
                return Err(serde::de::Error::custom("the import was cancelled"));
            }
        }
        Ok(())
    }
}

/// The program that a conversation comes from, if it is another one that exports lists.
fn detect_program(conversation: &RawValue) -> Option<&'static str> {
    let [chat, chat_messages, conversation_id, messages] = fields(
        conversation,
        ["chat", "chat_messages", "conversationId", "messages"],
    );
    if chat_messages.is_some() {
        Some("Claude")
    } else if chat.is_some_and(|chat| json::starts_with(chat, '{')) {
        Some("Open WebUI")
    } else if conversation_id.is_some() && messages.is_some() {
        Some("LibreChat")
    } else {
        None
    }
}

/// Why a conversation is not imported.
enum Rejection {
    Reason(String),
    Error(ReadError),
}

impl std::convert::From<TooMany> for Rejection {
    fn from(reason: TooMany) -> Self {
        Self::Reason(reason.to_string())
    }
}

impl std::convert::From<ReadError> for Rejection {
    fn from(error: ReadError) -> Self {
        Self::Error(error)
    }
}

impl std::convert::From<std::io::Error> for Rejection {
    fn from(error: std::io::Error) -> Self {
        Self::Error(error.into())
    }
}

fn import_or_reject(
    conversation: &RawValue,
    parent: &Parent,
    files: &mut Files<'_>,
    totals: &mut Totals,
) -> Result<(), ReadError> {
    if let Some(program) =
        detect_program(conversation).filter(|_| fields(conversation, ["mapping"])[0].is_none())
    {
        totals.other_program.get_or_insert(program);
        let reason = format!("it is a conversation of {program}, which is not supported");
        return Ok(parent.reject("conversation", &reason)?);
    }
    match send_conversation(conversation, parent, files) {
        Ok(true) => totals.conversations += 1,
        Ok(false) => totals.empty += 1,
        Err(Rejection::Reason(reason)) => parent.reject("conversation", &reason)?,
        Err(Rejection::Error(error)) => return Err(error),
    }
    Ok(())
}

/// Sends a conversation; returns whether it has messages.
fn send_conversation(
    conversation: Raw<'_>,
    parent: &Parent,
    files: &mut Files<'_>,
) -> Result<bool, Rejection> {
    let names = [
        "id",
        "conversation_id",
        "mapping",
        "title",
        "create_time",
        "update_time",
    ];
    let [id, other_id, mapping, title, started, changed] = fields(conversation, names);
    let names = [
        "current_node",
        "is_archived",
        "is_starred",
        "default_model_slug",
    ];
    let [current, archived, starred, model] = fields(conversation, names);
    if !json::starts_with(conversation, '{') {
        return Err(Rejection::Reason("it is not a conversation".to_owned()));
    }
    let Some(id) = text(id).or_else(|| text(other_id)) else {
        return Err(Rejection::Reason("it has no id".to_owned()));
    };
    let Some(mapping) = mapping else {
        return Ok(false);
    };
    if !json::starts_with(mapping, '{') {
        return Err(Rejection::Reason("its messages are not a tree".to_owned()));
    }
    let tree = tree::read_tree(mapping, text(current))?;
    let started_at = parse_time(started);
    let messages = messages::read_messages(&tree, (started_at, text(model)), (parent, files))?;
    if messages.is_empty() {
        return Ok(false);
    }
    let newest = messages
        .iter()
        .filter_map(|message| message.written_at)
        .max();
    let changed_at = parse_time(changed).or(newest).or(started_at);
    let source = SourceConversation {
        key: to_key(&id),
        source: From::ChatGpt,
        title: text(title),
        assistant_id: None,
        model: None,
        pinned: flag(starred),
        archived: flag(archived),
        trashed: false,
        started_at,
        changed_at,
    };
    parent.send_conversation(source, messages.into_iter())?;
    Ok(true)
}

/// A time in seconds since 1970, or in RFC 3339.
fn parse_time(raw: Option<Raw<'_>>) -> Option<DateTime<Utc>> {
    let Some(seconds) = number(raw) else {
        let time = DateTime::parse_from_rfc3339(&text(raw)?);
        return time.ok().map(|time| time.with_timezone(&Utc));
    };
    let micros = seconds * 1_000_000.0;
    let is_plausible = (0.0..=9e15).contains(&micros);
    #[expect(clippy::cast_possible_truncation, reason = "it is within the range")]
    let micros = is_plausible.then_some(micros as i64)?;
    DateTime::from_timestamp_micros(micros)
}

fn to_key(id: &str) -> Uuid {
    Uuid::parse_str(id).unwrap_or_else(|_| Uuid::new_v5(&ID_NAMESPACE, id.as_bytes()))
}

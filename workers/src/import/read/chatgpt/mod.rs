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
use super::limits::{self, Allowance, Limited, TooMany, without_mark};
use super::parent::{Parent, Source};
use super::{Fault, NO_EXPORT, is_json, last, unreadable};
use crate::import::wire::Heard;

/// The namespace for ids that are not UUIDs.
const IDS: Uuid = Uuid::from_u128(0x8d0b_7c9e_52a1_4f6d_9a3e_0c5f_1b2d_7e48);

/// The totals of an export.
#[derive(Default)]
struct Found {
    conversations: u64,
    /// Conversations without messages.
    empty: u64,
    /// The program that wrote the export, if it is another one.
    other: Option<&'static str>,
}

/// Reads a ZIP file.
pub(super) fn archive(
    zip: &mut ZipArchive<Source>,
    names: &[String],
    parent: &Parent,
) -> Result<(), Fault> {
    // Conversations have their own reader, so that files can be read at the same time.
    let mut beside = zip.clone();
    let mut files = Files::of(zip, names);
    let mut found = Found::default();
    for list in names.iter().filter(|name| is_list(name)) {
        let entry = beside.by_name(list).map_err(|error| unreadable(&error))?;
        conversations(without_mark(entry)?, parent, &mut files, &mut found)?;
    }
    if !has_list(names) {
        return Err(Fault::Unreadable(
            "the archive has neither a manifest.json of ConvoSphere nor a conversations.json of ChatGPT".to_owned(),
        ));
    }
    found.something(parent)
}

/// Whether an archive contains a list of conversations.
pub(super) fn has_list(names: &[String]) -> bool {
    names.iter().any(|name| is_list(name))
}

fn is_list(name: &str) -> bool {
    last(name).starts_with("conversations") && is_json(last(name))
}

/// Reads a list of conversations that comes without their files.
pub(super) fn list(reader: impl Read, parent: &Parent) -> Result<(), Fault> {
    let mut found = Found::default();
    conversations(reader, parent, &mut Files::none(), &mut found)?;
    found.something(parent)
}

/// Reads one conversation that was taken out of its list.
pub(super) fn single(reader: impl Read, parent: &Parent) -> Result<(), Fault> {
    let allowance = Allowance::new("a conversation", limits::HELD);
    let reader = BufReader::new(Limited::new(reader, allowance));
    let one: Box<RawValue> = serde_json::from_reader(reader).map_err(|error| unreadable(&error))?;
    let mut found = Found::default();
    if fields(&one, ["mapping"])[0].is_none() && origin(&one).is_none() {
        return Err(Fault::Unreadable(NO_EXPORT.to_owned()));
    }
    take(&one, parent, &mut Files::none(), &mut found)?;
    found.something(parent)
}

impl Found {
    /// An import without any conversation fails with a reason.
    fn something(self, parent: &Parent) -> Result<(), Fault> {
        if self.conversations > 0 {
            return Ok(());
        }
        Err(Fault::Unreadable(
            match (self.other, parent.first_reason()) {
                (Some(other), _) => {
                    format!("this is an export of {other}, which is not read yet")
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
fn conversations(
    reader: impl Read,
    parent: &Parent,
    files: &mut Files<'_>,
    found: &mut Found,
) -> Result<(), Fault> {
    let allowance = Allowance::new("a conversation", limits::HELD);
    let reader = BufReader::new(Limited::new(reader, allowance.clone()));
    let mut stopped = None;
    let mut each = |one: &RawValue| {
        allowance.renew();
        let taken = take(one, parent, files, found);
        taken.map_err(|fault| stopped = Some(fault)).is_ok()
    };
    let mut text = serde_json::Deserializer::from_reader(reader);
    let read = Each(&mut each)
        .deserialize(&mut text)
        .and_then(|()| text.end());
    match (stopped, read) {
        (Some(fault), _) => Err(fault),
        (None, Ok(())) => Ok(()),
        (None, Err(error)) => Err(unreadable(&error)),
    }
}

/// Visits a list without keeping it in memory, until the callback returns false.
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

/// The program that a conversation comes from, if it is another one that exports lists.
fn origin(one: &RawValue) -> Option<&'static str> {
    let [chat, chat_messages, conversation_id, messages] =
        fields(one, ["chat", "chat_messages", "conversationId", "messages"]);
    if chat_messages.is_some() {
        Some("Claude")
    } else if chat.is_some_and(|chat| json::is(chat, '{')) {
        Some("Open WebUI")
    } else if conversation_id.is_some() && messages.is_some() {
        Some("LibreChat")
    } else {
        None
    }
}

/// Why a conversation is not imported.
enum Refusal {
    Because(String),
    Fault(Fault),
}

impl std::convert::From<TooMany> for Refusal {
    fn from(why: TooMany) -> Self {
        Self::Because(why.to_string())
    }
}

impl std::convert::From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl std::convert::From<std::io::Error> for Refusal {
    fn from(error: std::io::Error) -> Self {
        Self::Fault(error.into())
    }
}

fn take(
    one: &RawValue,
    parent: &Parent,
    files: &mut Files<'_>,
    found: &mut Found,
) -> Result<(), Fault> {
    if let Some(whose) = origin(one).filter(|_| fields(one, ["mapping"])[0].is_none()) {
        found.other.get_or_insert(whose);
        let why = format!("it is a conversation of {whose}, which is not read yet");
        return Ok(parent.refuse("conversation", &why)?);
    }
    match conversation(one, parent, files) {
        Ok(true) => found.conversations += 1,
        Ok(false) => found.empty += 1,
        Err(Refusal::Because(why)) => parent.refuse("conversation", &why)?,
        Err(Refusal::Fault(fault)) => return Err(fault),
    }
    Ok(())
}

/// Sends a conversation; returns whether it has messages.
fn conversation(one: Raw<'_>, parent: &Parent, files: &mut Files<'_>) -> Result<bool, Refusal> {
    let names = [
        "id",
        "conversation_id",
        "mapping",
        "title",
        "create_time",
        "update_time",
    ];
    let [id, other_id, mapping, title, started, changed] = fields(one, names);
    let names = [
        "current_node",
        "is_archived",
        "is_starred",
        "default_model_slug",
    ];
    let [current, archived, starred, model] = fields(one, names);
    if !json::is(one, '{') {
        return Err(Refusal::Because("it is no conversation".to_owned()));
    }
    let Some(id) = text(id).or_else(|| text(other_id)) else {
        return Err(Refusal::Because("it has no id".to_owned()));
    };
    let Some(mapping) = mapping else {
        return Ok(false);
    };
    if !json::is(mapping, '{') {
        return Err(Refusal::Because("its messages are no tree".to_owned()));
    }
    let tree = tree::read(mapping, text(current))?;
    let started_at = time(started).unwrap_or_else(Utc::now);
    let messages = messages::read(&tree, (started_at, text(model)), (parent, files))?;
    if messages.is_empty() {
        return Ok(false);
    }
    let newest = messages.iter().map(|message| message.written_at).max();
    let changed_at = time(changed).or(newest).unwrap_or(started_at);
    let heard = Heard {
        key: key(&id),
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
    parent.conversation(heard, messages.into_iter())?;
    Ok(true)
}

/// A time in seconds since 1970, or in RFC 3339.
fn time(raw: Option<Raw<'_>>) -> Option<DateTime<Utc>> {
    let Some(seconds) = number(raw) else {
        let written = DateTime::parse_from_rfc3339(&text(raw)?);
        return written.ok().map(|time| time.with_timezone(&Utc));
    };
    let micros = seconds * 1_000_000.0;
    let plausible = (0.0..=9e15).contains(&micros);
    #[expect(clippy::cast_possible_truncation, reason = "it is within the range")]
    let micros = plausible.then_some(micros as i64)?;
    DateTime::from_timestamp_micros(micros)
}

fn key(id: &str) -> Uuid {
    Uuid::parse_str(id).unwrap_or_else(|_| Uuid::new_v5(&IDS, id.as_bytes()))
}

//! The exports of this product: a conversation, and an archive of everything that a person has.

use std::collections::HashMap;
use std::fmt;
use std::io::{BufReader, Read};
use std::marker::PhantomData;

use chrono::{DateTime, Utc};
use domain::conversation::{ImportSource as From, ImportedRole, Rating};
use domain::response::{Answer, AnswerPart, Citation, Usage};
use projections::portable::{
    ARCHIVE_FORMAT, CONVERSATION_FORMAT, CONVERSATIONS_FOLDER, ConversationDigest, FILES_FOLDER,
    FORMAT_VERSION, MANIFEST_FILE, PortableAssistant, PortableAttachment, PortableConversation,
    PortableFile, PortableKnowledgeBase, PortableMessage, archive_digest,
};
use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, Error, SeqAccess, Visitor};
use serde_json::json;
use serde_json::value::RawValue;
use uuid::Uuid;
use zip::ZipArchive;

use super::limits::{
    self, Allowance, ENTRIES, LimitedReader, NAMES, PARTS, TooMany, skip_byte_order_mark,
};
use super::parent::{Parent, RemoteFile};
use super::{ReadError, file_name, is_json, unreadable};
use crate::import::wire::{ReaderMessage, SourceConversation, SourceMessage};

/// The file of a conversation.
#[derive(Deserialize)]
struct ConversationFile {
    format: String,
    version: u32,
    conversation: PortableConversation,
    #[serde(deserialize_with = "bounded_messages")]
    messages: Vec<PortableMessage>,
    digest: Option<String>,
}

/// The used fields of a manifest.
#[derive(Deserialize)]
struct Manifest {
    format: String,
    version: u32,
    #[serde(deserialize_with = "bounded_list::<_, ENTRIES, _>")]
    assistants: Vec<PortableAssistant>,
    #[serde(deserialize_with = "bounded_list::<_, ENTRIES, _>")]
    knowledge_bases: Vec<PortableKnowledgeBase>,
    #[serde(deserialize_with = "bounded_list::<_, ENTRIES, _>")]
    files: Vec<PortableFile>,
    digest: String,
}

/// The JSON of a message, which contains the fields of the answer directly.
#[derive(Deserialize)]
struct Message {
    id: Uuid,
    parent_id: Option<Uuid>,
    role: String,
    content: String,
    #[serde(default, deserialize_with = "optional_bounded_list::<_, PARTS, _>")]
    parts: Option<Vec<AnswerPart>>,
    #[serde(default, deserialize_with = "optional_bounded_list::<_, PARTS, _>")]
    citations: Option<Vec<Citation>>,
    status: String,
    #[serde(default, deserialize_with = "bounded_list::<_, PARTS, _>")]
    attachments: Vec<PortableAttachment>,
    model: Option<String>,
    usage: Option<Usage>,
    feedback: Option<String>,
    created_at: DateTime<Utc>,
}

impl Message {
    fn into_portable(self) -> PortableMessage {
        let answer = self.parts.zip(self.citations);
        PortableMessage {
            id: self.id,
            parent_id: self.parent_id,
            role: self.role,
            content: self.content,
            answer: answer.map(|(parts, citations)| Answer { parts, citations }),
            status: self.status,
            finish_reason: None,
            attachments: self.attachments,
            model: self.model,
            usage: self.usage,
            feedback: self.feedback,
            created_at: self.created_at,
        }
    }
}

/// Reads messages one by one, after checking their length.
fn bounded_messages<'de, D: Deserializer<'de>>(list: D) -> Result<Vec<PortableMessage>, D::Error> {
    let mut found = Vec::new();
    let mut visit = |one: Box<RawValue>| {
        if found.len() == limits::MESSAGES {
            return Err(TooMany::new("messages", limits::MESSAGES).to_string());
        }
        if one.get().len() > limits::MESSAGE {
            return Err(TooMany::new("bytes in one message", limits::MESSAGE).to_string());
        }
        let message: Message = serde_json::from_str(one.get())
            .map_err(|error| format!("message {}: {error}", found.len() + 1))?;
        found.push(message.into_portable());
        Ok(())
    };
    list.deserialize_seq(ForEach(&mut visit, PhantomData))?;
    Ok(found)
}

/// Reads a list up to a limit.
fn bounded_list<'de, T, const LIMIT: usize, D>(list: D) -> Result<Vec<T>, D::Error>
where
    T: DeserializeOwned,
    D: Deserializer<'de>,
{
    let mut found = Vec::new();
    let mut visit = |one: T| {
        if found.len() == LIMIT {
            return Err(TooMany::new("entries in one list", LIMIT).to_string());
        }
        found.push(one);
        Ok(())
    };
    list.deserialize_seq(ForEach(&mut visit, PhantomData))?;
    Ok(found)
}

fn optional_bounded_list<'de, T, const LIMIT: usize, D>(list: D) -> Result<Option<Vec<T>>, D::Error>
where
    T: DeserializeOwned,
    D: Deserializer<'de>,
{
    struct BoundedList<T, const LIMIT: usize>(Option<Vec<T>>);
    impl<'de, T: DeserializeOwned, const LIMIT: usize> Deserialize<'de> for BoundedList<T, LIMIT> {
        fn deserialize<D: Deserializer<'de>>(list: D) -> Result<Self, D::Error> {
            bounded_list::<T, LIMIT, D>(list).map(|found| Self(Some(found)))
        }
    }
    let found = Option::<BoundedList<T, LIMIT>>::deserialize(list)?;
    Ok(found.and_then(|found| found.0))
}

/// Visits a list without keeping it in memory.
struct ForEach<'a, T>(&'a mut dyn FnMut(T) -> Result<(), String>, PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ForEach<'_, T> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while let Some(one) = list.next_element()? {
            (self.0)(one).map_err(A::Error::custom)?;
        }
        Ok(())
    }
}

/// Reads one conversation.
pub(super) fn read_conversation(reader: impl Read, parent: &Parent) -> Result<(), ReadError> {
    if let Some(digest) = send_conversation(reader, parent)? {
        parent.send(&ReaderMessage::Digest(digest.into()))?;
    }
    Ok(())
}

/// The folder that contains an archive of this product, which may have been packed again; `None` if there is none.
pub(super) fn find_root(zip: &mut ZipArchive<RemoteFile>, names: &[String]) -> Option<String> {
    #[derive(Deserialize)]
    struct Header {
        format: String,
    }
    let mut manifests: Vec<&String> = names
        .iter()
        .filter(|name| file_name(name) == MANIFEST_FILE)
        .collect();
    manifests.sort_by_key(|name| name.matches('/').count());
    // At the usual place it is used even if it is damaged, unless there is another export too.
    for name in manifests.into_iter().take(NAMES) {
        let entry = zip.by_name(name).ok()?;
        let header = parse::<Header>(entry, Allowance::new("a manifest", limits::MANIFEST));
        let is_own = match &header {
            Ok(header) => header.format == ARCHIVE_FORMAT,
            Err(_) => name == MANIFEST_FILE && !super::chatgpt::has_list(names),
        };
        if is_own {
            return name.strip_suffix(MANIFEST_FILE).map(str::to_owned);
        }
    }
    None
}

/// Reads everything in an archive.
pub(super) fn read_archive(
    zip: &mut ZipArchive<RemoteFile>,
    (names, root): (&[String], &str),
    parent: &Parent,
) -> Result<(), ReadError> {
    let name = format!("{root}{MANIFEST_FILE}");
    let entry = zip.by_name(&name).map_err(|error| unreadable(&error))?;
    let allowance = Allowance::new("the manifest", limits::MANIFEST);
    let manifest: Manifest = parse(entry, allowance).map_err(|error| {
        ReadError::Unreadable(format!("{MANIFEST_FILE} could not be read: {error}"))
    })?;
    check_format(&manifest.format, ARCHIVE_FORMAT, manifest.version)?;
    for file in &manifest.files {
        if parent.has_file(&file.sha256)? {
            continue;
        }
        match zip.by_name(&format!("{root}{FILES_FOLDER}{}", file.id)) {
            Ok(mut entry) => {
                parent.send_file((&file.name, &file.media_type), &mut entry)?;
            }
            Err(_) => parent.report_missing(&file.sha256)?,
        }
    }
    parent.send(&ReaderMessage::WaitForViews)?;
    send_assistants(&manifest, parent)?;
    let mut digests = Vec::new();
    let conversations = format!("{root}{CONVERSATIONS_FOLDER}");
    for name in names {
        if !name.starts_with(&conversations) || !is_json(name) {
            continue;
        }
        let entry = zip.by_name(name).map_err(|error| unreadable(&error))?;
        match send_conversation(entry, parent) {
            Ok(digest) => digests.extend(digest),
            Err(ReadError::Unreadable(reason)) => parent.reject(name, &reason)?,
            Err(error) => return Err(error),
        }
    }
    let is_empty = manifest.files.is_empty()
        && manifest.assistants.is_empty()
        && manifest.knowledge_bases.is_empty()
        && digests.is_empty();
    if is_empty {
        let reason = parent.first_reason();
        let reason = reason.unwrap_or_else(|| "the archive is empty".to_owned());
        return Err(ReadError::Unreadable(reason));
    }
    let digest = archive_digest(digests);
    let is_whole = digest == manifest.digest;
    parent.send(&ReaderMessage::Digest(
        json!({"read": digest, "told": manifest.digest, "whole": is_whole}),
    ))?;
    Ok(())
}

/// Sends the knowledge bases, and the assistants that use them.
fn send_assistants(manifest: &Manifest, parent: &Parent) -> Result<(), ReadError> {
    let files = manifest.files.iter().map(|file| (file.id, &file.sha256));
    let files: HashMap<Uuid, &String> = files.collect();
    for base in &manifest.knowledge_bases {
        if let Some(reason) = too_many(base.tags.len(), "tags", NAMES)
            .or_else(|| too_many(base.documents.len(), "documents", ENTRIES))
        {
            parent.reject("knowledge_base", &reason)?;
            continue;
        }
        let documents = base.documents.iter();
        let digests = documents.map(|it| files.get(&it.file_id).map(|it| (*it).clone()));
        parent.send(&ReaderMessage::KnowledgeBase {
            base: base.clone(),
            digests: digests.collect(),
        })?;
    }
    for assistant in &manifest.assistants {
        match too_many(assistant.knowledge_base_ids.len(), "knowledge bases", NAMES) {
            Some(reason) => parent.reject("assistant", &reason)?,
            None => parent.send(&ReaderMessage::Assistant(assistant.clone()))?,
        }
    }
    Ok(())
}

fn too_many(count: usize, what: &'static str, limit: usize) -> Option<String> {
    (count > limit).then(|| TooMany::new(what, limit).to_string())
}

fn parse<T: DeserializeOwned>(reader: impl Read, allowance: Allowance) -> Result<T, String> {
    let reader = skip_byte_order_mark(reader).map_err(|error| match error {
        ReadError::Unreadable(reason) => reason,
        ReadError::Disconnected(error) => error.to_string(),
    })?;
    let reader = BufReader::new(LimitedReader::new(reader, allowance));
    serde_json::from_reader(reader).map_err(|error| error.to_string())
}

/// Returns the digest of the conversation.
fn send_conversation(reader: impl Read, parent: &Parent) -> Result<Option<String>, ReadError> {
    let allowance = Allowance::new("a conversation", limits::CONVERSATION);
    let file: ConversationFile = parse(reader, allowance).map_err(|error| {
        ReadError::Unreadable(format!("the conversation could not be read: {error}"))
    })?;
    check_format(&file.format, CONVERSATION_FORMAT, file.version)?;
    let mut digest = ConversationDigest::new(&file.conversation);
    for message in &file.messages {
        digest.add(message);
    }
    let digest = digest.finish();
    if file.digest.is_some_and(|recorded| recorded != digest) {
        return Err(ReadError::Unreadable(
            "the conversation was changed after its export, so its digest does not match; remove `digest` from the file \
             to import it anyway"
                .to_owned(),
        ));
    }
    let mut messages = Vec::with_capacity(file.messages.len());
    for message in file.messages {
        let message = to_source_message(message).and_then(|message| {
            limits::check_length(&message).map_err(|error| error.to_string())?;
            Ok(message)
        });
        match message {
            Ok(message) => messages.push(message),
            Err(reason) => {
                parent.reject("conversation", &reason)?;
                return Ok(Some(digest));
            }
        }
    }
    let conversation = to_source_conversation(file.conversation);
    parent.send_conversation(conversation, messages.into_iter())?;
    Ok(Some(digest))
}

fn to_source_conversation(conversation: PortableConversation) -> SourceConversation {
    SourceConversation {
        key: conversation.id,
        source: From::Convosphere,
        title: conversation.title,
        assistant_id: conversation.assistant_id,
        model: conversation.model,
        pinned: conversation.pinned,
        archived: conversation.archived,
        trashed: conversation.trashed,
        started_at: Some(conversation.created_at),
        changed_at: Some(conversation.updated_at),
    }
}

/// A message with an unknown role is rejected, and its conversation with it.
fn to_source_message(message: PortableMessage) -> Result<SourceMessage, String> {
    let role = match (message.role.as_str(), message.status.as_str()) {
        ("user", _) => ImportedRole::Question,
        ("assistant", "complete") => ImportedRole::Answer,
        ("assistant", "failed") => ImportedRole::Failed,
        ("assistant", "cancelled") => ImportedRole::Cancelled,
        // It was still running when it was exported.
        ("assistant", _) => ImportedRole::Interrupted,
        _ => {
            let role: String = message.role.chars().take(50).collect();
            return Err(format!(
                "a message has the role {role:?}; expected user or assistant"
            ));
        }
    };
    let text = Answer {
        parts: vec![AnswerPart::Text {
            text: message.content,
        }],
        citations: vec![],
    };
    let attachments = message.attachments.into_iter();
    Ok(SourceMessage {
        key: message.id,
        parent: message.parent_id,
        role,
        content: match role {
            ImportedRole::Question => text,
            _ => message.answer.unwrap_or(text),
        },
        attachments: attachments.map(|file| file.sha256).collect(),
        model: message.model,
        usage: message.usage,
        rating: match message.feedback.as_deref() {
            Some("up") => Some(Rating::Up),
            Some("down") => Some(Rating::Down),
            _ => None,
        },
        written_at: Some(message.created_at),
    })
}

fn check_format(format: &str, expected: &str, version: u32) -> Result<(), ReadError> {
    if format == expected && version <= FORMAT_VERSION {
        return Ok(());
    }
    let format: String = format.chars().take(50).collect();
    Err(ReadError::Unreadable(format!(
        "the file has the format {format:?} {version}; this version reads {expected} up to {FORMAT_VERSION}"
    )))
}

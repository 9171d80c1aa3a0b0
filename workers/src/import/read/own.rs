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

use super::limits::{self, Allowance, ENTRIES, Limited, NAMES, PARTS, TooMany, without_mark};
use super::parent::{Parent, Source};
use super::{Fault, is_json, last, unreadable};
use crate::import::wire::{Heard, HeardMessage, Told};

/// The file of a conversation.
#[derive(Deserialize)]
struct Whole {
    format: String,
    version: u32,
    conversation: PortableConversation,
    #[serde(deserialize_with = "messages")]
    messages: Vec<PortableMessage>,
    digest: Option<String>,
}

/// The used fields of a manifest.
#[derive(Deserialize)]
struct Manifest {
    format: String,
    version: u32,
    #[serde(deserialize_with = "few::<_, ENTRIES, _>")]
    assistants: Vec<PortableAssistant>,
    #[serde(deserialize_with = "few::<_, ENTRIES, _>")]
    knowledge_bases: Vec<PortableKnowledgeBase>,
    #[serde(deserialize_with = "few::<_, ENTRIES, _>")]
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
    #[serde(default, deserialize_with = "perhaps_few::<_, PARTS, _>")]
    parts: Option<Vec<AnswerPart>>,
    #[serde(default, deserialize_with = "perhaps_few::<_, PARTS, _>")]
    citations: Option<Vec<Citation>>,
    status: String,
    #[serde(default, deserialize_with = "few::<_, PARTS, _>")]
    attachments: Vec<PortableAttachment>,
    model: Option<String>,
    usage: Option<Usage>,
    feedback: Option<String>,
    created_at: DateTime<Utc>,
}

impl Message {
    fn portable(self) -> PortableMessage {
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
fn messages<'de, D: Deserializer<'de>>(list: D) -> Result<Vec<PortableMessage>, D::Error> {
    let mut found = Vec::new();
    let mut each = |one: Box<RawValue>| {
        if found.len() == limits::MESSAGES {
            return Err(TooMany::of("messages", limits::MESSAGES).to_string());
        }
        if one.get().len() > limits::MESSAGE {
            return Err(TooMany::of("bytes in one message", limits::MESSAGE).to_string());
        }
        let message: Message = serde_json::from_str(one.get())
            .map_err(|error| format!("message {}: {error}", found.len() + 1))?;
        found.push(message.portable());
        Ok(())
    };
    list.deserialize_seq(Each(&mut each, PhantomData))?;
    Ok(found)
}

/// Reads a list up to a limit.
fn few<'de, T, const LIMIT: usize, D>(list: D) -> Result<Vec<T>, D::Error>
where
    T: DeserializeOwned,
    D: Deserializer<'de>,
{
    let mut found = Vec::new();
    let mut each = |one: T| {
        if found.len() == LIMIT {
            return Err(TooMany::of("entries in one list", LIMIT).to_string());
        }
        found.push(one);
        Ok(())
    };
    list.deserialize_seq(Each(&mut each, PhantomData))?;
    Ok(found)
}

fn perhaps_few<'de, T, const LIMIT: usize, D>(list: D) -> Result<Option<Vec<T>>, D::Error>
where
    T: DeserializeOwned,
    D: Deserializer<'de>,
{
    struct Perhaps<T, const LIMIT: usize>(Option<Vec<T>>);
    impl<'de, T: DeserializeOwned, const LIMIT: usize> Deserialize<'de> for Perhaps<T, LIMIT> {
        fn deserialize<D: Deserializer<'de>>(list: D) -> Result<Self, D::Error> {
            few::<T, LIMIT, D>(list).map(|found| Self(Some(found)))
        }
    }
    let found = Option::<Perhaps<T, LIMIT>>::deserialize(list)?;
    Ok(found.and_then(|found| found.0))
}

/// Visits a list without keeping it in memory.
struct Each<'a, T>(&'a mut dyn FnMut(T) -> Result<(), String>, PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Each<'_, T> {
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
pub(super) fn conversation(reader: impl Read, parent: &Parent) -> Result<(), Fault> {
    if let Some(digest) = one(reader, parent)? {
        parent.tell(&Told::Digest(digest.into()))?;
    }
    Ok(())
}

/// The folder that contains an archive of this product, which may have been packed again; `None` if there is none.
pub(super) fn root(zip: &mut ZipArchive<Source>, names: &[String]) -> Option<String> {
    #[derive(Deserialize)]
    struct Form {
        format: String,
    }
    let mut manifests: Vec<&String> = names
        .iter()
        .filter(|name| last(name) == MANIFEST_FILE)
        .collect();
    manifests.sort_by_key(|name| name.matches('/').count());
    // At the usual place it is used even if it is damaged, unless there is another export too.
    for name in manifests.into_iter().take(NAMES) {
        let entry = zip.by_name(name).ok()?;
        let form = read::<Form>(entry, Allowance::new("a manifest", limits::MANIFEST));
        let is_own = match &form {
            Ok(form) => form.format == ARCHIVE_FORMAT,
            Err(_) => name == MANIFEST_FILE && !super::chatgpt::has_list(names),
        };
        if is_own {
            return name.strip_suffix(MANIFEST_FILE).map(str::to_owned);
        }
    }
    None
}

/// Reads everything in an archive.
pub(super) fn archive(
    zip: &mut ZipArchive<Source>,
    (names, root): (&[String], &str),
    parent: &Parent,
) -> Result<(), Fault> {
    let name = format!("{root}{MANIFEST_FILE}");
    let entry = zip.by_name(&name).map_err(|error| unreadable(&error))?;
    let allowance = Allowance::new("the manifest", limits::MANIFEST);
    let manifest: Manifest = read(entry, allowance).map_err(|error| {
        Fault::Unreadable(format!("{MANIFEST_FILE} could not be read: {error}"))
    })?;
    known_form(&manifest.format, ARCHIVE_FORMAT, manifest.version)?;
    for file in &manifest.files {
        if parent.has_file(&file.sha256)? {
            continue;
        }
        match zip.by_name(&format!("{root}{FILES_FOLDER}{}", file.id)) {
            Ok(mut entry) => {
                parent.keep_file((&file.name, &file.media_type), &mut entry)?;
            }
            Err(_) => parent.miss(&file.sha256)?,
        }
    }
    parent.tell(&Told::Settle)?;
    made(&manifest, parent)?;
    let mut digests = Vec::new();
    let conversations = format!("{root}{CONVERSATIONS_FOLDER}");
    for name in names {
        if !name.starts_with(&conversations) || !is_json(name) {
            continue;
        }
        let entry = zip.by_name(name).map_err(|error| unreadable(&error))?;
        match one(entry, parent) {
            Ok(digest) => digests.extend(digest),
            Err(Fault::Unreadable(why)) => parent.refuse(name, &why)?,
            Err(fault) => return Err(fault),
        }
    }
    let is_empty = manifest.files.is_empty()
        && manifest.assistants.is_empty()
        && manifest.knowledge_bases.is_empty()
        && digests.is_empty();
    if is_empty {
        let why = parent.first_reason();
        let why = why.unwrap_or_else(|| "there is nothing in the archive".to_owned());
        return Err(Fault::Unreadable(why));
    }
    let digest = archive_digest(digests);
    let whole = digest == manifest.digest;
    parent.tell(&Told::Digest(
        json!({"read": digest, "told": manifest.digest, "whole": whole}),
    ))?;
    Ok(())
}

/// Sends the knowledge bases, and the assistants that use them.
fn made(manifest: &Manifest, parent: &Parent) -> Result<(), Fault> {
    let files = manifest.files.iter().map(|file| (file.id, &file.sha256));
    let files: HashMap<Uuid, &String> = files.collect();
    for base in &manifest.knowledge_bases {
        if let Some(why) = too_many(base.tags.len(), "tags", NAMES)
            .or_else(|| too_many(base.documents.len(), "documents", ENTRIES))
        {
            parent.refuse("knowledge_base", &why)?;
            continue;
        }
        let documents = base.documents.iter();
        let digests = documents.map(|it| files.get(&it.file_id).map(|it| (*it).clone()));
        parent.tell(&Told::KnowledgeBase {
            base: base.clone(),
            digests: digests.collect(),
        })?;
    }
    for assistant in &manifest.assistants {
        match too_many(assistant.knowledge_base_ids.len(), "knowledge bases", NAMES) {
            Some(why) => parent.refuse("assistant", &why)?,
            None => parent.tell(&Told::Assistant(assistant.clone()))?,
        }
    }
    Ok(())
}

fn too_many(count: usize, what: &'static str, limit: usize) -> Option<String> {
    (count > limit).then(|| TooMany::of(what, limit).to_string())
}

fn read<T: DeserializeOwned>(reader: impl Read, allowance: Allowance) -> Result<T, String> {
    let reader = without_mark(reader).map_err(|fault| match fault {
        Fault::Unreadable(why) => why,
        Fault::Gone(error) => error.to_string(),
    })?;
    let reader = BufReader::new(Limited::new(reader, allowance));
    serde_json::from_reader(reader).map_err(|error| error.to_string())
}

/// Returns the digest of the conversation.
fn one(reader: impl Read, parent: &Parent) -> Result<Option<String>, Fault> {
    let allowance = Allowance::new("a conversation", limits::CONVERSATION);
    let whole: Whole = read(reader, allowance).map_err(|error| {
        Fault::Unreadable(format!("the conversation could not be read: {error}"))
    })?;
    known_form(&whole.format, CONVERSATION_FORMAT, whole.version)?;
    let mut digest = ConversationDigest::new(&whole.conversation);
    for message in &whole.messages {
        digest.add(message);
    }
    let digest = digest.finish();
    if whole.digest.is_some_and(|told| told != digest) {
        return Err(Fault::Unreadable(
            "the conversation was changed since it was exported: its digest is another; take `digest` out of the file \
             to import it as it is"
                .to_owned(),
        ));
    }
    let mut messages = Vec::with_capacity(whole.messages.len());
    for message in whole.messages {
        let message = heard(message).and_then(|message| {
            limits::fits(&message).map_err(|error| error.to_string())?;
            Ok(message)
        });
        match message {
            Ok(message) => messages.push(message),
            Err(why) => {
                parent.refuse("conversation", &why)?;
                return Ok(Some(digest));
            }
        }
    }
    let heard = begun(whole.conversation);
    parent.conversation(heard, messages.into_iter())?;
    Ok(Some(digest))
}

fn begun(conversation: PortableConversation) -> Heard {
    Heard {
        key: conversation.id,
        source: From::Convosphere,
        title: conversation.title,
        assistant_id: conversation.assistant_id,
        model: conversation.model,
        pinned: conversation.pinned,
        archived: conversation.archived,
        trashed: conversation.trashed,
        started_at: conversation.created_at,
        changed_at: conversation.updated_at,
    }
}

/// A message with an unknown role is rejected, and its conversation with it.
fn heard(message: PortableMessage) -> Result<HeardMessage, String> {
    let said = match (message.role.as_str(), message.status.as_str()) {
        ("user", _) => ImportedRole::Question,
        ("assistant", "complete") => ImportedRole::Answer,
        ("assistant", "failed") => ImportedRole::Failed,
        ("assistant", "cancelled") => ImportedRole::Cancelled,
        // It was still running when it was exported.
        ("assistant", _) => ImportedRole::Interrupted,
        _ => {
            let role: String = message.role.chars().take(50).collect();
            return Err(format!(
                "a message has the role {role:?}; it is user or assistant"
            ));
        }
    };
    let plain = Answer {
        parts: vec![AnswerPart::Text {
            text: message.content,
        }],
        citations: vec![],
    };
    let attachments = message.attachments.into_iter();
    Ok(HeardMessage {
        key: message.id,
        parent: message.parent_id,
        said,
        content: match said {
            ImportedRole::Question => plain,
            _ => message.answer.unwrap_or(plain),
        },
        attachments: attachments.map(|file| file.sha256).collect(),
        model: message.model,
        usage: message.usage,
        rating: match message.feedback.as_deref() {
            Some("up") => Some(Rating::Up),
            Some("down") => Some(Rating::Down),
            _ => None,
        },
        written_at: message.created_at,
    })
}

fn known_form(format: &str, expected: &str, version: u32) -> Result<(), Fault> {
    if format == expected && version <= FORMAT_VERSION {
        return Ok(());
    }
    let format: String = format.chars().take(50).collect();
    Err(Fault::Unreadable(format!(
        "the file has the form {format:?} {version}, and this version reads {expected} up to {FORMAT_VERSION}"
    )))
}

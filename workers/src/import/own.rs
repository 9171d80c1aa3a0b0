//! The exports of this product: a conversation, and an archive of everything that a person has.

use std::io::Read;

use domain::assistant::{Assistant, AssistantCommand, Configuration, Status, Visibility};
use domain::conversation::{Rating, Said, Source};
use domain::document::{Document, DocumentCommand, Source as DocumentSource};
use domain::file::MediaType;
use domain::knowledge::{Chunking, Description, KnowledgeBase, KnowledgeCommand, Readers};
use domain::response::{Answer, Part};
use eventstore::ExecutorError;
use eventstore::executor::{Step, step, step_on_new};
use projections::portable::{
    ARCHIVE, CONVERSATION, CONVERSATIONS, ConversationDigest, FILES, MANIFEST, Manifest,
    PortableAssistant, PortableConversation, PortableKnowledgeBase, PortableMessage, VERSION,
    archive_digest,
};
use projections::{assistant, document, file, knowledge};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;
use zip::ZipArchive;

use super::limits::{Allowance, Limited};
use super::stored::Stored;
use super::taker::{GENERATIONS, Heard, HeardMessage, Taker, refusal};
use super::{Stop, is_json, names, unreadable};

/// The file of a conversation.
#[derive(Deserialize)]
struct Whole {
    format: String,
    version: u32,
    conversation: PortableConversation,
    messages: Vec<PortableMessage>,
    digest: Option<String>,
}

/// Imports one conversation.
pub(super) fn conversation(reader: impl Read, taker: &mut Taker) -> Result<(), Stop> {
    let digest = one(reader, taker)?;
    taker.digest = digest.map(Into::into);
    Ok(())
}

/// Imports everything that an archive holds.
pub(super) fn archive(zip: &mut ZipArchive<Stored>, taker: &mut Taker) -> Result<(), Stop> {
    let entry = zip.by_name(MANIFEST).map_err(|error| unreadable(&error))?;
    let manifest: Manifest = serde_json::from_reader(Limited::new(entry, Allowance::new()))
        .map_err(|error| Stop::Unreadable(format!("{MANIFEST} could not be read: {error}")))?;
    known_form(&manifest.format, ARCHIVE, manifest.version)?;
    for file in &manifest.files {
        if taker.file_with(&file.sha256)?.is_some() {
            taker.file_is_known();
            continue;
        }
        let Ok(mut entry) = zip.by_name(&format!("{FILES}{}", file.id)) else {
            taker.miss(&file.sha256);
            continue;
        };
        taker.file((&file.name, &file.media_type), &mut entry)?;
    }
    taker.settle()?;
    for base in &manifest.knowledge_bases {
        knowledge_base(base, &manifest, taker)?;
    }
    for assistant in &manifest.assistants {
        self::assistant(assistant, taker)?;
    }
    let mut digests = Vec::new();
    for name in names(zip) {
        if !name.starts_with(CONVERSATIONS) || !is_json(&name) {
            continue;
        }
        let entry = zip.by_name(&name).map_err(|error| unreadable(&error))?;
        match one(entry, taker) {
            Ok(digest) => digests.extend(digest),
            Err(Stop::Unreadable(why)) => taker.refuse(&name, &why),
            Err(stop) => return Err(stop),
        }
    }
    let digest = archive_digest(digests);
    let whole = digest == manifest.digest;
    taker.digest = Some(json!({"read": digest, "told": manifest.digest, "whole": whole}));
    Ok(())
}

/// Tells its digest.
fn one(reader: impl Read, taker: &mut Taker) -> Result<Option<String>, Stop> {
    let reader = std::io::BufReader::new(Limited::new(reader, Allowance::new()));
    let whole: Whole = serde_json::from_reader(reader).map_err(|error| {
        Stop::Unreadable(format!("the conversation could not be read: {error}"))
    })?;
    known_form(&whole.format, CONVERSATION, whole.version)?;
    let mut digest = ConversationDigest::begin(&whole.conversation);
    for message in &whole.messages {
        digest.add(message);
    }
    let digest = digest.finish();
    if whole.digest.is_some_and(|told| told != digest) {
        return Err(Stop::Unreadable(
            "the conversation was changed since it was exported: its digest is another; take `digest` out of the file \
             to import it as it is"
                .to_owned(),
        ));
    }
    let conversation = whole.conversation;
    let mut messages = Vec::with_capacity(whole.messages.len());
    for message in whole.messages {
        match heard(message) {
            Ok(message) => messages.push(message),
            Err(role) => {
                let role: String = role.chars().take(50).collect();
                let why = format!("a message has the role {role:?}; it is user or assistant");
                taker.refuse("conversation", &why);
                return Ok(Some(digest));
            }
        }
    }
    taker.conversation(Heard {
        key: conversation.id,
        source: Source::Convosphere,
        title: conversation.title,
        assistant_id: conversation.assistant_id,
        model: conversation.model,
        pinned: conversation.pinned,
        archived: conversation.archived,
        trashed: conversation.trashed,
        started_at: conversation.created_at,
        changed_at: conversation.updated_at,
        messages,
    })?;
    Ok(Some(digest))
}

/// A message whose role is none is refused with it.
fn heard(message: PortableMessage) -> Result<HeardMessage, String> {
    let said = match (message.role.as_str(), message.status.as_str()) {
        ("user", _) => Said::Question,
        ("assistant", "complete") => Said::Answer,
        ("assistant", "failed") => Said::Failed,
        ("assistant", "cancelled") => Said::Cancelled,
        // It was still running when it was exported.
        ("assistant", _) => Said::Interrupted,
        _ => return Err(message.role),
    };
    let plain = Answer {
        parts: vec![Part::Text {
            text: message.content,
        }],
        citations: vec![],
    };
    Ok(HeardMessage {
        key: message.id,
        parent: message.parent_id,
        said,
        content: match said {
            Said::Question => plain,
            _ => message.answer.unwrap_or(plain),
        },
        attachments: message
            .attachments
            .into_iter()
            .map(|file| file.sha256)
            .collect(),
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

fn known_form(format: &str, expected: &str, version: u32) -> Result<(), Stop> {
    match format == expected && version <= VERSION {
        true => Ok(()),
        false => Err(Stop::Unreadable(format!(
            "the file has the form {format:?} {version}, and this version reads {expected} up to {VERSION}"
        ))),
    }
}

/// What is to be made under one of the ids that are derived from that of the archive.
type Making<'a> = &'a dyn Fn(Uuid) -> Result<Box<dyn Step>, String>;

/// Makes something under the first id that is free; tells the id, and whether it was there already.
async fn make(
    taker: &Taker,
    original: Uuid,
    making: Making<'_>,
    is_there: impl AsyncFn(Uuid) -> Result<bool, sqlx::Error>,
) -> Result<Result<(Uuid, bool), String>, Stop> {
    if is_there(original).await? {
        return Ok(Ok((original, true)));
    }
    let mut id = original;
    for _ in 0..GENERATIONS {
        id = Uuid::new_v5(&taker.owner, id.as_bytes());
        if is_there(id).await? {
            return Ok(Ok((id, true)));
        }
        let step = match making(id) {
            Ok(step) => step,
            Err(why) => return Ok(Err(why)),
        };
        match taker.execute(vec![step]).await {
            Ok(_) => return Ok(Ok((id, false))),
            // Deleted since it was imported.
            Err(ExecutorError::Refused(refusal)) if refusal.code() == "already_created" => {}
            Err(error) => return Ok(Err(refusal(error)?)),
        }
    }
    Ok(Err("it was imported and deleted too often".to_owned()))
}

/// An assistant comes back as its owner's alone, whoever could see it before.
fn assistant(told: &PortableAssistant, taker: &mut Taker) -> Result<(), Stop> {
    taker.go_on()?;
    let (owner, editor) = (taker.owner, taker.editor());
    let bases: Vec<Uuid> = told
        .knowledge_base_ids
        .iter()
        .filter_map(|id| taker.moved.get(id).copied())
        .collect();
    let making = |id: Uuid| -> Result<Box<dyn Step>, String> {
        let configuration =
            Configuration::parse(id, &told.name, &told.description, &told.instructions)
                .and_then(|c| {
                    c.with_model(told.model.clone(), told.temperature, told.max_output_tokens)
                })
                .and_then(|c| c.with_knowledge(bases.clone()))
                .map_err(|error| error.to_string())?;
        let command = AssistantCommand::CreateAssistant {
            owner: Some(editor),
            configuration,
            visibility: Visibility::Private,
            status: match told.status.as_str() {
                "active" => Status::Active,
                _ => Status::Draft,
            },
            is_default: false,
        };
        Ok(step::<Assistant>(id, None, command))
    };
    let pool = taker.work.source.pool.clone();
    let is_there = async |id: Uuid| {
        let found = assistant::queries::find(&pool, owner, id).await?;
        Ok(found.is_some_and(|found| found.owner_id == Some(owner)))
    };
    let runtime = taker.runtime.clone();
    match runtime.block_on(make(taker, told.id, &making, is_there))? {
        Ok((id, known)) => {
            taker.assistants.add(known);
            taker.moved.insert(told.id, id);
        }
        Err(why) => taker.refuse("assistant", &why),
    }
    Ok(())
}

/// A knowledge base comes back as its owner's alone; its documents are read anew.
fn knowledge_base(
    told: &PortableKnowledgeBase,
    manifest: &Manifest,
    taker: &mut Taker,
) -> Result<(), Stop> {
    taker.go_on()?;
    let (owner, editor) = (taker.owner, taker.editor());
    let making = |id: Uuid| -> Result<Box<dyn Step>, String> {
        let described = Description::parse(id, &told.name, &told.description, &told.tags);
        let chunking = Chunking::parse(told.chunk_tokens, told.chunk_overlap);
        let command = KnowledgeCommand::CreateKnowledgeBase {
            owner: editor,
            description: described.map_err(|error| error.to_string())?,
            readers: Readers::Nobody,
            chunking: chunking.map_err(|error| error.to_string())?,
        };
        Ok(step::<KnowledgeBase>(id, None, command))
    };
    let pool = taker.work.source.pool.clone();
    let is_there = async |id: Uuid| {
        let found = knowledge::queries::find(&pool, owner, id).await?;
        Ok(found.is_some_and(|found| found.owner_id == owner))
    };
    let runtime = taker.runtime.clone();
    let (id, known) = match runtime.block_on(make(taker, told.id, &making, is_there))? {
        Ok(made) => made,
        Err(why) => {
            taker.refuse("knowledge_base", &why);
            return Ok(());
        }
    };
    taker.knowledge_bases.add(known);
    taker.moved.insert(told.id, id);
    for document in &told.documents {
        let file = manifest
            .files
            .iter()
            .find(|file| file.id == document.file_id);
        let held = match file {
            Some(file) => taker.file_with(&file.sha256)?,
            None => None,
        };
        match held {
            Some(held) => runtime.block_on(add_document(taker, id, (held, &document.name)))?,
            None => taker.miss(&document.file_id.to_string()),
        }
    }
    Ok(())
}

async fn add_document(
    taker: &mut Taker,
    knowledge_base_id: Uuid,
    (file_id, name): (Uuid, &str),
) -> Result<(), Stop> {
    let pool = taker.work.source.pool.clone();
    let there = document::queries::of_file(&pool, knowledge_base_id, file_id).await?;
    let Some(file) = file::queries::find(&pool, taker.owner, file_id).await? else {
        taker.miss(&file_id.to_string());
        return Ok(());
    };
    taker.documents.add(there.is_some());
    if there.is_some() {
        return Ok(());
    }
    let id = Uuid::now_v7();
    let command = DocumentCommand::AddDocument {
        document_id: id,
        knowledge_base_id,
        added_by: taker.owner,
        source: DocumentSource {
            file_id,
            name: name.to_owned(),
            media_type: MediaType::of(&file.media_type),
            size: u64::try_from(file.size).unwrap_or(0),
        },
    };
    match taker
        .execute(vec![step_on_new::<Document>(id, command)])
        .await
    {
        Ok(_) => Ok(()),
        Err(error) => taker.refused("document", error),
    }
}

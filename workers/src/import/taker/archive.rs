//! Assistants and knowledge bases of an archive, which become private to the owner.

use domain::assistant::{Assistant, AssistantCommand, Configuration, Status, Visibility};
use domain::document::{Document, DocumentCommand, SourceFile as DocumentSource};
use domain::file::MediaType;
use domain::knowledge::{Chunking, Description, KnowledgeBase, KnowledgeCommand, Readers};
use domain::text::Line;
use eventstore::ExecutorError;
use eventstore::executor::{Step, step, step_on_new};
use projections::portable::{PortableAssistant, PortableKnowledgeBase};
use projections::{assistant, document, file, knowledge};
use uuid::Uuid;

use super::{GENERATIONS, Taker, refusal};
use crate::import::Stop;

impl Taker {
    pub fn assistant(&mut self, told: &PortableAssistant) -> Result<(), Stop> {
        self::assistant(self, told)
    }

    /// `digests` are those of the documents' files, as far as they are known.
    pub fn knowledge_base(
        &mut self,
        told: &PortableKnowledgeBase,
        digests: &[Option<String>],
    ) -> Result<(), Stop> {
        self::knowledge_base(self, told, digests)
    }
}

/// Builds the command for an id that is derived from the original one.
type Making<'a> = &'a dyn Fn(Uuid) -> Result<Box<dyn Step>, String>;

/// Creates an object under the first free id; returns the id, and whether the object existed already.
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

/// Imports an assistant as private, whoever could see it before.
fn assistant(taker: &mut Taker, told: &PortableAssistant) -> Result<(), Stop> {
    taker.go_on()?;
    let (owner, editor) = (taker.owner, taker.editor());
    let bases: Vec<Uuid> = told
        .knowledge_base_ids
        .iter()
        .filter_map(|id| taker.moved.get(id).copied())
        .collect();
    let making = |id: Uuid| -> Result<Box<dyn Step>, String> {
        let configuration = Configuration::parse(
            id,
            told.name.as_str(),
            &told.description,
            &told.instructions,
        )
        .and_then(|c| c.with_model(told.model.clone(), told.temperature, told.max_output_tokens))
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

/// Imports a knowledge base as private; its documents are processed again.
fn knowledge_base(
    taker: &mut Taker,
    told: &PortableKnowledgeBase,
    digests: &[Option<String>],
) -> Result<(), Stop> {
    taker.go_on()?;
    let (owner, editor) = (taker.owner, taker.editor());
    let making = |id: Uuid| -> Result<Box<dyn Step>, String> {
        let tags = told.tags.iter().map(|tag| Line::from(tag.as_str()));
        let described = Description::parse(id, told.name.as_str(), &told.description, tags);
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
    for (document, digest) in told.documents.iter().zip(digests) {
        taker.go_on()?;
        let held = match digest {
            Some(digest) => taker.file_with(digest)?,
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
    let there = document::queries::find_by_file(&pool, knowledge_base_id, file_id).await?;
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
            media_type: MediaType::from_name(&file.media_type),
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

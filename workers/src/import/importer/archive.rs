//! Assistants and knowledge bases of an archive, which become private to the owner.

use domain::assistant::{Configuration, CreateAssistant, Status, Visibility};
use domain::document::{AddDocument, SourceFile as DocumentSource};
use domain::file::MediaType;
use domain::knowledge::{Chunking, CreateKnowledgeBase, Description, Readers};
use domain::text::Line;
use eventstore::ExecutorError;
use eventstore::command::{Step, step, step_on_new};
use projections::portable::{PortableAssistant, PortableKnowledgeBase};
use projections::{assistant, document, file, knowledge};
use uuid::Uuid;

use super::{ID_ATTEMPTS, Importer, rejection_reason};
use crate::import::ImportError;

impl Importer {
    pub(crate) fn import_assistant(
        &mut self,
        source: &PortableAssistant,
    ) -> Result<(), ImportError> {
        import_assistant(self, source)
    }

    /// `digests` are those of the documents' files, as far as they are known.
    pub(crate) fn import_knowledge_base(
        &mut self,
        source: &PortableKnowledgeBase,
        digests: &[Option<String>],
    ) -> Result<(), ImportError> {
        import_knowledge_base(self, source, digests)
    }
}

/// Builds the command for an id that is derived from the original one.
type BuildStep<'a> = &'a dyn Fn(Uuid) -> Result<Box<dyn Step>, String>;

/// Creates an object under the first free id; returns the id, and whether the object existed already.
async fn create(
    importer: &Importer,
    original: Uuid,
    build: BuildStep<'_>,
    exists: impl AsyncFn(Uuid) -> Result<bool, sqlx::Error>,
) -> Result<Result<(Uuid, bool), String>, ImportError> {
    if exists(original).await? {
        return Ok(Ok((original, true)));
    }
    let mut id = original;
    for _ in 0..ID_ATTEMPTS {
        id = Uuid::new_v5(&importer.owner, id.as_bytes());
        if exists(id).await? {
            return Ok(Ok((id, true)));
        }
        let step = match build(id) {
            Ok(step) => step,
            Err(reason) => return Ok(Err(reason)),
        };
        match importer.execute(vec![step]).await {
            Ok(_) => return Ok(Ok((id, false))),
            // Deleted since it was imported.
            Err(ExecutorError::Refused(refusal)) if refusal.code() == "already_created" => {}
            Err(error) => return Ok(Err(rejection_reason(error)?)),
        }
    }
    Ok(Err("it was imported and deleted too many times".to_owned()))
}

/// Imports an assistant as private, whoever could see it before.
fn import_assistant(
    importer: &mut Importer,
    source: &PortableAssistant,
) -> Result<(), ImportError> {
    importer.check_cancelled()?;
    let (owner, editor) = (importer.owner, importer.editor());
    let bases: Vec<Uuid> = source
        .knowledge_base_ids
        .iter()
        .filter_map(|id| importer.new_ids.get(id).copied())
        .collect();
    let build = |id: Uuid| -> Result<Box<dyn Step>, String> {
        let configuration = Configuration::parse(
            id,
            source.name.as_str(),
            &source.description,
            &source.instructions,
        )
        .and_then(|c| {
            c.with_model(
                source.model.clone(),
                source.temperature,
                source.max_output_tokens,
            )
        })
        .and_then(|c| c.with_knowledge(bases.clone()))
        .map_err(|error| error.to_string())?;
        let command = CreateAssistant {
            owner: Some(editor),
            configuration,
            visibility: Visibility::Private,
            status: match source.status.as_str() {
                "active" => Status::Active,
                _ => Status::Draft,
            },
            is_default: false,
        };
        Ok(step(id, None, command))
    };
    let pool = importer.context.source.pool.clone();
    let exists = async |id: Uuid| {
        let existing = assistant::queries::find(&pool, owner, id).await?;
        Ok(existing.is_some_and(|existing| existing.owner_id == Some(owner)))
    };
    let runtime = importer.runtime.clone();
    match runtime.block_on(create(importer, source.id, &build, exists))? {
        Ok((id, existed)) => {
            importer.assistants.add(existed);
            importer.new_ids.insert(source.id, id);
        }
        Err(reason) => importer.reject("assistant", &reason),
    }
    Ok(())
}

/// Imports a knowledge base as private; its documents are processed again.
fn import_knowledge_base(
    importer: &mut Importer,
    source: &PortableKnowledgeBase,
    digests: &[Option<String>],
) -> Result<(), ImportError> {
    importer.check_cancelled()?;
    let (owner, editor) = (importer.owner, importer.editor());
    let build = |id: Uuid| -> Result<Box<dyn Step>, String> {
        let tags = source.tags.iter().map(|tag| Line::from(tag.as_str()));
        let description = Description::parse(id, source.name.as_str(), &source.description, tags);
        let chunking = Chunking::parse(source.chunk_tokens, source.chunk_overlap);
        let command = CreateKnowledgeBase {
            owner: editor,
            description: description.map_err(|error| error.to_string())?,
            readers: Readers::Nobody,
            chunking: chunking.map_err(|error| error.to_string())?,
        };
        Ok(step(id, None, command))
    };
    let pool = importer.context.source.pool.clone();
    let exists = async |id: Uuid| {
        let existing = knowledge::queries::find(&pool, owner, id).await?;
        Ok(existing.is_some_and(|existing| existing.owner_id == owner))
    };
    let runtime = importer.runtime.clone();
    let (id, existed) = match runtime.block_on(create(importer, source.id, &build, exists))? {
        Ok(created) => created,
        Err(reason) => {
            importer.reject("knowledge_base", &reason);
            return Ok(());
        }
    };
    importer.knowledge_bases.add(existed);
    importer.new_ids.insert(source.id, id);
    for (document, digest) in source.documents.iter().zip(digests) {
        importer.check_cancelled()?;
        let file_id = match digest {
            Some(digest) => importer.find_file(digest)?,
            None => None,
        };
        match file_id {
            Some(file_id) => {
                runtime.block_on(add_document(importer, id, (file_id, &document.name)))?;
            }
            None => importer.add_missing_file(&document.file_id.to_string()),
        }
    }
    Ok(())
}

async fn add_document(
    importer: &mut Importer,
    knowledge_base_id: Uuid,
    (file_id, name): (Uuid, &str),
) -> Result<(), ImportError> {
    let pool = importer.context.source.pool.clone();
    let existing = document::queries::find_by_file(&pool, knowledge_base_id, file_id).await?;
    let Some(file) = file::queries::find(&pool, importer.owner, file_id).await? else {
        importer.add_missing_file(&file_id.to_string());
        return Ok(());
    };
    importer.documents.add(existing.is_some());
    if existing.is_some() {
        return Ok(());
    }
    let id = importer.context.executor.clock().new_id();
    let command = AddDocument {
        document_id: id,
        knowledge_base_id,
        added_by: importer.owner,
        source: DocumentSource {
            file_id,
            name: name.to_owned(),
            media_type: MediaType::from_name(&file.media_type),
            size: u64::try_from(file.size).unwrap_or(0),
        },
    };
    match importer.execute(vec![step_on_new(id, command)]).await {
        Ok(_) => Ok(()),
        Err(error) => importer.reject_command("document", error),
    }
}

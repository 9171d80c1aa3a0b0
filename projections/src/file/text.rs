//! Text extracted from files, for prompts.

use std::collections::{BTreeSet, HashMap};

use domain::personal::ERASED;
use domain::response::AttachedFile;
use eventstore::files::FilesError;
use eventstore::{Files, log::LogError};
use serde::{Deserialize, Serialize};
use sqlx::PgPool;
use uuid::Uuid;

use super::queries;

/// The result of an extraction. Stored next to the file, so that it runs once and every prompt has the same text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Extraction {
    Text(String),
    /// Why the text could not be extracted.
    Failed(String),
}

/// Saves an extraction.
pub async fn save(files: &Files, id: Uuid, extraction: &Extraction) -> Result<(), FilesError> {
    let bytes = serde_json::to_vec(extraction).unwrap_or_default();
    files.save_text(id, &bytes).await
}

/// The extraction of a file, if there is one and the file still exists.
async fn find_extraction(files: &Files, id: Uuid) -> Result<Option<Extraction>, FilesError> {
    let bytes = match files.load_text(id).await {
        Ok(bytes) => bytes,
        // Its key was destroyed.
        Err(FilesError::Missing(_)) => None,
        Err(error) => return Err(error),
    };
    Ok(bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()))
}

/// Why the extraction of a file failed, if it did.
pub async fn failure(files: &Files, id: Uuid) -> Result<Option<String>, FilesError> {
    Ok(match find_extraction(files, id).await? {
        Some(Extraction::Failed(why)) => Some(why),
        Some(Extraction::Text(_)) | None => None,
    })
}

/// The files as a prompt attaches them, by id.
pub async fn attached_files(
    pool: &PgPool,
    files: &Files,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, AttachedFile>, LogError> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let found = queries::find_many(pool, ids).await?;
    let names: HashMap<Uuid, String> = found.into_iter().map(|file| (file.id, file.name)).collect();
    let mut attached = HashMap::new();
    // A file that several messages attach is read once.
    let ids: BTreeSet<&Uuid> = ids.iter().collect();
    for id in ids {
        let file = match names.get(id).cloned() {
            None => AttachedFile {
                name: ERASED.to_owned(),
                text: Err("the file was deleted".to_owned()),
            },
            Some(name) => AttachedFile {
                name,
                text: match find_extraction(files, *id).await {
                    Ok(Some(Extraction::Text(text))) => Ok(text),
                    Ok(Some(Extraction::Failed(why))) => Err(why),
                    Ok(None) => Err("the file was not read".to_owned()),
                    Err(error) => {
                        tracing::error!(file = %id, %error, "cannot read the extracted text of a file");
                        Err("the file could not be read just now".to_owned())
                    }
                },
            },
        };
        attached.insert(*id, file);
    }
    Ok(attached)
}

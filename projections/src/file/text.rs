//! What was read out of files, for prompts.

use std::collections::{BTreeSet, HashMap};

use domain::personal::ERASED;
use domain::response::AttachedFile;
use eventstore::files::FilesError;
use eventstore::{Files, log::LogError};
use serde::{Deserialize, Serialize};
use sqlx::PgPool;
use uuid::Uuid;

use super::queries;

/// What reading a file has come to. Kept beside the file, so that it is read once and every prompt says the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Extraction {
    Text(String),
    /// Why there is no text.
    Failed(String),
}

/// Keeps what was read.
pub async fn save(files: &Files, id: Uuid, reading: &Extraction) -> Result<(), FilesError> {
    let bytes = serde_json::to_vec(reading).unwrap_or_default();
    files.save_text(id, &bytes).await
}

/// What was read out of a file, where it has been read and is still there.
async fn find(files: &Files, id: Uuid) -> Result<Option<Extraction>, FilesError> {
    let bytes = match files.load_text(id).await {
        Ok(bytes) => bytes,
        // Its key was destroyed.
        Err(FilesError::Missing(_)) => None,
        Err(error) => return Err(error),
    };
    Ok(bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()))
}

/// Why a file could not be read, where that was tried in vain.
pub async fn failure(files: &Files, id: Uuid) -> Result<Option<String>, FilesError> {
    Ok(match find(files, id).await? {
        Some(Extraction::Failed(why)) => Some(why),
        Some(Extraction::Text(_)) | None => None,
    })
}

/// What a model is told of some files, by id.
pub async fn attached_files(
    pool: &PgPool,
    files: &Files,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, AttachedFile>, LogError> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let known = queries::find_many(pool, ids).await?;
    let names: HashMap<Uuid, String> = known.into_iter().map(|file| (file.id, file.name)).collect();
    let mut attached = HashMap::new();
    // A file that several messages carry is read once.
    let ids: BTreeSet<&Uuid> = ids.iter().collect();
    for id in ids {
        let told = match names.get(id).cloned() {
            None => AttachedFile {
                name: ERASED.to_owned(),
                text: Err("the file was deleted".to_owned()),
            },
            Some(name) => AttachedFile {
                name,
                text: match find(files, *id).await {
                    Ok(Some(Extraction::Text(text))) => Ok(text),
                    Ok(Some(Extraction::Failed(why))) => Err(why),
                    Ok(None) => Err("the file was not read".to_owned()),
                    Err(error) => {
                        tracing::error!(file = %id, %error, "the text of a file could not be had");
                        Err("the file could not be read just now".to_owned())
                    }
                },
            },
        };
        attached.insert(*id, told);
    }
    Ok(attached)
}

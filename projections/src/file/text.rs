//! What prompts contain of files: extracted text, and images as they are.

use std::collections::HashMap;

use domain::file::MediaType;
use domain::personal::ERASED;
use domain::response::{AttachedFile, FileContent, PromptImage};
use eventstore::files::FilesError;
use eventstore::{Files, log::LogError};
use serde::{Deserialize, Serialize};
use sqlx::PgPool;
use uuid::Uuid;

use super::{FileView, queries};

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

/// Images that a prompt contains at most: the newest ones.
const MAX_IMAGES: usize = 20;

/// The files as a prompt attaches them, by id. The ids of the newest messages come first.
pub async fn attached_files(
    pool: &PgPool,
    files: &Files,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, AttachedFile>, LogError> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let found = queries::find_many(pool, ids).await?.into_iter();
    let found: HashMap<Uuid, FileView> = found.map(|file| (file.id, file)).collect();
    let mut attached = HashMap::new();
    let mut images = 0;
    for id in ids {
        // A file that several messages attach is read once.
        if attached.contains_key(id) {
            continue;
        }
        let file = match found.get(id) {
            None => AttachedFile {
                name: ERASED.to_owned(),
                content: FileContent::Missing("the file was deleted".to_owned()),
            },
            Some(file) => AttachedFile {
                name: file.name.clone(),
                content: match MediaType::from_name(&file.media_type).is_viewable() {
                    true if images == MAX_IMAGES => {
                        FileContent::Missing("an image of an earlier message".to_owned())
                    }
                    true => {
                        images += 1;
                        read_image(files, file).await
                    }
                    false => read_text(files, *id).await,
                },
            },
        };
        attached.insert(*id, file);
    }
    Ok(attached)
}

async fn read_image(files: &Files, file: &FileView) -> FileContent {
    let size = u64::try_from(file.size).unwrap_or(0);
    match files.read_all(file.id, size).await {
        Ok(bytes) => FileContent::Image(PromptImage {
            media_type: file.media_type.clone(),
            bytes: bytes.into(),
        }),
        Err(error) => unreadable(file.id, &error),
    }
}

async fn read_text(files: &Files, id: Uuid) -> FileContent {
    match find_extraction(files, id).await {
        Ok(Some(Extraction::Text(text))) => FileContent::Text(text),
        Ok(Some(Extraction::Failed(why))) => FileContent::Missing(why),
        Ok(None) => FileContent::Missing("the file was not read".to_owned()),
        Err(error) => unreadable(id, &error),
    }
}

fn unreadable(file: Uuid, error: &FilesError) -> FileContent {
    tracing::error!(%file, %error, "cannot read a file for a prompt");
    FileContent::Missing("the file could not be read just now".to_owned())
}

//! Commands of a document. The caller checks that the actor may change the knowledge base.

mod add;
mod delete;
mod embed;
mod process;

pub use add::{AddDocument, ReplaceDocument, RequireFile, SourceFile};
pub use delete::DeleteDocument;
pub use embed::{AddVectors, CompleteEmbedding, FailEmbedding};
pub use process::{
    AddPassages, CompleteProcessing, FailProcessing, ReprocessDocument, StartProcessing,
};

use uuid::Uuid;

use super::Document;
use crate::command::commands;
use crate::personal::{Personal, Subject};

commands! {
    DocumentCommand for Document {
        AddDocument,
        ReplaceDocument,
        ReprocessDocument,
        StartProcessing,
        AddPassages,
        CompleteProcessing,
        FailProcessing,
        AddVectors,
        CompleteEmbedding,
        FailEmbedding,
        RequireFile,
        DeleteDocument,
    }
}

fn seal<T>(document_id: Uuid, value: T) -> Personal<T> {
    Personal::new([Subject::new("document", document_id)], value)
}

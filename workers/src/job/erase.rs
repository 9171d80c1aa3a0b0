//! Erases what belongs to a user after the user was erased, by destroying the keys.
//!
//! Assistants that the user has shared with everyone are kept, because others use them.

use std::time::Duration;

use domain::assistant::Assistant;
use domain::conversation::Conversation;
use domain::knowledge::KnowledgeBase;
use eventstore::log::LogError;
use projections::assistant::queries as assistants;
use projections::conversation::queries as conversations;
use projections::file::{FileView, queries as files};
use projections::job::work::JobOutcome;
use projections::knowledge::queries as knowledge;
use serde_json::json;
use sqlx::PgPool;
use uuid::Uuid;

use super::JobContext;
use super::erase_knowledge::{erase_documents, erase_file};
use super::erase_object::{VIEW_TIMEOUT, erase_one, retry_later};

/// A session that was ended may still be accepted for a second; a second pass erases what was created in that time.
const SESSION_GRACE: Duration = Duration::from_secs(2);

/// The number of erased objects.
#[derive(Debug, Default)]
struct ErasedCounts {
    conversations: u64,
    assistants: u64,
    knowledge_bases: u64,
    files: u64,
}

/// Erases everything that a user owns. Can be interrupted and repeated.
pub(super) async fn erase_user(
    context: &JobContext,
    user_id: Uuid,
) -> Result<JobOutcome, LogError> {
    let mut erased = ErasedCounts::default();
    erase_all(context, user_id, &mut erased).await?;
    tokio::time::sleep(SESSION_GRACE).await;
    erase_all(context, user_id, &mut erased).await?;
    Ok(JobOutcome::Completed(json!({
        "conversations": erased.conversations, "assistants": erased.assistants,
        "knowledge_bases": erased.knowledge_bases, "files": erased.files,
    })))
}

async fn erase_all(
    context: &JobContext,
    user_id: Uuid,
    erased: &mut ErasedCounts,
) -> Result<(), LogError> {
    let pool = &context.source.pool;
    let mut position = context.source.log.head(pool).await?.0;
    let mut last_position = 0;
    loop {
        if context.progress.wait_for(position, VIEW_TIMEOUT).await? < position {
            return Err(retry_later());
        }
        let left = OwnedObjects::list(pool, user_id).await?;
        if left.is_empty() {
            return Ok(());
        }
        if position == last_position {
            // According to the log everything is erased, but the views still show it.
            tracing::warn!(user = %user_id, "views still show erased objects; check `convosphere projections parked`");
            return Err(retry_later());
        }
        last_position = position;
        left.count(erased);
        position = position.max(left.erase(context).await?);
    }
}

/// What a user still owns according to the views.
struct OwnedObjects {
    conversations: Vec<Uuid>,
    assistants: Vec<Uuid>,
    knowledge_bases: Vec<Uuid>,
    files: Vec<FileView>,
}

impl OwnedObjects {
    async fn list(pool: &PgPool, user_id: Uuid) -> Result<Self, sqlx::Error> {
        Ok(Self {
            conversations: conversations::list_unerased(pool, user_id).await?,
            assistants: assistants::list_private(pool, user_id).await?,
            knowledge_bases: knowledge::list_private(pool, user_id).await?,
            files: files::list(pool, user_id, None, 100).await?.items,
        })
    }

    fn is_empty(&self) -> bool {
        self.conversations.is_empty()
            && self.assistants.is_empty()
            && self.knowledge_bases.is_empty()
            && self.files.is_empty()
    }

    fn count(&self, erased: &mut ErasedCounts) {
        erased.conversations += self.conversations.len() as u64;
        erased.assistants += self.assistants.len() as u64;
        erased.knowledge_bases += self.knowledge_bases.len() as u64;
        erased.files += self.files.len() as u64;
    }

    /// Erases all of it and returns the last position.
    async fn erase(self, context: &JobContext) -> Result<i64, LogError> {
        let mut position = 0;
        for id in self.conversations {
            position = position.max(erase_one::<Conversation>(context, id).await?);
        }
        for id in self.assistants {
            position = position.max(erase_one::<Assistant>(context, id).await?);
        }
        for id in self.knowledge_bases {
            erase_documents(context, id).await?;
            position = position.max(erase_one::<KnowledgeBase>(context, id).await?);
        }
        for file in self.files {
            position = position.max(erase_file(context, &file).await?);
        }
        Ok(position)
    }
}

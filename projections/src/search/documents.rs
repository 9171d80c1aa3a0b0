//! What is indexed: the texts that events have changed, as the views show them now. So an index may lag behind, and
//! processing an event twice does no harm.

use std::collections::BTreeSet;

use domain::assistant::AssistantEvent;
use domain::conversation::ConversationEvent;
use domain::document::DocumentEvent;
use domain::knowledge::KnowledgeEvent;
use domain::response::ResponseEvent;
use domain::{AggregateEvent, personal::ERASED};
use eventstore::log::OpenedEvent;
use sqlx::PgPool;
use sqlx::types::Text;
use uuid::Uuid;

use crate::conversation::MessageRole;

use super::{EVERYBODY, IndexedDocument, IndexedKind};

/// The ids of everything that a range of the log has changed.
#[derive(Debug, Default)]
pub struct IndexChanges {
    messages: BTreeSet<Uuid>,
    /// Runs that have ended.
    responses: BTreeSet<Uuid>,
    conversations: BTreeSet<Uuid>,
    assistants: BTreeSet<Uuid>,
    documents: BTreeSet<Uuid>,
    /// Conversations that are no longer searchable.
    erased: BTreeSet<Uuid>,
    /// Knowledge bases and documents whose contents are removed from the index: deleted ones, and those with new passages.
    cleared: BTreeSet<Uuid>,
    /// Documents whose passages are to be indexed.
    processed: BTreeSet<Uuid>,
}

/// Names the aggregates whose texts are searched, each with the method that receives its events.
macro_rules! indexed {
    ($($event:ty => $add:ident),+ $(,)?) => {
        /// The types of aggregates whose events change the index.
        pub const INDEXED_AGGREGATES: &[&str] = &[$(<$event>::AGGREGATE_TYPE),+];

        impl IndexChanges {
            pub fn add(&mut self, opened: &OpenedEvent) {
                $(if let Some(event) = <$event>::from_event(&opened.event) {
                    self.$add(opened.aggregate_id, event);
                })+
            }
        }
    };
}

indexed! {
    ConversationEvent => add_conversation,
    ResponseEvent => add_response,
    AssistantEvent => add_assistant,
    KnowledgeEvent => add_knowledge_base,
    DocumentEvent => add_document,
}

impl IndexChanges {
    fn add_assistant(&mut self, id: Uuid, _: &AssistantEvent) {
        self.assistants.insert(id);
    }

    fn add_conversation(&mut self, id: Uuid, event: &ConversationEvent) {
        match event {
            ConversationEvent::MessagePosted { message_id, .. }
            | ConversationEvent::MessageImported { message_id, .. } => {
                self.messages.insert(*message_id);
            }
            ConversationEvent::ConversationStarted { .. }
            | ConversationEvent::ConversationImported { .. }
            | ConversationEvent::TitleChanged { .. } => {
                self.conversations.insert(id);
            }
            ConversationEvent::ConversationErased {} => {
                self.conversations.insert(id);
                self.erased.insert(id);
            }
            ConversationEvent::AnswerAdded { .. }
            | ConversationEvent::AssistantChosen { .. }
            | ConversationEvent::ConversationPinned {}
            | ConversationEvent::ConversationUnpinned {}
            | ConversationEvent::ConversationArchived {}
            | ConversationEvent::ConversationUnarchived {}
            | ConversationEvent::ConversationTrashed {}
            | ConversationEvent::ConversationRestored {}
            | ConversationEvent::ReadMarkerMoved { .. }
            | ConversationEvent::FeedbackGiven { .. } => {}
        }
    }

    fn add_response(&mut self, id: Uuid, event: &ResponseEvent) {
        match event {
            ResponseEvent::ResponseCompleted { .. }
            | ResponseEvent::ResponseFailed { .. }
            | ResponseEvent::ResponseInterrupted { .. }
            | ResponseEvent::ResponseCancelled { .. } => {
                self.responses.insert(id);
            }
            ResponseEvent::ResponseRequested { .. }
            | ResponseEvent::ResponseStarted { .. }
            | ResponseEvent::CancellationRequested { .. } => {}
        }
    }

    fn add_knowledge_base(&mut self, id: Uuid, event: &KnowledgeEvent) {
        match event {
            KnowledgeEvent::KnowledgeBaseDeleted {} => {
                self.cleared.insert(id);
            }
            KnowledgeEvent::KnowledgeBaseCreated { .. }
            | KnowledgeEvent::KnowledgeBaseDescribed { .. }
            | KnowledgeEvent::VisibilityChanged { .. }
            | KnowledgeEvent::SharedWithGroups { .. }
            | KnowledgeEvent::ChunkingChanged { .. } => {}
        }
    }

    fn add_document(&mut self, id: Uuid, event: &DocumentEvent) {
        match event {
            DocumentEvent::DocumentAdded { .. } | DocumentEvent::DocumentReplaced { .. } => {
                self.documents.insert(id);
            }
            DocumentEvent::ProcessingCompleted { .. } => {
                self.cleared.insert(id);
                self.processed.insert(id);
            }
            DocumentEvent::DocumentDeleted {} => {
                self.documents.insert(id);
                self.cleared.insert(id);
            }
            DocumentEvent::ReprocessingRequested {}
            | DocumentEvent::ProcessingStarted { .. }
            | DocumentEvent::PassagesAdded { .. }
            | DocumentEvent::ProcessingFailed { .. }
            | DocumentEvent::PassagesEmbedded { .. }
            | DocumentEvent::EmbeddingCompleted { .. }
            | DocumentEvent::EmbeddingFailed { .. } => {}
        }
    }

    pub fn is_empty(&self) -> bool {
        let sets = [
            &self.messages,
            &self.responses,
            &self.conversations,
            &self.assistants,
            &self.documents,
            &self.cleared,
        ];
        sets.iter().all(|set| set.is_empty())
    }

    /// What to remove with everything within it, before anything is added.
    pub fn cleared_ids(&self) -> Vec<Uuid> {
        to_vec(&self.cleared)
    }

    /// Documents whose passages are to be indexed.
    pub fn processed_ids(&self) -> Vec<Uuid> {
        to_vec(&self.processed)
    }
}

/// Loads the documents to index, and the ids that must no longer be found.
pub async fn load(
    pool: &PgPool,
    changes: &IndexChanges,
) -> Result<(Vec<IndexedDocument>, Vec<Uuid>), sqlx::Error> {
    let mut documents: Vec<IndexedDocument> = sqlx::query!(
        r#"select m.id, m.conversation_id, c.owner_id, m.role as "role: Text<MessageRole>", m.content, m.created_at
           from view_messages m join view_conversations c on c.id = m.conversation_id
           where not c.hidden
               and (m.id = any($1) or m.id in (select r.message_id from view_responses r where r.id = any($2))
                    or m.conversation_id = any($3))"#,
        &to_vec(&changes.messages),
        &to_vec(&changes.responses),
        &to_vec(&changes.erased)
    )
    .fetch_all(pool)
    .await?
    .into_iter()
    .map(|row| IndexedDocument {
        id: row.id,
        kind: IndexedKind::Message,
        parent_id: row.conversation_id,
        scope_id: row.owner_id,
        role: Some(row.role.0),
        content: row.content,
        created_at: row.created_at,
    })
    .collect();
    let conversations = sqlx::query!(
        "select id, owner_id, title, created_at from view_conversations where id = any($1) and not hidden",
        &to_vec(&changes.conversations)
    )
    .fetch_all(pool)
    .await?;
    documents.extend(conversations.into_iter().map(|row| IndexedDocument {
        id: row.id,
        kind: IndexedKind::Conversation,
        parent_id: row.id,
        scope_id: row.owner_id,
        role: None,
        content: row.title.unwrap_or_default(),
        created_at: row.created_at,
    }));
    let others = load_assistants_and_documents(pool, changes).await?;
    let ids: BTreeSet<Uuid> = others.iter().map(|document| document.id).collect();
    documents.extend(others);
    let (indexed, empty): (Vec<_>, Vec<_>) = documents
        .into_iter()
        .partition(|document| !document.content.is_empty() && document.content != ERASED);
    // Missing rows were deleted.
    let deleted = changes.assistants.union(&changes.documents);
    let deleted = deleted.filter(|id| !ids.contains(id)).copied();
    let removed = empty.into_iter().map(|document| document.id).chain(deleted);
    Ok((indexed, removed.collect()))
}

async fn load_assistants_and_documents(
    pool: &PgPool,
    changes: &IndexChanges,
) -> Result<Vec<IndexedDocument>, sqlx::Error> {
    let assistants = sqlx::query!(
        r#"select id, coalesce(owner_id, $2) as "owner_id!", name, description, created_at,
                  visibility = 'everyone' and status = 'active' as "shared!"
           from view_assistants where id = any($1)"#,
        &to_vec(&changes.assistants),
        EVERYBODY
    )
    .fetch_all(pool)
    .await?;
    let assistants = assistants.into_iter().map(|row| IndexedDocument {
        id: row.id,
        kind: IndexedKind::Assistant,
        parent_id: row.id,
        scope_id: match row.shared {
            true => EVERYBODY,
            false => row.owner_id,
        },
        role: None,
        content: format!("{}\n{}", row.name, row.description),
        created_at: row.created_at,
    });
    let documents = sqlx::query!(
        "select id, knowledge_base_id, name, created_at from view_documents where id = any($1)",
        &to_vec(&changes.documents)
    )
    .fetch_all(pool)
    .await?;
    let documents = documents.into_iter().map(|row| IndexedDocument {
        id: row.id,
        kind: IndexedKind::Document,
        parent_id: row.knowledge_base_id,
        scope_id: row.knowledge_base_id,
        role: None,
        content: row.name,
        created_at: row.created_at,
    });
    Ok(assistants.chain(documents).collect())
}

/// Loads the next passages of a document that search returns, in order.
pub async fn load_passages(
    pool: &PgPool,
    document: Uuid,
    after: i32,
    limit: i64,
) -> Result<Vec<(i32, IndexedDocument)>, sqlx::Error> {
    let rows = sqlx::query!(
        "select p.id, p.number, p.knowledge_base_id, p.body, d.created_at
         from view_passages p join view_documents d on d.id = p.document_id and p.attempt = d.ready_attempt
         where p.document_id = $1 and p.number > $2 order by p.number limit $3",
        document,
        after,
        limit
    )
    .fetch_all(pool)
    .await?;
    let passage = |id, scope_id, content, created_at| IndexedDocument {
        id,
        kind: IndexedKind::Passage,
        parent_id: document,
        scope_id,
        role: None,
        content,
        created_at,
    };
    let rows = rows.into_iter().map(|row| {
        let passage = passage(row.id, row.knowledge_base_id, row.body, row.created_at);
        (row.number, passage)
    });
    Ok(rows.collect())
}

fn to_vec(ids: &BTreeSet<Uuid>) -> Vec<Uuid> {
    ids.iter().copied().collect()
}

//! What is indexed: the texts that events have touched, as the views show them now. So an index may be behind, and
//! twice the same event does no harm.

use std::collections::BTreeSet;

use domain::assistant::AssistantEvent;
use domain::conversation::ConversationEvent;
use domain::document::DocumentEvent;
use domain::knowledge::KnowledgeEvent;
use domain::response::ResponseEvent;
use domain::{Event, personal::ERASED};
use eventstore::log::OpenedEvent;
use sqlx::PgPool;
use uuid::Uuid;

use super::{EVERYBODY, IndexedDocument, IndexedKind};

/// The ids of what a stretch of the log has touched.
#[derive(Debug, Default)]
pub struct IndexChanges {
    messages: BTreeSet<Uuid>,
    /// Runs whose answers have come.
    responses: BTreeSet<Uuid>,
    conversations: BTreeSet<Uuid>,
    assistants: BTreeSet<Uuid>,
    documents: BTreeSet<Uuid>,
    /// Nothing of them is to be found any more.
    erased: BTreeSet<Uuid>,
    /// Nothing within them is to be found as it was: knowledge bases that are gone, documents with other passages.
    emptied: BTreeSet<Uuid>,
    /// Documents whose passages are to be put in.
    processed: BTreeSet<Uuid>,
}

impl IndexChanges {
    pub fn add(&mut self, at: &OpenedEvent) {
        match &at.event {
            Event::Conversation(
                ConversationEvent::MessagePosted { message_id, .. }
                | ConversationEvent::MessageImported { message_id, .. },
            ) => {
                self.messages.insert(*message_id);
            }
            Event::Conversation(
                ConversationEvent::ConversationStarted { .. }
                | ConversationEvent::ConversationImported { .. }
                | ConversationEvent::TitleChanged { .. },
            ) => {
                self.conversations.insert(at.aggregate_id);
            }
            Event::Conversation(ConversationEvent::ConversationErased {}) => {
                self.conversations.insert(at.aggregate_id);
                self.erased.insert(at.aggregate_id);
            }
            Event::Response(
                ResponseEvent::ResponseCompleted { .. }
                | ResponseEvent::ResponseFailed { .. }
                | ResponseEvent::ResponseInterrupted { .. }
                | ResponseEvent::ResponseCancelled { .. },
            ) => {
                self.responses.insert(at.aggregate_id);
            }
            Event::Assistant(
                AssistantEvent::AssistantCreated { .. }
                | AssistantEvent::AssistantConfigured { .. }
                | AssistantEvent::VisibilityChanged { .. }
                | AssistantEvent::StatusChanged { .. }
                | AssistantEvent::AssistantDeleted {},
            ) => {
                self.assistants.insert(at.aggregate_id);
            }
            Event::Knowledge(KnowledgeEvent::KnowledgeBaseDeleted {}) => {
                self.emptied.insert(at.aggregate_id);
            }
            Event::Document(event) => self.add_document(at.aggregate_id, event),
            _ => {}
        }
    }

    fn add_document(&mut self, id: Uuid, event: &DocumentEvent) {
        match event {
            DocumentEvent::DocumentAdded { .. } | DocumentEvent::DocumentReplaced { .. } => {
                self.documents.insert(id);
            }
            DocumentEvent::ProcessingCompleted { .. } => {
                self.emptied.insert(id);
                self.processed.insert(id);
            }
            DocumentEvent::DocumentDeleted {} => {
                self.documents.insert(id);
                self.emptied.insert(id);
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
            &self.emptied,
        ];
        sets.iter().all(|set| set.is_empty())
    }

    /// What is to be taken out with all that is within it, before anything is put in.
    pub fn cleared_ids(&self) -> Vec<Uuid> {
        list(&self.emptied)
    }

    /// Documents whose passages are to be put in.
    pub fn processed_ids(&self) -> Vec<Uuid> {
        list(&self.processed)
    }
}

/// The documents to put in, and the ids of what must not be found any more.
pub async fn load(
    pool: &PgPool,
    touched: &IndexChanges,
) -> Result<(Vec<IndexedDocument>, Vec<Uuid>), sqlx::Error> {
    let mut documents: Vec<IndexedDocument> = sqlx::query!(
        r#"select m.id, m.conversation_id, c.owner_id, m.role, m.content, m.created_at
           from view_messages m join view_conversations c on c.id = m.conversation_id
           where m.id = any($1) or m.id in (select r.message_id from view_responses r where r.id = any($2))
               or m.conversation_id = any($3)"#,
        &list(&touched.messages),
        &list(&touched.responses),
        &list(&touched.erased)
    )
    .fetch_all(pool)
    .await?
    .into_iter()
    .map(|row| IndexedDocument {
        id: row.id,
        kind: IndexedKind::Message,
        parent_id: row.conversation_id,
        scope_id: row.owner_id,
        role: Some(row.role),
        content: row.content,
        created_at: row.created_at,
    })
    .collect();
    let conversations = sqlx::query!(
        "select id, owner_id, title, created_at from view_conversations where id = any($1)",
        &list(&touched.conversations)
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
    let known = assistants_and_documents(pool, touched).await?;
    let ids: BTreeSet<Uuid> = known.iter().map(|one| one.id).collect();
    documents.extend(known);
    let (shown, gone): (Vec<_>, Vec<_>) = documents
        .into_iter()
        .partition(|document| !document.content.is_empty() && document.content != ERASED);
    // Rows that are not there any more were deleted.
    let deleted = touched.assistants.union(&touched.documents);
    let deleted = deleted.filter(|id| !ids.contains(id)).copied();
    let gone = gone.into_iter().map(|document| document.id).chain(deleted);
    Ok((shown, gone.collect()))
}

async fn assistants_and_documents(
    pool: &PgPool,
    touched: &IndexChanges,
) -> Result<Vec<IndexedDocument>, sqlx::Error> {
    let assistants = sqlx::query!(
        r#"select id, coalesce(owner_id, $2) as "owner_id!", name, description, created_at,
                  visibility = 'everyone' and status = 'active' as "shared!"
           from view_assistants where id = any($1)"#,
        &list(&touched.assistants),
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
        &list(&touched.documents)
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

/// The passages of a document that are found, in their order; some of them.
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

fn list(ids: &BTreeSet<Uuid>) -> Vec<Uuid> {
    ids.iter().copied().collect()
}

//! The rows that a batch of events changes: loaded together, changed in memory, saved together.
//!
//! ```text
//! events ─▶ BatchScope (which rows exist already?) ─▶ BatchRows::load ─▶ the projector changes rows ─▶ BatchRows::save
//! ```

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use domain::AggregateEvent;
use domain::conversation::{ConversationEvent, Rating};
use domain::personal::ERASED;
use domain::response::{ResponseEvent, Usage};
use eventstore::log::OpenedEvent;
use sqlx::PgConnection;
use sqlx::types::Text;
use uuid::Uuid;

use super::view::{ConversationView, MessageRole, MessageStatus, select_conversations};
use crate::counts::to_i64;
use crate::projector::ApplyError;
use crate::response::{ResponseView, select_responses};
use crate::statement::{column, execute};

/// A message as it is stored.
#[derive(Debug)]
pub(crate) struct MessageRow {
    pub id: Uuid,
    pub conversation_id: Uuid,
    pub parent_id: Option<Uuid>,
    pub role: Text<MessageRole>,
    pub user_id: Option<Uuid>,
    pub response_id: Option<Uuid>,
    pub content: String,
    /// The answer as JSON text, stored unchanged.
    pub answer: Option<String>,
    pub status: Text<MessageStatus>,
    pub position: i64,
    pub created_at: DateTime<Utc>,
}

#[derive(Debug, Default)]
pub(crate) struct BatchRows {
    pub conversations: HashMap<Uuid, ConversationView>,
    pub messages: HashMap<Uuid, MessageRow>,
    pub responses: HashMap<Uuid, ResponseView>,
    /// New ratings of answers; `None` for a withdrawn rating.
    pub ratings: HashMap<Uuid, Option<Rating>>,
    /// The files of new messages that have any.
    pub attachments: HashMap<Uuid, Vec<Uuid>>,
    /// The model and token usage of imported messages.
    pub imported: HashMap<Uuid, (Option<String>, Option<Usage>)>,
    /// The passages given to runs that have any.
    pub passages: HashMap<Uuid, Vec<Uuid>>,
    /// When conversations were erased.
    pub erased: HashMap<Uuid, DateTime<Utc>>,
}

impl BatchRows {
    /// Loads the existing rows that these events change.
    pub(crate) async fn load(
        connection: &mut PgConnection,
        events: &[&OpenedEvent],
    ) -> Result<Self, sqlx::Error> {
        let scope = BatchScope::new(events);
        let mut rows = Self::default();
        rows.load_responses(connection, &scope.responses).await?;
        let mut conversations = scope.conversations;
        let mut messages = Vec::new();
        for id in &scope.ended {
            if let Some((conversation, message)) = scope.requested.get(id).copied().or_else(|| {
                let run = rows.responses.get(id)?;
                Some((run.conversation_id, run.message_id))
            }) {
                conversations.insert(conversation);
                messages.push(message);
            }
        }
        conversations.retain(|id| !scope.started.contains(id));
        messages.retain(|id| !scope.added.contains(id));
        let conversations: Vec<Uuid> = conversations.into_iter().collect();
        rows.load_conversations(connection, &conversations).await?;
        rows.load_messages(connection, &messages).await?;
        Ok(rows)
    }

    pub(crate) fn conversation(&mut self, id: Uuid) -> Result<&mut ConversationView, ApplyError> {
        find(&mut self.conversations, "conversation", id)
    }

    pub(crate) fn message(&mut self, id: Uuid) -> Result<&mut MessageRow, ApplyError> {
        find(&mut self.messages, "message", id)
    }

    pub(crate) fn response(&mut self, id: Uuid) -> Result<&mut ResponseView, ApplyError> {
        find(&mut self.responses, "response", id)
    }

    async fn load_responses(
        &mut self,
        connection: &mut PgConnection,
        ids: &[Uuid],
    ) -> Result<(), sqlx::Error> {
        if ids.is_empty() {
            return Ok(());
        }
        let rows = select_responses!("from view_responses r where r.id = any($1)", ids)
            .fetch_all(connection)
            .await?;
        self.responses = rows.into_iter().map(|row| (row.id, row)).collect();
        Ok(())
    }

    async fn load_conversations(
        &mut self,
        connection: &mut PgConnection,
        ids: &[Uuid],
    ) -> Result<(), sqlx::Error> {
        if ids.is_empty() {
            return Ok(());
        }
        let rows = select_conversations!("from view_conversations where id = any($1)", ids)
            .fetch_all(connection)
            .await?;
        self.conversations = rows.into_iter().map(|row| (row.id, row)).collect();
        Ok(())
    }

    async fn load_messages(
        &mut self,
        connection: &mut PgConnection,
        ids: &[Uuid],
    ) -> Result<(), sqlx::Error> {
        if ids.is_empty() {
            return Ok(());
        }
        let rows = sqlx::query_as!(
            MessageRow,
            r#"select id, conversation_id, parent_id, role as "role: _", user_id, response_id, content,
                      answer::text as answer, status as "status: _", position, created_at
               from view_messages where id = any($1)"#,
            ids
        )
        .fetch_all(connection)
        .await?;
        self.messages = rows.into_iter().map(|row| (row.id, row)).collect();
        Ok(())
    }

    /// Saves all new and changed rows.
    pub(crate) async fn save(self, connection: &mut PgConnection) -> Result<(), sqlx::Error> {
        save_conversations(connection, self.conversations.into_values().collect()).await?;
        save_messages(connection, self.messages.into_values().collect()).await?;
        save_attachments(connection, self.attachments).await?;
        save_ratings(connection, self.ratings).await?;
        save_imported(connection, self.imported).await?;
        save_responses(connection, self.responses.into_values().collect()).await?;
        save_passages(connection, self.passages).await?;
        erase_texts(connection, self.erased).await
    }
}

fn find<'a, R>(
    rows: &'a mut HashMap<Uuid, R>,
    name: &'static str,
    id: Uuid,
) -> Result<&'a mut R, ApplyError> {
    rows.get_mut(&id).ok_or(ApplyError::Missing(name, id))
}

/// The rows that a batch creates or changes.
#[derive(Default)]
struct BatchScope {
    conversations: HashSet<Uuid>,
    started: HashSet<Uuid>,
    /// Messages that the batch adds.
    added: HashSet<Uuid>,
    responses: Vec<Uuid>,
    /// The conversation and message of runs that the batch requests.
    requested: HashMap<Uuid, (Uuid, Uuid)>,
    ended: Vec<Uuid>,
}

impl BatchScope {
    fn new(events: &[&OpenedEvent]) -> Self {
        let mut scope = Self::default();
        for opened in events {
            if let Some(event) = ConversationEvent::from_event(&opened.event) {
                scope.add_conversation(opened.aggregate_id, event);
            }
            if let Some(event) = ResponseEvent::from_event(&opened.event) {
                scope.add_response(opened.aggregate_id, event);
            }
        }
        let requested = &scope.requested;
        scope.responses.retain(|id| !requested.contains_key(id));
        scope
    }

    fn add_conversation(&mut self, id: Uuid, event: &ConversationEvent) {
        self.conversations.insert(id);
        match event {
            ConversationEvent::ConversationStarted { .. }
            | ConversationEvent::ConversationImported { .. } => {
                self.started.insert(id);
            }
            ConversationEvent::MessagePosted { message_id, .. }
            | ConversationEvent::AnswerAdded { message_id, .. }
            | ConversationEvent::MessageImported { message_id, .. } => {
                self.added.insert(*message_id);
            }
            ConversationEvent::TitleChanged { .. }
            | ConversationEvent::AssistantChosen { .. }
            | ConversationEvent::ConversationPinned {}
            | ConversationEvent::ConversationUnpinned {}
            | ConversationEvent::ConversationArchived {}
            | ConversationEvent::ConversationUnarchived {}
            | ConversationEvent::ConversationTrashed {}
            | ConversationEvent::ConversationRestored {}
            | ConversationEvent::ReadMarkerMoved { .. }
            | ConversationEvent::FeedbackGiven { .. }
            | ConversationEvent::ConversationErased {} => {}
        }
    }

    fn add_response(&mut self, id: Uuid, event: &ResponseEvent) {
        self.responses.push(id);
        match event {
            ResponseEvent::ResponseRequested {
                conversation_id,
                message_id,
                ..
            } => {
                self.requested.insert(id, (*conversation_id, *message_id));
            }
            ResponseEvent::ResponseStarted { .. } | ResponseEvent::CancellationRequested { .. } => {
            }
            ResponseEvent::ResponseCompleted { .. }
            | ResponseEvent::ResponseFailed { .. }
            | ResponseEvent::ResponseInterrupted { .. }
            | ResponseEvent::ResponseCancelled { .. } => self.ended.push(id),
        }
    }
}

/// Removes the texts of erased conversations, which are gone from the log as well. Runs that had not ended count as
/// interrupted, since their end cannot be read.
async fn erase_texts(
    connection: &mut PgConnection,
    erased: HashMap<Uuid, DateTime<Utc>>,
) -> Result<(), sqlx::Error> {
    if erased.is_empty() {
        return Ok(());
    }
    let (ids, since): (Vec<Uuid>, Vec<DateTime<Utc>>) = erased.into_iter().unzip();
    execute!(
        connection,
        "update view_conversations set erased = true, title = case when title is not null then $2 end
         where id = any($1)",
        &ids,
        ERASED
    )?;
    execute!(
        connection,
        "update view_messages set content = $2, answer = null, status = 'erased' where conversation_id = any($1)",
        &ids,
        ERASED
    )?;
    execute!(
        connection,
        "update view_responses r set error_detail = case when error_detail is not null then $2 end,
                status = case when ended_at is null then 'interrupted' else status end,
                ended_at = coalesce(ended_at, erased.since)
         from unnest($1::uuid[], $3::timestamptz[]) as erased (id, since) where r.conversation_id = erased.id",
        &ids,
        ERASED,
        &since
    )
}

async fn save_conversations(
    connection: &mut PgConnection,
    rows: Vec<ConversationView>,
) -> Result<(), sqlx::Error> {
    if rows.is_empty() {
        return Ok(());
    }
    execute!(
        connection,
        "insert into view_conversations (id, version, owner_id, title, assistant_id, model, pinned, archived, trashed,
                                         leaf_id, last_read_message_id, message_count, created_at, updated_at,
                                         imported_from, hidden)
         select * from unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::text[], $5::uuid[], $6::text[], $7::boolean[],
                              $8::boolean[], $9::boolean[], $10::uuid[], $11::uuid[], $12::bigint[],
                              $13::timestamptz[], $14::timestamptz[], $15::text[], $16::boolean[])
         on conflict (id) do update set version = excluded.version, title = excluded.title,
             assistant_id = excluded.assistant_id, model = excluded.model, pinned = excluded.pinned,
             archived = excluded.archived, trashed = excluded.trashed, leaf_id = excluded.leaf_id,
             last_read_message_id = excluded.last_read_message_id,
             message_count = excluded.message_count, updated_at = excluded.updated_at",
        &column(&rows, |r| r.id),
        &column(&rows, |r| r.version),
        &column(&rows, |r| r.owner_id),
        &column(&rows, |r| r.title.as_deref()) as &[Option<&str>],
        &column(&rows, |r| r.assistant_id),
        &column(&rows, |r| r.model.as_deref()) as &[Option<&str>],
        &column(&rows, |r| r.pinned),
        &column(&rows, |r| r.archived),
        &column(&rows, |r| r.trashed),
        &column(&rows, |r| r.leaf_id) as &[Option<Uuid>],
        &column(&rows, |r| r.last_read_message_id) as &[Option<Uuid>],
        &column(&rows, |r| r.message_count),
        &column(&rows, |r| r.created_at),
        &column(&rows, |r| r.updated_at),
        &column(&rows, |r| r.imported_from.map(|source| source.into_str())) as &[Option<&str>],
        &column(&rows, |r| r.hidden),
    )
}

async fn save_messages(
    connection: &mut PgConnection,
    rows: Vec<MessageRow>,
) -> Result<(), sqlx::Error> {
    if rows.is_empty() {
        return Ok(());
    }
    execute!(
        connection,
        "insert into view_messages (id, conversation_id, parent_id, parent_key, role, user_id, response_id, content,
                                    answer, status, position, created_at)
         select id, conversation_id, parent_id, coalesce(parent_id, conversation_id), role, user_id, response_id,
                content, answer::json, status, position, created_at
         from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::uuid[], $6::uuid[], $7::text[], $8::text[],
                     $9::text[], $10::bigint[], $11::timestamptz[])
              as row (id, conversation_id, parent_id, role, user_id, response_id, content, answer, status, position,
                      created_at)
         on conflict (id) do update set content = excluded.content, answer = excluded.answer, status = excluded.status",
        &column(&rows, |r| r.id),
        &column(&rows, |r| r.conversation_id),
        &column(&rows, |r| r.parent_id) as &[Option<Uuid>],
        &column(&rows, |r| r.role.into_str()) as &[&str],
        &column(&rows, |r| r.user_id) as &[Option<Uuid>],
        &column(&rows, |r| r.response_id) as &[Option<Uuid>],
        &column(&rows, |r| r.content.as_str()) as &[&str],
        &column(&rows, |r| r.answer.as_deref()) as &[Option<&str>],
        &column(&rows, |r| r.status.into_str()) as &[&str],
        &column(&rows, |r| r.position),
        &column(&rows, |r| r.created_at),
    )
}

/// Saves attachments one by one, since few messages have any.
async fn save_attachments(
    connection: &mut PgConnection,
    attachments: HashMap<Uuid, Vec<Uuid>>,
) -> Result<(), sqlx::Error> {
    for (message, files) in attachments {
        execute!(
            connection,
            "update view_messages set attachments = $2 where id = $1",
            message,
            &files
        )?;
    }
    Ok(())
}

/// Saves ratings one by one.
async fn save_ratings(
    connection: &mut PgConnection,
    ratings: HashMap<Uuid, Option<Rating>>,
) -> Result<(), sqlx::Error> {
    for (message, rating) in ratings {
        execute!(
            connection,
            "update view_messages set feedback = $2 where id = $1",
            message,
            rating.as_ref().map(Rating::into_str)
        )?;
    }
    Ok(())
}

async fn save_imported(
    connection: &mut PgConnection,
    imported: HashMap<Uuid, (Option<String>, Option<Usage>)>,
) -> Result<(), sqlx::Error> {
    if imported.is_empty() {
        return Ok(());
    }
    let rows: Vec<_> = imported.into_iter().collect();
    execute!(
        connection,
        "update view_messages m set model = row.model, input_tokens = row.input, output_tokens = row.output
         from unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[]) as row (id, model, input, output)
         where m.id = row.id",
        &column(&rows, |(id, _)| *id),
        &column(&rows, |(_, (model, _))| model.as_deref()) as &[Option<&str>],
        &column(&rows, |(_, (_, usage))| usage.map(|usage| to_i64(usage.input_tokens)))
            as &[Option<i64>],
        &column(&rows, |(_, (_, usage))| usage.map(|usage| to_i64(usage.output_tokens)))
            as &[Option<i64>],
    )
}

/// Saves the passages of runs one by one.
async fn save_passages(
    connection: &mut PgConnection,
    passages: HashMap<Uuid, Vec<Uuid>>,
) -> Result<(), sqlx::Error> {
    for (run, passages) in passages {
        execute!(
            connection,
            "update view_responses set passages = $2 where id = $1",
            run,
            &passages
        )?;
    }
    Ok(())
}

async fn save_responses(
    connection: &mut PgConnection,
    rows: Vec<ResponseView>,
) -> Result<(), sqlx::Error> {
    if rows.is_empty() {
        return Ok(());
    }
    execute!(
        connection,
        "insert into view_responses (id, conversation_id, prompt_message_id, message_id, requested_by, assistant_id,
                                     assistant_version, model, status, attempt, cancelling, finish_reason,
                                     input_tokens, output_tokens, error_code, error_detail, requested_at, started_at,
                                     ended_at, cost, calls, context_window)
         select id, conversation_id, prompt_message_id, message_id, requested_by, assistant_id, assistant_version,
                model, status, attempt, cancelling, finish_reason, input_tokens, output_tokens, error_code,
                error_detail, requested_at, started_at, ended_at, cost, calls::json, context_window
         from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::uuid[], $7::integer[],
                     $8::text[], $9::text[], $10::integer[], $11::boolean[], $12::text[], $13::bigint[],
                     $14::bigint[], $15::text[], $16::text[], $17::timestamptz[], $18::timestamptz[],
                     $19::timestamptz[], $20::bigint[], $21::text[], $22::integer[])
              as r (id, conversation_id, prompt_message_id, message_id, requested_by, assistant_id, assistant_version,
                    model, status, attempt, cancelling, finish_reason, input_tokens, output_tokens, error_code,
                    error_detail, requested_at, started_at, ended_at, cost, calls, context_window)
         on conflict (id) do update set model = excluded.model, cost = excluded.cost, calls = excluded.calls,
             status = excluded.status, attempt = excluded.attempt,
             cancelling = excluded.cancelling, finish_reason = excluded.finish_reason,
             input_tokens = excluded.input_tokens, output_tokens = excluded.output_tokens,
             error_code = excluded.error_code, error_detail = excluded.error_detail,
             started_at = excluded.started_at, ended_at = excluded.ended_at",
        &column(&rows, |r| r.id),
        &column(&rows, |r| r.conversation_id),
        &column(&rows, |r| r.prompt_message_id),
        &column(&rows, |r| r.message_id),
        &column(&rows, |r| r.requested_by),
        &column(&rows, |r| r.assistant_id),
        &column(&rows, |r| r.assistant_version),
        &column(&rows, |r| r.model.as_str()) as &[&str],
        &column(&rows, |r| r.status.into_str()) as &[&str],
        &column(&rows, |r| r.attempt),
        &column(&rows, |r| r.cancelling),
        &column(&rows, |r| r.finish_reason.map(|reason| reason.into_str())) as &[Option<&str>],
        &column(&rows, |r| r.input_tokens) as &[Option<i64>],
        &column(&rows, |r| r.output_tokens) as &[Option<i64>],
        &column(&rows, |r| r.error_code.map(|code| code.into_str())) as &[Option<&str>],
        &column(&rows, |r| r.error_detail.as_deref()) as &[Option<&str>],
        &column(&rows, |r| r.requested_at),
        &column(&rows, |r| r.started_at) as &[Option<DateTime<Utc>>],
        &column(&rows, |r| r.ended_at) as &[Option<DateTime<Utc>>],
        &column(&rows, |r| r.cost) as &[Option<i64>],
        &column(&rows, |r| r.calls.as_deref()) as &[Option<&str>],
        &column(&rows, |r| r.context_window) as &[Option<i32>],
    )
}

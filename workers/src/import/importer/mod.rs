//! Turns what was read into commands of the importing person. Existing objects are kept unchanged.

mod archive;
mod files;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::assistant::Editor;
use domain::conversation::{ImportConversation, ImportMessages, ImportSource, ImportedMessage};
use domain::text;
use domain::user::Role;
use eventstore::command::{Committed, Context, Step, Via, step};
use eventstore::{Execution, ExecutorError};
use projections::assistant::queries as assistants;
use projections::conversation::queries as conversations;
use projections::user::queries as users;
use serde_json::{Value, json};
use tokio::runtime::Handle;
use tokio::sync::watch;
use uuid::Uuid;

use super::ImportError;
use super::wire::{SourceConversation, SourceMessage};
use crate::JobContext;
use crate::job::retry_later;

/// Events of one command.
const BATCH_SIZE: usize = 200;
/// Ids that are tried for one object; earlier ones belong to erased objects.
const ID_ATTEMPTS: usize = 16;
/// How long the views may take to catch up.
const VIEW_TIMEOUT: Duration = Duration::from_mins(1);
/// The number of reasons that are reported.
const REASON_LIMIT: usize = 20;
const TITLE_LENGTH: usize = 200;
const MODEL_LENGTH: usize = 200;
/// Attachments of one message.
const ATTACHMENT_LIMIT: usize = 20;
/// Missing files that are counted.
const MISSING_LIMIT: usize = 100_000;

/// Reports progress, and detects cancellation.
pub(super) struct Progress {
    pub done: Arc<AtomicI64>,
    /// Closed when the import is cancelled.
    pub cancellation: watch::Receiver<()>,
}

/// New objects, and objects that existed already.
#[derive(Default)]
pub(super) struct Count {
    pub new: u64,
    pub existing: u64,
}

impl Count {
    pub(super) fn add(&mut self, existed: bool) {
        match existed {
            true => self.existing += 1,
            false => self.new += 1,
        }
    }

    fn to_json(&self) -> Value {
        json!({"new": self.new, "known": self.existing})
    }
}

pub(super) struct Importer {
    pub(super) context: JobContext,
    pub(super) owner: Uuid,
    role: Role,
    pub(super) runtime: Handle,
    default_assistant: Uuid,
    /// The owner's files by digest.
    files: HashMap<String, Uuid>,
    /// Assistants and knowledge bases that got a new id.
    pub(super) new_ids: HashMap<Uuid, Uuid>,
    progress: Progress,
    /// The conversation that messages are added to; `None` if it was rejected or exists already.
    conversation: Option<Uuid>,
    pending_file: Option<files::PendingFile>,
    conversations: Count,
    messages: u64,
    imported_files: Count,
    pub(super) assistants: Count,
    pub(super) knowledge_bases: Count,
    pub(super) documents: Count,
    missing_files: HashSet<String>,
    skipped: u64,
    rejections: Vec<Value>,
    rejection_count: u64,
    pub(super) digest: Option<Value>,
}

impl Importer {
    /// Waits until the views show everything that the owner has, so that nothing is imported twice.
    pub(super) async fn new(
        context: &JobContext,
        owner: Uuid,
        progress: Progress,
    ) -> Result<Self, ImportError> {
        wait_for_views(context).await?;
        let pool = &context.source.pool;
        let user = users::find(pool, owner).await?;
        let role = user.map(|user| user.role.0);
        let role =
            role.ok_or_else(|| ImportError::Unreadable("the user no longer exists".to_owned()))?;
        let default_assistant = assistants::default(pool).await?;
        Ok(Self {
            context: context.clone(),
            owner,
            role,
            runtime: Handle::current(),
            default_assistant: default_assistant
                .map(|assistant| assistant.id)
                .unwrap_or_default(),
            files: HashMap::new(),
            new_ids: HashMap::new(),
            progress,
            conversation: None,
            pending_file: None,
            conversations: Count::default(),
            messages: 0,
            imported_files: Count::default(),
            assistants: Count::default(),
            knowledge_bases: Count::default(),
            documents: Count::default(),
            missing_files: HashSet::new(),
            skipped: 0,
            rejections: vec![],
            rejection_count: 0,
            digest: None,
        })
    }

    /// Waits until the views show what was imported so far.
    pub(super) fn wait_for_views(&self) -> Result<(), ImportError> {
        self.runtime.block_on(wait_for_views(&self.context))
    }

    /// The result for the job.
    pub(super) fn to_json(&self) -> Value {
        json!({
            "conversations": self.conversations.to_json(), "messages": self.messages,
            "files": {
                "new": self.imported_files.new, "known": self.imported_files.existing,
                "missing": self.missing_files.len(),
            },
            "assistants": self.assistants.to_json(), "knowledge_bases": self.knowledge_bases.to_json(),
            "documents": self.documents.to_json(), "left_out": self.skipped,
            "refused": self.rejection_count, "reasons": self.rejections, "digest": self.digest,
        })
    }

    /// Records something that cannot be imported; the rest continues.
    pub(super) fn reject(&mut self, what: &str, reason: &dyn std::fmt::Display) {
        self.rejection_count += 1;
        if self.rejections.len() < REASON_LIMIT {
            let reason: String = reason.to_string().chars().take(300).collect();
            self.rejections
                .push(json!({"what": what, "reason": reason}));
        }
    }

    /// Counts messages that were not visible: of tools, and hidden ones.
    pub(super) fn skip(&mut self, count: u64) {
        self.skipped += count;
    }

    /// Records a file that is referenced but not available.
    pub(super) fn add_missing_file(&mut self, name: &str) {
        if self.missing_files.len() < MISSING_LIMIT {
            self.missing_files.insert(name.to_owned());
        }
    }

    /// Creates a conversation unless it exists; its messages follow.
    pub(super) fn start_conversation(
        &mut self,
        source: SourceConversation,
    ) -> Result<(), ImportError> {
        self.check_cancelled()?;
        let runtime = self.runtime.clone();
        self.conversation = runtime.block_on(self.import_conversation(source))?;
        Ok(())
    }

    /// Adds messages to the current conversation; after a rejected batch, the rest of the conversation is skipped.
    pub(super) fn import_messages(
        &mut self,
        messages: Vec<SourceMessage>,
    ) -> Result<(), ImportError> {
        let now = self.context.executor.clock().now();
        let mut messages = messages.into_iter().peekable();
        while messages.peek().is_some() {
            self.check_cancelled()?;
            let Some(conversation_id) = self.conversation else {
                return Ok(());
            };
            let mut batch = Vec::new();
            for mut message in messages.by_ref().take(BATCH_SIZE) {
                let attachments = std::mem::take(&mut message.attachments);
                let attachments = self.find_attachments(&attachments)?;
                batch.push(to_imported_message(
                    conversation_id,
                    message,
                    attachments,
                    now,
                ));
            }
            let import = ImportMessages {
                conversation_id,
                actor: self.owner,
                messages: batch,
            };
            let steps = vec![step(conversation_id, None, import)];
            let runtime = self.runtime.clone();
            match runtime.block_on(self.execute(steps)) {
                Ok(committed) => self.messages += committed.events.len() as u64,
                Err(error) => {
                    self.conversation = None;
                    self.reject_command("conversation", error)?;
                }
            }
        }
        Ok(())
    }

    pub(super) fn finish_conversation(&mut self) {
        self.conversation = None;
        self.progress.done.fetch_add(1, Ordering::Relaxed);
    }

    /// The owner's files with these digests, up to the limit per message.
    fn find_attachments(&mut self, digests: &[String]) -> Result<Vec<Uuid>, ImportError> {
        let mut ids = Vec::new();
        for digest in digests {
            match self.find_file(digest)? {
                Some(id) if ids.contains(&id) => {}
                Some(_) if ids.len() == ATTACHMENT_LIMIT => self.skip(1),
                Some(id) => ids.push(id),
                None => self.add_missing_file(digest),
            }
        }
        Ok(ids)
    }

    /// Creates the conversation; `None` if it exists already or is rejected.
    async fn import_conversation(
        &mut self,
        source: SourceConversation,
    ) -> Result<Option<Uuid>, ImportError> {
        if source.source == ImportSource::Convosphere {
            let pool = &self.context.source.pool;
            let existing = conversations::find(pool, self.owner, source.key).await?;
            if existing.is_some() {
                self.conversations.existing += 1;
                return Ok(None);
            }
        }
        let assistant_id = self.choose_assistant(source.assistant_id).await?;
        let now = self.context.executor.clock().now();
        let mut id = source.key;
        for _ in 0..ID_ATTEMPTS {
            id = Uuid::new_v5(&self.owner, id.as_bytes());
            let import = to_imported_conversation(&source, id, (self.owner, assistant_id), now);
            let steps = vec![step(id, None, import)];
            match self.execute(steps).await {
                Ok(committed) => {
                    self.conversations.add(committed.events.is_empty());
                    return Ok(Some(id));
                }
                // Erased since it was imported.
                Err(ExecutorError::Refused(refusal)) if refusal.code() == "already_started" => {}
                Err(error) => return self.reject_command("conversation", error).map(|()| None),
            }
        }
        self.reject("conversation", &"it was imported and erased too many times");
        Ok(None)
    }

    /// The assistant that continues the conversation: the same if it can be used, otherwise the default one.
    async fn choose_assistant(&self, wanted: Option<Uuid>) -> Result<Uuid, ImportError> {
        let Some(wanted) = wanted else {
            return Ok(self.default_assistant);
        };
        if let Some(id) = self.new_ids.get(&wanted) {
            return Ok(*id);
        }
        let assistant = assistants::find(&self.context.source.pool, self.owner, wanted).await?;
        Ok(assistant.map_or(self.default_assistant, |assistant| assistant.id))
    }

    pub(super) async fn execute(
        &self,
        steps: Vec<Box<dyn Step>>,
    ) -> Result<Committed, ExecutorError> {
        let execution = Execution::new(self.execution_context(), steps);
        self.context.executor.execute(execution).await
    }

    fn execution_context(&self) -> Context {
        Context::user(self.owner, Via::Import)
    }

    /// Records a rejected command; other errors end the import.
    pub(super) fn reject_command(
        &mut self,
        what: &str,
        error: ExecutorError,
    ) -> Result<(), ImportError> {
        let reason = rejection_reason(error)?;
        self.reject(what, &reason);
        Ok(())
    }

    /// The owner, for the rules of assistants and knowledge bases.
    pub(super) fn editor(&self) -> Editor {
        Editor {
            user_id: self.owner,
            role: self.role,
        }
    }

    pub(super) fn check_cancelled(&self) -> Result<(), ImportError> {
        match self.progress.cancellation.has_changed() {
            Ok(_) => Ok(()),
            Err(_) => Err(ImportError::Cancelled),
        }
    }
}

/// Why a command was rejected; other errors end the import.
pub(super) fn rejection_reason(error: ExecutorError) -> Result<String, ImportError> {
    match error {
        ExecutorError::Refused(refusal) => Ok(refusal.to_string()),
        ExecutorError::Log(error) => Err(error.into()),
        ExecutorError::Database(error) => Err(error.into()),
        error => {
            tracing::warn!(%error, "an import was interrupted; it will be retried");
            Err(retry_later().into())
        }
    }
}

async fn wait_for_views(context: &JobContext) -> Result<(), ImportError> {
    let head = context.source.log.head(&context.source.pool).await?.0;
    match context.progress.wait_for(head, VIEW_TIMEOUT).await? < head {
        true => Err(retry_later().into()),
        false => Ok(()),
    }
}

fn to_imported_conversation(
    source: &SourceConversation,
    id: Uuid,
    (owner, assistant): (Uuid, Uuid),
    now: DateTime<Utc>,
) -> ImportConversation {
    ImportConversation {
        id,
        owner_id: owner,
        source: source.source,
        title: source.title.as_deref().and_then(shorten_title),
        assistant_id: assistant,
        model: source.model.as_deref().and_then(parse_model),
        pinned: source.pinned,
        archived: source.archived,
        trashed: source.trashed,
        started_at: normalize_time(source.started_at, now),
        changed_at: normalize_time(source.changed_at, now),
    }
}

fn to_imported_message(
    conversation: Uuid,
    message: SourceMessage,
    attachments: Vec<Uuid>,
    now: DateTime<Utc>,
) -> ImportedMessage {
    let id = |key: Uuid| Uuid::new_v5(&conversation, key.as_bytes());
    ImportedMessage {
        id: id(message.key),
        parent_id: message.parent.map(id),
        role: message.role,
        content: message.content,
        attachments,
        model: message.model.as_deref().and_then(parse_model),
        usage: message.usage,
        rating: message.rating.filter(|_| message.role.is_answer()),
        written_at: normalize_time(message.written_at, now),
    }
}

/// The title as one line of limited length.
fn shorten_title(title: &str) -> Option<String> {
    let short: String = text::flatten(title).chars().take(TITLE_LENGTH).collect();
    text::parse_line(&short, TITLE_LENGTH).ok()
}

fn parse_model(model: &str) -> Option<String> {
    text::parse_line(model, MODEL_LENGTH).ok()
}

/// The time as the database stores it: in microseconds, not in the future. A missing one is the time of the import.
fn normalize_time(time: Option<DateTime<Utc>>, now: DateTime<Utc>) -> DateTime<Utc> {
    let past = time.unwrap_or(now).clamp(DateTime::UNIX_EPOCH, now);
    DateTime::from_timestamp_micros(past.timestamp_micros()).unwrap_or(past)
}

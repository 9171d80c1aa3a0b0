//! Turns what was read into commands of the importing person. Existing objects are kept unchanged.

mod archive;
mod files;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::assistant::Editor;
use domain::conversation::{
    Conversation, ConversationCommand, ImportSource, ImportedConversation, ImportedMessage,
};
use domain::text;
use domain::user::Role;
use eventstore::executor::{Committed, Context, Step, Via, step};
use eventstore::{Execution, ExecutorError};
use projections::assistant::queries as assistants;
use projections::conversation::queries as conversations;
use projections::user::queries as users;
use serde_json::{Value, json};
use tokio::runtime::Handle;
use tokio::sync::watch;
use uuid::Uuid;

use super::Stop;
use super::wire::{Heard, HeardMessage};
use crate::Work;
use crate::job::later;

/// Events of one command.
const BATCH: usize = 200;
/// Ids that are tried for one object; earlier ones belong to erased objects.
const GENERATIONS: usize = 16;
/// How long the views may take to catch up.
const VIEWS: Duration = Duration::from_mins(1);
/// The number of reasons that are reported.
const REASONS: usize = 20;
const TITLE: usize = 200;
const MODEL: usize = 200;
/// Attachments of one message.
const ATTACHMENTS: usize = 20;
/// Missing files that are counted.
const MISSING: usize = 100_000;

/// Reports progress, and detects cancellation.
pub(super) struct Progress {
    pub done: Arc<AtomicI64>,
    /// Closed when the import is cancelled.
    pub awaited: watch::Receiver<()>,
}

/// New objects, and objects that existed already.
#[derive(Default)]
pub(super) struct Count {
    pub new: u64,
    pub known: u64,
}

impl Count {
    pub fn add(&mut self, known: bool) {
        match known {
            true => self.known += 1,
            false => self.new += 1,
        }
    }

    fn told(&self) -> Value {
        json!({"new": self.new, "known": self.known})
    }
}

pub(super) struct Taker {
    pub(super) work: Work,
    pub(super) owner: Uuid,
    role: Role,
    pub(super) runtime: Handle,
    default_assistant: Uuid,
    /// The owner's files by digest.
    files: HashMap<String, Uuid>,
    /// Assistants and knowledge bases that got a new id.
    pub(super) moved: HashMap<Uuid, Uuid>,
    progress: Progress,
    /// The conversation that messages are added to; `None` if it was rejected or exists already.
    conversation: Option<Uuid>,
    coming: Option<files::Coming>,
    conversations: Count,
    messages: u64,
    files_taken: Count,
    pub(super) assistants: Count,
    pub(super) knowledge_bases: Count,
    pub(super) documents: Count,
    files_missing: HashSet<String>,
    left_out: u64,
    refused: Vec<Value>,
    refusals: u64,
    pub(super) digest: Option<Value>,
}

impl Taker {
    /// Waits until the views show everything that the owner has, so that nothing is imported twice.
    pub async fn new(work: &Work, owner: Uuid, progress: Progress) -> Result<Self, Stop> {
        settle(work).await?;
        let pool = &work.source.pool;
        let user = users::find(pool, owner).await?;
        let role = user.and_then(|user| Role::parse(&user.role));
        let role = role.ok_or_else(|| Stop::Unreadable("the user is gone".to_owned()))?;
        let default_assistant = assistants::default(pool).await?;
        Ok(Self {
            work: work.clone(),
            owner,
            role,
            runtime: Handle::current(),
            default_assistant: default_assistant.map(|one| one.id).unwrap_or_default(),
            files: HashMap::new(),
            moved: HashMap::new(),
            progress,
            conversation: None,
            coming: None,
            conversations: Count::default(),
            messages: 0,
            files_taken: Count::default(),
            assistants: Count::default(),
            knowledge_bases: Count::default(),
            documents: Count::default(),
            files_missing: HashSet::new(),
            left_out: 0,
            refused: vec![],
            refusals: 0,
            digest: None,
        })
    }

    /// Waits until the views show what was imported so far.
    pub fn settle(&self) -> Result<(), Stop> {
        self.runtime.block_on(settle(&self.work))
    }

    /// The result for the job.
    pub fn told(&self) -> Value {
        json!({
            "conversations": self.conversations.told(), "messages": self.messages,
            "files": {
                "new": self.files_taken.new, "known": self.files_taken.known,
                "missing": self.files_missing.len(),
            },
            "assistants": self.assistants.told(), "knowledge_bases": self.knowledge_bases.told(),
            "documents": self.documents.told(), "left_out": self.left_out,
            "refused": self.refusals, "reasons": self.refused, "digest": self.digest,
        })
    }

    /// Records something that cannot be imported; the rest continues.
    pub fn refuse(&mut self, what: &str, reason: &dyn std::fmt::Display) {
        self.refusals += 1;
        if self.refused.len() < REASONS {
            let reason: String = reason.to_string().chars().take(300).collect();
            self.refused.push(json!({"what": what, "reason": reason}));
        }
    }

    /// Counts messages that were not visible: of tools, and hidden ones.
    pub fn leave_out(&mut self, count: u64) {
        self.left_out += count;
    }

    /// Records a file that is referenced but not available.
    pub fn miss(&mut self, name: &str) {
        if self.files_missing.len() < MISSING {
            self.files_missing.insert(name.to_owned());
        }
    }

    /// Creates a conversation unless it exists; its messages follow.
    pub fn begin_conversation(&mut self, heard: Heard) -> Result<(), Stop> {
        self.go_on()?;
        let runtime = self.runtime.clone();
        self.conversation = runtime.block_on(self.converse(heard))?;
        Ok(())
    }

    /// Adds messages to the current conversation; after a rejected batch, the rest of the conversation is skipped.
    pub fn messages(&mut self, messages: Vec<HeardMessage>) -> Result<(), Stop> {
        let mut messages = messages.into_iter().peekable();
        while messages.peek().is_some() {
            self.go_on()?;
            let Some(conversation_id) = self.conversation else {
                return Ok(());
            };
            let mut batch = Vec::new();
            for mut message in messages.by_ref().take(BATCH) {
                let attachments = std::mem::take(&mut message.attachments);
                let attachments = self.held(&attachments)?;
                batch.push(taken(conversation_id, message, attachments));
            }
            let import = ConversationCommand::ImportMessages {
                conversation_id,
                actor: self.owner,
                messages: batch,
            };
            let steps = vec![step::<Conversation>(conversation_id, None, import)];
            let runtime = self.runtime.clone();
            match runtime.block_on(self.execute(steps)) {
                Ok(committed) => self.messages += committed.events.len() as u64,
                Err(error) => {
                    self.conversation = None;
                    self.refused("conversation", error)?;
                }
            }
        }
        Ok(())
    }

    pub fn end_conversation(&mut self) {
        self.conversation = None;
        self.progress.done.fetch_add(1, Ordering::Relaxed);
    }

    /// The owner's files with these digests, up to the limit per message.
    fn held(&mut self, digests: &[String]) -> Result<Vec<Uuid>, Stop> {
        let mut ids = Vec::new();
        for digest in digests {
            match self.file_with(digest)? {
                Some(id) if ids.contains(&id) => {}
                Some(_) if ids.len() == ATTACHMENTS => self.leave_out(1),
                Some(id) => ids.push(id),
                None => self.miss(digest),
            }
        }
        Ok(ids)
    }

    /// Creates the conversation; `None` if it exists already or is rejected.
    async fn converse(&mut self, heard: Heard) -> Result<Option<Uuid>, Stop> {
        if heard.source == ImportSource::Convosphere {
            let pool = &self.work.source.pool;
            let known = conversations::find(pool, self.owner, heard.key).await?;
            if known.is_some() {
                self.conversations.known += 1;
                return Ok(None);
            }
        }
        let assistant_id = self.answering(heard.assistant_id).await?;
        let mut id = heard.key;
        for _ in 0..GENERATIONS {
            id = Uuid::new_v5(&self.owner, id.as_bytes());
            let imported = begun(&heard, id, (self.owner, assistant_id));
            let import = ConversationCommand::ImportConversation(imported);
            let begun = vec![step::<Conversation>(id, None, import)];
            match self.execute(begun).await {
                Ok(committed) => {
                    self.conversations.add(committed.events.is_empty());
                    return Ok(Some(id));
                }
                // Erased since it was imported.
                Err(ExecutorError::Refused(refusal)) if refusal.code() == "already_started" => {}
                Err(error) => return self.refused("conversation", error).map(|()| None),
            }
        }
        self.refuse("conversation", &"it was imported and erased too often");
        Ok(None)
    }

    /// The assistant that continues the conversation: the same if it can be used, otherwise the default one.
    async fn answering(&self, wanted: Option<Uuid>) -> Result<Uuid, Stop> {
        let Some(wanted) = wanted else {
            return Ok(self.default_assistant);
        };
        if let Some(moved) = self.moved.get(&wanted) {
            return Ok(*moved);
        }
        let found = assistants::find(&self.work.source.pool, self.owner, wanted).await?;
        Ok(found.map_or(self.default_assistant, |found| found.id))
    }

    pub(super) async fn execute(
        &self,
        steps: Vec<Box<dyn Step>>,
    ) -> Result<Committed, ExecutorError> {
        let execution = Execution::new(self.context(), steps);
        self.work.executor.execute(execution).await
    }

    fn context(&self) -> Context {
        Context::user(self.owner, Via::Import)
    }

    /// Records a rejected command; other errors end the import.
    pub(super) fn refused(&mut self, what: &str, error: ExecutorError) -> Result<(), Stop> {
        let why = refusal(error)?;
        self.refuse(what, &why);
        Ok(())
    }

    /// The owner, for the rules of assistants and knowledge bases.
    pub(super) fn editor(&self) -> Editor {
        Editor {
            user_id: self.owner,
            role: self.role,
        }
    }

    pub(super) fn go_on(&self) -> Result<(), Stop> {
        match self.progress.awaited.has_changed() {
            Ok(_) => Ok(()),
            Err(_) => Err(Stop::Cancelled),
        }
    }
}

/// Why a command was rejected; other errors end the import.
pub(super) fn refusal(error: ExecutorError) -> Result<String, Stop> {
    match error {
        ExecutorError::Refused(refusal) => Ok(refusal.to_string()),
        ExecutorError::Log(error) => Err(error.into()),
        ExecutorError::Database(error) => Err(error.into()),
        error => {
            tracing::warn!(%error, "an import was broken off; it is begun anew");
            Err(later().into())
        }
    }
}

async fn settle(work: &Work) -> Result<(), Stop> {
    let head = work.source.log.head(&work.source.pool).await?.0;
    match work.progress.wait_for(head, VIEWS).await? < head {
        true => Err(later().into()),
        false => Ok(()),
    }
}

fn begun(heard: &Heard, id: Uuid, (owner, assistant): (Uuid, Uuid)) -> ImportedConversation {
    ImportedConversation {
        id,
        owner_id: owner,
        source: heard.source,
        title: heard.title.as_deref().and_then(titled),
        assistant_id: assistant,
        model: heard.model.as_deref().and_then(named),
        pinned: heard.pinned,
        archived: heard.archived,
        trashed: heard.trashed,
        started_at: kept(heard.started_at),
        changed_at: kept(heard.changed_at),
    }
}

fn taken(conversation: Uuid, heard: HeardMessage, attachments: Vec<Uuid>) -> ImportedMessage {
    let id = |key: Uuid| Uuid::new_v5(&conversation, key.as_bytes());
    ImportedMessage {
        id: id(heard.key),
        parent_id: heard.parent.map(id),
        role: heard.said,
        content: heard.content,
        attachments,
        model: heard.model.as_deref().and_then(named),
        usage: heard.usage,
        rating: heard.rating.filter(|_| heard.said.is_answer()),
        written_at: kept(heard.written_at),
    }
}

/// The title as one line of limited length.
fn titled(title: &str) -> Option<String> {
    let short: String = text::flatten(title).chars().take(TITLE).collect();
    text::parse_line(&short, TITLE).ok()
}

fn named(model: &str) -> Option<String> {
    text::parse_line(model, MODEL).ok()
}

/// The time as the database stores it: in microseconds, not in the future.
fn kept(time: DateTime<Utc>) -> DateTime<Utc> {
    let past = time.clamp(DateTime::UNIX_EPOCH, Utc::now());
    DateTime::from_timestamp_micros(past.timestamp_micros()).unwrap_or(past)
}

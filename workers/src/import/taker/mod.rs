//! What was read becomes commands of the person who imports it. What is there already stays as it is.

mod files;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::assistant::Editor;
use domain::conversation::{
    Conversation, ConversationCommand, ImportedConversation, ImportedMessage, Rating, Said, Source,
};
use domain::response::{Answer, Usage};
use domain::text;
use domain::user::Role;
use eventstore::executor::{Committed, Context, Step, Via, step};
use eventstore::{Execution, ExecutorError};
use projections::assistant::queries as assistants;
use projections::conversation::queries as conversations;
use projections::user::queries as users;
use serde_json::{Value, json};
use tokio::runtime::Handle;
use uuid::Uuid;

use super::Stop;
use crate::Work;
use crate::job::later;

/// Events of one command.
const BATCH: usize = 200;
/// Ids that are tried for one thing: each was used for what was erased since.
pub(super) const GENERATIONS: usize = 16;
/// How long views may take to show what is known already.
const VIEWS: Duration = Duration::from_mins(1);
/// Reasons that are told.
const REASONS: usize = 20;
const TITLE: usize = 200;
const MODEL: usize = 200;

/// A conversation as its source tells it.
pub(super) struct Heard {
    /// Names it within its source, always in the same way.
    pub key: Uuid,
    pub source: Source,
    pub title: Option<String>,
    pub assistant_id: Option<Uuid>,
    pub model: Option<String>,
    pub pinned: bool,
    pub archived: bool,
    pub trashed: bool,
    pub started_at: DateTime<Utc>,
    pub changed_at: DateTime<Utc>,
    /// None before the one that it stands below.
    pub messages: Vec<HeardMessage>,
}

pub(super) struct HeardMessage {
    pub key: Uuid,
    pub parent: Option<Uuid>,
    pub said: Said,
    pub content: Answer,
    /// Digests of files.
    pub attachments: Vec<String>,
    pub model: Option<String>,
    pub usage: Option<Usage>,
    pub rating: Option<Rating>,
    pub written_at: DateTime<Utc>,
}

/// How many came, and how many were there.
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
    /// The owner's files by their digests.
    files: HashMap<String, Uuid>,
    /// What became of assistants and knowledge bases that got another id.
    pub(super) moved: HashMap<Uuid, Uuid>,
    done: Arc<AtomicI64>,
    cancelled: Arc<AtomicBool>,
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
    /// Everything that the owner has is known by the views first: what is there is not taken twice.
    pub async fn new(
        work: &Work,
        owner: Uuid,
        done: Arc<AtomicI64>,
        cancelled: Arc<AtomicBool>,
    ) -> Result<Self, Stop> {
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
            done,
            cancelled,
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

    /// Waits until the views know what was taken so far.
    pub fn settle(&self) -> Result<(), Stop> {
        self.runtime.block_on(settle(&self.work))
    }

    /// What came of it, for the job.
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

    /// Something that cannot be imported, and why; the rest goes on.
    pub fn refuse(&mut self, what: &str, reason: &dyn std::fmt::Display) {
        self.refusals += 1;
        if self.refused.len() < REASONS {
            let reason: String = reason.to_string().chars().take(300).collect();
            self.refused.push(json!({"what": what, "reason": reason}));
        }
    }

    /// Messages that nobody was meant to read: of tools, and hidden ones.
    pub fn leave_out(&mut self, count: u64) {
        self.left_out += count;
    }

    pub fn file_is_known(&mut self) {
        self.files_taken.add(true);
    }

    /// A file that is told of and not there.
    pub fn miss(&mut self, name: &str) {
        self.files_missing.insert(name.to_owned());
    }

    /// Takes a conversation, as far as it is not there.
    pub fn conversation(&mut self, heard: Heard) -> Result<(), Stop> {
        self.go_on()?;
        let runtime = self.runtime.clone();
        let mut attachments = Vec::with_capacity(heard.messages.len());
        for message in &heard.messages {
            let mut ids = Vec::new();
            for digest in &message.attachments {
                match self.file_with(digest)? {
                    Some(id) if !ids.contains(&id) => ids.push(id),
                    Some(_) => {}
                    None => self.miss(digest),
                }
            }
            attachments.push(ids);
        }
        runtime.block_on(self.converse(heard, attachments))?;
        self.done.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    async fn converse(&mut self, heard: Heard, files: Vec<Vec<Uuid>>) -> Result<(), Stop> {
        if heard.source == Source::Convosphere {
            let pool = &self.work.source.pool;
            if conversations::find(pool, self.owner, heard.key)
                .await?
                .is_some()
            {
                self.conversations.known += 1;
                return Ok(());
            }
        }
        let assistant_id = self.assistant(heard.assistant_id).await?;
        let mut id = heard.key;
        for _ in 0..GENERATIONS {
            id = Uuid::new_v5(&self.owner, id.as_bytes());
            let imported = begun(&heard, id, (self.owner, assistant_id));
            let import = ConversationCommand::ImportConversation(imported);
            let begun = vec![step::<Conversation>(id, None, import)];
            match self.execute(begun).await {
                Ok(committed) => {
                    self.conversations.add(committed.events.is_empty());
                    return self.messages(id, heard, files).await;
                }
                // Erased since it was imported.
                Err(ExecutorError::Refused(refusal)) if refusal.code() == "already_started" => {}
                Err(error) => return self.refused("conversation", error),
            }
        }
        self.refuse("conversation", &"it was imported and erased too often");
        Ok(())
    }

    async fn messages(
        &mut self,
        conversation_id: Uuid,
        heard: Heard,
        files: Vec<Vec<Uuid>>,
    ) -> Result<(), Stop> {
        let mut messages = heard.messages.into_iter().zip(files).peekable();
        while messages.peek().is_some() {
            self.go_on()?;
            let batch = messages.by_ref().take(BATCH);
            let batch = batch.map(|(message, files)| taken(conversation_id, message, files));
            let import = ConversationCommand::ImportMessages {
                conversation_id,
                actor: self.owner,
                messages: batch.collect(),
            };
            let steps = vec![step::<Conversation>(conversation_id, None, import)];
            match self.execute(steps).await {
                Ok(committed) => self.messages += committed.events.len() as u64,
                Err(error) => return self.refused("conversation", error),
            }
        }
        Ok(())
    }

    /// Who answers from here on: the same where it may be used, else the installation's own.
    async fn assistant(&self, wanted: Option<Uuid>) -> Result<Uuid, Stop> {
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

    /// A refusal is told, and the rest goes on; what else goes wrong stops it.
    pub(super) fn refused(&mut self, what: &str, error: ExecutorError) -> Result<(), Stop> {
        let why = refusal(error)?;
        self.refuse(what, &why);
        Ok(())
    }

    /// The owner, as far as the rules of assistants and knowledge bases care.
    pub(super) fn editor(&self) -> Editor {
        Editor {
            user_id: self.owner,
            role: self.role,
        }
    }

    pub(super) fn go_on(&self) -> Result<(), Stop> {
        match self.cancelled.load(Ordering::Relaxed) {
            true => Err(Stop::Cancelled),
            false => Ok(()),
        }
    }
}

/// Why a command was refused; what else went wrong stops the import.
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
    match work.progress.reach(head, VIEWS).await? < head {
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
        said: heard.said,
        content: heard.content,
        attachments,
        model: heard.model.as_deref().and_then(named),
        usage: heard.usage,
        rating: heard.rating.filter(|_| heard.said.is_answer()),
        written_at: kept(heard.written_at),
    }
}

/// A title on one line, as long as a title may be.
fn titled(title: &str) -> Option<String> {
    let plain = title.chars().map(|c| if c.is_control() { ' ' } else { c });
    let short: String = plain.take(TITLE).collect();
    text::line(&short, TITLE).ok()
}

fn named(model: &str) -> Option<String> {
    text::line(model, MODEL).ok()
}

/// A time as the database keeps it: to the microsecond, and not in the future.
fn kept(time: DateTime<Utc>) -> DateTime<Utc> {
    let past = time.clamp(DateTime::UNIX_EPOCH, Utc::now());
    DateTime::from_timestamp_micros(past.timestamp_micros()).unwrap_or(past)
}

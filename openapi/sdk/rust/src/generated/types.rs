// Generated from openapi.json by generate.py; run `scripts/sdk` instead of editing it.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::field::{Field, string_enum};
use crate::list::List;

/// The user to add: either an id or an email address.
#[derive(Debug, Clone, Default, Serialize)]
pub struct AddMember {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<Uuid>,
}

/// A configuration of a model that answers messages.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Assistant {
    /// The number of the current configuration; runs refer to it.
    pub assistant_version: i32,
    pub created_at: DateTime<Utc>,
    pub description: String,
    pub id: Uuid,
    /// Empty if the caller may not change the assistant.
    pub instructions: String,
    pub is_default: bool,
    /// The knowledge bases that it uses; empty if the caller may not change the assistant. Answers only use
    /// those that the person who asks may read.
    pub knowledge_base_ids: Vec<Uuid>,
    pub max_output_tokens: Option<i32>,
    /// Null for the default model of the installation.
    pub model: Option<String>,
    pub name: String,
    /// Null for the default assistant.
    pub owner_id: Option<Uuid>,
    pub status: AssistantStatus,
    pub temperature: Option<f64>,
    pub updated_at: DateTime<Utc>,
    pub version: i64,
    pub visibility: AssistantVisibility,
}

/// A page of assistants.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AssistantList {
    pub items: Vec<Assistant>,
    /// Continues the list; null on the last page.
    pub next_cursor: Option<String>,
}

impl List for AssistantList {
    type Item = Assistant;
    fn into_parts(self) -> (Vec<Self::Item>, Option<String>) {
        (self.items, self.next_cursor)
    }
}

/// Counts and durations of an assistant's answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AssistantPerformance {
    pub cancelled: i64,
    pub completed: i64,
    pub failed: i64,
    pub input_tokens: i64,
    pub interrupted: i64,
    /// Median duration of completed answers; null if there are none.
    pub median_seconds: Option<f64>,
    pub output_tokens: i64,
    pub responses: i64,
}

string_enum! {
/// Whether an assistant can be used.
pub enum AssistantStatus {
Draft = "draft",
Active = "active",
Inactive = "inactive",
Maintenance = "maintenance",
}
}

/// A current or earlier configuration of an assistant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AssistantVersion {
    pub created_at: DateTime<Utc>,
    pub description: String,
    pub instructions: String,
    pub max_output_tokens: Option<u32>,
    pub model: Option<String>,
    pub name: String,
    /// The number that runs refer to as `assistant_version`.
    pub number: u32,
    pub temperature: Option<f64>,
}

/// A page of assistant versions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AssistantVersionList {
    pub items: Vec<AssistantVersion>,
    /// Continues the list; null on the last page.
    pub next_cursor: Option<String>,
}

impl List for AssistantVersionList {
    type Item = AssistantVersion;
    fn into_parts(self) -> (Vec<Self::Item>, Option<String>) {
        (self.items, self.next_cursor)
    }
}

string_enum! {
/// Who can see an assistant.
pub enum AssistantVisibility {
Private = "private",
Everyone = "everyone",
}
}

/// A backup in the backup folder. Its key ring is stored next to it, under the same name with another
/// extension.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Backup {
    pub bytes: u64,
    /// The hash of that position, in hex.
    pub hash: String,
    pub made_at: DateTime<Utc>,
    /// The file name in the backup folder.
    pub name: String,
    /// The last position of the log in the backup.
    pub position: i64,
}

/// The backups of the installation, and their schedule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Backups {
    /// Hours between automatic backups; null if they are disabled.
    pub every_hours: Option<u64>,
    /// The newest backup comes first.
    pub items: Vec<Backup>,
    /// Number of backups that are kept.
    pub kept: u64,
    /// Days that key rings are kept. Until then, a backup can still reveal text that was erased since. The
    /// newest key ring is always kept.
    pub keys_kept_days: u32,
    /// When the next automatic backup is due; null if they are disabled.
    pub next_at: Option<DateTime<Utc>>,
    pub next_cursor: Option<String>,
}

impl List for Backups {
    type Item = Backup;
    fn into_parts(self) -> (Vec<Self::Item>, Option<String>) {
        (self.items, self.next_cursor)
    }
}

#[derive(Clone, Serialize)]
pub struct ChangeEmail {
    pub current_password: String,
    pub email: String,
}

/// Hides secrets.
impl std::fmt::Debug for ChangeEmail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChangeEmail")
            .field("current_password", &format_args!("[hidden]"))
            .field("email", &self.email)
            .finish()
    }
}

impl ChangeEmail {
    /// With the required fields only.
    pub fn new(email: impl Into<String>, current_password: impl Into<String>) -> Self {
        Self {
            current_password: current_password.into(),
            email: email.into(),
        }
    }
}

#[derive(Clone, Serialize)]
pub struct ChangePassword {
    pub current_password: String,
    /// At least 8 characters, at most 1024 bytes.
    pub new_password: String,
}

/// Hides secrets.
impl std::fmt::Debug for ChangePassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChangePassword")
            .field("current_password", &format_args!("[hidden]"))
            .field("new_password", &format_args!("[hidden]"))
            .finish()
    }
}

impl ChangePassword {
    /// With the required fields only.
    pub fn new(current_password: impl Into<String>, new_password: impl Into<String>) -> Self {
        Self {
            current_password: current_password.into(),
            new_password: new_password.into(),
        }
    }
}

/// A passage of a document, which searches find and answers cite.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Chunk {
    /// The headings above it, the outermost first.
    pub headings: Vec<String>,
    pub id: Uuid,
    /// Its position in the document, from 0.
    pub number: i32,
    /// The page, slide or sheet on which it starts, from 1.
    pub page: Option<i32>,
    /// The name of that page, such as the name of a sheet.
    pub page_name: Option<String>,
    pub text: String,
}

/// A page of chunks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ChunkList {
    pub items: Vec<Chunk>,
    /// Continues the list; null on the last page.
    pub next_cursor: Option<String>,
}

impl List for ChunkList {
    type Item = Chunk;
    fn into_parts(self) -> (Vec<Self::Item>, Option<String>) {
        (self.items, self.next_cursor)
    }
}

/// A conversation of the caller.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Conversation {
    pub archived: bool,
    pub assistant_id: Uuid,
    pub created_at: DateTime<Utc>,
    /// Whether lists, search and counts leave it out.
    pub hidden: bool,
    pub id: Uuid,
    /// The product that it was imported from: `convosphere` or `chatgpt`. Null if it was started here.
    pub imported_from: Option<String>,
    /// The last message that the caller has read, in the order in which messages were posted.
    pub last_read_message_id: Option<Uuid>,
    /// The newest message of the current path.
    pub leaf_id: Option<Uuid>,
    pub message_count: i64,
    /// Null for the model of the assistant.
    pub model: Option<String>,
    pub pinned: bool,
    /// Null until the user names it or the first question does.
    pub title: Option<String>,
    pub trashed: bool,
    pub updated_at: DateTime<Utc>,
    pub version: i64,
}

/// A page of conversations.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ConversationList {
    pub items: Vec<Conversation>,
    /// Continues the list; null on the last page.
    pub next_cursor: Option<String>,
}

impl List for ConversationList {
    type Item = Conversation;
    fn into_parts(self) -> (Vec<Self::Item>, Option<String>) {
        (self.items, self.next_cursor)
    }
}

#[derive(Debug, Clone, Serialize)]
pub struct CreateAssistant {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The system prompt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instructions: Option<String>,
    /// At most 20 knowledge bases that the caller may read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub knowledge_base_ids: Option<Vec<Uuid>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_output_tokens: Option<u32>,
    /// `<provider>/<model>`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<AssistantStatus>,
    /// 0 to 2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temperature: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visibility: Option<AssistantVisibility>,
}

impl CreateAssistant {
    /// With the required fields only.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            description: None,
            instructions: None,
            knowledge_base_ids: None,
            max_output_tokens: None,
            model: None,
            name: name.into(),
            status: None,
            temperature: None,
            visibility: None,
        }
    }
}

#[derive(Debug, Clone, Default, Serialize)]
pub struct CreateConversation {
    /// The default assistant by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assistant_id: Option<Uuid>,
    /// Whether lists, search, counts and exports leave it out, as for a preview of an assistant; false by
    /// default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hidden: Option<bool>,
    /// The first message, which is answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<FirstMessage>,
    /// By default the caller's default model if no assistant is given, otherwise the model of the
    /// assistant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// By default, the first question becomes the title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
pub struct CreateGroup {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    pub name: String,
}

impl CreateGroup {
    /// With the required fields only.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            description: None,
            name: name.into(),
        }
    }
}

#[derive(Debug, Clone, Serialize)]
pub struct CreateKnowledgeBase {
    /// At most half of `chunk_tokens`; by default 50, or half of `chunk_tokens` if that is less.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chunk_overlap: Option<u32>,
    /// 50 to 4,000; 500 by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chunk_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// For `groups`: 1 to 100 groups that the caller can see.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group_ids: Option<Vec<Uuid>>,
    pub name: String,
    /// At most 20 tags.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<String>>,
    /// `private` by default, or `groups` if `group_ids` is sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visibility: Option<KnowledgeVisibility>,
}

impl CreateKnowledgeBase {
    /// With the required fields only.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            chunk_overlap: None,
            chunk_tokens: None,
            description: None,
            group_ids: None,
            name: name.into(),
            tags: None,
            visibility: None,
        }
    }
}

#[derive(Clone, Serialize)]
pub struct CreateProvider {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api_key: Option<String>,
    /// Such as <https://api.openai.com/v1>, <https://api.anthropic.com/v1> or
    /// <https://generativelanguage.googleapis.com/v1beta>.
    pub base_url: String,
    pub kind: ProviderKind,
    /// Models that are offered whether or not the provider lists them, by their names at the provider.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub models: Option<Vec<String>>,
    /// 1 to 40 characters of a-z, 0-9 and -; cannot be changed later.
    pub name: String,
}

/// Hides secrets.
impl std::fmt::Debug for CreateProvider {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CreateProvider")
            .field("api_key", &format_args!("[hidden]"))
            .field("base_url", &self.base_url)
            .field("kind", &self.kind)
            .field("models", &self.models)
            .field("name", &self.name)
            .finish()
    }
}

impl CreateProvider {
    /// With the required fields only.
    pub fn new(name: impl Into<String>, kind: ProviderKind, base_url: impl Into<String>) -> Self {
        Self {
            api_key: None,
            base_url: base_url.into(),
            kind,
            models: None,
            name: name.into(),
        }
    }
}

#[derive(Clone, Serialize)]
pub struct CreateUser {
    pub display_name: String,
    pub email: String,
    /// At least 8 characters, at most 1024 bytes.
    pub password: String,
    pub role: UserRole,
}

/// Hides secrets.
impl std::fmt::Debug for CreateUser {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CreateUser")
            .field("display_name", &self.display_name)
            .field("email", &self.email)
            .field("password", &format_args!("[hidden]"))
            .field("role", &self.role)
            .finish()
    }
}

impl CreateUser {
    /// With the required fields only.
    pub fn new(
        email: impl Into<String>,
        display_name: impl Into<String>,
        password: impl Into<String>,
        role: UserRole,
    ) -> Self {
        Self {
            display_name: display_name.into(),
            email: email.into(),
            password: password.into(),
            role,
        }
    }
}

string_enum! {
/// Where the default model comes from.
pub enum DefaultModelSource {
Configuration = "configuration",
Administrator = "administrator",
Automatic = "automatic",
BuiltIn = "built_in",
}
}

/// A document of a knowledge base.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Document {
    pub added_by: Uuid,
    /// How often processing was started.
    pub attempt: i32,
    pub characters: i64,
    pub chunks: i32,
    pub created_at: DateTime<Utc>,
    /// Why embedding failed, if it did. It is retried; meanwhile, keyword search finds the chunks.
    pub embedding_error: Option<String>,
    /// The embedding model, once all chunks have a vector of it; null if no model is configured.
    pub embedding_model: Option<String>,
    /// Why processing failed, if it did.
    pub error: Option<DocumentFailure>,
    pub id: Uuid,
    pub knowledge_base_id: Uuid,
    /// Parts of the document that its chunks do not contain, such as unreadable pages.
    pub left_out: Vec<LeftOut>,
    pub media_type: String,
    pub name: String,
    /// Number of pages, slides or sheets, if the format has them.
    pub pages: Option<i32>,
    /// Size in bytes.
    pub size: i64,
    pub status: DocumentStatus,
    pub updated_at: DateTime<Utc>,
    pub version: i64,
}

/// Why a document could not be processed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DocumentFailure {
    /// `unsupported_type`, `unreadable`, `encrypted`, `no_text`, `too_large`, `timeout`, `file_missing` or
    /// `internal`.
    pub code: String,
    pub detail: String,
}

/// A page of documents.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DocumentList {
    pub items: Vec<Document>,
    /// Continues the list; null on the last page.
    pub next_cursor: Option<String>,
}

impl List for DocumentList {
    type Item = Document;
    fn into_parts(self) -> (Vec<Self::Item>, Option<String>) {
        (self.items, self.next_cursor)
    }
}

string_enum! {
/// Whether a document can be searched.
pub enum DocumentStatus {
Queued = "queued",
Processing = "processing",
Ready = "ready",
Failed = "failed",
}
}

#[derive(Debug, Clone, Serialize)]
pub struct EditMessage {
    /// The attachments of the original message by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attachment_ids: Option<Vec<Uuid>>,
    pub content: String,
}

impl EditMessage {
    /// With the required fields only.
    pub fn new(content: impl Into<String>) -> Self {
        Self {
            attachment_ids: None,
            content: content.into(),
        }
    }
}

/// An event of the log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Event {
    pub aggregate_id: String,
    pub aggregate_type: String,
    pub event_id: Uuid,
    pub event_type: String,
    pub event_version: i64,
    /// SHA-256 of the chain up to this event, in hex.
    pub hash: String,
    pub metadata: Value,
    /// The fields of the event; personal text is encrypted, except in the feed.
    pub payload: Value,
    pub position: i64,
    pub recorded_at: DateTime<Utc>,
    /// The number of the event within its object.
    pub sequence: i64,
}

/// A page of events.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct EventList {
    pub items: Vec<Event>,
    /// Continues the list; null on the last page.
    pub next_cursor: Option<String>,
}

impl List for EventList {
    type Item = Event;
    fn into_parts(self) -> (Vec<Self::Item>, Option<String>) {
        (self.items, self.next_cursor)
    }
}

/// The result of posting a message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Exchange {
    /// The posted message; for a regenerated answer, the message of the new answer.
    pub message: Message,
    /// The run that writes the answer, if one was requested.
    pub response: Option<Response>,
}

string_enum! {
/// The format of an exported conversation.
pub enum ExportFormat {
Json = "json",
Markdown = "markdown",
Html = "html",
Pdf = "pdf",
}
}

/// How many of the best 500 hits have this value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FacetCount {
    pub count: i64,
    /// The name, if the value is an id.
    pub name: Option<String>,
    pub value: String,
}

/// Counts of the hits that the caller may see.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Facets {
    /// Counts of all kinds, whatever `kind` the search is limited to.
    pub kind: Vec<FacetCount>,
    pub knowledge_base_id: Vec<FacetCount>,
    pub role: Vec<FacetCount>,
}

string_enum! {
/// The rating of an answer.
pub enum FeedbackRating {
Up = "up",
Down = "down",
}
}

/// An uploaded file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct File {
    pub created_at: DateTime<Utc>,
    pub id: Uuid,
    /// The type, detected from the content, such as `application/pdf`.
    pub media_type: String,
    pub name: String,
    /// SHA-256 of the content, in hex.
    pub sha256: String,
    /// Size in bytes.
    pub size: i64,
    /// Why its text could not be read for an answer; null if it was read, or not needed yet. Always null in
    /// lists.
    pub unread_reason: Option<String>,
    pub version: i64,
}

/// A page of files.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FileList {
    pub items: Vec<File>,
    /// Continues the list; null on the last page.
    pub next_cursor: Option<String>,
}

impl List for FileList {
    type Item = File;
    fn into_parts(self) -> (Vec<Self::Item>, Option<String>) {
        (self.items, self.next_cursor)
    }
}

/// The first message of a new conversation.
#[derive(Debug, Clone, Serialize)]
pub struct FirstMessage {
    /// At most 20 files of the caller. If there are any, `content` may be empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attachment_ids: Option<Vec<Uuid>>,
    pub content: String,
}

impl FirstMessage {
    /// With the required fields only.
    pub fn new(content: impl Into<String>) -> Self {
        Self {
            attachment_ids: None,
            content: content.into(),
        }
    }
}

/// A piece of text, and whether it matches the search.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Fragment {
    pub matched: bool,
    pub text: String,
}

#[derive(Debug, Clone, Default, Serialize)]
pub struct GiveFeedback {
    /// Null removes the rating.
    #[serde(skip_serializing_if = "Field::is_omitted")]
    pub rating: Field<FeedbackRating>,
}

/// A group of users, with whom knowledge bases can be shared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Group {
    pub created_at: DateTime<Utc>,
    pub description: String,
    pub id: Uuid,
    /// Whether the caller is a member.
    pub member: bool,
    /// Number of members.
    pub members: i64,
    pub name: String,
    pub updated_at: DateTime<Utc>,
    pub version: i64,
}

/// A page of groups.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct GroupList {
    pub items: Vec<Group>,
    /// Continues the list; null on the last page.
    pub next_cursor: Option<String>,
}

impl List for GroupList {
    type Item = Group;
    fn into_parts(self) -> (Vec<Self::Item>, Option<String>) {
        (self.items, self.next_cursor)
    }
}

/// Work that may take longer than a request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Job {
    pub created_at: DateTime<Utc>,
    pub ended_at: Option<DateTime<Utc>>,
    pub error: Option<String>,
    pub id: Uuid,
    /// `verify_events`, `rebuild_projection`, `backup`, `import`, `erase_user`, `erase_knowledge_base`,
    /// `erase_conversation`, `empty_trash` or `repeat_erasures`.
    pub kind: String,
    pub progress: JobProgress,
    /// The result of a completed job.
    pub result: Option<Value>,
    pub started_at: Option<DateTime<Utc>>,
    pub status: JobStatus,
    /// The object that it works on, if its kind has one.
    pub subject: Option<String>,
}

/// A page of jobs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct JobList {
    pub items: Vec<Job>,
    /// Continues the list; null on the last page.
    pub next_cursor: Option<String>,
}

impl List for JobList {
    type Item = Job;
    fn into_parts(self) -> (Vec<Self::Item>, Option<String>) {
        (self.items, self.next_cursor)
    }
}

/// The progress of a job.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct JobProgress {
    pub done: i64,
    /// Null until the job knows it.
    pub total: Option<i64>,
    pub unit: String,
}

string_enum! {
/// How far a job is.
pub enum JobStatus {
Queued = "queued",
Running = "running",
Completed = "completed",
Failed = "failed",
Cancelled = "cancelled",
}
}

/// A named collection of documents that assistants answer from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct KnowledgeBase {
    /// Number of the caller's assistants that use it.
    pub assistants: i64,
    /// Number of tokens that a passage shares with the next one.
    pub chunk_overlap: i32,
    /// Maximum number of tokens in a passage.
    pub chunk_tokens: i32,
    pub created_at: DateTime<Utc>,
    pub description: String,
    /// Number of documents.
    pub documents: i64,
    /// The groups whose members may read it, if its visibility is `groups`.
    pub group_ids: Vec<Uuid>,
    pub id: Uuid,
    pub name: String,
    pub owner_id: Uuid,
    pub tags: Vec<String>,
    pub updated_at: DateTime<Utc>,
    pub version: i64,
    /// `private`, `groups` or `everyone`.
    pub visibility: KnowledgeVisibility,
}

/// A page of knowledge bases.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct KnowledgeBaseList {
    pub items: Vec<KnowledgeBase>,
    /// Continues the list; null on the last page.
    pub next_cursor: Option<String>,
}

impl List for KnowledgeBaseList {
    type Item = KnowledgeBase;
    fn into_parts(self) -> (Vec<Self::Item>, Option<String>) {
        (self.items, self.next_cursor)
    }
}

/// A passage that was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct KnowledgeHit {
    pub chunk: Chunk,
    pub document_id: Uuid,
    pub document_name: String,
    pub knowledge_base_id: Uuid,
    /// Higher is better; comparable only within one result.
    pub score: f64,
}

/// The result of a search in knowledge bases.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct KnowledgeHits {
    /// Whether the search also used the meaning of the question, not only its words.
    pub by_meaning: bool,
    /// The best passage comes first.
    pub items: Vec<KnowledgeHit>,
}

string_enum! {
/// Who may read a knowledge base besides its owner.
pub enum KnowledgeVisibility {
Private = "private",
Groups = "groups",
Everyone = "everyone",
}
}

string_enum! {
/// A language of the user interface.
pub enum Language {
Ar = "ar",
De = "de",
En = "en",
}
}

/// A part of a document that was not read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LeftOut {
    /// Number of occurrences, if they can be counted. In a long list, the last entry of a kind counts all
    /// the others.
    pub count: Option<u32>,
    /// `unreadable_page`, `incomplete_page`, `page_without_text`, `embedded_file`, `hidden_sheet`,
    /// `hidden_cells`, `unknown_characters`, `struck_text` or `hidden_text`.
    pub kind: String,
    /// The page, slide or sheet, from 1; null if it concerns the whole document.
    pub page: Option<u32>,
}

/// A model server on the machine of this server.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LocalServer {
    pub base_url: String,
    /// A suggested name for the provider.
    pub name: String,
}

/// A page of local servers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LocalServerList {
    pub items: Vec<LocalServer>,
    /// Continues the list; null on the last page.
    pub next_cursor: Option<String>,
}

impl List for LocalServerList {
    type Item = LocalServer;
    fn into_parts(self) -> (Vec<Self::Item>, Option<String>) {
        (self.items, self.next_cursor)
    }
}

#[derive(Clone, Serialize)]
pub struct Login {
    /// True sets the refresh token as an `HttpOnly` cookie instead of returning it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cookie: Option<bool>,
    pub email: String,
    pub password: String,
}

/// Hides secrets.
impl std::fmt::Debug for Login {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Login")
            .field("cookie", &self.cookie)
            .field("email", &self.email)
            .field("password", &format_args!("[hidden]"))
            .finish()
    }
}

impl Login {
    /// With the required fields only.
    pub fn new(email: impl Into<String>, password: impl Into<String>) -> Self {
        Self {
            cookie: None,
            email: email.into(),
            password: password.into(),
        }
    }
}

/// The load of the machine that this node runs on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MachineLoad {
    /// Load of all processors, 0 to 100.
    pub cpu_percent: f64,
    /// Memory in use.
    pub memory_bytes: u64,
    pub memory_total_bytes: u64,
    /// Memory used by this server.
    pub process_memory_bytes: u64,
}

/// A member of a group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Member {
    pub added_at: DateTime<Utc>,
    pub display_name: String,
    /// Shown to managers and administrators only.
    pub email: Option<String>,
    pub role: UserRole,
    pub user_id: Uuid,
}

/// A page of members.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MemberList {
    pub items: Vec<Member>,
    /// Continues the list; null on the last page.
    pub next_cursor: Option<String>,
}

impl List for MemberList {
    type Item = Member;
    fn into_parts(self) -> (Vec<Self::Item>, Option<String>) {
        (self.items, self.next_cursor)
    }
}

/// A message of a conversation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Message {
    /// The ids of the attached files.
    pub attachments: Vec<Uuid>,
    pub citations: Vec<MessageCitation>,
    /// The text of all text parts.
    pub content: String,
    pub conversation_id: Uuid,
    pub created_at: DateTime<Utc>,
    /// The rating of an answer.
    pub feedback: Option<FeedbackRating>,
    pub id: Uuid,
    /// Null for a root message.
    pub parent_id: Option<Uuid>,
    pub parts: Vec<MessagePart>,
    /// The run that wrote it, if it is an answer.
    pub response_id: Option<Uuid>,
    pub role: MessageRole,
    /// All messages with the same parent, including this one, the oldest first.
    pub sibling_ids: Vec<Uuid>,
    pub status: MessageStatus,
    /// The author, if a person wrote it.
    pub user_id: Option<Uuid>,
}

/// A source of an answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MessageCitation {
    /// The path on this server that opens the source.
    pub location: String,
    /// The number by which the text refers to it.
    pub number: u32,
    /// The passage, verbatim.
    pub quote: String,
    pub title: String,
}

/// A page of messages.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MessageList {
    pub items: Vec<Message>,
    /// Continues the list; null on the last page.
    pub next_cursor: Option<String>,
}

impl List for MessageList {
    type Item = Message;
    fn into_parts(self) -> (Vec<Self::Item>, Option<String>) {
        (self.items, self.next_cursor)
    }
}

/// A part of a message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MessagePart {
    /// How long the model reasoned, in milliseconds, if that was measured.
    pub duration_ms: Option<u64>,
    pub text: String,
    #[serde(rename = "type")]
    pub kind: MessagePartType,
}

string_enum! {
/// The type of a message part.
pub enum MessagePartType {
Text = "text",
Reasoning = "reasoning",
}
}

string_enum! {
/// Who wrote a message.
pub enum MessageRole {
User = "user",
Assistant = "assistant",
}
}

string_enum! {
/// Whether a message is complete.
pub enum MessageStatus {
Complete = "complete",
Running = "running",
Failed = "failed",
Interrupted = "interrupted",
Cancelled = "cancelled",
Erased = "erased",
}
}

/// A model that the caller may use.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Model {
    /// Whether it is built into the server and needs no network.
    pub built_in: bool,
    /// Whether it can answer, as far as that is known. Models for embedding, speech, images or moderation
    /// cannot.
    pub chat: bool,
    /// The context window in tokens, if it is known.
    pub context_window: Option<u32>,
    /// Whether it is the default model.
    pub default: bool,
    /// Whether it turns texts into vectors and cannot answer; null if that is unknown.
    pub embedding: Option<bool>,
    /// Whether it may be used. Only administrators see disabled models, if they request them.
    pub enabled: bool,
    /// `<provider>/<model>`.
    pub id: String,
    /// The maximum number of output tokens, if it is known.
    pub max_output_tokens: Option<u32>,
    pub name: String,
    pub provider: String,
    /// Whether it reasons before it answers; null if that is unknown.
    pub reasoning: Option<bool>,
    /// Whether it reads images, as its provider reports or as models of its name do; null if that is
    /// unknown.
    pub vision: Option<bool>,
}

/// A call of a model: the first one, or a fallback because the previous model did not start to answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ModelCall {
    /// In the currency of `models.prices`; null if the model has no price.
    pub cost: Option<f64>,
    /// Why the call failed, if it did.
    pub failure: Option<String>,
    /// Milliseconds until the first token; null if there was none.
    pub first_ms: Option<u64>,
    pub input_tokens: u64,
    /// Request fields that were left out because the provider does not accept them.
    pub left_out: Vec<String>,
    pub model: String,
    pub output_tokens: u64,
    /// Milliseconds until the end.
    pub took_ms: u64,
}

/// A page of models.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ModelList {
    pub items: Vec<Model>,
    /// Continues the list; null on the last page.
    pub next_cursor: Option<String>,
}

impl List for ModelList {
    type Item = Model;
    fn into_parts(self) -> (Vec<Self::Item>, Option<String>) {
        (self.items, self.next_cursor)
    }
}

#[derive(Debug, Clone, Serialize)]
pub struct MoveReadMarker {
    /// The last message that was read.
    pub message_id: Uuid,
}

impl MoveReadMarker {
    /// With the required fields only.
    pub fn new(message_id: Uuid) -> Self {
        Self { message_id }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Overview {
    /// Number of people who were active in the last five minutes.
    pub active_users: i64,
    /// Number of conversations, including those in the trash.
    pub conversations: i64,
    /// Null if the operating system does not provide it.
    pub machine: Option<MachineLoad>,
    pub messages: i64,
    pub response_time: ResponseTime,
    /// Number of answers that are queued or being written.
    pub running_responses: i64,
    /// Seconds since the server started.
    pub uptime_seconds: u64,
    /// Number of accounts, including suspended ones.
    pub users: i64,
}

/// An object whose events a read model could not apply.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ParkedScope {
    pub aggregate_id: String,
    pub error: String,
    /// The position of the first event that could not be applied.
    pub position: i64,
}

/// A page of parked scopes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ParkedScopeList {
    pub items: Vec<ParkedScope>,
    /// Continues the list; null on the last page.
    pub next_cursor: Option<String>,
}

impl List for ParkedScopeList {
    type Item = ParkedScope;
    fn into_parts(self) -> (Vec<Self::Item>, Option<String>) {
        (self.items, self.next_cursor)
    }
}

/// The result of resetting a password.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PasswordReset {
    /// The generated password, which cannot be read again; null if the request contained one.
    pub generated_password: Option<String>,
}

/// Hides secrets.
impl std::fmt::Debug for PasswordReset {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PasswordReset")
            .field("generated_password", &format_args!("[hidden]"))
            .finish()
    }
}

#[derive(Debug, Clone, Serialize)]
pub struct PostMessage {
    /// The assistant of the conversation by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assistant_id: Option<Uuid>,
    /// At most 20 files of the caller. If there are any, `content` may be empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attachment_ids: Option<Vec<Uuid>>,
    pub content: String,
    /// By default the model of the conversation, or else of the assistant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// The parent message; by default the newest message of the path, null for a new root.
    #[serde(skip_serializing_if = "Field::is_omitted")]
    pub parent_id: Field<Uuid>,
    /// Whether to request an answer; true by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub respond: Option<bool>,
}

impl PostMessage {
    /// With the required fields only.
    pub fn new(content: impl Into<String>) -> Self {
        Self {
            assistant_id: None,
            attachment_ids: None,
            content: content.into(),
            model: None,
            parent_id: Field::Omitted,
            respond: None,
        }
    }
}

/// The preferences of a user, on every device.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Preferences {
    /// The model of new conversations for which neither an assistant nor a model is chosen. Null for the
    /// model of the default assistant, and while the chosen model does not exist or is disabled.
    pub default_model: Option<String>,
    /// Models to show first, in this order. They need not exist any more.
    pub favorite_models: Vec<String>,
    /// Null for the language of the device.
    pub language: Option<Language>,
    /// Whether clients may show a notification when an answer is complete and the page is not visible.
    pub notify_answers: bool,
    /// Whether Enter sends a message; otherwise it starts a new line.
    pub send_on_enter: bool,
    pub theme: Theme,
    /// The version of the account, for If-Match.
    pub version: i64,
}

/// The body of every error response.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Problem {
    /// A stable error code.
    pub code: String,
    /// What failed, and what to do about it.
    pub detail: String,
    /// Errors of single fields.
    pub errors: Vec<ProblemField>,
    /// The requested path.
    pub instance: String,
    /// The id of this request, also in `X-Request-Id`.
    pub request_id: String,
    pub status: u16,
    /// The status in words.
    pub title: String,
    /// A URI that names the kind of problem.
    #[serde(rename = "type")]
    pub kind: String,
}

/// An error of one field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ProblemField {
    pub code: String,
    pub detail: String,
    /// A JSON pointer into the body, or the name of a parameter.
    pub pointer: String,
}

/// The state of a read model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Projection {
    /// Number of events that it has not processed yet.
    pub lag: i64,
    pub name: String,
    /// Number of objects whose events it could not apply.
    pub parked: i64,
    pub position: i64,
    pub version: i32,
}

/// A page of projections.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ProjectionList {
    pub items: Vec<Projection>,
    /// Continues the list; null on the last page.
    pub next_cursor: Option<String>,
}

impl List for ProjectionList {
    type Item = Projection;
    fn into_parts(self) -> (Vec<Self::Item>, Option<String>) {
        (self.items, self.next_cursor)
    }
}

/// The prompt of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Prompt {
    /// Whether earlier messages were left out because of the context window of the model.
    pub left_out: bool,
    pub max_output_tokens: Option<u32>,
    /// The messages in the order in which they were sent.
    pub messages: Vec<PromptMessage>,
    pub model: String,
    pub response_id: Uuid,
    pub temperature: Option<f64>,
}

/// One message of a prompt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PromptMessage {
    pub content: String,
    /// Null for instructions and knowledge.
    pub message_id: Option<Uuid>,
    /// `system`, `user` or `assistant`.
    pub role: String,
}

/// A model provider. Its API key is never returned.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Provider {
    pub base_url: String,
    pub checked_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    /// Models that an administrator has disabled, whether or not the provider lists them.
    pub disabled_models: Vec<String>,
    /// Why the check failed: `no_connection`, `name_not_found`, `private_address`, `unauthorized`,
    /// `not_understood` or `timeout`. A healthy provider has `not_understood` if it lists no models and an
    /// administrator has added some.
    pub fault: Option<String>,
    pub has_api_key: bool,
    pub health: ProviderHealth,
    pub id: Uuid,
    pub kind: ProviderKind,
    /// Models that an administrator has added, whether or not the provider lists them.
    pub models: Vec<String>,
    /// The name, which is the first part of the ids of its models.
    pub name: String,
    pub updated_at: DateTime<Utc>,
    pub version: i64,
}

string_enum! {
/// The result of the last check of a provider.
pub enum ProviderHealth {
Ok = "ok",
Unreachable = "unreachable",
Unknown = "unknown",
}
}

string_enum! {
/// The API type of a provider.
pub enum ProviderKind {
OpenaiCompatible = "openai_compatible",
Anthropic = "anthropic",
Gemini = "gemini",
}
}

/// A page of providers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ProviderList {
    pub items: Vec<Provider>,
    /// Continues the list; null on the last page.
    pub next_cursor: Option<String>,
}

impl List for ProviderList {
    type Item = Provider;
    fn into_parts(self) -> (Vec<Self::Item>, Option<String>) {
        (self.items, self.next_cursor)
    }
}

#[derive(Clone, Default, Serialize)]
pub struct Refresh {
    /// By default, the token in the cookie is used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
}

/// Hides secrets.
impl std::fmt::Debug for Refresh {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Refresh")
            .field("refresh_token", &format_args!("[hidden]"))
            .finish()
    }
}

#[derive(Debug, Clone, Default, Serialize)]
pub struct RegenerateAnswer {
    /// The assistant of the conversation by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assistant_id: Option<Uuid>,
    /// By default the model of the conversation, or else of the assistant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
}

#[derive(Clone, Serialize)]
pub struct Register {
    /// True sets the refresh token as an `HttpOnly` cookie instead of returning it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cookie: Option<bool>,
    pub display_name: String,
    pub email: String,
    /// At least 8 characters, at most 1024 bytes.
    pub password: String,
}

/// Hides secrets.
impl std::fmt::Debug for Register {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Register")
            .field("cookie", &self.cookie)
            .field("display_name", &self.display_name)
            .field("email", &self.email)
            .field("password", &format_args!("[hidden]"))
            .finish()
    }
}

impl Register {
    /// With the required fields only.
    pub fn new(
        email: impl Into<String>,
        password: impl Into<String>,
        display_name: impl Into<String>,
    ) -> Self {
        Self {
            cookie: None,
            display_name: display_name.into(),
            email: email.into(),
            password: password.into(),
        }
    }
}

#[derive(Clone, Default, Serialize)]
pub struct ResetPassword {
    /// At least 8 characters, at most 1024 bytes; generated by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new_password: Option<String>,
}

/// Hides secrets.
impl std::fmt::Debug for ResetPassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ResetPassword")
            .field("new_password", &format_args!("[hidden]"))
            .finish()
    }
}

/// One run of an assistant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Response {
    pub assistant_id: Uuid,
    pub assistant_version: i32,
    /// The calls of models, once the run has ended; the last one gave the answer.
    pub calls: Vec<ModelCall>,
    pub conversation_id: Uuid,
    /// The cost of all calls, in the currency of `models.prices`; null if none of the models has a price.
    pub cost: Option<f64>,
    pub ended_at: Option<DateTime<Utc>>,
    pub error: Option<ResponseFailure>,
    /// `stop`, `length`, `tool_calls` or `content_filter`.
    pub finish_reason: Option<String>,
    pub id: Uuid,
    /// The message of the answer, which exists from the start.
    pub message_id: Uuid,
    /// The model that answers: the requested one, or a fallback.
    pub model: String,
    pub prompt_message_id: Uuid,
    pub started_at: Option<DateTime<Utc>>,
    pub status: ResponseStatus,
    pub usage: Option<ResponseUsage>,
}

/// Why a run failed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ResponseFailure {
    pub code: String,
    pub detail: String,
}

string_enum! {
/// How far a run is.
pub enum ResponseStatus {
Queued = "queued",
Running = "running",
Completed = "completed",
Failed = "failed",
Interrupted = "interrupted",
Cancelled = "cancelled",
}
}

/// Time until the response began, over the requests of the last five minutes; null if there were none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ResponseTime {
    pub median_ms: Option<f64>,
    pub p95_ms: Option<f64>,
    /// The number of requests that were measured, at most the last 2,048.
    pub requests: u64,
}

/// Token usage of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ResponseUsage {
    pub input_tokens: i64,
    pub output_tokens: i64,
}

/// A search hit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SearchHit {
    /// For conversations and messages.
    pub conversation_id: Option<Uuid>,
    pub created_at: DateTime<Utc>,
    /// For documents and passages.
    pub document_id: Option<Uuid>,
    /// The text around the first match.
    pub fragments: Vec<Fragment>,
    /// The id of the object of this kind.
    pub id: Uuid,
    pub kind: SearchKind,
    pub knowledge_base_id: Option<Uuid>,
    /// The author of the message: `user` or `assistant`.
    pub role: Option<String>,
    /// The title of the conversation, or the name of the document or assistant.
    pub title: Option<String>,
}

string_enum! {
/// The kind of a hit.
pub enum SearchKind {
Message = "message",
Conversation = "conversation",
Assistant = "assistant",
Document = "document",
Passage = "passage",
}
}

#[derive(Debug, Clone, Serialize)]
pub struct SearchKnowledge {
    /// All knowledge bases that the caller may read by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub knowledge_base_ids: Option<Vec<Uuid>>,
    /// 1 to 50; 10 by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// A question or words, 1 to 2,000 characters.
    pub query: String,
}

impl SearchKnowledge {
    /// With the required fields only.
    pub fn new(query: impl Into<String>) -> Self {
        Self {
            knowledge_base_ids: None,
            limit: None,
            query: query.into(),
        }
    }
}

string_enum! {
/// How to search.
pub enum SearchMode {
Words = "words",
Hybrid = "hybrid",
}
}

/// A page of search hits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SearchPage {
    /// Whether the search also used the meaning, not only the words.
    pub by_meaning: bool,
    /// Present if they were requested.
    pub facets: Option<Facets>,
    /// The best hit comes first.
    pub items: Vec<SearchHit>,
    /// Continues the list; null on the last page.
    pub next_cursor: Option<String>,
}

impl List for SearchPage {
    type Item = SearchHit;
    fn into_parts(self) -> (Vec<Self::Item>, Option<String>) {
        (self.items, self.next_cursor)
    }
}

string_enum! {
/// The author of a message.
pub enum SearchRole {
User = "user",
Assistant = "assistant",
}
}

/// A session of the caller.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Session {
    pub created_at: DateTime<Utc>,
    /// Whether this request belongs to the session.
    pub current: bool,
    pub id: Uuid,
    pub used_at: DateTime<Utc>,
    pub user_agent: Option<String>,
}

/// A page of sessions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SessionList {
    pub items: Vec<Session>,
    /// Continues the list; null on the last page.
    pub next_cursor: Option<String>,
}

impl List for SessionList {
    type Item = Session;
    fn into_parts(self) -> (Vec<Self::Item>, Option<String>) {
        (self.items, self.next_cursor)
    }
}

/// The settings of the installation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Settings {
    /// The default model.
    pub default_model: String,
    pub default_model_source: DefaultModelSource,
    pub version: i64,
}

#[derive(Clone, Serialize)]
pub struct Setup {
    /// True sets the refresh token as an `HttpOnly` cookie instead of returning it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cookie: Option<bool>,
    pub display_name: String,
    pub email: String,
    /// At least 8 characters, at most 1024 bytes.
    pub password: String,
    /// The token in the link that the server prints at its start.
    pub token: String,
}

/// Hides secrets.
impl std::fmt::Debug for Setup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Setup")
            .field("cookie", &self.cookie)
            .field("display_name", &self.display_name)
            .field("email", &self.email)
            .field("password", &format_args!("[hidden]"))
            .field("token", &format_args!("[hidden]"))
            .finish()
    }
}

impl Setup {
    /// With the required fields only.
    pub fn new(
        token: impl Into<String>,
        email: impl Into<String>,
        password: impl Into<String>,
        display_name: impl Into<String>,
    ) -> Self {
        Self {
            cookie: None,
            display_name: display_name.into(),
            email: email.into(),
            password: password.into(),
            token: token.into(),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SetupState {
    /// Whether there is no administrator yet.
    pub needed: bool,
    /// Whether people can create an account themselves; not before the setup is complete.
    pub registration_open: bool,
}

#[derive(Debug, Clone, Serialize)]
pub struct StartImport {
    /// A file that the caller has uploaded: a conversation exported as JSON, an archive from
    /// `exports/archive`, or the ZIP file or `conversations.json` of a `ChatGPT` export.
    pub file_id: Uuid,
}

impl StartImport {
    /// With the required fields only.
    pub fn new(file_id: Uuid) -> Self {
        Self { file_id }
    }
}

/// A new conversation, with its first message if the request contained one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct StartedConversation {
    pub archived: bool,
    pub assistant_id: Uuid,
    pub created_at: DateTime<Utc>,
    /// Whether lists, search and counts leave it out.
    pub hidden: bool,
    pub id: Uuid,
    /// The product that it was imported from: `convosphere` or `chatgpt`. Null if it was started here.
    pub imported_from: Option<String>,
    /// The last message that the caller has read, in the order in which messages were posted.
    pub last_read_message_id: Option<Uuid>,
    /// The newest message of the current path.
    pub leaf_id: Option<Uuid>,
    /// The first message, if the request contained one.
    pub message: Option<Message>,
    pub message_count: i64,
    /// Null for the model of the assistant.
    pub model: Option<String>,
    pub pinned: bool,
    /// The run that answers the first message.
    pub response: Option<Response>,
    /// Null until the user names it or the first question does.
    pub title: Option<String>,
    pub trashed: bool,
    pub updated_at: DateTime<Utc>,
    pub version: i64,
}

string_enum! {
/// The colour theme.
pub enum Theme {
System = "system",
Light = "light",
Dark = "dark",
}
}

/// The tokens of a session.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TokenPair {
    pub access_token: String,
    /// Seconds until the access token expires.
    pub expires_in: u64,
    /// Null if it was set as a cookie.
    pub refresh_token: Option<String>,
    pub token_type: String,
    pub user: User,
}

/// Hides secrets.
impl std::fmt::Debug for TokenPair {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TokenPair")
            .field("access_token", &format_args!("[hidden]"))
            .field("expires_in", &self.expires_in)
            .field("refresh_token", &format_args!("[hidden]"))
            .field("token_type", &self.token_type)
            .field("user", &self.user)
            .finish()
    }
}

#[derive(Debug, Clone, Default, Serialize)]
pub struct UpdateAssistant {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instructions: Option<String>,
    /// Replaces the current list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub knowledge_base_ids: Option<Vec<Uuid>>,
    /// Null resets it to the default of the model at its provider.
    #[serde(skip_serializing_if = "Field::is_omitted")]
    pub max_output_tokens: Field<u32>,
    /// Null resets it to the default model of the installation.
    #[serde(skip_serializing_if = "Field::is_omitted")]
    pub model: Field<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<AssistantStatus>,
    /// 0 to 2; null resets it to the default of the model at its provider.
    #[serde(skip_serializing_if = "Field::is_omitted")]
    pub temperature: Field<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visibility: Option<AssistantVisibility>,
}

#[derive(Debug, Clone, Default, Serialize)]
pub struct UpdateConversation {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub archived: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assistant_id: Option<Uuid>,
    /// Null resets it to the model of the assistant.
    #[serde(skip_serializing_if = "Field::is_omitted")]
    pub model: Field<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pinned: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

#[derive(Debug, Clone, Default, Serialize)]
pub struct UpdateGroup {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

#[derive(Debug, Clone, Default, Serialize)]
pub struct UpdateKnowledgeBase {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chunk_overlap: Option<u32>,
    /// Applies to documents that are processed after the change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chunk_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// For `groups`: 1 to 100 groups that the caller can see.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group_ids: Option<Vec<Uuid>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<String>>,
    /// Unchanged if neither this nor `group_ids` is sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visibility: Option<KnowledgeVisibility>,
}

#[derive(Debug, Clone, Serialize)]
pub struct UpdateMe {
    pub display_name: String,
}

impl UpdateMe {
    /// With the required fields only.
    pub fn new(display_name: impl Into<String>) -> Self {
        Self {
            display_name: display_name.into(),
        }
    }
}

#[derive(Debug, Clone, Default, Serialize)]
pub struct UpdatePreferences {
    /// Null resets it to the model of the default assistant.
    #[serde(skip_serializing_if = "Field::is_omitted")]
    pub default_model: Field<String>,
    /// Replaces the favourite models, at most 100.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub favorite_models: Option<Vec<String>>,
    /// Null resets it to the language of the device.
    #[serde(skip_serializing_if = "Field::is_omitted")]
    pub language: Field<Language>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notify_answers: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub send_on_enter: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub theme: Option<Theme>,
}

#[derive(Clone, Default, Serialize)]
pub struct UpdateProvider {
    /// Required if `base_url` changes; null removes the key.
    #[serde(skip_serializing_if = "Field::is_omitted")]
    pub api_key: Field<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_url: Option<String>,
    /// Replaces the models that were disabled before, at most 1000, by their names at the provider. Nobody
    /// can choose or use a disabled model. Does not require `api_key`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disabled_models: Option<Vec<String>>,
    /// Replaces the models that were added before; does not require `api_key`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub models: Option<Vec<String>>,
}

/// Hides secrets.
impl std::fmt::Debug for UpdateProvider {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UpdateProvider")
            .field("api_key", &format_args!("[hidden]"))
            .field("base_url", &self.base_url)
            .field("disabled_models", &self.disabled_models)
            .field("models", &self.models)
            .finish()
    }
}

/// Fields that are not sent stay unchanged.
#[derive(Debug, Clone, Default, Serialize)]
pub struct UpdateSettings {
    /// The default model; null chooses one automatically.
    #[serde(skip_serializing_if = "Field::is_omitted")]
    pub default_model: Field<String>,
}

#[derive(Debug, Clone, Default, Serialize)]
pub struct UpdateUser {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// The user signs in with the new address from then on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<UserRole>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suspended: Option<bool>,
}

/// Usage on one day, or of one model, assistant or user.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Usage {
    pub cancelled: i64,
    pub completed: i64,
    /// In the currency of `models.prices`; null if none of the models has a price.
    pub cost: Option<f64>,
    pub failed: i64,
    pub input_tokens: i64,
    pub interrupted: i64,
    /// The day as YYYY-MM-DD, or the id of the model, assistant or user.
    pub key: String,
    /// Time from the question to the end of a completed answer; null if there is none.
    pub median_seconds: Option<f64>,
    /// The name of the assistant or user; null if it was deleted, and for days and models.
    pub name: Option<String>,
    pub output_tokens: i64,
    pub p95_seconds: Option<f64>,
    /// Number of answers with a negative rating.
    pub rated_down: i64,
    /// Number of answers with a positive rating.
    pub rated_up: i64,
    /// Number of answers that were requested.
    pub responses: i64,
}

string_enum! {
/// What usage is grouped by.
pub enum UsageBy {
Day = "day",
Model = "model",
Assistant = "assistant",
User = "user",
}
}

/// Usage over a range of days.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct UsageList {
    /// The first day.
    pub from: NaiveDate,
    /// Days in order; models, assistants and users by usage, the most used first.
    pub items: Vec<Usage>,
    /// The last day.
    pub until: NaiveDate,
}

/// A person who uses the installation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct User {
    pub created_at: DateTime<Utc>,
    pub display_name: String,
    /// Null for the local user before setup.
    pub email: Option<String>,
    pub id: Uuid,
    /// When the user last used the server, to the minute; null if that was never, or more than a month ago.
    pub last_active_at: Option<DateTime<Utc>>,
    pub role: UserRole,
    pub suspended: bool,
    pub version: i64,
}

/// A page of users.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct UserList {
    pub items: Vec<User>,
    /// Continues the list; null on the last page.
    pub next_cursor: Option<String>,
}

impl List for UserList {
    type Item = User;
    fn into_parts(self) -> (Vec<Self::Item>, Option<String>) {
        (self.items, self.next_cursor)
    }
}

string_enum! {
/// The role of a user.
pub enum UserRole {
Guest = "guest",
User = "user",
Manager = "manager",
Admin = "admin",
}
}

string_enum! {
/// The order of a list of users.
pub enum UserSort {
CreatedAt = "created_at",
Name = "name",
LastActiveAt = "last_active_at",
}
}

/// The parameters of [`Client::get_assistant_usage`](crate::Client).
#[derive(Debug, Clone, Default, Serialize)]
pub struct GetAssistantUsageQuery {
    /// The first day in UTC; 29 days before `until` by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    /// The last day in UTC, at most 730 days after `from`; today by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
}

/// The parameters of [`Client::get_model_usage`](crate::Client).
#[derive(Debug, Clone, Default, Serialize)]
pub struct GetModelUsageQuery {
    /// The first day in UTC; 29 days before `until` by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    /// The last day in UTC, at most 730 days after `from`; today by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
}

/// The parameters of [`Client::get_usage`](crate::Client).
#[derive(Debug, Clone, Default, Serialize)]
pub struct GetUsageQuery {
    /// What the counts are grouped by; `day` by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<UsageBy>,
    /// The first day in UTC; 29 days before `until` by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    /// The last day in UTC, at most 730 days after `from`; today by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
}

/// The parameters of [`Client::list_conversations`](crate::Client).
#[derive(Debug, Clone, Default, Serialize)]
pub struct ListConversationsQuery {
    /// Only conversations whose title contains this text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub q: Option<String>,
    /// True lists archived conversations instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub archived: Option<bool>,
    /// True lists the conversations in the trash instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trashed: Option<bool>,
    /// Only conversations that are pinned (true) or not (false).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pinned: Option<bool>,
}

/// The parameters of [`Client::export_conversation`](crate::Client).
#[derive(Debug, Clone, Default, Serialize)]
pub struct ExportConversationQuery {
    /// The format of the file; `json` by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<ExportFormat>,
}

/// The parameters of [`Client::list_messages`](crate::Client).
#[derive(Debug, Clone, Default, Serialize)]
pub struct ListMessagesQuery {
    /// The message at which the path ends; the newest one by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leaf: Option<Uuid>,
    /// Instead of `leaf`: a message on the path, which ends at the newest message below it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub through: Option<Uuid>,
}

/// The parameters of [`Client::list_chunks`](crate::Client).
#[derive(Debug, Clone, Default, Serialize)]
pub struct ListChunksQuery {
    /// Starts the page a little before this passage.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub around: Option<Uuid>,
}

/// The parameters of [`Client::list_events`](crate::Client).
#[derive(Debug, Clone, Default, Serialize)]
pub struct ListEventsQuery {
    /// Only events after this position.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<i64>,
    /// Only events of this object.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aggregate_id: Option<Uuid>,
    /// Only events of this type, such as `message_posted`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_type: Option<String>,
}

/// The parameters of [`Client::export_everything`](crate::Client).
#[derive(Debug, Clone, Default, Serialize)]
pub struct ExportEverythingQuery {
    /// Whether the archive contains the bytes of files; true by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub files: Option<bool>,
}

/// The parameters of [`Client::get_feed`](crate::Client).
#[derive(Debug, Clone, Default, Serialize)]
pub struct GetFeedQuery {
    /// An event id or a position; only later events are returned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// The parameters of [`Client::list_knowledge_bases`](crate::Client).
#[derive(Debug, Clone, Default, Serialize)]
pub struct ListKnowledgeBasesQuery {
    /// Only knowledge bases with this tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
}

/// The parameters of [`Client::list_documents`](crate::Client).
#[derive(Debug, Clone, Default, Serialize)]
pub struct ListDocumentsQuery {
    /// Only documents with this status: `queued`, `processing`, `ready` or `failed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
}

/// The parameters of [`Client::list_models`](crate::Client).
#[derive(Debug, Clone, Default, Serialize)]
pub struct ListModelsQuery {
    /// True includes disabled models. Requires the admin role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub include_disabled: Option<bool>,
}

/// The parameters of [`Client::search`](crate::Client).
#[derive(Debug, Clone, Serialize)]
pub struct SearchQuery {
    /// The words to search for, or their beginnings; 1 to 500 characters.
    pub q: String,
    /// Only hits of this kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<SearchKind>,
    /// Only in this conversation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conversation_id: Option<Uuid>,
    /// Only in this knowledge base.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub knowledge_base_id: Option<Uuid>,
    /// Only messages that the caller wrote, or that assistants wrote.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<SearchRole>,
    /// Only what was created at this time or later, to the second.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<DateTime<Utc>>,
    /// Only what was created before this time, to the second.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<DateTime<Utc>>,
    /// How to search; `words` by default. `hybrid` also finds passages by meaning, unless `role`, `since`
    /// or `until` is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<SearchMode>,
    /// Whether to count hits by kind, role and knowledge base.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub facets: Option<bool>,
}

impl SearchQuery {
    /// With the required fields only.
    pub fn new(q: impl Into<String>) -> Self {
        Self {
            q: q.into(),
            kind: None,
            conversation_id: None,
            knowledge_base_id: None,
            role: None,
            since: None,
            until: None,
            mode: None,
            facets: None,
        }
    }
}

/// The parameters of [`Client::list_users`](crate::Client).
#[derive(Debug, Clone, Default, Serialize)]
pub struct ListUsersQuery {
    /// Only users whose name or address contains this text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub q: Option<String>,
    /// The order; that of registration by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sort: Option<UserSort>,
}

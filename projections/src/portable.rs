//! The form in which a conversation leaves an installation and comes into another, and the digest that tells that both
//! say the same.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::response::{Answer, Usage};
use eventstore::chain::hex;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// What the file of a conversation says it is.
pub const CONVERSATION_FORMAT: &str = "convosphere.conversation";
/// What the manifest of an archive says it is.
pub const ARCHIVE_FORMAT: &str = "convosphere.archive";
/// Of both forms.
pub const FORMAT_VERSION: u32 = 1;
/// The manifest's name within an archive.
pub const MANIFEST_FILE: &str = "manifest.json";
/// Where an archive has its conversations and its files, each under its id.
pub const CONVERSATIONS_FOLDER: &str = "conversations/";
pub const FILES_FOLDER: &str = "files/";

/// A conversation without its messages.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PortableConversation {
    pub id: Uuid,
    pub title: Option<String>,
    pub assistant_id: Option<Uuid>,
    pub model: Option<String>,
    #[serde(default)]
    pub pinned: bool,
    #[serde(default)]
    pub archived: bool,
    #[serde(default)]
    pub trashed: bool,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PortableMessage {
    pub id: Uuid,
    pub parent_id: Option<Uuid>,
    /// user or assistant.
    pub role: String,
    /// The plain text.
    pub content: String,
    /// Parts and citations of an answer.
    #[serde(flatten)]
    pub answer: Option<Answer>,
    pub status: String,
    /// Why the model stopped, for people: it is no part of the digest, and nothing of it is imported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finish_reason: Option<String>,
    #[serde(default)]
    pub attachments: Vec<PortableAttachment>,
    pub model: Option<String>,
    pub usage: Option<Usage>,
    pub feedback: Option<String>,
    pub created_at: DateTime<Utc>,
}

/// A file that a message carries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortableAttachment {
    pub id: Uuid,
    pub name: String,
    /// In hex.
    pub sha256: String,
}

/// A file of an archive, beside its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortableFile {
    pub id: Uuid,
    pub name: String,
    pub media_type: String,
    pub size: u64,
    /// In hex.
    pub sha256: String,
    pub created_at: DateTime<Utc>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PortableAssistant {
    pub id: Uuid,
    pub name: String,
    pub description: String,
    pub instructions: String,
    pub model: Option<String>,
    pub temperature: Option<f64>,
    pub max_output_tokens: Option<u32>,
    /// draft or active.
    pub status: String,
    pub knowledge_base_ids: Vec<Uuid>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PortableKnowledgeBase {
    pub id: Uuid,
    pub name: String,
    pub description: String,
    pub tags: Vec<String>,
    pub chunk_tokens: u32,
    pub chunk_overlap: u32,
    pub documents: Vec<PortableDocument>,
}

/// A document: it is read anew from its file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PortableDocument {
    pub id: Uuid,
    pub name: String,
    pub file_id: Uuid,
}

/// What an archive says of itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ArchiveManifest {
    pub format: String,
    pub version: u32,
    pub exported_at: DateTime<Utc>,
    /// Whose archive it is, for people: nothing of it is imported.
    pub owner: Value,
    pub conversations: u64,
    pub assistants: Vec<PortableAssistant>,
    pub knowledge_bases: Vec<PortableKnowledgeBase>,
    pub files: Vec<PortableFile>,
    /// Over what is said in the conversations, whatever their ids.
    pub digest: String,
}

/// What a conversation says, in one number: its ids, its model and its assistant belong to an installation and stay out.
#[derive(Default)]
pub struct ConversationDigest {
    hash: Sha256,
    numbers: HashMap<Uuid, usize>,
}

impl ConversationDigest {
    pub fn new(conversation: &PortableConversation) -> Self {
        let mut digest = Self::default();
        digest.line(&json!([
            conversation.title,
            conversation.pinned,
            conversation.archived,
            conversation.trashed,
            conversation.created_at.timestamp_micros(),
            conversation.updated_at.timestamp_micros(),
        ]));
        digest
    }

    pub fn add(&mut self, message: &PortableMessage) {
        let parent = message.parent_id.and_then(|id| self.numbers.get(&id));
        let files: Vec<_> = message
            .attachments
            .iter()
            .map(|file| [&file.name, &file.sha256])
            .collect();
        let line = json!([
            parent,
            message.role,
            message.content,
            message.answer,
            message.status,
            files,
            message.model,
            message.usage,
            message.feedback,
            message.created_at.timestamp_micros(),
        ]);
        let number = self.numbers.len();
        self.numbers.insert(message.id, number);
        self.line(&line);
    }

    /// In hex.
    pub fn finish(self) -> String {
        hex(&self.hash.finalize())
    }

    fn line(&mut self, line: &Value) {
        self.hash.update(line.to_string());
        self.hash.update(b"\n");
    }
}

/// The digest of an archive: of the digests of its conversations, in whatever order they come.
pub fn archive_digest(mut conversations: Vec<String>) -> String {
    conversations.sort();
    hex(&Sha256::digest(conversations.join("\n")))
}

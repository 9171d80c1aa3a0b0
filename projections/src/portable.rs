//! The format in which conversations are exported from one installation and imported into another, and the digest that
//! proves that both have the same content.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::response::{Answer, Usage};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The format name in the file of a conversation.
pub const CONVERSATION_FORMAT: &str = "convosphere.conversation";
/// The format name in the manifest of an archive.
pub const ARCHIVE_FORMAT: &str = "convosphere.archive";
/// The version of both formats.
pub const FORMAT_VERSION: u32 = 1;
/// The name of the manifest in an archive.
pub const MANIFEST_FILE: &str = "manifest.json";
/// The folder of conversations in an archive, each named by its id.
pub const CONVERSATIONS_FOLDER: &str = "conversations/";
/// The folder of files in an archive, each named by its id.
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
    /// Why the model stopped. Only for information: neither part of the digest nor imported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finish_reason: Option<String>,
    #[serde(default)]
    pub attachments: Vec<PortableAttachment>,
    pub model: Option<String>,
    pub usage: Option<Usage>,
    pub feedback: Option<String>,
    pub created_at: DateTime<Utc>,
}

/// A file attached to a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortableAttachment {
    pub id: Uuid,
    pub name: String,
    /// In hex.
    pub sha256: String,
}

/// The description of a file in an archive.
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

/// A document: the import extracts it again from its file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PortableDocument {
    pub id: Uuid,
    pub name: String,
    pub file_id: Uuid,
}

/// The description of an archive.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ArchiveManifest {
    pub format: String,
    pub version: u32,
    pub exported_at: DateTime<Utc>,
    /// Whose archive it is. Only for information: not imported.
    pub owner: Value,
    pub conversations: u64,
    pub assistants: Vec<PortableAssistant>,
    pub knowledge_bases: Vec<PortableKnowledgeBase>,
    pub files: Vec<PortableFile>,
    /// The digest over the contents of the conversations, without their ids.
    pub digest: String,
}

/// A digest of the content of a conversation. Ids, the model and the assistant belong to an installation and are left
/// out.
#[derive(Default)]
pub struct ConversationDigest {
    hash: Sha256,
    numbers: HashMap<Uuid, usize>,
}

impl ConversationDigest {
    pub fn new(conversation: &PortableConversation) -> Self {
        let mut digest = Self::default();
        digest.add_line(&json!([
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
        self.add_line(&line);
    }

    /// In hex.
    pub fn finish(self) -> String {
        hex::encode(self.hash.finalize())
    }

    fn add_line(&mut self, line: &Value) {
        self.hash.update(line.to_string());
        self.hash.update(b"\n");
    }
}

/// The digest of an archive: over the digests of its conversations, in any order.
pub fn archive_digest(mut conversations: Vec<String>) -> String {
    conversations.sort();
    hex::encode(Sha256::digest(conversations.join("\n")))
}

//! The protocol between the server and the process that reads an import: frames with a kind and a length, responses
//! with a length. The process requests ranges of the file, so it only needs its two pipes.

use std::io::{self, Read, Write};

use chrono::{DateTime, Utc};
use domain::conversation::{ImportSource, ImportedRole, Rating};
use domain::response::{Answer, Usage};
use projections::portable::{PortableAssistant, PortableKnowledgeBase};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

/// The maximum bytes of a frame: the longest accepted message is smaller.
pub(super) const FRAME_LIMIT: u32 = 32 * 1024 * 1024;
const MESSAGE: u8 = b'j';
const CHUNK: u8 = b'b';

/// A message or request of the reading process.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ReaderMessage {
    /// Requests the size of the file: eight bytes, little-endian.
    Size,
    /// Requests a range of the file.
    Read {
        position: u64,
        length: u32,
    },
    /// Asks whether the owner has a file with this digest: one byte.
    HasFile {
        sha256: String,
    },
    /// A file starts. Its chunks follow; the response to each is one byte, whether to continue.
    File {
        name: String,
        media_type: String,
    },
    /// Requests the digest of the stored file; empty if it was not stored.
    FileEnd,
    /// The current file cannot be read to its end.
    AbortFile,
    /// A file that is referenced but not available.
    MissingFile {
        name: String,
    },
    /// Later messages depend on earlier ones, so the views must catch up.
    WaitForViews,
    KnowledgeBase {
        base: PortableKnowledgeBase,
        /// The digests of its documents' files, as far as they are known.
        digests: Vec<Option<String>>,
    },
    Assistant(PortableAssistant),
    Conversation(SourceConversation),
    /// Messages of the current conversation.
    Messages(Vec<SourceMessage>),
    EndConversation,
    /// Something that cannot be imported; the rest continues.
    Rejected {
        what: String,
        reason: String,
    },
    /// Messages and parts that are not imported.
    Skipped {
        count: u64,
    },
    Digest(Value),
    /// Everything was read.
    Done,
    /// Reading ended early, for a reason that the owner can read.
    Unreadable(String),
}

/// A conversation as its source describes it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct SourceConversation {
    /// Identifies it within its source.
    pub key: Uuid,
    pub source: ImportSource,
    pub title: Option<String>,
    pub assistant_id: Option<Uuid>,
    pub model: Option<String>,
    pub pinned: bool,
    pub archived: bool,
    pub trashed: bool,
    /// Missing times are the time of the import.
    pub started_at: Option<DateTime<Utc>>,
    pub changed_at: Option<DateTime<Utc>>,
}

/// Comes after its parent.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct SourceMessage {
    pub key: Uuid,
    pub parent: Option<Uuid>,
    pub role: ImportedRole,
    pub content: Answer,
    /// Digests of files.
    pub attachments: Vec<String>,
    pub model: Option<String>,
    pub usage: Option<Usage>,
    pub rating: Option<Rating>,
    pub written_at: Option<DateTime<Utc>>,
}

pub(super) enum Frame {
    Message(ReaderMessage),
    Chunk(Vec<u8>),
}

impl Frame {
    /// Parses a frame.
    pub(super) fn parse(kind: u8, bytes: Vec<u8>) -> io::Result<Self> {
        match kind {
            MESSAGE => Ok(Self::Message(serde_json::from_slice(&bytes)?)),
            CHUNK => Ok(Self::Chunk(bytes)),
            kind => Err(io::Error::other(format!("unknown kind of frame: {kind}"))),
        }
    }
}

pub(super) fn send_message(output: &mut impl Write, message: &ReaderMessage) -> io::Result<()> {
    write_frame(output, MESSAGE, &serde_json::to_vec(message)?)
}

pub(super) fn send_chunk(output: &mut impl Write, chunk: &[u8]) -> io::Result<()> {
    write_frame(output, CHUNK, chunk)
}

fn write_frame(output: &mut impl Write, kind: u8, bytes: &[u8]) -> io::Result<()> {
    let length = u32::try_from(bytes.len()).ok();
    let length = length.filter(|length| *length <= FRAME_LIMIT);
    let length = length.ok_or_else(|| io::Error::other("a frame is too long"))?;
    output.write_all(&[kind])?;
    output.write_all(&length.to_le_bytes())?;
    output.write_all(bytes)
}

/// Reads the response to a request.
pub(super) fn read_response(input: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut length = [0; 4];
    input.read_exact(&mut length)?;
    let length = u32::from_le_bytes(length).min(FRAME_LIMIT);
    let mut response = vec![0; usize::try_from(length).map_err(io::Error::other)?];
    input.read_exact(&mut response)?;
    Ok(response)
}

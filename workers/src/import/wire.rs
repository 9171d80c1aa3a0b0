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
pub(super) const FRAME: u32 = 32 * 1024 * 1024;
const TOLD: u8 = b'j';
const PIECE: u8 = b'b';

/// A message or request of the reading process.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Told {
    /// Requests the size of the file: eight bytes, little-endian.
    Size,
    /// Requests a range of the file.
    Read {
        at: u64,
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
    GiveUpFile,
    /// A file that is referenced but not available.
    Missing {
        name: String,
    },
    /// Later messages depend on earlier ones, so the views must catch up.
    Settle,
    KnowledgeBase {
        base: PortableKnowledgeBase,
        /// The digests of its documents' files, as far as they are known.
        digests: Vec<Option<String>>,
    },
    Assistant(PortableAssistant),
    Conversation(Heard),
    /// Messages of the current conversation.
    Messages(Vec<HeardMessage>),
    EndConversation,
    /// Something that cannot be imported; the rest continues.
    Refuse {
        what: String,
        reason: String,
    },
    /// Messages and parts that are not imported.
    LeaveOut {
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
pub(super) struct Heard {
    /// Identifies it within its source.
    pub key: Uuid,
    pub source: ImportSource,
    pub title: Option<String>,
    pub assistant_id: Option<Uuid>,
    pub model: Option<String>,
    pub pinned: bool,
    pub archived: bool,
    pub trashed: bool,
    pub started_at: DateTime<Utc>,
    pub changed_at: DateTime<Utc>,
}

/// Comes after its parent.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct HeardMessage {
    pub key: Uuid,
    pub parent: Option<Uuid>,
    pub said: ImportedRole,
    pub content: Answer,
    /// Digests of files.
    pub attachments: Vec<String>,
    pub model: Option<String>,
    pub usage: Option<Usage>,
    pub rating: Option<Rating>,
    pub written_at: DateTime<Utc>,
}

pub(super) enum Frame {
    Told(Told),
    Piece(Vec<u8>),
}

impl Frame {
    /// Parses a frame.
    pub fn parse(kind: u8, bytes: Vec<u8>) -> io::Result<Self> {
        match kind {
            TOLD => Ok(Self::Told(serde_json::from_slice(&bytes)?)),
            PIECE => Ok(Self::Piece(bytes)),
            kind => Err(io::Error::other(format!("a frame has the kind {kind}"))),
        }
    }
}

pub(super) fn tell(out: &mut impl Write, told: &Told) -> io::Result<()> {
    frame(out, TOLD, &serde_json::to_vec(told)?)
}

pub(super) fn tell_piece(out: &mut impl Write, piece: &[u8]) -> io::Result<()> {
    frame(out, PIECE, piece)
}

fn frame(out: &mut impl Write, kind: u8, bytes: &[u8]) -> io::Result<()> {
    let length = u32::try_from(bytes.len()).ok();
    let length = length.filter(|length| *length <= FRAME);
    let length = length.ok_or_else(|| io::Error::other("a frame is too long"))?;
    out.write_all(&[kind])?;
    out.write_all(&length.to_le_bytes())?;
    out.write_all(bytes)
}

/// Reads the response to a request.
pub(super) fn hear(input: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut length = [0; 4];
    input.read_exact(&mut length)?;
    let length = u32::from_le_bytes(length).min(FRAME);
    let mut answer = vec![0; usize::try_from(length).map_err(io::Error::other)?];
    input.read_exact(&mut answer)?;
    Ok(answer)
}

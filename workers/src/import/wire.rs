//! What the process that reads an import and the server say to each other: frames with a kind and a length, and answers
//! with a length. The process reads the file through questions, so that it needs nothing but its two pipes.

use std::io::{self, Read, Write};

use chrono::{DateTime, Utc};
use domain::conversation::{ImportSource, ImportedRole, Rating};
use domain::response::{Answer, Usage};
use projections::portable::{PortableAssistant, PortableKnowledgeBase};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

/// Bytes of one frame, at most: the longest message that is taken has less.
pub(super) const FRAME: u32 = 32 * 1024 * 1024;
const TOLD: u8 = b'j';
const PIECE: u8 = b'b';

/// What the process says, and what it asks.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Told {
    /// Asks how long the file is: eight bytes, the lowest first.
    Size,
    /// Asks for a stretch of the file.
    Read {
        at: u64,
        length: u32,
    },
    /// Asks whether the owner has a file with a digest: one byte.
    HasFile {
        sha256: String,
    },
    /// A file begins. Its pieces follow, each of which is answered by one byte: whether to go on.
    File {
        name: String,
        media_type: String,
    },
    /// Asks for the digest under which the file was kept: nothing where it was not.
    FileEnd,
    /// The file that has begun cannot be read to its end.
    GiveUpFile,
    /// A file that is named and cannot be had.
    Missing {
        name: String,
    },
    /// What follows relies on what was said before.
    Settle,
    KnowledgeBase {
        base: PortableKnowledgeBase,
        /// The digests of its documents' files, as far as they are known.
        digests: Vec<Option<String>>,
    },
    Assistant(PortableAssistant),
    Conversation(Heard),
    /// Of the conversation before.
    Messages(Vec<HeardMessage>),
    EndConversation,
    /// Something that cannot be imported; the rest goes on.
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
    /// It goes no further, for a reason that the owner can read.
    Unreadable(String),
}

/// A conversation as its source tells it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Heard {
    /// Names it within its source, always in the same way.
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

/// Comes after the one that it stands below.
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
    /// Of what came over the pipe.
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

/// An answer to a question.
pub(super) fn hear(input: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut length = [0; 4];
    input.read_exact(&mut length)?;
    let length = u32::from_le_bytes(length).min(FRAME);
    let mut answer = vec![0; usize::try_from(length).map_err(io::Error::other)?];
    input.read_exact(&mut answer)?;
    Ok(answer)
}

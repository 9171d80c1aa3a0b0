//! Lets a process of its own read a document: killed when it takes too long, heard up to a limit, believed in nothing.

use std::path::Path;
use std::time::Duration;

use domain::document::FailureCode;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::chunk::Chunked;
use super::extract::Failed;
use crate::confined;

/// How long a document may take.
const LIMIT: Duration = Duration::from_mins(2);
/// Bytes that the process may say.
const SAID: u64 = 256 * 1024 * 1024;

/// How passages are to be cut.
#[derive(Debug, Clone, Copy)]
pub struct Lengths {
    pub tokens: i32,
    pub overlap: i32,
}

/// The passages of a document, or why there are none.
pub async fn read(
    program: &Path,
    media_type: &str,
    lengths: Lengths,
    bytes: Vec<u8>,
) -> Result<Chunked, Failed> {
    let (tokens, overlap) = (lengths.tokens.to_string(), lengths.overlap.to_string());
    let arguments = [
        "extract",
        "--media-type",
        media_type,
        "--tokens",
        &tokens,
        "--overlap",
        &overlap,
    ];
    let mut child = confined::reader_command(program, &arguments)
        .spawn()
        .map_err(|error| internal(&error))?;
    let (Some(mut stdin), Some(stdout), Some(stderr)) =
        (child.stdin.take(), child.stdout.take(), child.stderr.take())
    else {
        return Err(internal(&std::io::Error::other("no pipes")));
    };
    let tell = async move {
        // A process that has seen enough does not read on.
        let _ = stdin.write_all(&bytes).await;
        let _ = stdin.shutdown().await;
    };
    let mut said = Vec::new();
    let mut stdout = stdout.take(SAID);
    let hear = async {
        let hear = stdout.read_to_end(&mut said);
        let ((), out, complaint) = tokio::join!(tell, hear, confined::read_stderr(stderr));
        out?;
        Ok((child.wait().await?, complaint))
    };
    let (status, complaint) = match tokio::time::timeout(LIMIT, hear).await {
        Ok(heard) => heard.map_err(|error: std::io::Error| internal(&error))?,
        Err(_) => return Err(timeout()),
    };
    if status.success() {
        let line = said
            .rsplit(|byte| *byte == b'\n')
            .find(|line| !line.is_empty());
        let outcome = line.and_then(|line| serde_json::from_slice(line).ok());
        return outcome.unwrap_or_else(|| Err(internal(&std::io::Error::other("it said nothing"))));
    }
    tracing::warn!(%status, complaint = complaint.lines().last().unwrap_or_default(), "the reader of a document died");
    Err(died(status, &complaint))
}

fn died(status: std::process::ExitStatus, complaint: &str) -> Failed {
    if confined::ran_out_of_memory(complaint) {
        return Failed::new(
            FailureCode::TooLarge,
            "what the document unpacks to passes the limit of memory",
        );
    }
    if confined::ran_out_of_time(status) {
        return timeout();
    }
    Failed::new(
        FailureCode::Unreadable,
        "the document cannot be read: its structure is broken",
    )
}

fn timeout() -> Failed {
    Failed::new(
        FailureCode::Timeout,
        "the document took too long; split it and upload the parts",
    )
}

fn internal(error: &std::io::Error) -> Failed {
    tracing::error!(%error, "the reader of documents could not be run");
    Failed::new(
        FailureCode::Internal,
        "the reader of documents could not be run; the server's log says why",
    )
}

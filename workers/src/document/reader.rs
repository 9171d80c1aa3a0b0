//! Reads a document in a separate process: killed if it takes too long, its output limited and never trusted.

use std::path::Path;
use std::time::Duration;

use domain::document::FailureCode;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::chunk::ChunkedDocument;
use super::extract::ExtractError;
use crate::confined;

/// Time limit for one document.
const LIMIT: Duration = Duration::from_mins(2);
/// Maximum output of the process, in bytes.
const OUTPUT_LIMIT: u64 = 256 * 1024 * 1024;

/// The size of passages.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ChunkLimits {
    pub tokens: i32,
    pub overlap: i32,
}

/// Returns the passages of a document, or why there are none.
pub(crate) async fn read(
    program: &Path,
    media_type: &str,
    limits: ChunkLimits,
    bytes: Vec<u8>,
) -> Result<ChunkedDocument, ExtractError> {
    let (tokens, overlap) = (limits.tokens.to_string(), limits.overlap.to_string());
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
    let write_input = async move {
        // A process that rejects the document early does not read all of it.
        let _ = stdin.write_all(&bytes).await;
        let _ = stdin.shutdown().await;
    };
    let mut output = Vec::new();
    let mut stdout = stdout.take(OUTPUT_LIMIT);
    let exchange = async {
        let read_output = stdout.read_to_end(&mut output);
        let ((), result, complaint) =
            tokio::join!(write_input, read_output, confined::read_stderr(stderr));
        result?;
        Ok((child.wait().await?, complaint))
    };
    let (status, complaint) = match tokio::time::timeout(LIMIT, exchange).await {
        Ok(finished) => finished.map_err(|error: std::io::Error| internal(&error))?,
        Err(_) => return Err(timeout()),
    };
    if status.success() {
        let line = output
            .rsplit(|byte| *byte == b'\n')
            .find(|line| !line.is_empty());
        let outcome = line.and_then(|line| serde_json::from_slice(line).ok());
        return outcome
            .unwrap_or_else(|| Err(internal(&std::io::Error::other("it printed no result"))));
    }
    tracing::warn!(%status, complaint = complaint.lines().last().unwrap_or_default(), "the document reader died");
    Err(reader_failure(status, &complaint))
}

fn reader_failure(status: std::process::ExitStatus, complaint: &str) -> ExtractError {
    if confined::ran_out_of_memory(complaint) {
        return ExtractError::new(
            FailureCode::TooLarge,
            "the unpacked document exceeds the memory limit",
        );
    }
    if confined::ran_out_of_time(status) {
        return timeout();
    }
    ExtractError::new(
        FailureCode::Unreadable,
        "the document cannot be read: its structure is broken",
    )
}

fn timeout() -> ExtractError {
    ExtractError::new(
        FailureCode::Timeout,
        "the document took too long to read; split it and upload the parts",
    )
}

fn internal(error: &std::io::Error) -> ExtractError {
    tracing::error!(%error, "failed to run the document reader");
    ExtractError::new(
        FailureCode::Internal,
        "the document reader could not be run; see the server log",
    )
}

//! The process that reads a document: bytes on standard input, passages on standard output.

use std::io::{Read, Write};

use super::{ExtractError, extract};
use crate::confined::{Limits, run_confined};
use crate::document::chunk::{ChunkedDocument, chunk_document};

const LIMITS: Limits = Limits {
    memory: 1024 * 1024 * 1024,
    seconds: 60,
};

/// The arguments of the process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExtractRequest {
    pub media_type: String,
    pub tokens: usize,
    pub overlap: usize,
}

/// Reads the document from standard input and writes its passages, or the error, as one line of JSON.
pub fn run(request: ExtractRequest) -> std::io::Result<()> {
    let read = run_confined(LIMITS, move || {
        let mut bytes = Vec::new();
        std::io::stdin().lock().read_to_end(&mut bytes)?;
        std::io::Result::Ok(extract_passages(&request, &bytes))
    })?;
    let outcome =
        read.unwrap_or_else(|| Ok(Err(ExtractError::unreadable("its structure is broken"))))?;
    let line = serde_json::to_string(&outcome)?;
    let mut out = std::io::stdout().lock();
    // Libraries may have printed something before.
    writeln!(out, "\n{line}")?;
    out.flush()
}

fn extract_passages(
    request: &ExtractRequest,
    bytes: &[u8],
) -> Result<ChunkedDocument, ExtractError> {
    let extracted = extract(&request.media_type, bytes)?;
    chunk_document(extracted, request.tokens, request.overlap)
}

//! The process that reads a document: it has its bytes on standard input and may say so much on standard output.

use std::io::{Read, Write};

use super::{Failed, extract};
use crate::confined::{Limits, run_confined};
use crate::document::chunk::{Chunked, chunk};

const LIMITS: Limits = Limits {
    memory: 1024 * 1024 * 1024,
    seconds: 60,
};

/// What is asked of the process, in its arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    pub media_type: String,
    pub tokens: usize,
    pub overlap: usize,
}

/// Reads the document on standard input and writes its passages, or why there are none, as one line of JSON.
pub fn run(asked: Asked) -> std::io::Result<()> {
    let read = run_confined(LIMITS, move || {
        let mut bytes = Vec::new();
        std::io::stdin().lock().read_to_end(&mut bytes)?;
        std::io::Result::Ok(passages(&asked, &bytes))
    })?;
    let outcome = read.unwrap_or_else(|| Ok(Err(Failed::unreadable("its structure is broken"))))?;
    let line = serde_json::to_string(&outcome)?;
    let mut out = std::io::stdout().lock();
    // Readers of documents may have said something before.
    writeln!(out, "\n{line}")?;
    out.flush()
}

fn passages(asked: &Asked, bytes: &[u8]) -> Result<Chunked, Failed> {
    let extracted = extract(&asked.media_type, bytes)?;
    chunk(extracted, asked.tokens, asked.overlap)
}

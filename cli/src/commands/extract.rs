//! `convosphere extract`, which the server starts in a sandbox.

use clap::Args;
use workers::document::extract::{ExtractRequest, run_child};

use crate::failure::Failure;

/// Reads a document from standard input; the server starts it in a sandbox.
#[derive(Debug, Args)]
pub struct Extract {
    #[arg(long)]
    media_type: String,
    /// Maximum number of tokens in a passage.
    #[arg(long)]
    tokens: usize,
    /// Number of tokens that consecutive passages share.
    #[arg(long)]
    overlap: usize,
}

impl Extract {
    pub fn run(self) -> Result<(), Failure> {
        let request = ExtractRequest {
            media_type: self.media_type,
            tokens: self.tokens,
            overlap: self.overlap,
        };
        run_child(request).map_err(Failure::failed)
    }
}

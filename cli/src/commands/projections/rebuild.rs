//! `convosphere projections rebuild`

use clap::Args;
use convosphere_client::Client;

use super::require_known;
use crate::failure::Failure;
use crate::{output, progress_bar};

/// Rebuilds a read model from the log.
#[derive(Debug, Args)]
pub struct Rebuild {
    name: String,
}

impl Rebuild {
    pub async fn run(self, server: &Client) -> Result<(), Failure> {
        require_known(server, &self.name).await?;
        let job = server.rebuild_projection(&self.name).await?;
        let result = progress_bar::wait_for_job(server, "rebuilding", job).await?;
        output::print_data(&format!(
            "{} rebuilt up to position {}, digest {}",
            self.name,
            result["position"],
            result["digest"].as_str().unwrap_or("unknown")
        ));
        Ok(())
    }
}

//! `convosphere providers remove`

use clap::Args;
use convosphere_client::Client;

use super::find;
use crate::failure::Failure;
use crate::output;

/// Removes a provider and its models.
#[derive(Debug, Args)]
pub struct Remove {
    name: String,
}

impl Remove {
    pub async fn run(self, server: &Client) -> Result<(), Failure> {
        let id = find(server, &self.name).await?.id;
        server.delete_provider(id).await?;
        output::print_message(&format!("removed the provider {}", self.name));
        Ok(())
    }
}

//! `convosphere projections retry`

use clap::Args;
use convosphere_client::Client;
use uuid::Uuid;

use super::require_known;
use crate::failure::Failure;
use crate::output;

/// Applies the events of a parked object again.
#[derive(Debug, Args)]
pub struct Retry {
    name: String,
    aggregate_id: Uuid,
}

impl Retry {
    pub async fn run(self, server: &Client) -> Result<(), Failure> {
        let Self { name, aggregate_id } = self;
        require_known(server, &name).await?;
        match server.retry_parked(&name, aggregate_id).await {
            Err(error) if error.status() == Some(404) => {
                return Err(Failure::NotFound(format!(
                    "{aggregate_id} is not parked in {name}; `convosphere projections parked {name}` lists what is"
                )));
            }
            retried => retried?,
        }
        output::print_data(&format!("{name} applied the events of {aggregate_id}"));
        Ok(())
    }
}

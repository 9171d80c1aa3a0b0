//! `convosphere projections parked`

use clap::Args;
use convosphere_client::Client;
use convosphere_client::types::ParkedScope;
use futures_util::TryStreamExt;
use serde_json::json;

use super::require_known;
use crate::failure::Failure;
use crate::output;

/// Lists the objects whose events a read model failed to apply.
#[derive(Debug, Args)]
pub struct ListParked {
    name: String,
}

impl ListParked {
    pub async fn run(self, server: &Client, json: bool) -> Result<(), Failure> {
        require_known(server, &self.name).await?;
        let mut parked = server.list_parked(&self.name).items();
        while let Some(scope) = parked.try_next().await? {
            show(&scope, json);
        }
        Ok(())
    }
}

fn show(parked: &ParkedScope, json: bool) {
    if json {
        return output::print_data(&json!(parked).to_string());
    }
    output::print_data(&output::sanitize(&format!(
        "{} since position {}: {}",
        parked.aggregate_id, parked.position, parked.error
    )));
}

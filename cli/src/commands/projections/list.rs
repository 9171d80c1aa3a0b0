//! `convosphere projections list`

use clap::Args;
use convosphere_client::Client;
use convosphere_client::types::Projection;
use futures_util::TryStreamExt;
use serde_json::json;

use crate::failure::Failure;
use crate::output;

/// Lists the read models and their positions.
#[derive(Debug, Args)]
pub struct List {}

impl List {
    pub async fn run(self, server: &Client, json: bool) -> Result<(), Failure> {
        let mut projections = server.list_projections().items();
        while let Some(projection) = projections.try_next().await? {
            show(&projection, json);
        }
        Ok(())
    }
}

fn show(projection: &Projection, json: bool) {
    if json {
        return output::print_data(&json!(projection).to_string());
    }
    output::print_data(&format!(
        "{:<14} position {} lag {} parked {}",
        projection.name, projection.position, projection.lag, projection.parked
    ));
}

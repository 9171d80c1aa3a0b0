//! `convosphere providers list`

use clap::Args;
use convosphere_client::Client;
use futures_util::TryStreamExt;

use super::show;
use crate::failure::Failure;

/// Lists all providers.
#[derive(Debug, Args)]
pub struct List {}

impl List {
    pub async fn run(self, server: &Client, json: bool) -> Result<(), Failure> {
        let mut providers = server.list_providers().items();
        while let Some(provider) = providers.try_next().await? {
            show(&provider, json);
        }
        Ok(())
    }
}

//! `convosphere providers test`

use clap::Args;
use convosphere_client::Client;

use super::{find, show_checked};
use crate::failure::Failure;

/// Tests the connection to a provider and lists its models again.
#[derive(Debug, Args)]
pub struct Test {
    name: String,
}

impl Test {
    pub async fn run(self, server: &Client, json: bool) -> Result<(), Failure> {
        let id = find(server, &self.name).await?.id;
        let tested = server.test_provider(id).await?;
        show_checked(server, tested, json).await
    }
}

//! `convosphere users show`

use clap::Args;
use convosphere_client::Client;

use super::{find, show};
use crate::failure::Failure;

/// Shows one user.
#[derive(Debug, Args)]
pub struct Show {
    user: String,
}

impl Show {
    pub async fn run(self, server: &Client, json: bool) -> Result<(), Failure> {
        show(&find(server, &self.user).await?, json);
        Ok(())
    }
}

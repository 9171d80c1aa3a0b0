//! `convosphere users update`

use clap::Args;
use convosphere_client::Client;
use convosphere_client::types::UpdateUser;

use super::{RoleName, find, show};
use crate::failure::Failure;

/// Changes the role of a user.
#[derive(Debug, Args)]
pub struct Update {
    user: String,
    #[arg(long, value_enum)]
    role: RoleName,
}

impl Update {
    pub async fn run(self, server: &Client, json: bool) -> Result<(), Failure> {
        let id = find(server, &self.user).await?.id;
        let change = UpdateUser {
            role: Some(self.role.into()),
            suspended: None,
        };
        show(&server.update_user(id, &change).await?, json);
        Ok(())
    }
}

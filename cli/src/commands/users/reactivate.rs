//! `convosphere users reactivate`

use clap::Args;
use convosphere_client::Client;
use convosphere_client::types::UpdateUser;

use super::{find, show};
use crate::failure::Failure;

/// Reactivates a suspended user.
#[derive(Debug, Args)]
pub struct Reactivate {
    user: String,
}

impl Reactivate {
    pub async fn run(self, server: &Client, json: bool) -> Result<(), Failure> {
        let user = find(server, &self.user).await?;
        if !user.suspended {
            return Err(Failure::Conflict("the user is not suspended".to_owned()));
        }
        let change = UpdateUser {
            suspended: Some(false),
            ..UpdateUser::default()
        };
        show(&server.update_user(user.id, &change).await?, json);
        Ok(())
    }
}

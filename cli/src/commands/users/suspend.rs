//! `convosphere users suspend`

use clap::Args;
use convosphere_client::Client;
use convosphere_client::types::UpdateUser;

use super::{find, show};
use crate::failure::Failure;

/// Suspends a user: ends all sessions and prevents new ones.
#[derive(Debug, Args)]
pub struct Suspend {
    user: String,
}

impl Suspend {
    pub async fn run(self, server: &Client, json: bool) -> Result<(), Failure> {
        let user = find(server, &self.user).await?;
        if user.suspended {
            return Err(Failure::Conflict(
                "the user is already suspended".to_owned(),
            ));
        }
        let change = UpdateUser {
            suspended: Some(true),
            ..UpdateUser::default()
        };
        show(&server.update_user(user.id, &change).await?, json);
        Ok(())
    }
}

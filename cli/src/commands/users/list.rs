//! `convosphere users list`

use clap::Args;
use convosphere_client::Client;
use convosphere_client::types::ListUsersQuery;
use futures_util::TryStreamExt;

use super::show;
use crate::failure::Failure;

/// Lists all users.
#[derive(Debug, Args)]
pub struct List {}

impl List {
    pub async fn run(self, server: &Client, json: bool) -> Result<(), Failure> {
        let mut users = server.list_users(&ListUsersQuery::default()).items();
        while let Some(user) = users.try_next().await? {
            show(&user, json);
        }
        Ok(())
    }
}

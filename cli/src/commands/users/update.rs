//! `convosphere users update`

use clap::Args;
use convosphere_client::Client;
use convosphere_client::types::UpdateUser;

use super::{RoleName, find, show};
use crate::failure::Failure;

/// Changes the role, name or email address of a user.
#[derive(Debug, Args)]
pub struct Update {
    user: String,
    #[arg(long, value_enum, required_unless_present_any = ["name", "email"])]
    role: Option<RoleName>,
    #[arg(long)]
    name: Option<String>,
    #[arg(long)]
    email: Option<String>,
}

impl Update {
    pub async fn run(self, server: &Client, json: bool) -> Result<(), Failure> {
        let id = find(server, &self.user).await?.id;
        let change = UpdateUser {
            role: self.role.map(Into::into),
            display_name: self.name,
            email: self.email,
            ..UpdateUser::default()
        };
        show(&server.update_user(id, &change).await?, json);
        Ok(())
    }
}

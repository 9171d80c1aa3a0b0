//! `convosphere users create`

use clap::Args;
use convosphere_client::Client;
use convosphere_client::types::CreateUser;

use super::{RoleName, read_password, show};
use crate::failure::Failure;

/// Creates a user. On a new installation, the first administrator completes the setup.
#[derive(Debug, Args)]
pub struct Create {
    email: String,
    #[arg(long)]
    name: String,
    #[arg(long, value_enum, default_value = "user")]
    role: RoleName,
    /// Reads the password from standard input.
    #[arg(long, required = true)]
    password_stdin: bool,
}

impl Create {
    pub async fn run(self, server: &Client, json: bool) -> Result<(), Failure> {
        let account = CreateUser {
            email: self.email,
            display_name: self.name,
            role: self.role.into(),
            password: read_password()?,
        };
        show(&server.create_user(&account).await?, json);
        Ok(())
    }
}

//! `convosphere users set-password`

use clap::Args;
use convosphere_client::Client;
use convosphere_client::types::ResetPassword;
use serde_json::json;

use super::{find, read_password};
use crate::failure::Failure;
use crate::output;

/// Sets the password of a user, and ends all sessions of the user.
#[derive(Debug, Args)]
pub struct SetPassword {
    user: String,
    /// Reads the password from standard input. Otherwise one is generated and printed.
    #[arg(long)]
    password_stdin: bool,
}

impl SetPassword {
    pub async fn run(self, server: &Client, json: bool) -> Result<(), Failure> {
        let user = find(server, &self.user).await?;
        let new_password = match self.password_stdin {
            true => Some(read_password()?),
            false => None,
        };
        let reset = ResetPassword { new_password };
        let reset = server.reset_password(user.id, &reset).await?;
        if json {
            output::print_data(&json!(reset).to_string());
        } else if let Some(password) = &reset.generated_password {
            output::print_data(password);
        }
        output::print_message("the password is set; all sessions of the user have ended");
        Ok(())
    }
}

//! `convosphere users delete`

use std::io::{BufRead, Read};

use clap::Args;
use convosphere_client::Client;

use super::find;
use crate::failure::Failure;
use crate::{output, progress_bar};

/// Permanently deletes a user and everything that the user owns.
#[derive(Debug, Args)]
pub struct Delete {
    user: String,
    /// Skips the confirmation prompt.
    #[arg(long)]
    yes: bool,
}

impl Delete {
    pub async fn run(self, server: &Client) -> Result<(), Failure> {
        let user = find(server, &self.user).await?;
        let id = user.id.to_string();
        if !self.yes {
            confirm(user.email.as_deref().unwrap_or(&id))?;
        }
        let job = server.delete_user(user.id).await?;
        progress_bar::wait_for_job(server, "erasing", job).await?;
        output::print_message(
            "the user is erased; the log is still valid, and encrypted personal data reads [erased]",
        );
        Ok(())
    }
}

/// Asks the user to confirm an irreversible action by typing the name again.
fn confirm(name: &str) -> Result<(), Failure> {
    output::print_message(&output::sanitize(&format!(
        "This permanently deletes {name} and everything that this user owns, also from backups. Type {name} to confirm:"
    )));
    let mut typed = String::new();
    std::io::stdin().lock().take(4_096).read_line(&mut typed)?;
    if typed.trim() == name {
        return Ok(());
    }
    Err(Failure::Usage(
        "not confirmed; nothing was deleted".to_owned(),
    ))
}

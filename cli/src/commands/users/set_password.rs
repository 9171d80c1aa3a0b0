//! `convosphere users set-password`, which needs the key of the installation: no administrator can do it over HTTP.

use std::time::Duration;

use api::account::{check_new_password, with_new_password};
use clap::Args;
use domain::text;
use domain::user::ChangePassword;
use eventstore::command::{Context, step};
use eventstore::{Execution, Health};
use projections::user::{UserView, queries};
use uuid::Uuid;

use super::read_password;
use crate::failure::Failure;
use crate::installation::Installation;
use crate::output;
use crate::privileges::OsUser;

/// How long the command waits for the users as they are now.
const VIEW_LIMIT: Duration = Duration::from_secs(10);

/// Sets the password of a user.
#[derive(Debug, Args)]
pub struct SetPassword {
    user: String,
    /// Reads the password from standard input.
    #[arg(long, required = true)]
    password_stdin: bool,
}

impl SetPassword {
    pub async fn run(self, i: &Installation, os_user: &OsUser) -> Result<(), Failure> {
        // If no server runs, this process updates the read models itself.
        let _projecting = workers::start_projecting(&i.source(), &i.progress, &Health::default());
        i.progress.wait_for(i.feed.head(), VIEW_LIMIT).await?;
        let user = find(i, &self.user).await?;
        let password = check_new_password("password", read_password()?)?;
        let steps = vec![step(user.id, None, ChangePassword)];
        let execution = Execution::new(Context::cli(&os_user.0), steps);
        let execution = with_new_password(execution, user.id, password, None).await?;
        i.executor.execute(execution).await?;
        output::print_message("the password is set; all sessions of the user have ended");
        Ok(())
    }
}

/// Finds a user by id or email address in the database.
pub async fn find(i: &Installation, name: &str) -> Result<UserView, Failure> {
    let id = match Uuid::parse_str(name) {
        Ok(id) => Some(id),
        Err(_) => {
            let email = text::normalise_email(name);
            let mac = i.keys.mac("email", email.as_bytes()).await?;
            queries::find_by_email(&i.pool, &mac).await?
        }
    };
    let user = match id {
        Some(id) => queries::find(&i.pool, id).await?,
        None => None,
    };
    user.ok_or_else(|| Failure::NotFound(format!("there is no user {name}")))
}

//! `convosphere users set-password`, which needs the key of the installation: no administrator can do it over HTTP.

use api::account::{check_new_password, with_new_password};
use clap::Args;
use domain::user::ChangePassword;
use eventstore::command::{Context, step};
use eventstore::{Execution, Health};

use super::read_password;
use crate::failure::Failure;
use crate::installation::Installation;
use crate::local_users;
use crate::output;
use crate::privileges::OsUser;

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
        local_users::catch_up(i).await?;
        let user = local_users::find(i, &self.user).await?;
        let password = check_new_password("password", read_password()?)?;
        let steps = vec![step(user.id, None, ChangePassword)];
        let execution = Execution::new(Context::cli(&os_user.0), steps);
        let execution = with_new_password(execution, user.id, password, None).await?;
        i.executor.execute(execution).await?;
        output::print_message("the password is set; all sessions of the user have ended");
        Ok(())
    }
}

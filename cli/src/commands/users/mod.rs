//! `convosphere users`

mod create;
mod delete;
mod list;
mod reactivate;
mod set_password;
mod show;
mod suspend;
mod update;

use std::io::Read;

use clap::{Subcommand, ValueEnum};
use convosphere_client::Client;
use convosphere_client::types::{ListUsersQuery, User, UserRole};
use domain::text;
use futures_util::TryStreamExt;
use serde_json::json;
use uuid::Uuid;

use crate::failure::Failure;
use crate::output;

#[derive(Debug, Subcommand)]
pub enum Users {
    List(list::List),
    Show(show::Show),
    Create(create::Create),
    Update(update::Update),
    Suspend(suspend::Suspend),
    Reactivate(reactivate::Reactivate),
    Delete(delete::Delete),
    SetPassword(set_password::SetPassword),
}

impl Users {
    pub async fn run(self, server: &Client, json: bool) -> Result<(), Failure> {
        match self {
            Self::List(command) => command.run(server, json).await,
            Self::Show(command) => command.run(server, json).await,
            Self::Create(command) => command.run(server, json).await,
            Self::Update(command) => command.run(server, json).await,
            Self::Suspend(command) => command.run(server, json).await,
            Self::Reactivate(command) => command.run(server, json).await,
            Self::Delete(command) => command.run(server).await,
            Self::SetPassword(command) => command.run(server, json).await,
        }
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum RoleName {
    Guest,
    User,
    Manager,
    Admin,
}

impl From<RoleName> for UserRole {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Guest => Self::Guest,
            RoleName::User => Self::User,
            RoleName::Manager => Self::Manager,
            RoleName::Admin => Self::Admin,
        }
    }
}

/// Finds a user by id or email address.
async fn find(server: &Client, name: &str) -> Result<User, Failure> {
    let missing = || Failure::NotFound(format!("there is no user {name}"));
    if let Ok(id) = Uuid::parse_str(name) {
        return match server.get_user(id).await {
            Err(error) if error.status() == Some(404) => Err(missing()),
            user => Ok(user?),
        };
    }
    let wanted = text::normalise_email(name);
    let mut users = server.list_users(&ListUsersQuery::default()).items();
    while let Some(user) = users.try_next().await? {
        let email = user.email.as_deref().map(text::normalise_email);
        if email.as_ref() == Some(&wanted) {
            return Ok(user);
        }
    }
    Err(missing())
}

fn show(user: &User, json: bool) {
    if json {
        return output::print_data(&json!(user).to_string());
    }
    let state = match user.suspended {
        true => "suspended",
        false => "active",
    };
    output::print_data(&output::sanitize(&format!(
        "{}  {:<8} {state:<9} {}  {}",
        user.id,
        user.role,
        user.email.as_deref().unwrap_or("(local, no address)"),
        user.display_name
    )));
}

/// Reads a password from standard input, without the line break.
fn read_password() -> Result<String, Failure> {
    let mut text = String::new();
    std::io::stdin()
        .lock()
        .take(4_096)
        .read_to_string(&mut text)
        .map_err(|error| Failure::Usage(format!("cannot read the password: {error}")))?;
    Ok(text.trim_end_matches(['\n', '\r']).to_owned())
}

//! Who the command line acts for: `--as`, else the only administrator, else the local user before set-up.

use std::time::Duration;

use api::token::Tokens;
use domain::user::{Origin, Role, User, UserCommand};
use eventstore::executor::{Context, step};
use eventstore::{Execution, ExecutorError};
use projections::user::{UserView, credentials, queries};
use uuid::Uuid;

use crate::commands::users;
use crate::failure::Failure;
use crate::installation::Installation;
use crate::privileges::OsUser;

const VIEW_LIMIT: Duration = Duration::from_secs(10);
const USERS: usize = 200;

pub async fn find(
    i: &Installation,
    named: Option<&str>,
    os_user: &OsUser,
) -> Result<Uuid, Failure> {
    i.progress.reach(i.feed.head(), VIEW_LIMIT).await?;
    if let Some(name) = named {
        return Ok(users::find(i, name).await?.id);
    }
    if !credentials::is_set_up(&i.pool).await? {
        return match queries::local(&i.pool).await? {
            Some(user) => Ok(user.id),
            None => make_local(i, os_user).await,
        };
    }
    let admins = admins(i).await?;
    match admins.as_slice() {
        [only] => Ok(only.id),
        _ => Err(Failure::Usage(
            "there is more than one administrator; say who to act for with --as EMAIL".to_owned(),
        )),
    }
}

async fn admins(i: &Installation) -> Result<Vec<UserView>, Failure> {
    let mut admins = Vec::new();
    let mut after = None;
    loop {
        let page = queries::list(&i.pool, after, USERS).await?;
        admins.extend(
            page.items
                .into_iter()
                .filter(|user| user.role == "admin" && !user.suspended),
        );
        after = match page.next {
            Some(next) => Some(next),
            None => return Ok(admins),
        };
    }
}

/// The person at the machine, without a password; set-up takes it over.
async fn make_local(i: &Installation, os_user: &OsUser) -> Result<Uuid, Failure> {
    let user_id = Uuid::now_v7();
    let command = UserCommand::RegisterUser {
        user_id,
        role: Role::Admin,
        email: None,
        display_name: os_user.0.clone(),
        origin: Origin::Local,
    };
    let execution = Execution {
        reserve: vec![("user", "local".to_owned(), user_id.to_string())],
        ..Execution::new(
            Context::cli(&os_user.0),
            vec![step::<User>(user_id, None, command)],
        )
    };
    let position = match i.executor.execute(execution).await {
        Ok(committed) => committed.position,
        // Made by another command at the same moment.
        Err(ExecutorError::Reserved(_)) => i.log.head(&i.pool).await?.0,
        Err(error) => return Err(error.into()),
    };
    i.progress.reach(position, VIEW_LIMIT).await?;
    let local = queries::local(&i.pool).await?;
    local.map(|user| user.id).ok_or_else(|| {
        Failure::Unavailable("the local user is not there yet; try again".to_owned())
    })
}

/// An access token: whoever can read the master key may act for anybody, and the log tells that the command line did.
pub async fn token(i: &Installation, user_id: Uuid) -> Result<String, Failure> {
    let key = i.keys.signing_key("access-token").await?;
    Tokens::new(i.log.id, &key)
        .issue(user_id, None)
        .ok_or_else(|| Failure::Unavailable("no token could be made".to_owned()))
}

//! The user that `convosphere chat` acts as: `--as`, else the only administrator, else the local user before set-up.

use domain::user::{Origin, RegisterUser, Role};
use eventstore::command::{Context, step};
use eventstore::{Execution, ExecutorError};
use projections::user::queries::UserOrder;
use projections::user::{UserView, credentials, queries};
use uuid::Uuid;

use crate::failure::Failure;
use crate::installation::Installation;
use crate::local_users;
use crate::privileges::OsUser;

const PAGE: usize = 200;

pub async fn find(i: &Installation, name: Option<&str>, os_user: &OsUser) -> Result<Uuid, Failure> {
    local_users::catch_up(i).await?;
    if let Some(name) = name {
        return Ok(local_users::find(i, name).await?.id);
    }
    if !credentials::is_set_up(&i.pool).await? {
        return match queries::find_local(&i.pool).await? {
            Some(user) => Ok(user.id),
            None => create_local_user(i, os_user).await,
        };
    }
    match list_admins(i).await?.as_slice() {
        [only] => Ok(only.id),
        _ => Err(Failure::Usage(
            "the installation does not have exactly one active administrator; choose a user with --as EMAIL"
                .to_owned(),
        )),
    }
}

async fn list_admins(i: &Installation) -> Result<Vec<UserView>, Failure> {
    let mut admins = Vec::new();
    let mut after = None;
    loop {
        let all = (UserOrder::CreatedAt, None);
        let page = queries::list(&i.pool, all, after.as_ref(), PAGE).await?;
        admins.extend(
            page.items
                .into_iter()
                .filter(|user| *user.role == Role::Admin && !user.suspended),
        );
        after = match page.next {
            Some(next) => Some(next),
            None => return Ok(admins),
        };
    }
}

/// Creates the local user, an administrator without a password. Set-up turns it into a regular account.
async fn create_local_user(i: &Installation, os_user: &OsUser) -> Result<Uuid, Failure> {
    let user_id = i.clock.new_id();
    let command = RegisterUser {
        user_id,
        role: Role::Admin,
        email: None,
        display_name: os_user.0.clone(),
        origin: Origin::Local,
    };
    let execution = Execution {
        reserve: vec![("user", "local".to_owned(), user_id.to_string())],
        ..Execution::new(Context::cli(&os_user.0), vec![step(user_id, None, command)])
    };
    let position = match i.executor.execute(execution).await {
        Ok(committed) => committed.position,
        // Another command created it at the same time.
        Err(ExecutorError::Reserved(_)) => i.log.head(&i.pool).await?.0,
        Err(error) => return Err(error.into()),
    };
    local_users::catch_up_to(i, position).await?;
    let local = queries::find_local(&i.pool).await?;
    local.map(|user| user.id).ok_or_else(|| {
        Failure::Unavailable("the local user does not exist yet; try again".to_owned())
    })
}

//! The users of the installation, read from its database: for what cannot ask a server.

use std::time::Duration;

use domain::text;
use projections::user::{UserView, queries};
use uuid::Uuid;

use crate::failure::Failure;
use crate::installation::Installation;

/// How long a command waits for the users as they are now.
const VIEW_LIMIT: Duration = Duration::from_secs(10);

/// Waits until the users are shown as they are now.
pub async fn catch_up(i: &Installation) -> Result<(), Failure> {
    catch_up_to(i, i.feed.head()).await
}

/// Waits until the users are shown as they are at a position of the log.
pub async fn catch_up_to(i: &Installation, position: i64) -> Result<(), Failure> {
    i.progress.wait_for(position, VIEW_LIMIT).await?;
    Ok(())
}

/// Finds a user by id or email address.
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

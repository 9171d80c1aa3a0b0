//! Making an account: the rules of passwords, and the command with its credentials in one transaction.

use std::sync::Arc;

use domain::text;
use domain::user::{Origin, Role, User, UserCommand};
use eventstore::Execution;
use eventstore::executor::{Context, step};
use projections::user::credentials;
use uuid::Uuid;

use crate::problem::Problem;

/// A password that may be compared: bounded, so that hashing it costs no more than any other.
pub fn bounded(pointer: &str, password: String) -> Result<String, Problem> {
    if password.len() > credentials::LIMIT {
        return Err(Problem::invalid(
            pointer,
            "too_long",
            format!("a password may have at most {} bytes", credentials::LIMIT),
        ));
    }
    Ok(password)
}

/// A password that may be set: any characters but U+0000, spaces at the ends included.
pub fn acceptable(pointer: &str, password: String) -> Result<String, Problem> {
    let password = bounded(pointer, password)?;
    if password.chars().count() < credentials::MINIMUM {
        return Err(Problem::invalid(
            pointer,
            "too_short",
            format!(
                "a password needs at least {} characters",
                credentials::MINIMUM
            ),
        ));
    }
    if password.contains('\0') {
        return Err(Problem::invalid(
            pointer,
            "control_character",
            "a password must not contain U+0000",
        ));
    }
    Ok(password)
}

/// An account to make.
#[derive(Debug)]
pub struct NewAccount {
    pub user_id: Uuid,
    pub role: Role,
    pub email: String,
    pub display_name: String,
    pub password: String,
    pub origin: Origin,
}

/// The command that makes an account, with its address reserved and its password set.
pub async fn registration(account: NewAccount, context: Context) -> Result<Execution, Problem> {
    let password = acceptable("/password", account.password)?;
    let comparable = text::comparable_email(&account.email);
    let id = account.user_id;
    let command = UserCommand::RegisterUser {
        user_id: id,
        role: account.role,
        email: Some(account.email),
        display_name: account.display_name,
        origin: account.origin,
    };
    let hash = credentials::hash(password).await?;
    let mut execution = Execution::new(context, vec![step::<User>(id, None, command)]);
    execution
        .reserve
        .push(("email", comparable, id.to_string()));
    execution.extra = Some(Arc::new(move |connection| {
        let hash = hash.clone();
        Box::pin(async move { Ok(credentials::set(connection, id, &hash).await?) })
    }));
    Ok(execution)
}

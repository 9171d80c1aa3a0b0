//! Request and response bodies of sessions.

use chrono::{DateTime, Utc};
use domain::user::{Origin, Role};
use poem_openapi::Object;
use serde::Deserialize;
use uuid::Uuid;

use crate::account::{self, NewAccount};
use crate::http::Problem;
use crate::user::UserResource;

#[derive(Debug, Object, Deserialize)]
#[oai(deny_unknown_fields)]
#[serde(deny_unknown_fields)]
pub(super) struct Register {
    pub email: String,
    /// At least 8 characters, at most 1024 bytes.
    pub password: String,
    pub display_name: String,
    /// True sets the refresh token as an `HttpOnly` cookie instead of returning it.
    pub cookie: Option<bool>,
}

impl Register {
    /// The account to create. Checks it first, before an attempt is counted or the password is hashed.
    pub(super) fn account(self, user_id: Uuid) -> Result<NewAccount, Problem> {
        let password = account::check_new_password("/password", self.password)?;
        account::parse_email("/email", &self.email)?;
        Ok(NewAccount {
            user_id,
            role: Role::User,
            email: self.email,
            display_name: self.display_name,
            password,
            origin: Origin::Registration,
        })
    }
}

#[derive(Debug, Object, Deserialize)]
#[oai(deny_unknown_fields)]
#[serde(deny_unknown_fields)]
pub(super) struct Login {
    pub email: String,
    pub password: String,
    /// True sets the refresh token as an `HttpOnly` cookie instead of returning it.
    pub cookie: Option<bool>,
}

#[derive(Debug, Object, Deserialize)]
#[oai(deny_unknown_fields)]
#[serde(deny_unknown_fields)]
pub(super) struct Refresh {
    /// By default, the token in the cookie is used.
    pub refresh_token: Option<String>,
}

/// The tokens of a session.
#[derive(Debug, Object)]
pub(crate) struct TokenPair {
    pub access_token: String,
    /// Null if it was set as a cookie.
    pub refresh_token: Option<String>,
    pub token_type: String,
    /// Seconds until the access token expires.
    pub expires_in: u64,
    pub user: UserResource,
}

/// A session of the caller.
#[derive(Debug, Object)]
#[oai(rename = "Session")]
pub(super) struct SessionResource {
    pub id: Uuid,
    /// Whether this request belongs to the session.
    pub current: bool,
    pub created_at: DateTime<Utc>,
    pub used_at: DateTime<Utc>,
    pub user_agent: Option<String>,
}

//! What is sent and answered about sessions.

use chrono::{DateTime, Utc};
use poem_openapi::Object;
use serde::Deserialize;
use uuid::Uuid;

use crate::user::UserResource;

#[derive(Debug, Object, Deserialize)]
#[oai(deny_unknown_fields)]
#[serde(deny_unknown_fields)]
pub struct Register {
    pub email: String,
    /// At least 8 characters, at most 1024 bytes.
    pub password: String,
    pub display_name: String,
    /// Keeps the refresh token in an `HttpOnly` cookie instead of the answer.
    pub cookie: Option<bool>,
}

#[derive(Debug, Object, Deserialize)]
#[oai(deny_unknown_fields)]
#[serde(deny_unknown_fields)]
pub struct Login {
    pub email: String,
    pub password: String,
    /// Keeps the refresh token in an `HttpOnly` cookie instead of the answer.
    pub cookie: Option<bool>,
}

#[derive(Debug, Object, Deserialize)]
#[oai(deny_unknown_fields)]
#[serde(deny_unknown_fields)]
pub struct Refresh {
    /// Left out, the cookie is taken.
    pub refresh_token: Option<String>,
}

/// The tokens of a session.
#[derive(Debug, Object)]
pub struct TokenPair {
    pub access_token: String,
    /// None when it went into the cookie.
    pub refresh_token: Option<String>,
    pub token_type: String,
    /// Seconds until the access token expires.
    pub expires_in: u64,
    pub user: UserResource,
}

/// A session of one's own.
#[derive(Debug, Object)]
#[oai(rename = "Session")]
pub struct SessionResource {
    pub id: Uuid,
    /// Whether this very request belongs to it.
    pub current: bool,
    pub created_at: DateTime<Utc>,
    pub used_at: DateTime<Utc>,
    pub user_agent: Option<String>,
}

//! Request and response bodies of setup.

use poem_openapi::Object;
use serde::Deserialize;

#[derive(Debug, Object)]
pub(super) struct SetupState {
    /// Whether there is no administrator yet.
    pub needed: bool,
    /// Whether people can create an account themselves; not before the setup is complete.
    pub registration_open: bool,
}

#[derive(Debug, Object, Deserialize)]
#[oai(deny_unknown_fields)]
#[serde(deny_unknown_fields)]
pub(super) struct Setup {
    /// The token in the link that the server prints at its start.
    pub token: String,
    pub email: String,
    /// At least 8 characters, at most 1024 bytes.
    pub password: String,
    pub display_name: String,
    /// True sets the refresh token as an `HttpOnly` cookie instead of returning it.
    pub cookie: Option<bool>,
}

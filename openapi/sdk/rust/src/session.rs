//! The access token of a client: given, or obtained with an email address and a password and renewed before it expires.

use std::time::{Duration, Instant};

use reqwest::Method;
use tokio::sync::Mutex;

use crate::call::Call;
use crate::error::Error;
use crate::transport::Transport;
use crate::types::{Login, Refresh, TokenPair};

/// Renews a token this long before it expires.
const MARGIN: Duration = Duration::from_secs(30);

pub(crate) enum Credentials {
    None,
    Token(String),
    Source(TokenSource),
    Password { email: String, password: String },
}

/// Returns a valid access token.
type TokenSource = Box<dyn Fn() -> String + Send + Sync>;

/// Hides secrets.
impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::None => "None",
            Self::Token(_) => "Token",
            Self::Source(_) => "Source",
            Self::Password { .. } => "Password",
        })
    }
}

pub(crate) struct Session {
    credentials: Credentials,
    tokens: Mutex<Option<Tokens>>,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.credentials.fmt(f)
    }
}

struct Tokens {
    access: String,
    refresh: Option<String>,
    expires: Instant,
}

impl Session {
    pub(crate) fn new(credentials: Credentials) -> Self {
        Self {
            credentials,
            tokens: Mutex::new(None),
        }
    }

    /// A valid access token. `rejected` is one that the server no longer accepts.
    pub(crate) async fn token(
        &self,
        transport: &Transport,
        rejected: Option<&str>,
    ) -> Result<Option<String>, Error> {
        let (email, password) = match &self.credentials {
            Credentials::None => return Ok(None),
            Credentials::Token(token) => return Ok(Some(token.clone())),
            Credentials::Source(issue) => return Ok(Some(issue())),
            Credentials::Password { email, password } => (email, password),
        };
        // Held while a token is obtained, so that concurrent requests share it.
        let mut tokens = self.tokens.lock().await;
        if let Some(known) = &*tokens
            && rejected != Some(known.access.as_str())
            && known.expires > Instant::now()
        {
            return Ok(Some(known.access.clone()));
        }
        let refresh = tokens.take().and_then(|known| known.refresh);
        let renewed = match refresh {
            Some(token) => renew(transport, token).await?,
            None => None,
        };
        let pair = match renewed {
            Some(pair) => pair,
            None => fetch(transport, "login", &Login::new(email, password)).await?,
        };
        let lifetime = Duration::from_secs(pair.expires_in);
        let known = tokens.insert(Tokens {
            access: pair.access_token,
            refresh: pair.refresh_token,
            expires: Instant::now() + lifetime.saturating_sub(MARGIN),
        });
        Ok(Some(known.access.clone()))
    }

    /// Whether the server rejected a token that can be replaced.
    pub(crate) fn can_replace_token(&self, error: &Error) -> bool {
        error.status() == Some(401) && matches!(self.credentials, Credentials::Password { .. })
    }
}

/// Renews the tokens; none if the session has ended.
async fn renew(transport: &Transport, refresh_token: String) -> Result<Option<TokenPair>, Error> {
    let body = Refresh {
        refresh_token: Some(refresh_token),
    };
    match fetch(transport, "refresh", &body).await {
        Ok(pair) => Ok(Some(pair)),
        Err(error) if error.status() == Some(401) => Ok(None),
        Err(error) => Err(error),
    }
}

async fn fetch(
    transport: &Transport,
    operation: &str,
    body: &impl serde::Serialize,
) -> Result<TokenPair, Error> {
    let call = Call::once(Method::POST, &["auth", operation]).json(body);
    let received = transport.fetch(&call, None).await?;
    Ok(serde_json::from_slice(&received.body)?)
}

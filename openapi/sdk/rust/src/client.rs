//! The client and its settings.

use std::sync::Arc;
use std::time::Duration;

use reqwest::{Response, Url};

use crate::call::Call;
use crate::error::Error;
use crate::session::{Credentials, Session};
use crate::transport::{Received, Transport};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const TIMEOUT: Duration = Duration::from_mins(1);
const RETRIES: u32 = 4;
const PATIENCE: Duration = Duration::from_mins(2);

/// A client of a server. Clones share connections and the session.
#[derive(Debug, Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    transport: Transport,
    session: Session,
    patience: Duration,
}

impl Client {
    /// Settings of a client for the server at a URL such as `https://chat.example.org`.
    pub fn builder(base_url: &str) -> Builder {
        Builder {
            base_url: base_url.to_owned(),
            credentials: Credentials::None,
            http: reqwest::Client::builder().connect_timeout(CONNECT_TIMEOUT),
            timeout: TIMEOUT,
            retries: RETRIES,
            patience: PATIENCE,
        }
    }

    /// The URL of the server.
    pub fn base_url(&self) -> &Url {
        &self.inner.transport.base_url
    }

    pub(crate) fn patience(&self) -> Duration {
        self.inner.patience
    }

    /// Sends a call with the token of the session and receives the complete response.
    pub(crate) async fn fetch(&self, call: &Call) -> Result<Received, Error> {
        let Inner {
            transport, session, ..
        } = &*self.inner;
        let token = session.token(transport, None).await?;
        match transport.fetch(call, token.as_deref()).await {
            Err(error) if session.can_replace_token(&error) => {
                let token = session.token(transport, token.as_deref()).await?;
                transport.fetch(call, token.as_deref()).await
            }
            result => result,
        }
    }

    /// Sends a call whose response is read piece by piece.
    pub(crate) async fn open(&self, call: &Call) -> Result<Response, Error> {
        let Inner {
            transport, session, ..
        } = &*self.inner;
        let token = session.token(transport, None).await?;
        match transport.open(call, token.as_deref()).await {
            Err(error) if session.can_replace_token(&error) => {
                let token = session.token(transport, token.as_deref()).await?;
                transport.open(call, token.as_deref()).await
            }
            result => result,
        }
    }
}

/// Settings of a [`Client`].
#[derive(Debug)]
#[must_use]
pub struct Builder {
    base_url: String,
    credentials: Credentials,
    http: reqwest::ClientBuilder,
    timeout: Duration,
    retries: u32,
    patience: Duration,
}

impl Builder {
    /// Uses an access token.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.credentials = Credentials::Token(token.into());
        self
    }

    /// Uses the access token that a function returns, which is called before each request.
    pub fn token_source(mut self, source: impl Fn() -> String + Send + Sync + 'static) -> Self {
        self.credentials = Credentials::Source(Box::new(source));
        self
    }

    /// Logs in before the first request, and renews the token before it expires.
    pub fn password(mut self, email: impl Into<String>, password: impl Into<String>) -> Self {
        self.credentials = Credentials::Password {
            email: email.into(),
            password: password.into(),
        };
        self
    }

    /// How long a request may take, except uploads, downloads and streams. 60 s by default.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How often a request is repeated after a transient failure. 4 times by default.
    pub fn retries(mut self, retries: u32) -> Self {
        self.retries = retries;
        self
    }

    /// How long a stream that has lost its connection tries to reconnect. Two minutes by default.
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Changes the settings of the HTTP client, such as proxies and certificates.
    pub fn http(
        mut self,
        change: impl FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder,
    ) -> Self {
        self.http = change(self.http);
        self
    }

    /// Fails if the URL is not the URL of a server, or TLS cannot be set up.
    pub fn build(self) -> Result<Client, Error> {
        let base_url = Url::parse(&self.base_url).ok();
        let base_url = base_url
            .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
            .ok_or_else(|| {
                Error::Invalid(format!(
                    "{} is not the URL of a server, such as https://chat.example.org",
                    self.base_url
                ))
            })?;
        Ok(Client {
            inner: Arc::new(Inner {
                transport: Transport {
                    http: self.http.build().map_err(Error::Network)?,
                    base_url,
                    retries: self.retries,
                    timeout: self.timeout,
                },
                session: Session::new(self.credentials),
                patience: self.patience,
            }),
        })
    }
}

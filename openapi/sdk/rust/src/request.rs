//! A request of an operation, and its reply.

use std::future::{Future, IntoFuture};
use std::marker::PhantomData;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use reqwest::header::HeaderMap;
use serde::de::DeserializeOwned;

use crate::call::Call;
use crate::client::Client;
use crate::download::Download;
use crate::error::Error;

/// A request that is sent when it is awaited; [`Request::send`] returns the headers of the reply too.
#[derive(Debug)]
#[must_use = "a request is sent when it is awaited"]
pub struct Request<T> {
    client: Client,
    call: Call,
    answer: PhantomData<fn() -> T>,
}

impl<T> Clone for Request<T> {
    fn clone(&self) -> Self {
        Self {
            client: self.client.clone(),
            call: self.call.clone(),
            answer: PhantomData,
        }
    }
}

/// What an operation returned.
#[derive(Debug)]
#[non_exhaustive]
pub struct Reply<T> {
    pub value: T,
    /// The version of the object, for [`Request::if_match`].
    pub etag: Option<String>,
    /// The path of the created object or job.
    pub location: Option<String>,
    /// The log position that the reply includes, for [`Request::min_position`].
    pub position: Option<i64>,
    /// Identifies the request in the log of the server.
    pub request_id: Option<String>,
}

impl<T> Reply<T> {
    fn new(value: T, headers: &HeaderMap) -> Self {
        let text = |name| {
            let value = headers.get(name)?;
            value.to_str().ok().map(str::to_owned)
        };
        Self {
            value,
            etag: text("etag"),
            location: text("location"),
            position: text("convosphere-position").and_then(|position| position.parse().ok()),
            request_id: text("x-request-id"),
        }
    }
}

/// What an operation returns: an object, nothing, or a [`Download`].
pub trait Answer: Sized + Send {
    #[doc(hidden)]
    fn receive(request: Request<Self>) -> impl Future<Output = Result<Reply<Self>, Error>> + Send;
}

impl<T: DeserializeOwned + Send> Answer for T {
    async fn receive(request: Request<Self>) -> Result<Reply<Self>, Error> {
        let received = request.client.fetch(&request.call).await?;
        let body: &[u8] = match received.body.is_empty() {
            true => b"null",
            false => &received.body,
        };
        Ok(Reply::new(serde_json::from_slice(body)?, &received.headers))
    }
}

impl Answer for Download {
    async fn receive(request: Request<Self>) -> Result<Reply<Self>, Error> {
        let response = request.client.open(&request.call).await?;
        let headers = response.headers().clone();
        Ok(Reply::new(Download::new(response), &headers))
    }
}

impl<T> Request<T> {
    pub(crate) fn new(client: &Client, call: Call) -> Self {
        Self {
            client: client.clone(),
            call,
            answer: PhantomData,
        }
    }

    fn header(mut self, name: &'static str, value: &str) -> Self {
        self.call = self.call.header(name, value);
        self
    }

    pub(crate) fn parameter(mut self, name: &str, value: &str) -> Self {
        self.call.parameter(name, value);
        self
    }

    /// Changes the object only if it still has this version; otherwise the server answers 412.
    pub fn if_match(self, etag: &str) -> Self {
        self.header("If-Match", etag)
    }

    /// Replaces the random key, under which the server executes a write once within 24 hours.
    pub fn idempotency_key(self, key: &str) -> Self {
        self.header("Idempotency-Key", key)
    }

    /// Why the change is made; stored encrypted in the event log.
    pub fn reason(self, reason: &str) -> Self {
        self.header("ConvoSphere-Reason", reason)
    }

    /// Reads a state that includes this log position, which another client's write returned.
    pub fn min_position(self, position: i64) -> Self {
        self.header("ConvoSphere-Min-Position", &position.to_string())
    }

    /// How long an attempt may take.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.call.timeout = Some(timeout);
        self
    }
}

impl Request<Download> {
    /// Part of the contents, such as `bytes=0-1023`.
    pub fn range(self, range: &str) -> Self {
        self.header("Range", range)
    }
}

impl<T: Answer> Request<T> {
    /// Sends the request and returns the headers of the reply too.
    pub async fn send(self) -> Result<Reply<T>, Error> {
        T::receive(self).await
    }
}

impl<T: Answer + 'static> IntoFuture for Request<T> {
    type Output = Result<T, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        async move { Ok(self.send().await?.value) }.boxed()
    }
}

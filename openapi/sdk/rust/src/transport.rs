//! Sends calls, and repeats them after transient failures.

use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use reqwest::{Response, Url};
use uuid::Uuid;

use crate::call::{Body, Call, Repeat};
use crate::error::Error;
use crate::types::Problem;

const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(8);
/// A server that wants a longer pause gets none: the caller decides.
const LONGEST_RETRY_AFTER: Duration = Duration::from_mins(1);

/// A successful response with its complete body.
pub(crate) struct Received {
    pub headers: HeaderMap,
    pub body: Bytes,
}

#[derive(Debug)]
pub(crate) struct Transport {
    pub http: reqwest::Client,
    /// Without a slash at the end.
    pub base_url: Url,
    pub retries: u32,
    /// For responses that arrive in one piece.
    pub timeout: Duration,
}

impl Transport {
    /// Sends a call and receives the complete response.
    pub(crate) async fn fetch(&self, call: &Call, token: Option<&str>) -> Result<Received, Error> {
        let mut failures = 0;
        loop {
            match self.attempt_whole(call, token).await {
                Ok(received) => return Ok(received),
                Err(error) => self.pause_or_fail(call, error, &mut failures).await?,
            }
        }
    }

    /// Sends a call whose response is read piece by piece.
    pub(crate) async fn open(&self, call: &Call, token: Option<&str>) -> Result<Response, Error> {
        let mut failures = 0;
        loop {
            match self.attempt(call, token, None).await {
                Ok(response) => return Ok(response),
                Err(error) => self.pause_or_fail(call, error, &mut failures).await?,
            }
        }
    }

    /// Waits before the next attempt; returns the error if there must not be one.
    async fn pause_or_fail(
        &self,
        call: &Call,
        error: Error,
        failures: &mut u32,
    ) -> Result<(), Error> {
        *failures += 1;
        match pause_before_retry(&error, call, *failures) {
            Some(pause) if *failures <= self.retries => {
                tokio::time::sleep(pause).await;
                Ok(())
            }
            _ => Err(error),
        }
    }

    async fn attempt_whole(&self, call: &Call, token: Option<&str>) -> Result<Received, Error> {
        let response = self.attempt(call, token, Some(self.timeout)).await?;
        Ok(Received {
            headers: response.headers().clone(),
            body: response.bytes().await.map_err(Error::Network)?,
        })
    }

    async fn attempt(
        &self,
        call: &Call,
        token: Option<&str>,
        timeout: Option<Duration>,
    ) -> Result<Response, Error> {
        call.check()?;
        let mut request = self
            .http
            .request(call.method.clone(), self.url(call)?)
            .headers(call.headers.clone());
        if let Some(token) = token {
            request = request.header(AUTHORIZATION, format!("Bearer {token}"));
        }
        request = match &call.body {
            Body::Empty => request,
            Body::Json(text) => request
                .header(CONTENT_TYPE, "application/json")
                .body(text.clone()),
            Body::Upload(upload) => request.multipart(upload.form().await?),
        };
        // The duration of an upload depends on its size.
        let timeout = timeout.filter(|_| !matches!(call.body, Body::Upload(_)));
        if let Some(timeout) = call.timeout.or(timeout) {
            request = request.timeout(timeout);
        }
        let response = request.send().await.map_err(Error::Network)?;
        if response.status().is_success() {
            return Ok(response);
        }
        let status = response.status();
        let seconds = response.headers().get(RETRY_AFTER);
        let seconds = seconds.and_then(|value| value.to_str().ok()?.parse().ok());
        let body = response.bytes().await.map_err(Error::Network)?;
        Err(Error::Problem {
            problem: Box::new(Problem::parse(status, &body)),
            retry_after: seconds.map(Duration::from_secs),
        })
    }

    fn url(&self, call: &Call) -> Result<Url, Error> {
        let mut url = self.base_url.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(["api", "v1"]).extend(&call.path);
        }
        if call
            .path
            .iter()
            .any(|segment| matches!(segment.as_str(), "" | "." | ".."))
        {
            return Err(Error::Invalid("a part of the path is empty".to_owned()));
        }
        if !call.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&call.query);
        }
        Ok(url)
    }
}

/// How long to wait before the next attempt; none if the call must not or should not be repeated.
fn pause_before_retry(error: &Error, call: &Call, failures: u32) -> Option<Duration> {
    if matches!(&call.body, Body::Upload(upload) if !upload.is_repeatable())
        || !error.is_transient()
    {
        return None;
    }
    let was_executed = match error {
        Error::Network(error) => !error.is_connect(),
        Error::Problem { problem, .. } => !matches!(problem.status, 429 | 503),
        _ => true,
    };
    if call.repeat == Repeat::IfNotExecuted && was_executed {
        return None;
    }
    match error {
        Error::Problem {
            retry_after: Some(pause),
            ..
        } => (*pause <= LONGEST_RETRY_AFTER).then_some(*pause),
        _ => Some(pause_after(failures)),
    }
}

/// A pause that doubles with each failure, shortened at random so that clients do not come back together.
pub(crate) fn pause_after(failures: u32) -> Duration {
    let longest = FIRST_PAUSE.saturating_mul(1 << failures.saturating_sub(1).min(8));
    #[expect(clippy::disallowed_methods, reason = "jitter")]
    let random = f32::from(Uuid::new_v4().as_bytes()[0]) / 255.0;
    longest.min(LONGEST_PAUSE).mul_f32(1.0 - random / 4.0)
}

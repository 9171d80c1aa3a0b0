//! What the HTTP APIs of all providers have in common: bodies, errors, and pauses before a retry.

use std::error::Error;
use std::time::Duration;

use chrono::{DateTime, SubsecRound, Utc};
use domain::response::FailureCode;
use futures_util::StreamExt;
use reqwest::header::HeaderMap;
use reqwest::{Response, StatusCode};

use super::{ModelError, error_message};
use crate::egress::NameFault;

/// Bytes of an error's body; the rest is not read.
const ERROR_BODY_LIMIT: usize = 64 * 1024;
/// The longest pause in seconds that is believed.
const MAX_REQUESTED_PAUSE: f64 = 10.0 * 365.0 * 24.0 * 3600.0;

/// Reads a whole body of up to `limit` bytes. Fails if nothing is received for `idle`.
pub(crate) async fn read_body(
    response: Response,
    limit: usize,
    idle: Duration,
) -> Result<Vec<u8>, ModelError> {
    let (body, is_complete) = read_start(response, limit, idle).await?;
    match is_complete {
        true => Ok(body),
        false => Err(ModelError::provider("the response is too large")),
    }
}

/// Reads the start of a body; returns whether it is complete.
async fn read_start(
    response: Response,
    limit: usize,
    idle: Duration,
) -> Result<(Vec<u8>, bool), ModelError> {
    let mut body = Vec::new();
    let mut bytes = response.bytes_stream();
    loop {
        let more = tokio::time::timeout(idle, bytes.next())
            .await
            .map_err(|_| {
                let seconds = idle.as_secs();
                ModelError::timeout(format!("the provider sent nothing for {seconds} seconds"))
            })?;
        match more {
            Some(Ok(more)) => body.extend_from_slice(&more),
            Some(Err(_)) => return Err(ModelError::provider("the response broke off")),
            None => return Ok((body, true)),
        }
        if body.len() > limit {
            body.truncate(limit);
            return Ok((body, false));
        }
    }
}

/// Replaces a key in a text.
pub(super) fn mask_key(text: &str, key: Option<&str>) -> String {
    match key.filter(|key| !key.is_empty()) {
        Some(key) => text.replace(key, "***"),
        None => text.to_owned(),
    }
}

/// The pause that the provider requests, otherwise an exponential one.
pub(super) fn retry_pause(headers: &HeaderMap, attempt: u32, now: DateTime<Utc>) -> Duration {
    requested_pause(headers, now)
        .unwrap_or_else(|| Duration::from_millis(500) * 2_u32.pow(attempt - 1))
}

/// The pause that the provider requests: milliseconds, seconds with or without a fraction, or a date.
fn requested_pause(headers: &HeaderMap, now: DateTime<Utc>) -> Option<Duration> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let seconds = |number: f64| {
        (0.0..=MAX_REQUESTED_PAUSE)
            .contains(&number)
            .then(|| Duration::from_secs_f64(number))
    };
    let number = |text: &str| text.trim().parse::<f64>().ok();
    if let Some(pause) = text("retry-after-ms").and_then(number) {
        return seconds(pause / 1000.0);
    }
    let requested = text("retry-after")?.trim();
    if let Some(pause) = number(requested) {
        return seconds(pause);
    }
    let until = DateTime::parse_from_rfc2822(requested).ok()?;
    // A date in the past requests no pause.
    Some((until.to_utc() - now).to_std().unwrap_or_default())
}

/// Does not contain the URL, because everybody who asks can read it.
pub(crate) fn connection_error(error: &reqwest::Error) -> ModelError {
    if error.is_timeout() {
        return ModelError::timeout("timed out while connecting to the provider");
    }
    if let Some(fault) = find_name_fault(error) {
        return ModelError::new(FailureCode::ProviderUnreachable, fault.to_string());
    }
    ModelError::new(
        FailureCode::ProviderUnreachable,
        "cannot connect to the provider's address, or it is not allowed",
    )
}

/// The fault of the host name that could not be resolved.
pub(crate) fn find_name_fault(error: &reqwest::Error) -> Option<NameFault> {
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(found) = cause {
        if let Some(fault) = found.downcast_ref::<NameFault>() {
            return Some(*fault);
        }
        cause = found.source();
    }
    None
}

/// A request that failed.
#[derive(Debug)]
pub(crate) struct RequestFailure {
    pub error: ModelError,
    /// The status of the response; `None` without a response.
    pub status: Option<StatusCode>,
    /// The body of the response.
    pub body: String,
    /// The error message in the body.
    pub message: Option<String>,
}

impl RequestFailure {
    /// Whether another form of the request may succeed.
    pub(crate) fn is_bad_request(&self) -> bool {
        let statuses = [StatusCode::BAD_REQUEST, StatusCode::UNPROCESSABLE_ENTITY];
        self.status.is_some_and(|status| statuses.contains(&status))
            && self.error.code != FailureCode::ProviderUnauthorized
    }

    /// Whether the server failed. Some servers fail on fields that they do not accept: if the error names one, it is a
    /// rejection.
    pub(crate) fn is_server_fault(&self) -> bool {
        let statuses = [
            StatusCode::INTERNAL_SERVER_ERROR,
            StatusCode::NOT_IMPLEMENTED,
        ];
        self.status.is_some_and(|status| statuses.contains(&status))
    }
}

impl From<ModelError> for RequestFailure {
    fn from(error: ModelError) -> Self {
        Self {
            error,
            status: None,
            body: String::new(),
            message: None,
        }
    }
}

/// Reads an error response, bounded and without the API key.
pub(crate) async fn read_failure(
    response: Response,
    api_key: Option<&str>,
    idle: Duration,
    now: DateTime<Utc>,
) -> RequestFailure {
    let status = response.status();
    let wait = requested_pause(response.headers(), now);
    let (body, _) = read_start(response, ERROR_BODY_LIMIT, idle)
        .await
        .unwrap_or_default();
    let body = mask_key(&String::from_utf8_lossy(&body), api_key);
    let message = error_message::message_in_body(&body);
    let description = match &message {
        Some(message) => format!(": {message}"),
        None => describe_status(status, &body).to_owned(),
    };
    let wait = wait.map_or_else(String::new, |wait| {
        format!("; {}", describe_wait(wait, now))
    });
    let detail = format!("the provider returned {status}{description}{wait}");
    let code = match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::PAYMENT_REQUIRED => {
            FailureCode::ProviderUnauthorized
        }
        // Google reports an invalid key like this.
        StatusCode::BAD_REQUEST if body.contains("\"API_KEY_INVALID\"") => {
            FailureCode::ProviderUnauthorized
        }
        StatusCode::TOO_MANY_REQUESTS => FailureCode::ProviderRateLimited,
        StatusCode::NOT_FOUND => FailureCode::ModelUnavailable,
        _ => FailureCode::ProviderError,
    };
    RequestFailure {
        error: ModelError::new(code, detail),
        status: Some(status),
        body,
        message,
    }
}

/// Describes an error response without a message.
fn describe_status(status: StatusCode, body: &str) -> &'static str {
    match (status, error_message::is_html(body)) {
        (status, _) if status.is_redirection() => {
            ": redirects are not followed; check the provider's base_url"
        }
        (status, true) if status.is_server_error() => " with a web page",
        (_, true) => " with a web page; check the provider's base_url",
        (_, false) => "",
    }
}

/// Says when to try again.
fn describe_wait(wait: Duration, now: DateTime<Utc>) -> String {
    let seconds = wait.as_secs_f64().ceil();
    let until = chrono::Duration::from_std(wait)
        .ok()
        .and_then(|wait| now.checked_add_signed(wait))
        .map(|until| {
            until
                .round_subsecs(0)
                .format(" (%Y-%m-%d %H:%M:%S UTC)")
                .to_string()
        });
    format!("retry in {seconds} seconds{}", until.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;

    use super::*;

    #[test]
    fn a_provider_can_request_a_pause_in_several_ways() {
        let now = Utc.with_ymd_and_hms(2026, 3, 1, 12, 0, 0).unwrap();
        for (name, value, millis) in [
            ("retry-after", "4", Some(4_000)),
            ("retry-after", " 4.5 ", Some(4_500)),
            ("retry-after-ms", "250", Some(250)),
            ("retry-after-ms", "250.5", Some(250)),
            ("retry-after", "Sun, 01 Mar 2026 12:00:04 GMT", Some(4_000)),
            (
                "retry-after",
                "Sun, 01 Mar 2026 14:00:04 +0200",
                Some(4_000),
            ),
            ("retry-after", "Sun, 01 Mar 2026 11:59:00 GMT", Some(0)),
            ("retry-after", "0", Some(0)),
            ("retry-after", "-1", None),
            ("retry-after", "1e300", None),
            ("retry-after", "NaN", None),
            ("retry-after", "soon", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(name, value.parse().unwrap());
            let requested = requested_pause(&headers, now).map(|pause| pause.as_millis());
            assert_eq!(requested, millis, "{name}: {value}");
        }
        assert_eq!(
            retry_pause(&HeaderMap::new(), 3, now),
            Duration::from_secs(2)
        );
        let text = describe_wait(Duration::from_hours(1), now);
        assert_eq!(text, "retry in 3600 seconds (2026-03-01 13:00:00 UTC)");
    }

    #[test]
    fn a_key_is_masked_wherever_it_is_repeated() {
        assert_eq!(mask_key("a sk-1 b sk-1", Some("sk-1")), "a *** b ***");
        assert_eq!(mask_key("a", Some("")), "a");
    }
}

//! What all kinds of providers have in common on the wire: limits on time and size, and what a refusal says.

use std::time::Duration;

use domain::response::FailureCode;
use futures_util::{Stream, StreamExt};
use reqwest::{Response, StatusCode};
use serde_json::Value;

use super::ModelError;

/// Between two pieces.
pub(super) const IDLE_LIMIT: Duration = Duration::from_mins(1);
/// Bytes on the wire of a whole answer.
const BYTE_LIMIT: usize = 32 * 1024 * 1024;
/// Bytes of one line: who parses it looks at all of it again with every piece that comes.
const LINE_LIMIT: usize = 1024 * 1024;
/// Of an error's body.
const ERROR_LIMIT: usize = 16 * 1024;

/// A whole body, up to so many bytes.
pub(crate) async fn body(response: Response, limit: usize) -> Result<Vec<u8>, ModelError> {
    let mut body = Vec::new();
    let mut bytes = response.bytes_stream();
    loop {
        let more = tokio::time::timeout(IDLE_LIMIT, bytes.next())
            .await
            .map_err(|_| ModelError::timeout("the provider said nothing for a minute"))?;
        match more {
            Some(Ok(more)) => body.extend_from_slice(&more),
            Some(Err(_)) => return Err(ModelError::provider("the answer broke off")),
            None => return Ok(body),
        }
        if body.len() > limit {
            return Err(ModelError::provider("the answer is too large"));
        }
    }
}

/// The reason that an error gives, as one line of bounded length.
pub(super) fn told_error(told: &Value) -> Option<String> {
    let error = &told["error"];
    let message = error["message"].as_str().or(error.as_str())?;
    Some(
        message
            .chars()
            .filter(|c| !c.is_control())
            .take(500)
            .collect(),
    )
}

/// The pause that a provider asks for, else a growing one.
pub(super) fn pause(response: &Response, tried: u32) -> Duration {
    let asked = response
        .headers()
        .get("retry-after")
        .and_then(|value| value.to_str().ok()?.trim().parse().ok());
    match asked {
        Some(seconds) => Duration::from_secs(seconds),
        None => Duration::from_millis(500) * 2_u32.pow(tried - 1),
    }
}

/// The bytes of an answer, ended by an error where they are too many.
pub(super) fn capped(response: Response) -> impl Stream<Item = Result<Vec<u8>, std::io::Error>> {
    let (mut total, mut line) = (0, 0);
    response.bytes_stream().map(move |bytes| {
        let bytes = bytes.map_err(std::io::Error::other)?;
        total += bytes.len();
        line = match bytes.iter().rposition(|byte| *byte == b'\n') {
            Some(end) => bytes.len() - end,
            None => line + bytes.len(),
        };
        if total > BYTE_LIMIT || line > LINE_LIMIT {
            return Err(std::io::Error::other("the answer is too large"));
        }
        Ok(bytes.to_vec())
    })
}

/// Without the URL: one that is blocked looks like one where nothing listens.
pub(super) fn unreachable(error: &reqwest::Error) -> ModelError {
    if error.is_timeout() {
        return ModelError::timeout("the provider could not be connected to in time");
    }
    ModelError::new(
        FailureCode::ProviderUnreachable,
        "nothing answers at the provider's address, or it may not be called",
    )
}

/// What a refusal says, bounded and without the key.
pub(crate) async fn refused(response: Response, api_key: Option<&str>) -> ModelError {
    let status = response.status();
    let body = body(response, ERROR_LIMIT).await.unwrap_or_default();
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let told = told_error(&body);
    let told = told.map_or_else(String::new, |told| format!(": {told}"));
    let mut detail = format!("the provider answered {status}{told}");
    if let Some(key) = api_key {
        detail = detail.replace(key, "***");
    }
    let code = match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::PAYMENT_REQUIRED => {
            FailureCode::ProviderUnauthorized
        }
        // Google says so of a wrong key.
        StatusCode::BAD_REQUEST if body.to_string().contains("\"API_KEY_INVALID\"") => {
            FailureCode::ProviderUnauthorized
        }
        StatusCode::TOO_MANY_REQUESTS => FailureCode::ProviderRateLimited,
        StatusCode::NOT_FOUND => FailureCode::ModelUnavailable,
        _ => FailureCode::ProviderError,
    };
    ModelError::new(code, detail)
}

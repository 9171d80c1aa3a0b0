//! What all kinds of providers have in common on the wire: limits on time and size, and what a refusal says.

use std::net::IpAddr;
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

/// The reason that an error gives, as one line of bounded length. Everybody who asks reads it, so it names no address:
/// providers tell of servers behind them.
pub(super) fn told_error(told: &Value) -> Option<String> {
    let error = &told["error"];
    let message = error["message"].as_str().or(error.as_str())?;
    let line: String = message
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(500)
        .collect();
    let words = line.split(' ').map(|word| match is_address(word) {
        true => "[address]",
        false => word,
    });
    Some(words.collect::<Vec<_>>().join(" ").trim().to_owned())
}

/// Whether a word names a place in a network: a URL, an address, or a host with a port.
fn is_address(word: &str) -> bool {
    let plain = |c: char| "\"'`()<>{},;!?=".contains(c);
    word.split(plain).any(|part| {
        let part = part.trim_end_matches(['.', ':']);
        let bare = part.trim_start_matches('[').trim_end_matches(']');
        let with_port = part.rsplit_once(':').is_some_and(|(host, rest)| {
            let port = rest.split('/').next().unwrap_or_default();
            let named = host.contains(|c: char| c.is_ascii_alphabetic() || c == '.');
            named && port.len() > 1 && port.parse::<u16>().is_ok()
        });
        let host = part.split('/').next().unwrap_or_default();
        let is_ip = host.parse::<IpAddr>().is_ok() || bare.parse::<IpAddr>().is_ok();
        part.contains("://") || with_port || is_ip || is_inner_name(host)
    })
}

/// Whether a word has the shape of a host's name within a network.
fn is_inner_name(word: &str) -> bool {
    const ENDINGS: [&str; 7] = ["local", "internal", "intern", "lan", "corp", "home", "svc"];
    let labels: Vec<&str> = word.split('.').collect();
    let shaped = labels.iter().all(|label| {
        !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    });
    let last = labels.last().copied().unwrap_or_default();
    let named = last.len() > 1 && last.chars().all(|c| c.is_ascii_alphabetic());
    shaped
        && (word == "localhost"
            || labels.len() > 2 && named
            || labels.len() > 1 && ENDINGS.contains(&last))
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::told_error;

    #[test]
    fn the_reason_of_an_error_names_no_address() {
        for (said, told) in [
            ("model is overloaded", "model is overloaded"),
            (
                "at 12:30 use gpt-4.1, please",
                "at 12:30 use gpt-4.1, please",
            ),
            (
                "cannot reach http://10.0.0.7:8000/v1/x now",
                "cannot reach [address] now",
            ),
            (
                "dial tcp 10.0.0.7:8000: refused",
                "dial tcp [address] refused",
            ),
            ("no route to 192.168.1.9.", "no route to [address]"),
            (
                "host='gpu7.intern.example', port=8000",
                "[address] port=8000",
            ),
            ("upstream vllm-7:8000/generate", "upstream [address]"),
            (
                "from [fd00::12]:443 and fd00::12",
                "from [address] and [address]",
            ),
            (
                "lost localhost and db.internal",
                "lost [address] and [address]",
            ),
        ] {
            let error = json!({"error": {"message": said}});
            assert_eq!(told_error(&error).as_deref(), Some(told));
        }
    }
}

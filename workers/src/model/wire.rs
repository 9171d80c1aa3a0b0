//! What all kinds of providers have in common on the wire: the size of a body, what a refusal says, and for how long.

use std::error::Error;
use std::time::Duration;

use chrono::{DateTime, SubsecRound, Utc};
use domain::response::FailureCode;
use futures_util::StreamExt;
use reqwest::header::HeaderMap;
use reqwest::{Response, StatusCode};

use super::{ModelError, reason};
use crate::egress::NameFault;

/// Of an error's body: what follows is not read.
const ERROR_LIMIT: usize = 64 * 1024;
/// How long a pause that a provider asks for is taken for one.
const LONGEST_ASKED: f64 = 10.0 * 365.0 * 24.0 * 3600.0;

/// A whole body, up to so many bytes, that never falls silent for so long.
pub(crate) async fn body(
    response: Response,
    limit: usize,
    idle: Duration,
) -> Result<Vec<u8>, ModelError> {
    let (body, whole) = beginning(response, limit, idle).await?;
    match whole {
        true => Ok(body),
        false => Err(ModelError::provider("the answer is too large")),
    }
}

/// The beginning of a body, and whether that is all of it.
async fn beginning(
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
                ModelError::timeout(format!("the provider said nothing for {seconds} seconds"))
            })?;
        match more {
            Some(Ok(more)) => body.extend_from_slice(&more),
            Some(Err(_)) => return Err(ModelError::provider("the answer broke off")),
            None => return Ok((body, true)),
        }
        if body.len() > limit {
            body.truncate(limit);
            return Ok((body, false));
        }
    }
}

/// A text without a key that it repeats.
pub(super) fn masked(text: &str, key: Option<&str>) -> String {
    match key.filter(|key| !key.is_empty()) {
        Some(key) => text.replace(key, "***"),
        None => text.to_owned(),
    }
}

/// The pause that a provider asks for, else a growing one.
pub(super) fn pause(headers: &HeaderMap, tried: u32, now: DateTime<Utc>) -> Duration {
    asked_pause(headers, now).unwrap_or_else(|| Duration::from_millis(500) * 2_u32.pow(tried - 1))
}

/// The pause that a provider asks for: milliseconds, seconds with or without a fraction, or a time.
fn asked_pause(headers: &HeaderMap, now: DateTime<Utc>) -> Option<Duration> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let seconds = |number: f64| {
        (0.0..=LONGEST_ASKED)
            .contains(&number)
            .then(|| Duration::from_secs_f64(number))
    };
    let number = |text: &str| text.trim().parse::<f64>().ok();
    if let Some(pause) = text("retry-after-ms").and_then(number) {
        return seconds(pause / 1000.0);
    }
    let asked = text("retry-after")?.trim();
    if let Some(pause) = number(asked) {
        return seconds(pause);
    }
    let until = DateTime::parse_from_rfc2822(asked).ok()?;
    // One that has passed asks for none.
    Some((until.to_utc() - now).to_std().unwrap_or_default())
}

/// Without the URL: everybody who asks reads it.
pub(crate) fn unreachable(error: &reqwest::Error) -> ModelError {
    if error.is_timeout() {
        return ModelError::timeout("the provider could not be connected to in time");
    }
    if let Some(fault) = name_fault(error) {
        return ModelError::new(FailureCode::ProviderUnreachable, fault.to_string());
    }
    ModelError::new(
        FailureCode::ProviderUnreachable,
        "nothing answers at the provider's address, or it may not be called",
    )
}

/// What is wrong with the name that was to be called.
pub(crate) fn name_fault(error: &reqwest::Error) -> Option<NameFault> {
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(found) = cause {
        if let Some(fault) = found.downcast_ref::<NameFault>() {
            return Some(*fault);
        }
        cause = found.source();
    }
    None
}

/// A question that was not answered.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub error: ModelError,
    /// The status of an answer that refuses; none where there was no answer.
    pub status: Option<StatusCode>,
    /// What it says, in its own words.
    pub said: String,
    /// The reason in them, where they give one.
    pub reason: Option<String>,
}

impl Refusal {
    /// Whether the same question may be taken where it is put in another way.
    pub fn is_about_the_body(&self) -> bool {
        let statuses = [StatusCode::BAD_REQUEST, StatusCode::UNPROCESSABLE_ENTITY];
        self.status.is_some_and(|status| statuses.contains(&status))
            && self.error.code != FailureCode::ProviderUnauthorized
    }

    /// Whether the server itself failed. Some fail over what they do not take: where they name it, that is a refusal.
    pub fn is_fault(&self) -> bool {
        let statuses = [
            StatusCode::INTERNAL_SERVER_ERROR,
            StatusCode::NOT_IMPLEMENTED,
        ];
        self.status.is_some_and(|status| statuses.contains(&status))
    }
}

impl From<ModelError> for Refusal {
    fn from(error: ModelError) -> Self {
        Self {
            error,
            status: None,
            said: String::new(),
            reason: None,
        }
    }
}

/// What a refusal says, bounded and without the key.
pub(crate) async fn refused(response: Response, api_key: Option<&str>, idle: Duration) -> Refusal {
    let status = response.status();
    let wait = asked_pause(response.headers(), Utc::now());
    let (body, _) = beginning(response, ERROR_LIMIT, idle)
        .await
        .unwrap_or_default();
    let said = masked(&String::from_utf8_lossy(&body), api_key);
    let reason = reason::of_body(&said);
    let told = match &reason {
        Some(told) => format!(": {told}"),
        None => in_place_of_a_reason(status, &said).to_owned(),
    };
    let wait = wait.map_or_else(String::new, |wait| format!("; {}", again(wait, Utc::now())));
    let detail = format!("the provider answered {status}{told}{wait}");
    let code = match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::PAYMENT_REQUIRED => {
            FailureCode::ProviderUnauthorized
        }
        // Google says so of a wrong key.
        StatusCode::BAD_REQUEST if said.contains("\"API_KEY_INVALID\"") => {
            FailureCode::ProviderUnauthorized
        }
        StatusCode::TOO_MANY_REQUESTS => FailureCode::ProviderRateLimited,
        StatusCode::NOT_FOUND => FailureCode::ModelUnavailable,
        _ => FailureCode::ProviderError,
    };
    Refusal {
        error: ModelError::new(code, detail),
        status: Some(status),
        said,
        reason,
    }
}

/// What is told of a refusal that gives no reason.
fn in_place_of_a_reason(status: StatusCode, said: &str) -> &'static str {
    match (status, reason::is_page(said)) {
        (status, _) if status.is_redirection() => {
            ": it is at another address, and redirects are not followed; check the provider's base_url"
        }
        (status, true) if status.is_server_error() => " with a web page",
        (_, true) => " with a web page; check the provider's base_url",
        (_, false) => "",
    }
}

/// When it may be asked again.
fn again(wait: Duration, now: DateTime<Utc>) -> String {
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
    format!(
        "it wants to be asked again in {seconds} seconds{}",
        until.unwrap_or_default()
    )
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;

    use super::*;

    #[test]
    fn a_provider_asks_for_a_pause_in_several_ways() {
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
            let asked = asked_pause(&headers, now).map(|pause| pause.as_millis());
            assert_eq!(asked, millis, "{name}: {value}");
        }
        assert_eq!(pause(&HeaderMap::new(), 3, now), Duration::from_secs(2));
        let told = again(Duration::from_hours(1), now);
        assert_eq!(
            told,
            "it wants to be asked again in 3600 seconds (2026-03-01 13:00:00 UTC)"
        );
    }

    #[test]
    fn a_key_is_masked_wherever_it_is_repeated() {
        assert_eq!(masked("a sk-1 b sk-1", Some("sk-1")), "a *** b ***");
        assert_eq!(masked("a", Some("")), "a");
    }
}

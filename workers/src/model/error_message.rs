//! Extracts the message of a provider's error, in whatever shape, as one line of bounded length. Everybody who asks can
//! read it, so it contains no addresses: providers report the servers behind them.

use std::net::IpAddr;

use serde_json::Value;

/// Characters of a message.
const MAX_LENGTH: usize = 500;
/// How deeply a message may be nested.
const MAX_DEPTH: usize = 6;
/// Names of an error or its message, the most likely first.
const NAMES: [&str; 15] = [
    "message",
    "msg",
    "status_msg",
    "error",
    "errors",
    "detail",
    "details",
    "error_description",
    "error_message",
    "errorMessage",
    "Message",
    "description",
    "reason",
    "title",
    "text",
];

/// The error that a value of a stream reports; `None` if it reports none.
pub(super) fn find_error(value: &Value) -> Option<&Value> {
    for name in ["error", "errors"] {
        let is_present = match &value[name] {
            Value::Null | Value::Bool(false) => false,
            Value::String(text) => !text.trim().is_empty(),
            Value::Array(list) => !list.is_empty(),
            Value::Object(fields) => !fields.is_empty(),
            Value::Bool(true) | Value::Number(_) => true,
        };
        if is_present {
            let is_bare = value[name].is_boolean() || value[name].is_number();
            return Some(if is_bare { value } else { &value[name] });
        }
    }
    let is_error = |name: &str| value[name].as_str() == Some("error");
    let answers = ["choices", "candidates", "delta", "content", "content_block"];
    let has_no_answer = value.is_object() && answers.iter().all(|name| value.get(name).is_none());
    let has_error_code = CODES.iter().any(|name| is_failure(&value[*name]));
    let has_failed_status = has_no_answer
        && STATUSES.iter().any(|name| is_failure(&value[*name]))
        && ["message", "msg"]
            .iter()
            .any(|name| value[*name].is_string());
    let is_marked = is_error("object") || is_error("type") || has_error_code || has_failed_status;
    if is_marked || has_no_answer && value.get("detail").is_some() {
        return Some(value);
    }
    let status = &value["base_resp"];
    is_failure(&status["status_code"]).then_some(status)
}

/// Codes that only errors have.
const CODES: [&str; 3] = ["error_code", "errorCode", "err_code"];
/// Codes that accompany the message of errors and of successes.
const STATUSES: [&str; 6] = [
    "code",
    "status",
    "statusCode",
    "status_code",
    "status_no",
    "__type",
];

/// Whether a code means failure.
fn is_failure(code: &Value) -> bool {
    match code {
        Value::Number(code) => code
            .as_i64()
            .is_none_or(|code| code != 0 && !(200..300).contains(&code)),
        Value::String(code) => {
            let code = code.trim().to_lowercase();
            let success = [
                "",
                "0",
                "200",
                "ok",
                "success",
                "succeeded",
                "completed",
                "in_progress",
            ];
            !success.contains(&code.as_str())
        }
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => false,
    }
}

/// The message in a value.
pub(super) fn find_message(value: &Value) -> Option<String> {
    sanitize(&find_text(value, MAX_DEPTH)?)
}

/// The first text that may be a message.
fn find_text(value: &Value, depth: usize) -> Option<String> {
    let deeper = depth.checked_sub(1)?;
    match value {
        Value::String(text) => as_readable(text).map(str::to_owned),
        Value::Array(list) => {
            let reasons: Vec<String> = list
                .iter()
                .filter_map(|one| find_text(one, deeper))
                .take(5)
                .collect();
            (!reasons.is_empty()).then(|| reasons.join("; "))
        }
        Value::Object(fields) => {
            let reason = NAMES
                .iter()
                .find_map(|name| find_text(fields.get(*name)?, deeper))?;
            Some(match find_field(value) {
                Some(field) => format!("{field}:  {reason}"),
                None => reason,
            })
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

/// The field that a message is about.
fn find_field(value: &Value) -> Option<String> {
    let parts = value["loc"].as_array()?.iter().map(|part| match part {
        Value::String(name) => name.clone(),
        other => other.to_string(),
    });
    let field = parts.filter(|part| part != "body").collect::<Vec<_>>();
    (!field.is_empty()).then(|| field.join("."))
}

/// The text, unless it is an HTML page.
fn as_readable(text: &str) -> Option<&str> {
    let text = text.trim_start_matches('\u{feff}').trim();
    (!is_html(text) && !text.is_empty()).then_some(text)
}

/// Whether a text is an HTML page.
pub(super) fn is_html(text: &str) -> bool {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let start: String = text.chars().take(2_000).collect::<String>().to_lowercase();
    start.starts_with('<')
        || ["<html", "<!doctype", "<body", "<head", "</div", "</p>"]
            .iter()
            .any(|tag| start.contains(tag))
}

/// The message in the body of an error response, which may be truncated. JSON of an unknown shape has no message.
pub(super) fn message_in_body(body: &str) -> Option<String> {
    let body = body.trim_start_matches('\u{feff}').trim();
    if let Some(value) = super::lenient::parse(body) {
        return find_message(&value);
    }
    match body.starts_with(['{', '[']) {
        true => sanitize(&find_in_truncated(body)?),
        false => sanitize(body),
    }
}

/// The first message in truncated JSON.
fn find_in_truncated(body: &str) -> Option<String> {
    let names = NAMES.iter().filter_map(|name| {
        let (_, rest) = body.split_once(&format!("\"{name}\""))?;
        rest.trim_start()
            .strip_prefix(':')?
            .trim_start()
            .strip_prefix('"')
    });
    let text = names.max_by_key(|rest| rest.len())?;
    let mut end = text.len();
    let mut escaped = false;
    for (at, character) in text.char_indices() {
        match character {
            '"' if !escaped => {
                end = at;
                break;
            }
            character => escaped = character == '\\' && !escaped,
        }
    }
    let text: String = text[..end].chars().take(4 * MAX_LENGTH).collect();
    let text = text.replace(char::is_control, " ");
    let whole = |text: &str| serde_json::from_str(&format!("\"{text}\"")).ok();
    // It may be truncated within an escape sequence.
    (0..=11).find_map(|cut| {
        let end = text.len().checked_sub(cut)?;
        whole(text.get(..end)?)
    })
}

/// A text as one bounded line without addresses; `None` if nothing readable remains.
pub(super) fn sanitize(text: &str) -> Option<String> {
    let characters = as_readable(text)?.chars().map(|c| match c.is_control() {
        true => ' ',
        false => c,
    });
    let text: String = characters.take(MAX_LENGTH + 1).collect();
    let is_cut = text.chars().count() > MAX_LENGTH;
    let text: String = text.chars().take(MAX_LENGTH).collect();
    let words = text.split_whitespace().map(|word| match is_address(word) {
        true => "[address]",
        false => word,
    });
    let line = words.collect::<Vec<_>>().join(" ");
    let end = if is_cut { "…" } else { "" };
    (!line.is_empty()).then(|| format!("{line}{end}"))
}

/// Whether a word is a network address: a URL, an IP address, or a host with a port.
fn is_address(word: &str) -> bool {
    let is_punctuation = |c: char| "\"'`()<>{},;!?=".contains(c);
    word.split(is_punctuation).any(|part| {
        let part = part.trim_end_matches(['.', ':']);
        let unbracketed = part.trim_start_matches('[').trim_end_matches(']');
        let has_port = part.rsplit_once(':').is_some_and(|(host, rest)| {
            let port = rest.split('/').next().unwrap_or_default();
            let is_name = host.contains(|c: char| c.is_ascii_alphabetic() || c == '.');
            is_name && port.len() > 1 && port.parse::<u16>().is_ok()
        });
        let host = part.split('/').next().unwrap_or_default();
        let is_ip = host.parse::<IpAddr>().is_ok() || unbracketed.parse::<IpAddr>().is_ok();
        part.contains("://") || has_port || is_ip || is_internal_host(host)
    })
}

/// Whether a word looks like an internal host name.
fn is_internal_host(word: &str) -> bool {
    const ENDINGS: [&str; 7] = ["local", "internal", "intern", "lan", "corp", "home", "svc"];
    let labels: Vec<&str> = word.split('.').collect();
    let is_host = labels.iter().all(|label| {
        !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    });
    let last = labels.last().copied().unwrap_or_default();
    let is_top_level = last.len() > 1 && last.chars().all(|c| c.is_ascii_alphabetic());
    is_host
        && (word == "localhost"
            || labels.len() > 2 && is_top_level
            || labels.len() > 1 && ENDINGS.contains(&last))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_message_of_an_error_contains_no_address() {
        for (message, expected) in [
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
            let error = json!({"error": {"message": message}});
            assert_eq!(find_message(&error).as_deref(), Some(expected));
        }
    }

    #[test]
    fn messages_of_all_common_shapes_are_found() {
        for (body, reason) in [
            (json!({"error": {"message": "no"}}), "no"),
            (json!({"error": "no"}), "no"),
            (json!({"error": {"msg": "no", "code": 5}}), "no"),
            (json!({"error": {"error": {"message": "no"}}}), "no"),
            (json!({"error": null, "message": "no"}), "no"),
            (json!({"message": "no"}), "no"),
            (json!({"detail": "no"}), "no"),
            (json!({"detail": {"error": "no"}}), "no"),
            (
                json!({"detail": [{"loc": ["body", "stream_options"], "msg": "not permitted"}]}),
                "stream_options: not permitted",
            ),
            (
                json!({"errors": [{"message": "a"}, {"message": "b"}]}),
                "a; b",
            ),
            (json!({"errors": ["a"]}), "a"),
            (
                json!([{"error": {"message": "no", "status": "UNAVAILABLE"}}]),
                "no",
            ),
            (json!({"error": {"details": [{"reason": "no"}]}}), "no"),
            (
                json!({"type": "error", "error": {"type": "x", "message": "no"}}),
                "no",
            ),
            (json!({"title": "Bad", "status": 400, "detail": "no"}), "no"),
        ] {
            assert_eq!(
                message_in_body(&body.to_string()).as_deref(),
                Some(reason),
                "{body}"
            );
        }
        assert_eq!(message_in_body("Overloaded").as_deref(), Some("Overloaded"));
        assert_eq!(
            message_in_body("context window\nexceeded").as_deref(),
            Some("context window exceeded")
        );
    }

    #[test]
    fn html_or_an_empty_text_is_no_message() {
        for body in [
            "<html><body>502</body></html>",
            "\u{feff}<!DOCTYPE html>",
            "Oh no <html lang=en>",
            r#"{"error": "<html>x</html>"}"#,
            r#"{"error": {"code": 5}}"#,
            "{}",
            "",
            " ",
            "5",
        ] {
            assert_eq!(message_in_body(body), None, "{body}");
        }
    }

    #[test]
    fn a_long_message_is_cut_and_a_truncated_one_is_found() {
        let long = "very ".repeat(5_000);
        let message = message_in_body(&json!({"error": {"message": long}}).to_string()).unwrap();
        assert!(
            message.starts_with("very very") && message.ends_with('…'),
            "{message}"
        );
        assert!(message.chars().count() <= MAX_LENGTH + 1);
        let body = json!({"error": {"code": 5, "message": format!("a \"b\"\n{long}")}}).to_string();
        for length in [60, 61, 62, 300, 16_000] {
            let message = message_in_body(&body[..length]).unwrap();
            assert!(message.starts_with("a \"b\" very"), "{message}");
        }
        // Truncated within an escape sequence.
        assert_eq!(
            message_in_body(r#"{"message":"a \u00"#).as_deref(),
            Some("a")
        );
    }

    #[test]
    fn errors_within_a_stream_are_distinguished_from_answers() {
        for error in [
            json!({"error": {"message": "x"}}),
            json!({"error": "x", "choices": []}),
            json!({"object": "error", "message": "x"}),
            json!({"type": "error", "error": {"message": "x"}}),
            json!({"errors": [{"message": "x"}]}),
            json!({"detail": "x"}),
            json!({"error": true, "message": "x"}),
        ] {
            let found = find_error(&error).and_then(find_message);
            assert_eq!(found.as_deref(), Some("x"), "{error}");
        }
        for value in [
            json!({"error": null, "choices": []}),
            json!({"error": "", "choices": []}),
            json!({"error": {}, "errors": []}),
            json!({"error": false}),
            json!({"choices": [], "detail": "x"}),
            json!("error"),
            json!(null),
        ] {
            assert!(find_error(&value).is_none(), "{value}");
        }
    }
}

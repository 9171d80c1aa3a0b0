//! The reason that a provider gives for an error, in whatever shape, as one line of bounded length. Everybody who asks
//! reads it, so it names no address: providers tell of servers behind them.

use std::net::IpAddr;

use serde_json::Value;

/// Letters of a reason.
const LENGTH: usize = 500;
/// How deep a reason may lie.
const DEPTH: usize = 6;
/// What an error or its reason is called, the likeliest first.
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

/// The error that a value of a stream tells of; none where it tells of none.
pub(super) fn of_error(told: &Value) -> Option<&Value> {
    for name in ["error", "errors"] {
        let something = match &told[name] {
            Value::Null | Value::Bool(false) => false,
            Value::String(text) => !text.trim().is_empty(),
            Value::Array(list) => !list.is_empty(),
            Value::Object(fields) => !fields.is_empty(),
            Value::Bool(true) | Value::Number(_) => true,
        };
        if something {
            let bare = told[name].is_boolean() || told[name].is_number();
            return Some(if bare { told } else { &told[name] });
        }
    }
    let is_error = |name: &str| told[name].as_str() == Some("error");
    let answers = ["choices", "candidates", "delta", "content", "content_block"];
    let bare = told.is_object() && answers.iter().all(|name| told.get(name).is_none());
    let coded = CODES.iter().any(|name| is_fault(&told[*name]));
    let by_code = bare
        && STATUSES.iter().any(|name| is_fault(&told[*name]))
        && ["message", "msg"]
            .iter()
            .any(|name| told[*name].is_string());
    let says_so = is_error("object") || is_error("type") || coded || by_code;
    if says_so || bare && told.get("detail").is_some() {
        return Some(told);
    }
    let answer = &told["base_resp"];
    is_fault(&answer["status_code"]).then_some(answer)
}

/// Codes that only errors have.
const CODES: [&str; 3] = ["error_code", "errorCode", "err_code"];
/// Codes that an error has beside its message, and a success too.
const STATUSES: [&str; 6] = [
    "code",
    "status",
    "statusCode",
    "status_code",
    "status_no",
    "__type",
];

/// Whether a code tells of no success.
fn is_fault(code: &Value) -> bool {
    match code {
        Value::Number(code) => code
            .as_i64()
            .is_none_or(|code| code != 0 && !(200..300).contains(&code)),
        Value::String(code) => {
            let code = code.trim().to_lowercase();
            let fine = [
                "",
                "0",
                "200",
                "ok",
                "success",
                "succeeded",
                "completed",
                "in_progress",
            ];
            !fine.contains(&code.as_str())
        }
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => false,
    }
}

/// The reason in a value.
pub(super) fn told(told: &Value) -> Option<String> {
    line(&found(told, DEPTH)?)
}

/// The first text that may be a reason.
fn found(told: &Value, depth: usize) -> Option<String> {
    let deeper = depth.checked_sub(1)?;
    match told {
        Value::String(text) => readable(text).map(str::to_owned),
        Value::Array(list) => {
            let reasons: Vec<String> = list
                .iter()
                .filter_map(|one| found(one, deeper))
                .take(5)
                .collect();
            (!reasons.is_empty()).then(|| reasons.join("; "))
        }
        Value::Object(fields) => {
            let reason = NAMES
                .iter()
                .find_map(|name| found(fields.get(*name)?, deeper))?;
            Some(match place(told) {
                Some(place) => format!("{place}: {reason}"),
                None => reason,
            })
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

/// The field that a reason is about.
fn place(told: &Value) -> Option<String> {
    let parts = told["loc"].as_array()?.iter().map(|part| match part {
        Value::String(name) => name.clone(),
        other => other.to_string(),
    });
    let place = parts.filter(|part| part != "body").collect::<Vec<_>>();
    (!place.is_empty()).then(|| place.join("."))
}

/// A text that is no page.
fn readable(text: &str) -> Option<&str> {
    let text = text.trim_start_matches('\u{feff}').trim();
    (!is_page(text) && !text.is_empty()).then_some(text)
}

/// Whether a text is a page for a browser.
pub(super) fn is_page(text: &str) -> bool {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let start: String = text.chars().take(2_000).collect::<String>().to_lowercase();
    start.starts_with('<')
        || ["<html", "<!doctype", "<body", "<head", "</div", "</p>"]
            .iter()
            .any(|sign| start.contains(sign))
}

/// The reason in the body of a refusal, which may be cut off. What is JSON in another shape gives no reason.
pub(super) fn of_body(body: &str) -> Option<String> {
    let body = body.trim_start_matches('\u{feff}').trim();
    if let Some(value) = super::lenient::value(body) {
        return told(&value);
    }
    match body.starts_with(['{', '[']) {
        true => line(&beginning(body)?),
        false => line(body),
    }
}

/// The first reason in JSON that has no end.
fn beginning(body: &str) -> Option<String> {
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
    for (at, sign) in text.char_indices() {
        match sign {
            '"' if !escaped => {
                end = at;
                break;
            }
            sign => escaped = sign == '\\' && !escaped,
        }
    }
    let text: String = text[..end].chars().take(4 * LENGTH).collect();
    let text = text.replace(char::is_control, " ");
    let whole = |text: &str| serde_json::from_str(&format!("\"{text}\"")).ok();
    // It may be cut within an escape.
    (0..=11).find_map(|cut| {
        let end = text.len().checked_sub(cut)?;
        whole(text.get(..end)?)
    })
}

/// A text as one bounded line without addresses; none where there is nothing to read in it.
pub(super) fn line(text: &str) -> Option<String> {
    let plain = readable(text)?.chars().map(|c| match c.is_control() {
        true => ' ',
        false => c,
    });
    let plain: String = plain.take(LENGTH + 1).collect();
    let cut = plain.chars().count() > LENGTH;
    let plain: String = plain.chars().take(LENGTH).collect();
    let words = plain.split_whitespace().map(|word| match is_address(word) {
        true => "[address]",
        false => word,
    });
    let line = words.collect::<Vec<_>>().join(" ");
    let end = if cut { "…" } else { "" };
    (!line.is_empty()).then(|| format!("{line}{end}"))
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

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
            assert_eq!(super::told(&error).as_deref(), Some(told));
        }
    }

    #[test]
    fn reasons_in_the_usual_shapes_are_found() {
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
                of_body(&body.to_string()).as_deref(),
                Some(reason),
                "{body}"
            );
        }
        assert_eq!(of_body("Overloaded").as_deref(), Some("Overloaded"));
        assert_eq!(
            of_body("context window\nexceeded").as_deref(),
            Some("context window exceeded")
        );
    }

    #[test]
    fn a_page_or_nothing_is_no_reason() {
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
            assert_eq!(of_body(body), None, "{body}");
        }
    }

    #[test]
    fn a_long_reason_is_cut_and_one_without_its_end_is_begun() {
        let long = "very ".repeat(5_000);
        let told = of_body(&json!({"error": {"message": long}}).to_string()).unwrap();
        assert!(
            told.starts_with("very very") && told.ends_with('…'),
            "{told}"
        );
        assert!(told.chars().count() <= LENGTH + 1);
        let body = json!({"error": {"code": 5, "message": format!("a \"b\"\n{long}")}}).to_string();
        for length in [60, 61, 62, 300, 16_000] {
            let told = of_body(&body[..length]).unwrap();
            assert!(told.starts_with("a \"b\" very"), "{told}");
        }
        // Cut within an escape.
        assert_eq!(of_body(r#"{"message":"a \u00"#).as_deref(), Some("a"));
    }

    #[test]
    fn errors_within_a_stream_are_known_and_nothing_else_is_one() {
        for error in [
            json!({"error": {"message": "x"}}),
            json!({"error": "x", "choices": []}),
            json!({"object": "error", "message": "x"}),
            json!({"type": "error", "error": {"message": "x"}}),
            json!({"errors": [{"message": "x"}]}),
            json!({"detail": "x"}),
            json!({"error": true, "message": "x"}),
        ] {
            let found = of_error(&error).and_then(told);
            assert_eq!(found.as_deref(), Some("x"), "{error}");
        }
        for well in [
            json!({"error": null, "choices": []}),
            json!({"error": "", "choices": []}),
            json!({"error": {}, "errors": []}),
            json!({"error": false}),
            json!({"choices": [], "detail": "x"}),
            json!("error"),
            json!(null),
        ] {
            assert!(of_error(&well).is_none(), "{well}");
        }
    }
}

//! JSON as servers write it: errors that a strict parser rejects are repaired, so that one invalid field does not cost
//! an answer.

use std::fmt::Write;

use serde_json::Value;

/// Parses the data of an event; `None` if it is not JSON.
pub(super) fn parse(data: &str) -> Option<Value> {
    let strict = serde_json::from_str(data).ok();
    let is_json = data.trim_start().starts_with(['{', '[', '"']);
    strict.or_else(|| is_json.then(|| serde_json::from_str(&repair(data)).ok())?)
}

/// Parses consecutive values, up to the first one that is invalid.
pub(super) fn parse_all(text: &str) -> Vec<Value> {
    if let Some(value) = parse(text) {
        return vec![value];
    }
    // A truncated array still has its first values.
    let mut rest = text.trim_start();
    rest = rest.strip_prefix('[').unwrap_or(rest);
    let mut values = Vec::new();
    loop {
        rest = rest.trim_start().trim_start_matches(',').trim_start();
        let mut next = serde_json::Deserializer::from_str(rest).into_iter();
        let Some(Ok(value)) = next.next() else {
            return values;
        };
        rest = &rest[next.byte_offset()..];
        values.push(value);
    }
}

/// Replaces what JSON does not allow: raw control characters and lone surrogates in strings, numbers that are not
/// finite.
fn repair(data: &str) -> String {
    let mut out = String::with_capacity(data.len() + 16);
    let mut rest = data;
    while let Some(character) = rest.chars().next() {
        let length = match character {
            '"' => copy_string(rest, &mut out),
            '-' | '0'..='9' | 'A'..='Z' | 'a'..='z' => copy_word(rest, &mut out),
            _ => {
                out.push(character);
                character.len_utf8()
            }
        };
        rest = &rest[length..];
    }
    out
}

/// Copies a string; returns its length.
fn copy_string(text: &str, out: &mut String) -> usize {
    out.push('"');
    let mut at = 1;
    while let Some(character) = text[at..].chars().next() {
        if character == '\\' {
            at += copy_escape(&text[at..], out);
            continue;
        }
        at += character.len_utf8();
        match character {
            '"' => {
                out.push('"');
                return at;
            }
            character if character < ' ' => {
                // Writing to a String cannot fail.
                let _ = write!(out, "\\u{:04x}", u32::from(character));
            }
            character => out.push(character),
        }
    }
    at
}

/// Copies an escape sequence; returns its length.
fn copy_escape(text: &str, out: &mut String) -> usize {
    let unit = |from: usize| {
        let code = text.get(from..from + 6)?.strip_prefix("\\u")?;
        u16::from_str_radix(code, 16).ok()
    };
    let length = match (unit(0), unit(6)) {
        (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => 12,
        (Some(0xd800..=0xdfff), _) => {
            out.push_str("\\ufffd");
            return 6;
        }
        (Some(_), _) => 6,
        (None, _) => 1 + text[1..].chars().next().map_or(0, char::len_utf8),
    };
    let is_known = text[1..].starts_with(['"', '\\', '/', 'b', 'f', 'n', 'r', 't']) || length > 2;
    match is_known {
        true => out.push_str(&text[..length]),
        // A backslash before any other character stands for itself.
        false => {
            out.push_str("\\\\");
            return 1;
        }
    }
    length
}

/// Copies a number or a literal; returns its length.
fn copy_word(text: &str, out: &mut String) -> usize {
    let end = text
        .find(|character: char| !(character.is_ascii_alphanumeric() || "+-.".contains(character)))
        .unwrap_or(text.len());
    let word = &text[..end];
    let finite = word.parse::<f64>().is_ok_and(f64::is_finite);
    let is_known = matches!(word, "true" | "false" | "null") || finite;
    out.push_str(if is_known { word } else { "null" });
    end
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn common_json_errors_are_repaired() {
        for (text, wanted) in [
            (
                r#"{"a":"x","b":NaN,"c":-Infinity}"#,
                json!({"a": "x", "b": null, "c": null}),
            ),
            (r#"{"a":"x","b":1e999}"#, json!({"a": "x", "b": null})),
            (r#"{"a":"x\ud83d"}"#, json!({"a": "x\u{fffd}"})),
            (
                r#"{"a":"\ud83d\ude00","b":NaN}"#,
                json!({"a": "\u{1f600}", "b": null}),
            ),
            ("{\"a\":\"x\ny\"}", json!({"a": "x\ny"})),
            (
                r#"{"a":"C:\Temp \"x\" \\"}"#,
                json!({"a": "C:\\Temp \"x\" \\"}),
            ),
            (r#"{"a":None,"b":"x"}"#, json!({"a": null, "b": "x"})),
        ] {
            assert_eq!(parse(text), Some(wanted), "{text}");
        }
        for text in [
            "",
            "{",
            "\"",
            "\"\\",
            "\"\\u",
            "\"\\ud83d\\u",
            "{\"a\":",
            "Overloaded",
            "NaN",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn consecutive_values_are_parsed() {
        assert_eq!(
            parse_all("{\"a\":1}\n{\"a\":2}\n{\"a"),
            [json!({"a": 1}), json!({"a": 2})]
        );
        assert_eq!(parse_all("[1,2]"), [json!([1, 2])]);
        assert!(parse_all("<html>").is_empty());
    }

    #[test]
    fn a_truncated_array_has_its_first_values() {
        for text in [
            "[{\"a\":1},\n{\"a\":2},{\"a",
            "{\"a\":1}\n{\"a\":2}\n{",
            "[{\"a\":1} ,{\"a\":2}",
        ] {
            assert_eq!(
                parse_all(text),
                [json!({"a": 1}), json!({"a": 2})],
                "{text}"
            );
        }
        assert!(parse_all("<html>").is_empty());
    }
}

//! JSON as servers really write it: what a strict reader refuses is mended, so that one bad field costs no answer.

use std::fmt::Write;

use serde_json::Value;

/// The value of an event's data; none where it is no JSON at all.
pub(super) fn value(data: &str) -> Option<Value> {
    let strict = serde_json::from_str(data).ok();
    let is_json = data.trim_start().starts_with(['{', '[', '"']);
    strict.or_else(|| is_json.then(|| serde_json::from_str(&mended(data)).ok())?)
}

/// All values that stand one after the other; what cannot be read ends them.
pub(super) fn values(text: &str) -> Vec<Value> {
    if let Some(value) = value(text) {
        return vec![value];
    }
    // A list that is cut off has its first values all the same.
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

/// Without what JSON does not have: raw control characters and lone surrogates in strings, numbers that are none.
fn mended(data: &str) -> String {
    let mut out = String::with_capacity(data.len() + 16);
    let mut rest = data;
    while let Some(sign) = rest.chars().next() {
        let length = match sign {
            '"' => string(rest, &mut out),
            '-' | '0'..='9' | 'A'..='Z' | 'a'..='z' => word(rest, &mut out),
            _ => {
                out.push(sign);
                sign.len_utf8()
            }
        };
        rest = &rest[length..];
    }
    out
}

/// Copies a string, and tells how long it was.
fn string(text: &str, out: &mut String) -> usize {
    out.push('"');
    let mut at = 1;
    while let Some(sign) = text[at..].chars().next() {
        if sign == '\\' {
            at += escape(&text[at..], out);
            continue;
        }
        at += sign.len_utf8();
        match sign {
            '"' => {
                out.push('"');
                return at;
            }
            sign if sign < ' ' => {
                // Writing to a String cannot fail.
                let _ = write!(out, "\\u{:04x}", u32::from(sign));
            }
            sign => out.push(sign),
        }
    }
    at
}

/// Copies an escape, and tells how long it was.
fn escape(text: &str, out: &mut String) -> usize {
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
    let known = text[1..].starts_with(['"', '\\', '/', 'b', 'f', 'n', 'r', 't']) || length > 2;
    match known {
        true => out.push_str(&text[..length]),
        // A backslash before any other sign stands for itself.
        false => {
            out.push_str("\\\\");
            return 1;
        }
    }
    length
}

/// Copies a number or a name, and tells how long it was.
fn word(text: &str, out: &mut String) -> usize {
    let end = text
        .find(|sign: char| !(sign.is_ascii_alphanumeric() || "+-.".contains(sign)))
        .unwrap_or(text.len());
    let word = &text[..end];
    let finite = word.parse::<f64>().is_ok_and(f64::is_finite);
    let known = matches!(word, "true" | "false" | "null") || finite;
    out.push_str(if known { word } else { "null" });
    end
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_servers_write_by_mistake_is_read() {
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
            assert_eq!(value(text), Some(wanted), "{text}");
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
            assert_eq!(value(text), None, "{text}");
        }
    }

    #[test]
    fn values_that_follow_each_other_are_all_read() {
        assert_eq!(
            values("{\"a\":1}\n{\"a\":2}\n{\"a"),
            [json!({"a": 1}), json!({"a": 2})]
        );
        assert_eq!(values("[1,2]"), [json!([1, 2])]);
        assert!(values("<html>").is_empty());
    }

    #[test]
    fn a_list_that_is_cut_off_has_its_first_values() {
        for text in [
            "[{\"a\":1},\n{\"a\":2},{\"a",
            "{\"a\":1}\n{\"a\":2}\n{",
            "[{\"a\":1} ,{\"a\":2}",
        ] {
            assert_eq!(values(text), [json!({"a": 1}), json!({"a": 2})], "{text}");
        }
        assert!(values("<html>").is_empty());
    }
}

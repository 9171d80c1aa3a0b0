//! Replaces ids, times, digests and secrets by constants, so that recorded examples are reproducible.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

const TIME: &str = "2026-11-30T09:41:00Z";
const DIGEST: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
/// The time in the name of a backup.
const STAMP: &str = "20261130T094100000Z";
/// The start of every answer of the test provider, and a realistic answer.
const ECHO: &str = "t0 t1 ";
const ANSWER: &str = "You have 30 days of leave each year.";
const UUID: usize = 36;

/// Constant values for fields that differ in every run.
fn placeholder(field: &str) -> Option<Value> {
    Some(match field {
        "access_token" => json!("eyJ0eXAiOiJKV1QiLCJhbGciOiJFZERTQSJ9.e30.c2lnbmF0dXJl"),
        "refresh_token" => json!("cmVmcmVzaC10b2tlbi1vZi1hLXNlc3Npb24"),
        "generated_password" => json!("k7mq-x2rt-9wha-pd3e-n6vc"),
        "token" => json!("the-token-that-the-server-printed"),
        "next_cursor" => json!("Y3Vyc29yLW9mLXRoZS1uZXh0LXBhZ2U"),
        "n" => json!("bm9uY2U"),
        "c" => json!("Y2lwaGVydGV4dA"),
        "cpu_percent" => json!(12.5),
        "memory_bytes" => json!(3_221_225_472_u64),
        "memory_total_bytes" => json!(8_589_934_592_u64),
        "process_memory_bytes" => json!(125_829_120),
        "bytes" => json!(36_864),
        "requests" => json!(128),
        "uptime_seconds" => json!(86_400),
        "first_ms" => json!(320),
        "took_ms" => json!(1_800),
        "median_seconds" => json!(1.8),
        "p95_seconds" => json!(5.1),
        "median_ms" => json!(4.2),
        "p95_ms" => json!(18.6),
        "user_agent" | "agent" => json!("Mozilla/5.0"),
        _ => return None,
    })
}

#[derive(Default)]
pub struct Normalizer {
    /// The replacements of ids, in order of occurrence.
    ids: HashMap<String, String>,
}

impl Normalizer {
    pub fn normalize(&mut self, value: &mut Value) {
        match value {
            Value::Object(fields) => {
                for (field, value) in fields {
                    match placeholder(field) {
                        Some(constant)
                            if value.is_string() == constant.is_string()
                                && !value.is_null()
                                && !value.is_object() =>
                        {
                            *value = constant;
                        }
                        _ => self.normalize(value),
                    }
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.normalize(item)),
            Value::String(text) => *text = self.normalize_text(text),
            _ => {}
        }
    }

    fn normalize_text(&mut self, text: &str) -> String {
        let is_time = text.len() >= 20 && DateTime::parse_from_rfc3339(text).is_ok();
        let is_digest =
            text.len() == DIGEST.len() && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        match text.parse::<NaiveDate>() {
            Ok(day) => (example_day() + (day - Utc::now().date_naive())).to_string(),
            Err(_) if is_time => TIME.to_owned(),
            Err(_) if is_digest => DIGEST.to_owned(),
            Err(_) if text.starts_with(ECHO) => ANSWER.to_owned(),
            Err(_) if is_cursor(text) => format!("{}{}", &text[..text.len() - 8], &DIGEST[..8]),
            Err(_) => self.normalize_ids(text),
        }
    }

    /// Replaces all ids in a text, also within a path or a key name.
    fn normalize_ids(&mut self, text: &str) -> String {
        let mut normalized = String::new();
        let mut rest = text;
        while let Some(letter) = rest.chars().next() {
            if let Some(id) = rest.get(..UUID).filter(|id| Uuid::parse_str(id).is_ok()) {
                let next = self.ids.len() + 1;
                let known = self.ids.entry(id.to_owned());
                normalized +=
                    known.or_insert_with(|| format!("01934b9e-0000-7000-8000-{next:012}"));
                rest = &rest[UUID..];
            } else if rest.get(..STAMP.len()).is_some_and(is_stamp) {
                normalized += STAMP;
                rest = &rest[STAMP.len()..];
            } else {
                normalized.push(letter);
                rest = &rest[letter.len_utf8()..];
            }
        }
        normalized
    }
}

/// The day of [`TIME`], which replaces today.
fn example_day() -> NaiveDate {
    DateTime::parse_from_rfc3339(TIME).unwrap().date_naive()
}

/// Whether a text is the id of a frame: a position and the start of its hash.
fn is_cursor(text: &str) -> bool {
    text.split_once('-').is_some_and(|(position, hash)| {
        position.parse::<i64>().is_ok()
            && hash.len() == 8
            && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

fn is_stamp(text: &str) -> bool {
    let same = |(one, other): (u8, u8)| match other {
        b'T' | b'Z' => one == other,
        _ => one.is_ascii_digit(),
    };
    text.bytes().zip(STAMP.bytes()).all(same)
}

#[test]
fn ids_are_normalized_consistently() {
    let id = Uuid::now_v7();
    let mut value = json!({
        "id": id, "path": format!("/jobs/{id}/stream"), "other": Uuid::now_v7(),
        "cursor": "47-73254649", "created_at": "2026-01-01T00:00:00.123456Z", "hash": "ab".repeat(32), "token": "secret", "name": "Ä",
    });
    Normalizer::default().normalize(&mut value);
    let id = value["id"].as_str().unwrap().to_owned();
    assert_eq!(id, "01934b9e-0000-7000-8000-000000000001");
    assert_eq!(value["cursor"], "47-9f86d081");
    assert_eq!(value["path"], format!("/jobs/{id}/stream"));
    assert_eq!(value["other"], "01934b9e-0000-7000-8000-000000000002");
    assert_eq!(
        (&value["created_at"], &value["hash"]),
        (&json!(TIME), &json!(DIGEST))
    );
    assert_eq!(
        (&value["token"], &value["name"]),
        (&placeholder("token").unwrap(), &json!("Ä"))
    );
}

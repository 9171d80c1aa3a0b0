//! Ids, times, digests and secrets that are the same each time that the examples are recorded.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

const TIME: &str = "2026-11-30T09:41:00Z";
const DIGEST: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
/// The time in the name of a backup.
const STAMP: &str = "20261130T094100000Z";
/// How the test's provider begins all that it says, and what a model would say.
const ECHO: &str = "t0 t1 ";
const ANSWER: &str = "You have 30 days of leave each year.";
const UUID: usize = 36;

/// Fields of which each run has its own value, and what is shown of them.
fn shown(field: &str) -> Option<Value> {
    Some(match field {
        "access_token" => json!("eyJ0eXAiOiJKV1QiLCJhbGciOiJFZERTQSJ9.e30.c2lnbmF0dXJl"),
        "refresh_token" => json!("cmVmcmVzaC10b2tlbi1vZi1hLXNlc3Npb24"),
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
pub struct Steady {
    /// The ids that were met, in their order.
    ids: HashMap<String, String>,
}

impl Steady {
    pub fn make(&mut self, value: &mut Value) {
        match value {
            Value::Object(fields) => {
                for (field, value) in fields {
                    match shown(field) {
                        Some(steady)
                            if value.is_string() == steady.is_string()
                                && !value.is_null()
                                && !value.is_object() =>
                        {
                            *value = steady;
                        }
                        _ => self.make(value),
                    }
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.make(item)),
            Value::String(text) => *text = self.text(text),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) -> String {
        let is_time = text.len() >= 20 && DateTime::parse_from_rfc3339(text).is_ok();
        let is_digest =
            text.len() == DIGEST.len() && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        match text.parse::<NaiveDate>() {
            Ok(day) => (shown_day() + (day - Utc::now().date_naive())).to_string(),
            Err(_) if is_time => TIME.to_owned(),
            Err(_) if is_digest => DIGEST.to_owned(),
            Err(_) if text.starts_with(ECHO) => ANSWER.to_owned(),
            Err(_) => self.ids_in(text),
        }
    }

    /// Every id of a text, alone or within a path or a key's name.
    fn ids_in(&mut self, text: &str) -> String {
        let mut steady = String::new();
        let mut rest = text;
        while let Some(letter) = rest.chars().next() {
            if let Some(id) = rest.get(..UUID).filter(|id| Uuid::parse_str(id).is_ok()) {
                let next = self.ids.len() + 1;
                let known = self.ids.entry(id.to_owned());
                steady += known.or_insert_with(|| format!("01934b9e-0000-7000-8000-{next:012}"));
                rest = &rest[UUID..];
            } else if rest.get(..STAMP.len()).is_some_and(is_stamp) {
                steady += STAMP;
                rest = &rest[STAMP.len()..];
            } else {
                steady.push(letter);
                rest = &rest[letter.len_utf8()..];
            }
        }
        steady
    }
}

/// The day of [`TIME`], in place of today.
fn shown_day() -> NaiveDate {
    DateTime::parse_from_rfc3339(TIME).unwrap().date_naive()
}

fn is_stamp(text: &str) -> bool {
    let same = |(one, other): (u8, u8)| match other {
        b'T' | b'Z' => one == other,
        _ => one.is_ascii_digit(),
    };
    text.bytes().zip(STAMP.bytes()).all(same)
}

#[test]
fn an_id_is_the_same_wherever_it_stands() {
    let id = Uuid::now_v7();
    let mut value = json!({
        "id": id, "path": format!("/jobs/{id}/stream"), "other": Uuid::now_v7(),
        "created_at": "2026-01-01T00:00:00.123456Z", "hash": "ab".repeat(32), "token": "secret", "name": "Ä",
    });
    Steady::default().make(&mut value);
    let id = value["id"].as_str().unwrap().to_owned();
    assert_eq!(id, "01934b9e-0000-7000-8000-000000000001");
    assert_eq!(value["path"], format!("/jobs/{id}/stream"));
    assert_eq!(value["other"], "01934b9e-0000-7000-8000-000000000002");
    assert_eq!(
        (&value["created_at"], &value["hash"]),
        (&json!(TIME), &json!(DIGEST))
    );
    assert_eq!(
        (&value["token"], &value["name"]),
        (&shown("token").unwrap(), &json!("Ä"))
    );
}

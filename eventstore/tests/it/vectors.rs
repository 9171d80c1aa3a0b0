//! Reproduces the published test vectors of the log format byte for byte.

use std::process::Command;

use domain::Subject;
use eventstore::log::chain::{self, Fields};
use eventstore::seal::vault::{self, KeyRing, KeyState, SealContext};
use serde_json::{Value, json};
use uuid::Uuid;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/log-format");

fn vectors() -> Value {
    let text = std::fs::read_to_string(format!("{FOLDER}/vectors.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap()
}

fn id(value: &Value, name: &str) -> Uuid {
    Uuid::parse_str(text(value, name)).unwrap()
}

fn bytes<const N: usize>(hex: &str) -> [u8; N] {
    let mut bytes = [0; N];
    hex::decode_to_slice(hex, &mut bytes).unwrap();
    bytes
}

fn ring(vectors: &Value) -> KeyRing {
    let keys = vectors["data_keys"].as_object().unwrap();
    keys.iter()
        .map(|(subject, key)| {
            let key = bytes::<32>(key.as_str().unwrap());
            (Subject::from(subject.clone()), KeyState::Live(key))
        })
        .collect()
}

fn context(vectors: &Value) -> SealContext<'_> {
    let event = &vectors["events"][0];
    SealContext {
        log_id: id(vectors, "log_id"),
        aggregate_type: text(event, "aggregate_type"),
        aggregate_id: text(event, "aggregate_id"),
        sequence: event["sequence"].as_i64().unwrap(),
        event_type: text(event, "event_type"),
    }
}

#[test]
fn the_chain_is_reproduced() {
    let vectors = vectors();
    let log_id = id(&vectors, "log_id");
    let mut previous = chain::genesis(log_id);
    assert_eq!(hex::encode(previous), text(&vectors, "genesis"));
    for event in vectors["events"].as_array().unwrap() {
        let digest = chain::digest(
            log_id,
            &Fields {
                event_id: id(event, "event_id"),
                command_id: id(event, "command_id"),
                aggregate_type: text(event, "aggregate_type"),
                aggregate_id: text(event, "aggregate_id"),
                sequence: event["sequence"].as_i64().unwrap(),
                scope: text(event, "scope"),
                event_type: text(event, "event_type"),
                event_version: text(event, "event_version"),
                metadata: text(event, "metadata"),
                payload: text(event, "payload"),
            },
        );
        assert_eq!(hex::encode(digest), text(event, "digest"));
        let recorded_at = event["recorded_at"].as_i64().unwrap();
        let position = event["position"].as_i64().unwrap();
        previous = chain::hash(&previous, position, recorded_at, &digest);
        assert_eq!(hex::encode(previous), text(event, "hash"));
    }
}

#[test]
fn sealing_is_reproduced_and_opens_again() {
    let vectors = vectors();
    let nonce = bytes::<24>(text(&vectors, "nonce"));
    let plain =
        json!({"content": {"$personal": {"k": vectors["subjects"], "value": vectors["value"]}}});
    let mut value = plain.clone();
    vault::seal(
        &mut value,
        "/payload",
        context(&vectors),
        &ring(&vectors),
        &mut || Ok(nonce),
    )
    .unwrap();
    let expected = json!({"content": {"$sealed": {
        "v": 1, "k": vectors["subjects"], "n": vectors["sealed_n"], "c": vectors["sealed_c"],
    }}});
    assert_eq!(value, expected);
    vault::open(&mut value, "/payload", context(&vectors), &ring(&vectors)).unwrap();
    assert_eq!(value, plain);
}

#[test]
fn a_field_that_was_moved_does_not_open() {
    let vectors = vectors();
    let payload: Value = serde_json::from_str(text(&vectors["events"][0], "payload")).unwrap();
    let moved = SealContext {
        sequence: 3,
        ..context(&vectors)
    };
    let mut value = payload.clone();
    assert!(vault::open(&mut value, "/payload", moved, &ring(&vectors)).is_err());
    let mut value = payload;
    assert!(vault::open(&mut value, "/elsewhere", context(&vectors), &ring(&vectors)).is_err());
}

#[test]
fn one_destroyed_key_of_two_erases_and_a_missing_one_is_an_error() {
    let vectors = vectors();
    let payload: Value = serde_json::from_str(text(&vectors["events"][0], "payload")).unwrap();
    let author = Subject::from(vectors["subjects"][1].as_str().unwrap().to_owned());

    let mut destroyed = ring(&vectors);
    destroyed.insert(author.clone(), KeyState::Destroyed);
    let mut value = payload.clone();
    vault::open(&mut value, "/payload", context(&vectors), &destroyed).unwrap();
    assert_eq!(value["content"], json!({"$erased": true}));

    let mut missing = ring(&vectors);
    missing.remove(&author);
    let mut value = payload;
    assert!(vault::open(&mut value, "/payload", context(&vectors), &missing).is_err());
}

#[test]
fn the_verifier_in_python_agrees() {
    let output = Command::new("python3")
        .args([&format!("{FOLDER}/verify.py"), "--vectors"])
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

//! Every event format ever released can still be read, and the current format is unchanged.

use std::collections::BTreeSet;
use std::path::Path;

use domain::codec::EventType;
use domain::{AGGREGATE_TYPES, ENDINGS, Event};
use serde_json::{Map, Value};

/// A stored form of an event.
struct Golden {
    name: String,
    event_type: String,
    version: String,
    payload: Value,
}

/// The golden files of an aggregate: `<event>.v<version>.json`, or `<event>.v<version>.<variant>.json`.
fn read_golden(aggregate_type: &str) -> Vec<Golden> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/events");
    let folder = Path::new(root).join(aggregate_type);
    let Ok(files) = std::fs::read_dir(&folder) else {
        panic!("add {} with a golden file of each event", folder.display());
    };
    let read = |entry: std::fs::DirEntry| {
        let name = entry.file_name().into_string().unwrap();
        let (event_type, rest) = name.split_once(".v").unwrap();
        let (version, _) = rest.split_once('.').unwrap();
        Golden {
            event_type: event_type.to_owned(),
            version: version.to_owned(),
            payload: serde_json::from_str(&std::fs::read_to_string(entry.path()).unwrap()).unwrap(),
            name,
        }
    };
    files.flatten().map(read).collect()
}

/// The fields that the log would store for an event.
fn encode(event: &Event) -> Map<String, Value> {
    let tagged = serde_json::to_value(event).unwrap();
    let mut fields = tagged.as_object().unwrap().values().next().unwrap().clone();
    let fields = fields.as_object_mut().unwrap();
    fields.remove("event_type");
    std::mem::take(fields)
}

/// The sealed fields, in an order that does not depend on their names.
fn sealed_fields(value: &Value) -> Vec<String> {
    let mut found = match value {
        Value::Object(fields) if fields.contains_key("$sealed") => vec![value.to_string()],
        Value::Object(fields) => fields.values().flat_map(sealed_fields).collect(),
        Value::Array(items) => items.iter().flat_map(sealed_fields).collect(),
        _ => vec![],
    };
    found.sort();
    found
}

fn check(aggregate_type: &str, known: &EventType, golden: &Golden) {
    let name = &golden.name;
    let decode = |payload: Value| {
        Event::decode(aggregate_type, &golden.event_type, &golden.version, payload)
            .unwrap_or_else(|error| panic!("{name}: {error}"))
    };
    let event = decode(golden.payload.clone());
    assert_eq!(event.aggregate_type(), aggregate_type);
    let current = Value::from(encode(&event));
    let version = known.version().to_string();
    if golden.version == version {
        assert_eq!(
            current, golden.payload,
            "{name} would be written differently"
        );
    } else {
        // An earlier version loses nothing, and is read the same after it is written again.
        assert_eq!(
            sealed_fields(&current),
            sealed_fields(&golden.payload),
            "{name}"
        );
        let again = Event::decode(aggregate_type, &golden.event_type, &version, current);
        assert_eq!(again.unwrap(), event, "{name}");
    }
    // Unknown fields of later versions are ignored.
    let mut extended = golden.payload.clone();
    extended["unknown_field"] = 1.into();
    assert_eq!(decode(extended), event, "{name}");
}

#[test]
fn every_version_of_every_event_can_be_read() {
    for aggregate_type in AGGREGATE_TYPES {
        let versions = |known: &'static EventType| {
            (1..=known.version()).map(move |version| (known.name, version.to_string()))
        };
        let types = Event::types(aggregate_type).iter();
        let mut missing: BTreeSet<_> = types.flat_map(versions).collect();
        for golden in read_golden(aggregate_type) {
            let known = Event::find_type(aggregate_type, &golden.event_type);
            let known = known.unwrap_or_else(|| panic!("{} is not an event", golden.name));
            check(aggregate_type, known, &golden);
            missing.remove(&(known.name, golden.version));
        }
        assert!(
            missing.is_empty(),
            "add domain/tests/fixtures/events/{aggregate_type}/<event>.v<version>.json for {missing:?}"
        );
    }
}

#[test]
fn every_aggregate_ends_with_a_stored_event() {
    for (_, aggregate_type, ending) in ENDINGS {
        assert!(
            Event::find_type(aggregate_type, ending).is_some(),
            "{ending}"
        );
    }
}

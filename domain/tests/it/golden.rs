//! Every event format ever released can still be read, and the current format is unchanged.

use std::collections::BTreeSet;
use std::path::PathBuf;

use cqrs_es::DomainEvent;
use domain::assistant::AssistantEvent;
use domain::conversation::ConversationEvent;
use domain::document::DocumentEvent;
use domain::file::FileEvent;
use domain::group::GroupEvent;
use domain::installation::InstallationEvent;
use domain::knowledge::KnowledgeEvent;
use domain::provider::ProviderEvent;
use domain::response::ResponseEvent;
use domain::user::UserEvent;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

fn check_events<E: DomainEvent + Serialize + DeserializeOwned>(aggregate: &str, types: &[&str]) {
    let folder = PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/fixtures/events"
    ))
    .join(aggregate);
    let mut seen = BTreeSet::new();
    for entry in std::fs::read_dir(&folder).unwrap().flatten() {
        let name = entry.file_name().into_string().unwrap();
        let (event_type, version) = name
            .strip_suffix(".json")
            .unwrap()
            .split_once(".v")
            .unwrap();
        let golden: Value =
            serde_json::from_str(&std::fs::read_to_string(entry.path()).unwrap()).unwrap();
        let mut tagged = golden.clone();
        tagged["event_type"] = event_type.into();
        let event: E = serde_json::from_value(tagged.clone())
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(event.event_type(), event_type);
        if event.event_version() == version {
            assert_eq!(
                serde_json::to_value(&event).unwrap(),
                tagged,
                "{name} would be written differently"
            );
            seen.insert(event_type.to_owned());
        }
        // Unknown fields of later versions are ignored.
        tagged["unknown_field"] = 1.into();
        assert!(serde_json::from_value::<E>(tagged).is_ok(), "{name}");
    }
    let all: BTreeSet<String> = types.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(
        seen, all,
        "{aggregate}: every event needs a golden file of its current version"
    );
}

#[test]
fn user_events_can_be_read() {
    check_events::<UserEvent>("user", UserEvent::TYPES);
}

#[test]
fn assistant_events_can_be_read() {
    check_events::<AssistantEvent>("assistant", AssistantEvent::TYPES);
}

#[test]
fn conversation_events_can_be_read() {
    check_events::<ConversationEvent>("conversation", ConversationEvent::TYPES);
}

#[test]
fn response_events_can_be_read() {
    check_events::<ResponseEvent>("response", ResponseEvent::TYPES);
}

#[test]
fn provider_events_can_be_read() {
    check_events::<ProviderEvent>("provider", ProviderEvent::TYPES);
}

#[test]
fn file_events_can_be_read() {
    check_events::<FileEvent>("file", FileEvent::TYPES);
}

#[test]
fn knowledge_base_events_can_be_read() {
    check_events::<KnowledgeEvent>("knowledge_base", KnowledgeEvent::TYPES);
}

#[test]
fn group_events_can_be_read() {
    check_events::<GroupEvent>("group", GroupEvent::TYPES);
}

#[test]
fn installation_events_can_be_read() {
    check_events::<InstallationEvent>("installation", InstallationEvent::TYPES);
}

#[test]
fn document_events_can_be_read() {
    check_events::<DocumentEvent>("document", DocumentEvent::TYPES);
}

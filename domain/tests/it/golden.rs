//! Every form of an event that was ever shipped is still read, and what it says is still written so.

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

fn read<E: DomainEvent + Serialize + DeserializeOwned>(aggregate: &str, types: &[&str]) {
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
                "{name} would be written otherwise"
            );
            seen.insert(event_type.to_owned());
        }
        // Fields of a later version are tolerated.
        tagged["unheard_of"] = 1.into();
        assert!(serde_json::from_value::<E>(tagged).is_ok(), "{name}");
    }
    let all: BTreeSet<String> = types.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(
        seen, all,
        "{aggregate}: every event has a golden file of its current version"
    );
}

#[test]
fn events_of_users_are_read() {
    read::<UserEvent>("user", UserEvent::TYPES);
}

#[test]
fn events_of_assistants_are_read() {
    read::<AssistantEvent>("assistant", AssistantEvent::TYPES);
}

#[test]
fn events_of_conversations_are_read() {
    read::<ConversationEvent>("conversation", ConversationEvent::TYPES);
}

#[test]
fn events_of_responses_are_read() {
    read::<ResponseEvent>("response", ResponseEvent::TYPES);
}

#[test]
fn events_of_providers_are_read() {
    read::<ProviderEvent>("provider", ProviderEvent::TYPES);
}

#[test]
fn events_of_files_are_read() {
    read::<FileEvent>("file", FileEvent::TYPES);
}

#[test]
fn events_of_knowledge_bases_are_read() {
    read::<KnowledgeEvent>("knowledge_base", KnowledgeEvent::TYPES);
}

#[test]
fn events_of_groups_are_read() {
    read::<GroupEvent>("group", GroupEvent::TYPES);
}

#[test]
fn events_of_the_installation_are_read() {
    read::<InstallationEvent>("installation", InstallationEvent::TYPES);
}

#[test]
fn events_of_documents_are_read() {
    read::<DocumentEvent>("document", DocumentEvent::TYPES);
}

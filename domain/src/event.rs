//! How the log stores aggregates, and the enum of all events.

use cqrs_es::Aggregate;
use serde::{Deserialize, Serialize};

use crate::assistant::AssistantEvent;
use crate::conversation::ConversationEvent;
use crate::document::DocumentEvent;
use crate::file::FileEvent;
use crate::group::GroupEvent;
use crate::installation::InstallationEvent;
use crate::knowledge::KnowledgeEvent;
use crate::provider::ProviderEvent;
use crate::refusal::Refusal;
use crate::response::ResponseEvent;
use crate::user::UserEvent;

/// An aggregate that the log can store.
pub trait StoredAggregate:
    Aggregate<Services = (), Command: Clone + Send + Sync, Error: Refusal>
{
    /// Whether creating an instance also creates a data key for the subject `<type>:<id>`.
    const OWNS_KEY: bool;

    /// Version of the snapshot format, for aggregates with histories long enough to need snapshots. Raise it when the
    /// aggregate's fields change; older snapshots are then ignored.
    const SNAPSHOT_VERSION: Option<i32> = None;

    /// Approximate size of an instance in bytes, for the cache.
    fn weight(&self) -> usize {
        512
    }

    /// Wraps an event of this aggregate.
    fn wrap_event(event: Self::Event) -> Event;

    /// The id of the stream of its events: its own, or that of the object it belongs to.
    fn scope(&self, id: &str) -> String {
        id.to_owned()
    }
}

/// Any event of the log. Projectors match on it exhaustively.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Event {
    User(UserEvent),
    Assistant(AssistantEvent),
    Conversation(ConversationEvent),
    Response(ResponseEvent),
    Provider(ProviderEvent),
    File(FileEvent),
    Knowledge(KnowledgeEvent),
    Document(DocumentEvent),
    Group(GroupEvent),
    Installation(InstallationEvent),
}

impl Event {
    /// The stored type of the event's aggregate.
    pub fn aggregate_type(&self) -> &'static str {
        match self {
            Self::User(_) => crate::user::User::TYPE,
            Self::Assistant(_) => crate::assistant::Assistant::TYPE,
            Self::Conversation(_) => crate::conversation::Conversation::TYPE,
            Self::Response(_) => crate::response::Response::TYPE,
            Self::Provider(_) => crate::provider::Provider::TYPE,
            Self::File(_) => crate::file::File::TYPE,
            Self::Knowledge(_) => crate::knowledge::KnowledgeBase::TYPE,
            Self::Document(_) => crate::document::Document::TYPE,
            Self::Group(_) => crate::group::Group::TYPE,
            Self::Installation(_) => crate::installation::Installation::TYPE,
        }
    }
}

/// Implements `DomainEvent` for an event enum: maps each variant to its stored name. All events have version 1.
macro_rules! stored_events {
    ($event:ident { $($variant:ident => $name:literal),+ $(,)? }) => {
        impl cqrs_es::DomainEvent for $event {
            fn event_type(&self) -> String {
                match self {
                    $(Self::$variant { .. } => $name.to_owned(),)+
                }
            }

            fn event_version(&self) -> String {
                "1".to_owned()
            }
        }

        impl $event {
            /// The stored names of all variants.
            pub const TYPES: &'static [&'static str] = &[$($name),+];
        }
    };
}
pub(crate) use stored_events;

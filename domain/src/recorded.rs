//! What an aggregate tells the log about itself, and the one enum of all events.

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
pub trait Recorded: Aggregate<Services = (), Command: Clone + Send + Sync, Error: Refusal> {
    /// Whether creating it makes a data key for the subject `<type>:<id>`.
    const OWNS_KEY: bool;

    /// The form of its snapshots, where it may grow so long that it needs some. A change of its fields needs a higher
    /// one: older snapshots are then ignored.
    const SNAPSHOT_FORM: Option<i32> = None;

    /// About how many bytes an instance takes, for caches.
    fn weight(&self) -> usize {
        512
    }

    /// The event as one of all events.
    fn event(event: Self::Event) -> Event;

    /// The stream that its events belong to: its own id, or what it is a part of.
    fn scope(&self, id: &str) -> String {
        id.to_owned()
    }
}

/// Every event of the log, by aggregate. Projectors match on it exhaustively.
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
    /// The type of its aggregate, as stored.
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

/// Gives an event enum its stored names: the variant in `snake_case`, version 1 unless said otherwise.
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
            /// The stored names of all its variants.
            pub const TYPES: &'static [&'static str] = &[$($name),+];
        }
    };
}
pub(crate) use stored_events;

//! The register of aggregates: one entry makes an aggregate known to the log, its events decodable, and its end
//! recognisable.

use cqrs_es::Aggregate;
use schemars::schema_for;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::assistant::Assistant;
use crate::codec::{self, CodecError, EventType, StoredEvent};
use crate::conversation::Conversation;
use crate::document::Document;
use crate::file::File;
use crate::group::Group;
use crate::installation::Installation;
use crate::knowledge::KnowledgeBase;
use crate::provider::Provider;
use crate::response::Response;
use crate::user::User;

/// The events of one type of aggregate.
pub trait AggregateEvent: Sized {
    /// The stored type of the aggregate.
    const AGGREGATE_TYPE: &'static str;

    /// The event, if its aggregate has this type.
    fn from_event(event: &Event) -> Option<&Self>;
}

/// Generates [`Event`] and what follows from the list of aggregates. `until` names the event that ends an aggregate and
/// destroys the data key of its subject.
macro_rules! register {
    ($($variant:ident: $aggregate:ty $(, until $ending:literal)?;)+) => {
        /// Any event of the log. Projectors match on it exhaustively.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        pub enum Event {
            $($variant(<$aggregate as Aggregate>::Event),)+
        }

        /// The stored types of all aggregates.
        pub const AGGREGATE_TYPES: &[&str] = &[$(<$aggregate as Aggregate>::TYPE),+];

        /// The end of an aggregate.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Ending {
            $($(#[doc = concat!("By the event `", $ending, "`.")] $variant,)?)+
        }

        /// The ends of aggregates, each with their stored type and the event.
        pub const ENDINGS: &[(Ending, &str, &str)] =
            &[$($((Ending::$variant, <$aggregate as Aggregate>::TYPE, $ending),)?)+];

        impl Event {
            /// The stored type of the event's aggregate.
            pub fn aggregate_type(&self) -> &'static str {
                match self {
                    $(Self::$variant(_) => <$aggregate as Aggregate>::TYPE,)+
                }
            }

            /// The types of events of an aggregate.
            pub fn types(aggregate_type: &str) -> &'static [EventType] {
                match aggregate_type {
                    $(<$aggregate as Aggregate>::TYPE => <$aggregate as Aggregate>::Event::TYPES,)+
                    _ => &[],
                }
            }

            /// The JSON schema of each aggregate's events, by its stored type.
            pub fn schemas() -> Vec<(&'static str, Value)> {
                vec![$((
                    <$aggregate as Aggregate>::TYPE,
                    schema_for!(<$aggregate as Aggregate>::Event).to_value(),
                )),+]
            }

            /// An event from its stored parts.
            pub fn decode(
                aggregate_type: &str,
                event_type: &str,
                version: &str,
                payload: Value,
            ) -> Result<Self, CodecError> {
                match aggregate_type {
                    $(<$aggregate as Aggregate>::TYPE => {
                        codec::decode::<$aggregate>(event_type, version, payload).map(Self::$variant)
                    })+
                    _ => Err(codec::unknown(aggregate_type, event_type, version)),
                }
            }
        }

        $(impl From<<$aggregate as Aggregate>::Event> for Event {
            fn from(event: <$aggregate as Aggregate>::Event) -> Self {
                Self::$variant(event)
            }
        }

        impl AggregateEvent for <$aggregate as Aggregate>::Event {
            const AGGREGATE_TYPE: &'static str = <$aggregate as Aggregate>::TYPE;

            fn from_event(event: &Event) -> Option<&Self> {
                match event {
                    Event::$variant(event) => Some(event),
                    _ => None,
                }
            }
        })+
    };
}

impl Event {
    /// A type of event by its stored names.
    pub fn find_type(aggregate_type: &str, event_type: &str) -> Option<&'static EventType> {
        let mut types = Self::types(aggregate_type).iter();
        types.find(|known| known.name == event_type)
    }
}

register! {
    User: User, until "user_erased";
    Assistant: Assistant, until "assistant_deleted";
    Conversation: Conversation, until "conversation_erased";
    Response: Response;
    Provider: Provider;
    File: File, until "file_deleted";
    Knowledge: KnowledgeBase, until "knowledge_base_deleted";
    Document: Document, until "document_deleted";
    Group: Group, until "group_deleted";
    Installation: Installation;
}

//! The register of aggregates: one entry makes an aggregate known to the log, its events decodable, and its end
//! recognisable.

use cqrs_es::Aggregate;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::assistant::Assistant;
use crate::codec::{self, CodecError};
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

        /// The stored types of aggregates that end, each with the event that ends it.
        pub const ENDINGS: &[(&str, &str)] =
            &[$($((<$aggregate as Aggregate>::TYPE, $ending),)?)+];

        impl Event {
            /// The stored type of the event's aggregate.
            pub fn aggregate_type(&self) -> &'static str {
                match self {
                    $(Self::$variant(_) => <$aggregate as Aggregate>::TYPE,)+
                }
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

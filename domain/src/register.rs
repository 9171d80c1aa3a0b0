//! What follows from the register of aggregates, which is in `lib.rs`.

use crate::Event;
use crate::codec::EventType;
use crate::event::Erasable;

/// The events of one type of aggregate.
pub trait AggregateEvent: Sized {
    /// The stored type of the aggregate.
    const AGGREGATE_TYPE: &'static str;

    /// The event, if its aggregate has this type.
    fn from_event(event: &Event) -> Option<&Self>;
}

/// What is done with an erasable aggregate of any type; see [`crate::Ending::visit`].
pub trait EndingVisitor {
    type Output;

    fn visit<A: Erasable>(self) -> Self::Output;
}

impl Event {
    /// A type of event by its stored names.
    pub fn find_type(aggregate_type: &str, event_type: &str) -> Option<&'static EventType> {
        let mut types = Self::types(aggregate_type).iter();
        types.find(|known| known.name == event_type)
    }
}

/// Generates [`Event`], [`crate::Ending`] and what follows from the list of aggregates: it makes an aggregate known to
/// the log and its events decodable.
macro_rules! register {
    ($($variant:ident: $aggregate:ty $(, $erasable:ident)?;)+) => {
        /// Any event of the log. Projectors match on it exhaustively.
        #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
        pub enum Event {
            $($variant(<$aggregate as cqrs_es::Aggregate>::Event),)+
        }

        /// The stored types of all aggregates.
        pub const AGGREGATE_TYPES: &[&str] = &[$(<$aggregate as cqrs_es::Aggregate>::TYPE),+];

        $crate::register::endings! { $($($variant: $aggregate, $erasable;)?)+ }

        impl Event {
            /// The stored type of the event's aggregate.
            pub fn aggregate_type(&self) -> &'static str {
                match self {
                    $(Self::$variant(_) => <$aggregate as cqrs_es::Aggregate>::TYPE,)+
                }
            }

            /// The types of events of an aggregate.
            pub fn types(aggregate_type: &str) -> &'static [$crate::codec::EventType] {
                match aggregate_type {
                    $(<$aggregate as cqrs_es::Aggregate>::TYPE => {
                        <<$aggregate as cqrs_es::Aggregate>::Event as $crate::codec::StoredEvent>::TYPES
                    })+
                    _ => &[],
                }
            }

            /// The JSON schema of each aggregate's events, by its stored type.
            pub fn schemas() -> Vec<(&'static str, serde_json::Value)> {
                vec![$((
                    <$aggregate as cqrs_es::Aggregate>::TYPE,
                    schemars::schema_for!(<$aggregate as cqrs_es::Aggregate>::Event).to_value(),
                )),+]
            }

            /// An event from its stored parts.
            pub fn decode(
                aggregate_type: &str,
                event_type: &str,
                version: &str,
                payload: serde_json::Value,
            ) -> Result<Self, $crate::codec::CodecError> {
                match aggregate_type {
                    $(<$aggregate as cqrs_es::Aggregate>::TYPE => {
                        $crate::codec::decode::<$aggregate>(event_type, version, payload)
                            .map(Self::$variant)
                    })+
                    _ => Err($crate::codec::unknown(aggregate_type, event_type, version)),
                }
            }
        }

        $(impl From<<$aggregate as cqrs_es::Aggregate>::Event> for Event {
            fn from(event: <$aggregate as cqrs_es::Aggregate>::Event) -> Self {
                Self::$variant(event)
            }
        }

        impl AggregateEvent for <$aggregate as cqrs_es::Aggregate>::Event {
            const AGGREGATE_TYPE: &'static str = <$aggregate as cqrs_es::Aggregate>::TYPE;

            fn from_event(event: &Event) -> Option<&Self> {
                match event {
                    Event::$variant(event) => Some(event),
                    _ => None,
                }
            }
        })+
    };
}
pub(crate) use register;

/// The part of [`register`] about erasable aggregates.
macro_rules! endings {
    ($($variant:ident: $aggregate:ty, erasable;)+) => {
        /// The end of an erasable aggregate.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Ending {
            $($variant,)+
        }

        /// The ends of aggregates, each with their stored type and the event.
        pub const ENDINGS: &[(Ending, &str, &str)] = &[$((
            Ending::$variant,
            <$aggregate as cqrs_es::Aggregate>::TYPE,
            <$aggregate as $crate::event::Erasable>::ENDED_BY,
        )),+];

        impl Ending {
            /// Calls a visitor with the type of the aggregate.
            pub fn visit<V: EndingVisitor>(self, visitor: V) -> V::Output {
                match self {
                    $(Self::$variant => visitor.visit::<$aggregate>(),)+
                }
            }
        }
    };
}
pub(crate) use endings;

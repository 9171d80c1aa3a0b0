//! The roles of processes.

/// A part of the server that can run in a separate process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Serves the HTTP API.
    Api,
    /// Keeps the read models up to date with the log.
    Projector,
    /// Keeps the search engine up to date with the log.
    Indexer,
    /// Generates answers.
    Responder,
    /// Splits documents into passages.
    Ingester,
    /// Publishes the log to NATS.
    Relay,
    /// Runs periodic jobs such as backups.
    Scheduler,
}

impl Role {
    pub const ALL: [Self; 7] = [
        Self::Api,
        Self::Projector,
        Self::Indexer,
        Self::Responder,
        Self::Ingester,
        Self::Relay,
        Self::Scheduler,
    ];

    /// The order in which the roles of a process start: read models first, because the others read them; the API last,
    /// because it answers as soon as it is there.
    pub(crate) const START_ORDER: [Self; 7] = [
        Self::Relay,
        Self::Projector,
        Self::Scheduler,
        Self::Indexer,
        Self::Responder,
        Self::Ingester,
        Self::Api,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::Projector => "projector",
            Self::Indexer => "indexer",
            Self::Responder => "responder",
            Self::Ingester => "ingester",
            Self::Relay => "relay",
            Self::Scheduler => "scheduler",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

//! The origin of a command, stored as an event's metadata.

use domain::Subject;
use serde::Serialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// The kind of principal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ActorKind {
    User,
    Cli,
    Worker,
    System,
}

/// The principal of a command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Actor {
    pub kind: ActorKind,
    /// A user's id, the operating system's user name, or a role's name.
    pub id: String,
}

/// The entry point of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Via {
    Api,
    Cli,
    Worker,
    Import,
}

/// The origin of a command.
#[derive(Debug, Clone)]
pub struct Context {
    pub actor: Actor,
    pub via: Via,
    pub session: Option<Uuid>,
    pub request: Option<String>,
    pub correlation: Option<String>,
    pub causation: Option<Uuid>,
    pub address: Option<String>,
    pub agent: Option<String>,
    pub reason: Option<String>,
}

impl Context {
    /// A command of a user.
    pub fn user(user_id: Uuid, via: Via) -> Self {
        Self::with_actor(ActorKind::User, user_id.to_string(), via)
    }

    /// A command from the command line, by an operating system user.
    pub fn cli(os_user: &str) -> Self {
        Self::with_actor(ActorKind::Cli, os_user.to_owned(), Via::Cli)
    }

    /// A command of a worker, caused by an event.
    pub fn worker(name: &str, causation: Option<Uuid>) -> Self {
        Self {
            causation,
            ..Self::with_actor(ActorKind::Worker, name.to_owned(), Via::Worker)
        }
    }

    /// A command of the installation itself.
    pub fn system(name: &str) -> Self {
        Self::with_actor(ActorKind::System, name.to_owned(), Via::Worker)
    }

    fn with_actor(kind: ActorKind, id: String, via: Via) -> Self {
        Self {
            actor: Actor { kind, id },
            via,
            session: None,
            request: None,
            correlation: None,
            causation: None,
            address: None,
            agent: None,
            reason: None,
        }
    }

    /// The metadata. Only users have personal fields, which are marked for sealing.
    pub(crate) fn metadata(&self) -> Value {
        let mut fields = Map::new();
        fields.insert("actor".into(), json!(self.actor));
        fields.insert("session".into(), json!(self.session));
        fields.insert("request".into(), json!(self.request));
        fields.insert("correlation".into(), json!(self.correlation));
        fields.insert("causation".into(), json!(self.causation));
        fields.insert("via".into(), json!(self.via));
        if let Some(subject) = self.subject() {
            let personal = [
                ("address", &self.address),
                ("agent", &self.agent),
                ("reason", &self.reason),
            ];
            for (name, value) in personal {
                if let Some(value) = value {
                    let sealed = json!({"$personal": {"k": [subject], "value": value}});
                    fields.insert(name.into(), sealed);
                }
            }
        }
        Value::Object(fields)
    }

    fn subject(&self) -> Option<Subject> {
        (self.actor.kind == ActorKind::User)
            .then(|| Subject::from(format!("user:{}", self.actor.id)))
    }
}

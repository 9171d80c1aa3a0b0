//! Who asks, from where, and why: what becomes an event's metadata.

use domain::Subject;
use serde::Serialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// What kind of principal acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ActorKind {
    User,
    Cli,
    Worker,
    System,
}

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Actor {
    pub kind: ActorKind,
    /// A user's id, the operating system's user name, or a role's name.
    pub id: String,
}

/// Through which door a command came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Via {
    Api,
    Cli,
    Worker,
    Import,
}

/// The circumstances of a command.
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
        Self::of(ActorKind::User, user_id.to_string(), via)
    }

    /// A command of somebody at the command line who is no user of the installation.
    pub fn cli(os_user: &str) -> Self {
        Self::of(ActorKind::Cli, os_user.to_owned(), Via::Cli)
    }

    /// A command of a worker, caused by an event.
    pub fn worker(name: &str, causation: Option<Uuid>) -> Self {
        Self {
            causation,
            ..Self::of(ActorKind::Worker, name.to_owned(), Via::Worker)
        }
    }

    /// A command of the installation itself.
    pub fn system(name: &str) -> Self {
        Self::of(ActorKind::System, name.to_owned(), Via::Worker)
    }

    fn of(kind: ActorKind, id: String, via: Via) -> Self {
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

    /// The metadata, with the personal fields of a user as such; other actors have none.
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

//! Who types, to the other nodes. What is lost is of no value a moment later.

use futures_util::StreamExt;
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use uuid::Uuid;

use super::Nats;
use crate::typing::{Typing, Typists};

const SUBJECT: &str = "convosphere.typing";
/// Notes that wait to leave.
const WAITING: usize = 256;

#[derive(Debug, Serialize, Deserialize)]
struct Wire {
    /// The process that tells: it does not hear itself.
    origin: Uuid,
    typing: Typing,
}

/// Ties those who type here to those who listen elsewhere. The tasks end with the set.
pub(super) fn connect(nats: &Nats, typists: &Typists, tasks: &mut JoinSet<()>) {
    let origin = Uuid::new_v4();
    let (others, to_tell) = mpsc::channel(WAITING);
    typists.connect(others);
    tasks.spawn(tell(nats.clone(), origin, to_tell));
    tasks.spawn(hear(nats.clone(), origin, typists.clone()));
}

async fn tell(nats: Nats, origin: Uuid, mut told: mpsc::Receiver<Typing>) {
    while let Some(typing) = told.recv().await {
        if let Some(body) = nats.seal.seal(SUBJECT, &Wire { origin, typing }) {
            let _ = nats.client.publish(SUBJECT, body.into()).await;
        }
    }
}

async fn hear(nats: Nats, origin: Uuid, typists: Typists) {
    let Ok(mut messages) = nats.client.subscribe(SUBJECT).await else {
        return;
    };
    while let Some(message) = messages.next().await {
        match nats.seal.open::<Wire>(SUBJECT, &message.payload) {
            Some(wire) if wire.origin != origin => typists.hear(wire.typing),
            _ => {}
        }
    }
}

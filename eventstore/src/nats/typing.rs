//! Exchanges typing notices with other nodes. Lost notices are not resent.

use futures_util::StreamExt;
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use uuid::Uuid;

use super::Nats;
use crate::typing::{TypingNotice, TypingNotifier};

const SUBJECT: &str = "convosphere.typing";
/// Maximum number of notices waiting to be sent.
const QUEUE: usize = 256;

#[derive(Debug, Serialize, Deserialize)]
struct WireMessage {
    /// The sending process; it ignores its own messages.
    origin: Uuid,
    typing: TypingNotice,
}

/// Connects the notifier of this process to others. The tasks end when the set is dropped.
pub(super) fn connect(nats: &Nats, notifier: &TypingNotifier, tasks: &mut JoinSet<()>) {
    let origin = Uuid::new_v4();
    let (sender, notices) = mpsc::channel(QUEUE);
    notifier.connect(sender);
    tasks.spawn(publish_notices(nats.clone(), origin, notices));
    tasks.spawn(receive_notices(nats.clone(), origin, notifier.clone()));
}

async fn publish_notices(nats: Nats, origin: Uuid, mut notices: mpsc::Receiver<TypingNotice>) {
    while let Some(typing) = notices.recv().await {
        if let Some(body) = nats.seal.seal(SUBJECT, &WireMessage { origin, typing }) {
            let _ = nats.client.publish(SUBJECT, body.into()).await;
        }
    }
}

async fn receive_notices(nats: Nats, origin: Uuid, notifier: TypingNotifier) {
    let Ok(mut messages) = nats.client.subscribe(SUBJECT).await else {
        return;
    };
    while let Some(message) = messages.next().await {
        match nats.seal.open::<WireMessage>(SUBJECT, &message.payload) {
            Some(wire) if wire.origin != origin => notifier.deliver(wire.typing),
            _ => {}
        }
    }
}

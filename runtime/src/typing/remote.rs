//! Exchanges typing notices with other nodes. Lost notices are not resent.

use eventstore::Nats;
use futures_util::StreamExt;
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use uuid::Uuid;

use super::{TypingNotice, TypingNotifier};

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
pub(crate) fn connect(
    nats: &Nats,
    notifier: &TypingNotifier,
    origin: Uuid,
    tasks: &mut JoinSet<()>,
) {
    let (sender, notices) = mpsc::channel(QUEUE);
    notifier.connect(sender);
    tasks.spawn(publish_notices(nats.clone(), origin, notices));
    tasks.spawn(receive_notices(nats.clone(), origin, notifier.clone()));
}

async fn publish_notices(nats: Nats, origin: Uuid, mut notices: mpsc::Receiver<TypingNotice>) {
    while let Some(typing) = notices.recv().await {
        let message = WireMessage { origin, typing };
        let _ = nats.publish(SUBJECT.to_owned(), &message).await;
    }
}

async fn receive_notices(nats: Nats, origin: Uuid, notifier: TypingNotifier) {
    let Ok(mut messages) = nats.subscribe::<WireMessage>(SUBJECT.to_owned()).await else {
        return;
    };
    while let Some((_, message)) = messages.next().await {
        if message.origin != origin {
            notifier.deliver(message.typing);
        }
    }
}

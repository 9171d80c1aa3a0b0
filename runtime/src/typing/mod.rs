//! Typing notices: broadcast to listeners and never stored. [`remote`] connects other processes.

mod remote;

use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};
use tokio::sync::{broadcast, mpsc};
use uuid::Uuid;

pub(crate) use remote::connect;

/// How many notices a listener may lag behind; older ones have no value.
const BUFFER: usize = 64;

/// A user is typing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TypingNotice {
    pub conversation_id: Uuid,
    pub user_id: Uuid,
    /// The sender; it does not get its own notice.
    pub connection_id: Uuid,
}

/// Broadcasts typing notices on this node and to others.
#[derive(Debug, Clone)]
pub struct TypingNotifier {
    sender: broadcast::Sender<TypingNotice>,
    remote: Arc<OnceLock<mpsc::Sender<TypingNotice>>>,
}

impl Default for TypingNotifier {
    fn default() -> Self {
        Self {
            sender: broadcast::Sender::new(BUFFER),
            remote: Arc::default(),
        }
    }
}

impl TypingNotifier {
    /// Publishes a notice to all listeners, also on other nodes.
    pub fn publish(&self, typing: TypingNotice) {
        if let Some(remote) = self.remote.get() {
            let _ = remote.try_send(typing.clone());
        }
        self.deliver(typing);
    }

    /// Subscribes to notices.
    pub fn subscribe(&self) -> broadcast::Receiver<TypingNotice> {
        self.sender.subscribe()
    }

    /// Delivers a notice to the listeners on this node.
    fn deliver(&self, typing: TypingNotice) {
        // An error only means that there are no listeners.
        let _ = self.sender.send(typing);
    }

    /// Connects other processes, once.
    fn connect(&self, remote: mpsc::Sender<TypingNotice>) {
        let _ = self.remote.set(remote);
    }
}

//! Who types where: told to others and never stored. Across processes through [`crate::nats::typing`].

use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};
use tokio::sync::{broadcast, mpsc};
use uuid::Uuid;

/// Notes that a listener may lag behind: whoever does has missed nothing of value.
const BUFFER: usize = 64;

/// Somebody types.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Typing {
    pub conversation_id: Uuid,
    pub user_id: Uuid,
    /// From which the note came: it is not told there.
    pub connection_id: Uuid,
}

/// Those who type, on this node and others.
#[derive(Debug, Clone)]
pub struct Typists {
    told: broadcast::Sender<Typing>,
    others: Arc<OnceLock<mpsc::Sender<Typing>>>,
}

impl Default for Typists {
    fn default() -> Self {
        Self {
            told: broadcast::Sender::new(BUFFER),
            others: Arc::default(),
        }
    }
}

impl Typists {
    /// Tells everybody who listens, also on other nodes.
    pub fn tell(&self, typing: Typing) {
        if let Some(others) = self.others.get() {
            let _ = others.try_send(typing.clone());
        }
        self.hear(typing);
    }

    /// What is told from now on.
    pub fn listen(&self) -> broadcast::Receiver<Typing> {
        self.told.subscribe()
    }

    /// Tells those who listen on this node.
    pub(crate) fn hear(&self, typing: Typing) {
        // Nobody listens: nobody is told.
        let _ = self.told.send(typing);
    }

    /// Adds other processes, once.
    pub(crate) fn connect(&self, others: mpsc::Sender<Typing>) {
        let _ = self.others.set(others);
    }
}

//! What is never stored: the deltas of running answers, passed from the responder to the streams of this process.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::broadcast;
use uuid::Uuid;

/// Deltas that a reader may lag behind before it gets a fresh snapshot.
const BUFFER: usize = 256;
/// Conversations whose channel is kept without a look at whether anybody still needs it.
const KEPT: usize = 1_024;

/// Which voice of the model speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeltaKind {
    Text,
    Reasoning,
}

/// A piece of a running answer.
#[derive(Debug, Clone)]
pub struct Delta {
    pub response_id: Uuid,
    /// Grows within a response, across attempts.
    pub seq: u64,
    pub kind: DeltaKind,
    pub text: Arc<str>,
}

/// Everything that a running answer has said so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Snapshot {
    pub response_id: Uuid,
    pub seq: u64,
    pub text: String,
    pub reasoning: String,
}

/// The running answers of this process, by conversation.
#[derive(Debug, Clone, Default)]
pub struct Live {
    conversations: Arc<Mutex<HashMap<Uuid, Channel>>>,
}

#[derive(Debug)]
struct Channel {
    deltas: broadcast::Sender<Delta>,
    running: HashMap<Uuid, Snapshot>,
}

impl Live {
    /// Adds to an answer and tells who listens.
    pub fn publish(&self, conversation_id: Uuid, response_id: Uuid, kind: DeltaKind, text: &str) {
        let mut conversations = self.lock();
        let channel = conversations
            .entry(conversation_id)
            .or_insert_with(Channel::new);
        let snapshot = channel.running.entry(response_id).or_default();
        snapshot.response_id = response_id;
        snapshot.seq += 1;
        match kind {
            DeltaKind::Text => snapshot.text.push_str(text),
            DeltaKind::Reasoning => snapshot.reasoning.push_str(text),
        }
        let delta = Delta {
            response_id,
            seq: snapshot.seq,
            kind,
            text: text.into(),
        };
        // No listeners is no error: the snapshot keeps the text for whoever comes.
        let _ = channel.deltas.send(delta);
    }

    /// Forgets an answer whose outcome is durable.
    pub fn end(&self, conversation_id: Uuid, response_id: Uuid) {
        let mut conversations = self.lock();
        if let Some(channel) = conversations.get_mut(&conversation_id) {
            channel.running.remove(&response_id);
            if channel.is_idle() {
                conversations.remove(&conversation_id);
            }
        }
    }

    /// What is said from now on, and what was said before: nothing lies between the two.
    pub fn join(&self, conversation_id: Uuid) -> (Vec<Snapshot>, broadcast::Receiver<Delta>) {
        let mut conversations = self.lock();
        if conversations.len() >= KEPT {
            conversations.retain(|_, channel| !channel.is_idle());
        }
        let channel = conversations
            .entry(conversation_id)
            .or_insert_with(Channel::new);
        (
            channel.running.values().cloned().collect(),
            channel.deltas.subscribe(),
        )
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<Uuid, Channel>> {
        self.conversations
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Channel {
    /// Nothing is said and nobody listens.
    fn is_idle(&self) -> bool {
        self.running.is_empty() && self.deltas.receiver_count() == 0
    }

    fn new() -> Self {
        Self {
            deltas: broadcast::Sender::new(BUFFER),
            running: HashMap::new(),
        }
    }
}

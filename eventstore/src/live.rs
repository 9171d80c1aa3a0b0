//! What is never stored: what running answers say, passed from the responder to the streams that follow them. Across
//! processes through [`crate::nats::deltas`].

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use tokio::sync::{broadcast, mpsc};
use uuid::Uuid;

use crate::typing::Typists;

/// Deltas that a reader may lag behind before it gets a fresh snapshot.
const BUFFER: usize = 256;
/// Conversations whose channel is kept without a look at whether anybody still needs it.
const KEPT: usize = 1_024;
/// How often it is looked whether anybody still listens.
const LISTENING: Duration = Duration::from_secs(5);
/// Deltas that an attempt has at most: the next attempt counts on from there, so `seq` tells the attempt.
const ATTEMPT: u64 = 1 << 32;

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

impl Snapshot {
    fn add(&mut self, delta: &Delta) {
        self.response_id = delta.response_id;
        self.seq = delta.seq;
        match delta.kind {
            DeltaKind::Text => self.text.push_str(&delta.text),
            DeltaKind::Reasoning => self.reasoning.push_str(&delta.text),
        }
    }
}

/// What a reader hears.
#[derive(Debug, Clone)]
pub enum Said {
    Delta(Delta),
    /// The text as a whole: something before it was missed, or another worker has begun anew.
    Snapshot(Arc<Snapshot>),
}

/// The running answers that this process knows of, by conversation.
#[derive(Debug, Clone, Default)]
pub struct Live {
    conversations: Arc<Mutex<HashMap<Uuid, Channel>>>,
    others: Arc<OnceLock<Others>>,
    /// Who types.
    pub typists: Typists,
}

/// The way to other processes.
#[derive(Debug)]
struct Others {
    said: mpsc::Sender<(Uuid, Delta)>,
    joined: mpsc::Sender<Uuid>,
}

#[derive(Debug)]
struct Channel {
    said: broadcast::Sender<Said>,
    running: HashMap<Uuid, Snapshot>,
    /// Runs that are spoken by this process.
    own: HashSet<Uuid>,
    /// Runs whose end is known: what comes late is dropped.
    ended: HashSet<Uuid>,
    /// Whether other processes are listened to.
    listening: bool,
}

impl Live {
    /// Adds other processes: what is said here leaves by the one channel, who is listened to here by the other.
    pub(crate) fn connect(&self, said: mpsc::Sender<(Uuid, Delta)>, joined: mpsc::Sender<Uuid>) {
        // Connected once per process.
        let _ = self.others.set(Others { said, joined });
    }

    /// Adds to an answer of this process and passes it on. An attempt that a later one has replaced is silent.
    pub fn publish(
        &self,
        conversation_id: Uuid,
        (response_id, attempt): (Uuid, u32),
        kind: DeltaKind,
        text: &str,
    ) {
        let mut conversations = self.lock();
        let channel = conversations
            .entry(conversation_id)
            .or_insert_with(Channel::new);
        let first = first_seq(attempt);
        let snapshot = channel.running.entry(response_id).or_default();
        if snapshot.seq >= first + ATTEMPT {
            return;
        }
        if snapshot.seq < first {
            *snapshot = Snapshot {
                response_id,
                seq: first,
                ..Snapshot::default()
            };
        }
        let delta = Delta {
            response_id,
            seq: snapshot.seq + 1,
            kind,
            text: text.into(),
        };
        snapshot.add(&delta);
        channel.own.insert(response_id);
        if let Some(others) = self.others.get() {
            // What does not leave is healed by a snapshot.
            let _ = others.said.try_send((conversation_id, delta.clone()));
        }
        // No listeners is no error: the snapshot keeps the text for whoever comes.
        let _ = channel.said.send(Said::Delta(delta));
    }

    /// Begins a further attempt at an answer: what an earlier one said is void.
    pub fn resume(&self, conversation_id: Uuid, response_id: Uuid, attempt: u32) {
        let snapshot = Snapshot {
            response_id,
            seq: first_seq(attempt),
            ..Snapshot::default()
        };
        let mut conversations = self.lock();
        let channel = conversations
            .entry(conversation_id)
            .or_insert_with(Channel::new);
        let known = channel.running.get(&response_id);
        if known.is_some_and(|known| known.seq > snapshot.seq) {
            return;
        }
        channel.running.insert(response_id, snapshot.clone());
        channel.own.insert(response_id);
        let _ = channel.said.send(Said::Snapshot(Arc::new(snapshot)));
    }

    /// What an answer has said so far was thinking: everybody who listens gets it as a whole. Others learn it with the
    /// piece that follows, since one before it is missing to them.
    pub fn replace_with_reasoning(
        &self,
        conversation_id: Uuid,
        response_id: Uuid,
        reasoning: &str,
    ) {
        let mut conversations = self.lock();
        let Some(channel) = conversations.get_mut(&conversation_id) else {
            return;
        };
        let Some(known) = channel.running.get_mut(&response_id) else {
            return;
        };
        known.seq += 1;
        known.text.clear();
        reasoning.clone_into(&mut known.reasoning);
        let snapshot = Arc::new(known.clone());
        let _ = channel.said.send(Said::Snapshot(snapshot));
    }

    /// Takes a piece that another process said; false where something before it is missing.
    pub(crate) fn hear(&self, conversation_id: Uuid, delta: Delta) -> bool {
        let mut conversations = self.lock();
        let Some(channel) = conversations.get_mut(&conversation_id) else {
            return true;
        };
        if channel.ended.contains(&delta.response_id) {
            return true;
        }
        let known = channel
            .running
            .get(&delta.response_id)
            .map_or(0, |known| known.seq);
        if delta.seq <= known {
            return true;
        }
        if delta.seq > known + 1 {
            return false;
        }
        channel
            .running
            .entry(delta.response_id)
            .or_default()
            .add(&delta);
        let _ = channel.said.send(Said::Delta(delta));
        true
    }

    /// Takes the whole text of an answer that another process speaks.
    pub(crate) fn replace(&self, conversation_id: Uuid, snapshot: Snapshot) {
        let mut conversations = self.lock();
        let Some(channel) = conversations.get_mut(&conversation_id) else {
            return;
        };
        let known = channel
            .running
            .get(&snapshot.response_id)
            .map_or(0, |known| known.seq);
        if snapshot.seq <= known || channel.ended.contains(&snapshot.response_id) {
            return;
        }
        if snapshot.seq / ATTEMPT > known / ATTEMPT {
            // Another process has taken over.
            channel.own.remove(&snapshot.response_id);
        }
        channel
            .running
            .insert(snapshot.response_id, snapshot.clone());
        let _ = channel.said.send(Said::Snapshot(Arc::new(snapshot)));
    }

    /// Stops to speak for an answer that another process has taken over; what that one says is passed on as before.
    pub fn abandon(&self, conversation_id: Uuid, response_id: Uuid) {
        let mut conversations = self.lock();
        if let Some(channel) = conversations.get_mut(&conversation_id) {
            channel.own.remove(&response_id);
            if channel.is_idle() {
                conversations.remove(&conversation_id);
            }
        }
    }

    /// Forgets an answer whose outcome is durable.
    pub fn end(&self, conversation_id: Uuid, response_id: Uuid) {
        let mut conversations = self.lock();
        if let Some(channel) = conversations.get_mut(&conversation_id) {
            channel.running.remove(&response_id);
            channel.own.remove(&response_id);
            channel.ended.insert(response_id);
            if channel.is_idle() {
                conversations.remove(&conversation_id);
            }
        }
    }

    /// What is said from now on, and what was said before: nothing lies between the two.
    pub fn join(&self, conversation_id: Uuid) -> (Vec<Snapshot>, broadcast::Receiver<Said>) {
        let mut conversations = self.lock();
        if conversations.len() >= KEPT {
            conversations.retain(|_, channel| !channel.is_idle());
        }
        let channel = conversations
            .entry(conversation_id)
            .or_insert_with(Channel::new);
        let heard = channel.said.subscribe();
        if let Some(others) = self.others.get()
            && !channel.listening
        {
            channel.listening = others.joined.try_send(conversation_id).is_ok();
        }
        (channel.running.values().cloned().collect(), heard)
    }

    /// What this process itself says in a conversation.
    pub(crate) fn own(&self, conversation_id: Uuid) -> Vec<Snapshot> {
        let conversations = self.lock();
        let Some(channel) = conversations.get(&conversation_id) else {
            return Vec::new();
        };
        let own = channel.own.iter();
        own.filter_map(|id| channel.running.get(id))
            .cloned()
            .collect()
    }

    /// Waits until nobody here listens to a conversation any more.
    pub(crate) async fn unheard(&self, conversation_id: Uuid) {
        loop {
            tokio::time::sleep(LISTENING).await;
            let conversations = self.lock();
            let heard = conversations
                .get(&conversation_id)
                .is_some_and(|channel| channel.said.receiver_count() > 0);
            if !heard {
                return;
            }
        }
    }

    /// Notes that other processes are no longer listened to; who joins next begins anew.
    pub(crate) fn deaf(&self, conversation_id: Uuid) {
        let mut conversations = self.lock();
        if let Some(channel) = conversations.get_mut(&conversation_id) {
            channel.listening = false;
            let own = &channel.own;
            channel.running.retain(|id, _| own.contains(id));
            if channel.is_idle() {
                conversations.remove(&conversation_id);
            }
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<Uuid, Channel>> {
        self.conversations
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// The `seq` that precedes the first delta of an attempt.
fn first_seq(attempt: u32) -> u64 {
    u64::from(attempt.saturating_sub(1)) * ATTEMPT
}

impl Channel {
    /// Nothing is said and nobody listens.
    fn is_idle(&self) -> bool {
        self.own.is_empty() && self.said.receiver_count() == 0 && !self.listening
    }

    fn new() -> Self {
        Self {
            said: broadcast::Sender::new(BUFFER),
            running: HashMap::new(),
            own: HashSet::new(),
            ended: HashSet::new(),
            listening: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a listener is sent: (seq, text) of deltas and snapshots.
    fn heard(receiver: &mut broadcast::Receiver<Said>) -> Vec<(u64, String)> {
        std::iter::from_fn(|| receiver.try_recv().ok())
            .map(|said| match said {
                Said::Delta(delta) => (delta.seq, delta.text.to_string()),
                Said::Snapshot(snapshot) => (snapshot.seq, snapshot.text.clone()),
            })
            .collect()
    }

    fn delta(run: Uuid, seq: u64, text: &str) -> Delta {
        Delta {
            response_id: run,
            seq,
            kind: DeltaKind::Text,
            text: text.into(),
        }
    }

    #[test]
    fn an_attempt_that_was_replaced_elsewhere_is_silent() {
        let (live, conversation, run) = (Live::default(), Uuid::now_v7(), Uuid::now_v7());
        let (_, mut listener) = live.join(conversation);
        let publish = |attempt, text: &str| {
            live.publish(conversation, (run, attempt), DeltaKind::Text, text);
        };
        publish(1, "a");
        // Another process takes over: its first delta shows that something is missing, its snapshot is taken.
        assert!(!live.hear(conversation, delta(run, ATTEMPT + 2, "y")));
        let snapshot = Snapshot {
            response_id: run,
            seq: ATTEMPT + 2,
            text: "xy".to_owned(),
            ..Snapshot::default()
        };
        live.replace(conversation, snapshot);
        assert!(
            live.own(conversation).is_empty(),
            "another process speaks now"
        );
        publish(1, "b");
        assert!(live.hear(conversation, delta(run, ATTEMPT + 3, "z")));
        publish(1, "c");
        let expected = [(1, "a"), (ATTEMPT + 2, "xy"), (ATTEMPT + 3, "z")];
        assert_eq!(
            heard(&mut listener),
            expected.map(|(seq, text)| (seq, text.to_owned()))
        );
    }

    #[test]
    fn a_further_attempt_begins_with_an_empty_text() {
        let (live, conversation, run) = (Live::default(), Uuid::now_v7(), Uuid::now_v7());
        live.publish(conversation, (run, 1), DeltaKind::Text, "old");
        live.resume(conversation, run, 2);
        live.publish(conversation, (run, 2), DeltaKind::Text, "new");
        // A process that wakes up late does not bring the first attempt back.
        live.resume(conversation, run, 1);
        live.publish(conversation, (run, 1), DeltaKind::Text, "late");
        let (snapshots, _) = live.join(conversation);
        assert_eq!(
            (snapshots[0].seq, snapshots[0].text.as_str()),
            (ATTEMPT + 1, "new")
        );
    }

    #[test]
    fn who_abandons_an_answer_still_hears_the_process_that_took_over() {
        let (live, conversation, run) = (Live::default(), Uuid::now_v7(), Uuid::now_v7());
        let (_, mut listener) = live.join(conversation);
        live.publish(conversation, (run, 1), DeltaKind::Text, "a");
        live.abandon(conversation, run);
        let snapshot = Snapshot {
            response_id: run,
            seq: ATTEMPT,
            ..Snapshot::default()
        };
        live.replace(conversation, snapshot);
        assert!(live.hear(conversation, delta(run, ATTEMPT + 1, "b")));
        assert_eq!(heard(&mut listener).len(), 3);
    }
}

//! Passes deltas of running answers from the responder to the streams that follow them. Nothing here is stored;
//! [`remote`] connects other processes.

mod remote;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use tokio::sync::{broadcast, mpsc};
use uuid::Uuid;

use crate::typing::TypingNotifier;
pub use remote::connect;

/// How many frames a reader may lag behind before it gets a new snapshot.
const BUFFER: usize = 256;
/// Number of channels above which idle ones are removed.
const IDLE_SWEEP_THRESHOLD: usize = 1_024;
/// How often to check whether anybody still listens.
const LISTENER_CHECK_INTERVAL: Duration = Duration::from_secs(5);
/// Maximum number of deltas per attempt; the next attempt continues from there, so `seq` identifies the attempt.
const SEQ_PER_ATTEMPT: u64 = 1 << 32;

/// The part of the model's output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeltaKind {
    Text,
    Reasoning,
}

/// A fragment of a running answer.
#[derive(Debug, Clone)]
pub struct Delta {
    pub response_id: Uuid,
    /// Increases within a response, across attempts.
    pub seq: u64,
    pub kind: DeltaKind,
    pub text: Arc<str>,
}

/// The text of a running answer so far.
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

/// An item of a live subscription.
#[derive(Debug, Clone)]
pub enum LiveFrame {
    Delta(Delta),
    /// The whole text: a delta was missed, or another worker has restarted the run.
    Snapshot(Arc<Snapshot>),
}

/// The running answers known to this process, by conversation.
#[derive(Debug, Clone, Default)]
pub struct Live {
    conversations: Arc<Mutex<HashMap<Uuid, Channel>>>,
    remote: Arc<OnceLock<RemoteLinks>>,
    /// Typing notices.
    pub typing: TypingNotifier,
}

/// Channels to other processes.
#[derive(Debug)]
struct RemoteLinks {
    deltas: mpsc::Sender<(Uuid, Delta)>,
    subscriptions: mpsc::Sender<Uuid>,
}

#[derive(Debug)]
struct Channel {
    frames: broadcast::Sender<LiveFrame>,
    running: HashMap<Uuid, Snapshot>,
    /// Runs that this process generates.
    own: HashSet<Uuid>,
    /// Runs that have ended; late deltas are dropped.
    ended: HashSet<Uuid>,
    /// Whether this process is subscribed to frames of other processes.
    listening: bool,
}

impl Live {
    /// Connects other processes: one channel receives local deltas, the other the conversations to subscribe to.
    fn connect(&self, deltas: mpsc::Sender<(Uuid, Delta)>, subscriptions: mpsc::Sender<Uuid>) {
        // Connected once per process.
        let _ = self.remote.set(RemoteLinks {
            deltas,
            subscriptions,
        });
    }

    /// Appends to an answer of this process and publishes the delta. Ignored if a later attempt has replaced this one.
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
        if snapshot.seq >= first + SEQ_PER_ATTEMPT {
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
        if let Some(remote) = self.remote.get() {
            // A snapshot makes up for dropped deltas.
            let _ = remote.deltas.try_send((conversation_id, delta.clone()));
        }
        // Having no listeners is fine: the snapshot keeps the text for later ones.
        let _ = channel.frames.send(LiveFrame::Delta(delta));
    }

    /// Starts another attempt at an answer and discards the text of earlier ones.
    pub fn start_attempt(&self, conversation_id: Uuid, response_id: Uuid, attempt: u32) {
        let snapshot = Snapshot {
            response_id,
            seq: first_seq(attempt),
            ..Snapshot::default()
        };
        let mut conversations = self.lock();
        let channel = conversations
            .entry(conversation_id)
            .or_insert_with(Channel::new);
        let current = channel.running.get(&response_id);
        if current.is_some_and(|current| current.seq > snapshot.seq) {
            return;
        }
        channel.running.insert(response_id, snapshot.clone());
        channel.own.insert(response_id);
        let _ = channel.frames.send(LiveFrame::Snapshot(Arc::new(snapshot)));
    }

    /// Reclassifies the text so far as reasoning and sends listeners a snapshot. Other processes notice the gap at the
    /// next delta and request a snapshot.
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
        let Some(current) = channel.running.get_mut(&response_id) else {
            return;
        };
        current.seq += 1;
        current.text.clear();
        reasoning.clone_into(&mut current.reasoning);
        let snapshot = Arc::new(current.clone());
        let _ = channel.frames.send(LiveFrame::Snapshot(snapshot));
    }

    /// Applies a delta of another process. Returns false if an earlier one is missing.
    fn apply_remote_delta(&self, conversation_id: Uuid, delta: Delta) -> bool {
        let mut conversations = self.lock();
        let Some(channel) = conversations.get_mut(&conversation_id) else {
            return true;
        };
        if channel.ended.contains(&delta.response_id) {
            return true;
        }
        let current = channel
            .running
            .get(&delta.response_id)
            .map_or(0, |current| current.seq);
        if delta.seq <= current {
            return true;
        }
        if delta.seq > current + 1 {
            return false;
        }
        channel
            .running
            .entry(delta.response_id)
            .or_default()
            .add(&delta);
        let _ = channel.frames.send(LiveFrame::Delta(delta));
        true
    }

    /// Applies a snapshot of an answer that another process generates.
    fn apply_remote_snapshot(&self, conversation_id: Uuid, snapshot: Snapshot) {
        let mut conversations = self.lock();
        let Some(channel) = conversations.get_mut(&conversation_id) else {
            return;
        };
        let current = channel
            .running
            .get(&snapshot.response_id)
            .map_or(0, |current| current.seq);
        if snapshot.seq <= current || channel.ended.contains(&snapshot.response_id) {
            return;
        }
        if snapshot.seq / SEQ_PER_ATTEMPT > current / SEQ_PER_ATTEMPT {
            // Another process has taken over.
            channel.own.remove(&snapshot.response_id);
        }
        channel
            .running
            .insert(snapshot.response_id, snapshot.clone());
        let _ = channel.frames.send(LiveFrame::Snapshot(Arc::new(snapshot)));
    }

    /// Stops generating an answer that another process has taken over; its frames are still passed on.
    pub fn abandon(&self, conversation_id: Uuid, response_id: Uuid) {
        let mut conversations = self.lock();
        if let Some(channel) = conversations.get_mut(&conversation_id) {
            channel.own.remove(&response_id);
            if channel.is_idle() {
                conversations.remove(&conversation_id);
            }
        }
    }

    /// Removes an answer whose outcome is durable.
    pub fn finish(&self, conversation_id: Uuid, response_id: Uuid) {
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

    /// Returns the current snapshots and a receiver for later frames, without a gap between them.
    pub fn subscribe(
        &self,
        conversation_id: Uuid,
    ) -> (Vec<Snapshot>, broadcast::Receiver<LiveFrame>) {
        let mut conversations = self.lock();
        if conversations.len() >= IDLE_SWEEP_THRESHOLD {
            conversations.retain(|_, channel| !channel.is_idle());
        }
        let channel = conversations
            .entry(conversation_id)
            .or_insert_with(Channel::new);
        let receiver = channel.frames.subscribe();
        if let Some(remote) = self.remote.get()
            && !channel.listening
        {
            channel.listening = remote.subscriptions.try_send(conversation_id).is_ok();
        }
        (channel.running.values().cloned().collect(), receiver)
    }

    /// Snapshots of the answers that this process generates in a conversation.
    fn local_snapshots(&self, conversation_id: Uuid) -> Vec<Snapshot> {
        let conversations = self.lock();
        let Some(channel) = conversations.get(&conversation_id) else {
            return Vec::new();
        };
        let own = channel.own.iter();
        own.filter_map(|id| channel.running.get(id))
            .cloned()
            .collect()
    }

    /// Waits until a conversation has no listeners in this process.
    async fn wait_for_no_listeners(&self, conversation_id: Uuid) {
        loop {
            tokio::time::sleep(LISTENER_CHECK_INTERVAL).await;
            let conversations = self.lock();
            let receiver = conversations
                .get(&conversation_id)
                .is_some_and(|channel| channel.frames.receiver_count() > 0);
            if !receiver {
                return;
            }
        }
    }

    /// Records that the subscription to other processes has ended; the next listener starts a new one.
    fn mark_unsubscribed(&self, conversation_id: Uuid) {
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
    u64::from(attempt.saturating_sub(1)) * SEQ_PER_ATTEMPT
}

impl Channel {
    /// Whether the channel has neither runs nor listeners.
    fn is_idle(&self) -> bool {
        self.own.is_empty() && self.frames.receiver_count() == 0 && !self.listening
    }

    fn new() -> Self {
        Self {
            frames: broadcast::Sender::new(BUFFER),
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

    /// Receives all pending frames as (seq, text).
    fn received(receiver: &mut broadcast::Receiver<LiveFrame>) -> Vec<(u64, String)> {
        std::iter::from_fn(|| receiver.try_recv().ok())
            .map(|frame| match frame {
                LiveFrame::Delta(delta) => (delta.seq, delta.text.to_string()),
                LiveFrame::Snapshot(snapshot) => (snapshot.seq, snapshot.text.clone()),
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
    fn an_attempt_replaced_by_another_process_publishes_nothing() {
        let (live, conversation, run) = (Live::default(), Uuid::now_v7(), Uuid::now_v7());
        let (_, mut listener) = live.subscribe(conversation);
        let publish = |attempt, text: &str| {
            live.publish(conversation, (run, attempt), DeltaKind::Text, text);
        };
        publish(1, "a");
        // Another process takes over: its first delta reveals a gap, its snapshot is applied.
        assert!(!live.apply_remote_delta(conversation, delta(run, SEQ_PER_ATTEMPT + 2, "y")));
        let snapshot = Snapshot {
            response_id: run,
            seq: SEQ_PER_ATTEMPT + 2,
            text: "xy".to_owned(),
            ..Snapshot::default()
        };
        live.apply_remote_snapshot(conversation, snapshot);
        assert!(
            live.local_snapshots(conversation).is_empty(),
            "another process generates the answer now"
        );
        publish(1, "b");
        assert!(live.apply_remote_delta(conversation, delta(run, SEQ_PER_ATTEMPT + 3, "z")));
        publish(1, "c");
        let expected = [
            (1, "a"),
            (SEQ_PER_ATTEMPT + 2, "xy"),
            (SEQ_PER_ATTEMPT + 3, "z"),
        ];
        assert_eq!(
            received(&mut listener),
            expected.map(|(seq, text)| (seq, text.to_owned()))
        );
    }

    #[test]
    fn another_attempt_starts_with_an_empty_text() {
        let (live, conversation, run) = (Live::default(), Uuid::now_v7(), Uuid::now_v7());
        live.publish(conversation, (run, 1), DeltaKind::Text, "old");
        live.start_attempt(conversation, run, 2);
        live.publish(conversation, (run, 2), DeltaKind::Text, "new");
        // A delayed process does not restore the first attempt.
        live.start_attempt(conversation, run, 1);
        live.publish(conversation, (run, 1), DeltaKind::Text, "late");
        let (snapshots, _) = live.subscribe(conversation);
        assert_eq!(
            (snapshots[0].seq, snapshots[0].text.as_str()),
            (SEQ_PER_ATTEMPT + 1, "new")
        );
    }

    #[test]
    fn listeners_of_an_abandoned_answer_receive_frames_of_the_new_process() {
        let (live, conversation, run) = (Live::default(), Uuid::now_v7(), Uuid::now_v7());
        let (_, mut listener) = live.subscribe(conversation);
        live.publish(conversation, (run, 1), DeltaKind::Text, "a");
        live.abandon(conversation, run);
        let snapshot = Snapshot {
            response_id: run,
            seq: SEQ_PER_ATTEMPT,
            ..Snapshot::default()
        };
        live.apply_remote_snapshot(conversation, snapshot);
        assert!(live.apply_remote_delta(conversation, delta(run, SEQ_PER_ATTEMPT + 1, "b")));
        assert_eq!(received(&mut listener).len(), 3);
    }
}

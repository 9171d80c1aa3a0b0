//! Sends deltas of running answers to the nodes whose clients listen. A snapshot makes up for lost deltas, and the
//! final event has the whole text anyway.

use std::sync::Arc;

use eventstore::Nats;
use eventstore::follow::nats::NatsError;
use futures_util::StreamExt;
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use uuid::Uuid;

use super::{Delta, DeltaKind, Live, Snapshot};

/// Maximum size of a snapshot: NATS limits messages to one megabyte.
const MAX_SNAPSHOT_BYTES: usize = 700_000;
/// Maximum number of deltas waiting to be sent; the next snapshot makes up for dropped ones.
const QUEUE: usize = 1_024;

#[derive(Debug, Serialize, Deserialize)]
struct WireMessage {
    /// The sending process; it ignores its own messages.
    origin: Uuid,
    response_id: Uuid,
    seq: u64,
    #[serde(flatten)]
    frame: WireFrame,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "said", rename_all = "snake_case")]
enum WireFrame {
    Text { text: String },
    Reasoning { text: String },
    Snapshot { text: String, reasoning: String },
}

fn subject(conversation_id: Uuid) -> String {
    format!("convosphere.deltas.{conversation_id}")
}

const REQUESTS: &str = "convosphere.ask.*";

fn request_subject(conversation_id: Uuid) -> String {
    format!("convosphere.ask.{conversation_id}")
}

/// Connects running answers and typing notices of this process to others. `origin` identifies the process. The tasks end
/// when the set is dropped.
pub fn connect(nats: &Nats, live: &Live, origin: Uuid) -> JoinSet<()> {
    let (delta_sender, deltas) = mpsc::channel(QUEUE);
    let (subscription_sender, subscriptions) = mpsc::channel(QUEUE);
    live.connect(delta_sender, subscription_sender);
    let mut tasks = JoinSet::new();
    tasks.spawn(publish_deltas(nats.clone(), origin, deltas));
    tasks.spawn(answer_requests(nats.clone(), origin, live.clone()));
    tasks.spawn(follow_conversations(
        nats.clone(),
        origin,
        live.clone(),
        subscriptions,
    ));
    crate::typing::connect(nats, &live.typing, origin, &mut tasks);
    tasks
}

/// Publishes the deltas of this process.
async fn publish_deltas(nats: Nats, origin: Uuid, mut deltas: mpsc::Receiver<(Uuid, Delta)>) {
    while let Some((conversation_id, delta)) = deltas.recv().await {
        let text = delta.text.to_string();
        let wire = WireMessage {
            origin,
            response_id: delta.response_id,
            seq: delta.seq,
            frame: match delta.kind {
                DeltaKind::Text => WireFrame::Text { text },
                DeltaKind::Reasoning => WireFrame::Reasoning { text },
            },
        };
        send(&nats, conversation_id, &wire).await;
    }
}

async fn send(nats: &Nats, conversation_id: Uuid, wire: &WireMessage) {
    if let Err(error) = nats.publish(subject(conversation_id), wire).await {
        tracing::debug!(%error, "failed to publish a delta; a snapshot will make up for it");
    }
}

/// Replies to processes that subscribe during an answer with a snapshot.
async fn answer_requests(nats: Nats, origin: Uuid, live: Live) {
    let Ok(mut requests) = nats.subscribe::<Uuid>(REQUESTS.to_owned()).await else {
        return;
    };
    while let Some((subject, conversation_id)) = requests.next().await {
        if subject != request_subject(conversation_id) {
            continue;
        }
        for snapshot in live.local_snapshots(conversation_id) {
            if snapshot.text.len() + snapshot.reasoning.len() > MAX_SNAPSHOT_BYTES {
                continue;
            }
            let wire = WireMessage {
                origin,
                response_id: snapshot.response_id,
                seq: snapshot.seq,
                frame: WireFrame::Snapshot {
                    text: snapshot.text,
                    reasoning: snapshot.reasoning,
                },
            };
            send(&nats, conversation_id, &wire).await;
        }
    }
}

/// Subscribes to every conversation that has listeners in this process.
async fn follow_conversations(
    nats: Nats,
    origin: Uuid,
    live: Live,
    mut subscriptions: mpsc::Receiver<Uuid>,
) {
    let mut listening = JoinSet::new();
    while let Some(conversation_id) = subscriptions.recv().await {
        while listening.try_join_next().is_some() {}
        listening.spawn(follow_conversation(
            nats.clone(),
            origin,
            live.clone(),
            conversation_id,
        ));
    }
}

async fn follow_conversation(nats: Nats, origin: Uuid, live: Live, conversation_id: Uuid) {
    if let Err(error) = receive_frames(&nats, origin, &live, conversation_id).await {
        tracing::warn!(%error, "failed to subscribe to running answers of other processes; retrying when the next listener joins");
    }
    live.mark_unsubscribed(conversation_id);
}

async fn receive_frames(
    nats: &Nats,
    origin: Uuid,
    live: &Live,
    conversation_id: Uuid,
) -> Result<(), NatsError> {
    let mut messages = nats
        .subscribe::<WireMessage>(subject(conversation_id))
        .await?;
    request_snapshots(nats, conversation_id).await?;
    loop {
        let message = tokio::select! {
            message = messages.next() => message,
            () = live.wait_for_no_listeners(conversation_id) => return Ok(()),
        };
        let Some((_, wire)) = message else {
            return Ok(());
        };
        if wire.origin != origin && !apply_message(live, conversation_id, wire) {
            request_snapshots(nats, conversation_id).await?;
        }
    }
}

async fn request_snapshots(nats: &Nats, conversation_id: Uuid) -> Result<(), NatsError> {
    let subject = request_subject(conversation_id);
    nats.publish(subject, &conversation_id).await
}

/// Applies a message. Returns false if an earlier delta is missing.
fn apply_message(live: &Live, conversation_id: Uuid, wire: WireMessage) -> bool {
    let (kind, text) = match wire.frame {
        WireFrame::Text { text } => (DeltaKind::Text, text),
        WireFrame::Reasoning { text } => (DeltaKind::Reasoning, text),
        WireFrame::Snapshot { text, reasoning } => {
            let snapshot = Snapshot {
                response_id: wire.response_id,
                seq: wire.seq,
                text,
                reasoning,
            };
            live.apply_remote_snapshot(conversation_id, snapshot);
            return true;
        }
    };
    let delta = Delta {
        response_id: wire.response_id,
        seq: wire.seq,
        kind,
        text: Arc::from(text),
    };
    live.apply_remote_delta(conversation_id, delta)
}

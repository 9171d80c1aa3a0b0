//! What running answers say, to the nodes whose clients listen. Lost pieces are healed by a snapshot, and the end of a
//! run tells the whole text anyway.

use std::sync::Arc;

use futures_util::StreamExt;
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use uuid::Uuid;

use super::{Nats, NatsError, failed};
use crate::live::{Delta, DeltaKind, Live, Snapshot};

/// Longest snapshot that is sent: a message must stay below NATS' megabyte.
const LONGEST: usize = 700_000;
/// Pieces that wait to leave; what does not fit is healed by the next snapshot.
const WAITING: usize = 1_024;

#[derive(Debug, Serialize, Deserialize)]
struct Wire {
    /// The process that speaks: it does not hear itself.
    origin: Uuid,
    response_id: Uuid,
    seq: u64,
    #[serde(flatten)]
    said: Said,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "said", rename_all = "snake_case")]
enum Said {
    Text { text: String },
    Reasoning { text: String },
    Snapshot { text: String, reasoning: String },
}

fn subject(conversation_id: Uuid) -> String {
    format!("convosphere.deltas.{conversation_id}")
}

fn question(conversation_id: Uuid) -> String {
    format!("convosphere.ask.{conversation_id}")
}

/// Ties the running answers of this process, and who types, to those of others. The tasks end when the set is dropped.
pub fn connect(nats: &Nats, live: &Live) -> JoinSet<()> {
    let origin = Uuid::new_v4();
    let (said, to_say) = mpsc::channel(WAITING);
    let (joined, to_hear) = mpsc::channel(WAITING);
    live.connect(said, joined);
    let mut tasks = JoinSet::new();
    tasks.spawn(speak(nats.clone(), origin, to_say));
    tasks.spawn(answer(nats.clone(), origin, live.clone()));
    tasks.spawn(hear(nats.clone(), origin, live.clone(), to_hear));
    super::typing::connect(nats, &live.typists, &mut tasks);
    tasks
}

/// Publishes what this process says.
async fn speak(nats: Nats, origin: Uuid, mut said: mpsc::Receiver<(Uuid, Delta)>) {
    while let Some((conversation_id, delta)) = said.recv().await {
        let text = delta.text.to_string();
        let wire = Wire {
            origin,
            response_id: delta.response_id,
            seq: delta.seq,
            said: match delta.kind {
                DeltaKind::Text => Said::Text { text },
                DeltaKind::Reasoning => Said::Reasoning { text },
            },
        };
        send(&nats, conversation_id, &wire).await;
    }
}

async fn send(nats: &Nats, conversation_id: Uuid, wire: &Wire) {
    let subject = subject(conversation_id);
    let Some(body) = nats.seal.seal(&subject, wire) else {
        return;
    };
    if let Err(error) = nats.client.publish(subject, body.into()).await {
        tracing::debug!(%error, "a delta did not leave");
    }
}

/// Answers other processes that join in mid-answer with a snapshot of what this one has said.
async fn answer(nats: Nats, origin: Uuid, live: Live) {
    let Ok(mut questions) = nats.client.subscribe("convosphere.ask.*").await else {
        return;
    };
    while let Some(message) = questions.next().await {
        if nats
            .seal
            .open::<Uuid>(&message.subject, &message.payload)
            .is_none()
        {
            continue;
        }
        let asked = message
            .subject
            .rsplit('.')
            .next()
            .and_then(|id| id.parse().ok());
        let Some(conversation_id) = asked else {
            continue;
        };
        for snapshot in live.own(conversation_id) {
            if snapshot.text.len() + snapshot.reasoning.len() > LONGEST {
                continue;
            }
            let wire = Wire {
                origin,
                response_id: snapshot.response_id,
                seq: snapshot.seq,
                said: Said::Snapshot {
                    text: snapshot.text,
                    reasoning: snapshot.reasoning,
                },
            };
            send(&nats, conversation_id, &wire).await;
        }
    }
}

/// Listens to every conversation that somebody here follows.
async fn hear(nats: Nats, origin: Uuid, live: Live, mut joined: mpsc::Receiver<Uuid>) {
    let mut listening = JoinSet::new();
    while let Some(conversation_id) = joined.recv().await {
        while listening.try_join_next().is_some() {}
        listening.spawn(listen(nats.clone(), origin, live.clone(), conversation_id));
    }
}

async fn listen(nats: Nats, origin: Uuid, live: Live, conversation_id: Uuid) {
    if let Err(error) = follow(&nats, origin, &live, conversation_id).await {
        tracing::warn!(%error, "running answers of other processes are not heard");
    }
    live.deaf(conversation_id);
}

async fn follow(
    nats: &Nats,
    origin: Uuid,
    live: &Live,
    conversation_id: Uuid,
) -> Result<(), NatsError> {
    let mut messages = nats
        .client
        .subscribe(subject(conversation_id))
        .await
        .map_err(failed)?;
    ask(nats, conversation_id).await?;
    loop {
        let message = tokio::select! {
            message = messages.next() => message,
            () = live.unheard(conversation_id) => return Ok(()),
        };
        let Some(message) = message else {
            return Ok(());
        };
        let Some(wire) = nats.seal.open::<Wire>(&message.subject, &message.payload) else {
            continue;
        };
        if wire.origin != origin && !take(live, conversation_id, wire) {
            ask(nats, conversation_id).await?;
        }
    }
}

async fn ask(nats: &Nats, conversation_id: Uuid) -> Result<(), NatsError> {
    let question = question(conversation_id);
    let body = nats.seal.seal(&question, &conversation_id);
    let body = body.ok_or_else(|| failed("a question could not be sealed"))?;
    nats.client
        .publish(question, body.into())
        .await
        .map_err(failed)
}

/// Passes a piece on; false where something before it is missing.
fn take(live: &Live, conversation_id: Uuid, wire: Wire) -> bool {
    let (kind, text) = match wire.said {
        Said::Text { text } => (DeltaKind::Text, text),
        Said::Reasoning { text } => (DeltaKind::Reasoning, text),
        Said::Snapshot { text, reasoning } => {
            let snapshot = Snapshot {
                response_id: wire.response_id,
                seq: wire.seq,
                text,
                reasoning,
            };
            live.replace(conversation_id, snapshot);
            return true;
        }
    };
    let delta = Delta {
        response_id: wire.response_id,
        seq: wire.seq,
        kind,
        text: Arc::from(text),
    };
    live.hear(conversation_id, delta)
}

//! Runs whose lease was granted when they were asked for: started at once, before any view knows of them.

use domain::Event;
use domain::conversation::ConversationEvent;
use eventstore::executor::CommittedEvent;
use eventstore::reply_slots::AssignedRun;
use projections::response::ResponseView;
use projections::response::prompt::{self, PendingQuestion};
use std::sync::Arc;
use tokio::sync::{Mutex, mpsc};
use uuid::Uuid;

use super::{Responder, answer};
use crate::kit::RunningTasks;

/// Answers what is handed over.
pub(super) async fn receive(
    responder: Responder,
    taken: Arc<Mutex<mpsc::Receiver<AssignedRun>>>,
    running: RunningTasks,
) {
    let mut taken = taken.lock().await;
    while let Some(taken) = taken.recv().await {
        let responder = responder.clone();
        running.spawn(async move { begin(&responder, taken).await });
    }
    // Nobody can hand anything over any more.
    std::future::pending::<()>().await;
}

async fn begin(responder: &Responder, taken: AssignedRun) {
    let Some(run) = taken.events.iter().find_map(requested) else {
        return;
    };
    let lease = responder.leases.adopt(run.id, taken.since);
    let posted = taken.events.iter().find_map(posted);
    match question(responder, &run, posted).await {
        Some(question) => answer(responder, &run, (lease, taken.permit), Some(question)).await,
        // An answer above still runs, or the views must be asked for the question: it waits for its turn.
        None => lease.release().await,
    }
}

/// The question with what stands above it, where the views know that and no answer there still runs.
async fn question(
    responder: &Responder,
    run: &ResponseView,
    posted: Option<Posted>,
) -> Option<PendingQuestion> {
    let posted = posted?;
    let above = match posted.parent_id {
        Some(parent) => {
            let above = prompt::ancestors(&responder.pool, run.conversation_id, parent).await;
            above.ok().filter(|above| {
                let last = above.first();
                last.is_some_and(|message| message.status != "running")
            })?
        }
        None => vec![],
    };
    Some(PendingQuestion {
        message_id: posted.message_id,
        text: posted.text,
        attachments: posted.attachments,
        ancestors: above,
    })
}

/// What an event tells of the question.
struct Posted {
    message_id: Uuid,
    parent_id: Option<Uuid>,
    text: String,
    attachments: Vec<Uuid>,
}

fn requested(event: &CommittedEvent) -> Option<ResponseView> {
    let Event::Response(response) = &event.event else {
        return None;
    };
    ResponseView::from_request(event.aggregate_id, event.recorded_at, response)
}

fn posted(event: &CommittedEvent) -> Option<Posted> {
    let Event::Conversation(ConversationEvent::MessagePosted {
        message_id,
        parent_id,
        content,
        attachments,
        ..
    }) = &event.event
    else {
        return None;
    };
    Some(Posted {
        message_id: *message_id,
        parent_id: *parent_id,
        text: content.text().to_owned(),
        attachments: attachments.clone(),
    })
}

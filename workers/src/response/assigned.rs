//! Runs that were assigned to this process with their lease, when they were requested: started immediately, before any
//! view shows them.

use domain::Event;
use domain::conversation::ConversationEvent;
use eventstore::command::CommittedEvent;
use projections::conversation::MessageStatus;
use projections::response::ResponseView;
use projections::response::prompt::{self, PendingQuestion};
use runtime::reply_slots::AssignedRun;
use std::sync::Arc;
use tokio::sync::{Mutex, mpsc};
use uuid::Uuid;

use super::{Responder, answer};
use crate::kit::RunningTasks;

/// Runs responses as they are assigned.
pub(super) async fn run_assigned(
    responder: Responder,
    receiver: Arc<Mutex<mpsc::Receiver<AssignedRun>>>,
    running: RunningTasks,
) {
    let mut receiver = receiver.lock().await;
    while let Some(assigned) = receiver.recv().await {
        let responder = responder.clone();
        running.spawn(async move { start_assigned(&responder, assigned).await });
    }
    // The sender is gone, so no more runs can be assigned.
    std::future::pending::<()>().await;
}

async fn start_assigned(responder: &Responder, assigned: AssignedRun) {
    let Some(run) = assigned.events.iter().find_map(find_request) else {
        return;
    };
    let lease = responder.leases.adopt(run.id, assigned.since);
    let posted = assigned.events.iter().find_map(find_posted);
    match find_question(responder, &run, posted).await {
        Some(question) => answer(responder, &run, (lease, assigned.permit), Some(question)).await,
        // An answer above is still running, or the question has to be read from the views: the run waits in the queue.
        None => lease.release().await,
    }
}

/// The question with its ancestors, if the views have them and no answer among them is running.
async fn find_question(
    responder: &Responder,
    run: &ResponseView,
    posted: Option<PostedMessage>,
) -> Option<PendingQuestion> {
    let posted = posted?;
    let ancestors = match posted.parent_id {
        Some(parent) => {
            let ancestors = prompt::ancestors(&responder.pool, run.conversation_id, parent).await;
            ancestors.ok().filter(|ancestors| {
                let last = ancestors.first();
                last.is_some_and(|message| *message.status != MessageStatus::Running)
            })?
        }
        None => vec![],
    };
    Some(PendingQuestion {
        message_id: posted.message_id,
        text: posted.text,
        attachments: posted.attachments,
        ancestors,
    })
}

/// The question in an event.
struct PostedMessage {
    message_id: Uuid,
    parent_id: Option<Uuid>,
    text: String,
    attachments: Vec<Uuid>,
}

fn find_request(event: &CommittedEvent) -> Option<ResponseView> {
    let Event::Response(response) = &event.event else {
        return None;
    };
    ResponseView::from_request(event.aggregate_id, event.recorded_at, response)
}

fn find_posted(event: &CommittedEvent) -> Option<PostedMessage> {
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
    Some(PostedMessage {
        message_id: *message_id,
        parent_id: *parent_id,
        text: content.text().to_owned(),
        attachments: attachments.clone(),
    })
}

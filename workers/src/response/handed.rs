//! Runs whose lease was granted when they were asked for: begun at once, before any view knows of them.

use domain::Event;
use domain::conversation::ConversationEvent;
use eventstore::executor::CommittedEvent;
use eventstore::seats::Taken;
use projections::response::prompt::Question;
use projections::response::{ResponseView, queries};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use uuid::Uuid;

use super::{Responder, answer};

/// Leads what is handed over to its end.
pub(super) async fn receive(responder: Responder, mut taken: mpsc::Receiver<Taken>) {
    let mut runs = JoinSet::new();
    while let Some(taken) = taken.recv().await {
        while runs.try_join_next().is_some() {}
        let responder = responder.clone();
        runs.spawn(async move { begin(&responder, taken).await });
    }
}

async fn begin(responder: &Responder, taken: Taken) {
    let Some(run) = taken.events.iter().find_map(requested) else {
        return;
    };
    responder.leases.hold(run.id);
    let question = taken.events.iter().find_map(posted);
    let begins = match question.as_ref() {
        Some(Question {
            parent_id: None, ..
        }) => true,
        Some(Question {
            parent_id: Some(parent),
            ..
        }) => may_begin(responder, *parent).await,
        None => false,
    };
    if begins {
        answer::answer(responder, &run, question).await;
    } else {
        // An answer above still runs, or the views must be asked for the question: it waits for its turn.
        answer::release(responder, &run).await;
    }
    drop(taken.permit);
}

async fn may_begin(responder: &Responder, parent: Uuid) -> bool {
    queries::may_begin_below(&responder.pool, parent)
        .await
        .unwrap_or(false)
}

fn requested(event: &CommittedEvent) -> Option<ResponseView> {
    let Event::Response(response) = &event.event else {
        return None;
    };
    ResponseView::requested(event.aggregate_id, event.recorded_at, response)
}

fn posted(event: &CommittedEvent) -> Option<Question> {
    let Event::Conversation(ConversationEvent::MessagePosted {
        message_id,
        parent_id,
        content,
        ..
    }) = &event.event
    else {
        return None;
    };
    Some(Question {
        message_id: *message_id,
        parent_id: *parent_id,
        text: content.text().to_owned(),
    })
}

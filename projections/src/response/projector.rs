//! Projects events of runs: the run itself, and the message of its answer.

use domain::Personal;
use domain::personal::ERASED;
use domain::response::{Answer, ResponseEvent, answer_text};
use eventstore::log::OpenedEvent;
use sqlx::types::Text;
use uuid::Uuid;

use super::view::{ResponseStatus, ResponseView};
use crate::conversation::{BatchRows, MessageStatus};
use crate::projector::ApplyError;

/// Applies one event of a run.
pub(crate) fn apply_response(
    rows: &mut BatchRows,
    opened: &OpenedEvent,
    event: &ResponseEvent,
) -> Result<(), ApplyError> {
    let id = opened.aggregate_id;
    match event {
        ResponseEvent::ResponseRequested { .. } => {
            let run = ResponseView::from_request(id, opened.recorded_at, event);
            rows.responses.extend(run.map(|run| (id, run)));
            Ok(())
        }
        ResponseEvent::ResponseStarted { attempt, passages } => {
            start(rows, opened, *attempt, passages)
        }
        ResponseEvent::CancellationRequested { .. } => {
            rows.response(id)?.cancelling = true;
            Ok(())
        }
        ResponseEvent::ResponseCompleted {
            answer,
            finish_reason,
            usage,
            calls,
            ..
        } => {
            let run = rows.response(id)?;
            run.record_usage(calls, *usage);
            run.finish_reason = Some(Text(*finish_reason));
            end(rows, opened, ResponseStatus::Completed, answer)
        }
        ResponseEvent::ResponseFailed {
            code,
            detail,
            answer,
            usage,
            calls,
            ..
        } => {
            let run = rows.response(id)?;
            run.record_usage(calls, *usage);
            run.error_code = Some(Text(*code));
            run.error_detail = Some(detail.text().to_owned());
            end(rows, opened, ResponseStatus::Failed, answer)
        }
        ResponseEvent::ResponseInterrupted { answer, .. } => {
            end(rows, opened, ResponseStatus::Interrupted, answer)
        }
        ResponseEvent::ResponseCancelled {
            answer,
            usage,
            calls,
            ..
        } => {
            rows.response(id)?.record_usage(calls, *usage);
            end(rows, opened, ResponseStatus::Cancelled, answer)
        }
    }
}

fn start(
    rows: &mut BatchRows,
    opened: &OpenedEvent,
    attempt: u32,
    passages: &[Uuid],
) -> Result<(), ApplyError> {
    if !passages.is_empty() {
        rows.passages.insert(opened.aggregate_id, passages.to_vec());
    }
    let run = rows.response(opened.aggregate_id)?;
    run.start(attempt, opened.recorded_at);
    Ok(())
}

/// Ends a run: updates its row, the message of the answer, and the conversation, which moves to the top.
fn end(
    rows: &mut BatchRows,
    opened: &OpenedEvent,
    status: ResponseStatus,
    answer: &Personal<Answer>,
) -> Result<(), ApplyError> {
    let run = rows.response(opened.aggregate_id)?;
    run.status = Text(status);
    run.ended_at = Some(opened.recorded_at);
    let (message_id, conversation_id) = (run.message_id, run.conversation_id);
    let message = rows.message(message_id)?;
    match answer.plain() {
        Some(answer) => {
            message.content = answer_text(&answer.parts);
            message.answer = Some(serde_json::json!(answer).to_string());
            message.status = Text(message_status(status));
        }
        None => {
            ERASED.clone_into(&mut message.content);
            message.status = Text(MessageStatus::Erased);
        }
    }
    rows.conversation(conversation_id)?.updated_at = opened.recorded_at;
    Ok(())
}

/// The status of an answer by that of its run.
fn message_status(run: ResponseStatus) -> MessageStatus {
    match run {
        ResponseStatus::Queued | ResponseStatus::Running => MessageStatus::Running,
        ResponseStatus::Completed => MessageStatus::Complete,
        ResponseStatus::Failed => MessageStatus::Failed,
        ResponseStatus::Interrupted => MessageStatus::Interrupted,
        ResponseStatus::Cancelled => MessageStatus::Cancelled,
    }
}

//! Events of runs to rows: the run's own, and the answer's message.

use domain::Personal;
use domain::personal::ERASED;
use domain::response::{Answer, FailureCode, FinishReason, ResponseEvent, Usage, answer_text};
use eventstore::log::OpenedEvent;

use super::ResponseView;
use crate::conversation::Rows;
use crate::projector::ApplyError;

/// Applies one event of a run.
pub(crate) fn apply_response(
    rows: &mut Rows,
    at: &OpenedEvent,
    event: &ResponseEvent,
) -> Result<(), ApplyError> {
    match event {
        ResponseEvent::ResponseRequested { .. } => {
            let run = ResponseView::from_request(at.aggregate_id, at.recorded_at, event);
            rows.responses.extend(run.map(|run| (at.aggregate_id, run)));
        }
        ResponseEvent::ResponseStarted { attempt, passages } => {
            if !passages.is_empty() {
                rows.passages.insert(at.aggregate_id, passages.clone());
            }
            rows.response(at.aggregate_id)?
                .start(*attempt, at.recorded_at);
        }
        ResponseEvent::CancellationRequested { .. } => {
            rows.response(at.aggregate_id)?.cancelling = true;
        }
        ResponseEvent::ResponseCompleted {
            answer,
            finish_reason,
            usage,
            calls,
            ..
        } => {
            let run = rows.response(at.aggregate_id)?;
            run.record_calls(calls);
            run.finish_reason = Some(finish_name(*finish_reason).to_owned());
            count_tokens(run, *usage);
            end(rows, at, ("completed", "complete"), answer)?;
        }
        ResponseEvent::ResponseFailed {
            code,
            detail,
            answer,
            usage,
            calls,
            ..
        } => {
            let run = rows.response(at.aggregate_id)?;
            run.record_calls(calls);
            run.error_code = Some(failure_name(*code).to_owned());
            run.error_detail = Some(detail.text().to_owned());
            count_tokens(run, *usage);
            end(rows, at, ("failed", "failed"), answer)?;
        }
        ResponseEvent::ResponseInterrupted { answer, .. } => {
            end(rows, at, ("interrupted", "interrupted"), answer)?;
        }
        ResponseEvent::ResponseCancelled {
            answer,
            usage,
            calls,
            ..
        } => {
            let run = rows.response(at.aggregate_id)?;
            run.record_calls(calls);
            count_tokens(run, *usage);
            end(rows, at, ("cancelled", "cancelled"), answer)?;
        }
    }
    Ok(())
}

/// The end of a run: its own row, the answer's message, and the conversation that moves to the top.
fn end(
    rows: &mut Rows,
    at: &OpenedEvent,
    (status, message_status): (&str, &str),
    answer: &Personal<Answer>,
) -> Result<(), ApplyError> {
    let run = rows.response(at.aggregate_id)?;
    status.clone_into(&mut run.status);
    run.ended_at = Some(at.recorded_at);
    let (message_id, conversation_id) = (run.message_id, run.conversation_id);
    let message = rows.message(message_id)?;
    match answer.plain() {
        Some(answer) => {
            message.content = answer_text(&answer.parts);
            message.answer = Some(serde_json::json!(answer).to_string());
            message_status.clone_into(&mut message.status);
        }
        None => {
            ERASED.clone_into(&mut message.content);
            "erased".clone_into(&mut message.status);
        }
    }
    rows.conversation(conversation_id)?.updated_at = at.recorded_at;
    Ok(())
}

fn count_tokens(run: &mut ResponseView, usage: Usage) {
    run.input_tokens = Some(count(usage.input_tokens));
    run.output_tokens = Some(count(usage.output_tokens));
}

fn finish_name(reason: FinishReason) -> &'static str {
    match reason {
        FinishReason::Stop => "stop",
        FinishReason::Length => "length",
        FinishReason::ToolCalls => "tool_calls",
        FinishReason::ContentFilter => "content_filter",
    }
}

fn failure_name(code: FailureCode) -> &'static str {
    match code {
        FailureCode::ModelUnavailable => "model_unavailable",
        FailureCode::ProviderError => "provider_error",
        FailureCode::ProviderUnauthorized => "provider_unauthorized",
        FailureCode::ProviderRateLimited => "provider_rate_limited",
        FailureCode::ProviderUnreachable => "provider_unreachable",
        FailureCode::ProviderTimeout => "provider_timeout",
        FailureCode::Internal => "internal",
    }
}

fn count(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

//! Events of runs to rows: the run's own, and the answer's message.

use domain::Personal;
use domain::personal::ERASED;
use domain::response::{Answer, FailureCode, FinishReason, ResponseEvent, Usage, answer_text};
use eventstore::log::OpenedEvent;
use sqlx::PgConnection;
use sqlx::types::Json;

/// Applies one event of a run.
pub(crate) async fn apply_response(
    connection: &mut PgConnection,
    at: &OpenedEvent,
    event: &ResponseEvent,
) -> Result<(), sqlx::Error> {
    let id = at.aggregate_id;
    match event {
        ResponseEvent::ResponseRequested { .. } => request(connection, at, event).await,
        ResponseEvent::ResponseStarted { attempt } => {
            sqlx::query!(
                "update view_responses set status = 'running', attempt = $2, started_at = $3 where id = $1",
                id,
                number(*attempt),
                at.recorded_at
            )
            .execute(connection)
            .await?;
            Ok(())
        }
        ResponseEvent::CancellationRequested { .. } => {
            sqlx::query!(
                "update view_responses set cancelling = true where id = $1",
                id
            )
            .execute(connection)
            .await?;
            Ok(())
        }
        ResponseEvent::ResponseCompleted {
            answer,
            finish_reason,
            usage,
            ..
        } => {
            let end = End {
                status: "completed",
                message_status: "complete",
                answer,
                finish_reason: Some(finish_name(*finish_reason)),
                usage: Some(*usage),
                error: None,
            };
            end.write(connection, at).await
        }
        ResponseEvent::ResponseFailed {
            code,
            detail,
            answer,
            usage,
            ..
        } => {
            let end = End {
                status: "failed",
                message_status: "failed",
                answer,
                finish_reason: None,
                usage: Some(*usage),
                error: Some((failure_name(*code), detail.text())),
            };
            end.write(connection, at).await
        }
        ResponseEvent::ResponseInterrupted { answer, .. } => {
            let end = End {
                status: "interrupted",
                message_status: "interrupted",
                answer,
                finish_reason: None,
                usage: None,
                error: None,
            };
            end.write(connection, at).await
        }
        ResponseEvent::ResponseCancelled { answer, usage, .. } => {
            let end = End {
                status: "cancelled",
                message_status: "cancelled",
                answer,
                finish_reason: None,
                usage: Some(*usage),
                error: None,
            };
            end.write(connection, at).await
        }
    }
}

async fn request(
    connection: &mut PgConnection,
    at: &OpenedEvent,
    event: &ResponseEvent,
) -> Result<(), sqlx::Error> {
    let ResponseEvent::ResponseRequested {
        conversation_id,
        prompt_message_id,
        message_id,
        requested_by,
        assistant_id,
        assistant_version,
        model,
    } = event
    else {
        return Ok(());
    };
    sqlx::query!(
        "insert into view_responses (id, conversation_id, prompt_message_id, message_id, requested_by, assistant_id,
                                     assistant_version, model, status, requested_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, 'queued', $9)",
        at.aggregate_id,
        conversation_id,
        prompt_message_id,
        message_id,
        requested_by,
        assistant_id,
        number(*assistant_version),
        model,
        at.recorded_at
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The end of a run.
struct End<'a> {
    status: &'static str,
    message_status: &'static str,
    answer: &'a Personal<Answer>,
    finish_reason: Option<&'static str>,
    usage: Option<Usage>,
    error: Option<(&'static str, &'a str)>,
}

impl End<'_> {
    async fn write(
        &self,
        connection: &mut PgConnection,
        at: &OpenedEvent,
    ) -> Result<(), sqlx::Error> {
        let row = sqlx::query!(
            "update view_responses set status = $2, finish_reason = $3, input_tokens = $4, output_tokens = $5,
                    error_code = $6, error_detail = $7, ended_at = $8
             where id = $1 returning message_id, conversation_id",
            at.aggregate_id,
            self.status,
            self.finish_reason,
            self.usage.map(|usage| count(usage.input_tokens)),
            self.usage.map(|usage| count(usage.output_tokens)),
            self.error.map(|(code, _)| code),
            self.error.map(|(_, detail)| detail),
            at.recorded_at
        )
        .fetch_one(&mut *connection)
        .await?;
        let (content, answer, status) = match self.answer.plain() {
            Some(answer) => (
                answer_text(&answer.parts),
                Some(Json(answer)),
                self.message_status,
            ),
            None => (ERASED.to_owned(), None, "erased"),
        };
        // A dynamic query: sqlx would declare the parameter jsonb, and this column keeps its text.
        sqlx::query("update view_messages set content = $2, answer = $3::text::json, status = $4 where id = $1")
            .bind(row.message_id)
            .bind(content)
            .bind(answer.map(|Json(answer)| serde_json::json!(answer).to_string()))
            .bind(status)
            .execute(&mut *connection)
            .await?;
        sqlx::query!(
            "update view_conversations set updated_at = $2 where id = $1",
            row.conversation_id,
            at.recorded_at
        )
        .execute(connection)
        .await?;
        Ok(())
    }
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
        FailureCode::Internal => "internal",
    }
}

fn number(n: u32) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}

fn count(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

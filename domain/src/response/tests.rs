use cqrs_es::test::TestFramework;
use uuid::Uuid;

use super::*;
use crate::personal::{Personal, Subject};

type Framework = TestFramework<Response>;

const CONVERSATION: Uuid = Uuid::from_u128(0xc0);
const USER: Uuid = Uuid::from_u128(0xada);

fn requested() -> ResponseEvent {
    ResponseEvent::ResponseRequested {
        conversation_id: CONVERSATION,
        prompt_message_id: Uuid::from_u128(1),
        message_id: Uuid::from_u128(2),
        requested_by: USER,
        assistant_id: Uuid::from_u128(3),
        assistant_version: 1,
        model: "builtin/guide".into(),
        context_window: None,
    }
}

fn answer() -> Answer {
    Answer {
        parts: vec![AnswerPart::Text { text: "Hi".into() }],
        citations: vec![],
    }
}

fn sealed(answer: Answer) -> Personal<Answer> {
    Personal::new([Subject::new("conversation", CONVERSATION)], answer)
}

fn complete(attempt: u32) -> ResponseCommand {
    ResponseCommand::EndResponse {
        attempt,
        outcome: Outcome::Completed {
            answer: answer(),
            finish_reason: FinishReason::Stop,
            usage: Usage::default(),
        },
        calls: calls(),
    }
}

fn calls() -> Vec<Call> {
    vec![Call {
        model: "openai/gpt".into(),
        first_ms: Some(200),
        took_ms: 1_000,
        usage: Usage::default(),
        cost: Some(15),
        failure: None,
        left_out: vec![],
    }]
}

fn completed(attempt: u32) -> ResponseEvent {
    ResponseEvent::ResponseCompleted {
        attempt,
        answer: sealed(answer()),
        finish_reason: FinishReason::Stop,
        usage: Usage::default(),
        calls: calls(),
    }
}

fn started(attempt: u32) -> ResponseEvent {
    ResponseEvent::ResponseStarted {
        attempt,
        passages: vec![],
    }
}

fn expect_refusal(given: Vec<ResponseEvent>, command: ResponseCommand, error: ResponseError) {
    Framework::with(())
        .given(given)
        .when(command)
        .then_expect_error(error);
}

fn expect_events(given: Vec<ResponseEvent>, command: ResponseCommand, events: Vec<ResponseEvent>) {
    Framework::with(())
        .given(given)
        .when(command)
        .then_expect_events(events);
}

#[test]
fn only_the_next_attempt_can_start_a_run() {
    let start = |attempt| ResponseCommand::StartResponse {
        attempt,
        passages: vec![],
    };
    expect_events(vec![requested()], start(1), vec![started(1)]);
    expect_refusal(
        vec![requested(), started(1)],
        start(1),
        ResponseError::StaleAttempt,
    );
    expect_events(vec![requested(), started(1)], start(2), vec![started(2)]);
    expect_refusal(
        vec![requested(), started(1), completed(1)],
        start(2),
        ResponseError::Ended,
    );
    expect_refusal(vec![], start(1), ResponseError::NotFound);
}

#[test]
fn only_the_current_attempt_can_end_a_run_and_only_once() {
    expect_events(
        vec![requested(), started(1)],
        complete(1),
        vec![completed(1)],
    );
    expect_refusal(
        vec![requested(), started(1), started(2)],
        complete(1),
        ResponseError::StaleAttempt,
    );
    expect_refusal(
        vec![requested(), started(1), completed(1)],
        complete(1),
        ResponseError::Ended,
    );
}

#[test]
fn cancelling_a_waiting_run_ends_it_at_once() {
    expect_events(
        vec![requested()],
        ResponseCommand::CancelResponse { by: USER },
        vec![
            ResponseEvent::CancellationRequested { by: USER },
            ResponseEvent::ResponseCancelled {
                attempt: 0,
                answer: sealed(Answer::default()),
                usage: Usage::default(),
                calls: vec![],
            },
        ],
    );
}

#[test]
fn cancelling_a_started_run_is_requested_once() {
    let cancel = ResponseCommand::CancelResponse { by: USER };
    let cancelling = ResponseEvent::CancellationRequested { by: USER };
    expect_events(
        vec![requested(), started(1)],
        cancel.clone(),
        vec![cancelling.clone()],
    );
    expect_refusal(
        vec![requested(), started(1), cancelling],
        cancel.clone(),
        ResponseError::CancellationRequested,
    );
    expect_refusal(
        vec![requested(), started(1), completed(1)],
        cancel,
        ResponseError::Ended,
    );
}

#[test]
fn another_user_cannot_cancel_a_run() {
    expect_refusal(
        vec![requested(), started(1)],
        ResponseCommand::CancelResponse { by: Uuid::nil() },
        ResponseError::NotFound,
    );
}

#[test]
fn an_interrupted_run_keeps_the_partial_answer() {
    expect_events(
        vec![requested(), started(1)],
        ResponseCommand::EndResponse {
            attempt: 1,
            outcome: Outcome::Interrupted { answer: answer() },
            calls: vec![],
        },
        vec![ResponseEvent::ResponseInterrupted {
            attempt: 1,
            answer: sealed(answer()),
        }],
    );
}

#[test]
fn requesting_twice_is_refused() {
    expect_refusal(
        vec![requested()],
        ResponseCommand::RequestResponse {
            conversation_id: CONVERSATION,
            prompt_message_id: Uuid::from_u128(1),
            message_id: Uuid::from_u128(2),
            requested_by: USER,
            assistant_id: Uuid::from_u128(3),
            assistant_version: 1,
            model: "builtin/guide".into(),
            context_window: None,
        },
        ResponseError::AlreadyRequested,
    );
}

#[test]
fn the_text_of_an_answer_excludes_reasoning() {
    let parts = [
        AnswerPart::Reasoning { text: "hm".into() },
        AnswerPart::Text { text: "a".into() },
        AnswerPart::Text { text: "b".into() },
    ];
    assert_eq!(answer_text(&parts), "ab");
}

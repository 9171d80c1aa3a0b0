//! A requested run and its events.

use uuid::Uuid;

use super::{Answer, AnswerPart, Call, FinishReason, ResponseEvent, Usage};
use crate::personal::{Personal, Subject};

pub(super) const CONVERSATION: Uuid = Uuid::from_u128(0xc0);
pub(super) const USER: Uuid = Uuid::from_u128(0xada);

pub(super) fn requested() -> ResponseEvent {
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

pub(super) fn started(attempt: u32) -> ResponseEvent {
    ResponseEvent::ResponseStarted {
        attempt,
        passages: vec![],
    }
}

pub(super) fn answer() -> Answer {
    Answer {
        parts: vec![AnswerPart::Text { text: "Hi".into() }],
        citations: vec![],
    }
}

pub(super) fn sealed(answer: Answer) -> Personal<Answer> {
    Personal::new([Subject::new("conversation", CONVERSATION)], answer)
}

pub(super) fn calls() -> Vec<Call> {
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

pub(super) fn completed(attempt: u32) -> ResponseEvent {
    ResponseEvent::ResponseCompleted {
        attempt,
        answer: sealed(answer()),
        finish_reason: FinishReason::Stop,
        usage: Usage::default(),
        calls: calls(),
    }
}

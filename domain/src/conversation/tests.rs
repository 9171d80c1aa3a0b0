use cqrs_es::Aggregate;
use cqrs_es::test::TestFramework;
use uuid::Uuid;

use super::*;
use crate::personal::{Personal, Subject};
use crate::text::TextError;

type Framework = TestFramework<Conversation>;

const CONVERSATION: Uuid = Uuid::from_u128(0xc0);
const OWNER: Uuid = Uuid::from_u128(0xada);
const STRANGER: Uuid = Uuid::from_u128(0xeee);
const QUESTION: Uuid = Uuid::from_u128(0x11);
const ANSWER: Uuid = Uuid::from_u128(0x12);
const RESPONSE: Uuid = Uuid::from_u128(0x13);
const NEXT: Uuid = Uuid::from_u128(0x14);

fn started() -> ConversationEvent {
    ConversationEvent::ConversationStarted {
        owner_id: OWNER,
        title: None,
        assistant_id: Uuid::nil(),
        model: None,
    }
}

fn posted(message_id: Uuid, parent_id: Option<Uuid>) -> ConversationEvent {
    ConversationEvent::MessagePosted {
        message_id,
        parent_id,
        author: OWNER,
        content: Personal::new(
            [
                Subject::new("conversation", CONVERSATION),
                Subject::new("user", OWNER),
            ],
            "Hello".to_owned(),
        ),
        attachments: vec![],
    }
}

fn answered(message_id: Uuid, response_id: Uuid) -> ConversationEvent {
    ConversationEvent::AnswerAdded {
        message_id,
        parent_id: QUESTION,
        response_id,
    }
}

fn titled(title: &str) -> ConversationEvent {
    ConversationEvent::TitleChanged {
        title: Personal::new([Subject::new("conversation", CONVERSATION)], title.into()),
        automatic: true,
        call: None,
    }
}

fn history() -> Vec<ConversationEvent> {
    vec![
        started(),
        posted(QUESTION, None),
        answered(ANSWER, RESPONSE),
        titled("Hello"),
    ]
}

fn post(actor: Uuid, parent: Parent, content: &str) -> ConversationCommand {
    ConversationCommand::PostMessage {
        conversation_id: CONVERSATION,
        actor,
        message_id: NEXT,
        parent,
        content: content.to_owned(),
        attachments: vec![],
        answer: None,
    }
}

fn update() -> ConversationCommand {
    ConversationCommand::UpdateConversation {
        conversation_id: CONVERSATION,
        actor: OWNER,
        title: None,
        archived: None,
        pinned: Some(true),
        assistant_id: None,
        model: None,
    }
}

fn expect_refusal(
    given: Vec<ConversationEvent>,
    command: ConversationCommand,
    error: ConversationError,
) {
    Framework::with(())
        .given(given)
        .when(command)
        .then_expect_error(error);
}

fn expect_events(
    given: Vec<ConversationEvent>,
    command: ConversationCommand,
    events: Vec<ConversationEvent>,
) {
    Framework::with(())
        .given(given)
        .when(command)
        .then_expect_events(events);
}

#[test]
fn posting_adds_question_and_answer_in_one_decision() {
    let command = ConversationCommand::PostMessage {
        conversation_id: CONVERSATION,
        actor: OWNER,
        message_id: QUESTION,
        parent: Parent::Leaf,
        content: "Hello".into(),
        attachments: vec![],
        answer: Some((ANSWER, RESPONSE)),
    };
    expect_events(
        vec![started()],
        command,
        vec![
            posted(QUESTION, None),
            answered(ANSWER, RESPONSE),
            titled("Hello"),
        ],
    );
}

#[test]
fn a_message_is_added_below_the_leaf_unless_a_parent_is_given() {
    expect_events(
        history(),
        post(OWNER, Parent::Leaf, "Hello"),
        vec![posted(NEXT, Some(ANSWER))],
    );
    expect_events(
        history(),
        post(OWNER, Parent::Root, "Hello"),
        vec![posted(NEXT, None)],
    );
    expect_events(
        history(),
        post(OWNER, Parent::Message(QUESTION), "Hello"),
        vec![posted(NEXT, Some(QUESTION))],
    );
}

#[test]
fn a_parent_of_another_conversation_is_refused() {
    expect_refusal(
        history(),
        post(OWNER, Parent::Message(Uuid::from_u128(99)), "Hello"),
        ConversationError::UnknownParent,
    );
}

#[test]
fn posting_to_an_archived_conversation_is_refused() {
    let mut given = history();
    given.push(ConversationEvent::ConversationArchived {});
    expect_refusal(
        given,
        post(OWNER, Parent::Leaf, "Hello"),
        ConversationError::Archived,
    );
}

#[test]
fn posting_to_a_trashed_conversation_is_refused() {
    let mut given = history();
    given.push(ConversationEvent::ConversationTrashed {});
    expect_refusal(
        given.clone(),
        post(OWNER, Parent::Leaf, "Hello"),
        ConversationError::Trashed,
    );
    expect_refusal(given, update(), ConversationError::Trashed);
}

#[test]
fn a_stranger_cannot_see_a_conversation() {
    expect_refusal(
        history(),
        post(STRANGER, Parent::Leaf, "Hello"),
        ConversationError::NotFound,
    );
    expect_refusal(
        history(),
        ConversationCommand::TrashConversation { actor: STRANGER },
        ConversationError::NotFound,
    );
    expect_refusal(vec![], update(), ConversationError::NotFound);
}

#[test]
fn blank_content_and_control_characters_are_refused() {
    expect_refusal(
        history(),
        post(OWNER, Parent::Leaf, " \n"),
        ConversationError::Content(TextError::Empty),
    );
    expect_refusal(
        history(),
        post(OWNER, Parent::Leaf, "a\u{0}"),
        ConversationError::Content(TextError::Control),
    );
}

#[test]
fn an_edit_adds_a_sibling() {
    let edit = |original_id| ConversationCommand::EditMessage {
        conversation_id: CONVERSATION,
        actor: OWNER,
        original_id,
        message_id: NEXT,
        content: "Hello".into(),
        attachments: vec![],
        answer: None,
    };
    expect_events(history(), edit(QUESTION), vec![posted(NEXT, None)]);
    expect_refusal(history(), edit(ANSWER), ConversationError::NotEditable);
    expect_refusal(
        history(),
        edit(Uuid::nil()),
        ConversationError::UnknownMessage,
    );
}

#[test]
fn regenerating_adds_another_answer_to_the_same_question() {
    let regenerate = |original_id| ConversationCommand::RegenerateAnswer {
        actor: OWNER,
        original_id,
        answer: (NEXT, RESPONSE),
    };
    expect_events(
        history(),
        regenerate(ANSWER),
        vec![answered(NEXT, RESPONSE)],
    );
    expect_refusal(
        history(),
        regenerate(QUESTION),
        ConversationError::NotAnAnswer,
    );
}

#[test]
fn an_update_changes_only_what_differs() {
    expect_events(
        history(),
        update(),
        vec![ConversationEvent::ConversationPinned {}],
    );
    let mut given = history();
    given.push(ConversationEvent::ConversationPinned {});
    expect_events(given, update(), vec![]);
}

#[test]
fn the_first_question_becomes_the_title_if_there_is_none() {
    let ask = |content: &str| post(OWNER, Parent::Leaf, content);
    let titles = |given: Vec<ConversationEvent>, command| {
        let mut conversation = Conversation::default();
        for event in given {
            conversation.apply(event);
        }
        let events = conversation.decide(command).unwrap();
        events
            .into_iter()
            .filter_map(|event| match event {
                ConversationEvent::TitleChanged {
                    title, automatic, ..
                } => {
                    assert!(automatic);
                    title.plain().cloned()
                }
                _ => None,
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(
        titles(vec![started()], ask("\n Where is it?\nmore")),
        ["Where is it?"]
    );
    assert_eq!(titles(history(), ask("And now?")), [""; 0]);
    let own = ConversationEvent::TitleChanged {
        title: Personal::new([Subject::new("conversation", CONVERSATION)], "Mine".into()),
        automatic: false,
        call: None,
    };
    assert_eq!(titles(vec![started(), own], ask("Where is it?")), [""; 0]);
}

#[test]
fn only_a_trashed_conversation_can_be_restored() {
    let restore = ConversationCommand::RestoreConversation { actor: OWNER };
    expect_refusal(history(), restore.clone(), ConversationError::NotTrashed);
    let mut given = history();
    given.push(ConversationEvent::ConversationTrashed {});
    expect_events(
        given.clone(),
        restore,
        vec![ConversationEvent::ConversationRestored {}],
    );
    expect_refusal(
        given,
        ConversationCommand::TrashConversation { actor: OWNER },
        ConversationError::Trashed,
    );
}

#[test]
fn starting_twice_is_refused() {
    let start = ConversationCommand::StartConversation {
        conversation_id: CONVERSATION,
        owner_id: OWNER,
        title: None,
        assistant_id: Uuid::nil(),
        model: None,
    };
    expect_events(vec![], start.clone(), vec![started()]);
    expect_refusal(history(), start, ConversationError::AlreadyStarted);
}

#[test]
fn only_answers_can_be_rated_and_only_by_the_owner() {
    let give = |actor, message_id, rating| ConversationCommand::GiveFeedback {
        actor,
        message_id,
        rating,
    };
    for rating in [Some(Rating::Up), Some(Rating::Down), None] {
        let given = ConversationEvent::FeedbackGiven {
            user_id: OWNER,
            message_id: ANSWER,
            rating,
        };
        expect_events(history(), give(OWNER, ANSWER, rating), vec![given]);
    }
    let up = Some(Rating::Up);
    expect_refusal(
        history(),
        give(OWNER, QUESTION, up),
        ConversationError::NotRatable,
    );
    expect_refusal(
        history(),
        give(OWNER, NEXT, up),
        ConversationError::UnknownMessage,
    );
    let stranger = give(Uuid::from_u128(3), ANSWER, up);
    expect_refusal(history(), stranger, ConversationError::NotFound);
}

#[test]
fn a_read_marker_moves_only_forward_and_within_the_conversation() {
    let read = |actor, message_id| ConversationCommand::MoveReadMarker { actor, message_id };
    let moved = |message_id| ConversationEvent::ReadMarkerMoved {
        user_id: OWNER,
        message_id,
    };
    expect_events(history(), read(OWNER, QUESTION), vec![moved(QUESTION)]);
    let given = |last: ConversationEvent| {
        let mut events = history();
        events.push(last);
        events
    };
    expect_events(
        given(moved(QUESTION)),
        read(OWNER, ANSWER),
        vec![moved(ANSWER)],
    );
    expect_events(given(moved(ANSWER)), read(OWNER, QUESTION), vec![]);
    expect_events(given(moved(ANSWER)), read(OWNER, ANSWER), vec![]);
    expect_refusal(
        history(),
        read(OWNER, NEXT),
        ConversationError::NotInConversation,
    );
    expect_refusal(
        history(),
        read(STRANGER, QUESTION),
        ConversationError::NotFound,
    );
    // Messages of a trashed conversation can be read.
    let trashed = ConversationEvent::ConversationTrashed {};
    expect_events(given(trashed), read(OWNER, ANSWER), vec![moved(ANSWER)]);
}

#[test]
fn commands_on_an_erased_conversation_are_refused_except_erasing() {
    Framework::with(())
        .given(history())
        .when(ConversationCommand::EraseConversation {})
        .then_expect_events(vec![ConversationEvent::ConversationErased {}]);
    let erased = || {
        let mut events = history();
        events.push(ConversationEvent::ConversationErased {});
        events
    };
    Framework::with(())
        .given(erased())
        .when(ConversationCommand::EraseConversation {})
        .then_expect_events(vec![]);
    Framework::with(())
        .given(erased())
        .when(post(OWNER, Parent::Leaf, "x"))
        .then_expect_error(ConversationError::NotFound);
    Framework::with(())
        .given_no_previous_events()
        .when(ConversationCommand::EraseConversation {})
        .then_expect_error(ConversationError::NotFound);
}

/// Pins the snapshot format. When it changes, raise `SNAPSHOT_VERSION` and adjust the expected text.
#[test]
fn the_snapshot_format_matches_its_version() {
    use cqrs_es::Aggregate;

    use crate::event::StoredAggregate;

    let mut conversation = Conversation::default();
    conversation.apply(started());
    conversation.apply(posted(QUESTION, None));
    let fields = serde_json::to_string(&conversation).unwrap();
    let expected = concat!(
        r#"{"owner_id":"00000000-0000-0000-0000-000000000ada","assistant_id":"00000000-0000-0000-0000-000000000000","#,
        r#""model":null,"nodes":{"00000000-0000-0000-0000-000000000011":{"number":0,"parent_id":null,"is_answer":false}},"#,
        r#""leaf":"00000000-0000-0000-0000-000000000011","read":{},"title":"missing","pinned":false,"archived":false,"#,
        r#""trashed":false,"imported":false,"erased":false}"#,
    );
    assert_eq!(
        (Conversation::SNAPSHOT_VERSION, fields.as_str()),
        (Some(4), expected)
    );
}

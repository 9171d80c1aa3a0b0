//! What all formats contain, and what only JSON contains.

use chrono::{DateTime, Utc};
use domain::response::{Answer, AnswerPart, Citation};
use uuid::Uuid;

use super::*;

pub(super) fn message(role: &str, content: &str) -> PortableMessage {
    PortableMessage {
        id: Uuid::nil(),
        parent_id: None,
        role: role.to_owned(),
        content: content.to_owned(),
        answer: (role == "assistant").then(|| Answer {
            parts: vec![AnswerPart::Text {
                text: content.to_owned(),
            }],
            citations: vec![Citation {
                number: 1,
                title: "handbook.pdf, page 3".to_owned(),
                quote: String::new(),
                location: String::new(),
            }],
        }),
        status: "complete".to_owned(),
        finish_reason: None,
        attachments: vec![],
        model: None,
        usage: None,
        feedback: None,
        created_at: DateTime::UNIX_EPOCH,
    }
}

pub(super) fn conversation() -> ConversationView {
    ConversationView {
        id: Uuid::nil(),
        version: 1,
        owner_id: Uuid::nil(),
        title: Some("Grüße: Ελληνικά и кириллица".to_owned()),
        assistant_id: Uuid::nil(),
        model: None,
        pinned: false,
        archived: false,
        trashed: false,
        hidden: false,
        leaf_id: None,
        last_read_message_id: None,
        message_count: 0,
        imported_from: None,
        created_at: Utc::now(),
        updated_at: Utc::now(),
    }
}

/// The text of an answer between two questions, in each format for people.
fn readable(answer: &PortableMessage) -> Vec<(&'static str, String)> {
    fn written(mut writer: impl Writer, answer: &PortableMessage) -> String {
        let question = message("user", "Why?");
        let next = message("user", "And then?");
        let mut text = writer.begin(&conversation());
        text.push_str(&writer.message(&question, true));
        text.push_str(&writer.message(answer, false));
        text.push_str(&writer.message(&next, false));
        text + &writer.end()
    }
    let messages = [
        message("user", "Why?"),
        answer.clone(),
        message("user", "And then?"),
    ];
    let pages = pdf::render_pages(&mut pdf::Fonts::bundled(), &conversation(), &messages).unwrap();
    let pages = pdf_extract::extract_text_from_mem(&pages.bytes).unwrap();
    let pages: Vec<&str> = pages.split_whitespace().collect();
    vec![
        ("Markdown", written(markdown::Markdown, answer)),
        ("HTML", written(html::Page, answer)),
        ("PDF", pages.join(" ")),
    ]
}

#[test]
fn formats_for_people_say_how_an_incomplete_answer_ended() {
    let contents = [
        "",
        "Because",
        "Because\n\n```rust\nfn main",
        "- a\n  ```\n  x",
        "> ~~~\n> x",
    ];
    for (status, reason, ending) in [
        ("running", None, "This answer was still being written."),
        ("failed", None, "This answer failed."),
        ("cancelled", None, "This answer was stopped."),
        ("interrupted", Some("stop"), "This answer was interrupted."),
        (
            "complete",
            Some("length"),
            "This answer was cut off: it reached the length limit.",
        ),
        (
            "complete",
            Some("content_filter"),
            "This answer was cut off by a content filter.",
        ),
        ("complete", Some("stop"), ""),
        ("complete", Some("tool_calls"), ""),
        ("complete", None, ""),
        ("erased", None, ""),
    ] {
        for content in contents {
            let mut answer = message("assistant", content);
            status.clone_into(&mut answer.status);
            answer.finish_reason = reason.map(str::to_owned);
            for (format, text) in readable(&answer) {
                let count = text.matches("This answer").count();
                assert_eq!(count, usize::from(!ending.is_empty()), "{format}: {text}");
                assert!(
                    text.contains(ending),
                    "{format} of {status} {reason:?}: {text}"
                );
                let (before, after) = text.split_once(ending).unwrap();
                assert!(
                    ending.is_empty() || before.contains("Why?"),
                    "{format}: {text}"
                );
                assert!(after.contains("And then?"), "{format}: {text}");
            }
            // The text after an unclosed code block is not part of it.
            let (_, markdown) = readable(&answer).swap_remove(0);
            let mut headings = 0;
            for event in pulldown_cmark::Parser::new(&markdown) {
                let start = matches!(
                    event,
                    pulldown_cmark::Event::Start(pulldown_cmark::Tag::Heading { .. })
                );
                headings += usize::from(start);
            }
            assert_eq!(headings, 4, "{markdown}");
        }
    }
}

#[test]
fn only_json_contains_the_reasoning_of_models() {
    let mut answer = message("assistant", "Because");
    if let Some(body) = &mut answer.answer {
        let reasoning = AnswerPart::Reasoning {
            text: "Let me think".to_owned(),
            duration_ms: Some(4_200),
        };
        body.parts.insert(0, reasoning);
    }
    for (format, text) in readable(&answer) {
        assert!(text.contains("Because"), "{format}: {text}");
        assert!(!text.contains("Let me think"), "{format}: {text}");
    }
    let mut json = json::Json::default();
    let json = json.message(&answer, true);
    assert!(json.contains("Let me think") && json.contains("\"duration_ms\":4200"));
}

//! For paper, and for whoever is to have it as it was: pages with fonts of their own, that fetch nothing and run nothing.

mod fonts;
mod missing;
mod paragraphs;
mod sheet;

use std::collections::BTreeSet;
use std::sync::{LazyLock, Mutex, PoisonError};

use projections::conversation::ConversationView;
use projections::portable::PortableMessage;
use tokio::sync::Semaphore;

pub(in crate::export) use self::fonts::Fonts;
use self::paragraphs::{Paragraph, said};
use self::sheet::Sheet;
use super::{ending, speaker};
use crate::limits::Export;
use crate::problem::Problem;

/// Bytes of text in a file, at most: it is set as a whole, in memory.
pub(super) const LIMIT: usize = 2_000_000;

/// Setting takes a processor: one file at a time does.
static TURN: Semaphore = Semaphore::const_new(1);
/// Looked for once: a machine may have hundreds.
static FONTS: LazyLock<Mutex<Fonts>> = LazyLock::new(|| Mutex::new(Fonts::find()));

/// A file, and the scripts of the letters that stand in it as boxes.
pub(super) struct Pages {
    pub bytes: Vec<u8>,
    pub missing: Vec<&'static str>,
}

/// Sets a conversation on pages. The export is given back: until then it is under way, also where nobody waits any more.
pub(super) async fn set(
    export: Export,
    conversation: ConversationView,
    messages: Vec<PortableMessage>,
) -> Result<(Export, Pages), Problem> {
    let turn = TURN.acquire().await;
    let set = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        let mut fonts = FONTS.lock().unwrap_or_else(PoisonError::into_inner);
        pages(&mut fonts, &conversation, &messages).map(|pages| (export, pages))
    });
    match set.await {
        Ok(Ok(set)) => Ok(set),
        Ok(Err(error)) => Err(failed(&error)),
        Err(error) => Err(failed(&error)),
    }
}

fn failed(error: &dyn std::fmt::Display) -> Problem {
    tracing::error!(%error, "a PDF file was not set");
    Problem::unavailable(
        "not_set",
        "the pages could not be set; export it as HTML, or try again",
    )
}

/// What no font has is known once everything is set, and named at the head: then it is set again.
pub(super) fn pages(
    fonts: &mut Fonts,
    conversation: &ConversationView,
    messages: &[PortableMessage],
) -> Result<Pages, String> {
    let (bytes, missing) = pages_with(fonts, conversation, messages, None)?;
    let missing = Vec::from_iter(missing);
    if missing.is_empty() {
        return Ok(Pages { bytes, missing });
    }
    let note = format!(
        "This server has no font for: {}. Such characters are shown here as boxes; the export as HTML shows them.",
        missing.join(", ")
    );
    let (bytes, _) = pages_with(fonts, conversation, messages, Some(&note))?;
    Ok(Pages { bytes, missing })
}

fn pages_with(
    fonts: &mut Fonts,
    conversation: &ConversationView,
    messages: &[PortableMessage],
    note: Option<&str>,
) -> Result<(Vec<u8>, BTreeSet<&'static str>), String> {
    let title = conversation.title.as_deref().unwrap_or("Conversation");
    let mut sheet = Sheet::begin(title, fonts);
    sheet.set(&Paragraph::title(title));
    if let Some(note) = note {
        sheet.set(&Paragraph::note(note));
    }
    for message in messages {
        let time = message.created_at.format("%Y-%m-%d %H:%M UTC");
        sheet.set(&Paragraph::speaker(&speaker(message), &time.to_string()));
        for file in &message.attachments {
            sheet.set(&Paragraph::note(&file.name));
        }
        for paragraph in said(&message.content) {
            sheet.set(&paragraph);
        }
        if let Some(ending) = ending(message) {
            sheet.set(&Paragraph::note(ending));
        }
        for source in message.answer.iter().flat_map(|answer| &answer.citations) {
            sheet.set(&Paragraph::note(&format!(
                "[{}] {}",
                source.number, source.title
            )));
        }
    }
    sheet.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::tests::{conversation, message};

    #[test]
    fn what_was_said_stands_on_pages_and_can_be_read_again() {
        let text = "# Head\n\nSome **bold** and *slanted* text, a [link](https://example.org/a) and `code`.\n\n\
                    - one\n- two\n  1. deep\n\n> quoted\n\n```rust\nfn main() {}\n```\n\n| a | b |\n|---|---|\n| c | d |\n\n\
                    <script>alert(1)</script> [x](javascript:alert(1)) ![picture](https://evil.example/p.png)";
        let mut messages = vec![message("user", "Frage?"), message("assistant", text)];
        let long = "A sentence that is said again. ".repeat(400);
        messages.extend((0..20).map(|_| message("user", &long)));
        let bytes = pages(&mut Fonts::bundled(), &conversation(), &messages);
        let bytes = bytes.unwrap().bytes;
        assert!(bytes.starts_with(b"%PDF-"));
        let read = pdf_extract::extract_text_from_mem(&bytes).unwrap();
        let read: Vec<&str> = read.split_whitespace().collect();
        let read = read.join(" ");
        for wanted in [
            "Grüße: Ελληνικά и кириллица",
            "Frage?",
            "Head",
            "bold",
            "slanted",
            "link",
            "code",
            "one",
            "two",
            "deep",
            "quoted",
            "fn main() {}",
            "c",
            "d",
            "handbook.pdf, page 3",
            "said again",
            "<script>",
        ] {
            assert!(read.contains(wanted), "{wanted}: {read}");
        }
        // Nothing is lost between two pages.
        assert_eq!(read.matches("again.").count(), 400 * 20);
        let raw = String::from_utf8_lossy(&bytes);
        assert!(raw.contains("https://example.org/a"));
        for wrong in [
            "javascript",
            "evil.example",
            "/JavaScript",
            "/OpenAction",
            "/Launch",
        ] {
            assert!(!raw.contains(wrong), "{wrong}");
        }
        let pages = pdf_extract::extract_text_from_mem_by_pages(&bytes).unwrap();
        assert!(pages.len() > 10, "{}", pages.len());
        assert!(pages.iter().all(|page| !page.trim().is_empty()));
    }

    #[test]
    fn nothing_that_can_be_said_breaks_the_pages() {
        for odd in [
            "",
            "\u{0}",
            "\n\n\n",
            "a\u{301}\u{301}\u{301}",
            "مرحبا بالعالم",
            "你好，世界",
            "😀👩‍👩‍👧",
            "\u{202e}rtl",
            "\u{fffe}",
            &"x".repeat(100_000),
            "```",
            "| a |",
            "> > > > > > > > deep",
            "[](",
            "&#0;",
        ] {
            for fonts in [&mut Fonts::bundled(), &mut Fonts::find()] {
                let set = pages(fonts, &conversation(), &[message("assistant", odd)]);
                let is_set = set.is_ok_and(|set| set.bytes.starts_with(b"%PDF-"));
                assert!(is_set, "{odd:.20}");
            }
        }
    }

    #[test]
    fn scripts_that_no_font_has_are_named_at_the_head_and_told() {
        for (content, wanted) in [
            ("你好世界", vec!["Han"]),
            ("你好，世界", vec!["Han", "symbols"]),
            ("สวัสดี", vec!["Thai"]),
            ("😀 and 👩‍👩‍👧", vec!["symbols"]),
            ("नमस्ते दुनिया", vec!["Devanagari"]),
            (
                "안녕 こんにちは カタカナ",
                vec!["Hangul", "Hiragana", "Katakana"],
            ),
            (
                "**你好** and `สวัสดี`\n\n```\n😀\n```\n",
                vec!["Han", "Thai", "symbols"],
            ),
            ("> - 你好", vec!["Han"]),
            ("plain, Ελληνικά, кириллица, مرحبا, é e\u{301}", vec![]),
            (
                "a\tb\u{200d}\u{fe0f}\u{200b}\u{202e}c\u{ad} \u{a0}\u{2028}",
                vec![],
            ),
            ("", vec![]),
        ] {
            let messages = [message("user", "Question"), message("assistant", content)];
            let set = pages(&mut Fonts::bundled(), &conversation(), &messages).unwrap();
            assert_eq!(set.missing, wanted, "{content}");
            let read = pdf_extract::extract_text_from_mem(&set.bytes).unwrap();
            let read: Vec<&str> = read.split_whitespace().collect();
            let read = read.join(" ");
            let note = format!("This server has no font for: {}.", wanted.join(", "));
            let head = read
                .find(&note)
                .filter(|place| read.find("Question").is_some_and(|asked| *place < asked));
            assert_eq!(head.is_some(), !wanted.is_empty(), "{content}: {read}");
        }
    }

    #[test]
    fn a_title_a_file_and_a_source_have_letters_too() {
        let mut view = conversation();
        view.title = Some("计划".to_owned());
        let mut answer = message("assistant", "x");
        answer.answer.as_mut().unwrap().citations[0].title = "แผน.pdf".to_owned();
        let set = pages(&mut Fonts::bundled(), &view, &[answer]).unwrap();
        assert_eq!(set.missing, ["Han", "Thai"]);
    }
}

//! For paper, and for whoever is to have it as it was: pages with fonts of their own, that fetch nothing and run nothing.

mod fonts;
mod paragraphs;
mod sheet;

use std::sync::{LazyLock, Mutex, PoisonError};

use projections::conversation::ConversationView;
use projections::portable::PortableMessage;
use tokio::sync::Semaphore;

use self::fonts::Fonts;
use self::paragraphs::{Paragraph, said};
use self::sheet::Sheet;
use super::{ending, speaker};
use crate::problem::Problem;

/// Bytes of text in a file, at most: it is set as a whole, in memory.
pub(super) const LIMIT: usize = 2_000_000;

/// Setting takes a processor: one file at a time does.
static TURN: Semaphore = Semaphore::const_new(1);
/// Looked for once: a machine may have hundreds.
static FONTS: LazyLock<Mutex<Fonts>> = LazyLock::new(|| Mutex::new(Fonts::find()));

/// Sets a conversation on pages.
pub(super) async fn set(
    conversation: ConversationView,
    messages: Vec<PortableMessage>,
) -> Result<Vec<u8>, Problem> {
    let turn = TURN.acquire().await;
    let set = tokio::task::spawn_blocking(move || pages(&conversation, &messages)).await;
    drop(turn);
    match set {
        Ok(Ok(bytes)) => Ok(bytes),
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

pub(super) fn pages(
    conversation: &ConversationView,
    messages: &[PortableMessage],
) -> Result<Vec<u8>, String> {
    let mut fonts = FONTS.lock().unwrap_or_else(PoisonError::into_inner);
    let title = conversation.title.as_deref().unwrap_or("Conversation");
    let mut sheet = Sheet::begin(title, &mut fonts);
    sheet.set(&Paragraph::title(title));
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
        let bytes = pages(&conversation(), &messages).unwrap();
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
            let bytes = pages(&conversation(), &[message("assistant", odd)]);
            assert!(
                bytes.is_ok_and(|bytes| bytes.starts_with(b"%PDF-")),
                "{odd:.20}"
            );
        }
    }
}

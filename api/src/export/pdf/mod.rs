//! Export as PDF, with embedded fonts and without active content.

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
use self::paragraphs::{Paragraph, parse_markdown};
use self::sheet::Sheet;
use super::{incomplete_note, speaker};
use crate::http::Problem;
use crate::limits::ExportPermit;

/// Largest text of a file in bytes; it is laid out in memory.
pub(super) const LIMIT: usize = 2_000_000;

/// Rendering needs a whole CPU core, so only one file is rendered at a time.
static RENDERER: Semaphore = Semaphore::const_new(1);
/// Loaded once, because a machine may have hundreds of fonts.
static FONTS: LazyLock<Mutex<Fonts>> = LazyLock::new(|| Mutex::new(Fonts::load()));

/// A PDF file, and the scripts whose letters appear in it as boxes.
pub(super) struct PdfFile {
    pub bytes: Vec<u8>,
    pub missing: Vec<&'static str>,
}

/// Renders a conversation. Takes the permit and returns it, so that it is held until rendering ends, even if the client
/// has disconnected.
pub(super) async fn render(
    export: ExportPermit,
    conversation: ConversationView,
    messages: Vec<PortableMessage>,
) -> Result<(ExportPermit, PdfFile), Problem> {
    let permit = RENDERER.acquire().await;
    let set = tokio::task::spawn_blocking(move || {
        let _permit = permit;
        let mut fonts = FONTS.lock().unwrap_or_else(PoisonError::into_inner);
        render_pages(&mut fonts, &conversation, &messages).map(|pages| (export, pages))
    });
    match set.await {
        Ok(Ok(set)) => Ok(set),
        Ok(Err(error)) => Err(render_problem(&error)),
        Err(error) => Err(render_problem(&error)),
    }
}

fn render_problem(error: &dyn std::fmt::Display) -> Problem {
    tracing::error!(%error, "cannot render a PDF file");
    Problem::unavailable(
        "not_set",
        "the PDF file could not be created; export the conversation as HTML, or try again",
    )
}

/// Missing scripts are known only after rendering. If there are any, renders again with a note at the top.
pub(super) fn render_pages(
    fonts: &mut Fonts,
    conversation: &ConversationView,
    messages: &[PortableMessage],
) -> Result<PdfFile, String> {
    let (bytes, missing) = render_once(fonts, conversation, messages, None)?;
    let missing = Vec::from_iter(missing);
    if missing.is_empty() {
        return Ok(PdfFile { bytes, missing });
    }
    let note = format!(
        "This server has no font for: {}. Such characters appear as boxes; export the conversation as HTML to see them.",
        missing.join(", ")
    );
    let (bytes, _) = render_once(fonts, conversation, messages, Some(&note))?;
    Ok(PdfFile { bytes, missing })
}

fn render_once(
    fonts: &mut Fonts,
    conversation: &ConversationView,
    messages: &[PortableMessage],
    note: Option<&str>,
) -> Result<(Vec<u8>, BTreeSet<&'static str>), String> {
    let title = conversation.title.as_deref().unwrap_or("Conversation");
    let mut sheet = Sheet::new(title, fonts);
    sheet.add(&Paragraph::title(title));
    if let Some(note) = note {
        sheet.add(&Paragraph::note(note));
    }
    for message in messages {
        let time = message.created_at.format("%Y-%m-%d %H:%M UTC");
        sheet.add(&Paragraph::speaker(&speaker(message), &time.to_string()));
        for file in &message.attachments {
            sheet.add(&Paragraph::note(&file.name));
        }
        for paragraph in parse_markdown(&message.content) {
            sheet.add(&paragraph);
        }
        if let Some(ending) = incomplete_note(message) {
            sheet.add(&Paragraph::note(ending));
        }
        for source in message.answer.iter().flat_map(|answer| &answer.citations) {
            sheet.add(&Paragraph::note(&format!(
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
    fn the_text_of_a_conversation_can_be_extracted_from_the_pages() {
        let text = "# Head\n\nSome **bold** and *slanted* text, a [link](https://example.org/a) and `code`.\n\n\
                    - one\n- two\n  1. deep\n\n> quoted\n\n```rust\nfn main() {}\n```\n\n| a | b |\n|---|---|\n| c | d |\n\n\
                    <script>alert(1)</script> [x](javascript:alert(1)) ![picture](https://evil.example/p.png)";
        let mut messages = vec![message("user", "Frage?"), message("assistant", text)];
        let long = "A sentence that is said again. ".repeat(400);
        messages.extend((0..20).map(|_| message("user", &long)));
        let bytes = render_pages(&mut Fonts::bundled(), &conversation(), &messages);
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
        // Nothing is lost at page breaks.
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
    fn unusual_text_is_rendered_without_an_error() {
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
            for fonts in [&mut Fonts::bundled(), &mut Fonts::load()] {
                let set = render_pages(fonts, &conversation(), &[message("assistant", odd)]);
                let is_set = set.is_ok_and(|set| set.bytes.starts_with(b"%PDF-"));
                assert!(is_set, "{odd:.20}");
            }
        }
    }

    #[test]
    fn scripts_without_a_font_are_named_at_the_top_and_returned() {
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
            let set = render_pages(&mut Fonts::bundled(), &conversation(), &messages).unwrap();
            assert_eq!(set.missing, wanted, "{content}");
            let read = pdf_extract::extract_text_from_mem(&set.bytes).unwrap();
            let read: Vec<&str> = read.split_whitespace().collect();
            let read = read.join(" ");
            let note = format!("This server has no font for: {}.", wanted.join(", "));
            let head = read.find(&note).filter(|place| {
                read.find("Question")
                    .is_some_and(|question| *place < question)
            });
            assert_eq!(head.is_some(), !wanted.is_empty(), "{content}: {read}");
        }
    }

    #[test]
    fn titles_and_sources_are_checked_for_missing_scripts_too() {
        let mut view = conversation();
        view.title = Some("计划".to_owned());
        let mut answer = message("assistant", "x");
        answer.answer.as_mut().unwrap().citations[0].title = "แผน.pdf".to_owned();
        let set = render_pages(&mut Fonts::bundled(), &view, &[answer]).unwrap();
        assert_eq!(set.missing, ["Han", "Thai"]);
    }
}

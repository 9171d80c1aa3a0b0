//! Export as Markdown.

use std::fmt::Write;

use projections::conversation::ConversationView;
use projections::portable::PortableMessage;

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag};

use super::{Writer, incomplete_note, speaker};

pub(super) struct Markdown;

impl Writer for Markdown {
    const EXTENSION: &'static str = "md";
    const ALL_MESSAGES: bool = false;

    fn begin(&mut self, conversation: &ConversationView) -> String {
        let title = conversation.title.as_deref().unwrap_or("Conversation");
        // A title is plain text, not Markdown.
        let title: String = title.chars().flat_map(escaped).collect();
        format!("# {title}\n")
    }

    fn message(&mut self, message: &PortableMessage, _first: bool) -> String {
        let time = message.created_at.format("%Y-%m-%d %H:%M UTC");
        let mut text = format!("\n## {}\n\n*{time}*\n\n", speaker(message));
        for file in &message.attachments {
            let name: String = file.name.chars().flat_map(escaped).collect();
            let _ = writeln!(text, "File: {name}\n");
        }
        text.push_str(message.content.trim_end());
        text.push('\n');
        if let Some(fence) = open_fence(&message.content) {
            let _ = writeln!(text, "{fence}");
        }
        if let Some(ending) = incomplete_note(message) {
            let _ = writeln!(text, "\n*{ending}*");
        }
        let citations = message.answer.iter().flat_map(|answer| &answer.citations);
        for (index, citation) in citations.enumerate() {
            let before = if index == 0 { "\n" } else { "" };
            let title: String = citation.title.chars().flat_map(escaped).collect();
            let _ = writeln!(text, "{before}- \\[{}\\] {title}", citation.number);
        }
        text
    }

    fn end(&mut self) -> String {
        String::new()
    }
}

/// The fence of an unclosed code block at the end, which would swallow the text after it. A block in a list or quote is
/// closed by the end of that.
fn open_fence(markdown: &str) -> Option<String> {
    let markdown = markdown.trim_end();
    let (mut depth, mut last) = (0_usize, None);
    for (event, range) in Parser::new(markdown).into_offset_iter() {
        match event {
            Event::Start(tag) => {
                let is_fenced = matches!(tag, Tag::CodeBlock(CodeBlockKind::Fenced(_)));
                if depth == 0 {
                    last = is_fenced.then_some(range);
                }
                depth += 1;
            }
            Event::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    let block = markdown.get(last?)?.trim_start();
    let sign = block.chars().next()?;
    let fence: String = block.chars().take_while(|c| *c == sign).collect();
    let end = block.lines().skip(1).last().unwrap_or_default().trim();
    let is_closed = end.len() >= fence.len() && end.chars().all(|c| c == sign);
    (!is_closed).then_some(fence)
}

/// Escapes a character that has a meaning in Markdown (`CommonMark` 2.4).
fn escaped(c: char) -> impl Iterator<Item = char> {
    let slash = c.is_ascii_punctuation().then_some('\\');
    slash.into_iter().chain([c])
}

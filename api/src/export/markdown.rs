//! For people, and for whatever reads Markdown.

use std::fmt::Write;

use projections::conversation::ConversationView;
use projections::portable::PortableMessage;

use super::{Writer, speaker};

pub(super) struct Markdown;

impl Writer for Markdown {
    const ENDING: &'static str = "md";
    const WHOLE: bool = false;

    fn begin(&mut self, conversation: &ConversationView) -> String {
        let title = conversation.title.as_deref().unwrap_or("Conversation");
        // A title is one line of text, whatever it looks like.
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

/// A character that means something in Markdown, as itself (`CommonMark` 2.4).
fn escaped(c: char) -> impl Iterator<Item = char> {
    let slash = c.is_ascii_punctuation().then_some('\\');
    slash.into_iter().chain([c])
}

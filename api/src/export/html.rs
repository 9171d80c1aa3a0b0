//! Export as one HTML page, which loads no other resource and runs no script, whatever its messages contain.

use std::fmt::Write;

use projections::conversation::ConversationView;
use projections::portable::PortableMessage;
use pulldown_cmark::{CowStr, Event, LinkType, Options, Parser, Tag, TagEnd, html};

use super::{Writer, incomplete_note, safe_address, speaker};
use crate::pages::escape;

const HEAD: &str = include_str!("page.html");

pub(super) struct Page;

impl Writer for Page {
    const EXTENSION: &'static str = "html";
    const ALL_MESSAGES: bool = false;

    fn begin(&mut self, conversation: &ConversationView) -> String {
        let title = conversation.title.as_deref().unwrap_or("Conversation");
        HEAD.replace("{title}", &escape(title))
    }

    fn message(&mut self, message: &PortableMessage, _first: bool) -> String {
        let time = message.created_at.format("%Y-%m-%d %H:%M UTC");
        let role = if message.role == "user" {
            "user"
        } else {
            "assistant"
        };
        let mut text = format!(
            "<article class=\"{role}\">\n<h2>{}</h2>\n<time>{time}</time>\n",
            escape(&speaker(message))
        );
        for file in &message.attachments {
            let _ = writeln!(text, "<p class=\"file\">{}</p>", escape(&file.name));
        }
        text.push_str(&render_markdown(&message.content));
        if let Some(ending) = incomplete_note(message) {
            let _ = writeln!(text, "<p class=\"ending\">{ending}</p>");
        }
        let citations: Vec<String> = message
            .answer
            .iter()
            .flat_map(|answer| &answer.citations)
            .map(|one| format!("<li>[{}] {}</li>", one.number, escape(&one.title)))
            .collect();
        if !citations.is_empty() {
            let _ = writeln!(text, "<ul class=\"sources\">{}</ul>", citations.concat());
        }
        text.push_str("</article>\n");
        text
    }

    fn end(&mut self) -> String {
        "</body>\n</html>\n".to_owned()
    }
}

/// Renders Markdown. HTML tags become text, images become their alternative text, and only web and mail links are kept.
fn render_markdown(markdown: &str) -> String {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let events = Parser::new_ext(markdown, options).map(|event| match event {
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        Event::Start(Tag::HtmlBlock | Tag::Image { .. })
        | Event::End(TagEnd::HtmlBlock | TagEnd::Image) => Event::Text(CowStr::Borrowed("")),
        Event::Start(Tag::Link { dest_url, .. }) => Event::Start(Tag::Link {
            link_type: LinkType::Inline,
            dest_url: match safe_address(&dest_url) {
                Some(_) => dest_url,
                None => CowStr::Borrowed("#"),
            },
            title: CowStr::Borrowed(""),
            id: CowStr::Borrowed(""),
        }),
        event => event,
    });
    let mut out = String::new();
    html::push_html(&mut out, events);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_becomes_no_tag_address_or_image() {
        for hostile in [
            "<script>alert(1)</script>",
            "a <img src=x onerror=alert(1)> b",
            "<svg onload=alert(1)>\n\ntext",
            "![x](https://evil.example/pixel.png)",
            "[x](javascript:alert(1))",
            "[x](JaVaScRiPt:alert(1))",
            "[x](data:text/html;base64,PHNjcmlwdD4=)",
            "[x]( vbscript:x)",
            "<javascript:alert(1)>",
            "```html\n<script>\n```",
        ] {
            let page = render_markdown(hostile).to_lowercase();
            for wrong in [
                "<script",
                "<img",
                "<svg",
                "href=\"javascript",
                "href=\"data",
                "href=\"vbscript",
                "src=",
            ] {
                assert!(
                    !page.replace("src=x", "").contains(wrong),
                    "{hostile}: {page}"
                );
            }
        }
    }

    #[test]
    fn markdown_is_rendered() {
        let page =
            render_markdown("**Bold** and [a link](https://example.org)\n\n| a |\n|---|\n| b |");
        assert!(page.contains("<strong>Bold</strong>"), "{page}");
        assert!(page.contains("href=\"https://example.org\""), "{page}");
        assert!(page.contains("<table>"), "{page}");
    }
}

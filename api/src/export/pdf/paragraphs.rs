//! Converts Markdown to paragraphs of styled text.

use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// Indent of each level, in points.
const INDENT: f32 = 16.0;
/// Deepest level of lists and quotes that is indented.
const MAX_LEVEL: u8 = 8;

/// Colour and link target of a text range.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Ink {
    pub tone: Tone,
    /// The link target.
    pub link: Option<String>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Tone {
    #[default]
    Text,
    Faint,
    Link,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Style {
    Bold,
    Italic,
    Struck,
    Code,
    Faint,
    Link(String),
}

/// A block of text.
#[derive(Debug, Clone, Default)]
pub(super) struct Paragraph {
    pub text: String,
    pub styles: Vec<(Range<usize>, Style)>,
    /// Font size in points.
    pub size: f32,
    /// Indent in points.
    pub indent: f32,
    /// Space above in points.
    pub space: f32,
    /// Whether this is a code block.
    pub is_code: bool,
    /// Must be on the same page as the start of the next paragraph.
    pub keep_with_next: bool,
}

const BODY: f32 = 10.0;

impl Paragraph {
    fn plain(text: &str, size: f32, space: f32) -> Self {
        Self {
            text: text.to_owned(),
            size,
            space,
            ..Self::default()
        }
    }

    pub(super) fn title(text: &str) -> Self {
        let styles = vec![(0..text.len(), Style::Bold)];
        Self {
            styles,
            keep_with_next: true,
            ..Self::plain(text, 17.0, 0.0)
        }
    }

    /// The author and time of a message.
    pub(super) fn speaker(name: &str, time: &str) -> Self {
        let text = format!("{name}  {time}");
        let styles = vec![
            (0..name.len(), Style::Bold),
            (name.len()..text.len(), Style::Faint),
        ];
        Self {
            styles,
            keep_with_next: true,
            ..Self::plain(&text, 10.5, 18.0)
        }
    }

    /// Small print, such as the name of an attachment or a source.
    pub(super) fn note(text: &str) -> Self {
        let styles = vec![(0..text.len(), Style::Faint)];
        Self {
            styles,
            ..Self::plain(text, 9.0, 3.0)
        }
    }
}

/// Parses a message. HTML tags become text, images become their alternative text, and only web and mail links are kept.
pub(super) fn parse_markdown(markdown: &str) -> Vec<Paragraph> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut builder = ParagraphBuilder::default();
    for event in Parser::new_ext(markdown, options) {
        builder.push_event(event);
    }
    builder.finish_paragraph();
    builder.done
}

#[derive(Default)]
struct ParagraphBuilder {
    done: Vec<Paragraph>,
    current: Paragraph,
    /// Open styles, and where they start.
    open: Vec<(usize, Style)>,
    /// Enclosing lists: the next number of each numbered one.
    lists: Vec<Option<u64>>,
    quotes: u8,
    code: bool,
    heading: Option<f32>,
    /// The list marker before the next text.
    marker: Option<String>,
}

impl ParagraphBuilder {
    fn push_event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start_tag(tag),
            Event::End(tag) => self.end_tag(tag),
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => self.write(&text),
            Event::Code(text) => {
                let start = self.current.text.len();
                self.write(&text);
                let range = start..self.current.text.len();
                self.current.styles.push((range, Style::Code));
            }
            Event::SoftBreak => self.write(" "),
            Event::HardBreak => self.write("\n"),
            Event::Rule => {
                self.finish_paragraph();
                self.write("⁂");
                self.finish_paragraph();
            }
            Event::InlineMath(text) | Event::DisplayMath(text) | Event::FootnoteReference(text) => {
                self.write(&text);
            }
            Event::TaskListMarker(done) => self.write(if done { "☑ " } else { "☐ " }),
        }
    }

    fn start_tag(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Heading { level, .. } => {
                self.finish_paragraph();
                self.heading = Some(match level {
                    HeadingLevel::H1 => 14.0,
                    HeadingLevel::H2 => 12.5,
                    _ => 11.0,
                });
                self.open_style(Style::Bold);
            }
            Tag::BlockQuote(_) => {
                self.finish_paragraph();
                self.quotes = self.quotes.saturating_add(1);
            }
            Tag::CodeBlock(_) => {
                self.finish_paragraph();
                self.code = true;
            }
            Tag::List(first) => {
                self.finish_paragraph();
                self.lists.push(first);
            }
            Tag::Item => {
                self.finish_paragraph();
                self.marker = Some(match self.lists.last_mut() {
                    Some(Some(number)) => {
                        *number += 1;
                        format!("{}. ", *number - 1)
                    }
                    _ => "• ".to_owned(),
                });
            }
            Tag::Emphasis => self.open_style(Style::Italic),
            Tag::Strong | Tag::TableHead => self.open_style(Style::Bold),
            Tag::Strikethrough => self.open_style(Style::Struck),
            Tag::Link { dest_url, .. } => {
                let safe_address = super::super::safe_address(&dest_url).map(str::to_owned);
                self.open_style(safe_address.map_or(Style::Faint, Style::Link));
            }
            Tag::Paragraph | Tag::HtmlBlock | Tag::TableRow => self.finish_paragraph(),
            _ => {}
        }
    }

    fn end_tag(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) => {
                self.close_style();
                self.finish_paragraph();
                self.heading = None;
            }
            TagEnd::BlockQuote(_) => {
                self.finish_paragraph();
                self.quotes = self.quotes.saturating_sub(1);
            }
            TagEnd::CodeBlock => {
                self.finish_paragraph();
                self.code = false;
            }
            TagEnd::List(_) => {
                self.finish_paragraph();
                self.lists.pop();
            }
            TagEnd::TableHead => {
                self.close_style();
                self.finish_paragraph();
            }
            TagEnd::TableCell => self.write("    "),
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link => {
                self.close_style();
            }
            TagEnd::Paragraph | TagEnd::HtmlBlock | TagEnd::Item | TagEnd::TableRow => {
                self.finish_paragraph();
            }
            _ => {}
        }
    }

    fn open_style(&mut self, style: Style) {
        self.open.push((self.current.text.len(), style));
    }

    fn close_style(&mut self) {
        if let Some((start, style)) = self.open.pop() {
            self.current
                .styles
                .push((start..self.current.text.len(), style));
        }
    }

    fn write(&mut self, text: &str) {
        if let Some(marker) = self.marker.take() {
            self.current.text.push_str(&marker);
        }
        self.current.text.extend(
            text.chars()
                .filter(|c| matches!(c, '\n' | '\t') || !c.is_control()),
        );
    }

    /// Finishes the current paragraph. Open styles continue in the next one.
    fn finish_paragraph(&mut self) {
        let mut paragraph = std::mem::take(&mut self.current);
        let length = paragraph.text.len();
        for (start, style) in &mut self.open {
            let range = std::mem::replace(start, 0)..length;
            paragraph.styles.push((range, style.clone()));
        }
        paragraph.text.truncate(paragraph.text.trim_end().len());
        if paragraph.text.is_empty() {
            return;
        }
        let length = paragraph.text.len();
        for (range, _) in &mut paragraph.styles {
            *range = range.start.min(length)..range.end.min(length);
        }
        paragraph.styles.retain(|(range, _)| !range.is_empty());
        let levels = u8::try_from(self.lists.len()).unwrap_or(MAX_LEVEL);
        let levels = levels.saturating_add(self.quotes).min(MAX_LEVEL);
        self.done.push(Paragraph {
            size: self.heading.unwrap_or(if self.code { 9.0 } else { BODY }),
            indent: f32::from(levels) * INDENT,
            space: match (self.heading, self.lists.is_empty()) {
                (Some(_), _) => 10.0,
                (None, true) => 6.0,
                (None, false) => 3.0,
            },
            is_code: self.code,
            keep_with_next: self.heading.is_some(),
            ..paragraph
        });
    }
}

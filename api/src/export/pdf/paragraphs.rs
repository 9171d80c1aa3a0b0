//! Markdown as paragraphs: text, and how stretches of it look.

use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// Points that each level stands further in.
const STEP: f32 = 16.0;
/// Levels of lists and quotes that still move in.
const DEEPEST: u8 = 8;

/// A colour and a link, of a stretch of text.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Ink {
    pub tone: Tone,
    /// Where it leads.
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
pub(super) enum Look {
    Bold,
    Slanted,
    Struck,
    Code,
    Faint,
    Link(String),
}

/// Text that is set as one, within the width of the page.
#[derive(Debug, Clone, Default)]
pub(super) struct Paragraph {
    pub text: String,
    pub looks: Vec<(Range<usize>, Look)>,
    /// In points.
    pub size: f32,
    /// From the left edge of the text, in points.
    pub indent: f32,
    /// Above it, in points.
    pub space: f32,
    /// Lines of code, which stand as they are.
    pub is_code: bool,
    /// Does not stand alone at the foot of a page.
    pub leads: bool,
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

    pub fn title(text: &str) -> Self {
        let looks = vec![(0..text.len(), Look::Bold)];
        Self {
            looks,
            leads: true,
            ..Self::plain(text, 17.0, 0.0)
        }
    }

    /// Who speaks, and when.
    pub fn speaker(name: &str, time: &str) -> Self {
        let text = format!("{name}  {time}");
        let looks = vec![
            (0..name.len(), Look::Bold),
            (name.len()..text.len(), Look::Faint),
        ];
        Self {
            looks,
            leads: true,
            ..Self::plain(&text, 10.5, 18.0)
        }
    }

    /// What stands with a message: a file, a source.
    pub fn note(text: &str) -> Self {
        let looks = vec![(0..text.len(), Look::Faint)];
        Self {
            looks,
            ..Self::plain(text, 9.0, 3.0)
        }
    }
}

/// What was said, as paragraphs. Tags stand as text, pictures are their names, and links lead to the web alone.
pub(super) fn said(markdown: &str) -> Vec<Paragraph> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut setting = Setting::default();
    for event in Parser::new_ext(markdown, options) {
        setting.hear(event);
    }
    setting.end();
    setting.done
}

#[derive(Default)]
struct Setting {
    done: Vec<Paragraph>,
    now: Paragraph,
    /// Looks that have begun, and where.
    open: Vec<(usize, Look)>,
    /// Lists around: the next number of each that has numbers.
    lists: Vec<Option<u64>>,
    quotes: u8,
    code: bool,
    heading: Option<f32>,
    /// What stands before the next text.
    marker: Option<String>,
}

impl Setting {
    fn hear(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.stop(tag),
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => self.write(&text),
            Event::Code(text) => {
                let begun = self.now.text.len();
                self.write(&text);
                let range = begun..self.now.text.len();
                self.now.looks.push((range, Look::Code));
            }
            Event::SoftBreak => self.write(" "),
            Event::HardBreak => self.write("\n"),
            Event::Rule => {
                self.end();
                self.write("⁂");
                self.end();
            }
            Event::InlineMath(text) | Event::DisplayMath(text) | Event::FootnoteReference(text) => {
                self.write(&text);
            }
            Event::TaskListMarker(done) => self.write(if done { "☑ " } else { "☐ " }),
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Heading { level, .. } => {
                self.end();
                self.heading = Some(match level {
                    HeadingLevel::H1 => 14.0,
                    HeadingLevel::H2 => 12.5,
                    _ => 11.0,
                });
                self.begin(Look::Bold);
            }
            Tag::BlockQuote(_) => {
                self.end();
                self.quotes = self.quotes.saturating_add(1);
            }
            Tag::CodeBlock(_) => {
                self.end();
                self.code = true;
            }
            Tag::List(first) => {
                self.end();
                self.lists.push(first);
            }
            Tag::Item => {
                self.end();
                self.marker = Some(match self.lists.last_mut() {
                    Some(Some(number)) => {
                        *number += 1;
                        format!("{}. ", *number - 1)
                    }
                    _ => "• ".to_owned(),
                });
            }
            Tag::Emphasis => self.begin(Look::Slanted),
            Tag::Strong | Tag::TableHead => self.begin(Look::Bold),
            Tag::Strikethrough => self.begin(Look::Struck),
            Tag::Link { dest_url, .. } => {
                let harmless = super::super::harmless(&dest_url).map(str::to_owned);
                self.begin(harmless.map_or(Look::Faint, Look::Link));
            }
            Tag::Paragraph | Tag::HtmlBlock | Tag::TableRow => self.end(),
            _ => {}
        }
    }

    fn stop(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) => {
                self.close();
                self.end();
                self.heading = None;
            }
            TagEnd::BlockQuote(_) => {
                self.end();
                self.quotes = self.quotes.saturating_sub(1);
            }
            TagEnd::CodeBlock => {
                self.end();
                self.code = false;
            }
            TagEnd::List(_) => {
                self.end();
                self.lists.pop();
            }
            TagEnd::TableHead => {
                self.close();
                self.end();
            }
            TagEnd::TableCell => self.write("    "),
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link => {
                self.close();
            }
            TagEnd::Paragraph | TagEnd::HtmlBlock | TagEnd::Item | TagEnd::TableRow => self.end(),
            _ => {}
        }
    }

    fn begin(&mut self, look: Look) {
        self.open.push((self.now.text.len(), look));
    }

    fn close(&mut self) {
        if let Some((begun, look)) = self.open.pop() {
            self.now.looks.push((begun..self.now.text.len(), look));
        }
    }

    fn write(&mut self, text: &str) {
        if let Some(marker) = self.marker.take() {
            self.now.text.push_str(&marker);
        }
        self.now.text.extend(
            text.chars()
                .filter(|c| matches!(c, '\n' | '\t') || !c.is_control()),
        );
    }

    /// The paragraph is whole. Looks that are still open go on in the next one.
    fn end(&mut self) {
        let mut paragraph = std::mem::take(&mut self.now);
        let length = paragraph.text.len();
        for (begun, look) in &mut self.open {
            let range = std::mem::replace(begun, 0)..length;
            paragraph.looks.push((range, look.clone()));
        }
        paragraph.text.truncate(paragraph.text.trim_end().len());
        if paragraph.text.is_empty() {
            return;
        }
        let length = paragraph.text.len();
        for (range, _) in &mut paragraph.looks {
            *range = range.start.min(length)..range.end.min(length);
        }
        paragraph.looks.retain(|(range, _)| !range.is_empty());
        let levels = u8::try_from(self.lists.len()).unwrap_or(DEEPEST);
        let levels = levels.saturating_add(self.quotes).min(DEEPEST);
        self.done.push(Paragraph {
            size: self.heading.unwrap_or(if self.code { 9.0 } else { BODY }),
            indent: f32::from(levels) * STEP,
            space: match (self.heading, self.lists.is_empty()) {
                (Some(_), _) => 10.0,
                (None, true) => 6.0,
                (None, false) => 3.0,
            },
            is_code: self.code,
            leads: self.heading.is_some(),
            ..paragraph
        });
    }
}

//! Markdown (`CommonMark` with the tables and strikethrough of GitHub): a section for each heading. Rows of tables name
//! their columns, struck text is left out, and the rest stays as it is written.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::blocks::write_table;
use super::outline::Outline;
use super::table::{Cell, Grid, Origin};
use super::{ExtractedDocument, Section, strikethrough};

/// Maximum characters of a caption line.
const MAX_CAPTION: usize = 200;

pub(super) fn extract(text: &str) -> ExtractedDocument {
    let mut reader = MarkdownReader::new(text);
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        reader.read_event(&event, range);
    }
    let (sections, struck) = reader.finish();
    ExtractedDocument {
        sections,
        left_out: strikethrough::omission(struck, None).into_iter().collect(),
        ..ExtractedDocument::default()
    }
}

/// Builds sections while the document is parsed.
struct MarkdownReader<'t> {
    text: &'t str,
    outline: Outline,
    /// The offset up to which text is in a section.
    written: usize,
    /// Struck ranges after `written`.
    struck: Vec<Range<usize>>,
    count: usize,
    /// Depth of enclosing lists and block quotes.
    depth: usize,
    /// The inner range of the current heading or cell.
    inner: Option<Range<usize>>,
    /// Marks in the current cell, in order, with their replacements.
    marks: Vec<(Range<usize>, &'static str)>,
    /// An open HTML strikethrough: its start, the number of open tags, and whether it may contain blocks.
    open_strike: Option<(usize, usize, bool)>,
    /// The last paragraph outside of lists and block quotes.
    paragraph: Range<usize>,
    grid: Grid,
    in_header: bool,
    /// The last table, until its caption below is read, with the caption above it.
    table: Option<(Grid, Option<String>)>,
}

impl<'t> MarkdownReader<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            text,
            outline: Outline::default(),
            written: 0,
            struck: vec![],
            count: 0,
            depth: 0,
            inner: None,
            marks: vec![],
            open_strike: None,
            paragraph: 0..0,
            grid: Grid::default(),
            in_header: false,
            table: None,
        }
    }

    fn read_event(&mut self, event: &Event<'_>, range: Range<usize>) {
        if let Some(inner) = &mut self.inner {
            match event {
                Event::End(TagEnd::Heading(_) | TagEnd::TableCell) => {}
                _ if inner.end == 0 => *inner = range.clone(),
                _ => inner.end = inner.end.max(range.end),
            }
        }
        self.note_marks(event, &range);
        match event {
            Event::Start(tag) => self.start_tag(tag, range),
            Event::End(tag) => self.end_tag(*tag, range),
            Event::Html(_) => self.note_html(range, true),
            Event::InlineHtml(_) => self.note_html(range, false),
            _ => {}
        }
    }

    /// Notes the marks in a column name, and the line breaks in a cell.
    fn note_marks(&mut self, event: &Event<'_>, range: &Range<usize>) {
        if self.inner.is_none() {
            return;
        }
        let source = &self.text[range.clone()];
        let (width, replacement) = match event {
            Event::Start(Tag::Emphasis) if self.in_header => (1, ""),
            Event::Start(Tag::Strong) if self.in_header => (2, ""),
            Event::Code(_) if self.in_header => {
                (source.len() - source.trim_start_matches('`').len(), "")
            }
            Event::InlineHtml(_) if parse_tag(source).is_some_and(|(name, _)| name == "br") => {
                self.marks.push((range.clone(), " "));
                return;
            }
            _ => return,
        };
        let first = range.start..range.start + width;
        let last = range.end.saturating_sub(width).max(first.end)..range.end;
        self.marks
            .extend([(first, replacement), (last, replacement)]);
    }

    /// Notes the ranges that tags in HTML strike through.
    fn note_html(&mut self, range: Range<usize>, is_block: bool) {
        let mut end = range.start;
        while let Some(offset) = self.text[end..range.end].find('<') {
            let start = end + offset;
            let Some(length) = self.text[start..range.end].find('>') else {
                return;
            };
            end = start + length + 1;
            let Some((name, ends)) = parse_tag(&self.text[start..end]) else {
                continue;
            };
            if !matches!(name.as_str(), "del" | "s" | "strike") {
                continue;
            }
            self.open_strike = match (self.open_strike, ends) {
                (None, false) => Some((start, 1, is_block)),
                (Some((outer, open, has_blocks)), false) => Some((outer, open + 1, has_blocks)),
                (Some((outer, 1, _)), true) => {
                    self.strike(outer..end);
                    None
                }
                (Some((outer, open, has_blocks)), true) => Some((outer, open - 1, has_blocks)),
                (None, true) => None,
            };
        }
    }

    /// Leaves a range out, and counts nested ranges once.
    fn strike(&mut self, range: Range<usize>) {
        if range.start < self.written {
            return;
        }
        let first_nested = self
            .struck
            .partition_point(|struck| struck.start < range.start);
        self.count -= self.struck.len() - first_nested;
        self.struck.truncate(first_nested);
        self.count += 1;
        self.struck.push(range);
    }

    fn start_tag(&mut self, tag: &Tag<'_>, range: Range<usize>) {
        let is_inline = matches!(
            tag,
            Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. } | Tag::Image { .. }
        );
        if !is_inline {
            self.open_strike = self.open_strike.filter(|(.., is_block)| *is_block);
        }
        match tag {
            Tag::BlockQuote(_) | Tag::List(_) | Tag::Item => {
                self.end_table(None);
                self.depth += 1;
            }
            Tag::Paragraph if self.depth == 0 => {
                let below = self.table.is_some().then(|| self.text[range].trim());
                let below = below.and_then(|line| explicit_caption(line));
                self.end_table(below);
            }
            Tag::Heading { .. } if self.depth == 0 => {
                self.end_table(None);
                self.write_until(range.start);
                self.inner = Some(0..0);
            }
            Tag::Table(_) => {
                self.end_table(None);
                let caption = self.caption_above(range.start);
                let until = caption
                    .as_ref()
                    .map_or(range.start, |_| self.paragraph.start);
                self.write_until(until);
                self.table = Some((Grid::default(), caption));
            }
            Tag::TableHead | Tag::TableRow => {
                self.in_header = matches!(tag, Tag::TableHead);
                self.grid.begin_row(self.in_header);
            }
            Tag::TableCell => {
                self.inner = Some(0..0);
                self.marks.clear();
            }
            // A nested range is left out with the outer one.
            Tag::Strikethrough
                if self.text[range.clone()].starts_with("~~")
                    && self
                        .struck
                        .last()
                        .is_none_or(|last| last.end <= range.start) =>
            {
                self.count += 1;
                self.struck.push(range);
            }
            _ => {}
        }
    }

    fn end_tag(&mut self, tag: TagEnd, range: Range<usize>) {
        match tag {
            TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::Item => {
                self.depth = self.depth.saturating_sub(1);
            }
            TagEnd::Paragraph if self.depth == 0 => self.paragraph = range,
            TagEnd::Heading(level) if self.depth == 0 => {
                let heading = self.take_inner();
                let heading = heading.split_whitespace().collect::<Vec<_>>().join(" ");
                self.outline.start_section(level as usize, &heading);
                self.skip_to(range.end);
            }
            TagEnd::TableCell => {
                let inner = self.inner.take().unwrap_or_default();
                let text = self.replace_marks(inner, &self.marks);
                self.grid.add_cell(Cell {
                    text: text.replace("\\|", "|"),
                    ..Cell::default()
                });
            }
            TagEnd::Table => {
                if let Some((grid, _)) = &mut self.table {
                    *grid = std::mem::take(&mut self.grid);
                }
                self.skip_to(range.end);
            }
            _ => {}
        }
    }

    /// The text of the current heading or cell.
    fn take_inner(&mut self) -> String {
        let inner = self.inner.take().unwrap_or_default();
        self.unstruck_text(inner)
    }

    /// The text of a range without struck text.
    fn unstruck_text(&self, range: Range<usize>) -> String {
        self.replace_marks(range, &[])
    }

    /// The text of a range without struck text, with marks replaced.
    fn replace_marks(&self, range: Range<usize>, marks: &[(Range<usize>, &'static str)]) -> String {
        let at = self
            .struck
            .partition_point(|struck| struck.start < range.start);
        let struck = self.struck[at..].iter();
        let struck = struck.take_while(|struck| struck.start < range.end);
        let mut replaced: Vec<(Range<usize>, &str)> =
            struck.map(|mark| (mark.clone(), "")).collect();
        replaced.extend_from_slice(marks);
        replaced.sort_unstable_by_key(|(mark, _)| mark.start);
        let mut text = String::new();
        let mut position = range.start;
        for (mark, replacement) in replaced {
            if mark.start >= position && mark.end <= range.end {
                text.push_str(&self.text[position..mark.start]);
                text.push_str(replacement);
                position = mark.end;
            }
        }
        text.push_str(&self.text[position..range.end]);
        text
    }

    /// Writes the text up to here into the section.
    fn write_until(&mut self, until: usize) {
        if until > self.written {
            let text = self.unstruck_text(self.written..until);
            self.outline.push_text(&text);
        }
        self.skip_to(until);
    }

    fn skip_to(&mut self, until: usize) {
        if until < self.written {
            return;
        }
        let line_break =
            self.text[until..].starts_with('\n') && !self.text[..until].ends_with('\n');
        self.written = until + usize::from(line_break);
        self.struck.retain(|struck| struck.end > until);
    }

    /// The caption above a table that starts here: a paragraph of one line that looks like a caption.
    fn caption_above(&self, table: usize) -> Option<String> {
        let paragraph = self.text.get(self.paragraph.clone())?.trim();
        let between = self.text.get(self.paragraph.end..table)?;
        let is_next = self.paragraph.start >= self.written && between.trim().is_empty();
        let is_line = !paragraph.contains('\n') && paragraph.chars().count() <= MAX_CAPTION;
        (is_next && is_line && !paragraph.is_empty() && is_caption(paragraph))
            .then(|| self.unstruck_text(self.paragraph.clone()).trim().to_owned())
    }

    fn end_table(&mut self, below: Option<&str>) {
        if let Some((grid, above)) = self.table.take() {
            let parts = grid.into_parts(Origin::Page);
            write_table(&mut self.outline, above.as_deref(), below, &parts);
        }
    }

    fn finish(mut self) -> (Vec<Section>, usize) {
        self.end_table(None);
        self.write_until(self.text.len());
        (self.outline.into_sections(), self.count)
    }
}

/// The lowercase name of an HTML tag, and whether it is an end tag.
fn parse_tag(text: &str) -> Option<(String, bool)> {
    let inner = text.strip_prefix('<')?.strip_suffix('>')?;
    let name = inner.strip_prefix('/').unwrap_or(inner);
    let length = name.find(|c: char| !c.is_ascii_alphanumeric());
    let (name, rest) = name.split_at(length.unwrap_or(name.len()));
    let is_tag = rest.is_empty() || rest.starts_with(|c: char| c.is_whitespace() || c == '/');
    (is_tag && !name.is_empty()).then(|| (name.to_ascii_lowercase(), inner.starts_with('/')))
}

/// Whether a line above a table is its caption: it ends with a colon, is emphasized, or is numbered like "Table 1.".
fn is_caption(line: &str) -> bool {
    let is_emphasized = ["*", "_"]
        .iter()
        .any(|mark| line.len() > 2 && line.starts_with(mark) && line.ends_with(mark));
    let mut words = line.trim_start_matches(['*', '_']).split_whitespace();
    let (word, number) = (words.next().unwrap_or_default(), words.next());
    let is_numbered = number.is_some_and(|number| {
        let end = number.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        number.starts_with(|c: char| c.is_ascii_digit())
            && (number.ends_with(['.', ':', ')']) || end.starts_with(':'))
    });
    let is_word = word.trim_end_matches('.').chars().all(char::is_alphabetic);
    is_emphasized
        || line.ends_with([':', '：'])
        || is_word && is_numbered
        || explicit_caption(line).is_some()
}

/// `: Caption` and `Table: Caption`, as in pandoc.
fn explicit_caption(line: &str) -> Option<&str> {
    let caption = line
        .strip_prefix(": ")
        .or_else(|| line.strip_prefix("Table: "))?;
    (!caption.contains('\n') && caption.chars().count() <= MAX_CAPTION).then_some(caption.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_sections(text: &str) -> Vec<(String, String)> {
        let sections = extract(text).sections.into_iter();
        sections
            .map(|section| (section.headings.join(">"), section.text))
            .collect()
    }

    #[test]
    fn each_heading_starts_a_section_with_the_headings_above() {
        let found =
            read_sections("intro\n# A\none\n## B ##\ntwo\n\nC\n===\nthree\n```\n# no\n```\n");
        let found: Vec<(&str, &str)> = found
            .iter()
            .map(|(headings, text)| (headings.as_str(), text.trim_end()))
            .collect();
        assert_eq!(
            found,
            [
                ("", "intro"),
                ("A", "one"),
                ("A>B", "two"),
                ("C", "three\n```\n# no\n```"),
            ]
        );
    }

    #[test]
    fn other_text_is_not_a_heading() {
        for text in [
            "#tag\n",
            "    # in code\n    C\n",
            "- item\n---\n",
            "1. item\n\n---\n\nend\n",
            "> # quoted\n",
            "* one\n* two\n----\n",
            "~~~sh\n# comment\n===\n~~~\n",
            "```\n~~~\n# comment\n```\n",
            "<!-- \n# comment\n-->\n",
            "one\n\n---\n\ntwo\n",
            "---\ntitle: T\n---\n\ntext\n",
        ] {
            assert_eq!(read_sections(text), [(String::new(), text.to_owned())]);
        }
    }

    #[test]
    fn table_rows_name_their_columns_and_captions_are_found() {
        let table =
            "| Port | **Depth** |\n|---|--:|\n| Oslo | 12 |\n| Turku \\| Naantali | ~~9~~ 10 |\n";
        let rows = "Port | Depth\nPort: Oslo; Depth: 12\nPort: Turku | Naantali; Depth: 10\n";
        for (above, below, caption) in [
            ("", "", ""),
            ("Some text.\n\n", "\nMore text.\n", ""),
            ("Table 3: Depths\n\n", "", "Table 3: Depths"),
            ("*Depths of ports*\n\n", "\nMore.\n", "*Depths of ports*"),
            ("Tab. 2.1: Tiefen\n\n", "", "Tab. 2.1: Tiefen"),
            ("The depths are:\n\n", "", "The depths are:"),
            ("", "\nTable: Depths\n", "Depths"),
            ("", "\n: Depths\n", "Depths"),
        ] {
            let found = extract(&format!("# Ports\n{above}{table}{below}"));
            let section = found
                .sections
                .iter()
                .find(|section| section.text.contains(rows));
            let section = section.unwrap_or_else(|| panic!("{above}{below}: {:?}", found.sections));
            assert_eq!(section.caption, caption);
            assert_eq!(section.headings, ["Ports"]);
            let all: String = found.sections.iter().map(|s| s.text.as_str()).collect();
            for text in [above, below] {
                let is_once = text.is_empty() || all.matches(text.trim()).count() == 1;
                assert!(is_once, "{text}: {all}");
            }
            assert_eq!(found.left_out.len(), 1);
        }
    }

    #[test]
    fn struck_text_is_left_out_and_counted() {
        let found = extract(
            "The fee is ~~35~~ 40 euros, ~about~ `~~code~~`.\n\n# ~~Old~~ New\n- ~~gone~~\n",
        );
        assert_eq!(
            found.sections[0].text,
            "The fee is  40 euros, ~about~ `~~code~~`.\n\n"
        );
        assert_eq!(found.sections[1].headings, ["New"]);
        assert!(!found.sections[1].text.contains("gone"));
        assert_eq!(found.left_out[0].count, Some(3));
    }

    #[test]
    fn html_strikethrough_is_left_out() {
        for (text, read) in [
            ("The fee is <del>35</del> 40.\n", "The fee is  40.\n"),
            ("<del>35</del> 40 <S class='old'>36</S>\n", " 40 \n"),
            (
                "<p>The fee is <strike>35</strike> 40.</p>\n",
                "<p>The fee is  40.</p>\n",
            ),
            ("<del>~~35~~ <s>36</s> 37</del>40\n", "40\n"),
            ("<del>\n\n35\n\n- 36\n</del>\n\n40\n", "\n\n40\n"),
            // An unclosed tag strikes nothing.
            ("<del>35 40\n\nmore</del>\n", "<del>35 40\n\nmore</del>\n"),
            (
                "`<del>35</del>` <section>40</section>\n",
                "`<del>35</del>` <section>40</section>\n",
            ),
        ] {
            let found = extract(text);
            assert_eq!(found.sections[0].text, read);
            let is_struck = text != read;
            assert_eq!(!found.left_out.is_empty(), is_struck, "{text}");
        }
        let found = extract("# <del>Old</del> New\n\n| Fee |\n|---|\n| <del>35</del> 40 |\n");
        assert_eq!(found.sections[0].headings, ["New"]);
        assert!(!found.sections[0].text.contains("35"));
        assert_eq!(found.left_out[0].count, Some(2));
    }

    #[test]
    fn only_column_names_lose_their_marks() {
        let table = "| **Depth** | _id | C* | `a_b_` | *Old* **Port** | one<br />two<BR>three |\n\
                     |---|---|---|---|---|---|\n\
                     | 12 | *x* | 3 | ``y`` | Oslo | a<br />b<br/>c `<br>` |\n";
        let found = extract(table);
        assert_eq!(
            found.sections[0].text.trim_end(),
            "Depth | _id | C* | a_b_ | Old Port | one two three\n\
             Depth: 12; _id: *x*; C*: 3; a_b_: ``y``; Old Port: Oslo; one two three: a b c `<br>`"
        );
    }
}

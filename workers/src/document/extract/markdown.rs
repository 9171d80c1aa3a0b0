//! Markdown, as `CommonMark` and the tables and struck text of GitHub have it: a section for each heading, which knows the
//! headings above it. Rows of tables name their columns, what is struck through is left out, and the rest stays as it
//! is written.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::blocks::table;
use super::outline::Outline;
use super::table::{Cell, Grid, Origin};
use super::{Extracted, Section, struck};

/// Characters of a line that may be the caption of a table.
const CAPTION: usize = 200;

pub fn extract(text: &str) -> Extracted {
    let mut reader = Reader::new(text);
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        reader.event(&event, range);
    }
    let (sections, struck) = reader.end();
    Extracted {
        sections,
        left_out: struck::left_out(struck, None).into_iter().collect(),
        ..Extracted::default()
    }
}

/// Puts what is written into sections while the document is walked.
struct Reader<'t> {
    text: &'t str,
    outline: Outline,
    /// Where that begins which is not in a section yet.
    written: usize,
    /// What is struck through behind there.
    struck: Vec<Range<usize>>,
    count: usize,
    /// Lists and quotations around.
    depth: usize,
    /// What is written within the heading or the cell that is read.
    inside: Option<Range<usize>>,
    /// Marks in the cell that is read, in their order, and what stands for them there.
    marks: Vec<(Range<usize>, &'static str)>,
    /// Where that begins which a tag of HTML strikes through, how many are open, and whether it may hold blocks.
    deleted: Option<(usize, usize, bool)>,
    /// The last paragraph outside of lists and quotations.
    paragraph: Range<usize>,
    grid: Grid,
    in_header: bool,
    /// A table that waits for a caption below it, with the one above it.
    table: Option<(Grid, Option<String>)>,
}

impl<'t> Reader<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            text,
            outline: Outline::default(),
            written: 0,
            struck: vec![],
            count: 0,
            depth: 0,
            inside: None,
            marks: vec![],
            deleted: None,
            paragraph: 0..0,
            grid: Grid::default(),
            in_header: false,
            table: None,
        }
    }

    fn event(&mut self, event: &Event<'_>, range: Range<usize>) {
        if let Some(inside) = &mut self.inside {
            match event {
                Event::End(TagEnd::Heading(_) | TagEnd::TableCell) => {}
                _ if inside.end == 0 => *inside = range.clone(),
                _ => inside.end = inside.end.max(range.end),
            }
        }
        self.mark(event, &range);
        match event {
            Event::Start(tag) => self.begin(tag, range),
            Event::End(tag) => self.finish(*tag, range),
            Event::Html(_) => self.html(range, true),
            Event::InlineHtml(_) => self.html(range, false),
            _ => {}
        }
    }

    /// Notes the marks of a name of a column, and the ends of lines in a cell.
    fn mark(&mut self, event: &Event<'_>, range: &Range<usize>) {
        if self.inside.is_none() {
            return;
        }
        let own = &self.text[range.clone()];
        let (width, instead) = match event {
            Event::Start(Tag::Emphasis) if self.in_header => (1, ""),
            Event::Start(Tag::Strong) if self.in_header => (2, ""),
            Event::Code(_) if self.in_header => (own.len() - own.trim_start_matches('`').len(), ""),
            Event::InlineHtml(_) if tag(own).is_some_and(|(name, _)| name == "br") => {
                self.marks.push((range.clone(), " "));
                return;
            }
            _ => return,
        };
        let first = range.start..range.start + width;
        let last = range.end.saturating_sub(width).max(first.end)..range.end;
        self.marks.extend([(first, instead), (last, instead)]);
    }

    /// Notes what tags in a stretch of HTML strike through.
    fn html(&mut self, range: Range<usize>, is_block: bool) {
        let mut at = range.start;
        while let Some(found) = self.text[at..range.end].find('<') {
            let begin = at + found;
            let Some(length) = self.text[begin..range.end].find('>') else {
                return;
            };
            at = begin + length + 1;
            let Some((name, ends)) = tag(&self.text[begin..at]) else {
                continue;
            };
            if !matches!(name.as_str(), "del" | "s" | "strike") {
                continue;
            }
            self.deleted = match (self.deleted, ends) {
                (None, false) => Some((begin, 1, is_block)),
                (Some((start, open, own)), false) => Some((start, open + 1, own)),
                (Some((start, 1, _)), true) => {
                    self.strike(start..at);
                    None
                }
                (Some((start, open, own)), true) => Some((start, open - 1, own)),
                (None, true) => None,
            };
        }
    }

    /// Leaves a stretch out, with those in it.
    fn strike(&mut self, range: Range<usize>) {
        if range.start < self.written {
            return;
        }
        let within = self
            .struck
            .partition_point(|struck| struck.start < range.start);
        self.count -= self.struck.len() - within;
        self.struck.truncate(within);
        self.count += 1;
        self.struck.push(range);
    }

    fn begin(&mut self, tag: &Tag<'_>, range: Range<usize>) {
        let is_inline = matches!(
            tag,
            Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. } | Tag::Image { .. }
        );
        if !is_inline {
            self.deleted = self.deleted.filter(|(.., is_block)| *is_block);
        }
        match tag {
            Tag::BlockQuote(_) | Tag::List(_) | Tag::Item => {
                self.end_table(None);
                self.depth += 1;
            }
            Tag::Paragraph if self.depth == 0 => {
                let below = self.table.is_some().then(|| self.text[range].trim());
                let below = below.and_then(|line| named_caption(line));
                self.end_table(below);
            }
            Tag::Heading { .. } if self.depth == 0 => {
                self.end_table(None);
                self.write(range.start);
                self.inside = Some(0..0);
            }
            Tag::Table(_) => {
                self.end_table(None);
                let caption = self.caption(range.start);
                let until = caption
                    .as_ref()
                    .map_or(range.start, |_| self.paragraph.start);
                self.write(until);
                self.table = Some((Grid::default(), caption));
            }
            Tag::TableHead | Tag::TableRow => {
                self.in_header = matches!(tag, Tag::TableHead);
                self.grid.begin_row(self.in_header);
            }
            Tag::TableCell => {
                self.inside = Some(0..0);
                self.marks.clear();
            }
            // What is within another is left out with it.
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

    fn finish(&mut self, tag: TagEnd, range: Range<usize>) {
        match tag {
            TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::Item => {
                self.depth = self.depth.saturating_sub(1);
            }
            TagEnd::Paragraph if self.depth == 0 => self.paragraph = range,
            TagEnd::Heading(level) if self.depth == 0 => {
                let heading = self.inner();
                let heading = heading.split_whitespace().collect::<Vec<_>>().join(" ");
                self.outline.heading(level as usize, &heading);
                self.skip(range.end);
            }
            TagEnd::TableCell => {
                let inside = self.inside.take().unwrap_or_default();
                let text = self.without(inside, &self.marks);
                self.grid.cell(Cell {
                    text: text.replace("\\|", "|"),
                    ..Cell::default()
                });
            }
            TagEnd::Table => {
                if let Some((grid, _)) = &mut self.table {
                    *grid = std::mem::take(&mut self.grid);
                }
                self.skip(range.end);
            }
            _ => {}
        }
    }

    /// What is written within a heading or a cell.
    fn inner(&mut self) -> String {
        let inside = self.inside.take().unwrap_or_default();
        self.valid(inside)
    }

    /// A stretch without what is struck through in it.
    fn valid(&self, range: Range<usize>) -> String {
        self.without(range, &[])
    }

    /// A stretch without what is struck through in it, and without marks.
    fn without(&self, range: Range<usize>, marks: &[(Range<usize>, &'static str)]) -> String {
        let at = self
            .struck
            .partition_point(|struck| struck.start < range.start);
        let struck = self.struck[at..].iter();
        let struck = struck.take_while(|struck| struck.start < range.end);
        let mut gone: Vec<(Range<usize>, &str)> = struck.map(|own| (own.clone(), "")).collect();
        gone.extend_from_slice(marks);
        gone.sort_unstable_by_key(|(own, _)| own.start);
        let mut text = String::new();
        let mut from = range.start;
        for (own, instead) in gone {
            if own.start >= from && own.end <= range.end {
                text.push_str(&self.text[from..own.start]);
                text.push_str(instead);
                from = own.end;
            }
        }
        text.push_str(&self.text[from..range.end]);
        text
    }

    /// Puts what is written up to here into the section.
    fn write(&mut self, until: usize) {
        if until > self.written {
            let text = self.valid(self.written..until);
            self.outline.text(&text);
        }
        self.skip(until);
    }

    fn skip(&mut self, until: usize) {
        if until < self.written {
            return;
        }
        let line_break =
            self.text[until..].starts_with('\n') && !self.text[..until].ends_with('\n');
        self.written = until + usize::from(line_break);
        self.struck.retain(|struck| struck.end > until);
    }

    /// The caption above a table that begins here: a paragraph of one line that says that it is one.
    fn caption(&self, table: usize) -> Option<String> {
        let paragraph = self.text.get(self.paragraph.clone())?.trim();
        let between = self.text.get(self.paragraph.end..table)?;
        let is_next = self.paragraph.start >= self.written && between.trim().is_empty();
        let is_line = !paragraph.contains('\n') && paragraph.chars().count() <= CAPTION;
        (is_next && is_line && !paragraph.is_empty() && is_caption(paragraph))
            .then(|| self.valid(self.paragraph.clone()).trim().to_owned())
    }

    fn end_table(&mut self, below: Option<&str>) {
        if let Some((grid, above)) = self.table.take() {
            let parts = grid.into_parts(Origin::Page);
            table(&mut self.outline, above.as_deref(), below, &parts);
        }
    }

    fn end(mut self) -> (Vec<Section>, usize) {
        self.end_table(None);
        self.write(self.text.len());
        (self.outline.end(), self.count)
    }
}

/// The name of a tag of HTML in small letters, and whether it ends an element.
fn tag(text: &str) -> Option<(String, bool)> {
    let inner = text.strip_prefix('<')?.strip_suffix('>')?;
    let name = inner.strip_prefix('/').unwrap_or(inner);
    let length = name.find(|c: char| !c.is_ascii_alphanumeric());
    let (name, behind) = name.split_at(length.unwrap_or(name.len()));
    let is_tag = behind.is_empty() || behind.starts_with(|c: char| c.is_whitespace() || c == '/');
    (is_tag && !name.is_empty()).then(|| (name.to_ascii_lowercase(), inner.starts_with('/')))
}

/// Whether a line above a table is about it: it ends with a colon, is emphasised, or is numbered as "Table 1." is.
fn is_caption(line: &str) -> bool {
    let emphasised = ["*", "_"]
        .iter()
        .any(|mark| line.len() > 2 && line.starts_with(mark) && line.ends_with(mark));
    let mut words = line.trim_start_matches(['*', '_']).split_whitespace();
    let (word, number) = (words.next().unwrap_or_default(), words.next());
    let numbered = number.is_some_and(|number| {
        let end = number.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        number.starts_with(|c: char| c.is_ascii_digit())
            && (number.ends_with(['.', ':', ')']) || end.starts_with(':'))
    });
    let is_word = word.trim_end_matches('.').chars().all(char::is_alphabetic);
    emphasised
        || line.ends_with([':', '：'])
        || is_word && numbered
        || named_caption(line).is_some()
}

/// `: Caption` and `Table: Caption`, as pandoc has them.
fn named_caption(line: &str) -> Option<&str> {
    let own = line
        .strip_prefix(": ")
        .or_else(|| line.strip_prefix("Table: "))?;
    (!own.contains('\n') && own.chars().count() <= CAPTION).then_some(own.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<(String, String)> {
        let sections = extract(text).sections.into_iter();
        sections
            .map(|section| (section.headings.join(">"), section.text))
            .collect()
    }

    #[test]
    fn each_heading_begins_a_section_that_knows_those_above() {
        let found = told("intro\n# A\none\n## B ##\ntwo\n\nC\n===\nthree\n```\n# no\n```\n");
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
    fn what_is_no_heading_stays_text() {
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
            assert_eq!(told(text), [(String::new(), text.to_owned())]);
        }
    }

    #[test]
    fn rows_of_tables_name_their_columns_and_captions_are_known() {
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
            let with = found
                .sections
                .iter()
                .find(|section| section.text.contains(rows));
            let with = with.unwrap_or_else(|| panic!("{above}{below}: {:?}", found.sections));
            assert_eq!(with.caption, caption);
            assert_eq!(with.headings, ["Ports"]);
            let all: String = found.sections.iter().map(|one| one.text.as_str()).collect();
            for text in [above, below] {
                let once = text.is_empty() || all.matches(text.trim()).count() == 1;
                assert!(once, "{text}: {all}");
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
    fn struck_text_of_html_is_left_out() {
        for (text, read) in [
            ("The fee is <del>35</del> 40.\n", "The fee is  40.\n"),
            ("<del>35</del> 40 <S class='old'>36</S>\n", " 40 \n"),
            (
                "<p>The fee is <strike>35</strike> 40.</p>\n",
                "<p>The fee is  40.</p>\n",
            ),
            ("<del>~~35~~ <s>36</s> 37</del>40\n", "40\n"),
            ("<del>\n\n35\n\n- 36\n</del>\n\n40\n", "\n\n40\n"),
            // What does not end strikes nothing.
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
    fn names_of_columns_lose_their_marks_alone() {
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

//! Text documents (DOCX): what is read, and how.
//!
//! - paragraphs, headings by the outline level of their style, content controls without placeholders, the last result
//!   of fields, insertions but no deletions; hidden text and struck text are left out;
//! - checkboxes as `[x]` and `[ ]`, and the selected entries of lists (`forms.rs`);
//! - automatic numbers and bullets precede their paragraph (`numbering.rs`); formulas are on one line (`math.rs`);
//! - tables, including nested ones (`table.rs`);
//! - text boxes, charts, diagrams, footnotes, endnotes and comments follow the paragraph that they are anchored in;
//! - headers and footers come last, each text once.

mod forms;
mod math;
mod numbering;
mod styles;
mod table;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};

use roxmltree::{Document, Node};

pub(super) use self::math::read_formula;
use self::numbering::Numbering;
pub(super) use self::numbering::format_number;
use self::styles::Styles;
use super::chart;
use super::package::{
    Package, Relation, alternative, attribute, child, children, is_on, parse, relation_id,
    too_deep, value,
};
use super::pptx::read_bodies;
use crate::document::extract::blocks::{Block, build_sections, join_lines};
use crate::document::extract::script::{ScriptPosition, to_script};
use crate::document::extract::{ExtractError, ExtractedDocument, Section, strikethrough};

/// Maximum nesting of blocks.
const MAX_DEPTH: usize = 100;

/// Reads the document with this main part.
pub(super) fn extract(
    package: &mut Package<'_>,
    main: &str,
) -> Result<ExtractedDocument, ExtractError> {
    let relations = package.relations(main)?;
    let mut part = |kind: &str| -> Result<Option<String>, ExtractError> {
        match relations.iter().find(|relation| relation.kind == kind) {
            Some(relation) => package.text(&relation.target),
            None => Ok(None),
        }
    };
    let texts = ["styles", "numbering", "footnotes", "endnotes", "comments"].map(&mut part);
    let [styles, numbering, footnotes, endnotes, comments] = texts;
    let parts = [footnotes?, endnotes?, comments?];
    let parts: Vec<Option<Document<'_>>> = parts
        .iter()
        .map(|text| parse_optional(text.as_deref()))
        .collect();
    let main = package.text(main)?.unwrap_or_default();
    let main = parse(&main)?;
    let mut reader = DocxReader {
        styles: parse_optional(styles?.as_deref())
            .map_or_else(Styles::default, |root| Styles::read(root.root_element())),
        numbering: parse_optional(numbering?.as_deref()).map_or_else(Numbering::default, |root| {
            Numbering::read(root.root_element())
        }),
        footnotes: index_by_id(parts[0].as_ref()),
        endnotes: index_by_id(parts[1].as_ref()),
        comments: index_by_id(parts[2].as_ref()),
        drawings: read_drawings(package, &relations)?,
        depth: 0,
        is_too_deep: false,
        struck: 0,
    };
    let body = child(main.root_element(), "body").unwrap_or(main.root_element());
    let mut sections = build_sections(&reader.read_blocks(body));
    let margins = reader.read_margins(package, &relations, &main)?;
    if reader.is_too_deep {
        return Err(too_deep());
    }
    sections.extend(margins.into_iter().map(|text| Section {
        text,
        ..Section::default()
    }));
    Ok(ExtractedDocument {
        sections,
        left_out: strikethrough::omission(reader.struck, None)
            .into_iter()
            .collect(),
        ..ExtractedDocument::default()
    })
}

/// Parses a secondary part; the document is read without it if it is broken.
fn parse_optional(text: Option<&str>) -> Option<Document<'_>> {
    text.and_then(|text| parse(text).ok())
}

fn index_by_id<'a, 'i>(part: Option<&'a Document<'i>>) -> HashMap<&'a str, Node<'a, 'i>> {
    let entries = part
        .into_iter()
        .flat_map(|part| part.root_element().children());
    entries
        .filter_map(|entry| Some((attribute(entry, "id")?, entry)))
        .collect()
}

/// Reads the charts and diagrams of a document.
fn read_drawings(
    package: &mut Package<'_>,
    relations: &[Relation],
) -> Result<HashMap<String, Vec<Block>>, ExtractError> {
    let mut drawings = HashMap::new();
    for relation in relations {
        let read: fn(Node<'_, '_>) -> Vec<Block> = match relation.kind.as_str() {
            "chart" => chart::read_chart,
            "diagramData" => |root| read_bodies(root, "t"),
            _ => continue,
        };
        let text = package.text(&relation.target)?;
        if let Some(part) = parse_optional(text.as_deref()) {
            drawings.insert(relation.id.clone(), read(part.root_element()));
        }
    }
    Ok(drawings)
}

struct DocxReader<'a, 'i> {
    styles: Styles,
    numbering: Numbering,
    footnotes: HashMap<&'a str, Node<'a, 'i>>,
    endnotes: HashMap<&'a str, Node<'a, 'i>>,
    comments: HashMap<&'a str, Node<'a, 'i>>,
    /// Charts and diagrams by relationship id.
    drawings: HashMap<String, Vec<Block>>,
    depth: usize,
    is_too_deep: bool,
    /// Number of deleted or struck passages.
    struck: usize,
}

/// A paragraph that is being read.
#[derive(Default)]
struct Paragraph {
    text: String,
    /// Text boxes, notes and comments, which follow the paragraph.
    attached: Vec<Block>,
    /// Struck text at its end.
    struck: strikethrough::StruckRun,
}

impl DocxReader<'_, '_> {
    /// Reads the blocks of an element.
    fn read_blocks(&mut self, parent: Node<'_, '_>) -> Vec<Block> {
        let mut blocks = Vec::new();
        if self.enter_level() {
            self.add_blocks(parent, &mut blocks);
            self.depth -= 1;
        }
        blocks
    }

    /// Enters a nested level, unless it is too deep.
    fn enter_level(&mut self) -> bool {
        let is_allowed = self.depth < MAX_DEPTH;
        self.is_too_deep |= !is_allowed;
        self.depth += usize::from(is_allowed);
        is_allowed
    }

    fn add_blocks(&mut self, parent: Node<'_, '_>, blocks: &mut Vec<Block>) {
        for node in parent.children() {
            match node.tag_name().name() {
                "p" => self.read_paragraph(node, blocks),
                "tbl" => blocks.push(Block::Table(self.read_table(node))),
                "sdt" if is_on(child(node, "sdtPr"), "showingPlcHdr") => {}
                "sdt" if forms::control_mark(node).is_some() => {
                    let mark = forms::control_mark(node).unwrap_or_default();
                    blocks.push(Block::Text(mark.to_owned()));
                }
                "sdt" | "sdtContent" | "customXml" | "smartTag" | "ins" | "moveTo" => {
                    blocks.extend(self.read_blocks(node));
                }
                "AlternateContent" => {
                    blocks.extend(
                        alternative(node).map_or_else(Vec::new, |node| self.read_blocks(node)),
                    );
                }
                "oMathPara" | "oMath" => blocks.push(Block::Text(math::read_formula(node))),
                _ => {}
            }
        }
    }

    fn read_paragraph(&mut self, node: Node<'_, '_>, blocks: &mut Vec<Block>) {
        let properties = child(node, "pPr");
        let style = value(properties, "pStyle").unwrap_or_default();
        let mut paragraph = Paragraph::default();
        self.read_runs(node, &mut paragraph);
        let text = paragraph.text.trim();
        // An empty paragraph is counted as well.
        let number = self
            .next_number(properties, style)
            .filter(|_| !text.is_empty());
        let text = number.map_or_else(|| text.to_owned(), |number| format!("{number} {text}"));
        let outline_level =
            value(properties, "outlineLvl").and_then(|level| level.parse::<usize>().ok());
        let level = outline_level.map_or_else(
            || self.styles.heading(style),
            |level| (level < 9).then_some(level + 1),
        );
        if !text.is_empty() {
            blocks.push(match level {
                Some(level) => Block::Heading(level, text),
                None if self.styles.is_caption(style) => Block::Caption(text),
                None => Block::Text(text),
            });
        }
        blocks.append(&mut paragraph.attached);
    }

    /// The list number of a paragraph.
    fn next_number(&mut self, properties: Option<Node<'_, '_>>, style: &str) -> Option<String> {
        let numbering = properties.and_then(|properties| child(properties, "numPr"));
        let style_list = self.styles.list(style);
        let list = value(numbering, "numId").map(str::to_owned);
        let list = list.or_else(|| Some(style_list.as_ref()?.list.clone()))?;
        let explicit_level = value(numbering, "ilvl").and_then(|level| level.parse().ok());
        let level = explicit_level
            .or_else(|| self.numbering.level_of(&list, style))
            .or_else(|| style_list?.level)
            .unwrap_or(0);
        self.numbering.next(&list, level)
    }

    fn read_runs(&mut self, parent: Node<'_, '_>, paragraph: &mut Paragraph) {
        if !self.enter_level() {
            return;
        }
        for node in parent.children() {
            match node.tag_name().name() {
                "r" if is_on(child(node, "rPr"), "vanish") => {}
                "r" | "del" if self.is_struck(node) => {
                    let is_new = paragraph
                        .struck
                        .add(&paragraph.text, &collect_struck_text(node));
                    self.struck += usize::from(is_new);
                }
                "r" => self.read_run(node, paragraph),
                "sdt" if is_on(child(node, "sdtPr"), "showingPlcHdr") => {}
                "sdt" if forms::control_mark(node).is_some() => {
                    paragraph
                        .text
                        .push_str(forms::control_mark(node).unwrap_or_default());
                }
                "hyperlink" | "ins" | "moveTo" | "smartTag" | "customXml" | "fldSimple" | "sdt"
                | "sdtContent" | "dir" | "bdo" | "rubyBase" => self.read_runs(node, paragraph),
                "oMath" | "oMathPara" => {
                    paragraph.text.push_str(&math::read_formula(node));
                }
                "AlternateContent" => {
                    if let Some(node) = alternative(node) {
                        self.read_runs(node, paragraph);
                    }
                }
                _ => {}
            }
            paragraph.struck.end(&mut paragraph.text);
        }
        self.depth -= 1;
    }

    /// Whether a run is deleted, or struck by its properties or styles.
    fn is_struck(&self, run: Node<'_, '_>) -> bool {
        let properties = child(run, "rPr");
        let paragraph_style = || {
            let paragraph = run.ancestors().find(|node| node.tag_name().name() == "p");
            let style = value(paragraph.and_then(|node| child(node, "pPr")), "pStyle");
            self.styles.is_struck(style?)
        };
        let run_style = || self.styles.is_struck(value(properties, "rStyle")?);
        let struck = styles::strike_property(properties).or_else(run_style);
        run.tag_name().name() == "del" || struck.or_else(paragraph_style).unwrap_or(false)
    }

    fn read_run(&mut self, run: Node<'_, '_>, paragraph: &mut Paragraph) {
        let script = script_position(run);
        for node in run.children() {
            let id = || attribute(node, "id").unwrap_or_default();
            match node.tag_name().name() {
                "t" => {
                    let text = node.text().unwrap_or_default();
                    match script {
                        Some(script) => paragraph.text.push_str(&to_script(text, script)),
                        None => paragraph.text.push_str(text),
                    }
                }
                "tab" | "ptab" => paragraph.text.push('\t'),
                "br" | "cr" => paragraph.text.push('\n'),
                "noBreakHyphen" => paragraph.text.push('-'),
                "sym" => paragraph.text.extend(forms::read_symbol(node)),
                "fldChar" => paragraph.text.extend(forms::field_value(node)),
                "ruby" => self.read_ruby(node, paragraph),
                "footnoteReference" => self.read_note(self.footnotes.get(id()).copied(), paragraph),
                "endnoteReference" => self.read_note(self.endnotes.get(id()).copied(), paragraph),
                "commentReference" => {
                    self.read_comment(self.comments.get(id()).copied(), paragraph);
                }
                "drawing" | "pict" | "object" => self.read_drawing(node, paragraph),
                "AlternateContent" => {
                    if let Some(node) = alternative(node) {
                        self.read_run(node, paragraph);
                    }
                }
                _ => {}
            }
        }
    }

    /// A word with its ruby annotation.
    fn read_ruby(&mut self, node: Node<'_, '_>, paragraph: &mut Paragraph) {
        let mut annotation = Paragraph::default();
        if let Some(base) = child(node, "rubyBase") {
            self.read_runs(base, paragraph);
        }
        if let Some(ruby_text) = child(node, "rt") {
            self.read_runs(ruby_text, &mut annotation);
        }
        if !annotation.text.is_empty() {
            paragraph.text.extend(["(", &annotation.text, ")"]);
        }
    }

    fn read_note(&mut self, note: Option<Node<'_, '_>>, paragraph: &mut Paragraph) {
        if let Some(note) = note {
            let text = join_lines(&self.read_blocks(note));
            paragraph.attached.push(Block::Text(text));
        }
    }

    fn read_comment(&mut self, comment: Option<Node<'_, '_>>, paragraph: &mut Paragraph) {
        if let Some(comment) = comment {
            let text = join_lines(&self.read_blocks(comment));
            let author = attribute(comment, "author").unwrap_or_default();
            let attribution = if author.is_empty() {
                String::new()
            } else {
                format!(" ({author})")
            };
            paragraph
                .attached
                .push(Block::Text(format!("Comment{attribution}: {text}")));
        }
    }

    /// Reads the text boxes, charts and diagrams of a drawing.
    fn read_drawing(&mut self, drawing: Node<'_, '_>, paragraph: &mut Paragraph) {
        let mut pending = vec![drawing];
        while let Some(node) = pending.pop() {
            match node.tag_name().name() {
                "txbxContent" => paragraph.attached.extend(self.read_blocks(node)),
                "AlternateContent" => pending.extend(alternative(node)),
                "chart" | "relIds" => {
                    let id = relation_id(node).unwrap_or_default();
                    paragraph
                        .attached
                        .extend(self.drawings.get(id).cloned().unwrap_or_default());
                }
                _ => {
                    let mut inner: Vec<Node<'_, '_>> =
                        node.children().filter(Node::is_element).collect();
                    inner.reverse();
                    pending.append(&mut inner);
                }
            }
        }
    }

    /// Headers and footers, each text once.
    fn read_margins(
        &mut self,
        package: &mut Package<'_>,
        relations: &[Relation],
        main: &Document<'_>,
    ) -> Result<Vec<String>, ExtractError> {
        let references = main.descendants().filter(|node| {
            matches!(
                node.tag_name().name(),
                "headerReference" | "footerReference"
            )
        });
        let ids: HashSet<&str> = references
            .filter_map(|node| attribute(node, "id"))
            .collect();
        let mut texts: Vec<String> = Vec::new();
        for relation in relations
            .iter()
            .filter(|relation| ids.contains(relation.id.as_str()))
        {
            let Some(part) = package.text(&relation.target)? else {
                continue;
            };
            let Some(part) = parse_optional(Some(&part)) else {
                continue;
            };
            let text = join_lines(&self.read_blocks(part.root_element()));
            if !text.trim().is_empty() && !texts.contains(&text) {
                texts.push(text);
            }
        }
        Ok(texts)
    }
}

/// The deleted or struck text, with its line breaks.
fn collect_struck_text(node: Node<'_, '_>) -> String {
    let texts = node.descendants().map(|node| match node.tag_name().name() {
        "t" | "delText" => node.text().unwrap_or_default(),
        "br" | "cr" => "\n",
        "tab" | "ptab" => "\t",
        _ => "",
    });
    texts.collect()
}

/// Whether a run is superscript or subscript.
fn script_position(run: Node<'_, '_>) -> Option<ScriptPosition> {
    let alignment = child(child(run, "rPr")?, "vertAlign")?;
    match attribute(alignment, "val")? {
        "superscript" => Some(ScriptPosition::Superscript),
        "subscript" => Some(ScriptPosition::Subscript),
        _ => None,
    }
}

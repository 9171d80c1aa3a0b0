//! Text documents (DOCX). What is read, and how:
//!
//! - paragraphs, headings by the outline level of their style, content controls (not their hints), fields as they were
//!   last shown, insertions but no deletions; hidden text is left out, and so is what is struck through;
//! - boxes that are ticked or not as `[x]` and `[ ]`, and what is chosen of a list (`forms.rs`);
//! - numbers and bullets of lists precede their paragraph (`numbering.rs`); formulas are on one line (`math.rs`);
//! - tables, in tables too (`table.rs`);
//! - text boxes, charts, diagrams, footnotes, endnotes and comments follow the paragraph that holds their place;
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

pub use self::math::formula;
use self::numbering::Numbering;
pub use self::numbering::written;
use self::styles::Styles;
use super::chart;
use super::package::{
    Package, Relation, alternative, attribute, child, children, is_on, parse, relation_id,
    too_deep, value,
};
use super::pptx::bodies;
use crate::document::extract::blocks::{Block, lines, sections};
use crate::document::extract::raised::{Height, shown};
use crate::document::extract::{Extracted, Failed, Section, struck};

/// Blocks nest no deeper than this.
const DEEPEST: usize = 100;

/// Reads the document whose main part is named.
pub fn extract(package: &mut Package<'_>, main: &str) -> Result<Extracted, Failed> {
    let relations = package.relations(main)?;
    let mut part = |kind: &str| -> Result<Option<String>, Failed> {
        match relations.iter().find(|relation| relation.kind == kind) {
            Some(relation) => package.text(&relation.target),
            None => Ok(None),
        }
    };
    let texts = ["styles", "numbering", "footnotes", "endnotes", "comments"].map(&mut part);
    let [styles, numbering, footnotes, endnotes, comments] = texts;
    let parts = [footnotes?, endnotes?, comments?];
    let parts: Vec<Option<Document<'_>>> = parts.iter().map(|text| tree(text.as_deref())).collect();
    let main = package.text(main)?.unwrap_or_default();
    let main = parse(&main)?;
    let mut reader = Reader {
        styles: tree(styles?.as_deref())
            .map_or_else(Styles::default, |root| Styles::read(root.root_element())),
        numbering: tree(numbering?.as_deref()).map_or_else(Numbering::default, |root| {
            Numbering::read(root.root_element())
        }),
        footnotes: by_id(parts[0].as_ref()),
        endnotes: by_id(parts[1].as_ref()),
        comments: by_id(parts[2].as_ref()),
        drawn: drawn(package, &relations)?,
        depth: 0,
        is_too_deep: false,
        struck: 0,
    };
    let body = child(main.root_element(), "body").unwrap_or(main.root_element());
    let mut found = sections(&reader.blocks(body));
    let margins = reader.margins(package, &relations, &main)?;
    if reader.is_too_deep {
        return Err(too_deep());
    }
    found.extend(margins.into_iter().map(|text| Section {
        text,
        ..Section::default()
    }));
    Ok(Extracted {
        sections: found,
        left_out: struck::left_out(reader.struck, None).into_iter().collect(),
        ..Extracted::default()
    })
}

/// A part beside the main one; the document is read without one that is broken.
fn tree(text: Option<&str>) -> Option<Document<'_>> {
    text.and_then(|text| parse(text).ok())
}

fn by_id<'a, 'i>(part: Option<&'a Document<'i>>) -> HashMap<&'a str, Node<'a, 'i>> {
    let entries = part
        .into_iter()
        .flat_map(|part| part.root_element().children());
    entries
        .filter_map(|entry| Some((attribute(entry, "id")?, entry)))
        .collect()
}

/// What the charts and diagrams of a document say.
fn drawn(
    package: &mut Package<'_>,
    relations: &[Relation],
) -> Result<HashMap<String, Vec<Block>>, Failed> {
    let mut drawn = HashMap::new();
    for relation in relations {
        let read: fn(Node<'_, '_>) -> Vec<Block> = match relation.kind.as_str() {
            "chart" => chart::blocks,
            "diagramData" => |root| bodies(root, "t"),
            _ => continue,
        };
        let text = package.text(&relation.target)?;
        if let Some(part) = tree(text.as_deref()) {
            drawn.insert(relation.id.clone(), read(part.root_element()));
        }
    }
    Ok(drawn)
}

struct Reader<'a, 'i> {
    styles: Styles,
    numbering: Numbering,
    footnotes: HashMap<&'a str, Node<'a, 'i>>,
    endnotes: HashMap<&'a str, Node<'a, 'i>>,
    comments: HashMap<&'a str, Node<'a, 'i>>,
    /// Charts and diagrams by the ids of their relations.
    drawn: HashMap<String, Vec<Block>>,
    depth: usize,
    is_too_deep: bool,
    /// Stretches that are deleted or struck through.
    struck: usize,
}

/// A paragraph while it is read.
#[derive(Default)]
struct Paragraph {
    text: String,
    /// Text boxes, notes and comments.
    behind: Vec<Block>,
    /// What is struck through at its end.
    struck: struck::Stretch,
}

impl Reader<'_, '_> {
    /// The blocks in an element.
    fn blocks(&mut self, parent: Node<'_, '_>) -> Vec<Block> {
        let mut blocks = Vec::new();
        if self.goes_down() {
            self.add_blocks(parent, &mut blocks);
            self.depth -= 1;
        }
        blocks
    }

    /// One level down, unless that is too deep.
    fn goes_down(&mut self) -> bool {
        let goes = self.depth < DEEPEST;
        self.is_too_deep |= !goes;
        self.depth += usize::from(goes);
        goes
    }

    fn add_blocks(&mut self, parent: Node<'_, '_>, blocks: &mut Vec<Block>) {
        for node in parent.children() {
            match node.tag_name().name() {
                "p" => self.paragraph(node, blocks),
                "tbl" => blocks.push(Block::Table(self.table(node))),
                "sdt" if is_on(child(node, "sdtPr"), "showingPlcHdr") => {}
                "sdt" if forms::ticked(node).is_some() => {
                    let mark = forms::ticked(node).unwrap_or_default();
                    blocks.push(Block::Text(mark.to_owned()));
                }
                "sdt" | "sdtContent" | "customXml" | "smartTag" | "ins" | "moveTo" => {
                    blocks.extend(self.blocks(node));
                }
                "AlternateContent" => {
                    blocks
                        .extend(alternative(node).map_or_else(Vec::new, |node| self.blocks(node)));
                }
                "oMathPara" | "oMath" => blocks.push(Block::Text(math::formula(node))),
                _ => {}
            }
        }
    }

    fn paragraph(&mut self, node: Node<'_, '_>, blocks: &mut Vec<Block>) {
        let properties = child(node, "pPr");
        let style = value(properties, "pStyle").unwrap_or_default();
        let mut paragraph = Paragraph::default();
        self.runs(node, &mut paragraph);
        let text = paragraph.text.trim();
        // An empty one counts as well.
        let number = self.number(properties, style).filter(|_| !text.is_empty());
        let text = number.map_or_else(|| text.to_owned(), |number| format!("{number} {text}"));
        let own = value(properties, "outlineLvl").and_then(|level| level.parse::<usize>().ok());
        let level = own.map_or_else(
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
        blocks.append(&mut paragraph.behind);
    }

    /// The number of a paragraph in its list.
    fn number(&mut self, properties: Option<Node<'_, '_>>, style: &str) -> Option<String> {
        let own = properties.and_then(|properties| child(properties, "numPr"));
        let of_style = self.styles.list(style);
        let list = value(own, "numId").map(str::to_owned);
        let list = list.or_else(|| Some(of_style.as_ref()?.list.clone()))?;
        let own_level = value(own, "ilvl").and_then(|level| level.parse().ok());
        let level = own_level
            .or_else(|| self.numbering.level_of(&list, style))
            .or_else(|| of_style?.level)
            .unwrap_or(0);
        self.numbering.next(&list, level)
    }

    fn runs(&mut self, parent: Node<'_, '_>, into: &mut Paragraph) {
        if !self.goes_down() {
            return;
        }
        for node in parent.children() {
            match node.tag_name().name() {
                "r" if is_on(child(node, "rPr"), "vanish") => {}
                "r" | "del" if self.is_struck(node) => {
                    let is_new = into.struck.add(&into.text, &struck_text(node));
                    self.struck += usize::from(is_new);
                }
                "r" => self.run(node, into),
                "sdt" if is_on(child(node, "sdtPr"), "showingPlcHdr") => {}
                "sdt" if forms::ticked(node).is_some() => {
                    into.text.push_str(forms::ticked(node).unwrap_or_default());
                }
                "hyperlink" | "ins" | "moveTo" | "smartTag" | "customXml" | "fldSimple" | "sdt"
                | "sdtContent" | "dir" | "bdo" | "rubyBase" => self.runs(node, into),
                "oMath" | "oMathPara" => {
                    into.text.push_str(&math::formula(node));
                }
                "AlternateContent" => {
                    if let Some(node) = alternative(node) {
                        self.runs(node, into);
                    }
                }
                _ => {}
            }
            into.struck.end(&mut into.text);
        }
        self.depth -= 1;
    }

    /// Whether a run is struck through, by itself or by its styles, or deleted.
    fn is_struck(&self, run: Node<'_, '_>) -> bool {
        let own = child(run, "rPr");
        let of_paragraph = || {
            let paragraph = run.ancestors().find(|node| node.tag_name().name() == "p");
            let style = value(paragraph.and_then(|node| child(node, "pPr")), "pStyle");
            self.styles.is_struck(style?)
        };
        let of_style = || self.styles.is_struck(value(own, "rStyle")?);
        let struck = styles::strikes(own).or_else(of_style);
        run.tag_name().name() == "del" || struck.or_else(of_paragraph).unwrap_or(false)
    }

    fn run(&mut self, run: Node<'_, '_>, into: &mut Paragraph) {
        let height = height(run);
        for node in run.children() {
            let id = || attribute(node, "id").unwrap_or_default();
            match node.tag_name().name() {
                "t" => {
                    let text = node.text().unwrap_or_default();
                    match height {
                        Some(height) => into.text.push_str(&shown(text, height)),
                        None => into.text.push_str(text),
                    }
                }
                "tab" | "ptab" => into.text.push('\t'),
                "br" | "cr" => into.text.push('\n'),
                "noBreakHyphen" => into.text.push('-'),
                "sym" => into.text.extend(forms::symbol(node)),
                "fldChar" => into.text.extend(forms::field(node)),
                "ruby" => self.ruby(node, into),
                "footnoteReference" => self.note(self.footnotes.get(id()).copied(), into),
                "endnoteReference" => self.note(self.endnotes.get(id()).copied(), into),
                "commentReference" => self.comment(self.comments.get(id()).copied(), into),
                "drawing" | "pict" | "object" => self.boxes(node, into),
                "AlternateContent" => {
                    if let Some(node) = alternative(node) {
                        self.run(node, into);
                    }
                }
                _ => {}
            }
        }
    }

    /// A word with its reading above.
    fn ruby(&mut self, node: Node<'_, '_>, into: &mut Paragraph) {
        let mut reading = Paragraph::default();
        if let Some(base) = child(node, "rubyBase") {
            self.runs(base, into);
        }
        if let Some(above) = child(node, "rt") {
            self.runs(above, &mut reading);
        }
        if !reading.text.is_empty() {
            into.text.extend(["(", &reading.text, ")"]);
        }
    }

    fn note(&mut self, note: Option<Node<'_, '_>>, into: &mut Paragraph) {
        if let Some(note) = note {
            let text = lines(&self.blocks(note));
            into.behind.push(Block::Text(text));
        }
    }

    fn comment(&mut self, comment: Option<Node<'_, '_>>, into: &mut Paragraph) {
        if let Some(comment) = comment {
            let text = lines(&self.blocks(comment));
            let author = attribute(comment, "author").unwrap_or_default();
            let who = if author.is_empty() {
                String::new()
            } else {
                format!(" ({author})")
            };
            into.behind
                .push(Block::Text(format!("Comment{who}: {text}")));
        }
    }

    /// The text boxes of a drawing.
    fn boxes(&mut self, drawing: Node<'_, '_>, into: &mut Paragraph) {
        let mut waiting = vec![drawing];
        while let Some(node) = waiting.pop() {
            match node.tag_name().name() {
                "txbxContent" => into.behind.extend(self.blocks(node)),
                "AlternateContent" => waiting.extend(alternative(node)),
                "chart" | "relIds" => {
                    let id = relation_id(node).unwrap_or_default();
                    into.behind
                        .extend(self.drawn.get(id).cloned().unwrap_or_default());
                }
                _ => {
                    let mut inner: Vec<Node<'_, '_>> =
                        node.children().filter(Node::is_element).collect();
                    inner.reverse();
                    waiting.append(&mut inner);
                }
            }
        }
    }

    /// Headers and footers, each text once.
    fn margins(
        &mut self,
        package: &mut Package<'_>,
        relations: &[Relation],
        main: &Document<'_>,
    ) -> Result<Vec<String>, Failed> {
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
            let Some(part) = tree(Some(&part)) else {
                continue;
            };
            let text = lines(&self.blocks(part.root_element()));
            if !text.trim().is_empty() && !texts.contains(&text) {
                texts.push(text);
            }
        }
        Ok(texts)
    }
}

/// The text of what is deleted, with its breaks.
fn struck_text(node: Node<'_, '_>) -> String {
    let texts = node.descendants().map(|node| match node.tag_name().name() {
        "t" | "delText" => node.text().unwrap_or_default(),
        "br" | "cr" => "\n",
        "tab" | "ptab" => "\t",
        _ => "",
    });
    texts.collect()
}

/// Whether a run stands above the line or below it.
fn height(run: Node<'_, '_>) -> Option<Height> {
    let place = child(child(run, "rPr")?, "vertAlign")?;
    match attribute(place, "val")? {
        "superscript" => Some(Height::Raised),
        "subscript" => Some(Height::Lowered),
        _ => None,
    }
}

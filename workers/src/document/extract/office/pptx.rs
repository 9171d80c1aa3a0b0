//! Presentations (PPTX): the text of the shapes of each slide in their order, tables, charts, diagrams, formulas, notes
//! and comments. Placeholder hints of a layout and slide numbers are not text of the slide. Hidden slides and struck
//! text are left out and listed.

use std::collections::HashMap;

use domain::document::{Omission, OmissionKind};
use roxmltree::Node;

use super::chart;
use super::docx::{format_number, read_formula};
use super::package::{
    Package, Relation, alternative, attribute, child, children, parse, relation_id, too_deep,
};
use crate::document::extract::blocks::{Block, cell_text, join_paragraphs};
use crate::document::extract::script::{ScriptPosition, to_script};
use crate::document::extract::strikethrough::StruckRun;
use crate::document::extract::table::{Cell, Grid, Origin, TablePart};
use crate::document::extract::{
    ExtractError, ExtractedDocument, Section, strikethrough, too_many_pages,
};

/// Maximum nesting of shapes.
const MAX_DEPTH: usize = 100;

pub(super) fn extract(
    package: &mut Package<'_>,
    main: &str,
) -> Result<ExtractedDocument, ExtractError> {
    let text = package.text(main)?.unwrap_or_default();
    let presentation = parse(&text)?;
    let slides: HashMap<String, String> = package
        .relations(main)?
        .into_iter()
        .map(|relation| (relation.id, relation.target))
        .collect();
    let list = child(presentation.root_element(), "sldIdLst");
    let ids: Vec<&str> = list
        .into_iter()
        .flat_map(|list| children(list, "sldId"))
        .filter_map(relation_id)
        .collect();
    if let Some(failed) = too_many_pages(ids.len()) {
        return Err(failed);
    }
    let mut sections = Vec::new();
    let mut left_out = Vec::new();
    for (number, id) in (1..).zip(&ids) {
        let text = match slides.get(*id) {
            Some(part) => read_slide(package, part, number, &mut left_out)?,
            None => String::new(),
        };
        sections.push(Section {
            page: Some(number),
            text,
            ..Section::default()
        });
    }
    Ok(ExtractedDocument {
        sections,
        pages: u32::try_from(ids.len()).ok(),
        left_out,
    })
}

/// Reads a slide by its number. A hidden slide is left out.
fn read_slide(
    package: &mut Package<'_>,
    part: &str,
    number: u32,
    left_out: &mut Vec<Omission>,
) -> Result<String, ExtractError> {
    let Some(text) = package.text(part)? else {
        return Ok(String::new());
    };
    let tree = parse(&text)?;
    if matches!(attribute(tree.root_element(), "show"), Some("0" | "false")) {
        left_out.push(Omission::on_page(OmissionKind::HiddenSheet, number));
        return Ok(String::new());
    }
    let relations = package.relations(part)?;
    let mut reader = SlideReader {
        package,
        relations,
        struck: count_struck(tree.root_element()),
        blocks: vec![],
    };
    if let Some(shapes) =
        child(tree.root_element(), "cSld").and_then(|slide| child(slide, "spTree"))
    {
        reader.read_shapes(shapes, MAX_DEPTH)?;
    }
    reader.read_notes()?;
    reader.read_comments()?;
    left_out.extend(strikethrough::omission(reader.struck, Some(number)));
    Ok(join_paragraphs(&reader.blocks))
}

struct SlideReader<'p, 'b> {
    package: &'p mut Package<'b>,
    relations: Vec<Relation>,
    blocks: Vec<Block>,
    /// Number of struck passages.
    struck: usize,
}

impl SlideReader<'_, '_> {
    fn read_shapes(&mut self, parent: Node<'_, '_>, depth: usize) -> Result<(), ExtractError> {
        if depth == 0 {
            return Err(too_deep());
        }
        for node in parent.children() {
            match node.tag_name().name() {
                "sp" | "cxnSp" if placeholder(node) == Some("sldNum") => {}
                "sp" | "cxnSp" => self
                    .blocks
                    .extend(child(node, "txBody").map(read_text_body)),
                "grpSp" => self.read_shapes(node, depth - 1)?,
                "graphicFrame" => self.read_frame(node)?,
                "AlternateContent" => {
                    if let Some(node) = alternative(node) {
                        self.read_shapes(node, depth - 1)?;
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn read_frame(&mut self, frame: Node<'_, '_>) -> Result<(), ExtractError> {
        let find = |name: &str| {
            frame
                .descendants()
                .find(|node| node.tag_name().name() == name)
        };
        if let Some(table) = find("tbl") {
            self.blocks.push(Block::Table(read_table(table)));
            return Ok(());
        }
        let read_diagram: fn(Node<'_, '_>) -> Vec<Block> = |diagram| read_bodies(diagram, "t");
        let drawing =
            find("chart").map(|chart| (chart, chart::read_chart as fn(Node<'_, '_>) -> Vec<Block>));
        let drawing = drawing.or_else(|| Some((find("relIds")?, read_diagram)));
        let Some((node, read_part)) = drawing else {
            return Ok(());
        };
        if let Some(part) = self.target_part(node)
            && let Some(text) = self.package.text(&part)?
            && let Ok(tree) = parse(&text)
        {
            self.blocks.extend(read_part(tree.root_element()));
        }
        Ok(())
    }

    /// The part that an element refers to.
    fn target_part(&self, node: Node<'_, '_>) -> Option<String> {
        let id = relation_id(node)?;
        let found = self.relations.iter().find(|relation| relation.id == id)?;
        Some(found.target.clone())
    }

    fn related_texts(&mut self, kind: &str) -> Result<Vec<String>, ExtractError> {
        let related = self
            .relations
            .iter()
            .filter(|relation| relation.kind == kind);
        let parts: Vec<String> = related.map(|relation| relation.target.clone()).collect();
        let mut texts = Vec::new();
        for part in parts {
            texts.extend(self.package.text(&part)?);
        }
        Ok(texts)
    }

    fn read_notes(&mut self) -> Result<(), ExtractError> {
        for text in self.related_texts("notesSlide")? {
            let Ok(tree) = parse(&text) else { continue };
            let shapes = tree
                .descendants()
                .filter(|node| node.tag_name().name() == "sp");
            self.struck += count_struck(tree.root_element());
            let notes = shapes.filter(|shape| placeholder(*shape) == Some("body"));
            self.blocks.extend(
                notes
                    .filter_map(|shape| child(shape, "txBody"))
                    .map(read_text_body),
            );
        }
        Ok(())
    }

    fn read_comments(&mut self) -> Result<(), ExtractError> {
        for text in self.related_texts("comments")? {
            let Ok(tree) = parse(&text) else { continue };
            let legacy = tree
                .descendants()
                .filter(|node| node.tag_name().name() == "text");
            let legacy_blocks = legacy
                .filter_map(|node| node.text())
                .map(|text| Block::Text(text.to_owned()));
            let comments = legacy_blocks.chain(read_bodies(tree.root_element(), "txBody"));
            let comments =
                comments.map(|block| Block::Text(format!("Comment: {}", cell_text(&[block]))));
            self.blocks.extend(comments.collect::<Vec<_>>());
        }
        Ok(())
    }
}

/// The type of the placeholder that a shape fills.
fn placeholder<'a>(shape: Node<'a, '_>) -> Option<&'a str> {
    let non_visual = shape
        .children()
        .find(|node| node.tag_name().name().starts_with("nv"))?;
    let placeholder = child(child(non_visual, "nvPr")?, "ph")?;
    Some(attribute(placeholder, "type").unwrap_or("obj"))
}

/// Reads all elements of this name that contain paragraphs.
pub(super) fn read_bodies(root: Node<'_, '_>, name: &str) -> Vec<Block> {
    let elements = root
        .descendants()
        .filter(|node| node.tag_name().name() == name);
    let with_paragraphs = elements.filter(|node| child(*node, "p").is_some());
    with_paragraphs.map(read_text_body).collect()
}

/// Reads the paragraphs of a shape or a cell.
pub(super) fn read_text_body(body: Node<'_, '_>) -> Block {
    let mut numbers = ParagraphCounters::default();
    let mut paragraphs = Vec::new();
    for node in children(body, "p") {
        let text = read_paragraph(node);
        if !text.is_empty() {
            let number = numbers.next(child(node, "pPr"));
            paragraphs
                .push(number.map_or_else(|| text.clone(), |number| format!("{number} {text}")));
        }
    }
    Block::Text(paragraphs.join("\n"))
}

/// Counters of automatically numbered paragraphs, by level.
#[derive(Default)]
struct ParagraphCounters([Option<i64>; 9]);

impl ParagraphCounters {
    fn next(&mut self, properties: Option<Node<'_, '_>>) -> Option<String> {
        let level = properties
            .and_then(|node| attribute(node, "lvl")?.parse().ok())
            .unwrap_or(0_usize);
        let numbering = properties.and_then(|node| child(node, "buAutoNum"));
        let previous = self.0.get(level).copied().flatten();
        self.0
            .iter_mut()
            .skip(level)
            .for_each(|deeper| *deeper = None);
        let numbering = numbering?;
        let start = attribute(numbering, "startAt")
            .and_then(|start| start.parse().ok())
            .unwrap_or(1);
        let number = previous.map_or(start, |previous| previous + 1);
        *self.0.get_mut(level)? = Some(number);
        let kind = attribute(numbering, "type").unwrap_or_default();
        let format = match kind {
            kind if kind.starts_with("alphaLc") => "lowerLetter",
            kind if kind.starts_with("alphaUc") => "upperLetter",
            kind if kind.starts_with("romanLc") => "lowerRoman",
            kind if kind.starts_with("romanUc") => "upperRoman",
            _ => "decimal",
        };
        let number = format_number(number, format);
        Some(match kind {
            kind if kind.ends_with("ParenBoth") => format!("({number})"),
            kind if kind.ends_with("ParenR") => format!("{number})"),
            kind if kind.ends_with("Plain") => number,
            _ => format!("{number}."),
        })
    }
}

fn read_paragraph(node: Node<'_, '_>) -> String {
    let mut text = String::new();
    let mut struck = StruckRun::default();
    for part in node.children() {
        match part.tag_name().name() {
            "r" | "fld" if is_struck(part) => {
                struck.add(&text, &read_run(part));
            }
            "r" | "fld" => text.push_str(&read_run(part)),
            "br" => text.push('\n'),
            "m" => text.push_str(&read_formula(part)),
            "AlternateContent" => {
                if let Some(part) = alternative(part) {
                    text.push_str(&read_paragraph(part));
                }
            }
            _ => {}
        }
        struck.end(&mut text);
    }
    text.trim().to_owned()
}

/// Reads a run, superscript and subscript included.
fn read_run(node: Node<'_, '_>) -> String {
    let text = child(node, "t").and_then(|text| text.text());
    let text = text.unwrap_or_default();
    let baseline = child(node, "rPr").and_then(|properties| attribute(properties, "baseline"));
    let baseline =
        baseline.and_then(|baseline| baseline.trim().trim_end_matches('%').parse::<f64>().ok());
    match baseline {
        Some(baseline) if baseline > 0.0 => to_script(text, ScriptPosition::Superscript),
        Some(baseline) if baseline < 0.0 => to_script(text, ScriptPosition::Subscript),
        _ => text.to_owned(),
    }
}

fn is_struck(run: Node<'_, '_>) -> bool {
    let strike = child(run, "rPr").and_then(|properties| attribute(properties, "strike"));
    strike.is_some_and(|strike| strike != "noStrike")
}

/// Counts the struck passages of a part.
pub(super) fn count_struck(root: Node<'_, '_>) -> usize {
    let is_run = |node: &Node<'_, '_>| matches!(node.tag_name().name(), "r" | "fld");
    let runs = root
        .descendants()
        .filter(is_run)
        .filter(|run| is_struck(*run));
    let first = runs.filter(|run| {
        let previous = run.prev_siblings().skip(1).find(Node::is_element);
        !previous.is_some_and(|previous| is_run(&previous) && is_struck(previous))
    });
    first.count()
}

fn read_table(table: Node<'_, '_>) -> Vec<TablePart> {
    let properties = child(table, "tblPr");
    let is_enabled = |name: &str| {
        let flag = properties.and_then(|table| attribute(table, name));
        matches!(flag, Some("1" | "true"))
    };
    let (first_row, first_column) = (is_enabled("firstRow"), is_enabled("firstCol"));
    let mut grid = Grid::default();
    for (number, row) in children(table, "tr").enumerate() {
        grid.begin_row(first_row && number == 0);
        for (column, cell) in children(row, "tc").enumerate() {
            let span = |name| attribute(cell, name).and_then(|n| n.parse::<usize>().ok());
            // Covered by a merged cell on the left or above.
            if ["hMerge", "vMerge"]
                .iter()
                .any(|name| matches!(attribute(cell, name), Some("1" | "true")))
            {
                continue;
            }
            grid.add_cell(Cell {
                text: child(cell, "txBody")
                    .map_or_else(String::new, |body| cell_text(&[read_text_body(body)])),
                columns: span("gridSpan").unwrap_or(1),
                rows: span("rowSpan").unwrap_or(1),
                heading: first_column && column == 0,
                strong: false,
            });
        }
    }
    grid.into_parts(Origin::Page)
}

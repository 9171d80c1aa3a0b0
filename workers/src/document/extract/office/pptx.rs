//! Presentations (PPTX): the text of each slide's own shapes in their order, tables, charts, diagrams, formulas, its
//! notes and comments. What a layout hints at in empty boxes is no text of the slide, and neither are slide numbers.
//! Hidden slides and what is struck through are left out and listed.

use std::collections::HashMap;

use domain::document::{Omission, OmissionKind};
use roxmltree::Node;

use super::chart;
use super::docx::{formula, written};
use super::package::{
    Package, Relation, alternative, attribute, child, children, parse, relation_id, too_deep,
};
use crate::document::extract::blocks::{Block, in_cell, spaced};
use crate::document::extract::raised::{Height, shown};
use crate::document::extract::struck::Stretch;
use crate::document::extract::table::{Cell, Grid, Origin, Part};
use crate::document::extract::{Extracted, Failed, Section, struck, too_many_pages};

/// Shapes nest no deeper than this.
const DEEPEST: usize = 100;

pub fn extract(package: &mut Package<'_>, main: &str) -> Result<Extracted, Failed> {
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
            Some(part) => slide(package, part, number, &mut left_out)?,
            None => String::new(),
        };
        sections.push(Section {
            page: Some(number),
            text,
            ..Section::default()
        });
    }
    Ok(Extracted {
        sections,
        pages: u32::try_from(ids.len()).ok(),
        left_out,
    })
}

/// The text of a slide, by its number. A hidden one is left out.
fn slide(
    package: &mut Package<'_>,
    part: &str,
    number: u32,
    left_out: &mut Vec<Omission>,
) -> Result<String, Failed> {
    let Some(text) = package.text(part)? else {
        return Ok(String::new());
    };
    let tree = parse(&text)?;
    if matches!(attribute(tree.root_element(), "show"), Some("0" | "false")) {
        left_out.push(Omission::on_page(OmissionKind::HiddenSheet, number));
        return Ok(String::new());
    }
    let relations = package.relations(part)?;
    let mut slide = Slide {
        package,
        relations,
        struck: struck_runs(tree.root_element()),
        blocks: vec![],
    };
    if let Some(shapes) =
        child(tree.root_element(), "cSld").and_then(|slide| child(slide, "spTree"))
    {
        slide.shapes(shapes, DEEPEST)?;
    }
    slide.notes()?;
    slide.comments()?;
    left_out.extend(struck::left_out(slide.struck, Some(number)));
    Ok(spaced(&slide.blocks))
}

struct Slide<'p, 'b> {
    package: &'p mut Package<'b>,
    relations: Vec<Relation>,
    blocks: Vec<Block>,
    /// Stretches that are struck through.
    struck: usize,
}

impl Slide<'_, '_> {
    fn shapes(&mut self, parent: Node<'_, '_>, left: usize) -> Result<(), Failed> {
        if left == 0 {
            return Err(too_deep());
        }
        for node in parent.children() {
            match node.tag_name().name() {
                "sp" | "cxnSp" if placeholder(node) == Some("sldNum") => {}
                "sp" | "cxnSp" => self.blocks.extend(child(node, "txBody").map(text_of)),
                "grpSp" => self.shapes(node, left - 1)?,
                "graphicFrame" => self.frame(node)?,
                "AlternateContent" => {
                    if let Some(node) = alternative(node) {
                        self.shapes(node, left - 1)?;
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn frame(&mut self, frame: Node<'_, '_>) -> Result<(), Failed> {
        let inside = |name: &str| {
            frame
                .descendants()
                .find(|node| node.tag_name().name() == name)
        };
        if let Some(table) = inside("tbl") {
            self.blocks.push(Block::Table(table_rows(table)));
            return Ok(());
        }
        let read: fn(Node<'_, '_>) -> Vec<Block> = |diagram| bodies(diagram, "t");
        let drawn =
            inside("chart").map(|chart| (chart, chart::blocks as fn(Node<'_, '_>) -> Vec<Block>));
        let drawn = drawn.or_else(|| Some((inside("relIds")?, read)));
        let Some((node, read)) = drawn else {
            return Ok(());
        };
        if let Some(part) = self.part(node)
            && let Some(text) = self.package.text(&part)?
            && let Ok(tree) = parse(&text)
        {
            self.blocks.extend(read(tree.root_element()));
        }
        Ok(())
    }

    /// The part that an element names.
    fn part(&self, node: Node<'_, '_>) -> Option<String> {
        let id = relation_id(node)?;
        let found = self.relations.iter().find(|relation| relation.id == id)?;
        Some(found.target.clone())
    }

    fn of_kind(&mut self, kind: &str) -> Result<Vec<String>, Failed> {
        let named = self
            .relations
            .iter()
            .filter(|relation| relation.kind == kind);
        let parts: Vec<String> = named.map(|relation| relation.target.clone()).collect();
        let mut texts = Vec::new();
        for part in parts {
            texts.extend(self.package.text(&part)?);
        }
        Ok(texts)
    }

    fn notes(&mut self) -> Result<(), Failed> {
        for text in self.of_kind("notesSlide")? {
            let Ok(tree) = parse(&text) else { continue };
            let shapes = tree
                .descendants()
                .filter(|node| node.tag_name().name() == "sp");
            self.struck += struck_runs(tree.root_element());
            let notes = shapes.filter(|shape| placeholder(*shape) == Some("body"));
            self.blocks.extend(
                notes
                    .filter_map(|shape| child(shape, "txBody"))
                    .map(text_of),
            );
        }
        Ok(())
    }

    fn comments(&mut self) -> Result<(), Failed> {
        for text in self.of_kind("comments")? {
            let Ok(tree) = parse(&text) else { continue };
            let of_old = tree
                .descendants()
                .filter(|node| node.tag_name().name() == "text");
            let old = of_old
                .filter_map(|node| node.text())
                .map(|text| Block::Text(text.to_owned()));
            let all = old.chain(bodies(tree.root_element(), "txBody"));
            let all = all.map(|block| Block::Text(format!("Comment: {}", in_cell(&[block]))));
            self.blocks.extend(all.collect::<Vec<_>>());
        }
        Ok(())
    }
}

/// The kind of an empty box that a shape fills.
fn placeholder<'a>(shape: Node<'a, '_>) -> Option<&'a str> {
    let own = shape
        .children()
        .find(|node| node.tag_name().name().starts_with("nv"))?;
    let box_of = child(child(own, "nvPr")?, "ph")?;
    Some(attribute(box_of, "type").unwrap_or("obj"))
}

/// The texts below all elements of a name.
pub fn bodies(root: Node<'_, '_>, name: &str) -> Vec<Block> {
    let named = root
        .descendants()
        .filter(|node| node.tag_name().name() == name);
    let with_paragraphs = named.filter(|node| child(*node, "p").is_some());
    with_paragraphs.map(text_of).collect()
}

/// The paragraphs of a shape or a cell.
pub fn text_of(body: Node<'_, '_>) -> Block {
    let mut numbers = Numbers::default();
    let mut paragraphs = Vec::new();
    for node in children(body, "p") {
        let text = paragraph(node);
        if !text.is_empty() {
            let number = numbers.next(child(node, "pPr"));
            paragraphs
                .push(number.map_or_else(|| text.clone(), |number| format!("{number} {text}")));
        }
    }
    Block::Text(paragraphs.join("\n"))
}

/// The numbers of paragraphs that count themselves, by level.
#[derive(Default)]
struct Numbers([Option<i64>; 9]);

impl Numbers {
    fn next(&mut self, properties: Option<Node<'_, '_>>) -> Option<String> {
        let level = properties
            .and_then(|own| attribute(own, "lvl")?.parse().ok())
            .unwrap_or(0_usize);
        let counting = properties.and_then(|own| child(own, "buAutoNum"));
        let before = self.0.get(level).copied().flatten();
        self.0
            .iter_mut()
            .skip(level)
            .for_each(|deeper| *deeper = None);
        let counting = counting?;
        let start = attribute(counting, "startAt")
            .and_then(|start| start.parse().ok())
            .unwrap_or(1);
        let number = before.map_or(start, |before| before + 1);
        *self.0.get_mut(level)? = Some(number);
        let kind = attribute(counting, "type").unwrap_or_default();
        let format = match kind {
            kind if kind.starts_with("alphaLc") => "lowerLetter",
            kind if kind.starts_with("alphaUc") => "upperLetter",
            kind if kind.starts_with("romanLc") => "lowerRoman",
            kind if kind.starts_with("romanUc") => "upperRoman",
            _ => "decimal",
        };
        let number = written(number, format);
        Some(match kind {
            kind if kind.ends_with("ParenBoth") => format!("({number})"),
            kind if kind.ends_with("ParenR") => format!("{number})"),
            kind if kind.ends_with("Plain") => number,
            _ => format!("{number}."),
        })
    }
}

fn paragraph(node: Node<'_, '_>) -> String {
    let mut text = String::new();
    let mut struck = Stretch::default();
    for part in node.children() {
        match part.tag_name().name() {
            "r" | "fld" if is_struck(part) => {
                struck.add(&text, &run(part));
            }
            "r" | "fld" => text.push_str(&run(part)),
            "br" => text.push('\n'),
            "m" => text.push_str(&formula(part)),
            "AlternateContent" => {
                if let Some(part) = alternative(part) {
                    text.push_str(&paragraph(part));
                }
            }
            _ => {}
        }
        struck.end(&mut text);
    }
    text.trim().to_owned()
}

/// A run at its height.
fn run(node: Node<'_, '_>) -> String {
    let text = child(node, "t").and_then(|text| text.text());
    let text = text.unwrap_or_default();
    let above = child(node, "rPr").and_then(|own| attribute(own, "baseline"));
    let above = above.and_then(|above| above.trim().trim_end_matches('%').parse::<f64>().ok());
    match above {
        Some(above) if above > 0.0 => shown(text, Height::Raised),
        Some(above) if above < 0.0 => shown(text, Height::Lowered),
        _ => text.to_owned(),
    }
}

fn is_struck(run: Node<'_, '_>) -> bool {
    let strike = child(run, "rPr").and_then(|own| attribute(own, "strike"));
    strike.is_some_and(|strike| strike != "noStrike")
}

/// How many stretches of a part are struck through.
pub fn struck_runs(root: Node<'_, '_>) -> usize {
    let is_run = |node: &Node<'_, '_>| matches!(node.tag_name().name(), "r" | "fld");
    let runs = root
        .descendants()
        .filter(is_run)
        .filter(|run| is_struck(*run));
    let first = runs.filter(|run| {
        let before = run.prev_siblings().skip(1).find(Node::is_element);
        !before.is_some_and(|before| is_run(&before) && is_struck(before))
    });
    first.count()
}

fn table_rows(table: Node<'_, '_>) -> Vec<Part> {
    let properties = child(table, "tblPr");
    let is = |name: &str| {
        let own = properties.and_then(|table| attribute(table, name));
        matches!(own, Some("1" | "true"))
    };
    let (first_row, first_column) = (is("firstRow"), is("firstCol"));
    let mut grid = Grid::default();
    for (number, row) in children(table, "tr").enumerate() {
        grid.begin_row(first_row && number == 0);
        for (place, cell) in children(row, "tc").enumerate() {
            let number_of = |name| attribute(cell, name).and_then(|n| n.parse::<usize>().ok());
            // What a cell to the left or above reaches over.
            if ["hMerge", "vMerge"]
                .iter()
                .any(|name| matches!(attribute(cell, name), Some("1" | "true")))
            {
                continue;
            }
            grid.cell(Cell {
                text: child(cell, "txBody")
                    .map_or_else(String::new, |body| in_cell(&[text_of(body)])),
                columns: number_of("gridSpan").unwrap_or(1),
                rows: number_of("rowSpan").unwrap_or(1),
                heading: first_column && place == 0,
                strong: false,
            });
        }
    }
    grid.into_parts(Origin::Page)
}

//! Tables of text documents.

use roxmltree::Node;

use super::DocxReader;
use crate::document::extract::blocks::cell_text;
use crate::document::extract::office::package::{attribute, child, is_on, value};
use crate::document::extract::table::{Cell, Grid, Origin, TablePart};

/// Whether the table style emphasizes the first row and the first column.
#[derive(Clone, Copy)]
struct Emphasis {
    first_row: bool,
    first_column: bool,
}

impl DocxReader<'_, '_> {
    pub(super) fn read_table(&mut self, node: Node<'_, '_>) -> Vec<TablePart> {
        let emphasis = self.table_emphasis(child(node, "tblPr"));
        let mut grid = Grid::default();
        for (number, row) in find_elements(node, "tr").into_iter().enumerate() {
            let properties = child(row, "trPr");
            let is_deleted = properties.is_some_and(|row| child(row, "del").is_some());
            if is_deleted || is_on(properties, "hidden") {
                self.struck += usize::from(is_deleted);
                continue;
            }
            grid.begin_row(is_on(properties, "tblHeader"));
            grid.skip(read_count(properties, "gridBefore").unwrap_or(0));
            for (column, cell) in find_elements(row, "tc").into_iter().enumerate() {
                let strong =
                    emphasis.first_row && number == 0 || emphasis.first_column && column == 0;
                self.read_cell(cell, strong, &mut grid);
            }
        }
        grid.into_parts(Origin::Page)
    }

    fn read_cell(&mut self, node: Node<'_, '_>, strong: bool, grid: &mut Grid) {
        let properties = child(node, "tcPr");
        let columns = read_count(properties, "gridSpan").unwrap_or(1);
        let merged = |name: &str| properties.and_then(|cell| child(cell, name));
        let is_continued =
            |name| merged(name).is_some_and(|cell| attribute(cell, "val") != Some("restart"));
        if is_continued("vMerge") {
            grid.continue_above(columns);
            return;
        }
        if is_continued("hMerge") {
            grid.continue_left(columns);
            return;
        }
        let text = cell_text(&self.read_blocks(node));
        grid.add_cell(Cell {
            text,
            columns,
            rows: 1,
            heading: false,
            strong: strong || is_shaded(properties) || self.is_bold(node),
        });
    }

    fn table_emphasis(&self, properties: Option<Node<'_, '_>>) -> Emphasis {
        let style = value(properties, "tblStyle").unwrap_or_default();
        let (first_row, first_column) = self.styles.emphasized_parts(style);
        let flags = properties.and_then(|table| child(table, "tblLook"));
        let bits = flags.and_then(|flags| u16::from_str_radix(attribute(flags, "val")?, 16).ok());
        let is_enabled = |name: &str, bit: u16| {
            let flag = flags.and_then(|flags| attribute(flags, name));
            flag.map_or_else(
                || bits.is_some_and(|bits| bits & bit != 0),
                |flag| flag == "1" || flag == "true",
            )
        };
        Emphasis {
            first_row: first_row && is_enabled("firstRow", 0x20),
            first_column: first_column && is_enabled("firstColumn", 0x80),
        }
    }

    /// Whether all text of a cell is bold.
    fn is_bold(&self, cell: Node<'_, '_>) -> bool {
        let has_text = |run: &Node<'_, '_>| {
            super::children(*run, "t").any(|text| text.text().is_some_and(|t| !t.trim().is_empty()))
        };
        let runs = cell
            .descendants()
            .filter(|node| node.tag_name().name() == "r")
            .filter(has_text);
        let mut runs = runs.peekable();
        runs.peek().is_some()
            && runs.all(|run| {
                let paragraph = run.ancestors().find(|node| node.tag_name().name() == "p");
                let style = value(paragraph.and_then(|node| child(node, "pPr")), "pStyle");
                is_on(child(run, "rPr"), "b")
                    || style.is_some_and(|style| self.styles.is_bold(style))
            })
    }
}

/// Finds rows or cells, including those in content controls.
fn find_elements<'a, 'i>(parent: Node<'a, 'i>, name: &str) -> Vec<Node<'a, 'i>> {
    let mut found = Vec::new();
    let mut pending = vec![parent];
    while let Some(node) = pending.pop() {
        if node != parent && node.tag_name().name() == name {
            found.push(node);
            continue;
        }
        let wrappers = ["sdt", "sdtContent", "customXml", "ins", "moveTo"];
        if node == parent || wrappers.contains(&node.tag_name().name()) {
            let mut inner: Vec<Node<'a, 'i>> = node.children().filter(Node::is_element).collect();
            inner.reverse();
            pending.append(&mut inner);
        }
    }
    found
}

fn read_count(properties: Option<Node<'_, '_>>, name: &str) -> Option<usize> {
    value(properties, name)?.parse().ok()
}

/// Whether a cell has a background colour.
fn is_shaded(properties: Option<Node<'_, '_>>) -> bool {
    let shading = properties.and_then(|cell| child(cell, "shd"));
    let fill = shading.and_then(|shading| attribute(shading, "fill"));
    fill.is_some_and(|fill| !matches!(fill.to_lowercase().as_str(), "auto" | "ffffff" | ""))
}

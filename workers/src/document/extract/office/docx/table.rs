//! Tables of text documents.

use roxmltree::Node;

use super::Reader;
use crate::document::extract::blocks::in_cell;
use crate::document::extract::office::package::{attribute, child, is_on, value};
use crate::document::extract::table::{Cell, Grid, Origin, Part};

/// How a table's style sets off its first row and its first column.
#[derive(Clone, Copy)]
struct Look {
    first_row: bool,
    first_column: bool,
}

impl Reader<'_, '_> {
    pub(super) fn table(&mut self, node: Node<'_, '_>) -> Vec<Part> {
        let look = self.look(child(node, "tblPr"));
        let mut grid = Grid::default();
        for (number, row) in within(node, "tr").into_iter().enumerate() {
            let properties = child(row, "trPr");
            let gone = properties.is_some_and(|row| child(row, "del").is_some());
            if gone || is_on(properties, "hidden") {
                self.struck += usize::from(gone);
                continue;
            }
            grid.begin_row(is_on(properties, "tblHeader"));
            grid.skip(count(properties, "gridBefore").unwrap_or(0));
            for (place, cell) in within(row, "tc").into_iter().enumerate() {
                let strong = look.first_row && number == 0 || look.first_column && place == 0;
                self.cell(cell, strong, &mut grid);
            }
        }
        grid.into_parts(Origin::Page)
    }

    fn cell(&mut self, node: Node<'_, '_>, strong: bool, grid: &mut Grid) {
        let properties = child(node, "tcPr");
        let columns = count(properties, "gridSpan").unwrap_or(1);
        let merged = |name: &str| properties.and_then(|cell| child(cell, name));
        let goes_on =
            |name| merged(name).is_some_and(|cell| attribute(cell, "val") != Some("restart"));
        if goes_on("vMerge") {
            grid.continue_above(columns);
            return;
        }
        if goes_on("hMerge") {
            grid.continue_left(columns);
            return;
        }
        let text = in_cell(&self.blocks(node));
        grid.cell(Cell {
            text,
            columns,
            rows: 1,
            heading: false,
            strong: strong || is_shaded(properties) || self.is_bold(node),
        });
    }

    fn look(&self, properties: Option<Node<'_, '_>>) -> Look {
        let style = value(properties, "tblStyle").unwrap_or_default();
        let (first_row, first_column) = self.styles.sets_off(style);
        let look = properties.and_then(|table| child(table, "tblLook"));
        let bits = look.and_then(|look| u16::from_str_radix(attribute(look, "val")?, 16).ok());
        let is = |name: &str, bit: u16| {
            let own = look.and_then(|look| attribute(look, name));
            own.map_or_else(
                || bits.is_some_and(|bits| bits & bit != 0),
                |own| own == "1" || own == "true",
            )
        };
        Look {
            first_row: first_row && is("firstRow", 0x20),
            first_column: first_column && is("firstColumn", 0x80),
        }
    }

    /// Whether all of a cell's text is bold.
    fn is_bold(&self, cell: Node<'_, '_>) -> bool {
        let says = |run: &Node<'_, '_>| {
            super::children(*run, "t").any(|text| text.text().is_some_and(|t| !t.trim().is_empty()))
        };
        let runs = cell
            .descendants()
            .filter(|node| node.tag_name().name() == "r")
            .filter(says);
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

/// Rows or cells, also those in content controls.
fn within<'a, 'i>(parent: Node<'a, 'i>, name: &str) -> Vec<Node<'a, 'i>> {
    let mut found = Vec::new();
    let mut waiting = vec![parent];
    while let Some(node) = waiting.pop() {
        if node != parent && node.tag_name().name() == name {
            found.push(node);
            continue;
        }
        let wrapping = ["sdt", "sdtContent", "customXml", "ins", "moveTo"];
        if node == parent || wrapping.contains(&node.tag_name().name()) {
            let mut inner: Vec<Node<'a, 'i>> = node.children().filter(Node::is_element).collect();
            inner.reverse();
            waiting.append(&mut inner);
        }
    }
    found
}

fn count(properties: Option<Node<'_, '_>>, name: &str) -> Option<usize> {
    value(properties, name)?.parse().ok()
}

/// Whether a cell has a colour of its own.
fn is_shaded(properties: Option<Node<'_, '_>>) -> bool {
    let shading = properties.and_then(|cell| child(cell, "shd"));
    let fill = shading.and_then(|shading| attribute(shading, "fill"));
    fill.is_some_and(|fill| !matches!(fill.to_lowercase().as_str(), "auto" | "ffffff" | ""))
}

//! Tables of HTML pages.

use markup5ever_rcdom::{Handle, NodeData};

use super::attributes::parse_number;
use super::page::{PageReader, Visibility, has_text, visibility};
use crate::document::extract::blocks::{Block, cell_text, join_lines};
use crate::document::extract::table::{Cell, Grid, Origin};

/// Maximum row span (HTML standard); 0 means all remaining rows.
const MAX_ROW_SPAN: i64 = 65_534;

/// Whether a table lays out a page: data tables contain no headings.
pub(super) fn is_layout_table(table: &Handle) -> bool {
    let mut pending = vec![table.clone()];
    while let Some(node) = pending.pop() {
        if matches!(
            name(&node).as_deref(),
            Some("h1" | "h2" | "h3" | "h4" | "h5" | "h6")
        ) {
            return true;
        }
        pending.extend(node.children.borrow().iter().cloned());
    }
    false
}

/// Reads the caption and the rows of a table. Returns the number of struck passages in it.
pub(super) fn read_table(table: &Handle, blocks: &mut Vec<Block>) -> usize {
    let mut grid = Grid::default();
    let mut struck = 0;
    for part in table.children.borrow().iter() {
        let visible = visibility(part);
        match name(part).as_deref() {
            _ if visible == Visibility::Removed => {}
            Some("caption") => blocks.push(Block::Caption(join_lines(&read_inner(
                part,
                visible,
                &mut struck,
            )))),
            Some("tr") => read_row(part, visible, false, &mut grid, &mut struck),
            Some(group @ ("thead" | "tbody" | "tfoot")) => {
                let rows = part.children.borrow();
                let rows = rows.iter().filter(|row| name(row).as_deref() == Some("tr"));
                for row in rows {
                    let row_visible = combine_visibility(visible, visibility(row));
                    read_row(row, row_visible, group == "thead", &mut grid, &mut struck);
                }
            }
            _ => {}
        }
    }
    blocks.push(Block::Table(grid.into_parts(Origin::Page)));
    struck
}

fn read_row(row: &Handle, visible: Visibility, heading: bool, grid: &mut Grid, struck: &mut usize) {
    if visible == Visibility::Removed {
        return;
    }
    grid.begin_row(heading);
    // A struck row counts once.
    let visible = match visible {
        Visibility::Struck => {
            *struck += usize::from(has_text(row));
            Visibility::Invisible
        }
        visible => visible,
    };
    for cell in row.children.borrow().iter() {
        let cell_visible = combine_visibility(visible, visibility(cell));
        if cell_visible == Visibility::Removed {
            continue;
        }
        let is_heading = match name(cell).as_deref() {
            Some("th") => true,
            Some("td") => false,
            _ => continue,
        };
        let span = |name: &str| match &cell.data {
            NodeData::Element { attrs, .. } => parse_number(&attrs.borrow(), name).unwrap_or(1),
            _ => 1,
        };
        let rows = match span("rowspan") {
            0 => MAX_ROW_SPAN,
            rows => rows.clamp(1, MAX_ROW_SPAN),
        };
        grid.add_cell(Cell {
            text: cell_text(&read_inner(cell, cell_visible, struck)),
            columns: usize::try_from(span("colspan")).unwrap_or(1),
            rows: usize::try_from(rows).unwrap_or(1),
            heading: is_heading,
            strong: is_strong(cell),
        });
    }
}

/// The visibility of a part within another.
fn combine_visibility(outer: Visibility, inner: Visibility) -> Visibility {
    match inner {
        Visibility::Visible => outer,
        inner if outer == Visibility::Visible => inner,
        Visibility::Removed => Visibility::Removed,
        _ => outer,
    }
}

fn read_inner(node: &Handle, visible: Visibility, struck: &mut usize) -> Vec<Block> {
    let mut reader = PageReader::default();
    match visible {
        Visibility::Visible => {
            for child in node.children.borrow().iter() {
                reader.read_node(child);
            }
        }
        Visibility::Struck => reader.struck += usize::from(has_text(node)),
        Visibility::Invisible | Visibility::Removed => {}
    }
    *struck += reader.struck;
    reader.into_blocks()
}

/// Whether all of a cell is bold.
fn is_strong(cell: &Handle) -> bool {
    let children = cell.children.borrow();
    let mut filled = children.iter().filter(|child| match &child.data {
        NodeData::Text { contents } => !contents.borrow().trim().is_empty(),
        NodeData::Element { .. } => true,
        _ => false,
    });
    let first = filled.next().and_then(name);
    filled.next().is_none() && matches!(first.as_deref(), Some("b" | "strong"))
}

fn name(node: &Handle) -> Option<String> {
    match &node.data {
        NodeData::Element { name, .. } => Some(name.local.to_string()),
        _ => None,
    }
}

//! Tables of pages.

use markup5ever_rcdom::{Handle, NodeData};

use super::page::{Look, Page, look, number, says_something};
use crate::document::extract::blocks::{Block, in_cell, lines};
use crate::document::extract::table::{Cell, Grid, Origin};

/// Rows that a cell may span, as HTML has it; also where it spans the rest.
const LONGEST: i64 = 65_534;

/// Whether a table arranges a page: data has no headings.
pub fn arranges_a_page(table: &Handle) -> bool {
    let mut waiting = vec![table.clone()];
    while let Some(node) = waiting.pop() {
        if matches!(
            name(&node).as_deref(),
            Some("h1" | "h2" | "h3" | "h4" | "h5" | "h6")
        ) {
            return true;
        }
        waiting.extend(node.children.borrow().iter().cloned());
    }
    false
}

/// The caption of a table, and its rows. Gives how many stretches in it are struck through.
pub fn read(table: &Handle, blocks: &mut Vec<Block>) -> usize {
    let mut grid = Grid::default();
    let mut struck = 0;
    for part in table.children.borrow().iter() {
        let own = look(part);
        match name(part).as_deref() {
            _ if own == Look::Gone => {}
            Some("caption") => blocks.push(Block::Caption(lines(&inside(part, own, &mut struck)))),
            Some("tr") => row(part, own, false, &mut grid, &mut struck),
            Some(group @ ("thead" | "tbody" | "tfoot")) => {
                let rows = part.children.borrow();
                let rows = rows.iter().filter(|row| name(row).as_deref() == Some("tr"));
                for one in rows {
                    let own = of_both(own, look(one));
                    row(one, own, group == "thead", &mut grid, &mut struck);
                }
            }
            _ => {}
        }
    }
    blocks.push(Block::Table(grid.into_parts(Origin::Page)));
    struck
}

fn row(row: &Handle, shown: Look, heading: bool, grid: &mut Grid, struck: &mut usize) {
    if shown == Look::Gone {
        return;
    }
    grid.begin_row(heading);
    // A row is one stretch.
    let shown = match shown {
        Look::Struck => {
            *struck += usize::from(says_something(row));
            Look::Empty
        }
        shown => shown,
    };
    for cell in row.children.borrow().iter() {
        let own = of_both(shown, look(cell));
        if own == Look::Gone {
            continue;
        }
        let is_heading = match name(cell).as_deref() {
            Some("th") => true,
            Some("td") => false,
            _ => continue,
        };
        let span = |name: &str| match &cell.data {
            NodeData::Element { attrs, .. } => number(&attrs.borrow(), name).unwrap_or(1),
            _ => 1,
        };
        let rows = match span("rowspan") {
            0 => LONGEST,
            rows => rows.clamp(1, LONGEST),
        };
        grid.cell(Cell {
            text: in_cell(&inside(cell, own, struck)),
            columns: usize::try_from(span("colspan")).unwrap_or(1),
            rows: usize::try_from(rows).unwrap_or(1),
            heading: is_heading,
            strong: is_strong(cell),
        });
    }
}

/// How a part is shown in another.
fn of_both(around: Look, own: Look) -> Look {
    match own {
        Look::Shown => around,
        own if around == Look::Shown => own,
        Look::Gone => Look::Gone,
        _ => around,
    }
}

fn inside(node: &Handle, shown: Look, struck: &mut usize) -> Vec<Block> {
    let mut page = Page::default();
    match shown {
        Look::Shown => {
            for child in node.children.borrow().iter() {
                page.node(child);
            }
        }
        Look::Struck => page.struck += usize::from(says_something(node)),
        Look::Empty | Look::Gone => {}
    }
    *struck += page.struck;
    page.into_blocks()
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

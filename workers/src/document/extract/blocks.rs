//! The blocks of a document in their order, on their way to sections.

use super::Section;
use super::outline::Outline;
use super::table::inner;

/// A heading, a paragraph or a table of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A heading and its level, from 1.
    Heading(usize, String),
    Text(String),
    /// The rows of a table.
    Table(String),
}

/// Sections at the headings.
pub fn sections(blocks: Vec<Block>) -> Vec<Section> {
    let mut outline = Outline::default();
    for block in blocks {
        match block {
            Block::Heading(level, heading) => outline.heading(level, heading.trim()),
            Block::Text(text) | Block::Table(text) => {
                if !text.trim().is_empty() {
                    outline.text(text.trim_matches(['\n', '\r']));
                    outline.text("\n\n");
                }
            }
        }
    }
    outline.end_with_headings()
}

/// What a cell of a table says, and what any other part does that has no headings.
pub fn in_cell(blocks: &[Block]) -> String {
    joined(blocks, inner)
}

/// The lines of some blocks.
pub fn lines(blocks: &[Block]) -> String {
    joined(blocks, |table| table.trim_end().to_owned())
}

/// Blocks with an empty line behind each.
pub fn spaced(blocks: &[Block]) -> String {
    let mut text = String::new();
    for block in blocks {
        let (Block::Heading(_, own) | Block::Text(own) | Block::Table(own)) = block;
        if !own.trim().is_empty() {
            text.push_str(own.trim());
            text.push_str("\n\n");
        }
    }
    text
}

fn joined(blocks: &[Block], table: impl Fn(&str) -> String) -> String {
    let texts = blocks.iter().map(|block| match block {
        Block::Heading(_, text) | Block::Text(text) => text.trim().to_owned(),
        Block::Table(rows) => table(rows),
    });
    let texts: Vec<String> = texts.filter(|text| !text.is_empty()).collect();
    texts.join("\n")
}

//! The blocks of a document in their order, on their way to sections.

use super::Section;
use super::outline::Outline;
use super::table::{Part, inner, joined as rows_of};

/// A heading, a paragraph or a table of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A heading and its level, from 1.
    Heading(usize, String),
    Text(String),
    /// What is said of the table above or below.
    Caption(String),
    Table(Vec<Part>),
}

/// Characters of a caption that is repeated, at most.
const CAPTION: usize = 200;

/// Sections at the headings, and at tables with a caption.
pub fn sections(blocks: &[Block]) -> Vec<Section> {
    let mut outline = Outline::default();
    let is_table = |at: usize| matches!(blocks.get(at), Some(Block::Table(_)));
    let caption = |at: usize| match blocks.get(at) {
        Some(Block::Caption(text)) => Some(text.trim()),
        _ => None,
    };
    for (at, block) in blocks.iter().enumerate() {
        match block {
            Block::Heading(level, heading) => outline.heading(*level, heading.trim()),
            // It is read with its table.
            Block::Caption(_) if is_table(at + 1) => {}
            Block::Text(text) | Block::Caption(text) => outline.paragraph(text),
            Block::Table(parts) => {
                let above = at.checked_sub(1).and_then(caption);
                let below = caption(at + 1).filter(|_| !is_table(at + 2));
                table(&mut outline, above, below, parts);
            }
        }
    }
    outline.end()
}

/// A table with its captions, in sections of their own where there are some.
pub fn table(outline: &mut Outline, above: Option<&str>, below: Option<&str>, parts: &[Part]) {
    let own = above.or(below).unwrap_or_default();
    let mut above = above;
    for part in parts {
        let text = match above.take() {
            Some(above) => format!("{above}\n{}", part.text),
            None => part.text.clone(),
        };
        let captions = [own, &part.caption];
        let captions = captions.into_iter().filter(|caption| !caption.is_empty());
        let caption = captions.collect::<Vec<_>>().join("\n");
        match caption.is_empty() || caption.chars().count() > CAPTION {
            true => outline.paragraph(&text),
            false => outline.captioned(caption, text),
        }
    }
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
        let own = match block {
            Block::Heading(_, own) | Block::Text(own) | Block::Caption(own) => own.clone(),
            Block::Table(parts) => rows_of(parts),
        };
        if !own.trim().is_empty() {
            text.push_str(own.trim());
            text.push_str("\n\n");
        }
    }
    text
}

fn joined(blocks: &[Block], table: impl Fn(&str) -> String) -> String {
    let texts = blocks.iter().map(|block| match block {
        Block::Heading(_, text) | Block::Text(text) | Block::Caption(text) => {
            text.trim().to_owned()
        }
        Block::Table(parts) => table(&rows_of(parts)),
    });
    let texts: Vec<String> = texts.filter(|text| !text.is_empty()).collect();
    texts.join("\n")
}

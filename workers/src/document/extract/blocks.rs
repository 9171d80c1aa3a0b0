//! The blocks of a document in reading order, before they become sections.

use super::Section;
use super::outline::Outline;
use super::table::{TablePart, encode_nested, join_parts};

/// A heading, a paragraph or a table of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Block {
    /// A heading and its level, from 1.
    Heading(usize, String),
    Text(String),
    /// The caption of the table above or below.
    Caption(String),
    Table(Vec<TablePart>),
}

/// Longest caption that is repeated, in characters.
const MAX_REPEATED_CAPTION: usize = 200;

/// Starts a section at each heading, and at each table with a caption.
pub(super) fn build_sections(blocks: &[Block]) -> Vec<Section> {
    let mut outline = Outline::default();
    let is_table = |index: usize| matches!(blocks.get(index), Some(Block::Table(_)));
    let caption = |index: usize| match blocks.get(index) {
        Some(Block::Caption(text)) => Some(text.trim()),
        _ => None,
    };
    for (index, block) in blocks.iter().enumerate() {
        match block {
            Block::Heading(level, heading) => outline.start_section(*level, heading.trim()),
            // Written with its table below.
            Block::Caption(_) if is_table(index + 1) => {}
            Block::Text(text) | Block::Caption(text) => outline.push_paragraph(text),
            Block::Table(parts) => {
                let above = index.checked_sub(1).and_then(caption);
                let below = caption(index + 1).filter(|_| !is_table(index + 2));
                write_table(&mut outline, above, below, parts);
            }
        }
    }
    outline.into_sections()
}

/// Writes a table. Parts with a caption become sections of their own.
pub(super) fn write_table(
    outline: &mut Outline,
    above: Option<&str>,
    below: Option<&str>,
    parts: &[TablePart],
) {
    let table_caption = above.or(below).unwrap_or_default();
    let mut above = above;
    for part in parts {
        let text = match above.take() {
            Some(above) => format!("{above}\n{}", part.text),
            None => part.text.clone(),
        };
        let captions = [table_caption, &part.caption];
        let captions = captions.into_iter().filter(|caption| !caption.is_empty());
        let caption = captions.collect::<Vec<_>>().join("\n");
        match caption.is_empty() || caption.chars().count() > MAX_REPEATED_CAPTION {
            true => outline.push_paragraph(&text),
            false => outline.push_captioned(caption, text),
        }
    }
}

/// The text of a table cell, or of another part that has no headings.
pub(super) fn cell_text(blocks: &[Block]) -> String {
    join_blocks(blocks, encode_nested)
}

/// Joins blocks as lines.
pub(super) fn join_lines(blocks: &[Block]) -> String {
    join_blocks(blocks, |table| table.trim_end().to_owned())
}

/// Joins blocks, with an empty line after each.
pub(super) fn join_paragraphs(blocks: &[Block]) -> String {
    let mut text = String::new();
    for block in blocks {
        let content = match block {
            Block::Heading(_, content) | Block::Text(content) | Block::Caption(content) => {
                content.clone()
            }
            Block::Table(parts) => join_parts(parts),
        };
        if !content.trim().is_empty() {
            text.push_str(content.trim());
            text.push_str("\n\n");
        }
    }
    text
}

fn join_blocks(blocks: &[Block], format_table: impl Fn(&str) -> String) -> String {
    let texts = blocks.iter().map(|block| match block {
        Block::Heading(_, text) | Block::Text(text) | Block::Caption(text) => {
            text.trim().to_owned()
        }
        Block::Table(parts) => format_table(&join_parts(parts)),
    });
    let texts: Vec<String> = texts.filter(|text| !text.is_empty()).collect();
    texts.join("\n")
}

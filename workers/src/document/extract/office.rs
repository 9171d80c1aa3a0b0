//! DOCX, XLSX and PPTX.

use undoc::model::{Block, Document, Paragraph, Section as Part, Table};
use undoc::{Error, FormatType};

use super::outline::Outline;
use super::{Extracted, Failed, Section, table, too_many_pages};

pub fn extract(bytes: &[u8]) -> Result<Extracted, Failed> {
    let document = undoc::parse_bytes(bytes).map_err(|error| match error {
        Error::Encrypted => Failed::encrypted(),
        error if unpacks_too_far(&error) => {
            Failed::too_large("what the document unpacks to passes the limits")
        }
        error => Failed::unreadable(error),
    })?;
    if let Some(failed) = too_many_pages(document.sections.len()) {
        return Err(failed);
    }
    let paged = document.format != FormatType::Docx;
    Ok(Extracted {
        pages: paged
            .then(|| u32::try_from(document.sections.len()).ok())
            .flatten(),
        sections: match document.format {
            FormatType::Docx => text(&document),
            _ => pages(&document),
        },
        left_out: vec![],
    })
}

/// Whether an archive holds more than it may: its reader stops, or runs out of memory.
fn unpacks_too_far(error: &Error) -> bool {
    let text = error.to_string();
    text.contains("decompression bomb") || text.contains("out of memory")
}

/// A text document: sections at its headings.
fn text(document: &Document) -> Vec<Section> {
    let mut outline = Outline::default();
    for block in document.sections.iter().flat_map(|part| &part.content) {
        match block {
            Block::Paragraph(paragraph) if paragraph.is_heading() => {
                let level = usize::from(paragraph.heading.level());
                outline.heading(level, paragraph.plain_text().trim());
            }
            block => {
                let mut text = String::new();
                block_text(block, &mut text);
                outline.text(&text);
            }
        }
    }
    outline.end().0
}

/// Slides and sheets.
fn pages(document: &Document) -> Vec<Section> {
    let pages = (1..).zip(&document.sections);
    pages
        .map(|(number, part)| Section {
            headings: vec![],
            page: Some(number),
            // A slide that is called by its number has no name.
            page_name: part
                .name
                .clone()
                .filter(|name| !name.trim().is_empty() && *name != format!("Slide {number}")),
            text: page_text(part),
        })
        .collect()
}

fn page_text(part: &Part) -> String {
    let mut text = String::new();
    for block in &part.content {
        block_text(block, &mut text);
    }
    for note in part.notes.iter().flatten() {
        paragraph_text(note, &mut text);
    }
    text
}

fn block_text(block: &Block, text: &mut String) {
    match block {
        Block::Paragraph(paragraph) => paragraph_text(paragraph, text),
        Block::Table(table) => table_text(table, text),
        Block::Note { content, .. } => {
            for paragraph in content {
                paragraph_text(paragraph, text);
            }
        }
        Block::PageBreak | Block::SectionBreak | Block::Image { .. } => {}
    }
}

fn paragraph_text(paragraph: &Paragraph, text: &mut String) {
    let line = paragraph.plain_text();
    if !line.trim().is_empty() {
        text.push_str(line.trim());
        text.push_str("\n\n");
    }
}

/// The first row names the columns.
fn table_text(table: &Table, text: &mut String) {
    let mut rows = table.rows.iter().map(|row| {
        let cells = row.cells.iter();
        cells
            .map(|cell| {
                cell.plain_text()
                    .split_whitespace()
                    .collect::<Vec<_>>()
                    .join(" ")
            })
            .collect::<Vec<String>>()
    });
    let Some(header) = rows.next() else {
        return;
    };
    text.push_str(&header.join(" | "));
    text.push('\n');
    for row in rows {
        let line = table::named(&header, &row);
        if !line.is_empty() {
            text.push_str(&line);
            text.push('\n');
        }
    }
    text.push('\n');
}

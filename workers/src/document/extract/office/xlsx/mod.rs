//! Spreadsheets (XLSX): the displayed cells of each visible sheet, their comments and the text of shapes. Hidden
//! sheets, rows and columns, and struck text are left out and listed.

mod dates;
mod number_sign;
mod rich;
mod sheet;
mod styles;
#[cfg(test)]
pub(crate) mod tests;
mod xml;

use domain::document::{Omission, OmissionKind};
use roxmltree::Node;

use self::rich::read_shared_strings;
use self::sheet::{Workbook, read_sheet};
use self::styles::Styles;
use super::package::{Package, Relation, attribute, child, children, is_on, parse};
use super::pptx::{count_struck, read_text_body};
use crate::document::extract::blocks::cell_text;
use crate::document::extract::table::TablePart;
use crate::document::extract::{
    ExtractError, ExtractedDocument, MAX_CHARACTERS, Section, strikethrough, too_many_pages,
};

pub(crate) fn extract(
    package: &mut Package<'_>,
    main: &str,
) -> Result<ExtractedDocument, ExtractError> {
    let text = package.text(main)?.unwrap_or_default();
    let workbook = parse(&text)?;
    let relations = package.relations(main)?;
    let workbook_parts = read_workbook(package, workbook.root_element(), &relations)?;
    let list = child(workbook.root_element(), "sheets");
    let sheets: Vec<Node<'_, '_>> = list
        .into_iter()
        .flat_map(|list| children(list, "sheet"))
        .collect();
    if let Some(failed) = too_many_pages(sheets.len()) {
        return Err(failed);
    }
    let mut found = ExtractedDocument::default();
    let (mut characters, mut hidden, mut pages) = (0, 0, 0);
    for sheet in sheets {
        let name = attribute(sheet, "name").unwrap_or_default();
        if matches!(attribute(sheet, "state"), Some("hidden" | "veryHidden")) {
            hidden += 1;
            continue;
        }
        let id = sheet
            .attributes()
            .find(|attribute| attribute.name() == "id" && attribute.namespace().is_some());
        let target = relations
            .iter()
            .find(|relation| id.is_some_and(|id| id.value() == relation.id));
        pages += 1;
        let page = Some(pages);
        let remaining = MAX_CHARACTERS.saturating_sub(characters);
        let sheet_text = match target.filter(|target| target.kind == "worksheet") {
            Some(target) => read_sheet_text(package, &target.target, &workbook_parts, remaining)?,
            None => SheetText::default(),
        };
        characters += sheet_text.add_to(&mut found, page, name);
    }
    if hidden > 0 {
        found
            .left_out
            .push(Omission::with_count(OmissionKind::HiddenSheet, hidden));
    }
    found.pages = Some(pages);
    Ok(found)
}

/// The displayed content of a sheet.
#[derive(Default)]
struct SheetText {
    parts: Vec<TablePart>,
    /// Number of hidden rows and columns.
    hidden: u32,
    /// Number of struck passages.
    struck: usize,
}

impl SheetText {
    /// Adds the sheet to a document and returns its number of characters.
    fn add_to(self, document: &mut ExtractedDocument, page: Option<u32>, name: &str) -> usize {
        if self.hidden > 0 {
            document.left_out.push(Omission {
                page,
                ..Omission::with_count(OmissionKind::HiddenCells, self.hidden)
            });
        }
        let struck = strikethrough::omission(self.struck, page);
        document.left_out.extend(struck);
        let mut characters = 0;
        for part in self.parts {
            characters += part.text.chars().count();
            document.sections.push(Section {
                headings: vec![],
                page,
                page_name: (!name.trim().is_empty()).then(|| name.to_owned()),
                caption: part.caption,
                text: part.text,
            });
        }
        characters
    }
}

/// Reads what the sheets share.
fn read_workbook(
    package: &mut Package<'_>,
    workbook: Node<'_, '_>,
    relations: &[Relation],
) -> Result<Workbook, ExtractError> {
    let mut part = |kind: &str| match relations.iter().find(|relation| relation.kind == kind) {
        Some(relation) => package.text(&relation.target),
        None => Ok(None),
    };
    let strings =
        part("sharedStrings")?.map_or_else(|| Ok(vec![]), |text| read_shared_strings(&text))?;
    let epoch_1904 = child(workbook, "workbookPr")
        .and_then(|properties| attribute(properties, "date1904"))
        .is_some_and(|flag| matches!(flag, "1" | "true"));
    let styles = part("styles")?.map_or_else(
        || Ok(Styles::default()),
        |text| Styles::read(&text, epoch_1904),
    )?;
    Ok(Workbook { strings, styles })
}

/// Reads a sheet of at most `max_characters`.
fn read_sheet_text(
    package: &mut Package<'_>,
    part: &str,
    workbook_parts: &Workbook,
    max_characters: usize,
) -> Result<SheetText, ExtractError> {
    let Some(xml) = package.text(part)? else {
        return Ok(SheetText::default());
    };
    let relations = package.relations(part)?;
    let mut headers = Vec::new();
    for relation in relations.iter().filter(|relation| relation.kind == "table") {
        let Some(text) = package.text(&relation.target)? else {
            continue;
        };
        headers.extend(
            parse(&text)
                .ok()
                .and_then(|table| header_row(table.root_element())),
        );
    }
    let sheet = read_sheet(&xml, workbook_parts, &headers, max_characters)?;
    let hidden = u32::try_from(sheet.hidden_rows + sheet.hidden_columns).unwrap_or(u32::MAX);
    let (mut parts, mut struck) = (sheet.parts, sheet.struck);
    drop(xml);
    let mut text = String::new();
    for relation in &relations {
        let read_part: fn(Node<'_, '_>) -> (Vec<String>, usize) = match relation.kind.as_str() {
            "comments" => read_comments,
            "drawing" => read_shapes,
            _ => continue,
        };
        let Some(xml) = package.text(&relation.target)? else {
            continue;
        };
        let tree = parse(&xml);
        let (lines, count) = tree
            .map(|tree| read_part(tree.root_element()))
            .unwrap_or_default();
        struck += count;
        for line in lines {
            text.push_str(&line);
            text.push('\n');
        }
    }
    match parts.last_mut() {
        Some(last) if last.caption.is_empty() => last.text.push_str(&text),
        _ => parts.push(TablePart {
            text,
            ..TablePart::default()
        }),
    }
    Ok(SheetText {
        parts,
        hidden,
        struck,
    })
}

/// The first row of a table, if it has a header row.
fn header_row(table: Node<'_, '_>) -> Option<u32> {
    let has_header = attribute(table, "headerRowCount").is_none_or(|count| count != "0");
    let (first, _) = xml::parse_area(attribute(table, "ref")?)?;
    has_header.then_some(first.1)
}

/// Reads the comments on cells, and counts their struck passages.
fn read_comments(root: Node<'_, '_>) -> (Vec<String>, usize) {
    let authors = child(root, "authors")
        .into_iter()
        .flat_map(|list| children(list, "author"));
    let authors: Vec<&str> = authors
        .map(|author| author.text().unwrap_or_default())
        .collect();
    let list = child(root, "commentList")
        .into_iter()
        .flat_map(|list| children(list, "comment"));
    let mut struck = 0;
    let line = |comment: Node<'_, '_>| {
        let reference = attribute(comment, "ref").unwrap_or_default();
        let author = attribute(comment, "authorId").and_then(|id| id.parse::<usize>().ok());
        let author = author
            .and_then(|id| authors.get(id))
            .filter(|name| !name.is_empty());
        let attribution = author.map_or_else(String::new, |name| format!(" ({name})"));
        let (text, count) = comment_text(comment);
        struck += count;
        format!("Comment on {reference}{attribution}: {text}")
    };
    (list.map(line).collect(), struck)
}

/// The text of a comment without struck text, and the number of struck runs.
fn comment_text(comment: Node<'_, '_>) -> (String, usize) {
    let texts = comment
        .descendants()
        .filter(|node| node.tag_name().name() == "t");
    let is_struck = |text: &Node<'_, '_>| {
        let run = text.parent().and_then(|run| child(run, "rPr"));
        is_on(run, "strike")
    };
    let (struck, valid): (Vec<_>, Vec<_>) = texts.partition(is_struck);
    let valid = valid.into_iter().filter_map(|node| node.text());
    (valid.collect(), struck.len())
}

/// Reads the text boxes of a sheet, and counts their struck passages.
fn read_shapes(root: Node<'_, '_>) -> (Vec<String>, usize) {
    let bodies = root
        .descendants()
        .filter(|node| node.tag_name().name() == "txBody");
    let lines = bodies.map(|body| cell_text(&[read_text_body(body)]));
    let lines = lines.filter(|text| !text.trim().is_empty());
    (lines.collect(), count_struck(root))
}

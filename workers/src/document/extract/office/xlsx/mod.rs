//! Spreadsheets (XLSX): the cells of each visible sheet as they are shown, with the comments on them and the text of
//! shapes. Hidden sheets, rows and columns and what is struck through are left out and listed.

mod days;
mod rich;
mod sheet;
mod signs;
mod styles;
#[cfg(test)]
pub mod tests;
mod xml;

use domain::document::{Omission, OmissionKind};
use roxmltree::Node;

use self::rich::strings;
use self::sheet::{Book, read};
use self::styles::Styles;
use super::package::{Package, attribute, child, children, is_on, parse};
use super::pptx::{struck_runs, text_of};
use crate::document::extract::blocks::in_cell;
use crate::document::extract::table::Part;
use crate::document::extract::{CHARACTERS, Extracted, Failed, Section, struck, too_many_pages};

pub fn extract(package: &mut Package<'_>, main: &str) -> Result<Extracted, Failed> {
    let text = package.text(main)?.unwrap_or_default();
    let workbook = parse(&text)?;
    let relations = package.relations(main)?;
    let mut part = |kind: &str| match relations.iter().find(|relation| relation.kind == kind) {
        Some(relation) => package.text(&relation.target),
        None => Ok(None),
    };
    let strings = part("sharedStrings")?.map_or_else(|| Ok(vec![]), |text| strings(&text))?;
    let epoch_1904 = child(workbook.root_element(), "workbookPr")
        .and_then(|properties| attribute(properties, "date1904"))
        .is_some_and(|own| matches!(own, "1" | "true"));
    let styles = part("styles")?.map_or_else(
        || Ok(Styles::default()),
        |text| Styles::read(&text, epoch_1904),
    )?;
    let book = Book { strings, styles };
    let list = child(workbook.root_element(), "sheets");
    let sheets: Vec<Node<'_, '_>> = list
        .into_iter()
        .flat_map(|list| children(list, "sheet"))
        .collect();
    if let Some(failed) = too_many_pages(sheets.len()) {
        return Err(failed);
    }
    let mut found = Extracted::default();
    let (mut characters, mut hidden, mut pages) = (0, 0, 0);
    for sheet in sheets {
        let name = attribute(sheet, "name").unwrap_or_default();
        if matches!(attribute(sheet, "state"), Some("hidden" | "veryHidden")) {
            hidden += 1;
            continue;
        }
        let id = sheet
            .attributes()
            .find(|one| one.name() == "id" && one.namespace().is_some());
        let target = relations
            .iter()
            .find(|relation| id.is_some_and(|id| id.value() == relation.id));
        pages += 1;
        let page = Some(pages);
        let left = CHARACTERS.saturating_sub(characters);
        let page_of = match target.filter(|target| target.kind == "worksheet") {
            Some(target) => page_text(package, &target.target, &book, left)?,
            None => PageText::default(),
        };
        if page_of.hidden > 0 {
            found.left_out.push(Omission {
                page,
                ..Omission::with_count(OmissionKind::HiddenCells, page_of.hidden)
            });
        }
        found
            .left_out
            .extend(struck::left_out(page_of.struck, page));
        for part in page_of.parts {
            characters += part.text.chars().count();
            found.sections.push(Section {
                headings: vec![],
                page,
                page_name: (!name.trim().is_empty()).then(|| name.to_owned()),
                caption: part.caption,
                text: part.text,
            });
        }
    }
    if hidden > 0 {
        found
            .left_out
            .push(Omission::with_count(OmissionKind::HiddenSheet, hidden));
    }
    found.pages = Some(pages);
    Ok(found)
}

/// What one sheet shows.
#[derive(Default)]
struct PageText {
    parts: Vec<Part>,
    /// Rows and columns that are hidden.
    hidden: u32,
    /// Stretches that are struck through.
    struck: usize,
}

/// What one sheet shows, limited to `most` characters.
fn page_text(
    package: &mut Package<'_>,
    part: &str,
    book: &Book,
    most: usize,
) -> Result<PageText, Failed> {
    let Some(xml) = package.text(part)? else {
        return Ok(PageText::default());
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
                .and_then(|table| header(table.root_element())),
        );
    }
    let sheet = read(&xml, book, &headers, most)?;
    let hidden = u32::try_from(sheet.hidden_rows + sheet.hidden_columns).unwrap_or(u32::MAX);
    let (mut parts, mut struck) = (sheet.parts, sheet.struck);
    drop(xml);
    let mut text = String::new();
    for relation in &relations {
        let add: fn(Node<'_, '_>) -> (Vec<String>, usize) = match relation.kind.as_str() {
            "comments" => comments,
            "drawing" => shapes,
            _ => continue,
        };
        let Some(xml) = package.text(&relation.target)? else {
            continue;
        };
        let tree = parse(&xml);
        let (lines, count) = tree
            .map(|tree| add(tree.root_element()))
            .unwrap_or_default();
        struck += count;
        for line in lines {
            text.push_str(&line);
            text.push('\n');
        }
    }
    match parts.last_mut() {
        Some(last) if last.caption.is_empty() => last.text.push_str(&text),
        _ => parts.push(Part {
            text,
            ..Part::default()
        }),
    }
    Ok(PageText {
        parts,
        hidden,
        struck,
    })
}

/// The first row of a table of a sheet, where it has a header.
fn header(table: Node<'_, '_>) -> Option<u32> {
    let has_one = attribute(table, "headerRowCount").is_none_or(|count| count != "0");
    let (first, _) = xml::area(attribute(table, "ref")?)?;
    has_one.then_some(first.1)
}

/// The comments on cells, and how many stretches of them are struck through.
fn comments(root: Node<'_, '_>) -> (Vec<String>, usize) {
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
        let place = attribute(comment, "ref").unwrap_or_default();
        let author = attribute(comment, "authorId").and_then(|id| id.parse::<usize>().ok());
        let author = author
            .and_then(|id| authors.get(id))
            .filter(|name| !name.is_empty());
        let who = author.map_or_else(String::new, |name| format!(" ({name})"));
        let said = said(comment);
        struck += said.1;
        format!("Comment on {place}{who}: {}", said.0)
    };
    (list.map(line).collect(), struck)
}

/// The text of a comment without what is struck through.
fn said(comment: Node<'_, '_>) -> (String, usize) {
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

/// The texts of boxes on a sheet, and how many stretches of them are struck through.
fn shapes(root: Node<'_, '_>) -> (Vec<String>, usize) {
    let bodies = root
        .descendants()
        .filter(|node| node.tag_name().name() == "txBody");
    let lines = bodies.map(|body| in_cell(&[text_of(body)]));
    let lines = lines.filter(|text| !text.trim().is_empty());
    (lines.collect(), struck_runs(root))
}

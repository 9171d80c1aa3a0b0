//! Spreadsheets (XLSX): the cells of each visible sheet as they are shown, with the comments on them and the text of
//! shapes. Hidden sheets, rows and columns are left out and listed.

mod sheet;
mod styles;
#[cfg(test)]
mod tests;
mod xml;

use domain::document::{LeftOut, LeftOutKind};
use roxmltree::Node;

use self::sheet::{Book, read};
use self::styles::Styles;
use self::xml::strings;
use super::package::{Package, attribute, child, children, parse};
use crate::document::extract::{CHARACTERS, Extracted, Failed, Section, too_many_pages};

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
    let (mut characters, mut hidden) = (0, 0);
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
        let page = u32::try_from(found.sections.len() + 1).ok();
        let left = CHARACTERS.saturating_sub(characters);
        let (text, cells) = match target.filter(|target| target.kind == "worksheet") {
            Some(target) => page_text(package, &target.target, &book, left)?,
            None => (String::new(), 0),
        };
        if cells > 0 {
            found.left_out.push(LeftOut {
                page,
                ..LeftOut::counted(LeftOutKind::HiddenCells, cells)
            });
        }
        characters += text.chars().count();
        found.sections.push(Section {
            headings: vec![],
            page,
            page_name: (!name.trim().is_empty()).then(|| name.to_owned()),
            text,
        });
    }
    if hidden > 0 {
        found
            .left_out
            .push(LeftOut::counted(LeftOutKind::HiddenSheet, hidden));
    }
    found.pages = u32::try_from(found.sections.len()).ok();
    Ok(found)
}

/// What one sheet shows, limited to `most` characters, and how many of its rows and columns are hidden.
fn page_text(
    package: &mut Package<'_>,
    part: &str,
    book: &Book,
    most: usize,
) -> Result<(String, u32), Failed> {
    let Some(xml) = package.text(part)? else {
        return Ok((String::new(), 0));
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
    let mut text = sheet.text;
    drop(xml);
    for relation in &relations {
        let add: fn(Node<'_, '_>) -> Vec<String> = match relation.kind.as_str() {
            "comments" => comments,
            "drawing" => shapes,
            _ => continue,
        };
        let Some(xml) = package.text(&relation.target)? else {
            continue;
        };
        for line in parse(&xml)
            .map(|tree| add(tree.root_element()))
            .unwrap_or_default()
        {
            text.push_str(&line);
            text.push('\n');
        }
    }
    Ok((text, hidden))
}

/// The first row of a table of a sheet, where it has a header.
fn header(table: Node<'_, '_>) -> Option<u32> {
    let has_one = attribute(table, "headerRowCount").is_none_or(|count| count != "0");
    let (first, _) = xml::area(attribute(table, "ref")?)?;
    has_one.then_some(first.1)
}

fn comments(root: Node<'_, '_>) -> Vec<String> {
    let authors = child(root, "authors")
        .into_iter()
        .flat_map(|list| children(list, "author"));
    let authors: Vec<&str> = authors
        .map(|author| author.text().unwrap_or_default())
        .collect();
    let list = child(root, "commentList")
        .into_iter()
        .flat_map(|list| children(list, "comment"));
    let line = |comment: Node<'_, '_>| {
        let place = attribute(comment, "ref").unwrap_or_default();
        let author = attribute(comment, "authorId").and_then(|id| id.parse::<usize>().ok());
        let author = author
            .and_then(|id| authors.get(id))
            .filter(|name| !name.is_empty());
        let who = author.map_or_else(String::new, |name| format!(" ({name})"));
        format!("Comment on {place}{who}: {}", texts(comment).join(""))
    };
    list.map(line).collect()
}

/// The texts of boxes on a sheet.
fn shapes(root: Node<'_, '_>) -> Vec<String> {
    let bodies = root
        .descendants()
        .filter(|node| node.tag_name().name() == "txBody");
    let paragraphs = bodies
        .flat_map(|body| children(body, "p"))
        .map(|paragraph| texts(paragraph).join(""));
    paragraphs.filter(|text| !text.trim().is_empty()).collect()
}

fn texts<'a>(node: Node<'a, '_>) -> Vec<&'a str> {
    let texts = node
        .descendants()
        .filter(|node| node.tag_name().name() == "t");
    texts.filter_map(|node| node.text()).collect()
}

//! Office documents as packages (ECMA-376, part 2): an archive whose parts refer to each other by relationships.

use std::collections::HashMap;
use std::io::{Cursor, Read};

use quick_xml::events::Event;
use roxmltree::{Document, Node, ParsingOptions};
use zip::ZipArchive;
use zip::result::ZipError;

use crate::document::extract::{ExtractError, encoding};

/// Maximum bytes of a part.
const MAX_PART_BYTES: u64 = 128 * 1024 * 1024;
/// Maximum bytes of all parts that are read.
const MAX_TOTAL_BYTES: u64 = 512 * 1024 * 1024;
/// Maximum number of XML nodes of a part.
const MAX_NODES: u32 = 5_000_000;

/// Office programs write no document type; its declarations are ignored.
const DOCTYPE: &str = "<!DOCTYPE";

pub(crate) struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    /// Entry indices by lowercase name: some programs spell names differently than the relationships do.
    indices: HashMap<String, usize>,
    unpacked: u64,
}

/// A relationship from one part to another.
#[derive(Debug, Clone)]
pub(crate) struct Relation {
    pub id: String,
    /// The last segment of its type, such as `header`.
    pub kind: String,
    /// The name of the other part.
    pub target: String,
}

impl<'a> Package<'a> {
    pub(crate) fn open(bytes: &'a [u8]) -> Result<Self, ExtractError> {
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| archive_error(&error))?;
        let names = archive.file_names().enumerate();
        let indices = names
            .filter_map(|(index, name)| Some((normalize_name(&name.ok()?), index)))
            .collect();
        Ok(Self {
            archive,
            indices,
            unpacked: 0,
        })
    }

    /// The bytes of a part, if it exists.
    pub(crate) fn bytes(&mut self, name: &str) -> Result<Option<Vec<u8>>, ExtractError> {
        let Some(index) = self.indices.get(&normalize_name(name)) else {
            return Ok(None);
        };
        let mut bytes = Vec::new();
        let entry = self
            .archive
            .by_index(*index)
            .map_err(|error| archive_error(&error))?;
        entry
            .take(MAX_PART_BYTES + 1)
            .read_to_end(&mut bytes)
            .map_err(ExtractError::unreadable)?;
        self.unpacked += bytes.len() as u64;
        if bytes.len() as u64 > MAX_PART_BYTES || self.unpacked > MAX_TOTAL_BYTES {
            return Err(too_large());
        }
        Ok(Some(bytes))
    }

    /// The text of a part.
    pub(crate) fn text(&mut self, name: &str) -> Result<Option<String>, ExtractError> {
        let Some(bytes) = self.bytes(name)? else {
            return Ok(None);
        };
        let text = match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => encoding::decode(error.as_bytes())?,
        };
        Ok(Some(match text.contains(DOCTYPE) {
            true => remove_doctype(&text),
            false => text,
        }))
    }

    /// Finds the main part by its usual name, if no relationship names it.
    pub(crate) fn default_main_part(&self) -> Option<String> {
        let names = [
            "word/document.xml",
            "xl/workbook.xml",
            "ppt/presentation.xml",
        ];
        let found = names
            .into_iter()
            .find(|name| self.indices.contains_key(*name));
        found.map(str::to_owned)
    }

    /// The name of the root element of a part.
    pub(crate) fn root(&mut self, part: &str) -> Result<Option<String>, ExtractError> {
        let Some(text) = self.text(part)? else {
            return Ok(None);
        };
        let mut reader = quick_xml::Reader::from_str(&text);
        loop {
            match reader.read_event().map_err(ExtractError::unreadable)? {
                Event::Start(element) | Event::Empty(element) => {
                    return Ok(Some(element.local_name().as_ref().to_owned()));
                }
                Event::DocType(_) => {
                    return Err(ExtractError::unreadable("it declares a document type"));
                }
                Event::Eof => return Ok(None),
                _ => {}
            }
        }
    }

    /// The relationships of a part.
    pub(crate) fn relations(&mut self, part: &str) -> Result<Vec<Relation>, ExtractError> {
        let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
        let name = match folder {
            "" => format!("_rels/{file}.rels"),
            folder => format!("{folder}/_rels/{file}.rels"),
        };
        let Some(text) = self.text(&name)? else {
            return Ok(vec![]);
        };
        let document = parse(&text)?;
        let nodes = document.root_element().children().filter(Node::is_element);
        let internal = nodes.filter(|node| node.attribute("TargetMode") != Some("External"));
        let relations = internal.filter_map(|node| {
            Some(Relation {
                id: node.attribute("Id")?.to_owned(),
                kind: node.attribute("Type")?.rsplit('/').next()?.to_owned(),
                target: resolve_target(folder, node.attribute("Target")?),
            })
        });
        Ok(relations.collect())
    }
}

/// Removes the document type. References to entities that it declares stay as text.
fn remove_doctype(text: &str) -> String {
    let (before, rest) = text.split_once(DOCTYPE).unwrap_or((text, ""));
    let mut in_subset = false;
    let end = rest.char_indices().find(|(_, c)| {
        in_subset = (in_subset || *c == '[') && *c != ']';
        *c == '>' && !in_subset
    });
    let body = end.map_or("", |(position, _)| &rest[position + 1..]);
    let mut parts = body.split('&');
    let mut cleaned = before.to_owned() + parts.next().unwrap_or_default();
    let predefined = ["#", "amp;", "lt;", "gt;", "quot;", "apos;"];
    for part in parts {
        let is_predefined =
            predefined.iter().any(|name| part.starts_with(name)) || !part.contains(';');
        cleaned.push_str(if is_predefined { "&" } else { "&amp;" });
        cleaned.push_str(part);
    }
    cleaned
}

fn normalize_name(name: &str) -> String {
    name.replace('\\', "/")
        .trim_start_matches('/')
        .to_lowercase()
}

/// Resolves the name of a part relative to a folder.
fn resolve_target(folder: &str, target: &str) -> String {
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut path: Vec<&str> = folder.split('/').filter(|step| !step.is_empty()).collect();
    for step in target.split('/') {
        match step {
            "." | "" => {}
            ".." => {
                path.pop();
            }
            step => path.push(step),
        }
    }
    path.join("/")
}

/// Parses a part.
pub(super) fn parse(text: &str) -> Result<Document<'_>, ExtractError> {
    let options = ParsingOptions {
        allow_dtd: false,
        nodes_limit: MAX_NODES,
        ..ParsingOptions::default()
    };
    Document::parse_with_options(text, options).map_err(|error| match error {
        roxmltree::Error::NodesLimitReached => too_large(),
        error => ExtractError::unreadable(error),
    })
}

fn archive_error(error: &ZipError) -> ExtractError {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => ExtractError::encrypted(),
        error => ExtractError::unreadable(error),
    }
}

pub(super) fn too_deep() -> ExtractError {
    ExtractError::too_large("the document is nested too deeply")
}

pub(super) fn too_large() -> ExtractError {
    ExtractError::too_large("the unpacked document exceeds the limits")
}

/// The child of an element by its name.
pub(super) fn child<'a, 'i>(node: Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
    node.children()
        .find(|child| child.tag_name().name() == name)
}

/// The children of an element by their name.
pub(super) fn children<'a, 'i>(
    node: Node<'a, 'i>,
    name: &'static str,
) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children()
        .filter(move |child| child.tag_name().name() == name)
}

/// An attribute by its name, in whichever namespace.
pub(super) fn attribute<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    let mut attributes = node.attributes();
    attributes
        .find(|attribute| attribute.name() == name)
        .map(|attribute| attribute.value())
}

/// The value of a property such as `<w:gridSpan w:val="2"/>`.
pub(super) fn value<'a>(node: Option<Node<'a, '_>>, name: &str) -> Option<&'a str> {
    attribute(child(node?, name)?, "val")
}

/// Whether a property such as `<w:b/>` is on.
pub(super) fn is_on(node: Option<Node<'_, '_>>, name: &str) -> bool {
    let property = node.and_then(|node| child(node, name));
    property.is_some_and(|property| {
        !matches!(
            attribute(property, "val"),
            Some("0" | "false" | "off" | "none")
        )
    })
}

/// The displayed alternative: the first choice, else the fallback.
pub(super) fn alternative<'a, 'i>(node: Node<'a, 'i>) -> Option<Node<'a, 'i>> {
    child(node, "Choice").or_else(|| child(node, "Fallback"))
}

/// The relationship id of an element, which may also have an id of its own.
pub(super) fn relation_id<'a>(node: Node<'a, '_>) -> Option<&'a str> {
    let mut ids = node
        .attributes()
        .filter(|attribute| attribute.namespace().is_some());
    ids.find(|attribute| matches!(attribute.name(), "id" | "dm"))
        .map(|attribute| attribute.value())
}

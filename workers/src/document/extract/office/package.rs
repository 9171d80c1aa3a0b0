//! The parts of an office document (ECMA-376, part 2): an archive whose parts name each other by relations.

use std::collections::HashMap;
use std::io::{Cursor, Read};

use quick_xml::events::Event;
use roxmltree::{Document, Node, ParsingOptions};
use zip::ZipArchive;
use zip::result::ZipError;

use crate::document::extract::{Failed, encoding};

/// Bytes of one part.
const PART: u64 = 128 * 1024 * 1024;
/// Bytes of all parts that are read.
const PARTS: u64 = 512 * 1024 * 1024;
/// Elements, attributes and texts of one part that is read as a tree.
const NODES: u32 = 5_000_000;

/// Office programs write no document types; what one declares is not looked at.
const DOCTYPE: &str = "<!DOCTYPE";

pub struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    /// By name in lower case: some programs write other letters than the relations do.
    places: HashMap<String, usize>,
    unpacked: u64,
}

/// What one part says of another.
#[derive(Debug, Clone)]
pub struct Relation {
    pub id: String,
    /// The last part of its type, such as `header`.
    pub kind: String,
    /// The name of the other part.
    pub target: String,
}

impl<'a> Package<'a> {
    pub fn open(bytes: &'a [u8]) -> Result<Self, Failed> {
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| broken(&error))?;
        let names = archive.file_names().enumerate();
        let places = names
            .filter_map(|(place, name)| Some((key(&name.ok()?), place)))
            .collect();
        Ok(Self {
            archive,
            places,
            unpacked: 0,
        })
    }

    /// The bytes of a part, where it is there.
    pub fn bytes(&mut self, name: &str) -> Result<Option<Vec<u8>>, Failed> {
        let Some(place) = self.places.get(&key(name)) else {
            return Ok(None);
        };
        let mut bytes = Vec::new();
        let entry = self
            .archive
            .by_index(*place)
            .map_err(|error| broken(&error))?;
        entry
            .take(PART + 1)
            .read_to_end(&mut bytes)
            .map_err(Failed::unreadable)?;
        self.unpacked += bytes.len() as u64;
        if bytes.len() as u64 > PART || self.unpacked > PARTS {
            return Err(too_large());
        }
        Ok(Some(bytes))
    }

    /// The text of a part.
    pub fn text(&mut self, name: &str) -> Result<Option<String>, Failed> {
        let Some(bytes) = self.bytes(name)? else {
            return Ok(None);
        };
        let text = match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => encoding::decode(error.as_bytes())?,
        };
        Ok(Some(match text.contains(DOCTYPE) {
            true => without_entities(&text),
            false => text,
        }))
    }

    /// The main part by its usual name, where no relation names it.
    pub fn usual_main(&self) -> Option<String> {
        let usual = [
            "word/document.xml",
            "xl/workbook.xml",
            "ppt/presentation.xml",
        ];
        let found = usual
            .into_iter()
            .find(|name| self.places.contains_key(*name));
        found.map(str::to_owned)
    }

    /// The name of the root element of a part.
    pub fn root(&mut self, part: &str) -> Result<Option<String>, Failed> {
        let Some(text) = self.text(part)? else {
            return Ok(None);
        };
        let mut reader = quick_xml::Reader::from_str(&text);
        loop {
            match reader.read_event().map_err(Failed::unreadable)? {
                Event::Start(element) | Event::Empty(element) => {
                    return Ok(Some(element.local_name().as_ref().to_owned()));
                }
                Event::DocType(_) => {
                    return Err(Failed::unreadable("it declares entities of its own"));
                }
                Event::Eof => return Ok(None),
                _ => {}
            }
        }
    }

    /// What a part says of others.
    pub fn relations(&mut self, part: &str) -> Result<Vec<Relation>, Failed> {
        let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
        let name = match folder {
            "" => format!("_rels/{file}.rels"),
            folder => format!("{folder}/_rels/{file}.rels"),
        };
        let Some(text) = self.text(&name)? else {
            return Ok(vec![]);
        };
        let document = parse(&text)?;
        let all = document.root_element().children().filter(Node::is_element);
        let internal = all.filter(|node| node.attribute("TargetMode") != Some("External"));
        let relations = internal.filter_map(|node| {
            Some(Relation {
                id: node.attribute("Id")?.to_owned(),
                kind: node.attribute("Type")?.rsplit('/').next()?.to_owned(),
                target: resolved(folder, node.attribute("Target")?),
            })
        });
        Ok(relations.collect())
    }
}

/// A part without its document type. The entities that this declares stay as they are named.
fn without_entities(text: &str) -> String {
    let (before, rest) = text.split_once(DOCTYPE).unwrap_or((text, ""));
    let mut in_subset = false;
    let end = rest.char_indices().find(|(_, c)| {
        in_subset = (in_subset || *c == '[') && *c != ']';
        *c == '>' && !in_subset
    });
    let behind = end.map_or("", |(at, _)| &rest[at + 1..]);
    let mut parts = behind.split('&');
    let mut plain = before.to_owned() + parts.next().unwrap_or_default();
    let known = ["#", "amp;", "lt;", "gt;", "quot;", "apos;"];
    for part in parts {
        let is_known = known.iter().any(|name| part.starts_with(name)) || !part.contains(';');
        plain.push_str(if is_known { "&" } else { "&amp;" });
        plain.push_str(part);
    }
    plain
}

fn key(name: &str) -> String {
    name.replace('\\', "/")
        .trim_start_matches('/')
        .to_lowercase()
}

/// The name of a part that is named from a folder.
fn resolved(folder: &str, target: &str) -> String {
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

/// The tree of a part.
pub fn parse(text: &str) -> Result<Document<'_>, Failed> {
    let options = ParsingOptions {
        allow_dtd: false,
        nodes_limit: NODES,
        ..ParsingOptions::default()
    };
    Document::parse_with_options(text, options).map_err(|error| match error {
        roxmltree::Error::NodesLimitReached => too_large(),
        error => Failed::unreadable(error),
    })
}

fn broken(error: &ZipError) -> Failed {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => Failed::encrypted(),
        error => Failed::unreadable(error),
    }
}

pub fn too_deep() -> Failed {
    Failed::too_large("the document is nested too deeply")
}

pub fn too_large() -> Failed {
    Failed::too_large("what the document unpacks to passes the limits")
}

/// The child of an element by its name.
pub fn child<'a, 'i>(node: Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
    node.children()
        .find(|child| child.tag_name().name() == name)
}

/// The children of an element by their name.
pub fn children<'a, 'i>(
    node: Node<'a, 'i>,
    name: &'static str,
) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children()
        .filter(move |child| child.tag_name().name() == name)
}

/// An attribute by its name, in whichever namespace.
pub fn attribute<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    let mut attributes = node.attributes();
    attributes
        .find(|attribute| attribute.name() == name)
        .map(|attribute| attribute.value())
}

/// The value of a property such as `<w:gridSpan w:val="2"/>`.
pub fn value<'a>(node: Option<Node<'a, '_>>, name: &str) -> Option<&'a str> {
    attribute(child(node?, name)?, "val")
}

/// Whether a property such as `<w:b/>` is on.
pub fn is_on(node: Option<Node<'_, '_>>, name: &str) -> bool {
    let property = node.and_then(|node| child(node, name));
    property.is_some_and(|property| {
        !matches!(
            attribute(property, "val"),
            Some("0" | "false" | "off" | "none")
        )
    })
}

/// What of an alternative is shown: the first choice that is understood, else the fallback.
pub fn alternative<'a, 'i>(node: Node<'a, 'i>) -> Option<Node<'a, 'i>> {
    child(node, "Choice").or_else(|| child(node, "Fallback"))
}

/// The id of a relation that an element names; it may have another of its own.
pub fn relation_id<'a>(node: Node<'a, '_>) -> Option<&'a str> {
    let mut ids = node.attributes().filter(|one| one.namespace().is_some());
    ids.find(|one| matches!(one.name(), "id" | "dm"))
        .map(|one| one.value())
}

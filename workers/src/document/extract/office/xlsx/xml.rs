//! Streams the parts of a workbook that are too large for a tree.

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};

use crate::document::extract::ExtractError;

/// A column from 0, and a row from 1.
pub(super) type CellReference = (usize, u32);

pub(super) fn reader(xml: &str) -> Reader<&[u8]> {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().expand_empty_elements = true;
    reader
}

/// The next event. Document types are refused.
pub(super) fn next_event<'x>(reader: &mut Reader<&'x [u8]>) -> Result<Event<'x>, ExtractError> {
    match reader.read_event().map_err(ExtractError::unreadable)? {
        Event::DocType(_) => Err(ExtractError::unreadable("it declares a document type")),
        event => Ok(event),
    }
}

/// Appends the text of an event.
pub(super) fn add_text(event: &Event<'_>, text: &mut String) -> Result<(), ExtractError> {
    match event {
        Event::Text(content) => text.push_str(&content.xml10_content()),
        Event::CData(content) => text.push_str(&content.xml10_content()),
        Event::GeneralRef(reference) => text.push_str(&resolve_entity(reference)?),
        _ => {}
    }
    Ok(())
}

fn resolve_entity(reference: &BytesRef<'_>) -> Result<String, ExtractError> {
    if let Some(c) = reference
        .resolve_char_ref()
        .map_err(ExtractError::unreadable)?
    {
        return Ok(c.to_string());
    }
    let entity = resolve_xml_entity(&reference.xml10_content());
    entity
        .map(str::to_owned)
        .ok_or_else(|| ExtractError::unreadable("it refers to an unknown entity"))
}

pub(super) fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = element.attributes().flatten();
    let found = attributes.find(|attribute| attribute.key.local_name().as_ref() == name)?;
    found
        .normalized_value(XmlVersion::Implicit1_0)
        .ok()
        .map(std::borrow::Cow::into_owned)
}

/// Decodes characters that XML cannot contain, which are written as `_x000D_`.
pub(super) fn unescape(text: &str) -> String {
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(position) = rest.find("_x") {
        let code = rest
            .get(position + 2..position + 6)
            .filter(|_| rest.as_bytes().get(position + 6) == Some(&b'_'));
        let c = code.and_then(|code| char::from_u32(u32::from_str_radix(code, 16).ok()?));
        match c {
            Some(c) => {
                decoded.push_str(&rest[..position]);
                decoded.push(c);
                rest = &rest[position + 7..];
            }
            None => {
                decoded.push_str(&rest[..position + 2]);
                rest = &rest[position + 2..];
            }
        }
    }
    decoded.push_str(rest);
    decoded
}

/// `B7`
pub(super) fn parse_reference(text: &str) -> Option<CellReference> {
    let text = text.trim_matches('$');
    let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let column = text
        .get(..letters)?
        .bytes()
        .try_fold(0_usize, |sum, letter| {
            let digit = usize::from(letter.to_ascii_uppercase() - b'A') + 1;
            sum.checked_mul(26)?
                .checked_add(digit)
                .filter(|column| *column <= 16_384)
        })?;
    Some((
        column.checked_sub(1)?,
        text.get(letters..)?.trim_start_matches('$').parse().ok()?,
    ))
}

/// `A1:B2`
pub(super) fn parse_area(text: &str) -> Option<(CellReference, CellReference)> {
    let (first, last) = text.split_once(':').unwrap_or((text, text));
    Some((parse_reference(first)?, parse_reference(last)?))
}

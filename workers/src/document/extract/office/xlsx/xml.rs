//! Reading the parts of a workbook that are too large for trees.

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};

use crate::document::extract::Failed;

/// A column and a row, from 0 and from 1.
pub type Place = (usize, u32);

pub fn reader(xml: &str) -> Reader<&[u8]> {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().expand_empty_elements = true;
    reader
}

/// The next event. A document has no entities of its own.
pub fn next<'x>(reader: &mut Reader<&'x [u8]>) -> Result<Event<'x>, Failed> {
    match reader.read_event().map_err(Failed::unreadable)? {
        Event::DocType(_) => Err(Failed::unreadable("it declares entities of its own")),
        event => Ok(event),
    }
}

/// The characters of an event that is text.
pub fn add_text(event: &Event<'_>, text: &mut String) -> Result<(), Failed> {
    match event {
        Event::Text(own) => text.push_str(&own.xml10_content()),
        Event::CData(own) => text.push_str(&own.xml10_content()),
        Event::GeneralRef(reference) => text.push_str(&resolved(reference)?),
        _ => {}
    }
    Ok(())
}

fn resolved(reference: &BytesRef<'_>) -> Result<String, Failed> {
    if let Some(c) = reference.resolve_char_ref().map_err(Failed::unreadable)? {
        return Ok(c.to_string());
    }
    let known = resolve_xml_entity(&reference.xml10_content());
    known
        .map(str::to_owned)
        .ok_or_else(|| Failed::unreadable("it names an entity that is not known"))
}

pub fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = element.attributes().flatten();
    let found = attributes.find(|one| one.key.local_name().as_ref() == name)?;
    found
        .normalized_value(XmlVersion::Implicit1_0)
        .ok()
        .map(std::borrow::Cow::into_owned)
}

/// Characters that XML cannot hold are written as `_x000D_`.
pub fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        let code = rest
            .get(at + 2..at + 6)
            .filter(|_| rest.as_bytes().get(at + 6) == Some(&b'_'));
        let c = code.and_then(|code| char::from_u32(u32::from_str_radix(code, 16).ok()?));
        match c {
            Some(c) => {
                plain.push_str(&rest[..at]);
                plain.push(c);
                rest = &rest[at + 7..];
            }
            None => {
                plain.push_str(&rest[..at + 2]);
                rest = &rest[at + 2..];
            }
        }
    }
    plain.push_str(rest);
    plain
}

/// `B7`
pub fn place(text: &str) -> Option<Place> {
    let text = text.trim_matches('$');
    let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let column = text
        .get(..letters)?
        .bytes()
        .try_fold(0_usize, |sum, letter| {
            let own = usize::from(letter.to_ascii_uppercase() - b'A') + 1;
            sum.checked_mul(26)?
                .checked_add(own)
                .filter(|column| *column <= 16_384)
        })?;
    Some((
        column.checked_sub(1)?,
        text.get(letters..)?.trim_start_matches('$').parse().ok()?,
    ))
}

/// `A1:B2`
pub fn area(text: &str) -> Option<(Place, Place)> {
    let (first, last) = text.split_once(':').unwrap_or((text, text));
    Some((place(first)?, place(last)?))
}

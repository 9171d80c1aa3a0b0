//! Texts of cells, run by run: raised and lowered figures keep their height, and what is struck through is left out.

use std::rc::Rc;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::xml::{add_text, attribute, next, reader, unescaped};
use crate::document::extract::Failed;
use crate::document::extract::raised::{Height, shown};

/// How a font shows text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Look {
    pub struck: bool,
    pub height: Option<Height>,
}

/// The text of a cell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text {
    pub text: Rc<str>,
    /// Stretches that are struck through, and left out.
    pub struck: u32,
}

/// By what `vertAlign` says.
pub fn height(place: &str) -> Option<Height> {
    match place {
        "superscript" => Some(Height::Raised),
        "subscript" => Some(Height::Lowered),
        _ => None,
    }
}

/// The texts that cells share.
pub fn strings(xml: &str) -> Result<Vec<Text>, Failed> {
    let mut reader = reader(xml);
    let mut strings = Vec::new();
    loop {
        match next(&mut reader)? {
            Event::Start(element) if element.local_name().as_ref() == "si" => {
                strings.push(read(&mut reader, "si")?);
            }
            Event::Eof => return Ok(strings),
            _ => {}
        }
    }
}

/// The text up to the end of an element, without the readings of its signs.
pub fn read(reader: &mut Reader<&[u8]>, until: &str) -> Result<Text, Failed> {
    let (mut all, mut struck, mut last_is_struck) = (String::new(), 0, false);
    let (mut look, mut run) = (Look::default(), None::<String>);
    let mut in_reading = false;
    loop {
        match next(reader)? {
            Event::Start(element) => match element.local_name().as_ref() {
                "r" => look = Look::default(),
                "strike" => look.struck = is_on(attribute(&element, "val")),
                "vertAlign" => {
                    look.height = attribute(&element, "val").and_then(|place| height(&place));
                }
                "t" if !in_reading => run = Some(String::new()),
                "rPh" => in_reading = true,
                _ => {}
            },
            Event::End(element) => match element.local_name().as_ref() {
                "t" => {
                    let text = unescaped(&run.take().unwrap_or_default());
                    match look {
                        Look { struck: true, .. } if !text.trim().is_empty() => {
                            struck += u32::from(!last_is_struck);
                        }
                        Look { struck: true, .. } => {}
                        Look {
                            height: Some(height),
                            ..
                        } => all.push_str(&shown(&text, height)),
                        Look { .. } => all.push_str(&text),
                    }
                    last_is_struck = look.struck;
                }
                "rPh" => in_reading = false,
                name if name == until => break,
                _ => {}
            },
            Event::Eof => break,
            event => {
                if let Some(run) = &mut run {
                    add_text(&event, run)?;
                }
            }
        }
    }
    Ok(Text {
        text: Rc::from(all),
        struck,
    })
}

fn is_on(value: Option<String>) -> bool {
    !matches!(value.as_deref(), Some("0" | "false"))
}

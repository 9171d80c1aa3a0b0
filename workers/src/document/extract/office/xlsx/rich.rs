//! Texts of cells, run by run: raised and lowered figures keep their height, and what is struck through is left out.

use quick_xml::Reader;
use quick_xml::events::Event;

use super::xml::{add_text, attribute, next, reader, unescaped};
use crate::document::extract::Failed;
use crate::document::extract::raised::{Height, shown};
use crate::document::extract::struck::Stretch;

/// How a font shows text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Look {
    pub struck: bool,
    pub height: Option<Height>,
}

/// The text of a cell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text {
    pub text: String,
    /// Stretches that are struck through, and left out.
    pub struck: u32,
}

/// A text run by run, as cells of several looks may share it.
#[derive(Debug, Default)]
pub struct Runs(Vec<(Box<str>, Option<Look>)>);

impl Runs {
    pub fn plain(text: String) -> Self {
        Self(vec![(text.into(), None)])
    }

    /// The text in a cell of a look, which runs without one of their own have.
    pub fn shown(&self, cell: Look) -> Text {
        let (mut all, mut struck) = (Text::default(), Stretch::default());
        for (text, own) in &self.0 {
            let look = own.unwrap_or(cell);
            if look.struck {
                all.struck += u32::from(struck.add(&all.text, text));
                continue;
            }
            match look.height {
                Some(height) => all.text.push_str(&shown(text, height)),
                None => all.text.push_str(text),
            }
            struck.end(&mut all.text);
        }
        all
    }
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
pub fn strings(xml: &str) -> Result<Vec<Runs>, Failed> {
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
pub fn read(reader: &mut Reader<&[u8]>, until: &str) -> Result<Runs, Failed> {
    let mut runs = Vec::new();
    let (mut look, mut run) = (None, None::<String>);
    let mut in_reading = false;
    loop {
        match next(reader)? {
            Event::Start(element) => match element.local_name().as_ref() {
                "r" => look = None,
                "rPr" => look = Some(Look::default()),
                "strike" => {
                    let look: &mut Look = look.get_or_insert_default();
                    look.struck = is_on(attribute(&element, "val"));
                }
                "vertAlign" => {
                    let place = attribute(&element, "val");
                    look.get_or_insert_default().height = place.and_then(|place| height(&place));
                }
                "t" if !in_reading => run = Some(String::new()),
                "rPh" => in_reading = true,
                _ => {}
            },
            Event::End(element) => match element.local_name().as_ref() {
                "t" => {
                    let text = unescaped(&run.take().unwrap_or_default());
                    runs.push((text.into(), look));
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
    Ok(Runs(runs))
}

fn is_on(value: Option<String>) -> bool {
    !matches!(value.as_deref(), Some("0" | "false"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_struck_goes_on_parting_words() {
        let struck = Some(Look {
            struck: true,
            height: None,
        });
        for (between, text, count) in [
            (&[" 35 "][..], "Fee 40", 1),
            (&[" ", "35", "36 "], "Fee 40", 1),
            (&["35"], "Fee40", 1),
            (&[" "], "Fee 40", 0),
        ] {
            let mut runs = vec![("Fee".into(), None)];
            runs.extend(between.iter().map(|text| ((*text).into(), struck)));
            runs.push(("40".into(), None));
            let shown = Runs(runs).shown(Look::default());
            assert_eq!((shown.text.as_str(), shown.struck), (text, count));
        }
    }
}

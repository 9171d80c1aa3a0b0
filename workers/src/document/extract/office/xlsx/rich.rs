//! Rich text of cells, run by run: superscripts and subscripts are kept, and struck text is left out.

use quick_xml::Reader;
use quick_xml::events::Event;

use super::xml::{add_text, attribute, next_event, reader, unescape};
use crate::document::extract::ExtractError;
use crate::document::extract::script::{ScriptPosition, to_script};
use crate::document::extract::strikethrough::StruckRun;

/// The properties of a font that matter for reading.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct TextStyle {
    pub struck: bool,
    pub script: Option<ScriptPosition>,
}

/// The text of a cell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct CellText {
    pub text: String,
    /// Number of struck passages, which are left out.
    pub struck: u32,
}

/// A text in runs, because cells of different styles may share it.
#[derive(Debug, Default)]
pub(super) struct Runs(Vec<(Box<str>, Option<TextStyle>)>);

impl Runs {
    pub(super) fn from_text(text: String) -> Self {
        Self(vec![(text.into(), None)])
    }

    /// Renders the text in a cell of this style, which applies to runs without their own.
    pub(super) fn render(&self, cell_style: TextStyle) -> CellText {
        let (mut cell_text, mut struck) = (CellText::default(), StruckRun::default());
        for (text, run_style) in &self.0 {
            let style = run_style.unwrap_or(cell_style);
            if style.struck {
                cell_text.struck += u32::from(struck.add(&cell_text.text, text));
                continue;
            }
            match style.script {
                Some(script) => cell_text.text.push_str(&to_script(text, script)),
                None => cell_text.text.push_str(text),
            }
            struck.end(&mut cell_text.text);
        }
        cell_text
    }
}

/// Parses the value of `vertAlign`.
pub(super) fn parse_script(alignment: &str) -> Option<ScriptPosition> {
    match alignment {
        "superscript" => Some(ScriptPosition::Superscript),
        "subscript" => Some(ScriptPosition::Subscript),
        _ => None,
    }
}

/// Reads the shared strings.
pub(super) fn read_shared_strings(xml: &str) -> Result<Vec<Runs>, ExtractError> {
    let mut reader = reader(xml);
    let mut strings = Vec::new();
    loop {
        match next_event(&mut reader)? {
            Event::Start(element) if element.local_name().as_ref() == "si" => {
                strings.push(read_rich_text(&mut reader, "si")?);
            }
            Event::Eof => return Ok(strings),
            _ => {}
        }
    }
}

/// Reads the text up to the end of an element, without phonetic readings.
pub(super) fn read_rich_text(
    reader: &mut Reader<&[u8]>,
    until: &str,
) -> Result<Runs, ExtractError> {
    let mut runs = Vec::new();
    let (mut style, mut run) = (None, None::<String>);
    let mut in_phonetic = false;
    loop {
        match next_event(reader)? {
            Event::Start(element) => match element.local_name().as_ref() {
                "r" => style = None,
                "rPr" => style = Some(TextStyle::default()),
                "strike" => {
                    let style: &mut TextStyle = style.get_or_insert_default();
                    style.struck = is_on(attribute(&element, "val"));
                }
                "vertAlign" => {
                    let alignment = attribute(&element, "val");
                    style.get_or_insert_default().script =
                        alignment.and_then(|alignment| parse_script(&alignment));
                }
                "t" if !in_phonetic => run = Some(String::new()),
                "rPh" => in_phonetic = true,
                _ => {}
            },
            Event::End(element) => match element.local_name().as_ref() {
                "t" => {
                    let text = unescape(&run.take().unwrap_or_default());
                    runs.push((text.into(), style));
                }
                "rPh" => in_phonetic = false,
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
    fn struck_text_still_separates_words() {
        let struck = Some(TextStyle {
            struck: true,
            script: None,
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
            let rendered = Runs(runs).render(TextStyle::default());
            assert_eq!((rendered.text.as_str(), rendered.struck), (text, count));
        }
    }
}

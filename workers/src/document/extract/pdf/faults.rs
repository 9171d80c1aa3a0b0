//! Detects faults of a page that the interpreter skips silently.

use std::collections::HashMap;

use hayro_interpret::hayro_syntax::content::ops::TypedInstruction;
use hayro_interpret::hayro_syntax::object::{
    Array, Dict, Name, ObjRef, Object, Stream, String as PdfString,
};
use hayro_interpret::hayro_syntax::page::Page;

/// Whether a part of the page's content is missing or cannot be unpacked.
pub(super) fn has_broken_content(page: &Page<'_>) -> bool {
    if !page.raw().contains_key("Contents") {
        return false;
    }
    match page.raw().get::<Object<'_>>("Contents") {
        Some(Object::Stream(stream)) => is_broken(&stream),
        Some(Object::Array(parts)) => has_broken_part(&parts),
        // A missing object is read as `null`, which means no content; but there was some once.
        _ => true,
    }
}

fn has_broken_part(parts: &Array<'_>) -> bool {
    let streams = parts.iter::<Stream<'_>>();
    let intact = streams.filter(|stream| !is_broken(stream)).count();
    intact < parts.raw_iter().count()
}

/// Whether data cannot be decompressed: not even an empty stream comes out.
fn is_broken(stream: &Stream<'_>) -> bool {
    /// Maximum size of a compressed empty stream.
    const EMPTY_STREAM: usize = 16;
    match stream.decoded_data() {
        Ok(content) => content.is_empty() && stream.raw_data().len() > EMPTY_STREAM,
        Err(_) => true,
    }
}

/// Whether text of the page is lost: a font is missing and its letters cannot be guessed, a font has a broken map, the
/// content ends within a text object, or continues where the interpreter gave up.
pub(super) fn has_lost_text(page: &Page<'_>, maps: &mut ToUnicodeMaps) -> bool {
    let fonts = &page.resources().fonts;
    let (mut has_font, mut in_text_object) = (false, false);
    let (mut instructions, mut understood) = (0, 0);
    let mut content = page.typed_operations();
    while let Some(instruction) = content.next() {
        instructions += 1;
        understood += 1;
        let is_lost = match instruction {
            TypedInstruction::Fallback(_) => {
                understood -= 1;
                false
            }
            TypedInstruction::BeginText(_) => {
                in_text_object = true;
                false
            }
            TypedInstruction::EndText(_) => {
                in_text_object = false;
                false
            }
            TypedInstruction::TextFont(font) => {
                has_font = fonts.contains_key(font.0.as_ref());
                maps.is_broken(fonts, font.0)
            }
            _ if has_font => false,
            TypedInstruction::ShowText(operands) => !operands.0.as_bytes().is_ascii(),
            TypedInstruction::NextLineAndShowText(operands) => !operands.0.as_bytes().is_ascii(),
            TypedInstruction::ShowTextWithParameters(operands) => !operands.2.as_bytes().is_ascii(),
            TypedInstruction::ShowTexts(operands) => {
                let mut texts = operands.0.iter::<PdfString<'_>>();
                texts.any(|text| !text.as_bytes().is_ascii())
            }
            _ => false,
        };
        if is_lost {
            return true;
        }
    }
    in_text_object || instructions < count_operators(page) || (understood == 0 && has_content(page))
}

/// Whether a page uses a colour space that it does not define: its colours are then read as shades of grey.
pub(super) fn has_lost_color(page: &Page<'_>) -> bool {
    const STANDARD_SPACES: [&str; 7] = [
        "DeviceGray",
        "DeviceRGB",
        "DeviceCMYK",
        "CalGray",
        "CalRGB",
        "CalCMYK",
        "Pattern",
    ];
    let spaces = &page.resources().color_spaces;
    let mut content = page.typed_operations();
    while let Some(instruction) = content.next() {
        let name = match instruction {
            TypedInstruction::ColorSpaceNonStroke(space) => space.0,
            TypedInstruction::ColorSpaceStroke(space) => space.0,
            _ => continue,
        };
        if !STANDARD_SPACES.contains(&name.as_str()) && !spaces.contains_key(name.as_ref()) {
            return true;
        }
    }
    false
}

fn count_operators(page: &Page<'_>) -> usize {
    let (mut content, mut count) = (page.operations(), 0);
    while content.next().is_some() {
        count += 1;
    }
    count
}

/// Whether the content of a page is more than white space.
fn has_content(page: &Page<'_>) -> bool {
    let content = page.page_stream().unwrap_or_default();
    content.iter().any(|byte| !byte.is_ascii_whitespace())
}

/// The `ToUnicode` maps of fonts, each checked once.
#[derive(Debug, Default)]
pub(super) struct ToUnicodeMaps(HashMap<ObjRef, bool>);

impl ToUnicodeMaps {
    /// Whether the map of a font is ambiguous because half a byte is missing.
    fn is_broken(&mut self, fonts: &Dict<'_>, name: &Name<'_>) -> bool {
        let Some(font) = fonts.get::<Dict<'_>>(name) else {
            return false;
        };
        let Some(reference) = font.get_ref("ToUnicode") else {
            return false;
        };
        *self.0.entry(reference).or_insert_with(|| {
            let map = font.get::<Stream<'_>>("ToUnicode");
            let map = map.and_then(|map| map.decoded_data().ok().map(|map| has_half_byte(&map)));
            map.unwrap_or(true)
        })
    }
}

/// Whether a string of hexadecimal digits has an odd number of them.
fn has_half_byte(map: &[u8]) -> bool {
    let is_hex = |string: &&[u8]| {
        string
            .iter()
            .all(|byte| byte.is_ascii_hexdigit() || byte.is_ascii_whitespace())
    };
    let mut strings = map
        .split(|byte| *byte == b'<')
        .skip(1)
        .filter_map(|rest| rest.split(|byte| *byte == b'>').next())
        .filter(is_hex);
    strings.any(|string| {
        string
            .iter()
            .filter(|byte| byte.is_ascii_hexdigit())
            .count()
            % 2
            == 1
    })
}

#[cfg(test)]
mod tests {
    use super::has_half_byte;

    #[test]
    fn half_bytes_are_detected_only_in_strings() {
        assert!(has_half_byte(b"1 beginbfchar <0001> <041> endbfchar"));
        assert!(!has_half_byte(
            b"<< /Registry (abc) >> 1 beginbfrange <0001> <00 41> [<0042>] endbfrange"
        ));
        assert!(!has_half_byte(b""));
    }
}

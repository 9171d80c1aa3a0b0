//! What is wrong with a page although it can be interpreted: its reader passes over what it does not understand.

use std::collections::HashMap;

use hayro_interpret::hayro_syntax::content::ops::TypedInstruction;
use hayro_interpret::hayro_syntax::object::{
    Array, Dict, Name, ObjRef, Object, Stream, String as PdfString,
};
use hayro_interpret::hayro_syntax::page::Page;

/// Whether a part of the page's content is missing or cannot be unpacked.
pub fn has_broken_content(page: &Page<'_>) -> bool {
    if !page.raw().contains_key("Contents") {
        return false;
    }
    match page.raw().get::<Object<'_>>("Contents") {
        Some(Object::Stream(stream)) => is_broken(&stream),
        Some(Object::Array(parts)) => has_broken_part(&parts),
        // What is not there counts as `null`, and that as no content: but somebody once wrote some.
        _ => true,
    }
}

fn has_broken_part(parts: &Array<'_>) -> bool {
    let streams = parts.iter::<Stream<'_>>();
    let good = streams.filter(|stream| !is_broken(stream)).count();
    good < parts.raw_iter().count()
}

/// Some bytes are packed of which nothing comes out, not even an empty content.
fn is_broken(stream: &Stream<'_>) -> bool {
    /// Of nothing, packed.
    const EMPTY: usize = 16;
    match stream.decoded_data() {
        Ok(content) => content.is_empty() && stream.raw_data().len() > EMPTY,
        Err(_) => true,
    }
}

/// Whether text of the page is lost: its font is not there and its letters cannot be guessed, its font has a broken map,
/// the content ends within a text, or goes on where its reader gave up.
pub fn has_lost_text(page: &Page<'_>, maps: &mut Maps) -> bool {
    let fonts = &page.resources().fonts;
    let (mut is_known, mut is_within) = (false, false);
    let (mut all, mut understood) = (0, 0);
    let mut content = page.typed_operations();
    while let Some(instruction) = content.next() {
        all += 1;
        understood += 1;
        let is_lost = match instruction {
            TypedInstruction::Fallback(_) => {
                understood -= 1;
                false
            }
            TypedInstruction::BeginText(_) => {
                is_within = true;
                false
            }
            TypedInstruction::EndText(_) => {
                is_within = false;
                false
            }
            TypedInstruction::TextFont(font) => {
                is_known = fonts.contains_key(font.0.as_ref());
                maps.is_broken(fonts, font.0)
            }
            _ if is_known => false,
            TypedInstruction::ShowText(shown) => !shown.0.as_bytes().is_ascii(),
            TypedInstruction::NextLineAndShowText(shown) => !shown.0.as_bytes().is_ascii(),
            TypedInstruction::ShowTextWithParameters(shown) => !shown.2.as_bytes().is_ascii(),
            TypedInstruction::ShowTexts(shown) => {
                let mut texts = shown.0.iter::<PdfString<'_>>();
                texts.any(|text| !text.as_bytes().is_ascii())
            }
            _ => false,
        };
        if is_lost {
            return true;
        }
    }
    is_within || all < operators(page) || (understood == 0 && has_signs(page))
}

/// Whether a page names a colour space that it does not have: colours are taken for shades of grey then.
pub fn has_lost_color(page: &Page<'_>) -> bool {
    const KNOWN: [&str; 7] = [
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
        if !KNOWN.contains(&name.as_str()) && !spaces.contains_key(name.as_ref()) {
            return true;
        }
    }
    false
}

fn operators(page: &Page<'_>) -> usize {
    let (mut content, mut count) = (page.operations(), 0);
    while content.next().is_some() {
        count += 1;
    }
    count
}

/// Whether the content of a page is more than blanks.
fn has_signs(page: &Page<'_>) -> bool {
    let content = page.page_stream().unwrap_or_default();
    content.iter().any(|byte| !byte.is_ascii_whitespace())
}

/// The maps from codes to characters that fonts have, each looked at once.
#[derive(Debug, Default)]
pub struct Maps(HashMap<ObjRef, bool>);

impl Maps {
    /// Whether a font has a map that says something else than it seems to: half a byte is missing.
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
    fn half_a_byte_is_seen_in_strings_alone() {
        assert!(has_half_byte(b"1 beginbfchar <0001> <041> endbfchar"));
        assert!(!has_half_byte(
            b"<< /Registry (abc) >> 1 beginbfrange <0001> <00 41> [<0042>] endbfrange"
        ));
        assert!(!has_half_byte(b""));
    }
}

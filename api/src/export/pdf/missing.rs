//! Finds scripts without a font, whose letters appear as boxes.

use std::collections::BTreeSet;

use icu_properties::props::{DefaultIgnorableCodePoint, Script};
use icu_properties::{CodePointMapData, CodePointSetData, PropertyNamesLong};
use parley::layout::Layout;

use super::paragraphs::Ink;

/// The glyph that every font shows for a missing letter.
const NOTDEF: u32 = 0;
/// Name for characters without a script, such as emoji.
const SYMBOLS: &str = "symbols";

/// The Unicode names of the scripts in a text for which no font was found.
pub(super) fn find_scripts(text: &str, layout: &Layout<Ink>) -> BTreeSet<&'static str> {
    let runs = layout
        .lines()
        .flat_map(|line| line.runs().collect::<Vec<_>>());
    let mut found = BTreeSet::new();
    for run in runs {
        for cluster in run.clusters() {
            if cluster.glyphs().any(|glyph| glyph.id == NOTDEF) {
                let letters = text.get(cluster.text_range()).unwrap_or_default();
                found.extend(letters.chars().find(|c| is_visible(*c)).map(script));
            }
        }
    }
    found
}

/// Whether a character is visible; no box is drawn for others.
fn is_visible(c: char) -> bool {
    let ignorable = CodePointSetData::new::<DefaultIgnorableCodePoint>();
    !c.is_whitespace() && !c.is_control() && !ignorable.contains(c)
}

fn script(c: char) -> &'static str {
    let script = CodePointMapData::<Script>::new().get(c);
    match script {
        Script::Common | Script::Inherited | Script::Unknown => SYMBOLS,
        script => PropertyNamesLong::<Script>::new()
            .get(script)
            .unwrap_or(SYMBOLS),
    }
}

//! What no font has: the scripts whose letters stand on the pages as boxes.

use std::collections::BTreeSet;

use icu_properties::props::{DefaultIgnorableCodePoint, Script};
use icu_properties::{CodePointMapData, CodePointSetData, PropertyNamesLong};
use parley::layout::Layout;

use super::paragraphs::Ink;

/// The glyph of every font for a letter that it does not have.
const NOTDEF: u32 = 0;
/// What belongs to no script, such as emoji.
const SYMBOLS: &str = "symbols";

/// The scripts of the letters of a text for which no font was found, by their names in Unicode.
pub(super) fn scripts(text: &str, layout: &Layout<Ink>) -> BTreeSet<&'static str> {
    let runs = layout
        .lines()
        .flat_map(|line| line.runs().collect::<Vec<_>>());
    let mut found = BTreeSet::new();
    for run in runs {
        for cluster in run.clusters() {
            if cluster.glyphs().any(|glyph| glyph.id == NOTDEF) {
                let letters = text.get(cluster.text_range()).unwrap_or_default();
                found.extend(letters.chars().find(|c| is_seen(*c)).map(script));
            }
        }
    }
    found
}

/// Whether a letter looks like something: for others a box is drawn nowhere.
fn is_seen(c: char) -> bool {
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

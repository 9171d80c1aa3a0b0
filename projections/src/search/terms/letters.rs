//! The classes of characters for the splitter.

use icu_properties::props::{
    DefaultIgnorableCodePoint, EastAsianWidth, ExtendedPictographic, LineBreak, Script,
};
use icu_properties::{CodePointMapData, CodePointSetData};

/// The class of a grapheme cluster, determined by its first character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// Part of a word that ends at blanks or signs.
    Letter,
    /// Part of a run in a script without blanks between words.
    Unspaced,
    /// Part of a run in Korean, where endings and compounds have no blanks.
    Hangul,
    /// A pictograph: a word of its own.
    Picture,
    /// Punctuation and symbols.
    Sign,
    /// Ends words: blanks and controls.
    Blank,
    /// Invisible and not compared, such as a soft hyphen.
    Ignored,
}

pub(super) fn classify(cluster: &str) -> Class {
    let Some(first) = cluster.chars().next() else {
        return Class::Ignored;
    };
    if first.is_ascii() {
        return match first {
            _ if first.is_ascii_alphanumeric() => Class::Letter,
            _ if first.is_ascii_graphic() => Class::Sign,
            _ => Class::Blank,
        };
    }
    if first.is_whitespace() {
        return Class::Blank;
    }
    if CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(first) {
        return Class::Ignored;
    }
    if is_hangul(first) {
        return Class::Hangul;
    }
    if is_unspaced(first) {
        return Class::Unspaced;
    }
    if first.is_alphanumeric() || is_mark(first) {
        return Class::Letter;
    }
    if first.is_control() {
        return Class::Blank;
    }
    match is_picture(first) {
        true => Class::Picture,
        false => Class::Sign,
    }
}

pub(super) fn script(letter: char) -> Script {
    CodePointMapData::<Script>::new().get(letter)
}

fn is_hangul(letter: char) -> bool {
    script(letter) == Script::Hangul && letter.is_alphabetic()
}

/// Scripts without blanks between words: those that UAX #14 breaks by dictionary, and those of East Asia.
fn is_unspaced(letter: char) -> bool {
    // The prolonged sound marks belong to two scripts, so Unicode assigns them to none.
    if matches!(letter, 'ー' | 'ｰ') {
        return true;
    }
    let is_letter = letter.is_alphabetic() || is_mark(letter) || letter == '〇';
    is_letter
        && (matches!(
            script(letter),
            Script::Han | Script::Hiragana | Script::Katakana | Script::Bopomofo | Script::Yi
        ) || CodePointMapData::<LineBreak>::new().get(letter) == LineBreak::ComplexContext)
}

/// Combining marks that appear without a base letter.
fn is_mark(letter: char) -> bool {
    CodePointMapData::<LineBreak>::new().get(letter) == LineBreak::CombiningMark
}

fn is_picture(letter: char) -> bool {
    // Copyright signs and the like can be pictographs, but are signs in a text.
    let is_wide = CodePointMapData::<EastAsianWidth>::new().get(letter) == EastAsianWidth::Wide;
    let is_pictographic = CodePointSetData::new::<ExtendedPictographic>().contains(letter);
    (is_pictographic && (is_wide || letter >= '\u{2190}'))
        || ('\u{1F1E6}'..='\u{1F1FF}').contains(&letter)
}

/// Whether a sign joins the words on both sides, as in `2026-11-29`, `b+c` or `/etc/nginx`. Others separate words.
pub(super) fn is_joining(sign: char) -> bool {
    matches!(
        sign,
        '.' | ','
            | ':'
            | '-'
            | '_'
            | '/'
            | '\\'
            | '+'
            | '#'
            | '@'
            | '&'
            | '='
            | '\''
            | '%'
            | '*'
            | '~'
            | '$'
            | '^'
            | '|'
            | '’'
            | '‐'
            | '‑'
            | '–'
            | '−'
            | '·'
            | '°'
            | '"'
            | '״'
            | '׳'
            | '€'
            | '£'
    )
}

/// Whether a sign belongs to the word before it, as in `C++` or `5%`.
pub(super) fn is_suffix(sign: char) -> bool {
    matches!(
        sign,
        '+' | '#' | '%' | '*' | '°' | '$' | '€' | '£' | '¥' | '₹' | '‰'
    )
}

/// Whether a sign belongs to the word after it, as in `.NET` or `--force`.
pub(super) fn is_prefix(sign: char) -> bool {
    matches!(
        sign,
        '.' | '@'
            | '#'
            | '$'
            | '€'
            | '£'
            | '¥'
            | '₹'
            | '+'
            | '-'
            | '−'
            | '/'
            | '~'
            | '&'
            | '%'
            | '\\'
    )
}

//! What a character is to the splitter.

use icu_properties::props::{
    DefaultIgnorableCodePoint, EastAsianWidth, ExtendedPictographic, LineBreak, Script,
};
use icu_properties::{CodePointMapData, CodePointSetData};

/// What a grapheme cluster is, by the character that it begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// Part of a word that blanks or signs end.
    Letter,
    /// Part of a run in a script that puts no blanks between words.
    Unspaced,
    /// The same of Korean, which writes endings and compounds without blanks.
    Hangul,
    /// A picture: a word of its own.
    Picture,
    /// Punctuation and symbols.
    Sign,
    /// Ends words: blanks and controls.
    Blank,
    /// Not seen and not compared, such as a soft hyphen.
    Nothing,
}

pub(super) fn class(cluster: &str) -> Class {
    let Some(first) = cluster.chars().next() else {
        return Class::Nothing;
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
        return Class::Nothing;
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

/// Scripts of which words cannot be told by blanks: those that UAX #14 breaks by dictionary, and those of East Asia.
fn is_unspaced(letter: char) -> bool {
    // The marks of long vowels and of halved width belong to two scripts, so Unicode gives them none.
    if matches!(letter, 'ー' | 'ｰ') {
        return true;
    }
    let letters = letter.is_alphabetic() || is_mark(letter) || letter == '〇';
    letters
        && (matches!(
            script(letter),
            Script::Han | Script::Hiragana | Script::Katakana | Script::Bopomofo | Script::Yi
        ) || CodePointMapData::<LineBreak>::new().get(letter) == LineBreak::ComplexContext)
}

/// Signs that combine with the letter before them, where they stand without one.
fn is_mark(letter: char) -> bool {
    CodePointMapData::<LineBreak>::new().get(letter) == LineBreak::CombiningMark
}

fn is_picture(letter: char) -> bool {
    // Copyright signs and the like can be pictures and are none in a text.
    let wide = CodePointMapData::<EastAsianWidth>::new().get(letter) == EastAsianWidth::Wide;
    let pictographic = CodePointSetData::new::<ExtendedPictographic>().contains(letter);
    (pictographic && (wide || letter >= '\u{2190}'))
        || ('\u{1F1E6}'..='\u{1F1FF}').contains(&letter)
}

/// Signs that join what stands on both sides, as in `2026-11-29`, `b+c` or `/etc/nginx`; others part words as blanks do.
pub(super) fn joins(sign: char) -> bool {
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

/// Signs that belong to the word before them, as in `C++` or `5%`.
pub(super) fn follows(sign: char) -> bool {
    matches!(
        sign,
        '+' | '#' | '%' | '*' | '°' | '$' | '€' | '£' | '¥' | '₹' | '‰'
    )
}

/// Signs that belong to the word behind them, as in `.NET` or `--force`.
pub(super) fn precedes(sign: char) -> bool {
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

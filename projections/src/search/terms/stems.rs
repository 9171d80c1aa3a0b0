//! Terms that are weighed: stems of words by the language of a text, pairs of letters where words cannot be told.

use icu_properties::props::Script;
use snowball_stemmers_rs::{Algorithm, Stemmer};
use unicode_segmentation::UnicodeSegmentation;
use whatlang::Lang;

use super::fold::{folded, transcribed, without_article, without_ending};
use super::index::{Glue, is_left_out};
use super::letters::script;
use super::split::{Atom, Kind, atoms};
use super::stop::{PARTING, is_stop};

/// Letters by which words are compared where no stemmer knows their language: most endings come later.
const COMPARED: usize = 5;
/// Characters of a text that its language is told by.
const SAMPLE: usize = 4_000;
/// Bytes of what is written with signs that compares as one.
const COMPOUND: usize = 64;

/// Languages with what stems them. Those without are compared by the beginnings of words.
const LANGUAGES: &[(&str, Lang, Option<Algorithm>)] = &[
    ("en", Lang::Eng, Some(Algorithm::English)),
    ("de", Lang::Deu, Some(Algorithm::German)),
    ("fr", Lang::Fra, Some(Algorithm::French)),
    ("es", Lang::Spa, Some(Algorithm::Spanish)),
    ("it", Lang::Ita, Some(Algorithm::Italian)),
    ("pt", Lang::Por, Some(Algorithm::Portuguese)),
    ("nl", Lang::Nld, Some(Algorithm::Dutch)),
    ("da", Lang::Dan, Some(Algorithm::Danish)),
    ("sv", Lang::Swe, Some(Algorithm::Swedish)),
    ("nb", Lang::Nob, Some(Algorithm::Norwegian)),
    ("fi", Lang::Fin, Some(Algorithm::Finnish)),
    ("hu", Lang::Hun, Some(Algorithm::Hungarian)),
    ("ro", Lang::Ron, Some(Algorithm::Romanian)),
    ("ru", Lang::Rus, Some(Algorithm::Russian)),
    ("tr", Lang::Tur, Some(Algorithm::Turkish)),
    ("pl", Lang::Pol, None),
    ("cs", Lang::Ces, None),
    ("uk", Lang::Ukr, None),
    ("el", Lang::Ell, Some(Algorithm::Greek)),
    ("ar", Lang::Ara, Some(Algorithm::Arabic)),
    ("fa", Lang::Pes, Some(Algorithm::Persian)),
    ("hi", Lang::Hin, Some(Algorithm::Hindi)),
    ("he", Lang::Heb, None),
    ("zh", Lang::Cmn, None),
    ("ja", Lang::Jpn, None),
    ("ko", Lang::Kor, None),
    ("th", Lang::Tha, None),
];

/// The language of a text, where something here knows it: as it is known, else by its letters and words.
pub fn detect_language(known: &str, text: &str) -> &'static str {
    let supported = |code: &str| LANGUAGES.iter().find(|one| one.0 == code).map(|one| one.0);
    if let Some(code) = supported(known) {
        return code;
    }
    let sample: String = text.chars().take(SAMPLE).collect();
    // A short text with many accents is hardly English, whatever else it is.
    let letters = sample.chars().filter(|letter| letter.is_alphabetic());
    let accented = letters.clone().filter(|letter| !letter.is_ascii()).count();
    let foreign = accented * 20 > letters.count();
    let told = whatlang::detect(&sample).filter(|info| info.is_reliable() || foreign);
    let code = told.and_then(|info| LANGUAGES.iter().find(|one| one.1 == info.lang()));
    code.map_or("", |one| one.0)
}

/// The terms of a text, with the number of its words.
pub fn extract_terms(text: &str, language: &str) -> (Vec<String>, usize) {
    let language = self::detect_language(language, "");
    let mut terms = Vec::new();
    let mut words = 0;
    let mut compound = Compound::default();
    for atom in atoms(text) {
        words += atom.places();
        match atom.kind {
            Kind::Word => terms.extend(stems(language, &atom.exact)),
            Kind::Picture => terms.push(atom.exact.clone()),
            Kind::Hangul => terms.extend(hangul(&atom.exact)),
            Kind::Run => {
                let units: Vec<&str> = atom.units.iter().map(|unit| unit.exact.as_str()).collect();
                let alone = units.iter().filter(|unit| is_han(unit));
                terms.extend(alone.map(|unit| (*unit).to_owned()));
                terms.extend(pairs(&units));
            }
        }
        terms.extend(compound.add(&atom));
    }
    (terms, words)
}

/// The terms of a question in texts of a language, each once.
pub fn question_terms(text: &str, language: &str) -> Vec<String> {
    let language = self::detect_language(language, "");
    let mut terms: Vec<String> = Vec::new();
    let mut compound = Compound::default();
    for atom in atoms(text) {
        match atom.kind {
            Kind::Word if !is_stop(language, &atom.exact) => {
                terms.extend(stems(language, &atom.exact).into_iter().next());
            }
            Kind::Word => {}
            Kind::Picture => terms.push(atom.exact.clone()),
            Kind::Hangul => {
                let bare = without_ending(&atom.exact).unwrap_or(&atom.exact);
                if !is_stop("ko", &atom.exact) && !is_stop("ko", bare) {
                    terms.extend(hangul(&atom.exact));
                }
            }
            Kind::Run => terms.extend(run(&atom.exact)),
        }
        terms.extend(compound.named(&atom));
    }
    let mut known = std::collections::HashSet::new();
    terms.retain(|term| known.insert(term.clone()));
    terms
}

/// A question without its question words, articles and the like, for a model that embeds.
pub fn content_words(question: &str) -> String {
    let told = whatlang::detect(question);
    let known = told.and_then(|info| LANGUAGES.iter().find(|one| one.1 == info.lang()));
    content_words_in(question, known.map_or("", |one| one.0))
}

/// A text in a language without the words that carry no meaning, for the same.
pub fn content_words_in(text: &str, language: &str) -> String {
    let language = self::detect_language(language, "");
    let words = atoms(text).filter(|atom| {
        let stops = |language| is_stop(language, &atom.exact);
        atom.kind != Kind::Word || !(stops(language) || stops("en"))
    });
    let words: Vec<&str> = words.map(|atom| &text[atom.range]).collect();
    words.join(" ")
}

/// The forms under which a word is found; the first is the one that is looked for.
fn stems(language: &'static str, exact: &str) -> Vec<String> {
    let plain = folded(exact);
    let mut stems = vec![folded(&stem(language, exact))];
    if plain != exact {
        stems.push(folded(&stem(language, &plain)));
        stems.extend(transcribed(exact).map(|written| folded(&stem(language, &written))));
    }
    stems.dedup();
    stems
}

fn stem(language: &'static str, word: &str) -> String {
    let Some(first) = word.chars().find(|letter| letter.is_alphabetic()) else {
        return word.to_owned();
    };
    if word.chars().any(char::is_numeric) {
        return word.to_owned();
    }
    // Texts in other scripts hold English words, and short ones do not tell their language.
    let language = match script(first) {
        Script::Latin if language.is_empty() || !is_latin(language) => "en",
        _ => language,
    };
    let known = LANGUAGES.iter().find(|one| one.0 == language);
    match known.and_then(|one| one.2) {
        Some(algorithm) => Stemmer::create(algorithm).stem(word).into_owned(),
        None => {
            let word = without_article(word).unwrap_or(word);
            word.chars().take(COMPARED).collect()
        }
    }
}

fn is_latin(language: &str) -> bool {
    !matches!(
        language,
        "ru" | "uk" | "el" | "ar" | "fa" | "hi" | "he" | "zh" | "ja" | "ko" | "th"
    )
}

fn is_han(unit: &str) -> bool {
    unit.chars()
        .next()
        .is_some_and(|letter| script(letter) == Script::Han)
}

fn is_hiragana(unit: &str) -> bool {
    unit.chars()
        .all(|letter| script(letter) == Script::Hiragana)
}

fn pairs(units: &[&str]) -> Vec<String> {
    units.windows(2).map(<[&str]>::concat).collect()
}

fn hangul(word: &str) -> Vec<String> {
    let bare = without_ending(word).unwrap_or(word);
    let units: Vec<&str> = bare.graphemes(true).collect();
    match units.as_slice() {
        [unit] => vec![(*unit).to_owned()],
        units => pairs(units),
    }
}

/// What a question looks for in a run: pairs of what is left without particles and question words.
fn run(run: &str) -> Vec<String> {
    let mut pieces = vec![run];
    for parting in PARTING {
        pieces = pieces
            .iter()
            .flat_map(|piece| piece.split(parting))
            .collect();
    }
    let mut terms = Vec::new();
    for piece in pieces {
        let units: Vec<&str> = piece.graphemes(true).collect();
        match units.as_slice() {
            [unit] if is_han(unit) => terms.push((*unit).to_owned()),
            // Endings, mostly.
            units if units.iter().all(|unit| is_hiragana(unit)) => {}
            units => terms.extend(pairs(units)),
        }
    }
    if terms.is_empty() {
        let units: Vec<&str> = run.graphemes(true).collect();
        terms = pairs(&units);
    }
    terms
}

/// What is written with signs, as one term: `2026-11-29`, `c++`; and words that are also written as one.
#[derive(Debug, Default)]
struct Compound {
    whole: String,
    glue: Glue,
}

impl Compound {
    fn add(&mut self, atom: &Atom) -> Vec<String> {
        let glued = self.glue.add(atom).map(|(_, glued)| glued);
        glued.into_iter().chain(self.named(atom)).collect()
    }

    /// A number or name with signs; words with hyphens or apostrophes are no names.
    fn named(&mut self, atom: &Atom) -> Option<String> {
        self.whole.push_str(&atom.exact);
        self.whole.push_str(&atom.after);
        if atom.joined && atom.kind == Kind::Word {
            return None;
        }
        let whole = std::mem::take(&mut self.whole);
        let signs =
            |sign: char| !sign.is_alphanumeric() && !is_left_out(sign.encode_utf8(&mut [0; 4]));
        let is_name = whole.contains(signs) || whole.contains(char::is_numeric);
        let differs = atom.kind == Kind::Word && whole != atom.exact && whole.len() <= COMPOUND;
        (is_name && differs).then_some(whole)
    }
}

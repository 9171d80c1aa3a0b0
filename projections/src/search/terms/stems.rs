//! Terms for ranking: stems of words in the language of a text, and pairs of letters in scripts without blanks.

use icu_properties::props::Script;
use snowball_stemmers_rs::{Algorithm, Stemmer};
use unicode_segmentation::UnicodeSegmentation;
use whatlang::Lang;

use super::fold::{fold_accents, strip_article, strip_korean_ending, transcribe};
use super::index::{WordJoiner, is_often_omitted};
use super::letters::script;
use super::split::{Atom, AtomKind, atoms};
use super::stop::{SEPARATORS, is_stop_word};

/// The length of the prefix by which words without a stemmer are compared. Most endings come later.
const PREFIX_LENGTH: usize = 5;
/// Characters of a text by which its language is detected.
const SAMPLE_LENGTH: usize = 4_000;
/// The maximum length in bytes of a name with signs that is a single term.
const MAX_COMPOUND: usize = 64;

/// Languages with their stemmers. Words of languages without one are compared by prefix.
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

/// The language of a text: the known one if it is supported, otherwise detected from the text; empty if unknown.
pub fn detect_language(known: &str, text: &str) -> &'static str {
    let supported = |code: &str| {
        LANGUAGES
            .iter()
            .find(|language| language.0 == code)
            .map(|language| language.0)
    };
    if let Some(code) = supported(known) {
        return code;
    }
    let sample: String = text.chars().take(SAMPLE_LENGTH).collect();
    // An unreliable result is still better than English for a text with many accents.
    let letters = sample.chars().filter(|letter| letter.is_alphabetic());
    let accented = letters.clone().filter(|letter| !letter.is_ascii()).count();
    let is_accented = accented * 20 > letters.count();
    let detected = whatlang::detect(&sample).filter(|info| info.is_reliable() || is_accented);
    let language = detected.and_then(|info| find_language(info.lang()));
    language.unwrap_or_default()
}

fn find_language(lang: Lang) -> Option<&'static str> {
    let language = LANGUAGES.iter().find(|language| language.1 == lang);
    language.map(|language| language.0)
}

/// The terms of a text, with the number of its words.
pub fn extract_terms(text: &str, language: &str) -> (Vec<String>, usize) {
    let language = self::detect_language(language, "");
    let mut terms = Vec::new();
    let mut words = 0;
    let mut compound = CompoundTerms::default();
    for atom in atoms(text) {
        words += atom.positions();
        match atom.kind {
            AtomKind::Word => terms.extend(stems(language, &atom.exact)),
            AtomKind::Picture => terms.push(atom.exact.clone()),
            AtomKind::Hangul => terms.extend(hangul_terms(&atom.exact)),
            AtomKind::Run => {
                let units: Vec<&str> = atom.units.iter().map(|unit| unit.exact.as_str()).collect();
                let single = units.iter().filter(|unit| is_han(unit));
                terms.extend(single.map(|unit| (*unit).to_owned()));
                terms.extend(pairs(&units));
            }
        }
        terms.extend(compound.add(&atom));
    }
    (terms, words)
}

/// The terms of a question to find in texts of a language, without duplicates.
pub fn question_terms(text: &str, language: &str) -> Vec<String> {
    let language = self::detect_language(language, "");
    let mut terms: Vec<String> = Vec::new();
    let mut compound = CompoundTerms::default();
    for atom in atoms(text) {
        match atom.kind {
            AtomKind::Word if !is_stop_word(language, &atom.exact) => {
                terms.extend(stems(language, &atom.exact).into_iter().next());
            }
            AtomKind::Word => {}
            AtomKind::Picture => terms.push(atom.exact.clone()),
            AtomKind::Hangul => {
                let bare = strip_korean_ending(&atom.exact).unwrap_or(&atom.exact);
                if !is_stop_word("ko", &atom.exact) && !is_stop_word("ko", bare) {
                    terms.extend(hangul_terms(&atom.exact));
                }
            }
            AtomKind::Run => terms.extend(run_terms(&atom.exact)),
        }
        terms.extend(compound.add_name(&atom));
    }
    let mut seen = std::collections::HashSet::new();
    terms.retain(|term| seen.insert(term.clone()));
    terms
}

/// A question without question words, articles and the like, for an embedding model.
pub fn content_words(question: &str) -> String {
    let detected = whatlang::detect(question);
    let language = detected.and_then(|info| find_language(info.lang()));
    content_words_in(question, language.unwrap_or_default())
}

/// A text in a language without its stop words, for an embedding model.
pub fn content_words_in(text: &str, language: &str) -> String {
    let language = self::detect_language(language, "");
    let words = atoms(text).filter(|atom| {
        let is_stop = |language| is_stop_word(language, &atom.exact);
        atom.kind != AtomKind::Word || !(is_stop(language) || is_stop("en"))
    });
    let words: Vec<&str> = words.map(|atom| &text[atom.range]).collect();
    words.join(" ")
}

/// The stems under which a word is found; questions use the first one.
fn stems(language: &'static str, exact: &str) -> Vec<String> {
    let folded = fold_accents(exact);
    let mut stems = vec![fold_accents(&stem(language, exact))];
    if folded != exact {
        stems.push(fold_accents(&stem(language, &folded)));
        stems.extend(transcribe(exact).map(|word| fold_accents(&stem(language, &word))));
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
    // Latin words in texts in other scripts, or of unknown language, are taken for English.
    let language = match script(first) {
        Script::Latin if language.is_empty() || !is_latin(language) => "en",
        _ => language,
    };
    let entry = LANGUAGES.iter().find(|entry| entry.0 == language);
    match entry.and_then(|entry| entry.2) {
        Some(algorithm) => Stemmer::create(algorithm).stem(word).into_owned(),
        None => {
            let word = strip_article(word).unwrap_or(word);
            word.chars().take(PREFIX_LENGTH).collect()
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

fn hangul_terms(word: &str) -> Vec<String> {
    let bare = strip_korean_ending(word).unwrap_or(word);
    let units: Vec<&str> = bare.graphemes(true).collect();
    match units.as_slice() {
        [unit] => vec![(*unit).to_owned()],
        units => pairs(units),
    }
}

/// The terms of a question in a run: pairs of letters, without particles and question words.
fn run_terms(run: &str) -> Vec<String> {
    let mut pieces = vec![run];
    for separator in SEPARATORS {
        pieces = pieces
            .iter()
            .flat_map(|piece| piece.split(separator))
            .collect();
    }
    let mut terms = Vec::new();
    for piece in pieces {
        let units: Vec<&str> = piece.graphemes(true).collect();
        match units.as_slice() {
            [unit] if is_han(unit) => terms.push((*unit).to_owned()),
            // Hiragana alone is usually an ending.
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

/// Collects terms that span several atoms: numbers and names with signs (`2026-11-29`, `c++`), and joined words.
#[derive(Debug, Default)]
struct CompoundTerms {
    whole: String,
    joiner: WordJoiner,
}

impl CompoundTerms {
    fn add(&mut self, atom: &Atom) -> Vec<String> {
        let joined = self.joiner.add(atom).map(|(_, word)| word);
        joined.into_iter().chain(self.add_name(atom)).collect()
    }

    /// Returns a number or name with signs at its end. Words with hyphens or apostrophes are not names.
    fn add_name(&mut self, atom: &Atom) -> Option<String> {
        self.whole.push_str(&atom.exact);
        self.whole.push_str(&atom.after);
        if atom.is_joined && atom.kind == AtomKind::Word {
            return None;
        }
        let whole = std::mem::take(&mut self.whole);
        let is_sign = |sign: char| {
            !sign.is_alphanumeric() && !is_often_omitted(sign.encode_utf8(&mut [0; 4]))
        };
        let is_name = whole.contains(is_sign) || whole.contains(char::is_numeric);
        let differs =
            atom.kind == AtomKind::Word && whole != atom.exact && whole.len() <= MAX_COMPOUND;
        (is_name && differs).then_some(whole)
    }
}

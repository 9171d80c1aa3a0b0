//! A typed query as conditions on terms, in the format of a `tsquery`.

use std::fmt::Write;

use super::fold::{fold_accents, strip_article, transcribe};
use super::index::{WordJoiner, quote_lexeme};
use super::split::{Atom, AtomKind, atoms};
use super::variants::without_korean_ending;

/// The maximum number of words, or joined words, of a query.
pub(super) const MAX_CHAINS: usize = 16;
/// Words of at most this many letters are a prefix of many others.
const SHORT_WORD: usize = 3;
/// The minimum number of letters of a word for which similar words are searched.
const MIN_SIMILAR: usize = 4;

/// From strict to lenient: each condition matches whatever the previous one matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conditions {
    /// Whole words with their accents and signs.
    pub exact: String,
    /// Whole words, ignoring accents and signs.
    pub whole: String,
    /// Prefixes of words, ignoring accents and signs.
    pub prefix: String,
    /// Whether each word is so short that it is a prefix of many others.
    pub has_only_short_words: bool,
    /// Words for which similar ones may be searched: only letters, in a script with blanks.
    pub similar: Option<String>,
}

impl Conditions {
    /// Returns `None` if the text has no word.
    pub fn parse(text: &str) -> Option<Self> {
        let chains: Vec<Vec<Atom>> = chains(text).collect();
        let all = |condition: fn(&[Atom]) -> String| {
            let conditions: Vec<String> = chains.iter().map(|chain| condition(chain)).collect();
            conditions.join(" & ")
        };
        (!chains.is_empty()).then(|| Self {
            exact: all(exact_condition),
            whole: all(whole_condition),
            prefix: all(prefix_condition),
            has_only_short_words: chains.iter().flatten().all(is_short),
            similar: similar_words(&chains),
        })
    }
}

/// Splits a query into chains: atoms that are joined by signs or a change of script.
pub(super) fn chains(text: &str) -> impl Iterator<Item = Vec<Atom>> {
    let mut atoms = atoms(text);
    std::iter::from_fn(move || {
        let mut chain = vec![atoms.next()?];
        while chain.last().is_some_and(|atom| atom.is_joined) {
            match atoms.next() {
                Some(atom) => chain.push(atom),
                None => break,
            }
        }
        Some(chain)
    })
    .take(MAX_CHAINS)
}

fn is_short(atom: &Atom) -> bool {
    atom.kind == AtomKind::Word && atom.exact.chars().count() <= SHORT_WORD
}

fn exact_condition(chain: &[Atom]) -> String {
    let word = |atom: &Atom| match atom.kind {
        AtomKind::Word => format!(
            "{}:A",
            quote_lexeme(&format!("{}{}", atom.exact, atom.after))
        ),
        _ => quote_lexeme(&atom.exact),
    };
    let phrase = phrase(chain, word);
    match chain.first() {
        Some(first) if first.kind == AtomKind::Word && !first.before.is_empty() => {
            let start = quote_lexeme(&format!("{}{}", first.before, first.exact));
            format!("({start}:A & {phrase})")
        }
        _ => phrase,
    }
}

fn whole_condition(chain: &[Atom]) -> String {
    phrase(chain, |atom| any_of(&forms(atom), ""))
}

fn prefix_condition(chain: &[Atom]) -> String {
    let chain = without_korean_ending(chain);
    let mut alternatives = Vec::new();
    alternatives.extend(joined_word(&chain).map(|word| format!("{}:*", quote_lexeme(&word))));
    let last = chain.last().map(|atom| atom.position);
    alternatives.push(phrase(&chain, |atom| {
        // A word that is followed by a sign is complete.
        let is_prefix = Some(atom.position) == last && atom.after.is_empty();
        any_of(&forms(atom), if is_prefix { ":*" } else { "" })
    }));
    match alternatives.len() {
        1 => alternatives.remove(0),
        _ => format!("({})", alternatives.join(" | ")),
    }
}

/// Words with hyphens or apostrophes, joined into the single word that others write.
pub(super) fn joined_word(chain: &[Atom]) -> Option<String> {
    let mut joiner = WordJoiner::default();
    // The last result covers the whole chain.
    let mut joined = None;
    for atom in chain {
        joined = joiner.add(atom);
    }
    let (position, word) = joined?;
    (position == chain.first()?.position).then_some(word)
}

/// The equivalent forms of a word.
pub(super) fn forms(atom: &Atom) -> Vec<String> {
    let folded = fold_accents(&atom.exact);
    let mut forms: Vec<String> = transcribe(&atom.exact).into_iter().collect();
    // Only unambiguous articles: a single letter is usually part of the word.
    let is_article = folded.starts_with("ال") || folded.starts_with('ה');
    forms.extend(
        strip_article(&folded)
            .filter(|_| is_article)
            .map(str::to_owned),
    );
    forms.push(folded);
    forms.dedup();
    forms
}

fn any_of(forms: &[String], suffix: &str) -> String {
    let operands: Vec<String> = forms
        .iter()
        .map(|form| format!("{}{suffix}", quote_lexeme(form)))
        .collect();
    match operands.len() {
        1 => operands.concat(),
        _ => format!("({})", operands.join(" | ")),
    }
}

/// The atoms of a chain as a phrase: words by the given condition, runs by pairs of units.
fn phrase(chain: &[Atom], word: impl Fn(&Atom) -> String) -> String {
    let mut operands: Vec<(usize, String)> = Vec::new();
    for atom in chain {
        match atom.kind {
            AtomKind::Word | AtomKind::Picture => operands.push((atom.position, word(atom))),
            AtomKind::Run | AtomKind::Hangul => operands.extend(pairs(atom)),
        }
    }
    let mut phrase = String::new();
    let mut previous = None;
    for (position, operand) in operands {
        if let Some(previous) = previous {
            let _ = write!(phrase, " <{}> ", position - previous);
        }
        phrase.push_str(&operand);
        previous = Some(position);
    }
    match previous {
        Some(_) if phrase.contains(" <") => format!("({phrase})"),
        _ => phrase,
    }
}

/// Pairs of units that cover a run, with their positions.
fn pairs(atom: &Atom) -> Vec<(usize, String)> {
    let units = &atom.units;
    if let [unit] = units.as_slice() {
        return vec![(atom.position, format!("{}:*", quote_lexeme(&unit.exact)))];
    }
    let last = units.len() - 2;
    let starts = (0..last).step_by(2).chain([last]);
    starts
        .map(|start| {
            let pair = format!("{}{}", units[start].exact, units[start + 1].exact);
            (atom.position + start, quote_lexeme(&pair))
        })
        .collect()
}

/// The words of a query, if it has no numbers or signs: those have no similar words that are likely typing errors.
fn similar_words(chains: &[Vec<Atom>]) -> Option<String> {
    let words = chains.iter().map(|chain| match chain.as_slice() {
        [atom]
            if atom.kind == AtomKind::Word && atom.after.is_empty() && atom.before.is_empty() =>
        {
            let are_letters = atom.exact.chars().all(|letter| !letter.is_numeric());
            let is_long = atom.exact.chars().count() >= MIN_SIMILAR;
            (are_letters && is_long).then_some(atom.exact.as_str())
        }
        _ => None,
    });
    let words: Option<Vec<&str>> = words.collect();
    words.map(|words| words.join(" "))
}

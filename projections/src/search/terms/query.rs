//! What somebody types as conditions on terms, in the form in which `PostgreSQL` reads a `tsquery`.

use std::fmt::Write;

use super::fold::{folded, is_ending, transcribed, without_article, without_ending};
use super::index::{Glue, quoted};
use super::split::{Atom, Kind, atoms};

/// Words, or what is written as one, that are looked for at most.
pub(super) const CHAINS: usize = 16;
/// Letters of a word that begins many others, at most.
const SHORT: usize = 3;
/// Letters of a word for which similar ones are looked for, at least.
const SIMILAR: usize = 4;

/// Each fits whatever the one before it fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conditions {
    /// Written so: whole words, with their accents and signs.
    pub exact: String,
    /// The same words, without regard to accents and signs.
    pub whole: String,
    /// Words that begin so.
    pub loose: String,
    /// Whether each word is so short that many others begin with it.
    pub begins_many: bool,
    /// Words for which similar ones may be looked for: letters alone, of a script that has blanks.
    pub similar: Option<String>,
}

impl Conditions {
    /// None where there is no word.
    pub fn parse(text: &str) -> Option<Self> {
        let chains: Vec<Vec<Atom>> = chains(text).collect();
        let all = |condition: fn(&[Atom]) -> String| {
            let each: Vec<String> = chains.iter().map(|chain| condition(chain)).collect();
            each.join(" & ")
        };
        (!chains.is_empty()).then(|| Self {
            exact: all(exact),
            whole: all(whole),
            loose: all(loose),
            begins_many: chains.iter().flatten().all(is_short),
            similar: similar(&chains),
        })
    }
}

/// Words, and what is written as one: atoms that signs or a change of script join.
pub(super) fn chains(text: &str) -> impl Iterator<Item = Vec<Atom>> {
    let mut atoms = atoms(text);
    std::iter::from_fn(move || {
        let mut chain = vec![atoms.next()?];
        while chain.last().is_some_and(|atom| atom.joined) {
            match atoms.next() {
                Some(atom) => chain.push(atom),
                None => break,
            }
        }
        Some(chain)
    })
    .take(CHAINS)
}

fn is_short(atom: &Atom) -> bool {
    atom.kind == Kind::Word && atom.exact.chars().count() <= SHORT
}

fn exact(chain: &[Atom]) -> String {
    let written = |atom: &Atom| match atom.kind {
        Kind::Word => format!("{}:A", quoted(&format!("{}{}", atom.exact, atom.after))),
        _ => quoted(&atom.exact),
    };
    let phrase = phrase(chain, written);
    match chain.first() {
        Some(first) if first.kind == Kind::Word && !first.before.is_empty() => {
            let begun = quoted(&format!("{}{}", first.before, first.exact));
            format!("({begun}:A & {phrase})")
        }
        _ => phrase,
    }
}

fn whole(chain: &[Atom]) -> String {
    phrase(chain, |atom| any(&forms(atom), ""))
}

fn loose(chain: &[Atom]) -> String {
    let mut chain = chain.to_vec();
    let mut also = Vec::new();
    let several = chain.len() > 1;
    if let Some(last) = chain.last_mut().filter(|last| last.kind == Kind::Hangul) {
        if several && is_ending(&last.exact) {
            chain.pop();
        } else if let Some(rest) = without_ending(&last.exact) {
            // What stands with the ending stands without it as well.
            let units = rest.chars().count();
            last.units.truncate(units);
        }
    }
    also.extend(glued(&chain).map(|glued| format!("{}:*", quoted(&glued))));
    let end = chain.last().map(|atom| atom.place);
    also.push(phrase(&chain, |atom| {
        // With a sign behind it a word is complete.
        let begins = Some(atom.place) == end && atom.after.is_empty();
        any(&forms(atom), if begins { ":*" } else { "" })
    }));
    match also.len() {
        1 => also.remove(0),
        _ => format!("({})", also.join(" | ")),
    }
}

/// Words with hyphens or apostrophes as the one word that others write.
fn glued(chain: &[Atom]) -> Option<String> {
    let mut glue = Glue::default();
    // In order, so that the last is that of the whole chain.
    let mut glued = None;
    for atom in chain {
        glued = glue.add(atom);
    }
    let (place, glued) = glued?;
    (place == chain.first()?.place).then_some(glued)
}

/// The forms of a word that count as the same.
pub(super) fn forms(atom: &Atom) -> Vec<String> {
    let plain = folded(&atom.exact);
    let mut forms: Vec<String> = transcribed(&atom.exact).into_iter().collect();
    // Only the articles that are clearly such: one letter is mostly part of the word.
    let clearly = plain.starts_with("ال") || plain.starts_with('ה');
    forms.extend(
        without_article(&plain)
            .filter(|_| clearly)
            .map(str::to_owned),
    );
    forms.push(plain);
    forms.dedup();
    forms
}

fn any(forms: &[String], mark: &str) -> String {
    let each: Vec<String> = forms
        .iter()
        .map(|form| format!("{}{mark}", quoted(form)))
        .collect();
    match each.len() {
        1 => each.concat(),
        _ => format!("({})", each.join(" | ")),
    }
}

/// The atoms of a chain one behind the other; how a word is looked for is given, runs by their pairs.
fn phrase(chain: &[Atom], word: impl Fn(&Atom) -> String) -> String {
    let mut operands: Vec<(usize, String)> = Vec::new();
    for atom in chain {
        match atom.kind {
            Kind::Word | Kind::Picture => operands.push((atom.place, word(atom))),
            Kind::Run | Kind::Hangul => operands.extend(pairs(atom)),
        }
    }
    let mut phrase = String::new();
    let mut before = None;
    for (place, operand) in operands {
        if let Some(before) = before {
            let _ = write!(phrase, " <{}> ", place - before);
        }
        phrase.push_str(&operand);
        before = Some(place);
    }
    match before {
        Some(_) if phrase.contains(" <") => format!("({phrase})"),
        _ => phrase,
    }
}

/// A run as pairs of units that cover it, with their places.
fn pairs(atom: &Atom) -> Vec<(usize, String)> {
    let units = &atom.units;
    if let [unit] = units.as_slice() {
        return vec![(atom.place, format!("{}:*", quoted(&unit.exact)))];
    }
    let last = units.len() - 2;
    let starts = (0..last).step_by(2).chain([last]);
    starts
        .map(|at| {
            let pair = format!("{}{}", units[at].exact, units[at + 1].exact);
            (atom.place + at, quoted(&pair))
        })
        .collect()
}

/// Numbers and names with signs have no typing errors that could be told from another number or name.
fn similar(chains: &[Vec<Atom>]) -> Option<String> {
    let words = chains.iter().map(|chain| match chain.as_slice() {
        [atom] if atom.kind == Kind::Word && atom.after.is_empty() && atom.before.is_empty() => {
            let letters = atom.exact.chars().all(|letter| !letter.is_numeric());
            let enough = atom.exact.chars().count() >= SIMILAR;
            (letters && enough).then_some(atom.exact.as_str())
        }
        _ => None,
    });
    let words: Option<Vec<&str>> = words.collect();
    words.map(|words| words.join(" "))
}

//! Marks the matches in a text, by the same terms that found it.

use std::collections::VecDeque;
use std::ops::Range;

use super::fold::{fold_accents, is_korean_ending, strip_article, strip_korean_ending, transcribe};
use super::index::is_often_omitted;
use super::query::{chains, forms};
use super::split::{Atom, AtomKind, atoms};

/// Marks the matches of a query.
#[derive(Debug, Clone)]
pub struct Marker {
    patterns: Vec<Pattern>,
    /// The number of elements of the longest pattern.
    longest: usize,
}

/// A sequence of elements.
#[derive(Debug, Clone)]
struct Pattern {
    elements: Vec<Matcher>,
    before: String,
    after: String,
}

#[derive(Debug, Clone)]
enum Matcher {
    Word { forms: Vec<String>, is_prefix: bool },
    Unit(String),
}

/// A word, a pictograph, or a unit of a run.
#[derive(Debug)]
struct Element {
    range: Range<usize>,
    form: String,
    /// Other spellings of a word.
    other_forms: Vec<String>,
    is_word: bool,
    before: String,
    /// Whether it and the next element are also written as one word.
    is_glued: bool,
}

impl Element {
    fn forms(&self) -> impl Iterator<Item = &str> {
        let others = self.other_forms.iter().map(String::as_str);
        others.chain([self.form.as_str()])
    }
}

impl Marker {
    pub fn new(query: &str) -> Self {
        let patterns: Vec<Pattern> = chains(query).flat_map(|chain| patterns(&chain)).collect();
        let longest = patterns.iter().map(|pattern| pattern.elements.len()).max();
        Self {
            patterns,
            // A single word may match several in the text.
            longest: longest.unwrap_or(0).max(4),
        }
    }

    /// Iterates over the byte ranges of matches, in order and without overlaps.
    pub fn marks<'a>(&'a self, text: &'a str) -> impl Iterator<Item = Range<usize>> + 'a {
        let mut atoms = atoms(text);
        let mut window: VecDeque<Element> = VecDeque::new();
        let mut end = 0;
        std::iter::from_fn(move || {
            loop {
                while window.len() < self.longest {
                    match atoms.next() {
                        Some(atom) => push_elements(atom, &mut window),
                        None => break,
                    }
                }
                window.front()?;
                let matched = self.match_at_start(&window, text);
                window.pop_front();
                if let Some(range) = matched.filter(|range| range.end > end) {
                    let range = range.start.max(end)..range.end;
                    end = range.end;
                    return Some(range);
                }
            }
        })
    }

    /// The longest match that begins at the first element.
    fn match_at_start(&self, window: &VecDeque<Element>, text: &str) -> Option<Range<usize>> {
        let patterns = self.patterns.iter();
        let matches = patterns.filter_map(|pattern| pattern.find_match(window, text));
        matches.max_by_key(|range| range.end)
    }
}

impl Pattern {
    fn find_match(&self, window: &VecDeque<Element>, text: &str) -> Option<Range<usize>> {
        let first = window.front()?;
        let count = self.elements.len();
        let mut pairs = self.elements.iter().zip(window);
        let has_matched =
            window.len() >= count && pairs.all(|(matcher, element)| matcher.matches(element));
        let last = match has_matched {
            true => window.get(count - 1)?,
            false => self.last_of_joined(window)?,
        };
        let mut range = first.range.start..last.range.end;
        if !self.before.is_empty() && first.before.ends_with(&self.before) {
            range.start -= self.before.len();
        }
        let signs = last.range.end..last.range.end + self.after.len();
        if !self.after.is_empty() && text.get(signs.clone()) == Some(self.after.as_str()) {
            range.end = signs.end;
        }
        Some(range)
    }

    /// The last of several words whose joined spelling matches this single word.
    fn last_of_joined<'a>(&self, window: &'a VecDeque<Element>) -> Option<&'a Element> {
        let [Matcher::Word { forms, is_prefix }] = self.elements.as_slice() else {
            return None;
        };
        let mut joined = String::new();
        for (number, element) in window.iter().enumerate() {
            if !element.is_word {
                return None;
            }
            joined.push_str(&element.form);
            let matches = |form: &String| {
                joined == *form || (*is_prefix && joined.starts_with(form.as_str()))
            };
            if number > 0 && forms.iter().any(matches) {
                return Some(element);
            }
            if !element.is_glued {
                return None;
            }
        }
        None
    }
}

impl Matcher {
    fn matches(&self, element: &Element) -> bool {
        match self {
            Self::Word { forms, is_prefix } => {
                let matches = |form: &str| {
                    forms.iter().any(|expected| match is_prefix {
                        true => form.starts_with(expected.as_str()),
                        false => form == expected,
                    })
                };
                element.is_word && element.forms().any(matches)
            }
            Self::Unit(unit) => !element.is_word && element.form == *unit,
        }
    }
}

/// The patterns of a chain: the whole, and a Korean word without its ending.
fn patterns(chain: &[Atom]) -> Vec<Pattern> {
    let mut patterns = vec![build_pattern(chain)];
    let Some((last, rest)) = chain.split_last() else {
        return patterns;
    };
    if last.kind == AtomKind::Hangul && !rest.is_empty() && is_korean_ending(&last.exact) {
        patterns.push(build_pattern(rest));
    } else if let Some(bare) =
        strip_korean_ending(&last.exact).filter(|_| last.kind == AtomKind::Hangul)
    {
        let mut short = last.clone();
        short.units.truncate(bare.chars().count());
        let chain: Vec<Atom> = rest.iter().cloned().chain([short]).collect();
        patterns.push(build_pattern(&chain));
    }
    patterns
}

fn build_pattern(chain: &[Atom]) -> Pattern {
    let mut elements = Vec::new();
    for (number, atom) in (1..).zip(chain) {
        match atom.kind {
            AtomKind::Word => elements.push(Matcher::Word {
                forms: forms(atom),
                is_prefix: number == chain.len() && atom.after.is_empty(),
            }),
            AtomKind::Picture => elements.push(Matcher::Unit(atom.exact.clone())),
            AtomKind::Run | AtomKind::Hangul => {
                let units = atom
                    .units
                    .iter()
                    .map(|unit| Matcher::Unit(unit.exact.clone()));
                elements.extend(units);
            }
        }
    }
    let last = chain.last().filter(|last| !last.is_joined);
    Pattern {
        elements,
        before: chain
            .first()
            .map_or_else(String::new, |atom| atom.before.clone()),
        after: last.map_or_else(String::new, |atom| atom.after.clone()),
    }
}

fn push_elements(atom: Atom, elements: &mut VecDeque<Element>) {
    if matches!(atom.kind, AtomKind::Run | AtomKind::Hangul) {
        elements.extend(atom.units.into_iter().map(|unit| Element {
            range: unit.range,
            form: unit.exact,
            other_forms: vec![],
            is_word: false,
            before: String::new(),
            is_glued: false,
        }));
        return;
    }
    let is_word = atom.kind == AtomKind::Word;
    let is_glued = is_word && atom.is_joined && is_often_omitted(&atom.after);
    let mut form = atom.exact;
    let mut other_forms = vec![];
    if is_word && !form.is_ascii() {
        let folded_form = fold_accents(&form);
        other_forms.extend(transcribe(&form));
        other_forms.extend(strip_article(&folded_form).map(str::to_owned));
        form = folded_form;
    }
    elements.push_back(Element {
        range: atom.range,
        form,
        other_forms,
        is_word,
        before: atom.before,
        is_glued,
    });
}

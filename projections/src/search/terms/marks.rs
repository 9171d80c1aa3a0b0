//! Where a text fits what was looked for, by the same terms that found it.

use std::collections::VecDeque;
use std::ops::Range;

use super::fold::{folded, is_ending, transcribed, without_article, without_ending};
use super::index::is_left_out;
use super::query::{chains, forms};
use super::split::{Atom, Kind, atoms};

/// Marks what was looked for.
#[derive(Debug, Clone)]
pub struct Marker {
    patterns: Vec<Pattern>,
    /// Elements of the longest pattern.
    longest: usize,
}

/// Elements one behind the other.
#[derive(Debug, Clone)]
struct Pattern {
    elements: Vec<Wanted>,
    before: String,
    after: String,
}

#[derive(Debug, Clone)]
enum Wanted {
    Word { forms: Vec<String>, begins: bool },
    Unit(String),
}

/// A word, a picture, or a unit of a run.
#[derive(Debug)]
struct Element {
    range: Range<usize>,
    form: String,
    /// Other ways to write a word.
    other_forms: Vec<String>,
    is_word: bool,
    before: String,
    /// Whether it and the next are also written as one word.
    glued: bool,
}

impl Element {
    fn forms(&self) -> impl Iterator<Item = &str> {
        let others = self.other_forms.iter().map(String::as_str);
        others.chain([self.form.as_str()])
    }
}

impl Marker {
    pub fn new(wanted: &str) -> Self {
        let patterns: Vec<Pattern> = chains(wanted).flat_map(|chain| patterns(&chain)).collect();
        let longest = patterns.iter().map(|one| one.elements.len()).max();
        Self {
            patterns,
            // A word may be written as several.
            longest: longest.unwrap_or(0).max(4),
        }
    }

    /// Bytes of the text that fit, in order and apart; no further than is asked for.
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
                let found = self.at_start(&window, text);
                window.pop_front();
                if let Some(found) = found.filter(|found| found.end > end) {
                    let found = found.start.max(end)..found.end;
                    end = found.end;
                    return Some(found);
                }
            }
        })
    }

    /// The longest stretch from the first element on that fits.
    fn at_start(&self, window: &VecDeque<Element>, text: &str) -> Option<Range<usize>> {
        let each = self.patterns.iter();
        let fits = each.filter_map(|pattern| pattern.fits(window, text));
        fits.max_by_key(|range| range.end)
    }
}

impl Pattern {
    fn fits(&self, window: &VecDeque<Element>, text: &str) -> Option<Range<usize>> {
        let first = window.front()?;
        let count = self.elements.len();
        let each = self.elements.iter().zip(window);
        let whole = window.len() >= count && { each }.all(|(wanted, element)| wanted.is(element));
        let last = match whole {
            true => window.get(count - 1)?,
            false => self.glued(window)?,
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

    /// The last of several words that are also written as the one wanted.
    fn glued<'a>(&self, window: &'a VecDeque<Element>) -> Option<&'a Element> {
        let [Wanted::Word { forms, begins }] = self.elements.as_slice() else {
            return None;
        };
        let mut whole = String::new();
        for (number, element) in window.iter().enumerate() {
            if !element.is_word {
                return None;
            }
            whole.push_str(&element.form);
            let fits =
                |form: &String| whole == *form || (*begins && whole.starts_with(form.as_str()));
            if number > 0 && forms.iter().any(fits) {
                return Some(element);
            }
            if !element.glued {
                return None;
            }
        }
        None
    }
}

impl Wanted {
    fn is(&self, element: &Element) -> bool {
        match self {
            Self::Word { forms, begins } => {
                let fits = |form: &str| {
                    forms.iter().any(|wanted| match begins {
                        true => form.starts_with(wanted.as_str()),
                        false => form == wanted,
                    })
                };
                element.is_word && element.forms().any(fits)
            }
            Self::Unit(unit) => !element.is_word && element.form == *unit,
        }
    }
}

/// What fits a chain: the whole, and a Korean word without its ending.
fn patterns(chain: &[Atom]) -> Vec<Pattern> {
    let mut patterns = vec![pattern(chain)];
    let Some((last, rest)) = chain.split_last() else {
        return patterns;
    };
    if last.kind == Kind::Hangul && !rest.is_empty() && is_ending(&last.exact) {
        patterns.push(pattern(rest));
    } else if let Some(bare) = without_ending(&last.exact).filter(|_| last.kind == Kind::Hangul) {
        let mut short = last.clone();
        short.units.truncate(bare.chars().count());
        let chain: Vec<Atom> = rest.iter().cloned().chain([short]).collect();
        patterns.push(pattern(&chain));
    }
    patterns
}

fn pattern(chain: &[Atom]) -> Pattern {
    let mut wanted = Vec::new();
    for (number, atom) in (1..).zip(chain) {
        match atom.kind {
            Kind::Word => wanted.push(Wanted::Word {
                forms: forms(atom),
                begins: number == chain.len() && atom.after.is_empty(),
            }),
            Kind::Picture => wanted.push(Wanted::Unit(atom.exact.clone())),
            Kind::Run | Kind::Hangul => {
                let units = atom
                    .units
                    .iter()
                    .map(|unit| Wanted::Unit(unit.exact.clone()));
                wanted.extend(units);
            }
        }
    }
    let last = chain.last().filter(|last| !last.joined);
    Pattern {
        elements: wanted,
        before: chain
            .first()
            .map_or_else(String::new, |one| one.before.clone()),
        after: last.map_or_else(String::new, |one| one.after.clone()),
    }
}

fn push_elements(atom: Atom, elements: &mut VecDeque<Element>) {
    if matches!(atom.kind, Kind::Run | Kind::Hangul) {
        elements.extend(atom.units.into_iter().map(|unit| Element {
            range: unit.range,
            form: unit.exact,
            other_forms: vec![],
            is_word: false,
            before: String::new(),
            glued: false,
        }));
        return;
    }
    let is_word = atom.kind == Kind::Word;
    let glued = is_word && atom.joined && is_left_out(&atom.after);
    let mut form = atom.exact;
    let mut other_forms = vec![];
    if is_word && !form.is_ascii() {
        let plain = folded(&form);
        other_forms.extend(transcribed(&form));
        other_forms.extend(without_article(&plain).map(str::to_owned));
        form = plain;
    }
    elements.push_back(Element {
        range: atom.range,
        form,
        other_forms,
        is_word,
        before: atom.before,
        glued,
    });
}

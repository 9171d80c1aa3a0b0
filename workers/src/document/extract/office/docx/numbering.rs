//! Automatic numbers of lists and headings: `§ 3`, `(2)`, `a)`.

use std::collections::HashMap;

use roxmltree::Node;

use crate::document::extract::office::package::{attribute, child, children, is_on, value};

/// Number of levels of a list.
const LEVELS: usize = 9;

#[derive(Debug, Clone, Default)]
struct Level {
    start: i64,
    format: String,
    /// `§ %1`, where `%1` is the number of the first level.
    text: String,
    /// Whether all its numbers are written as decimals.
    legal: bool,
    restarts: bool,
    style: Option<String>,
}

/// The definition of a list, and its counters.
#[derive(Debug, Clone, Default)]
struct List {
    levels: Vec<Level>,
    counters: [Option<i64>; LEVELS],
}

#[derive(Debug, Clone, Default)]
struct Instance {
    list: String,
    /// By level: the number it starts with.
    starts: HashMap<usize, i64>,
    has_started: bool,
}

#[derive(Debug, Default)]
pub(super) struct Numbering {
    lists: HashMap<String, List>,
    instances: HashMap<String, Instance>,
}

impl Numbering {
    pub(super) fn read(root: Node<'_, '_>) -> Self {
        let mut numbering = Self::default();
        let mut linked = HashMap::new();
        let mut links = Vec::new();
        for list in children(root, "abstractNum") {
            let id = attribute(list, "abstractNumId")
                .unwrap_or_default()
                .to_owned();
            if let Some(style) = value(Some(list), "styleLink") {
                linked.insert(style.to_owned(), id.clone());
            }
            if let Some(style) = value(Some(list), "numStyleLink") {
                links.push((id.clone(), style.to_owned()));
            }
            numbering.lists.insert(
                id,
                List {
                    levels: read_levels(list),
                    ..List::default()
                },
            );
        }
        for (id, style) in links {
            let list = linked
                .get(&style)
                .and_then(|other| numbering.lists.get(other))
                .cloned();
            if let Some(list) = list {
                numbering.lists.insert(id, list);
            }
        }
        for instance in children(root, "num") {
            numbering.add_instance(instance);
        }
        numbering
    }

    fn add_instance(&mut self, node: Node<'_, '_>) {
        let (Some(id), Some(list)) = (attribute(node, "numId"), value(Some(node), "abstractNumId"))
        else {
            return;
        };
        let mut instance = Instance {
            list: list.to_owned(),
            ..Instance::default()
        };
        for change in children(node, "lvlOverride") {
            let Some(level_index) = level_index(change) else {
                continue;
            };
            if let Some(start) = value(Some(change), "startOverride").and_then(|n| n.parse().ok()) {
                instance.starts.insert(level_index, start);
            }
            if let Some(definition) = child(change, "lvl") {
                // An overridden level makes it a separate list.
                let list = self.lists.get(&instance.list).cloned().unwrap_or_default();
                let own_list = format!("num {id}");
                let list = self.lists.entry(own_list.clone()).or_insert(list);
                if let Some(level) = list.levels.get_mut(level_index) {
                    *level = read_level(definition);
                }
                instance.list = own_list;
            }
        }
        self.instances.insert(id.to_owned(), instance);
    }

    /// The level of a list that is linked to a style.
    pub(super) fn level_of(&self, instance: &str, style: &str) -> Option<usize> {
        let list = self.lists.get(&self.instances.get(instance)?.list)?;
        list.levels
            .iter()
            .position(|level| level.style.as_deref() == Some(style))
    }

    /// The number or bullet of the next paragraph of a list, if it has one.
    pub(super) fn next(&mut self, instance: &str, level_index: usize) -> Option<String> {
        let instance = self.instances.get_mut(instance)?;
        let list = self.lists.get_mut(&instance.list)?;
        let level = list.levels.get(level_index)?.clone();
        if !instance.has_started {
            instance.has_started = true;
            for (level_index, start) in &instance.starts {
                if let Some(counter) = list.counters.get_mut(*level_index) {
                    *counter = Some(start - 1);
                }
            }
        }
        let previous = list.counters[level_index].unwrap_or(level.start - 1);
        list.counters[level_index] = Some(previous + 1);
        for (deeper, counter) in list.counters.iter_mut().enumerate().skip(level_index + 1) {
            if list.levels.get(deeper).is_none_or(|level| level.restarts) {
                *counter = None;
            }
        }
        if level.format == "bullet" {
            return Some("-".to_owned());
        }
        let mut text = level.text.clone();
        for (level_index, other) in list.levels.iter().enumerate() {
            let number = list.counters[level_index].unwrap_or(other.start);
            let format = if level.legal {
                "decimal"
            } else {
                other.format.as_str()
            };
            text = text.replace(
                &format!("%{}", level_index + 1),
                &format_number(number, format),
            );
        }
        let text = text.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }
}

fn level_index(node: Node<'_, '_>) -> Option<usize> {
    let level_index = attribute(node, "ilvl")?.parse().ok()?;
    (level_index < LEVELS).then_some(level_index)
}

fn read_levels(list: Node<'_, '_>) -> Vec<Level> {
    let mut levels = vec![Level::default(); LEVELS];
    for node in children(list, "lvl") {
        if let Some(level_index) = level_index(node) {
            levels[level_index] = read_level(node);
        }
    }
    levels
}

fn read_level(node: Node<'_, '_>) -> Level {
    let property = |name| value(Some(node), name);
    // Word writes its own formats with a fallback.
    let format = property("numFmt").or_else(|| {
        let choice = child(node, "AlternateContent")?;
        value(
            child(choice, "Fallback").or_else(|| child(choice, "Choice")),
            "numFmt",
        )
    });
    Level {
        start: property("start")
            .and_then(|start| start.parse().ok())
            .unwrap_or(0),
        format: format.unwrap_or("decimal").to_owned(),
        text: property("lvlText").unwrap_or_default().to_owned(),
        legal: is_on(Some(node), "isLgl"),
        restarts: property("lvlRestart") != Some("0"),
        style: property("pStyle").map(str::to_owned),
    }
}

/// Formats a number of a list; unknown formats are decimal.
pub(crate) fn format_number(number: i64, format: &str) -> String {
    match format {
        "none" => String::new(),
        "decimalZero" => format!("{number:02}"),
        "lowerLetter" => to_letters(number, b'a'),
        "upperLetter" => to_letters(number, b'A'),
        "lowerRoman" => to_roman(number).to_lowercase(),
        "upperRoman" => to_roman(number),
        "ordinal" => format!("{number}."),
        _ => number.to_string(),
    }
}

/// a to z, then aa to zz.
fn to_letters(number: i64, first: u8) -> String {
    let Ok(index) = usize::try_from(number - 1) else {
        return number.to_string();
    };
    let letter = char::from(first + u8::try_from(index % 26).unwrap_or(0));
    letter.to_string().repeat((index / 26 + 1).min(20))
}

fn to_roman(number: i64) -> String {
    const DIGITS: [(i64, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    if !(1..4000).contains(&number) {
        return number.to_string();
    }
    let (mut rest, mut text) = (number, String::new());
    for (value, digit) in DIGITS {
        while rest >= value {
            rest -= value;
            text.push_str(digit);
        }
    }
    text
}

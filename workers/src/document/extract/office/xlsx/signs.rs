//! The signs of numbers in sections with a condition: `[>=1000]#,##0;0` shows -5 with its sign.

use super::days::parts;

/// What a section is for.
#[derive(Debug, Clone, Copy)]
enum Condition {
    /// A comparison and its limit.
    Is(&'static str, f64),
    /// By its place among the others.
    None,
}

const COMPARISONS: [&str; 6] = [">=", "<=", "<>", ">", "<", "="];

/// A text that a code shows for a number, with a minus where its section has a condition and the sign is missing.
pub fn signed(code: &str, value: f64, shown: String) -> String {
    let before = shown.split(|c: char| c.is_ascii_digit()).next();
    let before = before.unwrap_or_default();
    let has_sign = before.contains(['-', '\u{2212}', '(']) || shown.ends_with('-');
    match value < 0.0 && !has_sign && loses_sign(code, value) {
        true => format!("-{shown}"),
        false => shown,
    }
}

/// Whether the section for a negative number is for others as well, and shows the number.
fn loses_sign(code: &str, value: f64) -> bool {
    let mut sections = vec![(Condition::None, false)];
    for (part, is_own) in parts(code) {
        if is_own && part.starts_with(';') {
            let further = part.len();
            sections.extend(std::iter::repeat_n((Condition::None, false), further));
        } else if let Some((condition, shows)) = sections.last_mut() {
            *shows |= is_own && part.starts_with(['0', '#', '?', 'G', 'g']);
            if let Some(found) = condition_of(part) {
                *condition = found;
            }
        }
    }
    let is_conditional =
        |(condition, _): &(Condition, bool)| matches!(condition, Condition::Is(..));
    if !sections.iter().take(2).any(is_conditional) {
        return false;
    }
    let numbers = sections.len().min(3);
    for (place, (condition, shows)) in sections.iter().take(numbers).enumerate() {
        match condition {
            Condition::Is(how, limit) if holds(value, how, *limit) => {
                let negative_alone = match *how {
                    "<" | "<=" => *limit <= 0.0,
                    "=" => true,
                    _ => false,
                };
                return *shows && !negative_alone;
            }
            Condition::None if place + 1 == numbers => return *shows,
            // The second of three is for negative numbers.
            Condition::None if place == 1 => return false,
            Condition::Is(..) | Condition::None => {}
        }
    }
    false
}

/// `[>=1000]`
fn condition_of(part: &str) -> Option<Condition> {
    let inner = part.strip_prefix('[')?.strip_suffix(']')?;
    let how = COMPARISONS.into_iter().find(|how| inner.starts_with(how))?;
    let limit = inner[how.len()..].trim().parse().ok()?;
    Some(Condition::Is(how, limit))
}

fn holds(value: f64, how: &str, limit: f64) -> bool {
    match how {
        ">=" => value >= limit,
        "<=" => value <= limit,
        ">" => value > limit,
        "<" => value < limit,
        "=" => (value - limit).abs() < f64::EPSILON,
        _ => (value - limit).abs() >= f64::EPSILON,
    }
}

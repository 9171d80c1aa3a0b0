//! Signs of numbers in conditional format sections: `[>=1000]#,##0;0` shows -5 with its sign.

use super::dates::split_tokens;

/// The condition of a format section.
#[derive(Debug, Clone, Copy)]
enum Condition {
    /// A comparison with a limit.
    Comparison(&'static str, f64),
    /// Implied by its position.
    None,
}

const COMPARISONS: [&str; 6] = [">=", "<=", "<>", ">", "<", "="];

/// Adds a minus to a formatted number if its section is conditional and lost the sign.
pub(super) fn restore_sign(code: &str, value: f64, formatted: String) -> String {
    let prefix = formatted.split(|c: char| c.is_ascii_digit()).next();
    let prefix = prefix.unwrap_or_default();
    let has_sign = prefix.contains(['-', '\u{2212}', '(']) || formatted.ends_with('-');
    match value < 0.0 && !has_sign && loses_sign(code, value) {
        true => format!("-{formatted}"),
        false => formatted,
    }
}

/// Whether the section of a negative number also applies to other numbers, and shows digits.
fn loses_sign(code: &str, value: f64) -> bool {
    let mut sections = vec![(Condition::None, false)];
    for (token, is_unquoted) in split_tokens(code) {
        if is_unquoted && token.starts_with(';') {
            let count = token.len();
            sections.extend(std::iter::repeat_n((Condition::None, false), count));
        } else if let Some((condition, shows_number)) = sections.last_mut() {
            *shows_number |= is_unquoted && token.starts_with(['0', '#', '?', 'G', 'g']);
            if let Some(found) = parse_condition(token) {
                *condition = found;
            }
        }
    }
    let is_conditional =
        |(condition, _): &(Condition, bool)| matches!(condition, Condition::Comparison(..));
    if !sections.iter().take(2).any(is_conditional) {
        return false;
    }
    let numbers = sections.len().min(3);
    for (index, (condition, shows_number)) in sections.iter().take(numbers).enumerate() {
        match condition {
            Condition::Comparison(operator, limit) if is_met(value, operator, *limit) => {
                let only_negative = match *operator {
                    "<" | "<=" => *limit <= 0.0,
                    "=" => true,
                    _ => false,
                };
                return *shows_number && !only_negative;
            }
            Condition::None if index + 1 == numbers => return *shows_number,
            // The second of three sections is for negative numbers.
            Condition::None if index == 1 => return false,
            Condition::Comparison(..) | Condition::None => {}
        }
    }
    false
}

/// `[>=1000]`
fn parse_condition(token: &str) -> Option<Condition> {
    let inner = token.strip_prefix('[')?.strip_suffix(']')?;
    let operator = COMPARISONS
        .into_iter()
        .find(|operator| inner.starts_with(operator))?;
    let limit = inner[operator.len()..].trim().parse().ok()?;
    Some(Condition::Comparison(operator, limit))
}

fn is_met(value: f64, operator: &str, limit: f64) -> bool {
    match operator {
        ">=" => value >= limit,
        "<=" => value <= limit,
        ">" => value > limit,
        "<" => value < limit,
        "=" => (value - limit).abs() < f64::EPSILON,
        _ => (value - limit).abs() >= f64::EPSILON,
    }
}

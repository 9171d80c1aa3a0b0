//! Converts Hebrew and Arabic lines that were drawn from left to right, as most programs do, to logical order.

/// Whether a letter is written from right to left.
pub(super) fn is_rtl(letter: char) -> bool {
    matches!(letter, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}')
        && (letter.is_alphabetic() || is_point(letter))
}

/// Vowel points and marks of a letter.
fn is_point(letter: char) -> bool {
    matches!(letter, '\u{591}'..='\u{5bd}' | '\u{64b}'..='\u{65f}')
}

fn is_ltr(letter: char) -> bool {
    letter.is_alphabetic() && !is_rtl(letter)
}

/// Converts each line to logical order.
pub(super) fn to_logical_order(text: &str) -> String {
    let lines = text.split('\n').map(|line| match line.contains(is_rtl) {
        true => line_to_logical_order(line),
        false => line.to_owned(),
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn line_to_logical_order(line: &str) -> String {
    let letters: Vec<char> = line.chars().collect();
    let rtl = letters.iter().filter(|c| is_rtl(**c)).count();
    let ltr = letters.iter().filter(|c| is_ltr(**c)).count();
    if rtl >= ltr {
        return reverse_run(&letters);
    }
    // Right-to-left words within a left-to-right line.
    let mut result = String::new();
    let mut rest = letters.as_slice();
    while let Some(start) = rest.iter().position(|c| is_rtl(*c)) {
        let run = &rest[start..];
        let limit = run.iter().position(|c| is_ltr(*c)).unwrap_or(run.len());
        let end = run[..limit]
            .iter()
            .rposition(|c| is_rtl(*c))
            .map_or(1, |last| last + 1);
        result.extend(&rest[..start]);
        result.push_str(&reverse_run(&run[..end]));
        rest = &run[end..];
    }
    result.extend(rest);
    result
}

/// Reverses letters, except numbers and words of other scripts.
fn reverse_run(letters: &[char]) -> String {
    let mut result = String::new();
    let mut rest = letters;
    while let Some((last, before)) = rest.split_last() {
        if last.is_alphanumeric() && !is_rtl(*last) {
            let start = trailing_run_start(rest);
            result.extend(&rest[start..]);
            rest = &rest[..start];
        } else {
            result.push(*last);
            rest = before;
        }
    }
    // Some programs write mirrored brackets, others logical ones.
    match result.find(|c| mirror_bracket(c) != c) {
        Some(first) if result[first..].starts_with([')', ']', '}', '>', '»']) => {
            result.chars().map(mirror_bracket).collect()
        }
        _ => result,
    }
}

/// The start of the number or words at the end of a text. Spaces separate numbers, but not words.
fn trailing_run_start(letters: &[char]) -> usize {
    let mut start = letters.len();
    let has_word = |part: &[char]| part.iter().any(|c| is_ltr(*c));
    for (index, letter) in letters.iter().enumerate().rev() {
        if is_rtl(*letter) {
            break;
        }
        if !letter.is_alphanumeric() {
            continue;
        }
        let between = &letters[index + 1..start];
        let is_separated = between.iter().any(|c| c.is_whitespace());
        if is_separated && !(has_word(&letters[start..]) && is_ltr(*letter)) {
            break;
        }
        start = index;
    }
    start
}

fn mirror_bracket(letter: char) -> char {
    match letter {
        '(' => ')',
        ')' => '(',
        '[' => ']',
        ']' => '[',
        '{' => '}',
        '}' => '{',
        '<' => '>',
        '>' => '<',
        '«' => '»',
        '»' => '«',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::to_logical_order;

    #[test]
    fn rtl_lines_are_reversed_except_numbers_and_other_scripts() {
        assert_eq!(
            to_logical_order("וריא 35 ריחמה ,םלוכל םולש\nplain text, 12"),
            "שלום לכולם, המחיר 35 אירו\nplain text, 12"
        );
        assert_eq!(to_logical_order("1,234.50 40 ריחמ"), "מחיר 40 1,234.50");
        assert_eq!(
            to_logical_order("(New York) םלוכל םולש"),
            "שלום לכולם (New York)"
        );
        assert_eq!(to_logical_order(")ןאכ( םולש"), "שלום (כאן)");
        assert_eq!(
            to_logical_order("The word םולכ םולש means peace."),
            "The word שלום כלום means peace."
        );
        assert_eq!(to_logical_order("مويلا رعسلا"), "السعر اليوم");
    }
}

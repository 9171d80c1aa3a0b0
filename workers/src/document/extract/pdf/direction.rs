//! Lines of Hebrew and Arabic that were drawn from left to right, as most programs do: in the order in which one reads.

/// Whether a letter is written from right to left.
pub fn is_leftward(letter: char) -> bool {
    matches!(letter, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}')
        && (letter.is_alphabetic() || is_point(letter))
}

/// Points and marks that belong to a letter.
fn is_point(letter: char) -> bool {
    matches!(letter, '\u{591}'..='\u{5bd}' | '\u{64b}'..='\u{65f}')
}

fn is_rightward(letter: char) -> bool {
    letter.is_alphabetic() && !is_leftward(letter)
}

/// Each line in the order in which it is read.
pub fn as_read(text: &str) -> String {
    let lines = text
        .split('\n')
        .map(|line| match line.contains(is_leftward) {
            true => line_as_read(line),
            false => line.to_owned(),
        });
    lines.collect::<Vec<_>>().join("\n")
}

fn line_as_read(line: &str) -> String {
    let letters: Vec<char> = line.chars().collect();
    let leftward = letters.iter().filter(|one| is_leftward(**one)).count();
    let rightward = letters.iter().filter(|one| is_rightward(**one)).count();
    if leftward >= rightward {
        return reversed(&letters);
    }
    // A few words within a line that runs to the right.
    let mut read = String::new();
    let mut left = letters.as_slice();
    while let Some(start) = left.iter().position(|one| is_leftward(*one)) {
        let span = &left[start..];
        let limit = span
            .iter()
            .position(|one| is_rightward(*one))
            .unwrap_or(span.len());
        let end = span[..limit]
            .iter()
            .rposition(|one| is_leftward(*one))
            .map_or(1, |last| last + 1);
        read.extend(&left[..start]);
        read.push_str(&reversed(&span[..end]));
        left = &span[end..];
    }
    read.extend(left);
    read
}

/// Backwards, but for numbers and words of other scripts.
fn reversed(letters: &[char]) -> String {
    let mut read = String::new();
    let mut left = letters;
    while let Some((last, before)) = left.split_last() {
        if last.is_alphanumeric() && !is_leftward(*last) {
            let start = start_of_run(left);
            read.extend(&left[start..]);
            left = &left[..start];
        } else {
            read.push(*last);
            left = before;
        }
    }
    // Some programs write the brackets that are seen, some those that are meant.
    match read.find(|one| mirrored(one) != one) {
        Some(first) if read[first..].starts_with([')', ']', '}', '>', '»']) => {
            read.chars().map(mirrored).collect()
        }
        _ => read,
    }
}

/// Where the number or the words begin that end a text. Spaces part numbers, and words from nothing.
fn start_of_run(letters: &[char]) -> usize {
    let mut start = letters.len();
    let has_word = |part: &[char]| part.iter().any(|one| is_rightward(*one));
    for (place, letter) in letters.iter().enumerate().rev() {
        if is_leftward(*letter) {
            break;
        }
        if !letter.is_alphanumeric() {
            continue;
        }
        let between = &letters[place + 1..start];
        let is_parted = between.iter().any(|one| one.is_whitespace());
        if is_parted && !(has_word(&letters[start..]) && is_rightward(*letter)) {
            break;
        }
        start = place;
    }
    start
}

fn mirrored(letter: char) -> char {
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
    use super::as_read;

    #[test]
    fn lines_that_run_to_the_left_are_read_so_and_numbers_and_other_words_are_not_turned() {
        assert_eq!(
            as_read("וריא 35 ריחמה ,םלוכל םולש\nplain text, 12"),
            "שלום לכולם, המחיר 35 אירו\nplain text, 12"
        );
        assert_eq!(as_read("1,234.50 40 ריחמ"), "מחיר 40 1,234.50");
        assert_eq!(as_read("(New York) םלוכל םולש"), "שלום לכולם (New York)");
        assert_eq!(as_read(")ןאכ( םולש"), "שלום (כאן)");
        assert_eq!(
            as_read("The word םולכ םולש means peace."),
            "The word שלום כלום means peace."
        );
        assert_eq!(as_read("مويلا رعسلا"), "السعر اليوم");
    }
}

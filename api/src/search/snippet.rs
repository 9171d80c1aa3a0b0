//! The passage of a text around the first word that fits, in pieces that fit and pieces that do not.

use super::Fragment;

/// Characters of a passage, and those of them before the first word that fits.
const LENGTH: usize = 240;
const BEFORE: usize = 60;

pub(super) fn fragments(content: &str, wanted: &str) -> Vec<Fragment> {
    let wanted: Vec<String> = split(wanted)
        .into_iter()
        .filter(|(is_word, _)| *is_word)
        .map(|(_, word)| word.to_lowercase())
        .collect();
    let fits = |word: &str| {
        let word = word.to_lowercase();
        wanted
            .iter()
            .any(|wanted| word.starts_with(wanted.as_str()))
    };
    let pieces: Vec<(bool, &str)> = split(content)
        .into_iter()
        .map(|(is_word, piece)| (is_word && fits(piece), piece))
        .collect();
    let first = pieces.iter().position(|(matched, _)| *matched).unwrap_or(0);
    // Whole pieces, from a little before the first that fits.
    let mut begin = first;
    let mut room = BEFORE;
    while begin > 0 {
        let length = pieces[begin - 1].1.chars().count();
        if length > room {
            break;
        }
        room -= length;
        begin -= 1;
    }
    passage(&pieces[begin..])
}

/// Joins neighbours of a kind, up to the length of a passage.
fn passage(pieces: &[(bool, &str)]) -> Vec<Fragment> {
    let mut passage: Vec<Fragment> = Vec::new();
    let mut room = LENGTH;
    for (matched, piece) in pieces {
        let text: String = piece.chars().take(room).collect();
        room -= text.chars().count();
        match passage.last_mut() {
            Some(last) if last.matched == *matched => last.text.push_str(&text),
            _ => passage.push(Fragment {
                text,
                matched: *matched,
            }),
        }
        if room == 0 {
            break;
        }
    }
    passage
}

/// Words and what lies between them, in order.
fn split(text: &str) -> Vec<(bool, &str)> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut kind = None;
    for (at, c) in text.char_indices() {
        let is_word = c.is_alphanumeric();
        if kind.is_some_and(|kind| kind != is_word) {
            pieces.push((!is_word, &text[start..at]));
            start = at;
        }
        kind = Some(is_word);
    }
    if let Some(is_word) = kind {
        pieces.push((is_word, &text[start..]));
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(content: &str, wanted: &str) -> String {
        fragments(content, wanted)
            .iter()
            .map(|piece| match piece.matched {
                true => format!("[{}]", piece.text),
                false => piece.text.clone(),
            })
            .collect()
    }

    #[test]
    fn words_that_begin_so_are_marked_in_any_case() {
        assert_eq!(shown("Der Äpfel-Baum", "äpf baum"), "Der [Äpfel]-[Baum]");
        assert_eq!(shown("nothing here", "else"), "nothing here");
        assert_eq!(shown("", "x"), "");
    }

    #[test]
    fn a_long_text_is_cut_around_the_first_word_that_fits() {
        let content = format!("{}needle {}", "hay ".repeat(1_000), "straw ".repeat(1_000));
        let shown = shown(&content, "needle");
        assert!(
            shown.starts_with("hay ") && shown.contains("[needle] straw"),
            "{shown}"
        );
        assert_eq!(shown.chars().count(), LENGTH + 2);
    }
}

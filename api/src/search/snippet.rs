//! The passage of a text around the first word that fits, in pieces that fit and pieces that do not.

use std::collections::VecDeque;

use super::Fragment;

/// Characters of a passage, and those of them before the first word that fits.
const LENGTH: usize = 240;
const BEFORE: usize = 60;

pub(super) fn fragments(content: &str, wanted: &str) -> Vec<Fragment> {
    let wanted: Vec<String> = pieces(wanted)
        .filter(|(is_word, _)| *is_word)
        .map(|(_, word)| word.to_lowercase())
        .collect();
    let fits = |word: &str| wanted.iter().any(|wanted| begins(word, wanted));
    let marked = |(is_word, piece)| (is_word && fits(piece), piece);
    // Whole pieces, from a little before the first that fits; nothing behind what is shown is looked at.
    let mut before: VecDeque<(bool, &str)> = VecDeque::new();
    let mut kept = 0;
    let mut left = pieces(content).map(marked).peekable();
    while let Some(piece) = left.next_if(|(matched, _)| !matched) {
        before.push_back(piece);
        kept += length(piece.1);
        while kept > BEFORE {
            kept -= before.pop_front().map_or(kept, |piece| length(piece.1));
        }
    }
    if left.peek().is_none() {
        return passage(pieces(content).map(|(_, piece)| (false, piece)));
    }
    passage(before.into_iter().chain(left))
}

fn length(piece: &str) -> usize {
    piece.chars().count()
}

/// Whether a word begins with another, which is in small letters.
fn begins(word: &str, wanted: &str) -> bool {
    let mut letters = word.chars().flat_map(char::to_lowercase);
    wanted.chars().all(|letter| letters.next() == Some(letter))
}

/// Joins neighbours of a kind, up to the length of a passage.
fn passage<'a>(pieces: impl Iterator<Item = (bool, &'a str)>) -> Vec<Fragment> {
    let mut passage: Vec<Fragment> = Vec::new();
    let mut room = LENGTH;
    for (matched, piece) in pieces {
        let text: String = piece.chars().take(room).collect();
        room -= length(&text);
        match passage.last_mut() {
            Some(last) if last.matched == matched => last.text.push_str(&text),
            _ => passage.push(Fragment { text, matched }),
        }
        if room == 0 {
            break;
        }
    }
    passage
}

/// Words and what lies between them, in order.
fn pieces(text: &str) -> impl Iterator<Item = (bool, &str)> {
    let mut left = text;
    std::iter::from_fn(move || {
        let is_word = left.chars().next()?.is_alphanumeric();
        let end = left.find(|c: char| c.is_alphanumeric() != is_word);
        let (piece, rest) = left.split_at(end.unwrap_or(left.len()));
        left = rest;
        Some((is_word, piece))
    })
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

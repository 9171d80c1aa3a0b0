//! The passage of a text around the first place that fits, in pieces that fit and pieces that do not.

use projections::search::terms::Marker;

use super::Fragment;

/// Characters of a passage, and those of them before the first place that fits.
const LENGTH: usize = 240;
const BEFORE: usize = 60;

/// Nothing behind what is shown is looked at.
pub(super) fn fragments(content: &str, marker: &Marker) -> Vec<Fragment> {
    let mut marks = marker.marks(content).peekable();
    let first = marks.peek().map_or(0, |mark| mark.start);
    let mut passage = Passage {
        fragments: Vec::new(),
        room: LENGTH,
    };
    let mut at = beginning(content, first);
    for mark in marks {
        passage.push(&content[at..mark.start], false);
        passage.push(&content[mark.clone()], true);
        at = mark.end;
        if passage.room == 0 {
            return passage.fragments;
        }
    }
    passage.push(&content[at..], false);
    passage.fragments
}

/// Where a passage begins: a little before what fits, at a word where there is one.
fn beginning(content: &str, first: usize) -> usize {
    let before = &content[..first];
    let Some((earliest, _)) = before.char_indices().rev().nth(BEFORE) else {
        return 0;
    };
    // Past the character that would be one too many.
    let cut = &before[earliest..];
    let mut letters = cut.char_indices().skip(1);
    let blank = cut.find(char::is_whitespace);
    match blank
        .and_then(|blank| letters.find(|(at, letter)| *at > blank && !letter.is_whitespace()))
    {
        Some((at, _)) => earliest + at,
        None => earliest + cut.chars().next().map_or(0, char::len_utf8),
    }
}

struct Passage {
    fragments: Vec<Fragment>,
    room: usize,
}

impl Passage {
    /// As much of a piece as there is room for; neighbours of a kind are one.
    fn push(&mut self, piece: &str, matched: bool) {
        let text: String = piece.chars().take(self.room).collect();
        if text.is_empty() {
            return;
        }
        self.room -= text.chars().count();
        match self.fragments.last_mut() {
            Some(last) if last.matched == matched => last.text.push_str(&text),
            _ => self.fragments.push(Fragment { text, matched }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(content: &str, wanted: &str) -> String {
        fragments(content, &Marker::new(wanted))
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

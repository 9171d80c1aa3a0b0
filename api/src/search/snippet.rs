//! Snippets of hits: the text around the first match, split into matching and other fragments.

use projections::search::terms::Marker;

use super::Fragment;

/// Length of a snippet in characters, and how much of it precedes the first match.
const LENGTH: usize = 240;
const BEFORE: usize = 60;

/// Stops reading the text at the end of the snippet.
pub(super) fn fragments(content: &str, marker: &Marker) -> Vec<Fragment> {
    let mut marks = marker.marks(content).peekable();
    let first = marks.peek().map_or(0, |mark| mark.start);
    let mut snippet = Snippet {
        fragments: Vec::new(),
        remaining: LENGTH,
    };
    let mut at = passage_start(content, first);
    for mark in marks {
        snippet.push(&content[at..mark.start], false);
        snippet.push(&content[mark.clone()], true);
        at = mark.end;
        if snippet.remaining == 0 {
            return snippet.fragments;
        }
    }
    snippet.push(&content[at..], false);
    snippet.fragments
}

/// Where the snippet starts: a little before the match, at the start of a word if possible.
fn passage_start(content: &str, first: usize) -> usize {
    let before = &content[..first];
    let Some((earliest, _)) = before.char_indices().rev().nth(BEFORE) else {
        return 0;
    };
    // Skip the character that would be one too many.
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

struct Snippet {
    fragments: Vec<Fragment>,
    remaining: usize,
}

impl Snippet {
    /// Adds as much of a text as fits, and joins neighbours of the same kind.
    fn push(&mut self, piece: &str, matched: bool) {
        let text: String = piece.chars().take(self.remaining).collect();
        if text.is_empty() {
            return;
        }
        self.remaining -= text.chars().count();
        match self.fragments.last_mut() {
            Some(last) if last.matched == matched => last.text.push_str(&text),
            _ => self.fragments.push(Fragment { text, matched }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(content: &str, search_query: &str) -> String {
        fragments(content, &Marker::new(search_query))
            .iter()
            .map(|piece| match piece.matched {
                true => format!("[{}]", piece.text),
                false => piece.text.clone(),
            })
            .collect()
    }

    #[test]
    fn matching_prefixes_are_marked_in_any_case() {
        assert_eq!(marked("Der Äpfel-Baum", "äpf baum"), "Der [Äpfel]-[Baum]");
        assert_eq!(marked("nothing here", "else"), "nothing here");
        assert_eq!(marked("", "x"), "");
    }

    #[test]
    fn a_long_text_is_cut_around_the_first_match() {
        let content = format!("{}needle {}", "hay ".repeat(1_000), "straw ".repeat(1_000));
        let marked_text = marked(&content, "needle");
        assert!(
            marked_text.starts_with("hay ") && marked_text.contains("[needle] straw"),
            "{marked_text}"
        );
        assert_eq!(marked_text.chars().count(), LENGTH + 2);
    }
}

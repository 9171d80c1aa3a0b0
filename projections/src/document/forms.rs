//! The texts that stand for a passage before a model that embeds: one vector blurs what is said in a long text, and how
//! often a model meets a word tells it little of what the word weighs here.

use std::fmt::Write;

use sha2::{Digest, Sha256};
use unicode_segmentation::UnicodeSegmentation;

use crate::search::terms::stems;

/// Parts of a passage, at most.
const PARTS: usize = 4;

/// A passage as a model is given it.
#[derive(Debug, PartialEq, Eq)]
pub struct Forms {
    /// Its headings, then its text.
    pub whole: Form,
    /// The same without words that carry no meaning.
    pub content: Form,
    /// Some sentences each, below the heading that is nearest to them.
    pub parts: Vec<Form>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// By which the vector is known.
    pub digest: Vec<u8>,
    pub text: String,
}

impl Form {
    fn new(text: String) -> Self {
        let digest = Sha256::digest(text.as_bytes()).to_vec();
        Self { digest, text }
    }
}

/// A digest as events name it.
pub fn hex(digest: &[u8]) -> String {
    let mut hex = String::with_capacity(digest.len() * 2);
    for byte in digest {
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

impl Forms {
    /// Of headings, outermost first, and a text in a language.
    pub fn of(headings: &[String], body: &str, language: &str) -> Self {
        let whole = format!("{}\n{body}", headings.join("\n"));
        let content = stems::content_words_in(&whole, language);
        let heading = headings.last().map_or("", String::as_str);
        let parts = parts(body).into_iter();
        Self {
            content: Form::new(match content.is_empty() {
                true => whole.clone(),
                false => content,
            }),
            parts: parts
                .map(|part| Form::new(format!("{heading}\n{part}")))
                .collect(),
            whole: Form::new(whole),
        }
    }

    /// The text of a digest. One that no form has any more stands for the whole.
    pub fn text(&self, digest: &[u8]) -> &str {
        let mut others = std::iter::once(&self.content).chain(&self.parts);
        let other = others.find(|form| form.digest == digest);
        &other.unwrap_or(&self.whole).text
    }
}

/// A text at the ends of sentences and lines in at most [`PARTS`], each about as long as the others.
fn parts(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut begun, mut end) = (0, 0);
    for sentence in text.split_sentence_bounds() {
        end += sentence.len();
        if end * PARTS >= text.len() * (parts.len() + 1) {
            parts.push(text[begun..end].trim());
            begun = end;
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passage_is_embedded_whole_by_its_words_and_in_parts_below_their_heading() {
        let headings = ["House rules".to_owned(), "Keys".to_owned()];
        let forms = Forms::of(
            &headings,
            "You get two keys. A third one costs ten euros.",
            "en",
        );
        assert_eq!(
            forms.whole.text,
            "House rules\nKeys\nYou get two keys. A third one costs ten euros."
        );
        assert!(!forms.content.text.contains("You"), "{forms:?}");
        assert!(forms.content.text.contains("costs ten euros"), "{forms:?}");
        let parts: Vec<&str> = forms.parts.iter().map(|part| part.text.as_str()).collect();
        assert_eq!(
            parts,
            [
                "Keys\nYou get two keys.",
                "Keys\nA third one costs ten euros."
            ]
        );
        for form in forms.parts.iter().chain([&forms.whole, &forms.content]) {
            assert_eq!(forms.text(&form.digest), form.text);
        }
        assert_eq!(forms.text(b"unknown"), forms.whole.text);
    }

    #[test]
    fn long_texts_have_few_parts_of_about_the_same_length_and_lose_nothing() {
        for text in [
            "A sentence of some words. ".repeat(200),
            "会议室在三楼。".repeat(90),
            "a row | of a table\n".repeat(50),
            "no end in sight ".repeat(100),
        ] {
            let text = text.trim();
            let parts = parts(text);
            assert!((1..=PARTS).contains(&parts.len()), "{}", parts.len());
            let letters: usize = parts.iter().map(|part| part.len()).sum();
            assert!(letters + 2 * PARTS >= text.len());
            let even = text.len() / parts.len();
            assert!(parts.iter().all(|part| part.len().abs_diff(even) < 40));
        }
        assert!(parts("").is_empty());
    }
}

//! The texts of a passage that are embedded. One vector blurs the details of a long text, and an embedding model does
//! not know which words are rare in this knowledge base.

use sha2::{Digest, Sha256};
use unicode_segmentation::UnicodeSegmentation;

use crate::search::terms::stems;

/// The maximum number of parts of a passage.
const MAX_PARTS: usize = 4;

/// A passage as a model embeds it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Forms {
    /// The headings, then the text.
    pub whole: Form,
    /// The same without stop words.
    pub content: Form,
    /// A few sentences each, below the nearest heading.
    pub parts: Vec<Form>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Form {
    /// Identifies the vector.
    pub digest: Vec<u8>,
    pub text: String,
}

impl Form {
    fn new(text: String) -> Self {
        let digest = Sha256::digest(text.as_bytes()).to_vec();
        Self { digest, text }
    }
}

impl Forms {
    /// Headings come outermost first.
    pub(super) fn new(headings: &[String], body: &str, language: &str) -> Self {
        let whole = format!("{}\n{body}", headings.join("\n"));
        let content = stems::content_words_in(&whole, language);
        let heading = headings.last().map_or("", String::as_str);
        let parts = split_parts(body).into_iter();
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

    /// The text with a digest; the whole if no form has that digest any more.
    pub(super) fn text(&self, digest: &[u8]) -> &str {
        let mut details = std::iter::once(&self.content).chain(&self.parts);
        let form = details.find(|form| form.digest == digest);
        &form.unwrap_or(&self.whole).text
    }
}

/// Splits a text at the ends of sentences and lines into at most [`MAX_PARTS`] parts of similar length.
fn split_parts(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut end) = (0, 0);
    for sentence in text.split_sentence_bounds() {
        end += sentence.len();
        if end * MAX_PARTS >= text.len() * (parts.len() + 1) {
            parts.push(text[start..end].trim());
            start = end;
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passage_is_embedded_as_a_whole_as_content_words_and_in_parts() {
        let headings = ["House rules".to_owned(), "Keys".to_owned()];
        let forms = Forms::new(
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
    fn a_long_text_is_split_into_few_parts_of_similar_length_without_loss() {
        for text in [
            "A sentence of some words. ".repeat(200),
            "会议室在三楼。".repeat(90),
            "a row | of a table\n".repeat(50),
            "no end in sight ".repeat(100),
        ] {
            let text = text.trim();
            let parts = split_parts(text);
            assert!((1..=MAX_PARTS).contains(&parts.len()), "{}", parts.len());
            let letters: usize = parts.iter().map(|part| part.len()).sum();
            assert!(letters + 2 * MAX_PARTS >= text.len());
            let even = text.len() / parts.len();
            assert!(parts.iter().all(|part| part.len().abs_diff(even) < 40));
        }
        assert!(split_parts("").is_empty());
    }
}

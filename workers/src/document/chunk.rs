//! Splits sections into passages at the ends of paragraphs and sentences, measured in tokens of embedding models.

use bpe_openai::{Tokenizer, cl100k_base};
use domain::document::Omission;
use serde::{Deserialize, Serialize};
use text_splitter::{ChunkConfig, ChunkSizer, TextSplitter};
use whatlang::{Detector, Lang};

use super::extract::{ExtractError, ExtractedDocument};

/// Maximum number of passages of a document.
const MAX_PASSAGES: usize = 100_000;
/// Maximum number of characters that are sampled to detect the language.
const LANGUAGE_SAMPLE: usize = 20_000;

/// Bytes that are split at once: the splitter's time grows with their square.
const SPLIT_BYTES: usize = 16_000;

/// Minimum confidence of a detected language.
const MIN_CONFIDENCE: f64 = 0.5;
/// The languages whose words are stemmed.
const LANGUAGES: &[(Lang, &str)] = &[
    (Lang::Eng, "en"),
    (Lang::Deu, "de"),
    (Lang::Fra, "fr"),
    (Lang::Spa, "es"),
    (Lang::Ita, "it"),
    (Lang::Por, "pt"),
    (Lang::Nld, "nl"),
    (Lang::Dan, "da"),
    (Lang::Swe, "sv"),
    (Lang::Nob, "nb"),
    (Lang::Fin, "fi"),
    (Lang::Hun, "hu"),
    (Lang::Ron, "ro"),
    (Lang::Rus, "ru"),
    (Lang::Tur, "tr"),
];

/// A passage that has no id yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Chunk {
    pub text: String,
    pub headings: Vec<String>,
    pub page: Option<u32>,
    pub page_name: Option<String>,
}

/// A document split into passages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ChunkedDocument {
    pub chunks: Vec<Chunk>,
    /// ISO 639-1; empty if it could not be detected.
    pub language: String,
    pub pages: Option<u32>,
    pub characters: u64,
    pub left_out: Vec<Omission>,
}

/// Splits a document into passages of at most `tokens`. Each passage repeats up to `overlap` tokens of the one before,
/// and each passage of a table repeats its caption.
pub(crate) fn chunk_document(
    extracted: ExtractedDocument,
    tokens: usize,
    overlap: usize,
) -> Result<ChunkedDocument, ExtractError> {
    let splitter = new_splitter(tokens, overlap)?;
    let mut document = ChunkedDocument {
        chunks: vec![],
        language: detect_language(&extracted),
        pages: extracted.pages,
        characters: 0,
        left_out: extracted.left_out,
    };
    for section in extracted.sections {
        document.characters += section.text.chars().count() as u64;
        let caption = repeated_caption(&section.caption, tokens);
        let splitter = match &caption {
            Some((_, caption_tokens)) => {
                &new_splitter(tokens - caption_tokens, overlap.min(tokens / 4))?
            }
            None => &splitter,
        };
        let segments = split_text(&section.text, SPLIT_BYTES.max(tokens * 16));
        for text in segments.flat_map(|segment| splitter.chunks(segment)) {
            let text = match &caption {
                Some((caption, _)) if !text.starts_with(caption) => format!("{caption}\n{text}"),
                _ => text.to_owned(),
            };
            if document.chunks.len() == MAX_PASSAGES {
                return Err(ExtractError::new(
                    domain::document::FailureCode::TooLarge,
                    format!("the document has more than {MAX_PASSAGES} passages"),
                ));
            }
            document.chunks.push(Chunk {
                text,
                headings: section.headings.clone(),
                page: section.page,
                page_name: section.page_name.clone(),
            });
        }
    }
    Ok(document)
}

/// Measures texts in tokens of the encoding `cl100k_base`.
struct TokenCounter(&'static Tokenizer);

impl TokenCounter {
    fn new() -> Self {
        Self(cl100k_base())
    }
}

impl ChunkSizer for TokenCounter {
    fn size(&self, chunk: &str) -> usize {
        self.0.count(chunk)
    }
}

fn new_splitter(tokens: usize, overlap: usize) -> Result<TextSplitter<TokenCounter>, ExtractError> {
    let config = ChunkConfig::new(tokens)
        .with_sizer(TokenCounter::new())
        .with_overlap(overlap)
        .map_err(|error| {
            ExtractError::new(domain::document::FailureCode::Internal, error.to_string())
        })?;
    Ok(TextSplitter::new(config))
}

/// The caption and its size in tokens, if it leaves at least three quarters of a passage to the table.
fn repeated_caption(caption: &str, tokens: usize) -> Option<(&str, usize)> {
    // One more for the line break after it.
    let size = TokenCounter::new().size(caption) + 1;
    (!caption.is_empty() && size <= tokens / 4).then_some((caption, size))
}

/// Splits a text into segments of at most `max_bytes`, each ending at a paragraph, else at a line, a sentence or a
/// word.
fn split_text(text: &str, max_bytes: usize) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let limit = rest.floor_char_boundary(max_bytes);
        let window = &rest[..limit];
        // Not too early, or there would be many segments.
        let end_after = |separator: &str| {
            Some(window.rfind(separator)? + separator.len()).filter(|end| *end > limit / 2)
        };
        let end = match limit == rest.len() {
            true => limit,
            false => ["\n\n", "\n", ". ", " "]
                .into_iter()
                .find_map(end_after)
                .unwrap_or(limit),
        };
        let (segment, remaining) = rest.split_at(end);
        rest = remaining;
        (!segment.is_empty()).then_some(segment)
    })
}

/// Detects the language from the beginning of the document; empty unless the detector is confident.
fn detect_language(extracted: &ExtractedDocument) -> String {
    let mut sample = String::new();
    for section in &extracted.sections {
        sample.extend(
            section
                .text
                .chars()
                .take(LANGUAGE_SAMPLE - sample.chars().count()),
        );
        if sample.chars().count() >= LANGUAGE_SAMPLE {
            break;
        }
    }
    let detector = Detector::with_allowlist(LANGUAGES.iter().map(|(lang, _)| *lang).collect());
    let found = detector.detect(&sample);
    let confident = found.filter(|info| info.is_reliable() || info.confidence() >= MIN_CONFIDENCE);
    let code = confident.and_then(|info| {
        let language = LANGUAGES.iter().find(|(lang, _)| *lang == info.lang());
        language.map(|(_, code)| *code)
    });
    code.unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::extract::Section;

    fn document(text: &str) -> ExtractedDocument {
        ExtractedDocument {
            sections: vec![Section {
                headings: vec!["Leave".to_owned()],
                page: Some(2),
                text: text.to_owned(),
                ..Section::default()
            }],
            pages: Some(3),
            left_out: vec![],
        }
    }

    /// The counts are those of `tiktoken`.
    #[test]
    fn token_counts_match_the_reference() {
        for (text, tokens) in [
            ("", 0),
            ("Every employee has thirty days of paid leave a year.", 11),
            ("Die Straßenbahnhaltestelle wird überprüft.", 13),
            ("図書館は午前九時に開きます。", 18),
            ("ห้องสมุดเปิดเก้าโมง", 18),
            ("مكتبة المدينة مفتوحة", 15),
            ("fn main() {\n    println!(\"{}\", 1_000);\n}\n", 13),
            ("   \n\n\t spaces   and\r\nlines   ", 8),
            ("👩\u{200d}👩\u{200d}👧 🇩🇪 1\u{fe0f}\u{20e3}", 25),
            ("12345678901234567890.50 €", 10),
            ("<|endoftext|> don't WON'T", 11),
            ("e\u{301}\u{ad}\u{200b}\0", 5),
        ] {
            assert_eq!(TokenCounter::new().size(text), tokens, "{text:?}");
        }
    }

    #[test]
    fn long_texts_are_split_at_paragraphs_lines_and_words_without_loss() {
        let text = "First part.\n\nSecond part. Third\nFourth word and ÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄ";
        let segments: Vec<&str> = split_text(text, 20).collect();
        assert_eq!(segments.concat(), text);
        assert_eq!(segments[..2], ["First part.\n\n", "Second part. Third\n"]);
        assert!(segments.iter().all(|segment| segment.len() <= 20));
    }

    #[test]
    fn passages_end_with_sentences_and_overlap() {
        let sentences: Vec<String> = (0..60)
            .map(|n| format!("Rule {n} says that the holder of ticket {n} may pass."))
            .collect();
        let chunked = chunk_document(document(&sentences.join(" ")), 100, 20).unwrap();
        assert!(chunked.chunks.len() > 5);
        for chunk in &chunked.chunks {
            assert!(chunk.text.ends_with('.'), "{:?}", chunk.text);
            assert!(TokenCounter::new().size(&chunk.text) <= 100);
            assert_eq!((chunk.page, chunk.headings.len()), (Some(2), 1));
        }
        let first = &chunked.chunks[0].text;
        let last = first.split_inclusive(". ").last().unwrap();
        assert!(chunked.chunks[1].text.starts_with(last), "{first}");
    }

    #[test]
    fn each_passage_of_a_table_repeats_its_caption() {
        let rows: Vec<String> = (0..80)
            .map(|n| format!("Port: Harbour {n}; Depth: {n} m"))
            .collect();
        let caption = "Table 3: Depths of the ports";
        for prefix in ["", "Table 3: Depths of the ports\n"] {
            let mut extracted = document(&format!("{prefix}{}", rows.join("\n")));
            extracted.sections[0].caption = caption.to_owned();
            let chunked = chunk_document(extracted, 100, 20).unwrap();
            assert!(chunked.chunks.len() > 5);
            for chunk in &chunked.chunks {
                assert_eq!(chunk.text.matches(caption).count(), 1, "{}", chunk.text);
                assert!(chunk.text.starts_with(caption));
                assert!(TokenCounter::new().size(&chunk.text) <= 100);
            }
        }
        // A caption that leaves no room for rows is not repeated.
        let mut extracted = document(&rows.join("\n"));
        extracted.sections[0].caption = "Depths of all ports ".repeat(10);
        let chunked = chunk_document(extracted, 100, 20).unwrap();
        assert!(
            chunked
                .chunks
                .iter()
                .all(|chunk| chunk.text.starts_with("Port"))
        );
    }

    #[test]
    fn a_language_is_detected_if_the_text_is_long_enough() {
        let language_of = |text: &str| chunk_document(document(text), 100, 0).unwrap().language;
        assert_eq!(
            language_of("Every employee has thirty days of paid leave a year."),
            "en"
        );
        assert_eq!(
            language_of("Die Treppe wird jeden Samstag von den Bewohnern gereinigt."),
            "de"
        );
        assert_eq!(language_of("x1 y2"), "");
    }
}

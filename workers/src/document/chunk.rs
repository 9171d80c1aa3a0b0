//! Cutting sections into passages that end where paragraphs and sentences do, counted in the tokens of embedding models.

use bpe_openai::{Tokenizer, cl100k_base};
use domain::document::Omission;
use serde::{Deserialize, Serialize};
use text_splitter::{ChunkConfig, ChunkSizer, TextSplitter};
use whatlang::{Detector, Lang};

use super::extract::{Extracted, Failed};

/// Passages of one document, at most.
const PASSAGES: usize = 100_000;
/// Characters that a language is told by, at most.
const SAMPLE: usize = 20_000;

/// Bytes that are cut into passages at once: the time that it takes grows with the square of them.
const STRETCH: usize = 16_000;

/// From where on a language counts as told.
const CLEAR: f64 = 0.5;
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
pub struct Piece {
    pub text: String,
    pub headings: Vec<String>,
    pub page: Option<u32>,
    pub page_name: Option<String>,
}

/// A document in passages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chunked {
    pub pieces: Vec<Piece>,
    /// ISO 639-1; empty where it is not known.
    pub language: String,
    pub pages: Option<u32>,
    pub characters: u64,
    pub left_out: Vec<Omission>,
}

/// Passages of at most `tokens`, of which the end stands in the next again, up to `overlap`. Each passage of a table has
/// its caption.
pub fn chunk(extracted: Extracted, tokens: usize, overlap: usize) -> Result<Chunked, Failed> {
    let splitter = splitter(tokens, overlap)?;
    let mut chunked = Chunked {
        pieces: vec![],
        language: language(&extracted),
        pages: extracted.pages,
        characters: 0,
        left_out: extracted.left_out,
    };
    for section in extracted.sections {
        chunked.characters += section.text.chars().count() as u64;
        let caption = caption(&section.caption, tokens);
        let splitter = match &caption {
            Some((_, room)) => &self::splitter(tokens - room, overlap.min(tokens / 4))?,
            None => &splitter,
        };
        let stretches = stretches(&section.text, STRETCH.max(tokens * 16));
        for text in stretches.flat_map(|stretch| splitter.chunks(stretch)) {
            let text = match &caption {
                Some((caption, _)) if !text.starts_with(caption) => format!("{caption}\n{text}"),
                _ => text.to_owned(),
            };
            if chunked.pieces.len() == PASSAGES {
                return Err(Failed::new(
                    domain::document::FailureCode::TooLarge,
                    format!("the document has more than {PASSAGES} passages"),
                ));
            }
            chunked.pieces.push(Piece {
                text,
                headings: section.headings.clone(),
                page: section.page,
                page_name: section.page_name.clone(),
            });
        }
    }
    Ok(chunked)
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

fn splitter(tokens: usize, overlap: usize) -> Result<TextSplitter<TokenCounter>, Failed> {
    let config = ChunkConfig::new(tokens)
        .with_sizer(TokenCounter::new())
        .with_overlap(overlap)
        .map_err(|error| Failed::new(domain::document::FailureCode::Internal, error.to_string()))?;
    Ok(TextSplitter::new(config))
}

/// A caption and the tokens that it takes, where at least three quarters of a passage are left for the table.
fn caption(caption: &str, tokens: usize) -> Option<(&str, usize)> {
    // A line break behind it is one more.
    let room = TokenCounter::new().size(caption) + 1;
    (!caption.is_empty() && room <= tokens / 4).then_some((caption, room))
}

/// A text in stretches of at most so many bytes, which end where a paragraph does, else a line, a sentence or a word.
fn stretches(text: &str, longest: usize) -> impl Iterator<Item = &str> {
    let mut left = text;
    std::iter::from_fn(move || {
        let until = left.floor_char_boundary(longest);
        let most = &left[..until];
        // Not so early that the stretches become many.
        let end = |mark: &str| Some(most.rfind(mark)? + mark.len()).filter(|at| *at > until / 2);
        let at = match until == left.len() {
            true => until,
            false => ["\n\n", "\n", ". ", " "]
                .into_iter()
                .find_map(end)
                .unwrap_or(until),
        };
        let (stretch, rest) = left.split_at(at);
        left = rest;
        (!stretch.is_empty()).then_some(stretch)
    })
}

/// The language of a document by its beginning, where it is told with some certainty.
fn language(extracted: &Extracted) -> String {
    let mut sample = String::new();
    for section in &extracted.sections {
        sample.extend(section.text.chars().take(SAMPLE - sample.chars().count()));
        if sample.chars().count() >= SAMPLE {
            break;
        }
    }
    let detector = Detector::with_allowlist(LANGUAGES.iter().map(|(lang, _)| *lang).collect());
    let found = detector.detect(&sample);
    let clear = found.filter(|info| info.is_reliable() || info.confidence() >= CLEAR);
    let code = clear.and_then(|info| {
        let known = LANGUAGES.iter().find(|(lang, _)| *lang == info.lang());
        known.map(|(_, code)| *code)
    });
    code.unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::extract::Section;

    fn document(text: &str) -> Extracted {
        Extracted {
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
    fn tokens_are_counted_as_the_reference_does() {
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
    fn long_texts_are_cut_at_paragraphs_lines_and_words_and_nothing_is_lost() {
        let text = "First part.\n\nSecond part. Third\nFourth word and ÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄ";
        let cut: Vec<&str> = stretches(text, 20).collect();
        assert_eq!(cut.concat(), text);
        assert_eq!(cut[..2], ["First part.\n\n", "Second part. Third\n"]);
        assert!(cut.iter().all(|stretch| stretch.len() <= 20));
    }

    #[test]
    fn passages_end_with_sentences_and_begin_with_the_end_of_the_one_before() {
        let sentences: Vec<String> = (0..60)
            .map(|n| format!("Rule {n} says that the holder of ticket {n} may pass."))
            .collect();
        let chunked = chunk(document(&sentences.join(" ")), 100, 20).unwrap();
        assert!(chunked.pieces.len() > 5);
        for piece in &chunked.pieces {
            assert!(piece.text.ends_with('.'), "{:?}", piece.text);
            assert!(TokenCounter::new().size(&piece.text) <= 100);
            assert_eq!((piece.page, piece.headings.len()), (Some(2), 1));
        }
        let first = &chunked.pieces[0].text;
        let last = first.split_inclusive(". ").last().unwrap();
        assert!(chunked.pieces[1].text.starts_with(last), "{first}");
    }

    #[test]
    fn each_passage_of_a_table_has_its_caption() {
        let rows: Vec<String> = (0..80)
            .map(|n| format!("Port: Harbour {n}; Depth: {n} m"))
            .collect();
        let caption = "Table 3: Depths of the ports";
        for beginning in ["", "Table 3: Depths of the ports\n"] {
            let mut extracted = document(&format!("{beginning}{}", rows.join("\n")));
            extracted.sections[0].caption = caption.to_owned();
            let chunked = chunk(extracted, 100, 20).unwrap();
            assert!(chunked.pieces.len() > 5);
            for piece in &chunked.pieces {
                assert_eq!(piece.text.matches(caption).count(), 1, "{}", piece.text);
                assert!(piece.text.starts_with(caption));
                assert!(TokenCounter::new().size(&piece.text) <= 100);
            }
        }
        // One that would leave no room for rows is not repeated.
        let mut extracted = document(&rows.join("\n"));
        extracted.sections[0].caption = "Depths of all ports ".repeat(10);
        let chunked = chunk(extracted, 100, 20).unwrap();
        assert!(
            chunked
                .pieces
                .iter()
                .all(|piece| piece.text.starts_with("Port"))
        );
    }

    #[test]
    fn a_language_is_told_where_it_is_clear() {
        let of = |text: &str| chunk(document(text), 100, 0).unwrap().language;
        assert_eq!(
            of("Every employee has thirty days of paid leave a year."),
            "en"
        );
        assert_eq!(
            of("Die Treppe wird jeden Samstag von den Bewohnern gereinigt."),
            "de"
        );
        assert_eq!(of("x1 y2"), "");
    }
}

//! Compares the committed corpus with its expected text: three documents of each kind, written by different programs,
//! and unusual PDF files. Counts missing words and words that are not in the document.

use std::collections::{HashMap, HashSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};

use super::{ExtractedDocument, extract};

/// The share of words that must be read, of each document and each page.
const MIN_RECALL: f64 = 0.98;
/// The largest share of words that are read although the document does not have them, such as Markdown marks and slide
/// numbers. PDF files have none.
const MAX_WRONG: f64 = 0.03;

const KINDS: [(&str, &str); 9] = [
    ("pdf", "application/pdf"),
    (
        "docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    (
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    (
        "pptx",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ),
    ("html", "text/html"),
    ("markdown", "text/markdown"),
    ("text", "text/plain"),
    ("csv", "text/csv"),
    ("code", "text/plain"),
];

/// Tables with a list of facts each.
const TABLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../testing/corpus/tables");

fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
}

/// Compares expected words with those that were read.
#[derive(Debug, Default, Clone, Copy)]
struct WordCounts {
    expected_words: u32,
    found: u32,
    /// Words that were read but are not in the expected text.
    wrong: u32,
}

impl WordCounts {
    fn add(&mut self, other: Self) {
        self.expected_words += other.expected_words;
        self.found += other.found;
        self.wrong += other.wrong;
    }

    fn has_recall(self) -> bool {
        f64::from(self.found) >= MIN_RECALL * f64::from(self.expected_words)
    }

    fn has_few_wrong(self, most: f64) -> bool {
        f64::from(self.wrong) <= most * f64::from(self.expected_words)
    }
}

/// Each word counts as often as it occurs.
fn measure(expected_words: &str, read: &str) -> WordCounts {
    let mut remaining: HashMap<String, u32> = HashMap::new();
    for word in words(read) {
        *remaining.entry(word).or_default() += 1;
    }
    let mut counts = WordCounts::default();
    let mut expected_set = HashSet::new();
    for word in words(expected_words) {
        counts.expected_words += 1;
        if let Some(count) = remaining.get_mut(&word).filter(|count| **count > 0) {
            *count -= 1;
            counts.found += 1;
        }
        expected_set.insert(word);
    }
    // Column names are repeated in each row, so a word may be read more often than expected.
    counts.wrong = words(read)
        .filter(|word| !expected_set.contains(word))
        .count()
        .try_into()
        .unwrap();
    counts
}

/// The text read from a page, or from all pages, with each heading once.
fn page_text(extracted: &ExtractedDocument, page: Option<u32>) -> String {
    let mut text = String::new();
    let mut above: &[String] = &[];
    for section in &extracted.sections {
        if page.is_some() && section.page != page {
            continue;
        }
        let shared = above.iter().zip(&section.headings);
        let shared = shared
            .take_while(|(above_heading, heading)| above_heading == heading)
            .count();
        let headings = section.headings[shared..].join("\n");
        writeln!(text, "{headings}\n{}", section.text).unwrap();
        above = &section.headings;
    }
    text
}

/// Starts the lines at the end of a text that list omissions: a kind, then a page or a count.
const OMISSION_PREFIX: &str = "=== left out ";

fn expected_left_out(document: &Path) -> Vec<String> {
    let mut path = document.as_os_str().to_owned();
    path.push(".txt");
    let text = std::fs::read_to_string(path).unwrap();
    text.lines()
        .filter_map(|line| line.strip_prefix(OMISSION_PREFIX))
        .map(str::to_owned)
        .collect()
}

fn omission_lines(extracted: &ExtractedDocument) -> Vec<String> {
    let lines = extracted
        .left_out
        .iter()
        .map(|omission| match (omission.page, omission.count) {
            (Some(page), _) => format!("{} {page}", omission.kind),
            (None, count) => format!("{} x{}", omission.kind, count.unwrap_or(1)),
        });
    lines.collect()
}

/// The text of each page, or of a document without pages.
fn expected_pages(document: &Path) -> Vec<(Option<u32>, String)> {
    let mut path = document.as_os_str().to_owned();
    path.push(".txt");
    let text = std::fs::read_to_string(path).unwrap();
    let text = text.split(OMISSION_PREFIX).next().unwrap().to_owned();
    match text.strip_prefix("=== page 1\n") {
        None => vec![(None, text)],
        Some(rest) => {
            let pages = rest.split("\n=== page ").enumerate().map(|(index, page)| {
                let page = match index {
                    0 => page,
                    _ => page.split_once('\n').unwrap().1,
                };
                (u32::try_from(index + 1).ok(), page.to_owned())
            });
            pages.collect()
        }
    }
}

fn documents(kind: &str) -> Vec<PathBuf> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../testing/corpus");
    let entries = std::fs::read_dir(Path::new(folder).join(kind)).unwrap();
    let mut names: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    names.sort();
    let all_names = names.clone();
    // The expected text of a document is stored next to it.
    names.retain(|path| {
        let name = path.to_string_lossy();
        !name
            .strip_suffix(".txt")
            .is_some_and(|document| all_names.contains(&PathBuf::from(document)))
    });
    names
}

/// One line of the report: words expected, found and wrong, pages of which nothing was read, omissions.
fn report_line(name: &str, extracted: &ExtractedDocument, document: &Path) -> (String, bool) {
    let (mut totals, mut lost, mut is_good) = (WordCounts::default(), 0, true);
    for (page, text) in expected_pages(document) {
        let counts = measure(&text, &page_text(extracted, page));
        lost += u32::from(counts.expected_words > 0 && counts.found == 0);
        is_good &= counts.has_recall();
        totals.add(counts);
    }
    let is_pdf = document.extension().is_some_and(|end| end == "pdf");
    is_good &= totals.has_few_wrong(if is_pdf { 0.0 } else { MAX_WRONG });
    let left_out = omission_lines(extracted);
    is_good &= left_out == expected_left_out(document);
    let WordCounts {
        expected_words,
        found,
        wrong,
    } = totals;
    let left_out = left_out.join(", ");
    (
        format!("{name:24} {expected_words:6} {found:6} {wrong:6} {lost:6}  {left_out}"),
        is_good,
    )
}

const REPORT_HEADER: &str = "document                 wanted  found  wrong  pages lost  left out";

#[test]
fn at_least_98_percent_of_words_are_read_on_their_pages_and_no_others() {
    let (mut table, mut wrong) = (REPORT_HEADER.to_owned(), String::new());
    for (kind, media_type) in KINDS {
        let documents = documents(kind);
        assert_eq!(documents.len(), 3, "{kind}");
        for document in documents {
            let tabs = document.extension().is_some_and(|end| end == "tsv");
            let media_type = match tabs {
                true => "text/tab-separated-values",
                false => media_type,
            };
            let name = document.file_name().unwrap().to_string_lossy().into_owned();
            let bytes = std::fs::read(&document).unwrap();
            let extracted = extract(media_type, &bytes).unwrap();
            let (line, is_good) = report_line(&name, &extracted, &document);
            write!(table, "\n{line}").unwrap();
            if !is_good {
                writeln!(wrong, "{name}:\n{}", page_text(&extracted, None)).unwrap();
            }
        }
    }
    println!("{table}");
    assert!(wrong.is_empty(), "{table}\n\n{wrong}");
}

#[test]
fn unusual_pdf_files_are_read_and_their_omissions_are_listed() {
    let (mut table, mut wrong) = (REPORT_HEADER.to_owned(), String::new());
    let documents = documents("odd-pdf");
    assert!(documents.len() >= 10);
    for document in documents {
        let name = document.file_name().unwrap().to_string_lossy().into_owned();
        let bytes = std::fs::read(&document).unwrap();
        let extracted = extract("application/pdf", &bytes).unwrap();
        let (line, is_good) = report_line(&name, &extracted, &document);
        write!(table, "\n{line}").unwrap();
        if !is_good {
            writeln!(wrong, "{name}:\n{}", page_text(&extracted, None)).unwrap();
        }
    }
    println!("{table}");
    assert!(wrong.is_empty(), "{table}\n\n{wrong}");
}

/// The facts of a table file that were not read, and those that were read wrongly.
///
/// A line `Ada | Fee | 35` says that in a line with Ada the fee is 35, and nothing else (other values after `;;` are
/// right elsewhere); `-` matches any line. `+` precedes a text that must be read, `!` one that must not.
fn wrong_facts(facts: &str, read: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    for fact in facts.lines() {
        let missing = match (fact.strip_prefix("! "), fact.strip_prefix("+ ")) {
            (Some(text), _) => read.contains(text),
            (_, Some(text)) => !read.contains(text),
            _ => !contains_fact(fact, read, &mut wrong),
        };
        if missing {
            wrong.push(fact.to_owned());
        }
    }
    wrong
}

fn contains_fact(fact: &str, read: &str, wrong: &mut Vec<String>) -> bool {
    let mut parts = fact.splitn(3, " | ");
    let [subject, name, values] = [(); 3].map(|()| parts.next().unwrap());
    let values: Vec<&str> = values.split(" ;; ").collect();
    let mut found = false;
    for line in read
        .lines()
        .filter(|line| subject == "-" || line.contains(subject))
    {
        let start = format!("{name}: ");
        let searched = format!("; {line}");
        for (position, _) in searched.match_indices(&format!("; {start}")) {
            let value = &searched[position + 2 + start.len()..];
            found |= value.starts_with(values[0]);
            if !values.iter().any(|right| value.starts_with(right)) {
                wrong.push(format!("{fact}: {line}"));
            }
        }
    }
    found
}

#[test]
fn every_fact_of_every_table_is_read_and_nothing_else() {
    let mut wrong = String::new();
    let entries = std::fs::read_dir(TABLES)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let documents: Vec<PathBuf> = entries
        .filter(|path| path.extension().unwrap() != "facts")
        .collect();
    assert!(documents.len() > 20, "{documents:?}");
    for document in documents {
        let end = document.extension().unwrap().to_str().unwrap();
        let (_, media_type) = KINDS.iter().find(|(kind, _)| *kind == end).unwrap();
        let extracted = extract(media_type, &std::fs::read(&document).unwrap()).unwrap();
        let name = document.file_name().unwrap().to_string_lossy().into_owned();
        let facts =
            std::fs::read_to_string(document.with_file_name(format!("{name}.facts"))).unwrap();
        let read = page_text(&extracted, None);
        let faults = wrong_facts(&facts, &read);
        if !faults.is_empty() {
            writeln!(wrong, "{name}: {faults:#?}\n{read}").unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

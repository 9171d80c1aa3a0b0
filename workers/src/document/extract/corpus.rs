//! The committed corpus: three documents of each kind, written by different programs, and PDF files that are odd in some
//! way, against what stands in them. Words that are missed and words that stand nowhere are both counted.

use std::collections::{HashMap, HashSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};

use super::{Extracted, extract};

/// The part of the words that must be read, of every document and of every page.
const ENOUGH: f64 = 0.98;
/// The words that are read of a document and do not stand there, as a part of those that do, at most. Such are marks of
/// Markdown and numbers of slides; PDF files have none.
const WRONG: f64 = 0.03;

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

/// Where the tables are whose facts are known.
const TABLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../testing/corpus/tables");

fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
}

/// How the words of a text compare with those that were read.
#[derive(Debug, Default, Clone, Copy)]
struct Measured {
    wanted: u32,
    found: u32,
    /// Words that were read and stand nowhere in the text.
    wrong: u32,
}

impl Measured {
    fn add(&mut self, other: Self) {
        self.wanted += other.wanted;
        self.found += other.found;
        self.wrong += other.wrong;
    }

    fn has_enough(self) -> bool {
        f64::from(self.found) >= ENOUGH * f64::from(self.wanted)
    }

    fn has_few_wrong(self, most: f64) -> bool {
        f64::from(self.wrong) <= most * f64::from(self.wanted)
    }
}

/// Each word counts as often as it stands there.
fn measure(wanted: &str, read: &str) -> Measured {
    let mut left: HashMap<String, u32> = HashMap::new();
    for word in words(read) {
        *left.entry(word).or_default() += 1;
    }
    let mut measured = Measured::default();
    let mut known = HashSet::new();
    for word in words(wanted) {
        measured.wanted += 1;
        if let Some(count) = left.get_mut(&word).filter(|count| **count > 0) {
            *count -= 1;
            measured.found += 1;
        }
        known.insert(word);
    }
    // The names of columns are read in each row: what stands there once may be read again.
    measured.wrong = words(read)
        .filter(|word| !known.contains(word))
        .count()
        .try_into()
        .unwrap();
    measured
}

/// What was read of a page, or of everything: each heading once, where it begins.
fn text_of(extracted: &Extracted, page: Option<u32>) -> String {
    let mut text = String::new();
    let mut above: &[String] = &[];
    for section in &extracted.sections {
        if page.is_some() && section.page != page {
            continue;
        }
        let same = above.iter().zip(&section.headings);
        let same = same.take_while(|(one, other)| one == other).count();
        let headings = section.headings[same..].join("\n");
        writeln!(text, "{headings}\n{}", section.text).unwrap();
        above = &section.headings;
    }
    text
}

/// Begins the lines that name what is left out, at the end of a text: a kind, and a page or how many.
const LEFT_OUT: &str = "=== left out ";

fn expected_left_out(document: &Path) -> Vec<String> {
    let mut path = document.as_os_str().to_owned();
    path.push(".txt");
    let text = std::fs::read_to_string(path).unwrap();
    text.lines()
        .filter_map(|line| line.strip_prefix(LEFT_OUT))
        .map(str::to_owned)
        .collect()
}

fn left_out(extracted: &Extracted) -> Vec<String> {
    let named = extracted
        .left_out
        .iter()
        .map(|one| match (one.page, one.count) {
            (Some(page), _) => format!("{} {page}", one.kind.as_str()),
            (None, count) => format!("{} x{}", one.kind.as_str(), count.unwrap_or(1)),
        });
    named.collect()
}

/// The text of each page, or of a document without pages.
fn expected(document: &Path) -> Vec<(Option<u32>, String)> {
    let mut path = document.as_os_str().to_owned();
    path.push(".txt");
    let text = std::fs::read_to_string(path).unwrap();
    let text = text.split(LEFT_OUT).next().unwrap().to_owned();
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
    let all = names.clone();
    // What stands in a document lies beside it.
    names.retain(|path| {
        let name = path.to_string_lossy();
        !name
            .strip_suffix(".txt")
            .is_some_and(|document| all.contains(&PathBuf::from(document)))
    });
    names
}

/// One line of the table: words wanted, found and wrong, pages of which nothing was read, what was left out.
fn line(name: &str, extracted: &Extracted, document: &Path) -> (String, bool) {
    let (mut all, mut lost, mut is_good) = (Measured::default(), 0, true);
    for (page, text) in expected(document) {
        let measured = measure(&text, &text_of(extracted, page));
        lost += u32::from(measured.wanted > 0 && measured.found == 0);
        is_good &= measured.has_enough();
        all.add(measured);
    }
    let is_pdf = document.extension().is_some_and(|end| end == "pdf");
    is_good &= all.has_few_wrong(if is_pdf { 0.0 } else { WRONG });
    let left_out = left_out(extracted);
    is_good &= left_out == expected_left_out(document);
    let Measured {
        wanted,
        found,
        wrong,
    } = all;
    let left_out = left_out.join(", ");
    (
        format!("{name:24} {wanted:6} {found:6} {wrong:6} {lost:6}  {left_out}"),
        is_good,
    )
}

const COLUMNS: &str = "document                 wanted  found  wrong  pages lost  left out";

#[test]
fn at_least_98_of_100_words_of_every_document_are_read_on_their_pages_and_no_others() {
    let (mut table, mut wrong) = (COLUMNS.to_owned(), String::new());
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
            let (line, is_good) = line(&name, &extracted, &document);
            write!(table, "\n{line}").unwrap();
            if !is_good {
                writeln!(wrong, "{name}:\n{}", text_of(&extracted, None)).unwrap();
            }
        }
    }
    println!("{table}");
    assert!(wrong.is_empty(), "{table}\n\n{wrong}");
}

#[test]
fn odd_pdf_files_are_read_and_what_is_lost_of_them_is_named() {
    let (mut table, mut wrong) = (COLUMNS.to_owned(), String::new());
    let documents = documents("odd-pdf");
    assert!(documents.len() >= 10);
    for document in documents {
        let name = document.file_name().unwrap().to_string_lossy().into_owned();
        let bytes = std::fs::read(&document).unwrap();
        let extracted = extract("application/pdf", &bytes).unwrap();
        let (line, is_good) = line(&name, &extracted, &document);
        write!(table, "\n{line}").unwrap();
        if !is_good {
            writeln!(wrong, "{name}:\n{}", text_of(&extracted, None)).unwrap();
        }
    }
    println!("{table}");
    assert!(wrong.is_empty(), "{table}\n\n{wrong}");
}

/// The facts of a table file that are not read, and those that are read and wrong.
///
/// A line `Ada | Fee | 35` says that where Ada stands the fee is 35, and nothing else (other values after `;;` are right
/// elsewhere); `-` stands for any line. `+` is followed by a text that is read, `!` by one that is not.
fn wrong_facts(facts: &str, read: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    for fact in facts.lines() {
        let missing = match (fact.strip_prefix("! "), fact.strip_prefix("+ ")) {
            (Some(text), _) => read.contains(text),
            (_, Some(text)) => !read.contains(text),
            _ => !is_fact(fact, read, &mut wrong),
        };
        if missing {
            wrong.push(fact.to_owned());
        }
    }
    wrong
}

fn is_fact(fact: &str, read: &str, wrong: &mut Vec<String>) -> bool {
    let mut parts = fact.splitn(3, " | ");
    let [subject, name, values] = [(); 3].map(|()| parts.next().unwrap());
    let values: Vec<&str> = values.split(" ;; ").collect();
    let mut found = false;
    for line in read
        .lines()
        .filter(|line| subject == "-" || line.contains(subject))
    {
        let start = format!("{name}: ");
        let told = format!("; {line}");
        for (at, _) in told.match_indices(&format!("; {start}")) {
            let value = &told[at + 2 + start.len()..];
            found |= value.starts_with(values[0]);
            if !values.iter().any(|right| value.starts_with(right)) {
                wrong.push(format!("{fact}: {line}"));
            }
        }
    }
    found
}

#[test]
fn every_fact_of_every_table_is_read_and_no_other() {
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
        let read = text_of(&extracted, None);
        let faults = wrong_facts(&facts, &read);
        if !faults.is_empty() {
            writeln!(wrong, "{name}: {faults:#?}\n{read}").unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

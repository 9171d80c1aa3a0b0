//! The committed corpus: three documents of each kind, written by different programs, against what stands in them.

use std::collections::HashMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use super::{Extracted, extract};

/// The part of the words that must be read, of every document and of every page.
const ENOUGH: f64 = 0.98;

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

/// The part of the words of a text that another holds as well, each as often as it stands there.
fn held(wanted: &str, read: &str) -> f64 {
    let mut left: HashMap<String, usize> = HashMap::new();
    for word in words(read) {
        *left.entry(word).or_default() += 1;
    }
    let (mut all, mut found) = (0_u32, 0_u32);
    for word in words(wanted) {
        all += 1;
        if let Some(count) = left.get_mut(&word).filter(|count| **count > 0) {
            *count -= 1;
            found += 1;
        }
    }
    f64::from(found) / f64::from(all.max(1))
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

/// The text of each page, or of a document without pages.
fn expected(document: &Path) -> Vec<(Option<u32>, String)> {
    let mut path = document.as_os_str().to_owned();
    path.push(".txt");
    let text = std::fs::read_to_string(path).unwrap();
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

#[test]
fn at_least_98_of_100_words_of_every_document_are_read_on_their_pages() {
    let mut wrong = String::new();
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
            for (page, text) in expected(&document) {
                let read = text_of(&extracted, page);
                let part = held(&text, &read);
                if part < ENOUGH {
                    writeln!(wrong, "{kind} {name} {page:?}: {part:.3}\n{read}").unwrap();
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
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

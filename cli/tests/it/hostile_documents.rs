//! UP-04, UP-05: five hostile documents of every kind. Each fails alone, and the next document is processed.

use std::io::{Cursor, Read, Write};
use std::path::Path;

use serde_json::json;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use crate::documents::{base, ended, site, upload};

/// A text from the file that the XML entities refer to; no document contains it.
const SECRET: &str = "root:x:0:0";

fn corpus(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../testing/corpus");
    std::fs::read(folder.join(name)).unwrap()
}

/// An office document with one part changed.
fn with_part(document: &[u8], part: &str, change: impl Fn(&str) -> String) -> Vec<u8> {
    let mut archive = ZipArchive::new(Cursor::new(document)).unwrap();
    let mut copy = ZipWriter::new(Cursor::new(Vec::new()));
    let mut changed = false;
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).unwrap();
        let name = entry.name().unwrap().into_owned();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        if name == part {
            bytes = change(std::str::from_utf8(&bytes).unwrap()).into_bytes();
            changed = true;
        }
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        copy.start_file(name, options).unwrap();
        copy.write_all(&bytes).unwrap();
    }
    assert!(changed, "there is no {part}");
    copy.finish().unwrap().into_inner()
}

/// Inserts text between the XML declaration and the root element.
fn before_root(xml: &str, text: &str) -> String {
    let root = xml.find("?>").map_or(0, |end| end + 2);
    format!("{}{text}{}", &xml[..root], &xml[root..])
}

/// Five hostile files in one office format; `word` is a text of the part.
fn office(document: &str, part: &str, word: &str) -> Vec<(String, Vec<u8>)> {
    let bytes = corpus(document);
    let end = Path::new(document).extension().unwrap().to_str().unwrap();
    let entity = |declared: &str| {
        with_part(&bytes, part, |xml| {
            assert!(xml.contains(word), "{document} does not contain {word}");
            before_root(&xml.replace(word, "&a;"), declared)
        })
    };
    let ten = |n: u32| format!("&l{n};").repeat(10);
    let entities: String = (1..12)
        .map(|n| format!("<!ENTITY l{n} \"{}\">", ten(n - 1)))
        .collect();
    let laughs = format!("<!DOCTYPE x [<!ENTITY l0 \"lol\">{entities}");
    let files = [
        (
            "bomb",
            with_part(&bytes, part, |xml| {
                xml.replace(word, &"a".repeat(150_000_000))
            }),
        ),
        (
            "xxe",
            entity("<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>"),
        ),
        (
            "laughs",
            entity(&format!("{laughs}<!ENTITY a \"&l11;\">]>")),
        ),
        (
            "deep",
            with_part(&bytes, part, |xml| {
                let deep = format!("{}{}", "<a>".repeat(200_000), "</a>".repeat(200_000));
                xml.replace(word, &deep)
            }),
        ),
        ("cut", bytes[..bytes.len() / 2].to_vec()),
    ];
    files
        .into_iter()
        .map(|(name, bytes)| (format!("{name}.{end}"), bytes))
        .collect()
}

/// Text files that exhaust the stack, memory or time of naive parsers.
fn texts() -> Vec<(String, Vec<u8>)> {
    let many = |text: &str, times: usize| text.repeat(times).into_bytes();
    let table = |rows: usize| format!("|{}\n|{}\n", "a|".repeat(rows), "-|".repeat(rows));
    let files: [(&str, Vec<u8>); 25] = [
        ("deep.html", many("<div><b>", 25_000)),
        ("unclosed.html", [b"<html><script>".to_vec(), many("x<", 125_000)].concat()),
        ("attributes.html", [b"<p ".to_vec(), many("a=b ", 62_500), b">x</p>".to_vec()].concat()),
        ("entities.html", many("&#x41;&lt;&nosuch;&#xffffffff;", 12_500)),
        ("fetch.html", b"<meta http-equiv=refresh content='0;url=http://127.0.0.1:1'><iframe src=file:///etc/passwd></iframe><img src=http://127.0.0.1:1/x><p>pulled".to_vec()),
        ("quotes.md", many(">", 37_500)),
        ("lists.md", (0..1_500).fold(String::new(), |text, n| text + &" ".repeat(n % 600) + "- x\n").into_bytes()),
        ("stars.md", many("*a **b ", 25_000)),
        ("links.md", many("[a](", 25_000)),
        ("table.md", table(10_000).into_bytes()),
        ("quote.csv", [b"a,b\n\"".to_vec(), many("never closed,", 50_000)].concat()),
        ("wide.csv", many("x,", 62_500)),
        ("nul.csv", many("a\0b,\n", 12_500)),
        ("returns.csv", many("a,b\r", 37_500)),
        ("formula.csv", many("=cmd|' /C calc'!A0,@SUM(1),+1,-1\n", 10_000)),
        ("word.txt", many("x", 625_000)),
        ("bytes.txt", (0..200_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8 | 0x80).collect()),
        ("odd.txt", [vec![0xff, 0xfe], many("a\0b\0", 1_000), vec![0xd8]].concat()),
        ("marks.txt", many("a\u{301}\u{202e}\u{200b}", 37_500)),
        ("lines.txt", many("\n", 625_000)),
        ("minified.js", many("function(){", 50_000)),
        ("braces.json", many("[", 125_000)),
        ("laughs.xml", [b"<!DOCTYPE x [<!ENTITY a \"lol\">]><x>".to_vec(), many("&a;", 62_500), b"</x>".to_vec()].concat()),
        ("trojan.rs", "// \u{202e} } \u{2066}if admin\u{2069} \u{2066} begin\n".repeat(4_000).into_bytes()),
        ("escapes.py", many("\u{1b}[2J\u{7}# x\n", 12_500)),
    ];
    files
        .into_iter()
        .map(|(name, bytes)| (name.to_owned(), bytes))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_documents_of_every_kind_fail_alone() {
    let (site, _server) = site().await;
    let ada = site.log_in("ada@example.org").await;
    let base = base(&ada).await;
    let mut files = office("docx/insurance.docx", "word/document.xml", "bollard");
    files.extend(office(
        "xlsx/rules.xlsx",
        "xl/worksheets/sheet1.xml",
        "Topic",
    ));
    files.extend(office(
        "pptx/tram-operations.pptx",
        "ppt/slides/slide2.xml",
        "first",
    ));
    files.extend(texts());
    assert_eq!(files.len(), 40);
    let mut ids = Vec::new();
    for (name, bytes) in &files {
        ids.push((name, upload(&ada, &base, name, bytes).await));
    }
    for (name, id) in &ids {
        let document = ended(&ada, id).await;
        let code = document["error"]["code"].as_str();
        match document["status"].as_str().unwrap() {
            "ready" => assert_eq!(code, None, "{name}: {document}"),
            // The error blames the document, never an internal failure.
            _ => assert!(
                matches!(
                    code,
                    Some("unreadable" | "too_large" | "no_text" | "unsupported_type")
                ),
                "{name}: {document}"
            ),
        }
        if name.starts_with("bomb") {
            assert_eq!(code, Some("too_large"), "{name}: {document}");
        }
        if name.starts_with("cut") {
            assert_eq!(code, Some("unreadable"), "{name}: {document}");
        }
    }
    let good = upload(&ada, &base, "garden.txt", &corpus("text/garden.txt")).await;
    assert_eq!(ended(&ada, &good).await["status"], "ready");
    let leaked = json!({"query": SECRET});
    let leaked = ada.post(0, "knowledge/search", leaked).await;
    let items = leaked.body["items"].to_string();
    assert!(!items.contains(SECRET), "{items}");
}

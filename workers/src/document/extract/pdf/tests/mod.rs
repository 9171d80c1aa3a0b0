//! Small PDF files with one fault: the intact parts are read, and the losses are listed.

mod cells;
mod columns;
mod hidden;
mod notes;
mod ordinary;
mod tables;

use std::fmt::Write;

use domain::document::{FailureCode, Omission, OmissionKind};

use super::*;

const HELVETICA: &str =
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>";

/// A document with the font `F1` and optionally `F2`. Additional objects start with number 3.
#[derive(Default)]
struct PdfFile {
    /// The content of each page and additional entries of its dictionary.
    pages: Vec<(String, String)>,
    second_font: Option<String>,
    extra_objects: Vec<String>,
    catalog: String,
}

impl PdfFile {
    fn new(pages: &[&str]) -> Self {
        let pages = pages
            .iter()
            .map(|content| ((*content).to_owned(), String::new()));
        Self {
            pages: pages.collect(),
            ..Self::default()
        }
    }

    fn bytes(&self) -> Vec<u8> {
        let mut objects = vec![
            format!("<< /Type /Catalog /Pages 2 0 R {} >>", self.catalog),
            String::new(),
        ];
        objects.extend(self.extra_objects.iter().cloned());
        let second = self.second_font.as_deref().unwrap_or("null");
        objects.extend([HELVETICA.to_owned(), second.to_owned()]);
        let font = objects.len() - 1;
        let fonts = match self.second_font {
            Some(_) => format!("/F1 {font} 0 R /F2 {} 0 R", font + 1),
            None => format!("/F1 {font} 0 R"),
        };
        let mut kids = String::new();
        for (content, entries) in &self.pages {
            objects.push(stream("", content));
            let resources = match entries.contains("/Resources") {
                true => String::new(),
                false => format!("/Resources << /Font << {fonts} >> /XObject << /Form 3 0 R >> >>"),
            };
            let contents = objects.len();
            objects.push(format!(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] {resources} /Contents {contents} 0 R {entries} >>"
            ));
            write!(kids, "{} 0 R ", objects.len()).unwrap();
        }
        objects[1] = format!(
            "<< /Type /Pages /Count {} /Kids [{kids}] >>",
            self.pages.len()
        );
        build_file(&objects)
    }

    fn read(&self) -> Result<ExtractedDocument, ExtractError> {
        super::super::normalize("application/pdf", extract(&self.bytes())?)
    }
}

fn stream(dictionary: &str, content: &str) -> String {
    format!(
        "<< /Length {} {dictionary} >>\nstream\n{content}\nendstream",
        content.chars().count()
    )
}

/// Builds a file of objects with the table of their offsets. Each character is one byte.
fn build_file(objects: &[String]) -> Vec<u8> {
    let mut file = "%PDF-1.7\n".to_owned();
    let mut offsets = Vec::new();
    for (number, object) in (1..).zip(objects) {
        offsets.push(file.chars().count());
        writeln!(file, "{number} 0 obj\n{object}\nendobj").unwrap();
    }
    let table = file.chars().count();
    writeln!(file, "xref\n0 {}\n0000000000 65535 f ", offsets.len() + 1).unwrap();
    for offset in &offsets {
        writeln!(file, "{offset:010} 00000 n ").unwrap();
    }
    write!(
        file,
        "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n",
        offsets.len() + 1
    )
    .unwrap();
    file.chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap())
        .collect()
}

fn show_text(text: &str, font: &str) -> String {
    format!("BT /{font} 12 Tf 50 800 Td ({text}) Tj ET")
}

fn page(extracted: &ExtractedDocument, number: u32) -> String {
    let sections = extracted
        .sections
        .iter()
        .filter(|section| section.page == Some(number));
    sections.map(|section| section.text.trim()).collect()
}

const SECOND: &str = "The heron waits";

/// Three pages, the second of which has a fault, possibly in the font `F2`.
fn three_pages(second: &str, font: Option<&str>, extra_objects: &[String]) -> PdfFile {
    let mut file = PdfFile::new(&[
        &show_text("The otter swims", "F1"),
        second,
        &show_text("The marmot sleeps", "F1"),
    ]);
    file.second_font = font.map(str::to_owned);
    file.extra_objects = extra_objects.to_vec();
    file
}

fn type1(rest: &str) -> String {
    format!("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica {rest} >>")
}

#[test]
fn a_page_with_a_harmless_fault_is_read() {
    let content = show_text(SECOND, "F2");
    let fonts = [
        (
            "a font of the 14",
            type1("/Encoding /StandardEncoding").replace("Helvetica", "Times-Roman"),
        ),
        ("an unknown encoding", type1("/Encoding /NoSuchEncoding")),
        ("an encoding of another kind", type1("/Encoding 12")),
        (
            "too few widths",
            type1("/FirstChar 32 /LastChar 126 /Widths [300 300]"),
        ),
        (
            "no widths",
            type1("/FirstChar 32 /LastChar 126 /Widths null"),
        ),
        (
            "widths that are none",
            type1("/FirstChar 32 /LastChar 126 /Widths [/A (b) [] null]"),
        ),
        (
            "a broken program",
            type1("/FontDescriptor << /FontName /X /FontFile3 3 0 R >>")
                .replace("Helvetica", "ABCDEF+X"),
        ),
    ];
    let program = [stream("/Subtype /Type1C", "no font at all")];
    let mut files: Vec<(&str, PdfFile)> = fonts
        .iter()
        .map(|(name, font)| (*name, three_pages(&content, Some(font), &program)))
        .collect();
    let intact = show_text(SECOND, "F1");
    let contents = [
        ("a font that is missing", content.clone()),
        (
            "a graphics state that is missing",
            format!("/G9 gs {intact}"),
        ),
        ("an XObject that is missing", format!("/X9 Do {intact}")),
        (
            "a colour space that is missing",
            format!("/C9 cs 1 scn {intact}"),
        ),
        (
            "a pattern and a shading that are missing",
            format!("/P9 sh /Pattern cs /P9 scn {intact}"),
        ),
        (
            "text before any font",
            format!("BT 50 800 Td ({SECOND}) Tj ET"),
        ),
        (
            "operators without operands",
            format!("Tf Td Tj TJ Tm cm Do q {intact}"),
        ),
        (
            "operands of another kind",
            format!("(a) Tc /N Tw [1] Td {intact}"),
        ),
        ("more restored than saved", format!("Q Q Q {intact} Q Q")),
        (
            "marked content that does not end",
            format!("/Span BMC {intact}"),
        ),
        (
            "an inline image without end",
            format!("{intact} BI /W 4 /H 4 ID xxxx"),
        ),
    ];
    files.extend(
        contents
            .iter()
            .map(|(name, content)| (*name, three_pages(content, None, &[]))),
    );
    let mut bare = three_pages(&intact, None, &[]);
    bare.pages[1].1 = "/Resources null".to_owned();
    files.push(("no resources", bare));
    for (name, file) in files {
        let read = file.read().unwrap();
        assert_eq!(page(&read, 1), "The otter swims", "{name}");
        assert_eq!(page(&read, 2), SECOND, "{name}: {:?}", read.left_out);
        assert_eq!(page(&read, 3), "The marmot sleeps", "{name}");
        assert_eq!(read.pages, Some(3), "{name}");
    }
}

#[test]
fn an_unreadable_page_is_listed_and_does_not_affect_others() {
    let composite = |rest: &str| format!("<< /Type /Font /Subtype /Type0 /BaseFont /X {rest} >>");
    let descendant = "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X /DW 1000 /CIDSystemInfo << /Registry (Adobe) \
                      /Ordering (Identity) /Supplement 0 >> >>";
    let map = |map: &str| vec![descendant.to_owned(), stream("", map)];
    let full = "/Encoding /Identity-H /DescendantFonts [3 0 R] /ToUnicode 4 0 R";
    let ranges = "begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange";
    let odd = format!("{ranges} 1 beginbfchar <0001> <041> endbfchar endcmap");
    let out_of_range =
        format!("{ranges} 1 beginbfrange <0001> <FFFFFFFF> <D800> endbfrange endcmap");
    let codes = "BT /F2 12 Tf 50 800 Td <00010002> Tj ET";
    let letters = "BT /F2 12 Tf 50 800 Td <002B0048004F004F> Tj ET";
    let cases = [
        ("an empty map", full, map(""), codes),
        ("a map of nothing", full, map("begincmap endcmap"), codes),
        ("a map with an odd number of digits", full, map(&odd), codes),
        ("a map of no characters", full, map(&out_of_range), codes),
        (
            "a map that is none",
            full,
            map("<< /Type >> ) ( ] endbfchar"),
            codes,
        ),
        (
            "no map",
            "/Encoding /Identity-H /DescendantFonts [3 0 R]",
            map(""),
            codes,
        ),
        ("no descendant", "/Encoding /Identity-H", vec![], letters),
        (
            "a descendant of another kind",
            "/Encoding /Identity-H /DescendantFonts 7",
            vec![],
            letters,
        ),
        ("no encoding", "/DescendantFonts [3 0 R]", map(""), letters),
    ];
    for (name, font, more, content) in cases {
        let read = three_pages(content, Some(&composite(font)), &more)
            .read()
            .unwrap();
        assert_eq!(page(&read, 1), "The otter swims", "{name}");
        assert_eq!(page(&read, 3), "The marmot sleeps", "{name}");
        let second = page(&read, 2);
        assert!(
            second.is_empty() || second == "А",
            "{name}: {second:?} was not written"
        );
        let pages: Vec<_> = read.left_out.iter().map(|left_out| left_out.page).collect();
        assert_eq!(pages, [Some(2)], "{name}: {:?}", read.left_out);
        assert_ne!(
            read.left_out[0].kind,
            OmissionKind::PageWithoutText,
            "{name}"
        );
    }
}

#[test]
fn a_page_with_broken_content_or_dictionary_is_listed() {
    let good = show_text("The otter swims", "F1");
    let mut file = PdfFile::new(&[&good, &good, &good, &good]);
    file.pages[1].1 = "/Contents 99 0 R".to_owned();
    file.pages[2].1 = format!("/Contents [{} 0 R 98 0 R]", 3 + 2 + 2 * 2);
    let bytes = String::from_utf8(file.bytes()).unwrap();
    // Parsers may use the first or the second of duplicate keys, so the first is removed.
    let first = |page: usize| format!("/Contents {} 0 R /Contents", 5 + 2 * page);
    let bytes = (1..3).fold(bytes, |bytes, page| {
        bytes.replace(
            &first(page),
            &format!("{}/Contents", " ".repeat(first(page).len() - 9)),
        )
    });
    let read = extract(bytes.as_bytes()).unwrap();
    let omissions: Vec<Omission> = vec![
        Omission::on_page(OmissionKind::UnreadablePage, 2),
        Omission::on_page(OmissionKind::IncompletePage, 3),
    ];
    assert_eq!(read.left_out, omissions);
    assert_eq!(
        (page(&read, 1), page(&read, 4)),
        ("The otter swims".into(), "The otter swims".into())
    );

    // The interpreter gives up at a path without coordinates, and so at garbage.
    for broken in [
        format!("re {good}"),
        "nobody packed this".to_owned(),
        "(BT".to_owned(),
    ] {
        let read = PdfFile::new(&[&good, &broken]).read().unwrap();
        let omissions = [Omission::on_page(OmissionKind::UnreadablePage, 2)];
        assert_eq!(read.left_out, omissions, "{broken}");
    }
    let cut = "BT /F1 12 Tf 50 800 Td (The badger digs) Tj (and the";
    let read = PdfFile::new(&[cut]).read().unwrap();
    assert_eq!(page(&read, 1), "The badger digs");
    assert_eq!(
        read.left_out,
        [Omission::on_page(OmissionKind::IncompletePage, 1)]
    );

    // A missing page keeps its number.
    let file = PdfFile::new(&[&good, &good, &show_text("The marmot sleeps", "F1")]);
    let bytes = String::from_utf8(file.bytes()).unwrap();
    let bytes = bytes.replacen("8 0 R 10 0 R", "8 0 R 77 0 R", 1);
    let read = extract(bytes.as_bytes()).unwrap();
    assert_eq!(read.pages, Some(3));
    assert_eq!(
        read.left_out,
        [Omission::on_page(OmissionKind::UnreadablePage, 3)]
    );
}

#[test]
fn a_panic_on_a_page_loses_only_that_page() {
    let pages: Vec<String> = (1..=5)
        .map(|number| show_text(&format!("Page {number}"), "F1"))
        .collect();
    let pages: Vec<&str> = pages.iter().map(String::as_str).collect();
    let data = PdfData::from(Arc::new(PdfFile::new(&pages).bytes()));
    let read = read_pages(&data, open(&data).unwrap(), |page, document| {
        let text = page::read_page(page, document);
        assert!(
            !["Page 2", "Page 5"].contains(&text.text.as_str()),
            "a page that breaks its reader"
        );
        text
    });
    let texts: Vec<&str> = read.iter().map(|page| page.text.as_str()).collect();
    assert_eq!(texts, ["Page 1", "", "Page 3", "Page 4", ""]);
    assert!(read[1].is_incomplete && read[4].is_incomplete && !read[2].is_incomplete);
}

#[test]
fn pages_without_text_are_listed_and_a_document_without_text_is_refused() {
    let image = "q 100 0 0 100 50 50 cm BI /W 1 /H 1 /CS /G /BPC 8 ID x EI Q";
    let read = PdfFile::new(&[&show_text("One", "F1"), image, "", &show_text("Four", "F1")])
        .read()
        .unwrap();
    let omissions = [2, 3].map(|page| Omission::on_page(OmissionKind::PageWithoutText, page));
    assert_eq!(read.left_out, omissions);
    assert_eq!((page(&read, 4), read.pages), ("Four".to_owned(), Some(4)));
    let refused = PdfFile::new(&[image, ""]).read().unwrap_err();
    assert_eq!(refused.code, FailureCode::NoText);
}

#[test]
fn every_text_showing_operator_is_read() {
    let content = "BT /F1 12 Tf 14 TL 50 800 Td (The fee) Tj (is 35 euro.) ' 1 0 (Half for) \" [(child) -20 (ren) -400 \
                   (under 12.)] TJ T* <426f6f6b> Tj 0 -14 TD (early.) Tj ET";
    let read = PdfFile::new(&[content]).read().unwrap();
    assert_eq!(
        page(&read, 1),
        "The fee\nis 35 euro.\nHalf forchildren under 12.\nBook\nearly."
    );
    assert_eq!(read.left_out, []);
}

#[test]
fn form_objects_are_read_once_and_recursion_ends() {
    let mut file = PdfFile::new(&[&format!("{} /Form Do", show_text("Above.", "F1"))]);
    let form = "BT /F1 12 Tf 50 700 Td (Within the form.) Tj ET /Form Do";
    file.extra_objects = vec![stream(
        "/Type /XObject /Subtype /Form /BBox [0 0 595 842]",
        form,
    )];
    let read = page(&file.read().unwrap(), 1);
    assert!(read.starts_with("Above.\n\nWithin the form."), "{read}");
}

#[test]
fn text_drawn_twice_to_look_bold_is_read_once() {
    let content = "BT 2 Tr /F1 12 Tf 50 800 Td (Bold by outline) Tj ET BT 0 Tr 50 700 Td (Bold by shift) Tj ET \
                   BT 50.4 700 Td (Bold by shift) Tj ET BT 50 650 Td (again) Tj 0 -14 Td (again) Tj ET";
    let read = page(&PdfFile::new(&[content]).read().unwrap(), 1);
    assert_eq!(read, "Bold by outline\n\nBold by shift\n\nagain\nagain");
}

#[test]
fn footnote_marks_do_not_change_numbers() {
    let content = "BT /F1 12 Tf 50 800 Td (A berth costs 35) Tj /F1 7 Tf 5 Ts (1) Tj /F1 12 Tf 0 Ts ( euro, H) Tj \
                   /F1 7 Tf -3 Ts (2) Tj /F1 12 Tf 0 Ts (O is free.) Tj ET";
    let read = page(&PdfFile::new(&[content]).read().unwrap(), 1);
    assert_eq!(read, "A berth costs 35 1 euro, H2O is free.");
}

#[test]
fn letter_spacing_does_not_split_words() {
    let content = "BT /F1 12 Tf 4 Tc 50 800 Td (HARBOUR RULES) Tj ET";
    assert_eq!(
        page(&PdfFile::new(&[content]).read().unwrap(), 1),
        "HARBOUR RULES"
    );
}

#[test]
fn actual_text_replaces_the_displayed_text() {
    let content = "BT /F1 12 Tf 50 800 Td /Span << /ActualText (office) >> BDC (o) Tj (xx) Tj EMC ( hours) Tj ET";
    assert_eq!(
        page(&PdfFile::new(&[content]).read().unwrap(), 1),
        "office hours"
    );
}

#[test]
fn truncated_files_are_read_partly_or_refused_without_panics() {
    let pages: Vec<String> = (1..=4)
        .map(|number| show_text(&format!("Page number {number}"), "F1"))
        .collect();
    let pages: Vec<&str> = pages.iter().map(String::as_str).collect();
    let file = PdfFile::new(&pages).bytes();
    for length in (0..file.len()).step_by(7) {
        if let Ok(read) = extract(&file[..length]) {
            for section in &read.sections {
                let text = section.text.trim();
                assert!(
                    "Page number 1Page number 2Page number 3Page number 4".contains(text),
                    "{length}: {text}"
                );
            }
        }
    }
    // A changed byte loses at most the object that contains it.
    for offset in (9..file.len()).step_by(11) {
        let mut changed = file.clone();
        changed[offset] ^= 0x15;
        let _ = extract(&changed);
    }
}

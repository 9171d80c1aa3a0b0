//! Small PDF files that are wrong in one place: what is right beside it is read, and what is lost is named.

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

/// A document of pages in one font, `F1`, and another on request, `F2`. Further objects begin with number 3.
#[derive(Default)]
struct File {
    /// The content of each page and what its dictionary has besides.
    pages: Vec<(String, String)>,
    second_font: Option<String>,
    more: Vec<String>,
    catalog: String,
}

impl File {
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
        objects.extend(self.more.iter().cloned());
        let second = self.second_font.as_deref().unwrap_or("null");
        objects.extend([HELVETICA.to_owned(), second.to_owned()]);
        let font = objects.len() - 1;
        let fonts = match self.second_font {
            Some(_) => format!("/F1 {font} 0 R /F2 {} 0 R", font + 1),
            None => format!("/F1 {font} 0 R"),
        };
        let mut kids = String::new();
        for (content, besides) in &self.pages {
            objects.push(stream("", content));
            let resources = match besides.contains("/Resources") {
                true => String::new(),
                false => format!("/Resources << /Font << {fonts} >> /XObject << /Form 3 0 R >> >>"),
            };
            let contents = objects.len();
            objects.push(format!(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] {resources} /Contents {contents} 0 R {besides} >>"
            ));
            write!(kids, "{} 0 R ", objects.len()).unwrap();
        }
        objects[1] = format!(
            "<< /Type /Pages /Count {} /Kids [{kids}] >>",
            self.pages.len()
        );
        written(&objects)
    }

    fn read(&self) -> Result<Extracted, Failed> {
        super::super::checked("application/pdf", extract(&self.bytes())?)
    }
}

fn stream(dictionary: &str, content: &str) -> String {
    format!(
        "<< /Length {} {dictionary} >>\nstream\n{content}\nendstream",
        content.chars().count()
    )
}

/// Objects with the table of their places. Each character is one byte.
fn written(objects: &[String]) -> Vec<u8> {
    let mut file = "%PDF-1.7\n".to_owned();
    let mut places = Vec::new();
    for (number, object) in (1..).zip(objects) {
        places.push(file.chars().count());
        writeln!(file, "{number} 0 obj\n{object}\nendobj").unwrap();
    }
    let table = file.chars().count();
    writeln!(file, "xref\n0 {}\n0000000000 65535 f ", places.len() + 1).unwrap();
    for place in &places {
        writeln!(file, "{place:010} 00000 n ").unwrap();
    }
    write!(
        file,
        "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n",
        places.len() + 1
    )
    .unwrap();
    file.chars()
        .map(|one| u8::try_from(u32::from(one)).unwrap())
        .collect()
}

fn say(text: &str, font: &str) -> String {
    format!("BT /{font} 12 Tf 50 800 Td ({text}) Tj ET")
}

fn page(extracted: &Extracted, number: u32) -> String {
    let sections = extracted
        .sections
        .iter()
        .filter(|section| section.page == Some(number));
    sections.map(|section| section.text.trim()).collect()
}

const SECOND: &str = "The heron waits";

/// Three pages, of which the second has something wrong; the font `F2` may be what is.
fn three(second: &str, font: Option<&str>, more: &[String]) -> File {
    let mut file = File::new(&[
        &say("The otter swims", "F1"),
        second,
        &say("The marmot sleeps", "F1"),
    ]);
    file.second_font = font.map(str::to_owned);
    file.more = more.to_vec();
    file
}

fn type1(rest: &str) -> String {
    format!("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica {rest} >>")
}

#[test]
fn a_page_with_a_fault_that_does_no_harm_is_read() {
    let said = say(SECOND, "F2");
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
    let mut files: Vec<(&str, File)> = fonts
        .iter()
        .map(|(name, font)| (*name, three(&said, Some(font), &program)))
        .collect();
    let own = say(SECOND, "F1");
    let contents = [
        ("a font that is missing", said.clone()),
        ("a graphics state that is missing", format!("/G9 gs {own}")),
        ("an XObject that is missing", format!("/X9 Do {own}")),
        (
            "a colour space that is missing",
            format!("/C9 cs 1 scn {own}"),
        ),
        (
            "a pattern and a shading that are missing",
            format!("/P9 sh /Pattern cs /P9 scn {own}"),
        ),
        (
            "text before any font",
            format!("BT 50 800 Td ({SECOND}) Tj ET"),
        ),
        (
            "operators without operands",
            format!("Tf Td Tj TJ Tm cm Do q {own}"),
        ),
        (
            "operands of another kind",
            format!("(a) Tc /N Tw [1] Td {own}"),
        ),
        ("more restored than saved", format!("Q Q Q {own} Q Q")),
        (
            "marked content that does not end",
            format!("/Span BMC {own}"),
        ),
        (
            "an inline image without end",
            format!("{own} BI /W 4 /H 4 ID xxxx"),
        ),
    ];
    files.extend(
        contents
            .iter()
            .map(|(name, content)| (*name, three(content, None, &[]))),
    );
    let mut bare = three(&own, None, &[]);
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
fn a_page_that_cannot_be_read_is_named_and_costs_itself_alone() {
    let composite = |rest: &str| format!("<< /Type /Font /Subtype /Type0 /BaseFont /X {rest} >>");
    let descendant = "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X /DW 1000 /CIDSystemInfo << /Registry (Adobe) \
                      /Ordering (Identity) /Supplement 0 >> >>";
    let map = |map: &str| vec![descendant.to_owned(), stream("", map)];
    let full = "/Encoding /Identity-H /DescendantFonts [3 0 R] /ToUnicode 4 0 R";
    let ranges = "begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange";
    let odd = format!("{ranges} 1 beginbfchar <0001> <041> endbfchar endcmap");
    let wide = format!("{ranges} 1 beginbfrange <0001> <FFFFFFFF> <D800> endbfrange endcmap");
    let codes = "BT /F2 12 Tf 50 800 Td <00010002> Tj ET";
    let letters = "BT /F2 12 Tf 50 800 Td <002B0048004F004F> Tj ET";
    let cases = [
        ("an empty map", full, map(""), codes),
        ("a map of nothing", full, map("begincmap endcmap"), codes),
        ("a map with an odd number of digits", full, map(&odd), codes),
        ("a map of no characters", full, map(&wide), codes),
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
        let read = three(content, Some(&composite(font)), &more)
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
fn a_page_whose_content_or_dictionary_is_broken_is_named() {
    let good = say("The otter swims", "F1");
    let mut file = File::new(&[&good, &good, &good, &good]);
    file.pages[1].1 = "/Contents 99 0 R".to_owned();
    file.pages[2].1 = format!("/Contents [{} 0 R 98 0 R]", 3 + 2 + 2 * 2);
    let bytes = String::from_utf8(file.bytes()).unwrap();
    // The second of two keys counts, or the first: here the first is taken away.
    let first = |page: usize| format!("/Contents {} 0 R /Contents", 5 + 2 * page);
    let bytes = (1..3).fold(bytes, |bytes, page| {
        bytes.replace(
            &first(page),
            &format!("{}/Contents", " ".repeat(first(page).len() - 9)),
        )
    });
    let read = extract(bytes.as_bytes()).unwrap();
    let named: Vec<Omission> = vec![
        Omission::on_page(OmissionKind::UnreadablePage, 2),
        Omission::on_page(OmissionKind::IncompletePage, 3),
    ];
    assert_eq!(read.left_out, named);
    assert_eq!(
        (page(&read, 1), page(&read, 4)),
        ("The otter swims".into(), "The otter swims".into())
    );

    // Its reader gives up where a path has no place, and so at rubbish.
    for lost in [
        format!("re {good}"),
        "nobody packed this".to_owned(),
        "(BT".to_owned(),
    ] {
        let read = File::new(&[&good, &lost]).read().unwrap();
        let named = [Omission::on_page(OmissionKind::UnreadablePage, 2)];
        assert_eq!(read.left_out, named, "{lost}");
    }
    let cut = "BT /F1 12 Tf 50 800 Td (The badger digs) Tj (and the";
    let read = File::new(&[cut]).read().unwrap();
    assert_eq!(page(&read, 1), "The badger digs");
    assert_eq!(
        read.left_out,
        [Omission::on_page(OmissionKind::IncompletePage, 1)]
    );

    // A page that is nowhere keeps its number.
    let file = File::new(&[&good, &good, &say("The marmot sleeps", "F1")]);
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
fn a_reader_that_panics_over_a_page_loses_that_page() {
    let pages: Vec<String> = (1..=5)
        .map(|number| say(&format!("Page {number}"), "F1"))
        .collect();
    let pages: Vec<&str> = pages.iter().map(String::as_str).collect();
    let data = PdfData::from(Arc::new(File::new(&pages).bytes()));
    let read = read_pages(&data, open(&data).unwrap(), |page, document| {
        let text = page::read(page, document);
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
fn pages_without_text_are_named_and_a_document_without_any_is_refused() {
    let image = "q 100 0 0 100 50 50 cm BI /W 1 /H 1 /CS /G /BPC 8 ID x EI Q";
    let read = File::new(&[&say("One", "F1"), image, "", &say("Four", "F1")])
        .read()
        .unwrap();
    let named = [2, 3].map(|page| Omission::on_page(OmissionKind::PageWithoutText, page));
    assert_eq!(read.left_out, named);
    assert_eq!((page(&read, 4), read.pages), ("Four".to_owned(), Some(4)));
    let refused = File::new(&[image, ""]).read().unwrap_err();
    assert_eq!(refused.code, FailureCode::NoText);
}

#[test]
fn every_operator_that_shows_text_is_read() {
    let content = "BT /F1 12 Tf 14 TL 50 800 Td (The fee) Tj (is 35 euro.) ' 1 0 (Half for) \" [(child) -20 (ren) -400 \
                   (under 12.)] TJ T* <426f6f6b> Tj 0 -14 TD (early.) Tj ET";
    let read = File::new(&[content]).read().unwrap();
    assert_eq!(
        page(&read, 1),
        "The fee\nis 35 euro.\nHalf forchildren under 12.\nBook\nearly."
    );
    assert_eq!(read.left_out, []);
}

#[test]
fn forms_within_pages_are_read_once_and_a_form_that_draws_itself_ends() {
    let mut file = File::new(&[&format!("{} /Form Do", say("Above.", "F1"))]);
    let form = "BT /F1 12 Tf 50 700 Td (Within the form.) Tj ET /Form Do";
    file.more = vec![stream(
        "/Type /XObject /Subtype /Form /BBox [0 0 595 842]",
        form,
    )];
    let read = page(&file.read().unwrap(), 1);
    assert!(read.starts_with("Above.\n\nWithin the form."), "{read}");
}

#[test]
fn text_that_is_drawn_twice_to_look_bold_is_read_once() {
    let content = "BT 2 Tr /F1 12 Tf 50 800 Td (Bold by outline) Tj ET BT 0 Tr 50 700 Td (Bold by shift) Tj ET \
                   BT 50.4 700 Td (Bold by shift) Tj ET BT 50 650 Td (again) Tj 0 -14 Td (again) Tj ET";
    let read = page(&File::new(&[content]).read().unwrap(), 1);
    assert_eq!(read, "Bold by outline\n\nBold by shift\n\nagain\nagain");
}

#[test]
fn marks_of_footnotes_change_no_number() {
    let content = "BT /F1 12 Tf 50 800 Td (A berth costs 35) Tj /F1 7 Tf 5 Ts (1) Tj /F1 12 Tf 0 Ts ( euro, H) Tj \
                   /F1 7 Tf -3 Ts (2) Tj /F1 12 Tf 0 Ts (O is free.) Tj ET";
    let read = page(&File::new(&[content]).read().unwrap(), 1);
    assert_eq!(read, "A berth costs 35 1 euro, H2O is free.");
}

#[test]
fn letters_that_are_set_apart_stay_one_word() {
    let content = "BT /F1 12 Tf 4 Tc 50 800 Td (HARBOUR RULES) Tj ET";
    assert_eq!(
        page(&File::new(&[content]).read().unwrap(), 1),
        "HARBOUR RULES"
    );
}

#[test]
fn a_text_that_stands_for_what_is_shown_is_read_in_its_place() {
    let content = "BT /F1 12 Tf 50 800 Td /Span << /ActualText (office) >> BDC (o) Tj (xx) Tj EMC ( hours) Tj ET";
    assert_eq!(
        page(&File::new(&[content]).read().unwrap(), 1),
        "office hours"
    );
}

#[test]
fn what_is_cut_off_is_read_as_far_as_it_goes_or_refused_and_nothing_panics() {
    let pages: Vec<String> = (1..=4)
        .map(|number| say(&format!("Page number {number}"), "F1"))
        .collect();
    let pages: Vec<&str> = pages.iter().map(String::as_str).collect();
    let whole = File::new(&pages).bytes();
    for length in (0..whole.len()).step_by(7) {
        if let Ok(read) = extract(&whole[..length]) {
            for section in &read.sections {
                let text = section.text.trim();
                assert!(
                    "Page number 1Page number 2Page number 3Page number 4".contains(text),
                    "{length}: {text}"
                );
            }
        }
    }
    // A byte that changed costs at most what it stands in.
    for place in (9..whole.len()).step_by(11) {
        let mut changed = whole.clone();
        changed[place] ^= 0x15;
        let _ = extract(&changed);
    }
}

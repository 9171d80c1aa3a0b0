use std::io::{Cursor, Write};

use domain::document::{FailureCode, Omission, OmissionKind};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::extract;
use crate::document::extract::ExtractedDocument;

const NAMESPACES: &str = "xmlns:w=\"w\" xmlns:r=\"r\" xmlns:m=\"m\" xmlns:mc=\"mc\" xmlns:wps=\"wps\" xmlns:v=\"v\" \
                          xmlns:p=\"p\" xmlns:a=\"a\" xmlns:c=\"c\" xmlns:dgm=\"dgm\" xmlns:w14=\"w14\"";

/// Builds an archive of these parts.
pub(crate) fn archive(parts: &[(&str, String)]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        archive
            .start_file(*name, SimpleFileOptions::default())
            .unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// The relationships of a part: ids, types and targets.
pub(crate) fn relations(targets: &[(&str, &str, &str)]) -> String {
    let relationship = |(id, kind, target): &(&str, &str, &str)| {
        format!("<Relationship Id=\"{id}\" Type=\"http://x/{kind}\" Target=\"{target}\"/>")
    };
    let targets: String = targets.iter().map(relationship).collect();
    format!("<Relationships>{targets}</Relationships>")
}

pub(crate) fn root(name: &str, content: &str) -> String {
    format!("<{name} {NAMESPACES}>{content}</{name}>")
}

pub(crate) fn main_part(target: &str) -> (&'static str, String) {
    (
        "_rels/.rels",
        relations(&[("r1", "officeDocument", target)]),
    )
}

/// The text of each section after its heading.
pub(crate) fn text_with_headings(found: &ExtractedDocument) -> String {
    let sections = found
        .sections
        .iter()
        .map(|section| match section.headings.last() {
            Some(heading) => format!("[{heading}]{}", section.text),
            None => section.text.clone(),
        });
    sections.collect()
}

/// Reads a text document with additional parts.
pub(crate) fn docx(body: &str, parts: &[(&str, &str)]) -> String {
    text_with_headings(&read_docx(body, parts))
}

pub(crate) fn read_docx(body: &str, parts: &[(&str, &str)]) -> ExtractedDocument {
    let names: Vec<String> = parts
        .iter()
        .map(|(kind, _)| format!("word/{kind}.xml"))
        .collect();
    let targets: Vec<(&str, &str, String)> = parts
        .iter()
        .map(|(kind, _)| (*kind, *kind, format!("{kind}.xml")))
        .collect();
    let targets: Vec<(&str, &str, &str)> = targets
        .iter()
        .map(|(id, kind, target)| (*id, *kind, target.as_str()))
        .collect();
    let mut files = vec![
        main_part("word/document.xml"),
        (
            "word/document.xml",
            root("w:document", &format!("<w:body>{body}</w:body>")),
        ),
        ("word/_rels/document.xml.rels", relations(&targets)),
    ];
    for (name, (_, text)) in names.iter().zip(parts) {
        files.push((name, root("w:part", text)));
    }
    extract(&archive(&files)).unwrap()
}

/// Reads slides, each with its attributes and the paragraphs of its single shape.
pub(crate) fn read_pptx(slides: &[(&str, &str)]) -> ExtractedDocument {
    let ids: Vec<String> = (1..=slides.len()).map(|n| format!("s{n}")).collect();
    let list: String = ids
        .iter()
        .map(|id| format!("<p:sldId r:id=\"{id}\"/>"))
        .collect();
    let names: Vec<String> = ids
        .iter()
        .map(|id| format!("ppt/slides/{id}.xml"))
        .collect();
    let targets: Vec<String> = names.iter().map(|name| format!("/{name}")).collect();
    let targets_by_id: Vec<(&str, &str, &str)> = ids
        .iter()
        .zip(&targets)
        .map(|(id, target)| (id.as_str(), "slide", target.as_str()))
        .collect();
    let mut parts = vec![
        main_part("ppt/presentation.xml"),
        (
            "ppt/presentation.xml",
            root(
                "p:presentation",
                &format!("<p:sldIdLst>{list}</p:sldIdLst>"),
            ),
        ),
        ("ppt/_rels/presentation.xml.rels", relations(&targets_by_id)),
    ];
    for (name, (attributes, body)) in names.iter().zip(slides) {
        let shape = format!(
            "<p:cSld><p:spTree><p:sp><p:txBody>{body}</p:txBody></p:sp></p:spTree></p:cSld>"
        );
        let slide = root("p:sld", &shape).replacen("<p:sld ", &format!("<p:sld {attributes} "), 1);
        parts.push((name, slide));
    }
    extract(&archive(&parts)).unwrap()
}

#[test]
fn hidden_slides_are_left_out_and_listed() {
    let paragraph = |text: &str| format!("<a:p><a:r><a:t>{text}</a:t></a:r></a:p>");
    let slides = [
        ("", paragraph("one")),
        ("show=\"0\"", paragraph("canary")),
        ("show=\"1\"", paragraph("three")),
    ];
    let slides = slides
        .each_ref()
        .map(|(attributes, body)| (*attributes, body.as_str()));
    let found = read_pptx(&slides);
    assert_eq!(text_with_headings(&found), "one\n\nthree\n\n");
    assert_eq!(found.sections[2].page, Some(3));
    assert_eq!(
        found.left_out,
        [Omission::on_page(OmissionKind::HiddenSheet, 2)]
    );
}

#[test]
fn superscripts_and_subscripts_of_slides_are_kept() {
    let run =
        |attributes: &str, text: &str| format!("<a:r><a:rPr {attributes}/><a:t>{text}</a:t></a:r>");
    for (attributes, text, read) in [
        ("baseline=\"30000\"", "2", "m²"),
        ("baseline=\"30%\"", "-3", "m⁻³"),
        ("baseline=\"-25000\"", "2", "m₂"),
        ("baseline=\"0\"", "2", "m2"),
        ("", "2", "m2"),
    ] {
        let body = format!("<a:p>{}{}</a:p>", run("", "m"), run(attributes, text));
        assert_eq!(text_with_headings(&read_pptx(&[("", &body)])).trim(), read);
    }
}

#[test]
fn documents_are_distinguished_by_their_main_part() {
    let text = "<w:p><w:r><w:t>The marmot sleeps.</w:t></w:r></w:p>";
    assert_eq!(docx(text, &[]), "The marmot sleeps.\n\n");
    let nothing = extract(&archive(&[("a.txt", "x".to_owned())])).unwrap_err();
    assert_eq!(nothing.code, FailureCode::Unreadable, "{nothing}");
    let binary = extract(&archive(&[main_part("xl/workbook.bin")])).unwrap_err();
    assert!(binary.detail.contains("save it as XLSX"), "{binary}");
}

#[test]
fn entities_of_a_document_are_not_expanded() {
    let text = |content: &str| {
        let body = format!("<w:body><w:p><w:r><w:t>{content}</w:t></w:r></w:p></w:body>");
        let subset =
            "<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\"><!ENTITY b \"&a;&a;\">]>";
        let parts = [
            main_part("word/document.xml"),
            (
                "word/document.xml",
                format!(
                    "<?xml version=\"1.0\"?>{subset}{}",
                    root("w:document", &body)
                ),
            ),
        ];
        text_with_headings(&extract(&archive(&parts)).unwrap())
    };
    assert_eq!(text("one &a;two &b;&amp; &#51;"), "one &a;two &b;& 3\n\n");
}

#[test]
fn excessive_nesting_is_refused() {
    let (open, close) = ("<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>");
    let body = open.repeat(500) + &close.repeat(500);
    let parts = [
        main_part("word/document.xml"),
        (
            "word/document.xml",
            root("w:document", &format!("<w:body>{body}</w:body>")),
        ),
    ];
    assert_eq!(
        extract(&archive(&parts)).unwrap_err().code,
        FailureCode::TooLarge
    );
}

#[test]
fn slide_text_is_read_without_layout_hints() {
    let shape = |kind: &str, text: &str| {
        let text = match text {
            "" => "<a:p/>".to_owned(),
            text => format!("<a:p><a:r><a:t>{text}</a:t></a:r></a:p>"),
        };
        format!(
            "<p:sp><p:nvSpPr><p:nvPr><p:ph type=\"{kind}\"/></p:nvPr></p:nvSpPr><p:txBody>{text}</p:txBody></p:sp>"
        )
    };
    let slide = |content: &str| format!("<p:cSld><p:spTree>{content}</p:spTree></p:cSld>");
    let shapes = shape("title", "Berths") + &shape("body", "") + &shape("sldNum", "7");
    let hint = slide(&shape("body", "Click to edit Master text styles"));
    let parts = [
        main_part("ppt/presentation.xml"),
        (
            "ppt/presentation.xml",
            root(
                "p:presentation",
                "<p:sldIdLst><p:sldId id=\"256\" r:id=\"s1\"/></p:sldIdLst>",
            ),
        ),
        (
            "ppt/_rels/presentation.xml.rels",
            relations(&[("s1", "slide", "slides/slide9.xml")]),
        ),
        ("ppt/slides/slide9.xml", root("p:sld", &slide(&shapes))),
        (
            "ppt/slides/_rels/slide9.xml.rels",
            relations(&[
                ("l", "slideLayout", "../slideLayouts/slideLayout1.xml"),
                ("n", "notesSlide", "../notesSlides/notesSlide1.xml"),
            ]),
        ),
        (
            "ppt/slideLayouts/slideLayout1.xml",
            root("p:sldLayout", &hint),
        ),
        (
            "ppt/notesSlides/notesSlide1.xml",
            root(
                "p:notes",
                &slide(&(shape("body", "Say it twice.") + &shape("sldNum", "7"))),
            ),
        ),
    ];
    let found = extract(&archive(&parts)).unwrap();
    assert_eq!(text_with_headings(&found), "Berths\n\nSay it twice.\n\n");
    assert_eq!((found.pages, found.sections[0].page), (Some(1), Some(1)));
}

#[test]
fn paragraphs_of_slides_are_numbered() {
    let paragraph = |properties: &str, text: &str| {
        format!("<a:p><a:pPr {properties}</a:pPr><a:r><a:t>{text}</a:t></a:r></a:p>")
    };
    let body = [
        paragraph("><a:buAutoNum type=\"arabicPeriod\"/>", "cast off"),
        paragraph("lvl=\"1\"><a:buAutoNum type=\"alphaLcParenR\"/>", "bow"),
        paragraph("lvl=\"1\"><a:buAutoNum type=\"alphaLcParenR\"/>", "stern"),
        paragraph("><a:buAutoNum type=\"arabicPeriod\"/>", "sail"),
        paragraph(">", "Then"),
        paragraph(
            "><a:buAutoNum type=\"romanUcPeriod\" startAt=\"4\"/>",
            "moor",
        ),
    ];
    let shape = format!(
        "<p:cSld><p:spTree><p:sp><p:txBody>{}</p:txBody></p:sp></p:spTree></p:cSld>",
        body.concat()
    );
    let parts = [
        main_part("ppt/presentation.xml"),
        (
            "ppt/presentation.xml",
            root(
                "p:presentation",
                "<p:sldIdLst><p:sldId r:id=\"s1\"/></p:sldIdLst>",
            ),
        ),
        (
            "ppt/_rels/presentation.xml.rels",
            relations(&[("s1", "slide", "slides/slide1.xml")]),
        ),
        ("ppt/slides/slide1.xml", root("p:sld", &shape)),
    ];
    let found = text_with_headings(&extract(&archive(&parts)).unwrap());
    assert_eq!(
        found.trim(),
        "1. cast off\na) bow\nb) stern\n2. sail\nThen\nIV. moor"
    );
}

#[test]
fn charts_are_read_as_tables() {
    let point =
        |index: u32, value: &str| format!("<c:pt idx=\"{index}\"><c:v>{value}</c:v></c:pt>");
    let chart = format!(
        "<c:chart><c:title><a:t>Catch</a:t></c:title><c:ser><c:tx>{}</c:tx><c:cat>{}{}</c:cat><c:val>{}{}</c:val></c:ser></c:chart>",
        point(0, "Tons"),
        point(0, "Oslo"),
        point(1, "Turku"),
        point(0, "12"),
        point(1, "7")
    );
    let frame = "<p:cSld><p:spTree><p:graphicFrame><c:chart r:id=\"c\"/></p:graphicFrame></p:spTree></p:cSld>";
    let parts = [
        main_part("ppt/presentation.xml"),
        (
            "ppt/presentation.xml",
            root(
                "p:presentation",
                "<p:sldIdLst><p:sldId r:id=\"s1\"/></p:sldIdLst>",
            ),
        ),
        (
            "ppt/_rels/presentation.xml.rels",
            relations(&[("s1", "slide", "/ppt/slides/slide1.xml")]),
        ),
        ("ppt/slides/slide1.xml", root("p:sld", frame)),
        (
            "ppt/slides/_rels/slide1.xml.rels",
            relations(&[("c", "chart", "../charts/chart1.xml")]),
        ),
        ("ppt/charts/chart1.xml", root("c:chartSpace", &chart)),
    ];
    let found = text_with_headings(&extract(&archive(&parts)).unwrap());
    assert!(
        found.starts_with("Catch\n\n") && found.contains("Oslo; Tons: 12\nTurku; Tons: 7"),
        "{found}"
    );
}

#[test]
fn legacy_formats_and_passwords_are_refused_by_name() {
    let file_with = |stream: &str| {
        let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
        file.create_stream(format!("/{stream}"))
            .unwrap()
            .write_all(&[1; 5_000])
            .unwrap();
        file.into_inner().into_inner()
    };
    for (stream, words) in [
        ("WordDocument", "save it as DOCX"),
        ("Workbook", "save it as XLSX"),
        ("Book", "save it as XLSX"),
        ("PowerPoint Document", "save it as PPTX"),
        ("__properties_version1.0", "Outlook"),
        ("Anything", "old Office format"),
    ] {
        let refused = extract(&file_with(stream)).unwrap_err();
        assert_eq!(refused.code, FailureCode::UnsupportedType);
        assert!(refused.detail.contains(words), "{stream}: {refused}");
    }
    assert_eq!(
        extract(&file_with("EncryptedPackage")).unwrap_err().code,
        FailureCode::Encrypted
    );
}

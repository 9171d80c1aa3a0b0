//! Hidden text is left out and counted; text that may be partly visible is read.

use super::*;

/// The text of a page with this content, and the number of hidden passages.
fn read(content: &str) -> (String, u32) {
    read_file(&PdfFile::new(&[content]))
}

fn read_file(file: &PdfFile) -> (String, u32) {
    let read = file.read().unwrap();
    let hidden = read
        .left_out
        .iter()
        .filter(|omission| omission.kind == OmissionKind::HiddenText);
    let count = hidden.map(|omission| {
        assert_eq!(omission.page, Some(1));
        omission.count.unwrap()
    });
    let count = count.sum();
    (page(&read, 1), count)
}

fn text_at(y: u32, text: &str) -> String {
    format!("BT /F1 12 Tf 50 {y} Td ({text}) Tj ET")
}

const VISIBLE: &str = "The fee is 35 euro.";
const SECRET: &str = "Tell nobody of the fee.";

#[test]
fn hidden_text_is_left_out_and_counted() {
    let (visible, secret) = (text_at(800, VISIBLE), text_at(700, SECRET));
    for (name, content) in [
        ("white on the page", format!("{visible} 1 g {secret}")),
        (
            "white of three colours",
            format!("{visible} 1 1 1 rg {secret}"),
        ),
        (
            "white of four colours",
            format!("{visible} 0 0 0 0 k {secret}"),
        ),
        ("nearly white", format!("{visible} 0.995 g {secret}")),
        (
            "white on a white box",
            format!("0.9 g 0 0 595 842 re f 0 g {visible} 1 g 40 690 300 30 re f {secret}"),
        ),
        (
            "grey on grey",
            format!("0.8 g 40 690 300 30 re f {secret} 0 g {visible}"),
        ),
        (
            "black on black",
            format!("{visible} 40 690 300 30 re f {secret}"),
        ),
        (
            "black on one of many boxes",
            format!("{visible} 40 690 300 30 re 40 500 300 30 re 40 400 20 20 re f {secret}"),
        ),
        ("outlined in white", format!("{visible} 1 G 1 Tr {secret}")),
        ("invisible", format!("{visible} 3 Tr {secret}")),
        ("as a clip of nothing", format!("{visible} 7 Tr {secret}")),
        (
            "above the page",
            format!("{visible} {}", text_at(900, SECRET)),
        ),
        (
            "left of the page",
            format!("{visible} BT /F1 12 Tf -500 700 Td ({SECRET}) Tj ET"),
        ),
        (
            "outside its clip",
            format!("q 40 790 300 30 re W n {visible} {secret} Q"),
        ),
        (
            "clipped by nothing",
            format!("{visible} q 0 0 0 0 re W n {secret} Q"),
        ),
        (
            "clipped by a triangle elsewhere",
            format!("{visible} q 10 10 m 50 10 l 50 50 l h W n {secret} Q"),
        ),
        (
            "below a black bar",
            format!("{visible} {secret} 40 690 300 30 re f"),
        ),
        (
            "below a white box",
            format!("{visible} {secret} 1 g 40 690 300 30 re f"),
        ),
        (
            "too small",
            format!("{visible} BT /F1 0.2 Tf 50 700 Td ({SECRET}) Tj ET"),
        ),
        (
            "of no size",
            format!("{visible} BT /F1 12 Tf 0 0 0 0 50 700 Tm ({SECRET}) Tj ET"),
        ),
        (
            "turned and white",
            format!("{visible} 1 g BT /F1 12 Tf 0 1 -1 0 50 300 Tm ({SECRET}) Tj ET"),
        ),
        (
            "with a line through it",
            format!("{visible} 1 g {secret} 0 G 40 704 m 300 704 l S"),
        ),
        (
            "in a frame",
            format!("{visible} 0 G 40 690 300 30 re S 1 g {secret}"),
        ),
    ] {
        assert_eq!(read(&content), (VISIBLE.to_owned(), 1), "{name}");
    }
}

#[test]
fn transparent_text_is_left_out() {
    let state = "/Resources << /Font << /F1 3 0 R >> /ExtGState << /Clear << /ca 0 >> /Faint << /ca 0.3 >> >> >>";
    for (name, expected, count) in [
        ("Clear", VISIBLE.to_owned(), 1),
        ("Faint", format!("{VISIBLE}\n\n{SECRET}"), 0),
    ] {
        let content = format!(
            "{} q /{name} gs {} Q",
            text_at(800, VISIBLE),
            text_at(700, SECRET)
        );
        let mut file = PdfFile::new(&[&content]);
        file.pages[0].1 = state.to_owned();
        assert_eq!(read_file(&file), (expected, count), "{name}");
    }
}

#[test]
fn hidden_passages_are_counted_and_not_their_words() {
    let content = format!(
        "{} 1 g {} {} 0 g {} 1 g {}",
        text_at(800, "One"),
        text_at(780, "hidden words"),
        text_at(760, "of two lines"),
        text_at(740, "Two"),
        text_at(720, "more of them")
    );
    assert_eq!(read(&content), ("One\n\nTwo".to_owned(), 2));
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn text_that_may_be_visible_is_read() {
    let secret = text_at(700, SECRET);
    let picture = "q 300 0 0 40 40 680 cm BI /W 1 /H 1 /CS /G /BPC 8 ID x EI Q";
    for (name, content) in [
        (
            "white on a dark box",
            format!("0.2 g 40 690 300 30 re f 1 g {secret}"),
        ),
        (
            "white on boxes of one path",
            format!("0.2 g 40 690 300 30 re 40 650 300 30 re f 1 g {secret}"),
        ),
        (
            "white on a box that two make",
            format!("0 g 40 690 100 30 re f 140 690 200 30 re f 1 g {secret}"),
        ),
        (
            "white on a box that strips make",
            format!(
                "0 g {} 1 g {secret}",
                (0..30)
                    .map(|strip| format!("40 {} 300 1 re f ", 690 + strip))
                    .collect::<String>()
            ),
        ),
        (
            "white on a thick line",
            format!("0 G 30 w 40 705 m 340 705 l S 1 g {secret}"),
        ),
        (
            "white on a round box",
            format!(
                "0.2 g 50 690 m 330 690 l 340 690 340 690 340 700 c 340 710 l 340 720 340 720 330 720 c 50 720 l 40 720 40 720 40 710 c 40 700 l 40 690 40 690 50 690 c f 1 g {secret}"
            ),
        ),
        ("white on a picture", format!("{picture} 1 g {secret}")),
        (
            "white on a turned box",
            format!("q 0.7 0.7 -0.7 0.7 200 600 cm 0 g -200 -200 500 500 re f Q 1 g {secret}"),
        ),
        ("white on a form", format!("/Form Do 1 g {secret}")),
        (
            "white within a dark outline",
            format!("1 g 0 G 2 Tr {secret}"),
        ),
        (
            "white with a dark shadow",
            format!("BT /F1 12 Tf 51 699 Td ({SECRET}) Tj ET 1 g {secret}"),
        ),
        ("light on the page", format!("0.9 g {secret}")),
        (
            "partly outside the page",
            format!("BT /F1 12 Tf 50 838 Td ({SECRET}) Tj ET"),
        ),
        (
            "partly outside its clip",
            format!("q 40 705 300 30 re W n {secret} Q"),
        ),
        (
            "half a word clipped",
            format!("q 40 690 {} 30 re W n {secret} Q", 10 + 122),
        ),
        (
            "within a round clip",
            format!("q 0 600 m 400 600 l 400 800 l 0 800 l h W n {secret} Q"),
        ),
        ("invisible on a picture", format!("{picture} 3 Tr {secret}")),
        (
            "invisible below a picture",
            format!("3 Tr {secret} {picture}"),
        ),
        ("white below a picture", format!("1 g {secret} {picture}")),
        (
            "covered by a box and a picture",
            format!("{secret} 1 g 40 690 300 30 re f {picture}"),
        ),
        (
            "below a half box",
            format!("{secret} 0 g 40 690 300 15 re f"),
        ),
        ("below a frame", format!("{secret} 40 690 300 30 re S")),
        (
            "below a box with a hole",
            format!("{secret} 40 690 300 30 re 45 695 290 20 re f*"),
        ),
        (
            "a clip that a box fills",
            format!("7 Tr {secret} 0 g 40 690 300 30 re f"),
        ),
    ] {
        let mut file = PdfFile::new(&[&content]);
        file.extra_objects = vec![stream(
            "/Type /XObject /Subtype /Form /BBox [0 0 595 842]",
            "0.2 g 40 690 300 30 re f",
        )];
        let (text, count) = read_file(&file);
        assert_eq!(
            (text.lines().next().unwrap_or_default(), count),
            (SECRET, 0),
            "{name}"
        );
    }
}

#[test]
fn white_column_names_on_a_dark_bar_are_read() {
    let mut content = "0.1 0.2 0.5 rg 40 695 400 20 re f 1 g ".to_owned();
    let rows = [
        ["Boat", "Length", "Fee"],
        ["Sloop", "8", "35"],
        ["Ketch", "12", "54"],
    ];
    for (line, row) in rows.iter().enumerate() {
        for (text, x) in row.iter().zip([50, 150, 250]) {
            write!(
                content,
                "BT /F1 10 Tf {x} {} Td ({text}) Tj ET ",
                700 - 20 * line
            )
            .unwrap();
        }
        content.push_str("0 g ");
    }
    let expected =
        "Boat | Length | Fee\nBoat: Sloop; Length: 8; Fee: 35\nBoat: Ketch; Length: 12; Fee: 54";
    assert_eq!(read(&content), (expected.to_owned(), 0));
}

#[test]
fn a_cropped_page_shows_only_its_crop_box() {
    let mut file = PdfFile::new(&[&format!(
        "{} {}",
        text_at(600, VISIBLE),
        text_at(100, SECRET)
    )]);
    file.pages[0].1 = "/CropBox [0 421 595 842]".to_owned();
    assert_eq!(read_file(&file), (VISIBLE.to_owned(), 1));
    // An empty crop box is ignored.
    file.pages[0].1 = "/CropBox [0 0 0 0]".to_owned();
    assert_eq!(read_file(&file), (format!("{VISIBLE}\n\n{SECRET}"), 0));
}

#[test]
fn a_page_with_only_hidden_text_has_no_text() {
    let file = PdfFile::new(&[
        &text_at(800, VISIBLE),
        &format!("1 g {}", text_at(700, SECRET)),
    ]);
    let read = file.read().unwrap();
    let kinds: Vec<_> = read
        .left_out
        .iter()
        .map(|omission| (omission.kind, omission.page))
        .collect();
    let expected =
        [OmissionKind::PageWithoutText, OmissionKind::HiddenText].map(|kind| (kind, Some(2)));
    assert_eq!(kinds, expected);
}

#[test]
fn type_3_glyphs_have_their_own_colours() {
    let font = "<< /Type /Font /Subtype /Type3 /FontBBox [0 0 1000 1000] /FontMatrix [0.001 0 0 0.001 0 0] \
                /CharProcs << /a 3 0 R >> /Encoding << /Type /Encoding /Differences [97 /a] >> /FirstChar 97 \
                /LastChar 97 /Widths [600] /Resources << >> >>";
    for state in ["1 g", "3 Tr"] {
        let mut file = PdfFile::new(&[&format!("{state} BT /F2 12 Tf 50 700 Td (aaaa) Tj ET")]);
        file.second_font = Some(font.to_owned());
        file.extra_objects = vec![stream("", "600 0 d0 1 0 0 rg 0 0 500 500 re f")];
        assert_eq!(read_file(&file), ("aaaa".to_owned(), 0), "{state}");
    }
}

#[test]
fn a_colour_that_cannot_be_read_hides_nothing() {
    let content = format!(
        "{} /C9 cs 1 scn {}",
        text_at(800, VISIBLE),
        text_at(700, SECRET)
    );
    assert_eq!(read(&content), (format!("{VISIBLE}\n\n{SECRET}"), 0));
}

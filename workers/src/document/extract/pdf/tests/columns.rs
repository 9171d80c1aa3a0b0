//! Columns of prose are read one after the other, regardless of the drawing order.

use super::*;

/// Builds a page of positioned text, upright or rotated to the left.
pub(super) struct PageBuilder {
    content: String,
    size: f64,
    pub is_rotated: bool,
}

impl PageBuilder {
    pub(super) fn new(size: f64) -> Self {
        Self {
            content: String::new(),
            size,
            is_rotated: false,
        }
    }

    pub(super) fn add(&mut self, x: f64, y: f64, text: &str) {
        let text = text.replace('\\', "\\\\");
        let text = text.replace('(', "\\(").replace(')', "\\)");
        let matrix = match self.is_rotated {
            true => format!("0 1 -1 0 {} {x}", 842.0 - y),
            false => format!("1 0 0 1 {x} {y}"),
        };
        let size = self.size;
        writeln!(self.content, "BT /F1 {size} Tf {matrix} Tm ({text}) Tj ET").unwrap();
    }

    pub(super) fn text(&self) -> String {
        page(&PdfFile::new(&[&self.content]).read().unwrap(), 1)
    }
}

const LEFT: [&str; 8] = [
    "The north pier is closed from",
    "May to June every year, for the",
    "planks are turned and tarred by",
    "the crew of the dredger. Boats",
    "that lie there are moved to the",
    "inner basin, where they pay the",
    "same fee as before and may use",
    "the crane without a charge.",
];
const RIGHT: [&str; 8] = [
    "A ferry to the island costs 35",
    "euro and sails at nine o'clock",
    "each morning, unless the wind",
    "is stronger than seven. Dogs",
    "travel free and stay on a lead",
    "until the harbour is left, and",
    "bicycles are tied to the rail",
    "by those who brought them.",
];
const THIRD: [&str; 8] = [
    "Whoever loses a key pays for a",
    "new lock of the shed. The old",
    "one is changed within the week",
    "and all keys are given out by",
    "the warden, who writes down to",
    "whom each of them was handed.",
    "Spare keys lie in the office",
    "behind the harbour master.",
];

/// The distance of this many lines or letters.
#[expect(clippy::cast_precision_loss, reason = "a page has few lines")]
pub(super) fn distance(count: usize, pitch: f64) -> f64 {
    count as f64 * pitch
}

/// Columns with their position, their offset from the top, and their lines.
type Columns<'c> = Vec<(f64, f64, &'c [&'c str])>;

/// Joins all words with single spaces.
pub(super) fn normalize_whitespace(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Draws columns line by line, each at its position and shifted down by its offset.
fn draw_line_by_line(builder: &mut PageBuilder, top: f64, columns: &[(f64, f64, &[&str])]) {
    let lines = columns
        .iter()
        .map(|(_, _, lines)| lines.len())
        .max()
        .unwrap();
    for (line, y) in (0..lines).map(|line| (line, top - distance(line, 12.0))) {
        for (x, offset, lines) in columns {
            if let Some(text) = lines.get(line) {
                builder.add(*x, y - offset, text);
            }
        }
    }
}

#[test]
fn columns_drawn_line_by_line_are_read_one_after_the_other() {
    let (left, right, third) = (LEFT.join(" "), RIGHT.join(" "), THIRD.join(" "));
    let two = format!("{left} {right}");
    let three = format!("{left} {right} {third}");
    let cases: [(&str, Columns<'_>, &str); 9] = [
        ("two", vec![(50.0, 0.0, &LEFT), (300.0, 0.0, &RIGHT)], &two),
        (
            "a narrow gutter",
            vec![(50.0, 0.0, &LEFT), (205.0, 0.0, &RIGHT)],
            &two,
        ),
        (
            "the right one drawn first",
            vec![(300.0, 0.0, &RIGHT), (50.0, 0.0, &LEFT)],
            &two,
        ),
        (
            "lines a little lower",
            vec![(50.0, 0.0, &LEFT), (300.0, 3.0, &RIGHT)],
            &two,
        ),
        (
            "lines between lines",
            vec![(50.0, 0.0, &LEFT), (300.0, 6.5, &RIGHT)],
            &two,
        ),
        (
            "three",
            vec![
                (30.0, 0.0, &LEFT),
                (200.0, 0.0, &RIGHT),
                (370.0, 0.0, &THIRD),
            ],
            &three,
        ),
        (
            "three at different heights",
            vec![
                (30.0, 0.0, &LEFT),
                (200.0, 4.0, &RIGHT),
                (370.0, 8.0, &THIRD),
            ],
            &three,
        ),
        (
            "a short right one",
            vec![(50.0, 0.0, &LEFT), (300.0, 0.0, &RIGHT[..4])],
            &format!("{left} {}", RIGHT[..4].join(" ")),
        ),
        (
            "a short left one",
            vec![(50.0, 0.0, &LEFT[..4]), (300.0, 0.0, &RIGHT)],
            &format!("{} {right}", LEFT[..4].join(" ")),
        ),
    ];
    for (name, columns, expected) in cases {
        for is_rotated in [false, true] {
            let mut builder = PageBuilder::new(10.0);
            builder.is_rotated = is_rotated;
            draw_line_by_line(&mut builder, 700.0, &columns);
            assert_eq!(
                normalize_whitespace(&builder.text()),
                expected,
                "{name}, turned: {is_rotated}"
            );
        }
    }
}

#[test]
fn headings_and_footers_across_columns_keep_their_positions() {
    let title = "Rules of the harbour for everybody who keeps a boat there, or visits it for a day";
    let short = "Fees";
    let after = "These rules hold from the first of May and are read out once in the meeting of the members.";
    let mut builder = PageBuilder::new(10.0);
    builder.add(50.0, 780.0, title);
    draw_line_by_line(
        &mut builder,
        750.0,
        &[(50.0, 0.0, &LEFT), (300.0, 0.0, &RIGHT)],
    );
    builder.add(50.0, 630.0, short);
    builder.add(50.0, 610.0, after);
    draw_line_by_line(
        &mut builder,
        580.0,
        &[(50.0, 0.0, &RIGHT), (300.0, 0.0, &THIRD)],
    );
    builder.add(290.0, 40.0, "12");
    let (left, right, third) = (LEFT.join(" "), RIGHT.join(" "), THIRD.join(" "));
    assert_eq!(
        normalize_whitespace(&builder.text()),
        format!("{title} {left} {right} {short} {after} {right} {third} 12")
    );
}

#[test]
fn columns_drawn_one_after_the_other_keep_their_order() {
    let mut builder = PageBuilder::new(10.0);
    builder.add(50.0, 780.0, "Harbour news");
    for (x, lines) in [(50.0, LEFT), (220.0, RIGHT), (390.0, THIRD)] {
        for (line, text) in lines.iter().enumerate() {
            builder.add(x, 750.0 - distance(line, 12.0), text);
        }
    }
    let columns = [LEFT, RIGHT, THIRD].map(|lines| lines.join("\n"));
    assert_eq!(
        builder.text(),
        format!("Harbour news\n\n{}", columns.join("\n\n"))
    );
}

#[test]
fn a_table_within_a_column_stays_a_table() {
    let rows: [[&str; 3]; 4] = [
        ["Boat", "Length", "Fee"],
        ["Sloop", "8", "350"],
        ["Ketch", "", "540"],
        ["Yawl", "9", ""],
    ];
    for by_column in [false, true] {
        let mut builder = PageBuilder::new(10.0);
        let mut right: Vec<Vec<(f64, &str)>> =
            RIGHT.iter().map(|line| vec![(300.0, *line)]).collect();
        right.extend(rows.iter().map(|row| {
            let cells = row.iter().zip([300.0, 380.0, 430.0]);
            let cells = cells.filter(|(text, _)| !text.is_empty());
            cells.map(|(text, x)| (x, *text)).collect()
        }));
        let left: Vec<&str> = LEFT
            .iter()
            .chain(&THIRD)
            .copied()
            .take(right.len())
            .collect();
        let y = |line: usize| 750.0 - distance(line, 12.0);
        for line in 0..right.len() {
            builder.add(50.0, y(line), left[line]);
            if !by_column {
                for (x, text) in &right[line] {
                    builder.add(*x, y(line), text);
                }
            }
        }
        if by_column {
            for (line, cells) in right.iter().enumerate() {
                for (x, text) in cells {
                    builder.add(*x, y(line), text);
                }
            }
        }
        let read = builder.text();
        let expected = format!("{} {}", left.join(" "), RIGHT.join(" "));
        assert!(normalize_whitespace(&read).starts_with(&expected), "{read}");
        for fact in [
            "Boat: Sloop; Length: 8; Fee: 350",
            "Boat: Ketch; Fee: 540",
            "Boat: Yawl; Length: 9",
        ] {
            assert!(read.lines().any(|line| line == fact), "{fact}: {read}");
        }
    }
}

#[test]
fn prose_next_to_a_table_is_not_a_column_of_it() {
    let mut builder = PageBuilder::new(10.0);
    for (line, text) in LEFT.iter().enumerate() {
        builder.add(50.0, 750.0 - distance(line, 12.0), text);
    }
    for (row, texts) in [
        ["Boat", "Length", "Fee"],
        ["Sloop", "8", "35"],
        ["Ketch", "", "54"],
    ]
    .iter()
    .enumerate()
    {
        for (x, text) in [300.0, 370.0, 430.0].iter().zip(texts) {
            if !text.is_empty() {
                builder.add(*x, 750.0 - distance(row, 16.0), text);
            }
        }
    }
    assert_eq!(
        normalize_whitespace(&builder.text()),
        format!(
            "{} Boat | Length | Fee Boat: Sloop; Length: 8; Fee: 35 Boat: Ketch; Fee: 54",
            LEFT.join(" ")
        )
    );
}

#[test]
fn columns_of_lists_are_read_one_after_the_other() {
    let mut builder = PageBuilder::new(10.0);
    for line in 0..8 {
        for (x, lines, starts) in [(50.0, LEFT, [0, 3]), (300.0, RIGHT, [0, 5])] {
            let y = 750.0 - distance(line, 12.0);
            if starts.contains(&line) {
                builder.add(x, y, "-");
            }
            builder.add(x + 14.0, y, lines[line]);
        }
    }
    let expected = [(LEFT, [0, 3]), (RIGHT, [0, 5])].map(|(lines, starts)| {
        let lines = lines.iter().enumerate().map(|(line, text)| {
            let mark = if starts.contains(&line) { "- " } else { "" };
            format!("{mark}{text}")
        });
        lines.collect::<Vec<_>>().join(" ")
    });
    assert_eq!(normalize_whitespace(&builder.text()), expected.join(" "));
}

#[test]
fn letters_of_one_glyph_are_read_in_order() {
    let map = "begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange \
               1 beginbfchar <0001> <06440627> endbfchar 1 beginbfrange <0600> <06FF> <0600> endbfrange endcmap";
    let font = "<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts [3 0 R] /ToUnicode 4 0 R >>";
    let descendant = "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X /DW 500 /CIDSystemInfo << /Registry (Adobe) \
                      /Ordering (Identity) /Supplement 0 >> >>";
    // The last letter is drawn first, and the second and third letters are one glyph.
    let mut file = PdfFile::new(&["BT /F2 10 Tf 50 700 Td <064500010633> Tj ET"]);
    file.second_font = Some(font.to_owned());
    file.extra_objects = vec![descendant.to_owned(), stream("", map)];
    assert_eq!(
        page(&file.read().unwrap(), 1),
        "\u{633}\u{644}\u{627}\u{645}"
    );
}

#[test]
fn right_to_left_pages_start_with_the_right_column() {
    let identity = "begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange \
                    2 beginbfrange <0020> <007E> <0020> <05D0> <05EA> <05D0> endbfrange endcmap";
    let font = "<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts [3 0 R] /ToUnicode 4 0 R >>";
    let descendant = "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X /DW 500 /CIDSystemInfo << /Registry (Adobe) \
                      /Ordering (Identity) /Supplement 0 >> >>";
    // In visual order: the last letter of a line first.
    let drawn = |line: &str| -> String {
        let letters = line.chars().rev();
        letters
            .map(|letter| format!("{:04X}", u32::from(letter)))
            .collect()
    };
    let right = [
        "השער הצפוני סגור ממאי",
        "עד יוני בכל שנה כי את",
        "הקרשים הופכים ומושחים",
        "בזפת אנשי המחפר ועובדיו",
    ];
    let left = [
        "המעבורת אל האי יוצאת",
        "בתשע בכל בוקר אלא אם",
        "הרוח חזקה משבע ואז היא",
        "נשארת בנמל עד שתשכך",
    ];
    let mut content = String::new();
    for line in 0..4 {
        for (end, text) in [(540.0, right[line]), (260.0, left[line])] {
            let x = end - distance(text.chars().count(), 5.0);
            let y = 700 - 14 * line;
            writeln!(
                content,
                "BT /F2 10 Tf 1 0 0 1 {x} {y} Tm <{}> Tj ET",
                drawn(text)
            )
            .unwrap();
        }
    }
    let mut file = PdfFile::new(&[&content]);
    file.second_font = Some(font.to_owned());
    file.extra_objects = vec![descendant.to_owned(), stream("", identity)];
    let read = page(&file.read().unwrap(), 1);
    assert_eq!(
        normalize_whitespace(&read),
        format!("{} {}", right.join(" "), left.join(" "))
    );
}

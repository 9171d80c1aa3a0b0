//! Pages of one column with text side by side: read line by line, as drawn.

use super::columns::{PageBuilder, distance};

/// Draws lines of positioned texts, and reads them.
fn read(lines: &[&[(f64, &str)]]) -> String {
    let mut builder = PageBuilder::new(10.0);
    for (line, texts) in lines.iter().enumerate() {
        for (x, text) in *texts {
            builder.add(*x, 750.0 - distance(line, 14.0), text);
        }
    }
    builder.text()
}

/// The texts of each line, separated by spaces.
fn join_texts(lines: &[&[(f64, &str)]]) -> String {
    let lines = lines.iter().map(|line| {
        let texts: Vec<&str> = line.iter().map(|(_, text)| text.trim()).collect();
        texts.join(" ")
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn lists_and_code_are_read_line_by_line() {
    let bullets: [&[(f64, &str)]; 5] = [
        &[
            (50.0, "-"),
            (
                70.0,
                "Boats are tied to two rings, and never to one of them",
            ),
        ],
        &[(70.0, "alone, for the swell of the ferry is strong.")],
        &[(50.0, "-"), (70.0, "Dogs stay on a lead.")],
        &[
            (50.0, "-"),
            (70.0, "Bicycles are left at the gate, where the warden"),
        ],
        &[(70.0, "looks after them.")],
    ];
    let numbers: [&[(f64, &str)]; 4] = [
        &[(50.0, "1."), (80.0, "The gate opens at six.")],
        &[(50.0, "2."), (80.0, "The gate closes at nine.")],
        &[(50.0, "10."), (80.0, "Nobody stays for the night.")],
        &[(50.0, "11."), (80.0, "Fires are not lit.")],
    ];
    let nested: [&[(f64, &str)]; 4] = [
        &[(50.0, "(a)"), (90.0, "Boats of members")],
        &[(90.0, "(i)"), (130.0, "with a sail")],
        &[(90.0, "(ii)"), (130.0, "with an engine")],
        &[(50.0, "(b)"), (90.0, "Boats of guests")],
    ];
    let code: [&[(f64, &str)]; 5] = [
        &[(50.0, "fn main() {")],
        &[(70.0, "let fee = 35;")],
        &[(70.0, "if fee > 30 {")],
        &[(90.0, "pay(fee);")],
        &[(70.0, "}")],
    ];
    let commented: [&[(f64, &str)]; 3] = [
        &[(50.0, "let fee = 35;"), (250.0, "// in euro")],
        &[(50.0, "let length = 8;"), (250.0, "// in metres")],
        &[(50.0, "let berth = 4;"), (250.0, "// from the gate")],
    ];
    let options: [&[(f64, &str)]; 5] = [
        &[
            (50.0, "-b, --benchmark"),
            (200.0, "perform a benchmark on decoding"),
        ],
        &[(50.0, "-s, --strict"), (200.0, "use strict decoding")],
        &[
            (50.0, "-t, --no-time-strict"),
            (200.0, "use strict decoding but not in time fields"),
        ],
        &[(50.0, "-h, --help"), (200.0, "display this help and exit")],
        &[
            (50.0, "-v, --version"),
            (200.0, "output version information and exit"),
        ],
    ];
    for (name, lines) in [
        ("options", &options[..]),
        ("bullets", &bullets),
        ("numbers", &numbers),
        ("nested lists", &nested),
        ("code", &code),
        ("code with comments", &commented),
    ] {
        assert_eq!(read(lines), join_texts(lines), "{name}");
    }
}

#[test]
fn titles_contents_letters_and_forms_are_read_line_by_line() {
    let titles: [&[(f64, &str)]; 4] = [
        &[(240.0, "Harbour rules")],
        &[(255.0, "of 2026")],
        &[(
            50.0,
            "They hold for everybody who keeps a boat here, or visits one.",
        )],
        &[(50.0, "Guests are told of them.")],
    ];
    let contents: [&[(f64, &str)]; 4] = [
        &[
            (50.0, "1 Berths"),
            (100.0, ". . . . . . . . . . . . . . . . . . . ."),
            (300.0, "3"),
        ],
        &[
            (50.0, "2 Fees and dues"),
            (130.0, ". . . . . . . . . . . . . ."),
            (300.0, "7"),
        ],
        &[
            (50.0, "2.1 Winter"),
            (110.0, ". . . . . . . . . . . . . . . . . ."),
            (295.0, "12"),
        ],
        &[
            (50.0, "3 Dogs"),
            (90.0, ". . . . . . . . . . . . . . . . . . . . ."),
            (295.0, "15"),
        ],
    ];
    let indented: [&[(f64, &str)]; 4] = [
        &[
            (50.0, "1"),
            (70.0, "Berths . . . . . . . . . . . . . . . . . . 1"),
        ],
        &[
            (50.0, "2"),
            (70.0, "Fees and dues . . . . . . . . . . . . . . . 2"),
        ],
        &[
            (70.0, "2.1"),
            (100.0, "Winter . . . . . . . . . . . . . . . . . 2"),
        ],
        &[
            (70.0, "2.2"),
            (100.0, "Summer . . . . . . . . . . . . . . . . . 3"),
        ],
    ];
    let numbered: [&[(f64, &str)]; 4] = [
        &[(50.0, "1"), (70.0, "Berths"), (300.0, "3")],
        &[(50.0, "2"), (70.0, "Fees and dues"), (300.0, "7")],
        &[(50.0, "2.1"), (70.0, "Winter"), (295.0, "12")],
        &[(50.0, "3"), (70.0, "Dogs"), (295.0, "15")],
    ];
    let letter: [&[(f64, &str)]; 7] = [
        &[(50.0, "Ada Lovelace"), (400.0, "London, 3 May 2026")],
        &[(50.0, "12 St James's Square")],
        &[(50.0, "London")],
        &[(50.0, "Dear Ada,")],
        &[(
            50.0,
            "the crane will be repaired in June, and your boat can be lifted",
        )],
        &[(
            50.0,
            "after that. We tell you the day as soon as it is known.",
        )],
        &[(50.0, "Yours, the warden")],
    ];
    let reference: [&[(f64, &str)]; 4] = [
        &[(50.0, "Ada Lovelace"), (400.0, "Our sign: gh")],
        &[(50.0, "12 St James's Square"), (400.0, "Date: 3 May 2026")],
        &[(50.0, "London SW1"), (400.0, "Phone: 030 1234")],
        &[(50.0, "Dear Ada,")],
    ];
    let form: [&[(f64, &str)]; 4] = [
        &[(50.0, "Name:"), (150.0, "Grace Example")],
        &[(50.0, "Born:"), (150.0, "9 December 1906")],
        &[(50.0, "Boat:"), (150.0, "Sloop of 8 metres")],
        &[(50.0, "Fee:"), (150.0, "350")],
    ];
    let signatures: [&[(f64, &str)]; 2] = [
        &[(50.0, "______________"), (350.0, "______________")],
        &[(50.0, "Chairwoman"), (350.0, "Treasurer")],
    ];
    for (name, lines) in [
        ("centred titles", &titles[..]),
        ("contents with leaders", &contents),
        ("indented contents", &indented),
        ("contents without leaders", &numbered),
        ("a letter", &letter),
        ("a letter with a reference", &reference),
        ("a form", &form),
        ("signatures", &signatures),
    ] {
        assert_eq!(read(lines), join_texts(lines), "{name}");
    }
}

#[test]
fn wide_spaces_within_lines_do_not_separate_columns() {
    let lines: [&[(f64, &str)]; 5] = [
        &[(
            50.0,
            "The pier   is closed   from May   to June   every year,",
        )],
        &[(
            50.0,
            "for the   planks   are turned   and tarred   by the crew",
        )],
        &[(
            50.0,
            "of the   dredger.   Boats that   lie there   are moved to",
        )],
        &[(
            50.0,
            "the inner   basin, where   they pay   the same   fee as",
        )],
        &[(
            50.0,
            "before   and may   use the   crane without   a charge.",
        )],
    ];
    assert_eq!(
        read(&lines),
        lines
            .map(|line| { line[0].1.split_whitespace().collect::<Vec<_>>().join(" ") })
            .join("\n")
    );
}

#[test]
fn letter_footers_do_not_name_values() {
    let lines: [&[(f64, &str)]; 4] = [
        &[
            (50.0, "Harbour Club"),
            (220.0, "Bank of the Isles"),
            (400.0, "Register 12"),
        ],
        &[
            (50.0, "12 Pier Road"),
            (220.0, "Account 4711"),
            (400.0, "Tax 99/123"),
        ],
        &[
            (50.0, "Kirkwall"),
            (220.0, "Sort code 80-11"),
            (400.0, "Chair: Ada L."),
        ],
        &[(50.0, "Scotland"), (220.0, "Phone 1234")],
    ];
    let read = read(&lines);
    assert!(
        !read.contains("Harbour Club:") && !read.contains("Register 12:"),
        "{read}"
    );
    for (_, text) in lines.iter().flat_map(|line| line.iter()) {
        assert!(read.contains(text), "{text}: {read}");
    }
}

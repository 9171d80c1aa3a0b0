//! Ambiguous tables: no value gets a name that might not be its own, and no value is lost.

use super::tests::data;
use super::{Cell, Grid, Origin};

/// Asserts that the rows are read as these lines, among others.
fn assert_has_lines(rows: &[&str], lines: &[&str]) {
    let found = data(rows);
    for line in lines {
        assert!(found.lines().any(|read| read == *line), "{line}:\n{found}");
    }
}

#[test]
fn a_row_of_words_among_numbers_is_not_a_header() {
    assert_has_lines(
        &[
            "Port|Country|Ships|Tonnage",
            "Oslo|Norway|12|340",
            "Turku|Finland|9|210",
            "Vaasa|Sweden|closed|unknown",
            "Kiel|Germany|7|150",
        ],
        &[
            "Port: Vaasa; Country: Sweden; Ships: closed; Tonnage: unknown",
            "Port: Kiel; Country: Germany; Ships: 7; Tonnage: 150",
        ],
    );
    // Its country occurred in the column before.
    assert_has_lines(
        &[
            "Port|Country|Ships|Tonnage",
            "Oslo|Norway|12|340",
            "Turku|Finland|9|210",
            "Vaasa|Finland|Closed|Unknown",
            "Kiel|Germany|7|150",
        ],
        &[
            "Port: Vaasa; Country: Finland; Ships: Closed; Tonnage: Unknown",
            "Port: Kiel; Country: Germany; Ships: 7; Tonnage: 150",
        ],
    );
    assert_has_lines(
        &[
            "Name|Age",
            "Ada|36|",
            "Bob|unknown|left in May",
            "Cid|40|joined in June",
        ],
        &[
            "Name: Bob; Age: unknown; left in May",
            "Name: Cid; Age: 40; joined in June",
        ],
    );
    assert_has_lines(
        &[
            "*Item|*Price",
            "Coffee|3",
            "*Special offer|*on request",
            "Tea|2",
        ],
        &[
            "Item: Special offer; Price: on request",
            "Item: Tea; Price: 2",
        ],
    );
}

#[test]
fn values_after_a_gap_stay_in_their_column_without_names() {
    let rows = [
        "Item|From|In|Out",
        "Coffee|Peru|3|1",
        "Tea|Nepal|2|2",
        "Port|Land|Depth|Berths",
        "Oslo||12|4",
    ];
    let read = super::tests::page(&rows);
    assert!(read.lines().any(|line| line == "Oslo | | 12 | 4"), "{read}");
}

#[test]
fn a_row_that_may_be_a_header_ends_the_names() {
    for (rows, line) in [
        (
            &[
                "Port|Country|Ships|Tonnage",
                "Oslo|Norway|12|340",
                "Turku|Finland|9|210",
                "Vaasa|Sweden|Closed|Unknown",
                "Kiel|Germany|7|150",
            ][..],
            "Kiel | Germany | 7 | 150",
        ),
        (
            &[
                "Item|From|In|Out",
                "Coffee|Peru|3|1",
                "Tea|Nepal|2|2",
                "Port|Land|Depth|Berths",
                "Oslo|Norway|12|4",
            ],
            "Oslo | Norway | 12 | 4",
        ),
        (
            &[
                "Item|Price",
                "Coffee|3",
                "Tea|2",
                "Port|Depth|Flag",
                "Oslo|12|NO",
                "Turku|9|FI",
            ],
            "Oslo | 12 | NO",
        ),
        (
            &["Name|Age", "Ada|36", "Bob|Unknown|Left", "Cid|40|Joined"],
            "Cid | 40 | Joined",
        ),
        (
            &["*Item|*Price", "Coffee|3", "*Offer|*On request", "Tea|2"],
            "Tea | 2",
        ),
        (
            &["*Item|*Price", "Coffee|3", "*Offer|*Ask|*New", "Tea|2|Old"],
            "Tea | 2 | Old",
        ),
        // A number below words, and words below numbers.
        (
            &[
                "Item|From|Price",
                "Tea|Peru|3",
                "Port|Depth|Flag",
                "Oslo|12|NO",
            ],
            "Oslo | 12 | NO",
        ),
        // A title above it is not a value.
        (
            &[
                "*Item|*Price",
                "Coffee|3",
                "Depths",
                "*Port|*Depth",
                "Oslo|12",
            ],
            "Depths",
        ),
    ] {
        assert_has_lines(rows, &[line]);
    }
}

#[test]
fn a_spacer_column_does_not_split_a_table() {
    for rows in [
        &[
            "Name|City||Paid|Owed",
            "Ada|London||12|3",
            "Bob|Paris||10|5",
            "Cid|Oslo||",
            "Dan|Rome||",
        ][..],
        // Names over some of the columns only.
        &[
            "|||Fees|",
            "|||2024|2025",
            "Name|City||Paid|Owed",
            "Ada|London||12|3",
            "Bob|Paris||10|5",
        ],
        // Sums.
        &[
            "Name|City||Paid|Owed",
            "Ada|London||12|3",
            "Bob|Paris||10|5",
            "|||22|8",
            "|||11|4",
        ],
    ] {
        let found = data(rows);
        assert!(
            found
                .lines()
                .any(|line| line.contains("London") && line.contains("12")),
            "{found}"
        );
    }
}

#[test]
fn tables_side_by_side_lose_nothing_further_down() {
    let mut rows = vec!["Item|Price||Item|Depth".to_owned()];
    rows.extend((1..260).map(|row| format!("Ware {row}|{row}||Port {row}|{}", row + 1)));
    rows[240] = "Ware 240|240|in the gap|Port 240|241".to_owned();
    rows[259] = "Ware 259|259||Port 259|260|at the end".to_owned();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    assert_has_lines(
        &rows,
        &[
            "Item: Ware 239; Price: 239",
            "Item: Port 239; Depth: 240",
            "Ware 240 | 240 | in the gap | Port 240 | 241",
            "Item: Ware 241; Price: 241",
            "Item: Port 259; Depth: 260; at the end",
        ],
    );
}

#[test]
fn wide_tables_with_gaps_are_read_in_time() {
    let cells: Vec<String> = (0..4_000)
        .map(|column| match column % 3 {
            2 => String::new(),
            _ => column.to_string(),
        })
        .collect();
    let mut grid = Grid::default();
    for _ in 0..199 {
        grid.begin_row(false);
        for text in &cells {
            grid.add_cell(Cell {
                text: text.clone(),
                ..Cell::default()
            });
        }
    }
    let started = std::time::Instant::now();
    let text = super::join_parts(&grid.into_parts(Origin::Data));
    assert!(text.contains(" | 3999"), "{}", &text[..200]);
    assert!(started.elapsed().as_secs() < 15, "{:?}", started.elapsed());
}

/// Either reading names each value, and one of them wrongly.
#[test]
fn possibly_stacked_tables_have_no_names() {
    for (rows, line) in [
        // One transposed table, or two.
        (
            &["Port|In|Out", "Hull|3|4", "Ship|Crew|Length", "Ada|12|30"][..],
            "Ada | 12 | 30",
        ),
        (
            &[
                "Port|In|Out",
                "Hull|yes|no",
                "Bodo|3|4",
                "Ship|Crew|Length",
                "Ada|12|30",
                "Bee|9|22",
            ],
            "Bee | 9 | 22",
        ),
        // Columns with gaps.
        (
            &[
                "Port|In|Out",
                "Hull||4",
                "Bodo|5|",
                "Ship|Crew|Length",
                "Ada|12|30",
            ],
            "Ada | 12 | 30",
        ),
        (
            &[
                "Port|In|Out",
                "Hull|3|",
                "Bodo|5|",
                "Ship|Crew|Length",
                "Ada|12|30",
                "Bee|9|22",
            ],
            "Bee | 9 | 22",
        ),
        // Lists that were not filled in.
        (
            &[
                "Port|In|Out",
                "Hull",
                "Bodo",
                "Ship|Crew|Length",
                "Ada",
                "Bee",
            ],
            "Ship | Crew | Length",
        ),
    ] {
        assert_has_lines(rows, &[line]);
    }
    assert_has_lines(
        &[
            "Name|Ada|Grace",
            "City|London|London",
            "Born|1815|1906",
            "Field|Maths|Maths",
            "Age|36|85",
        ],
        &["Name: Ada; City: London; Born: 1815; Field: Maths; Age: 36"],
    );
}

/// Most rows determine the kind of a column; a remark in one row does not change it.
#[test]
fn a_remark_among_numbers_does_not_end_a_table() {
    assert_has_lines(
        &[
            "Port|In|Remark",
            "Hull|3|",
            "Bodo|5|",
            "Vaasa|Closed|Until May",
            "Kiel|4|",
            "Oslo|7|",
        ],
        &[
            "Port: Vaasa; In: Closed; Remark: Until May",
            "Port: Kiel; In: 4",
        ],
    );
}

#[test]
fn a_note_below_a_table_is_not_a_caption_of_the_next() {
    let mut grid = Grid::default();
    for row in [
        "All goods",
        "",
        "Item|Price",
        "Coffee|3",
        "Tea|2",
        "",
        "Source: Ministry 2020",
        "",
        "Ports",
        "",
        "Port|Depth",
        "Oslo|12",
        "Turku|9",
        "",
        "As of March",
        "",
        "Boats|",
        "Boat|Length|Flag",
        "Heron|12|NO",
        "Tern|9|SE",
    ] {
        grid.begin_row(false);
        for text in row.split('|') {
            grid.add_cell(Cell {
                text: text.to_owned(),
                ..Cell::default()
            });
        }
    }
    let parts = grid.into_parts(Origin::Data);
    let captions: Vec<&str> = parts.iter().map(|part| part.caption.as_str()).collect();
    assert_eq!(captions, ["All goods", "Ports", "Boats"]);
    assert!(parts[0].text.ends_with("Source: Ministry 2020\n"));
    assert!(parts[1].text.ends_with("As of March\n"));
}

#[test]
fn text_before_the_first_table_is_read() {
    let mut rows = vec!["|Item|Price||Item|Depth".to_owned()];
    rows.extend((1..220).map(|row| format!("|Ware {row}|{row}||Port {row}|{}", row + 1)));
    rows[210] = "new|Ware 210|210||Port 210|211".to_owned();
    rows.push("|||between||".to_owned());
    rows.push("|Ware|5||Port|6".to_owned());
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    assert_has_lines(
        &rows,
        &[
            "new | Ware 210 | 210 | Port 210 | 211",
            "between",
            "Item: Ware; Price: 5",
            "Item: Port; Depth: 6",
        ],
    );
}

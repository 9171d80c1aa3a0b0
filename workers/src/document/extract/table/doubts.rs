//! Tables whose rows may be read in more than one way: no value gets a name that might not be its own, and none is lost.

use super::tests::data;
use super::{Cell, Grid, Origin};

/// Each line of rows as they are told, without those above the first.
fn has(rows: &[&str], lines: &[&str]) {
    let found = data(rows);
    for line in lines {
        assert!(found.lines().any(|told| told == *line), "{line}:\n{found}");
    }
}

#[test]
fn a_row_of_words_among_numbers_is_no_header() {
    has(
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
    // Its country stood in the column before.
    has(
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
    has(
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
    has(
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
fn values_behind_a_gap_stay_in_their_column_where_nothing_is_named() {
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
        // A number is among words below, and words below numbers.
        (
            &[
                "Item|From|Price",
                "Tea|Peru|3",
                "Port|Depth|Flag",
                "Oslo|12|NO",
            ],
            "Oslo | 12 | NO",
        ),
        // A title above it is no value.
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
        has(rows, &[line]);
    }
}

#[test]
fn a_spacer_column_parts_no_table() {
    for rows in [
        &[
            "Name|City||Paid|Owed",
            "Ada|London||12|3",
            "Bob|Paris||10|5",
            "Cid|Oslo||",
            "Dan|Rome||",
        ][..],
        // Names over some of the columns alone.
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
fn tables_beside_each_other_lose_nothing_further_down() {
    let mut rows = vec!["Item|Price||Item|Depth".to_owned()];
    rows.extend((1..260).map(|row| format!("Ware {row}|{row}||Port {row}|{}", row + 1)));
    rows[240] = "Ware 240|240|in the gap|Port 240|241".to_owned();
    rows[259] = "Ware 259|259||Port 259|260|at the end".to_owned();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    has(
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
            grid.cell(Cell {
                text: text.clone(),
                ..Cell::default()
            });
        }
    }
    let began = std::time::Instant::now();
    let text = super::joined(&grid.into_parts(Origin::Data));
    assert!(text.contains(" | 3999"), "{}", &text[..200]);
    assert!(began.elapsed().as_secs() < 15, "{:?}", began.elapsed());
}

/// Either reading gives each value a name, and one of them a wrong one.
#[test]
fn what_may_be_two_tables_below_each_other_has_no_names() {
    for (rows, line) in [
        // One on its side, or two.
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
        // Lists that nobody has filled in.
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
        has(rows, &[line]);
    }
    has(
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

/// Most rows say what a column is, and a remark in one does not change it.
#[test]
fn a_remark_among_numbers_ends_no_table() {
    has(
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
fn a_note_below_a_table_is_no_caption_of_the_next() {
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
            grid.cell(Cell {
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
fn what_stands_before_the_first_table_is_told() {
    let mut rows = vec!["|Item|Price||Item|Depth".to_owned()];
    rows.extend((1..220).map(|row| format!("|Ware {row}|{row}||Port {row}|{}", row + 1)));
    rows[210] = "new|Ware 210|210||Port 210|211".to_owned();
    rows.push("|||between||".to_owned());
    rows.push("|Ware|5||Port|6".to_owned());
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    has(
        &rows,
        &[
            "new | Ware 210 | 210 | Port 210 | 211",
            "between",
            "Item: Ware; Price: 5",
            "Item: Port; Depth: 6",
        ],
    );
}

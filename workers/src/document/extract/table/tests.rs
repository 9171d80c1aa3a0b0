use super::{Cell, Grid, Origin, encode_nested, join_parts};

fn text(grid: Grid, origin: Origin) -> String {
    join_parts(&grid.into_parts(origin))
}

/// Reads a table with cells separated by `|`; `*` makes a text bold, `<` and `^` extend the cell on the left or above.
fn read(rows: &[&str], origin: Origin) -> String {
    let parsed: Vec<Vec<&str>> = rows
        .iter()
        .map(|row| row.split('|').map(str::trim).collect())
        .collect();
    let mut grid = Grid::default();
    for (number, row) in parsed.iter().enumerate() {
        grid.begin_row(false);
        for (column, text) in row.iter().enumerate() {
            if matches!(*text, "<" | "^") {
                continue;
            }
            let merged = row[column + 1..]
                .iter()
                .take_while(|next| **next == "<")
                .count();
            let below = parsed[number + 1..]
                .iter()
                .take_while(|row| row.get(column) == Some(&"^"));
            grid.add_cell(Cell {
                text: text.trim_start_matches('*').to_owned(),
                columns: merged + 1,
                rows: below.count() + 1,
                heading: false,
                strong: text.starts_with('*'),
            });
        }
    }
    text(grid, origin)
}

pub(super) fn page(rows: &[&str]) -> String {
    read(rows, Origin::Page)
}

pub(super) fn data(rows: &[&str]) -> String {
    read(rows, Origin::Data)
}

#[test]
fn cells_have_the_names_of_their_columns() {
    assert_eq!(
        page(&["Name|<|Fee", "Ada|Lovelace|35", "All|<|35"]),
        "Name | Fee\nName: Ada; Name: Lovelace; Fee: 35\nName: All; Fee: 35\n"
    );
    assert_eq!(
        page(&["Dept|Person", "Sales|Otto", "^|Bob", "Deck|Ines"]),
        "Dept | Person\nDept: Sales; Person: Otto\nDept: Sales; Person: Bob\nDept: Deck; Person: Ines\n"
    );
    assert_eq!(
        data(&["Guest|May|June|July", "Ada|here|<|away"]),
        "Guest | May | June | July\nGuest: Ada; May, June: here; July: away\n"
    );
}

#[test]
fn column_names_may_span_several_rows() {
    assert_eq!(
        page(&["Keeper|Watch|<", "^|From|Until", "Ada|18:00|01:00"]),
        "Keeper | Watch / From | Watch / Until\nKeeper: Ada; Watch / From: 18:00; Watch / Until: 01:00\n"
    );
    assert_eq!(
        data(&["2024|<|2025|<", "In|Out|In|Out", "5|6|7|8"]),
        "2024 / In | 2024 / Out | 2025 / In | 2025 / Out\n\
         2024 / In: 5; 2024 / Out: 6; 2025 / In: 7; 2025 / Out: 8\n"
    );
    // A row of words below names that span columns is still a record.
    assert!(
        page(&["Name|<|Town", "Ada|Lovelace|London", "Bob|Smith|Paris"])
            .contains("Name: Ada; Name: Lovelace; Town: London")
    );
}

#[test]
fn titles_are_not_column_names() {
    for titled in [
        &["Sales 2026", "Seller|Amount", "Ada|5"][..],
        &["Sales 2026|<", "Seller|Amount", "Ada|5"],
        &[
            "Sales 2026|",
            "as of March|",
            "Seller|Amount",
            "Ada|5",
            "Bob|7",
        ],
    ] {
        for read in [page(titled), data(titled)] {
            assert!(read.contains("\nSeller: Ada; Amount: 5\n"), "{read}");
            assert!(read.starts_with("Sales 2026\n"), "{read}");
        }
    }
}

#[test]
fn forms_are_read_as_facts() {
    assert_eq!(page(&["Name|Ada", "Born|1815"]), "Name: Ada\nBorn: 1815\n");
    assert_eq!(
        page(&["Captain|Hedda", "Port|Bergen", "Crew|12"]),
        "Captain: Hedda\nPort: Bergen\nCrew: 12\n"
    );
    // The same on a sheet, if words and numbers share the second column.
    assert_eq!(
        data(&["Name|Ada", "Born|1815", "Town|London"]),
        "Name: Ada\nBorn: 1815\nTown: London\n"
    );
    assert_eq!(
        data(&["Name:|Ada", "Town:|London"]),
        "Name: Ada\nTown: London\n"
    );
    assert_eq!(
        page(&["Name:|Ada|Born:|1815", "Town:|London|Died:|1852"]),
        "Name: Ada; Born: 1815\nTown: London; Died: 1852\n"
    );
    assert_eq!(
        page(&["*Boat|Heron", "*Flag|Norway"]),
        "Boat: Heron\nFlag: Norway\n"
    );
    assert_eq!(
        data(&["Name|Ada|Grace", "Born|1815|1906", "Town|London|New York"]),
        "Name: Ada; Born: 1815; Town: London\nName: Grace; Born: 1906; Town: New York\n"
    );
}

#[test]
fn two_columns_with_a_header_are_not_a_form() {
    for read in [
        page(&["*Item|*Price", "Coffee|cheap", "Tea|dear"]),
        page(&["Item|Price", "Coffee|3", "Tea|2"]),
        page(&["Item|Price", "Coffee|4,200 euros", "Tea|3,100 euros"]),
        page(&["Item|Price", "Coffee|3.20 €", "Tea|-"]).replace("\nTea: -", ""),
        data(&["Item|Price", "Coffee|cheap", "Tea|dear"]),
        data(&["Item|Price", "Coffee|3"]),
    ] {
        assert!(
            read.contains("Item: Coffee; Price: ") || read.contains("Coffee: 3.20"),
            "{read}"
        );
    }
}

#[test]
fn without_names_rows_stay_as_they_are() {
    assert_eq!(
        data(&["Ada|35|London", "Bob|40|Paris"]),
        "Ada | 35 | London\nBob | 40 | Paris\n"
    );
    assert_eq!(
        data(&["Ada|London", "Bob|Paris", "Cy|London"]),
        "Ada | London\nBob | Paris\nCy | London\n"
    );
    assert_eq!(
        data(&["2026-03-01|Oslo", "2026-03-02|Turku"]),
        "2026-03-01 | Oslo\n2026-03-02 | Turku\n"
    );
    // Years may be names above values that are not years.
    assert!(data(&["Port|2024|2025", "Oslo|12|14"]).contains("Port: Oslo; 2024: 12; 2025: 14"));
    assert!(!data(&["Ada|2024|2025", "Bob|2023|2021"]).contains("2024: "));
}

#[test]
fn a_nested_table_is_read_within_its_cell() {
    let table = page(&["*Pier|*Depth", "West|12 m", "East|9 m"]);
    let mut grid = Grid::default();
    for row in [
        ["Port", "Berths"],
        ["Oslo", &encode_nested(&table)],
        ["Turku", "none"],
        ["Oslo", "more"],
    ] {
        grid.begin_row(row[0] == "Port");
        for text in row {
            grid.add_cell(Cell {
                text: text.to_owned(),
                ..Cell::default()
            });
        }
    }
    let read = text(grid, Origin::Page);
    assert!(
        read.contains(
            "Port: Oslo; Berths: Pier | Depth / Pier: West; Depth: 12 m / Pier: East; Depth: 9 m\n"
        ),
        "{read}"
    );
}

#[test]
fn a_repeated_header_is_written_once() {
    let rows = [
        "*Boat|*Length|*Flag",
        "Heron|12|NO",
        "*Boat|*Length|*Flag",
        "Tern|9|SE",
    ];
    assert_eq!(
        data(&rows),
        "Boat | Length | Flag\nBoat: Heron; Length: 12; Flag: NO\nBoat: Tern; Length: 9; Flag: SE\n"
    );
}

#[test]
fn spans_cannot_make_a_table_grow_without_limit() {
    let long = "x".repeat(1_000);
    let mut grid = Grid::default();
    for row in 0..500 {
        grid.begin_row(false);
        grid.add_cell(Cell {
            text: long.clone(),
            columns: 1_000_000,
            rows: 1_000_000,
            ..Cell::default()
        });
        grid.add_cell(Cell {
            text: row.to_string(),
            ..Cell::default()
        });
    }
    assert!(text(grid, Origin::Page).len() < 2_000_000);
}

#[test]
fn another_table_has_its_own_names() {
    let goods = ["Item|Price", "Coffee|3", "Tea|2"];
    let bold = ["*Item|*Price", "Coffee|3", "Tea|2"];
    let wanted = "Item | Price\nItem: Coffee; Price: 3\nItem: Tea; Price: 2\n";
    for (first, second, read) in [
        // Without an empty row between: recognized by its emphasis and its values, or by a name.
        (
            &bold[..],
            &["*Port|*Country", "Oslo|Norway", "Turku|Finland"][..],
            "Port: Oslo; Country: Norway",
        ),
        (
            &goods,
            &["Item|Stock", "Coffee|12", "Tea|9"],
            "Item: Coffee; Stock: 12",
        ),
        (
            &bold,
            &["Lands", "*Port|*Country", "Oslo|Norway", "Turku|Finland"],
            "Port: Oslo; Country: Norway",
        ),
        // Below an empty row.
        (
            &goods,
            &["", "Port|Depth", "Oslo|12", "Turku|9"],
            "Port: Oslo; Depth: 12",
        ),
        (
            &goods,
            &["", "Port|Country", "Oslo|Norway", "Turku|Finland"],
            "Port: Oslo; Country: Norway",
        ),
        (
            &goods,
            &["", "Depths", "", "Port|Depth", "Oslo|12", "Turku|9"],
            "Port: Oslo; Depth: 12",
        ),
    ] {
        let rows: Vec<&str> = first.iter().chain(second).copied().collect();
        // Two columns of words are a form on a page.
        let words = rows.contains(&"Port|Country");
        let pages = if words { vec![] } else { vec![page(&rows)] };
        for found in std::iter::once(data(&rows)).chain(pages) {
            assert!(found.starts_with(wanted), "{found}");
            assert!(found.contains(&format!("\n{read}")), "{found}");
            assert!(
                !found.contains("Item: Port") && !found.contains("Item: Oslo"),
                "{found}"
            );
        }
    }
}

#[test]
fn continued_tables_keep_their_names() {
    for (rows, read) in [
        // A missing value in words; an emphasized row; a sum.
        (
            &[
                "Item|Price",
                "Coffee|3",
                "Tea|2",
                "Rice|5",
                "Salt|1",
                "Milk|sold out",
                "Bread|4",
            ][..],
            "Item: Bread; Price: 4",
        ),
        (
            &["*Item|*Price", "Coffee|3", "*Tea|*2", "Bread|4"],
            "Item: Bread; Price: 4",
        ),
        (
            &["*Item|*From", "Coffee|Peru", "*Tea|*Nepal", "Mate|Peru"],
            "Item: Mate; From: Peru",
        ),
        (
            &["*Item|*Price", "Coffee|3", "Tea|2", "*Sum|*5", "Bread|4"],
            "Item: Bread; Price: 4",
        ),
        // Blocks of rows with empty rows between.
        (
            &["Item|Price", "Coffee|3", "Tea|2", "", "Bread|4", "Milk|1"],
            "Item: Bread; Price: 4",
        ),
        (
            &[
                "Item|From",
                "Coffee|Peru",
                "Tea|Nepal",
                "",
                "Mate|Peru",
                "Milk|Jura",
            ],
            "Item: Mate; From: Peru",
        ),
        (
            &[
                "Item|From",
                "Coffee|Peru",
                "Tea|Nepal",
                "",
                "Item|From",
                "Milk|Jura",
            ],
            "Item: Milk; From: Jura",
        ),
        (
            &[
                "Item|Price|Note",
                "Coffee|3|dark",
                "Tea|2|green",
                "",
                "Sum|5",
            ],
            "Item: Sum; Price: 5",
        ),
    ] {
        assert!(data(rows).contains(&format!("\n{read}")), "{}", data(rows));
    }
}

#[test]
fn rows_that_may_start_another_table_have_no_names() {
    for rows in [
        &["*Name|*City", "Ada|London", "*Port|*Country", "Oslo|Norway"][..],
        &[
            "Name|City",
            "Ada|London",
            "Bob|Paris",
            "",
            "Port|Country",
            "Oslo|Norway",
        ],
    ] {
        let found = data(rows);
        assert!(found.contains("Name: Ada; City: London\n"), "{found}");
        assert!(found.contains("\nOslo | Norway\n"), "{found}");
    }
}

#[test]
fn tables_side_by_side_are_read_one_by_one() {
    let goods = "Item: Coffee; Price: 3\nItem: Tea; Price: 2\n";
    for (rows, other) in [
        // Names on both sides.
        (
            &[
                "Item|Price||Item|Stock",
                "Coffee|3||Coffee|12",
                "Tea|2||Tea|9",
            ][..],
            "Item: Coffee; Stock: 12\nItem: Tea; Stock: 9\n",
        ),
        // Titles on both sides.
        (
            &[
                "Goods|||Ports|",
                "Item|Price||Port|Depth",
                "Coffee|3||Oslo|12",
                "Tea|2||Turku|9",
            ],
            "Ports\nPort | Depth\nPort: Oslo; Depth: 12",
        ),
        // Of different lengths, with one title above all.
        (
            &[
                "All",
                "Item|Price||Port|Depth",
                "Coffee|3||Oslo|12",
                "Tea|2||Turku|9",
                "|||Bergen|7",
                "|||Kiel|8",
            ],
            "Port: Kiel; Depth: 8",
        ),
        (
            &[
                "|||Port|Depth",
                "|||Oslo|12",
                "Item|Price||Turku|9",
                "Coffee|3||Bergen|7",
                "Tea|2||Kiel|8",
            ],
            "Port: Kiel; Depth: 8",
        ),
    ] {
        let found = data(rows);
        assert!(found.contains(goods), "{found}");
        assert!(found.contains(other), "{found}");
    }
    // A gap within a table does not split it.
    let found = data(&[
        "Item|From||Price|Stock",
        "Coffee|Peru||3|12",
        "Tea|Nepal||2|",
    ]);
    assert!(
        found.contains("Item: Coffee; From: Peru; Price: 3; Stock: 12"),
        "{found}"
    );
}

#[test]
fn titles_are_captions_of_their_own_table_only() {
    let mut grid = Grid::default();
    for row in [
        "Goods",
        "Item|Price",
        "Coffee|3",
        "Tea|2",
        "",
        "Ports",
        "",
        "Port|Depth",
        "Oslo|12",
        "Turku|9",
        "",
        "*Name|*Age",
        "Ada|36",
    ] {
        grid.begin_row(false);
        for text in row.split('|') {
            grid.add_cell(Cell {
                text: text.trim_start_matches('*').to_owned(),
                strong: text.starts_with('*'),
                ..Cell::default()
            });
        }
    }
    let parts = grid.into_parts(Origin::Data);
    let captions: Vec<&str> = parts.iter().map(|part| part.caption.as_str()).collect();
    assert_eq!(captions, ["Goods", "Ports", ""]);
    assert!(parts[0].text.starts_with("Goods\nItem | Price\n"));
    assert!(parts[1].text.starts_with("Ports\nPort | Depth\n"));
    assert!(parts[2].text.starts_with("Name | Age\nName: Ada"));
}

use super::{Cell, Grid, Origin, inner};

/// A table whose cells are parted by `|`; `*` before a text makes it bold, `<` and `^` reach over from the left and
/// from above.
fn read(rows: &[&str], origin: Origin) -> String {
    let parsed: Vec<Vec<&str>> = rows
        .iter()
        .map(|row| row.split('|').map(str::trim).collect())
        .collect();
    let mut grid = Grid::default();
    for (number, row) in parsed.iter().enumerate() {
        grid.begin_row(false);
        for (place, text) in row.iter().enumerate() {
            if matches!(*text, "<" | "^") {
                continue;
            }
            let wide = row[place + 1..]
                .iter()
                .take_while(|next| **next == "<")
                .count();
            let below = parsed[number + 1..]
                .iter()
                .take_while(|row| row.get(place) == Some(&"^"));
            grid.cell(Cell {
                text: text.trim_start_matches('*').to_owned(),
                columns: wide + 1,
                rows: below.count() + 1,
                heading: false,
                strong: text.starts_with('*'),
            });
        }
    }
    grid.into_text(origin)
}

fn page(rows: &[&str]) -> String {
    read(rows, Origin::Page)
}

fn data(rows: &[&str]) -> String {
    read(rows, Origin::Data)
}

#[test]
fn cells_stand_below_the_names_of_their_columns() {
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
fn names_may_take_several_rows() {
    assert_eq!(
        page(&["Keeper|Watch|<", "^|From|Until", "Ada|18:00|01:00"]),
        "Keeper | Watch / From | Watch / Until\nKeeper: Ada; Watch / From: 18:00; Watch / Until: 01:00\n"
    );
    assert_eq!(
        data(&["2024|<|2025|<", "In|Out|In|Out", "5|6|7|8"]),
        "2024 / In | 2024 / Out | 2025 / In | 2025 / Out\n\
         2024 / In: 5; 2024 / Out: 6; 2025 / In: 7; 2025 / Out: 8\n"
    );
    // A row of words below names that span is a record all the same.
    assert!(
        page(&["Name|<|Town", "Ada|Lovelace|London", "Bob|Smith|Paris"])
            .contains("Name: Ada; Name: Lovelace; Town: London")
    );
}

#[test]
fn titles_are_no_names() {
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
    // So on a sheet, where words and numbers share the second column.
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
fn two_columns_with_a_header_are_no_form() {
    for named in [
        page(&["*Item|*Price", "Coffee|cheap", "Tea|dear"]),
        page(&["Item|Price", "Coffee|3", "Tea|2"]),
        page(&["Item|Price", "Coffee|4,200 euros", "Tea|3,100 euros"]),
        page(&["Item|Price", "Coffee|3.20 €", "Tea|-"]).replace("\nTea: -", ""),
        data(&["Item|Price", "Coffee|cheap", "Tea|dear"]),
        data(&["Item|Price", "Coffee|3"]),
    ] {
        assert!(
            named.contains("Item: Coffee; Price: ") || named.contains("Coffee: 3.20"),
            "{named}"
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
    // Years may be names, above values that are none.
    assert!(data(&["Port|2024|2025", "Oslo|12|14"]).contains("Port: Oslo; 2024: 12; 2025: 14"));
    assert!(!data(&["Ada|2024|2025", "Bob|2023|2021"]).contains("2024: "));
}

#[test]
fn a_table_in_a_cell_is_read_there() {
    let table = page(&["*Pier|*Depth", "West|12 m", "East|9 m"]);
    let mut grid = Grid::default();
    for row in [
        ["Port", "Berths"],
        ["Oslo", &inner(&table)],
        ["Turku", "none"],
        ["Oslo", "more"],
    ] {
        grid.begin_row(row[0] == "Port");
        for text in row {
            grid.cell(Cell {
                text: text.to_owned(),
                ..Cell::default()
            });
        }
    }
    let read = grid.into_text(Origin::Page);
    assert!(
        read.contains(
            "Port: Oslo; Berths: Pier | Depth / Pier: West; Depth: 12 m / Pier: East; Depth: 9 m\n"
        ),
        "{read}"
    );
}

#[test]
fn a_header_that_comes_again_is_told_once() {
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
fn spans_cannot_make_a_table_grow_without_end() {
    let long = "x".repeat(1_000);
    let mut grid = Grid::default();
    for row in 0..500 {
        grid.begin_row(false);
        grid.cell(Cell {
            text: long.clone(),
            columns: 1_000_000,
            rows: 1_000_000,
            ..Cell::default()
        });
        grid.cell(Cell {
            text: row.to_string(),
            ..Cell::default()
        });
    }
    assert!(grid.into_text(Origin::Page).len() < 2_000_000);
}

//! Tables of PDF files: no value gets the name of another column.

use super::columns::{Sheet, reach};

/// Rows whose cells begin at the same places, drawn cell by cell; `\n` parts lines of a cell.
fn draw(sheet: &mut Sheet, top: f64, pitch: f64, places: &[f64], rows: &[&[&str]]) {
    let mut y = top;
    for row in rows {
        let mut lines = 1;
        for (x, text) in places.iter().zip(*row) {
            for (line, text) in text.lines().enumerate() {
                sheet.add(*x, y - reach(line, 12.0), text);
                lines = lines.max(line + 1);
            }
        }
        y -= pitch + reach(lines - 1, 12.0);
    }
}

fn read(size: f64, pitch: f64, places: &[f64], rows: &[&[&str]]) -> String {
    let mut sheet = Sheet::new(size);
    draw(&mut sheet, 700.0, pitch, places, rows);
    sheet.text()
}

#[test]
fn values_beside_empty_cells_stay_in_their_columns() {
    let rows: [&[&str]; 4] = [
        &["Name", "Adult", "Child", "Senior"],
        &["North", "5", "", "4"],
        &["South", "", "3", "2"],
        &["", "1", "", "6"],
    ];
    let expected = "Name | Adult | Child | Senior\n\
                    Name: North; Adult: 5; Senior: 4\nName: South; Child: 3; Senior: 2\nAdult: 1; Senior: 6";
    for (size, pitch, places) in [
        (12.0, 20.0, [100.0, 200.0, 300.0, 400.0]),
        (10.0, 12.0, [50.0, 90.0, 130.0, 170.0]),
        (8.0, 30.0, [50.0, 160.0, 200.0, 500.0]),
    ] {
        assert_eq!(read(size, pitch, &places, &rows), expected, "{places:?}");
        let mut turned = Sheet::new(size);
        turned.is_turned = true;
        draw(&mut turned, 700.0, pitch, &places, &rows);
        assert_eq!(turned.text(), expected, "turned {places:?}");
    }
}

#[test]
fn a_table_stands_between_the_text_around_it() {
    let mut sheet = Sheet::new(10.0);
    sheet.add(
        50.0,
        740.0,
        "What a berth costs in each of the seasons is written down below, in euro a night.",
    );
    draw(
        &mut sheet,
        715.0,
        14.0,
        &[50.0, 180.0, 260.0, 340.0],
        &[
            &["Boat", "Summer", "Winter", "Year"],
            &["Sloop", "35", "20", "350"],
            &["Ketch", "", "25", "540"],
            &["Raft", "10", "", ""],
        ],
    );
    sheet.add(
        50.0,
        640.0,
        "Who stays for longer than a month speaks with the warden about a price of his own.",
    );
    assert_eq!(
        sheet.text(),
        "What a berth costs in each of the seasons is written down below, in euro a night.\n\n\
         Boat | Summer | Winter | Year\nBoat: Sloop; Summer: 35; Winter: 20; Year: 350\nBoat: Ketch; Winter: 25; Year: 540\nBoat: Raft; Summer: 10\n\n\
         Who stays for longer than a month speaks with the warden about a price of his own."
    );
}

#[test]
fn cells_of_several_lines_are_one_value() {
    let places = [50.0, 150.0, 300.0, 400.0];
    let rows: [&[&str]; 4] = [
        &["Boat", "Where it lies\nin winter", "Length", "Fee"],
        &["Sloop", "Shed two, behind\nthe crane", "8", ""],
        &["Ketch of\nthe school", "Pier four", "", "540"],
        &["Yawl", "", "9", "400"],
    ];
    assert_eq!(
        read(10.0, 20.0, &places, &rows),
        "Boat | Where it lies in winter | Length | Fee\n\
         Boat: Sloop; Where it lies in winter: Shed two, behind the crane; Length: 8\n\
         Boat: Ketch of the school; Where it lies in winter: Pier four; Fee: 540\n\
         Boat: Yawl; Length: 9; Fee: 400"
    );
}

#[test]
fn numbers_at_the_end_of_their_columns_have_their_names() {
    let mut sheet = Sheet::new(10.0);
    let rows = [
        ["Place", "Boats", "Berths", "Euro"],
        ["Bergen", "1,204", "", "35.00"],
        ["Oslo", "", "88", "1,250.50"],
        ["Tromso", "7", "9", ""],
    ];
    for (line, row) in rows.iter().enumerate() {
        let y = 700.0 - reach(line, 15.0);
        sheet.add(50.0, y, row[0]);
        for (text, end) in row[1..].iter().zip([200.0, 260.0, 330.0]) {
            let width = reach(text.chars().count(), 5.3);
            if !text.is_empty() {
                sheet.add(end - width, y, text);
            }
        }
    }
    assert_eq!(
        sheet.text(),
        "Place | Boats | Berths | Euro\nPlace: Bergen; Boats: 1,204; Euro: 35.00\nPlace: Oslo; Berths: 88; Euro: 1,250.50\nPlace: Tromso; Boats: 7; Berths: 9"
    );
}

#[test]
fn a_name_above_two_columns_is_a_name_of_both() {
    let mut sheet = Sheet::new(10.0);
    sheet.add(50.0, 700.0, "Boat");
    sheet.add(150.0, 700.0, "Price of a night");
    sheet.add(300.0, 700.0, "Berths");
    draw(
        &mut sheet,
        685.0,
        15.0,
        &[150.0, 210.0],
        &[&["Summer", "Winter"]],
    );
    draw(
        &mut sheet,
        670.0,
        15.0,
        &[50.0, 150.0, 210.0, 300.0],
        &[
            &["Sloop", "35", "", "4"],
            &["Ketch", "", "25", "2"],
            &["Yawl", "30", "20", ""],
        ],
    );
    let read = sheet.text();
    // The name of both columns may be read with each of them or above the table, and never with one of them alone.
    for (boat, other) in [
        ("Sloop", "Winter: 35"),
        ("Ketch", "Summer: 25"),
        ("Ketch", "Berths: 25"),
    ] {
        let line = read.lines().find(|line| line.contains(boat)).unwrap();
        assert!(!line.contains(other), "{read}");
    }
    assert!(
        read.contains("Winter: 25") && read.contains("Summer: 35"),
        "{read}"
    );
}

#[test]
fn cells_without_certain_names_are_kept_apart_at_their_places() {
    let places = [50.0, 200.0, 350.0];
    let rows: [&[&str]; 4] = [
        &["Name", "City", "Boat"],
        &["Ada", "London", "Sloop"],
        &["Grace", "", "Ketch"],
        &["Edsger", "Rotterdam", ""],
    ];
    assert_eq!(
        read(10.0, 15.0, &places, &rows),
        "Name | City | Boat\nAda | London | Sloop\nGrace | | Ketch\nEdsger | Rotterdam"
    );
}

#[test]
fn rows_with_a_single_value_do_not_join_the_row_above() {
    let places = [50.0, 150.0, 250.0];
    let rows: [&[&str]; 5] = [
        &["Boat", "Length", "Fee"],
        &["Sloop", "8", "35"],
        &["", "", "40"],
        &["Ketch", "12", "54"],
        &["", "9", ""],
    ];
    assert_eq!(
        read(10.0, 14.0, &places, &rows),
        "Boat | Length | Fee\nBoat: Sloop; Length: 8; Fee: 35\nFee: 40\nBoat: Ketch; Length: 12; Fee: 54\nLength: 9"
    );
}

#[test]
fn what_follows_a_table_is_no_row_of_it() {
    let places = [50.0, 150.0, 250.0];
    let rows: [&[&str]; 3] = [
        &["Boat", "Length", "Fee"],
        &["Sloop", "8", "35"],
        &["Ketch", "", "54"],
    ];
    let table = "Boat | Length | Fee\nBoat: Sloop; Length: 8; Fee: 35\nBoat: Ketch; Fee: 54";
    for distance in [14.0, 20.0, 40.0] {
        let mut sheet = Sheet::new(10.0);
        draw(&mut sheet, 700.0, 14.0, &places, &rows);
        let y = 672.0 - distance;
        sheet.add(50.0, y, "Guests pay twice.");
        sheet.add(
            50.0,
            y - 14.0,
            "Who stays for a month speaks with the warden about a price.",
        );
        // Another table, whose columns are near those of the first.
        let below = y - 14.0 - distance;
        draw(
            &mut sheet,
            below,
            14.0,
            &[50.0, 140.0, 260.0],
            &[
                &["Ada", "London", "Sloop"],
                &["Grace", "", "Ketch"],
                &["Edsger", "Rotterdam", "Yawl"],
            ],
        );
        let read = sheet.text();
        assert!(read.starts_with(table), "{distance}: {read}");
        for wrong in [
            ": Guests", ": Who", ": Ada", ": London", ": Grace", ": Edsger",
        ] {
            assert!(!read.contains(wrong), "{distance}: {read}");
        }
    }
}

#[test]
fn cells_that_are_not_parted_everywhere_have_no_names() {
    // The second and third columns touch in the first row and are apart in one alone: nothing tells which value is whose.
    let mut sheet = Sheet::new(10.0);
    sheet.add(50.0, 700.0, "Boat");
    sheet.add(150.0, 700.0, "Price of a summer Price of a winter");
    for (y, boat, texts) in [
        (685.0, "Sloop", &[(175.0, "35"), (260.0, "20")][..]),
        (670.0, "Ketch", &[(260.0, "25")]),
        (655.0, "Yawl", &[(175.0, "30")]),
    ] {
        sheet.add(50.0, y, boat);
        for (x, text) in texts {
            sheet.add(*x, y, text);
        }
    }
    let read = sheet.text();
    assert!(!read.contains(": 25") && !read.contains(": 35"), "{read}");
}

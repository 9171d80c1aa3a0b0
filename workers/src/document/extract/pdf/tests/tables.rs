//! Tables: no value gets the name of another column.

use super::columns::{PageBuilder, distance};

/// Draws rows cell by cell at these positions; `\n` separates the lines of a cell.
fn draw(builder: &mut PageBuilder, top: f64, pitch: f64, positions: &[f64], rows: &[&[&str]]) {
    let mut y = top;
    for row in rows {
        let mut lines = 1;
        for (x, text) in positions.iter().zip(*row) {
            for (line, text) in text.lines().enumerate() {
                builder.add(*x, y - distance(line, 12.0), text);
                lines = lines.max(line + 1);
            }
        }
        y -= pitch + distance(lines - 1, 12.0);
    }
}

fn read(size: f64, pitch: f64, positions: &[f64], rows: &[&[&str]]) -> String {
    let mut builder = PageBuilder::new(size);
    draw(&mut builder, 700.0, pitch, positions, rows);
    builder.text()
}

#[test]
fn values_next_to_empty_cells_stay_in_their_columns() {
    let rows: [&[&str]; 4] = [
        &["Name", "Adult", "Child", "Senior"],
        &["North", "5", "", "4"],
        &["South", "", "3", "2"],
        &["", "1", "", "6"],
    ];
    let expected = "Name | Adult | Child | Senior\n\
                    Name: North; Adult: 5; Senior: 4\nName: South; Child: 3; Senior: 2\nAdult: 1; Senior: 6";
    for (size, pitch, positions) in [
        (12.0, 20.0, [100.0, 200.0, 300.0, 400.0]),
        (10.0, 12.0, [50.0, 90.0, 130.0, 170.0]),
        (8.0, 30.0, [50.0, 160.0, 200.0, 500.0]),
    ] {
        assert_eq!(
            read(size, pitch, &positions, &rows),
            expected,
            "{positions:?}"
        );
        let mut rotated = PageBuilder::new(size);
        rotated.is_rotated = true;
        draw(&mut rotated, 700.0, pitch, &positions, &rows);
        assert_eq!(rotated.text(), expected, "turned {positions:?}");
    }
}

#[test]
fn a_table_is_separated_from_the_text_around_it() {
    let mut builder = PageBuilder::new(10.0);
    builder.add(
        50.0,
        740.0,
        "What a berth costs in each of the seasons is written down below, in euro a night.",
    );
    draw(
        &mut builder,
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
    builder.add(
        50.0,
        640.0,
        "Who stays for longer than a month speaks with the warden about a price of his own.",
    );
    assert_eq!(
        builder.text(),
        "What a berth costs in each of the seasons is written down below, in euro a night.\n\n\
         Boat | Summer | Winter | Year\nBoat: Sloop; Summer: 35; Winter: 20; Year: 350\nBoat: Ketch; Winter: 25; Year: 540\nBoat: Raft; Summer: 10\n\n\
         Who stays for longer than a month speaks with the warden about a price of his own."
    );
}

#[test]
fn cells_of_several_lines_are_one_value() {
    let positions = [50.0, 150.0, 300.0, 400.0];
    let rows: [&[&str]; 4] = [
        &["Boat", "Where it lies\nin winter", "Length", "Fee"],
        &["Sloop", "Shed two, behind\nthe crane", "8", ""],
        &["Ketch of\nthe school", "Pier four", "", "540"],
        &["Yawl", "", "9", "400"],
    ];
    assert_eq!(
        read(10.0, 20.0, &positions, &rows),
        "Boat | Where it lies in winter | Length | Fee\n\
         Boat: Sloop; Where it lies in winter: Shed two, behind the crane; Length: 8\n\
         Boat: Ketch of the school; Where it lies in winter: Pier four; Fee: 540\n\
         Boat: Yawl; Length: 9; Fee: 400"
    );
}

#[test]
fn right_aligned_numbers_have_their_column_names() {
    let mut builder = PageBuilder::new(10.0);
    let rows = [
        ["Place", "Boats", "Berths", "Euro"],
        ["Bergen", "1,204", "", "35.00"],
        ["Oslo", "", "88", "1,250.50"],
        ["Tromso", "7", "9", ""],
    ];
    for (line, row) in rows.iter().enumerate() {
        let y = 700.0 - distance(line, 15.0);
        builder.add(50.0, y, row[0]);
        for (text, end) in row[1..].iter().zip([200.0, 260.0, 330.0]) {
            let width = distance(text.chars().count(), 5.3);
            if !text.is_empty() {
                builder.add(end - width, y, text);
            }
        }
    }
    assert_eq!(
        builder.text(),
        "Place | Boats | Berths | Euro\nPlace: Bergen; Boats: 1,204; Euro: 35.00\nPlace: Oslo; Berths: 88; Euro: 1,250.50\nPlace: Tromso; Boats: 7; Berths: 9"
    );
}

#[test]
fn a_name_above_two_columns_names_both() {
    let mut builder = PageBuilder::new(10.0);
    builder.add(50.0, 700.0, "Boat");
    builder.add(150.0, 700.0, "Price of a night");
    builder.add(300.0, 700.0, "Berths");
    draw(
        &mut builder,
        685.0,
        15.0,
        &[150.0, 210.0],
        &[&["Summer", "Winter"]],
    );
    draw(
        &mut builder,
        670.0,
        15.0,
        &[50.0, 150.0, 210.0, 300.0],
        &[
            &["Sloop", "35", "", "4"],
            &["Ketch", "", "25", "2"],
            &["Yawl", "30", "20", ""],
        ],
    );
    let read = builder.text();
    // The shared name may be read with each column or above the table, but not with only one of them.
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
fn cells_without_certain_names_keep_their_positions() {
    let positions = [50.0, 200.0, 350.0];
    let rows: [&[&str]; 4] = [
        &["Name", "City", "Boat"],
        &["Ada", "London", "Sloop"],
        &["Grace", "", "Ketch"],
        &["Edsger", "Rotterdam", ""],
    ];
    assert_eq!(
        read(10.0, 15.0, &positions, &rows),
        "Name | City | Boat\nAda | London | Sloop\nGrace | | Ketch\nEdsger | Rotterdam"
    );
}

#[test]
fn rows_with_a_single_value_do_not_join_the_row_above() {
    let positions = [50.0, 150.0, 250.0];
    let rows: [&[&str]; 5] = [
        &["Boat", "Length", "Fee"],
        &["Sloop", "8", "35"],
        &["", "", "40"],
        &["Ketch", "12", "54"],
        &["", "9", ""],
    ];
    assert_eq!(
        read(10.0, 14.0, &positions, &rows),
        "Boat | Length | Fee\nBoat: Sloop; Length: 8; Fee: 35\nFee: 40\nBoat: Ketch; Length: 12; Fee: 54\nLength: 9"
    );
}

#[test]
fn text_after_a_table_is_not_a_row() {
    let positions = [50.0, 150.0, 250.0];
    let rows: [&[&str]; 3] = [
        &["Boat", "Length", "Fee"],
        &["Sloop", "8", "35"],
        &["Ketch", "", "54"],
    ];
    let table = "Boat | Length | Fee\nBoat: Sloop; Length: 8; Fee: 35\nBoat: Ketch; Fee: 54";
    for distance in [14.0, 20.0, 40.0] {
        let mut builder = PageBuilder::new(10.0);
        draw(&mut builder, 700.0, 14.0, &positions, &rows);
        let y = 672.0 - distance;
        builder.add(50.0, y, "Guests pay twice.");
        builder.add(
            50.0,
            y - 14.0,
            "Who stays for a month speaks with the warden about a price.",
        );
        // Another table, whose columns are near those of the first.
        let below = y - 14.0 - distance;
        draw(
            &mut builder,
            below,
            14.0,
            &[50.0, 140.0, 260.0],
            &[
                &["Ada", "London", "Sloop"],
                &["Grace", "", "Ketch"],
                &["Edsger", "Rotterdam", "Yawl"],
            ],
        );
        let read = builder.text();
        assert!(read.starts_with(table), "{distance}: {read}");
        for wrong in [
            ": Guests", ": Who", ": Ada", ": London", ": Grace", ": Edsger",
        ] {
            assert!(!read.contains(wrong), "{distance}: {read}");
        }
    }
}

#[test]
fn cells_without_a_clear_gutter_have_no_names() {
    // The second and third columns touch in the first row and are separated in only one other row: it is unclear which
    // value belongs to which.
    let mut builder = PageBuilder::new(10.0);
    builder.add(50.0, 700.0, "Boat");
    builder.add(150.0, 700.0, "Price of a summer Price of a winter");
    for (y, boat, texts) in [
        (685.0, "Sloop", &[(175.0, "35"), (260.0, "20")][..]),
        (670.0, "Ketch", &[(260.0, "25")]),
        (655.0, "Yawl", &[(175.0, "30")]),
    ] {
        builder.add(50.0, y, boat);
        for (x, text) in texts {
            builder.add(*x, y, text);
        }
    }
    let read = builder.text();
    assert!(!read.contains(": 25") && !read.contains(": 35"), "{read}");
}

//! Table cells: which lines belong to one row, and which texts are not values of their column.

use super::columns::{PageBuilder, distance, normalize_whitespace};

/// Draws rows in order: the position of each cell, its offset above the row, and its text.
fn draw(builder: &mut PageBuilder, rows: &[&[(f64, f64, &str)]]) {
    for (row, cells) in rows.iter().enumerate() {
        for (x, above, text) in *cells {
            builder.add(*x, 700.0 - distance(row, 16.0) + above, text);
        }
    }
}

fn read(rows: &[&[(f64, f64, &str)]]) -> String {
    let mut builder = PageBuilder::new(10.0);
    draw(&mut builder, rows);
    builder.text()
}

#[test]
fn a_cell_next_to_several_rows_joins_none_of_them() {
    let read = read(&[
        &[
            (50.0, 0.0, "Land"),
            (130.0, 0.0, "Port"),
            (210.0, 0.0, "In"),
            (270.0, 0.0, "Out"),
        ],
        // Drawn first, in the middle of its three rows.
        &[
            (50.0, -16.0, "Norway"),
            (130.0, 0.0, "Bodo"),
            (210.0, 0.0, "1"),
            (270.0, 0.0, "2"),
        ],
        &[(130.0, 0.0, "Oslo"), (270.0, 0.0, "4")],
        &[(130.0, 0.0, "Alta"), (210.0, 0.0, "6")],
        &[
            (50.0, -16.0, "England"),
            (130.0, 0.0, "Hull"),
            (210.0, 0.0, "5"),
        ],
        &[(130.0, 0.0, "Dover"), (210.0, 0.0, "7"), (270.0, 0.0, "8")],
        &[(130.0, 0.0, "Deal"), (270.0, 0.0, "9")],
    ]);
    for fact in [
        "Port: Bodo; In: 1; Out: 2",
        "Port: Oslo; Out: 4",
        "Port: Alta; In: 6",
        "Port: Hull; In: 5",
        "Port: Dover; In: 7; Out: 8",
        "Port: Deal; Out: 9",
    ] {
        assert!(
            read.lines().any(|line| line.ends_with(fact)),
            "{fact}: {read}"
        );
    }
}

#[test]
fn the_label_of_a_sum_is_not_a_value_of_its_column() {
    let header: &[(f64, f64, &str)] = &[
        (50.0, 0.0, "Text"),
        (150.0, 0.0, "Qty"),
        (220.0, 0.0, "Price"),
        (300.0, 0.0, "Sum"),
    ];
    let rope: &[(f64, f64, &str)] = &[
        (50.0, 0.0, "Rope"),
        (150.0, 0.0, "1"),
        (220.0, 0.0, "2.00"),
        (300.0, 0.0, "2.00"),
    ];
    let lamp: &[(f64, f64, &str)] = &[
        (50.0, 0.0, "Lamp"),
        (220.0, 0.0, "3.00"),
        (300.0, 0.0, "3.00"),
    ];
    for x in [150.0, 220.0] {
        let read = read(&[
            header,
            rope,
            lamp,
            &[(x, 0.0, "Net"), (300.0, 0.0, "5.00")],
            &[(x, 0.0, "VAT 19%"), (300.0, 0.0, "0.95")],
        ]);
        assert_eq!(
            read,
            "Text | Qty | Price | Sum\nText: Rope; Qty: 1; Price: 2.00; Sum: 2.00\n\
             Text: Lamp; Price: 3.00; Sum: 3.00\nNet; Sum: 5.00\nVAT 19%; Sum: 0.95"
        );
    }
    // Words among words are values.
    let read = read(&[
        &[
            (50.0, 0.0, "Date"),
            (150.0, 0.0, "Text"),
            (300.0, 0.0, "Sum"),
        ],
        &[
            (50.0, 0.0, "3 May"),
            (150.0, 0.0, "Rent"),
            (300.0, 0.0, "90"),
        ],
        &[(150.0, 0.0, "Interest"), (300.0, 0.0, "1")],
    ]);
    assert!(read.ends_with("Text: Interest; Sum: 1"), "{read}");
}

#[test]
fn the_last_row_keeps_all_lines_of_its_first_cell() {
    let read = read(&[
        &[
            (50.0, 0.0, "Task"),
            (250.0, 0.0, "Owner"),
            (320.0, 0.0, "Cost"),
        ],
        &[(50.0, 0.0, "Mend"), (250.0, 0.0, "Berg"), (320.0, 0.0, "7")],
        &[
            (50.0, 0.0, "Train both crews in"),
            (50.0, -11.0, "first aid"),
            (250.0, 0.0, "Olsen"),
            (320.0, 0.0, "15"),
        ],
    ]);
    assert!(
        read.ends_with("Task: Train both crews in first aid; Owner: Olsen; Cost: 15"),
        "{read}"
    );
}

#[test]
fn values_that_nearly_touch_get_no_wrong_names() {
    // A number at the end of its cell, and a word at the start of the next one.
    let read = read(&[
        &[
            (50.0, 0.0, "Port"),
            (120.0, 0.0, "In"),
            (168.0, 0.0, "Out"),
            (188.0, 0.0, "Remark"),
        ],
        &[
            (50.0, 0.0, "Hull"),
            (120.0, 0.0, "10"),
            (188.0, 0.0, "open all day"),
        ],
        &[(50.0, 0.0, "Bodo"), (180.0, 0.0, "2")],
        &[
            (50.0, 0.0, "Oslo"),
            (120.0, 0.0, "5"),
            (180.0, 0.0, "6"),
            (188.0, 0.0, "closed"),
        ],
    ]);
    assert!(!read.contains('|') && !read.contains(": "), "{read}");
    assert!(read.contains("Oslo 5 6 closed"), "{read}");
}

#[test]
fn tables_side_by_side_drawn_one_after_the_other_share_no_row() {
    let mut builder = PageBuilder::new(10.0);
    let left: [&[(f64, f64, &str)]; 4] = [
        &[(50.0, 0.0, "Fruit"), (120.0, 0.0, "kg")],
        &[(50.0, 0.0, "Apple"), (120.0, 0.0, "3")],
        &[(50.0, 0.0, "Pear")],
        &[(50.0, 0.0, "Plum"), (120.0, 0.0, "7")],
    ];
    let right: [&[(f64, f64, &str)]; 4] = [
        &[(200.0, 0.0, "Tool"), (270.0, 0.0, "pcs")],
        &[(200.0, 0.0, "Hammer"), (270.0, 0.0, "1")],
        &[(200.0, 0.0, "Saw")],
        &[(200.0, 0.0, "Axe"), (270.0, 0.0, "4")],
    ];
    draw(&mut builder, &left);
    draw(&mut builder, &right);
    assert_eq!(
        normalize_whitespace(&builder.text()),
        "Fruit | kg Fruit: Apple; kg: 3 Fruit: Pear Fruit: Plum; kg: 7 \
         Tool | pcs Tool: Hammer; pcs: 1 Tool: Saw Tool: Axe; pcs: 4"
    );
}

//! Charts as the tables that they draw.

use roxmltree::Node;

use super::package::{child, children};
use crate::document::extract::blocks::Block;
use crate::document::extract::table::{Cell, Grid, Origin, Part};

/// Points of one series.
const POINTS: usize = 10_000;

/// The title and the values of a chart.
pub fn blocks(root: Node<'_, '_>) -> Vec<Block> {
    let chart = root
        .descendants()
        .find(|node| node.tag_name().name() == "chart");
    let title = chart.and_then(|chart| child(chart, "title"));
    let title = title
        .map(|title| texts(title, "t"))
        .unwrap_or_default()
        .join("");
    let series = root
        .descendants()
        .filter(|node| node.tag_name().name() == "ser");
    let series: Vec<Node<'_, '_>> = series.collect();
    let mut blocks = vec![Block::Caption(title)];
    if let Some(first) = series.first() {
        let categories = child(*first, "cat").or_else(|| child(*first, "xVal"));
        let categories = categories.map(points).unwrap_or_default();
        let values: Vec<(String, Vec<String>)> =
            series.iter().map(|series| named(*series)).collect();
        blocks.push(Block::Table(table(&categories, &values)));
    }
    blocks
}

fn named(series: Node<'_, '_>) -> (String, Vec<String>) {
    let name = child(series, "tx").map(|name| texts(name, "v").join(" "));
    let values = child(series, "val").or_else(|| child(series, "yVal"));
    (
        name.unwrap_or_default(),
        values.map(points).unwrap_or_default(),
    )
}

fn table(categories: &[String], series: &[(String, Vec<String>)]) -> Vec<Part> {
    let mut grid = Grid::default();
    let cell = |text: &str| Cell {
        text: text.to_owned(),
        ..Cell::default()
    };
    grid.begin_row(true);
    grid.cell(cell(""));
    for (name, _) in series {
        grid.cell(cell(name));
    }
    let rows = series
        .iter()
        .map(|(_, values)| values.len())
        .max()
        .unwrap_or(0);
    for row in 0..rows.max(categories.len()) {
        grid.begin_row(false);
        grid.cell(cell(categories.get(row).map_or("", String::as_str)));
        for (_, values) in series {
            grid.cell(cell(values.get(row).map_or("", String::as_str)));
        }
    }
    grid.into_parts(Origin::Data)
}

/// Values by their places.
fn points(node: Node<'_, '_>) -> Vec<String> {
    let mut points = Vec::new();
    for point in node
        .descendants()
        .filter(|node| node.tag_name().name() == "pt")
    {
        let place = point
            .attribute("idx")
            .and_then(|place| place.parse::<usize>().ok());
        let place = place.unwrap_or(points.len());
        if place < POINTS {
            if points.len() <= place {
                points.resize(place + 1, String::new());
            }
            points[place] = children(point, "v")
                .filter_map(|value| value.text())
                .collect();
        }
    }
    points
}

fn texts<'a>(node: Node<'a, '_>, name: &str) -> Vec<&'a str> {
    let named = node
        .descendants()
        .filter(|node| node.tag_name().name() == name);
    named.filter_map(|node| node.text()).collect()
}

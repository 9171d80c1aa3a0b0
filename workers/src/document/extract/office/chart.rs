//! Charts, read as tables of their values.

use roxmltree::Node;

use super::package::{child, children};
use crate::document::extract::blocks::Block;
use crate::document::extract::table::{Cell, Grid, Origin, TablePart};

/// Maximum number of points of a series.
const MAX_POINTS: usize = 10_000;

/// Reads the title and the values of a chart.
pub(super) fn read_chart(root: Node<'_, '_>) -> Vec<Block> {
    let chart = root
        .descendants()
        .find(|node| node.tag_name().name() == "chart");
    let title = chart.and_then(|chart| child(chart, "title"));
    let title = title
        .map(|title| descendant_texts(title, "t"))
        .unwrap_or_default()
        .join("");
    let series = root
        .descendants()
        .filter(|node| node.tag_name().name() == "ser");
    let series: Vec<Node<'_, '_>> = series.collect();
    let mut blocks = vec![Block::Caption(title)];
    if let Some(first) = series.first() {
        let categories = child(*first, "cat").or_else(|| child(*first, "xVal"));
        let categories = categories.map(read_points).unwrap_or_default();
        let values: Vec<(String, Vec<String>)> =
            series.iter().map(|series| read_series(*series)).collect();
        blocks.push(Block::Table(to_table(&categories, &values)));
    }
    blocks
}

fn read_series(series: Node<'_, '_>) -> (String, Vec<String>) {
    let name = child(series, "tx").map(|name| descendant_texts(name, "v").join(" "));
    let values = child(series, "val").or_else(|| child(series, "yVal"));
    (
        name.unwrap_or_default(),
        values.map(read_points).unwrap_or_default(),
    )
}

fn to_table(categories: &[String], series: &[(String, Vec<String>)]) -> Vec<TablePart> {
    let mut grid = Grid::default();
    let cell = |text: &str| Cell {
        text: text.to_owned(),
        ..Cell::default()
    };
    grid.begin_row(true);
    grid.add_cell(cell(""));
    for (name, _) in series {
        grid.add_cell(cell(name));
    }
    let rows = series
        .iter()
        .map(|(_, values)| values.len())
        .max()
        .unwrap_or(0);
    for row in 0..rows.max(categories.len()) {
        grid.begin_row(false);
        grid.add_cell(cell(categories.get(row).map_or("", String::as_str)));
        for (_, values) in series {
            grid.add_cell(cell(values.get(row).map_or("", String::as_str)));
        }
    }
    grid.into_parts(Origin::Data)
}

/// The values of a series by their index.
fn read_points(node: Node<'_, '_>) -> Vec<String> {
    let mut points = Vec::new();
    for point in node
        .descendants()
        .filter(|node| node.tag_name().name() == "pt")
    {
        let index = point
            .attribute("idx")
            .and_then(|index| index.parse::<usize>().ok());
        let index = index.unwrap_or(points.len());
        if index < MAX_POINTS {
            if points.len() <= index {
                points.resize(index + 1, String::new());
            }
            points[index] = children(point, "v")
                .filter_map(|value| value.text())
                .collect();
        }
    }
    points
}

fn descendant_texts<'a>(node: Node<'a, '_>, name: &str) -> Vec<&'a str> {
    let elements = node
        .descendants()
        .filter(|node| node.tag_name().name() == name);
    elements.filter_map(|node| node.text()).collect()
}

//! Tables as text: each row names its columns, so that a passage makes sense by itself.

use super::{Extracted, Failed, Section};

/// Characters of a row, at most, that name the columns; longer rows stand as they are.
const NAMED: usize = 2_000;

/// Values separated by a comma, a semicolon or a tab, whichever the first line has most of unless it is given.
pub fn extract(text: &str, separator: Option<u8>) -> Result<Extracted, Failed> {
    let first = text.lines().next().unwrap_or_default();
    let most = [b',', b';', b'\t']
        .into_iter()
        .max_by_key(|mark| first.bytes().filter(|byte| byte == mark).count());
    let mut rows = csv::ReaderBuilder::new()
        .delimiter(separator.or(most).unwrap_or(b','))
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut header: Option<Vec<String>> = None;
    let mut lines = String::new();
    for row in rows.records() {
        let row: Vec<String> = row
            .map_err(Failed::unreadable)?
            .iter()
            .map(|cell| cell.trim().to_owned())
            .collect();
        match &header {
            Some(header) => {
                lines.push_str(&named(header, &row));
                lines.push('\n');
            }
            None => {
                lines.push_str(&row.join(" | "));
                lines.push('\n');
                header = Some(row);
            }
        }
    }
    Ok(Extracted {
        sections: vec![Section {
            text: lines,
            ..Section::default()
        }],
        ..Extracted::default()
    })
}

/// `Name: Ada; City: London`
pub fn named(header: &[String], row: &[String]) -> String {
    let length: usize = header.iter().map(String::len).sum();
    let cells = row
        .iter()
        .enumerate()
        .filter(|(_, cell)| !cell.is_empty())
        .map(|(index, cell)| match header.get(index) {
            Some(name) if !name.is_empty() && length <= NAMED => format!("{name}: {cell}"),
            _ => cell.clone(),
        });
    cells.collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::extract;

    #[test]
    fn rows_name_their_columns() {
        for text in [
            "Name,City\nAda,\"London, UK\"\n",
            "Name;City\nAda;London, UK\n",
        ] {
            let found = extract(text, None).unwrap();
            assert_eq!(
                found.sections[0].text,
                "Name | City\nName: Ada; City: London, UK\n"
            );
        }
    }
}

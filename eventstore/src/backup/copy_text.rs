//! Parses the text format of PostgreSQL's COPY: one line per row, tab-separated fields, `\N` for null.

/// The number of rows in a complete text.
pub(super) fn count(rows: &[u8]) -> u64 {
    rows.split_inclusive(|byte| *byte == b'\n').count() as u64
}

/// The fields of each row; `None` if the text is malformed.
pub(super) fn rows(text: &[u8]) -> Option<Vec<Vec<Option<String>>>> {
    let text = std::str::from_utf8(text).ok()?;
    text.lines()
        .map(|line| line.split('\t').map(field).collect())
        .collect()
}

#[expect(
    clippy::option_option,
    reason = "the outer one is an error, the inner one null"
)]
fn field(text: &str) -> Option<Option<String>> {
    if text == "\\N" {
        return Some(None);
    }
    let mut plain = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        plain.push(match letter {
            '\\' => match letters.next()? {
                'b' => '\u{8}',
                'f' => '\u{c}',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'v' => '\u{b}',
                other => other,
            },
            other => other,
        });
    }
    Some(Some(plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_postgres_writes_them() {
        let text = b"a\\\\x00\t\\N\ttab\\there\n\tb\t\n";
        let read = rows(text).unwrap();
        let field = |text: &str| Some(text.to_owned());
        assert_eq!(
            read,
            [
                vec![field("a\\x00"), None, field("tab\there")],
                vec![field(""), field("b"), field("")]
            ]
        );
        assert_eq!(count(text), 2);
        assert!(rows(b"ends in a\\").is_none());
    }
}

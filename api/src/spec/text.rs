//! Formats the contract: indented, with values that fit on one line.

use std::fmt::Write;

use serde_json::Value;

const WIDTH: usize = 120;

pub(super) fn format(value: &Value) -> String {
    let mut text = String::new();
    write(value, 0, 0, &mut text);
    text.push('\n');
    text
}

/// Writes a value at an indent, starting at `column`.
fn write(value: &Value, indent: usize, column: usize, text: &mut String) {
    let line = on_a_line(value);
    let inner = indent + 2;
    match value {
        Value::Object(fields) if !fits(&line, column) => {
            text.push_str("{\n");
            let last = fields.len().saturating_sub(1);
            for (index, (name, value)) in fields.iter().enumerate() {
                let name = Value::from(name.as_str()).to_string();
                let _ = write!(text, "{:inner$}{name}: ", "");
                write(value, inner, inner + name.len() + 2, text);
                text.push_str(if index < last { ",\n" } else { "\n" });
            }
            let _ = write!(text, "{:indent$}}}", "");
        }
        Value::Array(items) if !fits(&line, column) => {
            text.push_str("[\n");
            let last = items.len().saturating_sub(1);
            for (index, value) in items.iter().enumerate() {
                let _ = write!(text, "{:inner$}", "");
                write(value, inner, inner, text);
                text.push_str(if index < last { ",\n" } else { "\n" });
            }
            let _ = write!(text, "{:indent$}]", "");
        }
        _ => text.push_str(&line),
    }
}

/// Leaves room for a comma.
fn fits(line: &str, column: usize) -> bool {
    column + line.len() < WIDTH
}

fn on_a_line(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let fields = fields.iter().map(|(name, value)| {
                let name = Value::from(name.as_str());
                format!("{name}: {}", on_a_line(value))
            });
            format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
        }
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(on_a_line).collect();
            format!("[{}]", items.join(", "))
        }
        _ => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn short_values_are_on_one_line() {
        let long = "x".repeat(80);
        let value = json!({"a": [1, "\"", null], "b": {"c": long, "d": {}}});
        let wanted = format!(
            "{{\n  \"a\": [1, \"\\\"\", null],\n  \"b\": {{\"c\": \"{long}\", \"d\": {{}}}}\n}}\n"
        );
        assert_eq!(format(&value), wanted);
        let longer = json!([{"c": "x".repeat(110)}, 2]);
        let wanted = format!(
            "[\n  {{\n    \"c\": \"{}\"\n  }},\n  2\n]\n",
            "x".repeat(110)
        );
        assert_eq!(format(&longer), wanted);
    }

    #[test]
    fn the_text_parses_to_the_same_value() {
        let contract = super::super::contract();
        let read: Value = serde_json::from_str(&format(&contract)).unwrap();
        assert_eq!(read, contract);
        assert!(format(&contract).lines().all(|line| !line.ends_with(' ')));
    }
}

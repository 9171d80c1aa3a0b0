//! The form in which the contract is committed and served: indented, with everything that fits on a line on one line.

use std::fmt::Write;

use serde_json::Value;

const WIDTH: usize = 120;

pub fn of(value: &Value) -> String {
    let mut text = String::new();
    write(value, 0, 0, &mut text);
    text.push('\n');
    text
}

/// Writes a value at an indent, where so much of its line is taken already.
fn write(value: &Value, indent: usize, taken: usize, text: &mut String) {
    let line = on_a_line(value);
    let inner = indent + 2;
    match value {
        Value::Object(fields) if !fits(&line, taken) => {
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
        Value::Array(items) if !fits(&line, taken) => {
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

/// A comma may follow.
fn fits(line: &str, taken: usize) -> bool {
    taken + line.len() < WIDTH
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
    fn what_fits_on_a_line_stands_on_one() {
        let long = "x".repeat(80);
        let value = json!({"a": [1, "\"", null], "b": {"c": long, "d": {}}});
        let wanted = format!(
            "{{\n  \"a\": [1, \"\\\"\", null],\n  \"b\": {{\"c\": \"{long}\", \"d\": {{}}}}\n}}\n"
        );
        assert_eq!(of(&value), wanted);
        let longer = json!([{"c": "x".repeat(110)}, 2]);
        let wanted = format!(
            "[\n  {{\n    \"c\": \"{}\"\n  }},\n  2\n]\n",
            "x".repeat(110)
        );
        assert_eq!(of(&longer), wanted);
    }

    #[test]
    fn nothing_is_lost() {
        let contract = super::super::contract();
        let read: Value = serde_json::from_str(&of(&contract)).unwrap();
        assert_eq!(read, contract);
        assert!(of(&contract).lines().all(|line| !line.ends_with(' ')));
    }
}

//! Markdown: a section for each heading, which knows the headings above it.

use super::outline::Outline;
use super::{Extracted, Section};

pub fn extract(text: &str) -> Extracted {
    Extracted {
        sections: sections(text),
        ..Extracted::default()
    }
}

/// Cuts at headings (`#` and underlined ones) outside of code.
pub fn sections(text: &str) -> Vec<Section> {
    let mut outline = Outline::default();
    let mut fence: Option<&str> = None;
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let start = line.trim_start();
        match fence {
            Some(mark) if start.starts_with(mark) => fence = None,
            None if start.starts_with("```") => fence = Some("```"),
            None if start.starts_with("~~~") => fence = Some("~~~"),
            Some(_) | None => {}
        }
        if fence.is_none() {
            if let Some((level, heading)) = heading(line) {
                outline.heading(level, heading);
                continue;
            }
            let underline = lines.peek().and_then(|next| underline(next));
            if let Some(level) = underline.filter(|_| !line.trim().is_empty()) {
                outline.heading(level, line.trim());
                lines.next();
                continue;
            }
        }
        outline.text(line);
        outline.text("\n");
    }
    outline.end_with_headings()
}

/// `## Heading ##`
fn heading(line: &str) -> Option<(usize, &str)> {
    let line = line.trim();
    let level = line.chars().take_while(|c| *c == '#').count();
    let rest = line.get(level..)?;
    let heads = (1..=6).contains(&level) && (rest.is_empty() || rest.starts_with([' ', '\t']));
    heads.then(|| (level, rest.trim().trim_end_matches('#').trim()))
}

fn underline(line: &str) -> Option<usize> {
    let line = line.trim();
    let all = |mark| line.len() >= 2 && line.chars().all(|c| c == mark);
    match (all('='), all('-')) {
        (true, _) => Some(1),
        (_, true) => Some(2),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::sections;

    #[test]
    fn each_heading_begins_a_section_that_knows_those_above() {
        let found = sections("intro\n# A\none\n## B ##\ntwo\nC\n===\nthree\n```\n# no\n```\n");
        let found: Vec<(String, &str)> = found
            .iter()
            .map(|section| (section.headings.join(">"), section.text.as_str()))
            .collect();
        assert_eq!(
            found,
            [
                (String::new(), "intro\n"),
                ("A".to_owned(), "one\n"),
                ("A>B".to_owned(), "two\n"),
                ("C".to_owned(), "three\n```\n# no\n```\n"),
            ]
        );
    }

    #[test]
    fn hashes_without_a_space_are_no_heading() {
        assert_eq!(sections("#tag\n")[0].text, "#tag\n");
    }
}

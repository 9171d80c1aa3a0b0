//! Superscript and subscript digits in Unicode, so that 10⁶ does not become 106 and a footnote mark does not become a
//! digit of a price.

/// The position of text relative to the baseline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ScriptPosition {
    Superscript,
    Subscript,
}

const BASELINE: &str = "0123456789+-()";
const SUPERSCRIPT: &str = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾";
const SUBSCRIPT: &str = "₀₁₂₃₄₅₆₇₈₉₊₋₍₎";

/// Converts a text to its Unicode form. Characters without one stay as they are: 5th is read as "5th".
pub(super) fn to_script(text: &str, script: ScriptPosition) -> String {
    let forms = match script {
        ScriptPosition::Superscript => SUPERSCRIPT,
        ScriptPosition::Subscript => SUBSCRIPT,
    };
    let form = |c: char| {
        let position = BASELINE
            .chars()
            .position(|plain| plain == c || c == '\u{2212}' && plain == '-');
        position
            .and_then(|position| forms.chars().nth(position))
            .unwrap_or(c)
    };
    text.chars().map(form).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_converted_and_letters_are_not() {
        assert_eq!(to_script("6", ScriptPosition::Superscript), "⁶");
        assert_eq!(to_script("-12", ScriptPosition::Superscript), "⁻¹²");
        assert_eq!(to_script("\u{2212}1", ScriptPosition::Superscript), "⁻¹");
        assert_eq!(to_script("th", ScriptPosition::Superscript), "th");
        assert_eq!(to_script("2", ScriptPosition::Subscript), "₂");
        assert_eq!(BASELINE.chars().count(), SUPERSCRIPT.chars().count());
        assert_eq!(BASELINE.chars().count(), SUBSCRIPT.chars().count());
    }
}

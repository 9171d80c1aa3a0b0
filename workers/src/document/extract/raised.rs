//! Raised and lowered figures, in the signs that show them so: 10⁶ is not 106, and a mark of a note is no digit of a price.

/// Where a stretch of text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Height {
    Raised,
    Lowered,
}

const PLAIN: &str = "0123456789+-()";
const RAISED: &str = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾";
const LOWERED: &str = "₀₁₂₃₄₅₆₇₈₉₊₋₍₎";

/// A text at a height. Signs that have no such form stay as they are: 5th is read so.
pub(super) fn shown(text: &str, height: Height) -> String {
    let forms = match height {
        Height::Raised => RAISED,
        Height::Lowered => LOWERED,
    };
    let form = |sign: char| {
        let place = PLAIN
            .chars()
            .position(|plain| plain == sign || sign == '\u{2212}' && plain == '-');
        place
            .and_then(|place| forms.chars().nth(place))
            .unwrap_or(sign)
    };
    text.chars().map(form).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_show_their_height_and_letters_stay() {
        assert_eq!(shown("6", Height::Raised), "⁶");
        assert_eq!(shown("-12", Height::Raised), "⁻¹²");
        assert_eq!(shown("\u{2212}1", Height::Raised), "⁻¹");
        assert_eq!(shown("th", Height::Raised), "th");
        assert_eq!(shown("2", Height::Lowered), "₂");
        assert_eq!(PLAIN.chars().count(), RAISED.chars().count());
        assert_eq!(PLAIN.chars().count(), LOWERED.chars().count());
    }
}

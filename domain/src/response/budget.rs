//! How much a model is told: what fits into its context window and leaves room for the answer.

/// Sizes are counted in sixteenths of a token. Tokenizers differ, so this is an estimate, rather too large than too
/// small: a prompt that is too long is refused whole.
const TOKEN: usize = 16;
/// Three letters of English, or of code, make a token; one letter of other scripts may be one.
pub(super) const ASCII: usize = 5;
const OTHER: usize = TOKEN;
/// What each message costs beside its text.
pub(super) const MESSAGE: usize = 8 * TOKEN;
/// Tokens that are told where nobody knows what a model takes.
const USUAL: usize = 128_000;
/// Tokens that stay free for the answer, at most, where nobody has limited it.
const ANSWER: usize = 8_192;

pub(super) fn size_of(character: char) -> usize {
    match character.is_ascii() {
        true => ASCII,
        false => OTHER,
    }
}

pub(super) fn size(text: &str) -> usize {
    text.chars().map(size_of).sum()
}

/// What a model may be told in all, by its context window and the limit of its answer.
pub(super) fn of(context_window: Option<u32>, max_output_tokens: Option<u32>) -> usize {
    let tokens = |count: Option<u32>| count.and_then(|count| usize::try_from(count).ok());
    let Some(window) = tokens(context_window) else {
        return USUAL * TOKEN;
    };
    // Whoever allows longer answers than the model takes has not meant that it is told nothing.
    let answer =
        tokens(max_output_tokens).map_or(ANSWER.min(window / 4), |limit| limit.min(window / 2));
    (window - answer).min(USUAL) * TOKEN
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_has_room_in_the_window() {
        for (window, limit, tokens) in [
            (None, None, USUAL),
            (Some(8_192), None, 6_144),
            (Some(8_192), Some(1_000), 7_192),
            (Some(8_192), Some(100_000), 4_096),
            (Some(32_768), None, 24_576),
            (Some(100_000), None, 91_808),
            (Some(2_000_000), None, USUAL),
            (Some(0), None, 0),
        ] {
            assert_eq!(of(window, limit), tokens * TOKEN, "{window:?} {limit:?}");
        }
    }

    #[test]
    fn letters_of_other_scripts_may_be_a_token_each() {
        assert_eq!(size("abc"), 3 * ASCII);
        assert_eq!(size("会議"), 2 * TOKEN);
    }
}

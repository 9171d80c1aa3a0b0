//! The prompt budget: how much fits into a model's context window and leaves room for the answer.

/// Sizes are in sixteenths of a token. Tokenizers differ, so they are estimates that err on the high side, because
/// providers reject prompts that are too long.
const TOKEN: usize = 16;
/// About three ASCII characters make a token; a character of another script can be a token of its own.
pub(super) const ASCII: usize = 5;
const NON_ASCII: usize = TOKEN;
/// Overhead of each message in addition to its text.
pub(super) const MESSAGE_OVERHEAD: usize = 8 * TOKEN;
/// An image of any size: providers shrink large ones to about this.
pub(super) const IMAGE: usize = 1_600 * TOKEN;
/// Maximum size of a prompt, in tokens; also used if the context window is unknown.
const MAX_PROMPT: usize = 128_000;
/// Maximum reserve for an answer without a configured limit, in tokens.
const MAX_ANSWER_RESERVE: usize = 8_192;

pub(super) fn size_of(character: char) -> usize {
    match character.is_ascii() {
        true => ASCII,
        false => NON_ASCII,
    }
}

pub(super) fn size(text: &str) -> usize {
    text.chars().map(size_of).sum()
}

/// The size of the whole prompt, given the model's context window and the limit of the answer, both in tokens.
pub(super) fn prompt_size(context_window: Option<u32>, max_output_tokens: Option<u32>) -> usize {
    let tokens = |count: Option<u32>| count.and_then(|count| usize::try_from(count).ok());
    let Some(window) = tokens(context_window) else {
        return MAX_PROMPT * TOKEN;
    };
    // A limit beyond the window must not leave the prompt without space.
    let reserve = match tokens(max_output_tokens) {
        Some(limit) => limit.min(window / 2),
        None => MAX_ANSWER_RESERVE.min(window / 4),
    };
    (window - reserve).min(MAX_PROMPT) * TOKEN
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_has_room_for_the_answer() {
        for (window, limit, tokens) in [
            (None, None, MAX_PROMPT),
            (Some(8_192), None, 6_144),
            (Some(8_192), Some(1_000), 7_192),
            (Some(8_192), Some(100_000), 4_096),
            (Some(32_768), None, 24_576),
            (Some(100_000), None, 91_808),
            (Some(2_000_000), None, MAX_PROMPT),
            (Some(0), None, 0),
        ] {
            assert_eq!(
                prompt_size(window, limit),
                tokens * TOKEN,
                "{window:?} {limit:?}"
            );
        }
    }

    #[test]
    fn characters_of_other_scripts_count_as_a_token_each() {
        assert_eq!(size("abc"), 3 * ASCII);
        assert_eq!(size("会議"), 2 * TOKEN);
    }
}

//! How an answer ended: one table of the reasons that providers give, for all languages.
//!
//! A reason is taken apart into words. The first row below that has one of them decides, so that what tells of a failure
//! weighs more than what sounds like an end: `max_tokens` is too long, `stop_sequence` a good end, `tool_use_failed`
//! a failure. A reason without any such word is not known to mean a good end: the answer counts as broken off, its text
//! is kept, and the reason is shown.

use domain::response::FinishReason;

const BROKEN: &[&str] = &[
    "error",
    "errors",
    "errored",
    "abort",
    "aborted",
    "cancel",
    "canceled",
    "cancelled",
    "fail",
    "failed",
    "failure",
    "interrupt",
    "interrupted",
    "timeout",
    "timed",
    "disconnect",
    "disconnected",
    "unavailable",
    "overload",
    "overloaded",
    "insufficient",
    "preempted",
    "evicted",
    "crash",
    "crashed",
    "killed",
    "shutdown",
    "exception",
    "malformed",
    "invalid",
    "unexpected",
    "unknown",
];
const FILTERED: &[&str] = &[
    "filter",
    "filtered",
    "filters",
    "safety",
    "block",
    "blocked",
    "blocklist",
    "recitation",
    "prohibited",
    "spii",
    "pii",
    "moderation",
    "moderated",
    "policy",
    "refusal",
    "refused",
    "guardrail",
    "guardrails",
    "sensitive",
    "censored",
    "harmful",
    "flagged",
    "language",
];
const LONG: &[&str] = &[
    "length",
    "limit",
    "limited",
    "max",
    "maximum",
    "tokens",
    "context",
    "window",
    "truncate",
    "truncated",
    "truncation",
    "budget",
    "incomplete",
    "pause",
    "paused",
];
const TOOLS: &[&str] = &["tool", "tools", "function", "functions", "call", "calls"];
const GOOD: &[&str] = &[
    "stop",
    "stopped",
    "end",
    "ended",
    "eos",
    "eot",
    "eom",
    "done",
    "complete",
    "completed",
    "completion",
    "finish",
    "finished",
    "success",
    "succeeded",
    "ok",
    "normal",
];
/// The rows in their order, each with its meaning; none where the answer broke off.
const TABLE: [(&[&str], Option<FinishReason>); 5] = [
    (BROKEN, None),
    (FILTERED, Some(FinishReason::ContentFilter)),
    (LONG, Some(FinishReason::Length)),
    (TOOLS, Some(FinishReason::ToolCalls)),
    (GOOD, Some(FinishReason::Stop)),
];
/// What is sent where there is no reason yet.
const NONE: &[&str] = &["", "null", "none", "unspecified"];

/// What a reason means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ending {
    Finished(FinishReason),
    /// With the reason, as it was given.
    Broken(String),
}

/// The meaning of a reason; none where it is none yet.
pub(super) fn ending(reason: &str) -> Option<Ending> {
    let words = words(reason);
    let last = words.last().map_or("", String::as_str);
    if NONE.contains(&last) {
        return None;
    }
    let row = TABLE
        .iter()
        .find(|(row, _)| words.iter().any(|word| row.contains(&word.as_str())));
    Some(match row {
        Some((_, Some(meaning))) => Ending::Finished(*meaning),
        Some((_, None)) | None => Ending::Broken(reason.to_owned()),
    })
}

/// The words of a name in any of the usual spellings, without what only says that it is a reason.
fn words(reason: &str) -> Vec<String> {
    let mut spaced = String::with_capacity(reason.len() + 4);
    let mut small = false;
    for sign in reason.chars() {
        if sign.is_uppercase() && small {
            spaced.push(' ');
        }
        small = sign.is_lowercase();
        spaced.extend(sign.to_lowercase());
    }
    let plain = ["finish_reason_", "stop_reason_", "block_reason_"]
        .iter()
        .find_map(|start| spaced.strip_prefix(start))
        .unwrap_or(&spaced);
    plain
        .split(|sign: char| !sign.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_of_all_languages_have_one_meaning() {
        let finished = |reason| Some(Ending::Finished(reason));
        for (reasons, meaning) in [
            (
                "stop end_turn stop_sequence STOP eos eos_token endTurn FINISH_REASON_STOP done completed",
                FinishReason::Stop,
            ),
            (
                "length max_tokens MAX_TOKENS maxTokens model_length model_context_window_exceeded token_limit \
                 max_output_tokens context_length_exceeded truncated pause_turn",
                FinishReason::Length,
            ),
            (
                "content_filter SAFETY RECITATION BLOCKLIST PROHIBITED_CONTENT SPII LANGUAGE IMAGE_SAFETY refusal \
                 guardrail_intervened content-filtered sensitive",
                FinishReason::ContentFilter,
            ),
            (
                "tool_calls function_call tool_use toolUse",
                FinishReason::ToolCalls,
            ),
        ] {
            for reason in reasons.split_whitespace() {
                assert_eq!(ending(reason), finished(meaning), "{reason}");
            }
        }
    }

    #[test]
    fn what_tells_of_a_failure_or_nothing_known_is_no_good_end() {
        for reason in [
            "error",
            "abort",
            "aborted",
            "cancelled",
            "ERROR",
            "insufficient_system_resource",
            "network_error",
            "timeout",
            "MALFORMED_FUNCTION_CALL",
            "UNEXPECTED_TOOL_CALL",
            "OTHER",
            "unknown",
            "tool_use_failed",
            "whatever",
            "?",
        ] {
            let broken = Some(Ending::Broken(reason.to_owned()));
            match reason {
                "?" => assert_eq!(ending(reason), None),
                _ => assert_eq!(ending(reason), broken, "{reason}"),
            }
        }
        for none in ["", " ", "null", "FINISH_REASON_UNSPECIFIED"] {
            assert_eq!(ending(none), None, "{none}");
        }
    }
}

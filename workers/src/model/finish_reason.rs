//! How an answer ended: one table of finish reasons for all API types.
//!
//! A reason is split into words. The first row below that contains one of them decides, so failures take precedence
//! over words that sound like a normal end: `max_tokens` means too long, `stop_sequence` a normal end,
//! `tool_use_failed` a failure. A reason without any of these words is not known to be a normal end: the answer counts
//! as broken off, its text is kept, and the reason is shown.

use domain::response::FinishReason;

const FAILURES: &[&str] = &[
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
const CONTENT_FILTER: &[&str] = &[
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
const LENGTH: &[&str] = &[
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
const TOOL_CALLS: &[&str] = &["tool", "tools", "function", "functions", "call", "calls"];
const STOP: &[&str] = &[
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
/// The rows in order, with their meaning; `None` means that the answer broke off.
const TABLE: [(&[&str], Option<FinishReason>); 5] = [
    (FAILURES, None),
    (CONTENT_FILTER, Some(FinishReason::ContentFilter)),
    (LENGTH, Some(FinishReason::Length)),
    (TOOL_CALLS, Some(FinishReason::ToolCalls)),
    (STOP, Some(FinishReason::Stop)),
];
/// Values that mean that there is no reason yet.
const ABSENT: &[&str] = &["", "null", "none", "unspecified"];

/// The meaning of a finish reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum StreamEnd {
    Finished(FinishReason),
    /// Contains the reason as received.
    Failed(String),
}

/// Parses a finish reason; `None` if there is none yet.
pub(super) fn parse_finish_reason(reason: &str) -> Option<StreamEnd> {
    let words = split_words(reason);
    let last = words.last().map_or("", String::as_str);
    if ABSENT.contains(&last) {
        return None;
    }
    let row = TABLE
        .iter()
        .find(|(row, _)| words.iter().any(|word| row.contains(&word.as_str())));
    Some(match row {
        Some((_, Some(meaning))) => StreamEnd::Finished(*meaning),
        Some((_, None)) | None => StreamEnd::Failed(reason.to_owned()),
    })
}

/// The words of a name in any common spelling, without the prefix that only says that it is a reason.
fn split_words(reason: &str) -> Vec<String> {
    let mut spaced = String::with_capacity(reason.len() + 4);
    let mut after_lower_case = false;
    for character in reason.chars() {
        if character.is_uppercase() && after_lower_case {
            spaced.push(' ');
        }
        after_lower_case = character.is_lowercase();
        spaced.extend(character.to_lowercase());
    }
    let name = ["finish_reason_", "stop_reason_", "block_reason_"]
        .iter()
        .find_map(|start| spaced.strip_prefix(start))
        .unwrap_or(&spaced);
    name.split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_of_all_api_types_are_recognized() {
        let finished = |reason| Some(StreamEnd::Finished(reason));
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
                assert_eq!(parse_finish_reason(reason), finished(meaning), "{reason}");
            }
        }
    }

    #[test]
    fn failures_and_unknown_reasons_are_no_normal_end() {
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
            let failed = Some(StreamEnd::Failed(reason.to_owned()));
            match reason {
                "?" => assert_eq!(parse_finish_reason(reason), None),
                _ => assert_eq!(parse_finish_reason(reason), failed, "{reason}"),
            }
        }
        for none in ["", " ", "null", "FINISH_REASON_UNSPECIFIED"] {
            assert_eq!(parse_finish_reason(none), None, "{none}");
        }
    }
}

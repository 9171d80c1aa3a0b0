use domain::response::{FinishReason, Usage};

use super::*;
use crate::model::{Piece, anthropic, gemini, openai};

type Form = fn(Option<u32>) -> Hearing;

/// What a stream of such events says, and how it ends.
fn told(
    form: Form,
    limit: Option<u32>,
    events: &[&str],
) -> (String, String, Result<(FinishReason, Usage), String>) {
    let mut hearing = form(limit).hiding(Some("sk-secret-123"));
    let (mut text, mut thought) = (String::new(), String::new());
    let mut said: Said = events
        .iter()
        .flat_map(|data| hearing.hear("", data))
        .collect();
    let over = said
        .iter()
        .any(|one| matches!(one, Err(_) | Ok(Piece::Finished { .. })));
    if !over {
        said.extend(hearing.end());
    }
    for piece in said {
        match piece {
            Ok(Piece::Text(more)) => text.push_str(&more),
            Ok(Piece::Reasoning(more)) => thought.push_str(&more),
            Ok(Piece::WasThinking) => thought.push_str(&std::mem::take(&mut text)),
            Ok(Piece::Finished { reason, usage }) => return (text, thought, Ok((reason, usage))),
            Ok(_) => {}
            Err(error) => return (text, thought, Err(error.detail)),
        }
    }
    panic!("no end of {events:?}");
}

fn t(text: &str) -> String {
    serde_json::json!({"choices": [{"index": 0, "delta": {"content": text}}]}).to_string()
}

const STOP: &str = r#"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#;

fn openai_told(events: &[&str]) -> (String, String, Result<(FinishReason, Usage), String>) {
    told(openai::chunks, None, events)
}

fn completed(events: &[&str], text: &str, thought: &str) -> Usage {
    let (said, thinking, end) = openai_told(events);
    let (reason, usage) = end.unwrap_or_else(|error| panic!("{events:?}: {error}"));
    assert_eq!(
        (said.as_str(), thinking.as_str(), reason),
        (text, thought, FinishReason::Stop),
        "{events:?}"
    );
    usage
}

#[test]
fn thinking_in_two_fields_is_thought_once() {
    for delta in [
        r#"{"reasoning":"mm","reasoning_content":"mm"}"#,
        r#"{"reasoning":"no","reasoning_content":"mm"}"#,
        r#"{"reasoning":"mm","reasoning_content":null}"#,
        r#"{"reasoning":"mm","reasoning_content":""}"#,
        r#"{"reasoning":{"text":"mm"}}"#,
        r#"{"reasoning":7,"reasoning_details":[{"type":"reasoning.text","text":"mm"}]}"#,
        r#"{"content":[{"type":"thinking","thinking":[{"type":"text","text":"mm"}]}]}"#,
        r#"{"content":[{"type":"reasoning","text":"mm"}]}"#,
    ] {
        let chunk = format!(r#"{{"choices":[{{"index":0,"delta":{delta}}}]}}"#);
        completed(&[&chunk, &t("ok"), STOP, DONE], "ok", "mm");
    }
}

#[test]
fn unknown_shapes_are_passed_over_and_text_is_taken() {
    for chunk in [
        r#"{"choices":[{"delta":{"content":"ok","reasoning":null,"reasoning_content":null}}]}"#,
        r#"{"choices":[{"delta":{"content":[{"type":"text","text":"o"},"k",7,null]}}]}"#,
        r#"{"choices":[{"delta":{"content":{"type":"text","text":"ok"}}}]}"#,
        r#"{"choices":[{"delta":{"content":"ok"},"finish_reason":5,"index":"x"}],"usage":"none"}"#,
        r#"{"choices":{"delta":{"content":"ok"}},"id":{},"created":1e999}"#,
        r#"{"choices":[{"delta":"ok","logprobs":NaN}]}"#,
        r#"{"choices":[{"message":{"content":"ok"}}]}"#,
        r#"{"choices":[{"text":"ok"}]}"#,
    ] {
        completed(&[chunk, STOP, DONE], "ok", "");
    }
    for nothing in [
        "",
        "{",
        "[]",
        "null",
        "7",
        "<html>",
        r#"{"choices":{}}"#,
        r#"{"choices":[{"delta":5}]}"#,
        r#"{"choices":null}"#,
        r#"{"choices":[{"delta":{"content":7}}]}"#,
    ] {
        completed(&[nothing, &t("ok"), nothing, STOP, nothing, DONE], "ok", "");
    }
}

#[test]
fn counts_that_cannot_be_read_are_as_if_not_sent() {
    let (a, b, c) = (t("a"), t("b"), t("c"));
    for (usage, counted) in [
        (r#"{"prompt_tokens":12,"completion_tokens":30}"#, (12, 30)),
        (r#"{"prompt_tokens":12,"completion_tokens":null}"#, (12, 3)),
        (r#"{"prompt_tokens":12}"#, (12, 3)),
        (r#"{"completion_tokens":30}"#, (0, 30)),
        (r#"{"prompt_tokens":12.0,"completion_tokens":"2"}"#, (0, 3)),
        (r#"{"prompt_tokens":1e30,"completion_tokens":-4}"#, (0, 3)),
        (
            r#"{"prompt_tokens":9000000000000,"completion_tokens":[2]}"#,
            (0, 3),
        ),
        ("{}", (0, 3)),
        ("\"many\"", (0, 3)),
        ("null", (0, 3)),
    ] {
        let usage = format!(r#"{{"choices":[],"usage":{usage}}}"#);
        let counts = completed(&[&a, &b, &c, STOP, &usage, DONE], "abc", "");
        assert_eq!(
            (counts.input_tokens, counts.output_tokens),
            counted,
            "{usage}"
        );
    }
    let early = r#"{"choices":[{"delta":{"content":"a"}}],"usage":{"prompt_tokens":12}}"#;
    let counts = completed(&[early, &b, &c, STOP, DONE], "abc", "");
    assert_eq!((counts.input_tokens, counts.output_tokens), (12, 3));
}

#[test]
fn the_end_is_told_by_a_reason_or_by_a_mark_and_else_it_broke_off() {
    let (all, said) = (t("all"), t(" said"));
    completed(&[&all, &said, DONE], "all said", "");
    let (text, _, end) = openai_told(&[&all, &said]);
    assert_eq!(text, "all said");
    assert!(end.unwrap_err().contains("ended before the answer did"));
    let (text, _, end) = openai_told(&[&all, "out of memory"]);
    assert_eq!(text, "all");
    assert!(end.unwrap_err().ends_with("it sent out of memory"));
    for reason in ["error", "abort", "whatever", "network_error"] {
        let chunk =
            format!(r#"{{"choices":[{{"delta":{{"content":"!"}},"finish_reason":"{reason}"}}]}}"#);
        let (text, _, end) = openai_told(&[&all, &chunk, DONE]);
        assert_eq!(text, "all!", "{reason}");
        assert!(end.unwrap_err().contains(reason));
    }
    for chunk in [
        r#"{"choices":[{"delta":{"content":"!"},"finish_reason":"error","error":{"message":"upstream gone"}}]}"#,
        r#"{"choices":[{"delta":{"content":"!"},"finish_reason":"error"}],"error":{"message":"upstream gone"}}"#,
        r#"{"choices":[{"delta":{"content":"!"},"error":"upstream gone"}]}"#,
    ] {
        let (text, _, end) = openai_told(&[&all, chunk, DONE]);
        assert_eq!(text, "all!");
        assert_eq!(end.unwrap_err(), "it broke off: upstream gone", "{chunk}");
    }
}

#[test]
fn an_answer_without_a_word_has_failed_in_every_language() {
    let blanks = t(" \n\t ");
    let refusal = r#"{"choices":[{"delta":{"refusal":"I will not."}}]}"#;
    let thought = r#"{"choices":[{"delta":{"reasoning":"mm"}}]}"#;
    let length = r#"{"choices":[{"delta":{},"finish_reason":"length"}]}"#;
    let filter = r#"{"choices":[{"delta":{},"finish_reason":"content_filter"}]}"#;
    let image = r#"{"choices":[{"delta":{"images":[{"image_url":{"url":"data:x"}}]}}]}"#;
    for (events, why) in [
        (vec![STOP, DONE], "the model said nothing"),
        (vec![DONE], "the model said nothing"),
        (vec![blanks.as_str(), STOP, DONE], "the model said nothing"),
        (vec![image, STOP, DONE], "the model said nothing"),
        (vec![refusal, STOP, DONE], "declined to answer: I will not."),
        (vec![thought, STOP, DONE], "thought and said nothing"),
        (vec![thought, length, DONE], "limit of its tokens"),
        (vec![length, DONE], "limit of its tokens"),
        (vec![filter, DONE], "filter of the provider"),
    ] {
        let (text, _, end) = openai_told(&events);
        let detail = end.expect_err("no word is no answer");
        assert!(detail.contains(why), "{events:?}: {detail}");
        assert_eq!(text, "");
    }
    let (_, _, end) = told(
        anthropic::events,
        None,
        &[
            r#"{"type":"message_delta","delta":{"stop_reason":"refusal"}}"#,
            r#"{"type":"message_stop"}"#,
        ],
    );
    assert!(end.unwrap_err().contains("filter"));
    for blocked in [
        r#"{"promptFeedback":{"blockReason":"SAFETY"}}"#,
        r#"{"candidates":[{"finishReason":"SAFETY"}]}"#,
    ] {
        let (_, _, end) = told(gemini::chunks, None, &[blocked]);
        assert!(end.unwrap_err().contains("filter"));
    }
    let (_, _, end) = told(
        gemini::chunks,
        None,
        &[r#"{"candidates":[{"finishReason":"STOP"}]}"#],
    );
    assert_eq!(end.unwrap_err(), "the model said nothing");
}

#[test]
fn blanks_before_the_first_word_belong_to_it() {
    completed(
        &[&t(" "), &t("The answer"), &t(" is 4."), STOP, DONE],
        " The answer is 4.",
        "",
    );
}

#[test]
fn only_what_no_count_of_tokens_explains_is_cut_off() {
    let letter = t("x");
    let usage = r#"{"choices":[],"usage":{"prompt_tokens":5,"completion_tokens":30}}"#;
    for (limit, pieces) in [(50, 120), (1, 120)] {
        let mut events = vec![letter.as_str(); pieces];
        events.extend([STOP, usage, DONE]);
        let (text, _, end) = told(openai::chunks, Some(limit), &events);
        assert_eq!(text.len(), pieces);
        assert_eq!(end.unwrap().0, FinishReason::Stop);
    }
    let thought = r#"{"choices":[{"delta":{"reasoning":"mmmmmmmmmmmmmmmmmmmmmmmmmmmmmm"}}]}"#;
    let mut events = vec![thought; 100];
    events.extend([letter.as_str(), STOP, DONE]);
    assert_eq!(told(openai::chunks, Some(1), &events).0, "x");
    let endless = vec![letter.as_str(); 10_000];
    let (text, _, end) = told(openai::chunks, Some(50), &endless);
    assert!((50..5_000).contains(&text.len()));
    assert_eq!(end.unwrap().0, FinishReason::Length);
}

#[test]
fn thinking_between_tags_is_taken_apart() {
    let cut = [t("<think>a "), t("plan</thi"), t("nk>Four.")];
    completed(&[&cut[0], &cut[1], &cut[2], STOP, DONE], "Four.", "a plan");
    completed(&[&t("a plan</think>Four."), STOP, DONE], "Four.", "a plan");
    completed(
        &[&t("a pl"), &t("an</think>"), &t("Four."), STOP, DONE],
        "Four.",
        "a plan",
    );
    let code = "```\n<think>x</think>\n```";
    completed(&[&t(code), STOP, DONE], code, "");
}

#[test]
fn errors_within_a_stream_hide_the_key_in_every_language() {
    let long = format!("{} sk-secret-123 here", "x".repeat(490));
    for message in ["bad key sk-secret-123 here", &long] {
        let error = serde_json::json!({"type": "error", "error": {"message": message}}).to_string();
        for form in [openai::chunks as Form, anthropic::events, gemini::chunks] {
            let (_, _, end) = told(form, None, &[&error]);
            let detail = end.unwrap_err();
            assert!(!detail.contains("sk-") && detail.contains("**"), "{detail}");
        }
    }
}

#[test]
fn an_answer_that_comes_as_a_whole_is_one() {
    let whole = r#"{"choices":[{"index":0,"message":{"role":"assistant","content":"whole"},"finish_reason":"stop"}],
                    "usage":{"prompt_tokens":3,"completion_tokens":1}}"#;
    let mut hearing = openai::chunks(None);
    let usage = Usage {
        input_tokens: 3,
        output_tokens: 1,
    };
    let wanted = [
        Ok(Piece::Text("whole".into())),
        Ok(Piece::Counted(usage)),
        Ok(Piece::Finished {
            reason: FinishReason::Stop,
            usage,
        }),
    ];
    assert_eq!(hearing.hear_whole(whole, None), wanted);
    let mut hearing = openai::chunks(None);
    let said = hearing.hear_whole(r#"{"error":{"message":"no"}}"#, None);
    assert_eq!(said, [Err(ModelError::provider("it broke off: no"))]);
    let said = openai::chunks(None).hear_whole("<html>a proxy of somebody</html>", None);
    assert!(matches!(&said[..], [Err(error)] if !error.detail.contains("html")));
}

/// What a server says of itself is no answer: nobody reads it as one, and the key in it least of all.
#[test]
fn errors_in_no_known_shape_are_errors_and_no_words() {
    for told in [
        r#"{"object":"error","message":"bad key sk-secret-123","type":"BadRequestError","code":401}"#,
        r#"{"statusCode":401,"message":"Invalid token sk-secret-123","error":"Unauthorized"}"#,
        r#"{"error":{"code":401},"message":"the key sk-secret-123 is wrong"}"#,
        r#"{"code":"Arrearage","message":"Access denied, sk-secret-123","request_id":"1"}"#,
        r#"{"text":"**NETWORK ERROR** sk-secret-123","error_code":50002}"#,
        r#"{"base_resp":{"status_code":1008,"status_msg":"insufficient balance sk-secret-123"},"choices":null}"#,
    ] {
        for before in [vec![], vec![t("One. ")]] {
            let mut events: Vec<&str> = before.iter().map(String::as_str).collect();
            let spoken = if before.is_empty() { "" } else { "One. " };
            events.extend([told, "[DONE]"]);
            let (said, _, end) = openai_told(&events);
            assert_eq!(said, spoken, "{told}");
            let why = end.unwrap_err();
            assert!(!why.contains("sk-secret"), "{why}");
            let mut hearing = openai::chunks(None).hiding(Some("sk-secret-123"));
            let whole = hearing.hear_whole(told, None);
            assert!(
                matches!(whole.last(), Some(Err(_))) && whole.len() == 1,
                "{told}: {whole:?}"
            );
        }
    }
    // What is neither an error nor an answer says nothing.
    let status = r#"{"type":"status","message":"searching"}"#;
    completed(&[status, &t("ok"), STOP], "ok", "");
    let fine = r#"{"code":0,"message":"success","choices":[{"delta":{"content":"ok"}}]}"#;
    completed(&[fine, STOP], "ok", "");
}

#[test]
fn messages_in_place_of_deltas_are_heard_to_their_end() {
    let one = |text: &str, end: &str| {
        format!(r#"{{"choices":[{{"message":{{"content":"{text}"}}{end}}}]}}"#)
    };
    let ends = r#","finish_reason":"stop""#;
    let ollama = |text: &str, done: bool| {
        let end = if done { r#","done_reason":"stop""# } else { "" };
        format!(r#"{{"message":{{"role":"assistant","content":"{text}"}},"done":{done}{end}}}"#)
    };
    for events in [
        [one("Hello ", ""), one("big ", ""), one("world", ends)],
        // Each tells all so far.
        [
            one("Hello ", ""),
            one("Hello big ", ""),
            one("Hello big world", ends),
        ],
        [
            one("Hello big world", ""),
            one("", ""),
            one("Hello big world", ends),
        ],
        [
            ollama("Hello big ", false),
            ollama("world", false),
            ollama("", true),
        ],
        // After deltas the whole is told once more, or as it was put right.
        [t("Hello big "), t("world"), one("Hello big world", ends)],
        [t("Hello big "), t("world"), one("Hello, big world.", ends)],
    ] {
        let events: Vec<&str> = events.iter().map(String::as_str).collect();
        completed(&events, "Hello big world", "");
    }
}

#[test]
fn events_without_an_empty_line_between_them_are_heard() {
    let joined = [t("a").as_str(), &t("b"), STOP, "[DONE]"].join("\n");
    completed(&[&joined], "ab", "");
    let doubled = format!("data: data: {}", t("a"));
    completed(
        &[&doubled, &format!("data: {STOP}"), "data: [DONE]"],
        "a",
        "",
    );
    let endless = "data: ".repeat(100_000);
    assert!(openai_told(&[&endless]).2.is_err());
}

#[test]
fn what_may_follow_the_reason_depends_on_what_came_with_it() {
    let gemini = |text: &str| {
        format!(
            r#"{{"candidates":[{{"content":{{"parts":[{{"text":"{text}"}}]}},"finishReason":"STOP"}}]}}"#
        )
    };
    let mut hearing = gemini::chunks(None);
    hearing.hear("", &gemini("One "));
    assert_eq!(hearing.may_follow(), Follows::Words);
    hearing.hear("", &gemini("two"));
    assert_eq!(hearing.may_follow(), Follows::Anything);
    let mut hearing = openai::chunks(None);
    hearing.hear("", &t("One"));
    hearing.hear("", STOP);
    assert_eq!(hearing.may_follow(), Follows::Counts);
}

#[test]
fn a_whole_answer_that_is_cut_off_keeps_its_words() {
    let cut = r#"[{"candidates":[{"content":{"parts":[{"text":"One "}]}}]},{"candidates":[{"content":{"parts":[{"text":"two"}]}}]}"#;
    let mut hearing = gemini::chunks(None);
    let said = hearing.hear_whole(cut, Some(ModelError::provider("cut")));
    assert_eq!(said.first(), Some(&Ok(Piece::Text("One two".to_owned()))));
    assert_eq!(said.last(), Some(&Err(ModelError::provider("cut"))));
}

#[test]
fn tags_are_shown_where_thinking_comes_by_itself() {
    let thought = r#"{"choices":[{"delta":{"reasoning_content":"hm"}}]}"#;
    let prose = "Models write <think> before and </think> after.";
    completed(&[thought, &t(prose), STOP], prose, "hm");
    completed(&[&t("<think>hm</think>Ok"), STOP], "Ok", "hm");
}

use domain::response::{FinishReason, Usage};

use super::*;
use crate::model::{ModelEvent, anthropic, gemini, openai};

type NewDecoder = fn(Option<u32>) -> ResponseDecoder;

/// The text and reasoning of a stream of events, and how it ends.
fn decode(
    new_decoder: NewDecoder,
    limit: Option<u32>,
    events: &[&str],
) -> (String, String, Result<(FinishReason, Usage), String>) {
    let mut decoder = new_decoder(limit).with_masked_key(Some("sk-secret-123"));
    let (mut text, mut reasoning) = (String::new(), String::new());
    let mut output: ModelEvents = events
        .iter()
        .flat_map(|data| decoder.decode_event("", data))
        .collect();
    let is_over = output
        .iter()
        .any(|event| matches!(event, Err(_) | Ok(ModelEvent::Finished { .. })));
    if !is_over {
        output.extend(decoder.finish());
    }
    for event in output {
        match event {
            Ok(ModelEvent::Text(more)) => text.push_str(&more),
            Ok(ModelEvent::Reasoning(more)) => reasoning.push_str(&more),
            Ok(ModelEvent::TextWasReasoning) => reasoning.push_str(&std::mem::take(&mut text)),
            Ok(ModelEvent::Finished { reason, usage }) => {
                return (text, reasoning, Ok((reason, usage)));
            }
            Ok(_) => {}
            Err(error) => return (text, reasoning, Err(error.detail)),
        }
    }
    panic!("no end of {events:?}");
}

fn text_chunk(text: &str) -> String {
    serde_json::json!({"choices": [{"index": 0, "delta": {"content": text}}]}).to_string()
}

const STOP: &str = r#"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#;

fn decode_openai(events: &[&str]) -> (String, String, Result<(FinishReason, Usage), String>) {
    decode(openai::decoder, None, events)
}

fn assert_completes(events: &[&str], text: &str, reasoning: &str) -> Usage {
    let (answer, thought, end) = decode_openai(events);
    let (reason, usage) = end.unwrap_or_else(|error| panic!("{events:?}: {error}"));
    assert_eq!(
        (answer.as_str(), thought.as_str(), reason),
        (text, reasoning, FinishReason::Stop),
        "{events:?}"
    );
    usage
}

#[test]
fn reasoning_in_two_fields_is_read_once() {
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
        assert_completes(&[&chunk, &text_chunk("ok"), STOP, DONE], "ok", "mm");
    }
}

#[test]
fn unknown_shapes_are_ignored_and_text_is_read() {
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
        assert_completes(&[chunk, STOP, DONE], "ok", "");
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
        assert_completes(
            &[nothing, &text_chunk("ok"), nothing, STOP, nothing, DONE],
            "ok",
            "",
        );
    }
}

#[test]
fn invalid_token_counts_are_ignored() {
    let (a, b, c) = (text_chunk("a"), text_chunk("b"), text_chunk("c"));
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
        let counts = assert_completes(&[&a, &b, &c, STOP, &usage, DONE], "abc", "");
        assert_eq!(
            (counts.input_tokens, counts.output_tokens),
            counted,
            "{usage}"
        );
    }
    let early = r#"{"choices":[{"delta":{"content":"a"}}],"usage":{"prompt_tokens":12}}"#;
    let counts = assert_completes(&[early, &b, &c, STOP, DONE], "abc", "");
    assert_eq!((counts.input_tokens, counts.output_tokens), (12, 3));
}

#[test]
fn a_stream_without_a_finish_reason_or_end_marker_broke_off() {
    let (first, second) = (text_chunk("all"), text_chunk(" said"));
    assert_completes(&[&first, &second, DONE], "all said", "");
    let (text, _, end) = decode_openai(&[&first, &second]);
    assert_eq!(text, "all said");
    assert!(end.unwrap_err().contains("ended before the answer did"));
    let (text, _, end) = decode_openai(&[&first, "out of memory"]);
    assert_eq!(text, "all");
    assert!(end.unwrap_err().ends_with("it sent out of memory"));
    for reason in ["error", "abort", "whatever", "network_error"] {
        let chunk =
            format!(r#"{{"choices":[{{"delta":{{"content":"!"}},"finish_reason":"{reason}"}}]}}"#);
        let (text, _, end) = decode_openai(&[&first, &chunk, DONE]);
        assert_eq!(text, "all!", "{reason}");
        assert!(end.unwrap_err().contains(reason));
    }
    for chunk in [
        r#"{"choices":[{"delta":{"content":"!"},"finish_reason":"error","error":{"message":"upstream gone"}}]}"#,
        r#"{"choices":[{"delta":{"content":"!"},"finish_reason":"error"}],"error":{"message":"upstream gone"}}"#,
        r#"{"choices":[{"delta":{"content":"!"},"error":"upstream gone"}]}"#,
    ] {
        let (text, _, end) = decode_openai(&[&first, chunk, DONE]);
        assert_eq!(text, "all!");
        assert_eq!(
            end.unwrap_err(),
            "the stream broke off: upstream gone",
            "{chunk}"
        );
    }
}

#[test]
fn an_answer_without_text_fails_for_every_api_type() {
    let blanks = text_chunk(" \n\t ");
    let refusal = r#"{"choices":[{"delta":{"refusal":"I will not."}}]}"#;
    let thought = r#"{"choices":[{"delta":{"reasoning":"mm"}}]}"#;
    let length = r#"{"choices":[{"delta":{},"finish_reason":"length"}]}"#;
    let filter = r#"{"choices":[{"delta":{},"finish_reason":"content_filter"}]}"#;
    let image = r#"{"choices":[{"delta":{"images":[{"image_url":{"url":"data:x"}}]}}]}"#;
    for (events, why) in [
        (vec![STOP, DONE], "the model returned no text"),
        (vec![DONE], "the model returned no text"),
        (
            vec![blanks.as_str(), STOP, DONE],
            "the model returned no text",
        ),
        (vec![image, STOP, DONE], "the model returned no text"),
        (vec![refusal, STOP, DONE], "declined to answer: I will not."),
        (vec![thought, STOP, DONE], "returned only reasoning"),
        (vec![thought, length, DONE], "reached its token limit"),
        (vec![length, DONE], "reached its token limit"),
        (vec![filter, DONE], "content filter blocked"),
    ] {
        let (text, _, end) = decode_openai(&events);
        let detail = end.expect_err("no word is no answer");
        assert!(detail.contains(why), "{events:?}: {detail}");
        assert_eq!(text, "");
    }
    let (_, _, end) = decode(
        anthropic::decoder,
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
        let (_, _, end) = decode(gemini::decoder, None, &[blocked]);
        assert!(end.unwrap_err().contains("filter"));
    }
    let (_, _, end) = decode(
        gemini::decoder,
        None,
        &[r#"{"candidates":[{"finishReason":"STOP"}]}"#],
    );
    assert_eq!(end.unwrap_err(), "the model returned no text");
}

#[test]
fn whitespace_before_the_first_word_is_kept() {
    assert_completes(
        &[
            &text_chunk(" "),
            &text_chunk("The answer"),
            &text_chunk(" is 4."),
            STOP,
            DONE,
        ],
        " The answer is 4.",
        "",
    );
}

#[test]
fn an_answer_is_cut_off_far_beyond_its_token_limit() {
    let letter = text_chunk("x");
    let usage = r#"{"choices":[],"usage":{"prompt_tokens":5,"completion_tokens":30}}"#;
    for (limit, pieces) in [(50, 120), (1, 120)] {
        let mut events = vec![letter.as_str(); pieces];
        events.extend([STOP, usage, DONE]);
        let (text, _, end) = decode(openai::decoder, Some(limit), &events);
        assert_eq!(text.len(), pieces);
        assert_eq!(end.unwrap().0, FinishReason::Stop);
    }
    let thought = r#"{"choices":[{"delta":{"reasoning":"mmmmmmmmmmmmmmmmmmmmmmmmmmmmmm"}}]}"#;
    let mut events = vec![thought; 100];
    events.extend([letter.as_str(), STOP, DONE]);
    assert_eq!(decode(openai::decoder, Some(1), &events).0, "x");
    let endless = vec![letter.as_str(); 10_000];
    let (text, _, end) = decode(openai::decoder, Some(50), &endless);
    assert!((50..5_000).contains(&text.len()));
    assert_eq!(end.unwrap().0, FinishReason::Length);
}

#[test]
fn reasoning_between_tags_is_separated() {
    let cut = [
        text_chunk("<think>a "),
        text_chunk("plan</thi"),
        text_chunk("nk>Four."),
    ];
    assert_completes(&[&cut[0], &cut[1], &cut[2], STOP, DONE], "Four.", "a plan");
    assert_completes(
        &[&text_chunk("a plan</think>Four."), STOP, DONE],
        "Four.",
        "a plan",
    );
    assert_completes(
        &[
            &text_chunk("a pl"),
            &text_chunk("an</think>"),
            &text_chunk("Four."),
            STOP,
            DONE,
        ],
        "Four.",
        "a plan",
    );
    let code = "```\n<think>x</think>\n```";
    assert_completes(&[&text_chunk(code), STOP, DONE], code, "");
}

#[test]
fn errors_within_a_stream_mask_the_key_for_every_api_type() {
    let long = format!("{} sk-secret-123 here", "x".repeat(490));
    for message in ["bad key sk-secret-123 here", &long] {
        let error = serde_json::json!({"type": "error", "error": {"message": message}}).to_string();
        for new_decoder in [
            openai::decoder as NewDecoder,
            anthropic::decoder,
            gemini::decoder,
        ] {
            let (_, _, end) = decode(new_decoder, None, &[&error]);
            let detail = end.unwrap_err();
            assert!(!detail.contains("sk-") && detail.contains("**"), "{detail}");
        }
    }
}

#[test]
fn a_response_that_is_not_streamed_is_decoded() {
    let whole = r#"{"choices":[{"index":0,"message":{"role":"assistant","content":"whole"},"finish_reason":"stop"}],
                    "usage":{"prompt_tokens":3,"completion_tokens":1}}"#;
    let mut decoder = openai::decoder(None);
    let usage = Usage {
        input_tokens: 3,
        output_tokens: 1,
    };
    let wanted = [
        Ok(ModelEvent::Text("whole".into())),
        Ok(ModelEvent::Usage(usage)),
        Ok(ModelEvent::Finished {
            reason: FinishReason::Stop,
            usage,
        }),
    ];
    assert_eq!(decoder.decode_body(whole, None), wanted);
    let mut decoder = openai::decoder(None);
    let output = decoder.decode_body(r#"{"error":{"message":"no"}}"#, None);
    assert_eq!(
        output,
        [Err(ModelError::provider("the stream broke off: no"))]
    );
    let output = openai::decoder(None).decode_body("<html>a proxy of somebody</html>", None);
    assert!(matches!(&output[..], [Err(error)] if !error.detail.contains("html")));
}

/// An error message is not an answer, and must not reveal the API key.
#[test]
fn errors_of_unknown_shape_are_errors_and_no_text() {
    for error in [
        r#"{"object":"error","message":"bad key sk-secret-123","type":"BadRequestError","code":401}"#,
        r#"{"statusCode":401,"message":"Invalid token sk-secret-123","error":"Unauthorized"}"#,
        r#"{"error":{"code":401},"message":"the key sk-secret-123 is wrong"}"#,
        r#"{"code":"Arrearage","message":"Access denied, sk-secret-123","request_id":"1"}"#,
        r#"{"text":"**NETWORK ERROR** sk-secret-123","error_code":50002}"#,
        r#"{"base_resp":{"status_code":1008,"status_msg":"insufficient balance sk-secret-123"},"choices":null}"#,
    ] {
        for before in [vec![], vec![text_chunk("One. ")]] {
            let mut events: Vec<&str> = before.iter().map(String::as_str).collect();
            let before_text = if before.is_empty() { "" } else { "One. " };
            events.extend([error, "[DONE]"]);
            let (text, _, end) = decode_openai(&events);
            assert_eq!(text, before_text, "{error}");
            let why = end.unwrap_err();
            assert!(!why.contains("sk-secret"), "{why}");
            let mut decoder = openai::decoder(None).with_masked_key(Some("sk-secret-123"));
            let whole = decoder.decode_body(error, None);
            assert!(
                matches!(whole.last(), Some(Err(_))) && whole.len() == 1,
                "{error}: {whole:?}"
            );
        }
    }
    // A value that is neither an error nor an answer is ignored.
    let status = r#"{"type":"status","message":"searching"}"#;
    assert_completes(&[status, &text_chunk("ok"), STOP], "ok", "");
    let fine = r#"{"code":0,"message":"success","choices":[{"delta":{"content":"ok"}}]}"#;
    assert_completes(&[fine, STOP], "ok", "");
}

#[test]
fn messages_instead_of_deltas_are_decoded_completely() {
    let message = |text: &str, end: &str| {
        format!(r#"{{"choices":[{{"message":{{"content":"{text}"}}{end}}}]}}"#)
    };
    let ends = r#","finish_reason":"stop""#;
    let ollama = |text: &str, done: bool| {
        let end = if done { r#","done_reason":"stop""# } else { "" };
        format!(r#"{{"message":{{"role":"assistant","content":"{text}"}},"done":{done}{end}}}"#)
    };
    for events in [
        [
            message("Hello ", ""),
            message("big ", ""),
            message("world", ends),
        ],
        // Each contains the whole text so far.
        [
            message("Hello ", ""),
            message("Hello big ", ""),
            message("Hello big world", ends),
        ],
        [
            message("Hello big world", ""),
            message("", ""),
            message("Hello big world", ends),
        ],
        [
            ollama("Hello big ", false),
            ollama("world", false),
            ollama("", true),
        ],
        // After deltas the whole text is repeated, possibly corrected.
        [
            text_chunk("Hello big "),
            text_chunk("world"),
            message("Hello big world", ends),
        ],
        [
            text_chunk("Hello big "),
            text_chunk("world"),
            message("Hello, big world.", ends),
        ],
    ] {
        let events: Vec<&str> = events.iter().map(String::as_str).collect();
        assert_completes(&events, "Hello big world", "");
    }
}

#[test]
fn events_without_an_empty_line_between_them_are_decoded() {
    let joined = [text_chunk("a").as_str(), &text_chunk("b"), STOP, "[DONE]"].join("\n");
    assert_completes(&[&joined], "ab", "");
    let doubled = format!("data: data: {}", text_chunk("a"));
    assert_completes(
        &[&doubled, &format!("data: {STOP}"), "data: [DONE]"],
        "a",
        "",
    );
    let endless = "data: ".repeat(100_000);
    assert!(decode_openai(&[&endless]).2.is_err());
}

#[test]
fn what_follows_the_finish_reason_depends_on_what_came_with_it() {
    let gemini = |text: &str| {
        format!(
            r#"{{"candidates":[{{"content":{{"parts":[{{"text":"{text}"}}]}},"finishReason":"STOP"}}]}}"#
        )
    };
    let mut decoder = gemini::decoder(None);
    decoder.decode_event("", &gemini("One "));
    assert_eq!(decoder.trailing(), Trailing::Text);
    decoder.decode_event("", &gemini("two"));
    assert_eq!(decoder.trailing(), Trailing::Anything);
    let mut decoder = openai::decoder(None);
    decoder.decode_event("", &text_chunk("One"));
    decoder.decode_event("", STOP);
    assert_eq!(decoder.trailing(), Trailing::Usage);
}

#[test]
fn a_truncated_body_keeps_its_text() {
    let cut = r#"[{"candidates":[{"content":{"parts":[{"text":"One "}]}}]},{"candidates":[{"content":{"parts":[{"text":"two"}]}}]}"#;
    let mut decoder = gemini::decoder(None);
    let output = decoder.decode_body(cut, Some(ModelError::provider("cut")));
    assert_eq!(
        output.first(),
        Some(&Ok(ModelEvent::Text("One two".to_owned())))
    );
    assert_eq!(output.last(), Some(&Err(ModelError::provider("cut"))));
}

#[test]
fn tags_are_text_if_reasoning_is_sent_apart() {
    let thought = r#"{"choices":[{"delta":{"reasoning_content":"hm"}}]}"#;
    let prose = "Models write <think> before and </think> after.";
    assert_completes(&[thought, &text_chunk(prose), STOP], prose, "hm");
    assert_completes(&[&text_chunk("<think>hm</think>Ok"), STOP], "Ok", "hm");
}

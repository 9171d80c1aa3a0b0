//! Recorded behaviour of providers, played back byte by byte, and the resulting answers.

use std::time::Duration;

use domain::document::Vector;
use projections::knowledge::Embedder;
use serde_json::{Value, json};
use testing::scripted::{ScriptedProvider, ScriptedResponse, Step};

use crate::test_app::{Person, TestApp, TestOptions, collect};

pub const STOP: &str =
    "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
pub const DONE: &str = "data: [DONE]\n\n";
pub const KEY: &str = "sk-secret-123";

pub fn event(value: &Value) -> String {
    format!("data: {value}\n\n")
}

pub fn text_chunk(text: &str) -> String {
    event(&json!({"choices": [{"index": 0, "delta": {"content": text}}]}))
}

/// Short time limits.
fn timeouts(begin: u64, idle: u64) -> workers::Timeouts {
    workers::Timeouts {
        begin: Duration::from_millis(begin),
        begin_private: Duration::from_millis(begin),
        idle: Duration::from_millis(idle),
        total: Duration::from_mins(1),
    }
}

pub async fn app(player: &ScriptedProvider) -> TestApp {
    app_with(player, workers::Timeouts::default()).await
}

async fn app_with(player: &ScriptedProvider, timeouts: workers::Timeouts) -> TestApp {
    TestApp::with(TestOptions {
        allowed_port: Some(player.port),
        timeouts,
        ..TestOptions::default()
    })
    .await
}

pub async fn connect_provider<'a>(
    app: &'a TestApp,
    player: &ScriptedProvider,
    kind: &str,
) -> Person<'a> {
    let ada = app.admin().await;
    let body = json!({"name": "fake", "kind": kind, "base_url": player.base_url(), "api_key": KEY});
    let added = ada.post("/providers", body).await;
    assert_eq!(
        (added.status.as_u16(), &added.body["health"]),
        (201, &json!("ok")),
        "{added:?}"
    );
    ada
}

async fn post(ada: &Person<'_>, conversation: &str) -> Value {
    ask_in(ada, conversation, "Say something.").await
}

/// Asks a question and returns the last frame of its run.
pub async fn ask_in(ada: &Person<'_>, conversation: &str, question: &str) -> Value {
    let body = json!({"content": question, "model": "fake/m"});
    let path = format!("/conversations/{conversation}/messages");
    let posted = ada.post(&path, body).await;
    assert_eq!(posted.status, 201, "{posted:?}");
    let run = posted.body["response"]["id"].as_str().unwrap().to_owned();
    let frames = ada.frames(&format!("/responses/{run}/stream"), None).await;
    collect(frames).await.pop().unwrap().data
}

pub async fn ask(ada: &Person<'_>) -> Value {
    let conversation = ada.conversation().await;
    post(ada, &conversation).await
}

/// The last frame of a run against a provider of a kind that plays this.
pub async fn answer_of(kind: &str, played: ScriptedResponse) -> Value {
    let player = ScriptedProvider::start(move |_, _| played.clone()).await;
    let app = app(&player).await;
    let ada = connect_provider(&app, &player, kind).await;
    ask(&ada).await
}

pub async fn answer_of_stream(stream: &[&str]) -> Value {
    answer_of(
        "openai_compatible",
        ScriptedResponse::stream(stream.concat()),
    )
    .await
}

fn texts(end: &Value, kind: &str) -> String {
    let parts = end["message"]["parts"].as_array().unwrap();
    let of_kind = parts.iter().filter(|part| part["type"] == kind);
    of_kind.map(|part| part["text"].as_str().unwrap()).collect()
}

#[track_caller]
pub fn assert_completed(end: &Value, text: &str, thought: &str) {
    assert_eq!(end["response"]["status"], "completed", "{end}");
    assert_eq!(end["message"]["content"], text, "{end}");
    assert_eq!(texts(end, "reasoning"), thought, "{end}");
    for part in end["message"]["parts"].as_array().unwrap() {
        let is_reasoning = part["type"] == "reasoning";
        assert_eq!(part["duration_ms"].is_u64(), is_reasoning, "{part}");
    }
}

#[track_caller]
pub fn assert_failed(end: &Value, text: &str, why: &str) {
    assert_eq!(end["response"]["status"], "failed", "{end}");
    assert_eq!(end["message"]["content"], text, "{end}");
    let detail = end["response"]["error"].to_string();
    assert!(detail.contains(why), "{detail}");
    assert!(!end.to_string().contains(KEY), "{end}");
}

#[tokio::test]
async fn reasoning_in_two_fields_is_read_once() {
    let both = r#"{"index":0,"delta":{"reasoning":"mm","reasoning_content":"mm"}}"#;
    let both = format!("data: {{\"choices\":[{both}]}}\n\n");
    let nulls = r#"{"index":0,"delta":{"content":"o","reasoning":null,"reasoning_content":null}}"#;
    let nulls = format!("data: {{\"choices\":[{nulls}]}}\n\n");
    assert_completed(
        &answer_of_stream(&[&both, &nulls, &text_chunk("k"), STOP, DONE]).await,
        "ok",
        "mm",
    );
}

#[tokio::test]
async fn content_parts_are_read_and_unknown_ones_skipped() {
    let thinks = event(&json!({"choices": [{"index": 0, "delta": {"content": [
        {"type": "thinking", "thinking": [{"type": "text", "text": "mm"}]},
    ]}}]}));
    let parts = event(
        &json!({"choices": [{"index": 0, "delta": {"content": [{"type": "text", "text": "o"}]}}]}),
    );
    let strange = event(
        &json!({"choices": [{"delta": {"content": 5, "role": {}}, "finish_reason": 7}], "id": []}),
    );
    let end = answer_of_stream(&[&thinks, &strange, &parts, &text_chunk("k"), STOP, DONE]).await;
    assert_completed(&end, "ok", "mm");
}

#[tokio::test]
async fn unreadable_token_counts_do_not_fail_an_answer() {
    let usages = [
        json!({"choices": [], "usage": {"prompt_tokens": 12, "completion_tokens": null}}),
        json!({"choices": null}),
        json!({"choices": [], "usage": {"prompt_tokens": 12.0, "completion_tokens": "2"}}),
        json!({"choices": [], "usage": "many"}),
        json!({"choices": [], "usage": {}}),
    ];
    let usages: String = usages.iter().map(event).collect();
    let end = answer_of_stream(&[&text_chunk("o"), &text_chunk("k"), STOP, &usages, DONE]).await;
    assert_completed(&end, "ok", "");
    assert_eq!(
        end["response"]["usage"],
        json!({"input_tokens": 12, "output_tokens": 2}),
        "{end}"
    );
}

#[tokio::test]
async fn an_end_marker_ends_an_answer_and_a_closed_stream_fails_it() {
    assert_completed(
        &answer_of_stream(&[&text_chunk("all"), &text_chunk(" said"), DONE]).await,
        "all said",
        "",
    );
    assert_failed(
        &answer_of_stream(&[&text_chunk("all"), &text_chunk(" said")]).await,
        "all said",
        "ended before the answer did",
    );
    let error = event(
        &json!({"choices": [{"index": 0, "delta": {}, "finish_reason": "error",
                                          "error": {"message": "upstream gone"}}]}),
    );
    assert_failed(
        &answer_of_stream(&[&text_chunk("half a sent"), &error, DONE]).await,
        "half a sent",
        "upstream gone",
    );
}

#[tokio::test]
async fn after_the_finish_reason_the_wait_is_short() {
    let stream =
        ScriptedResponse::stream(format!("{}{STOP}", text_chunk("whole"))).then(Step::Silence);
    let started = std::time::Instant::now();
    assert_completed(&answer_of("openai_compatible", stream).await, "whole", "");
    assert!(started.elapsed() < Duration::from_mins(1));
}

/// Comments arrive for longer than the idle limit.
#[tokio::test]
async fn comments_keep_a_stream_alive_and_silence_ends_it() {
    let mut stream = ScriptedResponse::stream(": hello\n\n");
    for _ in 0..10 {
        stream = stream
            .then(Step::Pause(Duration::from_millis(200)))
            .then(Step::Bytes(b": PROCESSING\n\n\n".to_vec()));
    }
    let silent = stream.clone().then(Step::Silence);
    let stream = stream.then(Step::Bytes(
        format!("{}{STOP}{DONE}", text_chunk("ok")).into(),
    ));
    for (played, well) in [(stream, true), (silent, false)] {
        let player = ScriptedProvider::start(move |_, _| played.clone()).await;
        let app = app_with(&player, timeouts(1_500, 1_500)).await;
        let ada = connect_provider(&app, &player, "openai_compatible").await;
        let end = ask(&ada).await;
        match well {
            true => assert_completed(&end, "ok", ""),
            false => assert_failed(&end, "", "models.begin_seconds_private"),
        }
    }
}

#[tokio::test]
async fn the_wait_for_a_loading_model_is_configurable() {
    let wait = Duration::from_millis(1_500);
    let late = move |head_first: bool| {
        let text = format!("{}{STOP}{DONE}", text_chunk("ok"));
        match head_first {
            true => ScriptedResponse::stream("")
                .then(Step::Pause(wait))
                .then(Step::Bytes(text.into())),
            false => ScriptedResponse {
                after: wait,
                ..ScriptedResponse::stream(text)
            },
        }
    };
    for head_first in [true, false] {
        for (limit, well) in [(20_000, true), (300, false)] {
            let player = ScriptedProvider::start(move |_, _| late(head_first)).await;
            let app = app_with(&player, timeouts(limit, 300)).await;
            let ada = connect_provider(&app, &player, "openai_compatible").await;
            let end = ask(&ada).await;
            match well {
                true => assert_completed(&end, "ok", ""),
                false => assert_eq!(
                    end["response"]["error"]["code"], "provider_timeout",
                    "{end}"
                ),
            }
        }
    }
}

#[tokio::test]
async fn reasoning_in_tags_is_not_part_of_the_answer_or_the_next_prompt() {
    for stream in [
        [
            text_chunk("<think>a "),
            text_chunk("plan</thi"),
            text_chunk("nk>Four."),
        ]
        .concat(),
        text_chunk("a plan</think>Four."),
        [
            text_chunk("a pl"),
            text_chunk("an"),
            text_chunk("</think>"),
            text_chunk("\n\nFour."),
        ]
        .concat(),
    ] {
        let stream = format!("{stream}{STOP}{DONE}");
        let player =
            ScriptedProvider::start(move |_, _| ScriptedResponse::stream(stream.clone())).await;
        let app = app(&player).await;
        let ada = connect_provider(&app, &player, "openai_compatible").await;
        let conversation = ada.conversation().await;
        assert_completed(&post(&ada, &conversation).await, "Four.", "a plan");
        assert_completed(&post(&ada, &conversation).await, "Four.", "a plan");
        let prompt = player.requests()[1]["messages"].to_string();
        assert!(
            prompt.contains("Four.") && !prompt.contains("plan"),
            "{prompt}"
        );
    }
    let code = "As in\n```\n<think>x</think>\n```\n";
    assert_completed(
        &answer_of_stream(&[&text_chunk(code), STOP, DONE]).await,
        code,
        "",
    );
}

#[tokio::test]
async fn an_answer_that_is_not_streamed_is_read() {
    let whole = json!({
        "choices": [{"index": 0, "message": {"role": "assistant", "content": "whole"}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 3, "completion_tokens": 1},
    });
    let end = answer_of("openai_compatible", ScriptedResponse::json(200, &whole)).await;
    assert_completed(&end, "whole", "");
    assert_eq!(
        end["response"]["usage"],
        json!({"input_tokens": 3, "output_tokens": 1})
    );
    assert_completed(
        &answer_of_stream(&[&event(&whole), DONE]).await,
        "whole",
        "",
    );
    let whole = json!({"type": "message", "content": [{"type": "text", "text": "whole"}], "stop_reason": "end_turn"});
    assert_completed(
        &answer_of("anthropic", ScriptedResponse::json(200, &whole)).await,
        "whole",
        "",
    );
    let whole = json!([{"candidates": [{"content": {"parts": [{"text": "whole"}]}, "finishReason": "STOP"}]}]);
    assert_completed(
        &answer_of("gemini", ScriptedResponse::json(200, &whole)).await,
        "whole",
        "",
    );
}

#[tokio::test]
async fn an_empty_answer_fails_with_a_reason() {
    assert_failed(
        &answer_of_stream(&[STOP, DONE]).await,
        "",
        "the model returned no text",
    );
    assert_failed(
        &answer_of_stream(&[&text_chunk(" \n"), STOP, DONE]).await,
        "",
        "the model returned no text",
    );
    let stop = "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";
    assert_failed(
        &answer_of("anthropic", ScriptedResponse::stream(stop)).await,
        "",
        "the model returned no text",
    );
    let stop = event(&json!({"candidates": [{"finishReason": "STOP"}]}));
    assert_failed(
        &answer_of("gemini", ScriptedResponse::stream(stop)).await,
        "",
        "the model returned no text",
    );
}

#[tokio::test]
async fn a_byte_order_mark_is_skipped() {
    let mark = "\u{feff}";
    assert_completed(
        &answer_of_stream(&[mark, &text_chunk("ok"), STOP, DONE]).await,
        "ok",
        "",
    );
}

/// Requests the limit that the model lists, or the one in its error.
#[tokio::test]
async fn without_a_configured_limit_the_maximum_of_the_model_is_requested() {
    let message = json!({"type": "message", "content": [{"type": "text", "text": "ok"}], "stop_reason": "end_turn"});
    let refused =
        json!({"error": {"message": "max_tokens: 64000 > 8192, which is the maximum for m"}});
    for (listed, asked) in [
        (json!({"id": "m", "max_tokens": 60_000}), vec![60_000]),
        (json!({"id": "m"}), vec![64_000, 8_192]),
    ] {
        let (message, refused, list) =
            (message.clone(), refused.clone(), json!({"data": [listed]}));
        let player = ScriptedProvider::with(move |_, body, _| match body["max_tokens"].as_u64() {
            None => ScriptedResponse::json(200, &list),
            Some(64_000) => ScriptedResponse::json(400, &refused),
            Some(_) => ScriptedResponse::json(200, &message),
        })
        .await;
        let app = app(&player).await;
        let ada = connect_provider(&app, &player, "anthropic").await;
        assert_completed(&ask(&ada).await, "ok", "");
        let limits: Vec<Value> = player
            .requests()
            .iter()
            .map(|body| body["max_tokens"].clone())
            .collect();
        assert_eq!(limits, asked);
    }
}

#[tokio::test]
async fn retry_after_of_a_provider_is_respected_and_reported() {
    let player = ScriptedProvider::start(|_, nth| match nth {
        0 => ScriptedResponse::json(429, &json!({"error": "busy"})).with("retry-after-ms: 50"),
        1 => ScriptedResponse::json(429, &json!({"error": "busy"})).with("retry-after: 0.1"),
        2 => ScriptedResponse::stream(format!("{}{STOP}{DONE}", text_chunk("ok"))),
        _ => ScriptedResponse::json(429, &json!({"error": "busy"})).with("retry-after: 3600"),
    })
    .await;
    let app = app(&player).await;
    let ada = connect_provider(&app, &player, "openai_compatible").await;
    assert_completed(&ask(&ada).await, "ok", "");
    assert_failed(&ask(&ada).await, "", "in 3600 seconds (20");
    assert_eq!(player.requests().len(), 4);
}

/// Leaves out a refused field, and splits batches that are too large.
#[tokio::test]
async fn embedding_requests_adapt_to_the_provider() {
    let player = ScriptedProvider::start(|body, _| {
        let texts = body["input"].as_array().unwrap();
        if body.get("encoding_format").is_some() {
            return ScriptedResponse::json(
                400,
                &json!({"detail": "encoding_format: Extra inputs are not permitted"}),
            );
        }
        if texts.len() > 5 {
            return ScriptedResponse::json(
                413,
                &json!({"error": "batch size 8 > maximum allowed batch size 5"}),
            );
        }
        let lengths = texts.iter().map(|text| text.as_str().unwrap().len());
        ScriptedResponse::json(
            200,
            &json!(lengths.map(|length| vec![1, length]).collect::<Vec<_>>()),
        )
    })
    .await;
    let app = app(&player).await;
    connect_provider(&app, &player, "openai_compatible").await;
    let model = workers::EmbeddingModel::new(app.catalogue.clone(), "fake/m");
    let texts: Vec<String> = (0..20).map(|length| "x".repeat(length + 1)).collect();
    for asked in [1 + 2 + 4, 4] {
        let before = player.requests().len();
        let vectors = model.embed(texts.clone()).await.unwrap();
        let wanted: Vec<Vector> = (0..20_u8)
            .map(|n| Vector::from_floats(&[1.0, f32::from(n + 1)]).unwrap())
            .collect();
        assert_eq!(vectors, wanted);
        assert_eq!(player.requests().len() - before, asked);
    }
}

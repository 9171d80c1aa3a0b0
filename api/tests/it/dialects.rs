//! What providers really send, played byte by byte, and what becomes of it for the person who asked.

use std::time::Duration;

use domain::document::Vector;
use projections::knowledge::Embedder;
use serde_json::{Value, json};
use testing::scripted::{ScriptedProvider, ScriptedResponse, Step};

use crate::test_app::{Person, Setting, TestApp, collect};

pub const STOP: &str =
    "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
pub const DONE: &str = "data: [DONE]\n\n";
pub const KEY: &str = "sk-secret-123";

pub fn data(value: &Value) -> String {
    format!("data: {value}\n\n")
}

pub fn t(text: &str) -> String {
    data(&json!({"choices": [{"index": 0, "delta": {"content": text}}]}))
}

/// Limits that a test need not wait for.
fn times(begin: u64, idle: u64) -> workers::Times {
    workers::Times {
        begin: Duration::from_millis(begin),
        begin_private: Duration::from_millis(begin),
        idle: Duration::from_millis(idle),
        total: Duration::from_mins(1),
    }
}

pub async fn app(player: &ScriptedProvider) -> TestApp {
    app_with(player, workers::Times::default()).await
}

async fn app_with(player: &ScriptedProvider, times: workers::Times) -> TestApp {
    TestApp::with(Setting {
        allowed_port: Some(player.port),
        times,
        ..Setting::default()
    })
    .await
}

pub async fn connected<'a>(app: &'a TestApp, player: &ScriptedProvider, kind: &str) -> Person<'a> {
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

/// The end of the run that answers a question.
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

/// The end of a run whose provider of a kind plays this.
pub async fn played_by(kind: &str, played: ScriptedResponse) -> Value {
    let player = ScriptedProvider::start(move |_, _| played.clone()).await;
    let app = app(&player).await;
    let ada = connected(&app, &player, kind).await;
    ask(&ada).await
}

pub async fn played(stream: &[&str]) -> Value {
    played_by(
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
pub fn completed(end: &Value, text: &str, thought: &str) {
    assert_eq!(end["response"]["status"], "completed", "{end}");
    assert_eq!(end["message"]["content"], text, "{end}");
    assert_eq!(texts(end, "reasoning"), thought, "{end}");
}

#[track_caller]
pub fn failed(end: &Value, text: &str, why: &str) {
    assert_eq!(end["response"]["status"], "failed", "{end}");
    assert_eq!(end["message"]["content"], text, "{end}");
    let detail = end["response"]["error"].to_string();
    assert!(detail.contains(why), "{detail}");
    assert!(!end.to_string().contains(KEY), "{end}");
}

#[tokio::test]
async fn thinking_in_two_fields_costs_no_answer() {
    let both = r#"{"index":0,"delta":{"reasoning":"mm","reasoning_content":"mm"}}"#;
    let both = format!("data: {{\"choices\":[{both}]}}\n\n");
    let nulls = r#"{"index":0,"delta":{"content":"o","reasoning":null,"reasoning_content":null}}"#;
    let nulls = format!("data: {{\"choices\":[{nulls}]}}\n\n");
    completed(
        &played(&[&both, &nulls, &t("k"), STOP, DONE]).await,
        "ok",
        "mm",
    );
}

#[tokio::test]
async fn content_in_parts_is_taken_and_what_is_unknown_is_passed_over() {
    let thinks = data(&json!({"choices": [{"index": 0, "delta": {"content": [
        {"type": "thinking", "thinking": [{"type": "text", "text": "mm"}]},
    ]}}]}));
    let parts = data(
        &json!({"choices": [{"index": 0, "delta": {"content": [{"type": "text", "text": "o"}]}}]}),
    );
    let strange = data(
        &json!({"choices": [{"delta": {"content": 5, "role": {}}, "finish_reason": 7}], "id": []}),
    );
    let end = played(&[&thinks, &strange, &parts, &t("k"), STOP, DONE]).await;
    completed(&end, "ok", "mm");
}

#[tokio::test]
async fn counts_that_cannot_be_read_cost_no_answer() {
    let usages = [
        json!({"choices": [], "usage": {"prompt_tokens": 12, "completion_tokens": null}}),
        json!({"choices": null}),
        json!({"choices": [], "usage": {"prompt_tokens": 12.0, "completion_tokens": "2"}}),
        json!({"choices": [], "usage": "many"}),
        json!({"choices": [], "usage": {}}),
    ];
    let usages: String = usages.iter().map(data).collect();
    let end = played(&[&t("o"), &t("k"), STOP, &usages, DONE]).await;
    completed(&end, "ok", "");
    assert_eq!(
        end["response"]["usage"],
        json!({"input_tokens": 12, "output_tokens": 2}),
        "{end}"
    );
}

#[tokio::test]
async fn the_mark_of_the_end_is_an_end_and_a_closed_stream_is_none() {
    completed(
        &played(&[&t("all"), &t(" said"), DONE]).await,
        "all said",
        "",
    );
    failed(
        &played(&[&t("all"), &t(" said")]).await,
        "all said",
        "ended before the answer did",
    );
    let error = data(
        &json!({"choices": [{"index": 0, "delta": {}, "finish_reason": "error",
                                          "error": {"message": "upstream gone"}}]}),
    );
    failed(
        &played(&[&t("half a sent"), &error, DONE]).await,
        "half a sent",
        "upstream gone",
    );
}

#[tokio::test]
async fn after_the_reason_nobody_waits_long_for_what_does_not_come() {
    let stream = ScriptedResponse::stream(format!("{}{STOP}", t("whole"))).then(Step::Silence);
    let begun = std::time::Instant::now();
    completed(&played_by("openai_compatible", stream).await, "whole", "");
    assert!(begun.elapsed() < Duration::from_mins(1));
}

/// Comments come for five times as long as silence may last.
#[tokio::test]
async fn comments_are_signs_of_life_and_true_silence_ends() {
    let mut stream = ScriptedResponse::stream(": hello\n\n");
    for _ in 0..10 {
        stream = stream
            .then(Step::Pause(Duration::from_millis(200)))
            .then(Step::Bytes(b": PROCESSING\n\n\n".to_vec()));
    }
    let silent = stream.clone().then(Step::Silence);
    let stream = stream.then(Step::Bytes(format!("{}{STOP}{DONE}", t("ok")).into()));
    for (played, well) in [(stream, true), (silent, false)] {
        let player = ScriptedProvider::start(move |_, _| played.clone()).await;
        let app = app_with(&player, times(1_500, 1_500)).await;
        let ada = connected(&app, &player, "openai_compatible").await;
        let end = ask(&ada).await;
        match well {
            true => completed(&end, "ok", ""),
            false => failed(&end, "", "models.begin_seconds_private"),
        }
    }
}

#[tokio::test]
async fn a_model_that_loads_first_is_waited_for_as_long_as_the_operator_says() {
    let wait = Duration::from_millis(1_500);
    let late = move |head_first: bool| {
        let text = format!("{}{STOP}{DONE}", t("ok"));
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
            let app = app_with(&player, times(limit, 300)).await;
            let ada = connected(&app, &player, "openai_compatible").await;
            let end = ask(&ada).await;
            match well {
                true => completed(&end, "ok", ""),
                false => assert_eq!(
                    end["response"]["error"]["code"], "provider_timeout",
                    "{end}"
                ),
            }
        }
    }
}

#[tokio::test]
async fn thinking_between_tags_is_no_part_of_the_answer_nor_of_the_next_prompt() {
    for stream in [
        [t("<think>a "), t("plan</thi"), t("nk>Four.")].concat(),
        t("a plan</think>Four."),
        [t("a pl"), t("an"), t("</think>"), t("\n\nFour.")].concat(),
    ] {
        let stream = format!("{stream}{STOP}{DONE}");
        let player =
            ScriptedProvider::start(move |_, _| ScriptedResponse::stream(stream.clone())).await;
        let app = app(&player).await;
        let ada = connected(&app, &player, "openai_compatible").await;
        let conversation = ada.conversation().await;
        completed(&post(&ada, &conversation).await, "Four.", "a plan");
        completed(&post(&ada, &conversation).await, "Four.", "a plan");
        let told = player.requests()[1]["messages"].to_string();
        assert!(told.contains("Four.") && !told.contains("plan"), "{told}");
    }
    let code = "As in\n```\n<think>x</think>\n```\n";
    completed(&played(&[&t(code), STOP, DONE]).await, code, "");
}

#[tokio::test]
async fn an_answer_that_comes_as_a_whole_is_an_answer() {
    let whole = json!({
        "choices": [{"index": 0, "message": {"role": "assistant", "content": "whole"}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 3, "completion_tokens": 1},
    });
    let end = played_by("openai_compatible", ScriptedResponse::json(200, &whole)).await;
    completed(&end, "whole", "");
    assert_eq!(
        end["response"]["usage"],
        json!({"input_tokens": 3, "output_tokens": 1})
    );
    completed(&played(&[&data(&whole), DONE]).await, "whole", "");
    let whole = json!({"type": "message", "content": [{"type": "text", "text": "whole"}], "stop_reason": "end_turn"});
    completed(
        &played_by("anthropic", ScriptedResponse::json(200, &whole)).await,
        "whole",
        "",
    );
    let whole = json!([{"candidates": [{"content": {"parts": [{"text": "whole"}]}, "finishReason": "STOP"}]}]);
    completed(
        &played_by("gemini", ScriptedResponse::json(200, &whole)).await,
        "whole",
        "",
    );
}

#[tokio::test]
async fn an_answer_without_a_word_has_failed_with_its_reason() {
    failed(&played(&[STOP, DONE]).await, "", "the model said nothing");
    failed(
        &played(&[&t(" \n"), STOP, DONE]).await,
        "",
        "the model said nothing",
    );
    let stop = "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";
    failed(
        &played_by("anthropic", ScriptedResponse::stream(stop)).await,
        "",
        "the model said nothing",
    );
    let stop = data(&json!({"candidates": [{"finishReason": "STOP"}]}));
    failed(
        &played_by("gemini", ScriptedResponse::stream(stop)).await,
        "",
        "the model said nothing",
    );
}

#[tokio::test]
async fn a_byte_order_mark_is_no_part_of_the_stream() {
    let mark = "\u{feff}";
    completed(&played(&[mark, &t("ok"), STOP, DONE]).await, "ok", "");
}

/// Nobody has set a limit: the model's own is asked for, or what it says it takes.
#[tokio::test]
async fn no_small_limit_is_asked_for_where_nobody_has_set_one() {
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
        let ada = connected(&app, &player, "anthropic").await;
        completed(&ask(&ada).await, "ok", "");
        let limits: Vec<Value> = player
            .requests()
            .iter()
            .map(|body| body["max_tokens"].clone())
            .collect();
        assert_eq!(limits, asked);
    }
}

#[tokio::test]
async fn a_pause_that_a_provider_asks_for_is_kept_and_told() {
    let player = ScriptedProvider::start(|_, nth| match nth {
        0 => ScriptedResponse::json(429, &json!({"error": "busy"})).with("retry-after-ms: 50"),
        1 => ScriptedResponse::json(429, &json!({"error": "busy"})).with("retry-after: 0.1"),
        2 => ScriptedResponse::stream(format!("{}{STOP}{DONE}", t("ok"))),
        _ => ScriptedResponse::json(429, &json!({"error": "busy"})).with("retry-after: 3600"),
    })
    .await;
    let app = app(&player).await;
    let ada = connected(&app, &player, "openai_compatible").await;
    completed(&ask(&ada).await, "ok", "");
    failed(&ask(&ada).await, "", "in 3600 seconds (20");
    assert_eq!(player.requests().len(), 4);
}

/// Without a field that is refused, and no more at once than are taken.
#[tokio::test]
async fn embeddings_are_asked_for_in_the_way_that_the_provider_takes() {
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
    connected(&app, &player, "openai_compatible").await;
    let model = workers::Embedding::new(app.catalogue.clone(), "fake/m");
    let texts: Vec<String> = (0..20).map(|length| "x".repeat(length + 1)).collect();
    for asked in [1 + 2 + 4, 4] {
        let before = player.requests().len();
        let vectors = model.embed(texts.clone()).await.unwrap();
        let wanted: Vec<Vector> = (0..20_u8)
            .map(|n| Vector::of(&[1.0, f32::from(n + 1)]).unwrap())
            .collect();
        assert_eq!(vectors, wanted);
        assert_eq!(player.requests().len() - before, asked);
    }
}

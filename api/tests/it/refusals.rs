//! What providers do not take, what is left out for it, and what becomes of the reasons that they give.

use serde_json::json;
use testing::scripted::{ScriptedProvider, ScriptedResponse};

use crate::dialects::{
    DONE, KEY, STOP, app, ask, ask_in, completed, connected, data, failed, played, played_by, t,
};
use crate::test_app::Person;

#[tokio::test]
async fn a_refusal_tells_its_reason_in_one_line() {
    let long = "very ".repeat(5_000);
    for (status, kind, body, why) in [
        (
            422,
            "application/json",
            json!({"detail": "model is not loaded"}).to_string(),
            "model is not loaded",
        ),
        (
            400,
            "application/json",
            json!({"message": "too long"}).to_string(),
            ": too long",
        ),
        (
            400,
            "text/plain",
            "context window exceeded".to_owned(),
            "context window exceeded",
        ),
        (
            400,
            "application/json",
            json!({"errors": [{"message": "no"}]}).to_string(),
            ": no",
        ),
        (
            400,
            "application/json",
            json!({"error": {"message": long}}).to_string(),
            "very very",
        ),
        (
            401,
            "application/json",
            json!({"error": format!("bad {KEY}")}).to_string(),
            "bad ***",
        ),
        (
            400,
            "text/html",
            "<html>no</html>".to_owned(),
            "400 Bad Request with a web page; check the provider's base_url",
        ),
        (
            405,
            "text/html",
            "\n<!DOCTYPE html><title>No</title>".to_owned(),
            "405 Method Not Allowed with a web page; check the provider's base_url",
        ),
        (400, "text/plain", String::new(), "400 Bad Request\""),
        (
            307,
            "text/html",
            "<a href=\"/v1/\">Temporary Redirect</a>".to_owned(),
            "307 Temporary Redirect: it is at another address, and redirects are not followed",
        ),
    ] {
        let end = played_by(
            "openai_compatible",
            ScriptedResponse::new(status, kind, body),
        )
        .await;
        failed(&end, "", why);
    }
    let error = data(&json!({"error": {"message": format!("bad key {KEY} here")}}));
    failed(&played(&[&t("a"), &error]).await, "a", "bad key *** here");
}

/// What is refused is left out the next time, remembered, and told in the record of the call. What was left out on a guess
/// is remembered once that has helped twice.
#[tokio::test]
async fn a_field_that_a_provider_refuses_is_left_out_and_told() {
    let said = [
        json!({"detail": [{"loc": ["body", "stream_options"], "msg": "Extra inputs are not permitted"}]}),
        json!({"error": "bad request"}),
    ];
    for (status, said, asked) in [
        (422, said[0].clone(), [2, 3, 4]),
        (400, said[1].clone(), [2, 4, 5]),
    ] {
        let player = ScriptedProvider::start(move |body, _| match body.get("stream_options") {
            Some(_) => ScriptedResponse::json(status, &said),
            None => ScriptedResponse::stream(format!("{}{STOP}{DONE}", t("ok"))),
        })
        .await;
        let app = app(&player).await;
        let ada = connected(&app, &player, "openai_compatible").await;
        for asked in asked {
            let end = ask(&ada).await;
            completed(&end, "ok", "");
            assert_eq!(
                end["response"]["calls"][0]["left_out"],
                json!(["stream_options"]),
                "{end}"
            );
            assert_eq!(end["response"]["usage"]["output_tokens"], 1);
            assert_eq!(player.requests().len(), asked);
        }
    }
}

/// A conversation whose assistant has instructions.
async fn instructed(ada: &Person<'_>) -> String {
    let brief = json!({"name": "Brief", "instructions": "Be brief.", "status": "active"});
    let brief = ada.post("/assistants", brief).await.id();
    let conversation = json!({"assistant_id": brief});
    ada.post("/conversations", conversation).await.id()
}

/// Some servers fail over the role of instructions, with a status of their own and the words of a template.
#[tokio::test]
async fn instructions_that_a_server_fails_over_are_told_with_the_question() {
    for thrown in [
        json!({"error": {"code": 500, "type": "server_error", "message": "System role not supported at row 1, column 57"}}),
        json!({"detail": "jinja2.exceptions.TemplateError: Conversation roles must alternate user/assistant/user/..."}),
    ] {
        let player =
            ScriptedProvider::start(
                move |body, _| match body["messages"][0]["role"] == "system" {
                    true => ScriptedResponse::json(500, &thrown).with("retry-after-ms: 1"),
                    false => ScriptedResponse::stream(format!("{}{STOP}{DONE}", t("ok"))),
                },
            )
            .await;
        let app = app(&player).await;
        let ada = connected(&app, &player, "openai_compatible").await;
        let mut asked = vec![];
        for _ in 0..3 {
            let conversation = instructed(&ada).await;
            let end = ask_in(&ada, &conversation, "Say something.").await;
            completed(&end, "ok", "");
            let question = player.requests().pop().unwrap();
            assert_eq!(
                question["messages"],
                json!([{"role": "user", "content": "Be brief.\n\nSay something."}])
            );
            asked.push(player.requests().len());
        }
        // A server that fails is asked three times; what helped then is remembered once it has helped twice.
        assert_eq!(asked, [4, 8, 9]);
    }
}

/// A server that fails for a while tells of itself, in JSON whose names are those of what it is asked with.
#[tokio::test]
async fn a_fault_that_passes_leaves_nothing_out() {
    let busy = json!({"error": {"message": "The system is busy, try again later", "type": "server_error"}, "request": {"temperature": 1, "messages": [{"role": "system"}]}});
    let player = ScriptedProvider::start(move |_, nth| match nth {
        0..3 => ScriptedResponse::json(500, &busy).with("retry-after-ms: 1"),
        _ => ScriptedResponse::stream(format!("{}{STOP}{DONE}", t("ok"))),
    })
    .await;
    let app = app(&player).await;
    let ada = connected(&app, &player, "openai_compatible").await;
    let conversation = instructed(&ada).await;
    let end = ask_in(&ada, &conversation, "Say something.").await;
    failed(&end, "", "The system is busy");
    let conversation = instructed(&ada).await;
    let end = ask_in(&ada, &conversation, "Say something.").await;
    completed(&end, "ok", "");
    assert_eq!(end["response"]["calls"][0]["left_out"], json!([]), "{end}");
    assert_eq!(player.requests()[3]["messages"][0]["role"], "system");
}

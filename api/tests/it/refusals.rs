//! Errors of providers, and request fields that are left out because of them.

use serde_json::json;
use testing::scripted::{ScriptedProvider, ScriptedResponse};

use crate::dialects::{
    DONE, KEY, STOP, answer_of, answer_of_stream, app, ask, ask_in, assert_completed,
    assert_failed, connect_provider, event, text_chunk,
};
use crate::test_app::Person;

#[tokio::test]
async fn errors_of_providers_are_reported_in_one_line() {
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
            "307 Temporary Redirect: redirects are not followed",
        ),
    ] {
        let end = answer_of(
            "openai_compatible",
            ScriptedResponse::new(status, kind, body),
        )
        .await;
        assert_failed(&end, "", why);
    }
    let error = event(&json!({"error": {"message": format!("bad key {KEY} here")}}));
    assert_failed(
        &answer_of_stream(&[&text_chunk("a"), &error]).await,
        "a",
        "bad key *** here",
    );
}

/// A refused field is left out in later calls and listed in the record of the call. A guessed field is remembered after
/// it has helped twice.
#[tokio::test]
async fn refused_fields_are_left_out_and_reported() {
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
            None => ScriptedResponse::stream(format!("{}{STOP}{DONE}", text_chunk("ok"))),
        })
        .await;
        let app = app(&player).await;
        let ada = connect_provider(&app, &player, "openai_compatible").await;
        for asked in asked {
            let end = ask(&ada).await;
            assert_completed(&end, "ok", "");
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

/// Some servers reject the system role with an error of their template engine.
#[tokio::test]
async fn instructions_are_sent_with_the_question_if_the_server_rejects_their_role() {
    for thrown in [
        json!({"error": {"code": 500, "type": "server_error", "message": "System role not supported at row 1, column 57"}}),
        json!({"detail": "jinja2.exceptions.TemplateError: Conversation roles must alternate user/assistant/user/..."}),
    ] {
        let player =
            ScriptedProvider::start(
                move |body, _| match body["messages"][0]["role"] == "system" {
                    true => ScriptedResponse::json(500, &thrown).with("retry-after-ms: 1"),
                    false => ScriptedResponse::stream(format!("{}{STOP}{DONE}", text_chunk("ok"))),
                },
            )
            .await;
        let app = app(&player).await;
        let ada = connect_provider(&app, &player, "openai_compatible").await;
        let mut asked = vec![];
        for _ in 0..3 {
            let conversation = instructed(&ada).await;
            let end = ask_in(&ada, &conversation, "Say something.").await;
            assert_completed(&end, "ok", "");
            let question = player.requests().pop().unwrap();
            assert_eq!(
                question["messages"],
                json!([{"role": "user", "content": "Be brief.\n\nSay something."}])
            );
            asked.push(player.requests().len());
        }
        // Three attempts before the fallback, which is remembered after it has helped twice.
        assert_eq!(asked, [4, 8, 9]);
    }
}

/// The error of a busy server quotes the request, which must not count as a refusal of its fields.
#[tokio::test]
async fn a_temporary_error_leaves_no_field_out() {
    let busy = json!({"error": {"message": "The system is busy, try again later", "type": "server_error"}, "request": {"temperature": 1, "messages": [{"role": "system"}]}});
    let player = ScriptedProvider::start(move |_, nth| match nth {
        0..3 => ScriptedResponse::json(500, &busy).with("retry-after-ms: 1"),
        _ => ScriptedResponse::stream(format!("{}{STOP}{DONE}", text_chunk("ok"))),
    })
    .await;
    let app = app(&player).await;
    let ada = connect_provider(&app, &player, "openai_compatible").await;
    let conversation = instructed(&ada).await;
    let end = ask_in(&ada, &conversation, "Say something.").await;
    assert_failed(&end, "", "The system is busy");
    let conversation = instructed(&ada).await;
    let end = ask_in(&ada, &conversation, "Say something.").await;
    assert_completed(&end, "ok", "");
    assert_eq!(end["response"]["calls"][0]["left_out"], json!([]), "{end}");
    assert_eq!(player.requests()[3]["messages"][0]["role"], "system");
}

//! Providers that others have written, asked through the real program in each of the three languages.

use domain::provider::ProviderKind;
use domain::response::{FailureCode, FinishReason, HistoryMessage, Prompt, Speaker};
use futures_util::StreamExt;
use serde_json::json;
use testing::gateway::{GATEWAY_KEY, Gateway};
use testing::player::{Played, Player};
use testing::provider::{KEY, Provider};
use uuid::Uuid;
use workers::model::{ChatModel, ModelError, Piece, Remote, Terms};

use crate::program::{Installation, Server, ok};
use crate::site::{Person, Site};

/// Starting one takes a while, and must not hold the test's other tasks.
async fn started(start: impl FnOnce() -> Gateway + Send + 'static) -> Gateway {
    tokio::task::spawn_blocking(start).await.unwrap()
}

async fn litellm(provider: &Provider) -> Gateway {
    let base_url = provider.base_url();
    started(move || Gateway::litellm(&base_url, KEY, &["echo-20-2", "status-404"])).await
}

async fn site(added: Vec<(&'static str, String, &'static str)>) -> (Site, Server) {
    let installation = move || {
        let i = Installation::external().with("CONVOSPHERE_RATE_LIMIT__ENABLED", "false");
        for (kind, base_url, key) in added {
            let add = [
                "providers",
                "add",
                kind,
                "--kind",
                kind,
                "--base-url",
                &base_url,
            ];
            let add = [&add[..], &["--api-key-stdin", "--json"]].concat();
            let told = ok(&i.run_with_input(&add, key));
            assert!(told.contains("\"health\":\"ok\""), "{told}");
        }
        i
    };
    Site::of_one_server(installation, String::new()).await
}

/// Asks, and tells how the run ended, with the answer.
async fn ask(ada: &Person<'_>, model: &str, question: &str) -> serde_json::Value {
    let conversation = ada.post(0, "conversations", json!({})).await.text("/id");
    let path = format!("conversations/{conversation}/messages");
    let body = json!({"content": question, "model": model});
    let run = ada.post(0, &path, body).await.text("/response/id");
    let mut frames = ada.frames(0, &format!("responses/{run}/stream"), "").await;
    loop {
        let frame = frames.next().await.unwrap();
        if frame.event.starts_with("response.") && frame.event != "response.delta" {
            let data: serde_json::Value = serde_json::from_str(&frame.data).unwrap();
            if data["response"]["ended_at"].is_string() {
                return data;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn litellm_is_asked_in_the_languages_of_openai_and_anthropic() {
    let provider = Provider::start().await;
    let gateway = litellm(&provider).await;
    let added = ["openai-compatible", "anthropic"];
    let added = added.map(|kind| (kind, gateway.base_url("v1"), GATEWAY_KEY));
    let (site, _server) = site(added.to_vec()).await;
    let ada = site.log_in("ada@example.org").await;
    for kind in ["openai-compatible", "anthropic"] {
        let ended = ask(&ada, &format!("{kind}/echo-20-2"), "Count to twenty.").await;
        let content = ended["message"]["content"].as_str().unwrap();
        assert!(
            content.starts_with("t0 t1 ") && content.ends_with("t19 "),
            "{ended}"
        );
        assert_eq!(ended["response"]["status"], "completed", "{ended}");
        assert_eq!(ended["response"]["finish_reason"], "stop");
        assert_eq!(ended["response"]["usage"]["input_tokens"], 10, "{ended}");
        assert_eq!(ended["response"]["usage"]["output_tokens"], 20, "{ended}");
        let last = provider.last();
        assert_eq!(
            last["messages"].as_array().unwrap().last().unwrap()["content"],
            "Count to twenty."
        );
        let ended = ask(&ada, &format!("{kind}/status-404"), "And this?").await;
        assert_eq!(ended["response"]["status"], "failed", "{ended}");
        assert!(!ended.to_string().contains(GATEWAY_KEY));
    }
}

/// Models stand in for one that does not begin to answer; nobody takes over from one that has.
#[tokio::test(flavor = "multi_thread")]
async fn models_stand_in_for_others_and_every_call_has_its_price() {
    let provider = Provider::start().await;
    let base_url = provider.base_url();
    let installation = move || {
        let fallback = "local/status-404>local/html>local/echo-20-2,local/broken>local/echo-20-2,\
                        local/status-401>builtin/guide";
        let i = Installation::external()
            .with("CONVOSPHERE_RATE_LIMIT__ENABLED", "false")
            .with("CONVOSPHERE_MODELS__FALLBACK", fallback)
            .with("CONVOSPHERE_MODELS__PRICES", "local/echo-20-2=1.5/10");
        let add = ["providers", "add", "local", "--base-url", &base_url];
        let add = [&add[..], &["--api-key-stdin"]].concat();
        ok(&i.run_with_input(&add, KEY));
        i
    };
    let (site, _server) = Site::of_one_server(installation, String::new()).await;
    let ada = site.log_in("ada@example.org").await;

    let ended = ask(&ada, "local/status-404", "Count to twenty.").await;
    let response = &ended["response"];
    assert_eq!(response["status"], "completed", "{ended}");
    assert_eq!(response["model"], "local/echo-20-2");
    let calls = response["calls"].as_array().unwrap();
    let said: Vec<(&str, &str)> = calls
        .iter()
        .map(|call| {
            (
                call["model"].as_str().unwrap(),
                call["failure"].as_str().unwrap_or(""),
            )
        })
        .collect();
    let expected = [
        ("local/status-404", "model_unavailable"),
        ("local/html", "provider_error"),
        ("local/echo-20-2", ""),
    ];
    assert_eq!(said, expected);
    assert!(calls[0]["first_ms"].is_null() && calls[2]["first_ms"].is_number());
    // Ten tokens in for 1.5, twenty out for 10, a million of each.
    assert_eq!(response["cost"], 0.000_215);
    assert_eq!(calls[2]["cost"], 0.000_215);
    assert!(calls[0]["cost"].is_null());

    // One that has begun is not replaced: two answers are never spliced.
    let ended = ask(&ada, "local/broken", "Half?").await;
    assert_eq!(ended["response"]["status"], "failed", "{ended}");
    assert_eq!(ended["message"]["content"], "half an ");
    assert_eq!(ended["response"]["calls"].as_array().unwrap().len(), 1);
    // The built-in guide may be the last one.
    let ended = ask(&ada, "local/status-401", "Where does my data lie?").await;
    assert_eq!(ended["response"]["model"], "builtin/guide", "{ended}");

    // Administrators see it by model, as the calls have cost.
    let usage = ada.get(0, "analytics/usage?by=model").await;
    let items = usage.body["items"].as_array().unwrap().clone();
    let of = |model: &str| {
        items
            .iter()
            .find(|item| item["key"] == model)
            .cloned()
            .unwrap()
    };
    assert_eq!(of("local/echo-20-2")["cost"], 0.000_215);
    assert!(of("builtin/guide")["cost"].is_null());
}

#[tokio::test(flavor = "multi_thread")]
async fn mockllm_is_asked_as_well() {
    let gateway = started(|| Gateway::mockllm("Paris it is.")).await;
    let base_url = gateway.base_url("v1");
    let model = remote(ProviderKind::OpenaiCompatible, base_url, None, "gpt-4o");
    let (text, finished) = answer(&model, "What is the capital of France?")
        .await
        .unwrap();
    assert_eq!(
        (text.as_str(), finished),
        ("Paris it is.", FinishReason::Stop)
    );
}

/// Its list of models is `LiteLLM`'s own, not Google's: the model is asked without the program around it.
#[tokio::test(flavor = "multi_thread")]
async fn litellm_is_asked_in_the_language_of_google() {
    let provider = Provider::start().await;
    let gateway = litellm(&provider).await;
    let remote = |key: &str, model: &str| {
        let base_url = gateway.base_url("v1beta");
        remote(ProviderKind::Gemini, base_url, Some(key.to_owned()), model)
    };
    let (text, finished) = answer(&remote(GATEWAY_KEY, "echo-20-2"), "Count.")
        .await
        .unwrap();
    assert!(
        text.starts_with("t0 t1 ") && text.ends_with("t19 "),
        "{text}"
    );
    assert_eq!(finished, FinishReason::Stop);
    let last = provider.last();
    assert_eq!(
        last["messages"].as_array().unwrap().last().unwrap()["content"],
        "Count."
    );
    assert_eq!(last["messages"][0]["content"], "Be brief.");
    let failed = answer(&remote(GATEWAY_KEY, "no-such-model"), "Count.").await;
    assert!(failed.is_err(), "{failed:?}");
    let refused = answer(&remote("sk-another", "echo-20-2"), "Count.").await;
    let refused = refused.unwrap_err();
    assert!(!refused.detail.contains("sk-another"), "{refused}");
    assert_ne!(refused.code, FailureCode::Internal);
}

fn remote(kind: ProviderKind, base_url: String, api_key: Option<String>, model: &str) -> Remote {
    Remote {
        client: reqwest::Client::builder().no_proxy().build().unwrap(),
        kind,
        base_url,
        api_key,
        model: model.to_owned(),
        terms: Terms::default(),
    }
}

async fn answer(model: &Remote, question: &str) -> Result<(String, FinishReason), ModelError> {
    let prompt = Prompt {
        instructions: "Be brief.".to_owned(),
        knowledge: None,
        history: vec![HistoryMessage {
            message_id: Uuid::nil(),
            speaker: Speaker::User,
            text: question.to_owned(),
            attachments: vec![],
        }],
        truncated: false,
        temperature: Some(0.5),
        max_output_tokens: Some(100),
    };
    let mut pieces = model.stream(prompt);
    let mut text = String::new();
    while let Some(piece) = pieces.next().await {
        match piece? {
            Piece::Text(more) => text.push_str(&more),
            Piece::Finished { reason, .. } => return Ok((text, reason)),
            Piece::Reasoning(_)
            | Piece::WasThinking
            | Piece::Citation(_)
            | Piece::LeftOut(_)
            | Piece::Counted(_) => {}
        }
    }
    Ok((text, FinishReason::Length))
}

/// Whoever connects a provider and asks without naming a model is answered by it.
#[tokio::test(flavor = "multi_thread")]
async fn the_first_provider_that_works_answers_for_everybody() {
    let provider = Provider::start().await;
    let base_url = provider.base_url();
    tokio::task::spawn_blocking(move || {
        let i = Installation::external();
        let default = |arguments: &[&str]| i.run(&[&["providers", "default"], arguments].concat());
        assert_eq!(
            ok(&default(&[])),
            "builtin/guide  (no provider has a model)\n"
        );
        let add = ["providers", "add", "local", "--base-url", &base_url];
        ok(&i.run_with_input(&[&add[..], &["--api-key-stdin"]].concat(), KEY));
        assert_eq!(
            ok(&default(&[])),
            "local/echo-50-0  (the first that worked)\n"
        );
        assert!(ok(&i.run(&["chat", "Count."])).trim_end().ends_with("t49"));

        let chosen = ok(&default(&["local/echo-20-2"]));
        assert_eq!(chosen, "local/echo-20-2  (chosen by an administrator)\n");
        assert!(ok(&i.run(&["chat", "Count."])).trim_end().ends_with("t19"));
        assert_eq!(default(&["local/unheard-of"]).status.code(), Some(3));
        assert_eq!(
            default(&["local/echo-50-0", "--automatic"]).status.code(),
            Some(2)
        );

        let i = i.with("CONVOSPHERE_MODELS__DEFAULT", "builtin/guide");
        let configured = ok(&i.run(&["providers", "default"]));
        assert!(
            configured.contains("models.default in the configuration"),
            "{configured}"
        );
        let refused = i.run(&["providers", "default", "local/echo-50-0"]);
        assert_eq!(refused.status.code(), Some(5));
        let answer = ok(&i.run(&["chat", "Where does my data lie?"]));
        assert!(answer.contains("All data lies"), "{answer}");
    })
    .await
    .unwrap();
}

/// What is wrong with a provider has its own name, and one that lists nothing is used by the names of its models.
#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_lists_nothing_is_told_apart_from_one_that_is_not_there() {
    let player = Player::with(|_, _, _| Played::json(404, &json!({"detail": "Not Found"}))).await;
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let gone_url = format!("http://{}/v1", gone.local_addr().unwrap());
    drop(gone);
    let bare_url = player.base_url();
    let told = tokio::task::spawn_blocking(move || {
        let i = Installation::external();
        let bare = ok(&i.run(&[
            "providers",
            "add",
            "bare",
            "--base-url",
            &bare_url,
            "--json",
        ]));
        ok(&i.run(&["providers", "add", "gone", "--base-url", &gone_url]));
        let lost = "http://no-such-name.invalid/v1";
        ok(&i.run(&["providers", "add", "lost", "--base-url", lost]));
        let before = ok(&i.run(&["doctor"]));
        let nothing = i.run(&["providers", "update", "bare"]);
        assert_eq!(nothing.status.code(), Some(2), "{nothing:?}");
        let named = [
            "providers",
            "update",
            "bare",
            "--model",
            "m",
            "--model",
            "n",
            "--json",
        ];
        let named = ok(&i.run(&named));
        let after = ok(&i.run(&["doctor"]));
        let unnamed = ok(&i.run(&["providers", "update", "bare", "--no-models", "--json"]));
        [bare, before, named, after, unnamed]
    });
    let [bare, before, named, after, unnamed] = told.await.unwrap();
    let of = |told: &str| -> serde_json::Value { serde_json::from_str(told.trim()).unwrap() };
    assert_eq!(of(&bare)["fault"], "not_understood", "{bare}");
    let line = |doctor: &str, name: &str| {
        let begins = format!("{name} ");
        let mut lines = doctor.lines().filter(|line| line.contains(&begins));
        lines.next().unwrap_or_default().to_owned()
    };
    assert!(
        line(&before, "bare").contains("not with a list of models"),
        "{before}"
    );
    assert!(
        line(&before, "gone").contains("is unreachable: nothing answers"),
        "{before}"
    );
    assert!(line(&before, "lost").contains("was not found"), "{before}");
    assert_eq!(
        (&of(&named)["health"], &of(&named)["models"]),
        (&json!("ok"), &json!(["m", "n"]))
    );
    assert!(
        line(&after, "bare").contains("those that are named are offered"),
        "{after}"
    );
    assert_eq!(
        (&of(&unnamed)["health"], &of(&unnamed)["models"]),
        (&json!("unreachable"), &json!([]))
    );
}

/// Once a word was said nobody takes over; thinking, blanks or nothing at all are none.
#[tokio::test(flavor = "multi_thread")]
async fn models_stand_in_for_one_that_says_nothing() {
    let thought = json!({"choices": [{"delta": {"reasoning_content": "Hm."}}]});
    let blank = json!({"choices": [{"delta": {"content": " \n"}}]});
    let stop = json!({"choices": [{"delta": {}, "finish_reason": "stop"}]});
    let counted = json!({"choices": [], "usage": {"prompt_tokens": 5, "completion_tokens": 7}});
    let player = Player::start(move |_, nth| {
        let nothing = json!({});
        let said = [&nothing, &thought, &blank][nth % 3];
        Played::stream(format!(
            "data: {said}\n\ndata: {stop}\n\ndata: {counted}\n\ndata: [DONE]\n\n"
        ))
    })
    .await;
    let base_url = player.base_url();
    let installation = move || {
        let i = Installation::external()
            .with("CONVOSPHERE_RATE_LIMIT__ENABLED", "false")
            .with("CONVOSPHERE_MODELS__FALLBACK", "fake/m>builtin/guide");
        ok(&i.run(&["providers", "add", "fake", "--base-url", &base_url]));
        i
    };
    let (site, _server) = Site::of_one_server(installation, String::new()).await;
    let ada = site.log_in("ada@example.org").await;
    for thought in [false, true, false] {
        let ended = ask(&ada, "fake/m", "Where does my data lie?").await;
        let response = &ended["response"];
        assert_eq!(response["status"], "completed", "{ended}");
        assert_eq!(response["model"], "builtin/guide", "{ended}");
        let call = &response["calls"][0];
        assert_eq!(call["failure"], "provider_error", "{ended}");
        assert_eq!(
            (&call["input_tokens"], &call["output_tokens"]),
            (&json!(5), &json!(7))
        );
        let kinds = ended["message"]["parts"].as_array().unwrap();
        assert_eq!(
            kinds.iter().any(|part| part["type"] == "reasoning"),
            thought,
            "{ended}"
        );
    }
}

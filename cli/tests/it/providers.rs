//! Third-party providers through the real program, with each of the three APIs.

use domain::provider::ProviderKind;
use domain::response::{FailureCode, FinishReason, HistoryMessage, Prompt, Speaker};
use futures_util::StreamExt;
use serde_json::json;
use testing::gateway::{GATEWAY_KEY, Gateway};
use testing::provider::{KEY, Provider};
use testing::scripted::{ScriptedProvider, ScriptedResponse};
use uuid::Uuid;
use workers::model::{CallPolicy, ChatModel, ModelError, ModelEvent, RemoteModel};

use crate::program::{Installation, Server, ok};
use crate::site::{Person, Site};

/// Starting a gateway takes a while and must not block other tasks of the test.
async fn start_gateway(start: impl FnOnce() -> Gateway + Send + 'static) -> Gateway {
    tokio::task::spawn_blocking(start).await.unwrap()
}

async fn litellm(provider: &Provider) -> Gateway {
    let base_url = provider.base_url();
    start_gateway(move || Gateway::litellm(&base_url, KEY, &["echo-20-2", "status-404"])).await
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
            let added = ok(&i.run_with_input(&add, key));
            assert!(added.contains("\"health\":\"ok\""), "{added}");
        }
        i
    };
    Site::with_one_server(installation, String::new()).await
}

/// Posts a question and returns the final frame, with the run and the answer.
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
async fn litellm_works_with_the_openai_and_anthropic_apis() {
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

/// Fallback models replace a model that does not start to answer, but not one that fails later.
#[tokio::test(flavor = "multi_thread")]
async fn fallback_models_answer_and_every_call_has_its_cost() {
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
    let (site, _server) = Site::with_one_server(installation, String::new()).await;
    let ada = site.log_in("ada@example.org").await;

    let ended = ask(&ada, "local/status-404", "Count to twenty.").await;
    let response = &ended["response"];
    assert_eq!(response["status"], "completed", "{ended}");
    assert_eq!(response["model"], "local/echo-20-2");
    let calls = response["calls"].as_array().unwrap();
    let failures: Vec<(&str, &str)> = calls
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
    assert_eq!(failures, expected);
    assert!(calls[0]["first_ms"].is_null() && calls[2]["first_ms"].is_number());
    // Ten input tokens at 1.5 and twenty output tokens at 10 per million.
    assert_eq!(response["cost"], 0.000_215);
    assert_eq!(calls[2]["cost"], 0.000_215);
    assert!(calls[0]["cost"].is_null());

    // A model that has started to answer is not replaced: two answers are never combined.
    let ended = ask(&ada, "local/broken", "Half?").await;
    assert_eq!(ended["response"]["status"], "failed", "{ended}");
    assert_eq!(ended["message"]["content"], "half an ");
    assert_eq!(ended["response"]["calls"].as_array().unwrap().len(), 1);
    // The built-in guide can be the last fallback.
    let ended = ask(&ada, "local/status-401", "Where is my data stored?").await;
    assert_eq!(ended["response"]["model"], "builtin/guide", "{ended}");

    // The usage report shows the cost per model.
    let usage = ada.get(0, "analytics/usage?by=model").await;
    let items = usage.body["items"].as_array().unwrap().clone();
    let usage_of = |model: &str| {
        items
            .iter()
            .find(|item| item["key"] == model)
            .cloned()
            .unwrap()
    };
    assert_eq!(usage_of("local/echo-20-2")["cost"], 0.000_215);
    assert!(usage_of("builtin/guide")["cost"].is_null());
}

#[tokio::test(flavor = "multi_thread")]
async fn mockllm_works() {
    let gateway = start_gateway(|| Gateway::mockllm("Paris it is.")).await;
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

/// `LiteLLM` lists models in its own format, not that of Google, so this test calls the model directly.
#[tokio::test(flavor = "multi_thread")]
async fn litellm_works_with_the_gemini_api() {
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

fn remote(
    kind: ProviderKind,
    base_url: String,
    api_key: Option<String>,
    model: &str,
) -> RemoteModel {
    RemoteModel {
        client: reqwest::Client::builder().no_proxy().build().unwrap(),
        kind,
        base_url,
        api_key,
        model: model.to_owned(),
        policy: CallPolicy::default(),
    }
}

async fn answer(model: &RemoteModel, question: &str) -> Result<(String, FinishReason), ModelError> {
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
            ModelEvent::Text(more) => text.push_str(&more),
            ModelEvent::Finished { reason, .. } => return Ok((text, reason)),
            ModelEvent::Reasoning(_)
            | ModelEvent::TextWasReasoning
            | ModelEvent::Citation(_)
            | ModelEvent::OmittedFields(_)
            | ModelEvent::Usage(_) => {}
        }
    }
    Ok((text, FinishReason::Length))
}

/// After a provider is added, it answers questions that specify no model.
#[tokio::test(flavor = "multi_thread")]
async fn the_first_working_provider_becomes_the_default() {
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
            "local/echo-50-0  (from the first provider that works)\n"
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
        let answer = ok(&i.run(&["chat", "Where is my data stored?"]));
        assert!(answer.contains("All data is stored"), "{answer}");
    })
    .await
    .unwrap();
}

/// Faults of providers are distinguished, and a provider without a model list works with explicitly added models.
#[tokio::test(flavor = "multi_thread")]
async fn a_provider_without_a_model_list_is_distinguished_from_an_unreachable_one() {
    let player = ScriptedProvider::with(|_, _, _| {
        ScriptedResponse::json(404, &json!({"detail": "Not Found"}))
    })
    .await;
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let gone_url = format!("http://{}/v1", gone.local_addr().unwrap());
    drop(gone);
    let bare_url = player.base_url();
    let outputs = tokio::task::spawn_blocking(move || {
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
    let [bare, before, named, after, unnamed] = outputs.await.unwrap();
    let parse = |text: &str| -> serde_json::Value { serde_json::from_str(text.trim()).unwrap() };
    assert_eq!(parse(&bare)["fault"], "not_understood", "{bare}");
    let line = |doctor: &str, name: &str| {
        let prefix = format!("{name} ");
        let mut lines = doctor.lines().filter(|line| line.contains(&prefix));
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
        (&parse(&named)["health"], &parse(&named)["models"]),
        (&json!("ok"), &json!(["m", "n"]))
    );
    assert!(
        line(&after, "bare").contains("added with --model"),
        "{after}"
    );
    assert_eq!(
        (&parse(&unnamed)["health"], &parse(&unnamed)["models"]),
        (&json!("unreachable"), &json!([]))
    );
}

/// Reasoning, whitespace or an empty answer do not count as an answer: a fallback model takes over.
#[tokio::test(flavor = "multi_thread")]
async fn fallback_models_replace_a_model_that_returns_no_text() {
    let thought = json!({"choices": [{"delta": {"reasoning_content": "Hm."}}]});
    let blank = json!({"choices": [{"delta": {"content": " \n"}}]});
    let stop = json!({"choices": [{"delta": {}, "finish_reason": "stop"}]});
    let counted = json!({"choices": [], "usage": {"prompt_tokens": 5, "completion_tokens": 7}});
    let player = ScriptedProvider::start(move |_, nth| {
        let nothing = json!({});
        let delta = [&nothing, &thought, &blank][nth % 3];
        ScriptedResponse::stream(format!(
            "data: {delta}\n\ndata: {stop}\n\ndata: {counted}\n\ndata: [DONE]\n\n"
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
    let (site, _server) = Site::with_one_server(installation, String::new()).await;
    let ada = site.log_in("ada@example.org").await;
    for thought in [false, true, false] {
        let ended = ask(&ada, "fake/m", "Where is my data stored?").await;
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

//! A server that is killed or stopped while it generates an answer.

use eventsource_stream::Eventsource;
use futures_util::StreamExt;
use reqwest::Client;
use serde_json::{Value, json};
use testing::provider::{KEY, Provider};
use tokio::sync::watch;

use crate::program::{Installation, TIME_LIMIT, ok};

/// What a client has received.
#[derive(Debug, Default)]
struct Received {
    positions: Vec<i64>,
    text: String,
    last: Value,
    reconnects: u32,
}

/// Follows a conversation until its run has ended; reconnects if necessary.
async fn follow(
    http: Client,
    mut url: watch::Receiver<String>,
    conversation: String,
    access: String,
    speaking: watch::Sender<bool>,
) -> Received {
    let mut received = Received::default();
    let mut last_id = String::new();
    loop {
        let path = format!(
            "{}/api/v1/conversations/{conversation}/stream",
            *url.borrow()
        );
        let mut request = http.get(path).bearer_auth(&access);
        if !last_id.is_empty() {
            request = request.header("Last-Event-ID", &last_id);
        }
        if let Ok(answer) = request.send().await {
            let mut frames = Box::pin(answer.bytes_stream().eventsource());
            while let Some(Ok(frame)) = frames.next().await {
                if !frame.id.is_empty() && frame.id != last_id && frame.event != "stream.caught_up"
                {
                    let position = frame.id.split('-').next().unwrap();
                    received.positions.push(position.parse().unwrap());
                }
                if !frame.id.is_empty() {
                    last_id.clone_from(&frame.id);
                }
                let data: Value = serde_json::from_str(&frame.data).unwrap_or_default();
                match frame.event.as_str() {
                    "response.delta" => received.text.push_str(data["text"].as_str().unwrap()),
                    "response.snapshot" => {
                        data["text"]
                            .as_str()
                            .unwrap()
                            .clone_into(&mut received.text);
                    }
                    "response.completed" | "response.interrupted" => {
                        received.last = data;
                        return received;
                    }
                    _ => {}
                }
                if received.text.len() > 100 {
                    speaking.send_replace(true);
                }
            }
        }
        received.reconnects += 1;
        // The server has died; the next one has another URL.
        url.changed().await.unwrap();
    }
}

/// Creates an administrator and a provider.
fn prepare(installation: &Installation, provider: &Provider, password: &str) {
    installation.create_admin(password);
    let base_url = provider.base_url();
    let add = [
        "providers",
        "add",
        "local",
        "--base-url",
        &base_url,
        "--api-key-stdin",
    ];
    let added = ok(&installation.run_with_input(&add, KEY));
    assert!(added.contains("ok"), "{added}");
}

async fn post(http: &Client, url: &str, path: &str, access: &str, body: Value) -> Value {
    let request = http
        .post(format!("{url}/api/v1/{path}"))
        .bearer_auth(access);
    let answer = request.json(&body).send().await.unwrap();
    answer.json().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn three_clients_receive_the_same_text_when_the_server_is_killed_in_mid_answer() {
    let provider = Provider::start().await;
    let installation = tokio::task::spawn_blocking(Installation::private)
        .await
        .unwrap();
    let server = tokio::task::block_in_place(|| installation.serve());
    let password = "correct horse";
    tokio::task::block_in_place(|| prepare(&installation, &provider, password));
    let http = Client::builder().no_proxy().build().unwrap();
    let login = json!({"email": "ada@example.org", "password": password});
    let login = post(&http, &server.url, "auth/login", "", login).await;
    let access = login["access_token"].as_str().unwrap().to_owned();
    let body = json!({"model": "local/echo-400-10"});
    let conversation = post(&http, &server.url, "conversations", &access, body).await;
    let conversation = conversation["id"].as_str().unwrap().to_owned();

    let (moved, url) = watch::channel(server.url.clone());
    let (speaking, mut spoken) = watch::channel(false);
    let clients: Vec<_> = (0..3)
        .map(|_| {
            let (conversation, access) = (conversation.clone(), access.clone());
            let follow = follow(
                http.clone(),
                url.clone(),
                conversation,
                access,
                speaking.clone(),
            );
            tokio::spawn(follow)
        })
        .collect();
    let question = json!({"content": "Count."});
    post(
        &http,
        &server.url,
        &format!("conversations/{conversation}/messages"),
        &access,
        question,
    )
    .await;
    tokio::time::timeout(TIME_LIMIT, spoken.wait_for(|spoken| *spoken))
        .await
        .unwrap()
        .unwrap();
    let server = tokio::task::block_in_place(|| {
        server.kill();
        installation.serve()
    });
    moved.send_replace(server.url.clone());

    let mut ends = Vec::new();
    for client in clients {
        let received = tokio::time::timeout(TIME_LIMIT, client)
            .await
            .unwrap()
            .unwrap();
        assert!(received.reconnects > 0, "the answer was interrupted");
        assert!(
            received.positions.is_sorted_by(|a, b| a < b),
            "durable frames arrive once and in order: {:?}",
            received.positions
        );
        ends.push(received.last);
    }
    assert!(ends.windows(2).all(|pair| pair[0] == pair[1]), "{ends:?}");
    let text = ends[0]["message"]["content"].as_str().unwrap();
    match ends[0]["response"]["status"].as_str().unwrap() {
        "completed" => assert!(text.ends_with("t399 "), "{text}"),
        "interrupted" => assert!(
            "t0 t1 t2 t3 ".starts_with(&text[..text.len().min(12)]),
            "{text}"
        ),
        other => panic!("{other}"),
    }
}

/// An administrator's token.
async fn log_in(http: &Client, url: &str, password: &str) -> String {
    let login = json!({"email": "ada@example.org", "password": password});
    let login = post(http, url, "auth/login", "", login).await;
    login["access_token"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn text_shown_before_a_stop_is_saved() {
    let provider = Provider::start().await;
    let installation = tokio::task::spawn_blocking(Installation::external)
        .await
        .unwrap();
    let server = tokio::task::block_in_place(|| installation.serve());
    let password = "correct horse";
    tokio::task::block_in_place(|| prepare(&installation, &provider, password));
    let http = Client::builder().no_proxy().build().unwrap();
    let access = log_in(&http, &server.url, password).await;
    let body = json!({"model": "local/held-40"});
    let conversation = post(&http, &server.url, "conversations", &access, body).await;
    let conversation = conversation["id"].as_str().unwrap().to_owned();
    let path = format!("conversations/{conversation}/messages");
    let question = json!({"content": "Count."});
    let exchange = post(&http, &server.url, &path, &access, question).await;
    let run = exchange["response"]["id"].as_str().unwrap();
    // Read all tokens but the last one.
    let stream = format!("{}/api/v1/responses/{run}/stream", server.url);
    let stream = http.get(stream).bearer_auth(&access).send().await.unwrap();
    let mut frames = Box::pin(stream.bytes_stream().eventsource());
    let mut shown = String::new();
    while !shown.contains("t38 ") {
        let frame = frames.next().await.unwrap().unwrap();
        let data: Value = serde_json::from_str(&frame.data).unwrap_or_default();
        match frame.event.as_str() {
            "response.delta" => shown.push_str(data["text"].as_str().unwrap()),
            "response.snapshot" => data["text"].as_str().unwrap().clone_into(&mut shown),
            _ => {}
        }
    }
    drop(frames);
    let status = tokio::task::block_in_place(|| server.stop());
    assert!(status.success(), "{status}");

    let server = tokio::task::block_in_place(|| installation.serve());
    let access = log_in(&http, &server.url, password).await;
    let answer = http
        .get(format!("{}/api/v1/{path}", server.url))
        .bearer_auth(&access);
    let messages: Value = answer.send().await.unwrap().json().await.unwrap();
    let expected: String = (0..39).map(|n| format!("t{n} ")).collect();
    assert_eq!(messages["items"][0]["status"], "interrupted");
    assert_eq!(messages["items"][0]["content"], expected.as_str());
}

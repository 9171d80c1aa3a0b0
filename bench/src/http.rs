//! What clients see: rates over HTTP, the time that we add to a provider's first token, memory, start.
//!
//! The limits are absolute: multiples of what the product that people use instead reached on such a machine.

use std::time::{Duration, Instant};

use anyhow::Context;
use futures_util::StreamExt;
use serde_json::json;
use testing::provider::{KEY, Provider};

use crate::load::{Load, load, request};
use crate::server::Server;
use crate::table::Row;

const TIME: Duration = Duration::from_secs(6);
const MESSAGES: usize = 1_000;
const FIRST_TOKENS: usize = 150;
const MODEL: &str = "echo-20-2";

/// Shows each row as it is known.
pub async fn run(show: impl Fn(Row)) -> anyhow::Result<()> {
    let provider = Provider::start().await;
    let server = Server::start(&format!("127.0.0.1:{}", provider.port)).await?;
    tokio::time::sleep(Duration::from_secs(3)).await;
    let (own, all) = server.memory()?;
    [
        Row::most(
            "start, the first one with initdb",
            millis(server.first_start),
            4_000.0,
            "ms",
        ),
        Row::most(
            "start, the second one",
            millis(server.second_start),
            1_000.0,
            "ms",
        ),
        Row::most("memory idle (PSS)", own, 100.0, "MiB"),
        Row::most(
            "memory idle with the private PostgreSQL (PSS)",
            all,
            250.0,
            "MiB",
        ),
    ]
    .into_iter()
    .for_each(&show);
    show(first_token(&server, &provider).await?);
    let conversations = conversations(&server, 64).await?;
    let token = &server.token;
    let create = request("POST", "/conversations", token, "{}");
    let list = request("GET", "/conversations", token, "");
    show(rate(
        "create a conversation, 16 connections",
        &asked(&server, vec![create; 16]).await?,
        4_900.0,
    ));
    let body = json!({"content": "What is in the log?", "respond": false}).to_string();
    let posts = conversations
        .iter()
        .map(|id| {
            request(
                "POST",
                &format!("/conversations/{id}/messages"),
                token,
                &body,
            )
        })
        .collect();
    show(rate(
        "write a message, 64 connections, 64 conversations",
        &asked(&server, posts).await?,
        9_300.0,
    ));
    show(rate(
        "list conversations, a page of 50, 16 connections",
        &asked(&server, vec![list; 16]).await?,
        5_040.0,
    ));
    let long = long_conversation(&server).await?;
    let page = request("GET", &format!("/conversations/{long}/messages"), token, "");
    let opened = asked(&server, vec![page; 16]).await?;
    show(rate(
        &format!("a page of 50 of a conversation of {MESSAGES} messages, 16 connections"),
        &opened,
        950.0,
    ));
    Ok(())
}

pub(crate) async fn asked(server: &Server, requests: Vec<Vec<u8>>) -> anyhow::Result<Load> {
    load(&server.address, requests, TIME).await
}

pub(crate) fn rate(work: &str, load: &Load, wanted: f64) -> Row {
    Row::absolute(
        &format!("{work} (p99 {:.1} ms)", millis(load.p99)),
        load.per_second,
        wanted,
    )
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

pub(crate) async fn conversations(server: &Server, count: usize) -> anyhow::Result<Vec<String>> {
    let mut ids = Vec::with_capacity(count);
    for _ in 0..count {
        let made = server.post("/conversations", &json!({})).await?;
        ids.push(made["id"].as_str().context("an id")?.to_owned());
    }
    Ok(ids)
}

async fn long_conversation(server: &Server) -> anyhow::Result<String> {
    let id = conversations(server, 1).await?.remove(0);
    let path = format!("/conversations/{id}/messages");
    for n in 0..MESSAGES {
        let body =
            json!({"content": format!("This is message {n} of a long talk."), "respond": false});
        server.post(&path, &body).await?;
    }
    Ok(id)
}

/// The median time to the first token through us, less that of the provider asked directly, in turns.
async fn first_token(server: &Server, provider: &Provider) -> anyhow::Result<Row> {
    let given = json!({"name": "local", "kind": "openai_compatible", "base_url": provider.base_url(), "api_key": KEY});
    server.post("/providers", &given).await?;
    let made = json!({"model": format!("local/{MODEL}")});
    let made = server.post("/conversations", &made).await?;
    let id = made["id"].as_str().context("an id")?.to_owned();
    let call = server
        .http
        .get(server.url(&format!("/conversations/{id}/stream")));
    let stream = call.bearer_auth(&server.token).send().await?.bytes_stream();
    let mut frames = Frames {
        bytes: Box::pin(stream),
        text: String::new(),
    };
    frames.until("stream.caught_up").await?;
    let (mut direct, mut ours) = (Vec::new(), Vec::new());
    for _ in 0..FIRST_TOKENS {
        direct.push(asked_directly(server, provider).await?);
        let begun = Instant::now();
        let path = format!("/conversations/{id}/messages");
        let question = json!({"content": "Say something.", "parent_id": null});
        let posted = server.post(&path, &question);
        let first = async {
            frames.until("response.delta").await?;
            let first = begun.elapsed();
            frames.until("response.completed").await?;
            anyhow::Ok(first)
        };
        let (_, first) = tokio::try_join!(posted, first)?;
        ours.push(first);
    }
    let (direct, ours) = (median(direct), median(ours));
    let work = format!(
        "time to the first token, added to the provider's own {:.1} ms (median of {FIRST_TOKENS})",
        millis(direct)
    );
    Ok(Row::most(
        &work,
        millis(ours.saturating_sub(direct)),
        3.0,
        "ms",
    ))
}

async fn asked_directly(server: &Server, provider: &Provider) -> anyhow::Result<Duration> {
    let body = json!({"model": MODEL, "stream": true, "messages": [{"role": "user", "content": "Say something."}]});
    let begun = Instant::now();
    let call = server
        .http
        .post(format!("{}/chat/completions", provider.base_url()));
    let answer = call.bearer_auth(KEY).json(&body).send().await?;
    let mut bytes = answer.bytes_stream();
    bytes.next().await.context("an answer")??;
    let first = begun.elapsed();
    while let Some(more) = bytes.next().await {
        more?;
    }
    Ok(first)
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// Server-sent events, as far as a name can be waited for.
struct Frames<S> {
    bytes: S,
    text: String,
}

impl<S: futures_util::Stream<Item = reqwest::Result<B>> + Unpin, B: AsRef<[u8]>> Frames<S> {
    async fn until(&mut self, event: &str) -> anyhow::Result<()> {
        let wanted = format!("event: {event}\n");
        loop {
            if let Some(at) = self.text.find(&wanted)
                && let Some(end) = self.text[at..].find("\n\n")
            {
                self.text.drain(..at + end + 2);
                return Ok(());
            }
            let more = self.bytes.next().await.context("the stream ended")??;
            self.text.push_str(&String::from_utf8_lossy(more.as_ref()));
        }
    }
}

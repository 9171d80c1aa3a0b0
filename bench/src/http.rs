//! What clients observe: request rates, latency added to the first token of a provider, memory, start time.
//!
//! The limits are absolute: multiples of what a comparable product reached on such a machine.

use std::time::{Duration, Instant};

use anyhow::Context;
use futures_util::StreamExt;
use serde_json::json;
use testing::provider::{KEY, Provider};

use crate::load::{Load, load, request};
use crate::server::Server;
use crate::table::Row;

const DURATION: Duration = Duration::from_secs(6);
const MESSAGES: usize = 1_000;
const FIRST_TOKENS: usize = 150;
const MODEL: &str = "echo-20-2";

/// Runs all measurements and reports each row when it is available.
pub(crate) async fn run(show: impl Fn(Row)) -> anyhow::Result<()> {
    let provider = Provider::start().await;
    let server = Server::start(&format!("127.0.0.1:{}", provider.port)).await?;
    tokio::time::sleep(Duration::from_secs(3)).await;
    starts_and_memory(&server)?.into_iter().for_each(&show);
    show(first_token(&server, &provider).await?);
    let conversations = create_conversations(&server, 64).await?;
    let token = &server.token;
    let create = request("POST", "/conversations", token, "{}");
    let list = request("GET", "/conversations", token, "");
    show(rate(
        "create a conversation, 16 connections",
        &run_load(&server, vec![create; 16]).await?,
        4_900.0,
    ));
    let body = json!({"content": "What is in the log?", "respond": false}).to_string();
    let post = |id| {
        let path = format!("/conversations/{id}/messages");
        request("POST", &path, token, &body)
    };
    let posts = conversations.iter().map(post).collect();
    show(rate(
        "write a message, 64 connections, 64 conversations",
        &run_load(&server, posts).await?,
        9_300.0,
    ));
    show(rate(
        "list conversations, a page of 50, 16 connections",
        &run_load(&server, vec![list; 16]).await?,
        5_040.0,
    ));
    let long = long_conversation(&server).await?;
    let page = request("GET", &format!("/conversations/{long}/messages"), token, "");
    let opened = run_load(&server, vec![page; 16]).await?;
    show(rate(
        &format!("a page of 50 of a conversation of {MESSAGES} messages, 16 connections"),
        &opened,
        950.0,
    ));
    Ok(())
}

/// How long the starts took, and the memory of the idle server.
fn starts_and_memory(server: &Server) -> anyhow::Result<[Row; 4]> {
    let (first, second) = (millis(server.first_start), millis(server.second_start));
    let (own, all) = server.memory()?;
    let with_postgres = "memory idle with the private PostgreSQL (PSS)";
    Ok([
        Row::at_most("first start, with initdb", first, 4_000.0, "ms"),
        Row::at_most("second start", second, 1_000.0, "ms"),
        Row::at_most("memory idle (PSS)", own, 100.0, "MiB"),
        Row::at_most(with_postgres, all, 250.0, "MiB"),
    ])
}

pub(crate) async fn run_load(server: &Server, requests: Vec<Vec<u8>>) -> anyhow::Result<Load> {
    load(&server.address, requests, DURATION).await
}

pub(crate) fn rate(work: &str, load: &Load, target: f64) -> Row {
    Row::absolute(
        &format!("{work} (p99 {:.1} ms)", millis(load.p99)),
        load.per_second,
        target,
    )
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

pub(crate) async fn create_conversations(
    server: &Server,
    count: usize,
) -> anyhow::Result<Vec<String>> {
    let mut ids = Vec::with_capacity(count);
    for _ in 0..count {
        let conversation = server.post("/conversations", &json!({})).await?;
        ids.push(conversation["id"].as_str().context("an id")?.to_owned());
    }
    Ok(ids)
}

async fn long_conversation(server: &Server) -> anyhow::Result<String> {
    let id = create_conversations(server, 1).await?.remove(0);
    let path = format!("/conversations/{id}/messages");
    for n in 0..MESSAGES {
        let body =
            json!({"content": format!("This is message {n} of a long talk."), "respond": false});
        server.post(&path, &body).await?;
    }
    Ok(id)
}

/// The median time to the first token through the server, minus that of direct calls to the provider, alternating.
async fn first_token(server: &Server, provider: &Provider) -> anyhow::Result<Row> {
    let provider_body = json!({"name": "local", "kind": "openai_compatible", "base_url": provider.base_url(), "api_key": KEY});
    server.post("/providers", &provider_body).await?;
    let body = json!({"model": format!("local/{MODEL}")});
    let conversation = server.post("/conversations", &body).await?;
    let id = conversation["id"].as_str().context("an id")?.to_owned();
    let call = server
        .http
        .get(server.url(&format!("/conversations/{id}/stream")));
    let stream = call.bearer_auth(&server.token).send().await?.bytes_stream();
    let mut frames = Frames {
        bytes: Box::pin(stream),
        text: String::new(),
    };
    frames.wait_for("stream.caught_up").await?;
    let (mut direct, mut ours) = (Vec::new(), Vec::new());
    for _ in 0..FIRST_TOKENS {
        direct.push(time_direct_call(server, provider).await?);
        let started = Instant::now();
        let path = format!("/conversations/{id}/messages");
        let question = json!({"content": "Say something.", "parent_id": null});
        let posted = server.post(&path, &question);
        let first = async {
            frames.wait_for("response.delta").await?;
            let first = started.elapsed();
            frames.wait_for("response.completed").await?;
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
    Ok(Row::at_most(
        &work,
        millis(ours.saturating_sub(direct)),
        3.0,
        "ms",
    ))
}

async fn time_direct_call(server: &Server, provider: &Provider) -> anyhow::Result<Duration> {
    let body = json!({"model": MODEL, "stream": true, "messages": [{"role": "user", "content": "Say something."}]});
    let started = Instant::now();
    let call = server
        .http
        .post(format!("{}/chat/completions", provider.base_url()));
    let answer = call.bearer_auth(KEY).json(&body).send().await?;
    let mut bytes = answer.bytes_stream();
    bytes.next().await.context("an answer")??;
    let first = started.elapsed();
    while let Some(more) = bytes.next().await {
        more?;
    }
    Ok(first)
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// Reads server-sent events.
struct Frames<S> {
    bytes: S,
    text: String,
}

impl<S: futures_util::Stream<Item = reqwest::Result<B>> + Unpin, B: AsRef<[u8]>> Frames<S> {
    async fn wait_for(&mut self, event: &str) -> anyhow::Result<()> {
        let line = format!("event: {event}\n");
        loop {
            if let Some(at) = self.text.find(&line)
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

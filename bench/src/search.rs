//! Searches per second over a hundred thousand messages.

use std::time::Duration;

use serde_json::{Value, json};

use crate::http::{create_conversations, rate, run_load};
use crate::load::request;
use crate::server::Server;
use crate::table::Row;

const MESSAGES: usize = 100_000;

/// The texts have word frequencies like a natural language: few words are common, most are rare.
pub(crate) async fn run() -> anyhow::Result<Vec<Row>> {
    let server = &Server::start("").await?;
    let ids = create_conversations(server, 64).await?;
    let next = std::sync::atomic::AtomicUsize::new(0);
    let next = &next;
    let fill = ids.iter().map(|id| async move {
        let path = format!("/conversations/{id}/messages");
        while let n @ 0..MESSAGES = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed) {
            let words: Vec<String> = (1..24).map(|k| word(n * 31 + k * k * 7)).collect();
            let body = json!({"content": format!("note{n} {}", words.join(" ")), "respond": false});
            server.post(&path, &body).await?;
        }
        anyhow::Ok(())
    });
    futures_util::future::try_join_all(fill).await?;
    let last = format!("note{}", MESSAGES - 1);
    while count_hits(server, &last).await? == 0 {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let mut rows = Vec::new();
    for (name, q) in [
        ("a rare word", "note777"),
        ("a common word", "w3"),
        ("a word that no text contains", "zebrafish"),
    ] {
        let search = request("GET", &format!("/search?q={q}"), &server.token, "");
        let load = run_load(server, vec![search; 4]).await?;
        rows.push(rate(
            &format!("search for {name} in {MESSAGES} texts, 4 connections"),
            &load,
            1_150.0,
        ));
    }
    Ok(rows)
}

/// The frequency of the k-th word is about 1/k.
pub(crate) fn word(seed: usize) -> String {
    let n = (seed * 2_654_435_761) % 100_003;
    format!("w{}", 100_003 / (n + 1))
}

async fn count_hits(server: &Server, q: &str) -> anyhow::Result<usize> {
    let call = server.http.get(server.url(&format!("/search?q={q}")));
    let body: Value = call.bearer_auth(&server.token).send().await?.json().await?;
    Ok(body["items"].as_array().map_or(0, Vec::len))
}

//! Documents: how fast they become passages, and how long a question waits for the passages that it is about.

use std::fmt::Write;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use serde_json::json;

use crate::load::{load, request};
use crate::server::Server;
use crate::table::{Row, per_second};

const DOCUMENTS: usize = 40;
/// Paragraphs of a document: about 200 KiB.
const PARAGRAPHS: usize = 400;
const TIME: Duration = Duration::from_secs(6);
const LIMIT: Duration = Duration::from_mins(5);

pub async fn run() -> anyhow::Result<Vec<Row>> {
    let server = &Server::start("").await?;
    let base = server
        .post("/knowledge-bases", &json!({"name": "Bench"}))
        .await?;
    let base = base["id"].as_str().context("an id")?.to_owned();
    let documents = format!("/knowledge-bases/{base}/documents");
    let begun = Instant::now();
    let mut bytes = 0;
    for number in 0..DOCUMENTS {
        let text = document(number);
        bytes += text.len();
        server
            .upload(&documents, &format!("{number}.md"), text.as_bytes())
            .await?;
    }
    let passages = ready(server, &documents).await?;
    let took = begun.elapsed();
    let mib = bytes / (1024 * 1024);
    let mut rows = vec![Row::absolute(
        &format!("documents read: {mib} MiB of Markdown, from the upload on, in passages"),
        per_second(passages, took),
        INGEST,
    )];
    for (name, question) in [
        ("one rare word", "What does paragraph17x3 say?"),
        ("common words alone", "What are w3 and w5 and w9 about?"),
    ] {
        let body = json!({"query": question, "knowledge_base_ids": [base], "limit": 5}).to_string();
        let search = request("POST", "/knowledge/search", &server.token, &body);
        let asked = load(&server.address, vec![search; 4], TIME).await?;
        rows.push(Row::most(
            &format!("passages for a question with {name}, among {passages}, 4 connections, p99 ({:.0}/s)", asked.per_second),
            asked.p99.as_secs_f64() * 1_000.0,
            RETRIEVAL,
            "ms",
        ));
    }
    Ok(rows)
}

/// Passages a second, at least.
const INGEST: f64 = 500.0;
/// Milliseconds, at most.
const RETRIEVAL: f64 = 50.0;

/// Headings and paragraphs over a vocabulary like that of a language.
fn document(number: usize) -> String {
    let mut text = format!("# Document {number}\n");
    for paragraph in 0..PARAGRAPHS {
        if paragraph % 20 == 0 {
            let _ = write!(text, "\n## Section {}\n", paragraph / 20);
        }
        let words =
            (1..90).map(|k| crate::search::word(number * 9_973 + paragraph * 31 + k * k * 7));
        let words: Vec<String> = words.collect();
        let _ = write!(
            text,
            "\nparagraph{number}x{paragraph} {}.\n",
            words.join(" ")
        );
    }
    text
}

/// Waits until all documents are ready; the number of their passages.
async fn ready(server: &Server, documents: &str) -> anyhow::Result<u64> {
    let begun = Instant::now();
    while begun.elapsed() < LIMIT {
        let page = server.get(&format!("{documents}?limit=200")).await?;
        let items = page["items"].as_array().context("items")?;
        if items.iter().any(|one| one["status"] == "failed") {
            bail!("a document could not be read: {page}");
        }
        if items.iter().filter(|one| one["status"] == "ready").count() == DOCUMENTS {
            let passages = items.iter().filter_map(|one| one["chunks"].as_u64());
            return Ok(passages.sum());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    bail!("the documents were not ready in time")
}

//! Documents: the speed of ingestion and the latency of retrieval.

use std::fmt::Write;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use serde_json::{Value, json};

use crate::load::{load, request};
use crate::server::Server;
use crate::table::{Row, per_second};

/// Together they have 100,000 passages.
const DOCUMENTS: usize = 500;
/// Paragraphs per document, which is about 100 KiB.
const PARAGRAPHS: usize = 400;
const DURATION: Duration = Duration::from_secs(6);
const INGEST_LIMIT: Duration = Duration::from_mins(5);
/// The target for ingestion, in passages per second.
const INGEST_TARGET: f64 = 500.0;
/// The target for retrieval, in milliseconds.
const RETRIEVAL_TARGET: f64 = 50.0;

pub(crate) async fn run() -> anyhow::Result<Vec<Row>> {
    let server = &Server::start("").await?;
    let base = server
        .post("/knowledge-bases", &json!({"name": "Bench"}))
        .await?;
    let base = base["id"].as_str().context("an id")?.to_owned();
    let documents = format!("/knowledge-bases/{base}/documents");
    let started = Instant::now();
    let mut bytes = 0;
    for number in 0..DOCUMENTS {
        let text = document_text(number);
        bytes += text.len();
        server
            .upload(&documents, &format!("{number}.md"), text.as_bytes())
            .await?;
    }
    let passages = wait_until_ready(server, &documents).await?;
    let elapsed = started.elapsed();
    let mib = bytes / (1024 * 1024);
    let mut rows = vec![Row::absolute(
        &format!("ingest {mib} MiB of Markdown, from the first upload, in passages"),
        per_second(passages, elapsed),
        INGEST_TARGET,
    )];
    for (name, question) in [
        ("one rare word", "What does paragraph17x3 say?"),
        ("only common words", "What are w3 and w5 and w9 about?"),
    ] {
        let body = json!({"query": question, "knowledge_base_ids": [base], "limit": 5}).to_string();
        let search = request("POST", "/knowledge/search", &server.token, &body);
        let load = load(&server.address, vec![search; 4], DURATION).await?;
        rows.push(Row::at_most(
            &format!("passages for a question with {name}, among {passages}, 4 connections, p99 ({:.0}/s)", load.per_second),
            load.p99.as_secs_f64() * 1_000.0,
            RETRIEVAL_TARGET,
            "ms",
        ));
    }
    Ok(rows)
}

/// Headings and paragraphs with word frequencies like a natural language.
fn document_text(number: usize) -> String {
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

/// Waits until all documents are ready; returns the number of their passages.
async fn wait_until_ready(server: &Server, documents: &str) -> anyhow::Result<u64> {
    let started = Instant::now();
    while started.elapsed() < INGEST_LIMIT {
        let all = list_all(server, documents).await?;
        if let Some(failed) = all.iter().find(|document| document["status"] == "failed") {
            bail!("a document failed: {failed}");
        }
        if all.len() == DOCUMENTS && all.iter().all(|document| document["status"] == "ready") {
            let passages = all
                .iter()
                .filter_map(|document| document["chunks"].as_u64());
            return Ok(passages.sum());
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    bail!("the documents were not ready in time")
}

async fn list_all(server: &Server, documents: &str) -> anyhow::Result<Vec<Value>> {
    let mut all = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = server
            .get(&format!("{documents}?limit=200{cursor}"))
            .await?;
        all.extend(page["items"].as_array().context("items")?.iter().cloned());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return Ok(all),
        }
    }
}

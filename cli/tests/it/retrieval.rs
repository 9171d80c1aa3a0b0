//! How well passages are found: questions in other words than the documents', in two languages, through the real program.

use std::path::PathBuf;

use serde_json::json;

use crate::program::Installation;
use crate::site::Site;

/// The part of the questions whose passage must be among the first five. Many share no word with it, on purpose: words
/// alone find two thirds, and 0.90 is what embeddings are to bring.
const FLOOR: f64 = 0.60;

fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../testing/retrieval"))
}

/// Document, heading of the passage, question.
fn questions() -> Vec<[String; 3]> {
    let text = std::fs::read_to_string(folder().join("questions.tsv")).unwrap();
    let lines = text.lines().skip(1);
    lines
        .map(|line| {
            let mut cells = line.split('\t').map(str::to_owned);
            std::array::from_fn(|_| cells.next().unwrap())
        })
        .collect()
}

#[expect(clippy::cast_precision_loss, reason = "a few hundred questions")]
fn part(count: usize, of: usize) -> f64 {
    count as f64 / of as f64
}

#[tokio::test(flavor = "multi_thread")]
async fn questions_in_other_words_find_their_passage_no_less_often_than_before() {
    let installation = || Installation::external().with("CONVOSPHERE_RATE_LIMIT__ENABLED", "false");
    let (site, _server) = Site::of_one_server(installation, String::new()).await;
    let ada = site.log_in("ada@example.org").await;
    let base = ada
        .post(0, "knowledge-bases", json!({"name": "All"}))
        .await
        .text("/id");
    let questions = questions();
    let mut names: Vec<&str> = questions.iter().map(|one| one[0].as_str()).collect();
    names.dedup();
    let path = format!("knowledge-bases/{base}/documents");
    for name in &names {
        let file = format!("{name}.md");
        let bytes = std::fs::read(folder().join(&file)).unwrap();
        assert_eq!(ada.upload(&path, &file, &bytes).await.status, 202);
    }
    let all = format!("{path}?status=ready&limit=200");
    let ready = ada.until(0, &all, |page| {
        page["items"].as_array().unwrap().len() == names.len()
    });
    let ready = ready.await;
    let passages: i64 = ready["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|document| document["chunks"].as_i64().unwrap())
        .sum();
    let mut ranks = Vec::new();
    for [document, section, question] in &questions {
        let body = json!({"query": question, "limit": 5});
        let found = ada.post(0, "knowledge/search", body).await;
        let rank = found.body["items"]
            .as_array()
            .unwrap()
            .iter()
            .position(|hit| {
                let headings = hit["chunk"]["headings"].as_array().unwrap();
                hit["document_name"] == json!(format!("{document}.md"))
                    && headings.last() == Some(&json!(section))
            });
        if rank.is_none() {
            println!("not found: {document} / {section}: {question}");
        }
        ranks.push(rank);
    }
    let within = |limit| ranks.iter().flatten().filter(|rank| **rank < limit).count();
    let recall = |limit| part(within(limit), ranks.len());
    println!("passages  questions  recall@1  recall@3  recall@5");
    println!(
        "{passages:8}  {:9}  {:8.3}  {:8.3}  {:8.3}   full text",
        ranks.len(),
        recall(1),
        recall(3),
        recall(5)
    );
    assert!(questions.len() >= 200);
    assert!(recall(5) >= FLOOR, "{:.3}", recall(5));
}

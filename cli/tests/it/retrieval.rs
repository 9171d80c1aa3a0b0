//! Retrieval quality: three sets of questions in two languages through the real program, with keyword search only and with
//! the vectors of small real models.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

use crate::program::{Installation, Server, ok};
use crate::site::{Person, Site};

/// Each set of questions, and the minimum recall at 5 with keyword search only.
///
/// `terms` uses the terms of the documents. `paraphrases` deliberately uses other words: many of its questions share no
/// word with their passage. `situations` describes situations, in words that are even further away.
const SETS: [(&str, f64); 3] = [("terms", 0.99), ("paraphrases", 0.64), ("situations", 0.35)];

/// Each model and its minimum recall at 5 for each set. The first averages word vectors, the second is a sentence
/// transformer. Their packages include the weights.
const MODELS: [(&str, [f64; 3]); 2] = [
    ("wordllama-256", [0.99, 0.82, 0.62]),
    ("multilingual-e5-small", [0.99, 0.85, 0.80]),
];

fn test_file(name: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../testing")).join(name)
}

/// A server for a small embedding model.
struct Embedder {
    child: Child,
    base_url: String,
}

impl Embedder {
    fn start(model: &str) -> Self {
        let mut child = Command::new(test_file("../.tools/embedder/bin/python3"))
            .arg(test_file("embedder.py"))
            .arg(model)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("run scripts/fetch-embedder first: {error}"));
        let mut port = String::new();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        stdout.read_line(&mut port).unwrap();
        let base_url = format!("http://127.0.0.1:{}/v1", port.trim());
        Self { child, base_url }
    }
}

impl Drop for Embedder {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Document, heading of the passage, question.
fn questions(set: &str) -> Vec<[String; 3]> {
    let text = std::fs::read_to_string(test_file(&format!("retrieval/{set}.tsv"))).unwrap();
    let lines = text.lines().skip(1);
    let questions: Vec<[String; 3]> = lines
        .map(|line| {
            let mut cells = line.split('\t').map(str::to_owned);
            std::array::from_fn(|_| cells.next().unwrap())
        })
        .collect();
    assert!(questions.len() >= 200);
    questions
}

#[expect(clippy::cast_precision_loss, reason = "a few hundred questions")]
fn ratio(count: usize, total: usize) -> f64 {
    count as f64 / total as f64
}

/// Asks all questions of a set; returns the recall at 5 and a line of the table.
async fn ask(ada: &Person<'_>, set: &str, model: Option<&str>) -> (f64, String) {
    let by_meaning = model.is_some();
    let questions = questions(set);
    let mut ranks = Vec::new();
    for [document, section, question] in &questions {
        let body = json!({"query": question, "limit": 5});
        let found = ada.post(0, "knowledge/search", body).await.body;
        assert_eq!(found["by_meaning"], json!(by_meaning), "{found}");
        let hits = found["items"].as_array().unwrap();
        ranks.push(hits.iter().position(|hit| {
            let headings = hit["chunk"]["headings"].as_array().unwrap();
            hit["document_name"] == json!(format!("{document}.md"))
                && headings.last() == Some(&json!(section))
        }));
    }
    let within = |limit| ranks.iter().flatten().filter(|rank| **rank < limit).count();
    let recall = |limit| ratio(within(limit), ranks.len());
    let line = format!(
        "{set:12} {:9}  {:8.3}  {:8.3}  {:8.3}   {}",
        ranks.len(),
        recall(1),
        recall(3),
        recall(5),
        model.map_or("full text".to_owned(), |model| format!("hybrid, {model}"))
    );
    (recall(5), line)
}

/// Uploads all documents and waits until they are ready.
async fn add_documents(ada: &Person<'_>) -> String {
    let base = ada.post(0, "knowledge-bases", json!({"name": "All"})).await;
    let path = format!("knowledge-bases/{}/documents", base.text("/id"));
    let questions = questions(SETS[0].0);
    let mut names: Vec<&str> = questions
        .iter()
        .map(|question| question[0].as_str())
        .collect();
    names.dedup();
    for name in &names {
        let name = format!("{name}.md");
        let bytes = std::fs::read(test_file("retrieval").join(&name)).unwrap();
        assert_eq!(ada.upload(&path, &name, &bytes).await.status, 202);
    }
    let all = format!("{path}?status=ready&limit=200");
    let ready = |page: &Value| page["items"].as_array().unwrap().len() == names.len();
    ada.wait_until(0, &all, ready).await;
    path
}

/// Restarts the server with an embedding model.
async fn with_model(site: Site, server: Server, model: &str, base_url: String) -> (Site, Server) {
    server.kill();
    let model = model.to_owned();
    tokio::task::spawn_blocking(move || {
        let mut site = site;
        let name = format!("{model}/{model}");
        site.installation = site
            .installation
            .with("CONVOSPHERE_MODELS__EMBEDDING", &name);
        let add = ["providers", "add", &model, "--base-url", &base_url];
        ok(&site.installation.run(&add));
        let server = site.installation.serve();
        site.set_url(&server.url);
        (site, server)
    })
    .await
    .unwrap()
}

/// Waits until a model has embedded all documents, with a time limit for each.
async fn wait_until_embedded_by(ada: &Person<'_>, path: &str, model: &Value) {
    let path = format!("{path}?limit=200");
    let embedded = |page: &Value| {
        let documents = page["items"].as_array().unwrap();
        let embedded = documents
            .iter()
            .filter(|document| document["embedding_model"] == *model);
        (embedded.count(), documents.len())
    };
    let (mut done, all) = embedded(&ada.get(0, &path).await.body);
    while done < all {
        let page = ada
            .wait_until(0, &path, |page| embedded(page).0 > done)
            .await;
        done = embedded(&page).0;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn passages_are_found_by_keywords_and_better_with_vectors() {
    let installation = || Installation::external().with("CONVOSPHERE_RATE_LIMIT__ENABLED", "false");
    let (site, server) = Site::with_one_server(installation, String::new()).await;
    let ada = site.log_in("ada@example.org").await;
    let path = add_documents(&ada).await;
    println!("set          questions  recall@1  recall@3  recall@5");
    for (set, floor) in SETS {
        let (recall, line) = ask(&ada, set, None).await;
        println!("{line}");
        assert!(recall >= floor, "{set}: {recall:.3}");
    }
    // The sentence transformer is slow: only `make retrieval` runs it.
    let all = std::env::var_os("CONVOSPHERE_TEST_SENTENCES").is_some();
    let (mut site, mut server) = (site, server);
    for (model, floors) in &MODELS[..if all { 2 } else { 1 }] {
        let embedder = Embedder::start(model);
        (site, server) = with_model(site, server, model, embedder.base_url.clone()).await;
        let ada = site.log_in("ada@example.org").await;
        wait_until_embedded_by(&ada, &path, &json!(format!("{model}/{model}"))).await;
        for ((set, _), floor) in SETS.iter().zip(floors) {
            let (recall, line) = ask(&ada, set, Some(model)).await;
            println!("{line}");
            assert!(recall >= *floor, "{set}, {model}: {recall:.3}");
        }
    }
}

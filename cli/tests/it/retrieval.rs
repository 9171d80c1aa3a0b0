//! How well passages are found: two sets of questions in two languages, through the real program, by words alone and with
//! the vectors of a small real model.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

use crate::program::{Installation, Server, ok};
use crate::site::{Person, Site};

/// Set of questions, and the part of them whose passage must be among the first five: when words alone are looked for, and
/// with the vectors as well.
///
/// `terms` asks as people do who know what the documents call things, `paraphrases` in other words on purpose: many of its
/// questions share no word with their passage.
const SETS: [(&str, [f64; 2]); 2] = [("terms", [0.99, 0.99]), ("paraphrases", [0.64, 0.82])];

fn file(name: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../testing")).join(name)
}

/// The server of a small model, whose package carries its weights.
struct Embedder {
    child: Child,
    base_url: String,
}

impl Embedder {
    fn start() -> Self {
        let mut child = Command::new(file("../.tools/embedder/bin/python3"))
            .arg(file("embedder.py"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("scripts/fetch-embedder installs it: {error}"));
        let mut port = String::new();
        let mut said = BufReader::new(child.stdout.take().unwrap());
        said.read_line(&mut port).unwrap();
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
    let text = std::fs::read_to_string(file(&format!("retrieval/{set}.tsv"))).unwrap();
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
fn part(count: usize, of: usize) -> f64 {
    count as f64 / of as f64
}

/// Asks a whole set: the recall of five, and a line of the table.
async fn ask(ada: &Person<'_>, set: &str, by_meaning: bool) -> (f64, String) {
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
    let recall = |limit| part(within(limit), ranks.len());
    let line = format!(
        "{set:12} {:9}  {:8.3}  {:8.3}  {:8.3}   {}",
        ranks.len(),
        recall(1),
        recall(3),
        recall(5),
        if by_meaning { "hybrid" } else { "full text" }
    );
    (recall(5), line)
}

/// Uploads all documents and waits until they are ready.
async fn add_documents(ada: &Person<'_>) -> String {
    let base = ada.post(0, "knowledge-bases", json!({"name": "All"})).await;
    let path = format!("knowledge-bases/{}/documents", base.text("/id"));
    let questions = questions(SETS[0].0);
    let mut names: Vec<&str> = questions.iter().map(|one| one[0].as_str()).collect();
    names.dedup();
    for name in &names {
        let name = format!("{name}.md");
        let bytes = std::fs::read(file("retrieval").join(&name)).unwrap();
        assert_eq!(ada.upload(&path, &name, &bytes).await.status, 202);
    }
    let all = format!("{path}?status=ready&limit=200");
    let ready = |page: &Value| page["items"].as_array().unwrap().len() == names.len();
    ada.until(0, &all, ready).await;
    path
}

/// The same installation with a model that embeds.
async fn with_model(site: Site, server: Server, base_url: String) -> (Site, Server) {
    server.kill();
    tokio::task::spawn_blocking(move || {
        let mut site = site;
        let model = ("CONVOSPHERE_MODELS__EMBEDDING", "small/wordllama-256");
        site.installation = site.installation.with(model.0, model.1);
        let add = ["providers", "add", "small", "--base-url", &base_url];
        ok(&site.installation.run(&add));
        let server = site.installation.serve();
        site.moved_to(&server.url);
        (site, server)
    })
    .await
    .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn passages_are_found_by_their_words_and_better_by_their_meaning() {
    let installation = || Installation::external().with("CONVOSPHERE_RATE_LIMIT__ENABLED", "false");
    let (site, server) = Site::of_one_server(installation, String::new()).await;
    let ada = site.log_in("ada@example.org").await;
    let path = add_documents(&ada).await;
    println!("set          questions  recall@1  recall@3  recall@5");
    for (set, [floor, _]) in SETS {
        let (recall, line) = ask(&ada, set, false).await;
        println!("{line}");
        assert!(recall >= floor, "{set}: {recall:.3}");
    }
    let embedder = Embedder::start();
    let (site, _server) = with_model(site, server, embedder.base_url.clone()).await;
    let ada = site.log_in("ada@example.org").await;
    let embedded = |page: &Value| {
        let documents = page["items"].as_array().unwrap();
        documents
            .iter()
            .all(|one| one["embedding_model"].is_string())
    };
    ada.until(0, &format!("{path}?limit=200"), embedded).await;
    for (set, [_, floor]) in SETS {
        let (recall, line) = ask(&ada, set, true).await;
        println!("{line}");
        assert!(recall >= floor, "{set}: {recall:.3}");
    }
}

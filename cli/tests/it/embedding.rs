//! Embeddings through the real program: each text is embedded once, and keyword search works without a model.

use reqwest::Method;
use serde_json::{Value, json};
use testing::provider::{KEY, Provider};

use crate::program::{Installation, Server, TIME_LIMIT, ok};
use crate::site::{Person, Site};

/// An installation that embeds documents with a model of the provider.
async fn site(provider: &Provider, model: &str) -> (Site, Server) {
    let (base_url, model) = (provider.base_url(), format!("local/{model}"));
    let installation = move || {
        let installation = Installation::external()
            .with("CONVOSPHERE_RATE_LIMIT__ENABLED", "false")
            .with("CONVOSPHERE_MODELS__EMBEDDING", &model);
        let add = ["providers", "add", "local", "--base-url", &base_url];
        let add = [&add[..], &["--api-key-stdin"]].concat();
        ok(&installation.run_with_input(&add, KEY));
        installation
    };
    Site::with_one_server(installation, String::new()).await
}

/// Restarts the server with another embedding model.
async fn restart_with(site: Site, server: Server, model: &str) -> (Site, Server) {
    server.kill();
    let model = format!("local/{model}");
    tokio::task::spawn_blocking(move || {
        let mut site = site;
        site.installation = site
            .installation
            .with("CONVOSPHERE_MODELS__EMBEDDING", &model);
        let server = site.installation.serve();
        site.set_url(&server.url);
        (site, server)
    })
    .await
    .unwrap()
}

async fn create_base(ada: &Person<'_>) -> String {
    let body = json!({"name": "Harbour", "chunk_tokens": 50, "chunk_overlap": 0});
    ada.post(0, "knowledge-bases", body).await.text("/id")
}

/// A document with one passage per section. Each passage has two vectors.
fn sections(numbers: std::ops::Range<usize>) -> String {
    let section = |n| format!("## Buoy {n}\n\nThe buoy number {n} is painted every {n} years.\n\n");
    numbers.map(section).collect()
}

async fn add(ada: &Person<'_>, base: &str, text: &str) -> String {
    let path = format!("knowledge-bases/{base}/documents");
    let added = ada.upload(&path, "buoys.md", text.as_bytes()).await;
    added.text("/id")
}

async fn wait_until_embedded_by(ada: &Person<'_>, id: &str, model: &str) -> Value {
    let (path, model) = (format!("documents/{id}"), json!(format!("local/{model}")));
    ada.wait_until(0, &path, |document| document["embedding_model"] == model)
        .await
}

async fn search(ada: &Person<'_>, query: &str) -> Value {
    let found = ada.post(0, "knowledge/search", json!({"query": query}));
    found.await.body
}

/// The passages that the provider embedded, without the questions.
fn embedded_passages(provider: &Provider) -> Vec<String> {
    let mut texts = provider.embedded();
    texts.retain(|text| text.contains("painted"));
    texts
}

/// How many times the most frequent text occurs.
fn max_occurrences(texts: &[String]) -> usize {
    let times = |text| texts.iter().filter(|other| *other == text).count();
    texts.iter().map(times).max().unwrap_or(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn each_text_is_embedded_only_once() {
    let provider = Provider::start().await;
    let (site, server) = site(&provider, "embed-64").await;
    let ada = site.log_in("ada@example.org").await;
    let base = create_base(&ada).await;
    let id = add(&ada, &base, &sections(1..41)).await;
    let document = wait_until_embedded_by(&ada, &id, "embed-64").await;
    assert_eq!(document["chunks"], 40, "{document}");
    assert_eq!(embedded_passages(&provider).len(), 80);
    let found = search(&ada, "buoy number 7").await;
    assert_eq!(found["by_meaning"], true, "{found}");
    assert_eq!(found["items"][0]["chunk"]["number"], 6, "{found}");

    // The global search finds passages semantically if requested: no passage contains all of these words.
    let everywhere = async |mode: &str| {
        let path = format!("search?q=buoy%20xylophone%20quartz%20jukebox&mode={mode}&facets=true");
        ada.get(0, &path).await.body
    };
    let (words, hybrid) = (everywhere("words").await, everywhere("hybrid").await);
    assert_eq!(words["items"].as_array().map(Vec::len), Some(0));
    assert_eq!(words["by_meaning"], false);
    assert_eq!(hybrid["by_meaning"], true);
    assert_eq!(hybrid["items"][0]["kind"], "passage");
    assert_eq!(hybrid["facets"]["kind"][0]["count"], 40);
    assert_eq!(hybrid["facets"]["knowledge_base_id"][0]["name"], "Harbour");

    // A rebuild reads the vectors from the log.
    tokio::task::block_in_place(|| {
        ok(&site
            .installation
            .run(&["projections", "rebuild", "documents"]));
    });
    assert_eq!(search(&ada, "buoy number 7").await["by_meaning"], true);
    assert_eq!(embedded_passages(&provider).len(), 80);

    // Only the new passages of a new version are embedded.
    let path = format!("documents/{id}/content");
    let file = ("buoys.md", sections(1..43));
    let replaced = ada.send_file(Method::PUT, &path, (file.0, file.1.as_bytes()));
    let replaced = replaced.await;
    assert_eq!(replaced.status, 202, "{replaced:?}");
    let more = |document: &Value| document["chunks"] == 42;
    ada.wait_until(0, &format!("documents/{id}"), more).await;
    wait_until_embedded_by(&ada, &id, "embed-64").await;
    assert_eq!(embedded_passages(&provider).len(), 84);

    // A new model embeds all documents automatically.
    let (site, _server) = restart_with(site, server, "embed-32").await;
    let ada = site.log_in("ada@example.org").await;
    wait_until_embedded_by(&ada, &id, "embed-32").await;
    assert_eq!(search(&ada, "buoy number 7").await["by_meaning"], true);
    let path = format!("documents/{id}");
    let deleted = ada.send(0, Method::DELETE, &path, Value::Null).await;
    assert_eq!(deleted.status, 204);
    let gone = search(&ada, "buoy number 7").await;
    assert_eq!(
        (&gone["items"], &gone["by_meaning"]),
        (&json!([]), &json!(false))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_server_repeats_at_most_one_embedding_call() {
    let provider = Provider::start().await;
    let (site, server) = site(&provider, "embed-64").await;
    let (base, id) = {
        let ada = site.log_in("ada@example.org").await;
        let base = create_base(&ada).await;
        let id = add(&ada, &base, &sections(1..301)).await;
        (base, id)
    };
    // The assertions hold no matter how far the embedding is when the server is killed.
    let embedded_some = async {
        while provider.embedded().len() < 64 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(TIME_LIMIT, embedded_some)
        .await
        .unwrap();
    let (site, _server) = restart_with(site, server, "embed-64").await;
    let ada = site.log_in("ada@example.org").await;
    wait_until_embedded_by(&ada, &id, "embed-64").await;
    let texts = embedded_passages(&provider);
    assert!((600..=632).contains(&texts.len()), "{}", texts.len());
    assert!(max_occurrences(&texts) <= 2);
    let listed = ada
        .get(0, &format!("knowledge-bases/{base}/documents"))
        .await;
    assert_eq!(listed.body["items"][0]["embedding_error"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failing_embedding_model_is_reported_and_keyword_search_works() {
    let provider = Provider::start().await;
    let (site, server) = site(&provider, "status-404").await;
    let ada = site.log_in("ada@example.org").await;
    let base = create_base(&ada).await;
    let id = add(&ada, &base, &sections(1..4)).await;
    let path = format!("documents/{id}");
    let failed = |document: &Value| document["embedding_error"].is_string();
    let document = ada.wait_until(0, &path, failed).await;
    assert_eq!(document["status"], "ready");
    let error = document["embedding_error"].as_str().unwrap();
    assert!(error.contains("404") && !error.contains(KEY), "{error}");
    let found = search(&ada, "buoy number 2").await;
    assert_eq!(found["by_meaning"], false);
    assert_eq!(found["items"][0]["chunk"]["number"], 1, "{found}");
    let doctor =
        |site: &Site| tokio::task::block_in_place(|| ok(&site.installation.run(&["doctor"])));
    let report = doctor(&site);
    assert!(
        report.contains("404") && report.contains("by keyword only"),
        "{report}"
    );

    // A model that works embeds the documents automatically.
    let (site, _server) = restart_with(site, server, "embed-16").await;
    let ada = site.log_in("ada@example.org").await;
    let document = wait_until_embedded_by(&ada, &id, "embed-16").await;
    assert_eq!(document["embedding_error"], Value::Null);
    assert!(doctor(&site).contains("local/embed-16 answers with 16 dimensions"));
    // If the provider rejects the key, search falls back to keywords.
    provider.revoke();
    let found = search(&ada, "buoy number 2").await;
    assert_eq!(found["by_meaning"], false);
    assert_eq!(found["items"][0]["chunk"]["number"], 1, "{found}");
}

#[tokio::test(flavor = "multi_thread")]
async fn vectors_of_different_lengths_are_never_compared() {
    let provider = Provider::start().await;
    let (site, server) = site(&provider, "uneven-8").await;
    let ada = site.log_in("ada@example.org").await;
    let base = create_base(&ada).await;
    let id = add(&ada, &base, &sections(1..4)).await;
    let failed = |document: &Value| document["embedding_error"].is_string();
    let document = ada.wait_until(0, &format!("documents/{id}"), failed).await;
    let error = document["embedding_error"].as_str().unwrap();
    assert!(error.contains("different lengths"), "{error}");
    let found = search(&ada, "buoy number 2").await;
    assert_eq!(found["items"][0]["chunk"]["number"], 1, "{found}");
    // Documents get the vectors of a model with another length, and the old ones are not compared.
    let (site, server) = restart_with(site, server, "embed-16").await;
    let ada = site.log_in("ada@example.org").await;
    wait_until_embedded_by(&ada, &id, "embed-16").await;
    let (site, _server) = restart_with(site, server, "embed-24").await;
    let ada = site.log_in("ada@example.org").await;
    wait_until_embedded_by(&ada, &id, "embed-24").await;
    let found = search(&ada, "buoy number 2").await;
    assert_eq!(found["by_meaning"], true, "{found}");
    assert_eq!(found["items"][0]["chunk"]["number"], 1, "{found}");
}

/// The numbers of the first two passages found with a reranking model.
async fn reranked(provider: &Provider, model: &str) -> Vec<Value> {
    let (base_url, model) = (provider.base_url(), format!("local/{model}"));
    let installation = move || {
        let installation = Installation::external().with("CONVOSPHERE_MODELS__RERANKING", &model);
        let add = ["providers", "add", "local", "--base-url", &base_url];
        let add = [&add[..], &["--api-key-stdin"]].concat();
        ok(&installation.run_with_input(&add, KEY));
        installation
    };
    let (site, _server) = Site::with_one_server(installation, String::new()).await;
    let ada = site.log_in("ada@example.org").await;
    let base = create_base(&ada).await;
    let id = add(&ada, &base, &sections(1..6)).await;
    let ready = |document: &Value| document["status"] == "ready";
    ada.wait_until(0, &format!("documents/{id}"), ready).await;
    let found = search(&ada, "buoy number 2").await;
    let items = found["items"].as_array().unwrap();
    assert_eq!(items.len(), 5, "{found}");
    let mut numbers: Vec<Value> = items
        .iter()
        .map(|hit| hit["chunk"]["number"].clone())
        .collect();
    numbers.truncate(2);
    numbers
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reranking_model_determines_the_order() {
    let provider = Provider::start().await;
    let original = reranked(&provider, "status-500").await;
    assert_eq!(original[0], 1);
    let odd = reranked(&provider, "odd").await;
    // This model scored only the last passage.
    assert_eq!(odd[1], original[0]);
    let reverse = reranked(&provider, "reverse").await;
    assert_eq!(reverse[0], odd[0]);
    assert_ne!(reverse[0], original[0]);
}

//! Vectors of passages through the real program: each text is paid for once, and the words are enough where the model is not.

use reqwest::Method;
use serde_json::{Value, json};
use testing::provider::{KEY, Provider};

use crate::program::{Installation, PATIENCE, Server, ok};
use crate::site::{Person, Site};

/// An installation whose documents a model of the provider embeds.
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
    Site::of_one_server(installation, String::new()).await
}

/// The same installation with another model.
async fn restarted(site: Site, server: Server, model: &str) -> (Site, Server) {
    server.kill();
    let model = format!("local/{model}");
    tokio::task::spawn_blocking(move || {
        let mut site = site;
        site.installation = site
            .installation
            .with("CONVOSPHERE_MODELS__EMBEDDING", &model);
        let server = site.installation.serve();
        site.moved_to(&server.url);
        (site, server)
    })
    .await
    .unwrap()
}

async fn base(ada: &Person<'_>) -> String {
    let body = json!({"name": "Harbour", "chunk_tokens": 50, "chunk_overlap": 0});
    ada.post(0, "knowledge-bases", body).await.text("/id")
}

/// A document of so many sections, each a passage of its own, which is embedded as it is and by its words.
fn sections(numbers: std::ops::Range<usize>) -> String {
    let section = |n| format!("## Buoy {n}\n\nThe buoy number {n} is painted every {n} years.\n\n");
    numbers.map(section).collect()
}

async fn add(ada: &Person<'_>, base: &str, text: &str) -> String {
    let path = format!("knowledge-bases/{base}/documents");
    let added = ada.upload(&path, "buoys.md", text.as_bytes()).await;
    added.text("/id")
}

async fn embedded_by(ada: &Person<'_>, id: &str, model: &str) -> Value {
    let (path, model) = (format!("documents/{id}"), json!(format!("local/{model}")));
    ada.until(0, &path, |document| document["embedding_model"] == model)
        .await
}

async fn search(ada: &Person<'_>, query: &str) -> Value {
    let found = ada.post(0, "knowledge/search", json!({"query": query}));
    found.await.body
}

/// Texts of passages that were paid for, questions left out.
fn paid(provider: &Provider) -> Vec<String> {
    let mut texts = provider.embedded();
    texts.retain(|text| text.contains("painted"));
    texts
}

/// How often the most often asked text was asked for.
fn most_often(texts: &[String]) -> usize {
    let times = |text| texts.iter().filter(|other| *other == text).count();
    texts.iter().map(times).max().unwrap_or(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn each_text_is_embedded_once_whatever_happens_to_the_views() {
    let provider = Provider::start().await;
    let (site, server) = site(&provider, "embed-64").await;
    let ada = site.log_in("ada@example.org").await;
    let base = base(&ada).await;
    let id = add(&ada, &base, &sections(1..41)).await;
    let document = embedded_by(&ada, &id, "embed-64").await;
    assert_eq!(document["chunks"], 40, "{document}");
    assert_eq!(paid(&provider).len(), 80);
    let found = search(&ada, "buoy number 7").await;
    assert_eq!(found["by_meaning"], true, "{found}");
    assert_eq!(found["items"][0]["chunk"]["number"], 6, "{found}");

    // The search over everything finds by meaning where it is asked to: no passage holds all of these words.
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
    assert_eq!(paid(&provider).len(), 80);

    // A new version pays for what is new in it.
    let path = format!("documents/{id}/content");
    let file = ("buoys.md", sections(1..43));
    let replaced = ada.send_file(Method::PUT, &path, (file.0, file.1.as_bytes()));
    let replaced = replaced.await;
    assert_eq!(replaced.status, 202, "{replaced:?}");
    let more = |document: &Value| document["chunks"] == 42;
    ada.until(0, &format!("documents/{id}"), more).await;
    embedded_by(&ada, &id, "embed-64").await;
    assert_eq!(paid(&provider).len(), 84);

    // Another model embeds everything, without anybody asking for it.
    let (site, _server) = restarted(site, server, "embed-32").await;
    let ada = site.log_in("ada@example.org").await;
    embedded_by(&ada, &id, "embed-32").await;
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
async fn a_killed_server_pays_for_no_more_than_the_call_that_it_died_over() {
    let provider = Provider::start().await;
    let (site, server) = site(&provider, "embed-64").await;
    let (base, id) = {
        let ada = site.log_in("ada@example.org").await;
        let base = base(&ada).await;
        let id = add(&ada, &base, &sections(1..301)).await;
        (base, id)
    };
    // In the middle of it, or before, or after: whatever the moment, this holds.
    let some = async {
        while provider.embedded().len() < 64 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, some).await.unwrap();
    let (site, _server) = restarted(site, server, "embed-64").await;
    let ada = site.log_in("ada@example.org").await;
    embedded_by(&ada, &id, "embed-64").await;
    let texts = paid(&provider);
    assert!((600..=632).contains(&texts.len()), "{}", texts.len());
    assert!(most_often(&texts) <= 2);
    let listed = ada
        .get(0, &format!("knowledge-bases/{base}/documents"))
        .await;
    assert_eq!(listed.body["items"][0]["embedding_error"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_that_fails_is_said_and_words_are_found_meanwhile() {
    let provider = Provider::start().await;
    let (site, server) = site(&provider, "status-404").await;
    let ada = site.log_in("ada@example.org").await;
    let base = base(&ada).await;
    let id = add(&ada, &base, &sections(1..4)).await;
    let path = format!("documents/{id}");
    let failed = |document: &Value| document["embedding_error"].is_string();
    let document = ada.until(0, &path, failed).await;
    assert_eq!(document["status"], "ready");
    let error = document["embedding_error"].as_str().unwrap();
    assert!(error.contains("404") && !error.contains(KEY), "{error}");
    let found = search(&ada, "buoy number 2").await;
    assert_eq!(found["by_meaning"], false);
    assert_eq!(found["items"][0]["chunk"]["number"], 1, "{found}");
    let doctor =
        |site: &Site| tokio::task::block_in_place(|| ok(&site.installation.run(&["doctor"])));
    let told = doctor(&site);
    assert!(
        told.contains("404") && told.contains("by their words alone"),
        "{told}"
    );

    // With a model that answers it heals by itself.
    let (site, _server) = restarted(site, server, "embed-16").await;
    let ada = site.log_in("ada@example.org").await;
    let document = embedded_by(&ada, &id, "embed-16").await;
    assert_eq!(document["embedding_error"], Value::Null);
    assert!(doctor(&site).contains("local/embed-16 answers with 16 numbers"));
    // A provider that takes the key no more: the words of a question are looked for.
    provider.revoke();
    let found = search(&ada, "buoy number 2").await;
    assert_eq!(found["by_meaning"], false);
    assert_eq!(found["items"][0]["chunk"]["number"], 1, "{found}");
}

#[tokio::test(flavor = "multi_thread")]
async fn vectors_of_another_length_are_refused_and_never_compared() {
    let provider = Provider::start().await;
    let (site, server) = site(&provider, "uneven-8").await;
    let ada = site.log_in("ada@example.org").await;
    let base = base(&ada).await;
    let id = add(&ada, &base, &sections(1..4)).await;
    let failed = |document: &Value| document["embedding_error"].is_string();
    let document = ada.until(0, &format!("documents/{id}"), failed).await;
    let error = document["embedding_error"].as_str().unwrap();
    assert!(error.contains("different lengths"), "{error}");
    let found = search(&ada, "buoy number 2").await;
    assert_eq!(found["items"][0]["chunk"]["number"], 1, "{found}");
    // One with another length than before: documents get its vectors, and none of the old ones is compared.
    let (site, server) = restarted(site, server, "embed-16").await;
    let ada = site.log_in("ada@example.org").await;
    embedded_by(&ada, &id, "embed-16").await;
    let (site, _server) = restarted(site, server, "embed-24").await;
    let ada = site.log_in("ada@example.org").await;
    embedded_by(&ada, &id, "embed-24").await;
    let found = search(&ada, "buoy number 2").await;
    assert_eq!(found["by_meaning"], true, "{found}");
    assert_eq!(found["items"][0]["chunk"]["number"], 1, "{found}");
}

/// The first numbers of what is found with a model that reranks.
async fn reranked(provider: &Provider, model: &str) -> Vec<Value> {
    let (base_url, model) = (provider.base_url(), format!("local/{model}"));
    let installation = move || {
        let installation = Installation::external().with("CONVOSPHERE_MODELS__RERANKING", &model);
        let add = ["providers", "add", "local", "--base-url", &base_url];
        let add = [&add[..], &["--api-key-stdin"]].concat();
        ok(&installation.run_with_input(&add, KEY));
        installation
    };
    let (site, _server) = Site::of_one_server(installation, String::new()).await;
    let ada = site.log_in("ada@example.org").await;
    let base = base(&ada).await;
    let id = add(&ada, &base, &sections(1..6)).await;
    let ready = |document: &Value| document["status"] == "ready";
    ada.until(0, &format!("documents/{id}"), ready).await;
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
async fn a_model_that_reranks_has_the_last_word_where_it_has_any() {
    let provider = Provider::start().await;
    let kept = reranked(&provider, "status-500").await;
    assert_eq!(kept[0], 1);
    let odd = reranked(&provider, "odd").await;
    // Of the last alone it said something.
    assert_eq!(odd[1], kept[0]);
    let reverse = reranked(&provider, "reverse").await;
    assert_eq!(reverse[0], odd[0]);
    assert_ne!(reverse[0], kept[0]);
}

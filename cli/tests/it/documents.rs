//! Real documents through the real program: processed in a sandbox, searched, and cited by page.

use std::fmt::Write;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::json;

use crate::program::Installation;
use crate::site::{Person, Site, wait_for_frame};

fn documents() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../testing/documents"))
}

pub async fn site() -> (Site, crate::program::Server) {
    let installation = || Installation::external().with("CONVOSPHERE_RATE_LIMIT__ENABLED", "false");
    Site::with_one_server(installation, String::new()).await
}

pub async fn base(ada: &Person<'_>) -> String {
    let made = ada
        .post(0, "knowledge-bases", json!({"name": "Tower"}))
        .await;
    made.text("/id")
}

async fn add(ada: &Person<'_>, base: &str, name: &str) -> String {
    let bytes = std::fs::read(documents().join(name)).unwrap();
    upload(ada, base, name.rsplit('/').next().unwrap(), &bytes).await
}

pub async fn upload(ada: &Person<'_>, base: &str, name: &str, bytes: &[u8]) -> String {
    let path = format!("knowledge-bases/{base}/documents");
    let added = ada.upload(&path, name, bytes).await;
    assert_eq!(added.status, 202, "{name}: {added:?}");
    added.text("/id")
}

/// Waits until the document is processed or has failed.
pub async fn ended(ada: &Person<'_>, id: &str) -> serde_json::Value {
    let path = format!("documents/{id}");
    ada.wait_until(0, &path, |document| {
        let status = document["status"].as_str().unwrap();
        status == "ready" || status == "failed"
    })
    .await
}

/// File, question, a text of the best passage, and its page.
const FACTS: &[(&str, &str, &str, Option<u32>)] = &[
    (
        "handbook.pdf",
        "How much leave does an employee have a year?",
        "thirty days",
        Some(1),
    ),
    (
        "handbook.pdf",
        "When is a certificate due for the sick?",
        "fourth day",
        Some(2),
    ),
    (
        "handbook.pdf",
        "How high is the lantern allowance?",
        "forty euros",
        Some(3),
    ),
    (
        "contract.docx",
        "What notice ends the contract?",
        "three months",
        None,
    ),
    (
        "contract.docx",
        "What is the monthly pay of a keeper?",
        "4,200 euros",
        None,
    ),
    (
        "budget.xlsx",
        "How much did lamp oil cost?",
        "1800",
        Some(1),
    ),
    ("budget.xlsx", "Which post has Grace?", "Mate", Some(2)),
    (
        "winter.pptx",
        "When may ice block the harbour?",
        "January to March",
        Some(2),
    ),
    ("notes.html", "When is honey drawn?", "August", None),
    ("garden.md", "When are potatoes dug?", "September", None),
    ("stock.csv", "How many buoys are there?", "Pieces: 9", None),
    (
        "signal.py",
        "How many seconds does a dot last?",
        "0.5",
        None,
    ),
    (
        "ordnung.txt",
        "Wer reinigt die Treppen am Samstag?",
        "Bewohnern",
        None,
    ),
];

#[tokio::test(flavor = "multi_thread")]
async fn documents_of_every_kind_can_be_searched() {
    let (site, _server) = site().await;
    let ada = site.log_in("ada@example.org").await;
    let base = base(&ada).await;
    let mut names: Vec<&str> = FACTS.iter().map(|fact| fact.0).collect();
    names.dedup();
    let mut ids = Vec::new();
    for name in &names {
        ids.push(add(&ada, &base, name).await);
    }
    for (id, name) in ids.iter().zip(&names) {
        let document = ended(&ada, id).await;
        assert_eq!(document["status"], "ready", "{name}: {document}");
    }
    for (name, question, says, page) in FACTS {
        let found = ada
            .post(0, "knowledge/search", json!({"query": question}))
            .await;
        let first = &found.body["items"][0];
        assert_eq!(first["document_name"], *name, "{question}: {found:?}");
        let text = first["chunk"]["text"].as_str().unwrap();
        assert!(text.contains(says), "{question}: {text}");
        assert_eq!(first["chunk"]["page"], json!(page), "{question}");
    }
    // Scripts are not indexed.
    let hidden = ada
        .post(0, "knowledge/search", json!({"query": "alert"}))
        .await;
    assert_eq!(hidden.body["items"], json!([]));
    // An answer cites the page, and its citation leads to the passage.
    let assistant = json!({"name": "Keeper", "knowledge_base_ids": [base]});
    let assistant = ada.post(0, "assistants", assistant).await.text("/id");
    let conversation = json!({"assistant_id": assistant});
    let conversation = ada.post(0, "conversations", conversation).await.text("/id");
    let question = json!({"content": "How high is the lantern allowance?"});
    let path = format!("conversations/{conversation}/messages");
    let run = ada.post(0, &path, question).await.text("/response/id");
    let mut frames = ada.frames(0, &format!("responses/{run}/stream"), "").await;
    let (_, _, end) = wait_for_frame(&mut frames, "response.completed").await;
    let citation = &end["message"]["citations"][0];
    assert_eq!(citation["title"], "handbook.pdf, page 3", "{end}");
    let location = citation["location"].as_str().unwrap();
    let (document, passage) = location.rsplit_once("?passage=").unwrap();
    let document = document.rsplit('/').next().unwrap();
    let around = ada
        .get(0, &format!("documents/{document}/chunks?around={passage}"))
        .await;
    let opened = around.body["items"].as_array().unwrap();
    assert!(
        opened
            .iter()
            .any(|chunk| chunk["text"] == citation["quote"]),
        "{around:?}"
    );
}

/// A PDF file of 100,000 identical pages.
fn endless_pdf() -> Vec<u8> {
    const PAGES: usize = 100_000;
    let kids: String = (0..PAGES)
        .map(|page| format!("{} 0 R ", page + 5))
        .collect();
    let text = "BT /F1 12 Tf 20 100 Td (A page.) Tj ET";
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        format!("<< /Type /Pages /Kids [{kids}] /Count {PAGES} >>"),
        format!("<< /Length {} >>\nstream\n{text}\nendstream", text.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 3 0 R /Resources << /Font << /F1 4 0 R >> >> >>";
    objects.resize(PAGES + 4, page.to_owned());
    let mut file = "%PDF-1.7\n".to_owned();
    let mut places = String::new();
    for (number, object) in objects.iter().enumerate() {
        writeln!(places, "{:010} 00000 n ", file.len()).unwrap();
        write!(file, "{} 0 obj\n{object}\nendobj\n", number + 1).unwrap();
    }
    let (start, size) = (file.len(), objects.len() + 1);
    write!(
        file,
        "xref\n0 {size}\n0000000000 65535 f \n{places}trailer\n"
    )
    .unwrap();
    write!(
        file,
        "<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    )
    .unwrap();
    file.into_bytes()
}

/// UP-04, UP-05: hostile documents do not affect others.
#[tokio::test(flavor = "multi_thread")]
async fn hostile_documents_fail_alone() {
    let (site, _server) = site().await;
    let ada = site.log_in("ada@example.org").await;
    let base = base(&ada).await;
    let cases = [
        ("hostile/bomb.docx", "failed", Some("too_large")),
        ("hostile/deep.docx", "failed", Some("too_large")),
        ("hostile/bomb.pdf", "failed", Some("too_large")),
        ("hostile/cut.pdf", "failed", Some("unreadable")),
        ("hostile/loop.pdf", "failed", Some("unreadable")),
        ("hostile/locked.pdf", "failed", Some("encrypted")),
        ("hostile/blank.pdf", "failed", Some("no_text")),
        // Entities are not expanded.
        ("hostile/xxe.docx", "ready", None),
        ("hostile/laughs.docx", "ready", None),
        ("garden.md", "ready", None),
    ];
    let mut ids = Vec::new();
    for (name, ..) in &cases {
        ids.push(add(&ada, &base, name).await);
    }
    for (id, (name, status, code)) in ids.iter().zip(cases) {
        let document = ended(&ada, id).await;
        assert_eq!(document["status"], status, "{name}: {document}");
        assert_eq!(
            document["error"]["code"].as_str(),
            code,
            "{name}: {document}"
        );
    }
    // More pages than the limit.
    let id = upload(&ada, &base, "endless.pdf", &endless_pdf()).await;
    let document = ended(&ada, &id).await;
    assert_eq!(document["error"]["code"], "too_large", "{document}");
    let leaked = json!({"query": "root bin bash nologin lol"});
    let leaked = ada.post(0, "knowledge/search", leaked).await;
    assert_eq!(leaked.body["items"], json!([]));
}

/// Unusual PDF files: notes are indexed, and pages without text are reported.
#[tokio::test(flavor = "multi_thread")]
async fn parts_left_out_of_a_pdf_are_reported_and_its_notes_are_found() {
    let (site, _server) = site().await;
    let ada = site.log_in("ada@example.org").await;
    let base = base(&ada).await;
    let page = |kind: &str, page: u32| json!({"kind": kind, "page": page, "count": null});
    let cases = [
        ("minutes.pdf", json!([page("page_without_text", 2)])),
        (
            "cut.pdf",
            json!([page("unreadable_page", 4), page("unreadable_page", 5)]),
        ),
        ("sealed.pdf", json!([])),
        ("cjk.pdf", json!([])),
    ];
    for (name, left_out) in cases {
        let bytes = std::fs::read(documents().join("../corpus/odd-pdf").join(name)).unwrap();
        let id = upload(&ada, &base, name, &bytes).await;
        let document = ended(&ada, &id).await;
        assert_eq!(document["status"], "ready", "{name}: {document}");
        assert_eq!(document["left_out"], left_out, "{name}: {document}");
    }
    for (query, name) in [
        ("Who paid? Otter", "minutes.pdf"),
        ("Needs shore power", "sealed.pdf"),
    ] {
        let found = ada.post(0, "knowledge/search", json!({"query": query}));
        let first = &found.await.body["items"][0];
        assert_eq!(first["document_name"], name, "{query}: {first}");
        assert_eq!(first["chunk"]["page"], 1, "{query}");
    }
}

/// The server is killed between the upload and the end of the processing; the next server finishes it.
#[tokio::test(flavor = "multi_thread")]
async fn a_killed_server_processes_its_documents_after_a_restart() {
    let (mut site, server) = site().await;
    let (base, ids, access) = {
        let ada = site.log_in("ada@example.org").await;
        let base = base(&ada).await;
        let mut ids = Vec::new();
        for name in ["handbook.pdf", "contract.docx", "winter.pptx"] {
            ids.push(add(&ada, &base, name).await);
        }
        (base, ids, ada.access.clone())
    };
    server.kill();
    let (_server, site) = tokio::task::spawn_blocking(move || {
        let server = site.installation.serve();
        site.set_url(&server.url);
        (server, site)
    })
    .await
    .unwrap();
    let ada = site.log_in("ada@example.org").await;
    assert_ne!(ada.access, access);
    for id in &ids {
        assert_eq!(ended(&ada, id).await["status"], "ready");
    }
    let listed = ada
        .get(0, &format!("knowledge-bases/{base}/documents"))
        .await;
    assert_eq!(listed.body["items"].as_array().unwrap().len(), 3);
    let query = json!({"query": "lantern allowance"});
    let found = ada.post(0, "knowledge/search", query).await;
    assert_eq!(
        found.body["items"].as_array().unwrap().len(),
        1,
        "{found:?}"
    );
}

/// The number of processing attempts according to the log.
async fn attempts(pool: &sqlx::PgPool, document: &str) -> i64 {
    sqlx::query_scalar(
        "select count(*) from events where aggregate_id = $1 and event_type = 'processing_started'",
    )
    .bind(document)
    .fetch_one(pool)
    .await
    .unwrap()
}

/// The longest outage is longer than five attempts would take.
#[tokio::test(flavor = "multi_thread")]
async fn processing_survives_an_outage_of_the_file_store_or_the_database() {
    let direct = testing::database_url().await;
    let proxy = testing::Proxy::start(&direct).await;
    let pool = sqlx::PgPool::connect(&direct).await.unwrap();
    let url = proxy.url();
    let installation = move || {
        Installation::private()
            .with("DATABASE_URL", &url)
            .with("CONVOSPHERE_RATE_LIMIT__ENABLED", "false")
    };
    let (site, _server) = Site::with_one_server(installation, String::new()).await;
    let ada = site.log_in("ada@example.org").await;
    let base = base(&ada).await;
    let files = site.installation.data_dir().join("files");
    let aside = site.installation.data_dir().join("files-aside");
    for (length, name) in [
        (200, "garden.md"),
        (1_000, "contract.docx"),
        (5_000, "handbook.pdf"),
    ] {
        let length = Duration::from_millis(length);
        let id = add(&ada, &base, name).await;
        assert_eq!(ended(&ada, &id).await["status"], "ready", "{name}");

        // A file in place of the folder makes the file store fail.
        std::fs::rename(&files, &aside).unwrap();
        std::fs::write(&files, "no folder").unwrap();
        let again = ada
            .post(0, &format!("documents/{id}/reprocess"), json!({}))
            .await;
        assert!(again.status < 300, "{again:?}");
        while attempts(&pool, &id).await < 2 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        tokio::time::sleep(length).await;
        std::fs::remove_file(&files).unwrap();
        std::fs::rename(&aside, &files).unwrap();
        assert_eq!(ended(&ada, &id).await["status"], "ready", "{name}");
        assert_eq!(
            attempts(&pool, &id).await,
            2,
            "{name}, file store unavailable for {length:?}"
        );

        let again = ada
            .post(0, &format!("documents/{id}/reprocess"), json!({}))
            .await;
        assert!(again.status < 300, "{again:?}");
        proxy.refuse(true).await;
        proxy.cut_all();
        tokio::time::sleep(length).await;
        proxy.refuse(false).await;
        let path = format!("documents/{id}");
        let document = loop {
            let document = ada.get(0, &path).await;
            if document.status == 200
                && document.body["status"] != "processing"
                && document.body["status"] != "queued"
            {
                break document.body;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        };
        assert_eq!(document["status"], "ready", "{name}: {document}");
        // The outage may have hidden that an attempt was recorded.
        assert!(
            attempts(&pool, &id).await <= 4,
            "{name}, database unavailable for {length:?}"
        );
    }
}

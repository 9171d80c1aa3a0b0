//! Imports of archives, conversations and foreign exports, including hostile ones.

use std::io::{Cursor, Read, Write};

use reqwest::Method;
use serde_json::{Value, json};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::cases::World;
use crate::examples::Recorder;
use crate::feature::{Feature, NewCase, Recording, Rules};
use crate::files::upload_own;
use crate::rights::Rule;
use crate::test_app::{Person, TestApp};

pub struct Imports;

impl Feature for Imports {
    fn rules(&self) -> Rules {
        // The body names a file; guests are refused first.
        &[(Rule::ByRole([403, 422, 422, 422]), &["startImport"])]
    }

    fn case<'a>(&'a self, world: &'a World<'a>, operation: &'a str) -> NewCase<'a> {
        Box::pin(async move {
            if operation != "startImport" {
                return None;
            }
            let first = json!({"file_id": upload_own(&world.ada, "first").await});
            let second = json!({"file_id": upload_own(&world.ada, "second").await});
            let case = world.json(operation, &[], first, second);
            Some(case.sent_by(&world.ada))
        })
    }

    fn record<'a>(&'a self, recorder: &'a mut Recorder<'_>) -> Recording<'a> {
        Box::pin(async move {
            let file = ("conversations.json", "[]");
            let file = recorder
                .upload("uploadFile", recorder.admin(&[]), file)
                .await;
            let body = json!({"file_id": file["id"]});
            recorder
                .call_with_body("startImport", recorder.admin(&[]), body)
                .await;
        })
    }
}

/// The program that reads imports in a separate process: an example of this crate, built with its tests.
pub fn import_reader() -> std::path::PathBuf {
    let test = std::env::current_exe().unwrap();
    let reader = test.parent().unwrap().join("../examples/read_import");
    assert!(
        reader.exists(),
        "run cargo build -p api --examples to build {}",
        reader.display()
    );
    reader
}

/// Uploads and imports a file, and returns the ended job.
pub async fn import(person: &Person<'_>, name: &str, bytes: &[u8]) -> Value {
    let file = person.upload("/files", name, bytes).await;
    assert!(file.status.is_success(), "{file:?}");
    let job = person.post("/imports", json!({"file_id": file.id()})).await;
    assert_eq!(job.status, 202, "{job:?}");
    wait_for_end(person, &job.id()).await
}

async fn wait_for_end(person: &Person<'_>, job: &str) -> Value {
    loop {
        let path = format!("/jobs/{job}/stream");
        let stream = person.request(Method::GET, &path).send().await.unwrap();
        stream.text().await.unwrap();
        let job = person.get(&format!("/jobs/{job}")).await.body;
        if !job["ended_at"].is_null() {
            return job;
        }
    }
}

/// Imports a file and returns the result of the completed job.
pub async fn import_completed(person: &Person<'_>, name: &str, bytes: &[u8]) -> Value {
    let job = import(person, name, bytes).await;
    assert_eq!(job["status"], "completed", "{job}");
    job["result"].clone()
}

pub async fn bytes(person: &Person<'_>, path: &str) -> Vec<u8> {
    let answer = person.request(Method::GET, path).send().await.unwrap();
    assert_eq!(answer.status(), 200, "{path}");
    answer.bytes().await.unwrap().to_vec()
}

async fn archive(person: &Person<'_>) -> (Vec<u8>, Value) {
    let bytes = bytes(person, "/exports/archive").await;
    let mut zip = ZipArchive::new(Cursor::new(bytes.clone())).unwrap();
    let manifest = serde_json::from_reader(zip.by_name("manifest.json").unwrap()).unwrap();
    (bytes, manifest)
}

pub async fn conversations(person: &Person<'_>, query: &str) -> Vec<Value> {
    let path = format!("/conversations?limit=100&{query}");
    let list = person.get(&path).await.body["items"].clone();
    list.as_array().unwrap().clone()
}

pub async fn messages(person: &Person<'_>, conversation: &str) -> Vec<Value> {
    let path = format!("/conversations/{conversation}/messages?limit=200");
    let list = person.get(&path).await.body["items"].clone();
    list.as_array().unwrap().iter().rev().cloned().collect()
}

/// Creates everything that a user can own.
async fn create_everything(ada: &Person<'_>) {
    let rules = ada
        .upload("/files", "rules <1>.txt", b"Rules of tea.")
        .await
        .id();
    let base = ada
        .post(
            "/knowledge-bases",
            json!({"name": "Handbook", "tags": ["tea"], "chunk_tokens": 200}),
        )
        .await
        .id();
    let documents = format!("/knowledge-bases/{base}/documents");
    ada.upload(&documents, "tea.txt", b"Tea is made with water.")
        .await;
    let assistant = json!({
        "name": "Butler", "instructions": "Be polite.", "knowledge_base_ids": [base], "status": "active",
        "visibility": "private", "temperature": 0.5,
    });
    let assistant = ada.post("/assistants", assistant).await.id();
    let first = json!({"title": "Plan: A/B * <b>", "assistant_id": assistant});
    let first = ada.post("/conversations", first).await.id();
    let path = format!("/conversations/{first}/messages");
    let asked = json!({"content": "First", "respond": false, "attachment_ids": [rules]});
    let question = ada.post(&path, asked).await.body["message"]["id"].clone();
    ada.ask(&first, "Where is my data stored?").await;
    let edit = format!("/messages/{}/edit", question.as_str().unwrap());
    let edited = ada.post(&edit, json!({"content": "Another first"})).await;
    assert_eq!(edited.status, 201, "{edited:?}");
    let (asked, _) = ada.ask(&first, "What is a log?").await;
    let answer = asked["response"]["message_id"].as_str().unwrap();
    let rating = format!("/messages/{answer}/feedback");
    let rated = ada.put(&rating, json!({"rating": "up"})).await;
    assert!(rated.status.is_success(), "{rated:?}");
    for (title, change) in [
        ("Kept", json!({"pinned": true})),
        ("Old", json!({"archived": true})),
    ] {
        let id = ada
            .post("/conversations", json!({"title": title}))
            .await
            .id();
        ada.ask(&id, "What is a position?").await;
        let path = format!("/conversations/{id}");
        assert_eq!(ada.patch(&path, change).await.status, 200);
    }
    let gone = ada
        .post("/conversations", json!({"title": "Trash"}))
        .await
        .id();
    ada.delete(&format!("/conversations/{gone}")).await;
}

#[tokio::test]
async fn an_archive_is_imported_elsewhere_with_the_same_digest() {
    let here = TestApp::start().await;
    let ada = here.admin().await;
    create_everything(&ada).await;
    let (exported, manifest) = archive(&ada).await;
    assert_eq!(manifest["format"], "convosphere.archive");
    assert_eq!(manifest["conversations"], 4);
    assert_eq!(manifest["owner"]["email"], "admin@example.org");

    let there = TestApp::start().await;
    let bob = there.admin().await;
    let result = import_completed(&bob, "everything.zip", &exported).await;
    assert_eq!(
        result["conversations"],
        json!({"new": 4, "known": 0}),
        "{result}"
    );
    assert_eq!(result["files"], json!({"new": 2, "known": 0, "missing": 0}));
    assert_eq!(result["assistants"], json!({"new": 1, "known": 0}));
    assert_eq!(result["knowledge_bases"], json!({"new": 1, "known": 0}));
    assert_eq!(result["documents"], json!({"new": 1, "known": 0}));
    assert_eq!(result["refused"], 0);
    assert_eq!(result["digest"]["whole"], true);
    let (_, again) = archive(&bob).await;
    assert_eq!(again["digest"], manifest["digest"]);

    // Titles, times, order, versions, ratings, files and sources are the same.
    for query in ["", "archived=true", "trashed=true"] {
        let (here, there) = (
            conversations(&ada, query).await,
            conversations(&bob, query).await,
        );
        assert!(!here.is_empty());
        let seen = |list: &[Value]| -> Vec<Value> {
            let keys = [
                "title",
                "pinned",
                "created_at",
                "updated_at",
                "message_count",
            ];
            list.iter()
                .map(|one| keys.iter().map(|key| one[key].clone()).collect())
                .collect()
        };
        assert_eq!(seen(&there), seen(&here));
        assert!(
            there
                .iter()
                .all(|one| one["imported_from"] == "convosphere")
        );
        for (one, other) in here.iter().zip(&there) {
            let contents = async |person: &Person<'_>, id: &Value| -> Vec<Value> {
                let keys = [
                    "role",
                    "content",
                    "parts",
                    "citations",
                    "status",
                    "feedback",
                    "created_at",
                ];
                messages(person, id.as_str().unwrap())
                    .await
                    .iter()
                    .map(|one| keys.iter().map(|key| one[key].clone()).collect())
                    .collect()
            };
            assert_eq!(
                contents(&bob, &other["id"]).await,
                contents(&ada, &one["id"]).await
            );
        }
    }
    let assistants = bob.get("/assistants").await.body["items"].clone();
    let butler = assistants
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["name"] == "Butler")
        .unwrap();
    assert_eq!(butler["visibility"], "private");
    let base = butler["knowledge_base_ids"][0].as_str().unwrap();
    let documents = bob.get(&format!("/knowledge-bases/{base}/documents")).await;
    assert_eq!(documents.body["items"][0]["name"], "tea.txt");
    let files = bob.get("/files").await.body["items"].clone();
    let rules = files
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["name"] == "rules <1>.txt")
        .unwrap();
    let content = format!("/files/{}/content", rules["id"].as_str().unwrap());
    assert_eq!(bytes(&bob, &content).await, b"Rules of tea.");

    assert_repeated_imports_change_nothing(&ada, &bob, &exported).await;
}

/// In the target installation, and in the source installation, where everything still exists.
async fn assert_repeated_imports_change_nothing(
    ada: &Person<'_>,
    bob: &Person<'_>,
    exported: &[u8],
) {
    let before = bob.events().await;
    let result = import_completed(bob, "everything.zip", exported).await;
    assert_eq!(result["conversations"], json!({"new": 0, "known": 4}));
    assert_eq!(result["messages"], 0);
    assert_eq!(result["files"], json!({"new": 0, "known": 2, "missing": 0}));
    assert_eq!(result["documents"], json!({"new": 0, "known": 1}));
    assert_eq!(bob.events().await, before);
    let result = import_completed(ada, "everything.zip", exported).await;
    assert_eq!(
        result["conversations"],
        json!({"new": 0, "known": 4}),
        "{result}"
    );
    assert_eq!(result["assistants"], json!({"new": 0, "known": 1}));
}

#[tokio::test]
async fn imported_conversations_are_found_continued_and_erased() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let original = ada
        .post("/conversations", json!({"title": "Tea"}))
        .await
        .id();
    ada.ask(&original, "Where is my heliotrope data stored?")
        .await;
    let export = format!("/conversations/{original}/export?format=json");
    let exported = bytes(&ada, &export).await;
    let whole: Value = serde_json::from_slice(&exported).unwrap();
    // The conversation still exists.
    let result = import_completed(&ada, "tea.json", &exported).await;
    assert_eq!(result["conversations"], json!({"new": 0, "known": 1}));
    // Another user gets a copy.
    let bob = app.person("bob").await;
    let result = import_completed(&bob, "tea.json", &exported).await;
    assert_eq!(result["conversations"], json!({"new": 1, "known": 0}));
    let copy = conversations(&bob, "").await[0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_ne!(copy, original);
    assert_eq!(ada.get(&format!("/conversations/{copy}")).await.status, 404);
    assert_eq!(result["digest"], whole["digest"]);

    let found = crate::search::wait_for_hits(&bob, "q=heliotrope").await;
    assert_eq!(found[0]["conversation_id"], copy.as_str(), "{found:?}");
    let list = messages(&bob, &copy).await;
    assert_eq!(list.len(), 2);
    assert!(list.iter().all(|one| one["response_id"].is_null()));
    let again = format!("/messages/{}/regenerate", list[1]["id"].as_str().unwrap());
    assert_eq!(bob.post(&again, json!({})).await.status, 201);
    let (asked, _) = bob.ask(&copy, "What is a position?").await;
    let run = asked["response"]["id"].as_str().unwrap();
    let prompt = bob
        .get(&format!("/responses/{run}/prompt"))
        .await
        .body
        .to_string();
    assert!(prompt.contains("heliotrope"), "{prompt}");

    // The copy is erased with its owner, including text that others have written.
    let erasing = ada.delete(&format!("/users/{}", bob.id)).await;
    assert_eq!(erasing.status, 202, "{erasing:?}");
    assert_eq!(
        wait_for_end(&ada, &erasing.id()).await["status"],
        "completed"
    );
    assert!(app.is_erased("conversation", &copy).await);
    assert!(!app.is_erased("conversation", &original).await);
}

pub fn zip_archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(vec![]));
    for (name, bytes) in entries {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[tokio::test]
async fn invalid_and_hostile_files_fail_and_change_nothing() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let id = ada
        .post("/conversations", json!({"title": "Tea"}))
        .await
        .id();
    ada.ask(&id, "Where is my data stored?").await;
    let exported = bytes(&ada, &format!("/conversations/{id}/export?format=json")).await;
    let text = String::from_utf8(exported).unwrap();
    let (whole, _) = archive(&ada).await;
    let bob = app.person("bob").await;
    let spaces = vec![b' '; 129 << 20];
    let bomb = zip_archive(&[(
        "conversations.json",
        &[b"[\"", spaces.as_slice(), b"\"]"].concat(),
    )]);
    let deep = format!("[{}", "[".repeat(100_000));
    let cases: [(&str, Vec<u8>, &str); 10] = [
        (
            "note.txt",
            b"Just a note.".to_vec(),
            "not a supported export",
        ),
        ("empty.json", b"".to_vec(), "not a supported export"),
        ("list.json", b"[{\"id\":1}".to_vec(), "could not be read"),
        ("deep.json", deep.into_bytes(), "could not be read"),
        (
            "cut.json",
            text.as_bytes()[..text.len() / 2].to_vec(),
            "could not be read",
        ),
        (
            "changed.json",
            text.replace("data stored", "data storms").into_bytes(),
            "changed after its export",
        ),
        (
            "newer.json",
            text.replacen("\"version\":1", "\"version\":9", 1)
                .into_bytes(),
            "up to 1",
        ),
        (
            "cut.zip",
            whole[..whole.len() - 30].to_vec(),
            "could not be read",
        ),
        ("other.zip", zip_archive(&[("a.txt", b"x")]), "neither"),
        ("bomb.zip", bomb, "more than"),
    ];
    for (name, file, wanted) in cases {
        let before = bob.events().await;
        let uploaded = bob.upload("/files", name, &file).await;
        if uploaded.status == 422 {
            // Empty files are refused at upload.
            continue;
        }
        let job = import(&bob, name, &file).await;
        assert_eq!(job["status"], "failed", "{name}: {job}");
        let error = job["error"].as_str().unwrap();
        assert!(error.contains(wanted), "{name}: {error}");
        // Only the upload.
        assert_eq!(bob.events().await, before + 1, "{name}");
    }
    // Messages of the system role are refused.
    let system = text.replacen("\"role\":\"user\"", "\"role\":\"system\"", 1);
    let digest = system.rfind(",\n\"digest\"").unwrap();
    let system = format!("{}}}", &system[..digest]);
    let result = import_completed(&bob, "system.json", system.as_bytes()).await;
    assert_eq!(result["refused"], 1, "{result}");
    assert!(conversations(&bob, "").await.is_empty());
    // Files of others are unknown.
    let file = ada.upload("/files", "tea.json", text.as_bytes()).await.id();
    let refused = bob.post("/imports", json!({"file_id": file})).await;
    assert_eq!(refused.status, 422, "{refused:?}");
    assert_eq!(refused.body["errors"][0]["code"], "unknown_file");
}

#[tokio::test]
async fn importing_an_archive_without_files_counts_them_as_missing() {
    let here = TestApp::start().await;
    let ada = here.admin().await;
    create_everything(&ada).await;
    let slim = bytes(&ada, "/exports/archive?files=false").await;
    let mut zip = ZipArchive::new(Cursor::new(slim.clone())).unwrap();
    let names: Vec<String> = (0..zip.len())
        .map(|index| zip.by_index(index).unwrap().name().unwrap().into_owned())
        .collect();
    assert!(
        names.iter().all(|name| !name.starts_with("files/")),
        "{names:?}"
    );
    let mut manifest = String::new();
    zip.by_name("manifest.json")
        .unwrap()
        .read_to_string(&mut manifest)
        .unwrap();
    let there = TestApp::start().await;
    let bob = there.admin().await;
    let result = import_completed(&bob, "slim.zip", &slim).await;
    assert_eq!(result["conversations"], json!({"new": 4, "known": 0}));
    assert_eq!(result["files"]["missing"], 2, "{result}");
    assert_eq!(result["documents"], json!({"new": 0, "known": 0}));
}

#[tokio::test]
async fn a_user_can_run_one_import_at_a_time() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let bob = app.person("bob").await;
    let list = br#"[{"id": "a", "mapping": {"b": {"message": {"author": {"role": "user"}, "content": {"parts": ["Tea"]}}}}}]"#;
    let file = ada.upload("/files", "a.json", list).await.id();
    // An import that another worker is running.
    let elsewhere = || {
        sqlx::query(
            "insert into jobs (id, kind, subject, requested_by, unit, status, held_until)
             values (gen_random_uuid(), 'import', $1, $2, 'conversations', 'running', now() + interval '1 hour')",
        )
        .bind(&file)
        .bind(uuid::Uuid::parse_str(&ada.id).unwrap())
        .execute(&app.app.pool)
    };
    elsewhere().await.unwrap();
    let asked = (0..20).map(|_| ada.post("/imports", json!({"file_id": file})));
    for refused in futures_util::future::join_all(asked).await {
        assert_eq!(refused.code(), (409, "import_running"));
    }
    // The database enforces the limit.
    let second = elsewhere().await.unwrap_err();
    assert!(second.as_database_error().unwrap().is_unique_violation());
    // Imports of others and other jobs are not affected.
    let result = import_completed(&bob, "a.json", list).await;
    assert_eq!(result["conversations"], json!({"new": 1, "known": 0}));
    let verifying = ada.post("/events/verify", json!({})).await;
    assert_eq!(
        wait_for_end(&ada, &verifying.id()).await["status"],
        "completed"
    );
}

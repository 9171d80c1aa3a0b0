//! Knowledge bases and documents: access, search and citations.

use domain::Command;
use domain::document::{
    AddPassages, CompleteProcessing, Document, Extent, FailProcessing, FailureCode, Omission,
    OmissionKind, Passage, StartProcessing,
};
use eventstore::Execution;
use eventstore::command::{Context, step};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::test_app::{PATIENCE, Person, TestApp, send, upload};

/// Processes a document as a worker would, with passages separated by blank lines.
pub async fn process(app: &TestApp, document: &str, attempt: u32, text: &str) {
    process_version(app, document, (attempt, "en"), text).await;
}

/// The same for a first attempt, in a language or in an unknown one (empty).
pub async fn process_in(app: &TestApp, document: &str, language: &str, text: &str) {
    process_version(app, document, (1, language), text).await;
}

async fn process_version(
    app: &TestApp,
    document: &str,
    (attempt, language): (u32, &str),
    text: &str,
) {
    let id: Uuid = document.parse().unwrap();
    let passages: Vec<Passage> = (0..)
        .zip(text.split("\n\n"))
        .map(|(number, text)| Passage {
            id: Uuid::now_v7(),
            number,
            text: text.to_owned(),
            headings: vec!["Rules".to_owned()],
            page: Some(number + 1),
            page_name: None,
            language: language.to_owned(),
        })
        .collect();
    let extent = Extent {
        pages: Some(1),
        passages: u32::try_from(passages.len()).unwrap(),
        characters: text.len() as u64,
    };
    let add = AddPassages {
        document_id: id,
        attempt,
        passages,
    };
    let complete = CompleteProcessing {
        attempt,
        extent,
        left_out: vec![],
    };
    execute(app, id, StartProcessing { attempt }).await;
    execute(app, id, add).await;
    let position = execute(app, id, complete).await;
    app.app.progress.wait_for(position, PATIENCE).await.unwrap();
}

async fn execute(app: &TestApp, id: Uuid, command: impl Command<Document>) -> i64 {
    let steps = vec![step(id, None, command)];
    let execution = Execution::new(Context::worker("ingester", None), steps);
    app.executor.execute(execution).await.unwrap().position
}

/// The same with any text.
pub async fn process_any(person: &Person<'_>, document: &str) {
    process(person.app, document, 1, "Rules.").await;
}

pub async fn create_base(person: &Person<'_>) -> String {
    let made = person
        .post("/knowledge-bases", json!({"name": "Handbook"}))
        .await;
    assert_eq!(made.status, 201, "{made:?}");
    made.id()
}

pub async fn create_document(person: &Person<'_>, base: &str, name: &str, text: &str) -> String {
    let path = format!("/knowledge-bases/{base}/documents");
    let added = person.upload(&path, name, text.as_bytes()).await;
    assert_eq!(added.status, 202, "{added:?}");
    let id = added.id();
    process(person.app, &id, 1, text).await;
    id
}

async fn search(person: &Person<'_>, query: &str) -> Vec<Value> {
    let found = person
        .post("/knowledge/search", json!({"query": query}))
        .await;
    assert_eq!(found.status, 200, "{found:?}");
    found.body["items"].as_array().unwrap().clone()
}

const RULES: &str = "Employees have thirty days of annual leave.\n\n\
    Travel is booked by the office; trains go before planes.\n\n\
    The canteen serves lunch from noon to two.";

#[tokio::test]
async fn a_knowledge_base_is_created_changed_and_deleted() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let body = json!({"name": " Handbook ", "tags": ["HR", "hr", "Law"], "chunk_tokens": 80});
    let made = ada.post("/knowledge-bases", body).await;
    assert_eq!(made.body["name"], "Handbook");
    assert_eq!(made.body["tags"], json!(["HR", "Law"]));
    assert_eq!(
        (&made.body["chunk_tokens"], &made.body["chunk_overlap"]),
        (&json!(80), &json!(40))
    );
    let path = format!("/knowledge-bases/{}", made.id());
    let changed = ada
        .patch(
            &path,
            json!({"description": "All rules", "visibility": "everyone"}),
        )
        .await;
    assert_eq!(changed.body["description"], "All rules");
    assert_eq!(changed.body["tags"], json!(["HR", "Law"]));
    for (field, body) in [
        ("/name", json!({"name": ""})),
        ("/chunk_tokens", json!({"chunk_tokens": 1})),
        ("/chunk_overlap", json!({"chunk_overlap": 41})),
        ("/tags", json!({"tags": vec!["x\ny"]})),
    ] {
        let refused = ada.patch(&path, body).await;
        assert_eq!(refused.status, 422, "{refused:?}");
        assert_eq!(refused.body["errors"][0]["pointer"], field);
    }
    let tagged = ada.get("/knowledge-bases?tag=LAW").await;
    assert_eq!(tagged.body["items"].as_array().unwrap().len(), 1);
    assert_eq!(
        ada.get("/knowledge-bases?tag=x").await.body["items"],
        json!([])
    );
    // Everyone can read it, only its owner can change it.
    let bob = app.person("bob").await;
    assert_eq!(bob.get(&path).await.status, 200);
    assert_eq!(
        bob.patch(&path, json!({"name": "Mine"})).await.code(),
        (403, "not_the_owner")
    );
    let add = upload(
        bob.request(Method::POST, &format!("{path}/documents")),
        "a.txt",
        b"x",
    );
    assert_eq!(send(add).await.code(), (403, "not_the_owner"));
    assert_eq!(ada.delete(&path).await.status, 204);
    assert_eq!(ada.get(&path).await.status, 404);
}

#[tokio::test]
async fn passages_of_a_document_are_found_and_listed() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let base = create_base(&ada).await;
    let id = create_document(&ada, &base, "rules.txt", RULES).await;
    let shown = ada.get(&format!("/documents/{id}")).await;
    assert_eq!(shown.body["status"], "ready");
    assert_eq!(shown.body["chunks"], 3);
    let found = search(&ada, "How many days of leave do I have?").await;
    assert_eq!(found[0]["document_id"], json!(id));
    assert_eq!(
        found[0]["chunk"]["text"],
        "Employees have thirty days of annual leave."
    );
    // A word in another form, and one without a match.
    assert_eq!(search(&ada, "travelling").await.len(), 1);
    assert_eq!(search(&ada, "submarine").await.len(), 0);
    for odd in ["'", "\\", "a & | ! ( :*", "<->", "ä'ö\"", "the of and"] {
        search(&ada, odd).await;
    }
    let chunk = found[0]["chunk"]["id"].as_str().unwrap();
    let around = ada
        .get(&format!("/documents/{id}/chunks?around={chunk}"))
        .await;
    assert_eq!(around.body["items"][0]["number"], 0);
    let bytes = ada.get(&format!("/documents/{id}/content")).await;
    assert_eq!(bytes.status, 200);
    // Uploading the same bytes again returns the same document.
    let path = format!("/knowledge-bases/{base}/documents");
    assert_eq!(
        ada.upload(&path, "rules.txt", RULES.as_bytes()).await.id(),
        id
    );
    let listed = ada.get(&path).await;
    assert_eq!(listed.body["items"].as_array().unwrap().len(), 1);
}

/// SI-01, SI-04: searches use current access rights.
#[tokio::test]
async fn knowledge_search_respects_current_access() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let bob = app.person("bob").await;
    let base = create_base(&ada).await;
    let id = create_document(&ada, &base, "rules.txt", RULES).await;
    assert!(search(&bob, "annual leave").await.is_empty());
    let named = json!({"query": "annual leave", "knowledge_base_ids": [base]});
    let named = bob.post("/knowledge/search", named).await;
    assert_eq!(named.body["items"], json!([]));
    let path = format!("/knowledge-bases/{base}");
    ada.patch(&path, json!({"visibility": "everyone"})).await;
    assert_eq!(search(&bob, "annual leave").await.len(), 1);
    ada.patch(&path, json!({"visibility": "private"})).await;
    assert!(search(&bob, "annual leave").await.is_empty());
    ada.delete(&format!("/documents/{id}")).await;
    assert!(search(&ada, "annual leave").await.is_empty());
}

/// UP-11: results of a worker that arrive after a deletion are ignored.
#[tokio::test]
async fn a_deleted_document_stays_deleted() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let base = create_base(&ada).await;
    let path = format!("/knowledge-bases/{base}/documents");
    let id = ada.upload(&path, "rules.txt", RULES.as_bytes()).await.id();
    let document_id: Uuid = id.parse().unwrap();
    execute(&app, document_id, StartProcessing { attempt: 1 }).await;
    assert_eq!(ada.delete(&format!("/documents/{id}")).await.status, 204);
    let late = AddPassages {
        document_id,
        attempt: 1,
        passages: vec![],
    };
    let steps = vec![step(document_id, None, late)];
    let execution = Execution::new(Context::worker("ingester", None), steps);
    assert!(app.executor.execute(execution).await.is_err());
    assert_eq!(ada.get(&format!("/documents/{id}")).await.status, 404);
    // Its file was deleted too.
    assert_eq!(ada.get("/files").await.body["items"], json!([]));
}

#[tokio::test]
async fn old_passages_are_found_until_a_replaced_document_is_processed() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let base = create_base(&ada).await;
    let id = create_document(&ada, &base, "rules.txt", RULES).await;
    let path = format!("/documents/{id}/content");
    let replaced = send(upload(
        ada.request(Method::PUT, &path),
        "rules-2.txt",
        b"New.",
    ))
    .await;
    assert_eq!(
        (replaced.status.as_u16(), &replaced.body["status"]),
        (202, &json!("queued"))
    );
    assert_eq!(search(&ada, "annual leave").await.len(), 1);
    process(&app, &id, 2, "Employees have forty days of holiday.").await;
    assert!(search(&ada, "annual leave").await.is_empty());
    assert_eq!(
        search(&ada, "holiday").await[0]["document_name"],
        "rules-2.txt"
    );
    let again = ada
        .post(&format!("/documents/{id}/reprocess"), json!({}))
        .await;
    assert_eq!(again.status, 202);
    let twice = ada
        .post(&format!("/documents/{id}/reprocess"), json!({}))
        .await;
    assert_eq!(twice.code(), (409, "in_process"));
}

#[tokio::test]
async fn an_unreadable_document_has_an_error() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let base = create_base(&ada).await;
    let path = format!("/knowledge-bases/{base}/documents");
    let id = ada.upload(&path, "x.pdf", b"%PDF-1.7 broken").await.id();
    let document_id: Uuid = id.parse().unwrap();
    execute(&app, document_id, StartProcessing { attempt: 1 }).await;
    let failed = FailProcessing {
        document_id,
        attempt: 1,
        code: FailureCode::Encrypted,
        detail: "it opens with a password".to_owned(),
    };
    let position = execute(&app, document_id, failed).await;
    app.app.progress.wait_for(position, PATIENCE).await.unwrap();
    let shown = ada.get(&format!("/documents/{id}")).await;
    assert_eq!(shown.body["status"], "failed");
    assert_eq!(shown.body["error"]["code"], "encrypted");
    let failed = ada.get(&format!("{path}?status=failed")).await;
    assert_eq!(failed.body["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn left_out_parts_are_listed_until_the_document_is_reprocessed() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let base = create_base(&ada).await;
    let path = format!("/knowledge-bases/{base}/documents");
    let id = ada.upload(&path, "scan.pdf", b"%PDF-").await.id();
    let document: Uuid = id.parse().unwrap();
    let complete = async |attempt: u32, left_out: Vec<Omission>| {
        execute(&app, document, StartProcessing { attempt }).await;
        let complete = CompleteProcessing {
            attempt,
            extent: Extent::default(),
            left_out,
        };
        let position = execute(&app, document, complete).await;
        app.app.progress.wait_for(position, PATIENCE).await.unwrap();
    };
    let scanned = Omission::on_page(OmissionKind::PageWithoutText, 2);
    let letters = Omission::with_count(OmissionKind::UnknownCharacters, 3);
    complete(1, vec![scanned, letters]).await;
    let told = json!([
        {"kind": "page_without_text", "page": 2, "count": null},
        {"kind": "unknown_characters", "page": null, "count": 3}
    ]);
    let shown = ada.get(&format!("/documents/{id}")).await;
    assert_eq!(shown.body["left_out"], told, "{shown:?}");
    let listed = ada.get(&path).await;
    assert_eq!(listed.body["items"][0]["left_out"], told, "{listed:?}");
    // The list belongs to the last completed attempt.
    let again = ada
        .post(&format!("/documents/{id}/reprocess"), json!({}))
        .await;
    assert_eq!(again.body["left_out"], told, "{again:?}");
    complete(2, vec![]).await;
    let shown = ada.get(&format!("/documents/{id}")).await;
    assert_eq!(shown.body["left_out"], json!([]));
}

#[tokio::test]
async fn an_answer_cites_passages_and_the_prompt_records_them() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let base = create_base(&ada).await;
    let id = create_document(&ada, &base, "rules.txt", RULES).await;
    let assistant = json!({"name": "Clerk", "knowledge_base_ids": [base]});
    let assistant = ada.post("/assistants", assistant).await;
    assert_eq!(assistant.body["knowledge_base_ids"], json!([base]));
    let conversation = json!({"assistant_id": assistant.id()});
    let conversation = ada.post("/conversations", conversation).await.id();
    let (exchange, end) = ada
        .ask(
            &conversation,
            "How many days of annual leave do employees have?",
        )
        .await;
    let message = &end["message"];
    let citation = &message["citations"][0];
    assert_eq!(
        citation["quote"], "Employees have thirty days of annual leave.",
        "{message}"
    );
    assert_eq!(citation["title"], "rules.txt, page 1");
    let location = citation["location"].as_str().unwrap();
    assert!(location.starts_with(&format!("/knowledge/{base}/documents/{id}?passage=")));
    assert!(message["content"].as_str().unwrap().contains("[1]"));
    // The prompt can still be read after the document is deleted.
    let run = exchange["response"]["id"].as_str().unwrap();
    let prompt = ada.get(&format!("/responses/{run}/prompt")).await;
    let told = prompt.body["messages"][1]["content"].as_str().unwrap();
    assert!(
        told.contains("[1] rules.txt, page 1\n\"\"\"\nEmployees"),
        "{told}"
    );
    ada.delete(&format!("/documents/{id}")).await;
    let prompt = ada.get(&format!("/responses/{run}/prompt")).await;
    let told = prompt.body["messages"][1]["content"].as_str().unwrap();
    assert!(told.contains("[1] [erased]"), "{told}");
    // Nothing is found any more, and the answer says so.
    let (_, end) = ada
        .ask(
            &conversation,
            "How many days of annual leave do employees have?",
        )
        .await;
    let answer = end["message"]["content"].as_str().unwrap();
    assert!(
        answer.starts_with("I found nothing about that in the documents"),
        "{answer}"
    );
    assert_eq!(end["message"]["citations"], json!([]));
}

#[tokio::test]
async fn a_public_assistant_uses_only_knowledge_that_the_caller_may_read() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let bob = app.person("bob").await;
    let base = create_base(&ada).await;
    create_document(&ada, &base, "rules.txt", RULES).await;
    let unknown = bob
        .post(
            "/assistants",
            json!({"name": "x", "knowledge_base_ids": [base]}),
        )
        .await;
    assert_eq!(
        unknown.body["errors"][0]["pointer"],
        "/knowledge_base_ids/0"
    );
    let assistant = json!({
        "name": "Clerk", "knowledge_base_ids": [base], "visibility": "everyone", "status": "active",
    });
    let assistant = ada.post("/assistants", assistant).await.id();
    let question = "How many days of annual leave do employees have?";
    let answered = async |person: &Person<'_>| {
        let conversation = json!({"assistant_id": assistant});
        let conversation = person.post("/conversations", conversation).await.id();
        let (_, end) = person.ask(&conversation, question).await;
        end["message"]["content"].as_str().unwrap().to_owned()
    };
    assert!(answered(&ada).await.contains("thirty days"));
    assert!(!answered(&bob).await.contains("thirty days"));
    ada.patch(
        &format!("/knowledge-bases/{base}"),
        json!({"visibility": "everyone"}),
    )
    .await;
    assert!(answered(&bob).await.contains("thirty days"));
}

#[tokio::test]
async fn deleting_a_knowledge_base_erases_its_documents() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let base = create_base(&ada).await;
    let id = create_document(&ada, &base, "rules.txt", RULES).await;
    assert_eq!(
        ada.delete(&format!("/knowledge-bases/{base}")).await.status,
        204
    );
    assert!(search(&ada, "annual leave").await.is_empty());
    assert_eq!(ada.get(&format!("/documents/{id}")).await.status, 404);
    let jobs = ada.get("/jobs").await;
    let job = jobs.body["items"][0]["id"].as_str().unwrap();
    let frames = ada.frames(&format!("/jobs/{job}/stream"), None).await;
    let last = crate::test_app::collect(frames).await.pop().unwrap();
    assert_eq!(last.data["result"], json!({"documents": 1}));
    assert!(app.is_erased("document", &id).await);
    assert!(app.is_erased("knowledge_base", &base).await);
    assert_eq!(ada.get("/files").await.body["items"], json!([]));
}

/// N10: a document has the name and type with which it was uploaded, in every knowledge base.
#[tokio::test]
async fn every_upload_has_its_own_name_and_type() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let (one, other) = (create_base(&ada).await, create_base(&ada).await);
    let add = async |base: &str, name: &str| {
        let path = format!("/knowledge-bases/{base}/documents");
        ada.upload(&path, name, RULES.as_bytes()).await
    };
    let text = add(&one, "rules.txt").await;
    let twin = add(&one, "copy.txt").await;
    let markdown = add(&other, "rules.md").await;
    for (document, name, kind) in [
        (&text, "rules.txt", "text/plain"),
        (&twin, "copy.txt", "text/plain"),
        (&markdown, "rules.md", "text/markdown"),
    ] {
        let read = ada.get(&format!("/documents/{}", document.id())).await;
        assert_eq!(
            (&read.body["name"], &read.body["media_type"]),
            (&json!(name), &json!(kind))
        );
    }
    assert_ne!(text.id(), twin.id());
    // A replacement with the same bytes under another name renames only this document.
    process(&app, &twin.id(), 1, RULES).await;
    let path = format!("/documents/{}/content", twin.id());
    let request = ada.request(Method::PUT, &path);
    let renamed = send(upload(request, "renamed.md", RULES.as_bytes())).await;
    assert_eq!(renamed.body["name"], "renamed.md", "{renamed:?}");
    assert_eq!(renamed.body["media_type"], "text/markdown");
    let kept = ada.get(&format!("/documents/{}", text.id())).await;
    assert_eq!(kept.body["name"], "rules.txt");
}

//! Documents: processing, replacing and deleting them.

use domain::Command;
use domain::document::{
    AddPassages, CompleteProcessing, Document, Extent, FailProcessing, FailureCode, Omission,
    OmissionKind, Passage, StartProcessing,
};
use eventstore::Execution;
use eventstore::command::{Context, step};
use reqwest::Method;
use serde_json::json;
use uuid::Uuid;

use crate::cases::World;
use crate::examples::{Recorder, id};
use crate::feature::{Feature, NewCase, Recording, Rules};
use crate::files::HANDBOOK;
use crate::knowledge::{RULES, create_base, search};
use crate::rights::Rule;
use crate::test_app::{PATIENCE, Person, TestApp, send, upload};

pub struct Documents;

impl Feature for Documents {
    fn rules(&self) -> Rules {
        &[(
            Rule::OWNER,
            &[
                "listDocuments",
                "addDocument",
                "getDocument",
                "getDocumentContent",
                "replaceDocument",
                "listChunks",
                "reprocessDocument",
                "deleteDocument",
            ],
        )]
    }

    fn case<'a>(&'a self, world: &'a World<'a>, operation: &'a str) -> NewCase<'a> {
        Box::pin(async move {
            let base = async || create_base(&world.admin).await;
            let document =
                async || create_document(&world.admin, &base().await, "rules.txt", operation).await;
            Some(match operation {
                "listDocuments" => world.request(operation, &[&base().await]),
                "addDocument" => world.upload(operation, &[&base().await]),
                "replaceDocument" => world.upload(operation, &[&document().await]),
                "getDocument" | "getDocumentContent" | "listChunks" | "reprocessDocument"
                | "deleteDocument" => world.request(operation, &[&document().await]),
                _ => return None,
            })
        })
    }

    fn record<'a>(&'a self, recorder: &'a mut Recorder<'_>) -> Recording<'a> {
        Box::pin(async move {
            let base = recorder.ids["knowledge base"].clone();
            let file = ("handbook.txt", HANDBOOK);
            let document = recorder
                .upload("addDocument", recorder.user(&[&base]), file)
                .await;
            let document = id(&document);
            let named = [document.as_str()];
            process(recorder.app, &document, 1, HANDBOOK).await;
            recorder
                .call("listDocuments", recorder.user(&[&base]))
                .await;
            recorder.call("getDocument", recorder.user(&named)).await;
            recorder.call("listChunks", recorder.user(&named)).await;
            let question = json!({"query": "days of leave", "knowledge_base_ids": [base]});
            recorder
                .call_with_body("searchKnowledge", recorder.user(&[]), question)
                .await;
            let newer = ("handbook.txt", "Everyone has 31 days of leave each year.");
            recorder
                .upload("replaceDocument", recorder.user(&named), newer)
                .await;
            process(recorder.app, &document, 2, newer.1).await;
            recorder
                .call("reprocessDocument", recorder.user(&named))
                .await;
        })
    }
}

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

pub async fn create_document(person: &Person<'_>, base: &str, name: &str, text: &str) -> String {
    let path = format!("/knowledge-bases/{base}/documents");
    let added = person.upload(&path, name, text.as_bytes()).await;
    assert_eq!(added.status, 202, "{added:?}");
    let id = added.id();
    process(person.app, &id, 1, text).await;
    id
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

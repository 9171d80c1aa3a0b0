//! Every write of the contract that is sent again with its Idempotency-Key is answered as before and happens once.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::knowledge::{process, read};
use crate::patches::closed_port;
use crate::test_app::{Answer, Setting, TestApp, send, upload};
use crate::walk::operations;
use crate::writes::{Body, Case, World};

/// Writes that do not heed the header, each with its reason.
const IGNORING: &[&str] = &[
    "setUp",           // its token is for one use
    "register",        // answers with tokens, which are handed out once
    "login",           // the same
    "refresh",         // the same, and what is used twice ends the session
    "logout",          // ends the session that the repetition would come with
    "endAllSessions",  // the same
    "searchKnowledge", // reads
    "retryParked",     // writes nothing to the log; 404 says that nothing is parked
];

async fn ask(case: &Case<'_>, method: &Method, body: &Body) -> Answer {
    let request = case.person.request(method.clone(), &case.path);
    let request = request.header("Idempotency-Key", "once");
    send(match body {
        Body::Nothing => request,
        Body::Json(body) => request.json(body),
        Body::File(name, bytes) => upload(request, name, bytes),
    })
    .await
}

/// What of an answer stays as it is while workers go on with what was asked for.
fn lasting(answer: &Answer) -> Value {
    let mut body = answer.body.clone();
    let is_job = answer.header("location").starts_with("/api/v1/jobs/");
    if is_job {
        return body["id"].clone();
    }
    if let Some(run) = body.get_mut("response").filter(|run| !run.is_null()) {
        *run = run["id"].clone();
    }
    body
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_write_of_the_contract_is_answered_as_before_under_its_key() {
    let port = closed_port();
    let app = TestApp::with(Setting {
        allowed_port: Some(port),
        ..Setting::default()
    })
    .await;
    let admin = app.admin().await;
    let ada = app.person("ada").await;
    let world = World { admin, ada, port };
    // What is to be cancelled must still wait.
    let idle = TestApp::with(Setting {
        responder: false,
        ..Setting::default()
    })
    .await;
    let (admin, ada) = (idle.admin().await, idle.person("ada").await);
    let waiting = World { admin, ada, port };
    let mut left: Vec<&str> = IGNORING.to_vec();
    for operation in operations() {
        let name = operation.name.as_str();
        if operation.method == Method::GET {
            continue;
        }
        if IGNORING.contains(&name) {
            left.retain(|ignoring| *ignoring != name);
            continue;
        }
        let case = match name {
            "cancelResponse" => waiting.of(name).await,
            _ => world.of(name).await,
        };
        let case = case.unwrap_or_else(|| panic!("{name} is a write without an entry here"));
        repeated(name, &operation.method, &case).await;
    }
    assert_eq!(left, Vec::<&str>::new(), "no operations of the contract");
}

async fn repeated(name: &str, method: &Method, case: &Case<'_>) {
    let first = ask(case, method, &case.body).await;
    assert!(first.status.is_success(), "{name}: {first:?}");
    let written = case.person.events().await;
    let again = ask(case, method, &case.body).await;
    assert_eq!(
        (again.status, lasting(&again)),
        (first.status, lasting(&first)),
        "{name}"
    );
    assert_eq!(case.person.events().await, written, "{name} again");
    if let Some(other) = &case.other {
        let refused = ask(case, method, other).await;
        assert_eq!(
            (refused.status, refused.code().1),
            (StatusCode::UNPROCESSABLE_ENTITY, "idempotency_mismatch"),
            "{name}: {refused:?}"
        );
        assert_eq!(case.person.events().await, written, "{name}, another body");
    }
}

/// Requests that find everything as it should be write nothing, and their keys are taken all the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_write_that_changes_nothing_is_answered_as_before_under_its_key() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let base = admin
        .post("/knowledge-bases", json!({"name": "Rules"}))
        .await;
    let documents = format!("/knowledge-bases/{}/documents", base.id());
    let document = admin.upload(&documents, "a.txt", b"One.").await.id();
    read(&admin, &document).await;
    let conversation = admin.post("/conversations", json!({})).await.id();
    let conversation = format!("/conversations/{conversation}");
    let assistant = admin
        .post("/assistants", json!({"name": "Poet", "status": "active"}))
        .await
        .id();
    let (one, two): (&[u8], &[u8]) = (b"One.", b"Two.");
    let file = Body::File;
    let flag = |archived: bool| Body::Json(json!({"archived": archived}));
    for (name, method, path, body, other) in [
        (
            "add",
            Method::POST,
            documents.clone(),
            file("a.txt", one),
            Some(file("a.txt", two)),
        ),
        (
            "replace",
            Method::PUT,
            format!("/documents/{document}/content"),
            file("a.txt", one),
            Some(file("a.txt", two)),
        ),
        (
            "upload",
            Method::POST,
            "/files".to_owned(),
            file("a.txt", one),
            Some(file("a.txt", two)),
        ),
        (
            "change",
            Method::PATCH,
            conversation.clone(),
            flag(false),
            Some(flag(true)),
        ),
        (
            "activate",
            Method::POST,
            format!("/assistants/{assistant}/activate"),
            Body::Nothing,
            None,
        ),
    ] {
        let written = admin.events().await;
        let case = Case {
            person: &admin,
            path,
            body,
            other,
        };
        repeated(name, &method, &case).await;
        assert_eq!(admin.events().await, written, "{name} changes nothing");
    }
    // Nor does the repetition change what somebody has changed since.
    let archived = admin.patch(&conversation, json!({"archived": true})).await;
    assert_eq!(archived.status, 200, "{archived:?}");
    let case = Case {
        person: &admin,
        path: conversation,
        body: flag(false),
        other: None,
    };
    let again = ask(&case, &Method::PATCH, &case.body).await;
    assert_eq!(again.body["archived"], true, "{again:?}");
    // Another name for bytes that are there is a change of the file alone.
    for (name, path) in [("b.txt", "/files"), ("c.txt", documents.as_str())] {
        let ask = async || {
            let request = admin
                .request(Method::POST, path)
                .header("Idempotency-Key", name);
            send(upload(request, name, one)).await
        };
        let (first, again) = (ask().await, ask().await);
        assert!(first.status.is_success(), "{path}: {first:?}");
        assert_eq!(
            (again.status, lasting(&again)),
            (first.status, lasting(&first)),
            "{path}"
        );
    }
}

/// What a repetition would be answered with may be gone by then: it says so, and asks nobody to come again.
#[tokio::test]
async fn a_repeated_upload_of_a_file_that_was_deleted_since_is_not_found() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let file = ada.upload("/files", "a.txt", b"One.").await.id();
    let ask = async || {
        let request = ada
            .request(Method::POST, "/files")
            .header("Idempotency-Key", "again");
        send(upload(request, "a.txt", b"One.")).await
    };
    assert_eq!(ask().await.id(), file);
    assert_eq!(ada.delete(&format!("/files/{file}")).await.status, 204);
    for _ in 0..2 {
        assert_eq!(ask().await.status, 404);
    }
}

/// Two who upload the same bytes into a knowledge base at the same moment make one document of them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_bytes_at_once_are_one_document() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let base = json!({"name": "Rules"});
    let base = admin.post("/knowledge-bases", base).await.id();
    let path = format!("/knowledge-bases/{base}/documents");
    for round in 0..20 {
        let text = format!("Rule {round}.");
        let add = |name: &'static str| admin.upload(&path, name, text.as_bytes());
        let (one, two, three) = tokio::join!(add("a.txt"), add("a.txt"), add("a.txt"));
        assert_eq!(one.status, 202, "{round}: {one:?}");
        assert_eq!((one.id(), two.id()), (two.id(), three.id()), "{round}");
    }
    let listed = admin.get(&path).await;
    assert_eq!(listed.body["items"].as_array().unwrap().len(), 20);
}

/// Bytes whose document was deleted or replaced may become one again, and their file may be deleted.
#[tokio::test]
async fn a_claim_on_a_file_ends_with_its_document() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let base = json!({"name": "Rules"});
    let base = admin.post("/knowledge-bases", base).await.id();
    let path = format!("/knowledge-bases/{base}/documents");
    let first = admin.upload(&path, "a.txt", b"One.").await.id();
    read(&admin, &first).await;
    let content = format!("/documents/{first}/content");
    let replace =
        async |text: &[u8]| send(upload(admin.request(Method::PUT, &content), "a.txt", text)).await;
    assert_eq!(replace(b"Two.").await.status, 202);
    let second = admin.upload(&path, "a.txt", b"One.").await;
    assert_eq!(second.status, 202, "{second:?}");
    assert_ne!(second.id(), first);
    process(&app, &first, 2, "Two.").await;
    assert_eq!(replace(b"One.").await.code(), (409, "document_exists"));
    assert_eq!(
        admin.delete(&format!("/documents/{first}")).await.status,
        204
    );
    let third = admin.upload(&path, "a.txt", b"Two.").await;
    assert_eq!(third.status, 202, "{third:?}");
}

/// Either a document is made of the file, or the file is gone: never a document without its file.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_becomes_a_document_is_not_deleted_meanwhile() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let base = json!({"name": "Rules"});
    let base = admin.post("/knowledge-bases", base).await.id();
    let path = format!("/knowledge-bases/{base}/documents");
    for round in 0..30 {
        let text = format!("Rule {round}.");
        let file = admin.upload("/files", "a.txt", text.as_bytes()).await.id();
        let at = format!("/files/{file}");
        let (added, deleted) = tokio::join!(
            admin.upload(&path, "a.txt", text.as_bytes()),
            admin.delete(&at)
        );
        let said = format!("{round}: {added:?} {deleted:?}");
        assert!(matches!(deleted.status.as_u16(), 204 | 409), "{said}");
        assert!(matches!(added.status.as_u16(), 202 | 503), "{said}");
        if added.status == 202 {
            let content = format!("/documents/{}/content", added.id());
            assert_eq!(admin.get(&content).await.status, 200, "{said}");
        }
    }
}

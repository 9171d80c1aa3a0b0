//! Every write that is repeated with its Idempotency-Key returns the first result and happens once.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::cases::{Body, Case, World, add_body, closed_port};
use crate::documents::{process, process_any};
use crate::test_app::{Answer, TestApp, TestOptions, send, upload};
use crate::walk::operations;

/// Writes that ignore the header, with the reason.
const IGNORING: &[&str] = &[
    "setUp",           // its token can be used once
    "register",        // returns tokens, which are issued once
    "login",           // the same
    "refresh",         // the same; a reused token ends the session
    "logout",          // ends the session that the repetition would use
    "endAllSessions",  // the same
    "searchKnowledge", // reads
    "retryParked",     // writes nothing to the log; 404 if nothing is parked
];

async fn send_case(case: &Case<'_>, method: &Method, body: &Body) -> Answer {
    let request = case.person.request(method.clone(), &case.path);
    let request = request.header("Idempotency-Key", "once");
    send(add_body(request, body)).await
}

/// The part of a reply that neither workers nor sessions change later.
fn stable_part(answer: &Answer) -> Value {
    let mut body = answer.body.clone();
    if let Some(user) = body.as_object_mut() {
        user.remove("last_active_at");
    }
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
async fn every_repeated_write_returns_the_first_result() {
    let port = closed_port();
    let app = World::start_app(port, TestOptions::default()).await;
    let world = World::new(&app, port).await;
    // Without a responder, so that runs can be cancelled.
    let options = TestOptions {
        responder: false,
        ..TestOptions::default()
    };
    let idle = World::start_app(port, options).await;
    let waiting = World::new(&idle, port).await;
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
            "cancelResponse" => waiting.case(name).await,
            _ => world.case(name).await,
        };
        assert_repeatable(name, &operation.method, &case).await;
    }
    assert_eq!(left, Vec::<&str>::new(), "not in the contract");
}

async fn assert_repeatable(name: &str, method: &Method, case: &Case<'_>) {
    let first = send_case(case, method, &case.body).await;
    assert!(first.status.is_success(), "{name}: {first:?}");
    let written = case.person.events().await;
    let again = send_case(case, method, &case.body).await;
    assert_eq!(
        (again.status, stable_part(&again)),
        (first.status, stable_part(&first)),
        "{name}"
    );
    assert_eq!(case.person.events().await, written, "{name} again");
    if let Some(other) = &case.other {
        let refused = send_case(case, method, other).await;
        assert_eq!(
            (refused.status, refused.code().1),
            (StatusCode::UNPROCESSABLE_ENTITY, "idempotency_mismatch"),
            "{name}: {refused:?}"
        );
        assert_eq!(case.person.events().await, written, "{name}, another body");
    }
}

/// The keys of requests that change nothing are recorded too.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_repeated_write_without_changes_returns_the_first_result() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let base = admin
        .post("/knowledge-bases", json!({"name": "Rules"}))
        .await;
    let documents = format!("/knowledge-bases/{}/documents", base.id());
    let document = admin.upload(&documents, "a.txt", b"One.").await.id();
    process_any(&admin, &document).await;
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
        assert_repeatable(name, &method, &case).await;
        assert_eq!(admin.events().await, written, "{name} changes nothing");
    }
    // A repetition does not undo later changes.
    let archived = admin.patch(&conversation, json!({"archived": true})).await;
    assert_eq!(archived.status, 200, "{archived:?}");
    let case = Case {
        person: &admin,
        path: conversation,
        body: flag(false),
        other: None,
    };
    let again = send_case(&case, &Method::PATCH, &case.body).await;
    assert_eq!(again.body["archived"], true, "{again:?}");
    // The same bytes under another name.
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
            (again.status, stable_part(&again)),
            (first.status, stable_part(&first)),
            "{path}"
        );
    }
}

/// The first result may have been deleted; the reply is 404 then, not a request to retry.
#[tokio::test]
async fn a_repeated_upload_of_a_deleted_file_is_not_found() {
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

/// Concurrent uploads of the same bytes into a knowledge base create one document.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn concurrent_identical_documents_are_one() {
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

/// After a document is deleted or replaced, its bytes can become a document again.
#[tokio::test]
async fn a_file_is_released_with_its_document() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let base = json!({"name": "Rules"});
    let base = admin.post("/knowledge-bases", base).await.id();
    let path = format!("/knowledge-bases/{base}/documents");
    let first = admin.upload(&path, "a.txt", b"One.").await.id();
    process_any(&admin, &first).await;
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

/// There is never a document without its file.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_cannot_be_deleted_while_it_becomes_a_document() {
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
        let case = format!("{round}: {added:?} {deleted:?}");
        assert!(matches!(deleted.status.as_u16(), 204 | 409), "{case}");
        assert!(matches!(added.status.as_u16(), 202 | 503), "{case}");
        if added.status == 202 {
            let content = format!("/documents/{}/content", added.id());
            assert_eq!(admin.get(&content).await.status, 200, "{case}");
        }
    }
}

//! Erasing conversations for good, one by one and all that are in the trash.

use reqwest::Method;
use serde_json::{Value, json};

use crate::test_app::{Person, TestApp, next};

async fn result_of(person: &Person<'_>, job: &str) -> Value {
    let path = format!("/jobs/{job}/stream");
    let mut frames = Box::pin(person.frames(&path, None).await);
    let ended = next(&mut frames, "job.ended").await.data;
    assert_eq!(ended["status"], "completed", "{ended}");
    ended["result"].clone()
}

/// A conversation with a message that has files.
async fn conversation_with(person: &Person<'_>, files: &[&str]) -> String {
    let id = person.conversation().await;
    let message = json!({"content": "Read this", "attachment_ids": files, "respond": false});
    let path = format!("/conversations/{id}/messages");
    let posted = person.post(&path, message).await;
    assert!(posted.status.is_success(), "{posted:?}");
    id
}

async fn upload(person: &Person<'_>, name: &str) -> String {
    person.upload("/files", name, name.as_bytes()).await.id()
}

#[tokio::test]
async fn an_erased_conversation_is_gone_with_the_files_that_only_it_had() {
    let app = TestApp::start().await;
    let (admin, bob) = (app.admin().await, app.person("bob").await);
    let own = upload(&bob, "own.txt").await;
    let shared = upload(&bob, "shared.txt").await;
    let id = conversation_with(&bob, &[&own, &shared]).await;
    let other = conversation_with(&bob, &[&shared]).await;
    let path = format!("/conversations/{id}");
    let erase = format!("{path}/erase");
    assert_eq!(admin.post(&erase, json!({})).await.status, 404);
    let started = bob
        .request(Method::POST, &erase)
        .header("Idempotency-Key", "once");
    let started = crate::test_app::send(started).await;
    assert_eq!(started.status, 202, "{started:?}");
    assert_eq!(
        started.header("location"),
        format!("/api/v1/jobs/{}", started.id())
    );
    assert_eq!(bob.get(&path).await.status, 404);
    assert!(app.is_erased("conversation", &id).await);
    assert_eq!(result_of(&bob, &started.id()).await, json!({"files": 1}));
    assert_eq!(bob.get(&format!("/files/{own}")).await.status, 404);
    assert_eq!(bob.get(&format!("/files/{shared}")).await.status, 200);
    assert_eq!(
        bob.get(&format!("/conversations/{other}")).await.status,
        200
    );
    // Sent again, the request finds the same job; as another request it finds nothing.
    let repeated = bob
        .request(Method::POST, &erase)
        .header("Idempotency-Key", "once");
    assert_eq!(crate::test_app::send(repeated).await.id(), started.id());
    assert_eq!(bob.post(&erase, json!({})).await.status, 404);
}

#[tokio::test]
async fn the_trash_is_emptied_and_nothing_else() {
    let app = TestApp::start().await;
    let (admin, bob) = (app.admin().await, app.person("bob").await);
    let file = upload(&bob, "plan.txt").await;
    let mut trashed = vec![conversation_with(&bob, &[&file]).await];
    // More than a job erases at once.
    for _ in 0..101 {
        trashed.push(bob.conversation().await);
    }
    for id in &trashed {
        bob.delete(&format!("/conversations/{id}")).await;
    }
    let restored = trashed.pop().unwrap();
    bob.post(&format!("/conversations/{restored}/restore"), json!({}))
        .await;
    let others = admin.conversation().await;
    admin.delete(&format!("/conversations/{others}")).await;

    let started = bob.post("/conversations/empty-trash", json!({})).await;
    assert_eq!(started.status, 202, "{started:?}");
    let result = result_of(&bob, &started.id()).await;
    assert_eq!(result, json!({"conversations": 101, "files": 1}));
    let list = async |person: &Person<'_>, query: &str| {
        let list = person.get(&format!("/conversations?{query}")).await.body;
        list["items"].as_array().unwrap().len()
    };
    assert_eq!(list(&bob, "trashed=true").await, 0);
    assert_eq!(list(&bob, "").await, 1);
    assert_eq!(list(&admin, "trashed=true").await, 1);
    assert_eq!(bob.get(&format!("/files/{file}")).await.status, 404);
}

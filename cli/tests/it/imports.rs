//! An import whose server is killed: it is restarted and creates no duplicates.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::program::Installation;
use crate::site::{Person, Site};

const MESSAGES: usize = 6_000;

/// An exported conversation without a digest.
fn long_conversation() -> Vec<u8> {
    let id = |n: usize| Uuid::from_u128(n as u128 + 1_000);
    let messages: Vec<Value> = (0..MESSAGES)
        .map(|n| {
            json!({
                "id": id(n), "parent_id": (n > 0).then(|| id(n - 1)), "content": format!("This is message {n}."),
                "role": if n % 2 == 0 { "user" } else { "assistant" }, "status": "complete",
                "created_at": "2024-02-29T12:00:00Z",
            })
        })
        .collect();
    let conversation = json!({
        "id": Uuid::from_u128(7), "title": "Long", "created_at": "2024-02-29T12:00:00Z",
        "updated_at": "2024-02-29T12:00:00Z",
    });
    let export = json!({
        "format": "convosphere.conversation", "version": 1, "conversation": conversation, "messages": messages,
    });
    export.to_string().into_bytes()
}

async fn message_count(ada: &Person<'_>) -> usize {
    let list = ada.get(0, "conversations").await.body;
    let count = list
        .pointer("/items/0/message_count")
        .and_then(Value::as_u64);
    count.map_or(0, |count| usize::try_from(count).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_resumes_after_a_kill_without_duplicates() {
    let installation = || Installation::external().with("CONVOSPHERE_RATE_LIMIT__ENABLED", "false");
    let (mut site, server) = Site::with_one_server(installation, String::new()).await;
    let ada = site.log_in("ada@example.org").await;
    let file = ada
        .upload("files", "long.json", &long_conversation())
        .await
        .text("/id");
    let job = ada
        .post(0, "imports", json!({"file_id": file}))
        .await
        .text("/id");
    while message_count(&ada).await == 0 {
        tokio::task::yield_now().await;
    }
    server.kill();
    let server = tokio::task::block_in_place(|| site.installation.serve());
    site.set_url(&server.url);
    let ada = site.log_in("ada@example.org").await;
    let path = format!("jobs/{job}");
    let ended = ada
        .wait_until(0, &path, |job| !job["ended_at"].is_null())
        .await;
    assert_eq!(ended["status"], "completed", "{ended}");
    let imported = ended["result"]["messages"].as_u64().unwrap();
    // The first server imported the others before it was killed.
    assert!(imported < MESSAGES as u64, "{ended}");
    assert_eq!(message_count(&ada).await, MESSAGES);
    assert_eq!(
        ada.get(0, "conversations").await.body["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let again = ada
        .post(0, "imports", json!({"file_id": file}))
        .await
        .text("/id");
    let ended = ada
        .wait_until(0, &format!("jobs/{again}"), |job| {
            !job["ended_at"].is_null()
        })
        .await;
    assert_eq!(ended["result"]["messages"], 0, "{ended}");
}

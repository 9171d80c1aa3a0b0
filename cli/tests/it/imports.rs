//! An import whose server is killed in the midst of it: it is begun anew, and nothing is there twice.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::program::Installation;
use crate::site::{Person, Site};

const MESSAGES: usize = 6_000;

/// A conversation as this product exports one, without a digest.
fn long() -> Vec<u8> {
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
    let told = json!({
        "id": Uuid::from_u128(7), "title": "Long", "created_at": "2024-02-29T12:00:00Z",
        "updated_at": "2024-02-29T12:00:00Z",
    });
    let whole = json!({
        "format": "convosphere.conversation", "version": 1, "conversation": told, "messages": messages,
    });
    whole.to_string().into_bytes()
}

async fn messages(ada: &Person<'_>) -> usize {
    let list = ada.get(0, "conversations").await.body;
    let count = list
        .pointer("/items/0/message_count")
        .and_then(Value::as_u64);
    count.map_or(0, |count| usize::try_from(count).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_goes_on_after_a_kill_and_takes_nothing_twice() {
    let installation = || Installation::external().with("CONVOSPHERE_RATE_LIMIT__ENABLED", "false");
    let (mut site, server) = Site::of_one_server(installation, String::new()).await;
    let ada = site.log_in("ada@example.org").await;
    let file = ada.upload("files", "long.json", &long()).await.text("/id");
    let job = ada
        .post(0, "imports", json!({"file_id": file}))
        .await
        .text("/id");
    while messages(&ada).await == 0 {
        tokio::task::yield_now().await;
    }
    server.kill();
    let server = tokio::task::block_in_place(|| site.installation.serve());
    site.moved_to(&server.url);
    let ada = site.log_in("ada@example.org").await;
    let path = format!("jobs/{job}");
    let ended = ada.until(0, &path, |job| !job["ended_at"].is_null()).await;
    assert_eq!(ended["status"], "completed", "{ended}");
    let begun = ended["result"]["messages"].as_u64().unwrap();
    // It was killed in the midst of it.
    assert!(begun < MESSAGES as u64, "{ended}");
    assert_eq!(messages(&ada).await, MESSAGES);
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
        .until(0, &format!("jobs/{again}"), |job| {
            !job["ended_at"].is_null()
        })
        .await;
    assert_eq!(ended["result"]["messages"], 0, "{ended}");
}

//! The scenario of all SDKs (openapi/sdk/README.md), with a server that restarts while it answers.

#![expect(
    clippy::disallowed_methods,
    reason = "tests create ids and start tasks where they need them"
)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::process::Command;

use convosphere_client::types::{
    CreateAssistant, CreateConversation, CreateProvider, GetFeedQuery, ListConversationsQuery,
    ListMessagesQuery, ListModelsQuery, PostMessage, ProviderHealth, ProviderKind, UpdateAssistant,
    UpdateSettings, UserRole,
};
use convosphere_client::{Client, Field, StreamEvent, StreamFrame, Upload};
use futures_util::TryStreamExt;
use uuid::Uuid;

const MODEL: &str = "rust/echo-400-10";

fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set; run scripts/test-sdks"))
}

#[tokio::test]
async fn journey() {
    let client = Client::builder(&variable("CONVOSPHERE_URL"))
        .password("ada@example.org", "correct horse")
        .http(reqwest::ClientBuilder::no_proxy)
        .build()
        .unwrap();
    // 1
    assert_eq!(client.get_me().await.unwrap().role, UserRole::Admin);
    connect_provider(&client).await;
    let settings = UpdateSettings {
        default_model: Field::Value(MODEL.to_owned()),
    };
    client.update_settings(&settings).await.unwrap();
    let missing = client.get_conversation(Uuid::new_v4()).await.unwrap_err();
    assert_eq!(
        (missing.status(), missing.code()),
        (Some(404), Some("not_found"))
    );
    exchange_files(&client).await;
    let assistant = change_assistant(&client).await;
    let conversation = create_conversations(&client, assistant).await;
    post_messages(&client, conversation).await;
    follow_answer(&client, conversation).await;
    // 20
    client.trash_conversation(conversation).await.unwrap();
    let trashed = ListConversationsQuery {
        trashed: Some(true),
        ..ListConversationsQuery::default()
    };
    let trashed: Vec<_> = client
        .list_conversations(&trashed)
        .items()
        .try_collect()
        .await
        .unwrap();
    assert!(trashed.iter().any(|one| one.id == conversation));
    let restored = client.restore_conversation(conversation).await.unwrap();
    assert!(!restored.trashed);
}

/// Steps 2 to 5.
async fn connect_provider(client: &Client) {
    let provider = |name| CreateProvider {
        api_key: Some(variable("CONVOSPHERE_PROVIDER_KEY")),
        ..CreateProvider::new(
            name,
            ProviderKind::OpenaiCompatible,
            variable("CONVOSPHERE_PROVIDER_URL"),
        )
    };
    let created = client
        .create_provider(&provider("rust"))
        .send()
        .await
        .unwrap();
    assert_eq!(created.value.health, ProviderHealth::Ok);
    assert_eq!(
        created.location,
        Some(format!("/api/v1/providers/{}", created.value.id))
    );
    let models = client
        .list_models(&ListModelsQuery::default())
        .await
        .unwrap()
        .items;
    assert!(models.iter().any(|model| model.id == MODEL));
    let taken = client.create_provider(&provider("rust")).await.unwrap_err();
    assert_eq!(taken.status(), Some(409));
    let invalid = client
        .create_provider(&provider("Not a name"))
        .await
        .unwrap_err();
    assert_eq!(invalid.status(), Some(422));
    assert!(
        invalid.problem().unwrap().field("/name").is_some(),
        "{invalid:?}"
    );
}

/// Steps 7 to 9.
async fn exchange_files(client: &Client) {
    let contents = b"What the Rust SDK uploads.".to_vec();
    let upload = || Upload::from_bytes("notes.txt", contents.clone());
    let file = client.upload_file(upload()).await.unwrap();
    assert_eq!(file.name, "notes.txt");
    assert_eq!(client.upload_file(upload()).await.unwrap().id, file.id);
    let download = client.get_file_content(file.id).await.unwrap();
    assert_eq!(download.bytes().await.unwrap(), contents);
}

/// Steps 10 to 12.
async fn change_assistant(client: &Client) -> Uuid {
    let body = CreateAssistant {
        model: Some(MODEL.to_owned()),
        ..CreateAssistant::new("Counter")
    };
    let created = client.create_assistant(&body).send().await.unwrap();
    let (id, etag) = (created.value.id, created.etag.unwrap());
    let change = UpdateAssistant {
        instructions: Some("Count.".to_owned()),
        ..UpdateAssistant::default()
    };
    let changed = client
        .update_assistant(id, &change)
        .if_match(&etag)
        .await
        .unwrap();
    assert_eq!(changed.instructions, "Count.");
    let stale = client
        .update_assistant(id, &change)
        .if_match(&etag)
        .await
        .unwrap_err();
    assert_eq!(stale.status(), Some(412));
    id
}

/// Steps 13 and 14.
async fn create_conversations(client: &Client, assistant: Uuid) -> Uuid {
    let body = CreateConversation {
        assistant_id: Some(assistant),
        ..CreateConversation::default()
    };
    let key = Uuid::new_v4().to_string();
    let first = client
        .create_conversation(&body)
        .idempotency_key(&key)
        .await
        .unwrap();
    let again = client
        .create_conversation(&body)
        .idempotency_key(&key)
        .await
        .unwrap();
    assert_eq!(again.id, first.id);
    let second = client.create_conversation(&body).await.unwrap();
    let all = client
        .list_conversations(&ListConversationsQuery::default())
        .limit(1)
        .items();
    let all: Vec<_> = all
        .map_ok(|conversation| conversation.id)
        .try_collect()
        .await
        .unwrap();
    assert!(all.contains(&first.id) && all.contains(&second.id));
    first.id
}

/// Step 15.
async fn post_messages(client: &Client, conversation: Uuid) {
    for number in 1..=3 {
        let body = PostMessage {
            respond: Some(false),
            ..PostMessage::new(format!("Note {number}"))
        };
        client.post_message(conversation, &body).await.unwrap();
    }
    let query = ListMessagesQuery::default();
    let messages = client.list_messages(conversation, &query).limit(2).items();
    let texts: Vec<_> = messages
        .map_ok(|message| message.content)
        .try_collect()
        .await
        .unwrap();
    assert_eq!(texts, ["Note 3", "Note 2", "Note 1"]);
}

/// Steps 16 to 19.
async fn follow_answer(client: &Client, conversation: Uuid) {
    let exchange = client
        .post_message(conversation, &PostMessage::new("Count."))
        .await
        .unwrap();
    let mut frames = client.stream_response(exchange.response.unwrap().id);
    let (mut text, mut ids, mut restarted) = (String::new(), Vec::new(), false);
    let mut end = None;
    while let Some(frame) = frames.try_next().await.unwrap() {
        ids.extend(position(&frame));
        match frame.event().unwrap() {
            StreamEvent::ResponseDelta(delta) => text.push_str(&delta.text),
            StreamEvent::ResponseSnapshot(snapshot) => text = snapshot.text,
            StreamEvent::ResponseCompleted(run) | StreamEvent::ResponseInterrupted(run) => {
                end = Some(run.message);
            }
            _ => {}
        }
        if text.len() > 100 && !restarted {
            restarted = true;
            stop_server();
        }
    }
    assert!(restarted);
    let message = end.unwrap();
    assert!(
        ids.is_sorted_by(|a, b| a < b),
        "durable frames arrive once and in order: {ids:?}"
    );
    assert!(
        text.starts_with("t0 t1 ") && message.content.starts_with(&text),
        "{text}"
    );
    let stored = client.get_message(message.id).await.unwrap();
    assert_eq!(stored.content, message.content);
    let feed = client.get_feed(&GetFeedQuery::default()).limit(100).items();
    let feed: Vec<_> = feed.try_collect().await.unwrap();
    let question = exchange.message.id.to_string();
    let posted = feed.iter().filter(|event| {
        event.event_type == "message_posted" && event.payload["message_id"] == question.as_str()
    });
    assert_eq!(posted.count(), 1);
}

/// The log position of a durable frame. The end of the catch-up carries the id of the last event before it.
fn position(frame: &StreamFrame) -> Option<u64> {
    let id = frame
        .id
        .as_ref()
        .filter(|_| frame.kind != "stream.caught_up")?;
    id.split('-').next()?.parse().ok()
}

/// Stops the server, which is started again at once.
fn stop_server() {
    let process = std::fs::read_to_string(variable("CONVOSPHERE_PID_FILE")).unwrap();
    let status = Command::new("kill").arg(process.trim()).status().unwrap();
    assert!(status.success());
}

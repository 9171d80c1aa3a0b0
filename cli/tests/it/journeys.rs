//! Typical use of the HTTP API by users and operators, on any number of nodes.

use reqwest::Method;
use serde_json::json;
use testing::provider::KEY;

use crate::program::ok;
use crate::site::{Person, Site, wait_for_frame};

/// Runs all journeys on one installation.
pub async fn run_all(site: &Site) {
    tokio::task::block_in_place(|| site.installation.create_admin("correct horse"));
    let ada = site.log_in("ada@example.org").await;
    sessions(site).await;
    chat_on_two_nodes(&ada).await;
    conversations(&ada).await;
    assistants(&ada).await;
    providers_and_cancelling(&ada).await;
    operating(&ada).await;
    suspending_and_erasing(site, &ada).await;
    let verified =
        tokio::task::block_in_place(|| ok(&site.installation.run(&["events", "verify"])));
    assert!(verified.contains("in order"), "{verified}");
}

async fn sessions(site: &Site) {
    let account =
        json!({"email": "bob@example.org", "password": "correct horse", "display_name": "Bob"});
    let bob = site.person(
        &site
            .send(0, Method::POST, "auth/register", "", Some(account), &[])
            .await,
    );
    // A token of one node is valid on the other, and so is a refreshed one.
    assert_eq!(bob.get(1, "users/me").await.body["display_name"], "Bob");
    let body = json!({"refresh_token": bob.refresh});
    let refreshed = site
        .send(1, Method::POST, "auth/refresh", "", Some(body), &[])
        .await;
    let bob = site.person(&refreshed);
    let items = bob.get(0, "auth/sessions").await.body["items"].clone();
    assert_eq!(items.as_array().map(Vec::len), Some(1));
    bob.post(1, "auth/logout", json!({})).await;
    bob.wait_until_signed_out(0).await;
}

async fn chat_on_two_nodes(ada: &Person<'_>) {
    let made = ada.post(0, "conversations", json!({})).await;
    let id = made.text("/id");
    let (stream, messages) = (
        format!("conversations/{id}/stream"),
        format!("conversations/{id}/messages"),
    );
    assert_eq!(
        ada.get_at_position(1, &format!("conversations/{id}"), &made.position)
            .await
            .status,
        200
    );
    let mut here = ada.frames(0, &stream, "").await;
    let mut there = ada.frames(1, &stream, "").await;
    let (_, begin, _) = wait_for_frame(&mut here, "stream.caught_up").await;
    wait_for_frame(&mut there, "stream.caught_up").await;
    let posted = ada
        .post(0, &messages, json!({"content": "Where is my data stored?"}))
        .await;
    let (_, _, completed) = wait_for_frame(&mut here, "response.completed").await;
    let (_, _, also) = wait_for_frame(&mut there, "response.completed").await;
    let text = completed["message"]["content"].as_str().unwrap();
    assert!(text.contains("All data is stored in one folder"), "{text}");
    assert_eq!(completed, also);
    assert_eq!(completed["response"]["id"], posted.body["response"]["id"]);
    // A cursor of one node is valid on the other.
    let mut resumed = ada.frames(1, &stream, &begin).await;
    assert_eq!(
        wait_for_frame(&mut resumed, "message.posted").await.2["id"],
        posted.body["message"]["id"]
    );
    assert_eq!(
        wait_for_frame(&mut resumed, "response.completed").await.2["message"]["content"],
        text
    );
    let listed = ada.get(1, &messages).await.body;
    assert_eq!(listed["items"][0]["content"], text);
    let prompt = format!("responses/{}/prompt", posted.text("/response/id"));
    assert_eq!(
        ada.get(1, &prompt).await.body["messages"][1]["content"],
        "Where is my data stored?"
    );
    // The answer can be searched once it is indexed.
    ada.wait_until(1, "search?q=folder&kind=message", |found| {
        found["items"][0]["conversation_id"] == id.as_str()
    })
    .await;
    // Editing on the other node creates a sibling with its own answer.
    let question = posted.text("/message/id");
    let edited = ada
        .post(
            1,
            &format!("messages/{question}/edit"),
            json!({"content": "How do I verify the log?"}),
        )
        .await;
    let (_, _, end) = wait_for_frame(&mut here, "response.completed").await;
    assert_eq!(end["response"]["id"], edited.body["response"]["id"]);
    let sibling = ada
        .get_at_position(0, &format!("messages/{question}"), &edited.position)
        .await;
    assert_eq!(
        sibling.body["sibling_ids"].as_array().map(Vec::len),
        Some(2)
    );
    let answer = edited.text("/response/message_id");
    let other = ada
        .post(0, &format!("messages/{answer}/regenerate"), json!({}))
        .await;
    let (_, _, end) = wait_for_frame(&mut there, "response.completed").await;
    assert!(
        [&edited, &other]
            .iter()
            .any(|run| run.body["response"]["id"] == end["response"]["id"])
    );
}

async fn conversations(ada: &Person<'_>) {
    let made = ada.post(0, "conversations", json!({"title": "Sea"})).await;
    let path = format!("conversations/{}", made.text("/id"));
    let renamed = ada
        .send(
            1,
            Method::PATCH,
            &path,
            json!({"title": "Sky", "pinned": true}),
        )
        .await;
    assert_eq!(
        (&renamed.body["title"], &renamed.body["pinned"]),
        (&json!("Sky"), &json!(true))
    );
    // An outdated version is refused on both nodes.
    let stale = [("If-Match", made.etag.as_str())];
    let refused = ada
        .site
        .send(
            0,
            Method::PATCH,
            &path,
            &ada.access,
            Some(json!({"title": "x"})),
            &stale,
        )
        .await;
    assert_eq!(refused.status, 412, "{refused:?}");
    // The same idempotency key on two nodes has one effect.
    let key = [("Idempotency-Key", "journey")];
    let create = async |node| {
        ada.site
            .send(
                node,
                Method::POST,
                "conversations",
                &ada.access,
                Some(json!({})),
                &key,
            )
            .await
    };
    assert_eq!(create(0).await.text("/id"), create(1).await.text("/id"));
    let trashed = ada
        .site
        .send(1, Method::DELETE, &path, &ada.access, None, &[])
        .await;
    assert_eq!(trashed.status, 204);
    let list = ada
        .get_at_position(0, "conversations?trashed=true", &trashed.position)
        .await
        .body;
    assert_eq!(list["items"][0]["title"], "Sky");
    assert_eq!(
        ada.post(0, &format!("{path}/restore"), json!({}))
            .await
            .body["trashed"],
        false
    );
}

async fn assistants(ada: &Person<'_>) {
    let poet = json!({"name": "Poet", "instructions": "Rhyme.", "model": "builtin/guide"});
    let made = ada.post(0, "assistants", poet).await;
    let path = format!("assistants/{}", made.text("/id"));
    assert_eq!(
        ada.get_at_position(1, &path, &made.position).await.body["status"],
        "draft"
    );
    let changed = ada
        .send(1, Method::PATCH, &path, json!({"instructions": "Shout."}))
        .await;
    assert_eq!(changed.body["assistant_version"], 2);
    let active = ada.post(0, &format!("{path}/activate"), json!({})).await;
    assert_eq!(active.body["status"], "active");
    let restored = ada
        .post(1, &format!("{path}/versions/1/restore"), json!({}))
        .await;
    assert_eq!(restored.body["instructions"], "Rhyme.");
    let versions = ada
        .get_at_position(0, &format!("{path}/versions"), &restored.position)
        .await
        .body;
    assert_eq!(versions["items"].as_array().map(Vec::len), Some(3));
}

/// A provider is added on one node, a third process calls it, and the other node cancels its answer.
async fn providers_and_cancelling(ada: &Person<'_>) {
    let added = json!({"name": "local", "kind": "openai_compatible", "base_url": ada.site.provider, "api_key": KEY});
    let added = ada.post(0, "providers", added).await;
    assert_eq!(added.body["health"], "ok", "{added:?}");
    let models = ada.get_at_position(1, "models", &added.position).await.body;
    let listed = models["items"]
        .as_array()
        .unwrap()
        .iter()
        .any(|model| model["id"] == "local/echo-400-10");
    assert!(listed, "{models}");
    let made = ada
        .post(1, "conversations", json!({"model": "local/echo-400-10"}))
        .await;
    let id = made.text("/id");
    let mut frames = ada
        .frames(1, &format!("conversations/{id}/stream"), "")
        .await;
    wait_for_frame(&mut frames, "stream.caught_up").await;
    let posted = ada
        .post(
            1,
            &format!("conversations/{id}/messages"),
            json!({"content": "At length."}),
        )
        .await;
    wait_for_frame(&mut frames, "response.delta").await;
    let run = posted.text("/response/id");
    ada.get_at_position(0, &format!("responses/{run}"), &posted.position)
        .await;
    ada.post(0, &format!("responses/{run}/cancel"), json!({}))
        .await;
    let (_, _, end) = wait_for_frame(&mut frames, "response.cancelled").await;
    let text = end["message"]["content"].as_str().unwrap();
    assert!(text.starts_with("t0 ") && !text.contains("t399"), "{text}");
}

async fn operating(ada: &Person<'_>) {
    for path in ["events/verify", "projections/conversations/rebuild"] {
        let job = ada.post(0, path, json!({})).await.text("/id");
        let ended = ada
            .wait_until(1, &format!("jobs/{job}"), |job| !job["ended_at"].is_null())
            .await;
        assert_eq!(ended["status"], "completed", "{path}: {ended}");
    }
    let events = ada
        .get(1, "events?event_type=message_posted&limit=1")
        .await
        .body;
    assert_eq!(events["items"][0]["event_type"], "message_posted");
    let projections = ada.get(0, "projections").await.body;
    assert!(
        projections["items"]
            .as_array()
            .unwrap()
            .iter()
            .all(|view| view["parked"] == 0)
    );
    let mut log = ada.frames(1, "events/stream", "").await;
    wait_for_frame(&mut log, "stream.caught_up").await;
    let made = ada.post(0, "conversations", json!({})).await.text("/id");
    let (_, _, event) = wait_for_frame(&mut log, "event").await;
    assert_eq!(event["aggregate_id"], made.as_str());
}

async fn suspending_and_erasing(site: &Site, ada: &Person<'_>) {
    let account =
        json!({"email": "eve@example.org", "password": "correct horse", "display_name": "Eve"});
    let eve = site.person(
        &site
            .send(1, Method::POST, "auth/register", "", Some(account), &[])
            .await,
    );
    let made = eve.post(1, "conversations", json!({"title": "Hers"})).await;
    let conversation = made.text("/id");
    let mut frames = eve
        .frames(1, &format!("conversations/{conversation}/stream"), "")
        .await;
    wait_for_frame(&mut frames, "stream.caught_up").await;
    // Other users cannot see it.
    assert_eq!(
        ada.get_at_position(0, &format!("conversations/{conversation}"), &made.position)
            .await
            .status,
        404
    );
    let path = format!("users/{}", eve.id);
    ada.wait_until(0, "users?limit=200", |users| {
        users.to_string().contains(&eve.id)
    })
    .await;
    ada.send(0, Method::PATCH, &path, json!({"suspended": true}))
        .await;
    let (_, _, closed) = wait_for_frame(&mut frames, "stream.closed").await;
    assert_eq!(closed["reason"], "unauthorized");
    eve.wait_until_signed_out(0).await;
    let accepted = site
        .send(0, Method::DELETE, &path, &ada.access, None, &[])
        .await;
    assert_eq!(accepted.status, 202, "{accepted:?}");
    let job = accepted.text("/id");
    let ended = ada
        .wait_until(1, &format!("jobs/{job}"), |job| !job["ended_at"].is_null())
        .await;
    assert_eq!(ended["status"], "completed", "{ended}");
    let users = tokio::task::block_in_place(|| ok(&site.installation.run(&["users", "list"])));
    assert!(!users.contains("eve@example.org"), "{users}");
}

use reqwest::Method;
use serde_json::{Value, json};

use crate::cases::World;
use crate::examples::{Recorder, id};
use crate::feature::{Feature, NewCase, Recording, Rules};
use crate::patches::flip;
use crate::rights::Rule;
use crate::test_app::{TestApp, send};

pub struct Conversations;

impl Feature for Conversations {
    fn rules(&self) -> Rules {
        &[
            (Rule::ANYONE, &["listConversations", "emptyTrash"]),
            (Rule::CREATORS, &["createConversation"]),
            (
                Rule::OWNER,
                &[
                    "getConversation",
                    "updateConversation",
                    "trashConversation",
                    "restoreConversation",
                    "eraseConversation",
                    "streamConversation",
                    "listMessages",
                    "postMessage",
                    "moveReadMarker",
                ],
            ),
        ]
    }

    fn case<'a>(&'a self, world: &'a World<'a>, operation: &'a str) -> NewCase<'a> {
        Box::pin(async move {
            let (one, two) = (json!({"title": "One"}), json!({"title": "Two"}));
            let conversation = async || world.admin.conversation().await;
            Some(match operation {
                "createConversation" => world.json(operation, &[], one, two),
                "updateConversation" => world.json(operation, &[&conversation().await], one, two),
                "getConversation" | "trashConversation" | "eraseConversation"
                | "streamConversation" | "listMessages" => {
                    world.request(operation, &[&conversation().await])
                }
                "emptyTrash" => world.request(operation, &[]),
                "restoreConversation" => {
                    let conversation = conversation().await;
                    let path = format!("/conversations/{conversation}");
                    assert_eq!(world.admin.delete(&path).await.status, 204);
                    world.request(operation, &[&conversation])
                }
                "postMessage" => world.json(
                    operation,
                    &[&conversation().await],
                    json!({"content": "One", "respond": false}),
                    json!({"content": "Two", "respond": false}),
                ),
                "moveReadMarker" => {
                    let asked = world.ask_question().await;
                    world.json(
                        operation,
                        &[&asked.conversation],
                        json!({"message_id": asked.question}),
                        json!({"message_id": asked.answer}),
                    )
                }
                _ => return None,
            })
        })
    }

    fn changes(&self, operation: &str, now: &Value, round: usize) -> Option<Vec<Value>> {
        let changes = || {
            vec![
                json!({"title": format!("Title {round}")}),
                flip(now, "pinned"),
                flip(now, "archived"),
            ]
        };
        (operation == "updateConversation").then(changes)
    }

    fn record<'a>(&'a self, recorder: &'a mut Recorder<'_>) -> Recording<'a> {
        Box::pin(async move {
            let new = json!({"title": "Days of leave", "assistant_id": recorder.ids["assistant"]});
            let conversation = recorder
                .call_with_body("createConversation", recorder.user(&[]), new)
                .await;
            let conversation = id(&conversation);
            let first = json!({
                "assistant_id": recorder.ids["assistant"],
                "message": {"content": "How many days of leave do we have?"},
            });
            let started = recorder
                .call_with_body("createConversation", recorder.user(&[]), first)
                .await;
            recorder
                .wait_for_end(
                    "streamResponse",
                    recorder.user(&[&id(&started["response"])]),
                )
                .await;
            let named = [conversation.as_str()];
            let question = json!({"content": "How many days of leave do we have?"});
            let exchange = recorder
                .call_with_body("postMessage", recorder.user(&named), question)
                .await;
            let run = id(&exchange["response"]);
            let answer = exchange["response"]["message_id"].as_str().unwrap();
            recorder
                .wait_for_end("streamResponse", recorder.user(&[&run]))
                .await;
            let from_start = recorder.user(&named).with_query("?after=0");
            recorder.stream("streamConversation", from_start).await;
            recorder.call("listConversations", recorder.user(&[])).await;
            recorder
                .call("getConversation", recorder.user(&named))
                .await;
            let pinned = json!({"pinned": true});
            recorder
                .call_with_body("updateConversation", recorder.user(&named), pinned)
                .await;
            recorder.call("listMessages", recorder.user(&named)).await;
            let marker = json!({"message_id": answer});
            recorder
                .call_with_body("moveReadMarker", recorder.user(&named), marker)
                .await;
            for operation in ["trashConversation", "restoreConversation"] {
                recorder.call(operation, recorder.user(&named)).await;
            }
            let second = id(&started);
            let second = [second.as_str()];
            recorder
                .call("eraseConversation", recorder.user(&second))
                .await;
            recorder.call("emptyTrash", recorder.user(&[])).await;
            recorder.ids.insert("question", id(&exchange["message"]));
            recorder.ids.insert("answer", answer.to_owned());
            recorder.ids.insert("run", run);
        })
    }
}

#[tokio::test]
async fn a_conversation_is_created_listed_changed_trashed_and_restored() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let made = ada.post("/conversations", json!({"title": "Plans"})).await;
    assert_eq!(made.status, 201);
    let path = format!("/conversations/{}", made.id());
    assert_eq!(made.header("location"), format!("/api/v1{path}"));
    let read = ada.get(&path).await;
    assert_eq!(read.body, made.body, "a create returns what a read returns");
    let changed = ada
        .patch(&path, json!({"pinned": true, "title": "Ideas"}))
        .await;
    assert_eq!(
        (&changed.body["pinned"], &changed.body["title"]),
        (&json!(true), &json!("Ideas"))
    );
    assert_eq!(
        ada.get("/conversations?pinned=true&q=DEA").await.body["items"][0]["title"],
        "Ideas"
    );
    assert_eq!(
        ada.get("/conversations?q=100%25").await.body["items"],
        json!([])
    );
    assert_eq!(ada.delete(&path).await.status, 204);
    assert_eq!(ada.get("/conversations").await.body["items"], json!([]));
    assert_eq!(
        ada.get("/conversations?trashed=true").await.body["items"][0]["title"],
        "Ideas"
    );
    assert_eq!(ada.delete(&path).await.code(), (409, "trashed"));
    assert_eq!(
        ada.post(&format!("{path}/restore"), json!({})).await.status,
        200
    );
    assert_eq!(
        ada.get("/conversations").await.body["items"][0]["title"],
        "Ideas"
    );
}

#[tokio::test]
async fn hidden_conversations_are_neither_listed_nor_found_nor_counted() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let listed = ada.conversation().await;
    ada.ask(&listed, "Tell me about lighthouses.").await;
    let hidden = json!({"title": "Lighthouse trial", "hidden": true});
    let hidden = ada.post("/conversations", hidden).await;
    assert_eq!(hidden.body["hidden"], true, "{hidden:?}");
    let path = format!("/conversations/{}", hidden.id());
    ada.ask(&hidden.id(), "Tell me about other lighthouses.")
        .await;
    let read = ada.get(&path).await;
    assert_eq!(
        (read.status.as_u16(), &read.body["hidden"]),
        (200, &json!(true))
    );

    let only_listed = |items: &serde_json::Value| {
        let items = items.as_array().unwrap();
        !items.is_empty()
            && !items
                .iter()
                .any(|item| item.to_string().contains(&hidden.id()))
    };
    let list = ada.get("/conversations").await.body;
    assert!(only_listed(&list["items"]), "{list}");
    let request = ada.request(Method::GET, "/search?q=lighthouse");
    let request = request.header(
        "ConvoSphere-Min-Position",
        read.header("convosphere-position"),
    );
    let found = send(request).await.body;
    assert!(only_listed(&found["items"]), "{found}");
    let overview = ada.get("/analytics/overview").await.body;
    assert_eq!(overview["conversations"], 1, "{overview}");
    assert_eq!(ada.delete(&path).await.status, 204);
    let trash = ada.get("/conversations?trashed=true").await.body;
    assert_eq!(trash["items"], json!([]));
}

#[tokio::test]
async fn if_match_prevents_lost_updates() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let path = format!("/conversations/{}", ada.conversation().await);
    let etag = ada.get(&path).await.header("etag").to_owned();
    let change = |tag: &str| {
        let request = ada.request(Method::PATCH, &path).header("If-Match", tag);
        send(request.json(&json!({"title": "x"})))
    };
    assert_eq!(change(&etag).await.status, 200);
    assert_eq!(change(&etag).await.code(), (412, "version_mismatch"));
    assert_eq!(change(&format!("W/{etag}")).await.status, 412);
    assert_eq!(change("nonsense").await.status, 412);
    assert_eq!(change("*").await.status, 200);
    assert_eq!(
        ada.patch(&path, json!({"title": "without"})).await.status,
        200
    );
}

#[tokio::test]
async fn the_same_idempotency_key_returns_the_same_conversation() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let post = |key: &str, body: serde_json::Value| {
        let request = ada
            .request(Method::POST, "/conversations")
            .header("Idempotency-Key", key);
        send(request.json(&body))
    };
    let first = post("k", json!({"title": "A"})).await;
    let second = post("k", json!({"title": "A"})).await;
    assert_eq!(first.body, second.body);
    assert_eq!(
        first.header("convosphere-position"),
        second.header("convosphere-position")
    );
    assert_eq!(
        post("k", json!({"title": "B"})).await.body["code"],
        "idempotency_mismatch"
    );
    assert_ne!(post("other", json!({"title": "A"})).await.id(), first.id());
    assert_eq!(post(&"k".repeat(256), json!({})).await.status, 400);
    assert_eq!(
        ada.get("/conversations").await.body["items"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[tokio::test]
async fn conversations_of_others_are_not_found_by_any_method() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let conversation = ada.conversation().await;
    let (exchange, _) = ada.ask(&conversation, "Where is my data stored?").await;
    let head = app.app.feed.head();
    let eve = app.person("eve").await;
    let head_before = app.app.feed.head().max(head);
    let message = exchange["message"]["id"].as_str().unwrap();
    let answer = exchange["response"]["message_id"].as_str().unwrap();
    let run = exchange["response"]["id"].as_str().unwrap();
    let absent = uuid::Uuid::now_v7().to_string();
    for (theirs, nobodys) in [
        (conversation.as_str(), absent.as_str()),
        (message, absent.as_str()),
        (run, absent.as_str()),
    ] {
        for (method, path, body) in [
            ("GET", "/conversations/{}", None),
            ("PATCH", "/conversations/{}", Some(json!({"title": "x"}))),
            ("DELETE", "/conversations/{}", None),
            ("POST", "/conversations/{}/restore", Some(json!({}))),
            ("GET", "/conversations/{}/messages", None),
            (
                "POST",
                "/conversations/{}/messages",
                Some(json!({"content": "x"})),
            ),
            (
                "POST",
                "/conversations/{}/messages",
                Some(json!({"content": "x", "respond": false})),
            ),
            ("GET", "/conversations/{}/stream", None),
            ("GET", "/messages/{}", None),
            ("POST", "/messages/{}/edit", Some(json!({"content": "x"}))),
            ("POST", "/messages/{}/regenerate", Some(json!({}))),
            ("GET", "/responses/{}", None),
            ("GET", "/responses/{}/stream", None),
            ("POST", "/responses/{}/cancel", Some(json!({}))),
        ] {
            let ask = async |id: &str| {
                let path = path.replace("{}", id);
                let mut request = eve.request(method.parse().unwrap(), &path);
                if let Some(body) = &body {
                    request = request.json(body);
                }
                let mut answer = send(request).await;
                answer.body["request_id"] = json!(null);
                answer.body["instance"] = json!(null);
                answer
            };
            let (answer, truly_absent) = (ask(theirs).await, ask(nobodys).await);
            assert_eq!(answer.code(), (404, "not_found"), "{method} {path}");
            assert_eq!(answer.body, truly_absent.body, "{method} {path}");
        }
    }
    let own = eve.conversation().await;
    let foreign_parent = json!({"content": "x", "parent_id": answer});
    let refused = eve
        .post(&format!("/conversations/{own}/messages"), foreign_parent)
        .await;
    assert_eq!(refused.body["errors"][0]["pointer"], "/parent_id");
    let foreign_leaf = eve
        .get(&format!("/conversations/{own}/messages?leaf={answer}"))
        .await;
    assert_eq!(foreign_leaf.status, 422);
    assert_eq!(
        eve.get("/conversations").await.body["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    // Only eve's own conversation was appended.
    assert_eq!(app.app.feed.head(), head_before + 1);
}

#[tokio::test]
async fn pages_have_no_gaps_or_duplicates() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let mut made = Vec::new();
    for n in 0..7 {
        made.push(
            ada.post("/conversations", json!({"title": n.to_string()}))
                .await
                .id(),
        );
    }
    made.reverse();
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = ada
            .get(&format!("/conversations?limit=3{cursor}"))
            .await
            .body;
        seen.extend(
            page["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|c| c["id"].as_str().unwrap().to_owned()),
        );
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen, made);
    for forged in ["x", "AAAA", &"A".repeat(5_000), "%00"] {
        let answer = ada.get(&format!("/conversations?cursor={forged}")).await;
        assert_eq!(answer.code(), (400, "invalid_cursor"), "{forged}");
    }
}

#[tokio::test]
async fn a_read_marker_only_moves_forward() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let conversation = ada.conversation().await;
    let (exchange, _) = ada.ask(&conversation, "Where is my data stored?").await;
    let (question, answer) = (
        &exchange["message"]["id"],
        &exchange["response"]["message_id"],
    );
    let path = format!("/conversations/{conversation}");
    let move_to = async |message: &serde_json::Value| {
        let request = ada.request(Method::PUT, &format!("{path}/read-marker"));
        send(request.json(&json!({"message_id": message}))).await
    };
    let read = async || ada.get(&path).await.body["last_read_message_id"].clone();
    assert_eq!(read().await, json!(null));
    for (to, marker) in [(question, question), (answer, answer), (question, answer)] {
        let moved = move_to(to).await;
        assert_eq!(moved.status, 204, "{moved:?}");
        assert!(!moved.header("convosphere-position").is_empty());
        assert_eq!(&read().await, marker);
    }
    let listed = ada.get("/conversations").await.body;
    assert_eq!(&listed["items"][0]["last_read_message_id"], answer);
    // A message of another conversation, and an unknown one.
    let other = ada.conversation().await;
    let (elsewhere, _) = ada.ask(&other, "Where is my data stored?").await;
    for message in [
        elsewhere["message"]["id"].clone(),
        json!(uuid::Uuid::now_v7()),
    ] {
        let refused = move_to(&message).await;
        assert_eq!(refused.status, 422);
        let error = &refused.body["errors"][0];
        assert_eq!(
            (&error["code"], &error["pointer"]),
            (&json!("unknown_message"), &json!("/message_id"))
        );
    }
    assert_eq!(move_to(&json!(null)).await.status, 422);
    assert_eq!(&read().await, answer);
}

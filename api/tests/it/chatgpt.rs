//! Import of a `ChatGPT` export in the format of 2023 to 2026.

use serde_json::{Value, json};

use crate::imports::{bytes, conversations, import_completed, messages, zip_archive};
use crate::test_app::TestApp;

/// A node of a `ChatGPT` export.
fn node(id: &str, parent: Option<&str>, children: &[&str], message: Value) -> (String, Value) {
    let node = json!({"id": id, "parent": parent, "children": children, "message": message});
    (id.to_owned(), node)
}

fn chat_message(role: &str, time: f64, content: Value, metadata: Value) -> Value {
    json!({
        "id": "x", "author": {"role": role, "name": null, "metadata": {}}, "create_time": time, "update_time": null,
        "content": content, "status": "finished_successfully", "end_turn": true, "weight": 1.0,
        "metadata": metadata, "recipient": "all", "channel": null,
    })
}

fn text(text: &str) -> Value {
    json!({"content_type": "text", "parts": [text]})
}

/// A conversation in a `ChatGPT` export: hidden nodes, a tool, reasoning, a branch, an image and a citation.
fn chatgpt() -> Value {
    let tool_call = {
        let mut call = chat_message(
            "assistant",
            1_700_000_004.0,
            json!({"content_type": "code", "language": "python", "text": "1+1"}),
            json!({"model_slug": "gpt-4o"}),
        );
        call["recipient"] = "python".into();
        call
    };
    let picture = json!({
        "content_type": "multimodal_text",
        "parts": [{"content_type": "image_asset_pointer", "asset_pointer": "file-service://file-Tea1", "width": 1}, "What is this?"],
    });
    let nodes: serde_json::Map<String, Value> = [
        node("client-created-root", None, &["sys"], Value::Null),
        node("sys", Some("client-created-root"), &["q1"], chat_message("system", 0.0, text(""), json!({"is_visually_hidden_from_conversation": true}))),
        node("q1", Some("sys"), &["a1", "a2"], chat_message("user", 1_700_000_001.5, text("How is tea made?"), json!({}))),
        node("a2", Some("q1"), &["q2"], chat_message("assistant", 1_700_000_002.0, text("With water\u{e200}cite\u{e202}turn0search0\u{e201}."), json!({"model_slug": "gpt-4o"}))),
        node("a1", Some("q1"), &[], chat_message("assistant", 1_700_000_003.0, text("With milk."), json!({"model_slug": "gpt-4"}))),
        node("q2", Some("a2"), &["th"], chat_message("user", 1_700_000_003.5, picture, json!({"attachments": [{"id": "file-Tea1", "name": "tea.png", "mime_type": "image/png", "size": 4}, {"id": "file-Gone", "name": "gone.pdf"}]}))),
        node("th", Some("q2"), &["call"], chat_message("assistant", 1_700_000_003.7, json!({"content_type": "thoughts", "thoughts": [{"summary": "s", "content": "A cup."}]}), json!({}))),
        node("call", Some("th"), &["tool"], tool_call),
        node("tool", Some("call"), &["a3"], chat_message("tool", 1_700_000_005.0, json!({"content_type": "execution_output", "text": "2"}), json!({}))),
        node("a3", Some("tool"), &[], chat_message("assistant", 1_700_000_006.25, text("A cup of **tea**."), json!({"model_slug": "gpt-4o"}))),
    ]
    .into_iter()
    .collect();
    json!({
        "title": "Tea\nparty", "create_time": 1_700_000_000.123_456, "update_time": 1_700_000_100.5,
        "mapping": nodes, "current_node": "a3", "conversation_id": "6553f100-aaaa-4bbb-8ccc-0123456789ab",
        "id": "6553f100-aaaa-4bbb-8ccc-0123456789ab", "is_archived": false, "is_starred": true, "moderation_results": [],
    })
}

#[tokio::test]
async fn a_chatgpt_export_is_imported_with_versions_times_and_files() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let odd = json!({"id": "odd", "mapping": "none"});
    let empty = json!({"id": "empty", "title": "New chat", "create_time": 1.0, "mapping": {}});
    let list = json!([chatgpt(), odd, empty]).to_string();
    let picture = [0x89, b'P', b'N', b'G'];
    let file = zip_archive(&[
        ("conversations.json", list.as_bytes()),
        ("file-Tea1-tea.png", &picture),
        ("user.json", b"{}"),
        ("chat.html", b"<html></html>"),
    ]);
    let result = import_completed(&ada, "chatgpt.zip", &file).await;
    assert_eq!(
        result["conversations"],
        json!({"new": 1, "known": 0}),
        "{result}"
    );
    assert_eq!(result["messages"], 5);
    assert_eq!(result["files"], json!({"new": 1, "known": 0, "missing": 1}));
    // The tool call and its result.
    assert_eq!(result["left_out"], 2);
    assert_eq!(result["refused"], 1);

    let conversation = conversations(&ada, "").await.remove(0);
    assert_eq!(conversation["title"], "Tea party");
    assert_eq!(conversation["imported_from"], "chatgpt");
    assert_eq!(conversation["pinned"], true);
    assert_eq!(
        conversation["created_at"],
        "2023-11-14T22:13:20.123456+00:00"
    );
    let list = messages(&ada, conversation["id"].as_str().unwrap()).await;
    let seen: Vec<(&str, &str)> = list
        .iter()
        .map(|one| {
            (
                one["role"].as_str().unwrap(),
                one["content"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        seen,
        [
            ("user", "How is tea made?"),
            ("assistant", "With water."),
            ("user", "What is this?"),
            ("assistant", "A cup of **tea**."),
        ]
    );
    // Imported messages count as read.
    assert_eq!(
        conversation["last_read_message_id"],
        conversation["leaf_id"]
    );
    assert_eq!(list[1]["sibling_ids"].as_array().unwrap().len(), 2);
    assert_eq!(list[0]["created_at"], "2023-11-14T22:13:21.500+00:00");
    let file = list[2]["attachments"][0]["id"].as_str().map_or_else(
        || list[2]["attachments"][0].as_str().unwrap().to_owned(),
        str::to_owned,
    );
    assert_eq!(
        bytes(&ada, &format!("/files/{file}/content")).await,
        picture
    );

    // Later only the list, with one more question.
    let mut longer = chatgpt();
    let (id, more) = node(
        "q3",
        Some("a3"),
        &[],
        chat_message("user", 1_700_000_200.0, text("Thanks"), json!({})),
    );
    longer["mapping"][&id] = more;
    longer["mapping"]["a3"]["children"] = json!(["q3"]);
    longer["current_node"] = "q3".into();
    let list = json!([longer]).to_string();
    let result = import_completed(&ada, "conversations.json", list.as_bytes()).await;
    assert_eq!(result["conversations"], json!({"new": 0, "known": 1}));
    assert_eq!(result["messages"], 1);
}

//! `ChatGPT` exports in unknown formats: readable parts are imported, others are reported and counted.

use std::io::Write;

use serde_json::{Value, json};
use zip::write::SimpleFileOptions;

use crate::imports::{bytes, conversations, import, import_completed, messages, zip_archive};
use crate::test_app::{Person, TestApp};

fn chat_message(role: &str, parts: Value) -> Value {
    json!({"author": {"role": role}, "create_time": 1.5, "content": {"content_type": "text", "parts": parts}})
}

/// A conversation of a question and an answer, with a change.
fn sample_with(id: &str, change: impl FnOnce(&mut Value)) -> Value {
    let mut one = json!({
        "id": id, "title": id, "create_time": 1_700_000_000.0, "update_time": 1_700_000_100.0, "current_node": "a",
        "default_model_slug": "gpt-5",
        "mapping": {
            "root": {"id": "root", "parent": null, "children": ["q"], "message": null},
            "q": {"id": "q", "parent": "root", "children": ["a"], "message": chat_message("user", json!(["How?"]))},
            "a": {"id": "a", "parent": "q", "children": [], "message": chat_message("assistant", json!(["So."]))},
        },
    });
    change(&mut one);
    one
}

async fn texts(ada: &Person<'_>, title: &str) -> Vec<(String, String)> {
    let list = conversations(ada, "").await;
    let found = list.iter().find(|one| one["title"] == title);
    let found = found.unwrap_or_else(|| panic!("there is no {title}: {list:?}"));
    let text = |one: &Value, key: &str| one[key].as_str().unwrap_or_default().to_owned();
    let messages = messages(ada, found["id"].as_str().unwrap()).await;
    messages
        .iter()
        .map(|one| (text(one, "role"), text(one, "content")))
        .collect()
}

fn expected_messages() -> Vec<(String, String)> {
    [("user", "How?"), ("assistant", "So.")]
        .map(|(role, text)| (role.to_owned(), text.to_owned()))
        .to_vec()
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a table of fields")]
async fn a_malformed_field_loses_only_itself() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    // Each field is missing, null, or of another type in turn.
    let fields = [
        "/title",
        "/create_time",
        "/update_time",
        "/current_node",
        "/default_model_slug",
        "/is_archived",
        "/is_starred",
        "/moderation_results",
        "/mapping/q/parent",
        "/mapping/q/children",
        "/mapping/a/parent",
        "/mapping/q/message/metadata",
        "/mapping/q/message/metadata/attachments",
        "/mapping/q/message/create_time",
        "/mapping/q/message/status",
        "/mapping/q/message/recipient",
        "/mapping/a/message/content/content_type",
        "/mapping/a/message/content/thoughts",
        "/mapping/a/message/metadata/model_slug",
        "/mapping/root/message",
        "/mapping/root/children",
    ];
    let kinds = [
        json!(null),
        json!(true),
        json!(7),
        json!("all"),
        json!([]),
        json!([{"a": [1]}]),
        json!({"b": {}}),
    ];
    let mut list = Vec::new();
    for field in fields {
        for kind in &kinds {
            let id = format!("{field} {kind}");
            let (above, name) = field.rsplit_once('/').unwrap();
            list.push(sample_with(&id, |one| {
                if above.ends_with("/metadata") {
                    one.pointer_mut(above.trim_end_matches("/metadata"))
                        .unwrap()["metadata"] = json!({});
                }
                one.pointer_mut(above).unwrap()[name] = kind.clone();
            }));
        }
        list.push(sample_with(&format!("{field} none"), |one| {
            let (above, name) = field.rsplit_once('/').unwrap();
            if let Some(above) = one.pointer_mut(above) {
                above.as_object_mut().unwrap().remove(name);
            }
        }));
    }
    let count = list.len();
    let result = import_completed(
        &ada,
        "conversations.json",
        json!(list).to_string().as_bytes(),
    )
    .await;
    assert_eq!(
        result["conversations"],
        json!({"new": count, "known": 0}),
        "{result}"
    );
    assert_eq!(result["messages"], 2 * count, "{result}");
    assert_eq!(result["refused"], 0, "{result}");
    // The text is the same too.
    let bob = app.person("bob").await;
    let few = json!([
        sample_with("Parents alone", |one| {
            for node in ["root", "q", "a"] {
                one["mapping"][node]
                    .as_object_mut()
                    .unwrap()
                    .remove("children");
            }
        }),
        sample_with("Children alone", |one| {
            for node in ["root", "q", "a"] {
                one["mapping"][node]
                    .as_object_mut()
                    .unwrap()
                    .remove("parent");
            }
        }),
        sample_with(
            "Neither here",
            |one| one["mapping"]["a"]["message"]["metadata"] = json!({"model_slug": [1]})
        ),
    ]);
    import_completed(&bob, "conversations.json", few.to_string().as_bytes()).await;
    for title in ["Parents alone", "Children alone", "Neither here"] {
        assert_eq!(texts(&bob, title).await, expected_messages(), "{title}");
    }
    let found = conversations(&bob, "").await;
    let found = found
        .iter()
        .find(|one| one["title"] == "Neither here")
        .unwrap();
    let export = format!(
        "/conversations/{}/export?format=json",
        found["id"].as_str().unwrap()
    );
    let exported: Value = serde_json::from_slice(&bytes(&bob, &export).await).unwrap();
    let answer = &exported["messages"][1];
    assert_eq!(answer["model"], "gpt-5", "{answer}");
    assert!(exported["messages"][0]["model"].is_null());
    assert!(
        answer["created_at"]
            .as_str()
            .unwrap()
            .starts_with("1970-01-01T00:00:01.5"),
        "{answer}"
    );
}

#[tokio::test]
async fn transcripts_are_imported_as_text_and_unreadable_parts_are_counted() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let spoken = |text: &str| {
        json!([
            {"content_type": "audio_transcription", "text": text, "direction": "in"},
            {"content_type": "audio_asset_pointer", "asset_pointer": "sediment://file_1", "format": "wav"},
        ])
    };
    let list = json!([
        sample_with("Spoken", |one| {
            one["mapping"]["q"]["message"] = chat_message("user", spoken("How?"));
            one["mapping"]["a"]["message"] = chat_message("assistant", spoken("So."));
            one["mapping"]["q"]["message"]["content"]["content_type"] = "multimodal_text".into();
        }),
        sample_with("Objects", |one| {
            one["mapping"]["a"]["message"]["content"]["parts"] = json!([{"text": "So."}, null, {"type": "hologram"}]);
            one["mapping"]["q"]["message"]["content"] = "How?".into();
        }),
        sample_with("Nobody", |one| one["mapping"]["a"]["message"]["author"] = json!(null)),
        sample_with("Circle", |one| one["mapping"]["root"] = json!({"parent": "a", "children": ["q"]})),
        sample_with("Cut", |one| one["mapping"]["a"]["message"]["content"]["parts"] = json!(["@@"])),
        sample_with("Times", |one| {
            one["create_time"] = "2023-11-14T22:13:20Z".into();
            one["mapping"]["q"]["message"]["create_time"] = "1700000001.5".into();
        }),
        {"title": "No id", "mapping": {}},
        7,
    ]);
    // Half of a surrogate pair, as left by programs that truncate text.
    let list = format!("\u{feff}{}", list.to_string().replace("@@", "So\\ud83c"));
    let result = import_completed(&ada, "conversations.json", list.as_bytes()).await;
    assert_eq!(
        result["conversations"],
        json!({"new": 6, "known": 0}),
        "{result}"
    );
    assert_eq!(result["left_out"], 2, "{result}");
    assert_eq!(result["refused"], 4, "{result}");
    let reasons = result["reasons"].to_string();
    for reason in ["hologram", "who wrote it", "no id", "not a conversation"] {
        assert!(reasons.contains(reason), "{reasons}");
    }
    assert_eq!(texts(&ada, "Spoken").await, expected_messages());
    assert_eq!(texts(&ada, "Objects").await, expected_messages());
    assert_eq!(texts(&ada, "Circle").await, expected_messages());
    assert_eq!(texts(&ada, "Nobody").await, expected_messages()[..1]);
    assert!(texts(&ada, "Cut").await[1].1.starts_with("So\u{fffd}"));
    assert_eq!(texts(&ada, "Times").await, expected_messages());
}

#[tokio::test]
async fn a_question_with_only_an_image_is_imported_with_it() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let list = json!([sample_with("Picture", |one| {
        let pointer = json!([{"content_type": "image_asset_pointer", "asset_pointer": "sediment://file_9#x"}]);
        one["mapping"]["q"]["message"] = chat_message("user", pointer);
    })]);
    let file = zip_archive(&[
        ("export/conversations-001.json", list.to_string().as_bytes()),
        ("export/file_9-tea.png", b"\x89PNG"),
        ("__MACOSX/export/._conversations-001.json", b"\0"),
    ]);
    let result = import_completed(&ada, "chatgpt.zip", &file).await;
    assert_eq!(
        result["files"],
        json!({"new": 1, "known": 0, "missing": 0}),
        "{result}"
    );
    let files = ada.get("/files").await.body["items"].clone();
    let path = format!("/files/{}/content", files[1]["id"].as_str().unwrap());
    let other = format!("/files/{}/content", files[0]["id"].as_str().unwrap());
    let pictures = [bytes(&ada, &path).await, bytes(&ada, &other).await];
    assert!(pictures.contains(&b"\x89PNG".to_vec()));
    assert_eq!(texts(&ada, "Picture").await.len(), 2);
}

#[tokio::test]
async fn exports_of_other_products_fail_with_a_reason() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let web =
        json!([{"id": "1", "user_id": "2", "title": "T", "chat": {"history": {"messages": {}}}}]);
    let claude =
        json!([{"uuid": "1", "name": "T", "chat_messages": [{"text": "Hello"}], "account": {}}]);
    let cases: [(&str, Vec<u8>, &str); 9] = [
        (
            "webui.json",
            web.to_string().into_bytes(),
            "an export of Open WebUI, which is not supported",
        ),
        (
            "claude.json",
            claude.to_string().into_bytes(),
            "an export of Claude, which is not supported",
        ),
        (
            "claude.zip",
            zip_archive(&[("conversations.json", claude.to_string().as_bytes())]),
            "an export of Claude",
        ),
        (
            "libre.json",
            json!({"conversationId": "1", "messages": []})
                .to_string()
                .into_bytes(),
            "LibreChat",
        ),
        (
            "numbers.json",
            b"[1, 2, 3]".to_vec(),
            "it is not a conversation",
        ),
        ("none.json", b"[]".to_vec(), "the list has no conversations"),
        (
            "unused.json",
            br#"[{"id": "a", "mapping": {}}]"#.to_vec(),
            "no conversation of the file has a message",
        ),
        (
            "other.json",
            br#"{"a": 1}"#.to_vec(),
            "not a supported export",
        ),
        (
            "marked.json",
            b"\xef\xbb\xbf[{\"id\": 1]".to_vec(),
            "could not be read",
        ),
    ];
    for (name, file, wanted) in cases {
        let job = import(&ada, name, &file).await;
        assert_eq!(job["status"], "failed", "{name}: {job}");
        let error = job["error"].as_str().unwrap();
        assert!(error.contains(wanted), "{name}: {error}");
    }
    assert!(conversations(&ada, "").await.is_empty());
}

#[tokio::test]
async fn an_archive_that_was_repacked_in_a_folder_is_imported() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let id = ada
        .post("/conversations", json!({"title": "Tea"}))
        .await
        .id();
    ada.ask(&id, "Where is my data stored?").await;
    ada.upload("/files", "rules.txt", b"Rules of tea.").await;
    let exported = bytes(&ada, "/exports/archive").await;
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(exported)).unwrap();
    let mut packed = zip::ZipWriter::new(std::io::Cursor::new(vec![]));
    for index in 0..zip.len() {
        let mut entry = zip.by_index(index).unwrap();
        let name = format!("My archive/{}", entry.name().unwrap());
        let mut text = Vec::new();
        std::io::copy(&mut entry, &mut text).unwrap();
        if name.ends_with("json") {
            text.splice(0..0, *b"\xef\xbb\xbf");
        }
        packed
            .start_file(name, SimpleFileOptions::default())
            .unwrap();
        packed.write_all(&text).unwrap();
    }
    let packed = packed.finish().unwrap().into_inner();
    let bob = app.person("bob").await;
    let result = import_completed(&bob, "packed.zip", &packed).await;
    assert_eq!(
        result["conversations"],
        json!({"new": 1, "known": 0}),
        "{result}"
    );
    assert_eq!(result["files"]["new"], 1, "{result}");
    assert_eq!(result["digest"]["whole"], true, "{result}");
}

//! Exports of `ChatGPT` in forms that nobody has seen yet: what can be read comes in, what cannot is named and counted.

use std::io::Write;

use serde_json::{Value, json};
use zip::write::SimpleFileOptions;

use crate::imports::{bytes, conversations, import, imported, messages, zipped};
use crate::test_app::{Person, TestApp};

fn said(role: &str, parts: Value) -> Value {
    json!({"author": {"role": role}, "create_time": 1.5, "content": {"content_type": "text", "parts": parts}})
}

/// A conversation of a question and an answer, with something in it changed.
fn changed(id: &str, change: impl FnOnce(&mut Value)) -> Value {
    let mut one = json!({
        "id": id, "title": id, "create_time": 1_700_000_000.0, "update_time": 1_700_000_100.0, "current_node": "a",
        "default_model_slug": "gpt-5",
        "mapping": {
            "root": {"id": "root", "parent": null, "children": ["q"], "message": null},
            "q": {"id": "q", "parent": "root", "children": ["a"], "message": said("user", json!(["How?"]))},
            "a": {"id": "a", "parent": "q", "children": [], "message": said("assistant", json!(["So."]))},
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

fn both() -> Vec<(String, String)> {
    [("user", "How?"), ("assistant", "So.")]
        .map(|(role, text)| (role.to_owned(), text.to_owned()))
        .to_vec()
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a table of fields")]
async fn a_field_that_is_missing_null_or_of_another_type_loses_itself_alone() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    // Each field in turn is left out, null, and of every other type.
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
            list.push(changed(&id, |one| {
                if above.ends_with("/metadata") {
                    one.pointer_mut(above.trim_end_matches("/metadata"))
                        .unwrap()["metadata"] = json!({});
                }
                one.pointer_mut(above).unwrap()[name] = kind.clone();
            }));
        }
        list.push(changed(&format!("{field} none"), |one| {
            let (above, name) = field.rsplit_once('/').unwrap();
            if let Some(above) = one.pointer_mut(above) {
                above.as_object_mut().unwrap().remove(name);
            }
        }));
    }
    let count = list.len();
    let result = imported(
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
    // What they say is the same as well.
    let bob = app.person("bob").await;
    let few = json!([
        changed("Parents alone", |one| {
            for node in ["root", "q", "a"] {
                one["mapping"][node]
                    .as_object_mut()
                    .unwrap()
                    .remove("children");
            }
        }),
        changed("Children alone", |one| {
            for node in ["root", "q", "a"] {
                one["mapping"][node]
                    .as_object_mut()
                    .unwrap()
                    .remove("parent");
            }
        }),
        changed(
            "Neither here",
            |one| one["mapping"]["a"]["message"]["metadata"] = json!({"model_slug": [1]})
        ),
    ]);
    imported(&bob, "conversations.json", few.to_string().as_bytes()).await;
    for title in ["Parents alone", "Children alone", "Neither here"] {
        assert_eq!(texts(&bob, title).await, both(), "{title}");
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
async fn what_was_spoken_comes_in_as_words_and_what_cannot_be_read_is_counted() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let spoken = |text: &str| {
        json!([
            {"content_type": "audio_transcription", "text": text, "direction": "in"},
            {"content_type": "audio_asset_pointer", "asset_pointer": "sediment://file_1", "format": "wav"},
        ])
    };
    let list = json!([
        changed("Spoken", |one| {
            one["mapping"]["q"]["message"] = said("user", spoken("How?"));
            one["mapping"]["a"]["message"] = said("assistant", spoken("So."));
            one["mapping"]["q"]["message"]["content"]["content_type"] = "multimodal_text".into();
        }),
        changed("Objects", |one| {
            one["mapping"]["a"]["message"]["content"]["parts"] = json!([{"text": "So."}, null, {"type": "hologram"}]);
            one["mapping"]["q"]["message"]["content"] = "How?".into();
        }),
        changed("Nobody", |one| one["mapping"]["a"]["message"]["author"] = json!(null)),
        changed("Circle", |one| one["mapping"]["root"] = json!({"parent": "a", "children": ["q"]})),
        changed("Cut", |one| one["mapping"]["a"]["message"]["content"]["parts"] = json!(["@@"])),
        changed("Times", |one| {
            one["create_time"] = "2023-11-14T22:13:20Z".into();
            one["mapping"]["q"]["message"]["create_time"] = "1700000001.5".into();
        }),
        {"title": "No id", "mapping": {}},
        7,
    ]);
    // Half of a character, as programs leave it that cut texts.
    let list = format!("\u{feff}{}", list.to_string().replace("@@", "So\\ud83c"));
    let result = imported(&ada, "conversations.json", list.as_bytes()).await;
    assert_eq!(
        result["conversations"],
        json!({"new": 6, "known": 0}),
        "{result}"
    );
    assert_eq!(result["left_out"], 2, "{result}");
    assert_eq!(result["refused"], 4, "{result}");
    let reasons = result["reasons"].to_string();
    for reason in ["hologram", "who wrote it", "no id", "no conversation"] {
        assert!(reasons.contains(reason), "{reasons}");
    }
    assert_eq!(texts(&ada, "Spoken").await, both());
    assert_eq!(texts(&ada, "Objects").await, both());
    assert_eq!(texts(&ada, "Circle").await, both());
    assert_eq!(texts(&ada, "Nobody").await, both()[..1]);
    assert!(texts(&ada, "Cut").await[1].1.starts_with("So\u{fffd}"));
    assert_eq!(texts(&ada, "Times").await, both());
}

#[tokio::test]
async fn a_question_that_is_a_picture_alone_comes_in_with_its_picture() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let list = json!([changed("Picture", |one| {
        let pointer = json!([{"content_type": "image_asset_pointer", "asset_pointer": "sediment://file_9#x"}]);
        one["mapping"]["q"]["message"] = said("user", pointer);
    })]);
    let file = zipped(&[
        ("export/conversations-001.json", list.to_string().as_bytes()),
        ("export/file_9-tea.png", b"\x89PNG"),
        ("__MACOSX/export/._conversations-001.json", b"\0"),
    ]);
    let result = imported(&ada, "chatgpt.zip", &file).await;
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
async fn the_wrong_file_is_named_and_never_called_completed() {
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
            "an export of Open WebUI, which is not read yet",
        ),
        (
            "claude.json",
            claude.to_string().into_bytes(),
            "an export of Claude, which is not read yet",
        ),
        (
            "claude.zip",
            zipped(&[("conversations.json", claude.to_string().as_bytes())]),
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
            "it is no conversation",
        ),
        ("none.json", b"[]".to_vec(), "the list has no conversations"),
        (
            "unused.json",
            br#"[{"id": "a", "mapping": {}}]"#.to_vec(),
            "no conversation of the file has a message",
        ),
        ("other.json", br#"{"a": 1}"#.to_vec(), "no export"),
        (
            "marked.json",
            b"\xef\xbb\xbf[{\"id\": 1]".to_vec(),
            "could not be read",
        ),
    ];
    for (name, file, wanted) in cases {
        let told = import(&ada, name, &file).await;
        assert_eq!(told["status"], "failed", "{name}: {told}");
        let error = told["error"].as_str().unwrap();
        assert!(error.contains(wanted), "{name}: {error}");
    }
    assert!(conversations(&ada, "").await.is_empty());
}

#[tokio::test]
async fn an_archive_that_somebody_packed_again_in_a_folder_is_one() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let id = ada
        .post("/conversations", json!({"title": "Tea"}))
        .await
        .id();
    ada.ask(&id, "Where does my data lie?").await;
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
    let result = imported(&bob, "packed.zip", &packed).await;
    assert_eq!(
        result["conversations"],
        json!({"new": 1, "known": 0}),
        "{result}"
    );
    assert_eq!(result["files"]["new"], 1, "{result}");
    assert_eq!(result["digest"]["whole"], true, "{result}");
}

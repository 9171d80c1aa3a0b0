//! Export of conversations as files.

use reqwest::Method;
use serde_json::{Value, json};

use testing::provider::Provider;

use crate::cases::World;
use crate::examples::Recorder;
use crate::feature::{Feature, NewCase, Recording, Rules};
use crate::parts::connect_provider;
use crate::rights::Rule;
use crate::test_app::{Person, TestApp};

pub struct Export;

impl Feature for Export {
    fn rules(&self) -> Rules {
        &[
            (Rule::ANYONE, &["exportEverything"]),
            (Rule::OWNER, &["exportConversation"]),
        ]
    }

    fn case<'a>(&'a self, world: &'a World<'a>, operation: &'a str) -> NewCase<'a> {
        Box::pin(async move {
            if operation != "exportConversation" {
                return None;
            }
            let conversation = world.admin.conversation().await;
            Some(world.request(operation, &[&conversation]))
        })
    }

    /// Nothing: downloads have no examples.
    fn record<'a>(&'a self, _recorder: &'a mut Recorder<'_>) -> Recording<'a> {
        Box::pin(async {})
    }
}

/// Returns the file and its name.
async fn export(person: &Person<'_>, conversation: &str, format: &str) -> (String, String) {
    let path = format!("/conversations/{conversation}/export?format={format}");
    let answer = person.request(Method::GET, &path).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let name = answer.headers()["content-disposition"]
        .to_str()
        .unwrap()
        .to_owned();
    (answer.text().await.unwrap(), name)
}

#[tokio::test]
async fn json_exports_everything_and_other_formats_the_current_path() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let made = ada
        .post("/conversations", json!({"title": "Plan: A/B * <b>"}))
        .await;
    let conversation = made.id();
    let path = format!("/conversations/{conversation}/messages");
    let file = ada.upload("/files", "rules <1>.txt", b"Rules").await.id();
    let asked =
        json!({"content": "First **question**", "respond": false, "attachment_ids": [file]});
    let first = ada.post(&path, asked).await.body["message"]["id"].clone();
    ada.ask(&conversation, "Where is my data stored?").await;
    let edited = json!({"content": "Another question <script>alert(1)</script>"});
    let id = first.as_str().unwrap();
    let sibling = ada.post(&format!("/messages/{id}/edit"), edited).await;
    assert_eq!(sibling.status, 201, "{sibling:?}");

    let (text, name) = export(&ada, &conversation, "json").await;
    assert!(name.contains("Plan: A-B * <b>.json"), "{name}");
    let whole: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(whole["format"], "convosphere.conversation");
    assert_eq!(whole["conversation"]["title"], "Plan: A/B * <b>");
    let messages = whole["messages"].as_array().unwrap();
    let read = |content: &str| {
        messages
            .iter()
            .find(|one| one["content"] == content)
            .cloned()
    };
    assert_eq!(
        read("First **question**").unwrap()["attachments"][0]["name"],
        "rules <1>.txt"
    );
    assert!(read("Another question <script>alert(1)</script>").is_some());
    let answer = messages
        .iter()
        .find(|one| one["model"] == "builtin/guide")
        .unwrap();
    assert!(answer["usage"]["output_tokens"].as_u64().unwrap() > 0);
    assert!(!answer["citations"].as_array().unwrap().is_empty());
    // Each message comes after its parent.
    for (place, message) in messages.iter().enumerate() {
        let above = message["parent_id"].as_str();
        let before = messages[..place]
            .iter()
            .any(|one| one["id"].as_str() == above);
        assert!(above.is_none() || before, "{message}");
    }

    let (text, name) = export(&ada, &conversation, "markdown").await;
    assert!(name.contains(".md"), "{name}");
    assert!(text.starts_with("# Plan\\: A\\/B \\* \\<b\\>\n"), "{text}");
    assert!(
        text.contains("## You") && text.contains("Another question"),
        "{text}"
    );
    // The current path, not the other version.
    assert!(!text.contains("First **question**"), "{text}");
    let (text, _) = export(&ada, &conversation, "html").await;
    assert!(
        text.contains("<title>Plan: A/B * &lt;b&gt;</title>"),
        "{text}"
    );
    assert!(!text.contains("<script"), "{text}");
    assert!(text.ends_with("</html>\n"), "{text}");
    let path = format!("/conversations/{conversation}/export?format=pdf");
    let answer = ada.request(Method::GET, &path).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let pages = answer.bytes().await.unwrap();
    let read = pdf_extract::extract_text_from_mem(&pages).unwrap();
    let read: Vec<&str> = read.split_whitespace().collect();
    let read = read.join(" ");
    assert!(read.contains("Plan: A/B * <b>"), "{read}");
    assert!(read.contains("Another question"), "{read}");
    assert!(!read.contains("First question"), "{read}");
}

#[tokio::test]
async fn exports_mark_incomplete_answers_and_only_json_has_reasoning() {
    let provider = Provider::start().await;
    let app = TestApp::with_provider(&provider).await;
    let ada = connect_provider(&app, &provider).await;
    let made = json!({"model": "local/cut"});
    let conversation = ada.post("/conversations", made).await.id();
    let (_, end) = ada.ask(&conversation, "Tell me everything").await;
    assert_eq!(end["response"]["finish_reason"], "length", "{end}");

    for format in ["markdown", "html"] {
        let (text, _) = export(&ada, &conversation, format).await;
        assert!(text.contains("The first half"), "{text}");
        assert!(text.contains("This answer was cut off"), "{text}");
        assert!(!text.contains("Let me think"), "{text}");
    }
    let (text, _) = export(&ada, &conversation, "json").await;
    let whole: Value = serde_json::from_str(&text).unwrap();
    let answer = &whole["messages"][1];
    assert_eq!(answer["finish_reason"], "length", "{answer}");
    assert!(
        answer["parts"].to_string().contains("Let me think"),
        "{answer}"
    );
}

#[tokio::test]
async fn a_long_conversation_is_exported_in_order() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let conversation = ada.conversation().await;
    let path = format!("/conversations/{conversation}/messages");
    for number in 0..450 {
        let note = json!({"content": format!("note {number}."), "respond": false});
        assert_eq!(ada.post(&path, note).await.status, 201);
    }
    let (text, _) = export(&ada, &conversation, "json").await;
    let whole: Value = serde_json::from_str(&text).unwrap();
    let contents: Vec<String> = whole["messages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["content"].as_str().unwrap().to_owned())
        .collect();
    let wanted: Vec<String> = (0..450).map(|number| format!("note {number}.")).collect();
    assert_eq!(contents, wanted);
    let (text, _) = export(&ada, &conversation, "markdown").await;
    let places: Vec<usize> = wanted
        .iter()
        .map(|note| text.find(note.as_str()).unwrap())
        .collect();
    assert!(places.is_sorted());
}

#[tokio::test]
async fn empty_conversations_are_exported_and_those_of_others_are_not_found() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let bob = app.person("bob").await;
    let conversation = ada.conversation().await;
    for format in ["json", "markdown", "html", "pdf"] {
        // PDF is not text, but not empty.
        let (text, _) = export(&ada, &conversation, format).await;
        assert!(!text.is_empty());
        let path = format!("/conversations/{conversation}/export?format={format}");
        assert_eq!(bob.get(&path).await.status, 404);
    }
    let path = format!("/conversations/{conversation}/export?format=docx");
    assert_eq!(ada.get(&path).await.status, 422);
}

#[tokio::test]
async fn a_conversation_too_long_for_pdf_is_refused_with_a_remedy() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let conversation = ada.conversation().await;
    let path = format!("/conversations/{conversation}/messages");
    let long = "word ".repeat(380_000);
    for _ in 0..2 {
        let said = json!({"content": long, "respond": false});
        assert_eq!(ada.post(&path, said).await.status, 201);
    }
    let export = |format: &str| format!("/conversations/{conversation}/export?format={format}");
    let refused = ada.get(&export("pdf")).await;
    assert_eq!(refused.code(), (422, "too_long"), "{refused:?}");
    let html = ada
        .request(Method::GET, &export("html"))
        .send()
        .await
        .unwrap();
    assert!(html.text().await.unwrap().len() > 2 * long.len());
}

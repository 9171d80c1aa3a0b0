//! Search and retrieval in many languages.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::{Value, json};

use crate::test_app::{Answer, Person, TestApp, send};
use crate::{documents, knowledge};

/// Searches once, after the position of a write.
async fn search_after(person: &Person<'_>, write: &Answer, text: &str) -> Value {
    let position = write.header("convosphere-position").to_owned();
    let request = person
        .request(
            Method::GET,
            &format!("/search?kind=message&q={}", encoded(text)),
        )
        .header("ConvoSphere-Min-Position", position);
    let answer = send(request).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.body["items"].clone()
}

/// Percent-encodes a text.
fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

fn matched(hit: &Value) -> Vec<&str> {
    let fragments = hit["fragments"].as_array().unwrap();
    let matched = fragments.iter().filter(|piece| piece["matched"] == true);
    matched
        .map(|piece| piece["text"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn new_text_is_found_and_marked_by_the_next_search() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let conversation = ada.conversation().await;
    let path = format!("/conversations/{conversation}/messages");
    for (content, wanted, marks) in [
        ("明天的会议改到下午", "会议", vec!["会议"]),
        ("今月の売上を報告します", "売上", vec!["売上"]),
        ("주간회의가 있습니다", "회의를", vec!["회의"]),
        ("พรุ่งนี้มีประชุมตอนเก้าโมง", "ประชุม", vec!["ประชุม"]),
        ("Her résumé is late", "resume", vec!["résumé"]),
        (
            "Frau Müller, Lange Straße",
            "mueller strasse",
            vec!["Müller", "Straße"],
        ),
        (
            "see /etc/nginx/nginx.conf",
            "nginx.conf",
            vec!["nginx.conf"],
        ),
        ("on 2026-11-29 at 9", "2026-11-29", vec!["2026-11-29"]),
        ("请看README文件", "readme", vec!["README"]),
        ("in C++, mostly", "c++", vec!["C++"]),
    ] {
        let body = json!({"content": content, "respond": false});
        let written = ada.post(&path, body).await;
        assert_eq!(written.status, 201, "{written:?}");
        let hits = search_after(&ada, &written, wanted).await;
        assert_eq!(matched(&hits[0]), marks, "{content}: {hits}");
    }
}

#[tokio::test]
async fn an_old_title_is_not_found_after_a_rename() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let conversation = ada.conversation().await;
    let path = format!("/conversations/{conversation}");
    let titles = ["Pangolin", "Aardvark", "Numbat"];
    let mut former: Option<&str> = None;
    for title in titles {
        let renamed = ada.patch(&path, json!({"title": title})).await;
        assert_eq!(renamed.status, 200, "{renamed:?}");
        let position = renamed.header("convosphere-position").to_owned();
        let find = async |text: &str| {
            let request = ada
                .request(Method::GET, &format!("/search?q={}", encoded(text)))
                .header("ConvoSphere-Min-Position", &position);
            send(request).await.body["items"].as_array().unwrap().len()
        };
        assert_eq!(find(title).await, 1, "{title}");
        if let Some(former) = former {
            assert_eq!(find(former).await, 0, "{former}");
        }
        former = Some(title);
    }
}

#[tokio::test]
async fn words_beyond_fifty_thousand_characters_are_found() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let conversation = ada.conversation().await;
    let path = format!("/conversations/{conversation}/messages");
    let content = format!("{}needle 会议", "hay ".repeat(13_000));
    let written = ada
        .post(&path, json!({"content": content, "respond": false}))
        .await;
    assert_eq!(written.status, 201, "{written:?}");
    for text in ["needle", "会议", "hay needle"] {
        let hits = search_after(&ada, &written, text).await;
        assert_eq!(hits.as_array().unwrap().len(), 1, "{text}");
    }
}

#[tokio::test]
async fn questions_find_their_passage_in_every_language() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../testing/languages/questions.tsv"
    );
    let text = std::fs::read_to_string(path).unwrap();
    let mut languages: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split('\t').collect();
        languages
            .entry(cells[0])
            .or_default()
            .push((cells[1], cells[2]));
    }
    assert!(languages.len() >= 10);
    let mut failed = Vec::new();
    for (language, questions) in languages {
        let base = knowledge::create_base(&ada).await;
        let uploaded = format!("/knowledge-bases/{base}/documents");
        let added = ada.upload(&uploaded, "text.md", b"x").await;
        let passages: Vec<&str> = questions.iter().map(|one| one.1).collect();
        // Without a language, as for documents of earlier versions.
        documents::process_in(&app, &added.id(), "", &passages.join("\n\n")).await;
        for (question, passage) in questions {
            let body = json!({"query": question, "knowledge_base_ids": [base], "limit": 5});
            let found = ada.post("/knowledge/search", body).await;
            if found.body["items"][0]["chunk"]["text"] != json!(passage) {
                failed.push(format!("{language}: {question} {}", found.body["items"]));
            }
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

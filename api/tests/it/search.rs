use serde_json::{Value, json};

use crate::test_app::{Person, TestApp};

/// Looks until something is found, for the index follows the log.
async fn found(person: &Person<'_>, query: &str) -> Vec<Value> {
    for _ in 0..1_000 {
        let answer = person.get(&format!("/search?{query}")).await;
        assert_eq!(answer.status, 200, "{:?}", answer.body);
        let items = answer.body["items"].as_array().unwrap().clone();
        if !items.is_empty() {
            return items;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("{query} finds nothing");
}

async fn none(person: &Person<'_>, query: &str) {
    let answer = person.get(&format!("/search?{query}")).await;
    assert_eq!(answer.body["items"], json!([]), "{query}");
}

#[tokio::test]
async fn questions_answers_and_titles_are_found_by_their_owner_alone() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let bob = app.person("bob").await;
    let conversation = ada.conversation().await;
    ada.ask(&conversation, "Where does my Zettelkasten data lie?")
        .await;
    let hits = found(&ada, "q=zettelkast&kind=message").await;
    assert_eq!(hits[0]["conversation_id"], conversation.as_str());
    assert_eq!(hits[0]["role"], "user");
    let matched: Vec<&Value> = hits[0]["fragments"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|piece| piece["matched"] == true)
        .collect();
    assert_eq!(matched[0]["text"], "Zettelkasten");
    // The answer quotes the manual; the title is made of the question.
    assert_eq!(
        found(&ada, "q=one%20folder&kind=message").await[0]["role"],
        "assistant"
    );
    let titles = found(&ada, "q=zettelkasten&kind=conversation").await;
    assert_eq!(titles[0]["id"], conversation.as_str());
    none(&bob, "q=zettelkasten").await;
    // Somebody else's conversation cannot be searched by naming it either.
    none(
        &bob,
        &format!("q=zettelkasten&conversation_id={conversation}"),
    )
    .await;
}

#[tokio::test]
async fn what_is_in_the_trash_is_not_found_until_it_is_restored() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let conversation = ada.conversation().await;
    ada.ask(&conversation, "A unique rhinoceros").await;
    found(&ada, "q=rhinoceros&kind=message").await;
    ada.delete(&format!("/conversations/{conversation}")).await;
    none(&ada, "q=rhinoceros").await;
    ada.post(&format!("/conversations/{conversation}/restore"), json!({}))
        .await;
    found(&ada, "q=rhinoceros").await;
}

#[tokio::test]
async fn a_typing_error_is_forgiven_and_operators_are_no_operators() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let conversation = ada.conversation().await;
    ada.ask(&conversation, "Tell me of the hippopotamus").await;
    found(&ada, "q=hippopotamus&kind=message").await;
    found(&ada, "q=hipopotamus&kind=message").await;
    for text in [
        "'",
        "a:*|b",
        "!",
        "%26%20%7C",
        "\\",
        "(((",
        "hippo'%20--",
        "%F0%9F%A6%8F",
    ] {
        assert_eq!(
            ada.get(&format!("/search?q={text}")).await.status,
            200,
            "{text}"
        );
    }
    for text in ["", "%20", "a%00b", &"x".repeat(501)] {
        assert_eq!(
            ada.get(&format!("/search?q={text}")).await.status,
            422,
            "{text}"
        );
    }
    assert_eq!(ada.get("/search").await.status, 422);
}

#[tokio::test]
async fn hits_come_in_pages() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let conversation = ada.conversation().await;
    let path = format!("/conversations/{conversation}/messages");
    for n in 0..5 {
        let body = json!({"content": format!("walrus {n}"), "respond": false});
        assert_eq!(ada.post(&path, body).await.status, 201);
    }
    // A word that is not there yet finds those that are like it: all five are waited for.
    while found(&ada, "q=walrus&kind=message").await.len() < 5 {}
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = ada
            .get(&format!("/search?q=walrus&kind=message&limit=2{cursor}"))
            .await
            .body;
        for hit in page["items"].as_array().unwrap() {
            seen.push(hit["id"].as_str().unwrap().to_owned());
        }
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 5);
}

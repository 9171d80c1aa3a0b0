use serde_json::{Value, json};

use crate::cases::World;
use crate::examples::Recorder;
use crate::feature::{Feature, NewCase, Recording, Rules};
use crate::rights::Rule;
use crate::test_app::{Person, TestApp};
use crate::{documents, knowledge};

pub struct Search;

impl Feature for Search {
    fn rules(&self) -> Rules {
        &[(Rule::ANYONE, &["search"])]
    }

    fn case<'a>(&'a self, world: &'a World<'a>, operation: &'a str) -> NewCase<'a> {
        Box::pin(async move {
            let mut case = (operation == "search").then(|| world.request(operation, &[]))?;
            case.path += "?q=sea";
            Some(case)
        })
    }

    fn record<'a>(&'a self, recorder: &'a mut Recorder<'_>) -> Recording<'a> {
        Box::pin(async move {
            let words = recorder.user(&[]).with_query("?q=leave&facets=true");
            recorder.call("search", words).await;
        })
    }
}

/// Searches until there are hits, because the index follows the log.
pub async fn wait_for_hits(person: &Person<'_>, query: &str) -> Vec<Value> {
    for _ in 0..1_000 {
        let answer = person.get(&format!("/search?{query}")).await;
        assert_eq!(answer.status, 200, "{:?}", answer.body);
        let items = answer.body["items"].as_array().unwrap().clone();
        if !items.is_empty() {
            return items;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("{query} has no hits");
}

async fn assert_no_hits(person: &Person<'_>, query: &str) {
    let answer = person.get(&format!("/search?{query}")).await;
    assert_eq!(answer.body["items"], json!([]), "{query}");
}

#[tokio::test]
async fn conversations_are_found_only_by_their_owner() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let bob = app.person("bob").await;
    let conversation = ada.conversation().await;
    ada.ask(
        &conversation,
        "Is my Zettelkasten data stored in one folder?",
    )
    .await;
    let hits = wait_for_hits(&ada, "q=zettelkast&kind=message").await;
    assert_eq!(hits[0]["conversation_id"], conversation.as_str());
    assert_eq!(hits[0]["role"], "user");
    let matched: Vec<&Value> = hits[0]["fragments"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|piece| piece["matched"] == true)
        .collect();
    assert_eq!(matched[0]["text"], "Zettelkasten");
    // The answer quotes the manual; the title comes from the question.
    assert_eq!(
        wait_for_hits(&ada, "q=private%20cluster&kind=message").await[0]["role"],
        "assistant"
    );
    let titles = wait_for_hits(&ada, "q=zettelkasten&kind=conversation").await;
    assert_eq!(titles[0]["id"], conversation.as_str());
    assert_no_hits(&bob, "q=zettelkasten").await;
    // Conversations of others cannot be searched by id either.
    assert_no_hits(
        &bob,
        &format!("q=zettelkasten&conversation_id={conversation}"),
    )
    .await;
}

#[tokio::test]
async fn trashed_conversations_are_not_found() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let conversation = ada.conversation().await;
    ada.ask(&conversation, "A unique rhinoceros").await;
    wait_for_hits(&ada, "q=rhinoceros&kind=message").await;
    ada.delete(&format!("/conversations/{conversation}")).await;
    assert_no_hits(&ada, "q=rhinoceros").await;
    ada.post(&format!("/conversations/{conversation}/restore"), json!({}))
        .await;
    wait_for_hits(&ada, "q=rhinoceros").await;
}

#[tokio::test]
async fn typing_errors_are_tolerated_and_operators_have_no_meaning() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let conversation = ada.conversation().await;
    ada.ask(&conversation, "Tell me of the hippopotamus").await;
    wait_for_hits(&ada, "q=hippopotamus&kind=message").await;
    wait_for_hits(&ada, "q=hipopotamus&kind=message").await;
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
async fn hits_are_counted_and_filtered_by_kind_role_place_and_time() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let bob = app.person("bob").await;
    let conversation = ada.conversation().await;
    let path = format!("/conversations/{conversation}/messages");
    for content in ["Quokkas?", "A quokka.", "Two quokkas."] {
        let body = json!({"content": content, "respond": false});
        assert_eq!(ada.post(&path, body).await.status, 201);
    }
    let base = knowledge::create_base(&ada).await;
    let text = "Quokkas sleep.\n\nThe quokka smiles.";
    documents::create_document(&ada, &base, "animals.md", text).await;
    while wait_for_hits(&ada, "q=quokka&kind=message&role=user")
        .await
        .len()
        < 3
    {}
    while wait_for_hits(&ada, "q=quokka&kind=passage").await.len() < 2 {}
    let facets = async |who: &Person<'_>, query: &str| {
        let answer = who
            .get(&format!("/search?q=quokka&facets=true{query}"))
            .await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.body["facets"].clone()
    };
    let count = |facets: &Value, facet: &str, value: &str| {
        let values = facets[facet].as_array().unwrap();
        let one = values.iter().find(|one| one["value"] == value);
        one.map_or(0, |one| one["count"].as_u64().unwrap())
    };
    let all = facets(&ada, "&limit=1").await;
    assert_eq!(count(&all, "kind", "message"), 3);
    assert_eq!(count(&all, "kind", "passage"), 2);
    assert_eq!(count(&all, "role", "user"), 3);
    assert_eq!(count(&all, "knowledge_base_id", &base), 2);
    assert_eq!(all["knowledge_base_id"][0]["name"], "Handbook");
    // With a filter by kind, the facets still count all kinds.
    assert_eq!(facets(&ada, "&kind=passage").await, all);
    let within = facets(&ada, &format!("&knowledge_base_id={base}")).await;
    assert_eq!(count(&within, "kind", "message"), 0);
    assert_eq!(count(&within, "kind", "passage"), 2);
    let year = "2000-01-01T00:00:00Z";
    assert_eq!(facets(&ada, &format!("&since={year}")).await, all);
    let before = facets(&ada, &format!("&until={year}")).await;
    assert_eq!(count(&before, "kind", "passage"), 0);
    // Objects of others and trashed conversations are not counted.
    for query in ["", &format!("&knowledge_base_id={base}")] {
        let none = json!({"kind": [], "role": [], "knowledge_base_id": []});
        assert_eq!(facets(&bob, query).await, none);
    }
    ada.delete(&format!("/conversations/{conversation}")).await;
    assert_eq!(count(&facets(&ada, "").await, "kind", "message"), 0);
    let both = format!("/search?q=x&knowledge_base_id={base}&conversation_id={conversation}");
    assert_eq!(ada.get(&both).await.status, 422);
    for since in [
        "yesterday",
        "-200000-01-01T00:00:00Z",
        "%2B10000-01-01T00:00:00Z",
    ] {
        let path = format!("/search?q=x&since={since}");
        assert_eq!(ada.get(&path).await.status, 422, "{since}");
    }
}

#[tokio::test]
async fn hits_are_paged() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let conversation = ada.conversation().await;
    let path = format!("/conversations/{conversation}/messages");
    for n in 0..5 {
        let body = json!({"content": format!("walrus {n}"), "respond": false});
        assert_eq!(ada.post(&path, body).await.status, 201);
    }
    // Before the word is indexed, similar words match, so wait for all five.
    while wait_for_hits(&ada, "q=walrus&kind=message").await.len() < 5 {}
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

/// Waits until there are no hits.
async fn wait_for_no_hits(person: &Person<'_>, query: &str) {
    for _ in 0..1_000 {
        let answer = person.get(&format!("/search?{query}")).await;
        if answer.body["items"] == json!([]) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("{query} still has hits");
}

#[tokio::test]
async fn documents_and_passages_are_found_by_their_readers() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let bob = app.person("bob").await;
    let base = knowledge::create_base(&ada).await;
    let text = "Employees have leave.\n\nThe pangolin feeds on ants.";
    let document = documents::create_document(&ada, &base, "pangolins.md", text).await;
    let hits = wait_for_hits(&ada, "q=pangolin&kind=passage").await;
    assert_eq!(hits.len(), 1);
    assert_eq!(
        (
            &hits[0]["document_id"],
            &hits[0]["knowledge_base_id"],
            &hits[0]["conversation_id"]
        ),
        (&json!(document), &json!(base), &Value::Null)
    );
    assert_eq!(hits[0]["title"], "pangolins.md");
    let named = wait_for_hits(&ada, "q=pangolins&kind=document").await;
    assert_eq!(named[0]["id"], json!(document));
    // Others find it only while it is shared.
    assert_no_hits(&bob, "q=pangolin").await;
    let path = format!("/knowledge-bases/{base}");
    ada.patch(&path, json!({"visibility": "everyone"})).await;
    assert_eq!(
        wait_for_hits(&bob, "q=pangolin&kind=passage").await.len(),
        1
    );
    ada.patch(&path, json!({"visibility": "private"})).await;
    assert_no_hits(&bob, "q=pangolin").await;
    ada.patch(&path, json!({"visibility": "everyone"})).await;
    // A deleted document is not found in the next request.
    let deleted = ada.delete(&format!("/documents/{document}")).await;
    assert_eq!(deleted.status, 204);
    assert_no_hits(&ada, "q=pangolin").await;
    assert_no_hits(&bob, "q=pangolin").await;
}

#[tokio::test]
async fn only_the_new_version_of_a_document_is_found() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let base = knowledge::create_base(&ada).await;
    let document = documents::create_document(&ada, &base, "animals.md", "The pangolin.").await;
    assert_eq!(wait_for_hits(&ada, "q=pangolin").await.len(), 1);
    let again = format!("/documents/{document}/reprocess");
    assert_eq!(ada.post(&again, json!({})).await.status, 202);
    documents::process(&app, &document, 2, "The aardvark.").await;
    assert_eq!(wait_for_hits(&ada, "q=aardvark").await.len(), 1);
    wait_for_no_hits(&ada, "q=pangolin").await;
    // It is also removed from the table of the search engine.
    let left: i64 =
        sqlx::query_scalar("select count(*) from search_documents where content like '%pangolin%'")
            .fetch_one(&app.app.pool)
            .await
            .unwrap();
    assert_eq!(left, 0);
}

#[tokio::test]
async fn assistants_are_found_by_their_owner_and_public_ones_by_everyone() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let bob = app.person("bob").await;
    let made = ada
        .post(
            "/assistants",
            json!({"name": "Pangolin expert", "description": "Knows all scales"}),
        )
        .await;
    assert_eq!(made.status, 201, "{made:?}");
    assert_eq!(
        wait_for_hits(&ada, "q=scales&kind=assistant").await[0]["title"],
        "Pangolin expert"
    );
    assert_no_hits(&bob, "q=pangolin").await;
    let path = format!("/assistants/{}", made.id());
    let shared = json!({"visibility": "everyone", "status": "active"});
    assert_eq!(ada.patch(&path, shared).await.status, 200);
    assert_eq!(
        wait_for_hits(&bob, "q=pangolin").await[0]["kind"],
        "assistant"
    );
    ada.delete(&path).await;
    assert_no_hits(&ada, "q=pangolin").await;
    // Reads of others do not wait for this write.
    wait_for_no_hits(&bob, "q=pangolin").await;
}

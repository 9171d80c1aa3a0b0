//! The numbers of the dashboard, counted again from the log.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::test_app::{PATIENCE, Person, TestApp};

/// How many events of a type the log has, and about how many objects.
async fn recount(admin: &Person<'_>, event_type: &str) -> usize {
    let path = format!("/events?limit=200&event_type={event_type}");
    let page = admin.get(&path).await.body;
    assert_eq!(page["next_cursor"], Value::Null, "one page is enough");
    page["items"].as_array().unwrap().len()
}

#[tokio::test]
async fn every_number_of_the_overview_is_a_recount_of_the_log() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let bob = app.person("bob").await;
    let (of_ada, of_bob) = (ada.conversation().await, bob.conversation().await);
    ada.ask(&of_ada, "Where does my data lie?").await;
    bob.ask(&of_bob, "How do I connect a model?").await;
    let note = json!({"content": "a note", "respond": false});
    bob.post(&format!("/conversations/{of_bob}/messages"), note)
        .await;
    let head = app.app.feed.head();
    assert!(app.app.progress.reach(head, PATIENCE).await.unwrap() >= head);
    let overview = ada.get("/analytics/overview").await;
    assert_eq!(overview.status, 200, "{overview:?}");
    let number = |name: &str| usize::try_from(overview.body[name].as_u64().unwrap()).unwrap();
    let registered = recount(&ada, "user_registered").await;
    let claimed = recount(&ada, "local_user_claimed").await;
    assert_eq!(number("users"), registered, "{claimed} claimed");
    assert_eq!(
        number("conversations"),
        recount(&ada, "conversation_started").await
    );
    let messages = recount(&ada, "message_posted").await + recount(&ada, "answer_added").await;
    assert_eq!(number("messages"), messages);
    let mut ended = 0;
    for end in ["completed", "failed", "interrupted", "cancelled"] {
        ended += recount(&ada, &format!("response_{end}")).await;
    }
    let open = recount(&ada, "response_requested").await - ended;
    assert_eq!(number("running_responses"), open);
    let sessions = ada
        .get("/events?limit=200&event_type=session_started")
        .await;
    let people: BTreeSet<&str> = sessions.body["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["aggregate_id"].as_str().unwrap())
        .collect();
    assert_eq!(number("active_users"), people.len());
    assert!(
        overview.body["response_time"]["median_ms"]
            .as_f64()
            .is_some_and(|time| time > 0.0)
    );
    let machine = &overview.body["machine"];
    let bytes = |name: &str| machine[name].as_u64().unwrap();
    assert!(bytes("process_memory_bytes") > 0);
    assert!(bytes("memory_bytes") < bytes("memory_total_bytes"));
    // Another conversation is counted at once: nobody is told older numbers than their own deeds.
    ada.conversation().await;
    let after = ada.get("/analytics/overview").await.body;
    assert_eq!(
        after["conversations"].as_u64().unwrap(),
        u64::try_from(number("conversations")).unwrap() + 1
    );
}

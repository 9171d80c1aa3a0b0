//! Ratings of answers.

use serde_json::{Value, json};

use crate::test_app::{PATIENCE, TestApp};

#[tokio::test]
async fn answers_are_rated_and_ratings_are_counted() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let bob = app.person("bob").await;
    let conversation = bob.conversation().await;
    let (asked, _) = bob.ask(&conversation, "Where is my data stored?").await;
    let (question, answer) = (
        asked["message"]["id"].as_str().unwrap().to_owned(),
        asked["response"]["message_id"].as_str().unwrap().to_owned(),
    );
    let path = format!("/messages/{answer}/feedback");
    let feedback = async || {
        let path = format!("/messages/{answer}");
        bob.get(&path).await.body["feedback"].clone()
    };
    let counted = async || {
        let head = app.app.feed.head();
        assert!(app.app.progress.wait_for(head, PATIENCE).await.unwrap() >= head);
        let usage = ada.get("/analytics/assistants").await.body;
        let item = usage["items"][0].clone();
        (item["rated_up"].clone(), item["rated_down"].clone())
    };
    assert_eq!(feedback().await, Value::Null);
    for (rating, up, down) in [
        (json!("up"), 1, 0),
        (json!("down"), 0, 1),
        (Value::Null, 0, 0),
    ] {
        let given = bob.put(&path, json!({"rating": rating})).await;
        assert_eq!(given.status, 204, "{given:?}");
        assert_eq!(feedback().await, rating);
        assert_eq!(counted().await, (json!(up), json!(down)));
    }
    let given = bob.put(&path, json!({"rating": "up"})).await;
    assert_eq!(given.status, 204);
    // Lists contain the rating too.
    let listed = bob
        .get(&format!("/conversations/{conversation}/messages"))
        .await;
    assert_eq!(listed.body["items"][0]["feedback"], "up");

    // Questions and answers to others cannot be rated.
    let question = format!("/messages/{question}/feedback");
    let refused = bob.put(&question, json!({"rating": "up"})).await;
    assert_eq!(
        (refused.status.as_u16(), refused.body["code"].as_str()),
        (409, Some("not_an_answer"))
    );
    assert_eq!(ada.put(&path, json!({"rating": "up"})).await.status, 404);
    for wrong in [json!({"rating": "great"}), json!({"stars": 5})] {
        assert_eq!(bob.put(&path, wrong).await.status, 422);
    }
}

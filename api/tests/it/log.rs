use serde_json::json;

use crate::test_app::TestApp;

#[tokio::test]
async fn an_administrator_follows_the_log_and_reads_no_text_of_others() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let bob = app.person("bob").await;
    let conversation = bob.conversation().await;
    let reason = bob
        .request(
            reqwest::Method::POST,
            &format!("/conversations/{conversation}/messages"),
        )
        .header("ConvoSphere-Reason", "my secret reason")
        .json(&json!({"content": "my secret canary", "respond": false}));
    assert_eq!(reason.send().await.unwrap().status(), 201);
    let mut after = 0;
    let mut whole = String::new();
    loop {
        let page = admin
            .get(&format!("/events?limit=3&after={after}"))
            .await
            .body;
        let items = page["items"].as_array().unwrap();
        let Some(last) = items.last() else { break };
        after = last["position"].as_i64().unwrap();
        whole.push_str(&page.to_string());
    }
    assert!(after > 5 && whole.contains("message_posted") && whole.contains("$sealed"));
    for secret in ["secret", "bob@example.org", "admin@example.org"] {
        assert!(!whole.contains(secret), "{secret}");
    }
    assert_eq!(
        admin
            .get(&format!("/conversations/{conversation}"))
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn projections_tell_how_far_they_are() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let items = admin.get("/projections").await.body["items"].clone();
    let names: Vec<&str> = items
        .as_array()
        .unwrap()
        .iter()
        .map(|p| p["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["assistants", "conversations", "providers", "users"]);
    assert!(items.as_array().unwrap().iter().all(|p| p["parked"] == 0));
}

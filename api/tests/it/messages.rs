use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::cases::World;
use crate::examples::{Recorder, id};
use crate::feature::{Feature, NewCase, Recording, Rules};
use crate::rights::Rule;
use crate::test_app::{TestApp, TestOptions, send};

pub struct Messages;

impl Feature for Messages {
    fn rules(&self) -> Rules {
        &[(
            Rule::OWNER,
            &[
                "getMessage",
                "editMessage",
                "regenerateAnswer",
                "giveFeedback",
            ],
        )]
    }

    fn case<'a>(&'a self, world: &'a World<'a>, operation: &'a str) -> NewCase<'a> {
        Box::pin(async move {
            let question = async || world.ask_question().await.question;
            let answer = async || world.ask_question().await.answer;
            Some(match operation {
                "getMessage" => world.request(operation, &[&question().await]),
                "editMessage" => world.json(
                    operation,
                    &[&question().await],
                    json!({"content": "One"}),
                    json!({"content": "Two"}),
                ),
                "regenerateAnswer" => world.json(
                    operation,
                    &[&answer().await],
                    json!({}),
                    json!({"model": "builtin/guide"}),
                ),
                "giveFeedback" => world.json(
                    operation,
                    &[&answer().await],
                    json!({"rating": "up"}),
                    json!({"rating": "down"}),
                ),
                _ => return None,
            })
        })
    }

    fn record<'a>(&'a self, recorder: &'a mut Recorder<'_>) -> Recording<'a> {
        Box::pin(async move {
            let question = recorder.ids["question"].clone();
            let answer = recorder.ids["answer"].clone();
            let answer = [answer.as_str()];
            recorder.call("getMessage", recorder.user(&answer)).await;
            let rating = json!({"rating": "up"});
            recorder
                .call_with_body("giveFeedback", recorder.user(&answer), rating)
                .await;
            let edit = json!({"content": "How many days of leave can I carry over?"});
            let edited = recorder
                .call_with_body("editMessage", recorder.user(&[&question]), edit)
                .await;
            let run = id(&edited["response"]);
            recorder
                .wait_for_end("streamResponse", recorder.user(&[&run]))
                .await;
            let again = json!({"model": "local/held-40"});
            let again = recorder
                .call_with_body("regenerateAnswer", recorder.user(&answer), again)
                .await;
            recorder.ids.insert("held run", id(&again["response"]));
        })
    }
}

fn ids(page: &Value) -> Vec<&str> {
    page["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|m| m["id"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn a_question_about_the_manual_is_answered_with_a_citation() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let conversation = ada.conversation().await;
    let (exchange, end) = ada
        .ask(&conversation, "How do I back up the master key?")
        .await;
    let message = &end["message"];
    assert_eq!(
        (&message["status"], &message["role"]),
        (&json!("complete"), &json!("assistant"))
    );
    assert_eq!(message["parent_id"], exchange["message"]["id"]);
    let citation = &message["citations"][0];
    assert!(
        message["content"]
            .as_str()
            .unwrap()
            .contains(citation["quote"].as_str().unwrap())
    );
    assert_eq!(
        (
            &end["response"]["finish_reason"],
            &end["response"]["status"]
        ),
        (&json!("stop"), &json!("completed"))
    );
    assert!(end["response"]["usage"]["output_tokens"].as_i64().unwrap() > 0);

    let page = app
        .http
        .get(format!(
            "{}{}",
            app.url,
            citation["location"].as_str().unwrap()
        ))
        .send()
        .await
        .unwrap();
    assert_eq!(page.status(), 200);
    let stored = ada
        .get(&format!("/messages/{}", message["id"].as_str().unwrap()))
        .await;
    assert_eq!(
        &stored.body, message,
        "the last frame has the stored message"
    );
    let list = ada
        .get(&format!("/conversations/{conversation}/messages"))
        .await
        .body;
    assert_eq!(
        ids(&list),
        [
            message["id"].as_str().unwrap(),
            exchange["message"]["id"].as_str().unwrap()
        ]
    );
}

#[tokio::test]
async fn a_conversation_without_a_title_is_named_after_its_first_question() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let conversation = ada.conversation().await;
    ada.ask(&conversation, "What roles are there?").await;
    loop {
        let title = ada
            .get(&format!("/conversations/{conversation}"))
            .await
            .body["title"]
            .clone();
        if title == "What roles are there?" {
            return;
        }
        assert_eq!(title, Value::Null);
        // The title is appended after the answer.
        app.app
            .progress
            .wait_for_progress(Duration::from_millis(50))
            .await;
    }
}

#[tokio::test]
async fn editing_and_regenerating_create_siblings() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let conversation = ada.conversation().await;
    let (first, _) = ada.ask(&conversation, "Where is my data stored?").await;
    let question = first["message"]["id"].as_str().unwrap();
    let answer = first["response"]["message_id"].as_str().unwrap();

    let edited = ada
        .post(
            &format!("/messages/{question}/edit"),
            json!({"content": "What roles are there?"}),
        )
        .await;
    assert_eq!(edited.status, 201, "{edited:?}");
    let second = edited.body["message"]["id"].as_str().unwrap();
    assert_eq!(edited.body["message"]["parent_id"], Value::Null);
    assert_eq!(
        edited.body["message"]["sibling_ids"],
        json!([question, second])
    );
    let siblings = ada.get(&format!("/messages/{question}")).await.body["sibling_ids"].clone();
    assert_eq!(siblings, json!([question, second]));
    // Another sibling of the question, and a message below the newest one, which has no siblings.
    let path = format!("/conversations/{conversation}/messages");
    let third = json!({"content": "And now?", "parent_id": null, "respond": false});
    let third = ada.post(&path, third).await.body["message"].clone();
    assert_eq!(third["sibling_ids"], json!([question, second, third["id"]]));
    let below = json!({"content": "Still there?", "respond": false});
    let below = ada.post(&path, below).await.body["message"].clone();
    assert_eq!(below["sibling_ids"], json!([below["id"]]));

    let again = ada
        .post(&format!("/messages/{answer}/regenerate"), json!({}))
        .await;
    assert_eq!(again.status, 201, "{again:?}");
    let other = again.body["message"]["id"].as_str().unwrap();
    assert_eq!(again.body["message"]["sibling_ids"], json!([answer, other]));
    assert_eq!(again.body["response"]["prompt_message_id"], question);
    assert_eq!(
        ada.get(&format!("/messages/{answer}")).await.body["sibling_ids"],
        json!([answer, other])
    );

    assert_eq!(
        ada.post(&format!("/messages/{answer}/edit"), json!({"content": "x"}))
            .await
            .code(),
        (409, "not_editable")
    );
    assert_eq!(
        ada.post(&format!("/messages/{question}/regenerate"), json!({}))
            .await
            .code(),
        (409, "not_an_answer")
    );
    let path = format!("/conversations/{conversation}/messages?leaf={answer}");
    assert_eq!(
        ids(&ada.get(&path).await.body),
        [answer, question],
        "the old path still exists"
    );
    let messages = format!("/conversations/{conversation}/messages");
    let through = |id: &str| format!("{messages}?through={id}");
    assert_eq!(
        ids(&ada.get(&through(question)).await.body),
        [other, question],
        "the newest message below it"
    );
    assert_eq!(
        ids(&ada.get(&through(answer)).await.body),
        [answer, question]
    );
    let both = format!("{}&leaf={answer}", through(question));
    assert_eq!(ada.get(&both).await.code(), (422, "invalid"));
    let nobodys = through("00000000-0000-0000-0000-000000000000");
    assert_eq!(
        ada.get(&nobodys).await.body["errors"][0]["code"],
        "unknown_message"
    );
}

#[tokio::test]
async fn a_repeated_post_with_one_key_creates_one_run() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let conversation = ada.conversation().await;
    let path = format!("/conversations/{conversation}/messages");
    let post = || {
        let request = ada
            .request(Method::POST, &path)
            .header("Idempotency-Key", "once");
        send(request.json(&json!({"content": "Where is my data stored?"})))
    };
    let answers = futures_util::future::join_all((0..5).map(|_| post())).await;
    for answer in &answers {
        assert_eq!(answer.status, 201, "{answer:?}");
        assert_eq!(answer.body, answers[0].body);
    }
    assert_eq!(ids(&ada.get(&path).await.body).len(), 2);
}

#[tokio::test]
async fn a_message_without_an_answer_is_only_stored() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let conversation = ada.conversation().await;
    let path = format!("/conversations/{conversation}/messages");
    let noted = ada
        .post(&path, json!({"content": "a note", "respond": false}))
        .await;
    assert_eq!(
        (noted.status.as_u16(), &noted.body["response"]),
        (201, &Value::Null)
    );
    assert_eq!(ids(&ada.get(&path).await.body).len(), 1);
}

#[tokio::test]
async fn messages_are_paged_from_the_newest() {
    let app = TestApp::with(TestOptions {
        responder: false,
        ..TestOptions::default()
    })
    .await;
    let ada = app.admin().await;
    let conversation = ada.conversation().await;
    let path = format!("/conversations/{conversation}/messages");
    let mut posted = Vec::new();
    for n in 0..7 {
        let note = ada
            .post(&path, json!({"content": n.to_string(), "respond": false}))
            .await;
        posted.push(note.body["message"]["id"].as_str().unwrap().to_owned());
    }
    posted.reverse();
    let first = ada.get(&format!("{path}?limit=4")).await.body;
    assert_eq!(ids(&first), posted[..4]);
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = ada
        .get(&format!("{path}?limit=4&cursor={cursor}"))
        .await
        .body;
    assert_eq!(ids(&second), posted[4..]);
    assert_eq!(second["next_cursor"], Value::Null);
}

#[tokio::test]
async fn invalid_messages_are_refused_and_unusual_text_is_stored() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let conversation = ada.conversation().await;
    let path = format!("/conversations/{conversation}/messages");
    for (body, pointer) in [
        (json!({"content": ""}), "/content"),
        (json!({"content": "a\u{0}b"}), "/content"),
        (json!({"content": 1}), "/content"),
        (json!({}), "/content"),
        (json!({"content": "x", "role": "system"}), "/role"),
        (json!({"content": "x", "model": "nobody/nothing"}), "/model"),
        (json!({"content": "x", "parent_id": "x"}), "/parent_id"),
    ] {
        let answer = ada.post(&path, body.clone()).await;
        assert_eq!(answer.status, 422, "{body}");
        assert_eq!(answer.body["errors"][0]["pointer"], pointer, "{answer:?}");
    }
    assert_eq!(ids(&ada.get(&path).await.body), [""; 0]);
    let odd = "{{7*7}} ${HOME} '; drop table events; -- \u{202e} 世界 ".repeat(1_000);
    let kept = ada
        .post(&path, json!({"content": odd, "respond": false}))
        .await;
    assert_eq!(kept.body["message"]["content"], odd);
}

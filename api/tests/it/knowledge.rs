//! Knowledge bases: access, search and citations.

use reqwest::Method;
use serde_json::{Value, json};

use crate::cases::World;
use crate::documents::create_document;
use crate::examples::{Recorder, id};
use crate::feature::{Feature, NewCase, Recording, Rules};
use crate::patches::alternate;
use crate::rights::Rule;
use crate::test_app::{Person, TestApp, send, upload};

pub struct Knowledge;

impl Feature for Knowledge {
    fn rules(&self) -> Rules {
        &[
            (Rule::ANYONE, &["listKnowledgeBases", "searchKnowledge"]),
            (Rule::CREATORS, &["createKnowledgeBase"]),
            (
                Rule::OWNER,
                &[
                    "getKnowledgeBase",
                    "updateKnowledgeBase",
                    "deleteKnowledgeBase",
                ],
            ),
        ]
    }

    fn case<'a>(&'a self, world: &'a World<'a>, operation: &'a str) -> NewCase<'a> {
        Box::pin(async move {
            let (one, two) = (json!({"name": "One"}), json!({"name": "Two"}));
            let base = async || create_base(&world.admin).await;
            Some(match operation {
                "createKnowledgeBase" => world.json(operation, &[], one, two),
                "updateKnowledgeBase" => world.json(operation, &[&base().await], one, two),
                "getKnowledgeBase" | "deleteKnowledgeBase" => {
                    world.request(operation, &[&base().await])
                }
                "searchKnowledge" => world.json(
                    operation,
                    &[],
                    json!({"query": "sea"}),
                    json!({"query": "sky"}),
                ),
                _ => return None,
            })
        })
    }

    fn changes(&self, operation: &str, now: &Value, round: usize) -> Option<Vec<Value>> {
        let changes = || {
            vec![
                json!({"name": format!("Name {round}")}),
                json!({"description": format!("Description {round}")}),
                json!({"tags": [format!("tag {round}")]}),
                json!({"chunk_tokens": 400 + round}),
                json!({"chunk_overlap": 10 + round}),
                alternate(now, "visibility", "private", "everyone"),
            ]
        };
        (operation == "updateKnowledgeBase").then(changes)
    }

    fn record<'a>(&'a self, recorder: &'a mut Recorder<'_>) -> Recording<'a> {
        Box::pin(async move {
            let base = json!({"name": "Handbook", "description": "Rules of work", "tags": ["hr"]});
            let base = recorder
                .call_with_body("createKnowledgeBase", recorder.user(&[]), base)
                .await;
            let base = id(&base);
            recorder
                .call("listKnowledgeBases", recorder.user(&[]))
                .await;
            recorder
                .call("getKnowledgeBase", recorder.user(&[&base]))
                .await;
            let change = json!({"description": "Rules of work and leave"});
            recorder
                .call_with_body("updateKnowledgeBase", recorder.user(&[&base]), change)
                .await;
            recorder.ids.insert("knowledge base", base);
        })
    }
}

pub async fn create_base(person: &Person<'_>) -> String {
    let made = person
        .post("/knowledge-bases", json!({"name": "Handbook"}))
        .await;
    assert_eq!(made.status, 201, "{made:?}");
    made.id()
}

pub async fn search(person: &Person<'_>, query: &str) -> Vec<Value> {
    let found = person
        .post("/knowledge/search", json!({"query": query}))
        .await;
    assert_eq!(found.status, 200, "{found:?}");
    found.body["items"].as_array().unwrap().clone()
}

pub const RULES: &str = "Employees have thirty days of annual leave.\n\n\
    Travel is booked by the office; trains go before planes.\n\n\
    The canteen serves lunch from noon to two.";

#[tokio::test]
async fn a_knowledge_base_is_created_changed_and_deleted() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let body = json!({"name": " Handbook ", "tags": ["HR", "hr", "Law"], "chunk_tokens": 80});
    let made = ada.post("/knowledge-bases", body).await;
    assert_eq!(made.body["name"], "Handbook");
    assert_eq!(made.body["tags"], json!(["HR", "Law"]));
    assert_eq!(
        (&made.body["chunk_tokens"], &made.body["chunk_overlap"]),
        (&json!(80), &json!(40))
    );
    let path = format!("/knowledge-bases/{}", made.id());
    let changed = ada
        .patch(
            &path,
            json!({"description": "All rules", "visibility": "everyone"}),
        )
        .await;
    assert_eq!(changed.body["description"], "All rules");
    assert_eq!(changed.body["tags"], json!(["HR", "Law"]));
    for (field, body) in [
        ("/name", json!({"name": ""})),
        ("/chunk_tokens", json!({"chunk_tokens": 1})),
        ("/chunk_overlap", json!({"chunk_overlap": 41})),
        ("/tags", json!({"tags": vec!["x\ny"]})),
    ] {
        let refused = ada.patch(&path, body).await;
        assert_eq!(refused.status, 422, "{refused:?}");
        assert_eq!(refused.body["errors"][0]["pointer"], field);
    }
    let tagged = ada.get("/knowledge-bases?tag=LAW").await;
    assert_eq!(tagged.body["items"].as_array().unwrap().len(), 1);
    assert_eq!(
        ada.get("/knowledge-bases?tag=x").await.body["items"],
        json!([])
    );
    // Everyone can read it, only its owner can change it.
    let bob = app.person("bob").await;
    assert_eq!(bob.get(&path).await.status, 200);
    assert_eq!(
        bob.patch(&path, json!({"name": "Mine"})).await.code(),
        (403, "not_the_owner")
    );
    let add = upload(
        bob.request(Method::POST, &format!("{path}/documents")),
        "a.txt",
        b"x",
    );
    assert_eq!(send(add).await.code(), (403, "not_the_owner"));
    assert_eq!(ada.delete(&path).await.status, 204);
    assert_eq!(ada.get(&path).await.status, 404);
}

/// SI-01, SI-04: searches use current access rights.
#[tokio::test]
async fn knowledge_search_respects_current_access() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let bob = app.person("bob").await;
    let base = create_base(&ada).await;
    let id = create_document(&ada, &base, "rules.txt", RULES).await;
    assert!(search(&bob, "annual leave").await.is_empty());
    let named = json!({"query": "annual leave", "knowledge_base_ids": [base]});
    let named = bob.post("/knowledge/search", named).await;
    assert_eq!(named.body["items"], json!([]));
    let path = format!("/knowledge-bases/{base}");
    ada.patch(&path, json!({"visibility": "everyone"})).await;
    assert_eq!(search(&bob, "annual leave").await.len(), 1);
    ada.patch(&path, json!({"visibility": "private"})).await;
    assert!(search(&bob, "annual leave").await.is_empty());
    ada.delete(&format!("/documents/{id}")).await;
    assert!(search(&ada, "annual leave").await.is_empty());
}

#[tokio::test]
async fn an_answer_cites_passages_and_the_prompt_records_them() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let base = create_base(&ada).await;
    let id = create_document(&ada, &base, "rules.txt", RULES).await;
    let assistant = json!({"name": "Clerk", "knowledge_base_ids": [base]});
    let assistant = ada.post("/assistants", assistant).await;
    assert_eq!(assistant.body["knowledge_base_ids"], json!([base]));
    let conversation = json!({"assistant_id": assistant.id()});
    let conversation = ada.post("/conversations", conversation).await.id();
    let (exchange, end) = ada
        .ask(
            &conversation,
            "How many days of annual leave do employees have?",
        )
        .await;
    let message = &end["message"];
    let citation = &message["citations"][0];
    assert_eq!(
        citation["quote"], "Employees have thirty days of annual leave.",
        "{message}"
    );
    assert_eq!(citation["title"], "rules.txt, page 1");
    let location = citation["location"].as_str().unwrap();
    assert!(location.starts_with(&format!("/knowledge/{base}/documents/{id}?passage=")));
    assert!(message["content"].as_str().unwrap().contains("[1]"));
    // The prompt can still be read after the document is deleted.
    let run = exchange["response"]["id"].as_str().unwrap();
    let prompt = ada.get(&format!("/responses/{run}/prompt")).await;
    let told = prompt.body["messages"][1]["content"].as_str().unwrap();
    assert!(
        told.contains("[1] rules.txt, page 1\n\"\"\"\nEmployees"),
        "{told}"
    );
    ada.delete(&format!("/documents/{id}")).await;
    let prompt = ada.get(&format!("/responses/{run}/prompt")).await;
    let told = prompt.body["messages"][1]["content"].as_str().unwrap();
    assert!(told.contains("[1] [erased]"), "{told}");
    // Nothing is found any more, and the answer says so.
    let (_, end) = ada
        .ask(
            &conversation,
            "How many days of annual leave do employees have?",
        )
        .await;
    let answer = end["message"]["content"].as_str().unwrap();
    assert!(
        answer.starts_with("I found nothing about that in the documents"),
        "{answer}"
    );
    assert_eq!(end["message"]["citations"], json!([]));
}

#[tokio::test]
async fn a_public_assistant_uses_only_knowledge_that_the_caller_may_read() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let bob = app.person("bob").await;
    let base = create_base(&ada).await;
    create_document(&ada, &base, "rules.txt", RULES).await;
    let unknown = bob
        .post(
            "/assistants",
            json!({"name": "x", "knowledge_base_ids": [base]}),
        )
        .await;
    assert_eq!(
        unknown.body["errors"][0]["pointer"],
        "/knowledge_base_ids/0"
    );
    let assistant = json!({
        "name": "Clerk", "knowledge_base_ids": [base], "visibility": "everyone", "status": "active",
    });
    let assistant = ada.post("/assistants", assistant).await.id();
    let question = "How many days of annual leave do employees have?";
    let answered = async |person: &Person<'_>| {
        let conversation = json!({"assistant_id": assistant});
        let conversation = person.post("/conversations", conversation).await.id();
        let (_, end) = person.ask(&conversation, question).await;
        end["message"]["content"].as_str().unwrap().to_owned()
    };
    assert!(answered(&ada).await.contains("thirty days"));
    assert!(!answered(&bob).await.contains("thirty days"));
    ada.patch(
        &format!("/knowledge-bases/{base}"),
        json!({"visibility": "everyone"}),
    )
    .await;
    assert!(answered(&bob).await.contains("thirty days"));
}

#[tokio::test]
async fn deleting_a_knowledge_base_erases_its_documents() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let base = create_base(&ada).await;
    let id = create_document(&ada, &base, "rules.txt", RULES).await;
    assert_eq!(
        ada.delete(&format!("/knowledge-bases/{base}")).await.status,
        204
    );
    assert!(search(&ada, "annual leave").await.is_empty());
    assert_eq!(ada.get(&format!("/documents/{id}")).await.status, 404);
    let jobs = ada.get("/jobs").await;
    let job = jobs.body["items"][0]["id"].as_str().unwrap();
    let frames = ada.frames(&format!("/jobs/{job}/stream"), None).await;
    let last = crate::test_app::collect(frames).await.pop().unwrap();
    assert_eq!(last.data["result"], json!({"documents": 1}));
    assert!(app.is_erased("document", &id).await);
    assert!(app.is_erased("knowledge_base", &base).await);
    assert_eq!(ada.get("/files").await.body["items"], json!([]));
}

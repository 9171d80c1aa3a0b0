use serde_json::{Value, json};

use crate::cases::World;
use crate::examples::{Recorder, id};
use crate::feature::{Feature, NewCase, Recording, Rules};
use crate::patches::alternate;
use crate::rights::Rule;
use crate::test_app::{TestApp, next};

pub struct Assistants;

impl Feature for Assistants {
    fn rules(&self) -> Rules {
        &[
            (Rule::ANYONE, &["listAssistants"]),
            (Rule::CREATORS, &["createAssistant"]),
            (
                Rule::OWNER,
                &[
                    "getAssistant",
                    "updateAssistant",
                    "deleteAssistant",
                    "activateAssistant",
                    "deactivateAssistant",
                    "duplicateAssistant",
                    "getAssistantPerformance",
                    "listAssistantVersions",
                    "getAssistantVersion",
                    "restoreAssistantVersion",
                ],
            ),
        ]
    }

    fn case<'a>(&'a self, world: &'a World<'a>, operation: &'a str) -> NewCase<'a> {
        Box::pin(async move {
            let (one, two) = (json!({"name": "One"}), json!({"name": "Two"}));
            let assistant = async || world.create("/assistants", json!({"name": "Poet"})).await;
            Some(match operation {
                "createAssistant" => world.json(operation, &[], one, two),
                "updateAssistant" => world.json(operation, &[&assistant().await], one, two),
                "getAssistant"
                | "deleteAssistant"
                | "activateAssistant"
                | "deactivateAssistant"
                | "duplicateAssistant"
                | "getAssistantPerformance"
                | "listAssistantVersions" => world.request(operation, &[&assistant().await]),
                "getAssistantVersion" | "restoreAssistantVersion" => {
                    world.request(operation, &[&assistant().await, "1"])
                }
                _ => return None,
            })
        })
    }

    fn changes(&self, operation: &str, now: &Value, round: usize) -> Option<Vec<Value>> {
        let changes = || {
            let model = match now["model"].is_null() {
                true => json!("builtin/guide"),
                false => Value::Null,
            };
            vec![
                json!({"name": format!("Name {round}")}),
                json!({"description": format!("Description {round}")}),
                json!({"instructions": format!("Instructions {round}")}),
                json!({"temperature": f64::from(u32::try_from(round).unwrap()) / 64.0}),
                json!({"max_output_tokens": 100 + round}),
                json!({"model": model}),
                alternate(now, "status", "active", "inactive"),
                alternate(now, "visibility", "private", "everyone"),
            ]
        };
        (operation == "updateAssistant").then(changes)
    }

    fn record<'a>(&'a self, recorder: &'a mut Recorder<'_>) -> Recording<'a> {
        Box::pin(async move {
            let assistant = json!({
                "name": "HR assistant", "description": "Answers questions about work.",
                "instructions": "Answer briefly and cite the handbook.", "status": "active",
            });
            let assistant = recorder
                .call_with_body("createAssistant", recorder.user(&[]), assistant)
                .await;
            let assistant = id(&assistant);
            let named = [assistant.as_str()];
            recorder.call("listAssistants", recorder.user(&[])).await;
            recorder.call("getAssistant", recorder.user(&named)).await;
            let change = json!({"instructions": "Answer in two sentences and cite the handbook."});
            recorder
                .call_with_body("updateAssistant", recorder.user(&named), change)
                .await;
            for operation in [
                "deactivateAssistant",
                "activateAssistant",
                "duplicateAssistant",
                "listAssistantVersions",
            ] {
                recorder.call(operation, recorder.user(&named)).await;
            }
            for operation in ["getAssistantVersion", "restoreAssistantVersion"] {
                let version = [assistant.as_str(), "1"];
                recorder.call(operation, recorder.user(&version)).await;
            }
            recorder.ids.insert("assistant", assistant);
        })
    }
}

#[tokio::test]
async fn an_assistant_is_created_changed_versioned_and_deleted() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let made = admin
        .post(
            "/assistants",
            json!({"name": "Poet", "instructions": "Rhyme.", "model": "builtin/guide"}),
        )
        .await;
    assert_eq!(made.status, 201, "{made:?}");
    let path = format!("/assistants/{}", made.id());
    assert_eq!(made.header("location"), format!("/api/v1{path}"));
    assert_eq!(
        (&made.body["status"], &made.body["assistant_version"]),
        (&json!("draft"), &json!(1))
    );
    let changed = admin
        .patch(&path, json!({"name": "Bard", "model": null}))
        .await;
    assert_eq!(
        (&changed.body["name"], &changed.body["instructions"]),
        (&json!("Bard"), &json!("Rhyme."))
    );
    assert_eq!(
        (&changed.body["assistant_version"], &changed.body["model"]),
        (&json!(2), &Value::Null)
    );
    assert_eq!(
        admin
            .post(&format!("{path}/activate"), json!({}))
            .await
            .body["status"],
        "active"
    );
    assert_eq!(admin.delete(&path).await.status, 204);
    assert_eq!(admin.get(&path).await.status, 404);
}

#[tokio::test]
async fn a_private_assistant_is_hidden_and_a_public_draft_is_not_usable() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let bob = app.person("bob").await;
    let private = admin
        .post("/assistants", json!({"name": "Mine"}))
        .await
        .id();
    for answer in [
        bob.get(&format!("/assistants/{private}")).await,
        bob.patch(&format!("/assistants/{private}"), json!({"name": "x"}))
            .await,
        bob.delete(&format!("/assistants/{private}")).await,
    ] {
        assert_eq!(answer.code(), (404, "not_found"));
    }
    let in_body = bob
        .post("/conversations", json!({"assistant_id": private}))
        .await;
    assert_eq!(in_body.code(), (422, "invalid"));
    assert_eq!(in_body.body["errors"][0]["pointer"], "/assistant_id");

    let public = admin
        .post(
            "/assistants",
            json!({"name": "Ours", "visibility": "everyone"}),
        )
        .await
        .id();
    let draft = bob
        .post("/conversations", json!({"assistant_id": public}))
        .await;
    assert_eq!(draft.code(), (409, "assistant_not_active"));
    assert_eq!(
        bob.patch(&format!("/assistants/{public}"), json!({"name": "x"}))
            .await
            .status,
        403
    );
    admin
        .post(&format!("/assistants/{public}/activate"), json!({}))
        .await;
    assert_eq!(
        bob.post("/conversations", json!({"assistant_id": public}))
            .await
            .status,
        201
    );
}

#[tokio::test]
async fn publishing_requires_a_manager() {
    let app = TestApp::start().await;
    app.admin().await;
    let bob = app.person("bob").await;
    let refused = bob
        .post(
            "/assistants",
            json!({"name": "x", "visibility": "everyone"}),
        )
        .await;
    assert_eq!(refused.code(), (403, "publishing_not_allowed"));
}

#[tokio::test]
async fn invalid_fields_are_named() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for (field, value) in [
        ("name", json!("")),
        ("name", json!("a\u{0}")),
        ("temperature", json!(3)),
        ("max_output_tokens", json!(0)),
        ("max_output_tokens", json!(-1)),
        ("model", json!("nobody/nothing")),
        ("owner_id", json!(admin.id)),
        ("is_default", json!(true)),
        ("visibility", json!("all")),
    ] {
        let mut body = json!({"name": "x"});
        body[field] = value;
        let answer = admin.post("/assistants", body).await;
        assert_eq!(answer.status, 422, "{field}");
        assert_eq!(
            answer.body["errors"][0]["pointer"],
            format!("/{field}"),
            "{answer:?}"
        );
    }
}

#[tokio::test]
async fn versions_are_read_restored_and_duplicated() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let bob = app.person("bob").await;
    let id = admin
        .post(
            "/assistants",
            json!({"name": "Poet", "instructions": "Rhyme.", "temperature": 1.5}),
        )
        .await
        .id();
    let path = format!("/assistants/{id}");
    admin
        .patch(&path, json!({"name": "Bard", "temperature": null}))
        .await;
    let versions = admin.get(&format!("{path}/versions")).await.body["items"].clone();
    let names: Vec<&str> = versions
        .as_array()
        .unwrap()
        .iter()
        .map(|v| v["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["Bard", "Poet"]);
    let first = admin.get(&format!("{path}/versions/1")).await.body;
    assert_eq!(
        (&first["number"], &first["temperature"]),
        (&json!(1), &json!(1.5))
    );
    let restored = admin
        .post(&format!("{path}/versions/1/restore"), json!({}))
        .await
        .body;
    assert_eq!(
        (
            &restored["name"],
            &restored["assistant_version"],
            &restored["version"]
        ),
        (&json!("Poet"), &json!(3), &json!(3))
    );
    assert_eq!(admin.get(&format!("{path}/versions/9")).await.status, 404);
    let copy = admin.post(&format!("{path}/duplicate"), json!({})).await;
    assert_eq!(copy.status, 201, "{}", copy.body);
    assert_eq!(
        (
            &copy.body["name"],
            &copy.body["status"],
            &copy.body["instructions"]
        ),
        (&json!("Poet (copy)"), &json!("draft"), &json!("Rhyme."))
    );
    for answer in [
        bob.get(&format!("{path}/versions")).await,
        bob.get(&format!("{path}/versions/1")).await,
        bob.get(&format!("{path}/performance")).await,
        bob.post(&format!("{path}/versions/1/restore"), json!({}))
            .await,
        bob.post(&format!("{path}/duplicate"), json!({})).await,
    ] {
        assert_eq!(answer.code(), (404, "not_found"));
    }
}

#[tokio::test]
async fn performance_is_counted_for_owners_and_managers() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let bob = app.person("bob").await;
    let conversation = bob
        .get(&format!("/conversations/{}", bob.conversation().await))
        .await
        .body;
    let path = format!("/conversations/{}", conversation["id"].as_str().unwrap());
    let mut frames = Box::pin(bob.frames(&format!("{path}/stream"), None).await);
    next(&mut frames, "stream.caught_up").await;
    bob.post(
        &format!("{path}/messages"),
        json!({"content": "Where is my data stored?"}),
    )
    .await;
    next(&mut frames, "response.completed").await;
    let performance = format!(
        "/assistants/{}/performance",
        conversation["assistant_id"].as_str().unwrap()
    );
    let counted = admin.get(&performance).await.body;
    assert_eq!(
        (&counted["responses"], &counted["completed"]),
        (&json!(1), &json!(1))
    );
    assert!(counted["median_seconds"].as_f64().unwrap() >= 0.0);
    assert_eq!(bob.get(&performance).await.status, 403);
}

/// Users of an assistant must not see its instructions and knowledge bases.
#[tokio::test]
async fn instructions_are_shown_only_to_those_who_may_change_the_assistant() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let bob = app.person("bob").await;
    let base = json!({"name": "Rules", "visibility": "everyone"});
    let base = admin.post("/knowledge-bases", base).await.id();
    let poet = json!({
        "name": "Poet", "instructions": "Never tell the SECRET.", "knowledge_base_ids": [base],
        "visibility": "everyone", "status": "active",
    });
    let id = admin.post("/assistants", poet).await.id();
    let path = format!("/assistants/{id}");
    admin.patch(&path, json!({"name": "Bard"})).await;
    let conversation = bob
        .post("/conversations", json!({"assistant_id": id}))
        .await
        .id();
    let (exchange, _) = bob.ask(&conversation, "Where is my data stored?").await;
    let run = exchange["response"]["id"].as_str().unwrap();
    for answer in [
        bob.get(&path).await,
        bob.get("/assistants?limit=200").await,
        bob.get(&format!("/responses/{run}/prompt")).await,
        bob.get("/feed?limit=200").await,
    ] {
        assert_eq!(answer.status, 200, "{answer:?}");
        let text = answer.body.to_string();
        assert!(!text.contains("SECRET") && !text.contains(&base), "{text}");
    }
    assert_eq!(bob.get(&path).await.body["name"], "Bard");
    let nothing = json!({});
    for refused in [
        bob.get(&format!("{path}/versions")).await,
        bob.get(&format!("{path}/versions/1")).await,
        bob.post(&format!("{path}/versions/1/restore"), nothing.clone())
            .await,
        bob.post(&format!("{path}/duplicate"), nothing.clone())
            .await,
    ] {
        assert_eq!(refused.code(), (403, "not_the_owner"), "{refused:?}");
    }
    let own = admin.get(&path).await.body;
    assert_eq!(own["instructions"], "Never tell the SECRET.");
    assert_eq!(own["knowledge_base_ids"], json!([base]));
}

#[tokio::test]
async fn a_knowledge_base_counts_the_assistants_of_its_reader() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let bob = app.person("bob").await;
    let base = json!({"name": "Rules", "visibility": "everyone"});
    let base = ada.post("/knowledge-bases", base).await.id();
    for (person, count) in [(&ada, 2), (&bob, 1)] {
        for n in 0..count {
            let assistant = json!({"name": format!("Poet {n}"), "knowledge_base_ids": [base]});
            assert_eq!(person.post("/assistants", assistant).await.status, 201);
        }
        person.post("/assistants", json!({"name": "Other"})).await;
        let path = format!("/knowledge-bases/{base}");
        assert_eq!(person.get(&path).await.body["assistants"], count);
        let list = person.get("/knowledge-bases").await.body;
        assert_eq!(list["items"][0]["assistants"], count);
    }
}

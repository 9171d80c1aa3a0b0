//! Groups: who manages and sees them, and what is shared with them.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::cases::World;
use crate::documents::create_document;
use crate::examples::{Recorder, id};
use crate::feature::{Feature, NewCase, Recording, Rules};
use crate::knowledge::create_base;
use crate::rights::Rule;
use crate::test_app::{Person, TestApp};

pub struct Groups;

impl Feature for Groups {
    fn rules(&self) -> Rules {
        // Managers see every group and change their own; for others, who are not members, it does not exist.
        &[
            (Rule::ANYONE, &["listGroups"]),
            (Rule::MANAGERS, &["createGroup"]),
            (
                Rule::ByRole([404, 404, 200, 200]),
                &["getGroup", "listMembers"],
            ),
            (
                Rule::ByRole([404, 404, 403, 200]),
                &["updateGroup", "deleteGroup", "addMember", "removeMember"],
            ),
        ]
    }

    fn case<'a>(&'a self, world: &'a World<'a>, operation: &'a str) -> NewCase<'a> {
        Box::pin(async move {
            let (one, two) = (json!({"name": "One"}), json!({"name": "Two"}));
            let group = async || group(&world.admin, "Legal").await;
            Some(match operation {
                "createGroup" => world.json(operation, &[], one, two),
                "getGroup" | "deleteGroup" | "listMembers" => {
                    world.request(operation, &[&group().await])
                }
                "updateGroup" => world.json(operation, &[&group().await], one, two),
                "addMember" => world.json(
                    operation,
                    &[&group().await],
                    json!({"user_id": world.ada.id}),
                    json!({"user_id": world.admin.id}),
                ),
                "removeMember" => {
                    let group = group().await;
                    assert_eq!(add(&world.admin, &group, &world.ada).await, 201);
                    world.request(operation, &[&group, &world.ada.id])
                }
                _ => return None,
            })
        })
    }

    fn changes(&self, operation: &str, _now: &Value, round: usize) -> Option<Vec<Value>> {
        let changes = || {
            vec![
                json!({"name": format!("Name {round}")}),
                json!({"description": format!("Description {round}")}),
            ]
        };
        (operation == "updateGroup").then(changes)
    }

    fn record<'a>(&'a self, recorder: &'a mut Recorder<'_>) -> Recording<'a> {
        Box::pin(async move {
            let legal = json!({"name": "Legal", "description": "Contracts and compliance"});
            let group = recorder
                .call_with_body("createGroup", recorder.admin(&[]), legal)
                .await;
            let group = id(&group);
            recorder.call("listGroups", recorder.admin(&[])).await;
            recorder.call("getGroup", recorder.admin(&[&group])).await;
            let name = json!({"name": "Legal and compliance"});
            recorder
                .call_with_body("updateGroup", recorder.admin(&[&group]), name)
                .await;
            let ada = json!({"email": "ada@example.org"});
            recorder
                .call_with_body("addMember", recorder.admin(&[&group]), ada)
                .await;
            recorder
                .call("listMembers", recorder.admin(&[&group]))
                .await;
        })
    }
}

async fn group(owner: &Person<'_>, name: &str) -> String {
    let made = owner.post("/groups", json!({"name": name})).await;
    assert_eq!(made.status, 201, "{made:?}");
    made.id()
}

async fn add(owner: &Person<'_>, group: &str, member: &Person<'_>) -> StatusCode {
    let path = format!("/groups/{group}/members");
    let body = json!({"user_id": member.id});
    owner.post(&path, body).await.status
}

async fn manager<'a>(app: &'a TestApp, admin: &Person<'_>, name: &str) -> Person<'a> {
    let person = app.person(name).await;
    let path = format!("/users/{}", person.id);
    let promoted = admin.patch(&path, json!({"role": "manager"})).await;
    assert_eq!(promoted.status, 200);
    person
}

fn names(list: &Value, field: &str) -> Vec<String> {
    let items = list["items"].as_array().unwrap();
    let name = |item: &Value| item[field].as_str().unwrap_or_default().to_owned();
    items.iter().map(name).collect()
}

#[tokio::test]
async fn managers_manage_groups_and_members_see_theirs() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let max = manager(&app, &admin, "max").await;
    let (ada, bob) = (app.person("ada").await, app.person("bob").await);
    let body = json!({"name": "Legal"});
    assert_eq!(
        ada.post("/groups", body).await.code(),
        (403, "not_a_keeper")
    );
    let legal = group(&max, " Legal ").await;
    let path = format!("/groups/{legal}");
    let members = format!("{path}/members");
    // By address in any case; adding twice is the same as once.
    for _ in 0..2 {
        let added = max
            .post(&members, json!({"email": "ADA@example.org"}))
            .await;
        assert_eq!(added.status, 201, "{added:?}");
        assert_eq!(added.body["display_name"], "ada");
        assert_eq!(added.body["email"], "ada@example.org");
    }
    let seen = ada.get(&path).await;
    assert_eq!(
        (
            &seen.body["name"],
            &seen.body["members"],
            &seen.body["member"]
        ),
        (&json!("Legal"), &json!(1), &json!(true))
    );
    let listed = ada.get(&members).await;
    assert_eq!(names(&listed.body, "display_name"), ["ada"]);
    assert_eq!(listed.body["items"][0]["email"], Value::Null);
    assert_eq!(names(&ada.get("/groups").await.body, "name"), ["Legal"]);
    assert_eq!(names(&bob.get("/groups").await.body, "name"), [""; 0]);
    for (status, path) in [(404, &path), (404, &members)] {
        assert_eq!(bob.get(path).await.status, status);
    }
    // Members can only leave; others do not see the group.
    let renamed = json!({"name": "Law"});
    assert_eq!(ada.patch(&path, renamed.clone()).await.status, 403);
    assert_eq!(bob.patch(&path, renamed.clone()).await.status, 404);
    assert_eq!(add(&ada, &legal, &bob).await, 403);
    assert_eq!(add(&bob, &legal, &bob).await, 404);
    assert_eq!(max.patch(&path, renamed).await.body["name"], "Law");
    let own = format!("{members}/{}", ada.id);
    assert_eq!(ada.delete(&own).await.status, 204);
    assert_eq!(ada.get(&path).await.status, 404);
    assert_eq!(max.delete(&own).await.code(), (404, "not_found"));
    assert_eq!(max.delete(&path).await.status, 204);
    assert_eq!(max.get(&path).await.status, 404);
    assert!(app.is_erased("group", &legal).await);
}

#[tokio::test]
async fn adding_an_unknown_user_is_refused() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let max = manager(&app, &admin, "max").await;
    let legal = group(&max, "Legal").await;
    let members = format!("/groups/{legal}/members");
    let nobody = "00000000-0000-0000-0000-000000000000";
    for (pointer, body) in [
        ("/user_id", json!({})),
        ("/user_id", json!({"user_id": max.id, "email": "a@b.c"})),
        ("/user_id", json!({"user_id": nobody})),
        ("/email", json!({"email": "nobody@example.org"})),
    ] {
        let refused = max.post(&members, body).await;
        assert_eq!(refused.status, 422, "{refused:?}");
        assert_eq!(refused.body["errors"][0]["pointer"], pointer);
    }
    let eve = manager(&app, &admin, "eve").await;
    let body = json!({"user_id": eve.id});
    assert_eq!(
        max.post(&members, body).await.code(),
        (403, "member_outranks")
    );
    assert_eq!(add(&max, &legal, &max).await, 201);
    assert_eq!(add(&admin, &legal, &eve).await, 201);
}

#[tokio::test]
async fn members_read_shared_knowledge_until_they_leave_the_group() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let max = manager(&app, &admin, "max").await;
    let (ada, bob) = (app.person("ada").await, app.person("bob").await);
    let eve = app.person("eve").await;
    let legal = group(&max, "Legal").await;
    for member in [&ada, &bob] {
        assert_eq!(add(&max, &legal, member).await, 201);
    }
    let handbook = create_base(&ada).await;
    let rules = create_document(&ada, &handbook, "rules.txt", "Leave takes thirty zebras.").await;
    let path = format!("/knowledge-bases/{handbook}");
    let share = json!({"visibility": "groups", "group_ids": [legal]});
    let shared = ada.patch(&path, share).await;
    assert_eq!(shared.body["visibility"], "groups", "{shared:?}");
    assert_eq!(shared.body["group_ids"], json!([legal]));
    let document = format!("/documents/{rules}");
    let places = [
        path.clone(),
        format!("{path}/documents"),
        document.clone(),
        format!("{document}/content"),
        format!("{document}/chunks"),
    ];
    let found = async |who: &Person<'_>| {
        let asked = json!({"query": "zebras"});
        let hits = who.post("/knowledge/search", asked).await;
        let everywhere = who.get("/search?q=zebras").await;
        let listed = who.get("/knowledge-bases").await;
        [&hits, &everywhere, &listed].map(|answer| answer.body["items"].as_array().unwrap().len())
    };
    crate::search::wait_for_hits(&ada, "q=zebras").await;
    for place in &places {
        assert_eq!(bob.get(place).await.status, 200, "{place}");
        assert_eq!(eve.get(place).await.status, 404, "{place}");
    }
    assert_eq!(found(&bob).await, [1, 1, 1]);
    assert_eq!(found(&eve).await, [0, 0, 0]);
    // Managers of a group do not read what is shared with it.
    assert_eq!(found(&max).await, [0, 0, 0]);
    let named = json!({"name": "Mine"});
    assert_eq!(bob.patch(&path, named).await.code(), (403, "not_the_owner"));
    assert_eq!(bob.delete(&path).await.code(), (403, "not_the_owner"));
    // A removed member loses access with the next request.
    let member = format!("/groups/{legal}/members/{}", bob.id);
    assert_eq!(max.delete(&member).await.status, 204);
    assert_eq!(found(&bob).await, [0, 0, 0]);
    assert_eq!(add(&max, &legal, &bob).await, 201);
    assert_eq!(found(&bob).await, [1, 1, 1]);
    assert_eq!(max.delete(&format!("/groups/{legal}")).await.status, 204);
    for place in &places {
        assert_eq!(bob.get(place).await.status, 404, "{place}");
        assert_eq!(ada.get(place).await.status, 200, "{place}");
    }
    assert_eq!(found(&bob).await, [0, 0, 0]);
}

#[tokio::test]
async fn knowledge_is_shared_only_with_own_groups() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let ada = app.person("ada").await;
    let (legal, sales) = (group(&admin, "Legal").await, group(&admin, "Sales").await);
    assert_eq!(add(&admin, &legal, &ada).await, 201);
    let refused = |body: Value| {
        let ada = &ada;
        async move {
            let refused = ada.post("/knowledge-bases", body).await;
            assert_eq!(refused.status, 422, "{refused:?}");
            let error = &refused.body["errors"][0];
            (error["pointer"].clone(), error["code"].clone())
        }
    };
    for (pointer, code, body) in [
        ("/group_ids", "no_groups", json!({"visibility": "groups"})),
        ("/group_ids", "no_groups", json!({"group_ids": []})),
        (
            "/group_ids",
            "groups_not_meant",
            json!({"visibility": "everyone", "group_ids": [legal]}),
        ),
        (
            "/group_ids/1",
            "no_such_group",
            json!({"group_ids": [legal, sales]}),
        ),
    ] {
        let mut body = body;
        body["name"] = json!("Handbook");
        assert_eq!(refused(body).await, (json!(pointer), json!(code)));
    }
    let body = json!({"name": "Handbook", "group_ids": [legal]});
    let made = ada.post("/knowledge-bases", body).await;
    assert_eq!(made.body["visibility"], "groups", "{made:?}");
    // Existing groups can be kept after the owner has left them.
    let path = format!("/knowledge-bases/{}", made.id());
    let own = format!("/groups/{legal}/members/{}", ada.id);
    assert_eq!(ada.delete(&own).await.status, 204);
    let again = ada
        .patch(&path, json!({"name": "Rules", "group_ids": [legal]}))
        .await;
    assert_eq!(again.status, 200, "{again:?}");
    let hidden = ada.patch(&path, json!({"visibility": "private"})).await;
    assert_eq!(hidden.body["group_ids"], json!([]));
}

/// Members read what is shared with a group, so managers cannot add themselves, and owners see new members.
#[tokio::test]
async fn managers_cannot_join_groups_of_others_and_owners_see_new_members() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let max = manager(&app, &admin, "max").await;
    let eve = manager(&app, &admin, "eve").await;
    let ada = app.person("ada").await;
    let legal = group(&max, "Legal").await;
    assert_eq!(add(&max, &legal, &ada).await, 201);
    let handbook = create_base(&ada).await;
    let share = json!({"visibility": "groups", "group_ids": [legal]});
    let path = format!("/knowledge-bases/{handbook}");
    assert_eq!(ada.patch(&path, share).await.status, 200);
    let (at, members) = (
        format!("/groups/{legal}"),
        format!("/groups/{legal}/members"),
    );
    for refused in [
        eve.post(&members, json!({"user_id": eve.id})).await,
        eve.delete(&format!("{members}/{}", ada.id)).await,
        eve.patch(&at, json!({"name": "Mine"})).await,
        eve.delete(&at).await,
    ] {
        assert_eq!(refused.code(), (403, "not_a_keeper"), "{refused:?}");
    }
    assert_eq!(eve.get(&at).await.status, 200, "managers see groups");
    assert_eq!(eve.get(&path).await.status, 404);
    assert_eq!(add(&admin, &legal, &eve).await, 201);
    assert_eq!(eve.get(&path).await.status, 200);
    let feed = ada.get("/feed?limit=200").await.body;
    let added = |event: &&Value| {
        event["event_type"] == "member_added" && event["payload"]["user_id"] == json!(eve.id)
    };
    let items = feed["items"].as_array().unwrap();
    assert_eq!(items.iter().filter(added).count(), 1, "{feed}");
    // Users who share nothing with the group do not see it.
    let bob = app.person("bob").await;
    let feed = bob.get("/feed?limit=200").await.body;
    assert!(!feed.to_string().contains(&legal), "{feed}");
}

/// A prompt is shown according to current access.
#[tokio::test]
async fn a_prompt_hides_passages_that_are_no_longer_shared() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let (ada, bob) = (app.person("ada").await, app.person("bob").await);
    let legal = group(&admin, "Legal").await;
    for member in [&ada, &bob] {
        assert_eq!(add(&admin, &legal, member).await, 201);
    }
    let handbook = create_base(&ada).await;
    create_document(&ada, &handbook, "rules.txt", "Leave takes thirty zebras.").await;
    let share = json!({"visibility": "groups", "group_ids": [legal]});
    let path = format!("/knowledge-bases/{handbook}");
    assert_eq!(ada.patch(&path, share).await.status, 200);
    let assistant = json!({"name": "Clerk", "knowledge_base_ids": [handbook], "status": "active"});
    let assistant = bob.post("/assistants", assistant).await.id();
    let conversation = json!({"assistant_id": assistant});
    let conversation = bob.post("/conversations", conversation).await.id();
    let (exchange, _) = bob
        .ask(&conversation, "How many zebras does leave take?")
        .await;
    let run = exchange["response"]["id"].as_str().unwrap();
    let prompt = format!("/responses/{run}/prompt");
    let text = bob.get(&prompt).await.body.to_string();
    assert!(
        text.contains("thirty zebras") && text.contains("rules.txt"),
        "{text}"
    );
    let out = format!("/groups/{legal}/members/{}", bob.id);
    assert_eq!(admin.delete(&out).await.status, 204);
    let text = bob.get(&prompt).await.body.to_string();
    assert!(text.contains("[1] [no longer shared]"), "{text}");
    assert!(
        !text.contains("zebras.") && !text.contains("rules.txt"),
        "{text}"
    );
}

//! PATCH requests change only the given fields, even concurrently.

use std::slice;

use domain::assistant::{Configuration, CreateAssistant, Editor, Status, Visibility};
use domain::group::{CreateGroup, GroupDetails};
use domain::knowledge::{Chunking, CreateKnowledgeBase, Description, Readers};
use domain::text::Line;
use domain::user::Role;
use eventstore::Execution;
use eventstore::command::{Context, step};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::test_app::{Answer, Person, TestApp, TestOptions, send};
use crate::walk::{body, operations};

const ROUNDS: usize = 50;

/// A local port without a listener.
pub fn closed_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// Creates an object for an operation and returns its path.
async fn create_object(operation: &str, admin: &Person<'_>, bob: &Person<'_>, port: u16) -> String {
    match operation {
        "updateMe" => "/users/me".to_owned(),
        "updatePreferences" => "/users/me/preferences".to_owned(),
        "updateUser" => format!("/users/{}", bob.id),
        "updateProvider" => {
            let provider = json!({
                "name": "near", "kind": "openai_compatible",
                "base_url": format!("http://127.0.0.1:{port}/v0"),
            });
            format!(
                "/providers/{}",
                admin.post("/providers", provider).await.id()
            )
        }
        other => create_example(&other.replacen("update", "create", 1), admin).await,
    }
}

/// Creates an object with the operation of this name and returns its path.
async fn create_example(create: &str, admin: &Person<'_>) -> String {
    let operations = operations();
    let found = operations.iter().find(|operation| operation.name == create);
    let path =
        found.unwrap_or_else(|| panic!("there is no {create}: add an entry to `create_object`"));
    let path = path.collection();
    let created = admin.post(path, body(create).unwrap()).await;
    assert_eq!(created.status, 201, "{create}: {created:?}");
    format!("{path}/{}", created.id())
}

/// Bodies with one field each that change the current object.
fn changes(operation: &str, now: &Value, round: usize, port: u16) -> Vec<Value> {
    let flipped = |field: &str| json!(now[field] != true);
    let other = |field: &str, one: &str, two: &str| match now[field] == one {
        true => json!(two),
        false => json!(one),
    };
    match operation {
        "updateAssistant" => vec![
            json!({"name": format!("Name {round}")}),
            json!({"description": format!("Description {round}")}),
            json!({"instructions": format!("Instructions {round}")}),
            json!({"temperature": f64::from(u32::try_from(round).unwrap()) / 64.0}),
            json!({"max_output_tokens": 100 + round}),
            match now["model"].is_null() {
                true => json!({"model": "builtin/guide"}),
                false => json!({"model": null}),
            },
            json!({"status": other("status", "active", "inactive")}),
            json!({"visibility": other("visibility", "private", "everyone")}),
        ],
        "updateKnowledgeBase" => vec![
            json!({"name": format!("Name {round}")}),
            json!({"description": format!("Description {round}")}),
            json!({"tags": [format!("tag {round}")]}),
            json!({"chunk_tokens": 400 + round}),
            json!({"chunk_overlap": 10 + round}),
            json!({"visibility": other("visibility", "private", "everyone")}),
        ],
        "updateGroup" => vec![
            json!({"name": format!("Name {round}")}),
            json!({"description": format!("Description {round}")}),
        ],
        "updateConversation" => vec![
            json!({"title": format!("Title {round}")}),
            json!({"pinned": flipped("pinned")}),
            json!({"archived": flipped("archived")}),
        ],
        "updateMe" => vec![json!({"display_name": format!("Name {round}")})],
        "updatePreferences" => vec![
            json!({"theme": other("theme", "dark", "light")}),
            json!({"language": other("language", "de", "en")}),
            json!({"send_on_enter": flipped("send_on_enter")}),
            json!({"notify_answers": flipped("notify_answers")}),
            json!({"favorite_models": [format!("local/{round}")]}),
            match now["default_model"].is_null() {
                true => json!({"default_model": "builtin/guide"}),
                false => json!({"default_model": null}),
            },
        ],
        "updateUser" => vec![
            json!({"role": other("role", "user", "manager")}),
            json!({"suspended": flipped("suspended")}),
            json!({"display_name": format!("Name {round}")}),
            json!({"email": format!("bob{round}@example.org")}),
        ],
        "updateProvider" => vec![
            json!({"base_url": format!("http://127.0.0.1:{port}/v{}", round + 1)}),
            json!({"api_key": format!("secret {round}")}),
            json!({"disabled_models": [format!("model {round}")]}),
        ],
        other => {
            panic!("add changes of each field by {other} to `changes` in api/tests/it/patches.rs")
        }
    }
}

/// Two changes of different fields, cycling through all pairs; of the same field if there is only one.
fn pair(changes: &[Value], round: usize) -> (Value, Value) {
    let count = changes.len();
    if count == 1 {
        return (changes[0].clone(), json!({"display_name": "Another"}));
    }
    let first = round % count;
    let second = (first + 1 + round / count % (count - 1)) % count;
    (changes[first].clone(), changes[second].clone())
}

/// Whether an object has the changed values.
fn shows(now: &Value, change: &Value) -> bool {
    let fields = change.as_object().unwrap();
    fields.iter().all(|(field, value)| match field.as_str() {
        "api_key" => now["has_api_key"] == !value.is_null(),
        field => &now[field] == value,
    })
}

async fn patch(person: &Person<'_>, path: &str, tag: Option<&str>, body: &Value) -> Answer {
    let mut request = person.request(Method::PATCH, path).json(body);
    if let Some(tag) = tag {
        request = request.header("If-Match", tag);
    }
    send(request).await
}

/// The current object, prepared for two changes of different fields.
async fn current(operation: &str, person: &Person<'_>, path: &str) -> Answer {
    if operation == "updateProvider" {
        // With a stored key, a new address without a key would be refused.
        person.patch(path, json!({"api_key": null})).await;
    }
    person.get(path).await
}

async fn check_concurrent_changes(operation: &str, person: &Person<'_>, path: &str, port: u16) {
    for round in 0..ROUNDS {
        let before = current(operation, person, path).await.body;
        let (one, two) = pair(&changes(operation, &before, round, port), round);
        let (first, second) = tokio::join!(
            patch(person, path, None, &one),
            patch(person, path, None, &two)
        );
        let now = person.get(path).await.body;
        let case = format!("{operation} {round}: {one} and {two} became {now}");
        if operation == "updateMe" {
            assert!(shows(&now, &one) || shows(&now, &two), "{case}");
            continue;
        }
        for (change, answer) in [(&one, &first), (&two, &second)] {
            // A new address is refused if the key was stored first; it must not be lost silently.
            let refused = operation == "updateProvider" && answer.status == 422;
            assert!(answer.status == 200 || refused, "{case}: {answer:?}");
            assert_eq!(shows(&now, change), answer.status == 200, "{case}");
        }
    }
}

async fn check_one_wins_with_if_match(operation: &str, person: &Person<'_>, path: &str, port: u16) {
    for round in ROUNDS..ROUNDS + 10 {
        let before = current(operation, person, path).await;
        let (one, two) = pair(&changes(operation, &before.body, round, port), round);
        let tag = Some(before.header("etag"));
        let (first, second) = tokio::join!(
            patch(person, path, tag, &one),
            patch(person, path, tag, &two)
        );
        let now = person.get(path).await.body;
        let mut codes = [first.status.as_u16(), second.status.as_u16()];
        let case = format!("{operation} {round}: {one} and {two}: {codes:?}, {now}");
        codes.sort_unstable();
        assert_eq!(codes, [200, 412], "{case}");
        let (won, lost) = match first.status == 200 {
            true => (&one, &two),
            false => (&two, &one),
        };
        assert!(shows(&now, won) && !shows(&now, lost), "{case}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn concurrent_changes_of_different_fields_are_both_kept() {
    let port = closed_port();
    let app = TestApp::with(TestOptions {
        allowed_port: Some(port),
        ..TestOptions::default()
    })
    .await;
    let (admin, bob) = (app.admin().await, app.person("bob").await);
    let mut walked = 0;
    for operation in operations() {
        // Settings have only one field.
        if operation.method != Method::PATCH || operation.name == "updateSettings" {
            continue;
        }
        let path = create_object(&operation.name, &admin, &bob, port).await;
        check_concurrent_changes(&operation.name, &admin, &path, port).await;
        check_one_wins_with_if_match(&operation.name, &admin, &path, port).await;
        walked += 1;
    }
    assert!(walked >= 8, "{walked}");
}

/// Concurrent changes of different fields must not undo each other.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_concurrent_changes_of_one_object_are_all_kept() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let path = create_object("updateAssistant", &admin, &admin, 0).await;
    let now = admin.get(&path).await.body;
    let changes = changes("updateAssistant", &now, 7, 0);
    let asked = changes
        .iter()
        .map(|change| patch(&admin, &path, None, change));
    let answers = futures_util::future::join_all(asked).await;
    let now = admin.get(&path).await.body;
    for (change, answer) in changes.iter().zip(answers) {
        assert_eq!(answer.status, 200, "{change}: {answer:?}");
        assert!(shows(&now, change), "{change}: {now}");
    }
}

/// Names and tags that violate newer rules are kept while other fields change.
#[tokio::test]
async fn an_unchanged_stored_name_is_not_validated_again() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let editor = Editor {
        user_id: admin.id.parse().unwrap(),
        role: Role::Admin,
    };
    let old = "\u{202e}Ada".to_owned();
    let stored = || Line::with_stored_any(&old, slice::from_ref(&old));
    let (assistant, base, group) = (Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7());
    let steps = vec![
        step(
            assistant,
            None,
            CreateAssistant {
                owner: Some(editor),
                configuration: Configuration::parse(assistant, stored(), "", "").unwrap(),
                visibility: Visibility::Private,
                status: Status::Active,
                is_default: false,
            },
        ),
        step(
            base,
            None,
            CreateKnowledgeBase {
                owner: editor,
                description: Description::parse(base, stored(), "", [stored()]).unwrap(),
                readers: Readers::Nobody,
                chunking: Chunking::default(),
            },
        ),
        step(
            group,
            None,
            CreateGroup {
                editor,
                details: GroupDetails::parse(group, stored(), "").unwrap(),
            },
        ),
    ];
    let execution = Execution::new(Context::system("test"), steps);
    app.app.execute(editor.user_id, execution).await.unwrap();
    for (path, unchanged) in [
        (format!("/assistants/{assistant}"), json!({"name": old})),
        (
            format!("/knowledge-bases/{base}"),
            json!({"name": old, "tags": [old]}),
        ),
        (format!("/groups/{group}"), json!({"name": old})),
    ] {
        for mut body in [json!({}), unchanged.clone()] {
            body["description"] = json!("New");
            let changed = admin.patch(&path, body).await;
            assert_eq!(changed.status, 200, "{path}: {changed:?}");
            assert_eq!(changed.body["description"], "New");
            for (field, value) in unchanged.as_object().unwrap() {
                assert_eq!(&changed.body[field], value, "{path}");
            }
        }
        let refused = admin
            .patch(&path, json!({"name": "\u{202e}Ida", "description": ""}))
            .await;
        assert_eq!(refused.status, 422, "{path}: {refused:?}");
    }
}

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

use crate::FEATURES;
use crate::cases::{Case, World, closed_port};
use crate::test_app::{Answer, Person, TestApp, TestOptions, send};
use crate::walk::operations;

const ROUNDS: usize = 50;
/// After all rounds.
const OTHER_ROUND: usize = 1_000;

/// The field with its other value.
pub fn flip(now: &Value, field: &str) -> Value {
    json!({field: now[field] != true})
}

/// The field with the other of two values.
pub fn alternate(now: &Value, field: &str, one: &str, two: &str) -> Value {
    match now[field] == one {
        true => json!({field: two}),
        false => json!({field: one}),
    }
}

/// Changes of one field each.
fn find_changes(operation: &str, now: &Value, round: usize) -> Vec<Value> {
    let mut features = FEATURES.iter();
    let found = features.find_map(|feature| feature.changes(operation, now, round));
    found.unwrap_or_else(|| panic!("add {operation} to `changes` of its feature"))
}

/// Two changes of different fields, cycling through all pairs; of the same field if there is only one.
fn pair(operation: &str, now: &Value, round: usize) -> (Value, Value) {
    let changes = find_changes(operation, now, round);
    let count = changes.len();
    if count == 1 {
        let other = find_changes(operation, now, round + OTHER_ROUND);
        return (changes[0].clone(), other[0].clone());
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

async fn check_concurrent_changes(operation: &str, person: &Person<'_>, path: &str) {
    for round in 0..ROUNDS {
        let before = current(operation, person, path).await.body;
        let (one, two) = pair(operation, &before, round);
        let (first, second) = tokio::join!(
            patch(person, path, None, &one),
            patch(person, path, None, &two)
        );
        let now = person.get(path).await.body;
        let case = format!("{operation} {round}: {one} and {two} became {now}");
        if field_name(&one) == field_name(&two) {
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

fn field_name(change: &Value) -> Option<&String> {
    change.as_object().unwrap().keys().next()
}

async fn check_one_wins_with_if_match(operation: &str, person: &Person<'_>, path: &str) {
    for round in ROUNDS..ROUNDS + 10 {
        let before = current(operation, person, path).await;
        let (one, two) = pair(operation, &before.body, round);
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
    let app = World::start_app(port, TestOptions::default()).await;
    let world = World::new(&app, port).await;
    let mut walked = 0;
    for operation in operations() {
        let name = operation.name.as_str();
        if operation.method != Method::PATCH {
            continue;
        }
        let Case { person, path, .. } = world.case(name).await;
        let now = person.get(&path).await.body;
        if find_changes(name, &now, 0).is_empty() {
            continue;
        }
        check_concurrent_changes(name, person, &path).await;
        check_one_wins_with_if_match(name, person, &path).await;
        walked += 1;
    }
    assert!(walked >= 8, "{walked}");
}

/// Concurrent changes of different fields must not undo each other.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_concurrent_changes_of_one_object_are_all_kept() {
    let app = TestApp::start().await;
    let world = World::new(&app, 0).await;
    let Case { person, path, .. } = world.case("updateAssistant").await;
    let now = person.get(&path).await.body;
    let changes = find_changes("updateAssistant", &now, 7);
    let asked = changes
        .iter()
        .map(|change| patch(person, &path, None, change));
    let answers = futures_util::future::join_all(asked).await;
    let now = person.get(&path).await.body;
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

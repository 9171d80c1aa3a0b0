//! Access rules: every operation is tried with every role, and compared with the rules of its feature.

use std::collections::HashMap;

use reqwest::Method;
use serde_json::json;

use crate::FEATURES;
use crate::cases::{World, closed_port};
use crate::test_app::{Person, TestApp, TestOptions};
use crate::walk::{operations, try_request};

/// Who may use an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// Needs no session; guarded in other ways, which have their own tests.
    Public,
    /// The status for guests, users, managers and administrators to whom the object does not belong; 200 is any success.
    /// With 404 or 422, they do not learn that the object exists.
    ByRole([u16; 4]),
}

impl Rule {
    /// Every user with a session.
    pub const ANYONE: Self = Self::ByRole([200, 200, 200, 200]);
    /// Every user except guests.
    pub const CREATORS: Self = Self::ByRole([403, 200, 200, 200]);
    /// Managers and administrators.
    pub const MANAGERS: Self = Self::ByRole([403, 403, 200, 200]);
    pub const ADMINISTRATORS: Self = Self::ByRole([403, 403, 403, 200]);
    /// Only the owner; for others, including administrators, the object does not exist.
    pub const OWNER: Self = Self::ByRole([404, 404, 404, 404]);
}

/// The roles, with the name of a user.
const ROLES: [(&str, &str); 4] = [
    ("gil", "guest"),
    ("sue", "user"),
    ("max", "manager"),
    ("eve", "admin"),
];

/// Operations that end the caller's session.
const ENDS_SESSION: [&str; 2] = ["logout", "endAllSessions"];

/// Operations on objects that cannot be created here: nothing is parked.
const WITHOUT_OBJECT: [&str; 1] = ["retryParked"];

fn find_rule(operation: &str) -> Rule {
    let mut rules = FEATURES.iter().flat_map(|feature| feature.rules());
    let found = rules.find(|(_, operations)| operations.contains(&operation));
    found
        .unwrap_or_else(|| {
            panic!("say who may use {operation}: add it to the rules of its feature")
        })
        .0
}

async fn create_person(app: &TestApp, admin: &Person<'_>, name: &str, role: &str) {
    let path = format!("/users/{}", app.person(name).await.id);
    assert_eq!(admin.patch(&path, json!({"role": role})).await.status, 200);
}

async fn log_in<'a>(app: &'a TestApp, name: &str) -> Person<'a> {
    let login = json!({"email": format!("{name}@example.org"), "password": "correct horse"});
    let answer = app.post("/api/v1/auth/login", login).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    Person::new(app, &answer)
}

#[test]
fn there_is_one_rule_for_each_operation() {
    let rules = FEATURES.iter().flat_map(|feature| feature.rules());
    let mut named: Vec<_> = rules.flat_map(|(_, names)| *names).copied().collect();
    named.sort_unstable();
    let operations = operations();
    let mut names: Vec<_> = operations.iter().map(|one| one.name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(named, names);
}

#[tokio::test]
async fn operations_are_allowed_as_the_rules_say() {
    let port = closed_port();
    let app = World::start_app(port, TestOptions::default()).await;
    let world = World::new(&app, port).await;
    let mut callers = HashMap::new();
    for (name, role) in ROLES {
        create_person(&app, &world.admin, name, role).await;
        callers.insert(name, log_in(&app, name).await);
    }
    for operation in operations() {
        let name = operation.name.as_str();
        let rule = find_rule(name);
        let mut case = world.find_case(name).await;
        let exists = case.is_some() || !operation.names_object();
        assert!(
            exists || WITHOUT_OBJECT.contains(&name),
            "add {name} to `case` of its feature"
        );
        if let Rule::ByRole(_) = rule {
            let ask = |method: Method, path: &str| app.request(method, &format!("/api/v1{path}"));
            let (status, _) = try_request(operation.request(case.as_ref(), ask)).await;
            assert_eq!(status, 401, "{name} without a session");
        }
        for (number, (who, role)) in ROLES.into_iter().enumerate() {
            if ENDS_SESSION.contains(&name) {
                callers.insert(who, log_in(&app, who).await);
            }
            let caller = &callers[who];
            let ask = |method: Method, path: &str| caller.request(method, path);
            let before = caller.events().await;
            let (status, said) = try_request(operation.request(case.as_ref(), ask)).await;
            match rule {
                Rule::Public => assert!(status < 500, "{name}: {status} {said}"),
                Rule::ByRole(wanted) if wanted[number] == 200 => {
                    let succeeded = (200..300).contains(&status);
                    assert!(
                        succeeded || (!exists && status == 404),
                        "{name} as {role}: {status} {said}"
                    );
                    // The object may be changed or deleted.
                    case = world.find_case(name).await;
                }
                Rule::ByRole(wanted) => {
                    assert_eq!(status, wanted[number], "{name} as {role}: {said}");
                    let after = caller.events().await;
                    assert_eq!(after, before, "{name} as {role} wrote events");
                    if let (404 | 422, Some(case)) = (status, &case) {
                        let absent = operation.request(Some(&case.on_nothing()), ask);
                        assert_eq!(
                            (status, said),
                            try_request(absent).await,
                            "{name} reveals that the object exists"
                        );
                    }
                }
            }
            if ENDS_SESSION.contains(&name) {
                callers.insert(who, log_in(&app, who).await);
            }
            if name == "changeEmail" {
                let first = json!({"email": format!("{who}@example.org"), "current_password": "correct horse"});
                assert_eq!(callers[who].put("/users/me/email", first).await.status, 200);
            }
        }
    }
}

/// The opposite: owners have access to their objects.
#[tokio::test]
async fn owners_can_use_all_operations_on_their_objects() {
    let port = closed_port();
    let app = World::start_app(port, TestOptions::default()).await;
    let world = World::new(&app, port).await;
    for operation in operations() {
        let name = operation.name.as_str();
        if find_rule(name) != Rule::OWNER {
            continue;
        }
        let case = world.case(name).await;
        let ask = |method: Method, path: &str| case.person.request(method, path);
        let (status, said) = try_request(operation.request(Some(&case), ask)).await;
        // A run may have ended before it is cancelled.
        let late = name == "cancelResponse" && status == 409;
        assert!(
            (200..300).contains(&status) || late,
            "{name}: {status} {said}"
        );
    }
}

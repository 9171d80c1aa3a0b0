use serde_json::{Value, json};
use sqlx::{Connection, PgConnection};

use crate::cases::World;
use crate::examples::{Recorder, id};
use crate::feature::{Feature, NewCase, Recording, Rules};
use crate::patches::{alternate, flip};
use crate::rights::Rule;
use crate::test_app::{Person, TestApp, send};

pub struct Users;

impl Feature for Users {
    fn rules(&self) -> Rules {
        &[
            (
                Rule::ANYONE,
                &[
                    "getMe",
                    "updateMe",
                    "changePassword",
                    "changeEmail",
                    "getPreferences",
                    "updatePreferences",
                ],
            ),
            (
                Rule::ADMINISTRATORS,
                &[
                    "listUsers",
                    "createUser",
                    "getUser",
                    "updateUser",
                    "resetPassword",
                    "deleteUser",
                ],
            ),
        ]
    }

    fn case<'a>(&'a self, world: &'a World<'a>, operation: &'a str) -> NewCase<'a> {
        Box::pin(async move {
            let user = |email: &str| json!({"email": email, "password": "correct horse", "display_name": "C", "role": "user"});
            let password =
                |new: &str| json!({"current_password": "correct horse", "new_password": new});
            Some(match operation {
                "updateMe" => world.json(
                    operation,
                    &[],
                    json!({"display_name": "A"}),
                    json!({"display_name": "B"}),
                ),
                "updatePreferences" => world.json(
                    operation,
                    &[],
                    json!({"theme": "dark"}),
                    json!({"theme": "light"}),
                ),
                "changePassword" => world
                    .json(
                        operation,
                        &[],
                        password("correct horse"),
                        password("battery staple"),
                    )
                    .sent_by(&world.ada),
                "changeEmail" => {
                    let email =
                        |email: &str| json!({"email": email, "current_password": "correct horse"});
                    world
                        .json(operation, &[], email("ada1@x.org"), email("ada2@x.org"))
                        .sent_by(&world.ada)
                }
                "createUser" => world.json(operation, &[], user("c@x.org"), user("d@x.org")),
                "getUser" | "deleteUser" => {
                    world.request(operation, &[&world.new_person().await.id])
                }
                "updateUser" => world.json(
                    operation,
                    &[&world.new_person().await.id],
                    json!({"role": "manager", "suspended": true}),
                    json!({"role": "guest"}),
                ),
                // Without a body that names one, the generated password is returned again.
                "resetPassword" => world.json(
                    operation,
                    &[&world.new_person().await.id],
                    json!({}),
                    json!({"new_password": "battery staple"}),
                ),
                _ => return None,
            })
        })
    }

    fn changes(&self, operation: &str, now: &Value, round: usize) -> Option<Vec<Value>> {
        Some(match operation {
            "updateMe" => vec![json!({"display_name": format!("Name {round}")})],
            "updatePreferences" => vec![
                alternate(now, "theme", "dark", "light"),
                alternate(now, "language", "de", "en"),
                flip(now, "send_on_enter"),
                flip(now, "notify_answers"),
                json!({"favorite_models": [format!("local/{round}")]}),
                match now["default_model"].is_null() {
                    true => json!({"default_model": "builtin/guide"}),
                    false => json!({"default_model": null}),
                },
            ],
            "updateUser" => vec![
                alternate(now, "role", "user", "manager"),
                flip(now, "suspended"),
                json!({"display_name": format!("Name {round}")}),
                json!({"email": format!("bob{round}@example.org")}),
            ],
            _ => return None,
        })
    }

    fn record<'a>(&'a self, recorder: &'a mut Recorder<'_>) -> Recording<'a> {
        Box::pin(async move {
            recorder.call("getMe", recorder.user(&[])).await;
            let me = json!({"display_name": "Ada King"});
            recorder
                .call_with_body("updateMe", recorder.user(&[]), me)
                .await;
            recorder.call("getPreferences", recorder.user(&[])).await;
            let preferences = json!({"theme": "dark", "language": "en"});
            recorder
                .call_with_body("updatePreferences", recorder.user(&[]), preferences)
                .await;
            let passwords = json!({
                "current_password": "correct horse battery staple", "new_password": "a longer battery staple",
            });
            recorder
                .call_with_body("changePassword", recorder.user(&[]), passwords)
                .await;
            // And back: later calls name the first address.
            for email in ["ada.king@example.org", "ada@example.org"] {
                let address =
                    json!({"email": email, "current_password": "a longer battery staple"});
                recorder
                    .call_with_body("changeEmail", recorder.user(&[]), address)
                    .await;
            }
            let alan = json!({
                "email": "alan@example.org", "password": "correct horse battery staple",
                "display_name": "Alan Turing", "role": "user",
            });
            let alan = recorder
                .call_with_body("createUser", recorder.admin(&[]), alan)
                .await;
            let alan = id(&alan);
            recorder.call("listUsers", recorder.admin(&[])).await;
            recorder.call("getUser", recorder.admin(&[&alan])).await;
            let role = json!({"role": "manager"});
            recorder
                .call_with_body("updateUser", recorder.admin(&[&alan]), role)
                .await;
            recorder
                .call_with_body("resetPassword", recorder.admin(&[&alan]), json!({}))
                .await;
            recorder.call("deleteUser", recorder.admin(&[&alan])).await;
        })
    }
}

#[tokio::test]
async fn suspending_ends_all_sessions_until_a_new_login() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let bob = app.person("bob").await;
    let path = format!("/users/{}", bob.id);
    let suspended = admin.patch(&path, json!({"suspended": true})).await;
    assert_eq!(suspended.body["suspended"], true);
    assert_eq!(bob.get("/users/me").await.status, 401);
    let login = json!({"email": "bob@example.org", "password": "correct horse"});
    assert_eq!(
        app.post("/api/v1/auth/login", login.clone()).await.status,
        401
    );
    assert_eq!(
        admin.patch(&path, json!({"suspended": false})).await.status,
        200
    );
    let again = Person::new(&app, &app.post("/api/v1/auth/login", login).await);
    assert_eq!(again.get("/users/me").await.status, 200);
    assert_eq!(
        bob.get("/users/me").await.status,
        401,
        "the old session stays ended"
    );
}

#[tokio::test]
async fn role_and_suspension_change_together_with_if_match() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let bob = app.person("bob").await;
    let path = format!("/users/{}", bob.id);
    let etag = admin.get(&path).await.header("etag").to_owned();
    let change = || {
        let request = admin
            .request(reqwest::Method::PATCH, &path)
            .header("If-Match", &etag);
        crate::test_app::send(request.json(&json!({"role": "manager", "suspended": true})))
    };
    let changed = change().await;
    assert_eq!(changed.status, 200, "{changed:?}");
    assert_eq!(
        (&changed.body["role"], &changed.body["suspended"]),
        (&json!("manager"), &json!(true))
    );
    assert_eq!(change().await.code(), (412, "version_mismatch"));
    assert_eq!(
        admin.patch(&path, json!({})).await.status,
        200,
        "an empty change is not an error"
    );
}

#[tokio::test]
async fn the_last_administrator_cannot_be_demoted_or_suspended() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let path = format!("/users/{}", admin.id);
    for change in [json!({"role": "user"}), json!({"suspended": true})] {
        assert_eq!(admin.patch(&path, change).await.code(), (409, "last_admin"));
    }
    let bob = app.person("bob").await;
    let promoted = admin
        .patch(&format!("/users/{}", bob.id), json!({"role": "admin"}))
        .await;
    assert_eq!(promoted.body["role"], "admin");
    assert_eq!(
        admin.patch(&path, json!({"role": "user"})).await.status,
        200
    );
}

#[tokio::test]
async fn user_administration_requires_the_role_admin() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let bob = app.person("bob").await;
    assert_eq!(bob.get("/users").await.status, 403);
    assert_eq!(bob.get(&format!("/users/{}", admin.id)).await.status, 403);
    assert_eq!(
        bob.patch(&format!("/users/{}", bob.id), json!({"role": "admin"}))
            .await
            .status,
        403
    );
    assert_eq!(bob.get("/events").await.status, 403);
    assert_eq!(bob.get("/projections").await.status, 403);
    let created = json!({"email": "c@example.org", "display_name": "C", "password": "correct horse", "role": "user"});
    assert_eq!(bob.post("/users", created.clone()).await.status, 403);
    assert_eq!(admin.post("/users", created).await.status, 201);
}

#[tokio::test]
async fn cursors_are_bound_to_their_reader_and_list() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for name in ["b", "c"] {
        app.person(name).await;
    }
    let first = admin.get("/users?limit=2").await.body;
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = admin
        .get(&format!("/users?limit=2&cursor={cursor}"))
        .await
        .body;
    assert_eq!(second["items"].as_array().unwrap().len(), 1);
    assert_eq!(second["next_cursor"], json!(null));
    let other = admin.get(&format!("/assistants?cursor={cursor}")).await;
    assert_eq!(other.code(), (400, "invalid_cursor"));
    let bob = app.person("bob").await;
    admin
        .patch(&format!("/users/{}", bob.id), json!({"role": "admin"}))
        .await;
    let stolen = Person {
        access_token: bob.access_token.clone(),
        ..bob
    };
    let refused = stolen.get(&format!("/users?cursor={cursor}")).await;
    assert!(
        refused.status == 400 || refused.status == 403,
        "{refused:?}"
    );
    for limit in ["0", "201", "-1", "x"] {
        assert_eq!(
            admin.get(&format!("/users?limit={limit}")).await.status,
            422,
            "{limit}"
        );
    }
}

#[tokio::test]
async fn two_administrators_cannot_demote_each_other() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let bob = app.person("bob").await;
    let (ada_id, bob_id) = (
        ada.get("/users/me").await.id(),
        bob.get("/users/me").await.id(),
    );
    for _ in 0..5 {
        let admin = json!({"role": "admin"});
        for (by, id) in [(&ada, &bob_id), (&bob, &ada_id)] {
            // The remaining administrator promotes the other one again.
            by.patch(&format!("/users/{id}"), admin.clone()).await;
        }
        let user = json!({"role": "user"});
        let (of_bob, of_ada) = (format!("/users/{bob_id}"), format!("/users/{ada_id}"));
        let (first, second) =
            tokio::join!(ada.patch(&of_bob, user.clone()), bob.patch(&of_ada, user));
        let done = [&first, &second]
            .iter()
            .filter(|answer| answer.status == 200)
            .count();
        assert_eq!(done, 1, "{first:?} {second:?}");
    }
}

#[tokio::test]
async fn preferences_are_per_user_and_change_by_field() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let bob = app.person("bob").await;
    let path = "/users/me/preferences";
    let plain = |body: &serde_json::Value| {
        let mut body = body.clone();
        body.as_object_mut().unwrap().remove("version");
        body
    };
    let first = bob.get(path).await;
    let defaults = json!({
        "language": null, "theme": "system", "send_on_enter": true, "notify_answers": true, "default_model": null,
        "favorite_models": [],
    });
    // Null fields may be missing in a response.
    let mut shown = plain(&first.body);
    shown["language"] = first.body["language"].clone();
    assert_eq!(shown, defaults);
    let dark = bob.patch(path, json!({"theme": "dark"})).await;
    assert_eq!(dark.status, 200, "{dark:?}");
    let german = bob
        .patch(path, json!({"language": "de", "send_on_enter": false}))
        .await;
    let wanted = json!({
        "language": "de", "theme": "dark", "send_on_enter": false, "notify_answers": true, "default_model": null,
        "favorite_models": [],
    });
    assert_eq!(plain(&german.body), wanted);
    assert_eq!(bob.get(path).await.body, german.body);
    assert_ne!(first.header("etag"), german.header("etag"));
    // Repeating a change writes no event; null resets the language.
    let events = bob.events().await;
    assert_eq!(bob.patch(path, json!({"theme": "dark"})).await.status, 200);
    assert_eq!(bob.events().await, events);
    let device = bob.patch(path, json!({"language": null})).await;
    assert_eq!(device.body["language"], json!(null));
    assert_eq!(ada.get(path).await.body["theme"], "system");
    for (body, pointer) in [
        (json!({"theme": "pink"}), "/theme"),
        (json!({"language": "tlh"}), "/language"),
        (json!({"send_on_enter": "yes"}), "/send_on_enter"),
        (json!({"colour": 1}), "/colour"),
        (json!({"default_model": "gpt-5"}), "/default_model"),
        (json!({"favorite_models": ["gpt-5"]}), "/favorite_models"),
    ] {
        let refused = bob.patch(path, body).await;
        assert_eq!(refused.status, 422);
        assert_eq!(refused.body["errors"][0]["pointer"], pointer);
    }
}

/// A separate connection to the database of a test, like that of another process.
async fn other_connection(app: &TestApp) -> PgConnection {
    let options = app.app.pool.connect_options();
    PgConnection::connect_with(&options).await.unwrap()
}

#[tokio::test]
async fn suspension_is_decided_by_the_log_if_the_view_is_stale() {
    let app = TestApp::start().await;
    let (ada, bob) = (app.admin().await, app.person("bob").await);
    let carol = app.person("carol").await;
    let role = json!({"role": "admin"});
    ada.patch(&format!("/users/{}", carol.id), role).await;
    let path = format!("/users/{}", bob.id);
    let suspend = |suspended: bool| json!({"suspended": suspended});
    assert_eq!(ada.patch(&path, suspend(true)).await.status, 200);
    // Blocks all views.
    let mut other = other_connection(&app).await;
    let mut held = other.begin().await.unwrap();
    sqlx::query("select name from projections for update")
        .execute(&mut *held)
        .await
        .unwrap();
    let back = ada.patch(&path, suspend(false)).await;
    assert_eq!(
        (back.status.as_u16(), &back.body["suspended"]),
        (200, &json!(false))
    );
    let again = carol.patch(&path, suspend(true)).await;
    assert_eq!(
        (again.status.as_u16(), &again.body["suspended"]),
        (200, &json!(true))
    );
    assert_ne!(again.header("etag"), back.header("etag"));
    held.rollback().await.unwrap();
    // The last writer reads their own write.
    let now = carol.get(&path).await;
    assert_eq!(now.body["suspended"], true, "{now:?}");
    assert_eq!(now.body, again.body);
}

#[tokio::test]
async fn repeated_suspensions_change_nothing_and_other_changes_apply() {
    let app = TestApp::start().await;
    let (ada, bob) = (app.admin().await, app.person("bob").await);
    let path = format!("/users/{}", bob.id);
    let keyed = async |key: &str, body: serde_json::Value| {
        let request = ada.request(reqwest::Method::PATCH, &path).json(&body);
        send(request.header("Idempotency-Key", key)).await
    };
    for body in [json!({"suspended": true}), json!({"suspended": false})] {
        let first = keyed(&format!("first {body}"), body.clone()).await;
        let written = ada.events().await;
        let again = keyed(&format!("again {body}"), body.clone()).await;
        assert_eq!((again.status.as_u16(), &again.body), (200, &first.body));
        assert_eq!(ada.events().await, written, "{body}");
    }
    let both = json!({"role": "manager", "suspended": false});
    let changed = keyed("both", both).await;
    assert_eq!(
        (changed.status.as_u16(), &changed.body["role"]),
        (200, &json!("manager"))
    );
    let old = ada
        .request(reqwest::Method::PATCH, &path)
        .header("If-Match", "\"1\"");
    let refused = send(old.json(&json!({"suspended": false}))).await;
    assert_eq!(refused.status, 412);
}

/// While another process holds the lock, waiting requests must not use up the connection pool.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn waiting_for_an_administrator_change_holds_no_connection() {
    let app = TestApp::start().await;
    let (ada, bob) = (app.admin().await, app.person("bob").await);
    let path = format!("/users/{}", bob.id);
    ada.patch(&path, json!({"role": "admin"})).await;
    let mut other = other_connection(&app).await;
    let mut held = other.begin().await.unwrap();
    sqlx::query("select pg_advisory_xact_lock(4853007)")
        .execute(&mut *held)
        .await
        .unwrap();
    let many = (0..30).map(|_| ada.patch(&path, json!({"suspended": true})));
    let waiting = futures_util::future::join_all(many);
    let others = async {
        for _ in 0..20 {
            assert_eq!(ada.get("/conversations").await.status, 200);
        }
        held.rollback().await.unwrap();
    };
    let (answers, ()) = tokio::join!(waiting, others);
    for answer in answers {
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_eq!(answer.body["suspended"], true);
    }
    let own = format!("/users/{}", ada.id);
    let last = ada.patch(&own, json!({"role": "user"})).await;
    assert_eq!(last.code(), (409, "last_admin"));
}

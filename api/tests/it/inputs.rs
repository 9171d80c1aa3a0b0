//! Invalid input, tried on every operation: bodies, fields, ids and parameters.

use reqwest::Method;
use serde_json::{Value, json};

use crate::cases::{World, closed_port};
use crate::test_app::{TestApp, TestOptions, send};
use crate::walk::{operations, try_request};

/// Fields that only the server sets.
const SERVER_FIELDS: [&str; 11] = [
    "owner_id",
    "user_id",
    "org_id",
    "is_admin",
    "created_at",
    "version",
    "quota",
    "id",
    "sequence",
    "position",
    "recorded_at",
];

fn with(body: &Value, field: &str, value: Value) -> Value {
    let mut body = body.clone();
    body[field] = value;
    body
}

/// Malformed bodies, by name.
fn malformed_bodies() -> Vec<(&'static str, Vec<u8>)> {
    let utf16: Vec<u8> = "{}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    vec![
        ("nothing", vec![]),
        ("null", b"null".to_vec()),
        ("a list", b"[{}]".to_vec()),
        ("text", br#""text""#.to_vec()),
        ("half", br#"{"title":"#.to_vec()),
        ("twice", b"{}{}".to_vec()),
        ("a byte-order mark", b"\xef\xbb\xbf{}".to_vec()),
        ("UTF-16", utf16),
        ("invalid UTF-8", b"{\"title\":\"\xff\xfe\"}".to_vec()),
        ("not a number", br#"{"title":NaN}"#.to_vec()),
        ("deep nesting", "{\"title\":".repeat(1_000).into_bytes()),
        (
            "an unknown field, deep",
            format!("{{\"x\":{}{}}}", "[".repeat(200), "]".repeat(200)).into_bytes(),
        ),
        (
            "a lone surrogate",
            br#"{"title":"\ud800","content":"\ud800"}"#.to_vec(),
        ),
    ]
}

#[tokio::test]
async fn malformed_bodies_are_refused_by_every_operation() {
    let port = closed_port();
    let app = World::start_app(port, TestOptions::default()).await;
    let world = World::new(&app, port).await;
    for operation in operations() {
        let name = &operation.name;
        let case = world.find_case(name).await;
        if operation.json_body(case.as_ref()).is_none() {
            continue;
        }
        let person = case.as_ref().map_or(&world.admin, |case| case.person);
        for (kind, bytes) in malformed_bodies() {
            let ask = |method: Method, path: &str| person.request(method, path);
            let request = operation.request(case.as_ref(), ask);
            let request = request
                .header("content-type", "application/json")
                .body(bytes);
            let (status, said) = try_request(request).await;
            assert!(
                matches!(status, 400 | 422),
                "{name}, {kind}: {status} {said}"
            );
        }
    }
}

#[tokio::test]
async fn unknown_fields_and_wrong_types_are_named() {
    let port = closed_port();
    let app = World::start_app(port, TestOptions::default()).await;
    let world = World::new(&app, port).await;
    for operation in operations() {
        let name = &operation.name;
        let case = world.find_case(name).await;
        let Some(valid) = operation.json_body(case.as_ref()) else {
            continue;
        };
        let person = case.as_ref().map_or(&world.admin, |case| case.person);
        let ask = |method: Method, path: &str| person.request(method, path);
        let refused = async |body: Value, field: &str| {
            let request = operation.request(case.as_ref(), ask).json(&body);
            let (status, said) = try_request(request).await;
            assert_eq!(status, 422, "{name} with {body}: {said}");
            let pointer = format!("/{field}");
            assert_eq!(
                said["errors"][0]["pointer"],
                pointer.as_str(),
                "{name}: {said}"
            );
        };
        for field in SERVER_FIELDS {
            refused(with(&valid, field, json!("x")), field).await;
        }
        for (field, value) in valid.as_object().unwrap() {
            for wrong in [json!(1e300), json!([1]), json!({"$sealed": {}})] {
                refused(with(&valid, field, wrong), field).await;
            }
            if value.is_string() && !matches!(name.as_str(), "login" | "refresh") {
                let nul = with(&valid, field, json!("a\u{0}b"));
                let request = operation.request(case.as_ref(), ask).json(&nul);
                let (status, said) = try_request(request).await;
                assert!(
                    (400..500).contains(&status),
                    "{name}, NUL in {field}: {status} {said}"
                );
            }
        }
    }
}

/// Ids of others in a body are treated like unknown ids.
#[tokio::test]
async fn ids_of_others_in_a_body_are_unknown() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let bob = app.person("bob").await;
    let assistant = ada.post("/assistants", json!({"name": "Mine"})).await.id();
    let conversation = ada.conversation().await;
    let (exchange, _) = ada.ask(&conversation, "Where is my data stored?").await;
    let question = &exchange["message"]["id"];
    let his = bob.conversation().await;
    let messages = format!("/conversations/{his}/messages");
    for (method, path, body) in [
        (
            Method::POST,
            "/conversations",
            json!({"assistant_id": assistant}),
        ),
        (
            Method::PATCH,
            &format!("/conversations/{his}"),
            json!({"assistant_id": assistant}),
        ),
        (
            Method::POST,
            &messages,
            json!({"content": "x", "assistant_id": assistant}),
        ),
        (
            Method::POST,
            &messages,
            json!({"content": "x", "parent_id": question}),
        ),
        (
            Method::POST,
            &messages,
            json!({"content": "x", "parent_id": exchange["response"]["message_id"]}),
        ),
        (
            Method::POST,
            &messages,
            json!({"content": "x", "parent_id": conversation}),
        ),
        (
            Method::POST,
            &messages,
            json!({"content": "x", "role": "system"}),
        ),
        (
            Method::POST,
            &messages,
            json!({"content": "x", "role": "assistant"}),
        ),
    ] {
        let before = bob.events().await;
        let answer = send(bob.request(method, path).json(&body)).await;
        assert!(
            matches!(answer.status.as_u16(), 404 | 422),
            "{path} {body}: {answer:?}"
        );
        assert_eq!(bob.events().await, before);
    }
    // A leaf of another conversation is invalid.
    let leaf = format!("{messages}?leaf={}", question.as_str().unwrap());
    assert_eq!(bob.get(&leaf).await.status, 422);
}

/// Other spellings of an id name the same object or none, with the same access.
#[tokio::test]
async fn other_spellings_of_an_id_do_not_change_access() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let (ada, bob) = (app.person("ada").await, app.person("bob").await);
    let id = ada.conversation().await;
    let plain = id.replace('-', "");
    for spelling in [
        id.to_uppercase(),
        plain.clone(),
        format!("{{{id}}}"),
        format!("urn:uuid:{id}"),
        format!("{id}%20"),
        format!("%20{id}"),
        format!("{id}%00"),
        format!("note:{id}"),
        format!("{id}/"),
        id.replacen('0', "\u{660}", 1),
        "-1".to_owned(),
        "0".to_owned(),
        "x'; drop table events; --".to_owned(),
    ] {
        let path = format!("/conversations/{spelling}");
        let (own, foreign) = (ada.get(&path).await, bob.get(&path).await);
        assert!(
            matches!(own.status.as_u16(), 200 | 404),
            "{spelling}: {own:?}"
        );
        assert_eq!(foreign.status, 404, "{spelling}");
        assert_eq!(admin.get(&path).await.status, 404, "{spelling}");
        if own.status == 200 {
            assert_eq!(own.body["id"], id.as_str());
        }
    }
}

/// Tries injection attacks in every query parameter of every list.
#[tokio::test]
async fn parameters_are_not_interpreted_as_code() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let messages = format!("/conversations/{}/messages", admin.conversation().await);
    let values = [
        "';drop table events;--",
        "1 or 1=1",
        "%00",
        "%ff",
        "-1",
        "0",
        "99999999999999999999",
        "1e9",
        "NaN",
        "{{7*7}}",
        "${PATH}",
        "*",
        "%25%5f",
        "a%27%20%26%20%7c%20%21%20%28",
        "..%2f..%2f",
        "%F0%9F%92%A9",
    ];
    for (path, names) in [
        (
            "/conversations",
            &["q", "archived", "trashed", "pinned", "limit", "cursor"][..],
        ),
        (&messages, &["leaf", "limit", "cursor"]),
        ("/users", &["q", "sort", "limit", "cursor"]),
        ("/assistants", &["limit", "cursor"]),
        (
            "/events",
            &["after", "aggregate_id", "event_type", "limit", "cursor"],
        ),
        ("/jobs", &["limit", "cursor"]),
        ("/search", &["q", "kind", "limit", "cursor"]),
    ] {
        for name in names {
            for value in values {
                let query = match (path, *name) {
                    (_, "q") => format!("?q={value}"),
                    ("/search", name) => format!("?q=sea&{name}={value}"),
                    (_, name) => format!("?{name}={value}"),
                };
                let (status, said) =
                    try_request(admin.request(Method::GET, &format!("{path}{query}"))).await;
                assert!(
                    matches!(status, 200 | 400 | 404 | 422),
                    "{path}{query}: {status} {said}"
                );
            }
        }
        for query in [
            "?sort=;drop",
            "?filter=user_id=x",
            "?bypass_filter=1",
            "?debug=true",
            "?api_key=x",
            "?q",
        ] {
            let (status, said) =
                try_request(admin.request(Method::GET, &format!("{path}{query}"))).await;
            assert!(
                matches!(status, 200 | 422),
                "{path}{query}: {status} {said}"
            );
            assert_eq!(
                status == 200,
                query == "?q" && ["/conversations", "/users"].contains(&path),
                "{path}{query}"
            );
        }
    }
    assert!(
        app.app.log.head(&app.app.pool).await.unwrap().0 > 0,
        "the log is still there"
    );
}

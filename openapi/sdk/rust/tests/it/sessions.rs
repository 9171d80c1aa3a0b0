use std::sync::atomic::{AtomicU32, Ordering};

use convosphere_client::Client;

use crate::server::{NOTHING, Server, ok, problem};

const USER: &str = r#"{"id": "01934b9e-0000-7000-8000-000000000001", "version": 1, "role": "user", "display_name": "Ada",
    "suspended": false, "created_at": "2026-11-30T09:41:00Z"}"#;

fn tokens(name: &str, expires_in: u64) -> String {
    ok(&format!(
        r#"{{"access_token": "{name}", "refresh_token": "refresh-{name}", "token_type": "Bearer",
            "expires_in": {expires_in}, "user": {USER}}}"#
    ))
}

fn rejected() -> String {
    problem("401 Unauthorized", "")
}

fn client(server: &Server) -> Client {
    server
        .builder()
        .password("ada@example.org", "correct horse")
        .build()
        .unwrap()
}

/// The operation and the token of each request.
fn calls(server: &Server) -> Vec<(String, Option<String>)> {
    let requests = server.requests().into_iter().enumerate();
    requests
        .map(|(number, request)| {
            let path = request
                .split(' ')
                .nth(1)
                .unwrap()
                .rsplit('/')
                .next()
                .unwrap();
            (path.to_owned(), server.header(number, "authorization"))
        })
        .collect()
}

fn call(path: &str, token: Option<&str>) -> (String, Option<String>) {
    (
        path.to_owned(),
        token.map(|token| format!("Bearer {token}")),
    )
}

#[tokio::test]
async fn a_token_is_obtained_once_and_renewed_before_it_expires() {
    let server = Server::start([tokens("a", 900), ok(USER), ok(USER)]).await;
    let client_a = client(&server);
    client_a.get_me().await.unwrap();
    client_a.clone().get_me().await.unwrap();
    let expected = [
        call("login", None),
        call("me", Some("a")),
        call("me", Some("a")),
    ];
    assert_eq!(calls(&server), expected);

    let server = Server::start([tokens("a", 20), ok(USER), tokens("b", 900), ok(USER)]).await;
    let client_b = client(&server);
    client_b.get_me().await.unwrap();
    client_b.get_me().await.unwrap();
    assert_eq!(
        calls(&server)[2..],
        [call("refresh", None), call("me", Some("b"))]
    );
    assert!(server.requests()[2].ends_with(r#"{"refresh_token":"refresh-a"}"#));
}

#[tokio::test]
async fn a_rejected_token_is_replaced_and_an_ended_session_starts_again() {
    let answers = [
        tokens("a", 900),
        rejected(),
        rejected(),
        tokens("c", 900),
        ok(USER),
    ];
    let server = Server::start(answers).await;
    client(&server).get_me().await.unwrap();
    let expected = [
        call("refresh", None),
        call("login", None),
        call("me", Some("c")),
    ];
    assert_eq!(calls(&server)[2..], expected);
}

#[tokio::test]
async fn a_wrong_password_and_a_rejected_token_are_problems() {
    let server = Server::start([rejected()]).await;
    assert_eq!(
        client(&server).get_me().await.unwrap_err().status(),
        Some(401)
    );
    let server = Server::start([rejected()]).await;
    assert_eq!(
        server.client().get_me().await.unwrap_err().status(),
        Some(401)
    );
}

#[tokio::test]
async fn a_login_that_may_have_been_executed_is_not_repeated() {
    let server = Server::start([NOTHING.to_owned(), tokens("a", 900)]).await;
    client(&server).get_me().await.unwrap_err();
    assert_eq!(calls(&server), [call("login", None)]);
}

#[tokio::test]
async fn a_function_can_give_each_request_its_token() {
    let server = Server::start([ok(USER), ok(USER)]).await;
    let issued = AtomicU32::new(0);
    let issue = move || format!("t{}", issued.fetch_add(1, Ordering::Relaxed));
    let client = server.builder().token_source(issue).build().unwrap();
    client.get_me().await.unwrap();
    client.get_me().await.unwrap();
    let expected = [call("me", Some("t0")), call("me", Some("t1"))];
    assert_eq!(calls(&server), expected);
}

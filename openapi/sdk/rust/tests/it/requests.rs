use std::time::Duration;

use bytes::Bytes;
use convosphere_client::types::{
    ChangePassword, CreateGroup, CreateProvider, ListConversationsQuery, Login, ProviderKind,
    Refresh, SearchMode, SearchQuery, UpdateProvider,
};
use convosphere_client::{Client, Error, Field, Upload};
use futures_util::{TryStreamExt, stream};
use uuid::Uuid;

use crate::server::{NOTHING, Server, ok, problem, response};

const GROUP: &str = r#"{"id": "01934b9e-0000-7000-8000-000000000001", "version": 1, "name": "A", "description": "",
    "members": 1, "member": true, "created_at": "2026-11-30T09:41:00Z", "updated_at": "2026-11-30T09:41:00Z",
    "added_later": 5}"#;

fn page(cursor: &str) -> String {
    ok(&format!(
        r#"{{"items": [{{"name": "a", "base_url": "b"}}], "next_cursor": {cursor}}}"#
    ))
}

#[tokio::test]
async fn a_write_is_repeated_with_its_key() {
    let busy = response("503 Service Unavailable", "Retry-After: 0\r\n", "");
    let headers = "ETag: \"1\"\r\nLocation: /api/v1/groups/1\r\nConvoSphere-Position: 7\r\nX-Request-Id: r9\r\n";
    let created = response("201 Created", headers, GROUP);
    let server = Server::start([NOTHING.to_owned(), busy, created]).await;
    let reply = server
        .client()
        .create_group(&CreateGroup::new("A"))
        .send()
        .await
        .unwrap();
    assert_eq!(reply.value.name, "A");
    assert_eq!(reply.etag.as_deref(), Some("\"1\""));
    assert_eq!(reply.location.as_deref(), Some("/api/v1/groups/1"));
    assert_eq!(
        (reply.position, reply.request_id.as_deref()),
        (Some(7), Some("r9"))
    );
    assert_eq!(
        server.header(0, "authorization").as_deref(),
        Some("Bearer secret")
    );
    let keys: Vec<_> = (0..3)
        .map(|request| server.header(request, "idempotency-key").unwrap())
        .collect();
    assert!(keys.iter().all(|key| *key == keys[0]), "{keys:?}");
    assert!(server.requests()[2].ends_with(r#"{"name":"A"}"#));
}

#[tokio::test]
async fn a_problem_names_its_fields_and_is_not_repeated() {
    let server = Server::start([problem("422 Unprocessable Entity", "")]).await;
    let error = server
        .client()
        .create_group(&CreateGroup::new("A"))
        .await
        .unwrap_err();
    assert_eq!((error.status(), error.code()), (Some(422), Some("invalid")));
    assert_eq!(error.to_string(), "the name is too long");
    let problem = error.problem().unwrap();
    assert_eq!(problem.field("/name").unwrap().code, "too_long");
    assert_eq!(problem.request_id, "r1");
}

#[tokio::test]
async fn the_caller_decides_about_a_long_pause() {
    let server = Server::start([problem("429 Too Many Requests", "Retry-After: 3600\r\n")]).await;
    let error = server.client().get_me().await.unwrap_err();
    let Error::Problem { retry_after, .. } = error else {
        panic!("{error}");
    };
    assert_eq!(retry_after, Some(Duration::from_hours(1)));
}

#[tokio::test]
async fn the_page_of_a_proxy_becomes_a_problem() {
    let server = Server::start([response("502 Bad Gateway", "", "<html>")]).await;
    let client = server.builder().retries(0).build().unwrap();
    let error = client.get_me().await.unwrap_err();
    assert_eq!((error.status(), error.code()), (Some(502), Some("unknown")));
}

#[tokio::test]
async fn an_unreachable_server_is_a_network_error() {
    let server = Server::start([NOTHING; 0]).await;
    let client = server
        .builder()
        .retries(1)
        .timeout(Duration::from_millis(50))
        .build()
        .unwrap();
    let error = client.get_me().await.unwrap_err();
    assert!(matches!(error, Error::Network(_)), "{error}");
}

#[tokio::test]
async fn a_list_is_read_page_by_page() {
    let server = Server::start([page("\"c 1\""), page("null")]).await;
    let items = server.client().list_local_servers().limit(1).items();
    let items: Vec<_> = items.try_collect().await.unwrap();
    assert_eq!(items.len(), 2);
    let path = "GET /api/v1/providers/local?limit=1";
    let requests = server.requests();
    assert!(requests[0].starts_with(&format!("{path} ")));
    assert!(requests[1].starts_with(&format!("{path}&cursor=c+1 ")));
}

#[tokio::test]
async fn parameters_of_a_query_are_escaped() {
    let server = Server::start([ok(r#"{"items": [], "next_cursor": null}"#)]).await;
    let query = ListConversationsQuery {
        archived: Some(true),
        q: Some("ä&b".to_owned()),
        ..ListConversationsQuery::default()
    };
    server.client().list_conversations(&query).await.unwrap();
    let path = "GET /api/v1/conversations?archived=true&q=%C3%A4%26b ";
    assert!(server.requests()[0].starts_with(path));

    let query = SearchQuery {
        mode: Some(SearchMode::Hybrid),
        ..SearchQuery::new("a")
    };
    let server = Server::start([problem("404 Not Found", "")]).await;
    server.client().search(&query).await.unwrap_err();
    assert!(server.requests()[0].starts_with("GET /api/v1/search?mode=hybrid&q=a "));
}

#[tokio::test]
async fn parts_of_a_path_are_escaped_and_never_change_the_path() {
    let server = Server::start([page("null")]).await;
    let _ = server.client().list_parked("a/b c").await;
    assert!(server.requests()[0].starts_with("GET /api/v1/projections/a%2Fb%20c/parked "));
    let error = server.client().list_parked("..").await.unwrap_err();
    assert!(matches!(error, Error::Invalid(_)), "{error}");
}

#[tokio::test]
async fn a_header_cannot_contain_a_line_break() {
    let client = Client::builder("http://127.0.0.1:9").build().unwrap();
    let error = client
        .delete_group(Uuid::nil())
        .reason("a\r\nb")
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Invalid(_)), "{error}");
}

#[test]
fn debug_output_hides_secrets() {
    let secret = "correct horse";
    let provider = CreateProvider {
        api_key: Some(secret.to_owned()),
        ..CreateProvider::new("ollama", ProviderKind::OpenaiCompatible, "http://a")
    };
    let update = UpdateProvider {
        api_key: Field::Value(secret.to_owned()),
        ..UpdateProvider::default()
    };
    let refresh = Refresh {
        refresh_token: Some(secret.to_owned()),
    };
    let outputs = [
        format!("{:?}", Login::new("ada@example.org", secret)),
        format!("{:?}", ChangePassword::new(secret, secret)),
        format!("{provider:?}"),
        format!("{update:?}"),
        format!("{refresh:?}"),
    ];
    for output in &outputs {
        assert!(!output.contains(secret), "{output}");
        assert!(output.contains("[hidden]"), "{output}");
    }
    assert!(outputs[0].contains("ada@example.org"), "{}", outputs[0]);
}

#[test]
fn a_base_url_must_be_the_url_of_a_server() {
    for url in ["chat.example.org", "ftp://a", "http://", ""] {
        assert!(Client::builder(url).build().is_err(), "{url}");
    }
}

#[tokio::test]
async fn a_file_is_sent_again_and_a_stream_is_not() {
    let file = r#"{"id": "01934b9e-0000-7000-8000-000000000001", "version": 1, "name": "n", "media_type": "text/plain",
        "size": 3, "sha256": "0", "created_at": "2026-11-30T09:41:00Z"}"#;
    let path = std::env::temp_dir().join(format!("{}.txt", Uuid::new_v4()));
    std::fs::write(&path, "abc").unwrap();
    let server = Server::start([NOTHING.to_owned(), ok(file)]).await;
    server
        .client()
        .upload_file(Upload::from_file(&path))
        .await
        .unwrap();
    std::fs::remove_file(&path).unwrap();
    for request in server.requests() {
        let name = path.file_name().unwrap().to_str().unwrap();
        assert!(
            request.contains(&format!("filename=\"{name}\""))
                && request.contains("\r\n\r\nabc\r\n--"),
            "{request}"
        );
    }

    let server = Server::start([NOTHING]).await;
    let chunks = stream::iter([Ok::<_, std::io::Error>(Bytes::from("abc"))]);
    let error = server
        .client()
        .upload_file(Upload::from_stream("n", chunks))
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Network(_)), "{error}");
}

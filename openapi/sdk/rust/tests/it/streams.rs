use std::time::Duration;

use convosphere_client::{Error, StreamEvent};
use futures_util::{StreamExt, TryStreamExt};
use uuid::Uuid;

use crate::server::{NOTHING, Server, events, problem, response};

const ID: Uuid = Uuid::nil();

fn delta(text: &str) -> String {
    format!(
        "event: response.delta\ndata: {{\"response_id\": \"{ID}\", \"seq\": 1, \"kind\": \"text\", \"part\": 0, \"text\": \"{text}\"}}\n\n"
    )
}

fn job(kind: &str, status: &str) -> String {
    format!(
        "event: job.{kind}\ndata: {{\"id\": \"{ID}\", \"kind\": \"verify\", \"status\": \"{status}\", \
         \"progress\": {{\"done\": 1, \"unit\": \"events\"}}, \"error\": \"broken\", \"created_at\": \"2026-11-30T09:41:00Z\"}}\n\n"
    )
}

#[tokio::test]
async fn a_stream_continues_after_its_last_frame() {
    let first = format!(
        "event: stream.caught_up\nid: 5-0123abcd\ndata: {{}}\n\n{}event: stream.closed\ndata: {{}}\n\n",
        delta("a")
    );
    let last = "event: message.new\nid: 6-0123abcd\ndata: {}\n\nevent: response.completed\nid: 7-0123abcd\ndata: {}\n\n";
    let busy = response("503 Service Unavailable", "Retry-After: 0\r\n", "");
    let server = Server::start([events(&first), NOTHING.to_owned(), busy, events(last)]).await;
    let frames = server.client().stream_response(ID).after("4");
    let frames: Vec<_> = frames.try_collect().await.unwrap();
    let seen: Vec<_> = frames
        .iter()
        .map(|frame| (frame.kind.as_str(), frame.id.as_deref()))
        .collect();
    let expected = [
        ("stream.caught_up", Some("5-0123abcd")),
        ("response.delta", None),
        ("message.new", Some("6-0123abcd")),
        ("response.completed", Some("7-0123abcd")),
    ];
    assert_eq!(seen, expected);
    assert_eq!(frames[0].event().unwrap(), StreamEvent::CaughtUp);
    assert!(
        matches!(frames[1].event().unwrap(), StreamEvent::ResponseDelta(delta) if delta.text == "a")
    );
    assert_eq!(frames[2].event().unwrap(), StreamEvent::Other);
    assert!(server.requests()[0].contains("/stream?after=4 "));
    assert_eq!(server.header(0, "last-event-id"), None);
    assert_eq!(
        server.header(3, "last-event-id").as_deref(),
        Some("5-0123abcd")
    );
    assert_eq!(
        server.header(3, "accept").as_deref(),
        Some("text/event-stream")
    );
}

#[tokio::test]
async fn a_stream_fails_if_the_caller_lost_access() {
    let closed = "event: stream.closed\ndata: {\"reason\": \"not_found\"}\n\n";
    let server = Server::start([events(closed), problem("404 Not Found", "")]).await;
    let mut frames = server.client().stream_conversation(ID);
    let error = frames.next().await.unwrap().unwrap_err();
    assert_eq!(error.status(), Some(404));
    assert!(frames.next().await.is_none());
}

#[tokio::test]
async fn a_stream_gives_up_when_the_server_stays_away() {
    let server = Server::start([events(&delta("a"))]).await;
    let client = server
        .builder()
        .retries(0)
        .patience(Duration::from_millis(100))
        .build()
        .unwrap();
    let mut frames = client.stream_feed();
    frames.next().await.unwrap().unwrap();
    drop(server);
    let error = frames.next().await.unwrap().unwrap_err();
    assert!(matches!(error, Error::Network(_)), "{error}");
}

#[tokio::test]
async fn a_job_is_awaited_over_a_lost_connection() {
    let server = Server::start([
        events(&job("progress", "running")),
        events(&job("ended", "completed")),
    ])
    .await;
    let ended = server.client().wait_for_job(ID).await.unwrap();
    assert_eq!(ended.progress.done, 1);
    let server = Server::start([events(&job("ended", "failed"))]).await;
    let error = server.client().wait_for_job(ID).await.unwrap_err();
    assert_eq!(error.to_string(), "broken");
}

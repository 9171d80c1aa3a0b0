use runtime::live::DeltaKind;
use serde_json::json;
use uuid::Uuid;

use testing::provider::{HOSTILE, Provider};

use crate::parts::connect_provider;
use crate::test_app::{Frame, TestApp, TestOptions, collect, next};

#[tokio::test]
async fn a_stream_starts_now_and_resumes_without_gaps() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let conversation = ada.conversation().await;
    let path = format!("/conversations/{conversation}/stream");
    ada.ask(&conversation, "Before anybody listens").await;
    let mut frames = Box::pin(ada.frames(&path, None).await);
    let caught_up = next(&mut frames, "stream.caught_up").await;
    assert!(caught_up.id.contains('-'));
    let (exchange, _) = ada.ask(&conversation, "Where is my data stored?").await;
    let posted = next(&mut frames, "message.posted").await;
    assert_eq!(
        posted.data["id"], exchange["message"]["id"],
        "earlier frames are not sent"
    );
    let started = next(&mut frames, "response.started").await;
    let completed = next(&mut frames, "response.completed").await;
    drop(frames);

    // Resuming after the first durable frame repeats exactly the others.
    let mut resumed = Box::pin(ada.frames(&path, Some(&posted.id)).await);
    assert_eq!(next(&mut resumed, "response.started").await.id, started.id);
    let again = next(&mut resumed, "response.completed").await;
    assert_eq!(
        (again.id, &again.data["message"]["content"]),
        (completed.id, &completed.data["message"]["content"])
    );
    // A position is a cursor too, and so is the id of the caught-up frame.
    let mut from_position = Box::pin(ada.frames(&format!("{path}?after=0"), None).await);
    assert_eq!(
        next(&mut from_position, "message.posted").await.data["content"],
        "Before anybody listens"
    );
    let mut from_start = Box::pin(ada.frames(&path, Some(&caught_up.id)).await);
    assert_eq!(next(&mut from_start, "message.posted").await.id, posted.id);
}

#[tokio::test]
async fn an_unknown_cursor_resets_the_stream() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let path = format!("/conversations/{}/stream", ada.conversation().await);
    let long = "9".repeat(10_000);
    for cursor in [
        "1-00000000",
        "999999-00000000",
        "-5",
        "garbage",
        long.as_str(),
    ] {
        let mut frames = Box::pin(ada.frames(&path, Some(cursor)).await);
        next(&mut frames, "stream.reset").await;
        next(&mut frames, "stream.caught_up").await;
    }
    let refused = ada.get(&format!("{path}?after=garbage")).await;
    assert_eq!(refused.code(), (400, "invalid"));
}

#[tokio::test]
async fn joining_during_an_answer_starts_with_a_snapshot() {
    let app = TestApp::with(TestOptions {
        responder: false,
        ..TestOptions::default()
    })
    .await;
    let ada = app.admin().await;
    let conversation = ada.conversation().await;
    let (id, run) = (Uuid::parse_str(&conversation).unwrap(), Uuid::now_v7());
    let live = &app.app.live;
    live.publish(id, (run, 1), DeltaKind::Text, "Hello, ");
    live.publish(id, (run, 1), DeltaKind::Text, "wor");
    let path = format!("/conversations/{conversation}/stream");
    let mut frames = Box::pin(ada.frames(&path, None).await);
    let caught_up = next(&mut frames, "stream.caught_up").await;
    let snapshot = next(&mut frames, "response.snapshot").await;
    assert_eq!(
        (&snapshot.data["text"], &snapshot.data["seq"]),
        (&json!("Hello, wor"), &json!(2))
    );
    live.publish(id, (run, 1), DeltaKind::Text, "ld\r\n\r\ndata: x\u{2028}");
    let delta = next(&mut frames, "response.delta").await;
    assert_eq!(
        (&delta.data["text"], &delta.data["seq"]),
        (&json!("ld\r\n\r\ndata: x\u{2028}"), &json!(3))
    );
    // A delta has no id, so the client keeps the last one.
    assert_eq!(delta.id, caught_up.id, "deltas are not a cursor");
}

#[tokio::test]
async fn a_slow_reader_gets_a_snapshot_instead_of_dropped_deltas() {
    let app = TestApp::with(TestOptions {
        responder: false,
        ..TestOptions::default()
    })
    .await;
    let ada = app.admin().await;
    let conversation = ada.conversation().await;
    let (id, run) = (Uuid::parse_str(&conversation).unwrap(), Uuid::now_v7());
    let path = format!("/conversations/{conversation}/stream");
    let mut frames = Box::pin(ada.frames(&path, None).await);
    next(&mut frames, "stream.caught_up").await;
    // Far more deltas than all buffers can hold, while nobody reads.
    let chunk = "x".repeat(250);
    for _ in 0..2_000 {
        app.app.live.publish(id, (run, 1), DeltaKind::Text, &chunk);
    }
    let mut text = String::new();
    let mut snapshots = 0;
    while text.len() < 500_000 {
        let frame = tokio::time::timeout(
            crate::test_app::PATIENCE,
            futures_util::StreamExt::next(&mut frames),
        )
        .await
        .unwrap()
        .unwrap();
        let part = frame.data["text"].as_str().unwrap().to_owned();
        match frame.kind.as_str() {
            "response.delta" => text.push_str(&part),
            "response.snapshot" => {
                assert!(part.len() >= text.len());
                text = part;
                snapshots += 1;
            }
            other => panic!("{other}"),
        }
    }
    assert!(snapshots >= 1, "dropped deltas were replaced by a snapshot");
    assert_eq!(text.len(), 500_000);
}

#[tokio::test]
async fn losing_access_closes_the_stream() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let bob = app.person("bob").await;
    let path = format!("/conversations/{}/stream", bob.conversation().await);
    let mut frames = Box::pin(bob.frames(&path, None).await);
    next(&mut frames, "stream.caught_up").await;
    admin
        .patch(&format!("/users/{}", bob.id), json!({"suspended": true}))
        .await;
    let closed = next(&mut frames, "stream.closed").await;
    assert_eq!(closed.data["reason"], "unauthorized");
}

#[tokio::test]
async fn all_readers_of_a_run_get_the_same_text() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let conversation = ada.conversation().await;
    let exchange = ada
        .post(
            &format!("/conversations/{conversation}/messages"),
            json!({"content": "What roles are there?"}),
        )
        .await
        .body;
    let path = format!(
        "/responses/{}/stream",
        exchange["response"]["id"].as_str().unwrap()
    );
    let readers = (0..10).map(|_| async { collect(ada.frames(&path, None).await).await });
    let ends = futures_util::future::join_all(readers).await;
    for frames in &ends {
        let last = frames.last().unwrap();
        assert_eq!(last.kind, "response.completed");
        assert_eq!(
            last.data["message"]["content"],
            ends[0].last().unwrap().data["message"]["content"]
        );
        assert_eq!(
            frames
                .iter()
                .filter(|frame| frame.kind == "response.completed")
                .count(),
            1
        );
    }
}

#[tokio::test]
async fn streams_are_closed_when_the_server_stops() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let path = format!("/conversations/{}/stream", ada.conversation().await);
    let mut frames = Box::pin(ada.frames(&path, None).await);
    next(&mut frames, "stream.caught_up").await;
    app.app.closing.send_replace(true);
    assert_eq!(
        next(&mut frames, "stream.closed").await.data["reason"],
        "restarting"
    );
}

/// Hostile output of a model arrives as text and cannot become a frame, a name or an id.
#[tokio::test]
async fn model_output_cannot_forge_frames() {
    let provider = Provider::start().await;
    let app = TestApp::with_provider(&provider).await;
    let ada = connect_provider(&app, &provider).await;
    let body = json!({"model": "local/hostile"});
    let conversation = ada.post("/conversations", body).await.id();
    let path = format!("/conversations/{conversation}/stream");
    let mut frames = Box::pin(ada.frames(&path, None).await);
    next(&mut frames, "stream.caught_up").await;
    let asked = format!("/conversations/{conversation}/messages");
    let asked = ada.post(&asked, json!({"content": "Misbehave."})).await;
    assert_eq!(asked.status, 201, "{asked:?}");
    let mut received = String::new();
    let text = loop {
        let frame: Frame = following(&mut frames).await;
        match frame.kind.as_str() {
            "response.delta" => received.push_str(frame.data["text"].as_str().unwrap()),
            "response.snapshot" => frame.data["text"]
                .as_str()
                .unwrap()
                .clone_into(&mut received),
            // A slow reader may have received less; the last frame has the whole text.
            "response.completed" => {
                break frame.data["message"]["content"]
                    .as_str()
                    .unwrap()
                    .to_owned();
            }
            "message.posted" | "conversation.changed" | "response.started" => {}
            other => panic!("{other}"),
        }
    };
    let expected = HOSTILE.concat().replace('\u{0}', "\u{fffd}");
    assert!(text.starts_with(&expected), "{:?}", &text[..200]);
    assert_eq!(text.len(), expected.len() + (1 << 19));
    assert!(text.starts_with(&received), "{:?}", &received[..200]);
}

/// Reconnects after every few frames: each durable frame arrives exactly once, in order.
#[tokio::test]
async fn reconnecting_readers_get_every_durable_frame_once() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    // With a title, so that no worker adds one.
    let conversation = ada
        .post("/conversations", json!({"title": "Cut"}))
        .await
        .id();
    let path = format!("/conversations/{conversation}/stream");
    for n in 0..8 {
        ada.ask(&conversation, &format!("Question {n}?")).await;
    }
    let durable = |frame: &Frame| !frame.id.is_empty() && frame.kind != "stream.caught_up";
    let mut whole = Vec::new();
    let mut frames = Box::pin(ada.frames(&format!("{path}?after=0"), None).await);
    loop {
        let frame = following(&mut frames).await;
        if frame.kind == "stream.caught_up" {
            break;
        }
        whole.push(frame);
    }
    assert_eq!(whole.len(), 8 * 3);
    for step in 1..=5 {
        let mut got: Vec<Frame> = Vec::new();
        while got.len() < whole.len() {
            let last = got.last().map(|frame| frame.id.clone());
            let start = match &last {
                None => format!("{path}?after=0"),
                Some(_) => path.clone(),
            };
            let mut frames = Box::pin(ada.frames(&start, last.as_deref()).await);
            for _ in 0..step {
                let frame = following(&mut frames).await;
                if durable(&frame) {
                    got.push(frame);
                }
            }
        }
        assert_eq!(got, whole, "{step} frames at a time");
    }
}

async fn following(frames: &mut (impl futures_util::Stream<Item = Frame> + Unpin)) -> Frame {
    use futures_util::StreamExt;
    tokio::time::timeout(crate::test_app::PATIENCE, frames.next())
        .await
        .expect("timed out waiting for a frame")
        .expect("the stream has ended")
}

#[tokio::test]
async fn changes_of_a_conversation_are_sent_to_followers() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let conversation = ada.conversation().await;
    let path = format!("/conversations/{conversation}");
    let mut frames = Box::pin(ada.frames(&format!("{path}/stream"), None).await);
    next(&mut frames, "stream.caught_up").await;
    // A worker derives the title from the first question.
    ada.ask(&conversation, "Where is my data stored?").await;
    let named = next(&mut frames, "conversation.changed").await;
    assert_eq!(named.data["title"], "Where is my data stored?");
    for change in [json!({"pinned": true}), json!({"archived": true})] {
        let changed = ada.patch(&path, change).await;
        assert_eq!(
            next(&mut frames, "conversation.changed").await.data,
            changed.body
        );
    }
}

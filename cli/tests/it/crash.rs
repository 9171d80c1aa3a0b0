//! Killed processes: no acknowledged write is lost, and the next start works.

use std::collections::HashSet;

use crate::program::{Installation, ok, processes};

#[test]
fn a_killed_server_restarts_with_its_cluster_and_loses_nothing() {
    let installation = Installation::private();
    let server = installation.serve();
    ok(&installation.run(&["chat", "Where is my data stored?"]));
    let before = ok(&installation.run(&["database", "status"]));
    server.kill();
    let server = installation.serve();
    let after = ok(&installation.run(&["database", "status"]));
    let log = |status: &str| {
        status
            .lines()
            .find(|line| line.starts_with("log"))
            .unwrap()
            .to_owned()
    };
    assert_eq!(log(&before), log(&after));
    ok(&installation.run(&["chat", "What roles are there?"]));
    assert!(server.stop().success());
    assert_eq!(processes(&installation.data_dir()), 0);
    assert!(ok(&installation.run(&["events", "verify"])).contains("in order"));
}

#[test]
fn the_next_command_restarts_a_killed_postmaster() {
    let installation = Installation::private();
    ok(&installation.run(&["database", "migrate"]));
    let server = installation.serve();
    kill_postmaster(&installation);
    server.kill();
    ok(&installation.run(&["database", "status"]));
    assert_eq!(processes(&installation.data_dir()), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_answers_503_and_recovers_when_its_postmaster_is_killed() {
    let installation = tokio::task::spawn_blocking(Installation::private)
        .await
        .unwrap();
    let server = tokio::task::block_in_place(|| installation.serve());
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let access = set_up(&http, &server).await;
    let killed = tokio::task::block_in_place(|| kill_postmaster(&installation));
    let create = || {
        let request = http
            .post(format!("{}/api/v1/conversations", server.url))
            .bearer_auth(&access);
        request.json(&serde_json::json!({"title": "x"})).send()
    };
    // Requests fail with 503 while the database is down, and then work again without a restart.
    let started = std::time::Instant::now();
    loop {
        assert!(
            started.elapsed() < crate::program::TIME_LIMIT,
            "{}",
            server.output()
        );
        // Backends of the killed postmaster may still answer: wait for the new one.
        let is_back = postmaster(&installation).is_some_and(|(pid, ready)| pid != killed && ready);
        let status = create().await.unwrap().status();
        match status.as_u16() {
            201 if is_back => break,
            201 => {}
            status => assert_eq!(status, 503),
        }
    }
    let made = create().await.unwrap();
    assert_eq!(made.status(), 201);
    let id = made.json::<serde_json::Value>().await.unwrap()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(
        list(&http, &server.url, &access).await.contains(&id),
        "the read models are updated again"
    );
    tokio::task::block_in_place(|| {
        assert!(server.stop().success());
        assert!(ok(&installation.run(&["events", "verify"])).contains("in order"));
    });
}

/// The number of kills; `make soak` sets a higher one.
fn kills() -> i64 {
    std::env::var("CONVOSPHERE_TEST_KILLS").map_or(100, |text| text.parse().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_acknowledged_write_survives_a_hundred_kills_under_load() {
    let installation = tokio::task::spawn_blocking(Installation::private)
        .await
        .unwrap();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let (mut acknowledged, mut access) = (HashSet::new(), None);
    for round in 0..kills() {
        let server = tokio::task::block_in_place(|| installation.serve());
        // One session for all rounds: restarts do not end sessions.
        let access = match &access {
            Some(access) => access,
            None => access.insert(set_up(&http, &server).await),
        };
        let writers = (0..8).map(|_| write(http.clone(), server.url.clone(), access.clone()));
        let writers: Vec<_> = writers.map(tokio::spawn).collect();
        // Kill the server at a different position each time; the writers then stop.
        let started = last_position(&http, &server.url, access).await;
        while last_position(&http, &server.url, access).await < started + 3 + round * 7919 % 47 {
            tokio::task::yield_now().await;
        }
        tokio::task::block_in_place(|| {
            if round % 5 == 4 {
                kill_postmaster(&installation);
            }
            server.kill();
        });
        for writer in writers {
            acknowledged.extend(writer.await.unwrap());
        }
    }
    let server = tokio::task::block_in_place(|| installation.serve());
    let access = access.unwrap();
    let listed = list(&http, &server.url, &access).await;
    assert!(i64::try_from(acknowledged.len()).unwrap() >= kills());
    let lost: Vec<&String> = acknowledged.difference(&listed).collect();
    assert!(lost.is_empty(), "acknowledged but lost: {lost:?}");
    tokio::task::block_in_place(|| {
        assert!(ok(&installation.run(&["events", "verify"])).contains("in order"));
        let live = ok(&installation.run(&["projections", "digest", "conversations"]));
        let rebuilt = ok(&installation.run(&["projections", "rebuild", "conversations"]));
        assert!(rebuilt.ends_with(&live), "live {live}, rebuilt {rebuilt}");
    });
}

fn kill_postmaster(installation: &Installation) -> String {
    let (pid, _) = postmaster(installation).unwrap();
    let killed = std::process::Command::new("kill")
        .args(["-KILL", &pid])
        .status();
    assert!(killed.unwrap().success());
    pid
}

/// The process id of the private PostgreSQL, and whether it accepts connections.
fn postmaster(installation: &Installation) -> Option<(String, bool)> {
    let path = "postgres/pgdata/postmaster.pid";
    let text = std::fs::read_to_string(installation.data_dir().join(path)).ok()?;
    let pid = text.lines().next()?.to_owned();
    Some((pid, text.lines().any(|line| line.trim() == "ready")))
}

/// The ids of all conversations.
pub async fn list(http: &reqwest::Client, url: &str, access: &str) -> HashSet<String> {
    let (mut ids, mut cursor) = (HashSet::new(), String::new());
    loop {
        let url = format!("{url}/api/v1/conversations?limit=200{cursor}");
        let page = http.get(url).bearer_auth(access).send().await.unwrap();
        let page: serde_json::Value = page.json().await.unwrap();
        let items = page["items"].as_array().unwrap();
        ids.extend(
            items
                .iter()
                .map(|item| item["id"].as_str().unwrap().to_owned()),
        );
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return ids,
        }
    }
}

pub async fn set_up(http: &reqwest::Client, server: &crate::program::Server) -> String {
    let output = server.output();
    let token = output
        .split("#token=")
        .nth(1)
        .unwrap()
        .split_whitespace()
        .next()
        .unwrap();
    let body = serde_json::json!({
        "token": token, "email": "ada@example.org", "password": "correct horse", "display_name": "Ada",
    });
    access(http, &format!("{}/api/v1/setup", server.url), &body).await
}

async fn access(http: &reqwest::Client, url: &str, body: &serde_json::Value) -> String {
    let answer: serde_json::Value = http
        .post(url)
        .json(body)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    answer["access_token"]
        .as_str()
        .unwrap_or_else(|| panic!("{answer}"))
        .to_owned()
}

/// Creates conversations until the server dies; returns the acknowledged ids.
async fn write(http: reqwest::Client, url: String, access: String) -> Vec<String> {
    let mut ids = Vec::new();
    loop {
        let request = http
            .post(format!("{url}/api/v1/conversations"))
            .bearer_auth(&access);
        let Ok(answer) = request
            .json(&serde_json::json!({"title": "x"}))
            .send()
            .await
        else {
            return ids;
        };
        if answer.status() != 201 {
            return ids;
        }
        match answer.json::<serde_json::Value>().await {
            Ok(made) => ids.push(made["id"].as_str().unwrap().to_owned()),
            Err(_) => return ids,
        }
    }
}

/// The last position of the log according to the server.
async fn last_position(http: &reqwest::Client, url: &str, access: &str) -> i64 {
    let request = http
        .get(format!("{url}/api/v1/events?limit=1"))
        .bearer_auth(access);
    let answer = request.send().await.unwrap();
    answer.headers()["convosphere-position"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap()
}

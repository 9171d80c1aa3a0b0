//! Killed programs: nothing acknowledged is lost, nothing is left in the way of the next start.

use std::collections::HashSet;

use crate::program::{Installation, ok, processes};

#[test]
fn a_killed_server_starts_again_adopts_its_cluster_and_has_lost_nothing() {
    let installation = Installation::private();
    let server = installation.serve();
    ok(&installation.run(&["chat", "Where does my data lie?"]));
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
fn a_killed_postmaster_is_started_again_by_the_next_command() {
    let installation = Installation::private();
    ok(&installation.run(&["database", "migrate"]));
    let server = installation.serve();
    let pid = std::fs::read_to_string(
        installation
            .data_dir()
            .join("postgres/pgdata/postmaster.pid"),
    )
    .unwrap();
    let pid = pid.lines().next().unwrap();
    assert!(
        std::process::Command::new("kill")
            .args(["-KILL", pid])
            .status()
            .unwrap()
            .success()
    );
    server.kill();
    ok(&installation.run(&["database", "status"]));
    assert_eq!(processes(&installation.data_dir()), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_acknowledged_conversation_survives_kills_at_any_moment() {
    let installation = tokio::task::spawn_blocking(Installation::private)
        .await
        .unwrap();
    let (mut acknowledged, mut token) = (HashSet::new(), None);
    for round in 0..6 {
        let server = tokio::task::block_in_place(|| installation.serve());
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let access = match token.take() {
            None => set_up(&http, &server).await,
            Some(()) => log_in(&http, &server.url).await,
        };
        token = Some(());
        let writers = (0..8).map(|_| write(http.clone(), server.url.clone(), access.clone()));
        let writers: Vec<_> = writers.map(tokio::spawn).collect();
        // The writers stop by themselves when the server dies under them; when that is depends on the round.
        while acknowledged_positions(&http, &server.url, &access).await < 40 * (round + 1) {
            tokio::task::yield_now().await;
        }
        tokio::task::block_in_place(|| server.kill());
        for writer in writers {
            acknowledged.extend(writer.await.unwrap());
        }
    }
    let server = tokio::task::block_in_place(|| installation.serve());
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let access = log_in(&http, &server.url).await;
    assert!(acknowledged.len() >= 40, "{}", acknowledged.len());
    for id in &acknowledged {
        let url = format!("{}/api/v1/conversations/{id}", server.url);
        let status = http
            .get(url)
            .bearer_auth(&access)
            .send()
            .await
            .unwrap()
            .status();
        assert_eq!(status, 200, "an acknowledged conversation is gone");
    }
    tokio::task::block_in_place(|| {
        assert!(ok(&installation.run(&["events", "verify"])).contains("in order"));
    });
}

async fn set_up(http: &reqwest::Client, server: &crate::program::Server) -> String {
    let said = server.said();
    let token = said
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

async fn log_in(http: &reqwest::Client, url: &str) -> String {
    let body = serde_json::json!({"email": "ada@example.org", "password": "correct horse"});
    access(http, &format!("{url}/api/v1/auth/login"), &body).await
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

/// Makes conversations until the server is gone; the ids of those that were acknowledged.
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

/// The last position of the log, as the server tells it.
async fn acknowledged_positions(http: &reqwest::Client, url: &str, access: &str) -> i64 {
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

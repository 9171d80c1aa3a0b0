//! The server as a service manager sees it: started before its database, told to stop under load.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use reqwest::Method;
use serde_json::{Value, json};

use crate::crash::set_up;
use crate::program::{Installation, PATIENCE, Server, ok};
use crate::site::Site;

/// Waits until the server has said something, and gives the rest of that line.
fn heard(server: &Server, text: &str) -> String {
    let begun = Instant::now();
    loop {
        let said = server.said();
        let line = said.lines().find_map(|line| line.split_once(text));
        if let Some((_, rest)) = line {
            return rest.trim().to_owned();
        }
        assert!(begun.elapsed() < PATIENCE, "{said}");
        std::thread::yield_now();
    }
}

/// The database comes after the server: until then it lives, is not ready, and says why.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_starts_before_its_database_waits_for_it_and_says_so() {
    let installation = tokio::task::spawn_blocking(Installation::external)
        .await
        .unwrap();
    let (url, sockets) = installation.database_url().split_once("host=").unwrap();
    let place = tempfile::tempdir().unwrap();
    let away = place.path().join("away");
    let mut command = installation.command(&["serve", "--listen", "127.0.0.1:0"]);
    command.env("DATABASE_URL", format!("{url}host={}", away.display()));
    let server = installation.spawn(command, &installation.data_dir());
    let url = heard(&server, "waiting for it at ");
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let get = async |path: &str| {
        let answer = http.get(format!("{url}{path}")).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    assert_eq!(get("/livez").await, (200, "ok".to_owned()));
    let (status, causes) = get("/readyz").await;
    assert_eq!(status, 503);
    assert!(causes.contains("database_unavailable"), "{causes}");
    let (status, problem) = get("/api/v1/setup").await;
    assert_eq!(status, 503);
    assert!(problem.contains("\"starting\""), "{problem}");

    std::os::unix::fs::symlink(sockets, &away).unwrap();
    heard(&server, "ConvoSphere is running at");
    assert_eq!(get("/readyz").await.0, 200);
    assert_eq!(get("/api/v1/setup").await.0, 200);
    assert!(server.stop().success());
}

/// What was acknowledged before the end is there after it, and nobody is told less than that.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_told_to_stop_under_load_loses_nothing_that_it_acknowledged() {
    let installation = tokio::task::spawn_blocking(Installation::external)
        .await
        .unwrap();
    let server = tokio::task::block_in_place(|| installation.serve());
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let access = set_up(&http, &server).await;
    let enough = Arc::new(AtomicBool::new(false));
    let mut writers = tokio::task::JoinSet::new();
    for _ in 0..16 {
        let (http, access, enough) = (http.clone(), access.clone(), enough.clone());
        let url = format!("{}/api/v1/conversations", server.url);
        writers.spawn(async move {
            let mut acknowledged = Vec::new();
            // Ends when the server no longer takes connections, or says that it cannot serve.
            while let Ok(answer) = http
                .post(&url)
                .bearer_auth(&access)
                .json(&json!({}))
                .send()
                .await
            {
                match answer.status().as_u16() {
                    201 => {
                        let Ok(body) = answer.json::<Value>().await else {
                            break;
                        };
                        acknowledged.push(body["id"].as_str().unwrap().to_owned());
                    }
                    503 => break,
                    status => panic!("{status}"),
                }
                if acknowledged.len() > 20 {
                    enough.store(true, Ordering::Relaxed);
                }
            }
            acknowledged
        });
    }
    while !enough.load(Ordering::Relaxed) {
        tokio::task::yield_now().await;
    }
    let status = tokio::task::block_in_place(|| server.stop());
    assert!(status.success(), "{status}");
    let acknowledged: Vec<String> = writers.join_all().await.into_iter().flatten().collect();
    assert!(acknowledged.len() > 20);
    let export = ok(&installation.run(&["events", "export"]));
    let started: HashSet<String> = export
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|event| event["event_type"] == "conversation_started")
        .filter_map(|event| event["aggregate_id"].as_str().map(str::to_owned))
        .collect();
    for id in &acknowledged {
        assert!(started.contains(id), "{id} was acknowledged and is gone");
    }
    assert!(ok(&installation.run(&["events", "verify"])).contains("in order"));
}

/// Hashing is bounded, over the whole process: the surplus is told to come back, and others are served meanwhile.
#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_log_ins_at_once_leave_the_server_responsive() {
    let unlimited = || Installation::external().with("CONVOSPHERE_RATE_LIMIT__ENABLED", "false");
    let (site, _server) = Site::of_one_server(unlimited, String::new()).await;
    let ada = site.log_in("ada@example.org").await;
    let login = json!({"email": "ada@example.org", "password": "correct horse"});
    let all = futures_util::future::join_all(
        (0..200).map(|_| site.send(0, Method::POST, "auth/login", "", Some(login.clone()), &[])),
    );
    let others = async {
        for _ in 0..20 {
            assert_eq!(ada.get(0, "users/me").await.status, 200);
        }
    };
    let (answers, ()) = tokio::join!(all, others);
    let taken = answers.iter().filter(|answer| answer.status == 200).count();
    assert!(taken > 0);
    for answer in answers.iter().filter(|answer| answer.status != 200) {
        assert_eq!(
            (answer.status, answer.text("/code").as_str()),
            (503, "busy")
        );
        assert!(!answer.retry_after.is_empty(), "{answer:?}");
    }
}

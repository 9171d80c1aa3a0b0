//! The server under a service manager: started before its database, stopped under load.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use reqwest::Method;
use serde_json::{Value, json};

use crate::crash::set_up;
use crate::program::{Installation, Server, TIME_LIMIT, ok};
use crate::site::Site;

/// Waits for a text in the output of the server; returns the rest of its line.
fn wait_for_output(server: &Server, text: &str) -> String {
    let started = Instant::now();
    loop {
        let output = server.output();
        let line = output.lines().find_map(|line| line.split_once(text));
        if let Some((_, rest)) = line {
            return rest.trim().to_owned();
        }
        assert!(started.elapsed() < TIME_LIMIT, "{output}");
        std::thread::yield_now();
    }
}

/// Until the database is available, the server is alive but not ready, and reports the cause.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_starts_before_its_database_waits_and_reports_it() {
    let installation = tokio::task::spawn_blocking(Installation::external)
        .await
        .unwrap();
    let (url, sockets) = installation.database_url().split_once("host=").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let socket_folder = folder.path().join("sockets");
    let mut command = installation.command(&["serve", "--listen", "127.0.0.1:0"]);
    command.env(
        "DATABASE_URL",
        format!("{url}host={}", socket_folder.display()),
    );
    let server = installation.spawn(command, &installation.data_dir());
    let url = wait_for_output(&server, "waiting for it at ");
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

    std::os::unix::fs::symlink(sockets, &socket_folder).unwrap();
    wait_for_output(&server, "ConvoSphere is running at");
    assert_eq!(get("/readyz").await.0, 200);
    assert_eq!(get("/api/v1/setup").await.0, 200);
    assert!(server.stop().success());
}

/// All writes that were acknowledged before the stop are in the log.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_stopped_under_load_loses_no_acknowledged_write() {
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
            // Ends when the server refuses connections or answers 503.
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
        assert!(started.contains(id), "{id} was acknowledged but lost");
    }
    assert!(ok(&installation.run(&["events", "verify"])).contains("in order"));
}

/// Password hashing is limited per process: excess logins get 503, and other requests are served meanwhile.
#[tokio::test(flavor = "multi_thread")]
async fn the_server_stays_responsive_during_two_hundred_concurrent_logins() {
    let unlimited = || Installation::external().with("CONVOSPHERE_RATE_LIMIT__ENABLED", "false");
    let (site, _server) = Site::with_one_server(unlimited, String::new()).await;
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
    assert!(answers.iter().any(|answer| answer.status == 200));
    for answer in answers.iter().filter(|answer| answer.status != 200) {
        assert_eq!(
            (answer.status, answer.text("/code").as_str()),
            (503, "busy")
        );
        assert!(!answer.retry_after.is_empty(), "{answer:?}");
    }
}

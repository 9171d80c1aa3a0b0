//! Background processes, their logs, and the configuration file.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use serde_json::Value;

use crate::program::{Installation, ok, stderr, stdout};

/// Stops the server when the test ends.
struct Running<'a>(&'a Installation);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        let _ = self.0.run(&["services", "stop"]);
    }
}

fn installation() -> Installation {
    Installation::private()
        .with("CONVOSPHERE_SERVER__LISTEN", "127.0.0.1:0")
        .with("CONVOSPHERE_ADMIN__LISTEN", "127.0.0.1:0")
}

fn service(i: &Installation, name: &str) -> Value {
    let listed = ok(&i.run(&["services", "status", "--json"]));
    let mut lines = listed
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.find(|service| service["name"] == name).unwrap()
}

async fn status_of(url: &str, request_id: &str) -> u16 {
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let request = http
        .get(format!("{url}/api/v1/users/me"))
        .header("X-Request-Id", request_id);
    request.send().await.unwrap().status().as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_can_be_started_restarted_and_stopped_and_its_log_searched() {
    let i = tokio::task::spawn_blocking(installation).await.unwrap();
    tokio::task::block_in_place(|| ok(&i.run(&["services", "start"])));
    let running = Running(&i);
    let api = service(&i, "api");
    assert_eq!(
        (&api["state"], &api["started_by"]),
        (&"running".into(), &"services".into())
    );
    assert_eq!(service(&i, "projector")["pid"], api["pid"]);
    assert_eq!(service(&i, "postgres")["state"], "running");
    let url = api["url"].as_str().unwrap();
    assert_eq!(status_of(url, "one-of-these-tests").await, 401);
    assert!(stderr(&i.run(&["services", "start"])).contains("is already running"));
    assert!(ok(&i.run(&["health"])).contains("is ready"));

    // Log lines can be selected by request, level, age and process.
    let found = ok(&i.run(&["logs", "--request-id", "one-of-these-tests", "--json"]));
    let line: Value = serde_json::from_str(found.lines().last().unwrap()).unwrap();
    assert_eq!(line["fields"]["status"], 401, "{found}");
    assert_eq!(line["service"], "server");
    let shown = ok(&i.run(&["services", "logs", "server", "--since", "10m"]));
    assert!(shown.contains("one-of-these-tests"), "{shown}");
    assert_eq!(ok(&i.run(&["logs", "--level", "error"])), "");
    assert_eq!(ok(&i.run(&["logs", "projector"])), "");
    let wrong = i.run(&["logs", "--since", "yesterday"]);
    assert_eq!(wrong.status.code(), Some(2), "{}", stderr(&wrong));
    let mut following = i.command(&["logs", "--follow", "--request-id", "a-later-one"]);
    let mut following = following.stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(following.stdout.take().unwrap()).lines();
    status_of(url, "a-later-one").await;
    let line = tokio::task::block_in_place(|| lines.next().unwrap().unwrap());
    assert!(
        line.contains("a-later-one") && line.contains("status=401"),
        "{line}"
    );
    following.kill().unwrap();
    following.wait().unwrap();

    ok(&i.run(&["services", "restart"]));
    let next = service(&i, "api");
    assert_ne!(next["pid"], api["pid"]);
    assert_eq!(status_of(next["url"].as_str().unwrap(), "x").await, 401);

    // A killed server is reported as stopped and can be started again.
    let pid = next["pid"].to_string();
    let killed = std::process::Command::new("kill")
        .args(["-KILL", &pid])
        .status();
    assert!(killed.unwrap().success());
    while service(&i, "api")["state"] == "running" {
        tokio::task::yield_now().await;
    }
    ok(&i.run(&["services", "start"]));
    assert_eq!(service(&i, "api")["state"], "running");
    drop(running);
    assert_eq!(service(&i, "api")["state"], "stopped");
    assert_eq!(service(&i, "postgres")["state"], "stopped");
    let gone = i.run(&["health"]);
    assert_eq!(gone.status.code(), Some(6), "{}", stderr(&gone));
}

#[test]
fn servers_that_others_started_are_listed_but_not_stopped() {
    let i = Installation::external();
    let server = i.serve();
    let api = service(&i, "api");
    assert_eq!(
        (&api["state"], &api["started_by"]),
        (&"running".into(), &"others".into())
    );
    let refused = i.run(&["services", "stop", "api"]);
    assert_eq!(refused.status.code(), Some(5), "{}", stderr(&refused));
    let unknown = i.run(&["services", "stop", "apache"]);
    assert_eq!(unknown.status.code(), Some(3), "{}", stderr(&unknown));
    drop(server);
}

#[test]
fn a_service_that_cannot_start_reports_why() {
    let i = Installation::external().with("CONVOSPHERE_SERVER__LISTEN", "127.0.0.1:0");
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let i = i.with("CONVOSPHERE_SERVER__LISTEN", &address);
    let refused = i.run(&["services", "start"]);
    assert_eq!(refused.status.code(), Some(6));
    assert!(
        stderr(&refused).contains("did not start"),
        "{}",
        stderr(&refused)
    );
    assert!(stderr(&refused).contains(&address), "{}", stderr(&refused));
}

#[test]
fn the_configuration_file_is_created_and_changed_and_stays_valid() {
    let i = Installation::external();
    ok(&i.run(&["config", "init"]));
    let file = i.data_dir().join("config.toml");
    let written = std::fs::read_to_string(&file).unwrap();
    assert!(
        written.contains("# listen = \"127.0.0.1:8080\""),
        "{written}"
    );
    ok(&i.run(&["config", "check"]));
    let again = i.run(&["config", "init"]);
    assert_eq!(again.status.code(), Some(5), "{}", stderr(&again));
    ok(&i.run(&["config", "set", "server.listen", "127.0.0.1:8099"]));
    ok(&i.run(&["config", "set", "rate_limit.enabled", "false"]));
    let shown = ok(&i.run(&["config", "show", "--origin"]));
    assert!(
        shown.contains("server.listen = 127.0.0.1:8099  (file"),
        "{shown}"
    );
    assert!(
        shown.contains("rate_limit.enabled = false  (file"),
        "{shown}"
    );
    let before = std::fs::read_to_string(&file).unwrap();
    assert!(before.contains("# Address and port of the HTTP interface."));
    for (name, value, message) in [
        ("server.listen", "0.0.0.0:8080", "proxy.trusted"),
        ("server.listen", "nowhere", "an address"),
        ("server.listn", "127.0.0.1:1", "server.listen"),
        ("backup.keep", "0", "positive"),
    ] {
        let refused = i.run(&["config", "set", name, value]);
        assert_eq!(
            refused.status.code(),
            Some(2),
            "{name}: {}",
            stdout(&refused)
        );
        assert!(stderr(&refused).contains(message), "{}", stderr(&refused));
    }
    assert_eq!(std::fs::read_to_string(&file).unwrap(), before);
}

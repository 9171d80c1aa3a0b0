//! The command line on a server elsewhere: an address, a token, and nothing of the machine that it runs on.

use std::process::{Command, Output};

use serde_json::{Value, json};
use testing::provider::{KEY, Provider};

use crate::program::{Installation, Server, ok, out, talk, with_input};
use crate::site::Site;

/// A machine with the program alone, and the server that it talks to.
struct Elsewhere {
    home: tempfile::TempDir,
    server: Server,
    token: String,
}

impl Elsewhere {
    /// As ada@example.org, an administrator; with the installation, which must live as long.
    async fn new() -> (Self, Site, Provider) {
        let provider = Provider::start().await;
        let (site, server) = Site::of_one_server(Installation::external, provider.base_url()).await;
        let token = site.log_in("ada@example.org").await.access;
        let home = tempfile::tempdir().unwrap();
        let elsewhere = Self {
            home,
            server,
            token,
        };
        (elsewhere, site, provider)
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.run_with_input(arguments, "")
    }

    fn run_with_input(&self, arguments: &[&str], input: &str) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_convosphere"));
        command
            .args(arguments)
            .args(["--url", &self.server.url])
            .env_clear()
            .env("HOME", self.home.path())
            .env("CONVOSPHERE_TOKEN", &self.token);
        with_input(command, input)
    }

    fn json(&self, arguments: &[&str]) -> Value {
        let text = ok(&self.run(&[arguments, &["--json"]].concat()));
        serde_json::from_str(&text).unwrap_or_else(|_| panic!("{text}"))
    }
}

fn code(output: &Output) -> Option<i32> {
    output.status.code()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_works_with_an_address_and_a_token() {
    let (there, site, provider) = Elsewhere::new().await;
    let answer = ok(&there.run(&["chat", "Where does my data lie?"]));
    assert!(answer.contains("All data lies in one folder"), "{answer}");
    assert!(ok(&there.run(&["health"])).contains("is ready"));

    let create = ["users", "create", "bob@example.org", "--name", "Bob"];
    let made = there.run_with_input(
        &[&create[..], &["--password-stdin"]].concat(),
        "battery staple",
    );
    assert!(ok(&made).contains("bob@example.org"));
    assert!(ok(&there.run(&["users", "list"])).contains("ada@example.org"));
    there.run(&["users", "update", "BOB@example.org", "--role", "manager"]);
    let shown = there.json(&["users", "show", "bob@example.org"]);
    assert_eq!(
        (&shown["role"], &shown["suspended"]),
        (&json!("manager"), &json!(false))
    );
    assert!(ok(&there.run(&["users", "suspend", "bob@example.org"])).contains("suspended"));
    assert!(ok(&there.run(&["users", "reactivate", "bob@example.org"])).contains("active"));
    let refused = there.run_with_input(&["users", "delete", "bob@example.org"], "no\n");
    assert_eq!(code(&refused), Some(2), "{}", talk(&refused));
    ok(&there.run(&["users", "delete", "bob@example.org", "--yes"]));
    let gone = there.run(&["users", "show", "bob@example.org"]);
    assert_eq!(code(&gone), Some(3), "{}", out(&gone));

    // A private address may be allowed by the operator alone, on the machine of the installation.
    let add = [
        "providers",
        "add",
        "local",
        "--base-url",
        &provider.base_url(),
    ];
    let refused = there.run(&add);
    assert_eq!(code(&refused), Some(2), "{}", talk(&refused));
    tokio::task::block_in_place(|| {
        ok(&site
            .installation
            .run_with_input(&[&add[..], &["--api-key-stdin"]].concat(), KEY));
    });
    // A command that ends with its check leaves no lease that would keep the next check waiting.
    for _ in 0..4 {
        assert_eq!(there.json(&["providers", "test", "local"])["health"], "ok");
        tokio::task::block_in_place(|| {
            ok(&site.installation.run(&["providers", "test", "local"]));
        });
    }
    assert!(ok(&there.run(&["providers", "list"])).contains("local"));
    ok(&there.run(&["providers", "remove", "local"]));
    assert_eq!(code(&there.run(&["providers", "test", "local"])), Some(3));

    let verified = ok(&there.run(&["events", "verify"]));
    assert!(
        verified.contains("events in order, last hash"),
        "{verified}"
    );
    let rebuilt = ok(&there.run(&["projections", "rebuild", "conversations"]));
    assert!(rebuilt.contains("rebuilt up to position"), "{rebuilt}");
    let listed = ok(&there.run(&["projections", "list"]));
    assert!(
        listed.contains("conversations") && listed.contains("parked 0"),
        "{listed}"
    );
    assert_eq!(
        code(&there.run(&["projections", "rebuild", "no/such view"])),
        Some(3)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_done_from_afar_is_said_and_nothing_is_made_here() {
    let (mut there, _site, _provider) = Elsewhere::new().await;
    for arguments in [
        &["database", "status"][..],
        &["doctor"],
        &["serve"],
        &["events", "export"],
        &["chat", "--as", "ada@example.org", "Hello"],
    ] {
        let refused = there.run(arguments);
        assert_eq!(code(&refused), Some(2), "{arguments:?}: {}", talk(&refused));
        assert!(
            talk(&refused).contains("machine of the installation"),
            "{}",
            talk(&refused)
        );
    }
    there.token = "nonsense".to_owned();
    let denied = there.run(&["users", "list"]);
    assert_eq!(code(&denied), Some(4), "{}", talk(&denied));
    assert_eq!(std::fs::read_dir(there.home.path()).unwrap().count(), 0);
}

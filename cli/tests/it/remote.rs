//! Commands that use a remote server with a URL and a token.

use std::process::{Command, Output};

use serde_json::{Value, json};
use testing::provider::{KEY, Provider};

use crate::program::{Installation, Server, ok, stderr, stdout, with_input};
use crate::site::Site;

/// An empty home folder, and a remote server.
struct Remote {
    home: tempfile::TempDir,
    server: Server,
    token: String,
}

impl Remote {
    /// Signs in as the administrator ada@example.org. The caller must keep the returned installation and provider.
    async fn new() -> (Self, Site, Provider) {
        let provider = Provider::start().await;
        let (site, server) =
            Site::with_one_server(Installation::external, provider.base_url()).await;
        let token = site.log_in("ada@example.org").await.access;
        let home = tempfile::tempdir().unwrap();
        let remote = Self {
            home,
            server,
            token,
        };
        (remote, site, provider)
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
async fn an_administrator_can_work_with_a_url_and_a_token() {
    let (remote, site, provider) = Remote::new().await;
    let answer = ok(&remote.run(&["chat", "Where is my data stored?"]));
    assert!(
        answer.contains("All data is stored in one folder"),
        "{answer}"
    );
    assert!(ok(&remote.run(&["health"])).contains("is ready"));

    let create = ["users", "create", "bob@example.org", "--name", "Bob"];
    let made = remote.run_with_input(
        &[&create[..], &["--password-stdin"]].concat(),
        "battery staple",
    );
    assert!(ok(&made).contains("bob@example.org"));
    assert!(ok(&remote.run(&["users", "list"])).contains("ada@example.org"));
    remote.run(&["users", "update", "BOB@example.org", "--role", "manager"]);
    let shown = remote.json(&["users", "show", "bob@example.org"]);
    assert_eq!(
        (&shown["role"], &shown["suspended"]),
        (&json!("manager"), &json!(false))
    );
    assert!(ok(&remote.run(&["users", "suspend", "bob@example.org"])).contains("suspended"));
    assert!(ok(&remote.run(&["users", "reactivate", "bob@example.org"])).contains("active"));
    let renamed = [
        "users",
        "update",
        "bob@example.org",
        "--email",
        "rob@example.org",
        "--name",
        "Rob",
    ];
    assert!(ok(&remote.run(&renamed)).contains("rob@example.org  Rob"));
    ok(&remote.run(&[
        "users",
        "update",
        "rob@example.org",
        "--email",
        "bob@example.org",
    ]));
    let generated = remote.json(&["users", "set-password", "bob@example.org"]);
    let password = generated["generated_password"].as_str().unwrap();
    assert_eq!(password.len(), 24, "{generated}");
    let set = [
        "users",
        "set-password",
        "bob@example.org",
        "--password-stdin",
    ];
    let set = ok(&remote.run_with_input(&set, "another horse"));
    assert!(!set.contains("another horse"), "{set}");
    let refused = remote.run_with_input(&["users", "delete", "bob@example.org"], "no\n");
    assert_eq!(code(&refused), Some(2), "{}", stderr(&refused));
    ok(&remote.run(&["users", "delete", "bob@example.org", "--yes"]));
    let gone = remote.run(&["users", "show", "bob@example.org"]);
    assert_eq!(code(&gone), Some(3), "{}", stdout(&gone));

    // Only the operator, on the machine of the installation, can allow a private address.
    let add = [
        "providers",
        "add",
        "local",
        "--base-url",
        &provider.base_url(),
    ];
    let refused = remote.run(&add);
    assert_eq!(code(&refused), Some(2), "{}", stderr(&refused));
    tokio::task::block_in_place(|| {
        ok(&site
            .installation
            .run_with_input(&[&add[..], &["--api-key-stdin"]].concat(), KEY));
    });
    // A command releases the lease of its check, so that the next check does not wait.
    for _ in 0..4 {
        assert_eq!(remote.json(&["providers", "test", "local"])["health"], "ok");
        tokio::task::block_in_place(|| {
            ok(&site.installation.run(&["providers", "test", "local"]));
        });
    }
    assert!(ok(&remote.run(&["providers", "list"])).contains("local"));
    ok(&remote.run(&["providers", "remove", "local"]));
    assert_eq!(code(&remote.run(&["providers", "test", "local"])), Some(3));

    let verified = ok(&remote.run(&["events", "verify"]));
    assert!(
        verified.contains("events in order, last hash"),
        "{verified}"
    );
    let rebuilt = ok(&remote.run(&["projections", "rebuild", "conversations"]));
    assert!(rebuilt.contains("rebuilt up to position"), "{rebuilt}");
    let listed = ok(&remote.run(&["projections", "list"]));
    assert!(
        listed.contains("conversations") && listed.contains("parked 0"),
        "{listed}"
    );
    assert_eq!(
        code(&remote.run(&["projections", "rebuild", "no/such view"])),
        Some(3)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn local_commands_are_refused_and_create_no_files() {
    let (mut remote, _site, _provider) = Remote::new().await;
    for arguments in [
        &["database", "status"][..],
        &["doctor"],
        &["serve"],
        &["events", "export"],
        &["chat", "--as", "ada@example.org", "Hello"],
    ] {
        let refused = remote.run(arguments);
        assert_eq!(
            code(&refused),
            Some(2),
            "{arguments:?}: {}",
            stderr(&refused)
        );
        assert!(
            stderr(&refused).contains("machine of the installation"),
            "{}",
            stderr(&refused)
        );
    }
    remote.token = "nonsense".to_owned();
    let denied = remote.run(&["users", "list"]);
    assert_eq!(code(&denied), Some(4), "{}", stderr(&denied));
    assert_eq!(std::fs::read_dir(remote.home.path()).unwrap().count(), 0);
}

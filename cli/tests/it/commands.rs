use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use crate::program::{Installation, ok, stderr, stdout};

#[test]
fn users_can_be_created_listed_and_changed() {
    let i = Installation::external();
    let create = |email: &str, role: &str, password: &str| {
        let words = [
            "users",
            "create",
            email,
            "--name",
            "N",
            "--role",
            role,
            "--password-stdin",
            "--json",
        ];
        i.run_with_input(&words, password)
    };
    assert!(
        ok(&create("ada@example.org", "admin", "correct horse\n")).contains("\"role\":\"admin\"")
    );
    assert_eq!(
        create("ADA@example.org", "user", "correct horse\n")
            .status
            .code(),
        Some(5)
    );
    assert_eq!(
        create("bob@example.org", "user", "short\n").status.code(),
        Some(2)
    );
    assert_eq!(
        create("bob", "user", "correct horse\n").status.code(),
        Some(2)
    );
    ok(&create("bob@example.org", "user", "correct horse\n"));
    assert_eq!(ok(&i.run(&["users", "list", "--json"])).lines().count(), 2);
    assert!(
        ok(&i.run(&["users", "update", "bob@example.org", "--role", "manager"]))
            .contains("manager")
    );
    assert!(ok(&i.run(&["users", "suspend", "bob@example.org"])).contains("suspended"));
    assert_eq!(
        i.run(&["users", "suspend", "bob@example.org"])
            .status
            .code(),
        Some(5)
    );
    assert!(ok(&i.run(&["users", "reactivate", "bob@example.org"])).contains("active"));
    assert_eq!(
        i.run(&["users", "suspend", "ada@example.org"])
            .status
            .code(),
        Some(5),
        "the last administrator"
    );
    assert_eq!(
        i.run(&["users", "show", "nobody@example.org"])
            .status
            .code(),
        Some(3)
    );
    ok(&i.run_with_input(
        &[
            "users",
            "set-password",
            "bob@example.org",
            "--password-stdin",
        ],
        "battery staple",
    ));
}

#[test]
fn another_program_verifies_the_exported_log() {
    let i = Installation::external();
    ok(&i.run(&["chat", "Where is my data stored?"]));
    let export = i.run(&["events", "export"]);
    let text = ok(&export);
    assert!(!text.contains("Where does my data"), "texts are sealed");
    let verifier = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/log-format/verify.py");
    let mut python = Command::new("python3")
        .arg(verifier)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut python.stdin.take().unwrap(), &export.stdout).unwrap();
    let theirs = ok(&python.wait_with_output().unwrap());
    assert_eq!(
        theirs,
        ok(&i.run(&["events", "verify"])),
        "both report the same number of events and the same hash"
    );

    let tampered = text.replacen(
        "\\\"role\\\":\\\"admin\\\"",
        "\\\"role\\\":\\\"guest\\\"",
        1,
    );
    assert_ne!(tampered, text);
    let mut python = Command::new("python3")
        .arg(verifier)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut python.stdin.take().unwrap(), tampered.as_bytes()).unwrap();
    let refused = python.wait_with_output().unwrap();
    assert!(!refused.status.success() && stderr(&refused).contains("was changed"));
}

#[test]
fn a_projection_can_be_rebuilt_while_the_server_is_running() {
    let i = Installation::external();
    let _server = i.serve();
    ok(&i.run(&["chat", "Where is my data stored?"]));
    let first = ok(&i.run(&["projections", "rebuild", "conversations"]));
    assert_eq!(
        ok(&i.run(&["projections", "rebuild", "conversations"])),
        first
    );
    assert!(ok(&i.run(&["projections", "list"])).contains("conversations  position"));
    let unknown = i.run(&["projections", "rebuild", "nothing"]);
    assert_eq!(unknown.status.code(), Some(3));
    assert!(stderr(&unknown).contains("conversations"));
}

#[test]
fn a_user_is_deleted_after_the_address_is_confirmed() {
    let i = Installation::external();
    i.create_admin("a long enough password");
    let create = [
        "users",
        "create",
        "bob@example.org",
        "--name",
        "Bob",
        "--password-stdin",
    ];
    ok(&i.run_with_input(&create, "a long enough password"));
    let other = i.run_with_input(&["users", "delete", "bob@example.org"], "yes\n");
    assert_eq!(other.status.code(), Some(2), "{}", stderr(&other));
    ok(&i.run_with_input(&["users", "delete", "bob@example.org"], "bob@example.org\n"));
    let gone = i.run(&["users", "show", "bob@example.org"]);
    assert_eq!(gone.status.code(), Some(3));
    assert!(ok(&i.run(&["users", "list"])).contains("[erased]"));
    let last = i.run(&["users", "delete", "ada@example.org", "--yes"]);
    assert_eq!(last.status.code(), Some(5), "{}", stderr(&last));
    assert!(ok(&i.run(&["events", "verify"])).contains("events in order"));
}

/// While the confirmation to delete an administrator is pending, other administrators can be changed.
#[test]
fn a_pending_confirmation_blocks_nobody() {
    let i = Installation::external();
    i.create_admin("a long enough password");
    for name in ["bob", "carol"] {
        let email = format!("{name}@example.org");
        let create = [
            "users",
            "create",
            &email,
            "--name",
            name,
            "--role",
            "admin",
            "--password-stdin",
        ];
        ok(&i.run_with_input(&create, "a long enough password"));
    }
    let mut delete = i.command(&["users", "delete", "bob@example.org"]);
    delete.stdin(Stdio::piped()).stderr(Stdio::piped());
    let mut delete = delete.spawn().unwrap();
    let mut messages = BufReader::new(delete.stderr.take().unwrap());
    let mut line = String::new();
    while !line.contains("to confirm") {
        line.clear();
        let length = messages.read_line(&mut line).unwrap();
        assert_ne!(length, 0, "it asks for confirmation");
    }
    assert!(ok(&i.run(&["users", "suspend", "carol@example.org"])).contains("suspended"));
    delete
        .stdin
        .take()
        .unwrap()
        .write_all(b"bob@example.org\n")
        .unwrap();
    assert!(delete.wait().unwrap().success());
    let last = i.run(&["users", "suspend", "ada@example.org"]);
    assert_eq!(last.status.code(), Some(5), "{}", stderr(&last));
}

#[test]
fn doctor_reports_healthy_and_broken_installations() {
    let i = Installation::external().with("CONVOSPHERE_BACKUP__EVERY_HOURS", "24");
    let stopped = ok(&i.run(&["doctor"]));
    assert!(
        stopped.contains("is stopped") && stopped.contains("database backup"),
        "{stopped}"
    );
    let server = i.serve();
    ok(&i.run(&["database", "backup"]));
    ok(&i.run(&["chat", "Where is my data stored?"]));
    let running = ok(&i.run(&["doctor", "--json"]));
    for line in running.lines() {
        let finding: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(finding["state"], "ok", "{line}");
    }
    assert!(
        running.contains("is ready") && running.contains("events in order"),
        "{running}"
    );
    drop(server);
    std::fs::remove_file(i.data_dir().join("master.key")).unwrap();
    let broken = i.run(&["doctor"]);
    assert_eq!(broken.status.code(), Some(1));
    assert!(
        stdout(&broken).contains("restore your copy"),
        "{}",
        stdout(&broken)
    );
}

#[test]
fn retrying_an_object_that_is_not_parked_fails() {
    let i = Installation::external();
    assert_eq!(ok(&i.run(&["projections", "parked", "users"])), "");
    let id = "01900000-0000-7000-8000-000000000000";
    let nothing = i.run(&["projections", "retry", "users", id]);
    assert_eq!(nothing.status.code(), Some(3), "{}", stderr(&nothing));
}

#[test]
fn all_configuration_errors_are_reported_together() {
    let i = Installation::external();
    std::fs::create_dir_all(i.data_dir()).unwrap();
    std::fs::write(
        i.data_dir().join("config.toml"),
        "[server]\nlistn = \"x\"\nregistration = \"perhaps\"\n",
    )
    .unwrap();
    let mut command = i.command(&["config", "check"]);
    let refused = command
        .env("CONVOSPHERE_RESPONDER__SLOTS", "0")
        .env("CONVOSPHERE_MODELS__EMBEDDING", "ada")
        .env("CONVOSPHERE_MODELS__RERANKING", "/grace")
        .output()
        .unwrap();
    assert_eq!(refused.status.code(), Some(2));
    for part in [
        "did you mean server.listen",
        "server.registration",
        "responder.slots",
        "models.embedding: \"ada\" is not PROVIDER/MODEL",
        "models.reranking: \"/grace\" is not PROVIDER/MODEL",
    ] {
        assert!(stderr(&refused).contains(part), "{}", stderr(&refused));
    }
    std::fs::write(
        i.data_dir().join("config.toml"),
        "[rate_limit]\nenabled = false\n",
    )
    .unwrap();
    let shown = ok(&i.run(&["config", "show", "--origin"]));
    assert!(
        shown.contains("rate_limit.enabled = false  (file "),
        "{shown}"
    );
    assert!(
        shown.contains("database.url = ***  (environment DATABASE_URL)"),
        "{shown}"
    );
}

#[test]
fn listening_on_all_interfaces_without_a_proxy_is_refused() {
    let i = Installation::external();
    let refused = i.run(&["serve", "--listen", "0.0.0.0:0"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(stderr(&refused).contains("127.0.0.1"));
}

#[test]
fn a_port_in_use_and_a_second_server_are_reported_in_one_line() {
    let i = Installation::external();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let refused = i.run(&["serve", "--listen", &address]);
    assert_eq!(refused.status.code(), Some(6));
    assert!(
        stderr(&refused).contains("already in use") && stderr(&refused).lines().count() == 1,
        "{}",
        stderr(&refused)
    );

    let server = i.serve();
    let second = i.run(&["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!(second.status.code(), Some(5));
    assert!(stderr(&second).contains("already running") && stderr(&second).lines().count() == 1);
    assert!(ok(&i.run(&["health"])).contains("is ready"));
    assert!(server.stop().success());
    assert_eq!(i.run(&["health"]).status.code(), Some(6));
}

#[test]
fn a_missing_or_foreign_master_key_is_never_replaced() {
    let i = Installation::external();
    ok(&i.run(&["database", "migrate"]));
    let key = i.data_dir().join("master.key");
    let kept = std::fs::read(&key).unwrap();
    std::fs::remove_file(&key).unwrap();
    let missing = i.run(&["database", "status"]);
    assert_eq!(missing.status.code(), Some(2));
    assert!(stderr(&missing).contains("restore your copy") && !key.exists());
    std::fs::write(&key, format!("{}\n", "A".repeat(43))).unwrap();
    let foreign = i.run(&["database", "status"]);
    assert_eq!(foreign.status.code(), Some(2));
    assert!(
        stderr(&foreign).contains("master key"),
        "{}",
        stderr(&foreign)
    );
    std::fs::write(&key, kept).unwrap();
    assert!(ok(&i.run(&["database", "status"])).contains("position  0"));
}

#[test]
fn commands_without_an_installation_create_none() {
    let i = Installation::external();
    assert!(ok(&i.run(&["version"])).starts_with("0."));
    assert!(ok(&i.run(&["completions", "bash"])).contains("_convosphere"));
    assert!(stdout(&i.run(&["openapi"])).contains("\"openapi\""));
    assert!(!i.data_dir().exists());
}

#[test]
fn concurrent_commands_write_one_hash_chain() {
    let i = Installation::external();
    let _server = i.serve();
    let create = |n: usize| {
        let email = format!("user{n}@example.org");
        let words = [
            "users",
            "create",
            email.as_str(),
            "--name",
            "N",
            "--password-stdin",
        ];
        ok(&i.run_with_input(&words, "correct horse"));
    };
    std::thread::scope(|scope| {
        for n in 0..6 {
            scope.spawn(move || create(n));
        }
        for _ in 0..3 {
            scope.spawn(|| ok(&i.run(&["chat", "What roles are there?"])));
        }
    });
    assert_eq!(ok(&i.run(&["users", "list", "--json"])).lines().count(), 7);
    assert!(ok(&i.run(&["events", "verify"])).contains("in order"));
}

#[test]
fn a_long_data_path_and_a_missing_locale_work() {
    let i = Installation::private();
    let long = i.data_dir().join("x".repeat(100)).join("y".repeat(60));
    let mut command = i.command_in(&long, &["chat", "Where is my data stored?"]);
    command
        .env("LANG", "de_DE.UTF-8")
        .env("LC_ALL", "de_DE.UTF-8");
    assert!(ok(&command.output().unwrap()).contains("All data is stored"));
}

#[test]
fn an_ordinary_user_can_run_the_program() {
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::CommandExt;
    let i = Installation::private();
    let mut command = i.command(&["chat", "Where is my data stored?"]);
    if local_postgres::service_identity().is_some() {
        // The tests run as root: run a copy that every user can execute, as the user nobody.
        let folder = i.data_dir().parent().unwrap().to_path_buf();
        std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o777)).unwrap();
        let copy = folder.join("convosphere");
        std::fs::copy(env!("CARGO_BIN_EXE_convosphere"), &copy).unwrap();
        let words: Vec<_> = command
            .get_args()
            .map(std::ffi::OsStr::to_os_string)
            .collect();
        command = Command::new(copy);
        command
            .args(words)
            .env_clear()
            .stdin(Stdio::null())
            .uid(65_534)
            .gid(65_534)
            .current_dir("/");
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    }
    assert!(ok(&command.output().unwrap()).contains("All data is stored"));
}

/// After root privileges are dropped, a folder that only root can access is reported with a remedy.
#[test]
fn a_data_folder_that_the_service_user_cannot_access_is_reported() {
    use std::os::unix::fs::PermissionsExt;
    let Some(identity) = local_postgres::service_identity() else {
        // Without root there is no separate service user.
        return;
    };
    let closed = tempfile::tempdir().unwrap();
    std::fs::set_permissions(closed.path(), std::fs::Permissions::from_mode(0o700)).unwrap();
    let data = closed.path().join("data");
    let output = Installation::private()
        .command_in(&data, &["serve", "--listen", "127.0.0.1:0"])
        .output()
        .unwrap();
    let message = stderr(&output);
    assert_eq!(output.status.code(), Some(2), "{message}");
    for part in [data.to_str().unwrap(), &identity.name, "--data-dir"] {
        assert!(message.contains(part), "{part}: {message}");
    }
}

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use crate::program::{Installation, ok, out, talk};

#[test]
fn users_are_made_shown_changed_and_refused() {
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
fn the_log_is_exported_and_verified_by_another_program() {
    let i = Installation::external();
    ok(&i.run(&["chat", "Where does my data lie?"]));
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
        "both count the same and end at the same hash"
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
    assert!(!refused.status.success() && talk(&refused).contains("was changed"));
}

#[test]
fn a_projection_is_rebuilt_with_the_server_running() {
    let i = Installation::external();
    let _server = i.serve();
    ok(&i.run(&["chat", "Where does my data lie?"]));
    let first = ok(&i.run(&["projections", "rebuild", "conversations"]));
    assert_eq!(
        ok(&i.run(&["projections", "rebuild", "conversations"])),
        first
    );
    assert!(ok(&i.run(&["projections", "list"])).contains("conversations  position"));
    let unknown = i.run(&["projections", "rebuild", "nothing"]);
    assert_eq!(unknown.status.code(), Some(3));
    assert!(talk(&unknown).contains("conversations"));
}

#[test]
fn a_user_is_erased_when_the_address_is_typed_once_more() {
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
    assert_eq!(other.status.code(), Some(2), "{}", talk(&other));
    ok(&i.run_with_input(&["users", "delete", "bob@example.org"], "bob@example.org\n"));
    let gone = i.run(&["users", "show", "bob@example.org"]);
    assert_eq!(gone.status.code(), Some(3));
    assert!(ok(&i.run(&["users", "list"])).contains("[erased]"));
    let last = i.run(&["users", "delete", "ada@example.org", "--yes"]);
    assert_eq!(last.status.code(), Some(5), "{}", talk(&last));
    assert!(ok(&i.run(&["events", "verify"])).contains("events in order"));
}

/// While somebody is asked whether to erase an administrator, others may still be changed.
#[test]
fn nobody_waits_for_who_is_asked_to_confirm() {
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
    let mut asked = i.command(&["users", "delete", "bob@example.org"]);
    asked.stdin(Stdio::piped()).stderr(Stdio::piped());
    let mut asked = asked.spawn().unwrap();
    let mut said = BufReader::new(asked.stderr.take().unwrap());
    let mut line = String::new();
    while !line.contains("to go on") {
        line.clear();
        assert_ne!(said.read_line(&mut line).unwrap(), 0, "it asks");
    }
    assert!(ok(&i.run(&["users", "suspend", "carol@example.org"])).contains("suspended"));
    asked
        .stdin
        .take()
        .unwrap()
        .write_all(b"bob@example.org\n")
        .unwrap();
    assert!(asked.wait().unwrap().success());
    let last = i.run(&["users", "suspend", "ada@example.org"]);
    assert_eq!(last.status.code(), Some(5), "{}", talk(&last));
}

#[test]
fn the_doctor_looks_at_a_whole_and_at_a_broken_installation() {
    let i = Installation::external().with("CONVOSPHERE_BACKUP__EVERY_HOURS", "24");
    let stopped = ok(&i.run(&["doctor"]));
    assert!(
        stopped.contains("is stopped") && stopped.contains("database backup"),
        "{stopped}"
    );
    let server = i.serve();
    ok(&i.run(&["database", "backup"]));
    ok(&i.run(&["chat", "Where does my data lie?"]));
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
        out(&broken).contains("the copy that you kept"),
        "{}",
        out(&broken)
    );
}

#[test]
fn what_no_view_waits_with_cannot_be_taken_again() {
    let i = Installation::external();
    assert_eq!(ok(&i.run(&["projections", "parked", "users"])), "");
    let id = "01900000-0000-7000-8000-000000000000";
    let nothing = i.run(&["projections", "retry", "users", id]);
    assert_eq!(nothing.status.code(), Some(3), "{}", talk(&nothing));
}

#[test]
fn every_fault_of_the_configuration_is_reported_at_once() {
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
        assert!(talk(&refused).contains(part), "{}", talk(&refused));
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
fn listening_beyond_the_machine_is_refused() {
    let i = Installation::external();
    let refused = i.run(&["serve", "--listen", "0.0.0.0:0"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(talk(&refused).contains("127.0.0.1"));
}

#[test]
fn a_port_that_is_taken_and_a_second_server_are_said_in_one_line() {
    let i = Installation::external();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let refused = i.run(&["serve", "--listen", &address]);
    assert_eq!(refused.status.code(), Some(6));
    assert!(
        talk(&refused).contains("is taken") && talk(&refused).lines().count() == 1,
        "{}",
        talk(&refused)
    );

    let server = i.serve();
    let second = i.run(&["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!(second.status.code(), Some(5));
    assert!(talk(&second).contains("running already") && talk(&second).lines().count() == 1);
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
    assert!(talk(&missing).contains("the copy that you kept") && !key.exists());
    std::fs::write(&key, format!("{}\n", "A".repeat(43))).unwrap();
    let foreign = i.run(&["database", "status"]);
    assert_eq!(foreign.status.code(), Some(2));
    assert!(talk(&foreign).contains("master key"), "{}", talk(&foreign));
    std::fs::write(&key, kept).unwrap();
    assert!(ok(&i.run(&["database", "status"])).contains("position  0"));
}

#[test]
fn what_needs_no_installation_touches_none() {
    let i = Installation::external();
    assert!(ok(&i.run(&["version"])).starts_with("0."));
    assert!(ok(&i.run(&["completions", "bash"])).contains("_convosphere"));
    assert!(out(&i.run(&["openapi"])).contains("\"openapi\""));
    assert!(!i.data_dir().exists());
}

#[test]
fn commands_of_several_processes_leave_one_chain() {
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
fn a_long_data_path_and_a_locale_that_is_not_generated_are_no_obstacle() {
    let i = Installation::private();
    let long = i.data_dir().join("x".repeat(100)).join("y".repeat(60));
    let mut command = i.command_in(&long, &["chat", "Where does my data lie?"]);
    command
        .env("LANG", "de_DE.UTF-8")
        .env("LC_ALL", "de_DE.UTF-8");
    assert!(ok(&command.output().unwrap()).contains("All data lies"));
}

#[test]
fn an_ordinary_user_needs_no_root() {
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::CommandExt;
    let i = Installation::private();
    let mut command = i.command(&["chat", "Where does my data lie?"]);
    if local_postgres::service_identity().is_some() {
        // The tests run as root: the program is copied to where anybody may start it, and started as nobody.
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
    assert!(ok(&command.output().unwrap()).contains("All data lies"));
}

/// Root is given up: what only root can reach is named, with the way out.
#[test]
fn a_data_folder_that_the_server_cannot_reach_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let Some(identity) = local_postgres::service_identity() else {
        // Who is no user of its own for the server cannot lock it out.
        return;
    };
    let closed = tempfile::tempdir().unwrap();
    std::fs::set_permissions(closed.path(), std::fs::Permissions::from_mode(0o700)).unwrap();
    let data = closed.path().join("data");
    let output = Installation::private()
        .command_in(&data, &["serve", "--listen", "127.0.0.1:0"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{said}");
    for part in [data.to_str().unwrap(), &identity.name, "--data-dir"] {
        assert!(said.contains(part), "{part}: {said}");
    }
}

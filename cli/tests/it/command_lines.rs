//! Runs every command on one installation, from its creation to a restore, and checks the output.

use std::path::Path;

use crate::program::{Installation, ok, stderr};

/// Stops the background server when the test ends.
struct Running<'a>(&'a Installation);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        let _ = self.0.run(&["services", "stop"]);
    }
}

/// Runs a command line; FILE is replaced by the newest backup.
fn run_line(i: &Installation, text: &str, input: &str) -> String {
    let expand = |word: &str| match word {
        "FILE" => newest(&i.data_dir().join("backups")),
        word => word.to_owned(),
    };
    let words: Vec<String> = text.split(' ').map(expand).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let output = i.run_with_input(&words, input);
    format!("{}{}", ok(&output), stderr(&output))
}

/// The newest backup of a folder.
fn newest(folder: &Path) -> String {
    let names = std::fs::read_dir(folder).unwrap().flatten();
    let archives = names.map(|entry| entry.path());
    let archives =
        archives.filter(|path| path.extension().is_some_and(|ending| ending == "backup"));
    archives.max().unwrap().display().to_string()
}

#[test]
fn every_command_prints_the_expected_output() {
    let i = Installation::private()
        .with("CONVOSPHERE_SERVER__LISTEN", "127.0.0.1:0")
        .with("CONVOSPHERE_ADMIN__LISTEN", "127.0.0.1:0");
    let running = Running(&i);
    let password = "correct horse\n";
    // Command line, standard input, expected output.
    let lines = [
        ("version", "", "0.1.0"),
        ("config init", "", "config.toml"),
        ("config check", "", "is valid"),
        ("config set log.keep_days 7", "", "is set in"),
        ("config show --origin", "", "log.keep_days = 7  (file"),
        ("database migrate", "", "up to date"),
        ("database status", "", "position  0"),
        (
            "users create ada@example.org --name Ada --role admin --password-stdin",
            password,
            "ada@example.org",
        ),
        (
            "users create bob@example.org --name Bob --password-stdin",
            password,
            "bob@example.org",
        ),
        ("users list", "", "bob@example.org"),
        ("users show bob@example.org", "", "Bob"),
        ("users update bob@example.org --role manager", "", "manager"),
        ("users update bob@example.org --name Robert", "", "Robert"),
        ("users suspend bob@example.org", "", "suspended"),
        ("users reactivate bob@example.org", "", "active"),
        (
            "users set-password bob@example.org --password-stdin",
            "another horse\n",
            "the password is set",
        ),
        ("services start", "", "running"),
        ("services status", "", "postgres"),
        ("health", "", "is ready"),
        ("chat data", "", "Where your data is stored"),
        ("providers list", "", ""),
        ("projections list", "", "conversations"),
        ("projections rebuild conversations", "", "conversations"),
        ("projections parked conversations", "", ""),
        ("projections digest conversations", "", ""),
        ("events verify", "", "15 events in order"),
        ("events export", "", "\"format\":1"),
        ("database backup", "", ".backup"),
        ("database verify FILE", "", "position  15"),
        ("services restart", "", "running"),
        ("services logs", "", "server"),
        ("logs --since 1h --level info", "", "INFO"),
        (
            "users delete bob@example.org --yes",
            "",
            "the user is erased",
        ),
        ("doctor", "", "ok"),
        ("openapi", "", "\"openapi\""),
        ("completions bash", "", "convosphere"),
        ("services stop", "", "stopped"),
        ("database restore --file FILE --replace", "", "position  15"),
        ("users list", "", "[erased]"),
    ];
    for (text, input, expected) in lines {
        let output = run_line(&i, text, input);
        assert!(
            output.contains(expected),
            "{text}: expected {expected:?}: {output}"
        );
    }
    drop(running);
}

//! The sandbox of the parsers denies every system call that could affect anything outside the process.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};

const EPERM: i32 = 1;

/// Runs all attempts in a folder with two files; returns their error numbers and the files that are left.
fn run_attempts(mode: &str) -> (BTreeMap<String, i32>, Vec<String>) {
    let folder = std::env::temp_dir().join(format!("attempts-{mode}-{}", std::process::id()));
    std::fs::create_dir(&folder).unwrap();
    for name in ["file", "other"] {
        std::fs::write(folder.join(name), "a secret").unwrap();
    }
    let output = command(mode, &folder).output().unwrap();
    let results = String::from_utf8(output.stdout).unwrap();
    assert!(
        output.status.success(),
        "{mode}: {results} {:?}",
        output.stderr
    );
    let mut left: Vec<String> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    left.sort();
    if std::fs::read_to_string(folder.join("file")).is_ok_and(|text| text == "a secret") {
        left.push("unchanged".to_owned());
    }
    std::fs::remove_dir_all(&folder).unwrap();
    let results = results.lines().map(|line| {
        let (name, errno) = line.rsplit_once(' ').unwrap();
        (name.to_owned(), errno.parse().unwrap())
    });
    (results.collect(), left)
}

/// A command that inherits two open descriptors.
fn command(mode: &str, folder: &Path) -> Command {
    let mut command = Command::new("sh");
    command
        .args(["-c", "exec \"$0\" \"$1\" \"$2\" 7</dev/zero 8>/dev/null"])
        .arg(env!("CARGO_BIN_EXE_attempts"))
        .arg(mode)
        .arg(folder)
        .stdin(Stdio::null());
    command
}

#[test]
fn the_sandbox_denies_every_call() {
    let (confined, left) = run_attempts("confined");
    assert!(confined.len() >= 60, "{confined:?}");
    let allowed: Vec<_> = confined
        .iter()
        .filter(|(_, errno)| **errno != EPERM)
        .collect();
    assert_eq!(allowed, Vec::<(&String, &i32)>::new());
    assert_eq!(left, ["file", "other", "unchanged"]);
    // Without the sandbox the kernel executes the same calls or refuses them for other reasons.
    let (free, left) = run_attempts("free");
    let refused = free.values().filter(|errno| **errno == EPERM).count();
    assert!(refused * 10 < free.len(), "{free:?}");
    for name in [
        "openat",
        "openat2",
        "mkdirat",
        "truncate",
        "memfd_create",
        "dup",
    ] {
        assert_eq!(free[name], 0, "{name}");
    }
    assert!(left.contains(&"folder".to_owned()), "{left:?}");
    assert!(!left.contains(&"unchanged".to_owned()), "{left:?}");
}

#[test]
fn the_sandbox_inherits_no_descriptors_and_starts_no_processes() {
    let mut command = command("waiting", Path::new("/"));
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    let proc = Path::new("/proc").join(child.id().to_string());
    let read = |name: &str| std::fs::read_to_string(proc.join(name)).unwrap();
    // Wait until the sandbox is active.
    let status = loop {
        let status = read("status");
        if status.contains("Seccomp:\t2") {
            break status;
        }
        assert!(child.try_wait().unwrap().is_none());
        std::thread::yield_now();
    };
    assert!(status.contains("NoNewPrivs:\t1"), "{status}");
    assert!(status.contains("Seccomp_filters:\t1"), "{status}");
    let open = std::fs::read_dir(proc.join("fd")).unwrap();
    let mut open: Vec<_> = open.map(|entry| entry.unwrap().file_name()).collect();
    open.sort();
    assert_eq!(open, ["0", "1", "2"]);
    let limits = read("limits");
    let limit = |name: &str| {
        let line = limits.lines().find(|line| line.starts_with(name)).unwrap();
        let mut numbers = line[name.len()..].split_whitespace();
        (
            numbers.next().unwrap().to_owned(),
            numbers.next().unwrap().to_owned(),
        )
    };
    let both = |number: &str| (number.to_owned(), number.to_owned());
    assert_eq!(limit("Max processes"), both("0"));
    assert_eq!(limit("Max open files"), both("3"));
    assert_eq!(limit("Max cpu time"), both("60"));
    assert_eq!(limit("Max data size"), both(&(1_u64 << 30).to_string()));
    drop(child.stdin.take());
    assert!(child.wait().unwrap().success());
}

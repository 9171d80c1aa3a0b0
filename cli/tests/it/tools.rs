//! What `make` fetches on a machine that has nothing: each tool after those that it comes by.

use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;

/// What the script itself needs of a machine.
const BARE: [&str; 5] = ["bash", "dirname", "env", "id", "cat"];

fn program(path: &Path, text: &str) {
    std::fs::write(path, text).unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

/// What is fetched, one after the other, on a machine that has some of the tools already.
fn fetched(asked: &str, there: &[&str]) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    for name in ["scripts", "bare", ".tools/bin", ".tools/postgres/bin"] {
        std::fs::create_dir_all(root.join(name)).unwrap();
    }
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scripts");
    std::fs::copy(
        scripts.join("ensure-tools"),
        root.join("scripts/ensure-tools"),
    )
    .unwrap();
    for name in BARE {
        let path = std::env::var_os("PATH").unwrap();
        let found = std::env::split_paths(&path)
            .map(|folder| folder.join(name))
            .find(|path| path.exists());
        symlink(found.unwrap(), root.join("bare").join(name)).unwrap();
    }
    program(
        &root.join(".tools/postgres/bin/postgres"),
        "#!/bin/sh\necho postgres 15.1\n",
    );
    program(&root.join(".tools/postgres/bin/initdb"), "#!/bin/sh\n");
    // Each leaves the program behind that is looked for; that of Node needs Python, as the real one does.
    for (name, left, needs) in [
        ("python", "python3", ""),
        ("node", "npm", "python3"),
        ("nats", "nats-server", ""),
    ] {
        let needed = if needs.is_empty() {
            String::new()
        } else {
            format!("command -v {needs} >/dev/null || exit 1\n")
        };
        let made = format!(
            "printf '#!/bin/sh\\nexit 0\\n' > .tools/bin/{left}; /bin/chmod 755 .tools/bin/{left}\n"
        );
        let also = if name == "node" {
            made.replace("bin/npm", "bin/node")
        } else {
            String::new()
        };
        program(
            &root.join(format!("scripts/fetch-{name}")),
            &format!("#!/bin/sh\n{needed}echo {name} >> fetched\n{made}{also}"),
        );
    }
    for name in there {
        program(&root.join("bare").join(name), "#!/bin/sh\nexit 0\n");
    }
    program(
        &root.join("bare/apt-get"),
        "#!/bin/sh\necho browser >> fetched\n",
    );
    let done = Command::new(root.join("scripts/ensure-tools"))
        .arg(asked)
        .env_clear()
        .env("PATH", root.join("bare"))
        .output()
        .unwrap();
    assert!(done.status.success(), "{asked}: {done:?}");
    let fetched = std::fs::read_to_string(root.join("fetched")).unwrap_or_default();
    let mut fetched: Vec<String> = fetched.lines().map(str::to_owned).collect();
    fetched.dedup();
    fetched
}

#[test]
fn on_a_bare_machine_each_tool_comes_after_what_it_needs() {
    assert_eq!(fetched("--run", &[]), ["python", "node"]);
    assert_eq!(fetched("--run", &["python3"]), ["node"]);
    assert_eq!(fetched("--run", &["npm", "node"]), Vec::<String>::new());
    assert_eq!(fetched("--check", &[]), ["python", "node", "nats"]);
    assert_eq!(fetched("--check", &["npm", "node"]), ["nats", "python"]);
}

#[test]
fn a_browser_is_installed_for_the_tests_alone() {
    if !rustix::process::geteuid().is_root() {
        return;
    }
    let all = ["npm", "node", "python3", "nats-server"];
    assert_eq!(fetched("--test", &all), ["browser"]);
    assert_eq!(fetched("--check", &all), Vec::<String>::new());
    assert_eq!(fetched("--run", &all), Vec::<String>::new());
}

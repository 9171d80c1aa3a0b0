//! The tools that `make` downloads on a bare machine, in the order of their dependencies.

use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;

/// The programs that the script itself needs.
const REQUIRED: [&str; 5] = ["bash", "dirname", "env", "id", "cat"];

fn program(path: &Path, text: &str) {
    std::fs::write(path, text).unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

/// The tools that the script downloads, in order, on a machine that has some tools already.
fn fetched(option: &str, installed: &[&str]) -> Vec<String> {
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
    for name in REQUIRED {
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
    // Each fake script installs a fake program; that of Node requires Python, as the real one does.
    for (name, installs, requires) in [
        ("python", &["python3"][..], ""),
        ("node", &["npm", "node"], "python3"),
        ("nats", &["nats-server"], ""),
    ] {
        let check = match requires {
            "" => String::new(),
            program => format!("command -v {program} >/dev/null || exit 1\n"),
        };
        let install = |program: &&str| {
            let path = format!(".tools/bin/{program}");
            format!("printf '#!/bin/sh\\nexit 0\\n' > {path}; /bin/chmod 755 {path}\n")
        };
        let install: String = installs.iter().map(install).collect();
        program(
            &root.join(format!("scripts/fetch-{name}")),
            &format!("#!/bin/sh\n{check}echo {name} >> fetched\n{install}"),
        );
    }
    for name in installed {
        program(&root.join("bare").join(name), "#!/bin/sh\nexit 0\n");
    }
    program(
        &root.join("bare/apt-get"),
        "#!/bin/sh\necho browser >> fetched\n",
    );
    let output = Command::new(root.join("scripts/ensure-tools"))
        .arg(option)
        .env_clear()
        .env("PATH", root.join("bare"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{option}: {output:?}");
    let fetched = std::fs::read_to_string(root.join("fetched")).unwrap_or_default();
    let mut fetched: Vec<String> = fetched.lines().map(str::to_owned).collect();
    fetched.dedup();
    fetched
}

#[test]
fn on_a_bare_machine_tools_are_fetched_after_their_dependencies() {
    assert_eq!(fetched("--run", &[]), ["python", "node"]);
    assert_eq!(fetched("--run", &["python3"]), ["node"]);
    assert_eq!(fetched("--run", &["npm", "node"]), Vec::<String>::new());
    assert_eq!(fetched("--check", &[]), ["python", "node", "nats"]);
    assert_eq!(fetched("--check", &["npm", "node"]), ["nats", "python"]);
}

#[test]
fn a_browser_is_installed_only_for_tests() {
    if !rustix::process::geteuid().is_root() {
        return;
    }
    let all = ["npm", "node", "python3", "nats-server"];
    assert_eq!(fetched("--test", &all), ["browser"]);
    assert_eq!(fetched("--check", &all), Vec::<String>::new());
    assert_eq!(fetched("--run", &all), Vec::<String>::new());
}

//! Running as root in a data folder that other users can write to: their links are not followed, their files are not
//! read with root privileges, and files of root keep their owner.

use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::program::{Installation, ok, stderr, stdout};

fn mode(path: &Path) -> u32 {
    path.metadata().unwrap().permissions().mode() & 0o777
}

fn set_mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

/// The user that root switches to; `None` unless the tests run as root.
fn service_user() -> Option<u32> {
    let identity = local_postgres::service_identity()?;
    Some(identity.uid)
}

/// Creates a data folder of the service user and a secret file of root, which that user tries to read or replace.
fn prepare_attack(i: &Installation, uid: u32) -> PathBuf {
    let data = i.data_dir();
    std::fs::create_dir(&data).unwrap();
    let secret = data.with_file_name("profile");
    std::fs::write(&secret, "# root's\n").unwrap();
    set_mode(&secret, 0o600);
    chown(&data, Some(uid), None).unwrap();
    secret
}

#[test]
fn a_setting_is_written_as_the_service_user_and_never_through_a_link() {
    let Some(uid) = service_user() else { return };
    let i = Installation::private();
    let secret = prepare_attack(&i, uid);
    let data = i.data_dir();
    for name in ["config.toml.new", "config.new", "config.toml.tmp", "other"] {
        symlink(&secret, data.join(name)).unwrap();
    }
    std::fs::hard_link(&secret, data.join("second-name")).unwrap();
    let theirs = "[log]\nlevel = \"$(id)\"\n";
    std::fs::write(data.join("config.toml"), theirs).unwrap();
    chown(data.join("config.toml"), Some(uid), None).unwrap();
    ok(&i.run(&["config", "set", "backup.keep", "8"]));
    let file = data.join("config.toml");
    assert_eq!((file.metadata().unwrap().uid(), mode(&file)), (uid, 0o600));
    assert!(std::fs::read_to_string(&file).unwrap().contains("keep = 8"));
    // The file of root keeps its contents and owner, despite the links to it.
    assert_eq!(std::fs::read_to_string(&secret).unwrap(), "# root's\n");
    assert_eq!(secret.metadata().unwrap().uid(), 0);
    // A link in place of the configuration file is not read with root privileges.
    std::fs::remove_file(&file).unwrap();
    symlink(&secret, &file).unwrap();
    let refused = i.run(&["config", "set", "backup.keep", "9"]);
    assert!(!refused.status.success());
    assert!(
        stderr(&refused).contains("Permission denied"),
        "{}",
        stderr(&refused)
    );
    for arguments in [
        &["config", "show"][..],
        &["config", "check"],
        &["config", "init"],
    ] {
        let refused = i.run(arguments);
        assert!(!refused.status.success(), "{arguments:?}");
        assert!(
            !(stdout(&refused) + &stderr(&refused)).contains("root's"),
            "{arguments:?}"
        );
    }
    assert_eq!(std::fs::read_to_string(&secret).unwrap(), "# root's\n");
}

#[test]
fn root_changes_a_configuration_file_outside_the_data_folder() {
    if service_user().is_none() {
        return;
    }
    let i = Installation::private();
    let folder = tempfile::Builder::new().tempdir_in("/root").unwrap();
    let file = folder.path().join("here.toml");
    let name = file.to_str().unwrap();
    ok(&i.run(&["config", "set", "backup.keep", "8", "--config", name]));
    assert_eq!((file.metadata().unwrap().uid(), mode(&file)), (0, 0o600));
    assert!(ok(&i.run(&["config", "show", "--config", name])).contains("backup.keep = 8"));
}

#[test]
fn permissions_of_other_users_are_removed_when_a_server_starts() {
    let i = Installation::private()
        .with("CONVOSPHERE_SERVER__LISTEN", "127.0.0.1:0")
        .with("CONVOSPHERE_ADMIN__LISTEN", "127.0.0.1:0");
    let data = i.data_dir();
    for folder in ["logs", "services"] {
        std::fs::create_dir_all(data.join(folder)).unwrap();
        set_mode(&data.join(folder), 0o755);
        let file = data.join(folder).join("server.out");
        std::fs::write(&file, "token=").unwrap();
        set_mode(&file, 0o644);
    }
    set_mode(&data, 0o755);
    if let Some(uid) = service_user() {
        for name in [
            "",
            "logs",
            "services",
            "logs/server.out",
            "services/server.out",
        ] {
            chown(data.join(name), Some(uid), None).unwrap();
        }
    }
    let started = i.run(&["services", "start"]);
    let stopped = i.run(&["services", "stop"]);
    ok(&started);
    ok(&stopped);
    assert!(
        stderr(&started).contains("was accessible to other users (mode 755)"),
        "{}",
        stderr(&started)
    );
    assert!(
        !stderr(&stopped).contains("was accessible"),
        "{}",
        stderr(&stopped)
    );
    let mut checked = 0;
    for folder in ["", "logs", "services"] {
        let folder = data.join(folder);
        assert_eq!(mode(&folder), 0o700, "{folder:?}");
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                checked += 1;
                assert_eq!(mode(&path) & 0o077, 0, "{path:?}");
            }
        }
    }
    assert!(checked > 3);
    assert!(
        std::fs::read_to_string(data.join("logs/server.out"))
            .unwrap()
            .contains("http")
    );
}

/// Relative paths are resolved before root privileges are dropped, which changes the working directory.
#[test]
fn relative_paths_are_relative_to_the_working_directory() {
    let i = Installation::external();
    i.create_admin("correct horse");
    let folder = i.data_dir().with_file_name("working-directory");
    std::fs::create_dir(&folder).unwrap();
    if let Some(uid) = service_user() {
        chown(&folder, Some(uid), None).unwrap();
    }
    let run = |arguments: &[&str]| {
        let mut command: Command = i.command(arguments);
        ok(&command.current_dir(&folder).output().unwrap())
    };
    run(&["database", "backup", "--to", "kept"]);
    let kept = std::fs::read_dir(folder.join("kept")).unwrap();
    let mut files: Vec<PathBuf> = kept.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| {
        std::fs::read(path)
            .unwrap()
            .starts_with(b"{\"convosphere_backup\"")
    });
    files.sort();
    let names = files
        .iter()
        .map(|path| format!("kept/{}", path.file_name().unwrap().display()));
    let archive = names.clone().find(|name| !name.contains("keys")).unwrap();
    run(&["database", "verify", &archive]);
    run(&["database", "restore", "--file", &archive, "--replace"]);
    run(&["config", "set", "backup.keep", "3", "--config", "own.toml"]);
    assert!(folder.join("own.toml").exists());
    assert!(run(&["config", "show", "--config", "own.toml"]).contains("backup.keep = 3"));
}

/// The data folder from the environment is the same before and after root privileges are dropped.
#[test]
fn the_data_folder_is_resolved_before_root_privileges_are_dropped() {
    let i = Installation::external();
    let folder = i.data_dir().with_file_name("folder");
    std::fs::create_dir(&folder).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_convosphere"));
    command
        .args(["users", "list"])
        .current_dir(&folder)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("DATABASE_URL", i.database_url())
        .env("CONVOSPHERE_DATA_DIR", "relative");
    ok(&command.output().unwrap());
    assert!(folder.join("relative/master.key").exists());
}

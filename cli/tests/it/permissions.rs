//! A data folder that others can reach, and a person who is root in it: nothing is read by others, nothing is written
//! where somebody else points to, and nothing is given away.

use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::program::{Installation, ok, out, talk};

fn mode(path: &Path) -> u32 {
    path.metadata().unwrap().permissions().mode() & 0o777
}

fn open_to_all(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

/// Whom root becomes, where the tests run as root: there everything that somebody else could plant is planted.
fn service_user() -> Option<u32> {
    let identity = local_postgres::service_identity()?;
    Some(identity.uid)
}

/// A data folder of the service's user, and a file of root's that it wants.
fn planted(i: &Installation, uid: u32) -> PathBuf {
    let data = i.data_dir();
    std::fs::create_dir(&data).unwrap();
    let secret = data.with_file_name("profile");
    std::fs::write(&secret, "# root's\n").unwrap();
    open_to_all(&secret, 0o600);
    chown(&data, Some(uid), None).unwrap();
    secret
}

#[test]
fn a_setting_is_written_by_the_service_user_and_through_no_link() {
    let Some(uid) = service_user() else { return };
    let i = Installation::private();
    let secret = planted(&i, uid);
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
    // What is root's stays root's, whatever it is called in that folder.
    assert_eq!(std::fs::read_to_string(&secret).unwrap(), "# root's\n");
    assert_eq!(secret.metadata().unwrap().uid(), 0);
    // In the place of the file itself: root does not read for somebody else.
    std::fs::remove_file(&file).unwrap();
    symlink(&secret, &file).unwrap();
    let refused = i.run(&["config", "set", "backup.keep", "9"]);
    assert!(!refused.status.success());
    assert!(
        talk(&refused).contains("Permission denied"),
        "{}",
        talk(&refused)
    );
    for asked in [
        &["config", "show"][..],
        &["config", "check"],
        &["config", "init"],
    ] {
        let refused = i.run(asked);
        assert!(!refused.status.success(), "{asked:?}");
        assert!(
            !(out(&refused) + &talk(&refused)).contains("root's"),
            "{asked:?}"
        );
    }
    assert_eq!(std::fs::read_to_string(&secret).unwrap(), "# root's\n");
}

#[test]
fn a_file_that_root_names_elsewhere_is_root_s_to_change() {
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
fn what_was_open_to_others_is_closed_when_a_server_starts() {
    let i = Installation::private()
        .with("CONVOSPHERE_SERVER__LISTEN", "127.0.0.1:0")
        .with("CONVOSPHERE_ADMIN__LISTEN", "127.0.0.1:0");
    let data = i.data_dir();
    for folder in ["logs", "services"] {
        std::fs::create_dir_all(data.join(folder)).unwrap();
        open_to_all(&data.join(folder), 0o755);
        let file = data.join(folder).join("server.out");
        std::fs::write(&file, "token=").unwrap();
        open_to_all(&file, 0o644);
    }
    open_to_all(&data, 0o755);
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
        talk(&started).contains("was open to others (mode 755)"),
        "{}",
        talk(&started)
    );
    assert!(!talk(&stopped).contains("was open"), "{}", talk(&stopped));
    let mut looked_at = 0;
    for folder in ["", "logs", "services"] {
        let folder = data.join(folder);
        assert_eq!(mode(&folder), 0o700, "{folder:?}");
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                looked_at += 1;
                assert_eq!(mode(&path) & 0o077, 0, "{path:?}");
            }
        }
    }
    assert!(looked_at > 3);
    assert!(
        std::fs::read_to_string(data.join("logs/server.out"))
            .unwrap()
            .contains("http")
    );
}

/// Where the person stands is made whole before root is given up and the working folder changes.
#[test]
fn a_relative_path_is_relative_to_where_the_person_stands() {
    let i = Installation::external();
    i.create_admin("correct horse");
    let folder = i.data_dir().with_file_name("stands-here");
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

/// Where the folder is named by the environment, relative to where the person stands, or not at all, it is the same one
/// before and after root is given up.
#[test]
fn the_data_folder_is_decided_before_root_is_given_up() {
    let i = Installation::external();
    let place = i.data_dir().with_file_name("place");
    std::fs::create_dir(&place).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_convosphere"));
    command
        .args(["users", "list"])
        .current_dir(&place)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("DATABASE_URL", i.database_url())
        .env("CONVOSPHERE_DATA_DIR", "relative");
    ok(&command.output().unwrap());
    assert!(place.join("relative/master.key").exists());
}

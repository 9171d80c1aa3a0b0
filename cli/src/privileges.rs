//! Giving up root: nothing of this program needs it, and `PostgreSQL` refuses it.

use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::Path;
use std::process::Command;

use local_postgres::{Identity, service_identity};
use rustix::fs::{Gid, Uid};

use crate::config::{Settings, fetched_binaries};
use crate::failure::Failure;

/// The name recorded for whoever started the program, before root was given up.
#[derive(Debug, Clone)]
pub struct OsUser(pub String);

/// Where server binaries are copied to when the service's user cannot reach them.
const COPIES: &str = "/var/lib/convosphere/postgres";

/// As root: makes the data folder, hands it to the service's user and becomes that user for good.
pub fn give_up_root(settings: &Settings) -> Result<OsUser, Failure> {
    let name = OsUser(local_postgres::current_user_name());
    let Some(identity) = service_identity() else {
        return Ok(name);
    };
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o755)
        .create(&settings.data_dir)
        .map_err(|error| Failure::Usage(format!("{}: {error}", settings.data_dir.display())))?;
    hand_over(&settings.data_dir, &identity)?;
    for folder in fetched_binaries() {
        make_reachable(&folder, &identity)?;
    }
    become_user(&identity)?;
    reachable(&settings.data_dir, &identity)?;
    Ok(name)
}

/// Gives the data folder and what lies directly in it to the service's user, where it is not its own yet.
fn hand_over(folder: &Path, identity: &Identity) -> Result<(), Failure> {
    let mut paths = vec![folder.to_path_buf()];
    for entry in std::fs::read_dir(folder)?.flatten() {
        paths.push(entry.path());
    }
    for path in paths {
        let metadata = path.symlink_metadata()?;
        if metadata.uid() == 0 {
            std::os::unix::fs::lchown(&path, Some(identity.uid), Some(identity.gid))?;
        }
    }
    Ok(())
}

/// Refuses a folder that its own user cannot get to, because one above it is closed.
fn reachable(folder: &Path, identity: &Identity) -> Result<(), Failure> {
    match std::fs::read_dir(folder) {
        Ok(_) => Ok(()),
        Err(error) => Err(Failure::Usage(format!(
            "{}: {error} for {}, as whom the server runs when it was started as root; let that user enter the folders \
             above it, or choose another --data-dir",
            folder.display(),
            identity.name
        ))),
    }
}

/// Copies fetched server binaries that the service's user could not start, as in a checkout below /root.
fn make_reachable(bin: &Path, identity: &Identity) -> Result<(), Failure> {
    use std::os::unix::process::CommandExt;
    if !bin.join("initdb").exists() {
        return Ok(());
    }
    let starts = Command::new(bin.join("postgres"))
        .arg("--version")
        .current_dir("/")
        .uid(identity.uid)
        .gid(identity.gid)
        .output()
        .is_ok_and(|output| output.status.success());
    let copies = Path::new(COPIES);
    if starts || copies.join("bin/initdb").exists() {
        return Ok(());
    }
    let source = bin.parent().unwrap_or(bin);
    std::fs::create_dir_all(copies)?;
    let copied = Command::new("cp")
        .arg("-a")
        .arg(source.join("."))
        .arg(copies)
        .status()
        .is_ok_and(|status| status.success());
    if copied {
        return Ok(());
    }
    Err(Failure::Unavailable(format!(
        "{} could not be copied to {COPIES}",
        source.display()
    )))
}

fn become_user(identity: &Identity) -> Result<(), Failure> {
    let (uid, gid) = (Uid::from_raw(identity.uid), Gid::from_raw(identity.gid));
    // The working folder may be one that the new user cannot enter.
    std::env::set_current_dir("/")?;
    rustix::thread::set_thread_groups(&[]).map_err(std::io::Error::from)?;
    rustix::thread::set_thread_res_gid(gid, gid, gid).map_err(std::io::Error::from)?;
    rustix::thread::set_thread_res_uid(uid, uid, uid).map_err(std::io::Error::from)?;
    if rustix::thread::set_thread_res_uid(Uid::ROOT, Uid::ROOT, Uid::ROOT).is_ok() {
        return Err(Failure::Denied("root could not be given up".to_owned()));
    }
    Ok(())
}

/// The folder of copied server binaries.
pub fn copied_binaries() -> std::path::PathBuf {
    Path::new(COPIES).join("bin")
}

//! Giving up root: nothing of this program needs it, and `PostgreSQL` refuses it.

use std::fs::Metadata;
use std::os::fd::OwnedFd;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::Command;

use local_postgres::{Identity, service_identity};
use rustix::fs::{AtFlags, FileType, Gid, Mode, OFlags, Uid};

use crate::arguments::{Arguments, Command as Asked, Config};
use crate::commands::services;
use crate::config::{Settings, data_dir, fetched_binaries, load};
use crate::failure::Failure;
use crate::{output, private, telemetry};

/// The name recorded for whoever started the program, before root was given up.
#[derive(Debug, Clone)]
pub struct OsUser(pub String);

/// Where server binaries are copied to when the service's user cannot reach them.
const COPIES: &str = "/var/lib/convosphere/postgres";

/// Gives up root where this process has it, closes the data folder to others, and reads the configuration: a file that is
/// named and lies elsewhere as whoever has named it, what lies in the data folder as the service's user.
pub fn give_up_root(arguments: &Arguments) -> Result<(Settings, OsUser), Failure> {
    let name = OsUser(local_postgres::current_user_name());
    let folder = data_dir(arguments);
    let named = arguments.config.as_ref();
    let before = match named.filter(|file| !file.starts_with(&folder)) {
        Some(_) => Some(load(arguments)?),
        None => None,
    };
    drop_root(&folder)?;
    // Whatever this process and those that it starts make from here on is for its user alone.
    rustix::process::umask(Mode::RWXU.complement());
    let inner = [telemetry::FOLDER, services::PIDS].map(|name| folder.join(name));
    for closed in private::close(&[&folder, &inner[0], &inner[1]]) {
        output::talk(&closed);
    }
    let settings = before.map_or_else(|| load(arguments), Ok)?;
    Ok((settings, name))
}

/// The same for what changes a configuration: root stays root only where root alone could have put the file there.
pub fn give_up_root_of(arguments: &Arguments) -> Result<(), Failure> {
    let named = arguments.config.as_ref().and_then(|file| file.parent());
    if named.is_some_and(|folder| !folder.starts_with(data_dir(arguments)) && is_roots(folder)) {
        return Ok(());
    }
    let folder = data_dir(arguments);
    match arguments.command {
        Asked::Config(Config::Init | Config::Set { .. }) => drop_root(&folder),
        // What only looks makes no folder.
        _ if folder.exists() => drop_root(&folder),
        _ => Ok(()),
    }
}

/// Whether nobody but root can put anything into a folder, or another one in its place.
fn is_roots(folder: &Path) -> bool {
    folder.ancestors().all(|folder| {
        let others = |metadata: Metadata| metadata.uid() == 0 && metadata.mode() & 0o022 == 0;
        folder.symlink_metadata().is_ok_and(others)
    })
}

/// As root: makes the data folder, hands it to the service's user and becomes that user for good.
fn drop_root(folder: &Path) -> Result<(), Failure> {
    let Some(identity) = service_identity() else {
        return Ok(());
    };
    private::make_folder(folder)
        .and_then(|()| hand_over(folder, &identity))
        .map_err(|error| Failure::Usage(format!("{}: {error}", folder.display())))?;
    for folder in fetched_binaries() {
        make_reachable(&folder, &identity)?;
    }
    become_user(&identity)?;
    reachable(folder, &identity)
}

/// Gives the data folder and what lies directly in it to the service's user, where it is root's. A file that has a second
/// name, or is none but a link, may be anybody's and stays as it is.
fn hand_over(folder: &Path, identity: &Identity) -> std::io::Result<()> {
    let look = OFlags::PATH | OFlags::CLOEXEC | OFlags::NOFOLLOW;
    let open = rustix::fs::open(
        folder.canonicalize()?,
        look | OFlags::DIRECTORY,
        Mode::empty(),
    )?;
    let give = |file: &OwnedFd| {
        let about = rustix::fs::fstat(file)?;
        let kind = FileType::from_raw_mode(about.st_mode);
        let is_own = kind.is_dir() || (kind.is_file() && about.st_nlink == 1);
        if about.st_uid != 0 || !is_own {
            return Ok(());
        }
        let (uid, gid) = (Uid::from_raw(identity.uid), Gid::from_raw(identity.gid));
        rustix::fs::chownat(file, "", Some(uid), Some(gid), AtFlags::EMPTY_PATH)
    };
    for entry in std::fs::read_dir(folder)?.flatten() {
        // By descriptor: what lies under the name may be exchanged meanwhile.
        match rustix::fs::openat(&open, entry.file_name(), look, Mode::empty()) {
            Ok(file) => give(&file)?,
            Err(rustix::io::Errno::NOENT) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(give(&open)?)
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

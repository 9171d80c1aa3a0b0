//! Drops root privileges: this program does not need them, and `PostgreSQL` refuses to run as root.

use std::fs::Metadata;
use std::os::fd::OwnedFd;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::Command;

use local_postgres::{Identity, service_identity};
use rustix::fs::{AtFlags, FileType, Gid, Mode, OFlags, Uid};

use crate::config::{Settings, fetched_binaries};
use crate::data_folder::PID_FOLDER;
use crate::failure::Failure;
use crate::flags::Flags;
use crate::{output, private_files, telemetry};

/// The user who started the program, before root privileges were dropped; recorded in events.
#[derive(Debug, Clone)]
pub struct OsUser(pub String);

/// Server binaries that the service user cannot access are copied here.
const COPIES: &str = "/var/lib/convosphere/postgres";

/// Drops root privileges, restricts access to the data folder and loads the configuration: a file outside the data folder
/// as the user who named it, a file inside as the service user.
pub fn drop_privileges(
    flags: &Flags,
    load: impl Fn() -> Result<Settings, Failure>,
) -> Result<(Settings, OsUser), Failure> {
    let name = OsUser(local_postgres::current_user_name());
    let folder = flags.data_dir();
    let config_file = flags.config.as_ref();
    let early_settings = match config_file.filter(|file| !file.starts_with(&folder)) {
        Some(_) => Some(load()?),
        None => None,
    };
    become_service_user(&folder)?;
    // Files that this process and its children create are private.
    rustix::process::umask(Mode::RWXU.complement());
    let inner = [telemetry::LOG_FOLDER, PID_FOLDER].map(|name| folder.join(name));
    for message in private_files::restrict(&[&folder, &inner[0], &inner[1]]) {
        output::print_message(&message);
    }
    let settings = early_settings.map_or_else(load, Ok)?;
    Ok((settings, name))
}

/// Drops root privileges for a `config` command, unless only root can write to the folder of the configuration file.
pub fn drop_privileges_for_config(flags: &Flags, writes: bool) -> Result<(), Failure> {
    let folder = flags.data_dir();
    let config_folder = flags.config.as_ref().and_then(|file| file.parent());
    if config_folder
        .is_some_and(|parent| !parent.starts_with(&folder) && is_writable_only_by_root(parent))
    {
        return Ok(());
    }
    // A command that only reads does not create the folder.
    match writes || folder.exists() {
        true => become_service_user(&folder),
        false => Ok(()),
    }
}

/// Whether only root can write to a folder or replace it.
fn is_writable_only_by_root(folder: &Path) -> bool {
    folder.ancestors().all(|folder| {
        let is_safe = |metadata: Metadata| metadata.uid() == 0 && metadata.mode() & 0o022 == 0;
        folder.symlink_metadata().is_ok_and(is_safe)
    })
}

/// As root: creates the data folder, gives it to the service user and permanently becomes that user.
fn become_service_user(folder: &Path) -> Result<(), Failure> {
    let Some(identity) = service_identity() else {
        return Ok(());
    };
    private_files::create_folder(folder)
        .and_then(|()| change_owner(folder, &identity))
        .map_err(|error| Failure::Usage(format!("{}: {error}", folder.display())))?;
    for folder in fetched_binaries() {
        copy_inaccessible_binaries(&folder, &identity)?;
    }
    set_user(&identity)?;
    check_access(folder, &identity)
}

/// Gives the data folder and its direct entries to the service user, if they belong to root. Links and files with several
/// names stay as they are, because they may refer to files elsewhere.
fn change_owner(folder: &Path, identity: &Identity) -> std::io::Result<()> {
    let flags = OFlags::PATH | OFlags::CLOEXEC | OFlags::NOFOLLOW;
    let open = rustix::fs::open(
        folder.canonicalize()?,
        flags | OFlags::DIRECTORY,
        Mode::empty(),
    )?;
    let change = |file: &OwnedFd| {
        let stat = rustix::fs::fstat(file)?;
        let kind = FileType::from_raw_mode(stat.st_mode);
        let has_one_name = kind.is_dir() || (kind.is_file() && stat.st_nlink == 1);
        if stat.st_uid != 0 || !has_one_name {
            return Ok(());
        }
        let (uid, gid) = (Uid::from_raw(identity.uid), Gid::from_raw(identity.gid));
        rustix::fs::chownat(file, "", Some(uid), Some(gid), AtFlags::EMPTY_PATH)
    };
    for entry in std::fs::read_dir(folder)?.flatten() {
        // By descriptor, because the name may be replaced at any time.
        match rustix::fs::openat(&open, entry.file_name(), flags, Mode::empty()) {
            Ok(file) => change(&file)?,
            Err(rustix::io::Errno::NOENT) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(change(&open)?)
}

/// Fails if the service user cannot access the folder, for example because of the permissions of a parent.
fn check_access(folder: &Path, identity: &Identity) -> Result<(), Failure> {
    match std::fs::read_dir(folder) {
        Ok(_) => Ok(()),
        Err(error) => Err(Failure::Usage(format!(
            "{}: {error} for the user {}, as which the server runs when started as root; give that user access to the \
             parent folders, or choose another --data-dir",
            folder.display(),
            identity.name
        ))),
    }
}

/// Copies downloaded server binaries that the service user cannot start, for example in a checkout below /root.
fn copy_inaccessible_binaries(bin: &Path, identity: &Identity) -> Result<(), Failure> {
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
        "cannot copy {} to {COPIES}; install PostgreSQL where every user can access it",
        source.display()
    )))
}

fn set_user(identity: &Identity) -> Result<(), Failure> {
    let (uid, gid) = (Uid::from_raw(identity.uid), Gid::from_raw(identity.gid));
    // The new user may not have access to the working directory.
    std::env::set_current_dir("/")?;
    rustix::thread::set_thread_groups(&[]).map_err(std::io::Error::from)?;
    rustix::thread::set_thread_res_gid(gid, gid, gid).map_err(std::io::Error::from)?;
    rustix::thread::set_thread_res_uid(uid, uid, uid).map_err(std::io::Error::from)?;
    if rustix::thread::set_thread_res_uid(Uid::ROOT, Uid::ROOT, Uid::ROOT).is_ok() {
        return Err(Failure::Denied("cannot drop root privileges".to_owned()));
    }
    Ok(())
}

/// The folder of the copied server binaries.
pub fn copied_binaries() -> std::path::PathBuf {
    Path::new(COPIES).join("bin")
}

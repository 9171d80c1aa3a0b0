//! The lifetime of a private cluster that several processes share.
//!
//! Every user holds a shared lock on `cluster.lock`; starting and stopping happen under `start.lock`. A user that then
//! gets `cluster.lock` exclusively is the last one and stops the server.

use std::os::fd::OwnedFd;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::process::Child;

use rustix::fs::{Gid, Mode, OFlags, Uid};

use crate::binaries::Binaries;
use crate::error::Error;
use crate::identity::Identity;
use crate::lock::FileLock;
use crate::server::{Server, running_sockets};

/// The longest socket path that all supported systems accept, without its terminator.
const SOCKET_PATH_MAX: usize = 103;
const SOCKET_FILE: &str = ".s.PGSQL.5432";

/// The location of the cluster and who runs it.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The folder that holds the cluster, its locks and its log.
    pub folder: PathBuf,
    /// Server binaries named by the operator.
    pub binaries: Option<PathBuf>,
    /// Folders to search before PATH.
    pub extra_binaries: Vec<PathBuf>,
    /// The user to start the server as, when this process is root and stays so.
    pub run_as: Option<Identity>,
    /// Further `-c name=value` settings of the server.
    pub settings: Vec<String>,
}

/// A running cluster that this process may use until it drops the value.
#[derive(Debug)]
pub struct Cluster {
    server: Server,
    start_lock: FileLock,
    cluster_lock: Option<FileLock>,
    child: Option<Child>,
}

impl Cluster {
    /// Opens the cluster in the folder: creates it if necessary, and starts it unless it is running.
    pub fn open(options: &Options) -> Result<Self, Error> {
        let folder = create_folder(&options.folder, options.run_as.as_ref())?;
        let start_lock = FileLock::open(&folder.join("start.lock"))?;
        start_lock.lock_exclusive()?;
        let cluster_lock = FileLock::open(&folder.join("cluster.lock"))?;
        cluster_lock.lock_shared()?;
        let data = folder.join("pgdata");
        let wanted = read_major(&data)?;
        let binaries = Binaries::find(
            options.binaries.as_deref(),
            &options.extra_binaries,
            wanted,
            &data,
        )?;
        let running = running_sockets(&data);
        let server = Server {
            sockets: socket_folder(&folder, running, options.run_as.as_ref())?,
            log: folder.join("postgres.log"),
            data,
            binaries,
            run_as: options.run_as.clone(),
            settings: options.settings.clone(),
        };
        if wanted.is_none() {
            server.initialise()?;
        }
        let child = if server.is_ready() {
            None
        } else {
            Some(server.start()?)
        };
        start_lock.unlock()?;
        Ok(Self {
            server,
            start_lock,
            cluster_lock: Some(cluster_lock),
            child,
        })
    }

    /// The folder of the unix socket.
    pub fn socket_folder(&self) -> &Path {
        &self.server.sockets
    }

    /// The path of a program of the server's installation; it may not exist.
    pub fn program(&self, name: &str) -> PathBuf {
        self.server.binaries.program(name)
    }

    /// The major of the server.
    pub fn major(&self) -> u32 {
        self.server.binaries.major
    }

    /// Restarts the server if it has died. Returns whether it had to.
    pub fn revive(&mut self) -> Result<bool, Error> {
        // A dead child looks alive in the process table until it is waited for.
        let died = self
            .child
            .as_mut()
            .is_some_and(|child| matches!(child.try_wait(), Ok(Some(_))));
        if !died && self.server.is_alive() {
            return Ok(false);
        }
        self.start_lock.lock_exclusive()?;
        let revived = self.start_again();
        self.start_lock.unlock()?;
        revived
    }

    fn start_again(&mut self) -> Result<bool, Error> {
        // Another user of the cluster may have restarted it already.
        if self.server.is_ready() {
            return Ok(false);
        }
        if let Some(mut dead) = self.child.take() {
            let _ = dead.kill();
            let _ = dead.wait();
        }
        self.child = Some(self.server.start()?);
        Ok(true)
    }

    fn close(&mut self) -> Result<(), Error> {
        let Some(cluster_lock) = self.cluster_lock.take() else {
            return Ok(());
        };
        self.start_lock.lock_exclusive()?;
        let is_last = cluster_lock.try_lock_exclusive().is_ok();
        if is_last {
            self.server.stop(self.child.as_mut())?;
        }
        Ok(())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Err(error) = self.close() {
            tracing::warn!(%error, "failed to stop the private PostgreSQL server; stop it by hand");
        }
    }
}

fn read_major(data: &Path) -> Result<Option<u32>, Error> {
    match std::fs::read_to_string(data.join("PG_VERSION")) {
        Ok(text) => Ok(text.trim().parse().ok()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::io(data)(error)),
    }
}

fn create_folder(folder: &Path, owner: Option<&Identity>) -> Result<PathBuf, Error> {
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .map_err(Error::io(folder))?;
    let folder = folder.canonicalize().map_err(Error::io(folder))?;
    change_owner(&folder, owner)?;
    Ok(folder)
}

/// Changes the owner of a folder; refuses a symbolic link.
fn change_owner(folder: &Path, owner: Option<&Identity>) -> Result<(), Error> {
    let Some(owner) = owner else {
        return Ok(());
    };
    let open = open_folder(folder)?;
    let (uid, gid) = (Uid::from_raw(owner.uid), Gid::from_raw(owner.gid));
    rustix::fs::fchown(&open, Some(uid), Some(gid)).map_err(|error| Error::io(folder)(error.into()))
}

/// Opens the folder, so that replacing its name later has no effect.
fn open_folder(folder: &Path) -> Result<OwnedFd, Error> {
    let flags = OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    rustix::fs::open(folder, flags, Mode::empty()).map_err(|error| Error::io(folder)(error.into()))
}

/// `<folder>/run`, or a short private folder below /tmp where that path would be too long for a socket. A running
/// server keeps its socket folder: an earlier version may have used another short name.
fn socket_folder(
    folder: &Path,
    running: Option<PathBuf>,
    owner: Option<&Identity>,
) -> Result<PathBuf, Error> {
    let near = folder.join("run");
    if near.as_os_str().len() + 1 + SOCKET_FILE.len() <= SOCKET_PATH_MAX {
        return create_folder(&near, owner);
    }
    let uid = owner.map_or_else(|| rustix::process::geteuid().as_raw(), |owner| owner.uid);
    let short = |name: &str| PathBuf::from(format!("/tmp/convosphere-{uid}-{name}"));
    let (all, own) = (short(""), short(&stable_name(folder)));
    let is_short = |path: &PathBuf| {
        path.parent() == own.parent()
            && path
                .as_os_str()
                .as_encoded_bytes()
                .starts_with(all.as_os_str().as_encoded_bytes())
    };
    if let Some(running) = running.filter(is_short)
        && running.join(SOCKET_FILE).exists()
        && private_folder(&running, uid, None).is_ok()
    {
        return Ok(running);
    }
    match std::fs::DirBuilder::new().mode(0o700).create(&own) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
            return Err(Error::io(&own)(error));
        }
        _ => {}
    }
    private_folder(&own, uid, owner)?;
    Ok(own)
}

/// /tmp is world-writable: a link or a folder of another user is refused. Checked and changed by descriptor, to avoid a
/// race.
fn private_folder(folder: &Path, uid: u32, owner: Option<&Identity>) -> Result<(), Error> {
    let foreign = || Error::ForeignFolder {
        path: folder.to_path_buf(),
    };
    let open = open_folder(folder).map_err(|_| foreign())?;
    let stat = rustix::fs::fstat(&open).map_err(|error| Error::io(folder)(error.into()))?;
    let own = rustix::process::geteuid().as_raw();
    if (stat.st_uid != uid && stat.st_uid != own) || stat.st_mode & 0o077 != 0 {
        return Err(foreign());
    }
    if let Some(owner) = owner {
        let (uid, gid) = (Uid::from_raw(owner.uid), Gid::from_raw(owner.gid));
        rustix::fs::fchown(&open, Some(uid), Some(gid))
            .map_err(|error| Error::io(folder)(error.into()))?;
    }
    Ok(())
}

/// The same for a folder in every version of the program (FNV-1a, 64 bits).
fn stable_name(folder: &Path) -> String {
    let bytes = folder.as_os_str().as_encoded_bytes().iter();
    let number = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |number, byte| {
        (number ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{number:016x}")
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

    use super::*;

    /// A folder whose path is too long for a socket below it.
    fn long_folder() -> (PathBuf, PathBuf) {
        let name = format!("{}-{}", "a".repeat(90), std::process::id());
        let folder = std::env::temp_dir().join(name);
        let uid = rustix::process::geteuid().as_raw();
        let short = format!("/tmp/convosphere-{uid}-{}", stable_name(&folder));
        (folder, PathBuf::from(short))
    }

    #[test]
    fn the_name_of_a_folder_is_the_same_in_every_version() {
        assert_eq!(stable_name(Path::new("")), "cbf29ce484222325");
        assert_eq!(stable_name(Path::new("a")), "af63dc4c8601ec8c");
        assert_eq!(stable_name(Path::new("foobar")), "85944171f73967e8");
    }

    #[test]
    fn a_short_folder_that_is_a_link_or_accessible_to_others_is_refused() {
        let (folder, short) = long_folder();
        let other = std::env::temp_dir().join(format!("other-{}", std::process::id()));
        std::fs::create_dir(&other).unwrap();
        std::fs::set_permissions(&other, std::fs::Permissions::from_mode(0o700)).unwrap();
        symlink(&other, &short).unwrap();
        let somebody = Identity {
            name: "somebody".to_owned(),
            uid: rustix::process::geteuid().as_raw(),
            gid: 65_534,
        };
        let refused = socket_folder(&folder, None, Some(&somebody));
        assert!(
            matches!(refused, Err(Error::ForeignFolder { .. })),
            "{refused:?}"
        );
        assert_ne!(other.metadata().unwrap().gid(), 65_534);
        std::fs::remove_file(&short).unwrap();
        std::fs::create_dir(&short).unwrap();
        std::fs::set_permissions(&short, std::fs::Permissions::from_mode(0o755)).unwrap();
        assert!(socket_folder(&folder, None, None).is_err());
        std::fs::remove_dir(&short).unwrap();
        assert_eq!(socket_folder(&folder, None, None).unwrap(), short);
        // A server started by an earlier version keeps its socket.
        let uid = rustix::process::geteuid().as_raw();
        let former = PathBuf::from(format!(
            "/tmp/convosphere-{uid}-former-{}",
            std::process::id()
        ));
        std::fs::DirBuilder::new()
            .mode(0o700)
            .create(&former)
            .unwrap();
        let found = || socket_folder(&folder, Some(former.clone()), None).unwrap();
        assert_eq!(found(), short);
        std::fs::write(former.join(SOCKET_FILE), "").unwrap();
        assert_eq!(found(), former);
        for folder in [&former, &short, &other] {
            std::fs::remove_dir_all(folder).unwrap();
        }
    }
}

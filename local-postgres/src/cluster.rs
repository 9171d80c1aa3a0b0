//! The lifetime of a private cluster that several processes share.
//!
//! Every user holds a shared lock on `cluster.lock`; starting and stopping happen under `start.lock`; who then gets
//! `cluster.lock` exclusively was the last one, and stops the server.

use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::Child;

use crate::binaries::Binaries;
use crate::error::Error;
use crate::identity::Identity;
use crate::lock::Lock;
use crate::server::Server;

/// The longest socket path that every supported system takes, without its terminator.
const SOCKET_PATH_MAX: usize = 103;
const SOCKET_FILE: &str = ".s.PGSQL.5432";

/// Where the cluster lies and who runs it.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The folder that holds the cluster, its locks and its log.
    pub folder: PathBuf,
    /// Server binaries named by the operator.
    pub binaries: Option<PathBuf>,
    /// Folders to look into before PATH.
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
    start_lock: Lock,
    cluster_lock: Option<Lock>,
    child: Option<Child>,
}

impl Cluster {
    /// Uses the cluster in the folder: makes it where there is none, starts it or adopts the one that runs.
    pub fn open(options: &Options) -> Result<Self, Error> {
        let folder = make_folder(&options.folder, options.run_as.as_ref())?;
        let start_lock = Lock::open(&folder.join("start.lock"))?;
        start_lock.exclusive()?;
        let cluster_lock = Lock::open(&folder.join("cluster.lock"))?;
        cluster_lock.shared()?;
        let data = folder.join("pgdata");
        let wanted = read_major(&data)?;
        let binaries = Binaries::find(
            options.binaries.as_deref(),
            &options.extra_binaries,
            wanted,
            &data,
        )?;
        let server = Server {
            sockets: socket_folder(&folder, options.run_as.as_ref())?,
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
        start_lock.release()?;
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

    /// A program that came with the server; it need not be there.
    pub fn program(&self, name: &str) -> PathBuf {
        self.server.binaries.program(name)
    }

    /// The major of the server.
    pub fn major(&self) -> u32 {
        self.server.binaries.major
    }

    /// Starts the server again where it has died under its users; tells whether it had to.
    pub fn revive(&mut self) -> Result<bool, Error> {
        // A child that has died stays in the process table until it is waited for, and looks alive from there.
        let died = self
            .child
            .as_mut()
            .is_some_and(|child| matches!(child.try_wait(), Ok(Some(_))));
        if !died && self.server.is_alive() {
            return Ok(false);
        }
        self.start_lock.exclusive()?;
        let revived = self.start_again();
        self.start_lock.release()?;
        revived
    }

    fn start_again(&mut self) -> Result<bool, Error> {
        // Another user of the cluster may have been quicker.
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
        let Some(held) = self.cluster_lock.take() else {
            return Ok(());
        };
        self.start_lock.exclusive()?;
        let last = held.try_exclusive().is_ok();
        if last {
            self.server.stop(self.child.as_mut())?;
        }
        Ok(())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Err(error) = self.close() {
            tracing::warn!(%error, "the private PostgreSQL could not be stopped");
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

fn make_folder(folder: &Path, owner: Option<&Identity>) -> Result<PathBuf, Error> {
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .map_err(Error::io(folder))?;
    give(folder, owner)?;
    folder.canonicalize().map_err(Error::io(folder))
}

fn give(path: &Path, owner: Option<&Identity>) -> Result<(), Error> {
    if let Some(owner) = owner {
        std::os::unix::fs::chown(path, Some(owner.uid), Some(owner.gid))
            .map_err(Error::io(path))?;
    }
    Ok(())
}

/// `<folder>/run`, or a short private folder below /tmp where that path would be too long for a socket.
fn socket_folder(folder: &Path, owner: Option<&Identity>) -> Result<PathBuf, Error> {
    let near = folder.join("run");
    if near.as_os_str().len() + 1 + SOCKET_FILE.len() <= SOCKET_PATH_MAX {
        return make_folder(&near, owner);
    }
    let uid = owner.map_or_else(|| rustix::process::geteuid().as_raw(), |owner| owner.uid);
    let mut name = std::hash::DefaultHasher::new();
    std::hash::Hash::hash(folder, &mut name);
    let number = std::hash::Hasher::finish(&name);
    let short = PathBuf::from(format!("/tmp/convosphere-{uid}-{number:016x}"));
    let made = make_folder(&short, owner)?;
    // /tmp is everybody's: a folder that somebody else put there first is not ours to use.
    let metadata = made.symlink_metadata().map_err(Error::io(&made))?;
    if metadata.uid() != uid || metadata.permissions().mode() & 0o077 != 0 {
        return Err(Error::ForeignFolder { path: made });
    }
    Ok(made)
}

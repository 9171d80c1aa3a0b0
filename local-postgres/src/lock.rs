//! Advisory file locks that the kernel releases when their holder dies.

use std::fs::File;
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};

use crate::error::Error;

/// An open lock file; dropping it releases the lock.
#[derive(Debug)]
pub struct FileLock {
    file: File,
    path: PathBuf,
}

impl FileLock {
    /// Opens the lock file, creating it if missing, without locking it.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(Error::io(path))?;
        Ok(Self {
            file,
            path: path.to_path_buf(),
        })
    }

    /// Waits for the exclusive lock.
    pub fn lock_exclusive(&self) -> Result<(), Error> {
        self.apply(FlockOperation::LockExclusive)
    }

    /// Waits for the shared lock.
    pub fn lock_shared(&self) -> Result<(), Error> {
        self.apply(FlockOperation::LockShared)
    }

    /// Takes the exclusive lock; fails at once if another process holds any lock.
    pub fn try_lock_exclusive(&self) -> Result<(), Error> {
        match flock(&self.file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(()),
            Err(rustix::io::Errno::WOULDBLOCK) => Err(Error::Held {
                path: self.path.clone(),
            }),
            Err(errno) => Err(Error::io(&self.path)(errno.into())),
        }
    }

    /// Releases the lock and keeps the file open.
    pub fn unlock(&self) -> Result<(), Error> {
        self.apply(FlockOperation::Unlock)
    }

    fn apply(&self, operation: FlockOperation) -> Result<(), Error> {
        loop {
            match flock(&self.file, operation) {
                Ok(()) => return Ok(()),
                Err(rustix::io::Errno::INTR) => {}
                Err(errno) => return Err(Error::io(&self.path)(errno.into())),
            }
        }
    }
}

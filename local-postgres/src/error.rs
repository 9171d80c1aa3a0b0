//! Errors of a private cluster; each message includes the remedy.

use std::path::PathBuf;

/// Why a private cluster cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(
        "no PostgreSQL server (major 15 to 18) was found; install one (Debian: `apt-get install postgresql`), run `make run` once, or name its folder with --postgres-bin"
    )]
    NoBinaries,
    #[error(
        "the data in {path} was written by PostgreSQL {major}, and no server of that major was found; install it or name its folder with --postgres-bin"
    )]
    WrongMajor { path: PathBuf, major: u32 },
    #[error("{path}: {source}")]
    Io {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("{command} failed: {detail}")]
    Command { command: String, detail: String },
    #[error("PostgreSQL did not become ready within {seconds} s; the end of {log} says: {detail}")]
    NotReady {
        seconds: u64,
        log: PathBuf,
        detail: String,
    },
    #[error("{path} is held by another process")]
    Held { path: PathBuf },
    #[error("{path} belongs to another user; remove it or choose another --data-dir")]
    ForeignFolder { path: PathBuf },
}

impl Error {
    pub(crate) fn io(path: &std::path::Path) -> impl FnOnce(std::io::Error) -> Self + use<> {
        let path = path.to_path_buf();
        move |source| Self::Io { path, source }
    }
}

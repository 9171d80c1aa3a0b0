//! The options that every command has.

use std::path::{Path, PathBuf};

use clap::Args;

/// The target of `database copy`, as an alternative to the command line.
pub const COPY_TO: &str = "CONVOSPHERE_COPY_TO";
/// The access token of a remote server.
pub const TOKEN: &str = "CONVOSPHERE_TOKEN";

#[derive(Debug, Args)]
pub struct Flags {
    /// The folder that contains all data.
    #[arg(long, global = true, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// The configuration file; by default config.toml in the data folder, if it exists.
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The folder that contains the PostgreSQL server programs.
    #[arg(long, global = true, value_name = "DIR")]
    pub postgres_bin: Option<PathBuf>,
    /// The URL of a remote server, such as <https://chat.example.org>, to use instead of the local installation.
    #[arg(long, global = true, value_name = "URL", conflicts_with_all = ["data_dir", "config", "postgres_bin"])]
    pub url: Option<String>,
    /// An access token for the remote server; prefer the environment, so that it does not appear in process lists.
    #[arg(long, global = true, env = TOKEN, hide_env_values = true)]
    pub token: Option<String>,
    /// Prints data as JSON.
    #[arg(long, global = true)]
    pub json: bool,
    /// The data folder, resolved before root privileges are dropped: its default depends on the user.
    #[arg(skip)]
    resolved_data_dir: Option<PathBuf>,
}

impl Flags {
    /// Makes all paths absolute: the working directory changes when root privileges are dropped.
    pub fn make_paths_absolute(&mut self) {
        let paths = [&mut self.data_dir, &mut self.config, &mut self.postgres_bin];
        paths.into_iter().flatten().for_each(make_absolute);
        self.resolved_data_dir = Some(self.data_dir());
    }

    /// The data folder: the flag, else the environment variable, else a default that depends on the user.
    pub fn data_dir(&self) -> PathBuf {
        if let Some(resolved) = &self.resolved_data_dir {
            return resolved.clone();
        }
        let configured = self
            .data_dir
            .clone()
            .or_else(|| std::env::var_os("CONVOSPHERE_DATA_DIR").map(PathBuf::from));
        let folder = configured.unwrap_or_else(|| {
            if rustix::process::geteuid().is_root() {
                return PathBuf::from("/var/lib/convosphere");
            }
            let home = || PathBuf::from(std::env::var_os("HOME").unwrap_or_else(|| "/".into()));
            std::env::var_os("XDG_DATA_HOME")
                .map_or_else(|| home().join(".local/share"), PathBuf::from)
                .join("convosphere")
        });
        absolute(&folder).unwrap_or(folder)
    }
}

/// Makes a path absolute, if the working directory is known.
pub fn make_absolute(path: &mut PathBuf) {
    if let Some(absolute) = absolute(path) {
        *path = absolute;
    }
}

fn absolute(path: &Path) -> Option<PathBuf> {
    std::path::absolute(path).ok()
}

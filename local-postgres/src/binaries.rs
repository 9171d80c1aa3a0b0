//! Finds server binaries of a supported major.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::Error;

/// The majors that the product is tested against.
pub const SUPPORTED_MAJORS: std::ops::RangeInclusive<u32> = 15..=18;

/// A folder with `initdb` and `postgres` of one major.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binaries {
    pub folder: PathBuf,
    pub major: u32,
}

impl Binaries {
    /// The first usable folder; with `wanted`, the first of that major.
    ///
    /// Order: the one named by the caller, the given extra folders, PATH, then where distributions put them.
    pub fn find(
        named: Option<&Path>,
        extra: &[PathBuf],
        wanted: Option<u32>,
        data: &Path,
    ) -> Result<Self, Error> {
        let candidates = match named {
            Some(folder) => vec![folder.to_path_buf()],
            None => extra.iter().cloned().chain(well_known_folders()).collect(),
        };
        let mut found_any = false;
        for folder in candidates {
            let Some(major) = probe_major(&folder) else {
                continue;
            };
            let is_supported = SUPPORTED_MAJORS.contains(&major);
            found_any |= is_supported;
            if wanted.map_or(is_supported, |wanted| wanted == major) {
                return Ok(Self { folder, major });
            }
        }
        match wanted {
            Some(major) if found_any || named.is_some() => Err(Error::WrongMajor {
                path: data.to_path_buf(),
                major,
            }),
            _ => Err(Error::NoBinaries),
        }
    }

    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

fn well_known_folders() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = std::env::var_os("PATH")
        .map(|path| std::env::split_paths(&path).collect())
        .unwrap_or_default();
    folders.extend(versioned_folders("/usr/lib/postgresql", "", "bin"));
    folders.extend(versioned_folders("/usr", "pgsql-", "bin"));
    folders.extend(versioned_folders("/opt/homebrew/opt", "postgresql@", "bin"));
    folders.extend(versioned_folders("/usr/local/opt", "postgresql@", "bin"));
    folders.extend(versioned_folders(
        "/Applications/Postgres.app/Contents/Versions",
        "",
        "bin",
    ));
    folders
}

/// `<base>/<prefix><number>/<leaf>` for every number there is, newest first.
fn versioned_folders(base: &str, prefix: &str, leaf: &str) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(base) else {
        return Vec::new();
    };
    let mut found: Vec<(u32, PathBuf)> = entries
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let number = name.strip_prefix(prefix)?.parse().ok()?;
            Some((number, entry.path().join(leaf)))
        })
        .collect();
    found.sort_by_key(|(number, _)| std::cmp::Reverse(*number));
    found.into_iter().map(|(_, path)| path).collect()
}

/// The major of the server in a folder, where both programs are there and start.
fn probe_major(folder: &Path) -> Option<u32> {
    if !folder.join("initdb").exists() {
        return None;
    }
    let output = Command::new(folder.join("postgres"))
        .arg("--version")
        .output()
        .ok()?;
    parse_major(&String::from_utf8_lossy(&output.stdout))
}

fn parse_major(version: &str) -> Option<u32> {
    let number = version.split_whitespace().nth(2)?;
    let digits: String = number.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_line_yields_its_major() {
        assert_eq!(
            parse_major("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n"),
            Some(15)
        );
        assert_eq!(parse_major("postgres (PostgreSQL) 18beta1"), Some(18));
        assert_eq!(parse_major("something else"), None);
    }

    #[test]
    fn an_empty_named_folder_is_refused_in_one_line() {
        let refused = Binaries::find(Some(Path::new("/nowhere")), &[], None, Path::new("/data"));
        let text = refused.unwrap_err().to_string();
        assert!(text.contains("--postgres-bin"), "{text}");
        assert_eq!(text.lines().count(), 1);
    }
}

//! Files that nobody but the installation's own user may read, and that nobody can redirect: the folders that they lie in
//! may belong to somebody else than the one who writes.

use std::fs::{DirBuilder, File, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use uuid::Uuid;

/// What a folder and a file may be for others: nothing.
const FOLDER: u32 = 0o700;
const FILE: u32 = 0o600;
const OTHERS: u32 = 0o077;

/// Makes a folder, and those above it as usual. One that is there stays as it is.
pub fn make_folder(folder: &Path) -> io::Result<()> {
    if let Some(above) = folder.parent() {
        std::fs::create_dir_all(above)?;
    }
    match DirBuilder::new().mode(FOLDER).create(folder) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && folder.is_dir() => Ok(()),
        made => made,
    }
}

/// Writes a file under another name, which nobody can guess and which is no link, and then puts it in its place: a link
/// that lies there is replaced and never followed.
pub fn write(path: &Path, text: &str) -> io::Result<()> {
    let aside = write_aside(path, text)?;
    std::fs::rename(&aside, path).inspect_err(|_| drop(std::fs::remove_file(&aside)))
}

/// Writes the file beside its place alone; tells where.
pub fn write_aside(path: &Path, text: &str) -> io::Result<PathBuf> {
    let aside = path.with_added_extension(format!("new-{}", Uuid::new_v4().simple()));
    let mut file = make(&aside)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    Ok(aside)
}

/// Makes a file where there is none: neither a file nor a link.
pub fn make(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.write(true).create_new(true).mode(FILE).open(path)
}

/// Makes a file in the place of whatever is there.
pub fn make_again(path: &Path) -> io::Result<File> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    make(path)
}

/// Closes folders of this user, and the files that lie in them, to everybody else; tells what was open. What is not there,
/// or not this user's, stays as it is.
pub fn close(folders: &[&Path]) -> Vec<String> {
    let mut closed = Vec::new();
    for folder in folders {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        closed.extend(close_one(folder, FOLDER));
        for entry in entries {
            if entry.file_type().is_ok_and(|kind| kind.is_file()) {
                closed.extend(close_one(&entry.path(), FILE));
            }
        }
    }
    closed
}

fn close_one(path: &Path, mode: u32) -> Option<String> {
    let metadata = path.symlink_metadata().ok()?;
    let own = metadata.uid() == rustix::process::geteuid().as_raw();
    if !own || metadata.is_symlink() || metadata.mode() & OTHERS == 0 {
        return None;
    }
    // A program stays one.
    let own = metadata.mode() & 0o700;
    std::fs::set_permissions(path, Permissions::from_mode(mode | own)).ok()?;
    let before = metadata.mode() & 0o777;
    Some(format!(
        "{} was open to others (mode {before:03o}) and is closed to them now",
        path.display()
    ))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn nothing_is_written_through_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let (target, link) = (folder.path().join("target"), folder.path().join("link"));
        for target_is_there in [true, false] {
            match target_is_there {
                true => std::fs::write(&target, "before").unwrap(),
                false => std::fs::remove_file(&target).unwrap(),
            }
            symlink(&target, &link).unwrap();
            assert!(make(&link).is_err());
            write(&link, "secret").unwrap();
            assert_eq!(std::fs::read_to_string(&link).unwrap(), "secret");
            assert_eq!(link.metadata().unwrap().mode() & 0o777, 0o600);
            std::fs::remove_file(&link).unwrap();
            symlink(&target, &link).unwrap();
            make_again(&link).unwrap();
            assert!(!link.symlink_metadata().unwrap().is_symlink());
            std::fs::remove_file(&link).unwrap();
            assert_eq!(target.exists(), target_is_there);
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn what_is_open_is_closed_and_named() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("logs");
        make_folder(&inner).unwrap();
        assert_eq!(inner.metadata().unwrap().mode() & 0o777, 0o700);
        std::fs::set_permissions(&inner, Permissions::from_mode(0o755)).unwrap();
        let file = inner.join("server.out");
        std::fs::write(&file, "token").unwrap();
        std::fs::set_permissions(&file, Permissions::from_mode(0o644)).unwrap();
        let elsewhere = folder.path().join("elsewhere");
        std::fs::write(&elsewhere, "").unwrap();
        std::fs::set_permissions(&elsewhere, Permissions::from_mode(0o644)).unwrap();
        symlink(&elsewhere, inner.join("link")).unwrap();
        let closed = close(&[&inner, &folder.path().join("none")]);
        assert_eq!(closed.len(), 2, "{closed:?}");
        assert!(closed[0].contains("(mode 755)") && closed[1].contains("(mode 644)"));
        assert_eq!(inner.metadata().unwrap().mode() & 0o777, 0o700);
        assert_eq!(file.metadata().unwrap().mode() & 0o777, 0o600);
        assert_eq!(elsewhere.metadata().unwrap().mode() & 0o777, 0o644);
        assert!(close(&[&inner]).is_empty());
    }
}

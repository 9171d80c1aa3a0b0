//! Files that only the user of the installation may read. Writing them never follows a link, because the folder may
//! belong to a user other than the one who writes.

use std::fs::{DirBuilder, File, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

const FOLDER_MODE: u32 = 0o700;
const FILE_MODE: u32 = 0o600;
/// Permissions of everybody but the owner.
const OTHERS: u32 = 0o077;

/// Creates a private folder, and its parents with their usual mode. Leaves an existing folder as it is.
pub fn create_folder(folder: &Path) -> io::Result<()> {
    if let Some(parent) = folder.parent() {
        std::fs::create_dir_all(parent)?;
    }
    match DirBuilder::new().mode(FOLDER_MODE).create(folder) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && folder.is_dir() => Ok(()),
        created => created,
    }
}

/// Writes a temporary file with an unguessable name and renames it to `path`: an existing link is replaced and never
/// followed.
pub fn write(path: &Path, text: &str) -> io::Result<()> {
    let temporary = write_temporary(path, text)?;
    std::fs::rename(&temporary, path).inspect_err(|_| drop(std::fs::remove_file(&temporary)))
}

/// Writes the text to a temporary file beside `path` and returns its path.
pub fn write_temporary(path: &Path, text: &str) -> io::Result<PathBuf> {
    let temporary = path.with_added_extension(format!(
        "new-{}",
        eventstore::Clock::system().new_id().simple()
    ));
    let mut file = create(&temporary)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    Ok(temporary)
}

/// Creates a file; fails if a file or a link of that name exists.
pub fn create(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options
        .write(true)
        .create_new(true)
        .mode(FILE_MODE)
        .open(path)
}

/// Creates a file and removes an existing one first.
pub fn recreate(path: &Path) -> io::Result<File> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    create(path)
}

/// Removes the permissions of other users from folders of this user and the files in them. Returns a message for each
/// path that it changed.
pub fn restrict(folders: &[&Path]) -> Vec<String> {
    let mut changed = Vec::new();
    for folder in folders {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        changed.extend(restrict_path(folder, FOLDER_MODE));
        for entry in entries {
            if entry.file_type().is_ok_and(|kind| kind.is_file()) {
                changed.extend(restrict_path(&entry.path(), FILE_MODE));
            }
        }
    }
    changed
}

fn restrict_path(path: &Path, mode: u32) -> Option<String> {
    let metadata = path.symlink_metadata().ok()?;
    let is_own = metadata.uid() == rustix::process::geteuid().as_raw();
    if !is_own || metadata.is_symlink() || metadata.mode() & OTHERS == 0 {
        return None;
    }
    // A program stays executable.
    let own = metadata.mode() & 0o700;
    std::fs::set_permissions(path, Permissions::from_mode(mode | own)).ok()?;
    let before = metadata.mode() & 0o777;
    Some(format!(
        "{} was accessible to other users (mode {before:03o}); access is now restricted to its owner",
        path.display()
    ))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn links_are_replaced_and_never_followed() {
        let folder = tempfile::tempdir().unwrap();
        let (target, link) = (folder.path().join("target"), folder.path().join("link"));
        for target_exists in [true, false] {
            match target_exists {
                true => std::fs::write(&target, "before").unwrap(),
                false => std::fs::remove_file(&target).unwrap(),
            }
            symlink(&target, &link).unwrap();
            assert!(create(&link).is_err());
            write(&link, "secret").unwrap();
            assert_eq!(std::fs::read_to_string(&link).unwrap(), "secret");
            assert_eq!(link.metadata().unwrap().mode() & 0o777, 0o600);
            std::fs::remove_file(&link).unwrap();
            symlink(&target, &link).unwrap();
            recreate(&link).unwrap();
            assert!(!link.symlink_metadata().unwrap().is_symlink());
            std::fs::remove_file(&link).unwrap();
            assert_eq!(target.exists(), target_exists);
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn permissions_of_others_are_removed_and_reported() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("logs");
        create_folder(&inner).unwrap();
        assert_eq!(inner.metadata().unwrap().mode() & 0o777, 0o700);
        std::fs::set_permissions(&inner, Permissions::from_mode(0o755)).unwrap();
        let file = inner.join("server.out");
        std::fs::write(&file, "token").unwrap();
        std::fs::set_permissions(&file, Permissions::from_mode(0o644)).unwrap();
        let elsewhere = folder.path().join("elsewhere");
        std::fs::write(&elsewhere, "").unwrap();
        std::fs::set_permissions(&elsewhere, Permissions::from_mode(0o644)).unwrap();
        symlink(&elsewhere, inner.join("link")).unwrap();
        let changed = restrict(&[&inner, &folder.path().join("none")]);
        assert_eq!(changed.len(), 2, "{changed:?}");
        assert!(changed[0].contains("(mode 755)") && changed[1].contains("(mode 644)"));
        assert_eq!(inner.metadata().unwrap().mode() & 0o777, 0o700);
        assert_eq!(file.metadata().unwrap().mode() & 0o777, 0o600);
        assert_eq!(elsewhere.metadata().unwrap().mode() & 0o777, 0o644);
        assert!(restrict(&[&inner]).is_empty());
    }
}

//! The roles that run on a data folder: each holds a lock, so that one process has it.

use std::path::Path;
use std::time::Duration;

use application::Role;
use local_postgres::FileLock;

use crate::failure::Failure;

/// Attempts to acquire the lock of a role.
const LOCK_ATTEMPTS: u32 = 10;
const LOCK_PAUSE: Duration = Duration::from_millis(20);
/// Contains the URL of the running server, for other commands.
pub const ADDRESS_FILE: &str = "serve.url";

/// Acquires the locks of all roles: no server can run on the data folder while they are held.
pub fn lock_all(data_dir: &Path) -> Result<Vec<FileLock>, Failure> {
    lock_roles(data_dir, &Role::ALL)
}

/// Acquires the locks of some roles.
pub fn lock_roles(data_dir: &Path, roles: &[Role]) -> Result<Vec<FileLock>, Failure> {
    roles.iter().map(|role| lock(data_dir, *role)).collect()
}

/// Acquires the lock of a role, which one process per data folder holds. Retries, because [`is_running`] holds it for a
/// moment.
fn lock(data_dir: &Path, role: Role) -> Result<FileLock, Failure> {
    let lock = FileLock::open(&data_dir.join(lock_file(role)))?;
    for _ in 0..LOCK_ATTEMPTS {
        if lock.try_lock_exclusive().is_ok() {
            return Ok(lock);
        }
        std::thread::sleep(LOCK_PAUSE);
    }
    Err(Failure::Conflict(format!(
        "a server is already running on the data folder {} (role {})",
        data_dir.display(),
        role.name()
    )))
}

fn lock_file(role: Role) -> String {
    match role {
        Role::Api => "serve.lock".to_owned(),
        role => format!("serve-{}.lock", role.name()),
    }
}

/// Whether a process with the role is running on the data folder.
pub fn is_running(data_dir: &Path, role: Role) -> bool {
    let path = data_dir.join(lock_file(role));
    path.exists() && FileLock::open(&path).is_ok_and(|lock| lock.try_lock_exclusive().is_err())
}

/// The URL of the server that is running on the data folder.
pub fn server_url(data_dir: &Path) -> Option<String> {
    if !is_running(data_dir, Role::Api) {
        return None;
    }
    std::fs::read_to_string(data_dir.join(ADDRESS_FILE)).ok()
}

//! Which operating-system user runs the server: `PostgreSQL` refuses root.

use std::process::Command;

use nix::unistd::{Uid, User};

/// A user and group to run a child process as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    pub name: String,
    pub uid: u32,
    pub gid: u32,
}

/// The user to switch to from root: `postgres`, else a system user `convosphere` (created if missing), else `nobody`.
/// `None` when this process is not root.
pub fn service_identity() -> Option<Identity> {
    if !Uid::effective().is_root() {
        return None;
    }
    if let Some(found) = lookup("postgres").or_else(|| lookup("convosphere")) {
        return Some(found);
    }
    let created = Command::new("useradd")
        .args([
            "--system",
            "--no-create-home",
            "--shell",
            "/usr/sbin/nologin",
        ])
        .args(["--user-group", "convosphere"])
        .output()
        .is_ok_and(|output| output.status.success());
    if created && let Some(found) = lookup("convosphere") {
        return Some(found);
    }
    tracing::warn!("cannot create the user `convosphere`; running the server as `nobody`");
    lookup("nobody")
}

/// The name of the effective user, or its number if it has no name.
pub fn current_user_name() -> String {
    name_of(Uid::effective())
}

/// The name of an account, or its number if it has none.
fn name_of(uid: Uid) -> String {
    let user = User::from_uid(uid).ok().flatten();
    user.map_or_else(|| uid.to_string(), |user| user.name)
}

fn lookup(name: &str) -> Option<Identity> {
    let user = User::from_name(name).ok()??;
    Some(Identity {
        name: user.name,
        uid: user.uid.as_raw(),
        gid: user.gid.as_raw(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_found_by_its_name_and_by_its_number() {
        let root = lookup("root").unwrap();
        assert_eq!((root.uid, root.gid), (0, 0));
        assert_eq!(lookup("no such account"), None);
        assert_eq!(lookup("--help"), None);
        assert_eq!(name_of(Uid::from_raw(0)), "root");
    }
}

//! Which operating-system user runs the server: `PostgreSQL` refuses root.

use std::process::Command;

/// A user and group to run a child process as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    pub name: String,
    pub uid: u32,
    pub gid: u32,
}

/// The user to give root up for: `postgres`, else a system user `convosphere` (made when missing), else `nobody`.
/// `None` when this process is not root.
pub fn service_identity() -> Option<Identity> {
    if !rustix::process::geteuid().is_root() {
        return None;
    }
    if let Some(found) = lookup("postgres").or_else(|| lookup("convosphere")) {
        return Some(found);
    }
    let made = Command::new("useradd")
        .args([
            "--system",
            "--no-create-home",
            "--shell",
            "/usr/sbin/nologin",
        ])
        .args(["--user-group", "convosphere"])
        .output()
        .is_ok_and(|output| output.status.success());
    if made && let Some(found) = lookup("convosphere") {
        return Some(found);
    }
    tracing::warn!("no user `convosphere` could be made: the server runs as `nobody`");
    lookup("nobody")
}

/// The name of the effective user, or its number where it has none.
pub fn current_user_name() -> String {
    let uid = rustix::process::geteuid().as_raw();
    accounts()
        .find(|account| account.uid == uid)
        .map_or_else(|| uid.to_string(), |account| account.name)
}

fn lookup(name: &str) -> Option<Identity> {
    accounts().find(|account| account.name == name)
}

/// The local account table; users of directory services are asked for with `getent`.
fn accounts() -> impl Iterator<Item = Identity> {
    let table = Command::new("getent")
        .arg("passwd")
        .output()
        .ok()
        .filter(|output| output.status.success())
        .map(|output| String::from_utf8_lossy(&output.stdout).into_owned())
        .or_else(|| std::fs::read_to_string("/etc/passwd").ok())
        .unwrap_or_default();
    parse(&table).into_iter()
}

fn parse(table: &str) -> Vec<Identity> {
    table
        .lines()
        .filter_map(|line| {
            let mut fields = line.split(':');
            let name = fields.next()?.to_owned();
            let uid = fields.nth(1)?.parse().ok()?;
            let gid = fields.next()?.parse().ok()?;
            Some(Identity { name, uid, gid })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_line_yields_name_user_and_group() {
        let found =
            parse("postgres:x:104:111:PostgreSQL:/var/lib/postgresql:/bin/bash\nbad line\n");
        assert_eq!(
            found,
            [Identity {
                name: "postgres".into(),
                uid: 104,
                gid: 111
            }]
        );
    }
}

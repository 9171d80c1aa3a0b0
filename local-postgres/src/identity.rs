//! Which operating-system user runs the server: `PostgreSQL` refuses root.

use std::process::Command;

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
    if !rustix::process::geteuid().is_root() {
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
    let uid = rustix::process::geteuid().as_raw();
    let found = find(&uid.to_string(), |account| account.uid == uid);
    found.map_or_else(|| uid.to_string(), |account| account.name)
}

fn lookup(name: &str) -> Option<Identity> {
    find(name, |account| account.name == name)
}

/// Looks up one account by name or number: directory services rarely list all accounts.
fn find(key: &str, matches: impl Fn(&Identity) -> bool) -> Option<Identity> {
    let output = Command::new("getent").args(["passwd", "--", key]).output();
    let output = output.ok().filter(|output| output.status.success());
    let lines = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    let found = lines
        .into_iter()
        .flat_map(|lines| parse(&lines))
        .find(&matches);
    // Small systems have neither this program nor directory services.
    found.or_else(|| {
        let table = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
        parse(&table).into_iter().find(&matches)
    })
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
    fn an_account_is_found_by_its_name_and_by_its_number() {
        let root = lookup("root").unwrap();
        assert_eq!((root.uid, root.gid), (0, 0));
        assert_eq!(find("0", |account| account.uid == 0).unwrap().name, "root");
        assert_eq!(lookup("no such account"), None);
        assert_eq!(lookup("--help"), None);
    }

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

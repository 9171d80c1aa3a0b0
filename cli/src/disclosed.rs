//! Secrets that somebody has written on the command line: every user of the machine sees them in the list of processes.
//! The program starts itself again with them in its environment, which its own user alone can read.

use std::ffi::{OsStr, OsString};
use std::os::unix::process::CommandExt;
use std::process::Command;

use crate::arguments::{COPY_TO, TOKEN};

/// The options that hold secrets, and the variables that hold them instead.
const OPTIONS: [(&str, &str); 2] = [("--to", COPY_TO), ("--token", TOKEN)];

/// Starts the program again where its command line holds a secret; does not return then.
pub fn hide() {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let (kept, hidden) = split(&arguments);
    if hidden.is_empty() {
        return;
    }
    let Ok(program) = std::env::current_exe() else {
        return;
    };
    let name = kept.first().cloned().unwrap_or_default();
    // Comes back only where it could not be done: then it goes on as it was asked.
    let _ = Command::new(program)
        .arg0(name)
        .args(kept.iter().skip(1))
        .envs(hidden)
        .exec();
}

/// The arguments without their secrets, and those by the variables that hold them.
fn split(arguments: &[OsString]) -> (Vec<OsString>, Vec<(&'static str, OsString)>) {
    let (mut kept, mut hidden) = (Vec::new(), Vec::new());
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        if argument == "--" {
            kept.push(argument.clone());
            kept.extend(rest.by_ref().cloned());
            break;
        }
        let text = argument.to_string_lossy();
        let option = OPTIONS.iter().find_map(|(option, variable)| {
            let rest = text.strip_prefix(option)?;
            (rest.is_empty() || rest.starts_with('=')).then_some((*variable, rest.to_owned()))
        });
        let Some((variable, inline)) = option else {
            kept.push(argument.clone());
            continue;
        };
        let value = match inline.strip_prefix('=') {
            Some(value) => Some(OsString::from(value)),
            None => rest.clone().next().cloned(),
        };
        match value.filter(|value| is_secret(variable, value)) {
            Some(value) => {
                if inline.is_empty() {
                    rest.next();
                }
                hidden.push((variable, value));
            }
            None => kept.push(argument.clone()),
        }
    }
    (kept, hidden)
}

/// A token is one; an address only with a password in it, and folders go by the same option.
fn is_secret(variable: &str, value: &OsStr) -> bool {
    let text = value.to_string_lossy();
    let has_password = || {
        let url = url::Url::parse(&text);
        url.is_ok_and(|url| {
            url.password().is_some() || url.query().is_some_and(|query| query.contains("password="))
        })
    };
    variable == TOKEN || has_password()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_leave_the_command_line_and_nothing_else_does() {
        let secret = "postgres://u:SECRET@db/x";
        let split = |line: &str| {
            let arguments: Vec<OsString> = line.split(' ').map(OsString::from).collect();
            let (kept, hidden) = split(&arguments);
            let kept: Vec<String> = kept
                .iter()
                .map(|one| one.to_string_lossy().into_owned())
                .collect();
            let hidden: Vec<String> = hidden
                .iter()
                .map(|(name, value)| format!("{name} {}", value.display()))
                .collect();
            (kept.join(" "), hidden.join(" "))
        };
        for line in [
            format!("c database copy --to {secret} --json"),
            format!("c database copy --to={secret} --json"),
        ] {
            let (kept, hidden) = split(&line);
            assert_eq!(kept, "c database copy --json");
            assert_eq!(hidden, format!("{COPY_TO} {secret}"));
        }
        let (kept, hidden) = split("c --url https://x --token abc users list");
        assert_eq!(
            (kept.as_str(), hidden.as_str()),
            ("c --url https://x users list", "CONVOSPHERE_TOKEN abc")
        );
        for other in [
            "c database backup --to /folder",
            "c database copy --to postgres://u@db/x",
            "c chat -- --token x",
            "c database copy --to",
        ] {
            assert_eq!(split(other), (other.to_owned(), String::new()));
        }
    }
}

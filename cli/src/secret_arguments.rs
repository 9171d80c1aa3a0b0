//! Secrets on the command line are visible to every user of the machine in the process list. The program therefore
//! restarts itself with them in its environment, which only its own user can read.

use std::ffi::{OsStr, OsString};
use std::os::unix::process::CommandExt;
use std::process::Command;

use crate::flags::{COPY_TO, TOKEN};

/// The options that take secrets, and the environment variables that replace them.
const OPTIONS: [(&str, &str); 2] = [("--to", COPY_TO), ("--token", TOKEN)];

/// Restarts the program if its command line contains a secret; in that case it does not return.
pub fn move_to_environment() {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let (kept, secrets) = split(&arguments);
    if secrets.is_empty() {
        return;
    }
    let Ok(program) = std::env::current_exe() else {
        return;
    };
    let name = kept.first().cloned().unwrap_or_default();
    // Returns only on failure; the program then continues with the arguments as given.
    let _ = Command::new(program)
        .arg0(name)
        .args(kept.iter().skip(1))
        .envs(secrets)
        .exec();
}

/// Returns the arguments without secrets, and each secret with its environment variable.
fn split(arguments: &[OsString]) -> (Vec<OsString>, Vec<(&'static str, OsString)>) {
    let (mut kept, mut secrets) = (Vec::new(), Vec::new());
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
                secrets.push((variable, value));
            }
            None => kept.push(argument.clone()),
        }
    }
    (kept, secrets)
}

/// A token is always secret. `--to` also takes folders and URLs without a password.
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
    fn only_secrets_are_removed_from_the_command_line() {
        let secret = "postgres://u:SECRET@db/x";
        let split = |line: &str| {
            let arguments: Vec<OsString> = line.split(' ').map(OsString::from).collect();
            let (kept, secrets) = split(&arguments);
            let kept: Vec<String> = kept
                .iter()
                .map(|argument| argument.to_string_lossy().into_owned())
                .collect();
            let secrets: Vec<String> = secrets
                .iter()
                .map(|(name, value)| format!("{name} {}", value.display()))
                .collect();
            (kept.join(" "), secrets.join(" "))
        };
        for line in [
            format!("c database copy --to {secret} --json"),
            format!("c database copy --to={secret} --json"),
        ] {
            let (kept, secrets) = split(&line);
            assert_eq!(kept, "c database copy --json");
            assert_eq!(secrets, format!("{COPY_TO} {secret}"));
        }
        let (kept, secrets) = split("c --url https://x --token abc users list");
        assert_eq!(
            (kept.as_str(), secrets.as_str()),
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

//! Writes the configuration file: creates it with all settings, or changes one setting.

use std::fmt::Write;
use std::io::Write as _;
use std::path::Path;

use toml_edit::{DocumentMut, Item, Table, value};

use super::keys::{KEYS, find, nearest};
use super::load_with;
use crate::failure::Failure;
use crate::flags::Flags;
use crate::{output, private_files};

/// Creates a file that lists every setting, commented out.
pub fn init(path: &Path) -> Result<(), Failure> {
    if path.exists() {
        return Err(Failure::Conflict(format!(
            "{} already exists; change it with `convosphere config set`",
            path.display()
        )));
    }
    let mut text = String::from(
        "# The configuration of ConvoSphere. Commented lines show the defaults. Environment variables\n\
         # (such as CONVOSPHERE_SERVER__LISTEN) and flags override this file.\n",
    );
    let mut sections: Vec<(&str, String)> = Vec::new();
    for key in KEYS {
        let (section, name) = key.name.split_once('.').unwrap_or(("", key.name));
        let default = toml_value(key.default);
        let line = format!("# {}\n# {name} = {default}\n", key.description);
        match sections.iter_mut().find(|(other, _)| *other == section) {
            Some((_, lines)) => lines.push_str(&line),
            None => sections.push((section, line)),
        }
    }
    for (section, lines) in sections {
        // Writing to a String cannot fail.
        let _ = write!(text, "\n[{section}]\n{lines}");
    }
    create_parent(path)?;
    let failure = |error| Failure::Usage(format!("{}: {error}", path.display()));
    let mut file = private_files::create(path).map_err(failure)?;
    file.write_all(text.as_bytes()).map_err(failure)?;
    output::print_message(&format!("created {}", path.display()));
    Ok(())
}

/// Numbers and booleans as such, everything else as a string.
fn toml_value(text: &str) -> toml_edit::Value {
    if let Ok(number) = text.parse::<i64>() {
        return number.into();
    }
    match text {
        "true" => true.into(),
        "false" => false.into(),
        text => text.into(),
    }
}

/// Changes one setting. Validates the whole configuration first; an error leaves the file unchanged.
pub fn set(flags: &Flags, name: &str, text: &str) -> Result<(), Failure> {
    if find(name).is_none() {
        return Err(Failure::Usage(format!(
            "there is no setting {name}; did you mean {}?",
            nearest(name)
        )));
    }
    let path = super::config_file(flags);
    let before = match std::fs::read_to_string(&path) {
        Ok(before) => before,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(Failure::Usage(format!("{}: {error}", path.display()))),
    };
    let mut document: DocumentMut = before
        .parse()
        .map_err(|error| Failure::Usage(format!("{}: {error}", path.display())))?;
    let (section, key) = name.split_once('.').unwrap_or(("", name));
    let table = document
        .entry(section)
        .or_insert(Item::Table(Table::new()))
        .as_table_mut();
    let table = table
        .ok_or_else(|| Failure::Usage(format!("{}: {section} is not a table", path.display())))?;
    table[key] = value(toml_value(text));
    create_parent(&path)?;
    let temporary = private_files::write_temporary(&path, &document.to_string())
        .map_err(|error| Failure::Usage(format!("{}: {error}", path.display())))?;
    if let Err(failure) = load_with(flags, &[], temporary.clone()) {
        std::fs::remove_file(&temporary)?;
        return Err(failure);
    }
    std::fs::rename(&temporary, &path)?;
    output::print_message(&format!(
        "{name} is set in {}; restart a running server to apply it",
        path.display()
    ));
    Ok(())
}

fn create_parent(path: &Path) -> Result<(), Failure> {
    let folder = path.parent().unwrap_or(path);
    private_files::create_folder(folder)
        .map_err(|error| Failure::Usage(format!("{}: {error}", folder.display())))
}

//! Writing the configuration file: all of it with its defaults, or one setting in what is there.

use std::fmt::Write;
use std::io::Write as _;
use std::path::Path;

use toml_edit::{DocumentMut, Item, Table, value};

use super::keys::{KEYS, find, nearest};
use super::load_with;
use crate::arguments::Arguments;
use crate::failure::Failure;
use crate::{output, private};

/// Writes a file with every setting, none of which is set.
pub fn init(path: &Path) -> Result<(), Failure> {
    if path.exists() {
        return Err(Failure::Conflict(format!(
            "{} is there already; `convosphere config set` changes it",
            path.display()
        )));
    }
    let mut text = String::from(
        "# The configuration of ConvoSphere. What is commented out is the default; the environment\n\
         # (CONVOSPHERE_SERVER__LISTEN) and flags win over this file.\n",
    );
    let mut sections: Vec<(&str, String)> = Vec::new();
    for key in KEYS {
        let (section, name) = key.name.split_once('.').unwrap_or(("", key.name));
        let line = format!("# {}\n# {name} = {}\n", key.about, typed(key.default));
        match sections.iter_mut().find(|(known, _)| *known == section) {
            Some((_, lines)) => lines.push_str(&line),
            None => sections.push((section, line)),
        }
    }
    for (section, lines) in sections {
        // Writing to a String cannot fail.
        let _ = write!(text, "\n[{section}]\n{lines}");
    }
    make_folder_of(path)?;
    let wrong = |error| Failure::Usage(format!("{}: {error}", path.display()));
    let mut file = private::make(path).map_err(wrong)?;
    file.write_all(text.as_bytes()).map_err(wrong)?;
    output::talk(&format!("{} is written", path.display()));
    Ok(())
}

/// Numbers and truth as such, everything else as text.
fn typed(text: &str) -> toml_edit::Value {
    if let Ok(number) = text.parse::<i64>() {
        return number.into();
    }
    match text {
        "true" => true.into(),
        "false" => false.into(),
        text => text.into(),
    }
}

/// Changes one setting. The whole configuration is read with it first: a fault leaves the file as it is.
pub fn set(arguments: &Arguments, name: &str, text: &str) -> Result<(), Failure> {
    if find(name).is_none() {
        return Err(Failure::Usage(format!(
            "there is no setting {name}; did you mean {}?",
            nearest(name)
        )));
    }
    let path = super::file_of(arguments);
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
        .ok_or_else(|| Failure::Usage(format!("{}: {section} is no section", path.display())))?;
    table[key] = value(typed(text));
    make_folder_of(&path)?;
    let aside = private::write_aside(&path, &document.to_string());
    let aside = aside.map_err(|error| Failure::Usage(format!("{}: {error}", path.display())))?;
    if let Err(failure) = load_with(arguments, aside.clone()) {
        std::fs::remove_file(&aside)?;
        return Err(failure);
    }
    std::fs::rename(&aside, &path)?;
    output::talk(&format!(
        "{name} is set in {}; a running server takes it at its next start",
        path.display()
    ));
    Ok(())
}

fn make_folder_of(path: &Path) -> Result<(), Failure> {
    let folder = path.parent().unwrap_or(path);
    private::make_folder(folder)
        .map_err(|error| Failure::Usage(format!("{}: {error}", folder.display())))
}

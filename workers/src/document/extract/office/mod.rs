//! Office documents (ECMA-376): DOCX, XLSX and PPTX, distinguished by their main part, whatever their name is.

mod chart;
mod docx;
pub mod old;
mod package;
mod pptx;
#[cfg(test)]
pub mod tests;
pub mod xlsx;

use self::package::Package;
use super::{Extracted, Failed};

/// Whether an archive is an office document.
pub fn is_one(bytes: &[u8]) -> bool {
    let relations = Package::open(bytes).and_then(|mut package| package.relations(""));
    relations.is_ok_and(|all| all.iter().any(|relation| relation.kind == "officeDocument"))
}

pub fn extract(bytes: &[u8]) -> Result<Extracted, Failed> {
    if old::is_compound(bytes) {
        return Err(old::refused(bytes));
    }
    let mut package = Package::open(bytes)?;
    let relations = package.relations("")?;
    let main = relations
        .into_iter()
        .find(|relation| relation.kind == "officeDocument");
    let main = main.map_or_else(|| package.usual_main(), |relation| Some(relation.target));
    let missing = || Failed::unreadable("its archive holds no document");
    let main = main.ok_or_else(missing)?;
    if main.to_lowercase().ends_with(".bin") {
        return Err(Failed::unreadable(
            "it is a binary workbook (XLSB); save it as XLSX and upload it again",
        ));
    }
    match package.root(&main)?.as_deref() {
        Some("document") => docx::extract(&mut package, &main),
        Some("workbook") => xlsx::extract(&mut package, &main),
        Some("presentation") => pptx::extract(&mut package, &main),
        _ => Err(missing()),
    }
}

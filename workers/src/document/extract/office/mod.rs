//! Office documents (ECMA-376): DOCX, XLSX and PPTX, distinguished by their main part and not by their name.

mod chart;
mod docx;
pub(super) mod legacy;
mod package;
mod pptx;
#[cfg(test)]
pub(super) mod tests;
pub(super) mod xlsx;

use self::package::Package;
use super::{ExtractError, ExtractedDocument};

/// Whether an archive is an office document.
pub(super) fn is_package(bytes: &[u8]) -> bool {
    let relations = Package::open(bytes).and_then(|mut package| package.relations(""));
    relations.is_ok_and(|relations| {
        relations
            .iter()
            .any(|relation| relation.kind == "officeDocument")
    })
}

pub(super) fn extract(bytes: &[u8]) -> Result<ExtractedDocument, ExtractError> {
    if legacy::is_compound(bytes) {
        return Err(legacy::refusal(bytes));
    }
    let mut package = Package::open(bytes)?;
    let relations = package.relations("")?;
    let main = relations
        .into_iter()
        .find(|relation| relation.kind == "officeDocument");
    let main = main.map_or_else(
        || package.default_main_part(),
        |relation| Some(relation.target),
    );
    let missing = || ExtractError::unreadable("its archive contains no document");
    let main = main.ok_or_else(missing)?;
    if main.to_lowercase().ends_with(".bin") {
        return Err(ExtractError::unreadable(
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

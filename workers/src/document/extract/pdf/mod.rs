//! PDF, page by page: an unreadable page does not affect the others, and is listed.

mod annotations;
mod bidi;
mod columns;
mod display_list;
mod embedded;
mod faults;
mod glyph_position;
mod hidden_text;
mod layout;
mod marks;
mod page;
mod page_tree;
mod reflow;
mod strings;
#[cfg(test)]
mod tests;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use domain::document::{Omission, OmissionKind};
use hayro_interpret::hayro_syntax::page::Page;
use hayro_interpret::hayro_syntax::{DecryptionError, LoadPdfError, Pdf, PdfData};

use self::page::{PageText, SharedState};
use self::reflow::reflow;
use super::{ExtractError, ExtractedDocument, Section, too_many_pages};

/// Maximum number of panics per document, each of which loses the state of the reader.
const MAX_RESTARTS: usize = 100;

type ReadPage = for<'a> fn(&Page<'a>, &mut SharedState<'a>) -> PageText;

pub(super) fn extract(bytes: &[u8]) -> Result<ExtractedDocument, ExtractError> {
    let data = PdfData::from(Arc::new(bytes.to_vec()));
    let pdf = open(&data)?;
    let page_tree = page_tree::read_page_tree(&pdf);
    if let Some(failed) = too_many_pages(page_tree.len()) {
        return Err(failed);
    }
    let embedded = embedded::count_files(&pdf);
    let pages = read_pages(&data, pdf, page::read_page);
    let mut extracted = ExtractedDocument {
        pages: u32::try_from(page_tree.len()).ok(),
        ..ExtractedDocument::default()
    };
    let mut pages = pages.into_iter();
    for (number, is_readable) in (1..).zip(&page_tree.pages) {
        let page = match is_readable {
            true => pages.next().unwrap_or_else(PageText::unreadable),
            false => PageText::unreadable(),
        };
        add_page(&mut extracted, number, page);
    }
    let unnumbered = [
        (OmissionKind::UnreadablePage, page_tree.missing),
        (OmissionKind::EmbeddedFile, embedded),
    ];
    let omissions = unnumbered.into_iter().filter(|(_, count)| *count > 0);
    let omissions = omissions.map(|(kind, count)| Omission::with_count(kind, count));
    extracted.left_out.extend(omissions);
    let is_empty = |section: &Section| section.text.trim().is_empty();
    let is_unreadable = |left_out: &Omission| left_out.kind == OmissionKind::UnreadablePage;
    if extracted.sections.iter().all(is_empty) && extracted.left_out.iter().any(is_unreadable) {
        return Err(ExtractError::unreadable("its pages are broken"));
    }
    Ok(extracted)
}

fn open(data: &PdfData) -> Result<Pdf, ExtractError> {
    // Many files are encrypted with an empty password, which is tried.
    Pdf::new(data.clone()).map_err(|error| match error {
        LoadPdfError::Decryption(DecryptionError::PasswordProtected) => ExtractError::encrypted(),
        LoadPdfError::Decryption(_) => ExtractError::unreadable("its encryption is unknown"),
        LoadPdfError::Invalid => ExtractError::unreadable("its structure is broken"),
    })
}

/// Reads the pages of the page tree. A panic may poison locks of the parser, so the document is opened again for the
/// following pages.
fn read_pages(data: &PdfData, first: Pdf, read_page: ReadPage) -> Vec<PageText> {
    let mut pages = Vec::new();
    let mut pdf = first;
    for _ in 0..MAX_RESTARTS {
        let has_panicked = read_until_panic(&pdf, read_page, &mut pages);
        if !has_panicked {
            break;
        }
        pages.push(PageText::unreadable());
        match open(data) {
            Ok(reopened) => pdf = reopened,
            Err(_) => break,
        }
    }
    pages
}

fn read_until_panic(pdf: &Pdf, read_page: ReadPage, pages: &mut Vec<PageText>) -> bool {
    let mut state = SharedState::default();
    for page in pdf.pages().iter().skip(pages.len()) {
        match catch_unwind(AssertUnwindSafe(|| read_page(page, &mut state))) {
            Ok(text) => pages.push(text),
            Err(_) => return true,
        }
    }
    false
}

fn add_page(extracted: &mut ExtractedDocument, number: u32, page: PageText) {
    let has_text = !page.text.trim().is_empty() || !page.notes.is_empty();
    let kind = match (has_text, page.is_incomplete) {
        (false, true) => Some(OmissionKind::UnreadablePage),
        (false, false) => Some(OmissionKind::PageWithoutText),
        (true, true) => Some(OmissionKind::IncompletePage),
        (true, false) => None,
    };
    let omission = kind.map(|kind| Omission::on_page(kind, number));
    extracted.left_out.extend(omission);
    let hidden = u32::try_from(page.hidden).unwrap_or(u32::MAX);
    let hidden = (hidden > 0).then(|| Omission {
        page: Some(number),
        ..Omission::with_count(OmissionKind::HiddenText, hidden)
    });
    extracted.left_out.extend(hidden);
    let mut text = reflow(&page.text);
    text.truncate(text.trim_end().len());
    for note in &page.notes {
        text.push_str("\n\n");
        text.push_str(note);
    }
    extracted.sections.push(Section {
        page: Some(number),
        text,
        ..Section::default()
    });
}

//! PDF, page by page: a page that cannot be read costs itself alone, and is named.

mod annotations;
mod columns;
mod direction;
mod embedded;
mod faults;
mod ink;
mod layout;
mod marks;
mod page;
mod place;
mod seen;
mod strings;
#[cfg(test)]
mod tests;
mod tidy;
mod tree;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use domain::document::{Omission, OmissionKind};
use hayro_interpret::hayro_syntax::page::Page;
use hayro_interpret::hayro_syntax::{DecryptionError, LoadPdfError, Pdf, PdfData};

use self::page::{Document, PageText};
use self::tidy::tidied;
use super::{Extracted, Failed, Section, too_many_pages};

/// Pages of one document whose reader may fail in a way that costs the state of the whole reader, at most.
const RESTARTS: usize = 100;

type ReadPage = for<'a> fn(&Page<'a>, &mut Document<'a>) -> PageText;

pub fn extract(bytes: &[u8]) -> Result<Extracted, Failed> {
    let data = PdfData::from(Arc::new(bytes.to_vec()));
    let pdf = open(&data)?;
    let tree = tree::pages(&pdf);
    if let Some(failed) = too_many_pages(tree.len()) {
        return Err(failed);
    }
    let embedded = embedded::count(&pdf);
    let read = read_pages(&data, pdf, page::read);
    let mut extracted = Extracted {
        pages: u32::try_from(tree.len()).ok(),
        ..Extracted::default()
    };
    let mut read = read.into_iter();
    for (number, is_readable) in (1..).zip(&tree.pages) {
        let page = match is_readable {
            true => read.next().unwrap_or_else(PageText::unreadable),
            false => PageText::unreadable(),
        };
        add_page(&mut extracted, number, page);
    }
    let without_number = [
        (OmissionKind::UnreadablePage, tree.missing),
        (OmissionKind::EmbeddedFile, embedded),
    ];
    let counted = without_number.into_iter().filter(|(_, count)| *count > 0);
    let counted = counted.map(|(kind, count)| Omission::with_count(kind, count));
    extracted.left_out.extend(counted);
    let is_empty = |section: &Section| section.text.trim().is_empty();
    let is_unreadable = |left_out: &Omission| left_out.kind == OmissionKind::UnreadablePage;
    if extracted.sections.iter().all(is_empty) && extracted.left_out.iter().any(is_unreadable) {
        return Err(Failed::unreadable("its pages are broken"));
    }
    Ok(extracted)
}

fn open(data: &PdfData) -> Result<Pdf, Failed> {
    // Many are encrypted with an empty password, which is tried.
    Pdf::new(data.clone()).map_err(|error| match error {
        LoadPdfError::Decryption(DecryptionError::PasswordProtected) => Failed::encrypted(),
        LoadPdfError::Decryption(_) => Failed::unreadable("its encryption is not known"),
        LoadPdfError::Invalid => Failed::unreadable("its structure is broken"),
    })
}

/// The pages that the tree of the document leads to. A panic may leave locks of the reader poisoned, so the document is
/// opened again for the pages after it.
fn read_pages(data: &PdfData, first: Pdf, read_page: ReadPage) -> Vec<PageText> {
    let mut read = Vec::new();
    let mut pdf = first;
    for _ in 0..RESTARTS {
        let has_panicked = read_until_panic(&pdf, read_page, &mut read);
        if !has_panicked {
            break;
        }
        read.push(PageText::unreadable());
        match open(data) {
            Ok(again) => pdf = again,
            Err(_) => break,
        }
    }
    read
}

fn read_until_panic(pdf: &Pdf, read_page: ReadPage, read: &mut Vec<PageText>) -> bool {
    let mut document = Document::default();
    for page in pdf.pages().iter().skip(read.len()) {
        match catch_unwind(AssertUnwindSafe(|| read_page(page, &mut document))) {
            Ok(text) => read.push(text),
            Err(_) => return true,
        }
    }
    false
}

fn add_page(extracted: &mut Extracted, number: u32, page: PageText) {
    let has_text = !page.text.trim().is_empty() || !page.notes.is_empty();
    let kind = match (has_text, page.is_incomplete) {
        (false, true) => Some(OmissionKind::UnreadablePage),
        (false, false) => Some(OmissionKind::PageWithoutText),
        (true, true) => Some(OmissionKind::IncompletePage),
        (true, false) => None,
    };
    let left_out = kind.map(|kind| Omission::on_page(kind, number));
    extracted.left_out.extend(left_out);
    let hidden = u32::try_from(page.hidden).unwrap_or(u32::MAX);
    let hidden = (hidden > 0).then(|| Omission {
        page: Some(number),
        ..Omission::with_count(OmissionKind::HiddenText, hidden)
    });
    extracted.left_out.extend(hidden);
    let mut text = tidied(&page.text);
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

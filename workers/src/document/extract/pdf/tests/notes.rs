//! Fields, notes, stamps and embedded files.

use domain::document::{Omission, OmissionKind};

use super::{ExtractedDocument, PdfFile, page, show_text, stream};

fn with_annotations(annotations: &[&str]) -> ExtractedDocument {
    let mut file = PdfFile::new(&[&show_text("Name:", "F1"), &show_text("Second page", "F1")]);
    file.extra_objects = annotations
        .iter()
        .map(|annotation| format!("<< /Type /Annot {annotation} >>"))
        .collect();
    let list: String = (3..3 + annotations.len())
        .map(|number| format!("{number} 0 R "))
        .collect();
    file.pages[0].1 = format!("/Annots [{list}]");
    file.read().unwrap()
}

#[test]
fn fields_and_notes_are_read_on_their_page() {
    let read = with_annotations(&[
        "/Subtype /Widget /FT /Tx /T (name) /V (Grace Example) /Rect [100 790 300 810]",
        "/Subtype /Widget /Parent << /FT /Tx /TU (Place of birth:) /V <FEFF004C014100F3> >>",
        "/Subtype /Widget /FT /Ch /T (boat) /V (k) /Opt [[(s) (Sloop)] [(k) (Ketch)]]",
        "/Subtype /Widget /FT /Ch /T (days) /V [(Monday) (Friday)] /Opt [(Monday) (Friday)]",
        "/Subtype /Widget /FT /Btn /T (insured) /V /Yes /AS /Yes",
        "/Subtype /Widget /FT /Btn /T (winter) /V /Off /AS /Off",
        "/Subtype /Widget /FT /Btn /T (pier) /AS /1 /Opt [(North) (South)]",
        "/Subtype /Widget /FT /Btn /T (send) /Ff 65536 /V (Send)",
        "/Subtype /Widget /FT /Tx /T (pass) /Ff 8192 /V (swordfish)",
        "/Subtype /Widget /FT /Tx /T (hidden) /F 2 /V (Nobody sees this)",
        "/Subtype /FreeText /Contents (Paid by Otter) /Rect [100 700 300 720]",
        "/Subtype /Text /Contents (Ask for a receipt.)",
        "/Subtype /Highlight /Contents (Deadline!) /QuadPoints []",
        "/Subtype /Popup /Contents (Not twice)",
        "/Subtype /Link /Contents (Not a note)",
    ]);
    let expected = "Name:\n\nname: Grace Example\n\nPlace of birth: LŁó\n\nboat: Ketch\n\ndays: Monday, Friday\n\n\
                    insured: Yes\n\npier: South\n\nPaid by Otter\n\nAsk for a receipt.\n\nDeadline!";
    assert_eq!(page(&read, 1), expected);
    assert_eq!(page(&read, 2), "Second page");
    assert_eq!(read.left_out, []);
}

#[test]
fn a_page_with_text_only_in_its_fields_is_not_without_text() {
    let mut file = PdfFile::new(&[""]);
    file.extra_objects = vec!["<< /Subtype /Widget /FT /Tx /T (name) /V (Grace) >>".to_owned()];
    file.pages[0].1 = "/Annots [3 0 R 55 0 R null (x)]".to_owned();
    let read = file.read().unwrap();
    assert_eq!(
        (page(&read, 1), read.left_out),
        ("name: Grace".to_owned(), vec![])
    );
}

#[test]
fn the_text_of_a_stamp_is_read() {
    let mut file = PdfFile::new(&[&show_text("Invoice", "F1")]);
    let appearance = stream(
        "/Type /XObject /Subtype /Form /BBox [0 0 90 30]",
        "BT /F1 12 Tf 5 5 Td (PAID) Tj ET",
    );
    file.extra_objects = vec![
        appearance,
        "<< /Subtype /Stamp /Rect [0 0 90 30] /AP << /N 3 0 R >> >>".to_owned(),
    ];
    file.pages[0].1 = "/Annots [4 0 R]".to_owned();
    assert_eq!(page(&file.read().unwrap(), 1), "Invoice\n\nPAID");
}

#[test]
fn embedded_files_are_counted() {
    let mut file = PdfFile::new(&[&show_text("Cover", "F1")]);
    file.catalog = "/Names << /EmbeddedFiles << /Kids [<< /Names [(a) 9 0 R (b) 9 0 R] >> << /Names [(c) 9 0 R] >>] >> >>".to_owned();
    let read = file.read().unwrap();
    assert_eq!(
        read.left_out,
        [Omission::with_count(OmissionKind::EmbeddedFile, 3)]
    );
}

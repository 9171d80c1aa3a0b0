//! Tests of the rules for files.

use uuid::Uuid;

use super::*;
use crate::command::decide;
use crate::event::Erasable;
use crate::text::TextError;
use crate::user::Role;

const ADA: Uuid = Uuid::from_u128(1);
const BOB: Uuid = Uuid::from_u128(2);
const FILE: Uuid = Uuid::from_u128(3);

fn upload(role: Role) -> UploadFile {
    UploadFile {
        id: FILE,
        owner_id: ADA,
        role,
        name: "../a/plan.pdf".to_owned(),
        media_type: MediaType::from_name("application/pdf"),
        size: 3,
        sha256: "aa".to_owned(),
        content_key: "bb".to_owned(),
    }
}

fn uploaded() -> FileEvent {
    decide([], upload(Role::User)).unwrap().remove(0)
}

#[test]
fn an_upload_keeps_the_last_component_of_its_name() {
    let FileEvent::FileUploaded { name, owner_id, .. } = uploaded() else {
        panic!("not uploaded");
    };
    assert_eq!((name.text(), owner_id), ("plan.pdf", ADA));
}

#[test]
fn guests_cannot_upload_and_a_file_is_uploaded_once() {
    let guest = decide([], upload(Role::Guest));
    assert_eq!(guest, Err(FileError::GuestsCannotCreate));
    let again = decide([uploaded()], upload(Role::User));
    assert_eq!(again, Err(FileError::AlreadyUploaded));
}

#[test]
fn only_the_owner_can_delete_a_file_and_only_once() {
    let delete = |actor| DeleteFile { actor: Some(actor) };
    assert_eq!(decide([uploaded()], delete(BOB)), Err(FileError::NotFound));
    let deleted = decide([uploaded()], delete(ADA)).unwrap();
    assert_eq!(deleted, [FileEvent::FileDeleted {}]);
    assert_eq!(
        decide([uploaded(), FileEvent::FileDeleted {}], delete(ADA)),
        Err(FileError::NotFound)
    );
}

#[test]
fn the_installation_erases_an_existing_file() {
    assert_eq!(decide([], File::erasure()), Err(FileError::NotFound));
    let erased = decide([uploaded()], File::erasure()).unwrap();
    assert_eq!(erased, [FileEvent::FileDeleted {}]);
    let again = decide([uploaded(), FileEvent::FileDeleted {}], File::erasure());
    assert_eq!(again, Err(FileError::NotFound));
}

/// UP-01: a name cannot escape into another folder or mislead the reader.
#[test]
fn file_names_are_safe_to_display() {
    for (input, expected) in [
        ("../../x", "x"),
        ("..\\..\\x.txt", "x.txt"),
        ("/etc/passwd", "passwd"),
        ("C:\\dir\\report.pdf", "report.pdf"),
        ("con", "con"),
        ("a\0b.txt", "ab.txt"),
        ("in\u{202e}fdp.exe", "infdp.exe"),
        ("Übersicht 2026.docx", "Übersicht 2026.docx"),
        ("世界.txt", "世界.txt"),
    ] {
        assert_eq!(file_name(input).as_deref(), Ok(expected), "{input:?}");
    }
    for empty in ["", "..", "/", "\0", " . ", "a/"] {
        assert_eq!(
            file_name(empty),
            Err(FileError::Name(TextError::Empty)),
            "{empty:?}"
        );
    }
    assert_eq!(
        file_name(&"x".repeat(4096)),
        Err(FileError::Name(TextError::TooLong(255)))
    );
}

#[test]
fn a_malformed_media_type_is_unknown() {
    assert_eq!(MediaType::from_name("Text/Plain").as_str(), "text/plain");
    for malformed in ["", "text", "text/", "a/b\r\nX: y", "/b"] {
        assert_eq!(
            MediaType::from_name(malformed).as_str(),
            MediaType::UNKNOWN,
            "{malformed:?}"
        );
    }
}

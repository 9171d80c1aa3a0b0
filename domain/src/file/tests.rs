//! Rules of files.

use uuid::Uuid;

use super::{File, FileCommand, FileError, FileEvent, MediaType, NewFile, file_name};
use crate::text::TextFault;
use crate::user::Role;
use cqrs_es::test::TestFramework;

const ADA: Uuid = Uuid::from_u128(1);
const BOB: Uuid = Uuid::from_u128(2);
const FILE: Uuid = Uuid::from_u128(3);

fn new(role: Role) -> NewFile {
    NewFile {
        id: FILE,
        owner_id: ADA,
        role,
        name: "../a/plan.pdf".to_owned(),
        media_type: MediaType::of("application/pdf"),
        size: 3,
        sha256: "aa".to_owned(),
        content_key: "bb".to_owned(),
    }
}

fn decide(given: Vec<FileEvent>, command: FileCommand) -> Result<Vec<FileEvent>, FileError> {
    let framework = TestFramework::<File>::with(());
    let validator = match given.is_empty() {
        true => framework.given_no_previous_events(),
        false => framework.given(given),
    };
    validator.when(command).inspect_result()
}

fn uploaded() -> FileEvent {
    let command = FileCommand::UploadFile(new(Role::User));
    decide(vec![], command).unwrap().remove(0)
}

#[test]
fn an_upload_keeps_the_last_part_of_its_name() {
    let FileEvent::FileUploaded { name, owner_id, .. } = uploaded() else {
        panic!("not uploaded");
    };
    assert_eq!((name.text(), owner_id), ("plan.pdf", ADA));
}

#[test]
fn guests_upload_nothing_and_nobody_uploads_twice() {
    let guest = FileCommand::UploadFile(new(Role::Guest));
    assert_eq!(decide(vec![], guest), Err(FileError::GuestsCreateNothing));
    let again = FileCommand::UploadFile(new(Role::User));
    assert_eq!(
        decide(vec![uploaded()], again),
        Err(FileError::AlreadyUploaded)
    );
}

#[test]
fn only_the_owner_deletes_a_file_and_only_once() {
    let delete = |actor| FileCommand::DeleteFile { actor };
    assert_eq!(
        decide(vec![uploaded()], delete(BOB)),
        Err(FileError::NotFound)
    );
    let deleted = decide(vec![uploaded()], delete(ADA)).unwrap();
    assert_eq!(deleted, [FileEvent::FileDeleted {}]);
    assert_eq!(
        decide(vec![uploaded(), FileEvent::FileDeleted {}], delete(ADA)),
        Err(FileError::NotFound)
    );
}

/// UP-01: names never lead anywhere and never deceive.
#[test]
fn names_are_shown_and_lead_nowhere() {
    for (given, kept) in [
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
        assert_eq!(file_name(given).as_deref(), Ok(kept), "{given:?}");
    }
    for nothing in ["", "..", "/", "\0", " . ", "a/"] {
        assert_eq!(
            file_name(nothing),
            Err(FileError::Name(TextFault::Empty)),
            "{nothing:?}"
        );
    }
    assert_eq!(
        file_name(&"x".repeat(4096)),
        Err(FileError::Name(TextFault::TooLong(255)))
    );
}

#[test]
fn a_media_type_is_shaped_as_one_or_unknown() {
    assert_eq!(MediaType::of("Text/Plain").as_str(), "text/plain");
    for wrong in ["", "text", "text/", "a/b\r\nX: y", "/b"] {
        assert_eq!(
            MediaType::of(wrong).as_str(),
            MediaType::UNKNOWN,
            "{wrong:?}"
        );
    }
}

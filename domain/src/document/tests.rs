//! Tests of the rules for documents.

use cqrs_es::test::TestFramework;
use uuid::Uuid;

use super::*;
use crate::event::StoredAggregate;
use crate::file::MediaType;

const DOCUMENT: Uuid = Uuid::from_u128(1);
const BASE: Uuid = Uuid::from_u128(2);

fn source(name: &str) -> SourceFile {
    SourceFile {
        file_id: Uuid::from_u128(3),
        name: name.to_owned(),
        media_type: MediaType::from_name("text/plain"),
        size: 1,
    }
}

fn decide(
    given: &[DocumentEvent],
    command: DocumentCommand,
) -> Result<DocumentEvent, DocumentError> {
    let framework = TestFramework::<Document>::with(());
    let framework = match given {
        [] => framework.given_no_previous_events(),
        given => framework.given(given.to_vec()),
    };
    let events = framework.when(command).inspect_result()?;
    Ok(events.into_iter().next().unwrap())
}

fn added() -> DocumentEvent {
    let add = DocumentCommand::AddDocument {
        document_id: DOCUMENT,
        knowledge_base_id: BASE,
        added_by: Uuid::from_u128(4),
        source: source("a.txt"),
    };
    decide(&[], add).unwrap()
}

fn started(attempt: u32) -> DocumentEvent {
    DocumentEvent::ProcessingStarted { attempt }
}

fn complete(attempt: u32) -> DocumentCommand {
    let extent = Extent::default();
    DocumentCommand::CompleteProcessing {
        attempt,
        extent,
        left_out: vec![],
    }
}

fn completed(attempt: u32) -> DocumentEvent {
    let extent = Extent::default();
    DocumentEvent::ProcessingCompleted {
        attempt,
        extent,
        left_out: vec![],
    }
}

#[test]
fn a_document_belongs_to_the_stream_of_its_knowledge_base() {
    use cqrs_es::Aggregate;
    let mut document = Document::default();
    document.apply(added());
    assert_eq!(document.scope("x"), BASE.to_string());
}

#[test]
fn results_of_a_replaced_worker_are_refused() {
    let start = |attempt| DocumentCommand::StartProcessing { attempt };
    assert_eq!(decide(&[added()], start(1)), Ok(started(1)));
    assert_eq!(
        decide(&[added(), started(1)], start(1)),
        Err(DocumentError::StaleAttempt)
    );
    let taken_over = [added(), started(1), started(2)];
    assert_eq!(
        decide(&taken_over, complete(1)),
        Err(DocumentError::StaleAttempt)
    );
    let passages = DocumentCommand::AddPassages {
        document_id: DOCUMENT,
        attempt: 1,
        passages: vec![],
    };
    assert_eq!(
        decide(&taken_over, passages),
        Err(DocumentError::StaleAttempt)
    );
    assert_eq!(decide(&taken_over, complete(2)), Ok(completed(2)));
}

#[test]
fn processing_ends_once() {
    let ended = [added(), started(1), completed(1)];
    let fail = DocumentCommand::FailProcessing {
        document_id: DOCUMENT,
        attempt: 1,
        code: FailureCode::Timeout,
        detail: String::new(),
    };
    assert_eq!(decide(&ended, fail), Err(DocumentError::NotProcessing));
    assert_eq!(
        decide(&ended, DocumentCommand::StartProcessing { attempt: 2 }),
        Err(DocumentError::NotProcessing)
    );
}

#[test]
fn a_document_can_be_reprocessed_or_replaced_only_when_idle() {
    let replace = DocumentCommand::ReplaceDocument {
        document_id: DOCUMENT,
        source: source("b.txt"),
    };
    let again = DocumentCommand::ReprocessDocument {};
    for busy in [replace.clone(), again.clone()] {
        assert_eq!(decide(&[added()], busy), Err(DocumentError::Processing));
    }
    let ended = [added(), started(1), completed(1)];
    assert!(decide(&ended, replace).is_ok());
    assert_eq!(
        decide(&ended, again),
        Ok(DocumentEvent::ReprocessingRequested {})
    );
}

#[test]
fn commands_on_a_deleted_document_are_refused() {
    let delete = DocumentCommand::DeleteDocument {};
    assert_eq!(
        decide(&[added(), started(1)], delete.clone()),
        Ok(DocumentEvent::DocumentDeleted {})
    );
    let deleted = [added(), started(1), DocumentEvent::DocumentDeleted {}];
    let vectors = DocumentCommand::AddVectors {
        document_id: DOCUMENT,
        model: "a/b".to_owned(),
        vectors: vec![],
    };
    let again = DocumentCommand::ReprocessDocument {};
    for late in [delete, complete(1), again, vectors] {
        assert_eq!(decide(&deleted, late), Err(DocumentError::NotFound));
    }
}

#[test]
fn a_document_without_a_name_is_refused() {
    let add = DocumentCommand::AddDocument {
        document_id: DOCUMENT,
        knowledge_base_id: BASE,
        added_by: Uuid::from_u128(4),
        source: source("../.."),
    };
    assert!(matches!(decide(&[], add), Err(DocumentError::Name(_))));
}

#[test]
fn omissions_are_listed_and_a_long_list_is_counted() {
    let complete = |left_out: Vec<Omission>| {
        let command = DocumentCommand::CompleteProcessing {
            attempt: 1,
            extent: Extent::default(),
            left_out,
        };
        match decide(&[added(), started(1)], command).unwrap() {
            DocumentEvent::ProcessingCompleted { left_out, .. } => left_out,
            other => panic!("{other:?}"),
        }
    };
    let scanned: Vec<Omission> = (1..=250)
        .map(|page| Omission::on_page(OmissionKind::PageWithoutText, page))
        .collect();
    let broken = Omission::on_page(OmissionKind::UnreadablePage, 251);
    let letters = Omission::with_count(OmissionKind::UnknownCharacters, 7);
    let few = [&scanned[..100], &[broken, letters]].concat();
    assert_eq!(complete(few.clone()), few);
    let many = [&scanned[..], &[broken, letters]].concat();
    let others = Omission::with_count(OmissionKind::PageWithoutText, 150);
    assert_eq!(complete(many), [&few[..], &[others]].concat());
}

#[test]
fn the_name_of_an_omission_is_the_stored_one() {
    for kind in [
        OmissionKind::UnreadablePage,
        OmissionKind::IncompletePage,
        OmissionKind::PageWithoutText,
        OmissionKind::EmbeddedFile,
        OmissionKind::HiddenSheet,
        OmissionKind::HiddenCells,
        OmissionKind::UnknownCharacters,
    ] {
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.into_str());
    }
}

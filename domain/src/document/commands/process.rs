//! Processing a document: extracting its text and splitting it into passages.

use uuid::Uuid;

use super::seal;
use crate::command::{Command, Decision};
use crate::document::omission::limit_list;
use crate::document::{
    Document, DocumentError, DocumentEvent, Extent, FailureCode, Omission, Passage,
};

#[derive(Debug, Clone, PartialEq)]
pub struct ReprocessDocument;

impl Command<Document> for ReprocessDocument {
    fn decide(self, state: &Document) -> Decision<Document> {
        state.require_idle()?;
        Ok(vec![DocumentEvent::ReprocessingRequested {}])
    }
}

/// A worker starts; `attempt` is one more than the last one.
#[derive(Debug, Clone, PartialEq)]
pub struct StartProcessing {
    pub attempt: u32,
}

impl Command<Document> for StartProcessing {
    fn decide(self, state: &Document) -> Decision<Document> {
        state.require_processing()?;
        let attempt = self.attempt;
        match attempt == state.attempt + 1 {
            true => Ok(vec![DocumentEvent::ProcessingStarted { attempt }]),
            false => Err(DocumentError::StaleAttempt),
        }
    }
}

/// Adds the next passages of an attempt, in order.
#[derive(Debug, Clone, PartialEq)]
pub struct AddPassages {
    pub document_id: Uuid,
    pub attempt: u32,
    pub passages: Vec<Passage>,
}

impl Command<Document> for AddPassages {
    fn decide(self, state: &Document) -> Decision<Document> {
        state.require_attempt(self.attempt)?;
        Ok(vec![DocumentEvent::PassagesAdded {
            attempt: self.attempt,
            passages: seal(self.document_id, self.passages),
        }])
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct CompleteProcessing {
    pub attempt: u32,
    pub extent: Extent,
    pub left_out: Vec<Omission>,
}

impl Command<Document> for CompleteProcessing {
    fn decide(self, state: &Document) -> Decision<Document> {
        state.require_attempt(self.attempt)?;
        Ok(vec![DocumentEvent::ProcessingCompleted {
            attempt: self.attempt,
            extent: self.extent,
            left_out: limit_list(self.left_out),
        }])
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct FailProcessing {
    pub document_id: Uuid,
    pub attempt: u32,
    pub code: FailureCode,
    pub detail: String,
}

impl Command<Document> for FailProcessing {
    fn decide(self, state: &Document) -> Decision<Document> {
        state.require_attempt(self.attempt)?;
        Ok(vec![DocumentEvent::ProcessingFailed {
            attempt: self.attempt,
            code: self.code,
            detail: seal(self.document_id, self.detail),
        }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::decide;
    use crate::document::fixture::{DOCUMENT, added, complete, completed, source, started};
    use crate::document::{OmissionKind, ReplaceDocument};

    fn start(attempt: u32) -> StartProcessing {
        StartProcessing { attempt }
    }

    #[test]
    fn results_of_a_replaced_worker_are_refused() {
        assert_eq!(decide([added()], start(1)), Ok(vec![started(1)]));
        let stale = Err(DocumentError::StaleAttempt);
        assert_eq!(decide([added(), started(1)], start(1)), stale);
        let taken_over = [added(), started(1), started(2)];
        assert_eq!(decide(taken_over.clone(), complete(1)), stale);
        let passages = AddPassages {
            document_id: DOCUMENT,
            attempt: 1,
            passages: vec![],
        };
        assert_eq!(decide(taken_over.clone(), passages), stale);
        let decided = decide(taken_over, complete(2));
        assert_eq!(decided, Ok(vec![completed(2)]));
    }

    #[test]
    fn processing_ends_once() {
        let ended = [added(), started(1), completed(1)];
        let fail = FailProcessing {
            document_id: DOCUMENT,
            attempt: 1,
            code: FailureCode::Timeout,
            detail: String::new(),
        };
        let refusal = Err(DocumentError::NotProcessing);
        assert_eq!(decide(ended.clone(), fail), refusal);
        assert_eq!(decide(ended, start(2)), refusal);
    }

    #[test]
    fn a_document_can_be_reprocessed_or_replaced_only_when_idle() {
        let replace = ReplaceDocument {
            document_id: DOCUMENT,
            source: source("b.txt"),
        };
        let busy = Err(DocumentError::Processing);
        assert_eq!(decide([added()], replace.clone()), busy);
        assert_eq!(decide([added()], ReprocessDocument), busy);
        let ended = [added(), started(1), completed(1)];
        assert!(decide(ended.clone(), replace).is_ok());
        assert_eq!(
            decide(ended, ReprocessDocument),
            Ok(vec![DocumentEvent::ReprocessingRequested {}])
        );
    }

    #[test]
    fn omissions_are_listed_and_a_long_list_is_counted() {
        let complete = |left_out: Vec<Omission>| {
            let command = CompleteProcessing {
                left_out,
                ..complete(1)
            };
            match &decide([added(), started(1)], command).unwrap()[..] {
                [DocumentEvent::ProcessingCompleted { left_out, .. }] => left_out.clone(),
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
}

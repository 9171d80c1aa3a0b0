//! What a model has said so far: kept whole for the log, passed on in pieces to who listens.

use domain::response::{
    Answer, AnswerPart, Citation, PromptPassage, Usage, answer_text, find_citations,
};
use eventstore::Live;
use eventstore::live::DeltaKind;
use uuid::Uuid;

use crate::model::{ModelError, ModelEvent, estimate_tokens};

/// Longest answer in bytes; a model that goes on is cut off.
const LIMIT: usize = 1024 * 1024;

pub(super) struct Speech {
    live: Live,
    conversation_id: Uuid,
    /// The run, and which attempt at it.
    run: (Uuid, u32),
    parts: Vec<AnswerPart>,
    citations: Vec<Citation>,
    /// What the model was given to answer from.
    passages: Vec<PromptPassage>,
    bytes: usize,
    /// Bytes of it that are saved.
    saved: usize,
    pieces: u64,
    /// Tokens as we count them.
    tokens: u64,
    /// What the provider has counted so far.
    counted: Usage,
    /// ModelEvents and not yet passed on.
    pending: Vec<(DeltaKind, String)>,
    /// Whether anything may be passed on: the run's start is durable.
    open: bool,
}

impl Speech {
    pub fn new(
        live: Live,
        conversation_id: Uuid,
        run: (Uuid, u32),
        passages: Vec<PromptPassage>,
    ) -> Self {
        Self {
            live,
            conversation_id,
            run,
            parts: Vec::new(),
            citations: Vec::new(),
            passages,
            bytes: 0,
            saved: 0,
            pieces: 0,
            tokens: 0,
            counted: Usage::default(),
            pending: Vec::new(),
            open: false,
        }
    }

    /// Takes a piece. The first leaves at once, where anything may leave, so that nobody waits for it; the others at the
    /// next flush.
    pub fn hear(&mut self, piece: ModelEvent, may_leave: bool) -> Result<(), ModelError> {
        let (kind, text) = match piece {
            ModelEvent::Text(text) => (DeltaKind::Text, text),
            ModelEvent::Reasoning(text) => (DeltaKind::Reasoning, text),
            ModelEvent::Citation(citation) => {
                self.citations.push(citation);
                return Ok(());
            }
            ModelEvent::Usage(usage) => {
                self.counted = usage;
                return Ok(());
            }
            ModelEvent::TextWasReasoning => {
                self.all_was_thinking(may_leave);
                return Ok(());
            }
            ModelEvent::OmittedFields(_) | ModelEvent::Finished { .. } => return Ok(()),
        };
        // Neither the views nor a terminal can take U+0000.
        let text = text.replace('\0', "\u{fffd}");
        self.bytes += text.len();
        if self.bytes > LIMIT {
            return Err(ModelError::provider(format!(
                "the answer was cut off at {LIMIT} bytes"
            )));
        }
        self.pieces += 1;
        self.tokens += estimate_tokens(&text);
        self.keep(kind, &text);
        match self.pending.last_mut() {
            Some((pending, said)) if *pending == kind => said.push_str(&text),
            _ => self.pending.push((kind, text)),
        }
        if self.pieces == 1 && may_leave {
            self.flush();
        }
        Ok(())
    }

    fn keep(&mut self, kind: DeltaKind, new: &str) {
        match (kind, self.parts.last_mut()) {
            (DeltaKind::Text, Some(AnswerPart::Text { text }))
            | (DeltaKind::Reasoning, Some(AnswerPart::Reasoning { text })) => {
                text.push_str(new);
            }
            (DeltaKind::Text, _) => self.parts.push(AnswerPart::Text {
                text: new.to_owned(),
            }),
            (DeltaKind::Reasoning, _) => self.parts.push(AnswerPart::Reasoning {
                text: new.to_owned(),
            }),
        }
    }

    /// The text so far was thinking. Who has heard it hears all of it again as what it is.
    fn all_was_thinking(&mut self, may_leave: bool) {
        let parts = std::mem::take(&mut self.parts).into_iter();
        let thought: String = parts
            .map(|part| match part {
                AnswerPart::Text { text } | AnswerPart::Reasoning { text } => text,
            })
            .collect();
        if self.open && may_leave {
            self.flush();
            self.live
                .replace_with_reasoning(self.conversation_id, self.run.0, &thought);
        } else {
            for (kind, _) in &mut self.pending {
                *kind = DeltaKind::Reasoning;
            }
        }
        self.parts.push(AnswerPart::Reasoning { text: thought });
        self.saved = 0;
    }

    /// From here on what is said is passed on, beginning with what was said before.
    pub fn open(&mut self) {
        self.open = true;
        self.flush();
    }

    /// Passes on what was said since the last time.
    pub fn flush(&mut self) {
        if !self.open {
            return;
        }
        for (kind, text) in self.pending.drain(..) {
            self.live
                .publish(self.conversation_id, self.run, kind, &text);
        }
    }

    /// What the provider has counted; our own count stands in for tokens that it has not counted yet.
    pub fn usage(&self) -> Usage {
        Usage {
            input_tokens: self.counted.input_tokens,
            output_tokens: self.counted.output_tokens.max(self.tokens),
        }
    }

    /// Whether nothing was said so far.
    pub fn is_empty(&self) -> bool {
        self.bytes == 0
    }

    /// What was said so far, where something was said since the last time that one asked.
    pub fn unsaved(&mut self) -> Option<Answer> {
        if self.bytes == self.saved {
            return None;
        }
        self.saved = self.bytes;
        Some(Answer {
            parts: self.parts.clone(),
            citations: self.citations.clone(),
        })
    }

    pub fn end(mut self) -> Answer {
        self.flush();
        let mut citations = find_citations(&answer_text(&self.parts), &self.passages);
        citations.append(&mut self.citations);
        Answer {
            parts: self.parts,
            citations,
        }
    }
}

#[cfg(test)]
mod tests {
    use eventstore::live::LiveFrame;

    use super::*;

    fn speech(live: &Live) -> Speech {
        let mut speech = Speech::new(live.clone(), Uuid::nil(), (Uuid::nil(), 1), vec![]);
        speech.open();
        speech
    }

    #[test]
    fn nothing_leaves_before_the_start_is_durable() {
        let live = Live::default();
        let (_, mut deltas) = live.subscribe(Uuid::nil());
        let mut speech = Speech::new(live.clone(), Uuid::nil(), (Uuid::nil(), 1), vec![]);
        speech
            .hear(ModelEvent::Reasoning("hm".into()), true)
            .unwrap();
        speech.hear(ModelEvent::Text("a".into()), true).unwrap();
        assert!(deltas.try_recv().is_err());
        speech.open();
        for text in ["hm", "a"] {
            assert!(
                matches!(deltas.try_recv(), Ok(LiveFrame::Delta(delta)) if &*delta.text == text)
            );
        }
    }

    #[test]
    fn the_first_piece_leaves_at_once_and_the_rest_together() {
        let live = Live::default();
        let (_, mut deltas) = live.subscribe(Uuid::nil());
        let mut speech = speech(&live);
        for text in ["a", "b", "c"] {
            speech.hear(ModelEvent::Text(text.into()), true).unwrap();
        }
        let mut next = || match deltas.try_recv() {
            Ok(LiveFrame::Delta(delta)) => Some((delta.text.to_string(), delta.seq)),
            _ => None,
        };
        assert_eq!(next(), Some(("a".to_owned(), 1)));
        assert_eq!(next(), None);
        speech.flush();
        assert_eq!(next(), Some(("bc".to_owned(), 2)));
        assert_eq!(
            speech.end().parts,
            [AnswerPart::Text { text: "abc".into() }]
        );
    }

    #[test]
    fn reasoning_and_text_stay_apart_and_in_order() {
        let live = Live::default();
        let mut speech = speech(&live);
        for piece in [
            ModelEvent::Reasoning("hm".into()),
            ModelEvent::Text("a".into()),
            ModelEvent::Reasoning("so".into()),
        ] {
            speech.hear(piece, true).unwrap();
        }
        let answer = speech.end();
        assert_eq!(answer.parts.len(), 3);
        let (snapshots, _) = live.subscribe(Uuid::nil());
        assert_eq!(
            (snapshots[0].text.as_str(), snapshots[0].reasoning.as_str()),
            ("a", "hmso")
        );
    }

    #[test]
    fn what_turns_out_to_be_thinking_is_told_again_as_such() {
        let live = Live::default();
        let (_, mut told) = live.subscribe(Uuid::nil());
        let mut speech = speech(&live);
        speech.hear(ModelEvent::Text("a ".into()), true).unwrap();
        speech.hear(ModelEvent::Text("plan".into()), true).unwrap();
        speech.hear(ModelEvent::TextWasReasoning, true).unwrap();
        speech.hear(ModelEvent::Text("Four.".into()), true).unwrap();
        let answer = speech.end();
        let wanted = [
            AnswerPart::Reasoning {
                text: "a plan".into(),
            },
            AnswerPart::Text {
                text: "Four.".into(),
            },
        ];
        assert_eq!(answer.parts, wanted);
        let mut snapshots = vec![];
        while let Ok(said) = told.try_recv() {
            if let LiveFrame::Snapshot(snapshot) = said {
                snapshots.push((snapshot.text.clone(), snapshot.reasoning.clone()));
            }
        }
        assert_eq!(snapshots, [(String::new(), "a plan".to_owned())]);
        let (snapshots, _) = live.subscribe(Uuid::nil());
        assert_eq!(
            (snapshots[0].text.as_str(), snapshots[0].reasoning.as_str()),
            ("Four.", "a plan")
        );
    }

    #[test]
    fn nul_is_replaced_and_an_endless_answer_is_cut_off() {
        let live = Live::default();
        let mut speech = speech(&live);
        speech.hear(ModelEvent::Text("a\0".into()), true).unwrap();
        assert!(
            speech
                .hear(ModelEvent::Text("x".repeat(LIMIT)), true)
                .is_err()
        );
        assert_eq!(
            speech.end().parts,
            [AnswerPart::Text {
                text: "a\u{fffd}".into()
            }]
        );
    }

    #[test]
    fn while_another_worker_may_have_taken_over_nothing_leaves_and_nothing_is_lost() {
        let live = Live::default();
        let (_, mut deltas) = live.subscribe(Uuid::nil());
        let mut speech = speech(&live);
        speech.hear(ModelEvent::Text("a".into()), false).unwrap();
        speech
            .hear(ModelEvent::Reasoning("hm".into()), false)
            .unwrap();
        assert!(deltas.try_recv().is_err());
        speech.flush();
        for text in ["a", "hm"] {
            assert!(
                matches!(deltas.try_recv(), Ok(LiveFrame::Delta(delta)) if &*delta.text == text)
            );
        }
    }

    #[test]
    fn what_the_provider_has_counted_is_kept_when_the_answer_breaks_off() {
        let mut speech = speech(&Live::default());
        let counted = Usage {
            input_tokens: 1_234,
            output_tokens: 1,
        };
        speech.hear(ModelEvent::Usage(counted), true).unwrap();
        for _ in 0..3 {
            speech.hear(ModelEvent::Text("a".into()), true).unwrap();
        }
        assert_eq!(
            (speech.usage().input_tokens, speech.usage().output_tokens),
            (1_234, 3)
        );
    }
}

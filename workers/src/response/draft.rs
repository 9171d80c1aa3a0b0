//! The output of a model so far: complete for the log, and published as deltas.

use domain::response::{
    Answer, AnswerPart, Citation, PromptPassage, Usage, answer_text, find_citations,
};
use runtime::Live;
use runtime::live::DeltaKind;
use tokio::time::Instant;
use uuid::Uuid;

use crate::model::{ModelError, ModelEvent, estimate_tokens};

/// The longest answer in bytes; longer ones are cut off.
const BYTE_LIMIT: usize = 1024 * 1024;

pub(super) struct DraftAnswer {
    live: Live,
    conversation_id: Uuid,
    /// The run and its attempt.
    run: (Uuid, u32),
    parts: Vec<AnswerPart>,
    /// When the first part and the last one started.
    started: Instant,
    part_started: Instant,
    citations: Vec<Citation>,
    /// The passages in the prompt.
    passages: Vec<PromptPassage>,
    bytes: usize,
    /// Bytes that have been saved.
    saved_bytes: usize,
    event_count: u64,
    /// Our own estimate.
    tokens: u64,
    /// The usage that the provider has reported so far.
    reported: Usage,
    /// Output that is not published yet.
    pending: Vec<(DeltaKind, String)>,
    /// Whether output may be published: the start of the run is durable.
    is_publishing: bool,
}

impl DraftAnswer {
    pub(super) fn new(
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
            started: Instant::now(),
            part_started: Instant::now(),
            citations: Vec::new(),
            passages,
            bytes: 0,
            saved_bytes: 0,
            event_count: 0,
            tokens: 0,
            reported: Usage::default(),
            pending: Vec::new(),
            is_publishing: false,
        }
    }

    /// Adds an event. The first one is published immediately, if allowed, because somebody waits for it; the others
    /// with the next flush.
    pub(super) fn add(&mut self, event: ModelEvent, may_publish: bool) -> Result<(), ModelError> {
        let (kind, text) = match event {
            ModelEvent::Text(text) => (DeltaKind::Text, text),
            ModelEvent::Reasoning(text) => (DeltaKind::Reasoning, text),
            ModelEvent::Citation(citation) => {
                self.citations.push(citation);
                return Ok(());
            }
            ModelEvent::Usage(usage) => {
                self.reported = usage;
                return Ok(());
            }
            ModelEvent::TextWasReasoning => {
                self.turn_into_reasoning(may_publish);
                return Ok(());
            }
            ModelEvent::OmittedFields(_) | ModelEvent::Finished { .. } => return Ok(()),
        };
        // Neither the views nor terminals support U+0000.
        let text = text.replace('\0', "\u{fffd}");
        self.bytes += text.len();
        if self.bytes > BYTE_LIMIT {
            return Err(ModelError::provider(format!(
                "the answer was cut off at {BYTE_LIMIT} bytes"
            )));
        }
        self.event_count += 1;
        self.tokens += estimate_tokens(&text);
        self.append(kind, &text);
        match self.pending.last_mut() {
            Some((last_kind, last_text)) if *last_kind == kind => last_text.push_str(&text),
            _ => self.pending.push((kind, text)),
        }
        if self.event_count == 1 && may_publish {
            self.flush();
        }
        Ok(())
    }

    fn append(&mut self, kind: DeltaKind, new: &str) {
        match (kind, self.parts.last_mut()) {
            (DeltaKind::Text, Some(AnswerPart::Text { text }))
            | (DeltaKind::Reasoning, Some(AnswerPart::Reasoning { text, .. })) => {
                text.push_str(new);
            }
            (DeltaKind::Text, _) => self.start_part(AnswerPart::Text {
                text: new.to_owned(),
            }),
            (DeltaKind::Reasoning, _) => self.start_part(AnswerPart::reasoning(new)),
        }
    }

    fn start_part(&mut self, part: AnswerPart) {
        self.end_reasoning();
        self.part_started = Instant::now();
        if self.parts.is_empty() {
            self.started = self.part_started;
        }
        self.parts.push(part);
    }

    /// Records how long the model reasoned, if the last part is reasoning.
    fn end_reasoning(&mut self) {
        let elapsed = self.part_started.elapsed().as_millis();
        if let Some(AnswerPart::Reasoning { duration_ms, .. }) = self.parts.last_mut() {
            *duration_ms = u64::try_from(elapsed).ok();
        }
    }

    /// All text so far was reasoning. Clients receive all of it again as reasoning.
    fn turn_into_reasoning(&mut self, may_publish: bool) {
        let reasoning: String = self.parts.iter().map(AnswerPart::text).collect();
        if self.is_publishing && may_publish {
            self.flush();
            self.live
                .replace_with_reasoning(self.conversation_id, self.run.0, &reasoning);
        } else {
            for (kind, _) in &mut self.pending {
                *kind = DeltaKind::Reasoning;
            }
        }
        self.parts = vec![AnswerPart::reasoning(reasoning)];
        self.part_started = self.started;
        self.saved_bytes = 0;
    }

    /// Starts publishing, beginning with the output so far.
    pub(super) fn start_publishing(&mut self) {
        self.is_publishing = true;
        self.flush();
    }

    /// Publishes new output.
    pub(super) fn flush(&mut self) {
        if !self.is_publishing {
            return;
        }
        for (kind, text) in self.pending.drain(..) {
            self.live
                .publish(self.conversation_id, self.run, kind, &text);
        }
    }

    /// The usage that the provider has reported; our own estimate replaces output tokens that are not reported yet.
    pub(super) fn usage(&self) -> Usage {
        Usage {
            input_tokens: self.reported.input_tokens,
            output_tokens: self.reported.output_tokens.max(self.tokens),
        }
    }

    /// Whether there is no output yet.
    pub(super) fn is_empty(&self) -> bool {
        self.bytes == 0
    }

    /// The answer so far, if it has grown since the last call.
    pub(super) fn take_unsaved(&mut self) -> Option<Answer> {
        if self.bytes == self.saved_bytes {
            return None;
        }
        self.saved_bytes = self.bytes;
        Some(Answer {
            parts: self.parts.clone(),
            citations: self.citations.clone(),
        })
    }

    pub(super) fn finish(mut self) -> Answer {
        self.flush();
        self.end_reasoning();
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
    use std::time::Duration;

    use runtime::live::LiveFrame;

    use super::*;

    fn new_draft(live: &Live) -> DraftAnswer {
        let mut draft = DraftAnswer::new(live.clone(), Uuid::nil(), (Uuid::nil(), 1), vec![]);
        draft.start_publishing();
        draft
    }

    #[test]
    fn nothing_is_published_before_the_start_is_durable() {
        let live = Live::default();
        let (_, mut deltas) = live.subscribe(Uuid::nil());
        let mut draft = DraftAnswer::new(live.clone(), Uuid::nil(), (Uuid::nil(), 1), vec![]);
        draft.add(ModelEvent::Reasoning("hm".into()), true).unwrap();
        draft.add(ModelEvent::Text("a".into()), true).unwrap();
        assert!(deltas.try_recv().is_err());
        draft.start_publishing();
        for text in ["hm", "a"] {
            assert!(
                matches!(deltas.try_recv(), Ok(LiveFrame::Delta(delta)) if &*delta.text == text)
            );
        }
    }

    #[test]
    fn the_first_event_is_published_immediately_and_the_rest_together() {
        let live = Live::default();
        let (_, mut deltas) = live.subscribe(Uuid::nil());
        let mut draft = new_draft(&live);
        for text in ["a", "b", "c"] {
            draft.add(ModelEvent::Text(text.into()), true).unwrap();
        }
        let mut next = || match deltas.try_recv() {
            Ok(LiveFrame::Delta(delta)) => Some((delta.text.to_string(), delta.seq)),
            _ => None,
        };
        assert_eq!(next(), Some(("a".to_owned(), 1)));
        assert_eq!(next(), None);
        draft.flush();
        assert_eq!(next(), Some(("bc".to_owned(), 2)));
        assert_eq!(
            draft.finish().parts,
            [AnswerPart::Text { text: "abc".into() }]
        );
    }

    #[test]
    fn reasoning_and_text_stay_separate_and_in_order() {
        let live = Live::default();
        let mut draft = new_draft(&live);
        for event in [
            ModelEvent::Reasoning("hm".into()),
            ModelEvent::Text("a".into()),
            ModelEvent::Reasoning("so".into()),
        ] {
            draft.add(event, true).unwrap();
        }
        let answer = draft.finish();
        assert_eq!(answer.parts.len(), 3);
        let (snapshots, _) = live.subscribe(Uuid::nil());
        assert_eq!(
            (snapshots[0].text.as_str(), snapshots[0].reasoning.as_str()),
            ("a", "hmso")
        );
    }

    #[tokio::test(start_paused = true)]
    async fn reasoning_is_measured_until_the_next_text_or_the_end() {
        let mut draft = new_draft(&Live::default());
        for (seconds, event) in [
            (5, ModelEvent::Reasoning("h".into())),
            (1, ModelEvent::Reasoning("m".into())),
            (3, ModelEvent::Text("a".into())),
            (7, ModelEvent::Reasoning("so".into())),
        ] {
            tokio::time::advance(Duration::from_secs(seconds)).await;
            draft.add(event, true).unwrap();
        }
        tokio::time::advance(Duration::from_millis(1_500)).await;
        let reasoning = |text: &str, milliseconds| AnswerPart::Reasoning {
            text: text.into(),
            duration_ms: Some(milliseconds),
        };
        let text = AnswerPart::Text { text: "a".into() };
        let expected = [reasoning("hm", 4_000), text, reasoning("so", 1_500)];
        assert_eq!(draft.finish().parts, expected);
    }

    #[tokio::test(start_paused = true)]
    async fn text_that_turns_out_to_be_reasoning_is_published_again() {
        let live = Live::default();
        let (_, mut frames) = live.subscribe(Uuid::nil());
        let mut draft = new_draft(&live);
        draft.add(ModelEvent::Text("a ".into()), true).unwrap();
        tokio::time::advance(Duration::from_secs(2)).await;
        draft.add(ModelEvent::Text("plan".into()), true).unwrap();
        draft.add(ModelEvent::TextWasReasoning, true).unwrap();
        draft.add(ModelEvent::Text("Four.".into()), true).unwrap();
        let answer = draft.finish();
        let expected = [
            AnswerPart::Reasoning {
                text: "a plan".into(),
                duration_ms: Some(2_000),
            },
            AnswerPart::Text {
                text: "Four.".into(),
            },
        ];
        assert_eq!(answer.parts, expected);
        let mut snapshots = vec![];
        while let Ok(frame) = frames.try_recv() {
            if let LiveFrame::Snapshot(snapshot) = frame {
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
        let mut draft = new_draft(&live);
        draft.add(ModelEvent::Text("a\0".into()), true).unwrap();
        assert!(
            draft
                .add(ModelEvent::Text("x".repeat(BYTE_LIMIT)), true)
                .is_err()
        );
        assert_eq!(
            draft.finish().parts,
            [AnswerPart::Text {
                text: "a\u{fffd}".into()
            }]
        );
    }

    #[test]
    fn without_a_valid_lease_nothing_is_published_and_nothing_is_lost() {
        let live = Live::default();
        let (_, mut deltas) = live.subscribe(Uuid::nil());
        let mut draft = new_draft(&live);
        draft.add(ModelEvent::Text("a".into()), false).unwrap();
        draft
            .add(ModelEvent::Reasoning("hm".into()), false)
            .unwrap();
        assert!(deltas.try_recv().is_err());
        draft.flush();
        for text in ["a", "hm"] {
            assert!(
                matches!(deltas.try_recv(), Ok(LiveFrame::Delta(delta)) if &*delta.text == text)
            );
        }
    }

    #[test]
    fn reported_usage_is_kept_when_the_answer_breaks_off() {
        let mut draft = new_draft(&Live::default());
        let reported = Usage {
            input_tokens: 1_234,
            output_tokens: 1,
        };
        draft.add(ModelEvent::Usage(reported), true).unwrap();
        for _ in 0..3 {
            draft.add(ModelEvent::Text("a".into()), true).unwrap();
        }
        assert_eq!(
            (draft.usage().input_tokens, draft.usage().output_tokens),
            (1_234, 3)
        );
    }
}

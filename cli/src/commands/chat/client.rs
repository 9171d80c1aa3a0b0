//! Posts messages and prints the streamed answers.

use convosphere_client::types::{
    CreateConversation, Exchange, MessageCitation, MessagePartType, PostMessage,
};
use convosphere_client::{Client, Run, StreamEvent};
use futures_util::TryStreamExt;
use uuid::Uuid;

use super::Chat;
use crate::failure::Failure;
use crate::output;

/// A chat in one conversation.
pub struct ChatClient {
    server: Client,
    assistant: Option<Uuid>,
    model: Option<String>,
    conversation: Option<Uuid>,
}

impl ChatClient {
    pub fn new(server: Client, chat: &Chat) -> Self {
        Self {
            server,
            assistant: chat.assistant,
            model: chat.model.clone(),
            conversation: chat.conversation,
        }
    }

    /// Posts a message and prints the answer while it is generated.
    pub async fn ask(&mut self, text: &str) -> Result<(), Failure> {
        let Some(run) = self.post(text).await?.response else {
            return Ok(());
        };
        tokio::select! {
            result = self.follow(run.id) => result,
            _ = tokio::signal::ctrl_c() => {
                self.server.cancel_response(run.id).await?;
                Err(Failure::Interrupted)
            }
        }
    }

    async fn post(&mut self, text: &str) -> Result<Exchange, Failure> {
        let conversation = self.conversation_id().await?;
        let message = PostMessage {
            model: self.model.clone(),
            ..PostMessage::new(text)
        };
        Ok(self.server.post_message(conversation, &message).await?)
    }

    /// The conversation; created by the first message unless one was given.
    async fn conversation_id(&mut self) -> Result<Uuid, Failure> {
        if let Some(id) = self.conversation {
            return Ok(id);
        }
        let conversation = CreateConversation {
            assistant_id: self.assistant,
            ..CreateConversation::default()
        };
        let id = self.server.create_conversation(&conversation).await?.id;
        self.conversation = Some(id);
        Ok(id)
    }

    async fn follow(&self, response: Uuid) -> Result<(), Failure> {
        let mut frames = self.server.stream_response(response);
        let mut printer = AnswerPrinter::default();
        while let Some(frame) = frames.try_next().await? {
            if printer.print(frame.event()?)? {
                return Ok(());
            }
        }
        Err(Failure::Unavailable(
            "the server closed the connection before the answer was complete".to_owned(),
        ))
    }
}

/// Prints an answer and remembers the text printed so far.
#[derive(Default)]
struct AnswerPrinter {
    text: String,
}

impl AnswerPrinter {
    /// Prints the new text of a frame; returns true when the answer is complete.
    fn print(&mut self, event: StreamEvent) -> Result<bool, Failure> {
        match event {
            StreamEvent::ResponseDelta(delta) if delta.kind == MessagePartType::Text => {
                self.print_text(&delta.text);
            }
            StreamEvent::ResponseSnapshot(snapshot) => self.print_rest(&snapshot.text),
            StreamEvent::ResponseCompleted(run) => {
                self.finish(&run);
                print_citations(&run.message.citations);
                return Ok(true);
            }
            StreamEvent::ResponseFailed(run) => {
                let detail = run.response.error.map(|error| error.detail);
                let detail = output::sanitize(&detail.unwrap_or_default());
                return Err(Failure::failed(std::io::Error::other(format!(
                    "the answer failed: {detail}"
                ))));
            }
            StreamEvent::ResponseInterrupted(run) | StreamEvent::ResponseCancelled(run) => {
                self.finish(&run);
                return Err(Failure::Unavailable(format!(
                    "the answer was {}",
                    run.response.status
                )));
            }
            _ => {}
        }
        Ok(false)
    }

    /// Prints what is missing of the final text.
    fn finish(&mut self, run: &Run) {
        self.print_rest(&run.message.content);
        output::print_text("\n");
    }

    fn print_text(&mut self, text: &str) {
        output::print_text(&output::sanitize(text));
        self.text.push_str(text);
    }

    /// Prints the rest of the full text, or all of it on a new line if it differs from the text printed so far.
    fn print_rest(&mut self, full: &str) {
        match full.strip_prefix(self.text.as_str()) {
            Some(rest) => self.print_text(rest),
            None => {
                output::print_text("\n");
                self.text.clear();
                self.print_text(full);
            }
        }
    }
}

fn print_citations(citations: &[MessageCitation]) {
    for citation in citations {
        output::print_message(&output::sanitize(&format!(
            "[{}] {} ({})",
            citation.number, citation.title, citation.location
        )));
    }
}

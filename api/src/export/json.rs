//! Export as JSON: one object, with one message per line, that can be imported again.

use projections::conversation::ConversationView;
use projections::portable::{
    CONVERSATION_FORMAT, ConversationDigest, FORMAT_VERSION, PortableConversation, PortableMessage,
};
use serde_json::json;

use super::Writer;

#[derive(Default)]
pub(super) struct Json {
    digest: ConversationDigest,
}

impl Json {
    /// The end of the file, and the digest in it.
    pub(super) fn finish(&mut self) -> (String, String) {
        let digest = std::mem::take(&mut self.digest).finish();
        (format!("\n],\n\"digest\":\"{digest}\"}}\n"), digest)
    }
}

impl Writer for Json {
    const EXTENSION: &'static str = "json";
    const ALL_MESSAGES: bool = true;

    fn begin(&mut self, conversation: &ConversationView) -> String {
        let conversation = PortableConversation::from(conversation);
        self.digest = ConversationDigest::new(&conversation);
        let details = json!(conversation);
        format!(
            "{{\"format\":\"{CONVERSATION_FORMAT}\",\"version\":{FORMAT_VERSION},\n\"conversation\":{details},\n\"messages\":["
        )
    }

    fn message(&mut self, message: &PortableMessage, first: bool) -> String {
        self.digest.add(message);
        let comma = if first { "" } else { "," };
        format!("{comma}\n{}", json!(message))
    }

    fn end(&mut self) -> String {
        self.finish().0
    }
}

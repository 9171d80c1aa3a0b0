//! For programs: one object, with a line for each message.

use projections::conversation::ConversationView;
use projections::conversation::export::ExportedMessage;
use serde_json::json;

use super::Writer;

/// What the file says it is.
const FORMAT: &str = "convosphere.conversation";
const VERSION: u32 = 1;

pub(super) struct Json;

impl Writer for Json {
    const ENDING: &'static str = "json";
    const WHOLE: bool = true;

    fn begin(&self, conversation: &ConversationView) -> String {
        let told = json!({
            "id": conversation.id, "title": conversation.title, "assistant_id": conversation.assistant_id,
            "model": conversation.model, "pinned": conversation.pinned, "archived": conversation.archived,
            "leaf_id": conversation.leaf_id, "created_at": conversation.created_at,
            "updated_at": conversation.updated_at,
        });
        format!(
            "{{\"format\":\"{FORMAT}\",\"version\":{VERSION},\n\"conversation\":{told},\n\"messages\":["
        )
    }

    fn message(&self, message: &ExportedMessage, first: bool) -> String {
        let answer = message.answer.as_ref().map(|answer| &answer.0);
        let usage = message.input_tokens.zip(message.output_tokens);
        let told = json!({
            "id": message.id, "parent_id": message.parent_id, "role": message.role, "content": message.content,
            "parts": answer.map(|answer| &answer.parts), "citations": answer.map(|answer| &answer.citations),
            "status": message.status, "attachments": message.attachments, "model": message.model,
            "usage": usage.map(|(input, output)| json!({"input_tokens": input, "output_tokens": output})),
            "created_at": message.created_at,
        });
        let comma = if first { "" } else { "," };
        format!("{comma}\n{told}")
    }

    fn end(&self) -> String {
        "\n]}\n".to_owned()
    }
}

//! Asks Ollama what its models can do: its list does not say it.

use std::time::Duration;

use domain::model::Abilities;
use domain::provider::ListedModel;
use futures_util::{StreamExt, stream};
use serde_json::{Value, json};
use tokio::time::{Instant, timeout_at};

use crate::model::RemoteModel;
use crate::model::wire::read_body;

/// How long all models may take. The rest remains unknown.
const TIME_LIMIT: Duration = Duration::from_secs(3);
const BODY_LIMIT: usize = 1024 * 1024;
const CONCURRENT_REQUESTS: usize = 8;

/// Whether a list of models is one of Ollama.
pub(super) fn is_ollama(list: &Value) -> bool {
    let mut models = list["data"].as_array().into_iter().flatten();
    models.any(|model| model["owned_by"] == "library")
}

/// Adds the abilities of the models, as far as the server reports them in time.
pub(super) async fn add_abilities(server: &RemoteModel, models: &mut [ListedModel]) {
    let deadline = Instant::now() + TIME_LIMIT;
    let names: Vec<String> = models.iter().map(|listed| listed.model.clone()).collect();
    let requests = names.into_iter().map(|name| show(server, name));
    let mut descriptions = stream::iter(requests).buffered(CONCURRENT_REQUESTS);
    for listed in models {
        match timeout_at(deadline, descriptions.next()).await {
            Ok(Some(Some(description))) => listed.abilities = parse_abilities(&description),
            Ok(_) => {}
            Err(_) => return,
        }
    }
}

/// The description of a model.
async fn show(server: &RemoteModel, name: String) -> Option<Value> {
    let root = server.base_url.strip_suffix("/v1")?;
    let request = server.client.post(format!("{root}/api/show"));
    let request = server.authenticate(request.json(&json!({"model": name})));
    let response = request.send().await.ok()?.error_for_status().ok()?;
    let body = read_body(response, BODY_LIMIT, TIME_LIMIT).await.ok()?;
    serde_json::from_slice(&body).ok()
}

/// The list names all abilities of the model.
fn parse_abilities(description: &Value) -> Abilities {
    let listed = description["capabilities"].as_array();
    let has = |ability: &str| listed.map(|all| all.iter().any(|one| one == ability));
    Abilities {
        vision: has("vision"),
        reasoning: has("thinking"),
        embedding: has("embedding"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_abilities_is_complete() {
        let described = |capabilities: Value| {
            let found = parse_abilities(&json!({ "capabilities": capabilities }));
            [found.vision, found.reasoning, found.embedding]
        };
        let (yes, no) = (Some(true), Some(false));
        assert_eq!(described(json!(["completion", "vision"])), [yes, no, no]);
        assert_eq!(described(json!(["completion", "thinking"])), [no, yes, no]);
        assert_eq!(described(json!(["embedding"])), [no, no, yes]);
        // Servers before version 0.6.4 list none.
        assert_eq!(described(Value::Null), [None; 3]);
    }

    #[test]
    fn ollama_is_recognised_by_its_list() {
        let list =
            |owner: &str| json!({"object": "list", "data": [{"id": "a", "owned_by": owner}]});
        assert!(is_ollama(&list("library")));
        assert!(!is_ollama(&list("openai")));
        assert!(!is_ollama(&json!([])));
    }
}

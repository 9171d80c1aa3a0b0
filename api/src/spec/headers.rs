//! Headers: their standard spelling, one description each, and only on the operations that read them.

use serde_json::{Map, Value, json};

use super::{Operation, operations};

/// Names with irregular spelling.
const SPELLED: [&str; 5] = [
    "ETag",
    "ConvoSphere-Min-Position",
    "ConvoSphere-Missing-Scripts",
    "ConvoSphere-Position",
    "ConvoSphere-Reason",
];

/// Descriptions of response headers, where those of the operations differ or are missing.
const DESCRIPTIONS: [(&str, &str); 5] = [
    ("Content-Length", "The number of bytes."),
    (
        "Content-Security-Policy",
        "Prevents browsers from running anything in the file.",
    ),
    (
        "ConvoSphere-Position",
        "The log position that the response includes.",
    ),
    ("ETag", "The version of the object, for `If-Match`."),
    ("Location", "The path of the created object or job."),
];

/// Writes that do not check the version of their object.
const UNVERSIONED: [&str; 10] = [
    "addDocument",
    "cancelJob",
    "cancelResponse",
    "duplicateAssistant",
    "endAllSessions",
    "endSession",
    "logout",
    "rebuildProjection",
    "retryParked",
    "searchKnowledge",
];

/// Streams that can be resumed after a frame.
const RESUMABLE: [&str; 4] = [
    "getFeed",
    "streamConversation",
    "streamEvents",
    "streamResponse",
];

pub(super) fn apply(spec: &mut Value) {
    for mut operation in operations(spec) {
        let (id, accepted) = (operation.id().to_owned(), AcceptedHeaders::new(&operation));
        if let Some(Value::Array(parameters)) = operation.fields.get_mut("parameters") {
            for parameter in parameters
                .iter_mut()
                .filter(|parameter| parameter["in"] == "header")
            {
                if let Some(name) = parameter["name"].as_str() {
                    parameter["name"] = standard_spelling(name).into();
                }
            }
            parameters.retain(|parameter| {
                parameter["in"] != "header" || accepted.has(&parameter["name"])
            });
            if RESUMABLE.contains(&id.as_str()) {
                parameters.push(last_event_id());
            }
        }
        for (_, response) in operation.responses() {
            let headers = response.get_mut("headers").and_then(Value::as_object_mut);
            if let Some(headers) = headers {
                let before = std::mem::take(headers);
                *headers = before
                    .into_iter()
                    .map(with_description)
                    .collect::<Map<_, _>>();
            }
        }
    }
}

/// Which of the headers that are declared for all operations an operation reads.
struct AcceptedHeaders {
    reads: bool,
    writes: bool,
    compares: bool,
    public: bool,
}

impl AcceptedHeaders {
    fn new(operation: &Operation<'_>) -> Self {
        let id = operation.id();
        let reads = operation.method == "get" || id == "searchKnowledge";
        let on_object = operation.method != "post" || operation.path.contains('{');
        Self {
            reads,
            writes: !reads,
            compares: !reads && on_object && !UNVERSIONED.contains(&id),
            public: operation.is_public(),
        }
    }

    fn has(&self, name: &Value) -> bool {
        match name.as_str() {
            Some("ConvoSphere-Min-Position") => self.reads && !self.public,
            Some("Idempotency-Key") => self.writes && !self.public,
            Some("If-Match") => self.compares,
            Some("ConvoSphere-Reason") => self.writes,
            _ => true,
        }
    }
}

/// Browsers and SDKs send it automatically when they reconnect.
fn last_event_id() -> Value {
    json!({
        "name": "Last-Event-ID",
        "in": "header",
        "required": false,
        "description": "The id of the last received frame; the stream continues after it.",
        "schema": {"type": "string"},
    })
}

fn with_description((name, mut header): (String, Value)) -> (String, Value) {
    let name = standard_spelling(&name);
    if let Some((_, text)) = DESCRIPTIONS.iter().find(|(known, _)| *known == name) {
        header["description"] = (*text).into();
    }
    (name, header)
}

/// `IF-MATCH` as `If-Match`.
fn standard_spelling(name: &str) -> String {
    let spelled = SPELLED
        .iter()
        .find(|known| known.eq_ignore_ascii_case(name));
    if let Some(spelled) = spelled {
        return (*spelled).to_owned();
    }
    let words = name.split('-').map(|word| match word.split_at_checked(1) {
        Some((first, rest)) => first.to_ascii_uppercase() + &rest.to_ascii_lowercase(),
        None => String::new(),
    });
    words.collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_their_standard_spelling() {
        for name in [
            "Idempotency-Key",
            "If-Match",
            "ETag",
            "Location",
            "X-Request-Id",
            "ConvoSphere-Min-Position",
            "Content-Disposition",
        ] {
            assert_eq!(standard_spelling(&name.to_uppercase()), name);
        }
    }

    #[test]
    fn operations_declare_only_headers_that_they_read() {
        let declared = [
            "IDEMPOTENCY-KEY",
            "IF-MATCH",
            "CONVOSPHERE-MIN-POSITION",
            "CONVOSPHERE-REASON",
        ];
        let parameters = declared.map(|name| json!({"in": "header", "name": name}));
        let guarded = json!([{"access_token": []}]);
        let mut spec = json!({"paths": {
            "/things": {
                "get": {"security": guarded, "parameters": parameters},
                "post": {"security": guarded, "parameters": parameters},
            },
            "/things/{id}": {"patch": {"security": guarded, "parameters": parameters}},
            "/login": {"post": {"security": [], "parameters": parameters}},
        }});
        apply(&mut spec);
        let names = |path: &str, method: &str| -> Vec<String> {
            let parameters = spec["paths"][path][method]["parameters"]
                .as_array()
                .unwrap();
            parameters
                .iter()
                .map(|one| one["name"].as_str().unwrap().to_owned())
                .collect()
        };
        assert_eq!(names("/things", "get"), ["ConvoSphere-Min-Position"]);
        assert_eq!(
            names("/things", "post"),
            ["Idempotency-Key", "ConvoSphere-Reason"]
        );
        let patch = names("/things/{id}", "patch");
        assert_eq!(patch, ["Idempotency-Key", "If-Match", "ConvoSphere-Reason"]);
        assert_eq!(names("/login", "post"), ["ConvoSphere-Reason"]);
    }
}

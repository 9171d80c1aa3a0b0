//! Headers under the names by which people know them, each described once, and each where it is heeded.

use serde_json::{Map, Value, json};

use super::{Operation, operations};

/// Names whose spelling does not follow from their words.
const SPELLED: [&str; 5] = [
    "ETag",
    "ConvoSphere-Min-Position",
    "ConvoSphere-Missing-Scripts",
    "ConvoSphere-Position",
    "ConvoSphere-Reason",
];

/// What a header of a response says, where operations say it differently or not at all.
const DESCRIBED: [(&str, &str); 5] = [
    ("Content-Length", "The number of bytes."),
    (
        "Content-Security-Policy",
        "Forbids a browser to run anything of the file.",
    ),
    (
        "ConvoSphere-Position",
        "The position of the log that the answer includes.",
    ),
    ("ETag", "The version of the object, for `If-Match`."),
    ("Location", "The path of the created object or job."),
];

/// Writes on an object that do not compare its version.
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

/// Streams that continue after the frame that a client names.
const RESUMED: [&str; 4] = [
    "getFeed",
    "streamConversation",
    "streamEvents",
    "streamResponse",
];

pub fn apply(spec: &mut Value) {
    for mut operation in operations(spec) {
        let (id, heeded) = (operation.id().to_owned(), Heeded::by(&operation));
        if let Some(Value::Array(parameters)) = operation.fields.get_mut("parameters") {
            for parameter in parameters
                .iter_mut()
                .filter(|parameter| parameter["in"] == "header")
            {
                if let Some(name) = parameter["name"].as_str() {
                    parameter["name"] = natural(name).into();
                }
            }
            parameters
                .retain(|parameter| parameter["in"] != "header" || heeded.has(&parameter["name"]));
            if RESUMED.contains(&id.as_str()) {
                parameters.push(last_event_id());
            }
        }
        for (_, response) in operation.responses() {
            let headers = response.get_mut("headers").and_then(Value::as_object_mut);
            if let Some(headers) = headers {
                let before = std::mem::take(headers);
                *headers = before.into_iter().map(described).collect::<Map<_, _>>();
            }
        }
    }
}

/// Which of the headers that are declared for all operations this one reads.
struct Heeded {
    reads: bool,
    writes: bool,
    compares: bool,
    public: bool,
}

impl Heeded {
    fn by(operation: &Operation<'_>) -> Self {
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

/// Browsers and SDKs send it by themselves when they reconnect.
fn last_event_id() -> Value {
    json!({
        "name": "Last-Event-ID",
        "in": "header",
        "required": false,
        "description": "The id of the last frame that was received: the stream continues after it.",
        "schema": {"type": "string"},
    })
}

fn described((name, mut header): (String, Value)) -> (String, Value) {
    let name = natural(&name);
    if let Some((_, text)) = DESCRIBED.iter().find(|(known, _)| *known == name) {
        header["description"] = (*text).into();
    }
    (name, header)
}

/// `IF-MATCH` as `If-Match`.
fn natural(name: &str) -> String {
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
    fn names_are_spelled_as_their_standards_spell_them() {
        for name in [
            "Idempotency-Key",
            "If-Match",
            "ETag",
            "Location",
            "X-Request-Id",
            "ConvoSphere-Min-Position",
            "Content-Disposition",
        ] {
            assert_eq!(natural(&name.to_uppercase()), name);
        }
    }

    #[test]
    fn an_operation_has_the_headers_that_it_reads() {
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

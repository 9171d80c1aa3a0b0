//! Moves headers, parameters and responses that several operations share into components.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::operations;

/// Components of one kind, by name.
type Shared = BTreeMap<String, Value>;

pub(super) fn apply(spec: &mut Value) {
    let (mut headers, mut parameters, mut responses) = (
        Candidates::default(),
        Candidates::default(),
        Candidates::default(),
    );
    count(spec, &mut headers, &mut parameters, &mut responses);
    let (headers, parameters) = (headers.shared(), parameters.shared());
    // Responses are compared before their headers are replaced by references.
    let mut responses = responses.shared();
    for mut operation in operations(spec) {
        let path = operation.path;
        for parameter in operation.parameters() {
            let name = parameter_name(path, parameter);
            replace_by_reference("parameters", &name, &parameters, parameter);
        }
        for (status, response) in operation.responses() {
            replace_by_reference("responses", response_name(status), &responses, response);
            replace_headers(response, &headers);
        }
    }
    for response in responses.values_mut() {
        replace_headers(response, &headers);
    }
    for (kind, shared) in [
        ("headers", headers),
        ("parameters", parameters),
        ("responses", responses),
    ] {
        spec["components"][kind] = Value::Object(shared.into_iter().collect::<Map<_, _>>());
    }
}

fn count(
    spec: &mut Value,
    headers: &mut Candidates,
    parameters: &mut Candidates,
    responses: &mut Candidates,
) {
    for mut operation in operations(spec) {
        let path = operation.path;
        for parameter in operation.parameters() {
            parameters.add(&parameter_name(path, parameter), parameter);
        }
        for (status, response) in operation.responses() {
            responses.add(response_name(status), response);
            for (name, header) in response["headers"].as_object().into_iter().flatten() {
                headers.add(name, header);
            }
        }
    }
}

/// The values of each name, with the number of their occurrences.
#[derive(Default)]
struct Candidates(BTreeMap<String, Vec<(Value, usize)>>);

impl Candidates {
    fn add(&mut self, name: &str, value: &Value) {
        // Without a name it cannot become a component.
        if name.is_empty() {
            return;
        }
        let known = self.0.entry(name.to_owned()).or_default();
        match known.iter_mut().find(|(other, _)| other == value) {
            Some((_, count)) => *count += 1,
            None => known.push((value.clone(), 1)),
        }
    }

    /// The most frequent value of each name, if it occurs more than once.
    fn shared(self) -> Shared {
        let most = self.0.into_iter().filter_map(|(name, known)| {
            let (value, count) = known.into_iter().max_by_key(|(_, count)| *count)?;
            (count > 1).then_some((name, value))
        });
        most.collect()
    }
}

fn replace_by_reference(kind: &str, name: &str, shared: &Shared, value: &mut Value) {
    if shared.get(name) == Some(value) {
        *value = json!({"$ref": format!("#/components/{kind}/{name}")});
    }
}

fn replace_headers(response: &mut Value, shared: &Shared) {
    let headers = response.get_mut("headers").and_then(Value::as_object_mut);
    for (name, header) in headers.into_iter().flatten() {
        replace_by_reference("headers", name, shared, header);
    }
}

/// `If-Match` as `IfMatch`; the `id` below `/knowledge-bases` as `KnowledgeBaseId`.
fn parameter_name(path: &str, parameter: &Value) -> String {
    let name = parameter["name"].as_str().unwrap_or_default();
    let place = format!("/{{{name}}}");
    let above = path
        .find(&place)
        .and_then(|end| path.get(..end)?.rsplit('/').next());
    match above {
        Some(above) if name == "id" => pascal(above.strip_suffix('s').unwrap_or(above)) + "Id",
        Some(above) if name == "name" => pascal(above.strip_suffix('s').unwrap_or(above)) + "Name",
        Some(_) if name == "n" => "VersionNumber".to_owned(),
        _ => pascal(name),
    }
}

fn pascal(name: &str) -> String {
    let words = name
        .split(['-', '_'])
        .map(|word| match word.split_at_checked(1) {
            Some((first, rest)) => first.to_ascii_uppercase() + rest,
            None => String::new(),
        });
    words.collect()
}

/// The component name of an error. Successful responses differ between operations and have none.
fn response_name(status: &str) -> &'static str {
    match status {
        "400" => "BadRequest",
        "401" => "Unauthorized",
        "403" => "Forbidden",
        "404" => "NotFound",
        "408" => "RequestTimeout",
        "409" => "Conflict",
        "410" => "Gone",
        "412" => "PreconditionFailed",
        "413" => "ContentTooLarge",
        "415" => "UnsupportedMediaType",
        "416" => "RangeNotSatisfiable",
        "422" => "UnprocessableContent",
        "429" => "TooManyRequests",
        "500" => "InternalServerError",
        "503" => "ServiceUnavailable",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::super::resolve;
    use super::*;

    #[test]
    fn parameters_are_named_after_their_resource() {
        let id = json!({"name": "id"});
        assert_eq!(
            parameter_name("/api/v1/knowledge-bases/{id}/documents", &id),
            "KnowledgeBaseId"
        );
        let user = json!({"name": "user_id"});
        assert_eq!(
            parameter_name("/groups/{id}/members/{user_id}", &user),
            "UserId"
        );
        assert_eq!(
            parameter_name("/groups", &json!({"name": "If-Match"})),
            "IfMatch"
        );
    }

    #[test]
    fn shared_values_become_components_and_others_stay() {
        let operation = |limit: &str| {
            json!({
                "parameters": [{"name": "q"}, {"name": "limit", "description": limit}],
                "responses": {
                    "200": {"description": "The thing.", "headers": {"ETag": {}}},
                    "404": {"description": "No such object.", "headers": {"X-Request-Id": {}}},
                },
            })
        };
        let mut spec = json!({"components": {}, "paths": {
            "/a": {"get": operation("a")},
            "/b": {"get": operation("b"), "post": operation("b")},
        }});
        let before = spec.clone();
        apply(&mut spec);
        let get = &spec["paths"]["/a"]["get"];
        assert_eq!(
            get["parameters"][0],
            json!({"$ref": "#/components/parameters/Q"})
        );
        assert_eq!(
            get["parameters"][1],
            before["paths"]["/a"]["get"]["parameters"][1]
        );
        let post = &spec["paths"]["/b"]["post"];
        assert_eq!(
            post["parameters"][1],
            json!({"$ref": "#/components/parameters/Limit"})
        );
        assert_eq!(
            get["responses"]["404"],
            json!({"$ref": "#/components/responses/NotFound"})
        );
        let not_found = resolve(&spec, &get["responses"]["404"]);
        assert_eq!(
            not_found["headers"]["X-Request-Id"]["$ref"],
            "#/components/headers/X-Request-Id"
        );
        assert_eq!(get["responses"]["200"]["description"], "The thing.");
        let etag = &get["responses"]["200"]["headers"]["ETag"];
        assert_eq!(resolve(&spec, etag), &json!({}));
    }
}

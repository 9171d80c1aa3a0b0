//! The contract, generated from the handlers.

use poem_openapi::{ContactObject, ExtraHeader, LicenseObject, OpenApiService};
use serde_json::{Map, Value, json};

use crate::analytics::AnalyticsApi;
use crate::assistant::{AssistantApi, AssistantVersionApi};
use crate::backup::BackupApi;
use crate::conversation::ConversationApi;
use crate::document::DocumentApi;
use crate::export::ExportApi;
use crate::feed::FeedApi;
use crate::file::FileApi;
use crate::group::{GroupApi, MemberApi};
use crate::import::ImportApi;
use crate::job::JobApi;
use crate::knowledge::KnowledgeApi;
use crate::log::LogApi;
use crate::message::MessageApi;
use crate::model::ModelApi;
use crate::provider::ProviderApi;
use crate::response::ResponseApi;
use crate::search::SearchApi;
use crate::session::SessionApi;
use crate::settings::SettingsApi;
use crate::setup::SetupApi;
use crate::stream::StreamApi;
use crate::user::UserApi;

type Apis = (
    SetupApi,
    SessionApi,
    (UserApi, GroupApi, MemberApi),
    (AssistantApi, AssistantVersionApi),
    ModelApi,
    (ProviderApi, SettingsApi),
    AnalyticsApi,
    (ConversationApi, ExportApi, ImportApi),
    StreamApi,
    FeedApi,
    (FileApi, KnowledgeApi, DocumentApi),
    MessageApi,
    ResponseApi,
    SearchApi,
    JobApi,
    (LogApi, BackupApi),
);

/// All operations as one service.
pub fn service() -> OpenApiService<Apis, ()> {
    let apis = (
        SetupApi,
        SessionApi,
        (UserApi, GroupApi, MemberApi),
        (AssistantApi, AssistantVersionApi),
        ModelApi,
        (ProviderApi, SettingsApi),
        AnalyticsApi,
        (ConversationApi, ExportApi, ImportApi),
        StreamApi,
        FeedApi,
        (FileApi, KnowledgeApi, DocumentApi),
        MessageApi,
        ResponseApi,
        SearchApi,
        JobApi,
        (LogApi, BackupApi),
    );
    OpenApiService::new(apis, "ConvoSphere", env!("CARGO_PKG_VERSION"))
        .description(
            "A self-hosted AI assistant platform on one ordered, encrypted, tamper-evident event log. Errors are \
             application/problem+json. Writes accept Idempotency-Key and If-Match and return ConvoSphere-Position; \
             reads accept ConvoSphere-Min-Position.",
        )
        .license(LicenseObject::new("MIT OR Apache-2.0"))
        .contact(ContactObject::new().name("ConvoSphere"))
        .extra_request_header::<Option<String>, _>(
            ExtraHeader::new("Idempotency-Key")
                .description("On writes: the same key gives the same result for 24 hours; 1 to 255 bytes."),
        )
        .extra_request_header::<Option<String>, _>(
            ExtraHeader::new("If-Match").description("On writes: the ETag that the object must still have."),
        )
        .extra_request_header::<Option<i64>, _>(
            ExtraHeader::new("ConvoSphere-Min-Position")
                .description("On reads: the position that the answer must have reached."),
        )
        .extra_request_header::<Option<String>, _>(
            ExtraHeader::new("ConvoSphere-Reason").description("On writes: why; kept, sealed, in the audit."),
        )
        .extra_response_header::<String, _>(
            ExtraHeader::new("X-Request-Id").description("The id of the request, yours or a new one."),
        )
}

/// The contract as JSON. Fields that may be left out may also be null, in both directions; the generator leaves that
/// unsaid.
pub fn spec() -> Value {
    let mut spec: Value = serde_json::from_str(&service().spec()).unwrap_or_default();
    if let Some(schemas) = spec["components"]["schemas"].as_object_mut() {
        for schema in schemas.values_mut() {
            let required: Vec<String> = schema["required"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|name| name.as_str().map(str::to_owned))
                .collect();
            if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
                properties.values_mut().for_each(described_once);
                nullable(properties, &required);
            }
        }
    }
    spec
}

/// A reference with a description is one of two schemas, the other of which holds the description alone: generators of
/// clients stumble over it, and the property says the same.
fn described_once(property: &mut Value) {
    if let Some(parts) = property.get_mut("allOf").and_then(Value::as_array_mut) {
        parts.retain(|part| {
            part.as_object()
                .is_none_or(|part| !part.keys().eq(["description"]))
        });
    }
}

fn nullable(properties: &mut Map<String, Value>, required: &[String]) {
    for (name, property) in properties.iter_mut() {
        if required.contains(name) {
            continue;
        }
        let reference = property
            .as_object_mut()
            .and_then(|fields| fields.remove("$ref"));
        if let Some(reference) = reference {
            *property = json!({"allOf": [{"$ref": reference}]});
        }
        property["nullable"] = json!(true);
    }
}

/// The form in which the contract is committed and served.
pub fn to_text(spec: &Value) -> String {
    let mut text = serde_json::to_string_pretty(spec).unwrap_or_default();
    text.push('\n');
    text
}

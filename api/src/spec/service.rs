//! All operations as one service.

use poem_openapi::{ContactObject, ExtraHeader, LicenseObject, OpenApi, OpenApiService};

use super::paths::MergedPaths;

/// All operations as one service.
pub(crate) fn service() -> OpenApiService<impl OpenApi, ()> {
    OpenApiService::new(MergedPaths(crate::operations()), "ConvoSphere", env!("CARGO_PKG_VERSION"))
        .description(
            "A self-hosted AI assistant platform on one ordered, encrypted, tamper-evident event log.\n\n\
             Errors are `application/problem+json` with a stable `code`. Lists are paged: send `next_cursor` as `cursor`. \
             Optional fields may also be null. Writes accept `Idempotency-Key` and return \
             `ConvoSphere-Position`; reads that must see a write send it as `ConvoSphere-Min-Position`. Every response \
             has an `X-Request-Id`. Requests for an unknown host name are refused with 421.",
        )
        .license(LicenseObject::new("MIT OR Apache-2.0").url("https://spdx.org/licenses/"))
        .contact(ContactObject::new().name("ConvoSphere"))
        .extra_request_header::<Option<String>, _>(
            ExtraHeader::new("Idempotency-Key")
                .description("Requests that are repeated with the same key within 24 hours have the same result; 1 to 255 bytes."),
        )
        .extra_request_header::<Option<String>, _>(
            ExtraHeader::new("If-Match").description("The `ETag` that the object must still have; otherwise the response is 412."),
        )
        .extra_request_header::<Option<i64>, _>(
            ExtraHeader::new("ConvoSphere-Min-Position")
                .description("The log position that the response must include, as returned by a write."),
        )
        .extra_request_header::<Option<String>, _>(
            ExtraHeader::new("ConvoSphere-Reason").description("The reason for the change, at most 500 characters; stored encrypted in the event log."),
        )
        .extra_response_header::<String, _>(
            ExtraHeader::new("X-Request-Id").description("The id of the request: the one the client sent, or a new one."),
        )
}

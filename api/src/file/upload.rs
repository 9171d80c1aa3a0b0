//! `POST /files`

use poem::Result;
use poem_openapi::OpenApi;

use super::receive::{MultipartBody, receive};
use super::wire::Uploaded;
use super::{Tag, record_upload};
use crate::http::{Ctx, Problem};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Files")]
impl Operation {
    /// Uploads a file.
    ///
    /// Send one part named `file`, with a file name. Uploading the same bytes under the same name again returns the
    /// existing file; under another name they are a new file.
    #[oai(path = "/files", method = "post", operation_id = "uploadFile")]
    async fn upload_file(&self, ctx: Ctx, body: MultipartBody) -> Result<Uploaded, Problem> {
        let received = receive(&ctx, body).await?;
        let key = ctx
            .meta
            .idempotency(&ctx.caller, received.fingerprint().as_bytes());
        let (file, is_new) = record_upload(&ctx, received, key).await?;
        Ok(Uploaded::new(file, is_new, ctx.feed.head()))
    }
}

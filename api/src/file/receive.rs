//! Receives an upload: encrypts and stores it while it arrives, and checks the size limits on the way.

use std::time::Duration;

use domain::file::{FileError, UploadFile, file_name};
use domain::user::Role;
use eventstore::files::Upload;
use multer::{Field, Multipart};
use poem::http::StatusCode;
use poem::{Request, RequestBody, Result};
use poem_openapi::registry::{MetaMediaType, MetaRequest, MetaSchema, MetaSchemaRef, Registry};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};
use projections::file::usage;
use tokio::time::{Instant, timeout_at};

use super::sniff::Sniffer;
use crate::http::{Ctx, Problem};
use crate::state::App;

/// How long the next chunk of an upload may take.
const CHUNK_LIMIT: Duration = Duration::from_secs(15);
/// An upload may take a minute, and longer as long as it keeps this rate in bytes per second.
const GRACE: Duration = Duration::from_mins(1);
const MIN_RATE: u64 = 16 * 1024;
/// Allowance for the multipart framing, in bytes.
const OVERHEAD: u64 = 64 * 1024;

/// An unread body of `multipart/form-data`.
pub(crate) struct MultipartBody {
    parts: Multipart<'static>,
    length: Option<u64>,
}

/// A file whose bytes are stored, but that no event records yet.
pub(crate) struct Received {
    pub file: UploadFile,
}

impl<'a> ApiExtractor<'a> for MultipartBody {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::RequestObject];

    type ParamType = ();
    type ParamRawType = ();

    fn register(_: &mut Registry) {}

    fn request_meta() -> Option<MetaRequest> {
        let file = MetaSchema {
            description: Some("The bytes, with a file name."),
            ..MetaSchema::new_with_format("string", "binary")
        };
        let schema = MetaSchema {
            required: vec!["file"],
            properties: vec![("file", MetaSchemaRef::Inline(Box::new(file)))],
            ..MetaSchema::new("object")
        };
        Some(MetaRequest {
            description: None,
            content: vec![MetaMediaType {
                content_type: "multipart/form-data",
                schema: MetaSchemaRef::Inline(Box::new(schema)),
            }],
            required: true,
        })
    }

    async fn from_request(
        request: &'a Request,
        body: &mut RequestBody,
        _: ExtractParamOptions<()>,
    ) -> Result<Self> {
        let kind = request.content_type().unwrap_or_default();
        let boundary = multer::parse_boundary(kind).map_err(|_| {
            Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported_media_type",
                "send the file as Content-Type: multipart/form-data, with a boundary",
            )
        })?;
        let length = request
            .header("content-length")
            .and_then(|length| length.parse().ok());
        Ok(Self {
            parts: Multipart::new(body.take()?.into_bytes_stream(), boundary),
            length,
        })
    }
}

impl Received {
    /// Identifies the content of the request: the digest of the bytes, and the name.
    pub(crate) fn fingerprint(&self) -> String {
        format!("{}\n{}", self.file.sha256, self.file.name)
    }
}

/// Receives the file of an upload.
pub(crate) async fn receive(ctx: &Ctx, mut body: MultipartBody) -> Result<Received, Problem> {
    if ctx.caller.role == Role::Guest {
        return Err(Problem::refused(FileError::GuestsCannotCreate));
    }
    let limit = ctx.settings.max_file;
    if body.length.is_some_and(|length| length > limit + OVERHEAD) {
        return Err(too_large(limit));
    }
    let used = u64::try_from(usage::bytes_used(&ctx.pool, ctx.caller.id).await?).unwrap_or(0);
    let left = ctx.settings.file_quota.saturating_sub(used);
    let started = Instant::now();
    let until = started + CHUNK_LIMIT;
    let field = next_part(&mut body.parts, until)
        .await?
        .ok_or_else(|| missing("send the file as a part named \"file\""))?;
    if field.name() != Some("file") {
        return Err(unknown(field.name()));
    }
    let name = match field.file_name() {
        Some(name) => name.to_owned(),
        None => return Err(missing("the part \"file\" needs a file name")),
    };
    file_name(&name).map_err(Problem::refused)?;
    let id = ctx.clock.new_id();
    let mut upload = ctx.files.begin_upload(id).await?;
    let stored = store_part(field, &mut upload, started, (limit, left, &ctx.app)).await;
    let ended = match stored {
        Ok(sniffer) => match next_part(&mut body.parts, Instant::now() + CHUNK_LIMIT).await {
            Ok(None) if upload.size() == 0 => Err(empty()),
            Ok(None) => Ok(sniffer),
            Ok(Some(field)) => Err(unknown(field.name())),
            Err(problem) => Err(problem),
        },
        Err(problem) => Err(problem),
    };
    let sniffer = match ended {
        Ok(sniffer) => sniffer,
        Err(problem) => {
            upload.abort().await;
            return Err(problem);
        }
    };
    let stored = upload.finish().await?;
    Ok(Received {
        file: UploadFile {
            id,
            owner_id: ctx.caller.id,
            role: ctx.caller.role,
            media_type: sniffer.media_type(&name),
            name,
            size: stored.size,
            sha256: stored.sha256,
            content_key: stored.content_key,
        },
    })
}

/// Stores the bytes of a part, and inspects them for the media type.
async fn store_part(
    mut field: Field<'static>,
    upload: &mut Upload,
    started: Instant,
    (limit, left, app): (u64, u64, &App),
) -> Result<Sniffer, Problem> {
    let mut sniffer = Sniffer::default();
    loop {
        let whole = started + GRACE + Duration::from_secs(upload.size() / MIN_RATE);
        let until = whole.min(Instant::now() + CHUNK_LIMIT);
        let chunk = timeout_at(until, field.chunk())
            .await
            .map_err(|_| slow())?
            .map_err(|error| malformed(&error))?;
        let Some(chunk) = chunk else {
            return Ok(sniffer);
        };
        let size = upload.size() + chunk.len() as u64;
        if size > limit {
            return Err(too_large(limit));
        }
        if size > left {
            return Err(quota_exceeded(app));
        }
        sniffer.add(&chunk);
        upload.write(&chunk).await?;
    }
}

async fn next_part(
    parts: &mut Multipart<'static>,
    until: Instant,
) -> Result<Option<Field<'static>>, Problem> {
    timeout_at(until, parts.next_field())
        .await
        .map_err(|_| slow())?
        .map_err(|error| malformed(&error))
}

fn slow() -> Problem {
    Problem::new(
        StatusCode::REQUEST_TIMEOUT,
        "body_timeout",
        "the file arrived too slowly; send it again",
    )
}

fn malformed(error: &multer::Error) -> Problem {
    Problem::new(
        StatusCode::BAD_REQUEST,
        "malformed_multipart",
        format!("the body is not valid multipart/form-data: {error}"),
    )
}

fn missing(detail: &str) -> Problem {
    Problem::invalid("/file", "missing", detail)
}

fn empty() -> Problem {
    Problem::invalid(
        "/file",
        "empty",
        "the file is empty; check that it was saved, and upload it again",
    )
}

fn unknown(name: Option<&str>) -> Problem {
    let name: String = name.unwrap_or_default().chars().take(100).collect();
    Problem::invalid(
        &format!("/{name}"),
        "unknown_field",
        "an upload must have exactly one part, named \"file\"",
    )
}

fn too_large(limit: u64) -> Problem {
    Problem::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "too_large",
        format!("a file must have at most {limit} bytes"),
    )
}

pub(super) fn quota_exceeded(app: &App) -> Problem {
    let quota = app.settings.file_quota;
    Problem::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "quota_exceeded",
        format!("your files must have at most {quota} bytes in total; delete some first"),
    )
}

//! The web client, built into the program: its files as they are, precompressed where the browser takes that.

use poem::http::{HeaderMap, StatusCode, header};
use poem::{Response, Result};
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::head::listed;
use crate::problem::Problem;

/// Present where `web/dist/client` was when this was compiled.
#[derive(RustEmbed)]
#[folder = "../web/dist/client"]
#[allow_missing = true]
struct Files;

const INDEX: &str = "index.html";
/// Files in this folder have a digest in their names: they never change.
const IMMUTABLE: &str = "client/";

/// Whether this program was built with the web client.
pub fn is_built_in() -> bool {
    Files::get(INDEX).is_some()
}

/// A file of the client, by its path.
pub(super) fn file(path: &str, headers: &HeaderMap) -> Result<Response> {
    let found = Files::get(path).filter(|_| !is_compressed(path));
    let file = found.ok_or_else(Problem::not_found)?;
    Ok(answer(path, &file, headers))
}

/// The page of every room: which one it is, the client reads in the address.
pub(super) fn page(headers: &HeaderMap) -> Result<Response> {
    file(INDEX, headers)
}

fn answer(path: &str, file: &EmbeddedFile, headers: &HeaderMap) -> Response {
    let tag = tag(file);
    let known = headers.get(header::IF_NONE_MATCH);
    let mut response = Response::builder()
        .header(header::ETAG, &tag)
        .header(header::VARY, "Accept-Encoding")
        .header(header::CACHE_CONTROL, caching(path));
    if known.is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        return response.status(StatusCode::NOT_MODIFIED).finish();
    }
    response = response.content_type(kind(path));
    let compressed = Files::get(&format!("{path}.br")).filter(|_| takes_brotli(headers));
    match compressed {
        Some(compressed) => response
            .header(header::CONTENT_ENCODING, "br")
            .body(compressed.data.into_owned()),
        None => response.body(file.data.clone().into_owned()),
    }
}

fn tag(file: &EmbeddedFile) -> String {
    let digest = file.metadata.sha256_hash();
    format!("\"{}\"", eventstore::chain::hex(&digest[..16]))
}

fn caching(path: &str) -> &'static str {
    match path.starts_with(IMMUTABLE) {
        true => "public, max-age=31536000, immutable",
        false => "no-cache",
    }
}

fn is_compressed(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, kind)| kind == "br")
}

fn takes_brotli(headers: &HeaderMap) -> bool {
    listed(headers, "accept-encoding")
        .map(|coding| coding.replace(' ', ""))
        .any(|coding| coding == "br" || coding.starts_with("br;") && coding != "br;q=0")
}

fn kind(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, kind)| kind) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("webmanifest") => "application/manifest+json",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encodings(text: &str) -> HeaderMap {
        HeaderMap::from_iter([(header::ACCEPT_ENCODING, text.parse().unwrap())])
    }

    #[test]
    fn brotli_is_sent_to_who_takes_it() {
        for yes in ["br", "gzip, deflate, br, zstd", "gzip;q=0.5, br;q=0.8"] {
            assert!(takes_brotli(&encodings(yes)), "{yes}");
        }
        for no in ["gzip", "br;q=0", "brotli"] {
            assert!(!takes_brotli(&encodings(no)), "{no}");
        }
        assert!(!takes_brotli(&HeaderMap::new()));
    }

    #[test]
    fn what_is_no_file_of_the_client_is_not_found() {
        for path in ["", "../Cargo.toml", "client/none.js", "index.html.br"] {
            assert!(file(path, &HeaderMap::new()).is_err(), "{path}");
        }
    }
}

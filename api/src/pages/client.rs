//! The web client, embedded in the program. Files are served precompressed if the browser accepts that.

use poem::http::{HeaderMap, StatusCode, header};
use poem::{Response, Result};
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::http::{Problem, header_entries};

/// Empty if `web/dist/client` did not exist at compile time.
#[derive(RustEmbed)]
#[folder = "../web/dist/client"]
#[allow_missing = true]
struct Files;

const INDEX: &str = "index.html";
/// Files in this folder have a digest in their names and never change.
const IMMUTABLE: &str = "client/";

/// Whether this program was built with the web client.
pub fn is_built_in() -> bool {
    Files::get(INDEX).is_some()
}

/// Serves a file of the client.
pub(super) fn file(path: &str, headers: &HeaderMap) -> Result<Response> {
    let found = Files::get(path).filter(|_| !is_compressed(path));
    let file = found.ok_or_else(Problem::not_found)?;
    Ok(respond(path, &file, headers))
}

/// Serves the page that the client's router starts from, whatever the path.
pub(super) fn page(headers: &HeaderMap) -> Result<Response> {
    file(INDEX, headers)
}

fn respond(path: &str, file: &EmbeddedFile, headers: &HeaderMap) -> Response {
    let etag = etag(file);
    let cached = headers.get(header::IF_NONE_MATCH);
    let mut response = Response::builder()
        .header(header::ETAG, &etag)
        .header(header::VARY, "Accept-Encoding")
        .header(header::CACHE_CONTROL, cache_control(path));
    if path.starts_with(IMMUTABLE) {
        // Previews have no origin, and browsers load modules and fonts across origins only where that is allowed. These
        // files are the same in every installation.
        response = response.header(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    }
    if cached.is_some_and(|cached| cached.as_bytes() == etag.as_bytes()) {
        return response.status(StatusCode::NOT_MODIFIED).finish();
    }
    response = response.content_type(content_type(path));
    let compressed = Files::get(&format!("{path}.br")).filter(|_| accepts_brotli(headers));
    match compressed {
        Some(compressed) => response
            .header(header::CONTENT_ENCODING, "br")
            .body(compressed.data.into_owned()),
        None => response.body(file.data.clone().into_owned()),
    }
}

fn etag(file: &EmbeddedFile) -> String {
    let digest = file.metadata.sha256_hash();
    format!("\"{}\"", hex::encode(&digest[..16]))
}

fn cache_control(path: &str) -> &'static str {
    match path.starts_with(IMMUTABLE) {
        true => "public, max-age=31536000, immutable",
        false => "no-cache",
    }
}

fn is_compressed(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, kind)| kind == "br")
}

fn accepts_brotli(headers: &HeaderMap) -> bool {
    header_entries(headers, "accept-encoding")
        .map(|coding| coding.replace(' ', ""))
        .any(|coding| coding == "br" || coding.starts_with("br;") && coding != "br;q=0")
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, kind)| kind) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        Some("txt") => "text/plain; charset=utf-8",
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
    fn brotli_is_sent_to_clients_that_accept_it() {
        for yes in ["br", "gzip, deflate, br, zstd", "gzip;q=0.5, br;q=0.8"] {
            assert!(accepts_brotli(&encodings(yes)), "{yes}");
        }
        for no in ["gzip", "br;q=0", "brotli"] {
            assert!(!accepts_brotli(&encodings(no)), "{no}");
        }
        assert!(!accepts_brotli(&HeaderMap::new()));
    }

    #[test]
    fn unknown_files_are_not_found() {
        for path in ["", "../Cargo.toml", "client/none.js", "index.html.br"] {
            assert!(file(path, &HeaderMap::new()).is_err(), "{path}");
        }
    }
}

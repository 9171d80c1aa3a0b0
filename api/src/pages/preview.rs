//! Pages in which the client shows diagrams and HTML that models wrote.
//!
//! They are sandboxed: they have no origin, so no cookie, token or storage, and their policies allow no request to another
//! host. The policy of the page around a preview prevents navigation to one. `Connection-Allowlist` covers what policies do
//! not: looking up a host, connecting to it before a navigation is refused, and peer connections. Browsers that do not
//! know that header run `web/src/preview/guard.ts` all the same, but connect to the host of a refused navigation.

use std::sync::Arc;

use poem::http::{HeaderName, HeaderValue, header};
use poem::web::Data;
use poem::{Request, Response, Result, handler};

use super::client;
use crate::http::Problem;
use crate::state::App;

const CONNECTION_ALLOWLIST: HeaderName = HeaderName::from_static("connection-allowlist");
/// For diagrams: our own scripts draw them.
const DIAGRAM_POLICY: &str = "sandbox allow-scripts; default-src 'none'; script-src 'self'; \
    style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";
/// For HTML: its own scripts run as well. Markup that they create passes the client's policy for trusted types.
const HTML_POLICY: &str = "sandbox allow-scripts; default-src 'none'; script-src 'self' 'unsafe-inline'; \
    style-src 'unsafe-inline'; img-src data: blob:; media-src data: blob:; font-src data:; base-uri 'none'; \
    form-action 'none'; frame-ancestors 'self'; require-trusted-types-for 'script'; trusted-types default";

/// Serves the page that draws diagrams.
#[handler]
pub(crate) fn diagram(app: Data<&Arc<App>>, request: &Request) -> Result<Response> {
    page(&app, "preview.html", DIAGRAM_POLICY, request)
}

/// Serves the page that shows HTML.
#[handler]
pub(crate) fn html(app: Data<&Arc<App>>, request: &Request) -> Result<Response> {
    page(&app, "preview/html.html", HTML_POLICY, request)
}

fn page(app: &App, file: &str, policy: &'static str, request: &Request) -> Result<Response> {
    if !app.settings.web_client {
        return Err(Problem::not_found().into());
    }
    let mut response = client::file(file, request.headers())?;
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(policy),
    );
    headers.insert(
        header::X_DNS_PREFETCH_CONTROL,
        HeaderValue::from_static("off"),
    );
    headers.insert(
        CONNECTION_ALLOWLIST,
        HeaderValue::from_static("(response-origin)"),
    );
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn previews_are_sandboxed_and_load_nothing_from_other_hosts() {
        for policy in [DIAGRAM_POLICY, HTML_POLICY] {
            let mut directives = policy.split("; ").map(str::trim);
            assert_eq!(directives.next(), Some("sandbox allow-scripts"));
            assert_eq!(directives.next(), Some("default-src 'none'"));
            for directive in directives.filter(|directive| !directive.contains("trusted-types")) {
                for source in directive.split_ascii_whitespace().skip(1) {
                    let known = ["'none'", "'self'", "'unsafe-inline'", "data:", "blob:"];
                    assert!(known.contains(&source), "{directive}");
                }
            }
        }
        assert!(!DIAGRAM_POLICY.contains("script-src 'self' 'unsafe-inline'"));
    }
}

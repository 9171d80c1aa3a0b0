//! Pages in which the client shows diagrams and HTML that models wrote.
//!
//! They are sandboxed: they have no origin, so no cookie, token or storage, and their policies allow no request to another
//! host. The page around a preview adds that it cannot navigate to one (`frame-src`).

use std::sync::Arc;

use poem::http::{HeaderValue, header};
use poem::web::Data;
use poem::{Request, Response, Result, handler};

use super::client;
use crate::http::Problem;
use crate::state::App;

/// For diagrams: our own scripts draw them.
const DIAGRAM_POLICY: &str = "sandbox allow-scripts; default-src 'none'; script-src 'self'; \
    style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";
/// For HTML: its own scripts run as well. Markup that they create passes our policy for trusted types.
const HTML_POLICY: &str = "sandbox allow-scripts; default-src 'none'; script-src 'self' 'unsafe-inline'; \
    style-src 'unsafe-inline'; img-src data: blob:; media-src data: blob:; font-src data:; base-uri 'none'; \
    form-action 'none'; frame-ancestors 'self'; webrtc 'block'";

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
    // Looking up a name is a request, too, and no policy covers it.
    headers.insert(
        header::X_DNS_PREFETCH_CONTROL,
        HeaderValue::from_static("off"),
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
            for directive in directives {
                let sources = directive.split_ascii_whitespace().skip(1);
                for source in sources {
                    let known = [
                        "'none'",
                        "'self'",
                        "'unsafe-inline'",
                        "'block'",
                        "data:",
                        "blob:",
                    ];
                    assert!(known.contains(&source), "{directive}");
                }
            }
        }
        assert!(!DIAGRAM_POLICY.contains("script-src 'self' 'unsafe-inline'"));
    }
}

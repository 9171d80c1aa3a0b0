//! Pages of the server: the web client, the manual and the API reference. Without the client, a start page with the
//! setup form.

pub mod client;
mod preview;

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::manual::{PAGES, anchor};
use poem::http::header;
use poem::web::{Data, Html, Path};
use poem::{IntoResponse, Request, Response, Result, handler};
use projections::user::credentials;
use pulldown_cmark::{Event, HeadingLevel, Parser, Tag, TagEnd, html};
use sha2::{Digest, Sha256};

use crate::http::{Problem, accepts};
use crate::spec;
use crate::state::App;

pub(crate) use self::preview::{diagram as preview_diagram, html as preview_html};

const HOME: &str = include_str!("home.html");
const FRAME: &str = include_str!("page.html");
const SETUP_FORM: &str = include_str!("setup.html");
const SETUP_DONE: &str = "<p>Setup is complete. This program was built without the web client.</p>";

/// The start page without the client: the setup form, if it is needed, and links.
async fn home(app: &App) -> Result<Response> {
    let needed = !credentials::is_set_up(&app.pool)
        .await
        .map_err(Problem::from)?;
    let form = if needed { SETUP_FORM } else { SETUP_DONE };
    let chat = escape(&app.settings.chat_command);
    let body = HOME.replace("{setup}", form).replace("{chat}", &chat);
    Ok(Html(page("ConvoSphere", &body)).into_response())
}

/// Serves a page or a file of the web client.
#[handler]
pub(crate) async fn client_page(app: Data<&Arc<App>>, request: &Request) -> Result<Response> {
    let headers = request.headers();
    match (app.settings.web_client, request.uri().path()) {
        (true, "/") => client::page(headers),
        (true, path) => {
            let found = client::file(path.trim_start_matches('/'), headers);
            // A browser navigates to a page: the client handles the path.
            found.or_else(|problem| match accepts(headers, "text/html") {
                true => client::page(headers),
                false => Err(problem),
            })
        }
        (false, "/") => home(&app).await,
        (false, _) => Err(Problem::not_found().into()),
    }
}

/// Serves the script of the setup form.
#[handler]
pub(crate) fn setup_script() -> Response {
    asset("text/javascript; charset=utf-8", include_str!("setup.js"))
}

/// Serves the style sheet of all pages.
#[handler]
pub(crate) fn style() -> Response {
    asset("text/css; charset=utf-8", include_str!("style.css"))
}

fn asset(content_type: &str, text: &'static str) -> Response {
    Response::builder().content_type(content_type).body(text)
}

/// Serves the table of contents of the manual.
#[handler]
pub(crate) fn manual_index() -> Html<String> {
    let list: String = PAGES
        .iter()
        .map(|page| {
            let title = page
                .markdown
                .lines()
                .next()
                .unwrap_or_default()
                .trim_start_matches("# ");
            format!("<li><a href=\"/manual/{}\">{title}</a></li>", page.name)
        })
        .collect();
    Html(page("Manual", &format!("<h1>Manual</h1><ul>{list}</ul>")))
}

/// Serves a page of the manual.
#[handler]
pub(crate) fn manual_page(Path(name): Path<String>) -> Result<Html<String>> {
    let found = PAGES
        .iter()
        .find(|page| page.name == name)
        .ok_or_else(Problem::not_found)?;
    Ok(Html(page(found.name, &render(found.markdown))))
}

fn page(title: &str, body: &str) -> String {
    FRAME.replace("{title}", title).replace("{body}", body)
}

/// Escapes text for HTML.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::new();
    html::push_html(&mut out, std::iter::once(Event::Text(text.into())));
    out
}

/// Renders a page of the manual, with an anchor at every heading that a citation can link to.
fn render(markdown: &str) -> String {
    let mut events: Vec<Event<'_>> = Parser::new(markdown).collect();
    for index in 0..events.len() {
        if let (
            Event::Start(Tag::Heading {
                level: HeadingLevel::H2,
                ..
            }),
            Some(Event::Text(text)),
        ) = (&events[index], events.get(index + 1))
        {
            let id = anchor(text).into();
            if let Event::Start(Tag::Heading { id: slot, .. }) = &mut events[index] {
                *slot = Some(id);
            }
        }
    }
    debug_assert!(
        !events.contains(&Event::End(TagEnd::HtmlBlock)),
        "the manual is plain Markdown"
    );
    let mut out = String::new();
    html::push_html(&mut out, events.into_iter());
    out
}

/// The API reference, with a policy that allows only its own scripts, by digest.
#[derive(Debug, Clone)]
pub struct Docs {
    html: String,
    policy: String,
}

impl Docs {
    pub fn new(html: String) -> Self {
        let scripts = digests(&html, "<script", "</script>");
        let styles = digests(&html, "<style", "</style>");
        // The viewer sets style attributes on its elements; under this policy they cannot load anything.
        let policy = format!(
            "default-src 'self'; script-src {scripts}; style-src-elem 'self' {styles}; style-src-attr 'unsafe-inline'; \
             img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
        );
        Self { html, policy }
    }
}

/// Serves the API reference.
#[handler]
pub(crate) fn docs() -> Response {
    let docs = &spec::served().docs;
    Response::builder()
        .header(header::CONTENT_SECURITY_POLICY, &*docs.policy)
        .content_type("text/html; charset=utf-8")
        .body(docs.html.as_str())
        .into_response()
}

/// Serves the contract for programs.
#[handler]
pub(crate) fn contract() -> Response {
    Response::builder()
        .content_type("application/json")
        .body(spec::served().text.as_str())
}

/// The digests of all inline elements of one kind, in the syntax of a content security policy.
fn digests(html: &str, open: &str, close: &str) -> String {
    let mut found = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find(open) {
        let element = &rest[start..];
        let (Some(head), Some(end)) = (element.find('>'), element.find(close)) else {
            break;
        };
        let digest = Sha256::digest(&element.as_bytes()[head + 1..end]);
        found.push(format!("'sha256-{}'", STANDARD.encode(digest)));
        rest = &element[end..];
    }
    found.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_heading_of_the_manual_has_an_anchor() {
        for section in domain::manual::sections() {
            let markdown = PAGES
                .iter()
                .find(|page| page.name == section.page)
                .unwrap()
                .markdown;
            let id = format!("id=\"{}\"", section.anchor());
            assert!(render(markdown).contains(&id), "{id}");
        }
    }

    #[test]
    fn inline_elements_are_allowed_by_digest() {
        // The digest of `alert(1)`, as computed by another program.
        assert_eq!(
            digests("<script type=x>alert(1)</script>", "<script", "</script>"),
            "'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='"
        );
    }
}

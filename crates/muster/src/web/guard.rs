//! The door: every route names who may pass, or it doesn't compile. Behind the door a handler finds
//! the [`Visitor`].

use super::error::{ApiError, PageError, Problem};
use super::pages::frame::Reader;
use super::pages::{problem, signin};
use crate::app::{App, Site};
use crate::ops::access::{By, Visitor};
use axum::Router;
use axum::extract::{FromRequestParts, Request, State};
use axum::handler::Handler;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{MethodRouter, get, post, put};
use muster_core::directory::Role;
use muster_core::refusal::Refusal;
use std::sync::Arc;

/// Who may use a route.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum May {
    /// Anybody: signing in, personal links, health. The handler checks what it needs itself.
    Anybody,
    /// Who may read: every role.
    See,
    /// Who may work on incidents: responder and above.
    Respond,
    /// Who may work on incidents, where core asks for their office: not by a token that may do less than they.
    ByOffice,
    /// Who may set everything up.
    Administer,
}

impl May {
    /// Whether somebody with that role may.
    #[must_use]
    pub fn allows(self, role: Role) -> bool {
        match self {
            Self::Anybody | Self::See => true,
            Self::Respond | Self::ByOffice => role >= Role::Responder,
            Self::Administer => role == Role::Administrator,
        }
    }

    /// The least role that may.
    #[must_use]
    pub fn needs(self) -> &'static str {
        match self {
            Self::Anybody | Self::See => "reader",
            Self::Respond | Self::ByOffice => "responder",
            Self::Administer => "administrator",
        }
    }
}

/// Whether a route is for browsers or for programs: how it is entered and how it refuses.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum For {
    /// Pages: a session cookie, HTML errors, no requests from other sites.
    People,
    /// The API: a bearer token (or a session from our own pages), problem documents.
    Programs,
}

/// A table of routes.
pub struct Routes {
    router: Router<Arc<App>>,
    app: Arc<App>,
    of: For,
    listed: Vec<Listed>,
}

/// A row of the table: for its document, and for the tests that hold the two against each other.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Listed {
    /// How it is asked.
    pub method: Method,
    /// Where, with names in braces.
    pub path: String,
    /// By whom.
    pub may: May,
}

impl Routes {
    /// An empty table.
    #[must_use]
    pub fn new(app: &Arc<App>, of: For) -> Self {
        Self { router: Router::new(), app: app.clone(), of, listed: Vec::new() }
    }

    /// A page or a resource.
    #[must_use]
    pub fn get<H, T>(self, path: &str, may: May, handler: H) -> Self
    where
        H: Handler<T, Arc<App>>,
        T: 'static,
    {
        self.add(Method::GET, path, may, get(handler))
    }

    /// A form or an act.
    #[must_use]
    pub fn post<H, T>(self, path: &str, may: May, handler: H) -> Self
    where
        H: Handler<T, Arc<App>>,
        T: 'static,
    {
        self.add(Method::POST, path, may, post(handler))
    }

    /// A resource that is replaced whole.
    #[must_use]
    pub fn put<H, T>(self, path: &str, may: May, handler: H) -> Self
    where
        H: Handler<T, Arc<App>>,
        T: 'static,
    {
        self.add(Method::PUT, path, may, put(handler))
    }

    fn add(mut self, method: Method, path: &str, may: May, route: MethodRouter<Arc<App>>) -> Self {
        let door = Door { app: self.app.clone(), may, of: self.of };
        let route = route.layer(middleware::from_fn_with_state(door, pass));
        self.listed.push(Listed { method, path: path.to_owned(), may });
        Self { router: self.router.route(path, route), ..self }
    }

    /// Every route so far, in the order of the table.
    #[must_use]
    pub fn listed(&self) -> &[Listed] {
        &self.listed
    }

    /// The routes.
    pub fn done(self) -> Router<Arc<App>> {
        self.router
    }
}

#[derive(Clone)]
struct Door {
    app: Arc<App>,
    may: May,
    of: For,
}

impl Door {
    /// Whether it is not for somebody who comes with a token that may do less than they: core knows people, not tokens.
    fn is_beyond(&self, visitor: &Visitor, method: &Method) -> bool {
        let only_sees = !May::Respond.allows(visitor.person.role);
        self.may == May::ByOffice || only_sees && changes_something(method)
    }
}

async fn pass(State(door): State<Door>, mut request: Request, next: Next) -> Response {
    let refuse = |problem: Problem| match door.of {
        For::People => PageError(problem).into_response(),
        For::Programs => ApiError(problem).into_response(),
    };
    // NUL stands in no name, and no database takes it.
    if request.uri().path_and_query().is_some_and(|p| p.as_str().contains("%00")) {
        return refuse(Problem::not_found("page"));
    }
    let visitor = match who(&door.app, request.headers(), door.of).await {
        Ok(visitor) => visitor,
        Err(problem) => return refuse(problem),
    };
    let by_token = visitor.as_ref().is_some_and(|v| matches!(v.by, By::Token(_)));
    if !by_token && changes_something(request.method()) && !from_our_own_page(request.headers(), &door.app.site) {
        let detail = "This request did not come from a page of Muster. Open Muster itself and do it there.";
        return refuse(Problem::new(StatusCode::FORBIDDEN, "other-site", detail));
    }
    let reader =
        visitor.clone().filter(|_| door.of == For::People).map(|v| Reader::of(v, request.headers(), &door.app));
    let response = match visitor {
        None if door.may != May::Anybody => return not_signed_in(&door, request).await,
        Some(visitor) if !door.may.allows(visitor.person.role) => {
            refuse(Refusal::NotAllowed { needs: door.may.needs() }.into())
        }
        Some(visitor) if visitor.limited && door.is_beyond(&visitor, request.method()) => {
            let detail = "This token may do less than you, and this depends on what you may. Use one that may do as much, \
                          or Muster's page.";
            refuse(Problem::new(StatusCode::FORBIDDEN, "limited-token", detail))
        }
        visitor => {
            if let Some(visitor) = visitor {
                request.extensions_mut().insert(visitor);
            }
            let response = next.run(request).await;
            if is_bare(&response) { refuse(Problem::not_found("address")) } else { response }
        }
    };
    match reader {
        Some(reader) => problem::inside(&door.app, &reader, response).await,
        None => response,
    }
}

/// Whether that is the framework's own word that an address cannot be read, such as a number that is none.
fn is_bare(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok());
    response.status() == StatusCode::BAD_REQUEST
        && response.extensions().get::<Problem>().is_none()
        && kind.is_some_and(|kind| kind.starts_with("text/plain"))
}

/// Who sends a request for a page that no route has, if they are signed in.
pub(super) async fn reader(app: &App, headers: &HeaderMap) -> Option<Reader> {
    let visitor = who(app, headers, For::People).await.ok().flatten()?;
    Some(Reader::of(visitor, headers, app))
}

async fn who(app: &App, headers: &HeaderMap, of: For) -> Result<Option<Visitor>, Problem> {
    if of == For::Programs
        && let Some(token) = bearer(headers)
    {
        let unknown = || {
            let detail = "This token is not known or was revoked. Make a new one on your profile page.";
            Problem::new(StatusCode::UNAUTHORIZED, "unknown-token", detail)
        };
        return app.ops.by_token(token).await?.ok_or_else(unknown).map(Some);
    }
    match cookie(headers, session_cookie(&app.site)) {
        Some(token) => Ok(app.ops.by_session(token).await?),
        None => Ok(None),
    }
}

async fn not_signed_in(door: &Door, request: Request) -> Response {
    match door.of {
        For::Programs => {
            let detail = "Send a token: Authorization: Bearer mt_…. Make one on your profile page.";
            let problem = Problem::new(StatusCode::UNAUTHORIZED, "no-token", detail);
            let mut response = ApiError(problem).into_response();
            response.headers_mut().insert(header::WWW_AUTHENTICATE, header::HeaderValue::from_static("Bearer"));
            response
        }
        For::People if request.method() == Method::GET => {
            let back = request.uri().path_and_query().map_or("/now", |p| p.as_str());
            let back: String = form_encode(back);
            Redirect::to(&format!("/sign-in?next={back}")).into_response()
        }
        For::People => signin::signed_out(&door.app, request).await,
    }
}

/// Percent-encodes what is not plainly harmless in a query.
pub(crate) fn form_encode(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, b| {
        use std::fmt::Write;
        match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => out.push(char::from(b)),
            _ => drop(write!(out, "%{b:02X}")),
        }
        out
    })
}

fn changes_something(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Whether the browser says that the request comes from a page of this site. Browsers of the last
/// years send `Sec-Fetch-Site`; older ones send `Origin`. A program that sends neither has no cookie
/// that somebody else's page could have used.
fn from_our_own_page(headers: &HeaderMap, site: &Site) -> bool {
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    if let Some(from) = text("sec-fetch-site") {
        return matches!(from, "same-origin" | "none");
    }
    match text("origin") {
        None => headers.get(header::COOKIE).is_none() || text("referer").is_none_or(|r| ours(r, headers, site)),
        Some(origin) => ours(origin, headers, site),
    }
}

fn ours(address: &str, headers: &HeaderMap, site: &Site) -> bool {
    let authority = |a: &str| a.split_once("://").map(|(_, rest)| rest.split('/').next().unwrap_or("").to_owned());
    let host = headers.get(header::HOST).and_then(|v| v.to_str().ok()).map(str::to_owned);
    let from = authority(address);
    from.is_some() && (from == host || from == authority(&site.public_url))
}

/// The bearer token of a request.
#[must_use]
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// The name of the session cookie. `__Host-` binds it to this host and to HTTPS; plain HTTP on a LAN
/// cannot have that.
#[must_use]
pub fn session_cookie(site: &Site) -> &'static str {
    if site.secure { "__Host-muster" } else { "muster" }
}

/// The value of a cookie.
#[must_use]
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|v| v.to_str().ok());
    all.flat_map(|v| v.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(n, _)| *n == name)
        .map(|(_, v)| v)
}

/// `Set-Cookie` for a session that begins, or ends if there is no token.
#[must_use]
pub fn set_session(site: &Site, token: Option<&str>) -> String {
    let secure = if site.secure { "; Secure" } else { "" };
    let (value, age) = token.map_or(("", 0), |t| (t, 60 * 60 * 24 * 30));
    format!("{}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age}{secure}", session_cookie(site))
}

impl<S: Send + Sync> FromRequestParts<S> for Visitor {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, PageError> {
        let missing = || Problem::new(StatusCode::UNAUTHORIZED, "signed-out", "Sign in first.");
        parts.extensions.get::<Self>().cloned().ok_or_else(|| PageError(missing()))
    }
}

/// Who has come in, if anybody has.
#[derive(Clone, Debug)]
pub struct Perhaps(pub Option<Visitor>);

impl<S: Send + Sync> FromRequestParts<S> for Perhaps {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(parts.extensions.get::<Visitor>().cloned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site() -> Site {
        Site { public_url: "https://muster.example.org".into(), secure: true, trusted_proxies: vec![], demo: false }
    }

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(n, v)| (header::HeaderName::from_static(n), header::HeaderValue::from_static(v))).collect()
    }

    #[test]
    fn only_our_own_pages_may_change_something() {
        for (pairs, expected) in [
            (&[("sec-fetch-site", "same-origin")][..], true),
            (&[("sec-fetch-site", "none")], true),
            (&[("sec-fetch-site", "same-site")], false),
            (&[("sec-fetch-site", "cross-site"), ("origin", "https://muster.example.org")], false),
            (&[("origin", "https://muster.example.org")], true),
            (&[("origin", "http://10.0.0.5:8080"), ("host", "10.0.0.5:8080")], true),
            (&[("origin", "https://evil.example"), ("host", "muster.example.org")], false),
            (&[("origin", "null"), ("host", "muster.example.org")], false),
            (&[("origin", "https://muster.example.org.evil.example")], false),
            (&[("cookie", "muster=x"), ("referer", "https://evil.example/a")], false),
            (&[], true),
        ] {
            assert_eq!(from_our_own_page(&headers(pairs), &site()), expected, "{pairs:?}");
        }
    }

    #[test]
    fn roles_open_what_they_are_for() {
        for (may, allowed) in [
            (May::See, [true, true, true, true, true]),
            (May::Respond, [false, true, true, true, true]),
            (May::Administer, [false, false, false, false, true]),
        ] {
            let roles = [Role::Reader, Role::Responder, Role::Communicator, Role::Manager, Role::Administrator];
            assert_eq!(roles.map(|r| may.allows(r)), allowed, "{may:?}");
        }
    }

    #[test]
    fn cookies_and_tokens_are_found_and_nothing_else() {
        let h = headers(&[("cookie", "a=1; __Host-muster=ms_x; b=2"), ("authorization", "bearer  mt_y ")]);
        assert_eq!(cookie(&h, session_cookie(&site())), Some("ms_x"));
        assert_eq!(cookie(&h, "muster"), None);
        assert_eq!(bearer(&h), Some("mt_y"));
        assert_eq!(bearer(&headers(&[("authorization", "Basic eA==")])), None);
        assert!(set_session(&site(), Some("ms_x")).starts_with("__Host-muster=ms_x; Path=/; HttpOnly; SameSite=Lax"));
    }
}

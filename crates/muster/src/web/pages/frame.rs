//! What every page shares: who reads it, the frame around it, and how it is sent.

use crate::app::App;
use crate::ops::Failure;
use crate::ops::access::Visitor;
use crate::store::{Tx, duties, subjects};
use crate::web::error::{PageError, Problem};
use crate::web::guard::cookie;
use crate::web::view::parts::{Frame, Place, Shell, Theme, Toast, Viewer};
use crate::web::view::time::Times;
use askama::Template;
use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use jiff::tz::TimeZone;
use muster_core::Time;
use muster_core::directory::{Organisation, Role};
use muster_core::ids::PersonId;
use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::Arc;

/// Who reads a page, and what their browser says of how: a [`Visitor`] wherever one is wanted.
#[derive(Clone, Debug)]
pub struct Reader {
    /// Who.
    pub visitor: Visitor,
    /// How they like pages.
    pub taste: Taste,
    /// The act that led here, if one did.
    pub done: Option<Done>,
    /// What was told to open pages before anything of this one was read.
    pub revision: u64,
}

impl Reader {
    /// `visitor`, with what these headers say, and no act that led here.
    #[must_use]
    pub fn of(visitor: Visitor, headers: &HeaderMap, app: &App) -> Self {
        Self { visitor, taste: Taste::of(headers), done: None, revision: app.live.revision() }
    }
}

impl Deref for Reader {
    type Target = Visitor;

    fn deref(&self) -> &Visitor {
        &self.visitor
    }
}

impl FromRequestParts<Arc<App>> for Reader {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, state: &Arc<App>) -> Result<Self, PageError> {
        let visitor = Visitor::from_request_parts(parts, state).await?;
        let query = Query::<BTreeMap<String, String>>::try_from_uri(&parts.uri);
        let done = query.ok().and_then(|q| Done::read(q.get("done")?));
        Ok(Self { done, ..Self::of(visitor, &parts.headers, state) })
    }
}

/// How a reader likes pages. It belongs to the device, so it stands in a cookie and nowhere else.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Taste {
    /// Light, dark, or as the device.
    pub theme: Theme,
    /// Whether single keys are shortcuts.
    pub shortcuts: bool,
}

impl Default for Taste {
    fn default() -> Self {
        Self { theme: Theme::Device, shortcuts: true }
    }
}

const TASTE: &str = "muster-taste";
/// How long a browser keeps it: the longest that browsers allow, 400 days.
const TASTE_LIVES: u32 = 400 * 24 * 60 * 60;

impl Taste {
    /// What the browser sent; the default where it sent nothing, or something else.
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Self {
        let words = cookie(headers, TASTE).unwrap_or_default();
        let theme = [Theme::Light, Theme::Dark].into_iter().find(|t| words.split('.').any(|w| w == t.word()));
        Self { theme: theme.unwrap_or_default(), shortcuts: !words.split('.').any(|w| w == "no-keys") }
    }

    /// `Set-Cookie` for it.
    #[must_use]
    pub fn to_cookie(self) -> String {
        let keys = if self.shortcuts { "keys" } else { "no-keys" };
        let words = [self.theme.word(), keys].join(".");
        format!("{TASTE}={words}; Path=/; SameSite=Lax; HttpOnly; Max-Age={TASTE_LIVES}")
    }
}

/// An act that is stored now, as the address says to which it led: `?done=noted.01JCW2V7.17`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Done {
    /// What was done, in a word that `Done::words` knows.
    pub what: String,
    /// The form's `act`, so that the browser forgets its draft.
    pub act: String,
    /// The entry that it made, if it can be taken back.
    pub entry: Option<u64>,
}

impl Done {
    fn read(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '.');
        let (what, act) = (parts.next()?.to_owned(), parts.next()?.to_owned());
        let entry = parts.next().and_then(|n| n.parse().ok());
        is_act(&act).then_some(Self { what, act, entry })
    }

    /// As the address holds it.
    #[must_use]
    pub fn to_query(&self) -> String {
        let entry = self.entry.map(|n| format!(".{n}")).unwrap_or_default();
        format!("done={}.{}{entry}", self.what, self.act)
    }

    /// What the reader is told. The words are ours: an address cannot put others on the page.
    fn words(&self) -> Option<&'static str> {
        Some(match self.what.as_str() {
            "noted" => "Added to the log.",
            "contacted" => "The contact is in the log.",
            "ticked" => "The step is done, and in the log.",
            "skipped" => "The step is skipped, with the reason in the log.",
            "attached" => "It is in the log, with its hash.",
            "corrected" => "The correction is in the log.",
            "taken-back" => "Taken back. What it settled is owed again.",
            "taken" => "You have it.",
            "asked" => "They are asked. Everything stays as it is until they accept.",
            "calling" => "Muster calls them, one after the other.",
            "decided" => "The decision is in the log.",
            "confirmed" => "The incident is open.",
            "withdrawn" => "The incident is withdrawn.",
            "restored" => "The restoration is recorded.",
            "reopened" => "The incident is open again.",
            "filed" => "The report is recorded as filed.",
            "set" => "The form says so now.",
            "unchanged" => "Nothing was different, so nothing was changed.",
            "added" => "The system is part of the incident.",
            "restricted" => "Only those who take part may see it now, and whom it is shown to.",
            "unrestricted" => "Everybody may see it now.",
            "planned" => "It is in the plan and in the log.",
            "added-report" => "Added to the log. Nothing new was declared.",
            "linked" => "Linked. Both logs say so.",
            "unlinked" => "Not linked any more. Both logs say so.",
            "merged" => "Merged. Both logs say so.",
            "triaged" => "Triaged. It is in the log.",
            "left" => "The alert has left. It is decided anew.",
            "claimed" => "It is yours until then. Whoever else is at work was told.",
            "begun" => "Begun. Say when you are done.",
            "renewed" => "Renewed.",
            "released" => "Released. What you changed is in the log.",
            "gone" => "Marked as gone.",
            "people-asked" => "Everybody whom it would hit is asked. It waits until they let it happen.",
            "overridden" => "Overridden. They are told now.",
            "not-wanted" => "Nobody is asked any more.",
            "answered" => "Your answer is in the log.",
            "saved" => "Saved.",
            "code-sent" => "The code is on its way. Type it below.",
            "verified" => "Verified: this reaches you.",
            "removed" => "Removed.",
            "begun-version" => "The version is begun. Change its words and figures, then propose it.",
            "made" => "Made.",
            "revoked" => "Revoked.",
            "ended" => "Signed out there.",
            "invited" => "The link is made.",
            "raised" => "The alert is on its way.",
            "pressed" => "Done.",
            _ => return None,
        })
    }
}

/// Whether `text` can be the `act` of a form: what [`app.ops.request_id`](crate::ops::Ops::request_id)
/// gives, or a browser's own.
#[must_use]
pub fn is_act(text: &str) -> bool {
    (8..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

/// The organisation and the time under which a page is made.
#[derive(Clone, Debug)]
pub struct Scene {
    /// The organisation as it is now.
    pub org: Arc<Organisation>,
    /// Puts instants into words in its zone, seen from now.
    pub times: Times,
}

impl Scene {
    /// For `org` at `now`.
    #[must_use]
    pub fn new(org: Arc<Organisation>, now: Time) -> Self {
        let zone = TimeZone::get(&org.organisation.time_zone).unwrap_or(TimeZone::UTC);
        Self { org, times: Times::new(now, zone) }
    }

    /// The scene now.
    ///
    /// # Errors
    /// [`PageError`].
    pub async fn now(app: &App) -> Result<Self, PageError> {
        Ok(Self::new(app.ops.organisation().await?, app.ops.now()))
    }

    /// What every document has, signed in or not.
    #[must_use]
    pub fn frame(&self, theme: Theme) -> Frame {
        let organisation = self.org.organisation.name.clone();
        Frame { organisation, now: self.times.made(), zone: self.times.zone(), theme }
    }
}

/// The frame of a page inside the application. Its stream says when lists have changed; a page that
/// shows one incident sets its own, and a page that never changes sets none.
///
/// # Errors
/// [`PageError`] if the store cannot be read.
pub async fn shell(app: &App, reader: &Reader, place: Place) -> Result<Shell, PageError> {
    let scene = Scene::now(app).await?;
    let now = scene.times.now();
    let sight = reader.sight();
    let count = async move |tx: &mut Tx| {
        let (open, critical) = subjects::count_live(tx, &sight).await?;
        Ok::<_, Failure>((open, critical > 0 || duties::count_late(tx, &sight, now).await? > 0))
    };
    let (open, loud) = app.ops.db().read(count).await?;
    let toast = reader.done.as_ref().and_then(|done| done.words()).map(|text| Toast { text: text.into(), undo: None });
    Ok(Shell {
        frame: scene.frame(reader.taste.theme),
        viewer: Viewer {
            name: reader.person.name.clone(),
            line: line(&reader.id, reader.person.role, &scene.org),
            may_write: reader.person.role >= Role::Responder,
            administrator: reader.person.role == Role::Administrator,
        },
        place,
        open: u32::try_from(open).unwrap_or(u32::MAX),
        loud,
        demo: app.site.demo,
        live: Some(live("/live", reader)),
        replay: None,
        shortcuts: reader.taste.shortcuts,
        toast,
        done: reader.done.as_ref().map(|done| done.act.clone()),
    })
}

/// The address of a stream, with what this page knows.
#[must_use]
pub fn live(path: &str, reader: &Reader) -> String {
    format!("{path}?since={}", reader.revision)
}

/// What somebody is now: `On call, Email and 2 more`, else their role.
fn line(id: &PersonId, role: Role, org: &Organisation) -> String {
    let mut systems = org.systems.values().filter(|s| s.contacts.first() == Some(id)).map(|s| s.name.as_str());
    match (systems.next(), systems.count()) {
        (Some(first), 0) => format!("On call, {first}"),
        (Some(first), more) => format!("On call, {first} and {more} more"),
        (None, _) => role_word(role).to_owned(),
    }
}

/// The word for a role, as people read it.
#[must_use]
pub fn role_word(role: Role) -> &'static str {
    match role {
        Role::Reader => "Reader",
        Role::Responder => "Responder",
        Role::Communicator => "Communicator",
        Role::Manager => "Manager",
        Role::Administrator => "Administrator",
    }
}

/// A page that is as it should be.
///
/// # Errors
/// [`PageError`] if its template cannot be rendered, which would be a bug.
pub fn page<T: Template>(view: &T) -> Result<Response, PageError> {
    page_with(StatusCode::OK, view)
}

/// A page with another status: a form that comes back with something to mend.
///
/// # Errors
/// As [`page`].
pub fn page_with<T: Template>(status: StatusCode, view: &T) -> Result<Response, PageError> {
    match view.render() {
        Ok(html) => Ok((status, Html(html)).into_response()),
        Err(error) => {
            tracing::error!(%error, "a template cannot be rendered");
            let detail = "Something is wrong inside Muster. The administrator finds it in the program's log.";
            Err(Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "bug", detail).into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderValue, header};
    use muster_core::system::System;

    #[test]
    fn a_taste_survives_its_cookie_and_nonsense_is_the_default() {
        let read = |cookie: &str| {
            let pair = cookie.split(';').next().unwrap().to_owned();
            Taste::of(&HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_str(&pair).unwrap())]))
        };
        for theme in [Theme::Device, Theme::Light, Theme::Dark] {
            for shortcuts in [true, false] {
                let taste = Taste { theme, shortcuts };
                assert_eq!(read(&taste.to_cookie()), taste);
            }
        }
        assert_eq!(read("muster-taste=<script>.darkish"), Taste::default());
        assert_eq!(Taste::of(&HeaderMap::new()), Taste::default());
    }

    #[test]
    fn what_was_done_survives_the_address_and_only_known_words_are_said() {
        let done = Done { what: "contacted".into(), act: "01jcw2v7q3f8".into(), entry: Some(17) };
        let query = done.to_query();
        assert_eq!(Done::read(query.strip_prefix("done=").unwrap()), Some(done));
        let plain = Done::read("noted.01jcw2v7q3f8").unwrap();
        assert_eq!((plain.words(), plain.entry), (Some("Added to the log."), None));
        let own_words = Done::read("You won a prize.01jcw2v7q3f8").unwrap();
        assert_eq!(own_words.words(), None);
        for nonsense in ["", "noted", "noted.", "noted.short", "noted.\"><script>alert(1)</script>"] {
            assert_eq!(Done::read(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn the_line_says_what_somebody_answers_for() {
        let system = |name: &str, contacts: &[&str]| System {
            name: name.into(),
            contacts: contacts.iter().map(|c| PersonId::from(*c)).collect(),
            ..System::default()
        };
        let mut org = Organisation::default();
        org.systems.insert("email".into(), system("Email", &["ana", "ben"]));
        let line = |id: &str, org: &Organisation| line(&id.into(), Role::Responder, org);
        assert_eq!(line("ana", &org), "On call, Email");
        assert_eq!(line("ben", &org), "Responder");
        org.systems.insert("web".into(), system("Web", &["ana"]));
        org.systems.insert("wifi".into(), system("Wireless", &["ana"]));
        assert_eq!(line("ana", &org), "On call, Email and 2 more");
    }
}

//! Every route with who may use it, in one table.

use super::error::{ApiError, PageError, Problem};
use super::guard::{For, May, Routes};
use super::limit::{SignIns, UserReports};
use super::pages::problem::is_for_programs;
use super::{assets, health, intake, live, pages};
use crate::app::App;
use crate::intake::Format;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Router};
use percent_encoding::percent_decode_str;
use std::any::Any;
use std::sync::Arc;
use std::time::Duration;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};
use tower_http::timeout::RequestBodyTimeoutLayer;

/// Largest form, in bytes: far more than the longest text of an entry, in any script.
const FORM_MAX: usize = 256 * 1024;
/// How long a sender may pause in the middle of a body. A phone on a bad network is slower than this only when it is gone.
const BODY_PAUSE_MAX: Duration = Duration::from_secs(30);

/// What a browser may do on our pages: load from here, and nothing else.
const POLICY: &str = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; \
                      form-action 'self'; frame-ancestors 'none'";

/// The whole site.
pub fn site(app: &Arc<App>) -> Router {
    let open = Router::new()
        .route(assets::ROUTE, get(assets::serve))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(health::metrics));
    let senders = Router::new()
        .route("/in/{format}", post(intake::receive))
        .route("/in/{format}/{key}", post(intake::receive_with_key))
        .route("/api/v2/alerts", post(intake::receive_prometheus)) // reads its bodies itself, once it knows the sender
        .method_not_allowed_fallback(async || {
            let detail = "Send alerts with POST.";
            ApiError(Problem::new(StatusCode::METHOD_NOT_ALLOWED, "wrong-method", detail))
        });
    let pages = pages(app).done().method_not_allowed_fallback(pages::problem::only_posts);
    let pages = pages.layer(Extension(Arc::new(SignIns::default()))).layer(Extension(Arc::new(UserReports::default())));
    let people = pages.layer(DefaultBodyLimit::max(FORM_MAX));
    // One layer of several: the router would put each into a box of its own, for each route.
    let around = ServiceBuilder::new()
        .layer(CatchPanicLayer::custom(panicked))
        .layer(CompressionLayer::new().compress_when(SizeAbove::new(1024).and(NotForContentType::SSE)))
        .layer(axum::middleware::map_response(with_headers))
        .layer(axum::middleware::from_fn(legible_address))
        .layer(RequestBodyTimeoutLayer::new(BODY_PAUSE_MAX));
    Router::new()
        .merge(open)
        .merge(senders)
        .merge(people)
        .merge(super::api::routes(app)) // reads its bodies itself, each up to its own limit
        .fallback(pages::problem::nothing_here)
        .layer(around)
        .with_state(app.clone())
}

/// What is answered when a handler panics.
fn panicked(_: Box<dyn Any + Send>) -> Response {
    tracing::error!("a handler panicked");
    let detail = "Something is wrong inside Muster. The administrator finds it in the program's log.";
    PageError(Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "bug", detail)).into_response()
}

/// The pages and their acts.
fn pages(app: &Arc<App>) -> Routes {
    use May::{Administer, Anybody, Respond, See};
    use pages::{
        acts, alerts, attachments, beside, blank, comms, declare, form, incident, incidents, kept, link, links,
        meetings, menu, now, oncall, organisation, people, phones, plan, policy, profile, report, signin, systems,
        triage, work::acts as work,
    };
    Routes::new(app, For::People)
        .get("/", Anybody, menu::home)
        .get("/now", See, now::show)
        .get("/more", See, menu::more)
        .get("/live", See, live::stream)
        // Incidents.
        .get("/incidents", See, incidents::list)
        .get("/incidents/{number}", See, incident::show)
        .get("/incidents/{number}/live", See, live::stream_incident)
        .get("/incidents/{number}/plan", See, beside::show::<plan::Plan>)
        .get("/incidents/{number}/plan.pdf", See, plan::files::pdf)
        .get("/incidents/{number}/plan.json", See, plan::files::json)
        .get("/incidents/{number}/plan.md", See, plan::files::markdown)
        .get("/incidents/{number}/plan.csv", See, plan::files::csv)
        .post("/incidents/{number}/plan/problem", Respond, plan::acts::problem)
        .post("/incidents/{number}/plan/ask", Respond, plan::acts::ask)
        .post("/incidents/{number}/plan/input", Respond, plan::acts::input)
        .post("/incidents/{number}/plan/part", Respond, plan::acts::part)
        .post("/incidents/{number}/plan/cause", Respond, plan::acts::cause)
        .post("/incidents/{number}/plan/judge-cause", Respond, plan::acts::judge_cause)
        .post("/incidents/{number}/plan/task", Respond, plan::acts::task)
        .post("/incidents/{number}/plan/end-task", Respond, plan::acts::end_task)
        .post("/incidents/{number}/plan/option", Respond, plan::acts::option)
        .post("/incidents/{number}/plan/judge-option", Respond, plan::acts::judge_option)
        .get("/incidents/{number}/comms", See, beside::show::<comms::Comms>)
        .post("/incidents/{number}/comms/audience", Respond, comms::acts::audience)
        .post("/incidents/{number}/comms/drop", Respond, comms::acts::drop_audience)
        .post("/incidents/{number}/comms/strategy", Respond, comms::acts::strategy)
        .post("/incidents/{number}/comms/draft", Respond, comms::acts::draft)
        .post("/incidents/{number}/comms/sign", See, comms::acts::sign)
        .post("/incidents/{number}/comms/return", See, comms::acts::give_back)
        .post("/incidents/{number}/comms/send", Respond, comms::acts::send)
        .post("/incidents/{number}/comms/carry", Respond, comms::acts::carry)
        .post("/incidents/{number}/comms/hand", Respond, comms::acts::hand)
        .post("/incidents/{number}/comms/ask-facts", Respond, comms::acts::ask_facts)
        .post("/incidents/{number}/comms/give-facts", Respond, comms::acts::give_facts)
        .get("/incidents/{number}/duties", See, beside::show::<kept::Kept>)
        .get("/incidents/{number}/meetings", See, beside::show::<meetings::Meetings>)
        .post("/incidents/{number}/estimate", Respond, meetings::acts::estimate)
        .post("/incidents/{number}/meeting", Respond, meetings::acts::meeting)
        .post("/incidents/{number}/call", Respond, meetings::gathering::call)
        .post("/incidents/{number}/call/joined", Respond, meetings::gathering::joined)
        .post("/incidents/{number}/call/cancel", Respond, meetings::gathering::cancel)
        .post("/incidents/{number}/presence", Respond, meetings::gathering::presence)
        .post("/incidents/{number}/come", Respond, meetings::gathering::come)
        .post("/incidents/{number}/follow-up", Respond, meetings::acts::follow_up)
        .post("/incidents/{number}/close", Respond, meetings::acts::close)
        .get("/incidents/{number}/triage", Respond, triage::show)
        .post("/incidents/{number}/triage", Respond, triage::triage)
        .get("/incidents/{number}/proof.zip", See, form::proof)
        .get("/incidents/{number}/form", See, form::page)
        .get("/incidents/{number}/form.pdf", See, form::pdf)
        .get("/incidents/{number}/form.json", See, form::json)
        .get("/incidents/{number}/form.md", See, form::markdown)
        .get("/incidents/{number}/form.csv", See, form::csv)
        .post("/incidents/{number}/attach", Respond, attachments::attach)
        .get("/incidents/{number}/attachments/{entry}/{name}", See, attachments::show)
        .post("/incidents/{number}/note", Respond, acts::note)
        .post("/incidents/{number}/contact", Respond, acts::contact)
        .post("/incidents/{number}/tell", Respond, acts::tell)
        .post("/incidents/{number}/tick-step", Respond, acts::checklist::tick_step)
        .post("/incidents/{number}/skip-step", Respond, acts::checklist::skip_step)
        .post("/incidents/{number}/correct", Respond, acts::correct)
        .post("/incidents/{number}/take-back", Respond, acts::take_back)
        .post("/incidents/{number}/take", Respond, acts::take)
        .post("/incidents/{number}/hand-over", Respond, acts::hand_over)
        .post("/incidents/{number}/communicator", Respond, acts::roles::communicator)
        .post("/incidents/{number}/communicate", Respond, acts::roles::communicate)
        .post("/incidents/{number}/no-communicator", Respond, acts::roles::no_communicator)
        .post("/incidents/{number}/people-asked", Respond, acts::roles::people_asked)
        .post("/incidents/{number}/heard-elsewhere", Respond, acts::roles::heard_elsewhere)
        .post("/incidents/{number}/call-down", Respond, acts::roles::call_down)
        .post("/incidents/{number}/confirm", Respond, acts::confirm)
        .post("/incidents/{number}/withdraw", Respond, acts::withdraw)
        .post("/incidents/{number}/restore", Respond, acts::restore)
        .post("/incidents/{number}/reopen", Respond, acts::reopen)
        .post("/incidents/{number}/report-filed", Respond, acts::report_filed)
        .post("/incidents/{number}/set", Respond, acts::set)
        .post("/incidents/{number}/set-own", Respond, acts::set_own)
        .post("/incidents/{number}/severity", Respond, acts::severity)
        .post("/incidents/{number}/add-system", Respond, acts::add_system)
        .post("/incidents/{number}/leave-alert", Respond, acts::leave_alert)
        .post("/incidents/{number}/restrict", Respond, acts::restriction::restrict)
        .post("/incidents/{number}/unrestrict", Respond, acts::restriction::unrestrict)
        .post("/incidents/{number}/link", Respond, links::link)
        .post("/incidents/{number}/unlink", Respond, links::unlink)
        .post("/incidents/{number}/merge", Respond, links::merge)
        .get("/forms/blank", See, blank::show)
        .get("/declare", Respond, declare::show)
        .post("/declare", Respond, declare::declare)
        .get("/declared/{number}", Respond, declare::receipt)
        // Alerts and the organisation.
        .get("/alerts", See, alerts::list)
        .get("/alerts/{id}", See, alerts::show)
        .get("/alerts/{id}/payload", See, alerts::payload)
        .get("/systems", See, systems::list)
        .get("/systems/{id}", See, systems::show)
        .post("/systems/{id}/claim", Respond, work::claim)
        .post("/systems/{id}/begin", Respond, work::begin)
        .post("/systems/{id}/renew", Respond, work::renew)
        .post("/systems/{id}/release", Respond, work::release)
        .post("/systems/{id}/gone", Respond, work::gone)
        .post("/systems/{id}/ask", Respond, work::ask)
        .post("/systems/{id}/override", Respond, work::go_over)
        .post("/systems/{id}/withdraw", Respond, work::withdraw)
        .post("/systems/{id}/let", See, work::answer)
        .get("/oncall", See, oncall::show)
        .get("/policy", See, policy::show)
        .post("/policy/begin", Administer, policy::acts::begin)
        .get("/policy/{number}", See, policy::version)
        .post("/policy/{number}/edit/{part}", Administer, policy::acts::edit)
        .post("/policy/{number}/frame", Administer, policy::acts::frame)
        .post("/policy/{number}/drop", Administer, policy::acts::give_up)
        .post("/policy/{number}/propose", Administer, policy::acts::propose)
        .post("/policy/{number}/sign/{area}", See, policy::acts::sign)
        .post("/policy/{number}/decline/{area}", See, policy::acts::decline)
        .post("/policy/{number}/force", See, policy::acts::force)
        .get("/organisation", See, organisation::show)
        .get("/organisation/changes", Administer, organisation::changes::list)
        .get("/organisation/holidays", Administer, organisation::holidays::show)
        .post("/organisation/holidays", Administer, organisation::holidays::add)
        .post("/organisation/holidays/read", Administer, organisation::holidays::read)
        .get("/organisation/{kind}", Administer, organisation::edit::begin)
        .post("/organisation/{kind}", Administer, organisation::edit::add)
        .get("/organisation/{kind}/{name}", Administer, organisation::edit::open)
        .post("/organisation/{kind}/{name}", Administer, organisation::edit::change)
        .post("/organisation/{kind}/{name}/remove", Administer, organisation::edit::remove)
        .post("/organisation/intake/{name}/key", Administer, organisation::edit::key)
        .get("/people", See, people::list)
        .get("/people/{id}", See, people::show)
        .post("/people/{id}/role", Administer, people::role)
        .post("/people/{id}/gone", Administer, people::gone)
        .post("/people/{id}/sign-in-link", Administer, people::invite)
        .post("/people/{id}/end-sessions", Administer, people::sign_out)
        // Coming in and going out.
        .get("/sign-in", Anybody, signin::show)
        .post("/sign-in", Anybody, signin::sign_in)
        .post("/sign-out", See, signin::sign_out)
        .get("/set-up/{token}", Anybody, signin::invitation)
        .post("/set-up/{token}", Anybody, signin::accept)
        .get("/profile", See, profile::show)
        .post("/profile/settings", See, profile::settings)
        .post("/profile/means", See, profile::means::save)
        .post("/profile/means/{nth}/send", See, profile::means::send)
        .post("/profile/means/{nth}/verify", See, profile::means::verify)
        .post("/profile/password", See, profile::password)
        .post("/profile/create-token", See, profile::token)
        .post("/profile/revoke-token", See, profile::revoke)
        .post("/profile/end-session", See, profile::end_session)
        .get("/l/{token}", Anybody, link::show)
        .post("/l/{token}", Anybody, link::answer)
        .post("/l/{token}/note", Anybody, link::note)
        .post("/l/{token}/come", Anybody, link::call::say)
        // Users, where the organisation wants their reports: nothing of ours is shown.
        .get("/report", Anybody, report::show)
        .post("/report", Anybody, report::report)
        // The demo.
        .get("/phones", See, phones::show)
        .post("/phones/raise", See, phones::raise)
        .post("/phones/{person}/{press}", See, phones::press)
}

/// No name of ours holds bytes that are no text: such an address is nobody's, and no handler need say so.
async fn legible_address(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if percent_decode_str(path).decode_utf8().is_ok() {
        return next.run(request).await;
    }
    let key = path.strip_prefix("/in/").and_then(|rest| rest.split_once('/')).map(|(format, _)| format);
    match key {
        Some(format) if Format::from_word(format).is_some() => ApiError(intake::unknown_key()).into_response(),
        _ if is_for_programs(path) => ApiError(Problem::not_found("address")).into_response(),
        _ => PageError(Problem::not_found("page")).into_response(),
    }
}

/// What every answer carries.
async fn with_headers(mut response: Response) -> Response {
    let headers = response.headers_mut();
    let put = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ];
    headers.extend(put.map(|(name, value)| (name, HeaderValue::from_static(value))));
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(POLICY));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// How long a stream of events stays silent before a comment keeps its connection open through proxies.
pub(super) const KEEP_ALIVE: Duration = Duration::from_secs(15);

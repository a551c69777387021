//! Alerts: what is being watched, what happens with it when, and by which rule.

use super::frame::{Reader, Scene, page, shell};
use super::phrases::{Asked, asked, counted, thousands};
use crate::app::App;
use crate::ops::Failure;
use crate::store::alerts::{self as rows, Filter, Received, StoredAlert};
use crate::store::{Sight, Tx, subjects};
use crate::web::error::{PageError, Problem};
use crate::web::guard::form_encode;
use crate::web::view::alerts::{Group, Page};
use crate::web::view::parts::{self, Choice, Field, Icon, Place, Prose, State};
use crate::web::view::time::{Times, length};
use axum::extract::{Path, State as Of};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use muster_core::alert::Account;
use muster_core::directory::Organisation;
use muster_core::ids::{AlertId, IntakeId, SubjectId, SystemId};
use muster_core::{Time, at_ms};
use std::collections::BTreeMap;
use std::sync::Arc;

mod row;
mod rules;
mod selected;

/// Alerts of one account on the page of all of them: the newest; a link leads to the others.
const OF_AN_ACCOUNT: u32 = 8;
/// Alerts on a page of one account: a few screens.
const ON_A_PAGE: u32 = 50;
/// Signals shown of an alert; the payloads of all are kept.
const SIGNALS_SHOWN: u32 = 30;
/// Of those, how many show their payload.
const PAYLOADS_SHOWN: usize = 5;

/// Chosen as system: none that a rule gave. No directory name is like that.
const NO_SYSTEM: &str = "-";

/// `GET /alerts?account=…&system=…&source=…&before=…`.
///
/// # Errors
/// [`PageError`].
pub async fn list(Of(app): Of<Arc<App>>, reader: Reader, query: Asked) -> Result<Response, PageError> {
    page(&build(&app, &reader, &query, None).await?)
}

/// `GET /alerts/{id}`: the same list, with that one beside it.
///
/// # Errors
/// [`PageError`]: 404.
pub async fn show(
    Of(app): Of<Arc<App>>,
    reader: Reader,
    Path(id): Path<AlertId>,
    query: Asked,
) -> Result<Response, PageError> {
    page(&build(&app, &reader, &query, Some(id)).await?)
}

/// `GET /alerts/{id}/payload?n=…`: what the sender sent with that signal, or with the newest, byte for byte.
///
/// # Errors
/// [`PageError`]: 404.
pub async fn payload(
    Of(app): Of<Arc<App>>,
    reader: Reader,
    Path(id): Path<AlertId>,
    query: Asked,
) -> Result<Response, PageError> {
    let n = query.get("n").and_then(|n| n.parse().ok()).map(|n: u64| n.min(i64::MAX.unsigned_abs()));
    let (of, sight) = (id.clone(), reader.sight());
    let read = async move |tx: &mut Tx| {
        if rows::see(tx, &sight, &of).await?.is_none() {
            return Ok(None);
        }
        let signal = match n {
            Some(n) => rows::signal(tx, &of, n).await?,
            None => rows::signals(tx, &of, 1).await?.pop(),
        };
        let Some(signal) = signal else { return Ok::<_, Failure>(None) };
        Ok(rows::payload(tx, &sight, &signal.payload).await?.map(|bytes| (signal.n, bytes)))
    };
    let (n, bytes) = app.ops.db().read(read).await?.ok_or_else(|| Problem::not_found("payload"))?;
    // Whatever a sender wrote, a browser saves it and never runs it.
    let name = format!("attachment; filename=\"alert-{}-{n}.txt\"", plain(id.as_str()));
    let name = HeaderValue::from_str(&name).unwrap_or(HeaderValue::from_static("attachment"));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8")),
        (header::CONTENT_DISPOSITION, name),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox")),
    ];
    Ok((headers, bytes).into_response())
}

fn plain(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).take(64).collect()
}

/// What is asked for, as the address says it.
#[derive(Clone, PartialEq, Debug, Default)]
struct Wanted {
    filter: Filter,
}

impl Wanted {
    fn of(query: &Asked) -> Self {
        let text = |name| Some(asked(query, name)).filter(|t| !t.is_empty());
        Self {
            filter: Filter {
                account: text("account").and_then(|a| Account::from_word(&a)),
                system: text("system").filter(|s| s != NO_SYSTEM).map(SystemId),
                unmapped: asked(query, "system") == NO_SYSTEM,
                intake: text("source").map(IntakeId),
                before: query.get("before").and_then(|b| cursor(b)),
            },
        }
    }

    /// Which system, as forms and addresses say it.
    fn system(&self) -> Option<&str> {
        self.filter.system.as_ref().map(SystemId::as_str).or(self.filter.unmapped.then_some(NO_SYSTEM))
    }

    /// The address of the list with these filters, of `account` alone if one is given.
    fn list(&self, account: Option<Account>) -> String {
        format!("/alerts{}", self.query(account))
    }

    fn query(&self, account: Option<Account>) -> String {
        let text = |id: &str| form_encode(id);
        let parts: Vec<_> = [
            account.map(|a| format!("account={}", a.word())),
            self.system().map(|s| format!("system={}", text(s))),
            self.filter.intake.as_ref().map(|s| format!("source={}", text(s.as_str()))),
        ]
        .into_iter()
        .flatten()
        .collect();
        if parts.is_empty() { String::new() } else { format!("?{}", parts.join("&")) }
    }
}

/// Where a page begins: after the alert with that newest signal and id.
fn cursor(text: &str) -> Option<(Time, AlertId)> {
    let (at, id) = text.split_once('.')?;
    Some((at_ms(at.parse().ok()?), AlertId(id.to_owned())))
}

fn to_cursor(alert: &StoredAlert) -> String {
    format!("{}.{}", alert.changed_at.as_millisecond(), form_encode(alert.alert.id.as_str()))
}

/// Everything that the page needs from the store, in one snapshot.
struct Read {
    counts: Vec<(Account, u64)>,
    lists: Vec<(Account, Vec<StoredAlert>)>,
    soonest: Vec<StoredAlert>,
    newest: Option<Time>,
    selected: Option<(StoredAlert, Vec<(Received, Payload)>)>,
    numbers: BTreeMap<SubjectId, String>,
}

/// The beginning of a payload and its length, where it is shown.
type Payload = Option<(Vec<u8>, u64)>;

async fn read(app: &App, sight: Sight, filter: &Filter, selected: Option<AlertId>) -> Result<Read, PageError> {
    let filter = filter.clone();
    let read = async move |tx: &mut Tx| {
        let mut lists = Vec::new();
        let accounts = filter.account.map_or(Account::ALL.to_vec(), |a| vec![a]);
        for account in accounts {
            let of = Filter { account: Some(account), ..filter.clone() };
            let list = match (account, filter.account) {
                (Account::Watched, None) => rows::watched(tx, &sight, &filter, OF_AN_ACCOUNT).await?,
                (_, None) => rows::list(tx, &sight, &of, OF_AN_ACCOUNT).await?,
                (_, Some(_)) => rows::list(tx, &sight, &of, ON_A_PAGE).await?,
            };
            lists.push((account, list));
        }
        let selected = match &selected {
            Some(id) => chosen(tx, &sight, id).await?,
            None => None,
        };
        let shown = lists.iter().flat_map(|(_, list)| list).chain(selected.iter().map(|(alert, _)| alert));
        let subjects: Vec<_> = shown.flat_map(|a| [&a.alert.subject, &a.left_subject]).flatten().cloned().collect();
        let mut numbers = BTreeMap::new();
        for subject in subjects {
            if let Some(number) = subjects::number_of(tx, &sight, &subject).await? {
                numbers.insert(subject, number);
            }
        }
        Ok::<_, Failure>(Read {
            counts: rows::count(tx, &sight, &filter).await?,
            soonest: rows::watched(tx, &sight, &Filter::default(), 1).await?,
            newest: rows::newest_signal(tx).await?,
            lists,
            selected,
            numbers,
        })
    };
    Ok(app.ops.db().read(read).await?)
}

async fn chosen(
    tx: &mut Tx,
    sight: &Sight,
    id: &AlertId,
) -> Result<Option<(StoredAlert, Vec<(Received, Payload)>)>, Failure> {
    let Some(alert) = rows::see(tx, sight, id).await? else { return Ok(None) };
    let mut signals = Vec::new();
    for (nth, signal) in rows::signals(tx, id, SIGNALS_SHOWN).await?.into_iter().enumerate() {
        let payload =
            if nth < PAYLOADS_SHOWN { rows::payload_beginning(tx, sight, &signal.payload).await? } else { None };
        signals.push((signal, payload));
    }
    Ok(Some((alert, signals)))
}

async fn build(app: &App, reader: &Reader, query: &Asked, id: Option<AlertId>) -> Result<Page, PageError> {
    let wanted = Wanted::of(query);
    let scene = Scene::now(app).await?;
    let asked_for_one = id.is_some();
    let read = read(app, reader.sight(), &wanted.filter, id).await?;
    if asked_for_one && read.selected.is_none() {
        return Err(Problem::not_found("alert").into());
    }
    let (org, times) = (&*scene.org, &scene.times);
    let of = row::Rows { org, times, numbers: &read.numbers, wanted: &wanted };
    let open = read.selected.as_ref().map(|(alert, _)| &alert.alert.id);
    let (filter, (accepted, accounted)) = (&wanted.filter, app.health.books());
    Ok(Page {
        heading: heading(&read, times),
        about: about(&read, times),
        filters: filters(&read.counts, &wanted),
        account: filter.account.map_or(String::new(), |a| a.word().into()),
        system: Field::of(wanted.system().unwrap_or_default()),
        systems: systems(org),
        source: Field::of(filter.intake.as_ref().map_or("", IntakeId::as_str)),
        sources: choices("All sources", org.intake.iter().map(|(id, i)| (id.as_str(), i.name.as_str()))),
        groups: groups(&read, &wanted, |alert| of.row(alert, open == Some(&alert.alert.id))),
        none: none(&wanted, org),
        books: books(total(&read.counts), accepted, accounted),
        older: older(&read, &wanted),
        selected: read.selected.as_ref().map(|(alert, signals)| of.selected(alert, signals)),
        rules: org.rules.iter().map(|rule| rules::row(rule, org)).collect(),
        shell: shell(app, reader, Place::Alerts).await?,
    })
}

fn total(counts: &[(Account, u64)]) -> u64 {
    counts.iter().map(|(_, n)| n).sum()
}

fn count(counts: &[(Account, u64)], account: Account) -> u64 {
    counts.iter().find(|(a, _)| *a == account).map_or(0, |(_, n)| *n)
}

/// The state in words: how many are watched, and when the first of them becomes an incident.
fn heading(read: &Read, times: &Times) -> String {
    let watched = count(&read.counts, Account::Watched);
    let soonest = read.soonest.first().and_then(|a| a.due_at.filter(|due| a.ends_at.is_none_or(|ends| *due < ends)));
    let first = match soonest {
        Some(due) if due > times.now() => {
            format!(", the next becomes an incident in {}", length(due.duration_since(times.now())))
        }
        _ => String::new(),
    };
    match (watched, total(&read.counts)) {
        (0, 0) => "No alerts".into(),
        (0, all) => format!("No alert is watched, {} on record", thousands(all)),
        (n, _) => format!("{} watched{first}", counted(n, "alert", "alerts")),
    }
}

fn about(read: &Read, times: &Times) -> Prose {
    let line = Prose::default().when(times.in_full(times.now())).text(". ");
    match read.newest {
        Some(at) => line.text("Last signal ").ticking(times.ago(at)).text("."),
        None => line.text("No signal has ever come."),
    }
}

fn filters(counts: &[(Account, u64)], wanted: &Wanted) -> Vec<parts::Filter> {
    let all = parts::Filter {
        label: format!("All {}", thousands(total(counts))),
        href: wanted.list(None),
        icon: None,
        on: wanted.filter.account.is_none(),
    };
    let each = counts.iter().filter(|(account, n)| *n > 0 || wanted.filter.account == Some(*account));
    let each = each.map(|(account, n)| parts::Filter {
        label: format!("{} {}", title(*account), thousands(*n)),
        href: wanted.list(Some(*account)),
        icon: Some(icon(*account)),
        on: wanted.filter.account == Some(*account),
    });
    std::iter::once(all).chain(each).collect()
}

fn title(account: Account) -> &'static str {
    match account {
        Account::Watched => "Watched",
        Account::Held => "Held",
        Account::Silenced => "Silenced",
        Account::Joined => "Joined",
        Account::Opened => "Opened",
        Account::Information => "Information",
        Account::Resolved => "Resolved",
    }
}

fn icon(account: Account) -> Icon {
    match account {
        Account::Watched => Icon::Eye,
        Account::Held => Icon::Waiting,
        Account::Silenced => Icon::Mute,
        Account::Joined => Icon::Join,
        Account::Opened => Icon::Incident,
        Account::Information => Icon::Info,
        Account::Resolved => Icon::Done,
    }
}

/// What it means to stand in that account.
fn note(account: Account) -> &'static str {
    match account {
        Account::Watched => "becomes an incident when it lasts",
        Account::Held => "kept back by planned work, nothing is lost",
        Account::Silenced => "kept back by a person’s rule",
        Account::Joined => "belongs to an incident that was there",
        Account::Opened => "each began an incident",
        Account::Information => "kept, nobody is called",
        Account::Resolved => "over",
    }
}

/// All, those that no rule gave a system, or those of one: who writes rules looks for the second.
fn systems(org: &Organisation) -> Vec<Choice> {
    let mut all = choices("All systems", org.systems.iter().map(|(id, s)| (id.as_str(), s.name.as_str())));
    all.insert(1, Choice::new(NO_SYSTEM, "No rule names one"));
    all
}

fn choices<'a>(all: &str, items: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<Choice> {
    let mut items: Vec<_> = items.map(|(id, name)| Choice::new(id, if name.is_empty() { id } else { name })).collect();
    items.sort_by_key(|c| c.label.to_lowercase());
    items.insert(0, Choice::new("", all));
    items
}

fn groups(read: &Read, wanted: &Wanted, row: impl Fn(&StoredAlert) -> crate::web::view::alerts::Row) -> Vec<Group> {
    let group = |(account, list): &(Account, Vec<StoredAlert>)| {
        let all = count(&read.counts, *account);
        let shown = u64::try_from(list.len()).unwrap_or(u64::MAX);
        let line = Prose::from(note(*account));
        let line = match shown < all && wanted.filter.account.is_none() {
            true => {
                line.text(format!(". {shown} of {}, ", thousands(all))).link(wanted.list(Some(*account)), "all of them")
            }
            false => line,
        };
        Group { title: title(*account).into(), note: line, rows: list.iter().map(&row).collect() }
    };
    read.lists.iter().filter(|(_, list)| !list.is_empty()).map(group).collect()
}

fn none(wanted: &Wanted, org: &Organisation) -> Prose {
    if wanted.filter != Filter::default() {
        return Prose::from("No alert is like that. ").link("/alerts", "Show all");
    }
    let senders = u64::try_from(org.intake.len()).unwrap_or(0);
    Prose::from(format!("No alert has come yet, from {}. ", counted(senders, "sender", "senders")))
        .link("/oncall", "See whom one would call")
}

fn books(alerts: u64, accepted: i64, accounted: i64) -> (State, Prose) {
    let signals = |n: i64| thousands(u64::try_from(n).unwrap_or(0));
    if accepted == accounted {
        let figures = format!(
            "{} shown or counted here; {} accepted, {} in an account, counted each minute.",
            counted(alerts, "alert", "alerts"),
            counted(u64::try_from(accepted).unwrap_or(0), "signal", "signals"),
            signals(accounted)
        );
        return (State::done("Books balance"), figures.into());
    }
    let figures = format!(
        "{} signals accepted, {} in an account. The administrator finds why in the program’s log.",
        signals(accepted),
        signals(accounted)
    );
    (State::late("The books do not balance"), figures.into())
}

fn older(read: &Read, wanted: &Wanted) -> Option<String> {
    let account = wanted.filter.account?;
    let (_, list) = read.lists.first()?;
    let last = list.last().filter(|_| list.len() == usize::try_from(ON_A_PAGE).unwrap_or(usize::MAX))?;
    Some(format!("{}&before={}", wanted.list(Some(account)), to_cursor(last)))
}

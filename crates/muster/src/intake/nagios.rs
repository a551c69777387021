//! Nagios and its family (Naemon, Icinga, Checkmk) call a command with macros; this makes a [`Signal`] of them, which
//! `muster notify` sends as the generic format.
//!
//! What a notification type means (names as in
//! <https://assets.nagios.com/downloads/nagioscore/docs/nagioscore/4/en/notifications.html> and Icinga 2's own):
//! - PROBLEM: firing. RECOVERY: resolved. Their key is the host, or host and service: Nagios gives a problem number, but
//!   0 on a host's recovery.
//! - FLAPPING… and DOWNTIME…: information that begins and ends, under a key of its own.
//! - ACKNOWLEDGEMENT, CUSTOM: information that is over as soon as it is said, under a key of its own.
//! - Anything else: what the state says.
//!
//! So none of them resolves the problem, or hides it behind a newer signal that sounds harmless.

#[cfg(test)]
mod tests;

use super::generic;
use super::words::{Meaning, meaning, time, usual_condition};
use muster_core::Time;
use muster_core::alert::{Signal, Status};
use muster_core::system::Condition;
use serde_json::Value;
use std::collections::BTreeMap;

/// Macros by name, without `$` and prefix: `HOSTNAME`, `SERVICEDESC`…
pub type Macros = BTreeMap<String, String>;

/// What a notification is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum About {
    /// A host.
    Host,
    /// A service on a host.
    Service,
}

/// There is nothing to tell.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NotANotification {
    /// The environment has none of the variables.
    #[error(
        "the environment holds no notification: in Nagios set enable_environment_macros=1, in Icinga 2 give the \
         command an env, or say -n host|service -t TYPE -f NAME=VALUE"
    )]
    NoMacros,
    /// Nobody could tell what is wrong.
    #[error("the notification names no {0}")]
    Missing(&'static str),
}

/// Prefixes of environment variables: Nagios and Naemon, Icinga 1, Checkmk. Icinga 2 has none.
const PREFIXES: [&str; 4] = ["NAGIOS_", "ICINGA_", "NOTIFY_", ""];

/// The macros of some 200 that say something about the notification; custom variables come on top.
const KNOWN: [&str; 34] = [
    "NOTIFICATIONTYPE",
    "NOTIFICATIONAUTHOR",
    "NOTIFICATIONAUTHORNAME",
    "NOTIFICATIONCOMMENT",
    "TIMET",
    "HOSTNAME",
    "HOSTALIAS",
    "HOSTDISPLAYNAME",
    "HOSTADDRESS",
    "HOSTGROUPNAMES",
    "HOSTSTATE",
    "HOSTSTATETYPE",
    "HOSTATTEMPT",
    "HOSTPROBLEMID",
    "HOSTOUTPUT",
    "LONGHOSTOUTPUT",
    "LASTHOSTSTATE",
    "LASTHOSTSTATECHANGE",
    "HOSTNOTESURL",
    "HOSTACTIONURL",
    "SERVICEDESC",
    "SERVICENAME",
    "SERVICEDISPLAYNAME",
    "SERVICEGROUPNAMES",
    "SERVICESTATE",
    "SERVICESTATETYPE",
    "SERVICEATTEMPT",
    "SERVICEPROBLEMID",
    "SERVICEOUTPUT",
    "LONGSERVICEOUTPUT",
    "LASTSERVICESTATE",
    "LASTSERVICESTATECHANGE",
    "SERVICENOTESURL",
    "SERVICEACTIONURL",
];

/// The macros in a command's environment.
///
/// # Errors
/// If there are none.
pub fn from_environment(variables: &BTreeMap<String, String>) -> Result<Macros, NotANotification> {
    let has = |prefix: &str| variables.contains_key(&format!("{prefix}NOTIFICATIONTYPE"));
    // HOSTNAME alone says nothing: many shells and containers set it.
    let prefix = PREFIXES.into_iter().find(|p| has(p)).ok_or(NotANotification::NoMacros)?;
    let named = variables.iter().filter_map(|(name, value)| Some((name.strip_prefix(prefix)?, value)));
    let custom = |name: &str| name.starts_with("_HOST") || name.starts_with("_SERVICE");
    let kept = named.filter(|(name, _)| KNOWN.contains(name) || custom(name));
    Ok(kept.map(|(name, value)| (name.to_owned(), value.clone())).collect())
}

/// The signal that `macros` make, at `now` unless they say when. `about` is found out from them if it isn't given, and
/// so is what makes it the same alert; macros that the signal doesn't use become labels, named in lower case.
///
/// # Errors
/// If they don't say what it is about.
pub fn signal(
    about: Option<About>,
    key: Option<&str>,
    mut macros: Macros,
    now: Time,
) -> Result<Signal, NotANotification> {
    macros.retain(|_, value| is_expanded(value));
    let mut take = |names: &[&str]| names.iter().find_map(|name| macros.remove(*name));
    let host = take(&["HOSTNAME"]);
    let service = take(&["SERVICEDESC", "SERVICENAME"]);
    let is_service = about.map_or(service.is_some(), |a| a == About::Service);
    let (host, service) = match (is_service, host, service) {
        (true, host, Some(service)) => (host.unwrap_or_default(), service),
        (true, _, None) => return Err(NotANotification::Missing("service: give -f SERVICEDESC=…")),
        (false, Some(host), _) => (host, String::new()),
        (false, None, _) => return Err(NotANotification::Missing("host: give -f HOSTNAME=…")),
    };
    let (short, long) = if is_service {
        (take(&["SERVICEOUTPUT"]), take(&["LONGSERVICEOUTPUT"]))
    } else {
        (take(&["HOSTOUTPUT"]), take(&["LONGHOSTOUTPUT"]))
    };
    let output = [short, long.as_deref().map(unescape)].into_iter().flatten();
    let link = if is_service { take(&["SERVICENOTESURL", "SERVICEACTIONURL"]) } else { None };
    let link = link.or_else(|| take(&["HOSTNOTESURL", "HOSTACTIONURL"]));
    let happened_at = take(&["TIMET"]).and_then(|seconds| time(&Value::String(seconds))).unwrap_or(now);

    let state = macros.get(if is_service { "SERVICESTATE" } else { "HOSTSTATE" });
    let kind = macros.get("NOTIFICATIONTYPE").map(String::as_str).unwrap_or_default();
    let told = tell(kind, state.map(String::as_str));
    let name = match (is_service, host.is_empty()) {
        (true, false) => format!("{service} on {host}"),
        (true, true) => service.clone(),
        (false, _) => host.clone(),
    };
    let news = state.map_or(name.clone(), |state| format!("{name} is {state}"));
    let key = key.map_or_else(|| generic::key(&host, &service, ""), str::to_owned);
    let author = ["NOTIFICATIONAUTHOR", "NOTIFICATIONAUTHORNAME"].iter().find_map(|n| macros.get(*n));
    let comment = macros.get("NOTIFICATIONCOMMENT").map(|comment| match author {
        Some(author) => format!("{author}: {comment}"),
        None => comment.clone(),
    });
    Ok(Signal {
        key: if told.aspect.is_empty() { key } else { format!("{}:{key}", told.aspect) },
        status: told.status,
        title: if told.says.is_empty() { news } else { format!("{}: {news}", told.says) },
        detail: comment.into_iter().chain(output).collect::<Vec<_>>().join("\n"),
        condition: told.condition,
        happened_at: Some(happened_at),
        ends_at: told.over_at_once.then_some(happened_at),
        link,
        labels: macros.iter().map(|(name, value)| (name.to_lowercase(), value.clone())).collect(),
        host,
        service,
    })
}

/// What a notification of a kind tells.
struct Told {
    /// What stands before the state in the title.
    says: &'static str,
    /// Which side of the host or service it is about; empty for its problem.
    aspect: &'static str,
    status: Status,
    condition: Condition,
    over_at_once: bool,
}

fn tell(kind: &str, state: Option<&str>) -> Told {
    let problem = |meaning: Meaning| {
        let (status, condition) = (meaning.status(), meaning.condition());
        let condition = condition.unwrap_or(usual_condition(status));
        Told { says: "", aspect: "", status, condition, over_at_once: false }
    };
    let information = |aspect, says, status| {
        let over_at_once = aspect == "acknowledgement" || aspect == "comment";
        Told { says, aspect, status, condition: Condition::Information, over_at_once }
    };
    let state = state.and_then(meaning);
    let wrong = state.filter(|m| *m != Meaning::Over).unwrap_or(Meaning::Wrong(None));
    match kind.to_uppercase().as_str() {
        "PROBLEM" => problem(wrong),
        "RECOVERY" => problem(Meaning::Over),
        "ACKNOWLEDGEMENT" => information("acknowledgement", "Acknowledged", Status::Firing),
        "CUSTOM" => information("comment", "Comment", Status::Firing),
        "FLAPPINGSTART" => information("flapping", "Flapping", Status::Firing),
        "FLAPPINGSTOP" | "FLAPPINGEND" => information("flapping", "No longer flapping", Status::Resolved),
        "FLAPPINGDISABLED" => information("flapping", "Flapping is no longer watched", Status::Resolved),
        "DOWNTIMESTART" => information("downtime", "Downtime began", Status::Firing),
        "DOWNTIMEEND" => information("downtime", "Downtime ended", Status::Resolved),
        "DOWNTIMECANCELLED" | "DOWNTIMEREMOVED" => information("downtime", "Downtime was cancelled", Status::Resolved),
        _ => problem(state.unwrap_or(Meaning::Wrong(None))),
    }
}

/// Whether a macro was filled in: a monitor that doesn't know one leaves it empty, or as `$X$` or `{X}`.
fn is_expanded(value: &str) -> bool {
    let value = value.trim();
    let inside = |open, close| value.strip_prefix(open).and_then(|v: &str| v.strip_suffix(close));
    let is_name =
        |name: &str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.:".contains(&b));
    !value.is_empty() && !inside('$', '$').is_some_and(is_name) && !inside('{', '}').is_some_and(is_name)
}

/// In the lines after the first Nagios hands on line ends as backslash and n, and backslashes doubled.
fn unescape(output: &str) -> String {
    let (mut text, mut rest) = (String::with_capacity(output.len()), output);
    while let Some(at) = rest.find('\\') {
        text.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let (character, used) = match after.bytes().next() {
            Some(b'n') => ('\n', 1),
            Some(b'\\') => ('\\', 1),
            _ => ('\\', 0),
        };
        text.push(character);
        rest = &after[used..];
    }
    text + rest
}

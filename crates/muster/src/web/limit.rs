//! How often somebody may try to sign in, and from where they try.
//!
//! A try counts before the password is checked, so that a flood at once counts whole, and is taken back if it
//! was right: an office behind one address, or a person with five devices, never locks itself out by signing in.

use crate::app::App;
use crate::server::Peer;
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use muster_core::{Span, Time, later};
use std::collections::{BTreeMap, VecDeque};
use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};

/// In how long the tries below are counted.
const WITHIN: Span = Span::from_mins(15);
/// Wrong tries for one person. With a password of twelve characters, guessing at this pace is hopeless.
const FOR_A_PERSON: usize = 10;
/// Wrong tries from one address: more, as a whole building can stand behind one, but too few to try one
/// password on everybody.
const FROM_AN_ADDRESS: usize = 30;
/// Most persons and most addresses that are remembered: some megabytes. Beyond it the one that was quiet for
/// longest is forgotten.
const REMEMBERED: usize = 10_000;
/// Longest name that is remembered as it was typed, in characters; nobody's is longer.
const NAME_MAX: usize = 254;

/// Tries to sign in that were wrong, or are being checked.
#[derive(Debug)]
pub struct SignIns {
    people: Tries,
    addresses: Tries,
}

impl Default for SignIns {
    fn default() -> Self {
        Self { people: Tries::new(FOR_A_PERSON), addresses: Tries::new(FROM_AN_ADDRESS) }
    }
}

/// A try that counts until it is taken back.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Try {
    person: String,
    address: String,
    at: Time,
}

impl SignIns {
    /// Counts a try for `person` (who was meant, or what was typed if nobody is called that) from `address`.
    ///
    /// # Errors
    /// How long to wait, if there were too many; then this one is not counted.
    pub fn count(&self, person: &str, address: IpAddr, at: Time) -> Result<Try, Span> {
        let person = person.chars().take(NAME_MAX).collect::<String>().to_lowercase();
        let counted = Try { person, address: network(address), at };
        self.people.count(&counted.person, at)?;
        self.addresses.count(&counted.address, at).inspect_err(|_| self.people.take_back(&counted.person, at))?;
        Ok(counted)
    }

    /// The try was right, or could not be checked: it counts no more.
    pub fn take_back(&self, counted: &Try) {
        self.people.take_back(&counted.person, counted.at);
        self.addresses.take_back(&counted.address, counted.at);
    }
}

/// Users' reports from one address: a reading room can stand behind one, and more than this is no user.
const REPORTS_FROM_AN_ADDRESS: usize = 6;
/// Users' reports altogether. In an outage many report the same; beyond this nobody reads them, and a program writes them.
const REPORTS_ALTOGETHER: usize = 60;

/// Users' reports, which need no login: how many there were of late.
#[derive(Debug)]
pub struct UserReports {
    addresses: Tries,
    altogether: Tries,
}

impl Default for UserReports {
    fn default() -> Self {
        Self { addresses: Tries::new(REPORTS_FROM_AN_ADDRESS), altogether: Tries::new(REPORTS_ALTOGETHER) }
    }
}

impl UserReports {
    /// Counts a report from `address`.
    ///
    /// # Errors
    /// How long to wait, if there were too many; then this one is not counted.
    pub fn count(&self, address: IpAddr, at: Time) -> Result<(), Span> {
        let address = network(address);
        self.addresses.count(&address, at)?;
        self.altogether.count("", at).inspect_err(|_| self.addresses.take_back(&address, at))
    }
}

#[derive(Debug)]
struct Tries {
    most: usize,
    at: Mutex<BTreeMap<String, VecDeque<Time>>>,
}

impl Tries {
    fn new(most: usize) -> Self {
        Self { most, at: Mutex::default() }
    }

    fn count(&self, key: &str, now: Time) -> Result<(), Span> {
        let mut all = self.at.lock().unwrap_or_else(PoisonError::into_inner);
        if !all.contains_key(key) && all.len() >= REMEMBERED {
            make_room(&mut all, now);
        }
        let tries = all.entry(key.to_owned()).or_default();
        while tries.front().is_some_and(|first| later(*first, WITHIN) <= now) {
            tries.pop_front();
        }
        match tries.front() {
            Some(first) if tries.len() >= self.most => Err(later(*first, WITHIN).duration_since(now)),
            _ => {
                tries.push_back(now);
                Ok(())
            }
        }
    }

    fn take_back(&self, key: &str, at: Time) {
        let mut all = self.at.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(tries) = all.get_mut(key) else { return };
        if let Some(nth) = tries.iter().rposition(|t| *t == at) {
            tries.remove(nth);
        }
        if tries.is_empty() {
            all.remove(key);
        }
    }
}

fn make_room(all: &mut BTreeMap<String, VecDeque<Time>>, now: Time) {
    all.retain(|_, tries| tries.back().is_some_and(|last| later(*last, WITHIN) > now));
    if all.len() >= REMEMBERED {
        let quietest = all.iter().min_by_key(|(_, tries)| tries.back().copied()).map(|(key, _)| key.clone());
        quietest.map(|key| all.remove(&key));
    }
}

/// What counts as one address: of IPv6 the first half, as one machine has all of the second to itself.
fn network(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).to_string()
        }
    }
}

/// The address that a request comes from, as far as it can be believed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Client(pub IpAddr);

impl FromRequestParts<Arc<App>> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<Peer>>().map(|info| info.0.0.ip());
        // Without a connection, as in stories, everybody comes from one place.
        let peer = peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
        Ok(Self(behind(peer, &parts.headers, &app.site.trusted_proxies)))
    }
}

/// Each proxy adds to `X-Forwarded-For` whom it heard, at the end. So it is read from the end, past proxies
/// that are trusted, to the first that is not one of them; what stands before that is anybody's invention.
fn behind(peer: IpAddr, headers: &HeaderMap, trusted: &[IpAddr]) -> IpAddr {
    let mut address = peer.to_canonical();
    let lines: Vec<_> = headers.get_all("x-forwarded-for").iter().filter_map(|v| v.to_str().ok()).collect();
    let mut hops = lines.iter().rev().flat_map(|line| line.rsplit(','));
    while trusted.iter().any(|proxy| proxy.to_canonical() == address) {
        match hops.next().and_then(hop) {
            Some(before) => address = before.to_canonical(),
            None => break,
        }
    }
    address
}

/// An address as proxies write it: alone, in brackets, or with a port.
fn hop(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = text.trim_start_matches('[').trim_end_matches(']');
    bare.parse().ok().or_else(|| text.parse::<std::net::SocketAddr>().ok().map(|address| address.ip()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use muster_core::at_ms;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn the_eleventh_wrong_try_for_a_person_waits_until_the_first_is_old() {
        let (tries, start) = (SignIns::default(), at_ms(1_000_000));
        let at = |minute| later(start, Span::from_mins(minute));
        for minute in 0..10 {
            // From many addresses, so that only the person can be the reason; and however they spell it.
            let from = format!("192.0.2.{minute}");
            tries.count(if minute % 2 == 0 { "ana" } else { "Ana" }, ip(&from), at(minute)).unwrap();
        }
        assert_eq!(tries.count("ana", ip("198.51.100.1"), at(10)), Err(Span::from_mins(5)));
        assert!(tries.count("ben", ip("198.51.100.1"), at(10)).is_ok());
        assert!(tries.count("ana", ip("198.51.100.1"), at(15)).is_ok());
        assert_eq!(tries.count("ana", ip("198.51.100.1"), at(15)), Err(Span::from_mins(1)));
    }

    #[test]
    fn an_address_may_be_wrong_for_thirty_names_and_ipv6_has_one_half() {
        let (tries, now) = (SignIns::default(), at_ms(1_000_000));
        for n in 0..30 {
            tries.count(&format!("p{n}"), ip(&format!("2001:db8::{n:x}")), now).unwrap();
        }
        assert_eq!(tries.count("ana", ip("2001:db8::ffff:1"), now), Err(WITHIN));
        assert!(tries.count("ana", ip("2001:db8:0:1::1"), now).is_ok());
        // The refused try was not counted for the person either.
        assert_eq!(tries.people.at.lock().unwrap()["ana"].len(), 1);
    }

    #[test]
    fn who_signs_in_rightly_is_never_kept_out() {
        let (tries, now) = (SignIns::default(), at_ms(1_000_000));
        for _ in 0..1_000 {
            let counted = tries.count("ana", ip("192.0.2.1"), now).unwrap();
            tries.take_back(&counted);
        }
        assert!(tries.people.at.lock().unwrap().is_empty() && tries.addresses.at.lock().unwrap().is_empty());
    }

    #[test]
    fn an_address_may_report_six_times_and_all_together_sixty() {
        let (reports, now) = (UserReports::default(), at_ms(1_000_000));
        for _ in 0..6 {
            reports.count(ip("192.0.2.1"), now).unwrap();
        }
        assert_eq!(reports.count(ip("192.0.2.1"), later(now, Span::from_mins(5))), Err(Span::from_mins(10)));
        let from = |n: usize| ip(&format!("198.51.100.{n}"));
        assert!((0..54).all(|n| reports.count(from(n), now).is_ok()));
        assert!(reports.count(from(60), now).is_err(), "too many altogether");
        let then = later(now, WITHIN);
        assert!((0..6).all(|_| reports.count(from(60), then).is_ok()), "what was not heard did not count");
    }

    #[test]
    fn a_flood_of_names_does_not_fill_the_memory() {
        let (tries, now) = (Tries::new(1), at_ms(1_000_000));
        tries.count("first", now).unwrap();
        for n in 0..REMEMBERED {
            tries.count(&format!("p{n}"), later(now, Span::from_secs(1))).unwrap();
        }
        let all = tries.at.lock().unwrap();
        assert_eq!((all.len(), all.contains_key("first")), (REMEMBERED, false));
    }

    #[test]
    fn a_client_is_the_last_that_no_trusted_proxy_vouches_for() {
        let trusted = [ip("10.0.0.1"), ip("10.0.0.2")];
        for (peer, forwarded, expected) in [
            ("192.0.2.7", &["203.0.113.9"][..], "192.0.2.7"), // no proxy of ours: its word counts for nothing
            ("10.0.0.1", &[], "10.0.0.1"),
            ("10.0.0.1", &["203.0.113.9"], "203.0.113.9"),
            ("10.0.0.1", &["1.1.1.1, 203.0.113.9"], "203.0.113.9"),
            ("10.0.0.1", &["1.1.1.1, 203.0.113.9, 10.0.0.2"], "203.0.113.9"),
            ("10.0.0.1", &["1.1.1.1", "203.0.113.9,10.0.0.2"], "203.0.113.9"),
            ("::ffff:10.0.0.1", &["203.0.113.9:4711"], "203.0.113.9"),
            ("10.0.0.1", &["[2001:db8::1]:443"], "2001:db8::1"),
            ("10.0.0.1", &["1.1.1.1, unknown"], "10.0.0.1"),
            ("10.0.0.1", &["10.0.0.2"], "10.0.0.2"),
        ] {
            let headers: HeaderMap = forwarded
                .iter()
                .map(|v| (axum::http::HeaderName::from_static("x-forwarded-for"), v.parse().unwrap()))
                .collect();
            assert_eq!(behind(ip(peer), &headers, &trusted), ip(expected), "{peer} {forwarded:?}");
        }
    }
}

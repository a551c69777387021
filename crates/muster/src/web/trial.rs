//! The program for tests of pages and API: the real routes over a database in memory, in a small organisation.

use crate::app::{App, Site};
use crate::channels::Channels;
use crate::channels::settings::ChannelSettings;
use crate::clock::{Clock, MovableClock};
use crate::store::{Db, migrate};
use std::sync::Arc;

/// Ana administers, Ben and Cleo work on incidents, Rita reads.
pub const ORGANISATION: &str = r#"
    [organisation]
    name = "Northmere"
    time_zone = "Europe/London"
    [policy]
    tell_directly = [{ name = "User support", area = "support", whom = "supervisors", after_triage = "10m", after_discovery = "30m" }]
    [areas.support]
    name = "Support"
    supervisors = ["ben"]
    [people.ana]
    name = "Ana Nunes"
    role = "administrator"
    means = [{ kind = "email", to = "ana@northmere.example", wait = "5m" }]
    [people.ben]
    name = "Ben Tallis"
    role = "responder"
    means = [{ kind = "call", to = "07700 900 1" }, { kind = "push", to = "ben-topic" }]
    [people.cleo]
    name = "Cleo Marsh"
    role = "responder"
    means = [{ kind = "email", to = "cleo@northmere.example" }, { kind = "push", to = "cleo-topic" }]
    [people.rita]
    name = "Rita Reader"
    [populations.staff]
    name = "All staff"
    head_count = 3120
    [systems.email]
    name = "Email"
    scope = "organisation-wide"
    populations = ["staff"]
    contacts = ["ben"]
    [systems.wifi]
    name = "Wireless"
    [intake.nagios]
    name = "Nagios"
"#;

/// The program in that organisation, on a Tuesday in working hours, reached at `public_url`.
pub async fn begin(organisation: &str, public_url: &str, demo: bool) -> Arc<App> {
    crate::outgoing::install_crypto();
    let db = Db::inline_memory().unwrap();
    let clock = Arc::new(MovableClock::at("2026-11-17T10:00:00Z".parse().unwrap()));
    migrate::run(&db, migrate::MIGRATIONS, clock.now()).await.unwrap();
    let secure = public_url.starts_with("https://");
    let site = Site { public_url: public_url.into(), secure, trusted_proxies: vec![], demo };
    let app = App::new(db, clock, Channels::new(&ChannelSettings::default()).unwrap(), site).await.unwrap();
    app.ops.apply(&toml::from_str(organisation).unwrap(), "test").await.unwrap();
    app
}

//! `muster demo`: the first command of the README. An example organisation, pretend phones, short waits.

use super::serve::{CannotServe, channels, open_in, place, runtime, stop_on_signal};
use crate::app::App;
use crate::channels::settings::ChannelSettings;
use crate::clock::SystemClock;
use crate::ops::Failure;
use crate::server::{self, Outside};
use crate::store::access::Purpose;
use crate::store::{Db, Tx, meta};
use muster_core::Span;
use muster_core::directory::{Organisation, Role};
use muster_core::ids::{IntakeId, PersonId};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The example organisation, in the form that `muster apply` reads.
pub const EXAMPLE: &str = include_str!("../../example.toml");
/// How long the demo waits for an answer, and until bad service is a disruption.
const SHORT: Span = Span::from_secs(20);
/// Whom the demo signs in as.
const VISITOR: &str = "priya";
/// The senders whose addresses are printed.
const SENDERS: [&str; 4] = ["generic", "alertmanager", "prometheus", "demo"];

/// Serves an example organisation with pretend phones.
#[derive(clap::Args, Clone, Debug)]
pub struct DemoArgs {
    /// Folder of the demo's data.
    #[arg(long, default_value = "muster-data/demo")]
    data: PathBuf,
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Throw the demo's data away and start over.
    #[arg(long)]
    fresh: bool,
    /// Print the start facts as one JSON line.
    #[arg(long)]
    json: bool,
}

/// Serves the demo until the process is told to stop.
///
/// # Errors
/// [`CannotServe`].
pub fn run(args: &DemoArgs) -> Result<(), CannotServe> {
    super::program_log::start()?;
    runtime()?.block_on(demo(args))
}

async fn demo(args: &DemoArgs) -> Result<(), CannotServe> {
    // The address first, then the database's lock: what cannot be served anyway must not cost anybody their data.
    let place = place(args.listen, None, false, Vec::new(), true).await?;
    let mut db = open_demo(&args.data).await?;
    if args.fresh {
        let cannot = |e| CannotServe::Failure(Failure::Store(e));
        db.close().await.map_err(cannot)?;
        throw_away(&args.data)?;
        db = open_demo(&args.data).await?;
    }
    let channels = channels(&ChannelSettings::default())?;
    let app = App::new(db, Arc::new(SystemClock), channels, place.site).await?;
    set_up(&app).await?;
    let facts = facts(&app).await?;
    let stop = stop_on_signal()?;
    if args.json {
        println!("{}", facts.as_json())
    } else {
        facts.print()
    }
    server::run(app, place.listener, None, Outside::default(), stop).await?;
    Ok(())
}

/// The demo's own database in `data`. Another one is refused: the demo sends every message to pretend phones, and
/// `--fresh` throws its data away.
async fn open_demo(data: &Path) -> Result<Db, CannotServe> {
    let db = open_in(data).await?;
    let is_demo = db
        .write(async |tx: &mut Tx| {
            let known = meta::get(tx, "demo").await?.is_some();
            if !known && meta::epoch(tx).await? > 0 {
                return Ok(false);
            }
            meta::set(tx, "demo", "yes").await?;
            Ok::<_, Failure>(true)
        })
        .await?;
    if is_demo {
        return Ok(db);
    }
    let why = format!("{} holds data that is no demo's; choose another folder with --data", data.display());
    Err(CannotServe::Usage(why))
}

/// Removes the demo's database and nothing else, so that a wrong `--data` costs nobody anything.
fn throw_away(data: &Path) -> Result<(), CannotServe> {
    for name in ["muster.db", "muster.db-wal", "muster.db-shm"] {
        let path = data.join(name);
        match std::fs::remove_file(&path) {
            Ok(()) => {}
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {}
            Err(source) => return Err(CannotServe::Folder { path, source }),
        }
    }
    Ok(())
}

/// The example organisation, on the first start only: what a visitor changed stays.
async fn set_up(app: &App) -> Result<(), CannotServe> {
    if !app.ops.organisation().await?.people.is_empty() {
        return Ok(());
    }
    let mut example: Organisation =
        toml::from_str(EXAMPLE).map_err(|e| CannotServe::Usage(format!("the example organisation: {e}")))?;
    // So short that a newcomer sees the whole story in a minute.
    (example.policy.answer_wait, example.policy.disruption_after) = (SHORT, SHORT);
    app.ops.apply(&example, "muster").await?;
    Ok(())
}

/// What a newcomer needs to begin.
struct Facts {
    url: String,
    sign_in: String,
    api_token: String,
    intake: Vec<(&'static str, String, String)>,
}

/// Secrets are kept as hashes only, so every start makes new ones; those of earlier starts end.
async fn facts(app: &App) -> Result<Facts, Failure> {
    let url = app.site.public_url.clone();
    let visitor = PersonId::from(VISITOR);
    let sign_in = format!("{url}/set-up/{}", app.ops.invite(Purpose::Demo, Some(&visitor), "muster").await?.reveal());
    for old in app.ops.doors(&visitor).await?.1 {
        if old.name == "demo" {
            app.ops.revoke_token(&visitor, &old.id).await?;
        }
    }
    let api_token = app.ops.make_token(&visitor, "demo", Role::Administrator).await?.reveal().to_owned();
    let mut intake = Vec::new();
    for name in SENDERS {
        let key = app.ops.make_intake_key(&IntakeId::from(name), true, "muster").await?;
        let path = if name == "prometheus" { "/api/v2/alerts".to_owned() } else { format!("/in/{name}") };
        intake.push((name, format!("{url}{path}"), key.reveal().to_owned()));
    }
    intake.retain(|(name, ..)| *name != "demo");
    Ok(Facts { url, sign_in, api_token, intake })
}

impl Facts {
    fn as_json(&self) -> serde_json::Value {
        let intake: serde_json::Map<_, _> = self
            .intake
            .iter()
            .map(|(name, url, bearer)| ((*name).to_owned(), serde_json::json!({ "url": url, "bearer": bearer })))
            .collect();
        serde_json::json!({
            "url": self.url, "sign_in": self.sign_in, "api_token": self.api_token, "intake": intake,
        })
    }

    fn print(&self) {
        println!(
            "\nMuster's demo runs at {}  (Ctrl-C stops it; the same command goes on with the same data)\n",
            self.url
        );
        println!("  Sign in as Priya Raman, server team:\n    {}\n", self.sign_in);
        println!("  Raise a first alert: press “Raise another alert” on {}/phones, or", self.url);
        if let Some((_, url, key)) = self.intake.iter().find(|(name, ..)| *name == "generic") {
            let alert = r#"{"key":"dir-01/sign-in","title":"Sign-in fails for everybody","host":"dir-01","severity":"critical"}"#;
            println!("    curl -H 'Authorization: Bearer {key}' -H 'Content-Type: application/json' \\");
            println!("      -d '{alert}' {url}\n");
        }
        println!("  Senders:");
        for (name, url, key) in &self.intake {
            println!("    {name:<13} {url}   Bearer {key}");
        }
        println!("\n  API and command line:\n    export MUSTER_URL={} MUSTER_TOKEN={}\n", self.url, self.api_token);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_organisation_fits_together() {
        let org: Organisation = toml::from_str(EXAMPLE).unwrap();
        crate::ops::apply::check(&org).unwrap();
        assert!(SENDERS.iter().all(|s| org.intake.contains_key(&IntakeId::from(*s))));
        assert!(org.people.contains_key(&PersonId::from(VISITOR)));
        assert!(org.administrators().count() > 0);
    }
}

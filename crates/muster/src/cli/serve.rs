//! `muster serve`: for real use.

use crate::app::{App, NotStarted, Site};
use crate::channels::Channels;
use crate::channels::settings::ChannelSettings;
use crate::clock::{Clock, SystemClock};
use crate::config::{BadConfig, Config, Tls};
use crate::ops::Failure;
use crate::server::checkpoints::Destination;
use crate::server::{self, NotServed, Outside};
use crate::store::access::Purpose;
use crate::store::{Db, OpenError, migrate};
use muster_core::contact::MeansKind;
use std::io::Write;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// Serves pages, takes signals, summons people.
///
/// Mail: MUSTER_SMTP_URL=smtp://USER:PASSWORD@HOST:PORT?tls=starttls, where tls is starttls (the default, port 587), tls
/// (port 465) or none (port 25); MUSTER_SMTP_FROM, whom mail comes from; MUSTER_SMTP_CA, a PEM file with a CA of your own.
/// In the settings file, table smtp: url, from and ca_file. Pushes: MUSTER_NTFY_SERVER. Webhooks: MUSTER_WEBHOOK_SECRET.
#[derive(clap::Args, Clone, Debug, Default)]
pub struct ServeArgs {
    /// Settings file; MUSTER_* variables and these options win over it, each over its own line (docs/operations.md).
    #[arg(long, env = "MUSTER_CONFIG")]
    config: Option<PathBuf>,
    /// Folder of the embedded database [default: muster-data].
    #[arg(long)]
    data: Option<PathBuf>,
    /// PostgreSQL instead of the embedded database: postgres://user@host/name. Set PGPASSWORD for the password, or
    /// MUSTER_DATABASE to the whole address.
    #[arg(long)]
    database: Option<String>,
    /// Where to listen [default: 127.0.0.1:8080].
    #[arg(long)]
    listen: Option<SocketAddr>,
    /// The address that people and senders use, such as `https://muster.example.org`.
    #[arg(long)]
    public_url: Option<String>,
    /// Certificate chain, PEM.
    #[arg(long, requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// Its key, PEM.
    #[arg(long, requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// A proxy whose X-Forwarded-For is believed; may be given several times.
    #[arg(long = "trusted-proxy")]
    trusted_proxies: Vec<IpAddr>,
}

/// Why the program could not start.
#[derive(Debug, thiserror::Error)]
pub enum CannotServe {
    /// Settings.
    #[error(transparent)]
    Config(#[from] BadConfig),
    /// The folder.
    #[error("cannot make the folder {}: {source}", path.display())]
    Folder {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The database.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// Its tables.
    #[error(transparent)]
    Migrate(#[from] migrate::MigrateError),
    /// Putting the program together.
    #[error(transparent)]
    Start(#[from] NotStarted),
    /// An operation at the start.
    #[error(transparent)]
    Failure(#[from] Failure),
    /// The port.
    #[error("cannot listen on {address}: {source}. Is another program using it? Choose one with --listen.")]
    Listen {
        /// Where.
        address: SocketAddr,
        /// Why.
        source: std::io::Error,
    },
    /// Serving.
    #[error(transparent)]
    Served(#[from] NotServed),
    /// Anything about starting the machinery.
    #[error("cannot start: {0}")]
    Io(#[from] std::io::Error),
    /// What was asked contradicts itself.
    #[error("{0}")]
    Usage(String),
}

/// Where the program listens and how it is reached.
pub(super) struct Place {
    pub(super) listener: TcpListener,
    pub(super) site: Site,
}

/// Binds the port and settles the address that links begin with.
pub(super) async fn place(
    listen: SocketAddr,
    public_url: Option<&str>,
    tls: bool,
    trusted_proxies: Vec<IpAddr>,
    demo: bool,
) -> Result<Place, CannotServe> {
    let failed = |source| CannotServe::Listen { address: listen, source };
    let listener = TcpListener::bind(listen).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    let scheme = if tls { "https" } else { "http" };
    let public_url = public_url.map_or_else(|| format!("{scheme}://{address}"), |u| u.trim_end_matches('/').to_owned());
    if !(public_url.starts_with("http://") || public_url.starts_with("https://")) {
        let why = format!("--public-url {public_url}: begin it with https:// or http://");
        return Err(CannotServe::Usage(why));
    }
    let secure = public_url.starts_with("https://");
    Ok(Place { listener, site: Site { public_url, secure, trusted_proxies, demo } })
}

/// Opens the embedded database in `data`, with its tables.
pub(super) async fn open_in(data: &Path) -> Result<Db, CannotServe> {
    let folder = |source| CannotServe::Folder { path: data.to_owned(), source };
    std::fs::create_dir_all(data).map_err(folder)?;
    keep_private(data).map_err(folder)?;
    let db = Db::sqlite(&data.join("muster.db"))?;
    migrated(db).await
}

/// The folder holds secrets and personal data.
#[cfg(unix)]
fn keep_private(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))
}

#[cfg(not(unix))]
fn keep_private(_: &Path) -> std::io::Result<()> {
    Ok(())
}

/// Brings the tables up to date.
pub(super) async fn migrated(db: Db) -> Result<Db, CannotServe> {
    let done = migrate::run(&db, migrate::MIGRATIONS, SystemClock.now()).await?;
    if let Some(newer) = done.newer {
        tracing::warn!(newer, "a later release made this database; what only it can write is read-only here");
    }
    Ok(db)
}

/// Serves until the process is told to stop.
///
/// # Errors
/// [`CannotServe`].
pub fn run(args: &ServeArgs) -> Result<(), CannotServe> {
    super::program_log::start()?;
    let mut config = Config::read(args.config.as_deref(), |name| std::env::var(name).ok())?;
    overlay(&mut config, args);
    runtime()?.block_on(serve(config))
}

fn overlay(config: &mut Config, args: &ServeArgs) {
    config.data = args.data.clone().or(config.data.take());
    config.database = args.database.as_deref().map(Into::into).or(config.database.take());
    config.listen = args.listen.or(config.listen);
    config.public_url = args.public_url.clone().or(config.public_url.take());
    if let (Some(cert), Some(key)) = (&args.tls_cert, &args.tls_key) {
        config.tls = Some(Tls { cert: cert.clone(), key: key.clone() });
    }
    if !args.trusted_proxies.is_empty() {
        config.trusted_proxies.clone_from(&args.trusted_proxies);
    }
}

/// The machinery that everything runs on.
pub(super) fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    crate::outgoing::install_crypto();
    tokio::runtime::Builder::new_multi_thread().enable_all().build()
}

async fn serve(config: Config) -> Result<(), CannotServe> {
    let listen = config.listen.unwrap_or(SocketAddr::from(([127, 0, 0, 1], 8080)));
    let channels = channels(&config.channels())?;
    let checkpoints = Destination::all(&config.checkpoints, &channels)?;
    let proxies = config.trusted_proxies.clone();
    let place = place(listen, config.public_url.as_deref(), config.tls.is_some(), proxies, false).await?;
    let db = match &config.database {
        Some(address) => migrated(Db::postgres(address.reveal())?).await?,
        None => open_in(config.data.as_deref().unwrap_or(Path::new("muster-data"))).await?,
    };
    let app = App::new(db, Arc::new(SystemClock), channels, place.site).await?;
    let stop = stop_on_signal()?;
    if !app.ops.anybody_can_sign_in().await? {
        let token = app.ops.invite(Purpose::SetUp, None, "muster").await?;
        println!("Nobody can sign in yet. Make the first administrator here, within 24 hours:");
        println!("  {}/set-up/{}", app.site.public_url, token.reveal());
    }
    println!("Muster listens on {} and is reached at {}", place.listener.local_addr()?, app.site.public_url);
    if !app.site.secure {
        println!(
            "Plain HTTP: fine on this machine or behind a proxy; elsewhere set --tls-cert or --public-url https://…."
        );
    }
    tokio::spawn(check_mail(app.clone()));
    let outside = Outside { heartbeat: config.heartbeat_url, checkpoints };
    server::run(app, place.listener, config.tls.as_ref(), outside, stop).await?;
    Ok(())
}

/// Whether mail can leave is seen at the start, not in the first night that somebody is needed.
async fn check_mail(app: Arc<App>) {
    if let Err(why) = app.channels.check_mail().await {
        tracing::warn!("NO MAIL LEAVES: {why}. Muster goes on trying; mend [smtp] in muster.toml and start it again");
    } else if !app.channels.can(MeansKind::Email) {
        tracing::warn!("no mail server is set up: nobody is reached by email. Set [smtp] or MUSTER_SMTP_URL");
    }
}

pub(super) fn channels(settings: &ChannelSettings) -> Result<Channels, CannotServe> {
    Ok(Channels::new(settings).map_err(NotStarted::from)?)
}

/// Stops on Ctrl-C, and on SIGTERM as service managers send it. Listens from now on: call it before anybody is told that
/// the program runs, as whoever hears that may stop it at once.
///
/// # Errors
/// If the system does not let it listen.
pub(super) fn stop_on_signal() -> std::io::Result<CancellationToken> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    let stop = CancellationToken::new();
    let told = stop.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        told.cancel();
        // Whoever read our words may be gone: that is no reason not to stop, which is all that a panic here would bring.
        drop(writeln!(std::io::stdout(), "Stopping: what is being sent is let finish."));
    });
    Ok(stop)
}

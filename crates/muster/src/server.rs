//! Serving: a listener with or without TLS, the site, the engine, what is told outside, and an orderly end.

pub mod checkpoints;

use crate::app::App;
use crate::config::Tls;
use crate::ops::Failure;
use crate::store::{Tx, alerts};
use axum::Extension;
use axum::extract::ConnectInfo;
use axum::serve::Listener;
use checkpoints::Destination;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_util::sync::CancellationToken;
use tower::Layer;

/// How long open requests may take to finish once the program was told to stop. Streams of events
/// never end by themselves, so there is a limit.
const FINISH_WITHIN: Duration = Duration::from_secs(5);
/// How long a client may take for the TLS handshake.
const HANDSHAKE_WITHIN: Duration = Duration::from_secs(10);
/// How long a client may take for the headers of a request, and be silent between two.
const HEADERS_WITHIN: Duration = Duration::from_secs(30);
/// How often the books are counted and the heartbeat goes out.
const WATCH_EVERY: Duration = Duration::from_secs(60);

/// Why the program could not serve.
#[derive(Debug, thiserror::Error)]
pub enum NotServed {
    /// The certificate or its key cannot be used.
    #[error("{}: {why}", path.display())]
    Certificate {
        /// Which file.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// The server ended.
    #[error("the server ended: {0}")]
    Ended(#[from] std::io::Error),
}

/// What somebody outside is told, so that they need not believe this machine.
#[derive(Clone, Debug, Default)]
pub struct Outside {
    /// An address that is fetched while all is well.
    pub heartbeat: Option<String>,
    /// Who gets checkpoints of the ledger.
    pub checkpoints: Vec<Destination>,
}

/// Serves until `stop`, then lets requests and deliveries finish.
///
/// # Errors
/// [`NotServed`].
pub async fn run(
    app: Arc<App>,
    listener: TcpListener,
    tls: Option<&Tls>,
    outside: Outside,
    stop: CancellationToken,
) -> Result<(), NotServed> {
    let engine = tokio::spawn(crate::engine::run::run(app.clone(), stop.clone()));
    let watch = tokio::spawn(watch(app.clone(), outside.heartbeat, stop.clone()));
    let checkpoints = tokio::spawn(checkpoints::run(app.clone(), outside.checkpoints, stop.clone()));
    let site = crate::web::routes::site(&app);
    let served = match tls {
        None => serve(listener, site, HEADERS_WITHIN, stop.clone()).await,
        Some(files) => {
            let listener = TlsListener { inner: listener, acceptor: acceptor(files)? };
            serve(listener, site, HEADERS_WITHIN, stop.clone()).await
        }
    };
    stop.cancel();
    let _ = tokio::join!(engine, watch, checkpoints);
    Ok(served?)
}

/// As `axum::serve`, and with a limit on how long a client may take for the headers of a request: a few hundred
/// connections that never say anything must not keep senders out.
async fn serve<L>(
    mut listener: L,
    site: axum::Router,
    headers_within: Duration,
    stop: CancellationToken,
) -> std::io::Result<()>
where
    L: Listener<Addr = SocketAddr>,
{
    let mut http = auto::Builder::new(TokioExecutor::new());
    http.http1().timer(TokioTimer::new()).header_read_timeout(headers_within);
    http.http2().timer(TokioTimer::new()).keep_alive_interval(headers_within).keep_alive_timeout(headers_within);
    let open = GracefulShutdown::new();
    loop {
        let (stream, address) = tokio::select! {
            accepted = Listener::accept(&mut listener) => accepted,
            () = stop.cancelled() => break,
        };
        // Around the site, not into it: that would wrap each of its routes anew for every connection.
        let site = TowerToHyperService::new(Extension(ConnectInfo(Peer(address))).layer(site.clone()));
        let connection = http.serve_connection_with_upgrades(TokioIo::new(stream), site).into_owned();
        let connection = open.watch(connection);
        // An error is a client that went away, or said something that is no HTTP.
        tokio::spawn(async move { connection.await.map_err(|error| tracing::debug!(%address, %error, "connection")) });
    }
    drop(listener);
    tokio::select! {
        () = open.shutdown() => {}
        () = tokio::time::sleep(FINISH_WITHIN) => {}
    }
    Ok(())
}

/// The other end of a connection.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

struct TlsListener {
    inner: TcpListener,
    acceptor: TlsAcceptor,
}

impl Listener for TlsListener {
    type Io = tokio_rustls::server::TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            let (stream, address) = Listener::accept(&mut self.inner).await;
            match tokio::time::timeout(HANDSHAKE_WITHIN, self.acceptor.accept(stream)).await {
                Ok(Ok(stream)) => return (stream, address),
                Ok(Err(error)) => tracing::debug!(%address, %error, "no TLS handshake"),
                Err(_) => tracing::debug!(%address, "TLS handshake took too long"),
            }
        }
    }

    fn local_addr(&self) -> std::io::Result<Self::Addr> {
        self.inner.local_addr()
    }
}

fn acceptor(files: &Tls) -> Result<TlsAcceptor, NotServed> {
    let bad = |path: &PathBuf, why: String| NotServed::Certificate { path: path.clone(), why };
    let certs = CertificateDer::pem_file_iter(&files.cert)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|e| bad(&files.cert, format!("no certificate can be read: {e}")))?;
    let key = PrivateKeyDer::from_pem_file(&files.key)
        .map_err(|e| bad(&files.key, format!("no private key can be read: {e}")))?;
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(certs, key)
        .map_err(|e| bad(&files.cert, format!("certificate and key do not fit: {e}")))?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// Counts the books each minute, and tells somebody outside that all is well, or falls silent.
async fn watch(app: Arc<App>, heartbeat: Option<String>, stop: CancellationToken) {
    loop {
        let well = all_is_well(&app).await;
        if let (true, Some(url)) = (well, &heartbeat) {
            beat(&app, url).await;
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(WATCH_EVERY) => {}
        }
    }
}

async fn all_is_well(app: &App) -> bool {
    let books = app.ops.db().read(async |tx: &mut Tx| Ok::<_, Failure>(alerts::books(tx).await?)).await;
    match books {
        Ok((accepted, accounted)) => {
            app.health.counted(accepted, accounted);
            if accepted != accounted {
                tracing::error!(accepted, accounted, "the books do not balance: signals are missing");
            }
            let late = app.ops.now().duration_since(app.health.ticked_at()).as_secs() > 60;
            accepted == accounted && !late
        }
        Err(failure) => {
            tracing::error!(%failure, "the books cannot be counted");
            false
        }
    }
}

async fn beat(app: &App, url: &str) {
    let sent = match crate::outgoing::address(url) {
        Ok(url) => {
            app.channels.outgoing().send(crate::outgoing::Request::get(url)).await.map(drop).map_err(|e| e.to_string())
        }
        Err(bad) => Err(bad.to_string()),
    };
    if let Err(why) = sent {
        tracing::warn!(%why, "the heartbeat did not go out");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    #[tokio::test]
    async fn a_client_that_never_ends_its_headers_is_sent_away_and_others_are_served() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, stop) = (listener.local_addr().unwrap(), CancellationToken::new());
        let site = axum::Router::new().route("/", axum::routing::get(|| async { "served" }));
        let serving = tokio::spawn(serve(listener, site, Duration::from_millis(200), stop.clone()));
        let mut slow = TcpStream::connect(address).await.unwrap();
        slow.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n").await.unwrap();
        let mut quick = TcpStream::connect(address).await.unwrap();
        quick.write_all(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await.unwrap();
        let mut answer = String::new();
        quick.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("served"), "{answer}");
        let end = tokio::time::timeout(Duration::from_secs(20), slow.read(&mut [0; 512])).await;
        assert_eq!(end.expect("it is closed in time").unwrap_or(0), 0, "closed without an answer");
        stop.cancel();
        serving.await.unwrap().unwrap();
    }
}

//! TLS to PostgreSQL: what an address says about it, and the stream.
//!
//! There are two modes. Without `sslmode`, or with `disable`, nothing is encrypted. With `verify-full` (`require` is the same here)
//! everything is, or there is no connection: the certificate must be one that the machine's store, or the file
//! `sslrootcert`, vouches for, and must name the host. The modes in between encrypt for whoever happens to answer.

use super::super::OpenError;
use super::errors::chain;
use percent_encoding::percent_decode_str;
use rustls_platform_verifier::BuilderVerifierExt;
use std::future::Future;
use std::io;
use std::net::IpAddr;
use std::path::Path;
use std::pin::Pin;
use std::str::FromStr;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres::tls::{ChannelBinding, MakeTlsConnect, TlsConnect, TlsStream};
use tokio_postgres::{Config, Socket};
use tokio_rustls::TlsConnector;
use tokio_rustls::client;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, InvalidDnsNameError, ServerName};
use tokio_rustls::rustls::{self, ClientConfig, RootCertStore};

/// What `address` says: how to connect, and whom to trust.
pub(super) fn read(address: &str) -> Result<(Config, Tls), OpenError> {
    let (address, mode, roots) = split(address);
    let mut config = Config::from_str(&address).map_err(|e| OpenError::Address(chain(&e)))?;
    let tls = match mode.as_deref() {
        None | Some("disable") => {
            if mode.is_none() && config.get_hosts().iter().any(is_elsewhere) {
                tracing::warn!(
                    "the connection to PostgreSQL is not encrypted; add ?sslmode=verify-full to its address, or \
                     ?sslmode=disable to say that this is meant"
                );
            }
            config.ssl_mode(SslMode::Disable);
            Tls(Arc::new(client_config(|builder| Ok(builder.with_root_certificates(RootCertStore::empty())))?))
        }
        Some("require" | "verify-full") => {
            config.ssl_mode(SslMode::Require);
            Tls(Arc::new(trusting(roots.as_deref().map(Path::new))?))
        }
        Some(_) => return Err(OpenError::Address("sslmode is verify-full (or require), or disable".into())),
    };
    Ok((config, tls))
}

/// The address without what is ours, which the driver does not know in full: `sslmode` and `sslrootcert`.
fn split(address: &str) -> (String, Option<String>, Option<String>) {
    let Some((place, query)) = address.split_once('?') else { return (address.to_owned(), None, None) };
    let (mut mode, mut roots, mut rest) = (None, None, Vec::new());
    for pair in query.split('&') {
        let decoded = |value: &str| Some(percent_decode_str(value).decode_utf8_lossy().into_owned());
        match pair.split_once('=') {
            Some(("sslmode", value)) => mode = decoded(value),
            Some(("sslrootcert", value)) => roots = decoded(value),
            _ => rest.push(pair),
        }
    }
    let query = rest.join("&");
    (if query.is_empty() { place.to_owned() } else { format!("{place}?{query}") }, mode, roots)
}

/// Whether bytes to that host leave this machine.
fn is_elsewhere(host: &Host) -> bool {
    match host {
        Host::Tcp(name) => name != "localhost" && !name.parse().is_ok_and(|address: IpAddr| address.is_loopback()),
        #[cfg(unix)]
        Host::Unix(_) => false,
    }
}

fn trusting(roots: Option<&Path>) -> Result<ClientConfig, OpenError> {
    let Some(path) = roots else {
        return client_config(BuilderVerifierExt::with_platform_verifier).map_err(|e| {
            OpenError::Address(format!("{e}: name a file of certificates to trust with sslrootcert=/path/ca.pem"))
        });
    };
    let wrong = |why: &dyn std::fmt::Display| OpenError::Address(format!("sslrootcert {}: {why}", path.display()));
    let mut store = RootCertStore::empty();
    let certificates = CertificateDer::pem_file_iter(path).map_err(|e| wrong(&e))?;
    for certificate in certificates {
        store.add(certificate.map_err(|e| wrong(&e))?).map_err(|e| wrong(&e))?;
    }
    if store.is_empty() {
        return Err(wrong(&"there is no certificate in it"));
    }
    client_config(|builder| Ok(builder.with_root_certificates(store)))
}

type Builder<State> = rustls::ConfigBuilder<ClientConfig, State>;

fn client_config(
    trust: impl FnOnce(Builder<rustls::WantsVerifier>) -> Result<Builder<rustls::client::WantsClientCert>, rustls::Error>,
) -> Result<ClientConfig, OpenError> {
    ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(trust)
        .map(Builder::with_no_client_auth)
        .map_err(|e| OpenError::Address(chain(&e)))
}

/// Makes a stream of every connection that wants one.
#[derive(Clone)]
pub(super) struct Tls(Arc<ClientConfig>);

impl MakeTlsConnect<Socket> for Tls {
    type Stream = Stream;
    type TlsConnect = To;
    type Error = InvalidDnsNameError;

    fn make_tls_connect(&mut self, host: &str) -> Result<To, InvalidDnsNameError> {
        // With a socket in the file system there is no host, and no TLS is asked for.
        let name = if host.is_empty() { "localhost" } else { host };
        Ok(To { connector: TlsConnector::from(Arc::clone(&self.0)), name: ServerName::try_from(name)?.to_owned() })
    }
}

/// A handshake with one host.
pub(super) struct To {
    connector: TlsConnector,
    name: ServerName<'static>,
}

impl TlsConnect<Socket> for To {
    type Stream = Stream;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Stream>> + Send>>;

    fn connect(self, socket: Socket) -> Self::Future {
        Box::pin(async move { Ok(Stream(self.connector.connect(self.name, socket).await?)) })
    }
}

/// An encrypted connection.
pub(super) struct Stream(client::TlsStream<Socket>);

impl TlsStream for Stream {
    /// None: whom we speak to is proved by the certificate, so that binding the password to it would prove it again.
    fn channel_binding(&self) -> ChannelBinding {
        ChannelBinding::none()
    }
}

impl AsyncRead for Stream {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buf)
    }
}

impl AsyncWrite for Stream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_driver_does_not_know_is_taken_out_of_the_address() {
        for (address, rest, mode, roots) in [
            ("postgres://m@h/n", "postgres://m@h/n", None, None),
            ("postgres://m@h/n?sslmode=verify-full", "postgres://m@h/n", Some("verify-full"), None),
            (
                "postgres:///n?user=m&sslrootcert=%2Fetc%2Fca.pem&host=/run&sslmode=require",
                "postgres:///n?user=m&host=/run",
                Some("require"),
                Some("/etc/ca.pem"),
            ),
        ] {
            assert_eq!(split(address), (rest.into(), mode.map(Into::into), roots.map(Into::into)), "{address}");
        }
    }

    #[test]
    fn an_address_says_whether_it_is_encrypted_and_nothing_in_between() {
        let mode = |address: &str| read(address).map(|(config, _)| config.get_ssl_mode()).map_err(|e| e.to_string());
        assert_eq!(mode("postgres://m@h/n"), Ok(SslMode::Disable));
        assert_eq!(mode("postgres://m@h/n?sslmode=disable"), Ok(SslMode::Disable));
        for between in ["prefer", "allow", "verify-ca", "on"] {
            let refused = mode(&format!("postgres://m:secret@h/n?sslmode={between}")).unwrap_err();
            assert!(refused.contains("sslmode is verify-full") && !refused.contains("secret"), "{refused}");
        }
        let none = mode("postgres://m@h/n?sslmode=verify-full&sslrootcert=/nonexistent.pem").unwrap_err();
        assert!(none.contains("sslrootcert /nonexistent.pem"), "{none}");
        let no_pem =
            concat!("postgres://m@h/n?sslmode=verify-full&sslrootcert=", env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
        assert!(mode(no_pem).unwrap_err().contains("there is no certificate in it"));
    }

    #[test]
    fn only_what_leaves_the_machine_is_elsewhere() {
        let elsewhere = |host: &str| is_elsewhere(&Host::Tcp(host.into()));
        assert!(elsewhere("db.example.org") && elsewhere("10.0.0.1"));
        assert!(!["localhost", "127.0.0.1", "::1"].into_iter().any(elsewhere));
    }
}

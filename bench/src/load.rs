//! The load: connections that each send the next request when the last was answered.

use crate::Failure;
use crate::rivals::{Format, Rival};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

/// Keys are spread over this many, so that most signals repeat an open alert, as in a real storm, and
/// some open a new one.
const KEYS: u64 = 20_000;
static NEXT: AtomicU64 = AtomicU64::new(0);

/// One measurement.
pub struct Load<'a> {
    pub rival: &'a Rival,
    pub connections: usize,
    pub alerts: usize,
}

/// What came of it.
pub struct Figures {
    pub per_second: f64,
    pub p50_ms: f64,
    pub p99_ms: f64,
    pub refused: usize,
}

impl Load<'_> {
    /// Sends for that long.
    pub async fn run(&self, length: Duration) -> Result<Figures, Failure> {
        let begin = Instant::now();
        let mut connections = JoinSet::new();
        for _ in 0..self.connections {
            let (address, head) = (self.rival.address.clone(), self.rival.head.clone());
            let (format, alerts) = (self.rival.format, self.alerts);
            connections.spawn(async move { one(&address, &head, format, alerts, begin + length).await });
        }
        let (mut times, mut refused) = (Vec::new(), 0);
        while let Some(done) = connections.join_next().await {
            let (t, r) = done??;
            times.extend(t);
            refused += r;
        }
        let seconds = begin.elapsed().as_secs_f64();
        times.sort_unstable();
        let at = |share: usize| times.get(times.len().saturating_sub(1) * share / 100).copied().unwrap_or_default();
        let ms = |d: Duration| d.as_secs_f64() * 1000.0;
        let answered = crate::count(times.len());
        Ok(Figures { per_second: answered / seconds, p50_ms: ms(at(50)), p99_ms: ms(at(99)), refused })
    }
}

async fn one(
    address: &str,
    head: &str,
    format: Format,
    alerts: usize,
    until: Instant,
) -> Result<(Vec<Duration>, usize), Failure> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (mut times, mut refused, mut buffer) = (Vec::new(), 0, vec![0; 16 * 1024]);
    while Instant::now() < until {
        let body = format.body(alerts, || NEXT.fetch_add(1, Ordering::Relaxed) % KEYS);
        let request = format!("{head}Content-Length: {}\r\n\r\n{body}", body.len());
        let begin = Instant::now();
        stream.write_all(request.as_bytes()).await?;
        if answer(&mut stream, &mut buffer).await? { times.push(begin.elapsed()) } else { refused += 1 }
    }
    Ok((times, refused))
}

/// Reads one answer; whether it was a 2xx.
async fn answer(stream: &mut TcpStream, buffer: &mut [u8]) -> Result<bool, Failure> {
    let mut have = 0;
    loop {
        let n = stream.read(&mut buffer[have..]).await?;
        if n == 0 {
            return Err("the server closed the connection".into());
        }
        have += n;
        let text = String::from_utf8_lossy(&buffer[..have]);
        let Some(end) = text.find("\r\n\r\n") else { continue };
        let length = text[..end]
            .lines()
            .find_map(|l| l.to_ascii_lowercase().strip_prefix("content-length:").map(|v| v.trim().to_owned()))
            .and_then(|v| v.parse::<usize>().ok())
            .unwrap_or(0);
        if have >= end + 4 + length {
            return Ok(text[9..].starts_with('2'));
        }
    }
}

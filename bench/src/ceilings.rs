//! The same HTTP stack with less behind it: what Muster could reach at most. Each is a process of its own.

use crate::Failure;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};

/// Most requests in one transaction of the bare loop: as in Muster.
const BATCH: usize = 512;

/// Serves `null`, or `bare FILE`, on `address` until it is killed.
pub async fn serve(address: &str, args: &[String]) -> Result<(), Failure> {
    let site = match args {
        [null] if null == "null" => {
            Router::new().route("/in", post(|body: Bytes| async move { format!("{}\n", body.len()) }))
        }
        [bare, file] if bare == "bare" => {
            let db = rusqlite::Connection::open(file)?;
            db.pragma_update(None, "journal_mode", "WAL")?;
            db.pragma_update(None, "synchronous", "FULL")?;
            db.execute_batch("CREATE TABLE payloads (bytes BLOB); CREATE TABLE alerts (key TEXT PRIMARY KEY, n INT)")?;
            let (send, receive) = mpsc::channel(8192);
            std::thread::spawn(move || write_all(&db, receive));
            Router::new().route("/in", post(take)).with_state(send)
        }
        _ => return Err("usage: muster-bench serve ADDRESS null|bare FILE".into()),
    };
    Ok(axum::serve(TcpListener::bind(address).await?, site).await?)
}

async fn take(State(queue): State<mpsc::Sender<(Bytes, oneshot::Sender<bool>)>>, body: Bytes) -> StatusCode {
    let (done, waiting) = oneshot::channel();
    match queue.send((body, done)).await {
        Ok(()) if waiting.await == Ok(true) => StatusCode::OK,
        _ => StatusCode::SERVICE_UNAVAILABLE,
    }
}

fn write_all(db: &rusqlite::Connection, mut queue: mpsc::Receiver<(Bytes, oneshot::Sender<bool>)>) {
    let mut batch = Vec::new();
    while queue.blocking_recv_many(&mut batch, BATCH) > 0 {
        let written = write(db, &batch).is_ok();
        for (_, done) in batch.drain(..) {
            let _ = done.send(written); // whoever asked has gone
        }
    }
}

fn write(db: &rusqlite::Connection, batch: &[(Bytes, oneshot::Sender<bool>)]) -> rusqlite::Result<()> {
    db.execute_batch("BEGIN IMMEDIATE")?;
    for (body, _) in batch {
        db.prepare_cached("INSERT INTO payloads VALUES (?1)")?.execute([&body[..]])?;
        let json: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
        for alert in json["alerts"].as_array().into_iter().flatten() {
            let upsert = "INSERT INTO alerts VALUES (?1, 1) ON CONFLICT (key) DO UPDATE SET n = n + 1";
            db.prepare_cached(upsert)?.execute([alert["fingerprint"].as_str().unwrap_or("")])?;
        }
    }
    db.execute_batch("COMMIT")
}

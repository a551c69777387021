//! A receiver of signed webhooks that writes down what arrives, is sometimes slow, and never answers while it is told
//! to hold: then a send is in flight.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use ring::hmac;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;

/// One message that arrived.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// Its idempotency key.
    pub id: String,
    /// Which life of the server sent it: each signs with a secret of its own.
    pub life: u32,
    /// The personal link in it.
    pub link: Option<String>,
    /// Whether it was answered with 200.
    pub answered: bool,
}

/// The receiver. It ends with the test's runtime.
pub struct Receiver {
    pub port: u16,
    desk: Arc<Desk>,
}

struct Desk {
    receipts: Mutex<Vec<Receipt>>,
    /// The texts that came with each key, to see that a message sent again is the same one.
    texts: Mutex<BTreeMap<String, Bytes>>,
    wrong: Mutex<Vec<String>>,
    hold: watch::Sender<bool>,
    /// How many arrived, and how many were answered.
    counts: watch::Sender<(usize, usize)>,
    lives: Mutex<u32>,
}

impl Receiver {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let desk = Arc::new(Desk {
            receipts: Mutex::default(),
            texts: Mutex::default(),
            wrong: Mutex::default(),
            hold: watch::channel(false).0,
            counts: watch::channel((0, 0)).0,
            lives: Mutex::new(0),
        });
        let site = Router::new().route("/{who}", post(take)).with_state(desk.clone());
        tokio::spawn(async move { axum::serve(listener, site).await.unwrap() });
        Self { port, desk }
    }

    /// The secret of the server's next life.
    pub fn secret_of(&self, life: u32) -> String {
        *self.desk.lives.lock().unwrap() = life;
        format!("whsec_{}", BASE64.encode(secret_bytes(life)))
    }

    /// From now on nothing is answered, or everything. What is held while the server dies is never answered.
    pub fn hold(&self, hold: bool) {
        self.desk.hold.send_replace(hold);
    }

    /// Everything that arrived, oldest first.
    pub fn receipts(&self) -> Vec<Receipt> {
        self.desk.receipts.lock().unwrap().clone()
    }

    /// What was sent wrongly: a bad signature, another text under the same key, a key twice in one life.
    pub fn wrong(&self) -> Vec<String> {
        self.desk.wrong.lock().unwrap().clone()
    }

    /// Keys that arrived in that life and were not answered.
    pub fn unanswered(&self, life: u32) -> BTreeSet<String> {
        self.receipts().into_iter().filter(|r| r.life == life && !r.answered).map(|r| r.id).collect()
    }

    /// Waits until so many messages have arrived and were answered as `enough` says; the caller sets the bound.
    pub async fn has(&self, enough: impl Fn((usize, usize)) -> bool) {
        // It cannot be closed while this receiver lives.
        let _ = self.counts().wait_for(|counts| enough(*counts)).await;
    }

    /// How many messages have arrived and how many were answered, to wait for more.
    pub fn counts(&self) -> watch::Receiver<(usize, usize)> {
        self.desk.counts.subscribe()
    }
}

fn secret_bytes(life: u32) -> [u8; 32] {
    let mut bytes = [7; 32];
    bytes[..4].copy_from_slice(&life.to_be_bytes());
    bytes
}

async fn take(State(desk): State<Arc<Desk>>, Path(who): Path<String>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let nth = match desk.read(&who, &headers, &body) {
        Ok(receipt) => desk.arrived(receipt),
        Err(wrong) => {
            desk.wrong.lock().unwrap().push(wrong);
            return StatusCode::BAD_REQUEST;
        }
    };
    // A server that is killed closes its connection, and that ends this future here.
    if desk.hold.subscribe().wait_for(|hold| !hold).await.is_err() {
        return StatusCode::SERVICE_UNAVAILABLE;
    }
    // Not all receivers are quick: every fourth takes a while, so that kills meet sends under way in any round.
    if nth % 4 == 0 {
        tokio::time::sleep(Duration::from_millis(40)).await;
    }
    desk.receipts.lock().unwrap()[nth].answered = true;
    desk.counts.send_modify(|(_, answered)| *answered += 1);
    StatusCode::OK
}

impl Desk {
    fn read(&self, who: &str, headers: &HeaderMap, body: &Bytes) -> Result<Receipt, String> {
        let header = |name: &str| headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
        let (id, time, signature) = (header("webhook-id"), header("webhook-timestamp"), header("webhook-signature"));
        let life = self.signer(&id, &time, &signature, body).ok_or_else(|| format!("{id} to {who}: bad signature"))?;
        let said: serde_json::Value = serde_json::from_slice(body).map_err(|e| format!("{id} to {who}: {e}"))?;
        let data = &said["data"];
        if data["id"] != id.as_str() {
            return Err(format!("{id} to {who}: the body is of {}", data["id"]));
        }
        if self.receipts.lock().unwrap().iter().any(|r| r.id == id && r.life == life) {
            return Err(format!("{id} to {who} was sent twice by one life, the {life}th"));
        }
        // All but the time of the try, which is in its own field.
        let text = Bytes::from(data.to_string());
        if self.texts.lock().unwrap().entry(id.clone()).or_insert_with(|| text.clone()) != &text {
            return Err(format!("{id} to {who}: another text than at first"));
        }
        Ok(Receipt { id, life, link: data["link"].as_str().map(str::to_owned), answered: false })
    }

    /// Which life signed it; usually the newest.
    fn signer(&self, id: &str, time: &str, signature: &str, body: &[u8]) -> Option<u32> {
        let given = BASE64.decode(signature.strip_prefix("v1,")?).ok()?;
        let signed = [format!("{id}.{time}.").as_bytes(), body].concat();
        let key = |life| hmac::Key::new(hmac::HMAC_SHA256, &secret_bytes(life));
        let newest = *self.lives.lock().unwrap();
        (0..=newest).rev().find(|life| hmac::verify(&key(*life), &signed, &given).is_ok())
    }

    fn arrived(&self, receipt: Receipt) -> usize {
        let mut receipts = self.receipts.lock().unwrap();
        receipts.push(receipt);
        self.counts.send_modify(|(arrived, _)| *arrived += 1);
        receipts.len() - 1
    }
}

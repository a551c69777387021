//! Requests to what a story has started.

use reqwest::{Client, Method, RequestBuilder, StatusCode, header, redirect};
use std::time::Duration;

/// What came back.
pub struct Answer {
    pub status: StatusCode,
    /// Of the first `Set-Cookie`, what is to be sent back.
    pub cookie: Option<String>,
    pub text: String,
}

/// Asks, following nothing; none if nobody answers.
pub fn ask(method: Method, url: &str, with: impl FnOnce(RequestBuilder) -> RequestBuilder) -> Option<Answer> {
    muster::outgoing::install_crypto();
    let client = Client::builder().no_proxy().timeout(Duration::from_secs(30)).redirect(redirect::Policy::none());
    // No roots are needed, as nothing here is HTTPS.
    let client = client.tls_certs_only([]).build().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let answer = with(client.request(method, url)).send().await.ok()?;
        let cookie = answer.headers().get(header::SET_COOKIE).map(|c| c.to_str().unwrap());
        let cookie = cookie.and_then(|c| c.split(';').next()).map(str::to_owned);
        Some(Answer { status: answer.status(), cookie, text: answer.text().await.ok()? })
    })
}

/// The text at `url`; none if there is none now.
pub fn get(url: &str) -> Option<String> {
    ask(Method::GET, url, |r| r).filter(|a| a.status.is_success()).map(|a| a.text)
}

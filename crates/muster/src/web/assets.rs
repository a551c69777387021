//! The files that pages use: styles, scripts, fonts. They are in the binary, so a page needs
//! nothing but this server.
//!
//! Their address holds a hash over all of them, so a browser may keep each for ever, and files can
//! refer to each other by relative paths.

use axum::extract::Path;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::Embed;
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

#[derive(Embed)]
#[folder = "assets/"]
struct Files;

/// Where [`serve`] is to be routed.
pub const ROUTE: &str = "/assets/{version}/{*path}";

/// The first half of a SHA-256 over names and contents: enough that two releases never share it.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let mut names: Vec<_> = Files::iter().collect();
    names.sort_unstable();
    let mut hash = Sha256::new();
    for name in names {
        hash.update(name.as_bytes());
        hash.update(Files::get(&name).map(|f| f.metadata.sha256_hash()).unwrap_or_default());
    }
    hex::encode(&hash.finalize()[..16])
});

/// The address of the file `path` in `assets/`.
#[must_use]
pub fn asset(path: &str) -> String {
    format!("/assets/{}/{path}", *VERSION)
}

/// Answers a request for a file. Of another release's address it sends today's file, not to be kept:
/// while nodes are replaced one by one, a page of one may ask another.
pub async fn serve(Path((version, path)): Path<(String, String)>, asked: HeaderMap) -> Response {
    let Some(file) = Files::get(&path) else {
        return (StatusCode::NOT_FOUND, "There is no such file. Reload the page.\n").into_response();
    };
    let tag = format!("\"{}\"", hex::encode(&file.metadata.sha256_hash()[..16]));
    let keep = if version == *VERSION { "public, max-age=31536000, immutable" } else { "no-cache" };
    let known = asked.get(header::IF_NONE_MATCH).is_some_and(|tags| {
        tags.to_str().is_ok_and(|tags| tags.split(',').any(|t| t.trim().trim_start_matches("W/") == tag))
    });
    let headers = [
        (header::CACHE_CONTROL, HeaderValue::from_static(keep)),
        (header::CONTENT_TYPE, content_type(&path)),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    let tag: Option<(HeaderName, HeaderValue)> = tag.parse().ok().map(|tag| (header::ETAG, tag));
    let mut response = match known {
        true => (StatusCode::NOT_MODIFIED, headers).into_response(),
        false => (headers, file.data).into_response(),
    };
    response.headers_mut().extend(tag);
    response
}

/// A short list of our own: what a browser must be told does not depend on a table elsewhere.
fn content_type(path: &str) -> HeaderValue {
    HeaderValue::from_static(match path.rsplit_once('.').map_or("", |(_, end)| end) {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "woff2" => "font/woff2",
        _ => "text/plain; charset=utf-8",
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::to_bytes;

    async fn get(version: &str, path: &str, tag: Option<&str>) -> Response {
        let mut asked = HeaderMap::new();
        if let Some(tag) = tag {
            asked.insert(header::IF_NONE_MATCH, tag.parse().unwrap());
        }
        serve(Path((version.into(), path.into())), asked).await
    }

    #[tokio::test]
    async fn a_file_is_kept_for_ever_under_its_hash_and_checked_under_any_other() {
        let version = VERSION.clone();
        let fresh = get(&version, "components.css", None).await;
        assert_eq!(fresh.headers()[header::CACHE_CONTROL], "public, max-age=31536000, immutable");
        assert_eq!(fresh.headers()[header::CONTENT_TYPE], "text/css; charset=utf-8");
        let tag = fresh.headers()[header::ETAG].to_str().unwrap().to_owned();
        assert!(to_bytes(fresh.into_body(), usize::MAX).await.unwrap().starts_with(b"/* Muster"));

        let old = get("0123", "components.css", Some(&format!("\"x\", W/{tag}"))).await;
        assert_eq!(
            (old.status(), &old.headers()[header::CACHE_CONTROL]),
            (StatusCode::NOT_MODIFIED, &"no-cache".parse().unwrap())
        );
        assert_eq!(old.headers()[header::ETAG], tag.as_str());
    }

    #[tokio::test]
    async fn only_our_files_are_there() {
        for path in ["nothing.css", "", "../Cargo.toml", "fonts", "/etc/passwd"] {
            assert_eq!(get(&VERSION, path, None).await.status(), StatusCode::NOT_FOUND, "{path}");
        }
    }

    #[test]
    fn styles_stay_within_their_budget() {
        let size = |name| Files::get(name).unwrap().data.len();
        assert!(size("tokens.css") + size("components.css") < 45_000);
    }

    #[test]
    fn whatever_a_file_or_template_names_is_there() {
        let mut named = Vec::new();
        let templates = concat!(env!("CARGO_MANIFEST_DIR"), "/templates");
        for folder in [templates.to_owned(), format!("{templates}/parts")] {
            for file in std::fs::read_dir(folder).unwrap().flatten().filter(|f| f.path().is_file()) {
                let text = std::fs::read_to_string(file.path()).unwrap();
                named.extend(text.split("asset(\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()));
            }
        }
        let css = String::from_utf8(Files::get("tokens.css").unwrap().data.into_owned()).unwrap();
        named.extend(css.split("url(\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()));
        assert!(named.len() >= 6, "{named:?}");
        for name in named {
            assert!(Files::get(&name).is_some(), "{name}");
        }
    }
}

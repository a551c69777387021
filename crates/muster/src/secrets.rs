//! Secrets: drawn, shown once, stored as hashes, compared without telling how much was right.

pub mod password;
pub mod signing;

use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::fmt;
use subtle::ConstantTimeEq;

/// Where randomness comes from: the operating system, or a seed in tests and in the simulation.
pub trait Random: Send + Sync {
    /// Fills `bytes` with random ones.
    ///
    /// # Errors
    /// [`NoRandomness`] if the system has none to give.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness>;
}

/// The operating system gave no random bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the operating system gave no random bytes; try again, and check that /dev/urandom can be read")]
pub struct NoRandomness;

/// The operating system's randomness.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        ring::rand::SecureRandom::fill(&ring::rand::SystemRandom::new(), bytes).map_err(|_| NoRandomness)
    }
}

/// A secret from the settings. Debug output shows that it is there, and nothing of it.
#[derive(Clone, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        same(self.0.as_bytes(), other.0.as_bytes())
    }
}

impl Secret {
    /// The secret itself, for the one place that uses it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(***)")
    }
}

/// What a token opens. The prefix lets people, and programs that search for leaked secrets, see what they hold.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum TokenKind {
    /// A sender's way in.
    Intake,
    /// The API.
    Api,
    /// A signed-in browser.
    Session,
    /// A personal link in a message.
    Link,
    /// The one-time link that makes the first administrator.
    SetUp,
}

impl TokenKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::Intake, Self::Api, Self::Session, Self::Link, Self::SetUp];

    /// How its tokens begin.
    #[must_use]
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Intake => "mk_",
            Self::Api => "mt_",
            Self::Session => "ms_",
            Self::Link => "ml_",
            Self::SetUp => "mu_",
        }
    }
}

/// Random bytes of a token: 160 bits, more than the 128 that can't be guessed, and whole in base 32.
const TOKEN_BYTES: usize = 20;
/// Characters of them. Letters and digits without capitals survive being read out and typed on a phone.
const TOKEN_CHARS: usize = TOKEN_BYTES / 5 * 8;
const BASE32: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// A secret that opens something: shown once, then known to Muster by its hash only.
#[derive(Clone, Eq)]
pub struct Token {
    kind: TokenKind,
    text: String,
}

impl PartialEq for Token {
    fn eq(&self, other: &Self) -> bool {
        same(self.text.as_bytes(), other.text.as_bytes())
    }
}

impl Token {
    /// A new one.
    ///
    /// # Errors
    /// [`NoRandomness`] if there is none.
    pub fn new(kind: TokenKind, random: &dyn Random) -> Result<Self, NoRandomness> {
        let mut bytes = [0; TOKEN_BYTES];
        random.fill(&mut bytes)?;
        Ok(Self { kind, text: format!("{}{}", kind.prefix(), base32(&bytes)) })
    }

    /// The one that `secret` and `about` make: for personal links, which stand in messages and are
    /// never stored. HMAC-SHA-256, cut to the length of a token.
    #[must_use]
    pub fn derived(kind: TokenKind, secret: &[u8], about: &str) -> Self {
        let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, secret);
        let tag = ring::hmac::sign(&key, about.as_bytes());
        let mut bytes = [0; TOKEN_BYTES];
        bytes.copy_from_slice(&tag.as_ref()[..TOKEN_BYTES]);
        Self { kind, text: format!("{}{}", kind.prefix(), base32(&bytes)) }
    }

    /// Reads what somebody presents as a token of that kind. Anything of another form is no token,
    /// so that nobody can make Muster hash a long text.
    #[must_use]
    pub fn parse(kind: TokenKind, text: &str) -> Option<Self> {
        let random = text.strip_prefix(kind.prefix())?;
        let whole = random.len() == TOKEN_CHARS && random.bytes().all(|b| BASE32.contains(&b));
        whole.then(|| Self { kind, text: text.to_owned() })
    }

    /// What it opens.
    #[must_use]
    pub fn kind(&self) -> TokenKind {
        self.kind
    }

    /// The token itself, to be shown once or put into a link.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.text
    }

    /// What is stored: see [`hash`].
    #[must_use]
    pub fn hash(&self) -> String {
        hash(&self.text)
    }

    /// Enough of it to tell tokens apart in a list, too little to use: `mk_k3vx…`.
    #[must_use]
    pub fn hint(&self) -> String {
        format!("{}…", &self.text[..self.kind.prefix().len() + 4])
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Token({}***)", self.kind.prefix())
    }
}

/// SHA-256 of `text` in lower-case hex: how tokens are stored. No salt and no slow hash, because
/// what is hashed is too random to be guessed; passwords go through [`password`].
#[must_use]
pub fn hash(text: &str) -> String {
    hex::encode(Sha256::digest(text))
}

/// Whether two secrets are the same, in a time that does not depend on where they differ.
#[must_use]
pub fn same(a: &[u8], b: &[u8]) -> bool {
    a.ct_eq(b).into()
}

/// Base 32 of RFC 4648, in lower case. Only whole groups of five bytes, so no padding arises.
fn base32(bytes: &[u8; TOKEN_BYTES]) -> String {
    let mut text = String::with_capacity(TOKEN_CHARS);
    for group in bytes.chunks_exact(5) {
        let bits = group.iter().fold(0u64, |bits, &b| bits << 8 | u64::from(b));
        text.extend((0..8).rev().map(|i| char::from(BASE32[(bits >> (5 * i) & 31) as usize])));
    }
    text
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Gives the same byte for ever.
    pub(crate) struct Always(pub(crate) u8);

    impl Random for Always {
        fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
            bytes.fill(self.0);
            Ok(())
        }
    }

    /// Has run dry.
    struct Never;

    impl Random for Never {
        fn fill(&self, _: &mut [u8]) -> Result<(), NoRandomness> {
            Err(NoRandomness)
        }
    }

    #[test]
    fn base_32_is_that_of_rfc_4648() {
        // From `printf 'The quick brown fox!' | base32 | tr A-Z a-z`.
        assert_eq!(base32(b"The quick brown fox!"), "krugkidrovuwg2zamjzg653oebtg66bb");
    }

    #[test]
    fn the_hash_is_sha_256_in_hex() {
        // From `printf ml_x | sha256sum`.
        assert_eq!(hash("ml_x"), "eb085020ac1b45cad387c5dcb9d169db9c2b88d40201cce05801a45922b80b9a");
    }

    #[test]
    fn a_token_is_read_back_as_its_own_kind_only() {
        for kind in TokenKind::ALL {
            let token = Token::new(kind, &SystemRandom).unwrap();
            for other in TokenKind::ALL {
                let read = Token::parse(other, token.reveal());
                assert_eq!(read, (other == kind).then(|| token.clone()), "{kind:?} read as {other:?}");
            }
        }
    }

    #[test]
    fn what_is_not_a_token_is_not_hashed() {
        let good = Token::new(TokenKind::Link, &Always(7)).unwrap().reveal().to_owned();
        for bad in [
            String::new(),
            "ml_".into(),
            good[3..].to_owned(),
            good.to_uppercase(),
            format!("{good}a"),
            good[..good.len() - 1].to_owned(),
            format!(" {good}"),
            good.replace(&good[5..6], "1"),
            format!("ml_{}", "é".repeat(16)),
            format!("ml_{}", "a".repeat(1 << 20)),
        ] {
            assert_eq!(Token::parse(TokenKind::Link, &bad), None, "{bad:.80}");
        }
    }

    #[test]
    fn two_tokens_differ_and_no_randomness_makes_none() {
        let draw = || Token::new(TokenKind::Session, &SystemRandom).unwrap().hash();
        assert_ne!(draw(), draw());
        assert_eq!(Token::new(TokenKind::Session, &Never), Err(NoRandomness));
    }

    #[test]
    fn nothing_secret_is_in_debug_output() {
        let token = Token::new(TokenKind::Intake, &SystemRandom).unwrap();
        assert_eq!(format!("{token:?}"), "Token(mk_***)");
        assert_eq!(format!("{:?}", Secret::from("hunter2")), "Secret(***)");
        assert_eq!(token.hint().chars().count(), 8);
        assert!(token.reveal().starts_with(token.hint().trim_end_matches('…')));
    }

    proptest! {
        #[test]
        fn same_is_equality(a: Vec<u8>, b: Vec<u8>) {
            prop_assert_eq!(same(&a, &b), a == b);
            prop_assert!(same(&a, &a));
        }

        #[test]
        fn reading_a_token_never_panics(text: String) {
            let _ = Token::parse(TokenKind::Api, &format!("mt_{text}")).map(|t| t.hint());
        }
    }
}

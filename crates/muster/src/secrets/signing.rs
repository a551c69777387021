//! The key that signs checkpoints of the ledger (DOC-4): Ed25519, in the forms that other tools read.

use super::{NoRandomness, Random, hash};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use std::fmt;
use std::str::FromStr;

/// What comes before the 32 secret bytes in a PKCS #8 file of version 1 (RFC 8410, section 7).
const PKCS8_PREFIX: [u8; 16] =
    [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];
const SEED_LEN: usize = 32;
/// What comes before the 32 bytes of a public key (RFC 8410, section 4).
const SPKI_PREFIX: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
const PEM_BEGIN: &str = "-----BEGIN PRIVATE KEY-----";
const PEM_END: &str = "-----END PRIVATE KEY-----";
const PUBLIC_PREFIX: &str = "ed25519:";

/// The secret half.
pub struct SigningKey {
    pair: Ed25519KeyPair,
    seed: [u8; SEED_LEN],
}

/// A text that should be a key or a signature is none.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum BadKey {
    /// The secret key's file.
    #[error(
        "this is no Ed25519 private key in PEM form; restore the file from a backup, or remove it to have a new key made"
    )]
    Private,
    /// A public key.
    #[error("a public key reads {PUBLIC_PREFIX} and 44 characters; copy it again, whole")]
    Public,
    /// A signature.
    #[error("a signature has 88 characters; copy it again, whole")]
    Signature,
}

impl SigningKey {
    /// A new key.
    ///
    /// # Errors
    /// [`NoRandomness`] if there is none.
    pub fn generate(random: &dyn Random) -> Result<Self, NoRandomness> {
        let mut seed = [0; SEED_LEN];
        random.fill(&mut seed)?;
        // Any 32 bytes are a key, so this cannot fail.
        Self::from_seed(seed).map_err(|_| NoRandomness)
    }

    fn from_seed(seed: [u8; SEED_LEN]) -> Result<Self, BadKey> {
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed).map_err(|_| BadKey::Private)?;
        Ok(Self { pair, seed })
    }

    /// The key as a PKCS #8 file in PEM form, which `openssl pkey` reads. Keep it secret.
    #[must_use]
    pub fn to_pem(&self) -> String {
        let der = [PKCS8_PREFIX.as_slice(), &self.seed].concat();
        format!("{PEM_BEGIN}\n{}\n{PEM_END}\n", BASE64.encode(der))
    }

    /// Reads what [`Self::to_pem`] or `openssl genpkey -algorithm ed25519` wrote.
    ///
    /// # Errors
    /// [`BadKey::Private`] if it is anything else.
    pub fn from_pem(pem: &str) -> Result<Self, BadKey> {
        let inner = pem.trim().strip_prefix(PEM_BEGIN).and_then(|rest| rest.strip_suffix(PEM_END));
        let lines: String = inner.ok_or(BadKey::Private)?.split_whitespace().collect();
        let der = BASE64.decode(lines).map_err(|_| BadKey::Private)?;
        let seed = der.strip_prefix(&PKCS8_PREFIX).ok_or(BadKey::Private)?;
        Self::from_seed(seed.try_into().map_err(|_| BadKey::Private)?)
    }

    /// The signature of `message`. Begin a message with what it is, so that a signature of one kind
    /// of statement can't be passed off as another.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> Signature {
        Signature(self.pair.sign(message).as_ref().to_vec())
    }

    /// The half that anybody may know.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        PublicKey(self.pair.public_key().as_ref().to_vec())
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey(of {})", self.public())
    }
}

/// The half that proves signatures. As text: `ed25519:` and base 64.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PublicKey(Vec<u8>);

impl PublicKey {
    /// Whether `signature` was made of exactly this `message` with the secret half.
    #[must_use]
    pub fn proves(&self, message: &[u8], signature: &Signature) -> bool {
        UnparsedPublicKey::new(&ED25519, &self.0).verify(message, &signature.0).is_ok()
    }

    /// The key as a file in PEM form, which `openssl pkeyutl -pubin` reads.
    #[must_use]
    pub fn to_pem(&self) -> String {
        let der = [SPKI_PREFIX.as_slice(), &self.0].concat();
        format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", BASE64.encode(der))
    }

    /// A short name for it in lists and file names: 16 hex digits of its SHA-256. Proves nothing.
    #[must_use]
    pub fn id(&self) -> String {
        hash(&self.to_string())[..16].to_owned()
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{PUBLIC_PREFIX}{}", BASE64.encode(&self.0))
    }
}

impl FromStr for PublicKey {
    type Err = BadKey;

    fn from_str(text: &str) -> Result<Self, BadKey> {
        let encoded = text.trim().strip_prefix(PUBLIC_PREFIX).ok_or(BadKey::Public)?;
        BASE64.decode(encoded).ok().filter(|key| key.len() == 32).map(Self).ok_or(BadKey::Public)
    }
}

/// A signature. As text: base 64.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Signature(Vec<u8>);

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&BASE64.encode(&self.0))
    }
}

impl FromStr for Signature {
    type Err = BadKey;

    fn from_str(text: &str) -> Result<Self, BadKey> {
        BASE64.decode(text.trim()).ok().filter(|s| s.len() == 64).map(Self).ok_or(BadKey::Signature)
    }
}

#[cfg(test)]
mod tests {
    use super::super::SystemRandom;
    use super::super::tests::Always;
    use super::*;
    use proptest::prelude::*;

    /// Made by `openssl genpkey -algorithm ed25519`, with its public half from `openssl pkey -pubout -outform DER`
    /// and a signature of "checkpoint 7\n" from `openssl pkeyutl -sign -rawin`.
    const FROM_OPENSSL: (&str, &str, &str) = (
        "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIGzreMu9LPh+2hCdd29U9Ab1YLS4qXX/gtxIOTaFqwdO\n-----END PRIVATE KEY-----\n",
        "NwWwVLB53umzG+i+xtskylbxj0jpSonNXAn218JuWsY=",
        "IS1UtO4ungNwuOv/QG6qvI5F5XE8vGGSN3vyGj2dbFmgkpxfFPzOB9yu9f8Kt/GHVpH/M+1Saan0UpW70YU9Aw==",
    );

    #[test]
    fn openssl_s_key_signs_as_openssl_does() {
        let (pem, public, signature) = FROM_OPENSSL;
        let key = SigningKey::from_pem(pem).unwrap();
        assert_eq!(key.to_pem(), pem);
        assert_eq!(key.public().to_string(), format!("ed25519:{public}"));
        // From `openssl pkey -pubout` of the same key.
        let public_pem = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEANwWwVLB53umzG+i+xtskylbxj0jpSonNXAn218JuWsY=\n-----END PUBLIC KEY-----\n";
        assert_eq!(key.public().to_pem(), public_pem);
        assert_eq!(key.sign(b"checkpoint 7\n").to_string(), signature);
    }

    #[test]
    fn the_seed_alone_makes_the_key() {
        let key = |byte| SigningKey::generate(&Always(byte)).unwrap();
        assert_eq!(key(1).public(), key(1).public());
        assert_ne!(key(1).public(), key(2).public());
        assert_ne!(key(1).public().id(), key(2).public().id());
    }

    #[test]
    fn everything_survives_being_written_and_read() {
        let key = SigningKey::generate(&SystemRandom).unwrap();
        let again = SigningKey::from_pem(&key.to_pem().replace('\n', "\r\n")).unwrap();
        let signature: Signature = again.sign(b"x").to_string().parse().unwrap();
        let public: PublicKey = key.public().to_string().parse().unwrap();
        assert!(public.proves(b"x", &signature));
    }

    #[test]
    fn what_is_no_key_is_refused() {
        let pem = SigningKey::generate(&SystemRandom).unwrap().to_pem();
        for bad in
            ["", "-----BEGIN PRIVATE KEY-----", &pem.replace("MC4C", "MC4D"), &pem[1..], &pem.replacen('\n', "\nAA", 1)]
        {
            assert_eq!(SigningKey::from_pem(bad).map(drop), Err(BadKey::Private), "{bad}");
        }
        for bad in ["", "ed25519:", "ed25519:AAAA", "rsa:AAAA", "ed25519:!"] {
            assert_eq!(bad.parse::<PublicKey>(), Err(BadKey::Public), "{bad}");
            assert_eq!(bad.parse::<Signature>(), Err(BadKey::Signature), "{bad}");
        }
    }

    #[test]
    fn the_secret_is_not_in_debug_output() {
        let key = SigningKey::generate(&SystemRandom).unwrap();
        assert_eq!(format!("{key:?}"), format!("SigningKey(of {})", key.public()));
    }

    proptest! {
        /// A signature proves this message under this key, and no other.
        #[test]
        fn nothing_else_is_proved(message: Vec<u8>, at in 0usize..64, flip in 1u8..) {
            let key = SigningKey::generate(&Always(3)).unwrap();
            let signature = key.sign(&message);
            prop_assert!(key.public().proves(&message, &signature));
            prop_assert!(!key.public().proves(&[&message[..], b"."].concat(), &signature));
            prop_assert!(!SigningKey::generate(&Always(4)).unwrap().public().proves(&message, &signature));
            let mut changed = signature.clone();
            changed.0[at] ^= flip;
            prop_assert!(!key.public().proves(&message, &changed));
        }
    }
}

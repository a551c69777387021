//! Passwords: the rules for a new one, and hashing them slowly without letting strangers use up the memory.

use super::{NoRandomness, Random};
use argon2::password_hash::phc::{PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Params, PasswordVerifier, Version};
use std::fmt;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Memory of one hash in KiB, 19 MiB: with [`PASSES`] and [`LANES`] the least that OWASP's password
/// storage guide asks of Argon2id.
pub const MEMORY_KIB: u32 = 19_456;
/// How often a hash goes through its memory.
pub const PASSES: u32 = 2;
/// How many threads it uses.
pub const LANES: u32 = 1;
/// Hashes under way at once, so that a flood of sign-ins takes 38 MiB and no more.
pub const AT_ONCE: usize = 2;
/// Hashes waiting besides. At about 30 ms each the last one waits half a second; any more are told to come again.
pub const WAITING_MAX: usize = 32;

/// Fewest characters. Length is what makes guessing slow; rules about kinds of characters only make people write them down.
pub const CHARS_MIN: usize = 12;
/// Most bytes, room for any sentence; longer input is only work for the server.
pub const BYTES_MAX: usize = 256;

/// What a password that nobody has is hashed to, so that an unknown name costs as much time as a known one.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5LWhhcy10aGlzIQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// A password as somebody typed it.
#[derive(Clone)]
pub struct Password(String);

impl Password {
    /// One to be checked against a stored hash. Nothing longer than [`BYTES_MAX`] was ever stored, so
    /// the rest of it is dropped together with its chance to match.
    #[must_use]
    pub fn typed(text: &str) -> Self {
        Self(if text.len() <= BYTES_MAX { text.to_owned() } else { String::new() })
    }

    /// A new one for the person with these names (full name, directory name, address).
    ///
    /// # Errors
    /// [`Weak`] if it breaks a rule.
    pub fn new(text: &str, names: &[&str]) -> Result<Self, Weak> {
        if text.chars().count() < CHARS_MIN {
            return Err(Weak::Short);
        }
        if text.len() > BYTES_MAX {
            return Err(Weak::Long);
        }
        let same_as = |name: &str| !letters(name).is_empty() && letters(name) == letters(text);
        if names.iter().any(|name| same_as(name)) {
            return Err(Weak::Name);
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(***)")
    }
}

/// What is left of a name when its spelling doesn't matter: "Priya  Sharma" and "priya.sharma" are one.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Why a new password is refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Weak {
    /// Under [`CHARS_MIN`].
    #[error("use at least {CHARS_MIN} characters; a few words in a row are easy to remember")]
    Short,
    /// Over [`BYTES_MAX`].
    #[error("use at most {BYTES_MAX} bytes, about as many letters")]
    Long,
    /// The person's own name.
    #[error("your own name is the first thing that anybody tries; use something else")]
    Name,
}

/// No hash was made or checked.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NotHashed {
    /// [`WAITING_MAX`] others wait already: answer 503.
    #[error("too many people are signing in at this moment; try again in a few seconds")]
    Busy,
    /// No salt.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// The hasher itself failed, for want of memory.
    #[error("the password could not be hashed; check that the machine has 20 MiB of memory free")]
    Hasher,
}

/// Hashes and checks passwords on a bounded pool. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Passwords {
    places: Arc<Semaphore>,
    workers: Arc<Semaphore>,
}

impl Default for Passwords {
    fn default() -> Self {
        Self { places: Arc::new(Semaphore::new(AT_ONCE + WAITING_MAX)), workers: Arc::new(Semaphore::new(AT_ONCE)) }
    }
}

impl Passwords {
    /// The text to store for `password`: a PHC string with its own salt and costs.
    ///
    /// # Errors
    /// [`NotHashed`] if it can't be made now.
    pub async fn hash(&self, password: Password, random: &dyn Random) -> Result<String, NotHashed> {
        let mut salt = [0; Salt::RECOMMENDED_LENGTH];
        random.fill(&mut salt)?;
        self.run(move || {
            use argon2::PasswordHasher;
            let made: Result<PasswordHash, _> = argon2()?.hash_password_with_salt(password.0.as_bytes(), &salt);
            made.map(|hash| hash.to_string()).map_err(|_| NotHashed::Hasher)
        })
        .await?
    }

    /// Whether `password` is the one that `stored` was made from. With nothing stored, because there
    /// is no such person or they have no password, it takes as long and says no.
    ///
    /// # Errors
    /// [`NotHashed::Busy`] if it can't be checked now.
    pub async fn verify_or_dummy(&self, password: Password, stored: Option<String>) -> Result<bool, NotHashed> {
        self.run(move || {
            let known = stored.as_deref().and_then(|text| PasswordHash::new(text).ok());
            let against = match &known {
                Some(hash) => hash.clone(),
                None => PasswordHash::new(NOBODY).map_err(|_| NotHashed::Hasher)?,
            };
            let right = argon2()?.verify_password(password.0.as_bytes(), &against).is_ok();
            Ok(right && known.is_some() && !password.0.is_empty())
        })
        .await?
    }

    /// Runs `work` on a thread of its own when one of [`AT_ONCE`] is free. The work keeps its permits
    /// even if whoever asked has gone, as a thread can't be stopped.
    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, NotHashed> {
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| NotHashed::Busy)?;
        let worker = Arc::clone(&self.workers).acquire_owned().await.map_err(|_| NotHashed::Busy)?;
        let done = tokio::task::spawn_blocking(move || {
            let _held = (place, worker);
            work()
        });
        done.await.map_err(|_| NotHashed::Hasher)
    }
}

fn argon2() -> Result<Argon2<'static>, NotHashed> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|_| NotHashed::Hasher)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests {
    use super::super::SystemRandom;
    use super::super::tests::Always;
    use super::*;

    #[test]
    fn the_rules_for_a_new_password() {
        let names = ["Priya Sharma-Lindqvist", "priya", "priya.sharma@example.org", ""];
        for (text, expected) in [
            ("correct horse", Ok(())),
            ("twelve chars", Ok(())),
            ("eleven char", Err(Weak::Short)),
            ("", Err(Weak::Short)),
            ("ääääääääääää", Ok(())),
            ("äääääää", Err(Weak::Short)), // 14 bytes are not 12 characters
            ("priya sharma lindqvist", Err(Weak::Name)),
            ("PRIYA.SHARMA@example.org", Err(Weak::Name)),
            ("priya sharma lindqvist!2", Ok(())),
            ("-------------", Ok(())), // no letters at all are not the name of somebody without one
        ] {
            assert_eq!(Password::new(text, &names).map(drop), expected, "{text}");
        }
        assert!(Password::new(&"x".repeat(BYTES_MAX), &names).is_ok());
        assert_eq!(Password::new(&"x".repeat(BYTES_MAX + 1), &names).unwrap_err(), Weak::Long);
    }

    #[tokio::test]
    async fn only_the_right_password_is_right() {
        let passwords = Passwords::default();
        let right = Password::new("correct horse battery", &[]).unwrap();
        let stored = passwords.hash(right, &SystemRandom).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        for (typed, stored, expected) in [
            ("correct horse battery", Some(stored.clone()), true),
            ("correct horse battery ", Some(stored.clone()), false),
            ("", Some(stored.clone()), false),
            ("correct horse battery", None, false),
            ("correct horse battery", Some("no hash at all".into()), false),
            (&"x".repeat(BYTES_MAX + 1), Some(stored), false),
        ] {
            let password = Password::typed(typed);
            assert_eq!(passwords.verify_or_dummy(password, stored).await, Ok(expected), "{typed:.30}");
        }
    }

    #[tokio::test]
    async fn a_hash_is_what_the_reference_implementation_makes() {
        let password = Password::new("correct horse battery", &[]).unwrap();
        let stored = Passwords::default().hash(password, &Always(b's')).await.unwrap();
        // From the reference implementation in C, through Python's argon2-cffi: `hash_secret(b"correct horse
        // battery", b"s" * 16, time_cost=2, memory_cost=19456, parallelism=1, hash_len=32, type=Type.ID)`.
        assert_eq!(
            stored,
            "$argon2id$v=19$m=19456,t=2,p=1$c3Nzc3Nzc3Nzc3Nzc3Nzcw$GZmXlZxS7tc0ygKTxsnpcsxhPdIgJazbOeuCRbGl5IE"
        );
    }

    #[test]
    fn nobody_costs_as_much_as_somebody() {
        let nobody = PasswordHash::new(NOBODY).unwrap();
        assert_eq!(nobody.algorithm.as_str(), "argon2id");
        assert_eq!(nobody.params.to_string(), format!("m={MEMORY_KIB},t={PASSES},p={LANES}"));
        assert_eq!(nobody.hash.unwrap().len(), 32);
    }

    #[tokio::test]
    async fn whoever_comes_when_all_places_are_taken_is_told_at_once() {
        let passwords = Passwords::default();
        let all = u32::try_from(AT_ONCE + WAITING_MAX).unwrap();
        let taken = passwords.places.acquire_many(all).await.unwrap();
        let come = || passwords.verify_or_dummy(Password::typed("correct horse battery"), None);
        assert_eq!(come().await, Err(NotHashed::Busy));
        drop(taken);
        assert_eq!(come().await, Ok(false));
        assert_eq!(passwords.places.available_permits(), AT_ONCE + WAITING_MAX);
    }

    #[tokio::test]
    async fn a_hash_under_way_keeps_its_place_when_its_asker_leaves() {
        let passwords = Passwords::default();
        let (go, wait) = std::sync::mpsc::channel::<()>();
        let asked = tokio::spawn({
            let passwords = passwords.clone();
            async move { passwords.run(move || wait.recv()).await }
        });
        while passwords.workers.available_permits() == AT_ONCE {
            tokio::task::yield_now().await;
        }
        asked.abort();
        let _ = asked.await;
        assert_eq!(passwords.workers.available_permits(), AT_ONCE - 1);
        go.send(()).unwrap();
        while passwords.workers.available_permits() < AT_ONCE {
            tokio::task::yield_now().await;
        }
    }

    #[test]
    fn a_password_is_not_in_debug_output() {
        assert_eq!(format!("{:?}", Password::typed("correct horse battery")), "Password(***)");
    }
}

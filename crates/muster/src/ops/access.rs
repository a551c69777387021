//! Coming in: passwords, sessions, API tokens, personal links, intake keys.

use super::legible::legible;
use super::{Changed, Failure, Once, Ops};
use crate::secrets::{Token, TokenKind};
use crate::store::access::{self, ApiToken, PersonalLink, Session};
use crate::store::{Sight, Tx, organisation};
use muster_core::directory::{Person, Role};
use muster_core::ids::{IntakeId, PersonId};
use muster_core::refusal::Refusal;
use muster_core::{Span, Time, later};
use sha2::{Digest, Sha256};

/// A session ends after this whatever happens.
const SESSION_LIVES: Span = Span::from_hours(24 * 30);
/// How exactly "last seen" is kept; a write for every request would be a waste.
const SEEN_EVERY: Span = Span::from_secs(60);
/// Longest name of an API token in characters: a line of a list.
const TOKEN_NAME_MAX: usize = 60;

/// Somebody who has come in.
#[derive(Clone, PartialEq, Debug)]
pub struct Visitor {
    /// Who.
    pub id: PersonId,
    /// As the directory has them now.
    pub person: Person,
    /// The hash of the session or the id of the token.
    pub by: By,
    /// Whether they come with a token that may do less than they.
    pub limited: bool,
}

impl Visitor {
    /// What they may see.
    #[must_use]
    pub fn sight(&self) -> Sight {
        Sight::of(&self.id)
    }
}

/// How somebody came in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum By {
    /// By a session, named by its token's hash.
    Session(String),
    /// By an API token, named by its id.
    Token(String),
}

impl Ops {
    /// Begins a session for somebody whose password or link was checked. Returns its token.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn begin_session(&self, person: &PersonId, agent: &str) -> Result<Token, Failure> {
        let token = Token::new(TokenKind::Session, self.world().random())?;
        let now = self.now();
        let session = Session {
            hash: token.hash(),
            person: person.clone(),
            agent: agent.chars().take(200).collect::<String>().replace('\0', ""),
            made_at: now,
            seen_at: now,
            expires_at: later(now, SESSION_LIVES),
        };
        self.db.write(async move |tx: &mut Tx| Ok::<_, Failure>(access::begin_session(tx, &session).await?)).await?;
        Ok(token)
    }

    /// Who comes with that session token; nobody if it ended, or if the person is gone.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn by_session(&self, token: &str) -> Result<Option<Visitor>, Failure> {
        let Some(token) = Token::parse(TokenKind::Session, token) else { return Ok(None) };
        let (ops, hash, now) = (self.clone(), token.hash(), self.now());
        let found = self
            .db
            .read(async move |tx: &mut Tx| {
                let Some(session) = access::session(tx, &hash, now).await? else { return Ok(None) };
                let org = ops.settings(tx).await?.org;
                let person = org.here(&session.person).cloned();
                Ok::<_, Failure>(person.map(|p| (session, p)))
            })
            .await?;
        let Some((session, person)) = found else { return Ok(None) };
        if now.duration_since(session.seen_at) > SEEN_EVERY {
            let hash = session.hash.clone();
            self.db
                .write(async move |tx: &mut Tx| Ok::<_, Failure>(access::saw_session(tx, &hash, now).await?))
                .await?;
        }
        Ok(Some(Visitor { id: session.person, person, by: By::Session(session.hash), limited: false }))
    }

    /// Who comes with that API token. They may do what both they and the token may.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn by_token(&self, token: &str) -> Result<Option<Visitor>, Failure> {
        let Some(token) = Token::parse(TokenKind::Api, token) else { return Ok(None) };
        let (ops, hash, now) = (self.clone(), token.hash(), self.now());
        let found = self
            .db
            .read(async move |tx: &mut Tx| {
                let Some(token) = access::token(tx, &hash).await? else { return Ok(None) };
                let org = ops.settings(tx).await?.org;
                let person = org.here(&token.person).cloned();
                Ok::<_, Failure>(person.map(|p| (token, p)))
            })
            .await?;
        let Some((token, person)) = found else { return Ok(None) };
        if token.used_at.is_none_or(|at| now.duration_since(at) > SEEN_EVERY) {
            let id = token.id.clone();
            self.db.write(async move |tx: &mut Tx| Ok::<_, Failure>(access::used_token(tx, &id, now).await?)).await?;
        }
        let limited = person.role > token.role;
        let person = Person { role: person.role.min(token.role), ..person };
        Ok(Some(Visitor { id: token.person, person, by: By::Token(token.id), limited }))
    }

    /// Ends one of that person's sessions, if it is theirs.
    ///
    /// # Errors
    /// [`Failure::NotFound`] if they have none of that hash.
    pub async fn end_session_of(&self, person: &PersonId, hash: &str) -> Result<(), Failure> {
        let (person, hash, now) = (person.clone(), hash.to_owned(), self.now());
        self.db
            .write(async move |tx: &mut Tx| {
                let session = access::session(tx, &hash, now).await?.filter(|s| s.person == person);
                if session.is_none() {
                    return Err(Failure::NotFound("session"));
                }
                Ok(access::end_session(tx, &hash).await?)
            })
            .await
    }

    /// Ends all of that person's sessions but, if given, one.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn end_sessions(&self, person: &PersonId, but: Option<&str>, actor: &PersonId) -> Result<(), Failure> {
        let (person, actor, now) = (person.clone(), actor.clone(), self.now());
        let but = but.map(str::to_owned);
        self.db
            .write(async move |tx: &mut Tx| {
                access::end_sessions(tx, &person, but.as_deref()).await?;
                let target = format!("sessions {person}");
                Ok(organisation::audit(tx, now, actor.as_str(), "ended", &target, None, None).await?)
            })
            .await
    }

    /// Ends a session.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn end_session(&self, hash: &str) -> Result<(), Failure> {
        let hash = hash.to_owned();
        self.db.write(async move |tx: &mut Tx| Ok(access::end_session(tx, &hash).await?)).await
    }

    /// That person's sessions and tokens.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn doors(&self, person: &PersonId) -> Result<(Vec<Session>, Vec<ApiToken>), Failure> {
        let (person, now) = (person.clone(), self.now());
        self.db
            .read(async move |tx: &mut Tx| {
                Ok((access::sessions(tx, &person, now).await?, access::tokens(tx, &person).await?))
            })
            .await
    }

    /// A new API token of that person's, shown this once. It may do at most what `role` may.
    ///
    /// # Errors
    /// [`Failure`]; refused without a legible name.
    pub async fn make_token(&self, person: &PersonId, name: &str, role: Role) -> Result<Token, Failure> {
        self.make_token_once(person, name, role, None).await
    }

    /// The same for a form, which may be sent twice: then the second token takes the place of the first, which nobody
    /// has seen, unless somebody has used it.
    ///
    /// # Errors
    /// As [`Ops::make_token`]; [`Failure::NotFound`] if the form's token is in use or was revoked.
    pub async fn make_token_once(
        &self,
        person: &PersonId,
        name: &str,
        role: Role,
        once: Option<Once>,
    ) -> Result<Token, Failure> {
        let name = name.trim().to_owned();
        if name.is_empty() || name.chars().count() > TOKEN_NAME_MAX {
            let ask = "Write what it is for, in up to 60 characters.";
            return Err(Refusal::Missing { field: "name", ask }.into());
        }
        legible("name", &name)?;
        let token = Token::new(TokenKind::Api, self.world().random())?;
        let (drawn, hash) = (self.draw()?, token.hash());
        let made = ApiToken {
            id: once.as_ref().map_or_else(|| drawn.id("token"), id_of_form),
            person: person.clone(),
            name,
            role,
            hint: token.hint(),
            made_at: drawn.now,
            used_at: None,
        };
        self.db
            .write(async move |tx: &mut Tx| {
                let first = !access::drop_unused_token(tx, &made.person, &made.id).await?;
                if !access::add_token(tx, &hash, &made).await? {
                    return Err(Failure::NotFound("token"));
                }
                if !first {
                    return Ok(());
                }
                let target = format!("token {}", made.name);
                Ok::<_, Failure>(
                    organisation::audit(tx, drawn.now, made.person.as_str(), "added", &target, None, None).await?,
                )
            })
            .await?;
        Ok(token)
    }

    /// Revokes a token.
    ///
    /// # Errors
    /// [`Failure::NotFound`] if that person has none of that id.
    pub async fn revoke_token(&self, person: &PersonId, id: &str) -> Result<(), Failure> {
        let (person, id, now) = (person.clone(), id.to_owned(), self.now());
        self.db
            .write(async move |tx: &mut Tx| match access::revoke_token(tx, &person, &id, now).await? {
                true => Ok(()),
                false => Err(Failure::NotFound("token")),
            })
            .await
    }

    /// The stored hash of that person's password, if they have one and may still sign in.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn password_hash(&self, person: &PersonId) -> Result<Option<String>, Failure> {
        let (ops, id) = (self.clone(), person.clone());
        self.db
            .read(async move |tx: &mut Tx| {
                let org = ops.settings(tx).await?.org;
                if org.here(&id).is_none() {
                    return Ok(None);
                }
                Ok(access::password_hash(tx, &id).await?)
            })
            .await
    }

    /// Sets that person's password by its hash and ends their other sessions.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn set_password(&self, person: &PersonId, hash: &str, but: Option<&str>) -> Result<(), Failure> {
        let (person, hash, now) = (person.clone(), hash.to_owned(), self.now());
        let but = but.map(str::to_owned);
        self.db
            .write(async move |tx: &mut Tx| {
                access::set_password_hash(tx, &person, &hash, now).await?;
                access::end_sessions(tx, &person, but.as_deref()).await?;
                let target = format!("password {person}");
                Ok(organisation::audit(tx, now, person.as_str(), "changed", &target, None, None).await?)
            })
            .await
    }

    /// Whether anybody can sign in yet.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn anybody_can_sign_in(&self) -> Result<bool, Failure> {
        self.db.read(async |tx: &mut Tx| Ok(access::anybody_has_a_password(tx).await?)).await
    }

    /// A new key for that sender, shown this once; its older keys keep working unless `alone`.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn make_intake_key(&self, intake: &IntakeId, alone: bool, actor: &str) -> Result<Token, Failure> {
        let token = Token::new(TokenKind::Intake, self.world().random())?;
        let (ops, intake, now, actor) = (self.clone(), intake.clone(), self.now(), actor.to_owned());
        let (hash, hint) = (token.hash(), token.hint());
        self.db
            .write(async move |tx: &mut Tx| {
                if !ops.settings(tx).await?.org.intake.contains_key(&intake) {
                    return Err(Failure::NotFound("intake"));
                }
                if alone {
                    access::revoke_intake_keys(tx, &intake, now).await?;
                }
                access::add_intake_key(tx, &hash, &intake, &hint, now).await?;
                let target = format!("intake key {intake} {hint}");
                organisation::audit(tx, now, &actor, "added", &target, None, None).await?;
                ops.tell_after_commit(tx, Changed::Settings);
                Ok(())
            })
            .await?;
        Ok(token)
    }

    /// Every valid intake key's hash, with its sender and its hint.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn intake_keys(&self) -> Result<Vec<(String, IntakeId, String)>, Failure> {
        self.db.read(async |tx: &mut Tx| Ok(access::intake_keys(tx).await?)).await
    }

    /// What a personal link is for, whether or not it still works; none if there is no such link, or its person has left.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn personal_link(&self, token: &str) -> Result<Option<PersonalLink>, Failure> {
        let Some(token) = Token::parse(TokenKind::Link, token) else { return Ok(None) };
        let (ops, hash) = (self.clone(), token.hash());
        self.db
            .read(async move |tx: &mut Tx| {
                let Some(link) = access::link(tx, &hash).await? else { return Ok(None) };
                let org = ops.settings(tx).await?.org;
                let is_here = org.here(&link.person).is_some();
                Ok(is_here.then_some(link))
            })
            .await
    }

    /// Whether a personal link works now.
    #[must_use]
    pub fn works(&self, link: &PersonalLink) -> bool {
        let now: Time = self.now();
        now < link.expires_at
    }
}

/// The id of the token that a form makes, however often it is sent.
fn id_of_form(once: &Once) -> String {
    hex::encode(&Sha256::digest(&once.id)[..13])
}

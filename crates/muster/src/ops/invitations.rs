//! Links that let somebody in: the first administrator, a person who chooses a password, the demo's
//! visitor. Opening one does nothing; only the act that follows uses it up, in its own transaction.

use super::legible::legible;
use super::{Changed, Failure, Ops};
use crate::secrets::{Token, TokenKind};
use crate::store::access::{self, Invitation, Purpose};
use crate::store::{Tx, meta, organisation};
use muster_core::directory::Role;
use muster_core::ids::{PersonId, is_directory_name};
use muster_core::refusal::Refusal;
use muster_core::{Span, Time, later};

/// How long an invitation works: a working day and a night, so that it is not read too late, and an
/// old message opens nothing.
pub const INVITATION_LIVES: Span = Span::from_hours(24);
/// Longest full name in characters: a line of a form.
const FULL_NAME_MAX: usize = 100;

impl Ops {
    /// A link for `purpose`, shown this once. `actor` stands in the audit trail.
    ///
    /// # Errors
    /// [`Failure::NotFound`] if there is no such person, or they are gone.
    pub async fn invite(&self, purpose: Purpose, person: Option<&PersonId>, actor: &str) -> Result<Token, Failure> {
        let token = Token::new(TokenKind::SetUp, self.world().random())?;
        let (ops, hash, now, actor) = (self.clone(), token.hash(), self.now(), actor.to_owned());
        let invitation = Invitation { purpose, person: person.cloned(), expires_at: later(now, INVITATION_LIVES) };
        self.db
            .write(async move |tx: &mut Tx| {
                if !ops.may_come(tx, &invitation).await? {
                    return Err(Failure::NotFound("person"));
                }
                access::invite(tx, &hash, &invitation, now).await?;
                let whom = invitation.person.as_ref().map_or("", PersonId::as_str);
                let target = format!("{} link {whom}", purpose.word());
                Ok(organisation::audit(tx, now, &actor, "added", &target, None, None).await?)
            })
            .await?;
        Ok(token)
    }

    /// What that link is for, if it works now. Looking does not use it up.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn invitation(&self, token: &str) -> Result<Option<Invitation>, Failure> {
        let Some(token) = Token::parse(TokenKind::SetUp, token) else { return Ok(None) };
        let (ops, hash, now) = (self.clone(), token.hash(), self.now());
        self.db.read(async move |tx: &mut Tx| ops.working(tx, &hash, now).await).await
    }

    /// Who comes in by a link to sign in. It works once; the demo's, as often as its visitor likes.
    ///
    /// # Errors
    /// [`Failure::NotFound`] if it is no such link, or does not work any more.
    pub async fn sign_in_by_link(&self, token: &str) -> Result<PersonId, Failure> {
        let Some(token) = Token::parse(TokenKind::SetUp, token) else { return Err(gone()) };
        let (ops, hash, now) = (self.clone(), token.hash(), self.now());
        self.db
            .write(async move |tx: &mut Tx| {
                let invitation = ops.working(tx, &hash, now).await?.ok_or_else(gone)?;
                let mine = match invitation.purpose {
                    Purpose::Demo => true,
                    Purpose::SignIn => access::use_invitation(tx, &hash, now).await?,
                    Purpose::SetUp | Purpose::Password => false,
                };
                invitation.person.filter(|_| mine).ok_or_else(gone)
            })
            .await
    }

    /// Sets the password of whom that link is for, by its hash, and ends their sessions, all in one step.
    ///
    /// # Errors
    /// [`Failure::NotFound`] if it is no such link, or does not work any more.
    pub async fn choose_password(&self, token: &str, password_hash: &str) -> Result<PersonId, Failure> {
        let Some(token) = Token::parse(TokenKind::SetUp, token) else { return Err(gone()) };
        let (ops, hash, now, password_hash) = (self.clone(), token.hash(), self.now(), password_hash.to_owned());
        self.db
            .write(async move |tx: &mut Tx| {
                let invitation = ops.working(tx, &hash, now).await?.filter(|i| i.purpose == Purpose::Password);
                let person = invitation.and_then(|i| i.person).ok_or_else(gone)?;
                if !access::use_invitation(tx, &hash, now).await? {
                    return Err(gone());
                }
                access::set_password_hash(tx, &person, &password_hash, now).await?;
                access::end_sessions(tx, &person, None).await?;
                let target = format!("password {person}");
                organisation::audit(tx, now, person.as_str(), "changed", &target, None, None).await?;
                Ok(person)
            })
            .await
    }

    /// Makes the first administrator with a link, all in one step.
    ///
    /// # Errors
    /// [`Failure`]; refused if the name is no directory name.
    pub async fn set_up(&self, token: &str, id: &str, name: &str, password_hash: &str) -> Result<PersonId, Failure> {
        let (id, name) = administrator(id, name)?;
        let Some(token) = Token::parse(TokenKind::SetUp, token) else { return Err(gone()) };
        let (ops, hash, now, password_hash) = (self.clone(), token.hash(), self.now(), password_hash.to_owned());
        self.db
            .write(async move |tx: &mut Tx| {
                let invitation = ops.working(tx, &hash, now).await?.filter(|i| i.purpose == Purpose::SetUp);
                if invitation.is_none() || !access::use_invitation(tx, &hash, now).await? {
                    return Err(gone());
                }
                let known = ops.settings(tx).await?.org.people.get(&id).cloned();
                let before = known.as_ref().map(organisation::item).transpose()?;
                let mut person = known.unwrap_or_default();
                person.name.clone_from(&name);
                (person.role, person.gone) = (Role::Administrator, false);
                let after = organisation::item(&person)?;
                organisation::set(tx, "person", id.as_str(), before.as_ref(), Some(&after), id.as_str(), now).await?;
                meta::raise_epoch(tx).await?;
                access::set_password_hash(tx, &id, &password_hash, now).await?;
                ops.tell_after_commit(tx, Changed::Settings);
                Ok(id.clone())
            })
            .await
    }

    /// The invitation with that hash, if it works now.
    async fn working(&self, tx: &mut Tx, hash: &str, now: Time) -> Result<Option<Invitation>, Failure> {
        match access::invitation(tx, hash, now).await? {
            Some(invitation) if self.may_come(tx, &invitation).await? => Ok(Some(invitation)),
            Some(_) | None => Ok(None),
        }
    }

    /// Whether there is somebody to come: the person it names; for the first administrator's, nobody yet
    /// who can sign in, so that an old one found in a terminal makes no second. The demo's open the demo only.
    async fn may_come(&self, tx: &mut Tx, invitation: &Invitation) -> Result<bool, Failure> {
        match (invitation.purpose, &invitation.person) {
            (Purpose::SetUp, _) => Ok(!access::anybody_has_a_password(tx).await?),
            (Purpose::Demo, _) if !self.is_demo() => Ok(false),
            (_, Some(person)) => Ok(self.settings(tx).await?.org.here(person).is_some()),
            (_, None) => Ok(false),
        }
    }
}

fn gone() -> Failure {
    Failure::NotFound("link that still works")
}

/// The names that the first administrator chose, if they can stand in the directory.
fn administrator(id: &str, name: &str) -> Result<(PersonId, String), Refusal> {
    let (id, name) = (id.trim(), name.trim());
    if !is_directory_name(id) {
        let why = "Use 1 to 64 of a-z, 0-9, dash, dot and underscore, beginning with a letter or a digit.".into();
        return Err(Refusal::Senseless { field: "name", why });
    }
    if name.is_empty() || name.chars().count() > FULL_NAME_MAX {
        return Err(Refusal::Missing { field: "full-name", ask: "Write your full name, in up to 100 characters." });
    }
    legible("full-name", name)?;
    Ok((PersonId::from(id), name.to_owned()))
}

//! Who may come in: sessions, tokens, intake keys, personal links, invitations, passwords. All
//! secrets are looked up by their hash.

use super::{Error, Row, Tx, params};
use muster_core::Time;
use muster_core::directory::Role;
use muster_core::ids::{IntakeId, PersonId, SubjectId, SummonsId};

/// Every valid intake key's hash with its sender: for the copy in memory that each request is checked against.
///
/// # Errors
/// [`Error`].
pub async fn intake_keys(tx: &mut Tx) -> Result<Vec<(String, IntakeId, String)>, Error> {
    let sql = "SELECT hash, intake, hint FROM intake_keys WHERE revoked_at IS NULL ORDER BY intake, made_at, hash";
    let rows = tx.query(sql, params![]).await?;
    rows.iter().map(|r| Ok((r.get("hash")?, r.get("intake")?, r.get("hint")?))).collect()
}

/// A new intake key.
///
/// # Errors
/// [`Error`].
pub async fn add_intake_key(tx: &mut Tx, hash: &str, intake: &IntakeId, hint: &str, now: Time) -> Result<(), Error> {
    let sql = "INSERT INTO intake_keys (hash, intake, hint, made_at) VALUES ($1, $2, $3, $4)";
    tx.execute(sql, params![hash, intake, hint, now]).await?;
    Ok(())
}

/// Senders that have no valid key.
///
/// # Errors
/// [`Error`].
pub async fn revoke_intake_keys(tx: &mut Tx, intake: &IntakeId, now: Time) -> Result<(), Error> {
    let sql = "UPDATE intake_keys SET revoked_at = $2 WHERE intake = $1 AND revoked_at IS NULL";
    tx.execute(sql, params![intake, now]).await?;
    Ok(())
}

/// A personal link, as far as it is known here.
#[derive(Clone, PartialEq, Debug)]
pub struct PersonalLink {
    /// About which log.
    pub subject: SubjectId,
    /// For which summons.
    pub summons: SummonsId,
    /// Whose.
    pub person: PersonId,
    /// Until when it works.
    pub expires_at: Time,
}

/// Makes a personal link known; it lives on if it was already.
///
/// # Errors
/// [`Error`].
pub async fn add_link(tx: &mut Tx, hash: &str, link: &PersonalLink, now: Time) -> Result<(), Error> {
    let sql = "INSERT INTO links (hash, subject, summons, person, made_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)
               ON CONFLICT (hash) DO UPDATE SET expires_at = excluded.expires_at";
    tx.execute(sql, params![hash, link.subject, link.summons, link.person, now, link.expires_at]).await?;
    Ok(())
}

/// The personal link with that hash.
///
/// # Errors
/// [`Error`].
pub async fn link(tx: &mut Tx, hash: &str) -> Result<Option<PersonalLink>, Error> {
    let sql = "SELECT subject, summons, person, expires_at FROM links WHERE hash = $1";
    let read = |r: Row| {
        Ok(PersonalLink {
            subject: r.get("subject")?,
            summons: r.get("summons")?,
            person: r.get("person")?,
            expires_at: r.get("expires_at")?,
        })
    };
    tx.query_opt(sql, params![hash]).await?.map(read).transpose()
}

/// A signed-in browser.
#[derive(Clone, PartialEq, Debug)]
pub struct Session {
    /// The hash of its token.
    pub hash: String,
    /// Whose.
    pub person: PersonId,
    /// What the browser said of itself.
    pub agent: String,
    /// When it began.
    pub made_at: Time,
    /// When it was last used, to the minute.
    pub seen_at: Time,
    /// When it ends whatever happens.
    pub expires_at: Time,
}

fn session_of(r: &Row) -> Result<Session, Error> {
    Ok(Session {
        hash: r.get("hash")?,
        person: r.get("person")?,
        agent: r.get("agent")?,
        made_at: r.get("made_at")?,
        seen_at: r.get("seen_at")?,
        expires_at: r.get("expires_at")?,
    })
}

/// Begins a session.
///
/// # Errors
/// [`Error`].
pub async fn begin_session(tx: &mut Tx, s: &Session) -> Result<(), Error> {
    let sql =
        "INSERT INTO sessions (hash, person, agent, made_at, seen_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)";
    tx.execute(sql, params![s.hash, s.person, s.agent, s.made_at, s.seen_at, s.expires_at]).await?;
    Ok(())
}

/// The session with that hash, if it has not ended.
///
/// # Errors
/// [`Error`].
pub async fn session(tx: &mut Tx, hash: &str, now: Time) -> Result<Option<Session>, Error> {
    let sql = "SELECT hash, person, agent, made_at, seen_at, expires_at FROM sessions
               WHERE hash = $1 AND expires_at > $2";
    tx.query_opt(sql, params![hash, now]).await?.as_ref().map(session_of).transpose()
}

/// That person's sessions, newest first.
///
/// # Errors
/// [`Error`].
pub async fn sessions(tx: &mut Tx, person: &PersonId, now: Time) -> Result<Vec<Session>, Error> {
    let sql = "SELECT hash, person, agent, made_at, seen_at, expires_at FROM sessions
               WHERE person = $1 AND expires_at > $2 ORDER BY seen_at DESC, hash LIMIT 100";
    tx.query(sql, params![person, now]).await?.iter().map(session_of).collect()
}

/// Notes that a session is in use.
///
/// # Errors
/// [`Error`].
pub async fn saw_session(tx: &mut Tx, hash: &str, now: Time) -> Result<(), Error> {
    tx.execute("UPDATE sessions SET seen_at = $2 WHERE hash = $1", params![hash, now]).await?;
    Ok(())
}

/// Ends one session.
///
/// # Errors
/// [`Error`].
pub async fn end_session(tx: &mut Tx, hash: &str) -> Result<(), Error> {
    tx.execute("DELETE FROM sessions WHERE hash = $1", params![hash]).await?;
    Ok(())
}

/// Ends all of a person's sessions but, if given, one: their role or password changed, or they left.
///
/// # Errors
/// [`Error`].
pub async fn end_sessions(tx: &mut Tx, person: &PersonId, but: Option<&str>) -> Result<(), Error> {
    let sql = "DELETE FROM sessions WHERE person = $1 AND hash <> COALESCE($2, '')";
    tx.execute(sql, params![person, but]).await?;
    Ok(())
}

/// An API token, without its secret.
#[derive(Clone, PartialEq, Debug)]
pub struct ApiToken {
    /// For revoking it.
    pub id: String,
    /// Whose.
    pub person: PersonId,
    /// What it is for.
    pub name: String,
    /// It may do at most this, and never more than its person.
    pub role: Role,
    /// How it begins, so that people can tell tokens apart.
    pub hint: String,
    /// When it was made.
    pub made_at: Time,
    /// When it was last used, to the minute.
    pub used_at: Option<Time>,
}

fn token_of(r: &Row) -> Result<ApiToken, Error> {
    let role: String = r.get("role")?;
    Ok(ApiToken {
        id: r.get("id")?,
        person: r.get("person")?,
        name: r.get("name")?,
        role: Role::from_word(&role).ok_or_else(|| Error::Bug(format!("no role {role}")))?,
        hint: r.get("hint")?,
        made_at: r.get("made_at")?,
        used_at: r.get("used_at")?,
    })
}

/// A new API token; false if there is one of that id.
///
/// # Errors
/// [`Error`].
pub async fn add_token(tx: &mut Tx, hash: &str, token: &ApiToken) -> Result<bool, Error> {
    let sql = "INSERT INTO tokens (hash, id, person, name, role, hint, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
               ON CONFLICT (id) DO NOTHING";
    let values = params![hash, token.id, token.person, token.name, token.role.word(), token.hint, token.made_at];
    Ok(tx.execute(sql, values).await? == 1)
}

/// Forgets a person's token that nobody has used yet; false if they have no such one.
///
/// # Errors
/// [`Error`].
pub async fn drop_unused_token(tx: &mut Tx, person: &PersonId, id: &str) -> Result<bool, Error> {
    let sql = "DELETE FROM tokens WHERE id = $1 AND person = $2 AND used_at IS NULL AND revoked_at IS NULL";
    Ok(tx.execute(sql, params![id, person]).await? == 1)
}

/// The valid token with that hash.
///
/// # Errors
/// [`Error`].
pub async fn token(tx: &mut Tx, hash: &str) -> Result<Option<ApiToken>, Error> {
    let sql = "SELECT id, person, name, role, hint, made_at, used_at FROM tokens
               WHERE hash = $1 AND revoked_at IS NULL";
    tx.query_opt(sql, params![hash]).await?.as_ref().map(token_of).transpose()
}

/// That person's valid tokens.
///
/// # Errors
/// [`Error`].
pub async fn tokens(tx: &mut Tx, person: &PersonId) -> Result<Vec<ApiToken>, Error> {
    let sql = "SELECT id, person, name, role, hint, made_at, used_at FROM tokens
               WHERE person = $1 AND revoked_at IS NULL ORDER BY made_at DESC, id DESC LIMIT 100";
    tx.query(sql, params![person]).await?.iter().map(token_of).collect()
}

/// Notes that a token is in use.
///
/// # Errors
/// [`Error`].
pub async fn used_token(tx: &mut Tx, id: &str, now: Time) -> Result<(), Error> {
    tx.execute("UPDATE tokens SET used_at = $2 WHERE id = $1", params![id, now]).await?;
    Ok(())
}

/// Revokes a person's token; false if they have none of that id.
///
/// # Errors
/// [`Error`].
pub async fn revoke_token(tx: &mut Tx, person: &PersonId, id: &str, now: Time) -> Result<bool, Error> {
    let sql = "UPDATE tokens SET revoked_at = $3 WHERE id = $1 AND person = $2 AND revoked_at IS NULL";
    Ok(tx.execute(sql, params![id, person, now]).await? == 1)
}

/// The hash of a person's password, if they have one.
///
/// # Errors
/// [`Error`].
pub async fn password_hash(tx: &mut Tx, person: &PersonId) -> Result<Option<String>, Error> {
    let row = tx.query_opt("SELECT password_hash FROM logins WHERE person = $1", params![person]).await?;
    row.map(|r| r.get("password_hash")).transpose()
}

/// Sets it.
///
/// # Errors
/// [`Error`].
pub async fn set_password_hash(tx: &mut Tx, person: &PersonId, hash: &str, now: Time) -> Result<(), Error> {
    let sql = "INSERT INTO logins (person, password_hash, set_at) VALUES ($1, $2, $3)
               ON CONFLICT (person) DO UPDATE SET password_hash = excluded.password_hash, set_at = excluded.set_at";
    tx.execute(sql, params![person, hash, now]).await?;
    Ok(())
}

/// Whether anybody can sign in yet.
///
/// # Errors
/// [`Error`].
pub async fn anybody_has_a_password(tx: &mut Tx) -> Result<bool, Error> {
    Ok(tx.query_one("SELECT COUNT(*) AS n FROM logins", params![]).await?.get::<i64>("n")? > 0)
}

/// What an invitation lets somebody do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Purpose {
    /// Makes the first administrator.
    SetUp,
    /// Lets a person choose a password.
    Password,
    /// Signs a person in.
    SignIn,
    /// Signs the demo's visitor in, as often as they like; worth nothing outside the demo.
    Demo,
}

impl Purpose {
    /// Every purpose.
    pub const ALL: [Self; 4] = [Self::SetUp, Self::Password, Self::SignIn, Self::Demo];

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::SetUp => "set-up",
            Self::Password => "password",
            Self::SignIn => "sign-in",
            Self::Demo => "demo",
        }
    }
}

/// A link that lets somebody in.
#[derive(Clone, PartialEq, Debug)]
pub struct Invitation {
    /// What it is for.
    pub purpose: Purpose,
    /// Whom.
    pub person: Option<PersonId>,
    /// Until when.
    pub expires_at: Time,
}

/// A new invitation.
///
/// # Errors
/// [`Error`].
pub async fn invite(tx: &mut Tx, hash: &str, invitation: &Invitation, now: Time) -> Result<(), Error> {
    let sql = "INSERT INTO invitations (hash, purpose, person, made_at, expires_at) VALUES ($1, $2, $3, $4, $5)";
    let values = params![hash, invitation.purpose.word(), invitation.person, now, invitation.expires_at];
    tx.execute(sql, values).await?;
    Ok(())
}

/// The invitation with that hash, if it is unused and not expired.
///
/// # Errors
/// [`Error`].
pub async fn invitation(tx: &mut Tx, hash: &str, now: Time) -> Result<Option<Invitation>, Error> {
    let sql = "SELECT purpose, person, expires_at FROM invitations
               WHERE hash = $1 AND used_at IS NULL AND expires_at > $2";
    let read = |r: Row| {
        let word: String = r.get("purpose")?;
        let purpose = Purpose::ALL.into_iter().find(|p| p.word() == word);
        let purpose = purpose.ok_or_else(|| Error::Bug(format!("no invitation for {word}")))?;
        Ok(Invitation { purpose, person: r.get("person")?, expires_at: r.get("expires_at")? })
    };
    tx.query_opt(sql, params![hash, now]).await?.map(read).transpose()
}

/// Uses it up; false if somebody was faster.
///
/// # Errors
/// [`Error`].
pub async fn use_invitation(tx: &mut Tx, hash: &str, now: Time) -> Result<bool, Error> {
    let sql = "UPDATE invitations SET used_at = $2 WHERE hash = $1 AND used_at IS NULL AND expires_at > $2";
    Ok(tx.execute(sql, params![hash, now]).await? == 1)
}

/// An act that was performed before, if it was: its digest and result.
///
/// # Errors
/// [`Error`].
pub async fn performed(tx: &mut Tx, act: &str) -> Result<Option<(String, String)>, Error> {
    let row = tx.query_opt("SELECT digest, result FROM acts WHERE id = $1", params![act]).await?;
    row.map(|r| Ok((r.get("digest")?, r.get("result")?))).transpose()
}

/// Notes that an act was performed, and with what result.
///
/// # Errors
/// [`Error`]; a [constraint](Error::Constraint) if it was performed at the same time.
pub async fn perform_once(tx: &mut Tx, act: &str, digest: &str, result: &str, now: Time) -> Result<(), Error> {
    let sql = "INSERT INTO acts (id, at, digest, result) VALUES ($1, $2, $3, $4)";
    tx.execute(sql, params![act, now, digest, result]).await?;
    Ok(())
}

//! The pretend phones of the demo: a provider of our own that keeps what it gets in a table and lets
//! a newcomer answer for everybody. It grades like a real one: a voicemail is a message left.

use super::deliver::{Delivery, Sent};
use super::{Changed, Failure, Ops};
use crate::store::{Error, Row, Tx, params};
use muster_core::contact::{Answer, MeansKind, Outcome};
use muster_core::entry::Via;
use muster_core::ids::{AttemptId, PersonId, SubjectId, SummonsId};
use muster_core::refusal::Refusal;
use muster_core::subject::Common;
use muster_core::{Span, Time, later};

/// How long a pretend phone rings.
pub const RINGS: Span = Span::from_secs(20);
/// Most messages shown of one phone.
const SHOWN: u32 = 200;

/// What a pretend phone shows.
#[derive(Clone, PartialEq, Debug)]
pub struct Shown {
    /// The delivery's id; for a call, the attempt's.
    pub id: String,
    /// Whose phone.
    pub person: PersonId,
    /// How it came.
    pub means: String,
    /// About which log.
    pub subject: Option<SubjectId>,
    /// Of which summons.
    pub summons: Option<SummonsId>,
    /// Title.
    pub title: String,
    /// Words.
    pub text: String,
    /// Where to answer.
    pub link: Option<String>,
    /// When it came.
    pub at: Time,
    /// `shown`; a call: `ringing`, `answered`, `voicemail`, `no-answer`, `pressed`, `hung-up`.
    pub state: String,
    /// Since when.
    pub state_at: Time,
}

/// What a newcomer does with a ringing phone.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Press {
    /// Answers.
    PickUp,
    /// Lets it go to voicemail.
    Voicemail,
    /// Presses 1: "I take it".
    One,
    /// Presses 2: "I cannot", pass it on.
    Two,
}

impl Ops {
    /// A pretend phone gets a delivery. Getting it twice shows it once.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn demo_receive(&self, delivery: &Delivery) -> Result<Sent, Failure> {
        let (ops, d, now) = (self.clone(), delivery.clone(), self.now());
        let call = d.means == MeansKind::Call;
        self.db
            .write(async move |tx: &mut Tx| {
                let sql = "INSERT INTO demo_messages (id, person, means, subject, about, title, text, link, at, state, state_at)
                           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $9) ON CONFLICT (id) DO NOTHING";
                let about = d.summons.clone().map_or_else(String::new, |s| s.0);
                let state = if call { "ringing" } else { "shown" };
                let text = if d.means == MeansKind::Email { &d.text.body } else { &d.text.text };
                let values = params![
                    d.id,
                    d.person,
                    d.means.word(),
                    d.subject,
                    about,
                    d.text.subject,
                    text,
                    d.text.link,
                    now,
                    state
                ];
                tx.execute(sql, values).await?;
                ops.tell_after_commit(tx, Changed::Pages);
                Ok::<_, Failure>(())
            })
            .await?;
        Ok(Sent::Graded(if call { Outcome::Sent } else { Outcome::Delivered }))
    }

    /// Calls that rang long enough are not answered; those whose person is not asked any more stop ringing.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn demo_hang_up(&self) -> Result<(), Failure> {
        if !self.is_demo() {
            return Ok(());
        }
        let before = later(self.now(), -RINGS);
        for (call, is_asked) in self.demo_ringing().await? {
            if !is_asked {
                self.demo_state(&call.id, "hung-up").await?;
            } else if call.at <= before {
                self.demo_outcome(&call, "no-answer", Outcome::NoAnswer).await?;
            }
        }
        Ok(())
    }

    /// Every phone that rings, and whether its person is still asked.
    async fn demo_ringing(&self) -> Result<Vec<(Shown, bool)>, Failure> {
        self.db
            .read(async move |tx: &mut Tx| {
                let sql = "SELECT id, person, means, subject, about, title, text, link, at, state, state_at
                           FROM demo_messages WHERE state = 'ringing' ORDER BY at, id";
                let mut ringing = Vec::new();
                for row in tx.query(sql, params![]).await? {
                    let call = shown(&row)?;
                    let is_asked = is_asked(tx, &call).await?;
                    ringing.push((call, is_asked));
                }
                Ok::<_, Failure>(ringing)
            })
            .await
    }

    /// What all pretend phones show, newest first.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn demo_phones(&self) -> Result<Vec<Shown>, Failure> {
        self.db
            .read(async |tx: &mut Tx| {
                let sql = "SELECT id, person, means, subject, about, title, text, link, at, state, state_at
                           FROM demo_messages ORDER BY at DESC, id DESC LIMIT $1";
                Ok(tx.query(sql, params![SHOWN]).await?.iter().map(shown).collect::<Result<Vec<_>, Error>>()?)
            })
            .await
    }

    /// Somebody touches that person's pretend phone while `call` waits on it.
    ///
    /// # Errors
    /// [`Failure`]; refused if that call does not ring any more, or is not answered.
    pub async fn demo_press(&self, person: &PersonId, call: &str, press: Press) -> Result<(), Failure> {
        let (of, id) = (person.clone(), call.to_owned());
        let call = self
            .db
            .read(async move |tx: &mut Tx| {
                let sql = "SELECT id, person, means, subject, about, title, text, link, at, state, state_at
                           FROM demo_messages WHERE person = $1 AND id = $2";
                Ok::<_, Failure>(tx.query_opt(sql, params![&of, &id]).await?.as_ref().map(shown).transpose()?)
            })
            .await?;
        let waits_in = match press {
            Press::PickUp | Press::Voicemail => "ringing",
            Press::One | Press::Two => "answered",
        };
        let silent = || Refusal::Over { why: "This phone does not ring any more.".into() };
        let call = call.filter(|c| c.state == waits_in).ok_or_else(silent)?;
        match press {
            Press::PickUp => self.demo_state(&call.id, "answered").await,
            Press::Voicemail => self.demo_outcome(&call, "voicemail", Outcome::MessageLeft).await,
            Press::One => self.demo_answer(&call, Answer::Take).await,
            Press::Two => self.demo_answer(&call, Answer::Cannot).await,
        }
    }

    async fn demo_state(&self, id: &str, state: &str) -> Result<(), Failure> {
        // Owned, both: a reference in here, even to static text, hides from the compiler that this can be sent.
        let (ops, now) = (self.clone(), self.now());
        let (id, state) = (id.to_owned(), state.to_owned());
        self.db
            .write(async move |tx: &mut Tx| {
                let sql = "UPDATE demo_messages SET state = $2, state_at = $3 WHERE id = $1";
                tx.execute(sql, params![id, state, now]).await?;
                ops.tell_after_commit(tx, Changed::Pages);
                Ok(())
            })
            .await
    }

    async fn demo_outcome(&self, call: &Shown, state: &str, outcome: Outcome) -> Result<(), Failure> {
        self.demo_state(&call.id, state).await?;
        let (Some(subject), Some(summons)) = (&call.subject, &call.summons) else { return Ok(()) };
        let command = Common::Grade {
            summons: summons.clone(),
            attempt: AttemptId(call.id.clone()),
            outcome,
            detail: String::new(),
        };
        self.carry_on(subject, command).await
    }

    async fn demo_answer(&self, call: &Shown, answer: Answer) -> Result<(), Failure> {
        let (Some(subject), Some(summons)) = (&call.subject, &call.summons) else { return Ok(()) };
        let command = Common::Answer { summons: summons.clone(), person: call.person.clone(), answer, via: Via::Key };
        let answered = self.carry_on(subject, command).await;
        self.demo_state(&call.id, "pressed").await?;
        answered
    }
}

/// Whether a call's person is asked and has not answered: not by another means, and nobody else has taken it.
async fn is_asked(tx: &mut Tx, call: &Shown) -> Result<bool, Failure> {
    let (Some(subject), Some(summons)) = (&call.subject, &call.summons) else { return Ok(true) };
    let search = super::claims::summons(tx, subject, summons).await?;
    Ok(search.is_some_and(|s| s.awaits(&call.person)))
}

fn shown(row: &Row) -> Result<Shown, Error> {
    let about: String = row.get("about")?;
    Ok(Shown {
        id: row.get("id")?,
        person: row.get("person")?,
        means: row.get("means")?,
        subject: row.get("subject")?,
        summons: (!about.is_empty()).then_some(SummonsId(about)),
        title: row.get("title")?,
        text: row.get("text")?,
        link: row.get("link")?,
        at: row.get("at")?,
        state: row.get("state")?,
        state_at: row.get("state_at")?,
    })
}

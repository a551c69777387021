//! Seeing that a means of contact works, before the night in which it must: a code is sent there, and whoever has it
//! types it.

use super::messages::Text;
use super::{Changed, Failure, Ops};
use crate::secrets::{Token, TokenKind, same};
use crate::store::means::{self, Check};
use crate::store::outbox::{self, Outgoing};
use crate::store::{Tx, organisation};
use muster_core::contact::MeansKind;
use muster_core::directory::Means;
use muster_core::ids::PersonId;
use muster_core::refusal::Refusal;
use muster_core::{Span, Time};
use sha2::{Digest, Sha256};

/// How long a code can be typed.
const CODE_LIVES: Span = Span::from_hours(1);
/// How long until another can be sent: long enough for the first to arrive, and no way to wake somebody all night.
const SEND_EVERY: Span = Span::from_secs(60);
/// How many wrong ones can be typed: a million cannot be guessed in five.
const WRONG_MOST: u64 = 5;

impl Ops {
    /// What is known of the means of `person`.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn means_checks(&self, person: &PersonId) -> Result<Vec<Check>, Failure> {
        let person = person.clone();
        self.db.read(async move |tx: &mut Tx| Ok(means::checks(tx, &person).await?)).await
    }

    /// Whether Muster can send there.
    #[must_use]
    pub fn can_send_by(&self, kind: MeansKind) -> bool {
        kind != MeansKind::InPerson && self.channels().contains(&kind)
    }

    /// Sends a code to that means of a person's own; `nth` counts from 0.
    ///
    /// # Errors
    /// [`Failure::NotFound`]; refused where nothing can be sent, and if one was sent a moment ago.
    pub async fn send_code(&self, person: &PersonId, nth: usize) -> Result<(), Failure> {
        let (ops, person, now) = (self.clone(), person.clone(), self.now());
        self.db
            .write(async move |tx: &mut Tx| {
                let (name, to) = ops.own_means(tx, &person, nth).await?;
                let refused = |why: &str| Refusal::Senseless { field: "code", why: why.into() };
                if !ops.can_send_by(to.kind) {
                    return Err(refused("Muster has no way to send there: only people use it.").into());
                }
                let last = means::checks(tx, &person).await?.into_iter().map(|c| c.sent_at).max();
                if last.is_some_and(|last| now.duration_since(last) < SEND_EVERY) {
                    return Err(refused("A code was sent a moment ago. Wait a minute, then send another.").into());
                }
                means::sent(tx, &person, to.kind, &to.to, now).await?;
                let out = Outgoing {
                    id: means::message_id(&person, now),
                    kind: outbox::Kind::Check,
                    subject: None,
                    about: "means".into(),
                    message: ops.code_text(&name, &ops.code(&person, &to, now)).to_json(),
                    person: person.clone(),
                    means: to.kind,
                    address: to.to,
                };
                outbox::enqueue(tx, &out, now).await?;
                ops.tell_after_commit(tx, Changed::Outbox);
                Ok(())
            })
            .await
    }

    /// Takes the code that was typed for that means of a person's own.
    ///
    /// # Errors
    /// [`Failure::NotFound`]; refused if it is another, too old, or was guessed at too often.
    pub async fn verify_means(&self, person: &PersonId, nth: usize, typed: &str) -> Result<(), Failure> {
        let (ops, person, now) = (self.clone(), person.clone(), self.now());
        let typed: String = typed.chars().filter(char::is_ascii_digit).collect();
        let wrong = self
            .db
            .write(async move |tx: &mut Tx| {
                let (_, to) = ops.own_means(tx, &person, nth).await?;
                let known = means::checks(tx, &person).await?;
                let check = known.into_iter().find(|c| c.kind == to.kind && c.address == to.to);
                let Some(check) = check else { return Ok(Some("No code was sent there. Send one first.")) };
                if now.duration_since(check.sent_at) > CODE_LIVES {
                    return Ok(Some("This code is too old. Send another."));
                }
                if check.tries >= WRONG_MOST {
                    return Ok(Some("Too many wrong codes were typed. Send another."));
                }
                let right = same(typed.as_bytes(), ops.code(&person, &to, check.sent_at).as_bytes());
                means::typed(tx, &person, to.kind, &to.to, right.then_some(now)).await?;
                if !right {
                    return Ok(Some("That is not the code that was sent. Read it once more."));
                }
                let target = format!("means {person} {}", to.kind.word());
                organisation::audit(tx, now, person.as_str(), "verified", &target, None, None).await?;
                ops.tell_after_commit(tx, Changed::Pages);
                Ok::<_, Failure>(None)
            })
            .await?;
        // A wrong try is counted, so it is committed before it is refused.
        wrong.map_or(Ok(()), |why| Err(Refusal::Senseless { field: "code", why: why.into() }.into()))
    }

    /// The person's full name and the means in that place of their list.
    async fn own_means(&self, tx: &mut Tx, person: &PersonId, nth: usize) -> Result<(String, Means), Failure> {
        let org = self.settings(tx).await?.org;
        let own = org.people.get(person).ok_or(Failure::NotFound("person"))?;
        let means = own.means.get(nth).cloned().ok_or(Failure::NotFound("means"))?;
        Ok((own.name.clone(), means))
    }

    /// Six digits, derived like a personal link, so that they stand in the message and nowhere else.
    fn code(&self, person: &PersonId, to: &Means, sent_at: Time) -> String {
        let about = format!("means\n{person}\n{}\n{}\n{}", to.kind.word(), to.to, sent_at.as_millisecond());
        let token = Token::derived(TokenKind::Link, &self.shared.link_secret, &about);
        let digest = Sha256::digest(token.reveal());
        let number = digest[..8].iter().fold(0_u64, |n, byte| n << 8 | u64::from(*byte));
        format!("{:06}", number % 1_000_000)
    }

    fn code_text(&self, name: &str, code: &str) -> Text {
        let url = format!("{}/profile", self.public_url());
        let spaced = format!("{} {}", &code[..3], &code[3..]);
        Text {
            person: name.to_owned(),
            subject: format!("{spaced} is your code for Muster"),
            text: format!("{spaced} is your code. Type it on your profile, so that it is known that this reaches you."),
            body: format!(
                "{spaced} is your code.\n\nType it on your profile, within an hour, so that it is known that this \
                 reaches you: {url}\nIf you did not ask for it, do nothing.\n"
            ),
            link: None,
            urgent: false,
            event: None,
        }
    }
}

//! What happens in a run: senders, people, providers, and the machine itself.

use super::audit::{Finding, When};
use super::often::{OFTEN, Often};
use super::organisation;
use super::run::{Event, Run};
use super::world::now;
use muster::ops::Once;
use muster::ops::deliver::{Delivery, Sent};
use muster::store::{Sight, Tx, subjects};
use muster_core::Span;
use muster_core::claim::{Asking, Claiming, Command as Work};
use muster_core::contact::{Answer, MeansKind, Outcome, Proof};
use muster_core::directory::Role;
use muster_core::entry::{
    CauseState, Change, FollowUpBy, MeetingKind, Moment, NoteKind, OptionState, Part, PartState, Risk, Severity, Told,
    Via,
};
use muster_core::ids::{PersonId, SubjectId, SystemId};
use muster_core::incident::{Act, Command, CommsAct, Declaration, Incident, OpenBy, Standing, State as Stands, To};
use muster_core::policy::Phase;
use muster_core::subject::Common;

#[derive(Clone, Copy)]
enum Step {
    Signals,
    Act,
    Declare,
    Work,
    TimePasses,
    Gap,
    ClockBack,
    Crash,
    Settings,
    ProvidersFail,
}

impl Run {
    pub(super) fn step(&mut self) -> Result<(), Finding> {
        let step = self.rng.weighted(&[
            (26, Step::Signals),
            (24, Step::Act),
            (2, Step::Declare),
            (8, Step::Work),
            (36, Step::TimePasses),
            (4, Step::Gap),
            (3, Step::ClockBack),
            (3, Step::Crash),
            (2, Step::Settings),
            (2, Step::ProvidersFail),
        ]);
        match step {
            Step::Signals => self.outage()?,
            Step::Act => self.somebody_acts()?,
            Step::Declare => self.somebody_declares()?,
            Step::Work => self.somebody_works()?,
            Step::TimePasses => {
                let most = *self.rng.pick(&[30, 120, 120, 600, 600, 1_800]).unwrap();
                let ms = self.rng.span(1, most * 1_000);
                self.say(format!("{ms} ms go by"));
                self.alive_for(ms)?;
            }
            Step::Gap => {
                let most = *self.rng.pick(&[120, 1_200, 7_200, 200_000]).unwrap();
                let ms = self.rng.span(1, most * 1_000);
                self.say(format!("the machine sleeps for {ms} ms"));
                self.clock.advance(Span::from_millis(ms));
                self.happen()?;
            }
            Step::ClockBack => {
                let most = *self.rng.pick(&[50, 50, 600, 7_200]).unwrap();
                let ms = self.rng.span(1, most * 1_000);
                self.may_be_back = true;
                self.say(format!("the clock is set back by {ms} ms"));
                self.clock.advance(Span::from_millis(-ms));
            }
            Step::Crash => self.crash()?,
            Step::Settings => self.settings_change()?,
            Step::ProvidersFail => self.providers_down_until = self.ms() + self.rng.span(60_000, 1_800_000),
        }
        self.audit(When::Now)?;
        if self.rng.chance(85) { self.engine() } else { Ok(()) }
    }

    // Senders.

    fn key(&self) -> String {
        let system = self.rng.range(0, 5); // one more than there are: unknown hosts too
        let service = self.rng.pick(&["ping", "http", "infos", "disk"]).unwrap();
        format!("sys{system}-{}/{service}", self.rng.range(0, 1))
    }

    /// Some signals now, repeats and a recovery perhaps later.
    fn outage(&mut self) -> Result<(), Finding> {
        let intake = self.any_intake();
        let mut signals = Vec::new();
        for _ in 0..self.rng.range(1, 3) {
            let key = self.key();
            let fires = self.rng.chance(85);
            signals.push(self.signal(&key, fires));
            for _ in 0..self.rng.range(0, 2) {
                let ms = self.rng.span(5_000, 600_000);
                self.later(ms, Event::Signal { intake, key: key.clone(), fires: true });
            }
            if self.rng.chance(50) {
                let ms = self.rng.span(1_000, 3_600_000);
                self.later(ms, Event::Signal { intake, key, fires: false });
            }
        }
        self.signals_come(intake, signals)
    }

    fn signals_come(&mut self, intake: &'static str, signals: Vec<muster_core::alert::Signal>) -> Result<(), Finding> {
        if !self.rng.chance(4) {
            return self.send(intake, signals).map_err(|e| format!("signals are not accepted: {e}"));
        }
        let (sent, struck) = self.with_fault(|run| run.send(intake, signals.clone()));
        if sent.is_err() && struck {
            // The sender got no 2xx, and tries again. What was kept all the same counts twice.
            if self.rng.chance(50) {
                self.crash()?;
            }
            return self.send(intake, signals).map_err(|e| format!("signals are not accepted: {e}"));
        }
        sent.map_err(|e| format!("signals are not accepted: {e}"))
    }

    // Providers.

    /// What a provider makes of it, and what its person then does.
    pub(super) fn provider(&mut self, delivery: Delivery) {
        let holder = self.holder();
        let down = self.ms() < self.providers_down_until;
        let sent = if down {
            self.rng.pick(&[None, Some(Sent::Later), Some(Sent::Graded(Outcome::Failed))].map(Some)).unwrap().clone()
        } else {
            None
        };
        let good = match delivery.means {
            MeansKind::Call => {
                [Outcome::NoAnswer, Outcome::Busy, Outcome::MessageLeft, Outcome::Delivered, Outcome::Sent]
            }
            _ => [Outcome::Sent, Outcome::Sent, Outcome::Delivered, Outcome::Delivered, Outcome::Sent],
        };
        let fate = self.rng.range(0, 99);
        let sent = sent.unwrap_or_else(|| match fate {
            0..65 => Some(Sent::Graded(*self.rng.pick(&good).unwrap())),
            65..75 => Some(Sent::Graded(Outcome::Failed)),
            75..77 => Some(Sent::Graded(Outcome::WrongNumber)),
            77..90 => Some(Sent::Later),
            _ => None, // hangs
        });
        self.say(format!("{} by {:?} to {}: {sent:?}", delivery.id, delivery.means, delivery.person));
        let reaches = !matches!(sent, Some(Sent::Later | Sent::Graded(Outcome::Failed | Outcome::WrongNumber)));
        let hears = !self.silence && !self.unreachable.contains(&delivery.person);
        if reaches
            && (delivery.summons.is_some() || delivery.text.link.as_ref().is_some_and(|link| link.contains("/l/")))
            && hears
            && self.rng.chance(if self.often == Some(Often::Answer) { 95 } else { 45 })
        {
            let most = *self.rng.pick(&[30, 120, 400, 5_000]).unwrap();
            let ms = self.rng.span(1, most * 1_000);
            self.later(ms, Event::Answer { delivery: delivery.clone() });
        }
        let Some(sent) = sent else { return };
        let slow = self.rng.chance(10);
        let ms = if slow { self.rng.span(80_000, 200_000) } else { self.rng.span(0, 4_000) };
        if self.rng.chance(8) {
            let event = Event::Settle { delivery: delivery.clone(), holder: holder.clone(), sent: sent.clone() };
            self.later(ms + 1_000, event); // says it twice
        }
        self.later(ms, Event::Settle { delivery, holder, sent });
    }

    pub(super) fn event(&mut self, event: Event) -> Result<(), Finding> {
        match event {
            Event::Settle { delivery, holder, sent } => {
                self.say(format!("settle {} {sent:?} of {holder}", delivery.id));
                let settle = |run: &mut Self| now(run.ops().settle(&delivery, &holder, &sent, "the provider's words"));
                if !self.rng.chance(4) {
                    let done = settle(self);
                    return self.expect("settling", done).map(drop);
                }
                let (done, struck) = self.with_fault(settle);
                if struck {
                    return if self.rng.chance(50) { self.crash() } else { Ok(()) };
                }
                self.expect("settling", done).map(drop)
            }
            Event::Answer { delivery } => self.somebody_answers(&delivery),
            Event::Signal { intake, key, fires } => {
                let signal = self.signal(&key, fires);
                self.signals_come(intake, vec![signal])
            }
        }
    }

    // People.

    fn somebody_answers(&mut self, delivery: &Delivery) -> Result<(), Finding> {
        let Some(subject) = &delivery.subject else { return Ok(()) };
        let Some(summons) = &delivery.summons else { return self.somebody_follows_a_link(subject, delivery) };
        let informs = delivery.text.subject.contains("a question:") && self.rng.chance(60);
        let cannot = if self.often == Some(Often::Answer) { 5 } else { 40 };
        let answer = self.rng.weighted(&[(30, Answer::Take), (cannot, Answer::Cannot), (30, Answer::Know)]);
        self.say(format!("{} answers {answer:?}", delivery.person));
        let (subject, summons, person, via) = match &delivery.text.link {
            Some(link) if delivery.means != MeansKind::Call => {
                let token = link.rsplit('/').next().unwrap_or_default();
                let found = now(self.ops().personal_link(token)).map_err(|e| format!("a link cannot be read: {e}"))?;
                let has_left = self.org.people.get(&delivery.person).is_none_or(|p| p.gone);
                let Some(link) = found else {
                    return if has_left { Ok(()) } else { Err("a link that was sent is not known".into()) };
                };
                if (&link.subject, &link.summons, &link.person) != (subject, summons, &delivery.person) {
                    return Err("a personal link is somebody else's".into());
                }
                if !self.ops().works(&link) {
                    return Ok(());
                }
                (link.subject, link.summons, link.person, Via::Link)
            }
            _ => (subject.clone(), summons.clone(), delivery.person.clone(), Via::Key),
        };
        if informs {
            let text = format!("words {}", self.rng.next());
            return self.perform(&subject, Command::Inform { summons, person, text, via });
        }
        let done = now(self.ops().carry_on(&subject, Common::Answer { summons, person, answer, via }));
        self.expect("an answer", done).map(drop)
    }

    /// Somebody has read an update, or is in a call.
    fn somebody_follows_a_link(&mut self, subject: &SubjectId, delivery: &Delivery) -> Result<(), Finding> {
        let token = delivery.text.link.as_ref().and_then(|link| link.rsplit('/').next()).unwrap_or_default();
        let found = now(self.ops().personal_link(token)).map_err(|e| format!("a link cannot be read: {e}"))?;
        let Some(link) = found.filter(|link| self.ops().works(link)) else { return Ok(()) };
        if (&link.subject, &link.person) != (subject, &delivery.person) {
            return Err("a personal link is somebody else's".into());
        }
        let all = self.subjects()?;
        let Some((_, incident)) = all.iter().find(|(id, _)| id == subject) else { return Ok(()) };
        let (person, via) = (link.person.clone(), Via::Link);
        let command = match (incident.update_of(subject, &link.summons), incident.call_of(subject, &link.summons)) {
            (Some(update), _) => Command::Acknowledge { update: update.number, person, via },
            (None, Some(call)) => Command::Join { call: call.set.call, person, via },
            (None, None) => return Err("a link answers nothing".into()),
        };
        self.say(format!("{} follows a link: {command:?}", link.person));
        self.perform(subject, command)
    }

    /// Somebody claims a system, is done with it, wants to disrupt it, goes over others.
    fn somebody_works(&mut self) -> Result<(), Finding> {
        let systems: Vec<_> = self.org.systems.keys().cloned().collect();
        let Some(system) = self.rng.pick(&systems).cloned() else { return Ok(()) };
        // Several at once, as people meet where something is wrong.
        (0..self.rng.range(1, 5)).try_for_each(|_| self.somebody_works_on(&system))
    }

    fn somebody_works_on(&mut self, system: &SystemId) -> Result<(), Finding> {
        let known = now(self.ops().who_works_on(system)).map_err(|e| format!("work cannot be read: {e}"))?.claims;
        let by = self.org.person_ref(&self.somebody());
        let words = format!("words {}", self.rng.next());
        let live: Vec<_> = known.iter().flat_map(|c| c.live()).cloned().collect();
        let asks: Vec<_> = known.iter().flat_map(|c| c.asks.clone()).collect();
        let host = if self.rng.chance(30) { "host-1".to_owned() } else { String::new() };
        let until = muster_core::at_ms(self.ms() + self.rng.span(1_000, 5_400_000));
        let command = match self.rng.range(0, 99) {
            0..30 => {
                let session = self.rng.chance(40).then(|| format!("{host} {}", self.rng.range(0, 5)));
                let disruptive = session.is_none() && self.rng.chance(40);
                let claiming = Claiming {
                    by,
                    person: None,
                    what: words,
                    host,
                    until: Some(until),
                    disruptive,
                    session,
                    ask: None,
                };
                Work::Claim(claiming)
            }
            30..45 => match self.rng.pick(&asks) {
                Some(ask) => Work::Claim(Claiming {
                    by: ask.person.clone(),
                    person: None,
                    what: words,
                    host,
                    until: Some(until),
                    disruptive: true,
                    session: None,
                    ask: Some(ask.entry),
                }),
                None => return Ok(()),
            },
            45..65 => match self.rng.pick(&live) {
                Some(c) if self.rng.chance(70) => Work::Release {
                    by: c.person.clone(),
                    person: None,
                    claim: c.entry,
                    changed: words,
                    logged_out: c.session.is_some(),
                },
                Some(c) if self.rng.chance(50) => {
                    Work::Renew { by: c.person.clone(), person: None, claim: c.entry, until }
                }
                Some(c) => Work::SayGone { by, claim: c.entry, reason: words },
                None => return Ok(()),
            },
            65..85 => Work::Ask(Asking { by, person: None, what: words, host }),
            85..93 => match self.rng.pick(&asks) {
                Some(ask) => Work::Override { by, person: None, ask: ask.entry, reason: words },
                None => return Ok(()),
            },
            _ => match self.rng.pick(&asks) {
                Some(ask) => Work::Withdraw { by: ask.person.clone(), ask: ask.entry },
                None => return Ok(()),
            },
        };
        self.say(format!("{system}: {command:?}"));
        let done = now(self.ops().work(system, command, None));
        self.expect("work", done).map(drop)
    }

    /// Something about the evaluation and the restoration plan.
    pub(super) fn planning(&self, incident: &Incident) -> Option<Act> {
        let (rng, plan) = (&self.rng, &incident.plan);
        let text = format!("words {}", rng.next());
        let seen = rng.chance(30).then_some(incident.seq);
        Some(match rng.range(0, 11) {
            0..2 => Act::Ask { text, people: vec![self.somebody(), self.somebody()], areas: Vec::new() },
            2 => Act::GiveInput { question: rng.pick(&plan.questions)?.number, text },
            3 => {
                let part = Part { component: format!("part {}", rng.range(0, 2)), to: None };
                Act::MarkPart { part, now: *rng.pick(&PartState::ALL)?, evidence: text }
            }
            4 => Act::ProposeCause { text, part: None },
            5 => {
                let (cause, now) = (rng.pick(&plan.causes)?.number, *rng.pick(&CauseState::ALL)?);
                Act::JudgeCause { cause, now, evidence: text, seen }
            }
            6 => {
                let due = muster_core::at_ms(self.ms() + rng.span(30_000, 1_800_000));
                Act::SetTask { what: text, to: self.somebody(), due }
            }
            7 => {
                let open: Vec<_> = plan.tasks.iter().filter(|t| t.ended.is_none()).collect();
                Act::EndTask { task: rng.pick(&open)?.number, done: rng.chance(70), text }
            }
            8 => {
                let causes = rng.pick(&plan.causes).map(|c| c.number).into_iter().collect();
                Act::WeighOption {
                    what: text,
                    effect: "back".into(),
                    risk: *rng.pick(&Risk::ALL)?,
                    danger: String::new(),
                    causes,
                }
            }
            10.. => Act::Triage(self.triaged(text, seen)?),
            _ => {
                let (option, now) = (rng.pick(&plan.options)?.number, *rng.pick(&OptionState::ALL)?);
                Act::JudgeOption { option, now, text, seen }
            }
        })
    }

    /// Performs it; sometimes the database fails in the middle, and the person tries again.
    pub(super) fn perform(&mut self, subject: &SubjectId, command: Command) -> Result<(), Finding> {
        if !self.rng.chance(6) {
            let done = now(self.ops().perform(subject, command, None));
            return self.expect("an act", done).map(drop);
        }
        let once = Some(Once { id: format!("act-{}", self.rng.next()), digest: "the same".into() });
        let (_, struck) = self.with_fault(|run| now(run.ops().perform(subject, command.clone(), once.clone())));
        if struck && self.rng.chance(50) {
            self.crash()?;
        }
        let done = now(self.ops().perform(subject, command.clone(), once));
        let done = self.expect("an act", done)?;
        self.audit(When::Now)?;
        match (done, &command) {
            (Some(_), Command::Act { act: Act::Note { text, .. }, .. }) => self.once_and_only_once(text),
            _ => Ok(()),
        }
    }

    pub(super) fn subjects(&self) -> Result<Vec<(SubjectId, Incident)>, Finding> {
        let read = async |tx: &mut Tx| subjects::page(tx, &Sight::all(), &subjects::Filter::default(), 100).await;
        let all = now(self.ops().db().read(read))
            .map_err(|e: muster::store::Error| format!("no incident can be read: {e}"))?;
        Ok(all.into_iter().map(|l| (l.subject, l.incident)).collect())
    }

    pub(super) fn somebody(&self) -> PersonId {
        let people: Vec<_> = self.org.people.keys().collect();
        (*self.rng.pick(&people).unwrap()).clone()
    }

    fn somebody_acts(&mut self) -> Result<(), Finding> {
        let all = self.subjects()?;
        if self.rng.chance(6) {
            return self.somebody_ties(&all);
        }
        // What is over is left alone as a rule; in some runs it is brought to its end.
        let ends = |i: &Incident| self.often == Some(Often::Close) && i.state == Stands::Restored;
        let live: Vec<_> = all.iter().filter(|(_, i)| i.state.is_live() || ends(i)).collect();
        let chosen = if self.rng.chance(85) { self.rng.pick(&live).copied() } else { self.rng.pick(&all) };
        let Some((subject, incident)) = chosen else { return Ok(()) };
        if let Some(often) = self.often.filter(|_| self.rng.chance(OFTEN)) {
            return self.several_act(often, subject);
        }
        let by = match &incident.manager {
            Some(manager) if self.rng.chance(70) => manager.person.clone(),
            _ => self.org.person_ref(&self.somebody()),
        };
        let Some(act) = self.act(incident) else { return Ok(()) };
        self.say(format!("{} in {}: {act:?}", by.id, incident.number));
        self.perform(subject, Command::Act { by, act })
    }

    fn act(&self, incident: &Incident) -> Option<Act> {
        let rng = &self.rng;
        let text = format!("words {}", rng.next());
        let ago = |ms: i64| muster_core::at_ms(self.ms() - ms);
        let answers = || incident.summonses.iter().flat_map(|s| &s.answers).filter(|g| !g.taken_back).map(|g| g.entry);
        if !incident.state.is_live() && rng.chance(40) {
            return self.speaking(incident);
        }
        if rng.chance(12) {
            return self.gathering(incident);
        }
        Some(match rng.range(0, 99) {
            0..8 => return self.planning(incident),
            8..20 => Act::Note { kind: NoteKind::Activity, text, happened_at: rng.chance(30).then(|| ago(60_000)) },
            20..38 => {
                let tell = rng.pick(&incident.tells)?;
                let person = rng.pick(&tell.chain).map_or_else(|| self.somebody(), |c| c.person.id.clone());
                let outcomes =
                    [Outcome::MessageLeft, Outcome::NoAnswer, Outcome::Delivered, Outcome::Reached(Proof::Spoken)];
                Act::Contact {
                    tell: Some(tell.name.clone()),
                    person,
                    means: MeansKind::Call,
                    outcome: *rng.pick(&outcomes)?,
                    said: text,
                    happened_at: None,
                }
            }
            38..44 => Act::TakeCharge,
            44..46 => Act::HandOver { to: To::Area("support".into()), reason: text, brief: String::new() },
            46..50 => Act::HandOver { to: To::Person(self.somebody()), reason: text, brief: String::new() },
            50..54 => Act::Confirm,
            54..58 => Act::Withdraw { reason: text },
            58..65 => Act::Restore { at: ago(rng.span(0, 300_000)), cause: String::new(), resolution: text },
            65..71 => Act::Reopen { reason: text },
            71..74 => Act::FileReport { reference: text },
            74..80 => {
                let entries: Vec<u64> = answers().chain(incident.contacts.iter().map(|c| c.entry)).collect();
                Act::TakeBack { entry: *rng.pick(&entries)?, reason: text }
            }
            80..85 => {
                let alerts: Vec<_> = incident.alerts.keys().collect();
                Act::LeaveAlert { alert: (*rng.pick(&alerts)?).clone(), reason: text }
            }
            85..88 => {
                let systems: Vec<_> = self.org.systems.keys().collect();
                Act::AddSystem { system: (*rng.pick(&systems)?).clone() }
            }
            88..91 => return self.speaking(incident),
            91..92 => Act::Correct {
                entry: rng.range(1, incident.seq),
                text,
                happened_at: rng.chance(30).then(|| ago(rng.span(0, 300_000))),
            },
            _ => {
                let to = match rng.range(0, 4) {
                    0 => Change::Phase(*rng.pick(&[Phase::Intense, Phase::Steady, Phase::Waiting])?),
                    1 => Change::Severity(rng.pick(&Severity::ALL).copied()),
                    2 => Change::WentDown(Some(Moment { at: ago(rng.span(0, 600_000)), estimate: true })),
                    3 => Change::RestoredAt(ago(rng.span(0, 600_000))),
                    _ => Change::Title(text.clone()),
                };
                Act::Change { to, reason: text, seen: None }
            }
        })
    }

    fn follow_up(&self, incident: &Incident) -> Act {
        let rng = &self.rng;
        let people = incident.to_follow_up().iter().take(5).map(|p| p.id.clone()).collect();
        let by = if rng.chance(60) { FollowUpBy::Spoken } else { FollowUpBy::Message };
        Act::FollowUp { people, by, text: format!("words {}", rng.next()) }
    }

    /// What is left to do before it is closed, or closing it.
    pub(super) fn towards_the_end(&self, incident: &Incident, text: String) -> Act {
        let rng = &self.rng;
        let open = incident.checked().into_iter().find(|c| c.standing == Standing::Open).map(|c| c.step.name.clone());
        match open {
            _ if rng.chance(10) => Act::Close { review: text },
            _ if incident.report.is_none() => Act::FileReport { reference: text },
            _ if !incident.to_follow_up().is_empty() => self.follow_up(incident),
            Some(step) if rng.chance(80) => Act::TickStep { step },
            _ if rng.chance(50) => Act::Close { review: text },
            _ => self.last_words(incident).map_or(Act::Close { review: text }, Act::Communicate),
        }
    }

    /// Whoever was promised updates is told that it is over, or is taken out of the plan.
    fn last_words(&self, incident: &Incident) -> Option<CommsAct> {
        let rng = &self.rng;
        let text = format!("words {}", rng.next());
        let comms = &incident.comms;
        let row = &comms.rows.iter().find(|planned| incident.next_update(planned).is_some())?.row;
        if let Some(update) = comms.half_told(row.number) {
            return Some(CommsAct::CarryUpdate {
                update: update.number,
                who: update.left_by_hand().next()?.to_owned(),
            });
        }
        let draft = comms.updates.iter().rev().find(|u| u.row == row.number && u.sent.is_none());
        Some(match draft {
            _ if rng.chance(30) || (row.signer.is_some() && draft.is_none_or(|u| u.signed.is_none())) => {
                CommsAct::DropAudience { row: row.number, reason: text }
            }
            Some(draft) => CommsAct::SendUpdate { update: draft.number, seen: None, despite: text },
            None => {
                let (update, for_signing, corrects, seen) = (None, false, None, None);
                CommsAct::DraftUpdate { update, row: row.number, text, for_signing, corrects, seen }
            }
        })
    }

    /// What is done so that everybody hears.
    fn communicating(&self, incident: &Incident) -> Option<CommsAct> {
        let rng = &self.rng;
        let text = format!("words {}", rng.next());
        let comms = &incident.comms;
        let row = comms.rows.get(usize::try_from(rng.range(0, 2)).unwrap_or(0)).map(|p| p.row.number);
        let newest = comms.updates.last();
        Some(match rng.range(0, 10) {
            9 => {
                let half = comms.updates.iter().find_map(|u| Some((u.number, u.left_by_hand().next()?.to_owned())));
                let (update, who) = half?;
                CommsAct::CarryUpdate { update, who }
            }
            0 => CommsAct::DropAudience { row: row?, reason: text },
            1 => CommsAct::HandTelling { tell: Some(rng.pick(&incident.tells)?.name.clone()), row: None },
            2 => CommsAct::HandTelling { tell: None, row },
            3 => CommsAct::AskFacts { text },
            4 => CommsAct::GiveFacts { asked: comms.asked.last()?.entry, text },
            5 => CommsAct::SignUpdate { update: newest?.number, seen: None },
            6 => CommsAct::ReturnUpdate { update: newest?.number, reason: text },
            7 => CommsAct::DraftUpdate {
                update: newest.filter(|u| u.sent.is_none()).map(|u| u.number),
                row: newest.filter(|u| u.sent.is_none()).map(|u| u.row).or(row)?,
                text,
                for_signing: rng.chance(50),
                corrects: None,
                seen: None,
            },
            _ => CommsAct::SendUpdate {
                update: newest?.number,
                seen: None,
                despite: if rng.chance(50) { text } else { String::new() },
            },
        })
    }

    /// What is done about who speaks for it and who must be told.
    pub(super) fn speaking(&self, incident: &Incident) -> Option<Act> {
        let rng = &self.rng;
        let text = format!("words {}", rng.next());
        if !incident.state.is_live() && rng.chance(80) {
            return Some(self.towards_the_end(incident, text));
        }
        Some(match rng.range(0, 16) {
            10..=12 => self.a_step(incident)?,
            13..=16 => Act::Communicate(self.communicating(incident)?),
            7 => Act::Estimate {
                back_at: rng.chance(70).then(|| muster_core::at_ms(self.ms() + 3_600_000)),
                grounds: text,
            },
            8 => Act::HoldMeeting {
                kind: *rng.pick(&MeetingKind::ALL)?,
                held_at: None,
                present: vec![self.somebody()],
                progress: text.clone(),
                plan_changes: String::new(),
                escalate: rng.chance(40),
                why: text,
                next: rng.chance(30).then(|| muster_core::at_ms(self.ms() + rng.span(60_000, 3_600_000))),
            },
            9 => self.follow_up(incident),
            0 => Act::AskCommunicator { to: rng.chance(70).then(|| self.somebody()) },
            1 => Act::TakeCommunications,
            2 => Act::DeclineCommunicator { reason: text },
            3 | 4 => Act::PeopleAsked { who: text, people: u32::try_from(rng.range(1, 4)).unwrap_or(1) },
            5 => Act::HeardElsewhere { person: self.somebody(), from: text, at: None },
            _ => Act::LetMusterCall { tell: rng.pick(&incident.tells)?.name.clone() },
        })
    }

    /// What is said of a step of its checklist, or of who may see it.
    fn a_step(&self, incident: &Incident) -> Option<Act> {
        if self.rng.chance(30) {
            let reason = format!("words {}", self.rng.next());
            return Some(match incident.is_restricted() && self.rng.chance(50) {
                true => Act::Unrestrict { reason },
                false => Act::Restrict { to: vec![self.somebody()], reason },
            });
        }
        let step = self.rng.pick(&incident.checklist.steps)?.name.clone();
        Some(match self.rng.chance(60) {
            true => Act::TickStep { step },
            false => Act::SkipStep { step, reason: format!("words {}", self.rng.next()) },
        })
    }

    fn somebody_declares(&mut self) -> Result<(), Finding> {
        let by = self.org.person_ref(&self.somebody());
        let systems: Vec<_> = self.org.systems.keys().cloned().collect();
        let leads = |id: &PersonId| self.org.here(id).is_some_and(|p| p.role > Role::Reader);
        let told = *self.rng.pick(&[Told::SawIt, Told::Called, Told::Paper]).unwrap();
        let said = Declaration {
            by,
            title: format!("words {}", self.rng.next()),
            told,
            manager: (told == Told::Paper && self.rng.chance(50)).then(|| self.somebody()).filter(|id| leads(id)),
            went_down: self
                .rng
                .chance(50)
                .then(|| Moment { at: muster_core::at_ms(self.ms() - 300_000), estimate: true }),
            discovered_at: None,
            affected: None,
            severity: self.rng.chance(50).then_some(Severity::Minor),
            system: self.rng.chance(70).then(|| self.rng.pick(&systems).unwrap().clone()),
        };
        self.say(format!("declares {said:?}"));
        let once = Once { id: format!("act-{}", self.rng.next()), digest: "declared".into() };
        for _ in 0..2 {
            // A double submit.
            let done = now(self.ops().declare(OpenBy::Person(said.clone()), Some(once.clone())));
            self.expect("declaring", done)?;
        }
        self.audit(When::Now)?;
        self.once_and_only_once(&said.title)
    }

    // The organisation.

    fn settings_change(&mut self) -> Result<(), Finding> {
        match self.rng.range(0, 3) {
            0 => self.org.policy = organisation::policy(&self.rng),
            1 => {
                let id = self.somebody();
                return self.comes_or_goes(&id);
            }
            2 => self.org.rules.reverse(),
            _ => {
                if let Some((_, system)) = self.org.systems.iter_mut().next() {
                    system.contacts.reverse();
                }
            }
        }
        self.settings_changed()
    }

    /// Somebody leaves the organisation, or is there again.
    pub(super) fn comes_or_goes(&mut self, id: &PersonId) -> Result<(), Finding> {
        let is_last = self.org.people.values().filter(|p| !p.gone).count() < 3;
        if let Some(person) = self.org.people.get_mut(id).filter(|_| !is_last) {
            person.gone = !person.gone;
        }
        self.settings_changed()
    }

    fn settings_changed(&mut self) -> Result<(), Finding> {
        self.say("the settings change".into());
        let org = self.org.clone();
        let done = now(self.ops().apply(&org, "simulation"));
        self.expect("applying", done).map(drop)
    }
}

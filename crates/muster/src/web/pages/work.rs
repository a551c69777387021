//! Who is on a system now: the panel on its page, and what people do there.

pub mod acts;

use super::draw::Eyes;
use super::frame::{Reader, Scene};
use super::phrases::counted;
use crate::ops::claims::Work;
use crate::web::view::parts::{Field, Icon, Notice, Prose, Stamp, State, Tone};
use crate::web::view::time::{Times, length};
use crate::web::view::work::{Act, Ask as Question, Row, Who};
use acts::Mend;
use muster_core::claim::{Ask, Claim, Claims, LEAVE_HOLDS};
use muster_core::contact::Answer;
use muster_core::directory::Role;
use muster_core::entry::{AtWork, ClaimEnd, Settlement};
use muster_core::ids::{PersonId, PersonRef, SystemId};
use muster_core::later;

/// What is done lately and shown.
const OVER_SHOWN: usize = 5;

/// The panel for that reader. `mend` is a form that came back.
pub fn who(id: &SystemId, work: &Work, reader: &Reader, scene: &Scene, stamp: &Stamp, mend: Option<&Mend>) -> Who {
    let leads = work.around.incidents.iter().any(|i| i.manager.as_ref() == Some(&reader.id));
    let (times, may) = (&scene.times, reader.person.role >= Role::Responder);
    let view = View { id, reader, times, stamp, mend, may, decides: leads || reader.person.role >= Role::Manager };
    let claims = work.claims.as_ref();
    let mut rows: Vec<Row> = Vec::new();
    let mut over = Vec::new();
    if let Some(claims) = claims {
        rows.extend(claims.asks.iter().filter_map(|a| view.waits(claims, a)));
        rows.extend(claims.live().map(|c| view.claim(c)));
        let ended = claims.claims.iter().rev().filter_map(|c| view.over(c));
        over = ended.take(OVER_SHOWN).collect();
    }
    rows.extend(work.around.elsewhere.iter().map(|w| view.elsewhere(w)));
    Who {
        meta: meta(claims, work.around.elsewhere.len()),
        rows,
        over,
        acts: if view.may { view.acts(claims) } else { Vec::new() },
        stamp: stamp.clone(),
    }
}

fn meta(claims: Option<&Claims>, elsewhere: usize) -> String {
    let n = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
    let live = |logged_in: bool| claims.map_or(0, |c| c.live().filter(|c| c.session.is_some() == logged_in).count());
    let waits = claims.map_or(0, |c| c.open_asks().count());
    let parts = [
        (live(false), counted(n(live(false)), "claim", "claims")),
        (live(true), format!("{} logged in", live(true))),
        (waits, if waits == 1 { "1 waits".to_owned() } else { format!("{waits} wait") }),
        (elsewhere, format!("{elsewhere} nearby")),
    ];
    parts.into_iter().filter(|(n, _)| *n > 0).map(|(_, words)| words).collect::<Vec<_>>().join(", ")
}

/// Everybody who is asked, and what they say.
pub fn people(claims: &Claims, ask: &Ask, me: &PersonId, times: &Times) -> Vec<(Prose, State)> {
    let waits = claims.waits_for(ask);
    let summonses = claims.summonses.iter().filter(|s| s.ask == Some(ask.entry));
    let mut all: Vec<PersonRef> = summonses.filter_map(|s| s.chain.first()).map(|c| c.person.clone()).collect();
    all.extend(waits.iter().filter(|w| !all.iter().any(|p| p.id == w.id)).cloned().collect::<Vec<_>>());
    let line = |person: &PersonRef| {
        let name = if person.id == *me { "You".to_owned() } else { person.name.clone() };
        let text = Prose::default().bold(name);
        let text = match claims.hits(ask, &person.id) {
            Some(w) if w.logged_in => text.text(", logged in since ").when(times.at(w.since)),
            Some(w) => text.text(format!(", {}, since ", w.what.trim_end_matches('.'))).when(times.at(w.since)),
            None => text.text(", technical contact"),
        };
        let last = claims.asked(ask, &person.id).and_then(|s| s.attempts.last());
        let state = match (claims.said(ask, &person.id).map(|g| g.answer), last) {
            (Some(Answer::Take), _) => State::done("Lets it happen"),
            (Some(Answer::Cannot), _) => State::late("Not now"),
            (Some(Answer::Know), _) => State::waiting("Has read it"),
            (None, None) => State::late("Ring them: Muster cannot"),
            (None, Some(a)) => State::waiting(format!("No answer yet; {}: {}", a.means.word(), a.outcome.word())),
        };
        (text, state)
    };
    all.iter().map(line).collect()
}

struct View<'a> {
    id: &'a SystemId,
    reader: &'a Reader,
    times: &'a Times,
    stamp: &'a Stamp,
    mend: Option<&'a Mend>,
    may: bool,
    /// Whether somebody's claim is theirs to end.
    decides: bool,
}

impl View<'_> {
    fn place(&self, host: &str) -> String {
        if host.is_empty() { self.id.0.clone() } else { host.to_owned() }
    }

    fn name(&self, person: &PersonRef) -> String {
        if person.id == self.reader.id { format!("{} (you)", person.name) } else { person.name.clone() }
    }

    fn claim(&self, claim: &Claim) -> Row {
        let logged_in = claim.session.is_some();
        let left = length(claim.until.duration_since(self.times.now()));
        let renewed = match claim.renewed {
            0 => String::new(),
            1 => ", renewed once".into(),
            n => format!(", renewed {n} times"),
        };
        let note = Prose::from("until ").when(self.times.at(claim.until)).text(format!(", {left} left{renewed}"));
        let cuts = if claim.disruptive { " Cuts others off." } else { "" };
        let text = Prose::default()
            .bold(self.name(&claim.person))
            .text(format!(": {}.{cuts} Since ", claim.what.trim_end_matches('.')))
            .when(self.times.at(claim.since));
        let told = if claim.by.id == claim.person.id { String::new() } else { format!(". Told by {}", claim.by.name) };
        Row {
            place: self.place(&claim.host),
            note,
            state: logged_in.then(|| State::new(Tone::Amber, Icon::Incident, "Logged in, no claim")),
            clash: logged_in || claim.disruptive,
            text: text.text(format!("{told}.")),
            people: Vec::new(),
            acts: if self.may { self.acts_on(claim) } else { Vec::new() },
        }
    }

    fn acts_on(&self, claim: &Claim) -> Vec<Act> {
        if claim.is_of(&self.reader.id) {
            let changed = text("changed", "What did you change?", "It goes to the log; “nothing” is an answer.", true);
            let release = self.act("release", Some(claim.entry), "Release it", vec![changed], "Release");
            let lasts = text("for", "For how long from now?", "30m, 2h", false);
            let renew = self.act("renew", Some(claim.entry), "Renew it", vec![lasts], "Renew");
            return if claim.session.is_some() { vec![release] } else { vec![release, renew] };
        }
        let reason = text("reason", "How do you know?", "", false);
        let may_end = claim.session.is_some() || self.decides;
        if may_end {
            vec![self.act("gone", Some(claim.entry), "Mark as gone", vec![reason], "Mark as gone")]
        } else {
            Vec::new()
        }
    }

    fn elsewhere(&self, work: &AtWork) -> Row {
        let logged_in = if work.logged_in { "is logged in" } else { "works" };
        let text = Prose::default()
            .bold(self.name(&work.person))
            .text(format!(" {logged_in} on "))
            .link(format!("/systems/{}#who", work.system), work.system_name.clone())
            .text(format!(": {}. Since ", work.what.trim_end_matches('.')))
            .when(self.times.at(work.since));
        Row {
            place: if work.host.is_empty() { work.system.0.clone() } else { work.host.clone() },
            note: "hangs together with it".into(),
            text,
            ..Row::default()
        }
    }

    /// Who waits; and who was let, and has not begun.
    fn waits(&self, claims: &Claims, ask: &Ask) -> Option<Row> {
        let mine = ask.person.id == self.reader.id;
        let (state, acts) = match &ask.settled {
            None => {
                let n = claims.waits_for(ask).len();
                let acts = self.acts_on_ask(claims, ask, mine);
                (State::waiting(format!("Waits for {n}")), acts)
            }
            Some(s) => {
                let begun =
                    claims.claims.iter().any(|c| c.person.id == ask.person.id && c.disruptive && c.since >= s.at);
                let fresh = s.how.allows() && self.times.now() <= later(s.at, LEAVE_HOLDS);
                if begun || !fresh {
                    return None;
                }
                let lasts = text("for", "For how long?", "15m, 1h", false);
                let begin = self.act("begin", Some(ask.entry), "Begin now", vec![lasts], "Begin");
                let word = if s.how == Settlement::Overridden { "Overridden: may begin" } else { "May begin" };
                (State::done(word), if mine && self.may { vec![begin] } else { Vec::new() })
            }
        };
        let text = Prose::default()
            .bold(self.name(&ask.person))
            .text(format!(" wants to: {}. Asked ", ask.what.trim_end_matches('.')))
            .when(self.times.at(ask.at))
            .text(".");
        Some(Row {
            place: self.place(&ask.host),
            note: Prose::default(),
            state: Some(state),
            clash: ask.settled.is_none(),
            text,
            people: if ask.settled.is_none() { people(claims, ask, &self.reader.id, self.times) } else { Vec::new() },
            acts,
        })
    }

    fn acts_on_ask(&self, claims: &Claims, ask: &Ask, mine: bool) -> Vec<Act> {
        let mut acts = Vec::new();
        if claims.asked(ask, &self.reader.id).is_some() {
            let said = claims.said(ask, &self.reader.id).map(|g| g.answer);
            if said != Some(Answer::Take) {
                let act = self.act("let", Some(ask.entry), "", Vec::new(), "I let it happen");
                acts.push(Act { value: Some(("answer", "take")), look: "primary", ..act });
            }
            if said != Some(Answer::Cannot) {
                let act = self.act("let", Some(ask.entry), "", Vec::new(), "Not now");
                acts.push(Act { value: Some(("answer", "cannot")), ..act });
            }
        }
        if !self.may {
            return acts;
        }
        if mine {
            acts.push(self.act("withdraw", Some(ask.entry), "", Vec::new(), "I do not want it any more"));
        }
        let hint =
            "They and every contact are told at once, and by whose authority. It goes to the log and the review.";
        let why = text("reason", "Why can it not wait for them?", hint, true);
        let act =
            self.act("override", Some(ask.entry), "Override with a reason", vec![why], "Override with this reason");
        acts.push(Act { look: "danger", ..act });
        acts
    }

    /// Claim it, or ask to disrupt it.
    fn acts(&self, claims: Option<&Claims>) -> Vec<Act> {
        let what = || text("what", "What will you do?", "", false);
        let host = || optional("host", "On which host?", "Leave it empty for all of it.");
        let lasts = text("for", "For how long?", "30m, 2h", false);
        let held = claims.is_some_and(|c| c.held_by(&self.reader.id).any(|c| c.session.is_none()));
        let word = if held { "Claim more of it" } else { "I work on it" };
        let claim = self.act("claim", None, word, vec![what(), host(), lasts], "Claim it");
        let ask = self.act(
            "ask",
            None,
            "I want to cut others off from it",
            vec![what(), host()],
            "Ask everybody it would hit",
        );
        vec![Act { look: "primary", ..claim }, ask]
    }

    /// A small form; as it was typed if it came back.
    fn act(&self, name: &str, entry: Option<u64>, summary: &str, inputs: Vec<Question>, button: &str) -> Act {
        let mend = self.mend.filter(|m| m.form == name && m.entry == entry);
        let id = entry.map_or_else(|| name.to_owned(), |n| format!("{name}-{n}"));
        let inputs = inputs.into_iter().map(|q| if let Some(m) = mend { m.fill(q) } else { q }).collect();
        Act {
            action: format!("/systems/{}/{name}", self.id),
            summary: summary.to_owned(),
            open: mend.is_some(),
            entry,
            inputs,
            button: button.to_owned(),
            stamp: self.stamp.clone(),
            problems: mend.map(|m| m.problems(&id)).unwrap_or_default(),
            id,
            ..Act::default()
        }
    }

    fn over(&self, claim: &Claim) -> Option<Prose> {
        let ended = claim.ended.as_ref().filter(|_| claim.session.is_none())?;
        let how = match ended.how {
            ClaimEnd::Released => format!(": {}. Changed: {}", claim.what.trim_end_matches('.'), ended.changed),
            ClaimEnd::Expired => {
                format!(": {}. The time was up; what was changed is not said", claim.what.trim_end_matches('.'))
            }
            ClaimEnd::SaidGone => format!(": {}. Said to be gone: {}", claim.what.trim_end_matches('.'), ended.changed),
            ClaimEnd::LoggedOut | ClaimEnd::SystemGone => format!(": {}", claim.what),
        };
        Some(Prose::default().when(self.times.in_list(ended.at)).text(" ").bold(claim.person.name.clone()).text(how))
    }
}

fn text(name: &'static str, label: &'static str, hint: &'static str, long: bool) -> Question {
    let field = if name == "for" { Field::of("30m") } else { Field::default() };
    Question { name, label, hint, long, required: true, field }
}

fn optional(name: &'static str, label: &'static str, hint: &'static str) -> Question {
    Question { name, label, hint, long: false, required: false, field: Field::default() }
}

/// What the reader holds, on any system: `Email until 03:20 GMT: vendor patch`.
pub fn held(all: &[Claims], eyes: &Eyes<'_>) -> Vec<Prose> {
    let mine = all.iter().flat_map(|c| c.held_by(eyes.me).filter(|c| c.session.is_none()).map(move |claim| (c, claim)));
    let line = |(c, claim): (&Claims, &Claim)| {
        Prose::default()
            .link(format!("/systems/{}#who", c.system), c.name.clone())
            .text(" until ")
            .when(eyes.times.at(claim.until))
            .text(format!(": {}", claim.what))
    };
    mine.map(line).collect()
}

/// What waits for the reader's word, on any system.
pub fn asked_of(all: &[Claims], eyes: &Eyes<'_>) -> Vec<Prose> {
    let waits = |c: &Claims, a: &Ask| {
        c.asked(a, eyes.me).is_some()
            && !matches!(c.said(a, eyes.me).map(|g| g.answer), Some(Answer::Take | Answer::Cannot))
    };
    let open = all.iter().flat_map(|c| c.open_asks().filter(|a| waits(c, a)).map(move |a| (c, a)));
    let line = |(c, a): (&Claims, &Ask)| {
        let what = format!(" wants to: {}. Do you let it happen?", a.what.trim_end_matches('.'));
        Prose::default()
            .link(format!("/systems/{}#who", c.system), c.name.clone())
            .text(": ")
            .bold(a.person.name.clone())
            .text(what)
    };
    open.map(line).collect()
}

/// Who is at work on a system that an incident affects, for the incident's page.
pub fn at_work(claims: &Claims, eyes: &Eyes<'_>) -> Notice {
    let name = |p: &PersonRef| if p.id == *eyes.me { "you".to_owned() } else { p.name.clone() };
    let one = |c: &Claim| {
        let logged_in = if c.session.is_some() { ", logged in: " } else { ": " };
        format!("{}{logged_in}{}", name(&c.person), c.what.trim_end_matches('.'))
    };
    let waits = |a: &Ask| format!("{} waits to: {}", name(&a.person), a.what.trim_end_matches('.'));
    let all: Vec<_> = claims.live().map(one).chain(claims.open_asks().map(waits)).collect();
    let text = format!("{}.", super::phrases::upper_first(&all.join("; ")));
    let lead = format!("At work on {}.", claims.name);
    let notice = match claims.open_asks().next() {
        Some(_) => Notice::warning(lead, text),
        None => Notice { icon: Icon::Person, ..Notice::note(lead, text) },
    };
    notice.link(format!("/systems/{}#who", claims.system), "Who is on it")
}

//! Call lists: who is being called by Muster now, and whom people tell directly.

use super::{Eyes, duties};
use crate::web::view::parts::{CallList, Callee, Prose, Stamp, State, Tel};
use crate::web::view::time::Ticking;
use muster_core::Time;
use muster_core::contact::{Answer, MeansKind, Outcome, Proof};
use muster_core::duty::{DutyKind, duties as owed};
use muster_core::entry::{Candidate, Purpose, Tell};
use muster_core::ids::PersonId;
use muster_core::incident::{Contact, Incident, State as Stands};
use muster_core::summons::{Attempt, Given, Summons};
use muster_core::words::lower_first;

/// Everything that is going on: the searches of Muster's own, then the duties to tell. `can_talk` says whether Muster has
/// a channel on which people talk.
#[must_use]
pub fn lists(incident: &Incident, up_since: Time, stamp: &Stamp, eyes: &Eyes<'_>, can_talk: bool) -> Vec<CallList> {
    // Calls of Muster's to those who must be told stand in the list of these.
    let searches = incident.summonses.iter().filter(|s| s.is_live() && incident.state.is_live() && s.tell.is_none());
    let mut lists: Vec<_> = searches.map(|s| search(s, incident, up_since, stamp, eyes)).collect();
    if incident.state == Stands::Open {
        let tells = incident.tells.iter().enumerate();
        lists.extend(tells.map(|(i, tell)| telling((i, tell), incident, stamp, eyes, can_talk)));
    }
    lists
}

/// The id of a list of people to tell, where clocks lead.
#[must_use]
pub fn tell_id(nth: usize) -> String {
    format!("tell-{}", nth + 1)
}

/// How often people and Muster tried to tell somebody of that list.
#[must_use]
pub fn tries(tell: &Tell, incident: &Incident) -> usize {
    let by_muster: usize = calling(tell, incident).map(|s| s.attempts.len()).sum();
    contacts(tell, incident).filter(|c| !c.taken_back).count() + by_muster
}

/// Muster's own searches for somebody of that list, oldest first.
fn calling<'a>(tell: &'a Tell, incident: &'a Incident) -> impl DoubleEndedIterator<Item = &'a Summons> {
    incident.summonses.iter().filter(|s| s.tell.as_ref() == Some(&tell.name))
}

fn contacts<'a>(tell: &'a Tell, incident: &'a Incident) -> impl Iterator<Item = &'a Contact> {
    incident.contacts.iter().filter(|c| c.tell.as_ref() == Some(&tell.name))
}

/// What came of a search that went through its chain in vain, in a few words and in all: who only answered that they
/// cannot, or know, was reached, but has not taken it.
#[must_use]
pub fn in_vain(search: &Summons, eyes: &Eyes<'_>) -> (&'static str, String) {
    let said = |candidate: &Candidate| {
        let word = match search.answer_of(&candidate.person.id)?.answer {
            Answer::Cannot => "cannot",
            Answer::Know => "knows",
            Answer::Take => return None,
        };
        Some(format!("{} {word}", eyes.name(&candidate.person)))
    };
    let said: Vec<_> = search.chain.iter().filter_map(said).collect();
    if said.is_empty() {
        return ("Nobody has been reached", format!("Everybody for {} was tried.", search.about));
    }
    let asked = search.asking().map_or(String::new(), |c| format!(" {} is asked now.", eyes.name(&c.person)));
    ("Nobody has taken it", format!("{}.{asked}", said.join(", ")))
}

/// A search that Muster is going through by itself.
fn search(summons: &Summons, incident: &Incident, up_since: Time, stamp: &Stamp, eyes: &Eyes<'_>) -> CallList {
    let until = summons.asking_until(eyes.times.now(), up_since);
    let title = match summons.purpose {
        Purpose::TakeCharge => format!("Somebody must take it: {}", summons.about),
        Purpose::Assist => format!("Help is called: {}", summons.about),
        Purpose::HandOver => "Asked to become Incident Manager".to_owned(),
        Purpose::Release => format!("Asked to let it happen: {}", summons.about),
        Purpose::Tell => format!("Muster calls to tell {}", summons.about),
        Purpose::Communicate => "Asked to become Communications Manager".to_owned(),
        // One question is put to several at once, each with a list of their own.
        Purpose::Input => {
            let first = summons.chain.first().map_or("Nobody", |c| c.person.name.as_str());
            let others = if summons.chain.len() > 1 { " and others" } else { "" };
            format!("{first}{others} asked for input: {}", summons.about)
        }
    };
    let state = match (summons.vain_rounds, summons.asking()) {
        (0, Some(_)) => State::waiting("Waiting for an answer"),
        (0, None) => State::waiting("Going on"),
        (_, _) => State::late(in_vain(summons, eyes).0),
    };
    let foot = match summons.vain_rounds {
        0 if summons.purpose == Purpose::Input => "Muster asks by itself until somebody answers.".into(),
        0 => "Muster calls on by itself until somebody takes it.".into(),
        1 => Prose::from("Everybody was tried once. Muster tells the administrators, and goes around again."),
        n => format!("Everybody was tried {n} times. Muster tells the administrators, and goes around again.").into(),
    };
    let answerable = eyes.may_write() && !incident.newer;
    // A call of one's own to somebody whom Muster asks as well.
    let called = |id: &PersonId| {
        let own = incident.contacts.iter().filter(|c| c.person.id == *id && c.at >= summons.started_at);
        own.map(|c| (c.at, contact(c, eyes))).collect::<Vec<_>>()
    };
    let callee = |(i, candidate): (usize, &Candidate)| Callee {
        state: asked(i, candidate, summons, until.map(|t| eyes.times.left(t))),
        tries: {
            let asked = summons.attempts.iter().filter(|a| a.candidate == i).map(|a| (a.at, attempt(a, eyes)));
            let mut tries: Vec<_> = asked.chain(called(&candidate.person.id)).collect();
            tries.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
            tries.into_iter().map(|(_, words)| words).collect()
        },
        answerable: answerable && candidate.person.id != *eyes.me && person(candidate, eyes).tel.is_some(),
        ..person(candidate, eyes)
    };
    CallList {
        id: format!("search-{}", summons.id),
        tell: String::new(),
        title,
        state,
        people: summons.chain.iter().enumerate().map(callee).collect(),
        foot: Some(foot),
        action: answerable.then(|| format!("/incidents/{}/tell", incident.number)),
        call_down: None,
        stamp: stamp.clone(),
    }
}

/// How it stands with a person of a search.
fn asked(nth: usize, candidate: &Candidate, summons: &Summons, left: Option<Ticking>) -> Option<State> {
    let is_asked = summons.asking().is_some_and(|c| c.person.id == candidate.person.id);
    if is_asked {
        return Some(left.map_or(State::waiting("Waiting for an answer"), State::waiting));
    }
    if let Some(given) = summons.answer_of(&candidate.person.id) {
        return Some(match given.answer {
            Answer::Take => State::done("Takes it"),
            Answer::Know => State::done("Knows"),
            Answer::Cannot => State::not("Cannot"),
        });
    }
    if summons.passed_over.contains(&candidate.person.id) {
        return Some(State::not("Has left"));
    }
    if candidate.means.is_empty() {
        return Some(State::not("No means of contact"));
    }
    (summons.asks_after() == Some(nth)).then(|| State::later("Next"))
}

/// A chain of people who must be told directly: by people, and by Muster's own calls.
fn telling(
    (nth, tell): (usize, &Tell),
    incident: &Incident,
    stamp: &Stamp,
    eyes: &Eyes<'_>,
    can_talk: bool,
) -> CallList {
    let told = incident.told(tell);
    let call = calling(tell, incident).rev().find(|s| s.is_live());
    let rung = |id: &PersonId| call.and_then(Summons::asking).is_some_and(|c| c.person.id == *id);
    let next = (told.is_none() && !call.is_some_and(Summons::can_try)).then(|| next_to_call(tell, incident)).flatten();
    let callee = |(i, candidate): (usize, &Candidate)| {
        let id = &candidate.person.id;
        let theirs = || contacts(tell, incident).filter(|c| c.person.id == *id);
        let tries = tries_of(id, tell, incident, eyes);
        let is_next = next == Some(i);
        let in_vain = theirs().any(|c| !c.taken_back) || (!tries.is_empty() && theirs().next().is_none());
        Callee {
            state: match (told.is_some_and(|t| t.person.id == *id), rung(id), in_vain) {
                (true, ..) => Some(State::done("Reached")),
                (false, true, _) => Some(State::waiting("Muster calls")),
                (false, false, true) => Some(State::not("Not reached")),
                (false, false, false) => None,
            },
            next: is_next,
            say: is_next.then(|| say(incident, eyes)),
            tries,
            answerable: told.is_none() && eyes.may_write() && !incident.newer,
            ..person(candidate, eyes)
        }
    };
    let duty = owed(incident)
        .into_iter()
        .find(|d| d.id.kind == DutyKind::TellDirectly && d.id.occurrence == tell.name && d.settled.is_none());
    let state = match (told, duty) {
        (Some(told), _) => State::done(format!("Told {}", eyes.times.at(told.at).text)),
        (None, Some(duty)) => duties::state(duty.since, duty.due, eyes),
        (None, None) => State::later("Not owed"),
    };
    let has_number = |c: &Candidate| c.means.iter().chain(&c.by_hand).any(|m| m.kind == MeansKind::Call);
    let callable = can_talk && told.is_none() && call.is_none() && tell.chain.iter().any(has_number);
    CallList {
        id: tell_id(nth),
        tell: tell.name.clone(),
        title: format!("Tell directly: {}", lower_first(&tell.name)),
        state,
        people: tell.chain.iter().enumerate().map(callee).collect(),
        foot: told.is_none().then(|| only_a_conversation(tell, call, incident, eyes, can_talk)),
        action: eyes.may_write().then(|| format!("/incidents/{}/tell", incident.number)),
        call_down: (callable && eyes.may_write() && !incident.newer)
            .then(|| format!("/incidents/{}/call-down", incident.number)),
        stamp: stamp.clone(),
    }
}

/// What counts, and what Muster does by itself.
fn only_a_conversation(
    tell: &Tell,
    call: Option<&Summons>,
    incident: &Incident,
    eyes: &Eyes<'_>,
    can_talk: bool,
) -> Prose {
    if tell.chain.is_empty() {
        return "Nobody is named for it. Record whom you spoke to under “I spoke to…”.".into();
    }
    let counts = "Only a conversation counts. One person is enough.";
    match (call, incident.calls_at(tell)) {
        (Some(s), _) if !s.can_try() => format!(
            "{counts} Muster cannot ring anybody of this list, and tells the administrators until somebody did."
        )
        .into(),
        (Some(s), _) if s.vain_rounds > 0 => {
            format!("{counts} Muster went down the list {} times in vain, and goes on.", s.vain_rounds).into()
        }
        (Some(_), _) => format!("{counts} Muster calls down the list until somebody answers.").into(),
        (None, Some(at)) if can_talk && at > eyes.times.now() => {
            Prose::from(format!("{counts} Muster calls by itself from ")).when(eyes.times.at(at)).text(" on.")
        }
        (None, _) => counts.into(),
    }
}

/// What was tried to tell that person, newest first: by people, and by Muster.
fn tries_of(id: &PersonId, tell: &Tell, incident: &Incident, eyes: &Eyes<'_>) -> Vec<Prose> {
    let by_people = contacts(tell, incident).filter(|c| c.person.id == *id).map(|c| (c.at, contact(c, eyes)));
    let theirs = |s: &Summons, a: &Attempt| s.chain.get(a.candidate).is_some_and(|c| c.person.id == *id);
    let by_muster = calling(tell, incident).flat_map(|s| s.attempts.iter().filter(move |a| theirs(s, a)));
    let by_muster = by_muster.map(|a| (a.at, attempt(a, eyes)));
    let answered = calling(tell, incident).flat_map(|s| s.answers.iter().filter(|g| g.person.id == *id));
    let answered = answered.map(|g| (g.at, answer(g, eyes)));
    let mut all: Vec<_> = by_people.chain(by_muster).chain(answered).collect();
    all.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    all.into_iter().map(|(_, words)| words).collect()
}

/// `03:05 told, by a key on the call`.
fn answer(given: &Given, eyes: &Eyes<'_>) -> Prose {
    let at = Prose::default().when(eyes.times.clock(given.at));
    let words = match (given.answer, given.proof) {
        (Answer::Cannot, _) => " passed it on".to_owned(),
        (_, Proof::Spoken) => format!(" told, {}", given.via.words()),
        (_, Proof::Confirmed) => format!(" has read it, {}: does not count", given.via.words()),
    };
    if given.taken_back { at.was(words).text(" taken back") } else { at.text(words) }
}

/// The first who was not called yet; once all were, whoever was called longest ago.
fn next_to_call(tell: &Tell, incident: &Incident) -> Option<usize> {
    let last = |candidate: &Candidate| {
        let standing = contacts(tell, incident).filter(|c| !c.taken_back && c.outcome != Outcome::WrongNumber);
        standing.filter(|c| c.person.id == candidate.person.id).map(|c| c.entry).max()
    };
    tell.chain.iter().enumerate().min_by_key(|(i, c)| (last(c), *i)).map(|(i, _)| i)
}

fn say(incident: &Incident, eyes: &Eyes<'_>) -> String {
    match incident.went_down {
        Some(down) => format!("Next. Say: {}, since {}.", incident.title, eyes.times.at(down.at).text),
        None => format!("Next. Say: {}.", incident.title),
    }
}

fn person(candidate: &Candidate, eyes: &Eyes<'_>) -> Callee {
    let number = |kind| candidate.means.iter().find(|m| m.kind == kind).map(|m| Tel::new(&m.to));
    Callee {
        person: candidate.person.id.0.clone(),
        name: eyes.name(&candidate.person),
        title: candidate.title.clone(),
        tel: number(MeansKind::Call).or_else(|| number(MeansKind::Sms)),
        state: None,
        next: false,
        say: None,
        tries: Vec::new(),
        answerable: false,
    }
}

/// `03:03 call: message left, does not count`.
fn attempt(attempt: &Attempt, eyes: &Eyes<'_>) -> Prose {
    Prose::default().when(eyes.times.clock(attempt.at)).text(outcome(attempt.means, attempt.outcome))
}

fn contact(contact: &Contact, eyes: &Eyes<'_>) -> Prose {
    let at = Prose::default().when(eyes.times.clock(contact.at));
    match contact.taken_back {
        true => at.was(outcome(contact.means, contact.outcome)).text(" taken back"),
        false => at.text(outcome(contact.means, contact.outcome)),
    }
}

fn outcome(means: MeansKind, outcome: Outcome) -> String {
    let counts = match outcome {
        Outcome::Reached(_) | Outcome::Queued => "",
        _ => ", does not count",
    };
    format!(" {}: {}{counts}", means.word(), outcome.word())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::pages::draw::sample::{Story, at, eyes_of, plain};

    fn lists_for(story: &Story, minute: i64, me: &'static str) -> Vec<CallList> {
        let times = story.times(minute);
        lists(&story.incident(), at(0), &Stamp::default(), &eyes_of(me, &times), true)
    }

    #[test]
    fn a_search_shows_who_is_asked_who_is_next_and_what_came_of_it() {
        let mut story = Story::by_alert();
        story.answer(6, "priya", Answer::Cannot);
        let lists = lists_for(&story, 6, "ben");
        assert_eq!(lists.len(), 1, "a suspected incident owes nobody a call");
        let people = &lists[0].people;
        assert_eq!(lists[0].title, "Somebody must take it: Email");
        assert_eq!(people[0].state.as_ref().map(|s| plain(&s.words)).as_deref(), Some("Cannot"));
        assert_eq!(people[1].name, "Ben Tallis (you)");
        assert_eq!(people[1].state.as_ref().map(|s| plain(&s.words)).as_deref(), Some("5 min left"));
        assert_eq!(people[1].tries.iter().map(plain).collect::<Vec<_>>(), ["02:37 push: queued"]);
        assert!(lists[0].action.is_some() && people.iter().all(|p| !p.answerable), "nobody has a number to ring");
        let mut incident = story.incident();
        for candidate in &mut incident.summonses[0].chain {
            candidate.means[0].kind = MeansKind::Call;
        }
        let times = story.times(6);
        let lists = super::lists(&incident, at(0), &Stamp::default(), &eyes_of("ben", &times), true);
        assert_eq!(
            lists[0].people.iter().map(|p| p.answerable).collect::<Vec<_>>(),
            [true, false],
            "nobody rings themselves"
        );
    }

    #[test]
    fn who_said_that_they_cannot_was_reached_all_the_same() {
        let mut story = Story::by_alert();
        let times = story.times(6);
        let words = |story: &Story| in_vain(&story.incident().summonses[0], &eyes_of("boss", &times));
        assert_eq!(words(&story), ("Nobody has been reached", "Everybody for Email was tried.".to_owned()));
        story.answer(5, "priya", Answer::Cannot);
        assert_eq!(words(&story), ("Nobody has taken it", "Priya Raman cannot. Ben Tallis is asked now.".to_owned()));
        story.answer(6, "ben", Answer::Know);
        assert!(words(&story).1.starts_with("Priya Raman cannot, Ben Tallis knows."));
    }

    // proves: DIS-4 attempts, their channel and their outcome are shown, and a message left is not counted
    #[test]
    fn a_list_to_tell_goes_down_the_chain_until_somebody_spoke() {
        let mut story = Story::by_person();
        let next = |story: &Story| {
            let lists = lists_for(story, 9, "ana");
            let tell = lists.into_iter().find(|l| l.tell == "Server team management").unwrap();
            (tell.people.iter().position(|p| p.next), tell)
        };
        assert_eq!(next(&story).0, Some(0));
        story.contact(2, "Server team management", "ruth", MeansKind::Call, Outcome::MessageLeft);
        let (who, tell) = next(&story);
        assert_eq!((who, tell.people[0].tries.len()), (Some(1), 1));
        assert_eq!(plain(&tell.people[0].tries[0]), "02:33 call: message left, does not count");
        assert_eq!(tell.people[0].state.as_ref().map(|s| plain(&s.words)).as_deref(), Some("Not reached"));
        assert!(tell.people[1].say.as_deref().unwrap().starts_with("Next. Say: Nobody can log in"));
        story.contact(3, "Server team management", "daniel", MeansKind::Call, Outcome::NoAnswer);
        assert_eq!(next(&story).0, Some(0), "all were called: around again, longest ago first");
        let spoke =
            story.contact(4, "Server team management", "ruth", MeansKind::Call, Outcome::Reached(Proof::Spoken));
        let (who, tell) = next(&story);
        assert_eq!((who, plain(&tell.state.words)), (None, "Told 02:35 GMT".to_owned()));
        assert!(tell.people.iter().all(|p| !p.answerable));
        story.take_back(5, "ana", spoke);
        assert_eq!(next(&story).0, Some(0), "taken back: owed again, and a call that was not made does not count");
    }

    #[test]
    fn a_reader_sees_the_lists_and_cannot_record() {
        let story = Story::by_person();
        let lists = lists_for(&story, 9, "reader");
        assert!(lists.iter().all(|l| l.action.is_none() && l.people.iter().all(|p| !p.answerable)));
    }
}

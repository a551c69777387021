//! What people read about updates: those who hear them, who signs them off, and who sends them.

use super::Text;
use crate::ops::deliver::Delivery;
use muster_core::directory::Organisation;
use muster_core::entry::{Entry, Fact, UpdateDrafted, UpdateReturned};
use muster_core::ids::PersonRef;
use muster_core::incident::{Incident, Update};
use muster_core::words::{all_of, clock, sentence};
use muster_core::{Time, later};

/// Whom that entry tells what, if it is about an update.
pub(super) fn texts(incident: &Incident, entry: &Entry, public_url: &str) -> Vec<(PersonRef, Text)> {
    match &entry.fact {
        Fact::UpdateSent(fact) if fact.through.is_sent() => {
            let known = incident.comms.updates.iter().find(|u| u.number == fact.update);
            let text = known.map(|known| update(incident, known, &fact.audience, entry.recorded_at));
            let Some(text) = text else { return Vec::new() };
            fact.people.iter().map(|p| (p.clone(), text.clone())).collect()
        }
        Fact::UpdateDrafted(fact) if fact.for_signing => to_sign(incident, fact, entry, public_url),
        Fact::UpdateReturned(fact) => sent_back(incident, fact, entry, public_url).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// An update of the communications plan, as that audience reads it if it goes out at `at`. Its subject names the audience and
/// no more: the text alone was signed off, and when the next is due follows from the plan. The person's own link follows it.
pub(crate) fn update(incident: &Incident, update: &Update, audience: &str, at: Time) -> Text {
    let (number, organisation) = (&incident.number, &incident.terms.organisation);
    let promise = incident.comms.row(update.row).and_then(|planned| incident.promise(&planned.row, at));
    let words = [Some(update.text.clone()), promise].into_iter().flatten().collect::<Vec<_>>().join("\n");
    let corrects = update.corrects.map(|n| format!("This corrects update {n}.\n\n")).unwrap_or_default();
    Text {
        person: String::new(),
        subject: format!("{number}: update {} for {audience}", update.number),
        text: format!("{number}: {corrects}{words} Read it? Say so here:"),
        body: format!(
            "{corrects}{words}\n\n{organisation}, incident {number}\n\nSay here that you have read it. This link is yours \
             alone. Opening it says nothing."
        ),
        link: None,
        urgent: false,
        event: None,
    }
}

/// Asks the signer, and tells the deputy from when it is theirs; whoever wrote it knows.
fn to_sign(incident: &Incident, fact: &UpdateDrafted, entry: &Entry, public_url: &str) -> Vec<(PersonRef, Text)> {
    let Some(row) = incident.comms.row(fact.row).map(|p| &p.row) else { return Vec::new() };
    let Some(signer) = &row.signer else { return Vec::new() };
    let what = format!("Update {} for {}", fact.update, row.name);
    let note = |subject: String, ask: &str| about_update(incident, subject, ask, &fact.text, public_url);
    let mut all = vec![(
        signer.clone(),
        Text { urgent: true, ..note(format!("{what} waits for you to sign it off"), "Sign it off, or send it back.") },
    )];
    if let Some(deputy) = &row.deputy {
        let from = clock(later(entry.recorded_at, row.deputy_after), entry.recorded_at, &incident.terms.time_zone);
        let ask = format!("{signer} is asked to sign it off. If that has not happened by {from}, you may.");
        all.push((deputy.clone(), note(format!("{what} is to be signed off"), &ask)));
    }
    all.retain(|(person, _)| entry.author.person() != Some(person));
    all
}

/// Whoever sends it reads why it came back.
fn sent_back(incident: &Incident, fact: &UpdateReturned, entry: &Entry, public_url: &str) -> Option<(PersonRef, Text)> {
    let update = incident.comms.updates.iter().find(|u| u.number == fact.update)?;
    let sends = incident.writes_for(&incident.comms.row(update.row)?.row)?;
    let subject = format!("Update {} for {} came back", update.number, update.audience);
    let ask = format!("{} writes: {}", entry.author.name(), sentence(&fact.reason));
    (entry.author.person() != Some(sends))
        .then(|| (sends.clone(), about_update(incident, subject, &ask, &update.text, public_url)))
}

/// Tells who speaks for it that an update did not reach somebody, and what to do.
pub(in crate::ops) fn unreached(
    incident: &Incident,
    update: &Update,
    delivery: &Delivery,
    detail: &str,
    public_url: &str,
) -> Text {
    let (number, who, means) = (&incident.number, &delivery.text.person, delivery.means.word());
    let subject = format!("{number}: update {} for {} did not reach {who}", update.number, update.audience);
    let why = match detail {
        "" => String::new(),
        detail => format!(": {}", detail.trim_end_matches('.')),
    };
    let what =
        format!("The {means} to {} failed{why}. Tell {who} yourself, and have the address mended.", delivery.address);
    yours_to_tell(incident, subject, &what, public_url)
}

/// Says of an update whom it has not reached, and what whoever speaks for the incident does about it.
fn yours_to_tell(incident: &Incident, subject: String, what: &str, public_url: &str) -> Text {
    let url = format!("{public_url}/incidents/{}/comms", incident.number);
    Text {
        person: String::new(),
        text: format!("{subject}. {what} {url}"),
        body: format!("{subject}.\n\n{what}\n{url}\n"),
        subject,
        link: Some(url),
        urgent: false,
        event: None,
    }
}

/// Who speaks for it: the Communications Manager, or the Incident Manager where nobody is who is still here.
pub(in crate::ops) fn who_speaks<'a>(incident: &'a Incident, org: &Organisation) -> Option<&'a PersonRef> {
    let both = [incident.roles.communicator.as_ref(), incident.manager.as_ref()].into_iter().flatten();
    both.map(|m| &m.person).find(|p| org.here(&p.id).is_some())
}

/// Tells who speaks for it that an update went to people to whom Muster cannot write.
pub(super) fn misses(
    incident: &Incident,
    entry: &Entry,
    names: &[&str],
    org: &Organisation,
    public_url: &str,
) -> Option<(PersonRef, Text)> {
    let (Fact::UpdateSent(fact), false) = (&entry.fact, names.is_empty()) else { return None };
    let (number, who) = (&incident.number, all_of(names));
    let subject = format!("{number}: update {} for {} did not go to {who}", fact.update, fact.audience);
    let what = "Muster can write to no address of theirs. Tell them yourself, and have one put into the directory.";
    let text = yours_to_tell(incident, subject, what, public_url);
    Some((who_speaks(incident, org)?.clone(), text))
}

fn about_update(incident: &Incident, subject: String, ask: &str, words: &str, public_url: &str) -> Text {
    let (number, organisation) = (&incident.number, &incident.terms.organisation);
    let url = format!("{public_url}/incidents/{number}/comms");
    Text {
        person: String::new(),
        text: format!("{number}: {subject}. {ask} {url}"),
        body: format!("{subject}.\n{ask}\n\nIt says:\n{words}\n\n{url}\n{organisation}, incident {number}\n"),
        subject: format!("{number}: {subject}"),
        link: Some(url),
        urgent: false,
        event: None,
    }
}

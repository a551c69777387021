//! What an organisation may be, and what would surprise whoever set it up so: a sentence each.

use muster_core::contact::MeansKind;
use muster_core::directory::{Organisation, Person, Role};
use muster_core::ids::PersonId;
use std::collections::BTreeSet;

/// Everything that would surprise.
pub(super) fn warnings(org: &Organisation, channels: &[MeansKind]) -> Vec<String> {
    let all = unreachable(org, channels).into_iter();
    all.chain(who_only_reads(org)).chain(who_cannot_sign(org)).chain(unmanaged(org)).chain(nobody_told(org)).collect()
}

/// Technical contacts whom no channel can reach, or who are gone: a sentence each.
fn unreachable(org: &Organisation, channels: &[MeansKind]) -> Vec<String> {
    let contacts = org.systems.values().flat_map(|s| &s.contacts).collect::<BTreeSet<_>>();
    let people = contacts.into_iter().filter_map(|id| Some((id, org.people.get(id)?)));
    let usable = |p: &Person| p.means.iter().any(|m| m.kind != MeansKind::InPerson && channels.contains(&m.kind));
    let systems = |id: &PersonId| {
        let theirs = org.systems.values().filter(|s| s.contacts.contains(id)).map(|s| s.name.as_str());
        theirs.collect::<Vec<_>>().join(", ")
    };
    let words = |(id, p): (&PersonId, &Person)| {
        if p.gone {
            return format!(
                "{} ({id}) is gone, and is still a contact of {}: nobody summons them.",
                p.name,
                systems(id)
            );
        }
        let has: Vec<_> = p.means.iter().map(|m| m.kind.word()).collect();
        let has = if has.is_empty() { "none at all".to_owned() } else { format!("only {}", has.join(" and ")) };
        format!(
            "Muster cannot reach {} ({id}), a contact of {}: of the means that this server can use, they have none ({has}).",
            p.name,
            systems(id)
        )
    };
    people.filter(|(_, p)| p.gone || !usable(p)).map(words).collect()
}

/// Technical contacts who could take an incident by their link, and then do nothing about it.
fn who_only_reads(org: &Organisation) -> impl Iterator<Item = String> + '_ {
    let readers = |id: &&PersonId| org.here(id).is_some_and(|p| p.role == Role::Reader);
    let contacts: BTreeSet<_> = org.systems.values().flat_map(|s| &s.contacts).filter(readers).collect();
    contacts.into_iter().map(|id| {
        format!("{id} is called for systems, and only reads: give them the role responder, or they cannot act.")
    })
}

/// Who has to sign updates off, and has left.
fn who_cannot_sign(org: &Organisation) -> impl Iterator<Item = String> + '_ {
    let own = org.systems.values().flat_map(|s| &s.communications);
    let rows = org.communications.iter().chain(own);
    rows.filter_map(|row| {
        let left = row.signer.as_ref().filter(|id| org.here(id).is_none())?;
        Some(format!("{left} signs off what {} hear, and has left: name somebody else.", row.audience))
    })
}

/// Systems of which no management would hear (ESC-1).
fn unmanaged(org: &Organisation) -> impl Iterator<Item = String> + '_ {
    let here = |chain: &[PersonId]| chain.iter().any(|id| org.here(id).is_some());
    let fallback = org.policy.fallback_area.as_ref().and_then(|id| org.areas.get(id));
    let last = fallback.is_some_and(|area| here(&area.management));
    let systems = org.systems.values().filter(move |system| {
        let areas = org.areas.values().filter(|a| system.contacts.iter().any(|id| a.members.contains(id)));
        !last && !here(&system.management) && !areas.into_iter().any(|a| here(&a.management))
    });
    let asked = !org.policy.escalation.is_empty();
    systems.filter(move |_| asked).map(|system| {
        format!(
            "Nobody manages {}: no management hears of its outages. Name its management, or that of its contacts' area.",
            system.name
        )
    })
}

/// What Muster ships names nobody who must be told directly, as it knows no area yet (DIS-4).
fn nobody_told(org: &Organisation) -> Option<String> {
    (org.policy.tell_directly.is_empty() && !org.areas.is_empty()).then(|| {
        "Nobody is told directly of an outage: the procedure names no area. Name them there, as support supervisors and the \
         management of the server team (policy, tell_directly)."
            .to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use muster_core::ids::AreaId;

    fn example() -> Organisation {
        toml::from_str(include_str!("../../example.toml")).unwrap()
    }

    fn said(org: &Organisation) -> Vec<String> {
        warnings(org, &MeansKind::ALL)
    }

    // proves: ESC-1 an organisation in which management would not hear of an outage is told so when it is set up
    #[test]
    fn what_would_surprise_whoever_set_it_up_is_said() {
        let mut org = example();
        assert_eq!(said(&org), Vec::<String>::new());
        for person in org.people.values_mut().filter(|p| p.role != Role::Administrator) {
            person.role = Role::Reader;
        }
        assert!(said(&org).iter().any(|w| w.contains("only reads: give them the role responder")), "{:?}", said(&org));
        let mut org = example();
        let signer = org.communications.iter().find_map(|row| row.signer.clone()).unwrap();
        org.people.get_mut(&signer).unwrap().gone = true;
        assert!(said(&org).iter().any(|w| w.starts_with(&format!("{signer} signs off what "))), "{:?}", said(&org));
        let mut org = example();
        org.areas.values_mut().for_each(|area| area.management.clear());
        org.policy.fallback_area = None::<AreaId>;
        let unmanaged = |org: &Organisation| said(org).iter().filter(|w| w.starts_with("Nobody manages ")).count();
        assert_eq!(unmanaged(&org), org.systems.values().filter(|s| s.management.is_empty()).count());
        org.policy.tell_directly.clear();
        assert!(said(&org).iter().any(|w| w.starts_with("Nobody is told directly")), "{:?}", said(&org));
        org.policy.escalation.clear();
        assert_eq!(unmanaged(&org), 0, "where no level is asked for, none is missed");
    }
}

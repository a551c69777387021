//! Who does what, and who knows: the panel of the incident page and its forms.

use super::View;
use crate::web::view::incident::{
    AskCommunicator, HeardElsewhere, NoCommunicator, PeopleAsked, Restrict, Roles, Unrestrict,
};
use crate::web::view::parts::{Fact, Notice, Prose};
use muster_core::entry::Restricted;
use muster_core::ids::PersonRef;
use muster_core::incident::State;
use muster_core::words::{sentence, upper_first};

impl View<'_> {
    pub(super) fn roles(&self) -> Roles {
        let incident = self.incident;
        let open = self.eyes.may_write() && !incident.newer && incident.state == State::Open;
        let live = self.eyes.may_write() && !incident.newer && incident.state.is_live();
        let roles = &incident.roles;
        let undecided = roles.communicator.is_none() && roles.declined.is_none();
        let leads = incident.may_be_handed_over_by(self.eyes.me, &self.scene.org);
        let speaks = roles.is_communicator(self.eyes.me);
        let may_write = self.eyes.may_write() && !incident.newer;
        let restricts = may_write && incident.may_be_restricted_by(self.eyes.me, &self.scene.org);
        let restricted = incident.restriction.now.as_ref();
        Roles {
            facts: self.who_does_what(),
            notices: self.about_roles(),
            communicator: (open && (leads || speaks)).then(|| AskCommunicator {
                person: self.field("communicator", "person", ""),
                proposed: self.proposed(),
                refused: self.refused("communicator"),
            }),
            communicate: open && !speaks && (roles.communicator.is_none() || incident.is_managed_by(self.eyes.me)),
            no_communicator: (open && leads && undecided).then(|| NoCommunicator {
                reason: self.field("no-communicator", "reason", ""),
                refused: self.refused("no-communicator"),
            }),
            people_asked: live.then(|| PeopleAsked {
                who: self.field("people-asked", "who", ""),
                people: self.field("people-asked", "people", "1"),
                refused: self.refused("people-asked"),
            }),
            heard_elsewhere: live.then(|| HeardElsewhere {
                person: self.field("heard-elsewhere", "person", ""),
                from: self.field("heard-elsewhere", "from", ""),
                at: self.field("heard-elsewhere", "at", ""),
                refused: self.refused("heard-elsewhere"),
            }),
            restrict: restricts.then(|| {
                let names = |r: &Restricted| r.shown_to.iter().map(|p| p.name.as_str()).collect::<Vec<_>>().join(", ");
                Restrict {
                    is_restricted: restricted.is_some(),
                    people: self.field("restrict", "people", restricted.map(names).unwrap_or_default()),
                    reason: self.field("restrict", "reason", restricted.map_or("", |r| r.reason.as_str())),
                    refused: self.refused("restrict"),
                }
            }),
            unrestrict: (restricts && restricted.is_some()).then(|| Unrestrict {
                reason: self.field("unrestrict", "reason", ""),
                refused: self.refused("unrestrict"),
            }),
        }
    }

    /// Whom the policy proposes as Communications Manager.
    fn proposed(&self) -> String {
        let area = self.incident.terms.policy.communicator.area.as_ref().and_then(|id| self.scene.org.areas.get(id));
        let members = area.map(|a| a.members.as_slice()).unwrap_or_default();
        let here = members.iter().filter(|id| self.scene.org.here(id).is_some());
        let names: Vec<_> = here.map(|id| self.eyes.name(&self.scene.org.person_ref(id))).collect();
        names.join(", then ")
    }

    fn who_does_what(&self) -> Vec<Fact> {
        let (incident, times) = (self.incident, self.eyes.times);
        let roles = &incident.roles;
        let since =
            |person: &PersonRef, at| Prose::from(format!("{}, since ", self.eyes.name(person))).when(times.at(at));
        let manager = match &incident.manager {
            Some(m) => since(&m.person, m.since),
            None => "Nobody yet".into(),
        };
        let communicator = match (&roles.communicator, &roles.declined) {
            (Some(c), _) => since(&c.person, c.since),
            (None, Some((_, why))) => format!("Nobody, none is needed: {why}").into(),
            (None, None) => "Nobody: the Incident Manager does it".into(),
        };
        let mut facts = vec![Fact::new("Incident Manager", manager), Fact::new("Communications", communicator)];
        if let Some(restricted) = &incident.restriction.now {
            let names = restricted.shown_to.iter().map(|p| self.eyes.name(p));
            let who: Vec<_> = std::iter::once("only those who take part".to_owned()).chain(names).collect();
            facts.push(Fact::new("May see it", format!("{}: {}", who.join(", "), restricted.reason)));
        }
        if let Some((_, area)) = &roles.area {
            facts.push(Fact::new("Handed to", area.clone()));
        }
        let staff: Vec<_> = incident.staff.iter().map(|p| self.eyes.name(p)).collect();
        if !staff.is_empty() {
            facts.push(Fact::new("Involved", staff.join(", ")));
        }
        for (name, state) in crate::web::pages::draw::gathering::arrivals(incident, times) {
            facts.push(Fact::new("Comes", format!("{name}: {}", state.words)));
        }
        let spoken: Vec<_> = incident.spoken_to().into_iter().map(|p| self.eyes.name(p)).collect();
        if !spoken.is_empty() {
            facts.push(Fact::new("Told directly", spoken.join(", ")));
        }
        if roles.asking > 0 {
            let people = crate::web::pages::phrases::counted(u64::from(roles.asking), "person", "people");
            facts.push(Fact::new("Asked about it", people));
        }
        for heard in &roles.heard {
            let words = Prose::from(format!("{}, from {}, ", self.eyes.name(&heard.person), heard.from))
                .when(times.at(heard.at));
            facts.push(Fact::new("Heard elsewhere", words));
        }
        facts
    }

    /// What the Incident Manager should decide about who does what.
    fn about_roles(&self) -> Vec<Notice> {
        let (incident, roles) = (self.incident, &self.incident.roles);
        if incident.state != State::Open {
            return Vec::new();
        }
        let mut notices = Vec::new();
        if let Some(proposed) =
            roles.proposed.as_ref().filter(|_| roles.communicator.is_none() && roles.declined.is_none())
        {
            let why = sentence(&upper_first(&proposed.why));
            notices.push(Notice::warning("Should somebody else speak for it?", why));
        }
        let most = usize::try_from(incident.terms.policy.span_of_control).unwrap_or(usize::MAX);
        if incident.staff.len() > most {
            let text = format!(
                "{} people work on it, and one person leads {most} well. Let an area take a part over.",
                incident.staff.len()
            );
            notices.push(Notice::note("That is a lot for one person.", text));
        }
        notices
    }
}

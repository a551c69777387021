//! The forms of the incident page: each is there exactly when the reader may do its act now, filled
//! with what the incident says, or with what was typed if it came back.

use super::View;
use crate::web::pages::draw::duties;
use crate::web::pages::typed::word;
use crate::web::view::incident::{
    Acts, AddSystem, Attach, Composer, Contact, HandOver, OwnField, Reopen, ReportFiled, Restore, Set, SetRestored,
    SetSeverity, Withdraw,
};
use crate::web::view::links::{Form as OtherForm, Other, Others};
use crate::web::view::parts::{Choice, Field, Prose, Severity};
use muster_core::alert::Status;
use muster_core::custom::Holds;
use muster_core::entry::{Kind, NoteKind, Purpose};
use muster_core::incident::{Incident, State, phase_word};
use muster_core::policy::Phase;
use muster_core::summons::Summons;
use muster_core::words::size;

/// The kinds that people write, in the order of the composer. Contacts have a form of their own, and
/// what changes a field is written by its form.
const WRITTEN: [NoteKind; 6] =
    [NoteKind::Activity, NoteKind::Decision, NoteKind::Change, NoteKind::Complication, NoteKind::Task, NoteKind::Other];

impl View<'_> {
    /// An input of `form`: as typed if it came back, else `otherwise`.
    pub(super) fn field(&self, form: &str, input: &str, otherwise: impl Into<String>) -> Field {
        match self.mend.filter(|m| m.form == form) {
            Some(mend) => mend.field(input),
            None => Field::of(otherwise),
        }
    }

    pub(super) fn refused(&self, form: &str) -> Option<String> {
        self.mend.filter(|m| m.form == form).and_then(super::Mend::whole)
    }

    pub(super) fn composer(&self) -> Option<Composer> {
        if !self.eyes.may_write() || self.incident.newer {
            return None;
        }
        let label = |kind: NoteKind| match kind {
            NoteKind::Activity => "Note".to_owned(),
            kind => crate::web::pages::phrases::upper_first(kind.word()),
        };
        Some(Composer {
            text: self.field("note", "text", ""),
            kinds: WRITTEN.map(|kind| Choice::new(kind.word(), label(kind))).into(),
            kind: self.field("note", "kind", NoteKind::Activity.word()),
            happened: self.field("note", "happened", ""),
            attach: Attach {
                text: self.field("attach", "text", ""),
                file: self.field("attach", "file", ""),
                most: size(self.incident.terms.policy.attachment_bytes()),
            },
        })
    }

    pub(super) fn people(&self) -> Vec<Choice> {
        let people = self.scene.org.people.values().filter(|p| !p.gone);
        let mut choices: Vec<_> = people.map(|p| Choice::new(p.name.as_str(), p.title.as_str())).collect();
        choices.sort_by(|a, b| a.value.cmp(&b.value));
        choices
    }

    pub(super) fn acts(&self) -> Acts {
        let incident = self.incident;
        if !self.eyes.may_write() || incident.newer {
            return Acts::default();
        }
        let live = incident.state.is_live();
        Acts {
            take: self.take(),
            confirm: incident.state == State::Suspected,
            triage: live && incident.triaged_at.is_none(),
            triage_again: live && incident.triaged_at.is_some(),
            withdraw: live
                .then(|| Withdraw { reason: self.field("withdraw", "reason", ""), refused: self.refused("withdraw") }),
            restore: live.then(|| self.restore()),
            reopen: (!live)
                .then(|| Reopen { reason: self.field("reopen", "reason", ""), refused: self.refused("reopen") }),
            report: (incident.state == State::Restored && incident.report.is_none()).then(|| ReportFiled {
                reference: self.field("report", "reference", ""),
                due: duties::report_due(incident, &self.eyes).unwrap_or_default(),
                refused: self.refused("report"),
            }),
            set: (incident.state != State::Withdrawn).then(|| self.set()),
            severity: (incident.state != State::Withdrawn).then(|| SetSeverity {
                severity: self.field("severity", "severity", Severity::from(incident.severity).value()),
                reason: self.field("severity", "reason", ""),
                first: incident.severity_highest.is_none(),
                refused: self.refused("severity"),
            }),
            contact: Some(Contact {
                person: self.field("contact", "person", ""),
                means: self.field("contact", "means", "call"),
                // What came of it is stated, never supposed.
                outcome: self.field("contact", "outcome", ""),
                text: self.field("contact", "text", ""),
                happened: self.field("contact", "happened", ""),
                refused: self.refused("contact"),
            }),
            hand_over: (live
                && incident.manager.is_some()
                && incident.may_be_handed_over_by(self.eyes.me, &self.scene.org))
            .then(|| HandOver {
                person: self.field("hand-over", "person", ""),
                reason: self.field("hand-over", "reason", ""),
                brief: self.field("hand-over", "brief", incident.brief(self.eyes.times.now())),
                areas: self.scene.org.areas.values().map(|a| a.name.clone()).collect(),
                refused: self.refused("hand-over"),
            }),
            add_system: live.then(|| self.add_system()),
            own: self.own_fields(),
        }
    }

    /// Whether that form is on the page. What is no form of its own counts as shown.
    pub(super) fn is_shown(&self, form: &str) -> bool {
        let acts = self.acts();
        match form {
            "note" | "attach" => self.composer().is_some(),
            "withdraw" => acts.withdraw.is_some(),
            "restore" => acts.restore.is_some(),
            "reopen" => acts.reopen.is_some(),
            "report" => acts.report.is_some(),
            "set" => acts.set.is_some(),
            "severity" => acts.severity.is_some(),
            "contact" => acts.contact.is_some(),
            "hand-over" => acts.hand_over.is_some(),
            "add-system" => acts.add_system.is_some(),
            "set-own" => !acts.own.is_empty(),
            "communicator" => self.roles().communicator.is_some(),
            "no-communicator" => self.roles().no_communicator.is_some(),
            "people-asked" => self.roles().people_asked.is_some(),
            "heard-elsewhere" => self.roles().heard_elsewhere.is_some(),
            "restrict" => self.roles().restrict.is_some(),
            "unrestrict" => self.roles().unrestrict.is_some(),
            "skip-step" => self.steps().skip.is_some(),
            "link" => self.others().link.is_some(),
            "merge" => self.others().merge.is_some(),
            "correct" | "take-back" => self.is_open,
            _ => true,
        }
    }

    /// Incidents that it hangs together with, and the forms that say so.
    pub(super) fn others(&self) -> Others {
        let (incident, may) = (self.incident, self.eyes.may_write() && !self.incident.newer);
        let row = |number: &str, how: String, title: &str, may_unlink| Other {
            number: number.to_owned(),
            how,
            title: title.to_owned(),
            may_unlink,
        };
        let others = &incident.others;
        let into = others.merged_into.iter().filter(|m| !m.number.is_empty());
        let into = into.map(|m| row(&m.number, "Merged into".into(), &m.title, false));
        let took_in = others.took_in.iter().map(|t| row(&t.number, "Goes on here:".into(), &t.title, false));
        let linked = others.linked.iter();
        let linked = linked.map(|l| {
            let how = crate::web::pages::phrases::upper_first(l.how.words());
            row(&l.number, how, &l.title, may)
        });
        let form = |form: &str| OtherForm {
            number: self.field(form, "number", ""),
            how: self.field(form, "how", "related"),
            reason: self.field(form, "reason", ""),
            refused: self.refused(form),
        };
        Others {
            rows: into.chain(took_in).chain(linked).collect(),
            link: may.then(|| form("link")),
            merge: (may && incident.state.is_live()).then(|| form("merge")),
            suggested: self.suggested.iter().map(|(n, title)| Choice::new(n.as_str(), title.as_str())).collect(),
        }
    }

    /// The words of the button with which the reader takes what is asked of them, or what nobody has.
    fn take(&self) -> Option<String> {
        if self.incident.is_owed_by_who_left(&self.scene.org) {
            return Some("Take it".into());
        }
        if !self.incident.state.is_live() || self.incident.is_managed_by(self.eyes.me) {
            return None;
        }
        let asked = asked_of(self.incident, self.eyes.me).map(|s| s.purpose);
        match (asked, &self.incident.manager) {
            (Some(Purpose::HandOver), Some(manager)) => Some(format!("Take over from {}", manager.person.name)),
            (Some(Purpose::Assist), Some(_)) => Some("I help".into()),
            (_, None) => Some("Take it".into()),
            (Some(Purpose::Communicate), Some(_)) => Some("Be Communications Manager".into()),
            (Some(Purpose::TakeCharge | Purpose::Release | Purpose::Input | Purpose::Tell) | None, Some(_)) => {
                self.incident.search_for_manager().map(|_| "Take it".into())
            }
        }
    }

    fn restore(&self) -> Restore {
        let times = self.eyes.times;
        let back = self.incident.recovered_at;
        let proposal =
            back.map(|at| Prose::from("The monitors say that service is back since ").when(times.at(at)).text("."));
        Restore {
            at: self.field("restore", "at", times.field(back.unwrap_or(times.now()))),
            proposal,
            firing: self.firing(),
            cause: self.field("restore", "cause", self.incident.determined_cause()),
            resolution: self.field("restore", "resolution", self.incident.resolution.as_str()),
            refused: self.refused("restore"),
        }
    }

    /// `2 alerts still fire: Disk full; Queue does not move.`
    fn firing(&self) -> Option<String> {
        let firing = self.incident.alerts.values().filter(|a| a.status == Status::Firing);
        let titles: Vec<_> = firing.map(|a| a.title.as_str()).collect();
        match titles.as_slice() {
            [] => None,
            [one] => Some(format!("1 alert still fires: {one}.")),
            many => Some(format!("{} alerts still fire: {}.", many.len(), many.join("; "))),
        }
    }

    fn own_fields(&self) -> Vec<OwnField> {
        let fields = self.incident.terms.fields.iter().filter(|f| f.is_for(&self.incident.kind));
        let field = |f: &muster_core::custom::CustomField| {
            let says = self.incident.custom.get(&f.id).cloned().unwrap_or_default();
            let back = self.mend.filter(|m| m.form == "set-own" && m.typed.get("field") == f.id);
            let none = (f.holds == Holds::Choice).then(|| Choice::new("", "Nothing"));
            OwnField {
                id: f.id.clone(),
                words: f.words.clone(),
                value: back.map_or_else(|| Field::of(says), |m| m.field("value")),
                hint: f.hint(),
                choices: none.into_iter().chain(f.choices.iter().map(|c| Choice::new(c.clone(), c.clone()))).collect(),
                long: f.holds == Holds::Text,
                refused: back.and_then(super::Mend::whole),
            }
        };
        fields.map(field).collect()
    }

    fn add_system(&self) -> AddSystem {
        let known = |id| self.incident.systems.iter().any(|s| s.id == id);
        let systems = self.scene.org.systems.iter().filter(|(id, _)| !known((*id).clone()));
        AddSystem {
            system: self.field("add-system", "system", ""),
            systems: systems.map(|(_, s)| s.name.clone()).collect(),
            refused: self.refused("add-system"),
        }
    }

    fn set(&self) -> Set {
        let incident = self.incident;
        let says = |input| said(incident, input, &self.eyes);
        // What the writer had not touched shows what it says now, or it would undo what somebody else set.
        let field = |input: &'static str| match self.mend.filter(|m| m.form == "set") {
            Some(mend) => {
                let untouched =
                    mend.was.as_ref().is_some_and(|was| said(was, input, &self.eyes) == mend.typed.get(input));
                if untouched { Field { value: says(input), ..mend.field(input) } } else { mend.field(input) }
            }
            None => Field::of(says(input)),
        };
        let kinds = incident.terms.policy.kinds.iter();
        let kinds = kinds.filter(|k| k.kind != Kind::PLANNED || incident.kind == Kind::PLANNED);
        let phases = [Phase::Intense, Phase::Steady, Phase::Waiting];
        let upper = |phase| crate::web::pages::phrases::upper_first(phase_word(phase));
        Set {
            title: field("title"),
            symptoms: field("symptoms"),
            went_down: field("went-down"),
            went_down_at: field("went-down-at"),
            kind: field("kind"),
            kinds: kinds.map(|k| Choice::new(k.kind.as_str(), k.words.as_str())).collect(),
            phase: field("phase"),
            phases: phases.map(|p| Choice::new(word(&p), upper(p))).into(),
            restored: incident.restored_at.map(|_| SetRestored {
                at: field("restored-at"),
                cause: field("cause"),
                resolution: field("resolution"),
            }),
            refused: self.refused("set"),
        }
    }
}

/// What an input of the form that sets fields holds for `incident`.
#[must_use]
pub fn said(incident: &Incident, input: &str, eyes: &crate::web::pages::draw::Eyes<'_>) -> String {
    let at = |t: Option<muster_core::Time>| t.map_or_else(String::new, |t| eyes.times.field(t));
    match input {
        "title" => incident.title.clone(),
        "symptoms" => incident.symptoms.clone(),
        "went-down" => match incident.went_down {
            None => "unknown",
            Some(down) if down.estimate => "estimate",
            Some(_) => "known",
        }
        .to_owned(),
        "went-down-at" => at(incident.went_down.map(|m| m.at)),
        "kind" => word(&incident.kind),
        "phase" => word(&incident.phase),
        "restored-at" => at(incident.restored_at),
        "cause" => incident.cause.clone(),
        "resolution" => incident.resolution.clone(),
        _ => String::new(),
    }
}

/// The search, if any, that waits for an answer of that person's: what they are asked for first.
#[must_use]
pub fn asked_of<'a>(incident: &'a Incident, me: &muster_core::ids::PersonId) -> Option<&'a Summons> {
    let asks_me = |s: &&Summons| s.is_live() && s.chain.iter().any(|c| c.person.id == *me);
    let first = |purpose| incident.summonses.iter().filter(asks_me).find(|s| s.purpose == purpose);
    let wanted = [Purpose::TakeCharge, Purpose::HandOver, Purpose::Communicate, Purpose::Assist];
    wanted.into_iter().find_map(first)
}

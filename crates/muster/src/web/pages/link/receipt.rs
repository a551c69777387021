//! What became of the question: taken, known, cannot, gone, over.

use super::View;
use crate::web::pages::draw::log::{Source, Wanted, log};
use crate::web::pages::draw::{Eyes, duties};
use crate::web::pages::incident::desk::Part;
use crate::web::pages::phrases::{tel, upper_first};
use crate::web::view::link::{Receipt, Step, Work};
use crate::web::view::parts::{Field, Icon, Notice, Prose};
use muster_core::Time;
use muster_core::contact::Answer;
use muster_core::directory::Role;
use muster_core::entry::Purpose;
use muster_core::ids::PersonRef;
use muster_core::incident::State;

impl View<'_> {
    /// The reader has it.
    pub(super) fn taken(&self, at: Time) -> Receipt {
        let me = &self.summons.chain[self.me].person;
        let manager = self.incident.manager.as_ref().map(|m| &m.person);
        let line = match manager {
            _ if self.summons.purpose == Purpose::Communicate => "You are Communications Manager.".to_owned(),
            Some(manager) if manager.id == me.id => "You are Incident Manager.".to_owned(),
            Some(manager) => format!("{} is Incident Manager.", manager.name),
            None => String::new(),
        };
        let talk = manager.filter(|m| m.id != me.id).and_then(|m| self.talk(m));
        let steps = [talk, self.read()].into_iter().flatten().collect();
        let notice = Notice::done("The calls have stopped.", "Everybody can see that you have it. It is in the log.");
        let wanted = self.incident.state.is_live();
        Receipt {
            steps,
            give_back: true,
            come: wanted.then(|| super::call::come(self.incident, &me.id, self.scene, Field::default())),
            ..self.receipt(format!("You have it since {}", self.scene.times.at(at).text), line.into(), notice)
        }
    }

    /// The reader knows; somebody else is looked for.
    pub(super) fn known(&self) -> Receipt {
        if self.summons.purpose == Purpose::Tell {
            let talk = self.incident.manager.as_ref().and_then(|m| self.talk(&m.person));
            let notice = Notice::note("A message does not count.", "Whoever is in charge still wants to speak to you.");
            let steps = talk.into_iter().chain(self.read()).collect();
            return Receipt { steps, ..self.receipt("Noted: you have read it".into(), Prose::default(), notice) };
        }
        let line = match self.looked_for() {
            Some(line) => Prose::from("Nobody has taken it yet. ").text(line),
            None => "Nobody has taken it yet.".into(),
        };
        let notice = Notice {
            icon: Icon::Waiting,
            ..Notice::note("You are not called again", "unless nobody can be reached. You can still take it.")
        };
        let answers = vec![self.button(Answer::Take, "I take it after all")];
        Receipt { answers, ..self.receipt("Noted: you know".into(), line, notice) }
    }

    /// The reader cannot; the next is asked.
    pub(super) fn cannot(&self, at: Time) -> Receipt {
        let heading = self.looked_for().unwrap_or_else(|| "Noted: you cannot".into());
        let line = Prose::from("Noted at ").when(self.scene.times.at(at)).text(": you cannot.");
        let manager =
            self.incident.manager.as_ref().is_some_and(|m| m.person.id == self.summons.chain[self.me].person.id);
        let notice = match manager {
            // There is exactly one at every moment: whoever gives it back holds it until it is taken.
            true => Notice::warning("You are Incident Manager until somebody else takes it.", "The calls go on."),
            false => Notice::note("You owe nothing here", "and are not called again for it."),
        };
        let answers = vec![self.button(Answer::Take, "I can after all")];
        Receipt { answers, ..self.receipt(heading.trim_end_matches('.').to_owned(), line, notice) }
    }

    /// Somebody else took it.
    pub(super) fn gone(&self) -> Receipt {
        let taken = self.summons.taken_by();
        let heading = taken
            .map_or_else(String::new, |g| format!("{} took it at {}", g.person.name, self.scene.times.at(g.at).text));
        let notice = Notice::done("Nothing is asked of you.", "You are not called again for this.");
        let steps = taken.and_then(|g| self.talk(&g.person)).into_iter().collect();
        Receipt { steps, ..self.receipt(heading, Prose::default(), notice) }
    }

    /// The reader said what they know, or somebody else of whom the same was asked did.
    pub(super) fn informed(&self, by: &PersonRef, at: Time, text: &str) -> Receipt {
        let me = self.summons.chain[self.me].person.id == by.id;
        let heading = match me {
            true => format!("You answered at {}", self.scene.times.at(at).text),
            false => format!("{} answered at {}", by.name, self.scene.times.at(at).text),
        };
        let notice = Notice::done("Your question is answered.", "Nothing more is asked of you. It is in the log.");
        let notice = if me { Notice::done("Thank you.", "It is in the log, under the question.") } else { notice };
        Receipt { steps: self.read().into_iter().collect(), ..self.receipt(heading, text.to_owned().into(), notice) }
    }

    /// Nobody is looked for any more, although nobody took it.
    pub(super) fn ended(&self) -> Receipt {
        let why = self.summons.ended.as_ref().map_or_else(String::new, |(_, why)| why.clone());
        let notice = Notice::done("Nothing is asked of you.", "You are not called again for this.");
        self.receipt("Nobody is looked for any more".into(), format!("{}.", upper_first(&why)).into(), notice)
    }

    /// The incident is over.
    pub(super) fn over(&self) -> Receipt {
        let heading = match (self.incident.state, self.incident.restored_at) {
            (State::Restored | State::Closed, Some(at)) => {
                format!("Service is back since {}", self.scene.times.at(at).text)
            }
            (State::Withdrawn, _) => "It was no disruption".into(),
            (state, _) => format!("The incident is {}", state.word()),
        };
        let notice = Notice::done("Nothing is asked of you.", "You are not called again for this.");
        Receipt { steps: self.read().into_iter().collect(), ..self.receipt(heading, Prose::default(), notice) }
    }

    /// Who is asked now, or will be.
    fn looked_for(&self) -> Option<String> {
        let asking = self.summons.asking()?;
        Some(format!("{} is asked now.", asking.person.name))
    }

    /// The whole of it, for who can sign in: nobody is led to a page that asks for a password that they don't have.
    fn read(&self) -> Option<Step> {
        self.has_password.then(|| Step {
            verb: "Sign in".into(),
            what: "The whole incident".into(),
            note: "With your password".into(),
            href: format!("/incidents/{}", self.incident.number),
            act: "Open".into(),
        })
    }

    /// What whoever took it sees and does here: this incident, while the link works; and writes, while they have it.
    fn work(&self, part: &Part, wanted: &Wanted, note: &Field) -> Work {
        let me = &self.summons.chain[self.me].person.id;
        let eyes = Eyes { me, role: Role::Reader, times: &self.scene.times };
        let source = Source {
            incident: self.incident,
            entries: &part.entries,
            wanted,
            checked: part.checked.clone(),
            others: &[],
            stamp: &self.stamp,
            returned: None,
        };
        Work {
            due: duties::clocks(self.incident, &eyes),
            log: log(&source, &eyes),
            note: self.may_write().then(|| note.clone()),
            until: Prose::from("This link is yours alone. It shows only this incident, until ")
                .when(self.scene.times.at(self.until))
                .text("."),
        }
    }

    /// With the incident itself, if the reader took it.
    pub(super) fn with_work(&self, receipt: Receipt, (part, wanted, note): (&Part, &Wanted, &Field)) -> Receipt {
        let work = self.took_it().then(|| self.work(part, wanted, note));
        Receipt { work, ..receipt }
    }

    fn talk(&self, to: &PersonRef) -> Option<Step> {
        let tel = tel(self.scene.org.people.get(&to.id)?).filter(|tel| !tel.href.is_empty())?;
        let role = match self.incident.manager.as_ref().is_some_and(|m| m.person.id == to.id) {
            true if self.summons.purpose != Purpose::TakeCharge => format!("{}, Incident Manager", to.name),
            _ => to.name.clone(),
        };
        Some(Step { verb: "Talk".into(), what: role, note: tel.text.into(), href: tel.href, act: "Call".into() })
    }

    fn receipt(&self, heading: String, line: Prose, notice: Notice) -> Receipt {
        Receipt {
            frame: self.frame.clone(),
            person: self.summons.chain[self.me].person.name.clone(),
            action: self.action.clone(),
            stamp: self.stamp.clone(),
            about: self.about(),
            heading,
            line,
            notice,
            steps: Vec::new(),
            answers: Vec::new(),
            give_back: false,
            come: None,
            work: None,
        }
    }
}

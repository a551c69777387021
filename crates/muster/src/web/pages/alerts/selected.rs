//! The alert that is open beside the list: what it is, why it stands where it stands, and what was sent.

use super::row::{Rows, ends_first, thing};
use super::{Payload, rules};
use crate::store::alerts::{Received, StoredAlert};
use crate::web::pages::phrases::{counted, out_of_reach, thousands, upper_first};
use crate::web::view::alerts::{Reason, Selected, Signal};
use crate::web::view::parts::{Detail, Fact, Prose};
use muster_core::alert::Account;
use muster_core::system::System;

impl Rows<'_> {
    pub(super) fn selected(&self, stored: &StoredAlert, signals: &[(Received, Payload)]) -> Selected {
        let alert = &stored.alert;
        let source = self.org.intake.get(&alert.intake).map_or_else(|| alert.intake.0.clone(), |i| i.name.clone());
        Selected {
            title: alert.signal.title.clone(),
            note: match &alert.signal.link {
                Some(link) if link.starts_with("https://") || link.starts_with("http://") => {
                    Prose::from(thing(stored)).text(". ").outside(link.clone(), "Look at it there")
                }
                _ => thing(stored).into(),
            },
            facts: self.facts(stored),
            reasons: self.reasons(stored),
            signals_title: counted(alert.signals, "signal", "signals"),
            signals_note: format!("{source}. Times in {}", self.times.zone()),
            signals: signals.iter().enumerate().map(|(nth, (s, p))| self.signal(stored, s, p, nth == 0)).collect(),
            foot: Prose::from("Key ")
                .mono(&*alert.signal.key)
                .text(", sender ")
                .mono(alert.intake.as_str())
                .text(". ")
                .link(format!("/alerts/{}/payload", alert.id), "The newest payload as it came"),
        }
    }

    fn facts(&self, stored: &StoredAlert) -> Vec<Fact> {
        let alert = &stored.alert;
        let system = stored.system.as_ref().and_then(|id| self.org.systems.get(id));
        let condition = stored.condition.as_deref().unwrap_or("not decided yet");
        let about = match (system, self.system_name(stored)) {
            (Some(system), Some(name)) => {
                let href = format!("/systems/{}", stored.system.as_ref().map_or("", |s| s.as_str()));
                let people: u64 = system
                    .populations
                    .iter()
                    .filter_map(|p| self.org.populations.get(p))
                    .map(|p| u64::from(p.head_count))
                    .sum();
                let people =
                    if people > 0 { format!(", about {}", counted(people, "person", "people")) } else { String::new() };
                Prose::default()
                    .link(href, name)
                    .text(format!(": {condition}. {}{people}", upper_first(system.scope.word())))
            }
            (None, Some(name)) => format!("{name}: {condition}").into(),
            (_, None) => format!("No rule names one; {condition}").into(),
        };
        let down = Prose::default()
            .when(self.times.at(alert.went_down_at))
            .text(", received ")
            .when(self.times.at(alert.first_at));
        let mut state = Prose::default().bold(super::title(alert.account));
        if let (Account::Watched, Some(due)) = (alert.account, stored.due_at) {
            state = state.text(", ").ticking(self.times.left(due));
        }
        let mut facts = vec![
            Fact::new("State", state),
            Fact::new("System", about),
            Fact::new("Went down", down),
            Fact::new("Then", self.then(stored, system)),
        ];
        if alert.account == Account::Watched {
            facts.push(Fact::new("Unless", "it is over before, or belongs to an incident by then"));
        }
        facts
    }

    /// What will happen when.
    fn then(&self, stored: &StoredAlert, system: Option<&System>) -> Prose {
        let number = stored.alert.subject.as_ref().and_then(|s| self.numbers.get(s));
        match (stored.alert.account, number, stored.due_at) {
            (Account::Watched, _, Some(due)) if ends_first(stored) => {
                Prose::default().when(self.times.at(due)).text(" it is over, if the sender does not repeat it")
            }
            (Account::Watched, _, Some(due)) => {
                let line = Prose::default().when(self.times.at(due)).text(" a suspected incident opens and ");
                line.text(self.called(system))
            }
            (Account::Joined | Account::Opened, Some(number), _) => {
                Prose::from("Its signals go to the log of ").link(format!("/incidents/{number}"), number)
            }
            (Account::Resolved, ..) => "Nothing more. The next signal with its key is a new alert".into(),
            (Account::Information, ..) => "Nothing: it is kept, and nobody is called".into(),
            _ => "It is decided anew when that ends".into(),
        }
    }

    /// Who would be called for that system.
    fn called(&self, system: Option<&System>) -> String {
        let contacts = system.map(|s| s.contacts.as_slice()).unwrap_or_default();
        let fallback = self.org.policy.fallback_area.as_ref().and_then(|a| self.org.areas.get(a));
        let fallback = fallback.map(|a| a.members.as_slice()).unwrap_or_default();
        let reachable =
            |id: &&muster_core::ids::PersonId| self.org.people.get(id).is_some_and(|p| out_of_reach(p).is_none());
        match contacts.iter().chain(fallback).find(reachable) {
            Some(id) => format!("{} is called", self.org.person_ref(id).name),
            None => "Muster tells the administrators: nobody else can be reached".into(),
        }
    }

    fn reasons(&self, stored: &StoredAlert) -> Vec<Reason> {
        let alert = &stored.alert;
        let mut reasons =
            vec![Reason { text: Prose::default().bold("Decided: ").text(format!("{}.", stored.why)), rule: None }];
        let found = self.org.rules.iter().enumerate().find(|(_, r)| r.matches(alert.intake.as_str(), &alert.signal));
        let all = thousands(u64::try_from(self.org.rules.len()).unwrap_or(0));
        let today = if matches!(alert.account, Account::Watched | Account::Information) {
            ""
        } else {
            ", as the rules are today"
        };
        reasons.push(match found {
            Some((nth, rule)) => Reason {
                text: Prose::default()
                    .bold(format!("Mapping rule “{}”", rule.name))
                    .text(format!(" matches: number {} of {all}, the first that does{today}.", nth + 1)),
                rule: Some(rules::text(rule, self.org)),
            },
            None => Reason { text: format!("None of {all} mapping rules matches{today}.").into(), rule: None },
        });
        if let Some(number) = stored.left_subject.as_ref().and_then(|s| self.numbers.get(s)) {
            let text = Prose::from("It was part of ").link(format!("/incidents/{number}"), number);
            reasons.push(Reason { text: text.text(", and does not go back there."), rule: None });
        }
        reasons
    }

    fn signal(&self, stored: &StoredAlert, signal: &Received, payload: &Payload, newest: bool) -> Signal {
        let detail = &stored.alert.signal.detail;
        let text =
            if newest && !detail.is_empty() { format!("{}: {detail}", signal.title) } else { signal.title.clone() };
        let word = if signal.status == "resolved" { "Resolved" } else { "Firing" };
        Signal { at: self.times.in_list(signal.received_at), word: word.into(), text, raw: payload.as_ref().map(raw) }
    }
}

/// A payload as it came, or its beginning.
fn raw((beginning, size): &(Vec<u8>, u64)) -> Detail {
    let mut text = String::from_utf8_lossy(beginning).replace('\0', "\u{fffd}");
    let shown = u64::try_from(beginning.len()).unwrap_or(u64::MAX);
    if shown < *size {
        text.push_str(&format!("\n… {} of {} bytes", thousands(shown), thousands(*size)));
    }
    Detail { summary: format!("Raw payload, {}", counted(*size, "byte", "bytes")), text, raw: true }
}

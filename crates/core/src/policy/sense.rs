//! Whether people could work by a policy, whatever the organisation is: the one check of `muster apply` and of versions.

use super::{ByPhase, Policy};
use crate::Span;
use crate::words::is_blank;
use std::collections::BTreeSet;

/// The shortest time that a policy can give people, which is less than what a demonstration gives, and the longest that is meant.
const TIMES: (Span, Span) = (Span::from_secs(10), Span::from_hours(31 * 24));
/// Longest name of whom is told, in characters.
const NAME_MAX: usize = 200;

impl Policy {
    /// Why nobody could work by it, with its place and what to do; none if they could.
    #[must_use]
    pub fn why_senseless(&self) -> Option<String> {
        let (least, most) = TIMES;
        let odd = times(self).into_iter().find(|(_, span)| !(least..=most).contains(span));
        odd.map(|(place, _)| format!("policy, {place}: use a time from 10 seconds to 31 days."))
            .or_else(|| {
                let odd = marks(self).into_iter().find(|(_, span)| !(Span::ZERO..=most).contains(span));
                odd.map(|(place, _)| format!("policy, {place}: use a time from nothing to 31 days."))
            })
            .or_else(|| self.why_no_kinds().map(|why| format!("policy, kinds: {why}.")))
            .or_else(|| self.why_not_told())
            .or_else(|| self.why_no_levels())
            .or_else(|| self.why_not_counted())
    }

    fn why_not_told(&self) -> Option<String> {
        let mut seen = BTreeSet::new();
        for (n, row) in (1..).zip(&self.tell_directly) {
            let name = row.name.trim();
            if is_blank(name) || name.chars().count() > NAME_MAX {
                return Some(format!(
                    "policy, tell directly {n}, name: write a name of at most {NAME_MAX} characters."
                ));
            }
            if !seen.insert(name) {
                return Some(format!("policy, tell directly: two are named “{name}”. Give each its own name."));
            }
        }
        None
    }

    fn why_no_levels(&self) -> Option<String> {
        let mut seen = BTreeSet::new();
        for row in &self.escalation {
            let level = row.level;
            if !seen.insert(level) {
                return Some(format!("policy, escalation: level {level} stands there twice. Write each once."));
            }
            if row.after.is_none() && row.severity.is_none() {
                let what = "say after what time, or from which severity, it is told";
                return Some(format!("policy, escalation, level {level}: {what}; else it never is."));
            }
        }
        None
    }

    fn why_not_counted(&self) -> Option<String> {
        let (days, hour) = (self.report.business_days, self.report.hour);
        if !(0..=23).contains(&hour) {
            return Some(format!("policy, report, hour: {hour} is no hour. Use 0 to 23."));
        }
        if days == 0 {
            return Some(
                "policy, report, business days: the report would be due before it is over. Use 1 or more.".into(),
            );
        }
        (self.span_of_control == 0).then(|| "policy, span of control: use 1 or more.".into())
    }
}

/// Every time from which on something is done.
fn marks(policy: &Policy) -> Vec<(&'static str, Span)> {
    let escalation = policy.escalation.iter().filter_map(|row| Some(("escalation, after", row.after?)));
    let communicator = policy.communicator.after.map(|after| ("communicator, after", after));
    escalation.chain(communicator).chain([("calls_before_due", policy.calls_before_due)]).collect()
}

/// Every time within which somebody has to do something.
fn times(policy: &Policy) -> Vec<(&'static str, Span)> {
    let by_phase = |p: ByPhase| [p.intense, p.steady, p.waiting];
    let mut all = vec![
        ("open_unanswered_after", policy.open_unanswered_after),
        ("reach_within", policy.reach_within),
        ("triage_within", policy.triage_within),
        ("answer_wait", policy.answer_wait),
        ("tell_owner_within", policy.tell_owner_within),
        ("communicator, within", policy.communicator.within),
        ("conference_after", policy.conference_after),
        ("conference_every", policy.conference_every),
        ("follow_up_within", policy.follow_up_within),
        ("nag_every", policy.nag_every),
    ];
    all.extend(by_phase(policy.log_silence).map(|span| ("log_silence", span)));
    all.extend(by_phase(policy.review_every).map(|span| ("review_every", span)));
    all.extend(policy.escalation.iter().map(|row| ("escalation, within", row.within)));
    for row in &policy.tell_directly {
        all.extend([
            ("tell_directly, after_triage", row.after_triage),
            ("tell_directly, after_discovery", row.after_discovery),
        ]);
    }
    all
}

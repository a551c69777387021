//! The figures of a policy in words, as its page shows them. A figure that is added to [`Policy`] gets its line here.

use super::{ByPhase, Impact, Policy};
use crate::Span;
use crate::entry::Severity;
use crate::ids::AreaId;
use crate::procedure::Component;
use crate::words::{length, size};

/// One figure, ready to be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Figure {
    /// Which component goes by it.
    pub part: Component,
    /// What it says.
    pub what: String,
    /// How much, with its unit.
    pub value: String,
}

impl Policy {
    /// Every figure, in the order of the components.
    #[must_use]
    pub fn figures(&self) -> Vec<Figure> {
        use Component::{Discovery, Documentation, Escalation, Report, Resolution, StaffNotification};
        let figure = |part, what: &str, value: String| Figure { part, what: what.to_owned(), value };
        let time = |part, what: &str, span: Span| figure(part, what, length(span));
        let mut all = vec![
            time(Discovery, "A disruption counts from", self.disruption_after),
            time(Discovery, "A suspected incident that nobody answers is open after", self.open_unanswered_after),
            time(Discovery, "Alerts of other systems join an incident within", self.join_within),
            time(Discovery, "The on-call contact is reached within", self.reach_within),
            time(Discovery, "It is triaged within", self.triage_within),
            figure(
                Discovery,
                "Kinds of disruption",
                self.kinds.iter().map(|k| &*k.words).collect::<Vec<_>>().join(", "),
            ),
        ];
        let matrix = &self.severity;
        all.extend(
            matrix
                .impact
                .iter()
                .map(|rule| figure(Discovery, &format!("The impact is {}", rule.is.word()), rule.words())),
        );
        for (impact, row) in [
            (Impact::Extensive, matrix.extensive),
            (Impact::High, matrix.high),
            (Impact::Medium, matrix.medium),
            (Impact::Low, matrix.low),
        ] {
            let value = [row.high, row.medium, row.low].map(|severity| severity.number().to_string()).join(", ");
            let what = format!("Severity if the impact is {} and the urgency high, medium, low", impact.word());
            all.push(figure(Discovery, &what, value));
        }
        for row in &self.tell_directly {
            let value = format!(
                "{} of {}, {} after triage, {} after discovery at the latest",
                row.whom.word(),
                row.area,
                length(row.after_triage),
                length(row.after_discovery)
            );
            all.push(figure(Discovery, &format!("{} is told in person", row.name), value));
        }
        let calls = match self.calls_by_itself {
            true => format!("from {} before it is due", length(self.calls_before_due)),
            false => "only when somebody lets it".to_owned(),
        };
        all.extend([
            figure(Discovery, "Muster calls whom nobody has spoken to", calls),
            time(StaffNotification, "An answer is waited for, where a means does not say", self.answer_wait),
            time(StaffNotification, "Somebody is reminded of what is late every", self.nag_every),
            figure(StaffNotification, "And at most", times(self.nags_at_most)),
            figure(StaffNotification, "The next in line hears of it from reminder", self.climbs_from.to_string()),
            figure(StaffNotification, "People whom one person can lead", self.span_of_control.to_string()),
            figure(
                StaffNotification,
                "Area that is summoned where no known system is named",
                area(self.fallback_area.as_ref()),
            ),
            figure(
                StaffNotification,
                "The bridge for conference calls",
                if self.bridge.is_empty() { "none".into() } else { self.bridge.clone() },
            ),
            figure(StaffNotification, "Whoever is summoned is wanted", self.presence.words().to_owned()),
            time(Component::ClientNotification, "A system's owner is told within", self.tell_owner_within),
            figure(Documentation, "Largest file on an incident", size(self.attachment_bytes())),
            figure(Documentation, "A log may be silent while intense, steady, waiting", by_phase(self.log_silence)),
        ]);
        for level in &self.escalation {
            let value = format!("within {} of {}", length(level.within), marks(level.after, level.severity, None));
            all.push(figure(Escalation, &format!("Level {} of management is told", level.level), value));
        }
        let marked = &self.communicator;
        let marks = marks(marked.after, marked.severity, marked.asking);
        let report =
            format!("{:02}:00, business day {} after restoration", self.report.hour, self.report.business_days);
        all.extend([
            figure(
                Escalation,
                "A Communications Manager is decided on",
                format!("within {} of {marks}", length(marked.within)),
            ),
            figure(Escalation, "And proposed from the area", area(marked.area.as_ref())),
            figure(Resolution, "Review meetings while intense, steady, waiting, every", by_phase(self.review_every)),
            time(
                Resolution,
                "A status review conference is held when service has been away for",
                self.conference_after,
            ),
            time(Resolution, "And again every", self.conference_every),
            time(Resolution, "Everybody who was contacted hears that it is over within", self.follow_up_within),
            figure(Report, "The service disruption report is due", report),
        ]);
        all
    }
}

fn area(id: Option<&AreaId>) -> String {
    id.map_or_else(|| "none".into(), |id| id.0.clone())
}

fn times(n: u32) -> String {
    if n == 1 { "once".into() } else { format!("{n} times") }
}

fn by_phase(spans: ByPhase) -> String {
    [spans.intense, spans.steady, spans.waiting].map(length).join(", ")
}

/// As soon as one of them is reached: `severity 2 or worse, or 30 min without service`.
fn marks(after: Option<Span>, severity: Option<Severity>, asking: Option<u32>) -> String {
    let severity = severity.map(|s| match s {
        Severity::Critical => "severity 1".to_owned(),
        worse => format!("severity {} or worse", worse.number()),
    });
    let after = after.map(|span| format!("{} without service", length(span)));
    let asking = asking.map(|n| format!("{n} people asking"));
    let marks: Vec<_> = [severity, after, asking].into_iter().flatten().collect();
    if marks.is_empty() { "being asked to".into() } else { marks.join(", or ") }
}

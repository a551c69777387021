//! Alerts join, and are over.

use super::super::Incident;
use super::super::{AlertNews, State};
use crate::Time;
use crate::entry::{AlertChanged, AlertRecovered, AlertWentOn, Author};
use crate::ids::AlertId;
use crate::refusal::Refusal;
use crate::subject::Draft;

impl Draft<'_, Incident> {
    pub(super) fn note_alert(&mut self, news: &AlertNews, opened: bool) {
        let fact = news.joined(self.scene.org, opened);
        self.say(Author::Muster, news.alert.down_since().min(self.scene.now), fact);
    }

    /// An alert joins only what is going on: else nobody would be called for it.
    pub(super) fn join_alert(&mut self, news: &AlertNews) -> Result<(), Refusal> {
        if self.folded.alerts.contains_key(&news.alert.id) {
            return Ok(());
        }
        let instead = "Look again where the alert belongs.";
        self.in_state(&[State::Suspected, State::Open], "add an alert to", instead)?;
        self.note_alert(news, false);
        Ok(())
    }

    /// A warning that becomes critical, or the other way round. A repetition says nothing new.
    pub(super) fn alert_says(&mut self, news: &AlertNews) {
        let Some(here) = self.folded.alerts.get(&news.alert.id).filter(|here| here.condition != news.condition) else {
            return;
        };
        let fact = AlertChanged {
            alert: news.alert.id.clone(),
            title: news.alert.signal.title.clone(),
            source: news.source.clone(),
            detail: news.alert.signal.detail.clone(),
            was: here.condition,
            condition: news.condition,
        };
        self.muster_says(fact);
    }

    /// It leaves an incident that is over, which keeps what it said while it lasted.
    pub(super) fn alert_goes_on(&mut self, alert: &AlertId) {
        let Some(here) = self.folded.alerts.get(alert).filter(|_| !self.folded.state.is_live()) else { return };
        let fact = AlertWentOn { alert: alert.clone(), title: here.title.clone(), source: here.source.clone() };
        self.muster_says(fact);
    }

    pub(super) fn alert_recovered(&mut self, alert: &AlertId, detail: &str, at: Time) {
        let Some(here) = self.folded.alerts.get(alert) else { return };
        if here.status == crate::alert::Status::Resolved {
            return;
        }
        let fact = AlertRecovered {
            alert: alert.clone(),
            title: here.title.clone(),
            source: here.source.clone(),
            detail: detail.to_owned(),
        };
        self.say(Author::Muster, at.min(self.scene.now), fact);
    }
}

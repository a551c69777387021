//! The page of one incident: `GET /incidents/{number}`, and how it looks when a form comes back.

mod checklist;
pub mod desk;
pub mod forms;
mod roles;

use super::draw::log::{Source, Wanted, log};
use super::draw::{Eyes, calls, duties, row};
use super::frame::{Reader, Scene, page, page_with};
use super::phrases::thousands;
use super::work::at_work;
use crate::app::App;
use crate::store::outbox::Told;
use crate::web::error::PageError;
use crate::web::view::incident::{Affected, Elapsed, JoinedAlert, Overtaken, Page};
use crate::web::view::parts::{Fact, Notice, Prose, Severity, Shell, Stamp, State as Mark, Toast, Words};
use axum::extract::{Path, Query, State};
use axum::response::Response;
use desk::{Desk, Mend};
use muster_core::Time;
use muster_core::alert::Status;
use muster_core::claim::{Claims, concerns};
use muster_core::entry::Origin;
use muster_core::incident::{Incident, State as Stands};
use std::collections::BTreeMap;
use std::sync::Arc;

/// `GET /incidents/{number}?show=…&before=…&correct=…&take-back=…`; with `as-of=ENTRY` or `at=TIME` as it was known then.
///
/// # Errors
/// 404 if there is no such incident.
pub async fn show(
    State(app): State<Arc<App>>,
    reader: Reader,
    Path(number): Path<String>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Response, PageError> {
    let desk = Desk::find(&app, reader.sight(), &number).await?.at(&app, &query).await?;
    let wanted = Wanted::read(&query);
    let Some(then) = desk.replayed else {
        return page(&drawn(&app, &reader, &desk, &wanted, None).await?);
    };
    let wanted = Wanted { as_of: Some(then.seq), correct: None, take_back: None, ..wanted };
    page(&replay(&app, &reader, &desk, &wanted).await?)
}

/// The page again, with the form that has to be mended: everything that was typed is still in it.
///
/// # Errors
/// [`PageError`].
pub async fn again(app: &App, reader: &Reader, desk: &Desk, mend: &Mend) -> Result<Response, PageError> {
    page_with(mend.status, &drawn(app, reader, desk, &mend.wanted(), Some(mend)).await?)
}

/// The page as it would have been then, to look at only.
async fn replay(app: &App, reader: &Reader, desk: &Desk, wanted: &Wanted) -> Result<Page, PageError> {
    let scene = desk.scene(app).await?;
    let part = desk.part(app, wanted).await?;
    let view = View {
        scene: &scene,
        eyes: Eyes { me: &reader.id, role: desk.role(reader), times: &scene.times },
        incident: &desk.incident,
        up_since: app.ops.up_since(),
        stamp: Stamp { act: String::new(), seen: None },
        mend: None,
        alarms: Vec::new(),
        work: Vec::new(), // who was at work then stands in the log
        suggested: Vec::new(),
        is_open: false,
        can_talk: false,
    };
    let source = Source {
        incident: &desk.incident,
        entries: &part.entries,
        wanted,
        checked: part.checked.clone(),
        others: &[],
        stamp: &view.stamp,
        returned: None,
    };
    let log = log(&source, &view.eyes);
    Ok(view.page(desk.shell(app, reader, "").await?, log))
}

async fn drawn(
    app: &App,
    reader: &Reader,
    desk: &Desk,
    wanted: &Wanted,
    mend: Option<&Mend>,
) -> Result<Page, PageError> {
    let scene = Scene::now(app).await?;
    let frame = desk.shell(app, reader, "").await?;
    let part = desk.part(app, wanted).await?;
    let view = View {
        scene: &scene,
        eyes: Eyes { me: &reader.id, role: reader.person.role, times: &scene.times },
        incident: &desk.incident,
        up_since: app.ops.up_since(),
        stamp: Stamp { act: app.ops.request_id()?, seen: Some(desk.incident.seq) },
        mend,
        alarms: desk.alarms(app).await?,
        work: app.ops.who_works_where().await?,
        suggested: desk.open_beside(app).await?,
        is_open: false,
        can_talk: app.ops.channels().iter().any(|c| c.is_conversation()),
    };
    let source = Source {
        incident: &desk.incident,
        entries: &part.entries,
        wanted,
        checked: part.checked.clone(),
        others: &app.live.others(&desk.subject, &reader.id),
        stamp: &view.stamp,
        returned: mend.and_then(Mend::returned),
    };
    let log = log(&source, &view.eyes);
    let is_open = log.days.iter().flat_map(|d| &d.entries).any(|e| e.form.is_some());
    let view = View { is_open, ..view };
    Ok(view.page(with_undo(frame, &desk.incident.number, reader), log))
}

/// The frame, where a toast leads to what undoes the act.
fn with_undo(mut shell: Shell, number: &str, reader: &Reader) -> Shell {
    let undo = reader.done.as_ref().and_then(|d| d.entry).map(|n| format!("/incidents/{number}?take-back={n}#e{n}"));
    shell.toast = shell.toast.map(|toast| Toast { undo, ..toast });
    shell
}

/// Everything that the page is drawn from.
pub struct View<'a> {
    scene: &'a Scene,
    eyes: Eyes<'a>,
    incident: &'a Incident,
    up_since: Time,
    stamp: Stamp,
    mend: Option<&'a Mend>,
    /// What became of telling the administrators.
    alarms: Vec<Told>,
    /// Who is at work on what it affects.
    work: Vec<Claims>,
    /// Other incidents that are open: number and name.
    suggested: Vec<(String, String)>,
    /// Whether the form of an entry is open in the log.
    is_open: bool,
    /// Whether Muster has a channel on which people talk.
    can_talk: bool,
}

impl View<'_> {
    fn page(&self, shell: Shell, log: crate::web::view::parts::Log) -> Page {
        let incident = self.incident;
        // Where looking back begins, if there is anything to look back at.
        let replay = (shell.replay.is_none() && incident.seq > 1).then(|| format!("?as-of={}", incident.seq - 1));
        Page {
            shell,
            stamp: self.stamp.clone(),
            number: incident.number.clone(),
            title: incident.title.clone(),
            severity: Severity::from(incident.severity),
            restricted: Mark::restricted(incident.is_restricted()),
            replay,
            elapsed: self.elapsed(),
            facts: self.facts(),
            late: duties::late(incident, self.eyes.times.now()),
            overtaken: self.mend.and_then(|m| m.overtaken.clone()),
            notices: self.notices(),
            due: duties::clocks(incident, &self.eyes),
            composer: self.composer(),
            log,
            calls: calls::lists(incident, self.up_since, &self.stamp, &self.eyes, self.can_talk),
            picture: self.picture(),
            systems: self.systems(),
            populations: self.populations(),
            alerts: self.alerts(),
            roles: self.roles(),
            steps: self.steps(),
            others: self.others(),
            acts: self.acts(),
            people: self.people(),
        }
    }

    fn elapsed(&self) -> Option<Elapsed> {
        let (incident, times) = (self.incident, self.eyes.times);
        let live = incident.state.is_live();
        let elapsed = |label: &str, words: Words, since| Some(Elapsed { label: label.into(), words, since });
        match (incident.went_down, incident.restored_at) {
            (Some(down), _) if live => {
                let since = Prose::from(format!("since {}", row::about(down))).when(times.at(down.at));
                elapsed("Down for", times.since(down.at).into(), since)
            }
            (Some(down), Some(back)) => {
                let span = Prose::default().when(times.in_list(down.at)).text(" to ").when(times.at(back));
                elapsed("Was down for", row::elapsed(incident, &self.eyes)?, span)
            }
            (None, _) if live => {
                let since = Prose::default().when(times.at(incident.discovered_at));
                elapsed("Found", times.ago(incident.discovered_at).into(), since)
            }
            _ => None,
        }
    }

    fn facts(&self) -> Vec<Fact> {
        let affects = row::affects(self.incident).map(|text| Fact::new("Affects", format!("About {text}")));
        let facts = [
            Fact::new("State", self.incident.state_words()),
            Fact::new("Manager", row::manager(self.incident, &self.eyes)),
        ];
        let live = self.incident.state.is_live();
        let back = self.incident.course.estimate().filter(|_| live).map(|estimate| match estimate.back_at {
            Some(at) => Fact::new("Back", Prose::from("about ").when(self.eyes.times.at_and_distance(at))),
            None => Fact::new("Back", "nobody can say"),
        });
        facts.into_iter().chain(affects).chain(back).collect()
    }

    /// What is wrong with an act comes first, then what needs a decision, then what is good to know.
    fn notices(&self) -> Vec<Notice> {
        let (incident, at) = (self.incident, |t| self.eyes.times.at(t));
        let mut notices: Vec<Notice> = self.mend.and_then(|m| m.notice(self.is_shown(m.form))).into_iter().collect();
        if incident.newer {
            let text = "Its log holds entries of a later release of Muster. It is read-only here.";
            notices.push(Notice::warning("Read only.", text));
        }
        if let Some(search) =
            incident.summonses.iter().find(|s| s.is_live() && s.vain_rounds > 0 && incident.state.is_live())
        {
            let (lead, text) = calls::in_vain(search, &self.eyes);
            let text = format!("{text} {} Ring somebody yourself.", self.administrators());
            notices.push(Notice::refusal(format!("{lead}."), text).link("/oncall", "Show all contacts"));
        }
        let concerns = |c: &&Claims| concerns(&self.scene.org, incident, &c.system);
        let here = self.work.iter().filter(|_| incident.state.is_live()).filter(concerns);
        notices.extend(here.map(|claims| at_work(claims, &self.eyes)));
        if incident.state == Stands::Suspected {
            let text = Prose::from("Say that it is real, or withdraw it. Unanswered, it is open at ")
                .when(at(incident.opens_by_itself_at()))
                .text(".");
            notices.push(Notice::warning("Is this real?", text));
        }
        if let Some(back) = incident.recovered_at.filter(|_| incident.state.is_live()) {
            let text = Prose::from("The monitors say so since ").when(at(back)).text(". A person decides.");
            notices.push(Notice::note("Service may be back.", text).link("#dlg-restore", "Restore service"));
        }
        if let (Stands::Restored, Some(back)) = (incident.state, incident.restored_at) {
            let form = format!("/incidents/{}/form", incident.number);
            let due = duties::report_due(incident, &self.eyes).unwrap_or_else(|| "The report is filed.".into());
            let lead = format!("Restored at {}.", at(back).text);
            notices.push(Notice::done(lead, due).link(form, "Open the form"));
        }
        notices
    }

    /// Sent is not reached: what is known of telling them is said, and nothing more.
    fn administrators(&self) -> String {
        let mut told: Vec<(String, Vec<String>)> = Vec::new();
        for one in &self.alarms {
            let name = self.eyes.name(&self.scene.org.person_ref(&one.person));
            let word = match one.outcome.as_deref() {
                None => "on its way",
                Some("dropped") => "not sent",
                Some(word) => word,
            };
            let words = format!("{} {word}", one.means.word());
            match told.iter_mut().find(|(who, _)| *who == name) {
                Some((_, all)) => all.push(words),
                None => told.push((name, vec![words])),
            }
        }
        if told.is_empty() {
            return "Muster tells the administrators.".into();
        }
        let each = told.iter().map(|(name, words)| format!("{name}, {}", words.join(", ")));
        format!("Muster tells the administrators: {}.", each.collect::<Vec<_>>().join("; "))
    }

    /// What a person wrote; until then what the alerts say, each once, as the form has it.
    fn symptoms(&self) -> String {
        let incident = self.incident;
        if !incident.symptoms.is_empty() {
            return incident.symptoms.clone();
        }
        let mut alerts: Vec<_> = incident.alerts.values().map(|a| (a.at, a.title.as_str())).collect();
        alerts.sort_unstable();
        let mut said: Vec<&str> = Vec::new();
        alerts.into_iter().filter(|(_, title)| !title.is_empty()).for_each(|(_, title)| {
            if !said.contains(&title) {
                said.push(title);
            }
        });
        match said.is_empty() {
            true => "Not described yet".into(),
            false => format!("{} (as the alerts say it)", said.join("; ")),
        }
    }

    fn picture(&self) -> Vec<Fact> {
        let (incident, times) = (self.incident, self.eyes.times);
        let or = |text: &str, otherwise: &str| if text.is_empty() { otherwise.to_owned() } else { text.to_owned() };
        let went_down = match incident.went_down {
            None => "Not known".into(),
            Some(down) => {
                let at = Prose::from(row::about(down)).when(times.in_full(down.at));
                if down.estimate { at.text(", an estimate") } else { at }
            }
        };
        let by = match &incident.origin {
            Origin::Alert { source, .. } => format!(" by {source}"),
            Origin::User { .. } => " by a user’s report".to_owned(),
            Origin::Person { person, told } => format!(" by {}, who {}", self.eyes.name(person), told.words()),
        };
        let discovered = Prose::default().when(times.in_full(incident.discovered_at)).text(by);
        let mut picture = vec![
            Fact::new("Symptoms", self.symptoms()),
            Fact::new("Went down", went_down),
            Fact::new("Discovered", discovered),
            Fact::new("Recorded", Prose::default().when(times.in_full(incident.recorded_at))),
            Fact::new("Kind", incident.kind_words()),
            Fact::new("Cause", or(&incident.determined_cause(), "Not known yet")),
        ];
        if let Some(extent) = incident.affected.filter(|_| incident.triages.is_empty()) {
            picture.insert(1, Fact::new("Affected", extent.words()));
        }
        if let Some(triage) = incident.triage() {
            let by = triage.by.as_ref().map_or_else(|| "Muster".to_owned(), |p| self.eyes.name(p));
            let found = Prose::from(format!("{} By {by}, ", triage.found.words())).when(times.in_list(triage.at));
            picture.insert(1, Fact::new("Triage", found));
        }
        let own = incident.terms.fields.iter().filter_map(|f| Some((f, incident.custom.get(&f.id)?)));
        picture.extend(own.map(|(f, says)| Fact::new(f.words.clone(), says.as_str())));
        if let Some(back) = incident.restored_at {
            picture.push(Fact::new("Restored", Prose::default().when(times.in_full(back))));
            picture.push(Fact::new("Resolution", incident.resolution.as_str()));
        }
        if let Some((_, reference)) = &incident.report {
            picture.push(Fact::new("Report", reference.as_str()));
        }
        picture
    }

    fn systems(&self) -> Vec<Affected> {
        let affected = |s: &muster_core::entry::Affected| Affected {
            name: s.name.clone(),
            href: format!("/systems/{}", s.id),
            state: row::health(self.incident, s).state(),
            owner: s.owner.as_ref().map_or_else(|| "Nobody".into(), |p| self.eyes.name(p)),
        };
        self.incident.systems.iter().map(affected).collect()
    }

    fn populations(&self) -> Prose {
        let hits = self.incident.hits().into_iter().filter(|hit| hit.people > 0);
        let each: Vec<_> = hits.map(|hit| format!("{} {}", hit.name, thousands(u64::from(hit.people)))).collect();
        match row::affects(self.incident) {
            Some(all) => format!("About {all}: {}.", each.join(", ")).into(),
            None => "Nobody is named yet.".into(),
        }
    }

    fn alerts(&self) -> Vec<JoinedAlert> {
        let may_leave = self.eyes.may_write() && !self.incident.newer;
        let joined = |(id, alert): (&muster_core::ids::AlertId, &muster_core::incident::AlertHere)| JoinedAlert {
            id: id.0.clone(),
            title: alert.title.clone(),
            href: format!("/alerts/{id}"),
            state: match (alert.status, alert.over_at) {
                (Status::Firing, _) => Mark::late("Firing"),
                (Status::Resolved, Some(at)) => Mark::done(format!("Over since {}", self.eyes.times.at(at).text)),
                (Status::Resolved, None) => Mark::done("Over"),
            },
            why: Prose::from(format!("{}, ", alert.source))
                .when(self.eyes.times.at(alert.at))
                .text(format!(": {}", alert.why)),
            may_leave,
        };
        self.incident.alerts.iter().map(joined).collect()
    }
}

/// The notice of a refusal that belongs to no form, and both texts where somebody else was first.
#[must_use]
pub fn overtaken(by: &str, field: &str, theirs: &str, yours: &str) -> Overtaken {
    Overtaken {
        lead: format!("{by} changed {field} while you were writing."),
        theirs: theirs.to_owned(),
        yours: yours.to_owned(),
    }
}

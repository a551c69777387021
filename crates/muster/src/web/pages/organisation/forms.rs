//! A field of the organisation's own and a row of its communications plan: what their forms ask, and what is read.

use super::edit::{Item, Wrongs, choose, line, note, nth, once, put_in, take_from, tick};
use super::lines;
use crate::web::pages::acts::reading::one_person;
use crate::web::pages::acts::reading::{self, Wrong};
use crate::web::pages::phrases::upper_first;
use crate::web::pages::typed::Typed;
use crate::web::view::organisation::Question;
use crate::web::view::parts::Choice;
use muster_core::Span;
use muster_core::communications::{Level, Row, Through, Writer};
use muster_core::custom::{CustomField, Holds};
use muster_core::directory::Organisation;
use muster_core::entry::Kind;
use muster_core::policy::{ByPhase, Whom};
use serde::Serialize;

/// The word that files have for one of a few.
fn word(of: impl Serialize) -> String {
    serde_json::to_value(of).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

fn unchosen() -> String {
    "Choose one of them.".to_owned()
}

impl Item for CustomField {
    const KIND: &'static str = "field";
    const WORD: &'static str = "a field of the incident form";
    const LISTED: bool = true;

    fn find<'a>(org: &'a Organisation, name: &str) -> Option<&'a Self> {
        nth(&org.fields, name)
    }
    fn put(self, org: &mut Organisation, name: &str, place: Option<usize>) {
        put_in(&mut org.fields, name, place, self);
    }
    fn take(org: &mut Organisation, name: &str) {
        take_from(&mut org.fields, name);
    }
    fn begun() -> Self {
        Self { id: String::new(), words: String::new(), holds: Holds::Text, kinds: vec![], choices: vec![] }
    }
    fn title(&self) -> String {
        self.words.clone()
    }
    fn asks(&self, org: &Organisation) -> Vec<Question> {
        let holds = [Holds::Text, Holds::Number, Holds::Date, Holds::Choice, Holds::Person, Holds::System];
        let holds = holds.map(|h| Choice::new(word(h), upper_first(&word(h)))).into();
        let kinds = org.policy.kinds.iter().map(|k| (word(&k.kind), k.words.clone(), self.kinds.contains(&k.kind)));
        vec![
            line("words", "As people read it", "As Ticket with the maker.", true, &self.words),
            line("field_id", "Its name in logs and files", "As maker-ticket. Never change it.", true, &self.id),
            choose("holds", "What it holds", &word(self.holds), holds),
            Question::Tick { name: "kinds", legend: "For which kinds? None: for all", choices: kinds.collect() },
            note("choices", "What there is to choose", "One a line, if it is a choice.", &self.choices.join("\n")),
        ]
    }
    fn read(typed: &Typed, _: &Organisation, was: &Self) -> Result<Self, Vec<Wrong>> {
        let mut w = Wrongs::default();
        let kinds: Option<Vec<Kind>> =
            typed.all("kinds").map(|k| serde_json::from_value(serde_json::Value::String(k.to_owned())).ok()).collect();
        // Their order says nothing: the same ones are no change.
        let same = |kinds: &Vec<Kind>| kinds.len() == was.kinds.len() && kinds.iter().all(|k| was.kinds.contains(k));
        let kinds = kinds.map(|kinds| if same(&kinds) { was.kinds.clone() } else { kinds });
        let Some(holds) = typed.choice("holds") else { return Err(vec![(Some("holds"), unchosen())]) };
        let field = Self {
            id: once(typed, "field_id"),
            words: once(typed, "words"),
            holds,
            kinds: w.or(kinds.ok_or_else(unchosen), "kinds"),
            choices: lines::each(typed.get("choices")).map(str::to_owned).collect(),
        };
        w.unless(field)
    }
}

impl Item for Row {
    const KIND: &'static str = "communication";
    const WORD: &'static str = "an audience";
    const LISTED: bool = true;

    fn find<'a>(org: &'a Organisation, name: &str) -> Option<&'a Self> {
        nth(&org.communications, name)
    }
    fn put(self, org: &mut Organisation, name: &str, place: Option<usize>) {
        put_in(&mut org.communications, name, place, self);
    }
    fn take(org: &mut Organisation, name: &str) {
        take_from(&mut org.communications, name);
    }
    fn begun() -> Self {
        let every = ByPhase { intense: Span::from_mins(30), steady: Span::from_hours(1), waiting: Span::from_hours(4) };
        Self {
            audience: String::new(),
            level: Level::Client,
            people: Vec::new(),
            area: None,
            whom: None,
            populations: Vec::new(),
            besides: Vec::new(),
            owners: false,
            update: String::new(),
            through: Through::Email,
            bridge: String::new(),
            every,
            author: Writer::default(),
            signer: None,
            deputy: None,
            deputy_after: Span::from_mins(10),
        }
    }
    fn title(&self) -> String {
        self.audience.clone()
    }
    fn asks(&self, org: &Organisation) -> Vec<Question> {
        let levels = Level::ALL.map(|l| Choice::new(word(l), upper_first(l.word()))).into();
        let ways = Through::ALL.map(|t| Choice::new(word(t), upper_first(t.words()))).into();
        let mut areas = vec![Choice::new("", "None")];
        areas.extend(org.areas.iter().map(|(id, a)| Choice::new(id.as_str(), a.name.as_str())));
        let whom = [Choice::new("supervisors", "Its supervisors"), Choice::new("management", "Its management")];
        let authors = [
            Choice::new("cm", "The Communications Manager; until somebody is, the Incident Manager"),
            Choice::new("im", "The Incident Manager"),
        ];
        let somebody = |id: &Option<_>| id.as_ref().map_or_else(String::new, |id| lines::name(org, id));
        let serves = lines::named(&lines::populations(org), self.populations.iter().map(|p| p.as_str()));
        let area = self.area.as_ref().map_or("", |a| a.as_str());
        let every = |span| lines::span(span);
        vec![
            line("audience", "Audience", "As IT management.", true, &self.audience),
            choose("level", "How much they are told", &word(self.level), levels),
            note("people", "These people", lines::PEOPLE, &lines::people(org, &self.people)),
            choose("area", "And those of this area", area, areas),
            choose("whom", "Which of them", &word(self.whom.unwrap_or(Whom::Supervisors)), whom.into()),
            note("populations", "And these populations", "One a line.", &serves),
            note(
                "besides",
                "And whoever else",
                "One a line, with how a person reaches them.",
                &self.besides.join("\n"),
            ),
            tick("owners", "Owners", [("yes", "And the owners of the systems that are affected", self.owners)]),
            line("update", "What they get", "As what they see, what to do.", true, &self.update),
            choose("through", "By what", &word(self.through), ways),
            line(
                "bridge",
                "Where they meet, if they do",
                "Number or address, and PIN. Empty: where everybody does.",
                false,
                &self.bridge,
            ),
            line("intense", "How often while it is intense", "As 30m.", true, &every(self.every.intense)),
            line("steady", "While it is steady", "As 1h.", true, &every(self.every.steady)),
            line("waiting", "While it is waiting", "As 4h.", true, &every(self.every.waiting)),
            choose("author", "Who writes it", &word(self.author), authors.into()),
            line("signer", "Who signs it off", "Empty: nobody has to.", false, &somebody(&self.signer)),
            line("deputy", "Who signs it off when the signer has not", "", false, &somebody(&self.deputy)),
            line("deputy_after", "From how long after", "As 10m.", true, &every(self.deputy_after)),
        ]
    }
    fn read(typed: &Typed, org: &Organisation, _: &Self) -> Result<Self, Vec<Wrong>> {
        let mut w = Wrongs::default();
        let (Some(level), Some(through), Some(author)) =
            (typed.choice("level"), typed.choice("through"), typed.choice("author"))
        else {
            return Err(vec![(Some("level"), unchosen())]);
        };
        let area = typed.some("area").map(Into::into);
        let mut span = |field: &'static str| w.or(lines::read_span(typed.get(field)), field);
        let every = ByPhase { intense: span("intense"), steady: span("steady"), waiting: span("waiting") };
        let deputy_after = span("deputy_after");
        let row = Self {
            audience: once(typed, "audience"),
            level,
            people: w.or(reading::people(org, typed.get("people")), "people"),
            whom: if area.is_some() { typed.choice("whom") } else { None },
            area,
            populations: w.or(lines::read_populations(org, typed.get("populations")), "populations"),
            besides: lines::each(typed.get("besides")).map(str::to_owned).collect(),
            owners: typed.get("owners") == "yes",
            update: once(typed, "update"),
            through,
            bridge: once(typed, "bridge"),
            every,
            author,
            signer: w.or(one_person(org, typed.get("signer")), "signer"),
            deputy: w.or(one_person(org, typed.get("deputy")), "deputy"),
            deputy_after,
        };
        w.unless(row)
    }
}

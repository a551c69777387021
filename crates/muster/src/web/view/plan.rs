//! The evaluation and restoration plan: what do we know is broken, what is tried next, who does what by when?
//!
//! Every form is there exactly when the reader may do its act now; one that comes back is open, with what was typed.

use super::map::{Map, Node};
use super::parts::{Choice, Form, Icon, Input, Notice, Pills, Place, Prose, Select, Severity, Shell, Stamp, State};
use askama::Template;

/// `GET /incidents/{number}/plan`, and what its POSTs answer when something has to be mended.
#[derive(Template, Clone, PartialEq, Debug)]
#[template(path = "plan.html")]
pub struct Page {
    /// The frame; live.
    pub shell: Shell,
    /// Hidden fields of every form.
    pub stamp: Stamp,
    /// `2026-041`.
    pub number: String,
    /// The incident's name.
    pub title: String,
    /// Whether it can be printed to a file.
    pub pdf: bool,
    /// Its severity.
    pub severity: Severity,
    /// Down for how long, who leads: `Down 43 min`, `Manager Priya Raman`.
    pub facts: Vec<Prose>,
    /// The state in words: `1 cause verified, 2 open`.
    pub heading: String,
    /// What is under way.
    pub line: Prose,
    /// `1 late`, if a task is.
    pub late: Option<String>,
    /// What went wrong with an act.
    pub notices: Vec<Notice>,
    /// Revisions of the problem statement, newest first.
    pub problem: Vec<Version>,
    /// A new revision. POST `problem`: `text`.
    pub state_problem: Option<Form>,
    /// Components, those of the affected systems first.
    pub components: Vec<Part>,
    /// What joins them.
    pub interfaces: Vec<Part>,
    /// Another part. POST `part`: `component`, `to`, `now`, `evidence`.
    pub mark: Option<Form>,
    /// Likely causes.
    pub causes: Vec<Cause>,
    /// One more. POST `cause`: `text`, `part` (its words).
    pub propose: Option<Form>,
    /// Ways to restore.
    pub options: Vec<Restoration>,
    /// `4 options, 1 tried`.
    pub options_count: String,
    /// One more. POST `option`: `what`, `effect`, `danger`, `risk`, `causes[]` (each).
    pub weigh: Option<Form>,
    /// Causes to choose from: number, and words.
    pub cause_choices: Vec<(Choice, bool)>,
    /// Tasks: open ones first, soonest first.
    pub tasks: Vec<Task>,
    /// One more. POST `task`: `what`, `person`, `minutes`.
    pub set_task: Option<Form>,
    /// What is restored first, by the dependencies; empty if it is no question.
    pub order: Vec<String>,
    /// Questions, newest first.
    pub questions: Vec<Question>,
    /// `3 asked, 2 answered`.
    pub questions_count: String,
    /// One more. POST `ask`: `text`, `whom` (each).
    pub ask: Option<Form>,
    /// Whom to ask: `area:server` or `person:priya`, their names, and whether they are chosen.
    pub whom: Vec<(Choice, bool)>,
    /// Who may be given a task.
    pub people: Vec<Choice>,
    /// Parts to choose for a cause.
    pub parts: Vec<Choice>,
    /// How a part, a cause, an option and a risk may be.
    pub choices: Choices,
}

impl Page {
    /// The document's title: the number, and as much of the name as fits.
    fn document_title(&self) -> String {
        self.shell.frame.title(&format!("{} plan: {}", self.number, self.title))
    }

    /// The parts drawn, those that need others above; nothing if nothing joins them.
    fn map(&self) -> Option<Map> {
        let place = |name: &str| self.components.iter().position(|p| p.component == name);
        let mut joined = Vec::new();
        let mut cut = Vec::new();
        for (interface, ends) in self.interfaces.iter().filter_map(|i| Some((i, (place(&i.component)?, place(&i.to)?))))
        {
            joined.push(ends);
            cut.extend(matches!(interface.state.icon, Icon::Down | Icon::Flag).then_some(ends));
        }
        let node = |(nth, part): (usize, &Part)| Node {
            name: part.words.clone(),
            href: format!("#part-{nth}"),
            state: part.state.clone(),
        };
        let systems = self.components.iter().enumerate().map(node).collect();
        (!joined.is_empty()).then_some(Map { systems, needs: joined, cut, breadth: 3 })
    }

    /// Components, and what joins them.
    fn both(&self) -> [(&'static str, &[Part]); 2] {
        [("Components", &self.components), ("Interfaces", &self.interfaces)]
    }
}

/// What can be chosen, each with its words.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Choices {
    /// How a part is.
    pub part: Vec<Choice>,
    /// What is known of a cause.
    pub cause: Vec<Choice>,
    /// What became of an option.
    pub option: Vec<Choice>,
    /// How risky it is.
    pub risk: Vec<Choice>,
    /// How a task ended.
    pub task: Vec<Choice>,
}

/// A revision of the problem statement.
#[derive(Clone, PartialEq, Debug)]
pub struct Version {
    /// `2`.
    pub number: usize,
    /// Who, when: `Marta Lindqvist, 03:01 GMT, 13 min ago`.
    pub by: Prose,
    /// The words.
    pub text: String,
}

/// A component or an interface.
#[derive(Clone, PartialEq, Debug)]
pub struct Part {
    /// `Email`, `Email to Directory`.
    pub words: String,
    /// As the form sends it.
    pub component: String,
    /// As the form sends it; empty for a component.
    pub to: String,
    /// How it is.
    pub state: State,
    /// What was seen, by whom and when; empty if nobody has marked it.
    pub note: Prose,
    /// To mark it. POST `part`: `component`, `to`, `now`, `evidence`.
    pub form: Option<Form>,
}

/// A likely cause.
#[derive(Clone, PartialEq, Debug)]
pub struct Cause {
    /// Its number.
    pub number: u32,
    /// What may have caused it.
    pub text: String,
    /// What is known of it.
    pub state: State,
    /// Whether it is ruled out.
    pub out: bool,
    /// Proposed by whom and when, of which part.
    pub note: Prose,
    /// Every judgement with its evidence, newest first.
    pub judged: Vec<Prose>,
    /// To judge it. POST `judge-cause`: `cause`, `now`, `evidence`.
    pub form: Option<Form>,
}

/// A way to restore service.
#[derive(Clone, PartialEq, Debug)]
pub struct Restoration {
    /// Its number.
    pub number: u32,
    /// What would be done.
    pub what: String,
    /// `For causes 1 and 2`, and who weighed it.
    pub note: Prose,
    /// What should happen.
    pub effect: String,
    /// How risky it is.
    pub risk: State,
    /// What could go wrong.
    pub danger: String,
    /// What became of it.
    pub state: State,
    /// What happened, by whom and when, newest first.
    pub judged: Vec<Prose>,
    /// To say what became of it. POST `judge-option`: `option`, `now`, `text`.
    pub form: Option<Form>,
}

/// A subtask.
#[derive(Clone, PartialEq, Debug)]
pub struct Task {
    /// Its number.
    pub number: u32,
    /// What is to be done.
    pub what: String,
    /// Late, soon, later, done.
    pub state: State,
    /// Whether it has ended.
    pub ended: bool,
    /// By whom, from when to when, how much is used; what came of it.
    pub note: Prose,
    /// To end it. POST `end-task`: `task`, `how` (`done` or `dropped`), `text`.
    pub form: Option<Form>,
}

/// A question.
#[derive(Clone, PartialEq, Debug)]
pub struct Question {
    /// Its number.
    pub number: u32,
    /// What is asked.
    pub text: String,
    /// By whom, of whom, when.
    pub note: Prose,
    /// Who answered when, and what.
    pub answers: Vec<(Prose, String)>,
    /// Who is still waited for, and of whom nothing has come.
    pub waiting: Vec<State>,
    /// To answer it. POST `input`: `question`, `text`.
    pub form: Option<Form>,
}

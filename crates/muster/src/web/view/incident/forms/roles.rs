//! Who speaks for an incident, who asked about it and who heard of it, with the forms about that.

use crate::web::view::parts::{Fact, Field, Notice, Summary, problems};

/// Who does what, and who knows.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Roles {
    /// Incident Manager, Communications Manager, who works on it, who asked, who heard of it elsewhere.
    pub facts: Vec<Fact>,
    /// That a Communications Manager is wanted; that one person leads many.
    pub notices: Vec<Notice>,
    /// Ask somebody to speak for it.
    pub communicator: Option<AskCommunicator>,
    /// POST `communicate`: `act`, `seen`. Whether the reader can speak for it at once.
    pub communicate: bool,
    /// Nobody needs to.
    pub no_communicator: Option<NoCommunicator>,
    /// People asked what is going on.
    pub people_asked: Option<PeopleAsked>,
    /// Somebody heard of it elsewhere.
    pub heard_elsewhere: Option<HeardElsewhere>,
    /// Who may see it.
    pub restrict: Option<Restrict>,
    /// Everybody may see it again.
    pub unrestrict: Option<Unrestrict>,
}

/// POST `communicator`: `act`, `seen`, `person` (empty: whom the policy proposes).
#[derive(Clone, PartialEq, Debug, Default)]
pub struct AskCommunicator {
    /// Whom.
    pub person: Field,
    /// Whom the policy proposes: `Adaeze Okonkwo, then Ben Tallis`; empty if nobody.
    pub proposed: String,
    /// Why it was refused.
    pub refused: Option<String>,
}

/// POST `no-communicator`: `act`, `seen`, `reason`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct NoCommunicator {
    /// Why none is needed.
    pub reason: Field,
    /// Why it was refused.
    pub refused: Option<String>,
}

/// POST `people-asked`: `act`, `seen`, `who`, `people`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct PeopleAsked {
    /// Who asked.
    pub who: Field,
    /// How many.
    pub people: Field,
    /// Why it was refused.
    pub refused: Option<String>,
}

/// POST `heard-elsewhere`: `act`, `seen`, `person`, `from`, `at` (empty: now).
#[derive(Clone, PartialEq, Debug, Default)]
pub struct HeardElsewhere {
    /// Who heard of it.
    pub person: Field,
    /// From whom.
    pub from: Field,
    /// When.
    pub at: Field,
    /// Why it was refused.
    pub refused: Option<String>,
}

/// POST `restrict`: `act`, `seen`, `people` (names with commas), `reason`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Restrict {
    /// Whether only those who take part may see it already.
    pub is_restricted: bool,
    /// To whom it is shown beside them.
    pub people: Field,
    /// Why not everybody may see it.
    pub reason: Field,
    /// Why it was refused.
    pub refused: Option<String>,
}

/// POST `unrestrict`: `act`, `seen`, `reason`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Unrestrict {
    /// Why everybody may.
    pub reason: Field,
    /// Why it was refused.
    pub refused: Option<String>,
}

impl Roles {
    /// Whether the reader may do anything here.
    #[must_use]
    pub fn has_acts(&self) -> bool {
        self.communicator.is_some() || self.people_asked.is_some() || self.communicate || self.restrict.is_some()
    }
}

summary! {
    AskCommunicator = "communicator": person as "person";
    NoCommunicator = "no-communicator": reason as "reason";
    PeopleAsked = "people-asked": who as "who", people as "people";
    HeardElsewhere = "heard-elsewhere": person as "person", from as "from", at as "at";
    Restrict = "restrict": people as "people", reason as "reason";
    Unrestrict = "unrestrict": reason as "reason";
}

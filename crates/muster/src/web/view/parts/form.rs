//! Forms: what was typed, what is wrong with it, and the hidden fields of every POST.

use super::Icon;
use askama::Template;
use askama::filters::HtmlSafe;

/// The hidden fields of a form: `act`, one id a rendering, so that a form sent twice acts once; and
/// `seen`, the last entry that the writer had read, so that a newer one is not overwritten unseen.
#[derive(Template, Clone, PartialEq, Eq, Debug, Default)]
#[template(
    source = r#"<input type="hidden" name="act" value="{{ act }}">{% if let Some(seen) = seen %}<input type="hidden" name="seen" value="{{ seen }}">{% endif %}"#,
    ext = "html"
)]
pub struct Stamp {
    /// Unique for every rendering.
    pub act: String,
    /// The newest entry of the subject when the page was made, where that matters.
    pub seen: Option<u64>,
}

impl HtmlSafe for Stamp {}

/// A field as it was typed, and what is wrong with it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Field {
    /// What it holds; never lost when a form comes back.
    pub value: String,
    /// What to do about it: `Write the reason; the log will show it.`
    pub error: Option<String>,
}

impl Field {
    /// A field that holds `value`.
    pub fn of(value: impl Into<String>) -> Self {
        Self { value: value.into(), error: None }
    }
    /// A field that can't be taken as it is.
    pub fn wrong(value: impl Into<String>, error: impl Into<String>) -> Self {
        Self { value: value.into(), error: Some(error.into()) }
    }
    /// Whether `value` is chosen.
    #[must_use]
    pub fn is(&self, value: &str) -> bool {
        self.value == value
    }
}

/// Something to mend in a form.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// The input to go to; none if it is about the whole.
    pub id: Option<String>,
    /// What to do.
    pub text: String,
}

/// Everything to mend in `form`: why it was refused as a whole, then its fields by name, in their order.
#[must_use]
pub fn problems(form: &str, refused: Option<&String>, fields: &[(&str, &Field)]) -> Vec<Problem> {
    let whole = refused.map(|text| Problem { id: None, text: text.clone() });
    let each = fields.iter().filter_map(|(name, field)| {
        field.error.as_ref().map(|text| Problem { id: Some(format!("{form}-{name}")), text: text.clone() })
    });
    whole.into_iter().chain(each).collect()
}

/// What to mend, at the top of a form, with a link to each field; nothing if there is nothing.
#[derive(Template, Clone, PartialEq, Eq, Debug)]
#[template(path = "parts/summary.html")]
pub struct Summary {
    /// In the order of the fields.
    pub problems: Vec<Problem>,
}

impl HtmlSafe for Summary {}

/// Something to choose.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Choice {
    /// As the form sends it.
    pub value: String,
    /// As people read it.
    pub label: String,
}

impl Choice {
    /// A choice.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into() }
    }
}

/// What an [`Input`] is to the browser.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// One line.
    Line,
    /// Several lines.
    Text,
    /// A time as people type it: `03:14`.
    Time,
    /// A password to sign in with.
    Password,
    /// A password to choose.
    NewPassword,
    /// The name to sign in with.
    Username,
}

/// A labelled field of text with its hint and its error.
#[derive(Template, Clone, PartialEq, Eq, Debug)]
#[template(path = "parts/input.html")]
pub struct Input<'a> {
    form: &'a str,
    name: &'a str,
    label: &'a str,
    field: &'a Field,
    kind: Kind,
    hint: &'a str,
    list: &'a str,
    required: bool,
    focus: bool,
}

impl HtmlSafe for Input<'_> {}

/// Longest line that a browser lets through. A text of several lines has no such limit: a browser
/// would cut off silently what is pasted, while the server says what to do.
const LINE_MAX: u32 = 160;

impl<'a> Input<'a> {
    /// The field `name` of `form`; its id is `form-name`.
    #[must_use]
    pub fn new(kind: Kind, form: &'a str, name: &'a str, label: &'a str, field: &'a Field) -> Self {
        Self { form, name, label, field, kind, hint: "", list: "", required: false, focus: false }
    }
    /// One line.
    #[must_use]
    pub fn line(form: &'a str, name: &'a str, label: &'a str, field: &'a Field) -> Self {
        Self::new(Kind::Line, form, name, label, field)
    }
    /// Several lines.
    #[must_use]
    pub fn text(form: &'a str, name: &'a str, label: &'a str, field: &'a Field) -> Self {
        Self::new(Kind::Text, form, name, label, field)
    }
    /// A time.
    #[must_use]
    pub fn time(form: &'a str, name: &'a str, label: &'a str, field: &'a Field) -> Self {
        Self::new(Kind::Time, form, name, label, field)
    }
    /// Says more than the label can.
    #[must_use]
    pub fn hint(mut self, hint: &'a str) -> Self {
        self.hint = hint;
        self
    }
    /// Suggests what the datalist of that id holds.
    #[must_use]
    pub fn list(mut self, id: &'a str) -> Self {
        self.list = id;
        self
    }
    /// Must not be empty.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }
    /// Has the focus when its page or dialog opens.
    #[must_use]
    pub fn focus(mut self) -> Self {
        self.focus = true;
        self
    }
    fn described(&self) -> String {
        let id = |suffix| format!("{}-{}-{suffix}", self.form, self.name);
        let hint = (!self.hint.is_empty()).then(|| id("hint"));
        let error = self.field.error.is_some().then(|| id("err"));
        error.into_iter().chain(hint).collect::<Vec<_>>().join(" ")
    }
}

/// A few answers of which one is chosen, all visible.
#[derive(Template, Clone, PartialEq, Eq, Debug)]
#[template(path = "parts/pills.html")]
pub struct Pills<'a> {
    form: &'a str,
    name: &'a str,
    legend: &'a str,
    field: &'a Field,
    choices: &'a [Choice],
}

impl HtmlSafe for Pills<'_> {}

impl<'a> Pills<'a> {
    /// The field `name` of `form`.
    #[must_use]
    pub fn new(form: &'a str, name: &'a str, legend: &'a str, field: &'a Field, choices: &'a [Choice]) -> Self {
        Self { form, name, legend, field, choices }
    }
}

/// Many answers of which one is chosen.
#[derive(Template, Clone, PartialEq, Eq, Debug)]
#[template(path = "parts/select.html")]
pub struct Select<'a> {
    form: &'a str,
    name: &'a str,
    label: &'a str,
    field: &'a Field,
    choices: &'a [Choice],
}

impl HtmlSafe for Select<'_> {}

impl<'a> Select<'a> {
    /// The field `name` of `form`.
    #[must_use]
    pub fn new(form: &'a str, name: &'a str, label: &'a str, field: &'a Field, choices: &'a [Choice]) -> Self {
        Self { form, name, label, field, choices }
    }
}

/// A form that is one of several on a page. All send `act` and `seen`; those of a row its number too.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Form {
    /// Unique on the page: `judge-cause-2`.
    pub id: String,
    /// Its fields by name.
    pub fields: Vec<(&'static str, Field)>,
    /// Why it was refused.
    pub refused: Option<String>,
    /// Whether it came back.
    pub open: bool,
}

/// What a field holds that a form does not have.
static NOTHING: Field = Field { value: String::new(), error: None };

impl Form {
    /// That field.
    #[must_use]
    pub fn field(&self, name: &str) -> &Field {
        self.fields.iter().find(|(n, _)| *n == name).map_or(&NOTHING, |(_, field)| field)
    }

    /// What to mend in it.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let fields: Vec<_> = self.fields.iter().map(|(name, field)| (*name, field)).collect();
        Summary { problems: problems(&self.id, self.refused.as_ref(), &fields) }
    }
}

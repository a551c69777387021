//! Texts that people set Muster up with hold no control characters.
//!
//! A name stands in messages, logs, terminals and files for years. PostgreSQL keeps no NUL in text at all, and a NUL in
//! a person's name would be found only when that person is to be summoned: stored inside JSON it passes until then. So such
//! a text is refused where it comes in. What senders send is mended instead (`intake/limits.rs`), as nobody sits there who
//! could; what people write into a log is too (`decide`).

use crate::store::organisation::Items;
use muster_core::refusal::Refusal;
use serde_json::Value;

/// Refuses a text with control characters in it. Line breaks and tabs are none of them.
///
/// # Errors
/// [`Refusal::Senseless`].
pub(super) fn legible(field: &'static str, text: &str) -> Result<(), Refusal> {
    at(field, "this", text)
}

/// The same for every text of an organisation, naming the place.
///
/// # Errors
/// [`Refusal::Senseless`].
pub(super) fn legible_items(items: &Items) -> Result<(), Refusal> {
    items.iter().try_for_each(|((kind, id), body)| walk(format!("{kind} {id}").trim_end(), body))
}

fn walk(place: &str, value: &Value) -> Result<(), Refusal> {
    match value {
        Value::String(text) => at("organisation", place, text),
        Value::Array(values) => values.iter().try_for_each(|value| walk(place, value)),
        Value::Object(fields) => fields.iter().try_for_each(|(name, value)| {
            at("organisation", place, name)?;
            walk(&format!("{place}, {name}"), value)
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => Ok(()),
    }
}

fn at(field: &'static str, place: &str, text: &str) -> Result<(), Refusal> {
    let Some(strange) = text.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) else {
        return Ok(());
    };
    let why = format!("In {place} stands the control character U+{:04X}. Write it without.", u32::from(strange));
    Err(Refusal::Senseless { field, why })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::organisation::to_items;
    use muster_core::directory::Organisation;

    #[test]
    fn control_characters_are_refused_and_line_breaks_are_not() {
        for fine in ["", "Ana", "Zoë Ångström 张伟 👩‍🚒", "one\r\n\ttwo"] {
            assert_eq!(legible("name", fine), Ok(()), "{fine:?}");
        }
        for (bad, named) in [("a\0b", "U+0000"), ("\u{1b}[2J", "U+001B"), ("a\u{7f}", "U+007F"), ("\u{85}", "U+0085")] {
            let refused = legible("name", bad).unwrap_err();
            assert!(refused.field() == Some("name") && refused.to_string().contains(named), "{bad:?}: {refused}");
        }
    }

    #[test]
    fn every_text_of_an_organisation_is_looked_at_and_its_place_named() {
        let org = r#"
            [organisation]
            name = "Northmere"
            time_zone = "UTC"
            [people.ana]
            name = "Ana"
            title = "Title"
            means = [{ kind = "email", to = "ana@n.example" }]
            [populations.staff]
            name = "Staff"
            head_count = 1
            reached_by = "Intranet"
            [areas.server]
            name = "Server"
            [systems.email]
            name = "Email"
            agreement = "Agreed"
            [[rules]]
            name = "Rule"
            labels = { "team" = "mail" }
            system = "email"
            [intake.nagios]
            name = "Nagios"
        "#;
        let items = |text: &str| to_items(&toml::from_str::<Organisation>(text).unwrap()).unwrap();
        legible_items(&items(org)).unwrap();
        for (text, place) in [
            ("Northmere", "about, name"),
            ("\"Ana\"", "person ana, name"),
            ("Title", "person ana, title"),
            ("ana@n", "person ana, means, to"),
            ("Staff", "population staff, name"),
            ("Intranet", "population staff, reached_by"),
            ("\"Server", "area server, name"),
            ("Email", "system email, name"),
            ("Agreed", "system email, agreement"),
            ("Rule", "rule 00000, name"),
            ("\"team", "rule 00000, labels"),
            ("\"mail", "rule 00000, labels, team"),
            ("Nagios", "intake nagios, name"),
        ] {
            let begin = text.trim_start_matches('"');
            let spoilt = org.replacen(text, &text.replace(begin, &format!("{}\\u0000{}", &begin[..2], &begin[2..])), 1);
            let refused = legible_items(&items(&spoilt)).unwrap_err().to_string();
            assert!(refused.contains(&format!("In {place} stands")), "{place}: {refused}");
        }
    }
}

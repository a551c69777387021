//! The organisation as an administrator changes it, over the organisation of the demo.

use crate::web::pages::visits::{Visit, body, filled, form, held};
use muster_core::contact::MeansKind;
use muster_core::directory::{Organisation, Role};
use muster_core::ids::{PersonId, SystemId};
use std::sync::Arc;

async fn signed_in() -> Visit {
    let mut visit = Visit::begin().await;
    visit.sign_in().await;
    visit
}

async fn organisation(visit: &Visit) -> Arc<Organisation> {
    visit.app.ops.organisation().await.unwrap()
}

/// Sends the form of `path` as it is drawn, with some fields filled in anew.
async fn save(visit: &mut Visit, path: &str, with: &[(&str, &str)]) -> crate::web::pages::visits::Seen {
    let page = visit.get(path).await;
    assert_eq!(page.status.as_u16(), 200, "{path}: {}", page.text);
    visit.post(path, &filled(&page.text, path, with)).await
}

#[tokio::test]
async fn every_form_that_is_sent_as_it_was_drawn_changes_nothing() {
    let mut visit = signed_in().await;
    let before = organisation(&visit).await;
    let mut paths = vec!["/organisation/about".to_owned()];
    let named = |kind: &str, names: Vec<String>| {
        names.into_iter().map(move |n| format!("/organisation/{kind}/{n}")).collect::<Vec<_>>()
    };
    paths.extend(named("person", before.people.keys().map(ToString::to_string).collect()));
    paths.extend(named("area", before.areas.keys().map(ToString::to_string).collect()));
    paths.extend(named("population", before.populations.keys().map(ToString::to_string).collect()));
    paths.extend(named("system", before.systems.keys().map(ToString::to_string).collect()));
    paths.extend(named("intake", before.intake.keys().map(ToString::to_string).collect()));
    for (kind, n) in
        [("rule", before.rules.len()), ("field", before.fields.len()), ("communication", before.communications.len())]
    {
        assert!(n > 0, "the example has no {kind}");
        paths.extend(named(kind, (1..=n).map(|n| n.to_string()).collect()));
    }
    for path in paths {
        let sent = save(&mut visit, &path, &[]).await;
        assert_eq!(sent.status.as_u16(), 303, "{path}: {}", sent.text);
    }
    let rows = |org: &Organisation| crate::store::organisation::to_items(org).unwrap();
    let (before, after) = (rows(&before), rows(&*organisation(&visit).await));
    assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
    for (item, said) in &before {
        assert_eq!(after[item], *said, "{item:?}");
    }
}

#[tokio::test]
async fn somebody_is_added_found_wrong_and_put_right_without_typing_again() {
    let mut visit = signed_in().await;
    let wrong = [("name", "Ines Okafor"), ("role", "responder"), ("means", "telex 12"), ("title", "Storage engineer")];
    let refused = save(&mut visit, "/organisation/person", &wrong).await;
    assert_eq!(refused.status.as_u16(), 422);
    assert!(refused.text.contains("“telex 12” does not begin with a means"), "{}", refused.text);
    assert_eq!(held(&refused.text, "edit-title"), "Storage engineer");
    // What only the whole can tell is told too: a number that is none.
    let number = filled(&refused.text, "/organisation/person", &[("means", "call none")]);
    let refused = visit.post("/organisation/person", &number).await;
    assert!(refused.text.contains("is no telephone number. Write digits"), "{}", refused.text);

    let right = filled(
        &refused.text,
        "/organisation/person",
        &[("means", "call 07700 900123, wait 90s\nemail ines@n.example")],
    );
    for _ in 0..2 {
        let done = visit.post("/organisation/person", &right).await;
        let to = done.headers["location"].to_str().unwrap();
        assert!(to.starts_with("/people/ines-okafor?done=saved."), "{to}");
    }
    let org = organisation(&visit).await;
    let ines = &org.people[&PersonId::from("ines-okafor")];
    assert_eq!((ines.role, ines.means.len(), ines.means[0].kind), (Role::Responder, 2, MeansKind::Call));
    let taken = body(&[("name", "Another"), ("id", "ines-okafor"), ("role", "reader"), ("was", "")]);
    let taken = visit.post("/organisation/person", &taken).await;
    assert!(taken.status.as_u16() == 422 && taken.text.contains("There is one of that name already"), "{}", taken.text);
    assert!(visit.get("/people/ines-okafor").await.text.contains("href=\"/organisation/person/ines-okafor\""));
}

#[tokio::test]
async fn who_comes_second_sees_what_the_first_wrote_and_loses_nothing() {
    let mut visit = signed_in().await;
    let path = "/organisation/system/email";
    let drawn = visit.get(path).await.text;
    assert_eq!(save(&mut visit, path, &[("agreement", "Back within an hour")]).await.status.as_u16(), 303);
    let late = visit.post(path, &filled(&drawn, path, &[("agreement", "Back within a day")])).await;
    assert_eq!(late.status.as_u16(), 409);
    assert!(late.text.contains("Priya Raman changed this while you were writing"), "{}", late.text);
    assert!(late.text.contains("agreement Back within an hour"), "{}", late.text);
    assert_eq!(held(&late.text, "edit-agreement"), "Back within a day");
    // What came back knows what stands there now: sent again, it replaces it.
    assert_eq!(visit.post(path, &filled(&late.text, path, &[])).await.status.as_u16(), 303);
    assert_eq!(organisation(&visit).await.systems[&SystemId::from("email")].agreement, "Back within a day");
}

#[tokio::test]
async fn what_was_refused_for_a_slip_still_knows_only_what_it_was_drawn_from() {
    let mut visit = signed_in().await;
    let path = "/organisation/system/email";
    let drawn = visit.get(path).await.text;
    assert_eq!(save(&mut visit, path, &[("agreement", "Back within an hour")]).await.status.as_u16(), 303);
    assert_eq!(save(&mut visit, path, &[("time_zone", "UTC")]).await.status.as_u16(), 303);
    let slip = visit.post(path, &filled(&drawn, path, &[("owner", "Nobody Known")])).await;
    assert_eq!(slip.status.as_u16(), 422);
    let mended = visit.post(path, &filled(&slip.text, path, &[("owner", "")])).await;
    assert_eq!(mended.status.as_u16(), 409, "{}", mended.text);
    assert!(
        mended.text.contains("It now says: agreement Back within an hour, usage hours "),
        "only what differs: {}",
        mended.text
    );
    // And what is gone meanwhile takes no words with it.
    let (path, fields) = ("/organisation/population/visitors", [("name", "Visitors"), ("head_count", "40")]);
    assert_eq!(save(&mut visit, "/organisation/population", &fields).await.status.as_u16(), 303);
    let drawn = visit.get(path).await.text;
    assert_eq!(visit.post(&format!("{path}/remove"), "").await.status.as_u16(), 303);
    let late = visit.post(path, &filled(&drawn, path, &[("reached_by", "The gate")])).await;
    assert!(late.status.as_u16() == 409 && late.text.contains("Somebody removed it"), "{}", late.text);
    assert_eq!(held(&late.text, "edit-reached_by"), "The gate");
}

#[tokio::test]
async fn a_rule_that_has_moved_is_the_same_rule_and_nobody_elses() {
    let mut visit = signed_in().await;
    let rules = organisation(&visit).await.rules.clone();
    let second = rules[1].name.clone();
    let page = visit.get("/organisation/rule/2").await.text;
    let other = visit.get("/organisation/rule/2").await.text;
    let (edit, remove) = ("/organisation/rule/2", "/organisation/rule/2/remove");
    let first = [("name", "Vault hosts"), ("host", "vault-*"), ("place", "1")];
    assert_eq!(save(&mut visit, "/organisation/rule", &first).await.status.as_u16(), 303);
    // Its place is another's now; the form is still about it.
    let renamed = visit.post(edit, &filled(&page, edit, &[("name", "Renamed")])).await;
    assert_eq!(renamed.status.as_u16(), 303, "{}", renamed.text);
    let names: Vec<_> = organisation(&visit).await.rules.iter().map(|r| r.name.clone()).collect();
    assert_eq!(&names[..3], ["Vault hosts", rules[0].name.as_str(), "Renamed"]);
    // What was drawn before that is about nothing that is there.
    let stale = visit.post(remove, &filled(&other, remove, &[])).await;
    assert_eq!(stale.status.as_u16(), 409, "{}", stale.text);
    assert_eq!(organisation(&visit).await.rules.len(), rules.len() + 1, "{second}");
    let page = visit.get("/organisation/rule/3").await.text;
    assert_eq!(visit.post("/organisation/rule/1/remove", "").await.status.as_u16(), 303);
    let path = "/organisation/rule/3/remove";
    assert_eq!(visit.post(path, &filled(&page, path, &[])).await.status.as_u16(), 303);
    let names: Vec<_> = organisation(&visit).await.rules.iter().map(|r| r.name.clone()).collect();
    assert!(!names.contains(&"Renamed".to_owned()) && names.contains(&rules[2].name), "{names:?}");
}

#[tokio::test]
async fn a_sender_that_goes_takes_its_keys_along_and_a_rule_names_one_that_is_there() {
    let mut visit = signed_in().await;
    for name in ["Icinga", "Zabbix"] {
        assert_eq!(save(&mut visit, "/organisation/intake", &[("name", name)]).await.status.as_u16(), 303);
    }
    assert_eq!(visit.post("/organisation/intake/icinga/key", "").await.status.as_u16(), 200);
    let rule = |sender| [("name", "Cellar"), ("place", "1"), ("intake", sender)];
    let wrong = save(&mut visit, "/organisation/rule", &rule("Nobody")).await;
    assert!(wrong.status.as_u16() == 422 && wrong.text.contains("none named “Nobody”"), "{}", wrong.text);
    assert_eq!(save(&mut visit, "/organisation/rule", &rule("zabbix")).await.status.as_u16(), 303);
    assert_eq!(organisation(&visit).await.rules[0].intake.as_deref(), Some("zabbix"));
    let named = visit.post("/organisation/intake/zabbix/remove", "").await;
    assert!(named.status.as_u16() == 422 && named.text.contains("the rule Cellar"), "{}", named.text);
    assert_eq!(visit.post("/organisation/intake/icinga/remove", "").await.status.as_u16(), 303);
    let keys = visit.app.ops.intake_keys().await.unwrap();
    assert!(keys.iter().all(|(_, of, _)| of.as_str() != "icinga"), "{keys:?}");
    let long = "x".repeat(100_000);
    let refused = save(&mut visit, "/organisation/person/marta", &[("title", &long)]).await;
    assert!(refused.status.as_u16() == 422 && refused.text.contains("it is too long"));
}

#[tokio::test]
async fn a_system_is_set_up_found_wrong_and_removed_unless_others_need_it() {
    let mut visit = signed_in().await;
    let fields = [
        ("name", "Room booking"),
        ("scope", "departmental"),
        ("owner", "Priya Raman"),
        ("contacts", "Marta Lindqvist\npriya"),
        ("depends_on", "email"),
        ("weekly", "mon-fri 07:00-19:00"),
        ("exceptions", "2026-12-24 to 2027-01-02 not used: Christmas"),
        ("closed_on_holidays", "yes"),
    ];
    let org = organisation(&visit).await;
    let marta = org.people.iter().find(|(id, _)| id.as_str() == "marta").unwrap().1.name.clone();
    let fields = fields.map(|(n, v)| (n, v.replace("Marta Lindqvist", &marta)));
    let fields: Vec<_> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let done = save(&mut visit, "/organisation/system", &fields).await;
    assert_eq!(done.status.as_u16(), 303, "{}", done.text);
    let org = organisation(&visit).await;
    let booking = &org.systems[&SystemId::from("room-booking")];
    assert_eq!(booking.contacts, ["marta".into(), "priya".into()]);
    assert!(booking.depends_on.contains(&"email".into()) && booking.usage_hours.closed_on_holidays);

    for (field, value, why) in [
        ("depends_on", "no such", "There is none named “no such”"),
        ("depends_on", "room-booking", "it depends on itself"),
        ("contacts", "Nobody Known", "There is nobody named “Nobody Known”"),
        ("owner", "priya, marta", "Write one person"),
        ("time_zone", "Europe/Nowhere", "there is no time zone"),
        ("communications", "x = 1", "This cannot be read"),
        ("name", " ", "it is empty. Write a name"),
        ("name", "a\u{0}b", "control character"),
    ] {
        let refused = save(&mut visit, "/organisation/system/room-booking", &[(field, value)]).await;
        assert_eq!(refused.status.as_u16(), 422, "{field} {value}");
        assert!(refused.text.contains(why), "{field} {value}: {}", refused.text);
    }

    // Email cannot go: others need it, and say so.
    let refused = visit.post("/organisation/system/email/remove", "").await;
    assert!(refused.status.as_u16() == 422 && refused.text.contains("It is named by the system"), "{}", refused.text);
    // Whoever is at work on this one is not any more; its log stays.
    let claim = visit.post("/systems/room-booking/claim", &body(&[("what", "Patching"), ("for", "30m")])).await;
    assert_eq!(claim.status.as_u16(), 303, "{}", claim.text);
    assert_eq!(visit.post("/organisation/system/room-booking/remove", "").await.headers["location"], "/systems");
    assert_eq!(visit.get("/systems/room-booking").await.status.as_u16(), 404);
    assert!(!organisation(&visit).await.systems.contains_key(&"room-booking".into()));
}

#[tokio::test]
async fn rules_are_moved_to_where_they_decide_and_a_senders_key_is_shown_once() {
    let mut visit = signed_in().await;
    let rules = organisation(&visit).await.rules.clone();
    let fields =
        [("name", "Booking hosts"), ("host", "book-*"), ("system", "email"), ("condition", "down"), ("place", "1")];
    assert_eq!(save(&mut visit, "/organisation/rule", &fields).await.status.as_u16(), 303);
    let now = organisation(&visit).await.rules.clone();
    assert_eq!((now.len(), now[0].name.as_str(), now[1..].to_vec()), (rules.len() + 1, "Booking hosts", rules.clone()));
    let far = save(&mut visit, "/organisation/rule/1", &[("place", "99")]).await;
    assert!(far.status.as_u16() == 422 && far.text.contains(&format!("1 to {}", now.len())), "{}", far.text);
    let last = now.len().to_string();
    assert_eq!(save(&mut visit, "/organisation/rule/1", &[("place", &last)]).await.status.as_u16(), 303);
    assert_eq!(organisation(&visit).await.rules.last().unwrap().name, "Booking hosts");
    assert_eq!(visit.post(&format!("/organisation/rule/{last}/remove"), "").await.status.as_u16(), 303);
    assert_eq!(organisation(&visit).await.rules, rules);

    assert_eq!(save(&mut visit, "/organisation/intake", &[("name", "Icinga, hall B")]).await.status.as_u16(), 303);
    let made = visit.post("/organisation/intake/icinga-hall-b/key", "").await;
    let key = held(&made.text, "new-key");
    assert!(key.starts_with("mk_") && made.text.contains("It is shown this once"), "{}", made.text);
    let again = visit.get("/organisation/intake/icinga-hall-b").await.text;
    assert!(!again.contains(&key) && again.contains("Keys: "), "{again}");
    let anew = visit.post("/organisation/intake/icinga-hall-b/key", "alone=yes").await;
    assert_ne!(held(&anew.text, "new-key"), key);
    let keys = visit.app.ops.intake_keys().await.unwrap();
    assert_eq!(keys.iter().filter(|(_, of, _)| of.as_str() == "icinga-hall-b").count(), 1, "the older one ended");
}

#[tokio::test]
async fn holidays_are_read_shown_and_only_then_added() {
    let mut visit = signed_in().await;
    let before = organisation(&visit).await.organisation.calendar.holidays.clone();
    let calendar = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260101T000000Z\r\n\
                    DTSTART;VALUE=DATE:20270402\r\nDTEND;VALUE=DATE:20270403\r\nSUMMARY:Good Friday\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    let plan = visit.post_file("/organisation/holidays/read", "", Some(calendar)).await.text;
    assert!(
        plan.contains("1 day would be added") && plan.contains("Fri 2 Apr 2027") && plan.contains("Good Friday"),
        "{plan}"
    );
    assert_eq!(organisation(&visit).await.organisation.calendar.holidays, before, "looked at, not added");
    let list = "Day;Name\n2027-04-05;Easter Monday\n2026-12-25;Christmas\n5.4.2027;Ostermontag\n";
    let plan = visit.post_file("/organisation/holidays/read", list, None).await.text;
    for words in ["1 day would be added", "Easter Monday", "1 is there already.", "Line 4: “5.4.2027” is no day"] {
        assert!(plan.contains(words), "{words}: {plan}");
    }
    assert_eq!(held(&plan, "holidays-text"), list, "what was pasted stays");
    let added = visit.post("/organisation/holidays", &filled(&plan, "/organisation/holidays", &[])).await;
    assert!(added.headers["location"].to_str().unwrap().ends_with("#about"));
    let after = organisation(&visit).await.organisation.calendar.holidays.clone();
    assert_eq!(after.difference(&before).map(ToString::to_string).collect::<Vec<_>>(), ["2027-04-05"]);
    let nothing = visit.post_file("/organisation/holidays/read", " ", None).await;
    assert!(nothing.status.as_u16() == 422 && nothing.text.contains("Choose a file, or paste its text."));
    assert_eq!(visit.post("/organisation/holidays", "days=soon").await.status.as_u16(), 422);
}

#[tokio::test]
async fn every_change_is_on_record_with_who_when_and_what_it_said_before() {
    let mut visit = signed_in().await;
    let path = "/organisation/population/students";
    let was = organisation(&visit).await.populations[&"students".into()].head_count;
    assert_eq!(save(&mut visit, path, &[("head_count", "12,345")]).await.status.as_u16(), 303);
    for page in ["/organisation/changes", "/organisation/changes?of=population+students", path] {
        let seen = visit.get(page).await.text;
        assert!(seen.contains("<b>Priya Raman</b> changed"), "{page}: {seen}");
        assert!(
            seen.contains(&format!("<b>Before</b> {was}")) && seen.contains("<b>After</b> 12345"),
            "{page}: {seen}"
        );
    }
    // A page of them leads to the older ones, down to the first.
    for count in ["1", "2", "3", "4"] {
        assert_eq!(save(&mut visit, path, &[("head_count", count)]).await.status.as_u16(), 303);
    }
    let mut next = Some("/organisation/changes".to_owned());
    let mut pages = 0;
    while let Some(path) = next {
        let seen = visit.get(&path).await.text;
        pages += 1;
        next = seen.contains(">Older</a>").then(|| {
            let href =
                seen.split("<a class=\"btn\" href=\"/organisation/changes?").nth(1).unwrap().split('"').next().unwrap();
            format!("/organisation/changes?{}", href.replace("&#38;", "&").replace("&amp;", "&"))
        });
        if next.is_none() {
            assert!(seen.contains("about") && pages > 1, "{seen}");
        }
    }
}

#[tokio::test]
async fn who_does_not_administer_reads_and_changes_nothing() {
    let mut visit = signed_in().await;
    visit.be("gareth").await;
    let page = visit.get("/organisation").await;
    assert!(page.status.as_u16() == 200 && page.text.contains("Mapping rules"), "{}", page.text);
    assert!(!page.text.contains("/organisation/area"), "no way to a form that is not theirs: {}", page.text);
    for path in
        ["/organisation/changes", "/organisation/holidays", "/organisation/person", "/organisation/person/priya"]
    {
        assert_eq!(visit.get(path).await.status.as_u16(), 403, "{path}");
    }
    for path in [
        "/organisation/person",
        "/organisation/person/priya",
        "/organisation/person/priya/remove",
        "/organisation/holidays",
    ] {
        assert_eq!(visit.post(path, "name=X&role=administrator").await.status.as_u16(), 403, "{path}");
    }
    visit.be("priya").await;
    for path in
        ["/organisation/nothing", "/organisation/person/nobody", "/organisation/rule/99", "/organisation/about/x"]
    {
        assert_eq!(visit.get(path).await.status.as_u16(), 404, "{path}");
    }
    // Whoever is named somewhere is not removed, and the last who sets things up stays.
    let named = visit.post("/organisation/person/marta/remove", "").await;
    assert!(
        named.status.as_u16() == 422 && named.text.contains("It is not removed.") && named.text.contains("the system"),
        "{}",
        named.text
    );
    let last = save(&mut visit, "/organisation/person/priya", &[("role", "reader")]).await;
    assert!(last.text.contains("There must be one administrator"), "{}", last.text);
    assert!(form(&last.text, "/organisation/person/priya").contains(&("role".into(), "reader".into())), "still chosen");
}

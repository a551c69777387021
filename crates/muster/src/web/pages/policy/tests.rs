use crate::web::pages::visits::{Visit, body, held};
use muster_core::directory::Organisation;
use muster_core::procedure::{Component, Content};

// proves: POL-2 reworded steps are in force once applied, the others as they ship, and taking them out brings what ships back
#[tokio::test]
async fn reworded_steps_are_applied_shown_and_taken_out_again() {
    let mut visit = Visit::begin().await;
    visit.sign_in().await;
    let ops = visit.app.ops.clone();
    let before = Organisation::clone(&ops.organisation().await.unwrap());
    let shipped = before.procedure.of(Component::Report).steps[0].clone();
    let seen = visit.get("/policy").await.text;
    assert!(seen.contains("Version 1 of the procedure is in force") && seen.contains(&shipped), "{seen}");
    assert!(!seen.contains("Our own words") && seen.contains("A disruption counts from"), "{seen}");

    let mut wanted = before.clone();
    let own = Content { steps: vec!["Write two pages".into()], decisions: vec!["Enough?".into()] };
    wanted.procedure.set(Component::Report, own);
    let plan = ops.apply(&wanted, "priya").await.unwrap();
    let changes: Vec<_> = plan.changes.iter().map(ToString::to_string).collect();
    assert_eq!(changes, ["~ policy : version", "+ procedure report"]);
    assert_eq!(ops.apply(&wanted, "priya").await.unwrap().changes, [], "a second time changes nothing");
    assert_eq!(ops.organisation().await.unwrap().procedure, wanted.procedure);
    let seen = visit.get("/policy").await.text;
    assert!(seen.contains("Version 2 of the procedure is in force"), "{seen}");
    assert!(seen.contains("Write two pages") && seen.contains(&format!("<b>Version 1</b> {shipped}")), "{seen}");
    assert_eq!(seen.matches("Our own words").count(), 1, "{seen}");

    let mut none = before.clone();
    none.procedure.set(Component::Report, Content::default());
    let refused = ops.apply(&none, "priya").await.unwrap_err().to_string();
    assert!(refused.contains("procedure, report: it has no step. Write one at least"), "{refused}");
    ops.apply(&before, "priya").await.unwrap();
    assert!(visit.get("/policy").await.text.contains(&shipped));
}

// proves: POL-1 a version is begun, worded and proposed on the page, with its author, note, dates and the decision that asked for it
// proves: POL-2 steps are reworded, added and taken out one a line; a figure without its unit is refused and named
// proves: POL-5 the page shows what a version changes as a diff, and the decision that asked for it
#[tokio::test]
async fn a_version_is_begun_worded_and_compared_on_the_page() {
    let mut visit = Visit::begin().await;
    visit.sign_in().await;
    let empty = visit.post("/policy/begin", &body(&[("note", ""), ("decision", "D-7")])).await;
    assert_eq!(empty.status.as_u16(), 422);
    assert!(empty.text.contains("Write why the procedure is changed") && empty.text.contains("value=\"D-7\""));
    let begun = body(&[("note", "Sooner"), ("decision", "D-1, October"), ("next-review", "2099-01-01 10:00")]);
    assert!(visit.post("/policy/begin", &begun).await.text.contains("more than three years ahead"));
    let begun = body(&[("note", "Sooner"), ("decision", "D-1, October"), ("group", "user-support")]);
    let sent = visit.post("/policy/begin", &begun).await;
    assert_eq!(sent.headers["location"], "/policy/2");
    let page = visit.get("/policy/2").await.text;
    let named = ["Version 2 of the procedure: draft", "D-1, October", "Sooner", "User support"];
    for words in named.into_iter().chain(["Not asked yet", "Both say the same."]) {
        assert!(page.contains(words), "no {words} in {page}");
    }

    let words = body(&[("steps", "Ring the director\r\n\r\n Ring the owner "), ("decisions", ""), ("seen", "1")]);
    assert_eq!(visit.post("/policy/2/edit/escalation", &words).await.status.as_u16(), 303);
    let page = visit.get("/policy/2").await.text;
    assert!(page.contains("<ins class=\"t-green\"><b>Version 2</b> Ring the director</ins>"), "{page}");
    assert!(page.contains("<del class=\"t-red\"><b>Version 1</b>"), "{page}");
    // Whoever had read it before that loses nothing and undoes nothing.
    let late = visit.post("/policy/2/edit/escalation", &body(&[("steps", "Ring nobody"), ("seen", "1")])).await;
    assert_eq!(late.status.as_u16(), 422);
    assert!(late.text.contains("Somebody changed this draft") && late.text.contains("Ring the owner"), "{}", late.text);
    assert_eq!(held(&late.text, "edit-escalation-steps"), "Ring nobody");

    let names = ["disruption_after", "open_unanswered_after", "join_within", "reach_within", "triage_within"];
    let names = names.iter().chain(&["answer_wait", "calls_by_itself", "calls_before_due", "tell_owner_within"]);
    let names = names.chain(&["span_of_control", "conference_after", "conference_every", "follow_up_within"]);
    let names: Vec<_> = names
        .chain(&[
            "nag_every",
            "nags_at_most",
            "climbs_from",
            "presence",
            "bridge",
            "attachment_max",
            "fallback_area",
            "tables",
        ])
        .collect();
    let asked: Vec<_> = names.iter().map(|name| (**name, held(&page, &format!("edit-figures-{name}")))).collect();
    let with = |name: &str, value: &str| {
        let put = |(n, v): &(&str, String)| (n.to_string(), if *n == name { value.to_owned() } else { v.clone() });
        let fields: Vec<_> = asked.iter().map(put).collect();
        body(&fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect::<Vec<_>>())
    };
    for (name, value, why) in [
        ("nag_every", "20", "Somebody is reminded of what is late every: this cannot be read. With its unit"),
        ("nag_every", "", "write how much"),
        ("nags_at_most", "often", "this cannot be read. A number."),
        ("tables", "kinds = 7", "The tables cannot be read"),
        ("nag_every", "5s", "use a time from 10 seconds to 31 days"),
        ("fallback_area", "nobody", "would become Incident Manager"),
    ] {
        let refused = visit.post("/policy/2/edit/figures", &with(name, value)).await;
        assert_eq!(refused.status.as_u16(), 422, "{name} {value}");
        assert!(refused.text.contains(why), "{name} {value}: {}", refused.text);
    }
    assert_eq!(visit.post("/policy/2/edit/figures", &with("nag_every", "20m")).await.status.as_u16(), 303);
    let page = visit.get("/policy/2").await.text;
    assert!(page.contains("<ins class=\"t-green\"><b>Version 2</b> 20 min</ins>"), "{page}");
    assert_eq!(
        page.matches("<li class=\"diff\">").count(),
        page.matches("<li class=\"diff\"><b>6. Escalation").count() + 1
    );

    // Proposed without a date, and signed over: it is in force, and the page of the one before still has its words.
    assert_eq!(visit.post("/policy/2/propose", "").await.status.as_u16(), 303);
    assert!(visit.get("/policy/2").await.text.contains("once every group below has signed it"));
    assert_eq!(visit.post("/policy/2/force", &body(&[("reason", "The term begins.")])).await.status.as_u16(), 303);
    let page = visit.get("/policy").await.text;
    assert!(page.contains("Version 2 of the procedure is in force") && page.contains("without User support"), "{page}");
    let before = visit.get("/policy/1").await.text;
    assert!(before.contains("Replaced by") && !before.contains("Ring the director</span>"), "{before}");
    assert_eq!(visit.get("/policy/3").await.status.as_u16(), 404);
}

// proves: POL-3 who has signed and who has not is visible, by group and by name, and what somebody asks for instead
#[tokio::test]
async fn the_page_shows_who_has_signed_and_who_has_not() {
    let mut visit = Visit::begin().await;
    visit.sign_in().await;
    let begun = body(&[("note", "Sooner"), ("group", "user-support"), ("group", "network")]);
    assert_eq!(visit.post("/policy/begin", &begun).await.headers["location"], "/policy/2");
    assert_eq!(visit.post("/policy/2/propose", "").await.status.as_u16(), 303);
    let groups = async |visit: &mut Visit| {
        let page = visit.get("/policy/2").await.text.replace('\u{a0}', " ");
        ["User support", "Network team"].map(|name| {
            let rest = page.split(&format!("<b>{name}</b>")).nth(1).unwrap_or_else(|| panic!("no {name} in {page}"));
            rest.split("</li>").next().unwrap().to_owned()
        })
    };
    let [support, network] = groups(&mut visit).await;
    assert!(support.contains("Ben Tallis or Adaeze") && !support.contains("Signed"), "{support}");
    assert!(network.contains("Daniel Osei") && !network.contains("Signed"), "{network}");
    visit.be("ben").await;
    assert_eq!(visit.post("/policy/2/sign/user-support", "").await.status.as_u16(), 303);
    visit.be("daniel").await;
    let why = body(&[("reason", "Say from which level on.")]);
    assert_eq!(visit.post("/policy/2/decline/network", &why).await.status.as_u16(), 303);
    let [support, network] = groups(&mut visit).await;
    assert!(support.contains("Signed") && support.contains("Ben Tallis, "), "{support}");
    assert!(network.contains("Asks for a change") && network.contains("Say from which level on."), "{network}");
    assert!(!network.contains("Signed"), "{network}");
}

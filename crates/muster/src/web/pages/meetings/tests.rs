use crate::web::pages::visits::Visit;
use axum::http::{StatusCode, header};

// proves: RES-5 meetings, estimates, following up and closing are done on one page, without script
#[tokio::test]
async fn from_the_first_meeting_to_the_end() {
    let (mut visit, number) = Visit::opened().await;
    let page = format!("{number}/meetings");
    let first = visit.get(&page).await.text;
    for words in ["Next meeting", "Hold the review meeting of the team", "has given no estimate"] {
        assert!(first.contains(words), "{words} is not in {first}");
    }
    let follow = "person=ruth&by=spoken&text=";
    for (nth, (form, fields, shows)) in [
        ("estimate", "back-at=&grounds=the+maker+has+no+spare", "Nobody can say"),
        ("estimate", "back-at=23%3A59&grounds=a+spare+was+found", "Back about"),
        (
            "meeting",
            "kind=team&present=Priya+Raman%2C+Marta+Lindqvist&progress=One+disk+is+back.&escalate=no&why=enough+people",
            "One disk is back.",
        ),
        ("contact", "person=Ruth+Abernathy&means=call&outcome=reached&text=knows", ""),
        ("restore", "at=&resolution=Put+it+back&cause=", ""),
        ("follow-up", follow, "Told "),
    ]
    .into_iter()
    .enumerate()
    {
        let at =
            if form == "restore" { fields.replace("at=", &format!("at={}", now_at(&visit))) } else { fields.into() };
        let sent = visit.post(&format!("{number}/{form}"), &format!("act=01jcw2v7q3g{nth}&{at}")).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{form}: {}", sent.text);
        let shown = visit.get(&page).await.text;
        assert!(shown.contains(shows), "{form}: {shows} is not in {shown}");
    }
    // proves: COM-5 the review shows how good the estimates were
    let shown = visit.get(&page).await.text;
    let estimates = shown.split("id=\"estimate\"").nth(1).and_then(|s| s.split("</section>").next()).unwrap();
    assert!(estimates.contains(" sooner</b>") || estimates.contains(" later</b>"), "{estimates}");
    let early = visit.post(&format!("{number}/close"), "act=01jcw2v7q3h0&review=done").await;
    assert!(early.status == StatusCode::UNPROCESSABLE_ENTITY && early.text.contains("The report is not filed"));
    assert!(early.text.contains("done</textarea>"), "what was typed is kept: {}", early.text);
    visit.post(&format!("{number}/report-filed"), "act=01jcw2v7q3h1&reference=share").await;
    let open = visit.get(&page).await.text;
    let left: Vec<_> = open.split("name=\"person\" value=\"").skip(1).map(|p| p.split('"').next().unwrap()).collect();
    assert!(!left.is_empty(), "Muster called people, and they hear too: {open}");
    let people: String = left.iter().map(|p| format!("person={p}&")).collect();
    let told =
        visit.post(&format!("{number}/follow-up"), &format!("act=01jcw2v7q3h2&{people}by=message&text=Back.")).await;
    assert_eq!(told.status, StatusCode::SEE_OTHER, "{}", told.text);
    let kept = visit.get(&format!("{number}/duties")).await.text;
    for words in ["done in time", "Hold the review meeting of the team", "Write the service disruption report"] {
        assert!(kept.contains(words), "{words} is not in {kept}");
    }
    let silent = visit.post(&format!("{number}/close"), "act=01jcw2v7q3h4&review=minutes").await;
    assert!(silent.status == StatusCode::UNPROCESSABLE_ENTITY && silent.text.contains("neither done nor skipped"));
    let steps = visit.get(&number).await.text;
    assert!(steps.contains("At a glance") && steps.contains(" of 9 left"), "{steps}");
    let skipped = visit.post(&format!("{number}/skip-step"), "act=01jcw2v7q3h5&step=status-page&reason=+").await;
    assert!(skipped.text.contains("Write why it is not done."), "{}", skipped.text);
    for (nth, step) in ["tell-support", "assess", "bring-in", "tell-management", "conference"].into_iter().enumerate() {
        let sent = visit.post(&format!("{number}/tick-step"), &format!("act=01jcw2v7q3j{nth}&step={step}")).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{step}: {}", sent.text);
    }
    let why = "act=01jcw2v7q3h6&step=status-page&reason=nobody+looks+there+at+night";
    assert_eq!(visit.post(&format!("{number}/skip-step"), why).await.status, StatusCode::SEE_OTHER);
    let steps = visit.get(&number).await.text;
    assert!(steps.contains("1 of 9 left") && steps.contains("nobody looks there at night"), "{steps}");
    let closed = visit.post(&format!("{number}/close"), "act=01jcw2v7q3h3&review=minutes+of+4+December").await;
    assert!(closed.headers[header::LOCATION].to_str().unwrap().ends_with("#close"), "{}", closed.text);
    assert!(visit.get(&page).await.text.contains("minutes of 4 December"));
    visit.settle().await;
    let phones = visit.app.ops.demo_phones().await.unwrap();
    assert!(phones.iter().any(|m| m.title.contains("is over")), "whoever is written to gets it");
}

// proves: STAFF-5 who comes how and when is shown to the Incident Manager, and who is overdue
#[tokio::test]
async fn who_comes_is_shown_to_the_incident_manager() {
    let (mut visit, number) = Visit::opened().await;
    let page = format!("{number}/meetings");
    let wanted = "act=01jcw2v7q3a0&presence=on-site&people=Marta+Lindqvist%2C+Joel+Haddad%2C+Kenji+Morita";
    assert_eq!(visit.post(&format!("{number}/presence"), wanted).await.status, StatusCode::SEE_OTHER);
    for (nth, (who, how)) in
        [("marta", "coming=on-the-way&minutes=20"), ("joel", "coming=cannot"), ("kenji", "coming=remote&minutes=5")]
            .into_iter()
            .enumerate()
    {
        visit.be(who).await;
        let said = visit.post(&format!("{number}/come"), &format!("act=01jcw2v7q3a{}&{how}", nth + 1)).await;
        assert_eq!(said.status, StatusCode::SEE_OTHER, "{who}: {}", said.text);
    }
    visit.be("priya").await;
    let shown = visit.get(&page).await.text.replace('\u{a0}', " ");
    let comes = shown.split("id=\"arrivals\"").nth(1).unwrap().split("</ul>").next().unwrap();
    let line = |who: &str| {
        let rest = comes.split(&format!("<span>{who}</span>")).nth(1).unwrap_or_else(|| panic!("no {who} in {comes}"));
        rest.split("</li>").next().unwrap().to_owned()
    };
    let at = |minutes| {
        let then = muster_core::later(visit.app.ops.now(), muster_core::Span::from_mins(minutes));
        then.strftime("%H:%M").to_string()
    };
    let marta = line("Marta Lindqvist");
    assert!(marta.contains("On the way, expected") && marta.contains(&at(20)), "{marta}");
    assert!(line("Joel Haddad").contains("Cannot come"), "{comes}");
    let kenji = line("Kenji Morita");
    assert!(kenji.contains("Works remotely from") && kenji.contains(&at(5)), "{kenji}");
    assert!(!comes.contains("Overdue"), "{comes}");
}

fn now_at(visit: &Visit) -> String {
    let now = visit.app.ops.now();
    now.strftime("%Y-%m-%d+%H%%3A%M").to_string()
}

#[tokio::test]
async fn what_makes_no_sense_comes_back_with_what_was_typed() {
    let (mut visit, number) = Visit::opened().await;
    for (form, fields, says) in [
        ("estimate", "back-at=soon&grounds=Kept", "Write the time as 03:14"),
        ("estimate", "back-at=23%3A59&grounds=+", "Write on what grounds."),
        ("meeting", "kind=team&present=Nobody+Known&progress=Kept", "There is nobody named “Nobody Known”."),
        ("meeting", "kind=party&present=Priya+Raman&progress=Kept", "Choose one of them."),
        ("meeting", "kind=team&present=&progress=Kept&why=enough", "Write who was there."),
        (
            "meeting",
            "kind=team&present=Priya+Raman&progress=Kept&escalate=yes&why=+",
            "Write why, whether it is escalated or not.",
        ),
        (
            "meeting",
            "kind=team&present=Priya+Raman&progress=Kept&escalate=no",
            "Write why, whether it is escalated or not.",
        ),
        ("follow-up", "by=spoken&text=Kept", "Tell them when service is back."),
        ("close", "review=Kept", "It is closed when service is back"),
    ] {
        let sent = visit.post(&format!("{number}/{form}"), fields).await;
        assert!(sent.status.is_client_error(), "{form} {fields}: {}", sent.status);
        assert!(sent.text.contains(says), "{form} {fields} does not say {says}: {}", sent.text);
        assert!(!fields.contains("Kept") || sent.text.contains("Kept"), "{form}: what was typed is lost");
    }
}

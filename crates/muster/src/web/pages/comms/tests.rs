use crate::ops::deliver::Sent;
use crate::web::pages::visits::{Visit, after};
use axum::http::StatusCode;
use muster_core::contact::Outcome;

/// Adds the audience Deans with these fields to the plan on that page. Its number.
async fn adds_deans(visit: &mut Visit, page: &str, fields: &str) -> String {
    let audience = format!(
        "act=01jcw2v7q3k0&audience=Deans&update=what+they+see&intense=30m&steady=1h&waiting=4h&deputy-after=10m&author=im&{fields}"
    );
    let added = visit.post(&format!("{page}/audience"), &audience).await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.text);
    let shown = visit.get(page).await.text;
    let row = shown.split("<th scope=\"row\">Deans<br>").next().unwrap().rsplit("<tr ").next().unwrap();
    after(row, "id=\"row-").to_owned()
}

// proves: COM-3 that an update was sent is shown for each recipient
#[tokio::test]
async fn an_update_goes_out_and_the_page_says_whom_it_reached() {
    let (mut visit, number) = Visit::opened().await;
    let page = format!("{number}/comms");
    let row = adds_deans(&mut visit, &page, "people=Ruth+Abernathy%2C+Marta+Lindqvist&level=client&through=push").await;
    let drafted =
        visit.post(&format!("{page}/draft"), &format!("act=01jcw2v7q3k1&row={row}&text=Stay+signed+in.&do=save")).await;
    assert_eq!(drafted.status, StatusCode::SEE_OTHER, "{}", drafted.text);
    let sent = visit.post(&format!("{page}/send"), "act=01jcw2v7q3k2&update=1&despite=It+cannot+wait").await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    visit.settle().await;
    let phones = visit.app.ops.demo_phones().await.unwrap();
    let mut got: Vec<_> =
        phones.iter().filter(|m| m.title.contains("update 1 for Deans")).map(|m| m.person.as_str()).collect();
    got.sort_unstable();
    assert_eq!(got, ["marta", "ruth"], "whoever is written to gets it");
    let shown = visit.get(&page).await.text;
    for who in ["Ruth Abernathy", "Marta Lindqvist"] {
        assert!(stands(&shown, who).contains("Delivered"), "{who}: {}", stands(&shown, who));
    }
}

/// What the page says of one recipient of an update.
fn stands(page: &str, who: &str) -> String {
    let updates = page.split("id=\"updates\"").nth(1).unwrap();
    let line = updates.split(&format!("<span>{who}</span>")).nth(1).unwrap_or_else(|| panic!("no {who} in {updates}"));
    line.split("</li>").next().unwrap().to_owned()
}

// proves: COM-3 every recipient's state is known: queued, sent, delivered, failed
#[tokio::test]
async fn each_recipient_stands_as_the_outbox_knows_them() {
    let (mut visit, number) = Visit::opened().await;
    let page = format!("{number}/comms");
    let people = "people=Ruth+Abernathy%2C+Marta+Lindqvist%2C+Joel+Haddad&level=client&through=push";
    let row = adds_deans(&mut visit, &page, people).await;
    visit.post(&format!("{page}/draft"), &format!("act=01jcw2v7q3k1&row={row}&text=Stay.&do=save")).await;
    let ops = visit.app.ops.clone();
    ops.claim("before", 100).await.unwrap();
    let sent = visit.post(&format!("{page}/send"), "act=01jcw2v7q3k2&update=1&despite=It+cannot+wait").await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    let shown = visit.get(&page).await.text;
    for who in ["Ruth Abernathy", "Marta Lindqvist", "Joel Haddad"] {
        assert!(stands(&shown, who).contains("Queued"), "{who}: {}", stands(&shown, who));
    }
    let outgoing = ops.claim("test", 100).await.unwrap();
    let of = |who: &str| {
        let theirs = outgoing.iter().find(|d| d.person.as_str() == who && d.text.subject.contains("update 1"));
        theirs.unwrap_or_else(|| panic!("nothing for {who} in {outgoing:?}"))
    };
    for (who, name, outcome, detail, shows) in [
        ("ruth", "Ruth Abernathy", Outcome::Sent, "", "Sent"),
        ("marta", "Marta Lindqvist", Outcome::Delivered, "", "Delivered"),
        ("joel", "Joel Haddad", Outcome::Failed, "the topic is gone", "Failed"),
    ] {
        ops.settle(of(who), "test", &Sent::Graded(outcome), detail).await.unwrap();
        let shown = visit.get(&page).await.text;
        let line = stands(&shown, name);
        assert!(line.contains(shows) && line.contains(detail) && !line.contains("Queued"), "{name}: {line}");
    }
}

// proves: COM-3 whoever got an update says with one tap and no password that they have read it, and whoever sent it sees that
#[tokio::test]
async fn whoever_reads_an_update_says_so_by_their_link() {
    let (mut visit, number) = Visit::opened().await;
    let page = format!("{number}/comms");
    let row = adds_deans(&mut visit, &page, "people=Ruth+Abernathy&level=client&through=push").await;
    visit.post(&format!("{page}/draft"), &format!("act=01jcw2v7q3k1&row={row}&text=Stay+signed+in.&do=save")).await;
    visit.post(&format!("{page}/send"), "act=01jcw2v7q3k2&update=1&despite=It+cannot+wait").await;
    visit.settle().await;
    let phones = visit.app.ops.demo_phones().await.unwrap();
    let got = phones.iter().find(|m| m.title.contains("update 1 for Deans")).unwrap();
    let link = format!("/l/{}", got.link.as_deref().unwrap().rsplit_once("/l/").unwrap().1);
    let opened = visit.get(&link).await.text;
    for said in ["Update 1 for Deans", "Stay signed in.", "I have read it", "Ruth Abernathy"] {
        assert!(opened.contains(said), "{said} is not in {opened}");
    }
    assert!(!opened.contains("Directory and sign-in"), "what was signed off, and nothing else: {opened}");
    assert!(!stands(&visit.get(&page).await.text, "Ruth Abernathy").contains("Acknowledged"), "opening says nothing");
    let wrong = visit.post(&link, "answer=take").await;
    assert!(wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.text.contains("Press one of the buttons."));
    assert_eq!(visit.post(&link, "answer=read").await.status, StatusCode::SEE_OTHER);
    let opened = visit.get(&link).await.text;
    assert!(opened.contains("You have read it.") && !opened.contains("I have read it"), "{opened}");
    assert!(stands(&visit.get(&page).await.text, "Ruth Abernathy").contains("Acknowledged"));
    let log = visit.get(&number).await.text;
    assert!(log.contains("Ruth Abernathy has read it."), "{log}");
}

// proves: COM-1 the plan of an incident is changed on its page: who hears what, how often, and who signs it off
#[tokio::test]
async fn an_audience_is_changed_where_it_stands() {
    let (mut visit, number) = Visit::opened().await;
    let page = format!("{number}/comms");
    let row =
        adds_deans(&mut visit, &page, "people=Ruth+Abernathy&besides=The+porters%3A+radio&level=client&through=push")
            .await;
    let shown = visit.get(&page).await.text;
    let form = shown.split(&format!("id=\"d-audience-row-{row}\"")).nth(1).unwrap().split("</form>").next().unwrap();
    for known in ["Ruth Abernathy", "The porters: radio", "value=\"30m\"", "value=\"Deans\""] {
        assert!(form.contains(known), "{known} is not in {form}");
    }
    let change = |why: &str| {
        format!(
            "act=01jcw2v7q3k5&row={row}&audience=Deans&people=Ruth+Abernathy&besides=The+porters%3A+radio&update=all&level=client\
         &through=push&intense=15m&steady=1h&waiting=4h&author=im&signer=Marta+Lindqvist&deputy=&deputy-after=5m&reason={why}"
        )
    };
    let blind = visit.post(&format!("{page}/audience"), &change("+")).await;
    assert!(blind.status.is_client_error() && blind.text.contains("Write why it changes."), "{}", blind.text);
    assert_eq!(visit.post(&format!("{page}/audience"), &change("They+asked")).await.status, StatusCode::SEE_OTHER);
    let shown = visit.get(&page).await.text;
    let line = shown.split(&format!("id=\"row-{row}\"")).nth(1).unwrap().split("</tr>").next().unwrap();
    for now in ["Ruth Abernathy, The porters: radio", "15 min", "Marta Lindqvist"] {
        assert!(line.contains(now), "{now} is not in {line}");
    }
}

// proves: ESC-2 the page says which managers do not know yet, where to tell them, and sends anyway with a reason
#[tokio::test]
async fn management_hears_first_or_the_log_says_why_not() {
    let (mut visit, number) = Visit::opened().await;
    let page = format!("{number}/comms");
    let row = adds_deans(&mut visit, &page, "people=Marta+Lindqvist&level=client&through=push").await;
    visit.post(&format!("{page}/draft"), &format!("act=01jcw2v7q3k1&row={row}&text=Stay.&do=save")).await;
    let shown = visit.get(&page).await.text;
    let first = shown.split("id=\"first\"").nth(1).unwrap().split("</section>").next().unwrap();
    let managers: Vec<_> =
        first.split("<div class=\"line\"><b>").skip(1).map(|m| m.split('<').next().unwrap()).collect();
    assert!(managers.contains(&"Ruth Abernathy"), "{first}");
    assert!(first.contains(&format!("href=\"{number}#tell-")), "where they are told: {first}");
    assert!(shown.contains("Send it before they know") && !shown.contains(">Send update 1<"), "{shown}");
    let blind = visit.post(&format!("{page}/send"), "act=01jcw2v7q3k2&update=1&despite=+").await;
    assert_eq!(blind.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(blind.text.contains("not know yet. Tell them first, or write why it cannot wait."), "{}", blind.text);
    let sent = visit.post(&format!("{page}/send"), "act=01jcw2v7q3k3&update=1&despite=It+is+on+the+radio").await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    let shown = visit.get(&page).await.text;
    assert!(shown.contains(" knew: It is on the radio"), "{shown}");
    assert!(visit.get(&number).await.text.contains(" knew: It is on the radio."), "the log says it");
    // Whoever is told is asked for no more, and with everybody told it is one button.
    visit.post(&format!("{page}/draft"), &format!("act=01jcw2v7q3k4&row={row}&text=More.&do=save")).await;
    for (nth, manager) in managers.iter().enumerate() {
        let told = format!("act=01jcw2v7q3m{nth}&person={}&means=call&outcome=reached", manager.replace(' ', "+"));
        let recorded = visit.post(&format!("{number}/contact"), &told).await;
        assert_eq!(recorded.status, StatusCode::SEE_OTHER, "{}", recorded.text);
    }
    let shown = visit.get(&page).await.text;
    assert!(!shown.contains("id=\"first\"") && shown.contains(">Send update 2<"), "{shown}");
}

// proves: COM-1 an audience that meets is called together from the plan: its bridge and its people are filled in
#[tokio::test]
async fn an_audience_that_meets_is_called_together() {
    let (mut visit, number) = Visit::opened().await;
    let page = format!("{number}/comms");
    let meets = "people=Ruth+Abernathy&level=management&through=meeting&bridge=0161+496+0180";
    adds_deans(&mut visit, &page, meets).await;
    let shown = visit.get(&page).await.text;
    let row = shown.split("<th scope=\"row\">Deans<br>").nth(1).unwrap().split("</section>").next().unwrap();
    assert!(row.contains("They meet at <b>0161 496 0180</b>"), "{row}");
    let form = row.split("Call them together").nth(1).unwrap();
    let value = |name: &str| form.split(&format!("name=\"{name}\"")).nth(1).unwrap().split("</div>").next().unwrap();
    assert!(value("bridge").contains("0161 496 0180") && value("invited").contains("Ruth Abernathy"), "{form}");
    let called = "act=01jcw2v7q3k1&purpose=Deans&starts-at=&bridge=0161+496+0180&invited=Ruth+Abernathy";
    assert_eq!(visit.post(&format!("{number}/call"), called).await.status, StatusCode::SEE_OTHER);
    let meetings = visit.get(&format!("{number}/meetings")).await.text;
    assert!(meetings.contains("Call 1: Deans") && meetings.contains("0161 496 0180"), "{meetings}");
}

#[tokio::test]
async fn what_makes_no_sense_comes_back_with_what_was_typed() {
    let (mut visit, number) = Visit::opened().await;
    for (form, fields, says) in [
        (
            "audience",
            "audience=Kept&people=Nobody+Known&update=x&intense=30m&steady=1h&waiting=4h&deputy-after=10m",
            "There is nobody named “Nobody Known”.",
        ),
        (
            "audience",
            "audience=Kept&update=x&intense=soon&steady=1h&waiting=4h&deputy-after=10m",
            "is no length of time",
        ),
        ("draft", "row=99&text=Kept&do=save", "There is no audience named “99”."),
        ("strategy", "owner=nobody&text=Kept", "There is no owner of an affected system"),
        ("send", "update=9", "There is no update named “9”."),
        ("ask-facts", "text=+", "Write what you need to know."),
    ] {
        let sent = visit.post(&format!("{number}/comms/{form}"), fields).await;
        assert!(sent.status.is_client_error(), "{form} {fields}: {}", sent.status);
        assert!(sent.text.contains(says), "{form} {fields} does not say {says}: {}", sent.text);
        assert!(!fields.contains("Kept") || sent.text.contains("Kept"), "{form}: what was typed is lost");
    }
}

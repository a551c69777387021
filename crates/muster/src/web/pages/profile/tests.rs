//! How a person is reached, as they change it themselves and see that it works.

use crate::web::pages::visits::{Visit, body, filled, held};
use muster_core::contact::MeansKind;
use muster_core::ids::PersonId;

/// The six digits that the pretend phone or mailbox of that person shows.
async fn code(visit: &mut Visit) -> String {
    visit.settle().await;
    let phones = visit.get("/phones").await.text;
    let at = phones.find(" is your code").unwrap_or_else(|| panic!("no code in {phones}"));
    phones[at - 7..at].replace(' ', "")
}

async fn visit() -> Visit {
    let mut visit = Visit::begin().await;
    visit.sign_in().await;
    visit.be("gareth").await;
    visit
}

#[tokio::test]
async fn somebody_changes_how_they_are_reached_and_proves_that_it_works() {
    let mut visit = visit().await;
    let (page, other) = (visit.get("/profile").await.text, visit.get("/profile").await.text);
    let wrong = visit.post("/profile/means", &filled(&page, "/profile/means", &[("means", "telex 1")])).await;
    assert!(wrong.status.as_u16() == 422 && wrong.text.contains("does not begin with a means"), "{}", wrong.text);
    assert_eq!(held(&wrong.text, "means-form-means"), "telex 1");
    let to = [("means", "email gareth@new.example\nin person Room 4")];
    let saved = visit.post("/profile/means", &filled(&page, "/profile/means", &to)).await;
    assert!(saved.headers["location"].to_str().unwrap().ends_with("#means"), "{}", saved.text);
    let gareth = visit.app.ops.organisation().await.unwrap().people[&PersonId::from("gareth")].clone();
    assert_eq!(gareth.means.iter().map(|m| m.kind).collect::<Vec<_>>(), [MeansKind::Email, MeansKind::InPerson]);
    // What was drawn before that knows no more than it did.
    let stale =
        visit.post("/profile/means", &filled(&other, "/profile/means", &[("means", "email a@b.example")])).await;
    assert!(
        stale.status.as_u16() == 409 && stale.text.contains("changed this while you were writing"),
        "{}",
        stale.text
    );

    let page = visit.get("/profile").await.text;
    assert!(page.contains("Not verified") && page.contains("Only people use it"), "{page}");
    assert!(!page.contains("action=\"/profile/means/1/send\""), "nothing can be sent to a room: {page}");
    let early = visit.post("/profile/means/0/verify", "code=123456").await;
    assert!(early.status.as_u16() == 422 && early.text.contains("No code was sent there"), "{}", early.text);
    assert_eq!(visit.post("/profile/means/0/send", "").await.status.as_u16(), 303);
    let soon = visit.post("/profile/means/0/send", "").await;
    assert!(soon.status.as_u16() == 422 && soon.text.contains("Wait a minute"), "{}", soon.text);
    let code = code(&mut visit).await;
    let other = if code == "000000" { "000001" } else { "000000" };
    let wrong = visit.post("/profile/means/0/verify", &body(&[("code", other)])).await;
    assert!(
        wrong.status.as_u16() == 422 && wrong.text.contains("That is not the code that was sent"),
        "{}",
        wrong.text
    );
    let spaced = format!("{} {}", &code[..3], &code[3..]);
    assert_eq!(visit.post("/profile/means/0/verify", &body(&[("code", &spaced)])).await.status.as_u16(), 303);
    for path in ["/profile", "/people/gareth"] {
        let page = visit.get(path).await.text;
        assert!(page.contains("Verified") && !page.contains("Not verified"), "{path}: {page}");
    }
    // Another address is another thing: nobody has seen that work.
    let page = visit.get("/profile").await.text;
    let to = [("means", "email gareth@other.example")];
    assert_eq!(visit.post("/profile/means", &filled(&page, "/profile/means", &to)).await.status.as_u16(), 303);
    assert!(visit.get("/people/gareth").await.text.contains("Not verified"));
}

#[tokio::test]
async fn a_code_cannot_be_guessed_and_is_nobody_elses() {
    let mut visit = visit().await;
    let page = visit.get("/profile").await.text;
    let to = [("means", "email g@new.example\nemail h@new.example")];
    visit.post("/profile/means", &filled(&page, "/profile/means", &to)).await;
    assert_eq!(visit.post("/profile/means/0/send", "").await.status.as_u16(), 303);
    let code = code(&mut visit).await;
    let elsewhere = visit.post("/profile/means/1/verify", &body(&[("code", &code)])).await;
    assert!(elsewhere.text.contains("No code was sent there"), "{}", elsewhere.text);
    let other = if code == "000000" { "000001" } else { "000000" };
    for _ in 0..5 {
        let wrong = visit.post("/profile/means/0/verify", &body(&[("code", other)])).await;
        assert!(wrong.text.contains("That is not the code"), "{}", wrong.text);
    }
    let late = visit.post("/profile/means/0/verify", &body(&[("code", &code)])).await;
    assert!(late.status.as_u16() == 422 && late.text.contains("Too many wrong codes"), "{}", late.text);
    assert_eq!(visit.post("/profile/means/7/send", "").await.status.as_u16(), 404);
}

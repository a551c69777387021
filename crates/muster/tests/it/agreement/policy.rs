//! Versions of the procedure: drafted, refused, changed, signed, and put in force over who has not.

use super::Told;
use super::script::let_in;

pub async fn versions(told: &mut Told) {
    let_in(told, "adaeze").await;
    let begin = [("note", "The first word sooner"), ("decision", "D-1"), ("group", "user-support")];
    told.form(403, "adaeze", "/policy/begin", &begin).await;
    told.form(422, "priya", "/policy/begin", &[("note", " ")]).await;
    told.form(303, "priya", "/policy/begin", &begin).await;
    let words = [("steps", "Ring the director\nRing the owner"), ("decisions", "")];
    told.form(303, "priya", "/policy/2/edit/escalation", &words).await;
    told.form(422, "priya", "/policy/2/edit/escalation", &[("steps", "")]).await;
    told.form(422, "priya", "/policy/2/edit/figures", &[("nag_every", "often")]).await;
    told.form(404, "priya", "/policy/2/edit/nothing", &[]).await;
    told.form(404, "priya", "/policy/9/propose", &[]).await;
    told.form(409, "adaeze", "/policy/2/sign/user-support", &[]).await;
    told.form(303, "priya", "/policy/2/propose", &[]).await;
    told.settle().await;
    told.form(403, "marta", "/policy/2/sign/user-support", &[]).await;
    told.form(303, "adaeze", "/policy/2/decline/user-support", &[("reason", "And the owner's deputy?")]).await;
    told.form(303, "adaeze", "/policy/2/sign/user-support", &[]).await;
    told.form(409, "priya", "/policy/2/edit/escalation", &words).await;
    told.form(303, "priya", "/policy/begin", &begin).await;
    told.form(303, "priya", "/policy/3/propose", &[]).await;
    told.form(422, "priya", "/policy/3/force", &[("reason", "")]).await;
    told.form(303, "priya", "/policy/3/force", &[("reason", "The term begins")]).await;
    told.settle().await;
}

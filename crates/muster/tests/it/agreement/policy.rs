//! Versions of the procedure: drafted, refused, changed, signed, and put in force over who has not.

use super::Told;
use super::script::let_in;
use serde_json::{Value, json};

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
    by_program(told).await;
}

/// The same by the API, for versions that come after.
async fn by_program(told: &mut Told) {
    let begin = json!({ "note": "Sooner still", "groups": ["user-support"] });
    told.api(403, "adaeze", "POST", "/api/v1/policy", begin.clone()).await;
    told.api(422, "priya", "POST", "/api/v1/policy", json!({ "note": " " })).await;
    let begun = told.api_once(201, "priya", "POST", "/api/v1/policy", begin.clone(), Some("begin")).await;
    let again = told.api_once(201, "priya", "POST", "/api/v1/policy", begin, Some("begin")).await;
    assert_eq!(
        (begun["version"].clone(), again["entries"].as_array().map(Vec::len)),
        (again["version"].clone(), Some(0))
    );
    let of = format!("/api/v1/policy/{}", begun["version"]["number"]);
    let whole = told.api(200, "priya", "GET", &of, Value::Null).await;
    let edit = |figures: Value| json!({ "to": { "figures": figures }, "seen": whole["version"]["seq"] });
    told.api(200, "priya", "POST", &format!("{of}/edit"), edit(json!({ "nag_every": "7m" }))).await;
    told.api(422, "priya", "POST", &format!("{of}/edit"), edit(json!({ "nag_every": "8m" }))).await;
    for wrong in [json!({ "nag_every": "often" }), json!({ "nags": 1 })] {
        told.api(422, "priya", "POST", &format!("{of}/edit"), json!({ "to": { "figures": wrong } })).await;
    }
    told.api(200, "priya", "POST", &format!("{of}/propose"), json!({})).await;
    let sign = |seen: u64| json!({ "area": "user-support", "seen": seen });
    told.api(403, "marta", "POST", &format!("{of}/sign"), sign(9)).await;
    told.api(422, "adaeze", "POST", &format!("{of}/sign"), sign(1)).await;
    let decline = json!({ "area": "user-support", "reason": "Seven is odd" });
    told.api(200, "adaeze", "POST", &format!("{of}/decline"), decline).await;
    told.api(422, "priya", "POST", &format!("{of}/force"), json!({ "reason": " " })).await;
    let signed = told.api(200, "adaeze", "POST", &format!("{of}/sign"), sign(9)).await;
    assert_eq!(signed["version"]["groups"][0]["signed_by"], "Adaeze Okonkwo-Fitzgerald");
    told.settle().await;
    let whole = told.api(200, "marta", "GET", &of, Value::Null).await;
    let policy = &whole["policy"];
    assert_eq!((&whole["version"]["stage"], &policy["nag_every"]), (&json!("in-force"), &json!("7m")));
    assert_ne!(policy["tell_directly"], json!([]), "what was not named stays");
    let all = told.api(200, "marta", "GET", "/api/v1/policy", Value::Null).await;
    assert_eq!(all["versions"][0]["number"], whole["version"]["number"]);
    told.api(404, "marta", "GET", "/api/v1/policy/99", Value::Null).await;
    told.api(404, "marta", "GET", "/api/v1/policy/x", Value::Null).await;
}

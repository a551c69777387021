//! Renders every page from sample views into `target/gallery/`, so that pages can be looked at and
//! checked without a server. Serve that folder to look at it: `python3 -m http.server -d target/gallery`.

mod alerts;
mod declare;
mod directory;
mod form;
mod incident;
mod link;
mod now;
mod phones;
mod plan;
mod report;
mod sample;
mod session;
mod triage;

use askama::Template;
use muster::web::assets;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../target/gallery");
    let _ = fs::remove_dir_all(&root);
    let files = root.join(assets::asset("").trim_start_matches('/'));
    copy(&PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("assets"), &files)?;
    let mut names = Vec::new();
    for (name, html) in pages()? {
        fs::write(root.join(format!("{name}.html")), html)?;
        names.push(name);
    }
    fs::write(root.join("pages.txt"), names.join("\n"))?;
    fs::write(root.join("form-style-hash.txt"), muster::web::view::document::style_hash())?;
    println!("{} pages in {}", names.len(), root.display());
    Ok(())
}

/// Every page with its name.
fn pages() -> askama::Result<Vec<(&'static str, String)>> {
    Ok(vec![
        ("now", now::busy().render()?),
        ("now-empty", now::empty().render()?),
        ("incidents", now::incidents().render()?),
        ("incidents-none", now::incidents_none().render()?),
        ("incident", incident::open().render()?),
        ("incident-suspected", incident::suspected().render()?),
        ("incident-restored", incident::restored().render()?),
        ("incident-errors", incident::errors().render()?),
        ("incident-reader", incident::reader().render()?),
        ("incident-replayed", incident::replayed().render()?),
        ("plan", plan::plan().render()?),
        ("plan-empty", plan::empty().render()?),
        ("plan-errors", plan::errors().render()?),
        ("triage", triage::first().render()?),
        ("triage-chosen", triage::chosen().render()?),
        ("triage-errors", triage::errors().render()?),
        ("declare", declare::declare().render()?),
        ("declare-errors", declare::declare_errors().render()?),
        ("declared", declare::declared().render()?),
        ("alerts", alerts::list().render()?),
        ("alert", alerts::selected().render()?),
        ("alerts-none", alerts::none().render()?),
        ("link", link::link().render()?),
        ("link-taken", link::link_taken().render()?),
        ("link-known", link::link_known().render()?),
        ("link-cannot", link::link_cannot().render()?),
        ("link-gone", link::link_gone().render()?),
        ("link-expired", link::link_expired().render()?),
        ("link-release", link::link_release().render()?),
        ("phones", phones::phones().render()?),
        ("phones-quiet", phones::phones_quiet().render()?),
        ("oncall", directory::oncall().render()?),
        ("people", directory::people().render()?),
        ("person", directory::person().render()?),
        ("systems", directory::systems().render()?),
        ("system", directory::system().render()?),
        ("system-quiet", directory::system_quiet().render()?),
        ("policy", directory::policy().render()?),
        ("organisation", directory::organisation().render()?),
        ("organisation-edit", directory::edit().render()?),
        ("organisation-changes", directory::changes().render()?),
        ("organisation-holidays", directory::holidays().render()?),
        ("sign-in", session::sign_in().render()?),
        ("send-kept", session::send_kept().render()?),
        ("set-up", session::set_up().render()?),
        ("go-in", session::go_in().render()?),
        ("profile", session::profile().render()?),
        ("more", session::menu().render()?),
        ("not-found", session::not_found().render()?),
        ("unavailable", session::unavailable().render()?),
        ("bug", session::bug().render()?),
        ("form", form::form().render()?),
        ("report", report::form().render()?),
        ("report-errors", report::errors().render()?),
        ("report-known", report::known().render()?),
        ("report-recorded", report::recorded().render()?),
    ])
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)?.flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() { copy(&entry.path(), &target)? } else { fs::copy(entry.path(), target).map(drop)? }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// What stands between each `from` and the next `to`.
    fn between<'a>(html: &'a str, from: &'a str, to: &'a str) -> impl Iterator<Item = &'a str> {
        html.split(from).skip(1).map(move |rest| rest.split(to).next().unwrap_or_default())
    }

    #[test]
    fn nothing_needs_more_than_the_strict_content_security_policy_allows() {
        for (name, html) in pages().unwrap() {
            assert!(!html.contains(" style="), "{name}: style attribute");
            assert!(between(&html, "<script", ">").all(|tag| tag.contains(" src=\"/assets/")), "{name}: inline script");
            assert_eq!(html.matches("<style").count(), usize::from(name == "form"), "{name}: inline style");
            let mut words = between(&html, "<", ">").flat_map(str::split_whitespace);
            assert!(!words.any(|w| w.starts_with("on") && w.contains("=\"")), "{name}: event handler");
            let remote = between(&html, "src=\"", "\"").chain(between(&html, "action=\"", "\""));
            assert!(remote.into_iter().all(|url| url.starts_with('/')), "{name}: an address elsewhere");
        }
    }

    #[test]
    fn every_form_that_changes_something_acts_once() {
        for (name, html) in pages().unwrap() {
            for form in between(&html, "<form", "</form>")
                .filter(|form| form.contains("method=\"post\"") && !form.contains("/sign-out"))
            {
                assert_eq!(form.matches("name=\"act\"").count(), 1, "{name}: {form}");
                assert!(form.contains("type=\"submit\""), "{name}: {form}");
            }
        }
    }

    #[test]
    fn ids_are_unique_and_whatever_points_to_one_finds_it() {
        for (name, html) in pages().unwrap() {
            let all: Vec<_> = between(&html, " id=\"", "\"").collect();
            let ids: BTreeSet<_> = all.iter().copied().collect();
            assert_eq!(ids.len(), all.len(), "{name}: an id stands twice");
            let lists = between(&html, "aria-labelledby=\"", "\"").chain(between(&html, "aria-describedby=\"", "\""));
            let single = between(&html, " for=\"", "\"")
                .chain(between(&html, " list=\"", "\""))
                .chain(between(&html, "href=\"#", "\""));
            // Entries that stand on another page of the log are reached with a script or not at all.
            let entry = |id: &str| id.strip_prefix('e').is_some_and(|n| n.parse::<u64>().is_ok());
            for id in lists.flat_map(str::split_whitespace).chain(single).filter(|id| !entry(id)) {
                assert!(ids.contains(id), "{name}: nothing has the id {id}");
            }
        }
    }

    #[test]
    fn what_people_wrote_is_never_markup() {
        let html = now::incidents_none().render().unwrap();
        assert!(html.contains("portal&#60;script&#62;") && !html.contains("<script>"));
    }

    #[test]
    fn titles_stay_short() {
        for (name, html) in pages().unwrap() {
            let title = between(&html, "<title>", "</title>").next().unwrap_or_default();
            assert!((10..70).contains(&title.chars().count()), "{name}: {title}");
        }
    }

    #[test]
    fn a_form_with_problems_comes_back_open_with_what_was_typed() {
        let html = incident::errors().render().unwrap();
        assert_eq!(
            html.matches("<dialog").count() - 1,
            between(&html, "<dialog", ">").filter(|tag| !tag.contains(" open")).count()
        );
        assert!(html.contains(r#"value="25:99""#) && html.contains(r##"<a href="#set-went-down-at">"##));
    }
}

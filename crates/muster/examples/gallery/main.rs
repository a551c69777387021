//! Renders every page from sample views into `target/gallery/`, so that pages can be looked at and
//! checked without a server. Serve that folder to look at it: `python3 -m http.server -d target/gallery`.

mod alerts;
mod incident;
mod more;
mod now;
mod sample;

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
    let mut page = |name: &str, page: &dyn Renders| -> Result<(), Box<dyn Error>> {
        fs::write(root.join(format!("{name}.html")), page.html()?)?;
        names.push(name.to_owned());
        Ok(())
    };
    page("now", &now::busy())?;
    page("now-empty", &now::empty())?;
    page("incidents", &now::incidents())?;
    page("incidents-none", &now::incidents_none())?;
    page("incident", &incident::open())?;
    page("incident-suspected", &incident::suspected())?;
    page("incident-restored", &incident::restored())?;
    page("incident-errors", &incident::errors())?;
    page("incident-reader", &incident::reader())?;
    page("declare", &more::declare())?;
    page("declare-errors", &more::declare_errors())?;
    page("declared", &more::declared())?;
    page("alerts", &alerts::list())?;
    page("alert", &alerts::selected())?;
    page("alerts-none", &alerts::none())?;
    page("link", &more::link())?;
    page("link-taken", &more::link_taken())?;
    page("link-known", &more::link_known())?;
    page("link-cannot", &more::link_cannot())?;
    page("link-gone", &more::link_gone())?;
    page("link-expired", &more::link_expired())?;
    page("phones", &more::phones())?;
    page("phones-quiet", &more::phones_quiet())?;
    page("oncall", &more::oncall())?;
    page("people", &more::people())?;
    page("person", &more::person())?;
    page("systems", &more::systems())?;
    page("system", &more::system())?;
    page("system-quiet", &more::system_quiet())?;
    page("sign-in", &more::sign_in())?;
    page("set-up", &more::set_up())?;
    page("profile", &more::profile())?;
    page("more", &more::menu())?;
    page("not-found", &more::not_found())?;
    page("unavailable", &more::unavailable())?;
    page("bug", &more::bug())?;
    page("form", &more::form())?;
    fs::write(root.join("pages.txt"), names.join("\n"))?;
    fs::write(root.join("form-style-hash.txt"), muster::web::view::document::style_hash())?;
    println!("{} pages in {}", names.len(), root.display());
    Ok(())
}

trait Renders {
    fn html(&self) -> askama::Result<String>;
}
impl<T: Template> Renders for T {
    fn html(&self) -> askama::Result<String> {
        self.render()
    }
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)?.flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() { copy(&entry.path(), &target)? } else { fs::copy(entry.path(), target).map(drop)? }
    }
    Ok(())
}

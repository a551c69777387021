//! Rules of the house that a machine can check.

use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every Rust file below `folder`, with its text.
fn sources(folder: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut todo = vec![root().join(folder)];
    while let Some(place) = todo.pop() {
        for entry in std::fs::read_dir(&place).unwrap_or_else(|e| panic!("{}: {e}", place.display())).flatten() {
            let path = entry.path();
            if path.is_dir() && !path.ends_with("target") && !path.ends_with("node_modules") {
                todo.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let name = path.strip_prefix(root()).unwrap_or(&path).display().to_string();
                found.push((name, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    assert!(!found.is_empty(), "no sources in {folder}");
    found.sort();
    found
}

/// Code without the lines of comments.
fn code(text: &str) -> String {
    text.lines().filter(|l| !l.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

#[test]
fn who_may_use_whom() {
    let forbidden = [
        ("store", &["ops", "engine", "web", "cli", "intake", "channels", "documents", "app"][..]),
        ("intake", &["store", "ops", "engine", "web", "cli", "channels", "documents", "app"]),
        ("channels", &["store", "ops", "engine", "web", "cli", "intake", "documents", "app"]),
        ("ops", &["engine", "web", "cli", "channels", "app"]),
        ("engine", &["web", "cli", "intake", "documents"]),
        ("documents", &["engine", "web", "cli", "channels", "intake", "app"]),
        ("cli", &["engine"]),
    ];
    let mut wrong = Vec::new();
    for (module, not) in forbidden {
        for (name, text) in sources(&format!("crates/muster/src/{module}")) {
            let code = code(&text);
            wrong.extend(
                not.iter().filter(|n| code.contains(&format!("crate::{n}"))).map(|n| format!("{name} uses {n}")),
            );
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_simulated_part_names_no_runtime_no_clock_and_no_unordered_map() {
    let mut files = sources("crates/core/src");
    files.extend(sources("crates/muster/src/ops"));
    files.extend(sources("crates/muster/src/engine").into_iter().filter(|(n, _)| !n.ends_with("engine/run.rs")));
    let mut wrong = Vec::new();
    for (name, text) in files {
        let code = code(&text);
        for word in ["tokio", "spawn(", "select!", "SystemTime", "Instant::now", "Timestamp::now", "HashMap", "HashSet"]
        {
            if code.contains(word) {
                wrong.push(format!("{name}: {word}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn only_the_clock_asks_the_time() {
    let asks = |code: &str| ["Timestamp::now", "SystemTime::now", "Time::now()"].iter().any(|w| code.contains(w));
    let wrong: Vec<_> = sources("crates/muster/src")
        .into_iter()
        .filter(|(name, text)| {
            !name.ends_with("clock.rs") && asks(&code(text.split("#[cfg(test)]").next().unwrap_or("")))
        })
        .map(|(name, _)| name)
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn sql_stands_in_the_store() {
    // The pretend phones and the proof of a whole database read tables of their own accord, in ops.
    let allowed = ["ops/demo.rs", "ops/verify.rs"];
    let mut wrong = Vec::new();
    for (name, text) in sources("crates/muster/src") {
        let inside =
            name.contains("/store/") || name.ends_with("/tests.rs") || allowed.iter().any(|a| name.ends_with(a));
        let code = code(text.split("#[cfg(test)]").next().unwrap_or(""));
        if !inside
            && ["SELECT ", "INSERT INTO", "DELETE FROM", "UPDATE "].iter().any(|w| code.contains(&format!("\"{w}")))
        {
            wrong.push(name);
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// What a page or an address of the API shows is read with the eyes of whoever asks.
#[test]
fn no_page_sees_with_musters_own_eyes() {
    let all = "Sight::all()";
    let allowed = [
        ("web/pages/link.rs", "subjects::load"), // a personal link is for whom it was sent to
    ];
    let mut wrong = Vec::new();
    for (name, text) in sources("crates/muster/src/web") {
        let code = code(text.split("#[cfg(test)]").next().unwrap_or(""));
        for word in [all, "subjects::load", "alerts::load", "rows::load"] {
            let may = name.ends_with("/tests.rs") || allowed.iter().any(|(n, w)| name.ends_with(n) && *w == word);
            if !may && code.contains(word) {
                wrong.push(format!("{name}: {word}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_test_is_skipped_and_nothing_is_left_to_do() {
    let mut wrong = Vec::new();
    for folder in ["crates/core", "crates/muster/src", "crates/muster/tests", "crates/paper"] {
        for (name, text) in sources(folder) {
            if name.ends_with("tidy.rs") {
                continue;
            }
            let code = code(&text);
            for word in ["todo!(", "unimplemented!(", "dbg!("] {
                if code.contains(word) {
                    wrong.push(format!("{name}: {word}"));
                }
            }
            // Only a test that another one runs, as a child process, is ignored; it says which.
            let lines = text.lines().map(str::trim).filter(|l| l.starts_with("#[ignore"));
            let ignored = lines.filter(|l| !l.starts_with("#[ignore = \"run by ")).count();
            if ignored > 0 {
                wrong.push(format!("{name}: {ignored} tests are ignored, and no other runs them"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_migration_is_listed() {
    let listed = muster::store::migrate::MIGRATIONS.len();
    let there = std::fs::read_dir(root().join("crates/muster/migrations")).unwrap().count();
    assert_eq!(listed, there);
}

#[test]
fn bytes_become_hex_in_one_way() {
    let own = sources("crates/muster/src").into_iter().filter(|(_, text)| text.contains("02x}"));
    let own: Vec<_> = own.map(|(name, _)| name).collect();
    assert!(own.is_empty(), "use hex::encode: {own:#?}");
}

/// A schema that another overwrites is documented as what it is not.
#[test]
fn no_two_schemas_of_the_api_have_one_name() {
    let mut named: std::collections::BTreeMap<String, Vec<String>> = std::collections::BTreeMap::new();
    for (file, text) in sources("crates/muster/src/web/api") {
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            if !line.starts_with("#[derive(") || !line.contains("ToSchema") {
                continue;
            }
            let mut name = None;
            for line in lines.by_ref() {
                if let Some(rest) = line.strip_prefix("#[schema(as = ") {
                    name = rest.split([')', ',']).next().map(str::to_owned);
                }
                let item = ["pub struct ", "pub enum "].into_iter().find_map(|item| line.strip_prefix(item));
                if let Some(rest) = item {
                    let own = rest.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
                    named.entry(name.unwrap_or_else(|| own.to_owned())).or_default().push(file.clone());
                    break;
                }
            }
        }
    }
    assert!(named.len() > 100, "only {} schemas were found", named.len());
    named.retain(|_, files| files.len() > 1);
    assert!(named.is_empty(), "{named:#?}");
}

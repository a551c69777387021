//! `docs/process-coverage.md`: which requirement is proved by which test, made from the `// proves:`
//! lines above tests.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Requirement -> clauses with the tests that prove them.
type Proofs = BTreeMap<String, Vec<(String, String)>>;

fn collect(place: &Path, proofs: &mut Proofs) {
    for entry in std::fs::read_dir(place).unwrap_or_else(|e| panic!("{}: {e}", place.display())).flatten() {
        let path = entry.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() && !["target", "node_modules", ".git"].contains(&name.as_str()) {
            collect(&path, proofs);
        } else if path.extension().is_some_and(|e| e == "rs" || e == "mjs") {
            read(&path, proofs);
        }
    }
}

fn read(path: &Path, proofs: &mut Proofs) {
    let text = std::fs::read_to_string(path).unwrap();
    let place = path.strip_prefix(root()).unwrap_or(path).display().to_string();
    let mut waiting: Vec<(String, String)> = Vec::new();
    let mut is_test = false;
    for line in text.lines().map(str::trim) {
        if let Some((id, clause)) = line.strip_prefix("// proves: ").map(|p| p.split_once(' ').unwrap_or((p, ""))) {
            let is_id = |word: &str| {
                word.split_once('-').is_some_and(|(kind, n)| {
                    kind.chars().all(|c| c.is_ascii_uppercase()) && n.chars().all(|c| c.is_ascii_digit())
                })
            };
            let next = clause.split([' ', ',']).find(|w| !w.is_empty()).unwrap_or("");
            assert!(
                is_id(id) && !clause.is_empty() && !is_id(next),
                "{place}: one requirement and its clause a line: {line}"
            );
            waiting.push((id.to_owned(), clause.to_owned()));
            is_test = false;
        } else if line.starts_with("#[test]") || line.starts_with("#[tokio::test") {
            is_test = true;
        } else if let Some(test) = test_name(line) {
            // A line inside a test would be taken for one above whatever follows.
            let proves = is_test || line.starts_with("test(");
            assert!(waiting.is_empty() || proves, "{place}: {test} is no test, and {waiting:?} stand above it");
            for (id, clause) in waiting.drain(..) {
                proofs.entry(id).or_default().push((clause, format!("`{place}` {test}")));
            }
        }
    }
    assert!(waiting.is_empty(), "{place}: {waiting:?} stand above no test");
}

fn test_name(line: &str) -> Option<String> {
    let line = line.strip_prefix("async ").unwrap_or(line);
    if let Some(rest) = line.strip_prefix("fn ") {
        return rest.split(['(', '<']).next().map(|n| n.replace('_', " "));
    }
    let rest = line.strip_prefix("test(")?;
    rest.split(['\'', '"', '`']).nth(1).map(str::to_owned)
}

fn page(proofs: &Proofs) -> String {
    let mut page = String::from(
        "# What is proved of the process\n\nMade from the `// proves:` lines above tests; do not edit. A clause that is not here is not proved.\n",
    );
    for (id, clauses) in proofs {
        let _ = write!(page, "\n## {id}\n");
        let mut clauses = clauses.clone();
        clauses.sort();
        for (clause, test) in clauses {
            let clause = if clause.is_empty() { "(the whole)" } else { &clause };
            let _ = writeln!(page, "- {clause}: {test}");
        }
    }
    page
}

#[test]
fn the_coverage_page_is_what_the_tests_prove() {
    let mut proofs = Proofs::new();
    for folder in ["crates", "tests-browser"] {
        if root().join(folder).exists() {
            collect(&root().join(folder), &mut proofs);
        }
    }
    let (file, made) = (root().join("docs/process-coverage.md"), page(&proofs));
    if std::env::var_os("MUSTER_WRITE_COVERAGE").is_some() {
        std::fs::write(&file, &made).unwrap();
    }
    let there = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        there == made,
        "docs/process-coverage.md is stale; make it anew with: \
         MUSTER_WRITE_COVERAGE=1 cargo nextest run -p muster --test it coverage"
    );
}

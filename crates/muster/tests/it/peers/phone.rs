//! A person's phone: Debian's Chromium, driven by tests-browser/phone.mjs.

use super::process::{Folder, Program};
use serde_json::Value;
use std::path::Path;
use std::process::Command;

/// Does one step on the phone, and gives what its owner saw. The page must have been in order.
#[track_caller]
pub fn on_the_phone(folder: &Folder, step: &str, given: &Value) -> Value {
    let browser = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests-browser");
    let chromium = std::env::var("CHROMIUM").unwrap_or_else(|_| "/usr/bin/chromium".into());
    assert!(Path::new(&chromium).exists(), "{chromium} is missing; ./test installs it, or: apt-get install chromium");
    assert!(
        browser.join("node_modules/playwright-core").exists(),
        "tests-browser has no packages; ./test installs them, or: cd tests-browser && npm ci --ignore-scripts"
    );
    let mut command = Command::new("node");
    command.arg(browser.join("phone.mjs")).arg(step).arg(given.to_string());
    let seen = Program::run(folder, &format!("phone-{step}"), "nodejs", &mut command).fine();
    let seen: Value = serde_json::from_str(&seen).unwrap();
    assert_eq!(seen["wrong"], Value::Array(vec![]), "console errors, other hosts, or a page too wide: {seen}");
    seen
}

//! Bugs that can be switched on, to prove that the simulation's auditor sees them.
//!
//! Only builds with the feature `planted` contain them, and even there nothing is wrong until a test
//! switches one on, for its own thread. A release is never built with that feature.

/// `right`; in a build with the feature `planted`, `wrong` while the bug of that name is switched on.
#[cfg(feature = "planted")]
#[macro_export]
macro_rules! planted {
    ($name:literal, $right:expr, $wrong:expr $(,)?) => {
        if $crate::planted::is($name) { $wrong } else { $right }
    };
}

/// `right`; in a build with the feature `planted`, `wrong` while the bug of that name is switched on.
#[cfg(not(feature = "planted"))]
#[macro_export]
macro_rules! planted {
    ($name:literal, $right:expr, $wrong:expr $(,)?) => {
        $right
    };
}

#[cfg(feature = "planted")]
mod switch {
    use std::cell::Cell;

    thread_local! {
        static ON: Cell<Option<&'static str>> = const { Cell::new(None) };
    }

    /// Switches that bug on for this thread, and every other off.
    pub fn switch_on(name: Option<&'static str>) {
        ON.set(name);
    }

    /// Whether that bug is switched on.
    #[must_use]
    pub fn is(name: &str) -> bool {
        ON.get() == Some(name)
    }
}

#[cfg(feature = "planted")]
pub use switch::{is, switch_on};

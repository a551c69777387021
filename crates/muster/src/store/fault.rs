//! Faults of the database at a chosen moment, for the simulation: the machine stops in the middle of a
//! transaction, or right after COMMIT. Without the feature `planted` there are none.

use super::Error;

/// A moment of a transaction.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Moment {
    /// Before a statement is carried out.
    Statement,
    /// Before COMMIT.
    BeforeCommit,
    /// After COMMIT: it is done, but whoever asked for it never hears so.
    AfterCommit,
}

#[cfg(feature = "planted")]
mod switch {
    use super::{Error, Moment};
    use std::cell::Cell;

    thread_local! {
        static NEXT: Cell<Option<(Moment, u32)>> = const { Cell::new(None) };
    }

    /// Arms this thread: the `nth` such moment from now fails, counted from 0. None disarms it.
    pub fn arm(fault: Option<(Moment, u32)>) {
        NEXT.set(fault);
    }

    /// Whether a fault is still to come.
    #[must_use]
    pub fn is_armed() -> bool {
        NEXT.get().is_some()
    }

    pub(in super::super) fn strikes(now: Moment) -> Result<(), Error> {
        match NEXT.get() {
            Some((moment, 0)) if moment == now => {
                NEXT.set(None);
                Err(Error::Unavailable("a fault of the simulation".to_owned()))
            }
            Some((moment, n)) if moment == now => {
                NEXT.set(Some((moment, n - 1)));
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

#[cfg(feature = "planted")]
pub(super) use switch::strikes;
#[cfg(feature = "planted")]
pub use switch::{arm, is_armed};

/// No fault ever.
#[cfg(not(feature = "planted"))]
#[allow(clippy::unnecessary_wraps, reason = "the same shape as with faults")]
pub(super) fn strikes(_now: Moment) -> Result<(), Error> {
    Ok(())
}

//! The clock: the one place of the program that asks what time it is.

use muster_core::{Time, whole_ms};
use std::sync::atomic::{AtomicI64, Ordering};

/// Tells the time.
pub trait Clock: Send + Sync + 'static {
    /// Now, to the millisecond.
    fn now(&self) -> Time;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Time {
        whole_ms(Time::now())
    }
}

/// A clock that moves only when it is told to: for stories and the simulation.
#[derive(Debug)]
pub struct MovableClock(AtomicI64);

impl MovableClock {
    /// A clock that stands at `t`.
    #[must_use]
    pub fn at(t: Time) -> Self {
        Self(AtomicI64::new(t.as_millisecond()))
    }

    /// Moves it by `span`, which may be negative.
    pub fn advance(&self, span: muster_core::Span) {
        let ms = i64::try_from(span.as_millis()).unwrap_or(0);
        self.0.fetch_add(ms, Ordering::SeqCst);
    }
}

impl Clock for MovableClock {
    fn now(&self) -> Time {
        muster_core::at_ms(self.0.load(Ordering::SeqCst))
    }
}

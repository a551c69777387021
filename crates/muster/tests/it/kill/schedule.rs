//! When a round's kill falls: drawn from the seed and the round alone, so that both name it for ever.

use crate::sim::rng::Rng;
use std::fmt;
use std::time::Duration;

/// What the kill waits for, and how long it then lets the server go on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Window {
    /// So long after the load has begun.
    UnderLoad,
    /// The first 2xx of the round: was it durable when it left?
    Accepted,
    /// The first message has been answered by its receiver: is that written down, or is it sent again?
    Delivered,
    /// The receiver has a message and has not answered: its send is in flight.
    InFlight,
    /// Under load; and once more while the server starts again, so that recovery is what is killed.
    Starting,
}

/// In this order, round after round, so that every window is met in any five rounds.
const WINDOWS: [Window; 5] =
    [Window::UnderLoad, Window::Accepted, Window::Delivered, Window::InFlight, Window::Starting];

/// The kill of one round.
#[derive(Clone, Copy, Debug)]
pub struct Kill {
    pub window: Window,
    /// After what the window waits for.
    pub after: Duration,
    /// Of [`Window::Starting`]: how long after the second start.
    pub again_after: Duration,
}

/// The kill of that round, and the stream that everything else in the round is drawn from.
pub fn of(seed: u64, round: u32) -> (Kill, Rng) {
    let rng = Rng::new(seed.wrapping_mul(1_000_003).wrapping_add(u64::from(round)));
    let window = WINDOWS[usize::try_from(round.wrapping_sub(1)).unwrap() % WINDOWS.len()];
    let longest_us = match window {
        Window::UnderLoad => 700_000,
        Window::Accepted | Window::Delivered => 5_000,
        Window::InFlight => 150_000,
        Window::Starting => 400_000,
    };
    let after = Duration::from_micros(rng.range(0, longest_us));
    // A start takes about 100 ms in a debug build, so that some kills fall before, some in and some after recovery.
    let again_after = Duration::from_micros(rng.range(5_000, 150_000));
    (Kill { window, after, again_after }, rng)
}

impl fmt::Display for Kill {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} + {:?}", self.window, self.after)?;
        match self.window {
            Window::Starting => write!(f, ", again {:?} after the start", self.again_after),
            _ => Ok(()),
        }
    }
}

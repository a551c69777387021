//! What the program takes from the world, in the simulation's hands.

use super::rng::Rng;
use muster::clock::{Clock, MovableClock};
use muster::ops::{Changed, World};
use muster::secrets::Random;
use muster_core::Time;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

pub struct SimulatedWorld {
    pub clock: Arc<MovableClock>,
    pub rng: Rng,
}

impl World for SimulatedWorld {
    fn now(&self) -> Time {
        self.clock.now()
    }

    fn random(&self) -> &dyn Random {
        &self.rng
    }

    /// Nobody needs waking: the simulation asks what is due.
    fn changed(&self, _: Changed) {}
}

/// Runs a future of the program's that is ready at its first poll, as everything on the inline database is.
pub fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => done,
        Poll::Pending => panic!("something waits that is not the database"),
    }
}

//! Who is next on a thread: people before signals.

use super::super::Error;
use super::Slot;
use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, PoisonError};

/// A transaction that waits for its thread.
pub(super) type Job = Box<dyn FnOnce(&mut Slot) + Send>;

/// Which of two queues a transaction waits in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in super::super) enum Lane {
    /// Somebody waits at a screen or on the phone, or the engine pursues them.
    First,
    /// A batch of signals: many at once are as quick as one, so waiting costs them little.
    Low,
}

/// Most transactions waiting in one lane. At a tenth of a millisecond each the last waits a good second on a slow
/// disk; whoever comes after is told 503 at once and may try again, rather than holding memory.
const WAITING_MAX: usize = 4096;

/// After so many of the first lane in a row, one of the low lane runs, so that a flood of one never stops the other.
const FIRST_IN_A_ROW_MAX: u32 = 64;

/// Two queues and one bell.
#[derive(Default)]
pub(super) struct Queue {
    state: Mutex<State>,
    bell: Condvar,
}

#[derive(Default)]
struct State {
    first: VecDeque<Job>,
    low: VecDeque<Job>,
    first_in_a_row: u32,
    closed: bool,
}

impl Queue {
    /// Adds a job, or says that too many wait.
    pub(super) fn push(&self, lane: Lane, job: Job) -> Result<(), Error> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let waiting = match lane {
            Lane::First => &mut state.first,
            Lane::Low => &mut state.low,
        };
        if waiting.len() >= WAITING_MAX {
            return Err(Error::Unavailable(format!("{WAITING_MAX} transactions wait already")));
        }
        waiting.push_back(job);
        self.bell.notify_one();
        Ok(())
    }

    /// No more jobs will come. Those that wait still run.
    pub(super) fn close(&self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).closed = true;
        self.bell.notify_all();
    }

    /// Waits for the next job; none once the queue is closed and empty.
    pub(super) fn next(&self) -> Option<Job> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(job) = state.pick() {
                return Some(job);
            }
            if state.closed {
                return None;
            }
            state = self.bell.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl State {
    fn pick(&mut self) -> Option<Job> {
        let turn_of_low = self.first_in_a_row >= FIRST_IN_A_ROW_MAX && !self.low.is_empty();
        match self.first.pop_front_if(|_| !turn_of_low) {
            Some(job) => {
                self.first_in_a_row = self.first_in_a_row.saturating_add(1);
                Some(job)
            }
            None => {
                self.first_in_a_row = 0;
                self.low.pop_front()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    fn order_of(first: u32, low: u32) -> String {
        let (queue, order) = (Queue::default(), Arc::new(Mutex::new(String::new())));
        for (lane, letter, count) in [(Lane::Low, 'l', low), (Lane::First, 'F', first)] {
            for _ in 0..count {
                let order = Arc::clone(&order);
                queue.push(lane, Box::new(move |_| order.lock().unwrap().push(letter))).unwrap();
            }
        }
        queue.close();
        let mut slot = Slot::later(super::super::connection::Location::Memory);
        while let Some(job) = queue.next() {
            job(&mut slot);
        }
        Arc::into_inner(order).unwrap().into_inner().unwrap()
    }

    #[test]
    fn people_go_first_and_signals_still_get_their_turn() {
        assert_eq!(order_of(3, 2), "FFFll");
        assert_eq!(order_of(130, 3), format!("{0}l{0}lFFl", "F".repeat(64)));
        assert_eq!(order_of(0, 2), "ll");
    }

    #[test]
    fn a_full_lane_says_so_and_leaves_the_other_open() {
        let queue = Queue::default();
        for _ in 0..WAITING_MAX {
            queue.push(Lane::Low, Box::new(|_| ())).unwrap();
        }
        assert_eq!(
            queue.push(Lane::Low, Box::new(|_| ())),
            Err(Error::Unavailable("4096 transactions wait already".to_owned()))
        );
        assert_eq!(queue.push(Lane::First, Box::new(|_| ())), Ok(()));
    }
}

//! The simulation: the real operations and the real engine on one thread, in a world whose every
//! accident a seed decides, watched by an auditor who shares no code with them.
//!
//! Reading order: [`run`] (one run, time, the engine), [`steps`] (what can happen), [`audit`] (what must
//! hold). A seed that fails prints its last steps and the command that shows it again; equal seeds give
//! equal runs, bit for bit.
//!
//! - `tests/sim-seeds 10000` runs many, built to be fast.
//! - `MUSTER_SIM_SEEDS=500` runs more (from `MUSTER_SIM_FIRST` on), `MUSTER_SIM_SEED=42` only that one,
//!   `MUSTER_SIM_STEPS=400` longer, `MUSTER_SIM_OUTAGES=5` more of the large organisation.
//! - `MUSTER_SIM_SHOWN=100000` shows the whole run that failed, `MUSTER_SIM_OFTEN=meet` (or `triage`, `restrict`, `answer`, `restore`) makes it
//!   runs in which people do more of that.

mod audit;
mod large;
mod meeting;
mod often;
mod organisation;
#[cfg(feature = "planted")]
mod planted;
pub mod rng;
mod run;
mod steps;
pub mod world;

use often::Often;
use run::{Broken, Clean, Run};

/// Seeds of a usual run: so many take about a minute in a debug build on a busy machine of two cores.
const SEEDS: u64 = 8;
/// Steps of one run.
const STEPS: usize = 40;

pub fn from_environment<T: std::str::FromStr>(name: &str) -> Option<T> {
    std::env::var(name).ok().map(|v| v.parse().unwrap_or_else(|_| panic!("{name} says {v}")))
}

/// Seeds of the full outage in a usual run.
const OUTAGES: u64 = 1;

fn told(seed: u64, steps: usize, often: Option<Often>, broken: &Broken) -> String {
    let often = often.map(|o| format!("MUSTER_SIM_OFTEN={} ", o.word())).unwrap_or_default();
    format!(
        "{}\n\nseed {seed}, trace {}: {}\nagain: {often}MUSTER_SIM_SEED={seed} MUSTER_SIM_STEPS={steps} \
         cargo nextest run -p muster --features planted sim::nothing",
        broken.trace.join("\n"),
        broken.digest,
        broken.finding
    )
}

#[test]
fn nothing_is_lost_in_any_run() {
    let steps = from_environment("MUSTER_SIM_STEPS").unwrap_or(STEPS);
    let often: Option<Often> = from_environment("MUSTER_SIM_OFTEN");
    let seeds = match from_environment("MUSTER_SIM_SEED") {
        Some(one) => one..one + 1,
        None => {
            let first = from_environment("MUSTER_SIM_FIRST").unwrap_or(1);
            first..first + from_environment("MUSTER_SIM_SEEDS").unwrap_or(SEEDS)
        }
    };
    let began = std::time::Instant::now();
    let (mut sum, mut runs, mut first_broken) = (Clean::default(), 0u32, None);
    for seed in seeds {
        let run_began = std::time::Instant::now();
        let done = Run::new(seed).often(often).go(steps);
        println!("seed {seed} took {:?}", run_began.elapsed());
        match done {
            Ok(clean) => {
                sum.incidents += clean.incidents;
                sum.released += clean.released;
                sum.entries += clean.entries;
                sum.signals += clean.signals;
                sum.sent += clean.sent;
                sum.crashes += clean.crashes;
                runs += 1;
            }
            Err(broken) => {
                println!("seed {seed}: {}", broken.finding);
                first_broken = first_broken.or(Some((seed, broken)));
            }
        }
    }
    if let Some((seed, broken)) = first_broken {
        panic!("{}", told(seed, steps, often, &broken));
    }
    let took = began.elapsed().as_secs_f64();
    println!("{runs} runs in {took:.1} s, {:.1} a second: {sum:?}", f64::from(runs) / took);
    assert!(
        runs < 10 || (sum.incidents > 10 && sum.crashes > 10 && sum.released > 2),
        "the runs are too quiet to prove anything: {sum:?}"
    );
}

#[test]
fn a_seed_gives_the_same_run_bit_for_bit() {
    let run = |seed| match Run::new(seed).go(STEPS) {
        Ok(clean) => clean.digest,
        Err(broken) => broken.digest,
    };
    // Two of the shorter ones: the machine that runs them for every change has better things to do.
    let (one, other) = (run(4), run(8));
    assert_eq!(one, run(4));
    assert_ne!(one, other);
}

#[test]
fn a_full_outage_of_5_000_people_tells_everybody_or_raises_the_alarm() {
    let seeds = match from_environment("MUSTER_SIM_SEED") {
        Some(one) => one..one + 1,
        None => 1..from_environment("MUSTER_SIM_OUTAGES").unwrap_or(OUTAGES) + 1,
    };
    for seed in seeds {
        let began = std::time::Instant::now();
        let (outage, done) = Run::of(seed, large::organisation).full_outage();
        match done {
            Ok(clean) => println!("outage {seed} took {:?}: {outage:?}, {clean:?}", began.elapsed()),
            Err(broken) => panic!("{}\n{outage:?}\noutage of seed {seed}: {}", broken.trace.join("\n"), broken.finding),
        }
        // Both ways were gone, and it was the one incident of the whole organisation.
        assert!(outage.told >= 5 && outage.alarmed >= 3, "{outage:?}");
        assert!(outage.systems >= 50 && outage.hit == 5_000, "{outage:?}");
    }
}

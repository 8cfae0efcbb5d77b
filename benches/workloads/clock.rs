//! Wall-clock time and processor time.

use std::time::{Duration, Instant};

use cpu_time::ProcessTime;

/// A clock for wall-clock time and processor time.
pub struct Clock {
    wall: Instant,
    cpu: ProcessTime,
}

/// The time elapsed on a [`Clock`].
#[derive(Clone, Copy)]
pub struct Took {
    pub seconds: f64,
    /// The processor time of all threads.
    pub cpu_seconds: f64,
}

impl Clock {
    pub fn start() -> Self {
        Self { cpu: ProcessTime::now(), wall: Instant::now() }
    }

    pub fn took(&self) -> Took {
        Took { seconds: self.wall.elapsed().as_secs_f64(), cpu_seconds: self.cpu.elapsed().as_secs_f64() }
    }
}

/// Calls `call(0)`, `call(1)`, ... for at least `at_least`, after a warm-up. Returns the number of calls and their time.
///
/// It reads the clock once per block of calls, about a twentieth of the time, so reading it costs nothing.
pub fn repeat(at_least: Duration, mut call: impl FnMut(usize)) -> (usize, Took) {
    let (warm_up, mut block) = (Instant::now(), 0);
    while block == 0 || warm_up.elapsed() < at_least / 20 {
        call(block);
        block += 1;
    }
    let (clock, mut calls) = (Clock::start(), 0);
    while calls == 0 || clock.wall.elapsed() < at_least {
        (calls..calls + block).for_each(&mut call);
        calls += block;
    }
    (calls, clock.took())
}

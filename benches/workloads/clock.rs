//! Time by the clock on the wall and by that of the processors.

use std::time::{Duration, Instant};

use cpu_time::ProcessTime;

/// Started when it is made.
pub struct Clock {
    wall: Instant,
    cpu: ProcessTime,
}

/// What a [`Clock`] shows.
#[derive(Clone, Copy)]
pub struct Took {
    pub seconds: f64,
    /// Of all threads together.
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

/// Calls `call(0)`, `call(1)`, ... for at least that long, after some calls to warm up. Returns how many calls it was.
///
/// The clock is read once in about a twentieth of the time, so that reading it costs nothing.
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

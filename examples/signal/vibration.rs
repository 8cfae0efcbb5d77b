//! Generated vibration of rotating machines.
//!
//! Two accelerometers on a bearing, at a right angle, measure three causes:
//!
//! ```text
//! unbalance       a force that turns with the shaft: a wave of its frequency f, a quarter turn apart at the sensors
//! misalignment    a coupling that bends twice in a turn: a wave of 2 f
//! bearing fault   a ball that hits a damaged spot 3.6 times in a turn: each blow rings at a resonance of the housing
//! ```
//!
//! Every machine has a little of the first two. Source: Randall, "Vibration-based Condition Monitoring" (2011), chapter 2.

use std::f64::consts::{FRAC_PI_2, TAU};
use std::ops::Range;

use typenet::data::{DataError, Table};
use typenet::prelude::*;
use typenet::rand::RngExt;

/// The number of sensors.
pub const SENSORS: usize = 2;
/// The values of a sensor in a window, of 0.1 s.
pub const WINDOW: usize = 512;
/// The number of states.
pub const STATES: usize = 4;

/// The values of a sensor in a second.
const RATE: f64 = 5_120.0;
/// The blows of a ball in a turn of the shaft.
const BLOWS: f64 = 3.6;
/// The seconds in which the ringing falls to a fraction of 1/e.
const RINGING: f64 = 0.003;

/// Windows with the state of their machines.
pub type Windows = Table<f32, Const<{ SENSORS * WINDOW }>, Labels<Dyn, Const<STATES>>>;

/// The state of a machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Healthy,
    Unbalance,
    Misalignment,
    BearingFault,
}

impl State {
    /// All states, in the order of their classes.
    pub const ALL: [Self; STATES] = [Self::Healthy, Self::Unbalance, Self::Misalignment, Self::BearingFault];

    /// The name of the state.
    pub fn name(self) -> &'static str {
        ["healthy", "unbalance", "misalignment", "bearing fault"][self as usize]
    }
}

/// A machine of a random speed, with a fault of a random size. Amplitudes are in multiples of the noise's deviation.
#[derive(Debug)]
pub struct Machine {
    /// Its state.
    pub state: State,
    /// Turns of the shaft in a second.
    pub speed: f64,
    unbalance: f64,
    misalignment: f64,
    blow: f64,
    /// Of the housing, in hertz.
    resonance: f64,
}

impl Machine {
    /// Draws a machine in a state.
    pub fn random(state: State, rng: &mut StdRng) -> Self {
        let mut size = |fault: State, usual: f64, failing: Range<f64>| {
            rng.random_range(if state == fault { failing } else { 0.0..usual })
        };
        Self {
            state,
            unbalance: size(State::Unbalance, 0.3, 0.6..1.5),
            misalignment: size(State::Misalignment, 0.2, 0.5..1.2),
            blow: if state == State::BearingFault { rng.random_range(1.5..4.0) } else { 0.0 },
            speed: rng.random_range(24.0..32.0),
            resonance: rng.random_range(900.0..1_500.0),
        }
    }

    /// Measures a window: `WINDOW` values of the first sensor, then of the second.
    pub fn measure(&self, rng: &mut StdRng) -> Vec<f32> {
        let [once, twice] = [(); 2].map(|()| rng.random_range(0.0..TAU));
        let blows = self.blows(rng);
        let mut values = Vec::with_capacity(SENSORS * WINDOW);
        for sensor in 0..SENSORS {
            let (turned, near) = (sensor as f64 * FRAC_PI_2, rng.random_range(0.5..1.0));
            for index in 0..WINDOW {
                let seconds = index as f64 / RATE;
                let angle = TAU * self.speed * seconds;
                let waves =
                    self.unbalance * (angle + once - turned).cos() + self.misalignment * (2.0 * angle + twice).cos();
                let ringing: f64 = blows.iter().map(|blow| self.ring(seconds - blow)).sum();
                values.push(f32::of(waves + near * ringing + Normal { std: 1.0 }.draw(1, 1, rng)));
            }
        }
        values
    }

    /// Draws the times of the blows. Balls slip, so that the time between two blows varies by 2 %.
    fn blows(&self, rng: &mut StdRng) -> Vec<f64> {
        let period = 1.0 / (BLOWS * self.speed);
        let mut time = -period * rng.random_range(0.0..1.0);
        let mut blows = Vec::new();
        while self.blow > 0.0 && time < WINDOW as f64 / RATE {
            blows.push(time);
            time += period * (1.0 + Normal { std: 0.02 }.draw(1, 1, rng));
        }
        blows
    }

    /// The acceleration at some seconds after a blow.
    fn ring(&self, seconds: f64) -> f64 {
        if seconds < 0.0 {
            0.0
        } else {
            self.blow * (-seconds / RINGING).exp() * (TAU * self.resonance * seconds).sin()
        }
    }
}

/// Measures a window of each of `count` machines, of all states in turn.
pub fn generate(count: usize, rng: &mut StdRng) -> Result<Windows, DataError> {
    let states: Vec<usize> = (0..count).map(|machine| machine % STATES).collect();
    let values: Vec<f32> =
        states.iter().flat_map(|&state| Machine::random(State::ALL[state], rng).measure(rng)).collect();
    Windows::classification(&values, &states)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The mean amplitude of a wave over windows of a sensor.
    fn amplitude(machine: &Machine, turns: f64, rng: &mut StdRng) -> f64 {
        let windows = 200;
        let sum: f64 = (0..windows)
            .map(|_| {
                let values = machine.measure(rng);
                let sum = |phase: f64| -> f64 {
                    let wave = |index: usize| (TAU * turns * machine.speed * index as f64 / RATE + phase).cos();
                    values[..WINDOW].iter().enumerate().map(|(index, &value)| f64::from(value) * wave(index)).sum()
                };
                sum(0.0).hypot(sum(FRAC_PI_2)) * 2.0 / WINDOW as f64
            })
            .sum();
        sum / f64::from(windows)
    }

    #[test]
    fn faults_have_their_frequencies() {
        let rng = &mut StdRng::seed_from_u64(1);
        for (state, turns, smallest) in [(State::Unbalance, 1.0, 0.4), (State::Misalignment, 2.0, 0.3)] {
            let (faulty, mut healthy) = (Machine::random(state, rng), Machine::random(State::Healthy, rng));
            (healthy.unbalance, healthy.misalignment) = (0.0, 0.0);
            assert!(amplitude(&faulty, turns, rng) > smallest, "{state:?}");
            assert!(amplitude(&healthy, turns, rng) < 0.15, "{state:?}");
        }
    }

    #[test]
    fn blows_follow_each_other_in_the_period_of_the_balls() {
        let rng = &mut StdRng::seed_from_u64(2);
        let machine = Machine::random(State::BearingFault, rng);
        let blows = machine.blows(rng);
        let period = 1.0 / (BLOWS * machine.speed);
        assert!(blows.len() > 8 && blows[0] <= 0.0, "{blows:?}");
        assert!(blows.windows(2).all(|pair| (pair[1] - pair[0] - period).abs() < 0.1 * period), "{blows:?}");
        assert!(machine.ring(0.25 / machine.resonance) > 0.5 * machine.blow);
        assert_eq!(machine.ring(-0.001), 0.0);
        assert!(Machine::random(State::Healthy, rng).blows(rng).is_empty());
    }
}

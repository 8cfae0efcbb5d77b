//! How the learning rate changes in time.

use std::f64::consts::PI;
use std::fmt::{self, Display, Formatter};

use crate::optimizers::check::{not_negative, positive};

/// The learning rate of each step; steps are counted from 0.
///
/// ```
/// # use typenet_core as typenet;
/// use typenet::optimizers::Schedule;
///
/// let schedule = Schedule::cosine(0.001, 10_000).with_warm_up(500);
/// assert_eq!(schedule.rate(0), 0.001 / 500.0);
/// assert_eq!(schedule.rate(500), 0.001);
/// assert!((schedule.rate(5_500) - 0.0005).abs() < 1e-15);
/// assert_eq!(schedule.rate(10_500), 0.0);
/// ```
///
/// In the formulas `η` is the rate to start with, `t` the step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Schedule {
    rate: f64,
    course: Course,
    minimum: f64,
    warm_up: u64,
}

/// What part of the rate is left.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Course {
    Constant,
    Steps { every: u64, factor: f64 },
    Exponential { factor: f64 },
    Cosine { steps: u64 },
}

impl Schedule {
    #[track_caller]
    fn new(rate: f64, course: Course) -> Self {
        Self { rate: positive("a learning rate", rate), course, minimum: 0.0, warm_up: 0 }
    }

    /// The same rate for ever: `η`.
    ///
    /// # Panics
    ///
    /// If the rate is not a positive number, or infinite.
    #[must_use]
    #[track_caller]
    pub fn constant(rate: f64) -> Self {
        Self::new(rate, Course::Constant)
    }

    /// Times the factor after so many steps, again and again: `η · factor^⌊t / every⌋`. PyTorch's `StepLR`.
    ///
    /// # Panics
    ///
    /// If the rate is not a positive number, `every` is 0, or the factor is not a positive number.
    #[must_use]
    #[track_caller]
    pub fn steps(rate: f64, every: u64, factor: f64) -> Self {
        assert!(every > 0, "a rate that changes every 0 steps is none");
        Self::new(rate, Course::Steps { every, factor: positive("a factor", factor) })
    }

    /// Times the factor after each step: `η · factorᵗ`. PyTorch's `ExponentialLR`.
    ///
    /// # Panics
    ///
    /// If the rate or the factor is not a positive number.
    #[must_use]
    #[track_caller]
    pub fn exponential(rate: f64, factor: f64) -> Self {
        Self::new(rate, Course::Exponential { factor: positive("a factor", factor) })
    }

    /// Half a wave of the cosine, down to the minimum `m` in so many steps, and `m` from there on:
    /// `m + (η - m) · (1 + cos(π t / steps)) / 2`. PyTorch's `CosineAnnealingLR`.
    ///
    /// Loshchilov and Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts" (2017). `m` is 0, or what
    /// [`with_minimum`](Self::with_minimum) says.
    ///
    /// # Panics
    ///
    /// If the rate is not a positive number, or `steps` is 0.
    #[must_use]
    #[track_caller]
    pub fn cosine(rate: f64, steps: u64) -> Self {
        assert!(steps > 0, "a cosine of 0 steps is none");
        Self::new(rate, Course::Cosine { steps })
    }

    /// The rate that it falls to, and no lower, apart from the warm-up; 0 by default.
    ///
    /// # Panics
    ///
    /// If the minimum is negative, not a number, or above the rate to start with.
    #[must_use]
    #[track_caller]
    pub fn with_minimum(self, minimum: f64) -> Self {
        let minimum = not_negative("a minimum", minimum);
        assert!(minimum <= self.rate, "a minimum of {minimum} is above the learning rate, {}", self.rate);
        Self { minimum, ..self }
    }

    /// Goes up to the rate first, in so many steps, along a line: `η · (t + 1) / steps`. What comes then counts its
    /// steps from there.
    ///
    /// Goyal et al., "Accurate, Large Minibatch SGD: Training `ImageNet` in 1 Hour" (2017).
    #[must_use]
    pub fn with_warm_up(self, steps: u64) -> Self {
        Self { warm_up: steps, ..self }
    }

    /// The learning rate of that step.
    #[must_use]
    pub fn rate(&self, step: u64) -> f64 {
        if step < self.warm_up {
            return self.rate * ((step + 1) as f64 / self.warm_up as f64);
        }
        let t = step - self.warm_up;
        match self.course {
            Course::Constant => self.rate,
            Course::Steps { every, factor } => self.fallen(factor, t / every),
            Course::Exponential { factor } => self.fallen(factor, t),
            Course::Cosine { steps } => {
                let along = t.min(steps) as f64 / steps as f64;
                self.minimum + (self.rate - self.minimum) * (1.0 + (PI * along).cos()) / 2.0
            }
        }
    }

    fn fallen(&self, factor: f64, times: u64) -> f64 {
        (self.rate * factor.powf(times as f64)).max(self.minimum)
    }
}

/// Such as `0.001 along a cosine of 10000 steps, after a warm-up of 500 steps`.
impl Display for Schedule {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { rate, course, minimum, warm_up } = self;
        write!(f, "{rate}")?;
        match course {
            Course::Constant => {}
            Course::Steps { every, factor } => write!(f, " times {factor} every {every} steps")?,
            Course::Exponential { factor } => write!(f, " times {factor} every step")?,
            Course::Cosine { steps } => write!(f, " along a cosine of {steps} steps")?,
        }
        if *minimum > 0.0 {
            write!(f, " down to {minimum}")?;
        }
        if *warm_up > 0 { write!(f, ", after a warm-up of {warm_up} steps") } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Compares the rates of some steps with what they should be.
    fn check(schedule: Schedule, wanted: &[(u64, f64)]) {
        for &(step, wanted) in wanted {
            let rate = schedule.rate(step);
            assert!((rate - wanted).abs() <= 1e-15, "{schedule:?}: {rate} in step {step}, not {wanted}");
        }
    }

    #[test]
    fn rates_are_as_documented() {
        check(Schedule::constant(0.1), &[(0, 0.1), (u64::MAX, 0.1)]);
        let steps = [(0, 0.8), (9, 0.8), (10, 0.4), (19, 0.4), (20, 0.2), (35, 0.1), (u64::MAX, 0.0)];
        check(Schedule::steps(0.8, 10, 0.5), &steps);
        check(Schedule::exponential(0.1, 0.9), &[(0, 0.1), (1, 0.09), (2, 0.081), (1_000_000, 0.0)]);
        let third = 0.1 * 0.75; // cos(π / 3) is a half
        check(
            Schedule::cosine(0.1, 300),
            &[(0, 0.1), (100, third), (150, 0.05), (300, 0.0), (301, 0.0), (u64::MAX, 0.0)],
        );
    }

    #[test]
    fn a_minimum_is_where_it_ends() {
        check(Schedule::cosine(0.1, 10).with_minimum(0.02), &[(0, 0.1), (5, 0.06), (10, 0.02), (11, 0.02)]);
        check(Schedule::exponential(0.1, 0.5).with_minimum(0.02), &[(2, 0.025), (3, 0.02), (99, 0.02)]);
        check(Schedule::steps(0.1, 3, 0.5).with_minimum(0.1), &[(0, 0.1), (99, 0.1)]);
    }

    #[test]
    fn a_warm_up_comes_before_all() {
        let schedule = Schedule::exponential(0.1, 0.5).with_minimum(0.05).with_warm_up(4);
        check(schedule, &[(0, 0.025), (1, 0.05), (2, 0.075), (3, 0.1), (4, 0.1), (5, 0.05), (6, 0.05)]);
    }

    #[test]
    fn its_text_tells_all_of_it() {
        assert_eq!(Schedule::constant(0.1).to_string(), "0.1");
        assert_eq!(Schedule::exponential(0.1, 0.5).to_string(), "0.1 times 0.5 every step");
        let steps = Schedule::steps(0.8, 10, 0.5).with_warm_up(3);
        assert_eq!(steps.to_string(), "0.8 times 0.5 every 10 steps, after a warm-up of 3 steps");
        let cosine = Schedule::cosine(0.001, 100).with_minimum(1e-5);
        assert_eq!(cosine.to_string(), "0.001 along a cosine of 100 steps down to 0.00001");
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        let refused = |make: fn() -> Schedule| std::panic::catch_unwind(make).is_err();
        assert!(refused(|| Schedule::constant(-0.1)));
        assert!(refused(|| Schedule::constant(f64::NAN)));
        assert!(refused(|| Schedule::steps(0.1, 0, 0.5)));
        assert!(refused(|| Schedule::steps(0.1, 1, 0.0)));
        assert!(refused(|| Schedule::exponential(0.1, f64::INFINITY)));
        assert!(refused(|| Schedule::cosine(0.1, 0)));
        assert!(refused(|| Schedule::cosine(0.1, 10).with_minimum(0.2)));
        assert!(refused(|| Schedule::cosine(0.1, 10).with_minimum(f64::NAN)));
    }
}

//! Schedules of the learning rate.

use std::f64::consts::PI;
use std::fmt::{self, Debug, Display, Formatter};
use std::sync::Arc;

use crate::kernels::mix;
use crate::optimizers::check::{SettingError, not_negative, positive};

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
/// In the formulas `η` is the initial rate and `t` the step.
///
/// Constructors accept any value. [`check`](Self::check) returns the first one that makes no sense; a
/// [`Trainer`](crate::training::Trainer) returns that error from `run`.
#[derive(Clone, Debug)]
pub struct Schedule {
    rate: f64,
    decay: Decay,
    minimum: f64,
    warm_up: u64,
}

/// The formula by which the rate falls.
#[derive(Clone)]
enum Decay {
    Constant,
    Steps { every: u64, factor: f64 },
    Exponential { factor: f64 },
    Cosine { steps: u64 },
    Custom(Arc<dyn Fn(u64) -> f64 + Send + Sync>),
}

/// Formats it as in the text of a schedule.
impl Debug for Decay {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Constant => f.write_str("constant"),
            Self::Steps { every, factor } => write!(f, "times {factor} every {every} steps"),
            Self::Exponential { factor } => write!(f, "times {factor} every step"),
            Self::Cosine { steps } => write!(f, "along a cosine of {steps} steps"),
            Self::Custom(_) => f.write_str("custom"),
        }
    }
}

impl Schedule {
    fn new(rate: f64, decay: Decay) -> Self {
        Self { rate, decay, minimum: 0.0, warm_up: 0 }
    }

    /// A constant rate: `η`, a positive number.
    #[must_use]
    pub fn constant(rate: f64) -> Self {
        Self::new(rate, Decay::Constant)
    }

    /// Multiplies the rate by a positive factor after every `every` steps: `η · factor^⌊t / every⌋`. PyTorch's `StepLR`.
    #[must_use]
    pub fn steps(rate: f64, every: u64, factor: f64) -> Self {
        Self::new(rate, Decay::Steps { every, factor })
    }

    /// Multiplies the rate by a positive factor after each step: `η · factorᵗ`. PyTorch's `ExponentialLR`.
    #[must_use]
    pub fn exponential(rate: f64, factor: f64) -> Self {
        Self::new(rate, Decay::Exponential { factor })
    }

    /// Half a cosine wave, down to the minimum `m` in `steps` steps, then `m`:
    /// `m + (η - m) · (1 + cos(π t / steps)) / 2`. PyTorch's `CosineAnnealingLR`.
    ///
    /// Loshchilov and Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts" (2017). `m` is 0 unless
    /// [`with_minimum`](Self::with_minimum) sets it.
    #[must_use]
    pub fn cosine(rate: f64, steps: u64) -> Self {
        Self::new(rate, Decay::Cosine { steps })
    }

    /// The rate of each step from a function of the step: PyTorch's `LambdaLR`.
    ///
    /// A warm-up rises to the rate of the function's step 0. The function must return the same rate for the same step. It
    /// is also called with steps after the end of a training run: a checkpoint stores a checksum of its rates at steps up
    /// to 2³². A training run ends with an error at a rate that is negative, NaN or infinite.
    ///
    /// ```
    /// # use typenet_core as typenet;
    /// use typenet::optimizers::Schedule;
    ///
    /// // The schedule of "Attention Is All You Need" (2017).
    /// let schedule = Schedule::custom(|step| 0.01 / ((step + 1) as f64).sqrt()).with_warm_up(100);
    /// assert_eq!(schedule.rate(49), 0.005);
    /// assert_eq!(schedule.rate(103), 0.005);
    /// ```
    #[doc(alias = "LambdaLR")]
    #[must_use]
    pub fn custom(rate: impl Fn(u64) -> f64 + Send + Sync + 'static) -> Self {
        // The function is the rate; the factor 1 serves the warm-up.
        Self::new(1.0, Decay::Custom(Arc::new(rate)))
    }

    /// Sets a lower bound of the rate, at least 0 and at most `η`, which the warm-up ignores; 0 by default.
    #[must_use]
    pub fn with_minimum(self, minimum: f64) -> Self {
        Self { minimum, ..self }
    }

    /// Begins with `steps` steps in which the rate rises linearly: `η · (t + 1) / steps`. The decay counts its steps from
    /// the end of the warm-up.
    ///
    /// Goyal et al., "Accurate, Large Minibatch SGD: Training `ImageNet` in 1 Hour" (2017).
    #[must_use]
    pub fn with_warm_up(self, steps: u64) -> Self {
        Self { warm_up: steps, ..self }
    }

    /// Checks all values.
    ///
    /// # Errors
    ///
    /// [`SettingError`] names the first one that makes no sense.
    pub fn check(&self) -> Result<(), SettingError> {
        positive("a learning rate", self.rate)?;
        match self.decay {
            Decay::Constant | Decay::Custom(_) => {}
            Decay::Steps { every, factor } => {
                at_least_one("the number of steps between two rates", every)?;
                positive("the factor of a learning rate", factor)?;
            }
            Decay::Exponential { factor } => positive("the factor of a learning rate", factor)?,
            Decay::Cosine { steps } => at_least_one("the number of steps of a cosine", steps)?,
        }
        not_negative("a minimum of the learning rate", self.minimum)?;
        let [name, expected] = ["a minimum of the learning rate", "at most the learning rate"];
        if self.minimum > self.rate && !matches!(self.decay, Decay::Custom(_)) {
            Err(SettingError { name, value: self.minimum, expected })
        } else {
            Ok(())
        }
    }

    /// The learning rate of a step. That of a [custom](Self::custom) function is not checked.
    ///
    /// # Panics
    ///
    /// If a value makes no sense, see [`check`](Self::check).
    #[must_use]
    #[track_caller]
    pub fn rate(&self, step: u64) -> f64 {
        if let Err(error) = self.check() {
            panic!("{error}");
        }
        if step < self.warm_up {
            return self.initial() * ((step + 1) as f64 / self.warm_up as f64);
        }
        let t = step - self.warm_up;
        match self.decay {
            Decay::Constant => self.rate,
            Decay::Custom(ref rate) => self.at_least_minimum(rate(t)),
            Decay::Steps { every, factor } => self.decayed(factor, t / every),
            Decay::Exponential { factor } => self.decayed(factor, t),
            Decay::Cosine { steps } => {
                let progress = t.min(steps) as f64 / steps as f64;
                self.minimum + (self.rate - self.minimum) * (1.0 + (PI * progress).cos()) / 2.0
            }
        }
    }

    /// The rate at the end of a warm-up.
    fn initial(&self) -> f64 {
        if let Decay::Custom(rate) = &self.decay { self.at_least_minimum(rate(0)) } else { self.rate }
    }

    /// A rate, or the minimum if it is lower; a NaN stays, so that it is found.
    fn at_least_minimum(&self, rate: f64) -> f64 {
        if rate < self.minimum && self.minimum > 0.0 { self.minimum } else { rate }
    }

    fn decayed(&self, factor: f64, times: u64) -> f64 {
        (self.rate * factor.powf(times as f64)).max(self.minimum)
    }
}

/// A checksum of a function's rates at many steps up to 2³².
fn checksum(rate: &dyn Fn(u64) -> f64) -> u64 {
    // All of the first 256 steps, then 16 in each doubling.
    let later = (8..32).flat_map(|power| (0..16).map(move |part| (1_u64 << power) + (part << (power - 4))));
    (0..256).chain(later).fold(0, |sum, step| mix(sum, rate(step).to_bits()))
}

fn at_least_one(name: &'static str, steps: u64) -> Result<(), SettingError> {
    if steps > 0 { Ok(()) } else { Err(SettingError { name, value: 0.0, expected: "at least 1" }) }
}

/// Formats it as `0.001 along a cosine of 10000 steps, after a warm-up of 500 steps`.
impl Display for Schedule {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { rate, decay, minimum, warm_up } = self;
        match decay {
            Decay::Constant => write!(f, "{rate}")?,
            Decay::Custom(rate) => write!(f, "custom, with the checksum {:016x}", checksum(&**rate))?,
            _ => write!(f, "{rate} {decay:?}")?,
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
    use std::panic::AssertUnwindSafe;

    /// Compares the rates of some steps with what they should be.
    fn check(schedule: &Schedule, wanted: &[(u64, f64)]) {
        for &(step, wanted) in wanted {
            let rate = schedule.rate(step);
            assert!((rate - wanted).abs() <= 1e-15, "{schedule:?}: {rate} in step {step}, not {wanted}");
        }
    }

    #[test]
    fn rates_are_as_documented() {
        check(&Schedule::constant(0.1), &[(0, 0.1), (u64::MAX, 0.1)]);
        let steps = [(0, 0.8), (9, 0.8), (10, 0.4), (19, 0.4), (20, 0.2), (35, 0.1), (u64::MAX, 0.0)];
        check(&Schedule::steps(0.8, 10, 0.5), &steps);
        check(&Schedule::exponential(0.1, 0.9), &[(0, 0.1), (1, 0.09), (2, 0.081), (1_000_000, 0.0)]);
        let third = 0.1 * 0.75; // cos(π / 3) is a half
        check(
            &Schedule::cosine(0.1, 300),
            &[(0, 0.1), (100, third), (150, 0.05), (300, 0.0), (301, 0.0), (u64::MAX, 0.0)],
        );
    }

    #[test]
    fn a_minimum_is_where_it_ends() {
        check(&Schedule::cosine(0.1, 10).with_minimum(0.02), &[(0, 0.1), (5, 0.06), (10, 0.02), (11, 0.02)]);
        check(&Schedule::exponential(0.1, 0.5).with_minimum(0.02), &[(2, 0.025), (3, 0.02), (99, 0.02)]);
        check(&Schedule::steps(0.1, 3, 0.5).with_minimum(0.1), &[(0, 0.1), (99, 0.1)]);
    }

    #[test]
    fn a_warm_up_comes_before_all() {
        let schedule = Schedule::exponential(0.1, 0.5).with_minimum(0.05).with_warm_up(4);
        check(&schedule, &[(0, 0.025), (1, 0.05), (2, 0.075), (3, 0.1), (4, 0.1), (5, 0.05), (6, 0.05)]);
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
    fn a_function_is_the_rate() {
        let falling = |step: u64| 1.0 / (step + 1) as f64;
        check(&Schedule::custom(falling), &[(0, 1.0), (1, 0.5), (99, 0.01)]);
        let schedule = Schedule::custom(falling).with_minimum(0.25).with_warm_up(2);
        check(&schedule, &[(0, 0.5), (1, 1.0), (2, 1.0), (3, 0.5), (5, 0.25), (99, 0.25)]);
        let text = schedule.to_string();
        assert!(text.ends_with(" down to 0.25, after a warm-up of 2 steps"), "{text}");
        let other = move |step: u64| if step < 100_000 { falling(step) } else { 0.0 };
        assert_eq!(Schedule::custom(falling).to_string(), Schedule::custom(falling).to_string());
        assert_ne!(Schedule::custom(falling).to_string(), Schedule::custom(other).to_string());
        assert!(Schedule::custom(|_| f64::NAN).with_minimum(0.1).rate(5).is_nan());
        assert_eq!(Schedule::custom(|_| -1.0).rate(5), -1.0);
    }

    #[test]
    fn senseless_values_are_errors() {
        for (schedule, error) in [
            (Schedule::constant(-0.1), "a learning rate is -0.1, but should be a positive number"),
            (Schedule::constant(f64::NAN), "a learning rate is NaN, but should be a positive number"),
            (Schedule::steps(0.1, 0, 0.5), "the number of steps between two rates is 0, but should be at least 1"),
            (Schedule::steps(0.1, 1, 0.0), "the factor of a learning rate is 0, but should be a positive number"),
            (Schedule::exponential(0.1, -1.0), "the factor of a learning rate is -1, but should be a positive number"),
            (Schedule::cosine(0.1, 0), "the number of steps of a cosine is 0, but should be at least 1"),
            (
                Schedule::cosine(0.1, 10).with_minimum(0.2),
                "a minimum of the learning rate is 0.2, but should be at most the learning rate",
            ),
            (
                Schedule::cosine(0.1, 10).with_minimum(f64::NAN),
                "a minimum of the learning rate is NaN, but should be 0 or a positive number",
            ),
        ] {
            assert_eq!(schedule.check().unwrap_err().to_string(), error);
            assert!(std::panic::catch_unwind(AssertUnwindSafe(|| schedule.rate(0))).is_err());
        }
    }
}

//! Initial values of weights.

#[cfg(feature = "alloc")]
use nalgebra::ComplexField;
use rand::Rng;
#[cfg(feature = "alloc")]
use rand_distr::{Distribution, StandardNormal};

/// Draws initial weights, given the layer's numbers of inputs (`fan_in`) and outputs (`fan_out`).
///
/// Biases start at zero. Weights are drawn in `f64`, so that the same seed gives the same network in both precisions.
pub trait Initializer {
    /// Draws one weight.
    fn draw(&self, fan_in: usize, fan_out: usize, rng: &mut dyn Rng) -> f64;
}

/// A normal distribution of mean 0 and the given standard deviation; the book's network uses 0.01.
#[cfg(feature = "alloc")]
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Normal {
    /// The standard deviation.
    pub std: f64,
}

/// A normal distribution of mean 0 and standard deviation `sqrt(2 / (fan_in + fan_out))`, for sigmoid and tanh.
///
/// Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks" (2010);
/// PyTorch's `xavier_normal_`. The book simplifies it to `sqrt(1 / fan_in)`.
#[cfg(feature = "alloc")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Xavier;

/// A normal distribution of mean 0 and standard deviation `sqrt(2 / fan_in)`, for Relu.
///
/// He, Zhang, Ren and Sun, "Delving Deep into Rectifiers" (2015); PyTorch's `kaiming_normal_`.
#[cfg(feature = "alloc")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct He;

/// All weights 0. A network of several layers cannot learn from there: its units stay equal.
#[cfg(feature = "alloc")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Zeros;

#[cfg(feature = "alloc")]
impl Initializer for Normal {
    fn draw(&self, _: usize, _: usize, rng: &mut dyn Rng) -> f64 {
        normal(self.std, rng)
    }
}

#[cfg(feature = "alloc")]
impl Initializer for Xavier {
    fn draw(&self, fan_in: usize, fan_out: usize, rng: &mut dyn Rng) -> f64 {
        normal(ComplexField::sqrt(2.0 / (fan_in + fan_out) as f64), rng)
    }
}

#[cfg(feature = "alloc")]
impl Initializer for He {
    fn draw(&self, fan_in: usize, _: usize, rng: &mut dyn Rng) -> f64 {
        normal(ComplexField::sqrt(2.0 / fan_in as f64), rng)
    }
}

#[cfg(feature = "alloc")]
impl Initializer for Zeros {
    fn draw(&self, _: usize, _: usize, _: &mut dyn Rng) -> f64 {
        0.0
    }
}

#[cfg(feature = "alloc")]
fn normal(std: f64, rng: &mut dyn Rng) -> f64 {
    let drawn: f64 = StandardNormal.sample(rng);
    std * drawn
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{SeedableRng, rngs::StdRng};

    fn deviation(initializer: &dyn Initializer) -> f64 {
        let mut rng = StdRng::seed_from_u64(1);
        let draws: Vec<f64> = (0..40_000).map(|_| initializer.draw(200, 50, &mut rng)).collect();
        let mean = draws.iter().sum::<f64>() / draws.len() as f64;
        let std = (draws.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / draws.len() as f64).sqrt();
        assert!(mean.abs() <= 0.03 * std, "mean {mean}, standard deviation {std}");
        std
    }

    #[test]
    fn standard_deviations_are_as_documented() {
        for (initializer, wanted) in [
            (&Normal { std: 0.01 } as &dyn Initializer, 0.01),
            (&Xavier, (2.0_f64 / 250.0).sqrt()),
            (&He, (2.0_f64 / 200.0).sqrt()),
            (&Zeros, 0.0),
        ] {
            assert!((deviation(initializer) - wanted).abs() <= 0.02 * wanted);
        }
    }
}

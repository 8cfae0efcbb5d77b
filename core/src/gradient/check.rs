//! Does backward agree with the definition?

use std::fmt::{self, Display, Formatter};

use nalgebra::Dim;
use nalgebra::Matrix;
use nalgebra::base::storage::RawStorage;
use rand::{SeedableRng, rngs::StdRng, seq::index};

use super::Differences;
use super::numerical::STEP;
use crate::{Error, Network, TargetOf};

/// Settings of a gradient check; [`Network::gradient_check`] runs it with the default ones.
///
/// It works in `f64` on a copy of the network, whatever the network's scalar. Each parameter's derivative by
/// backpropagation is compared with the central difference `(L(w + h) - L(w - h)) / 2h`, `h = 1e-5`. The
/// relative error is their distance, divided by the largest derivative in the same block of parameters. (A
/// derivative much smaller than its neighbours has few right digits in a finite difference.) Where a kink of
/// Relu may lie between the two points, smaller steps are tried before it counts as an error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GradientCheck {
    /// How many parameters of each block are checked at most; `None`: all of them.
    pub at_most: Option<usize>,
    /// Which ones, where not all are: the seed of the choice.
    pub seed: u64,
    /// The largest relative error that is let through.
    pub tolerance: f64,
}

impl Default for GradientCheck {
    /// Every parameter, to a relative error of `1e-6`.
    fn default() -> Self {
        Self { at_most: None, seed: 1, tolerance: 1e-6 }
    }
}

/// A gradient check that was passed, block by block. It prints as a table.
#[derive(Clone, Debug, PartialEq)]
pub struct GradientReport {
    /// One entry for each block of parameters, from the first layer to the last.
    pub blocks: Vec<BlockReport>,
}

/// What a gradient check found in one block of parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct BlockReport {
    /// The block, such as `affine1.weight`.
    pub block: String,
    /// How many parameters it has.
    pub parameters: usize,
    /// How many of them were checked.
    pub checked: usize,
    /// The largest relative error among those.
    pub error: f64,
}

/// A parameter for which backward and finite differences disagree.
#[derive(Clone, Debug, PartialEq)]
pub struct Disagreement {
    /// The block, such as `affine1.weight`.
    pub block: String,
    /// The row and column of the parameter in its block.
    pub element: (usize, usize),
    /// The derivative by backpropagation.
    pub analytic: f64,
    /// The derivative by central differences.
    pub numerical: f64,
    /// The relative error.
    pub error: f64,
    /// The largest relative error that would have been let through.
    pub tolerance: f64,
    /// Whether backward gives zero for the whole block: its gradient never arrives.
    pub never_arrives: bool,
}

impl Display for Disagreement {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { block, element: (row, column), analytic, numerical, error, tolerance, never_arrives } = self;
        if *never_arrives {
            write!(
                f,
                "no gradient arrives at `{block}`: backward gives 0 for all of it, but finite differences give \
                 {numerical:e} at row {row}, column {column}"
            )
        } else {
            write!(
                f,
                "the gradient of `{block}` is wrong at row {row}, column {column}: backward gives {analytic:e}, \
                 finite differences give {numerical:e}; the relative error is {error:.1e}, the tolerance {tolerance:.0e}"
            )
        }
    }
}

impl Display for GradientReport {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{:<24}{:>12}{:>12}{:>20}", "block", "parameters", "checked", "relative error")?;
        for BlockReport { block, parameters, checked, error } in &self.blocks {
            write!(f, "\n{block:<24}{parameters:>12}{checked:>12}{error:>20.1e}")?;
        }
        Ok(())
    }
}

/// One parameter's two derivatives.
#[derive(Clone, Copy)]
struct Pair {
    element: usize,
    analytic: f64,
    numerical: f64,
}

impl Pair {
    fn distance(self) -> f64 {
        // An infinite or undefined derivative is as wrong as can be.
        let distance = (self.analytic - self.numerical).abs();
        if distance.is_nan() { f64::INFINITY } else { distance }
    }
}

impl GradientCheck {
    /// Checks a network's gradient on a batch.
    ///
    /// # Errors
    ///
    /// [`Error::Gradient`] names the first block that is wrong, its worst element, both values and the tolerance.
    ///
    /// # Panics
    ///
    /// If the tolerance is not a positive number, `at_most` is 0 or there are no samples: nothing would be checked.
    pub fn run<Net: Network, N: Dim, S: RawStorage<Net::Scalar, N, Net::Input>>(
        &self,
        network: &Net,
        x: &Matrix<Net::Scalar, N, Net::Input, S>,
        target: &TargetOf<Net, N>,
    ) -> Result<GradientReport, Error> {
        assert!(self.tolerance > 0.0 && self.tolerance.is_finite(), "a tolerance of {} checks nothing", self.tolerance);
        assert!(self.at_most != Some(0), "at most 0 parameters of each block checks nothing");
        assert!(x.nrows() > 0, "a batch of no samples checks nothing");
        let mut differences = Differences::new(network, x, target);
        let gradient = differences.backward();
        // A difference of two losses is rounded to about this; a block whose derivatives are not well above it
        // is measured by it instead.
        let rounding = f64::EPSILON * (1.0 + differences.loss().abs()) / STEP;
        let floor = 10.0 * rounding / self.tolerance;
        let mut rng = StdRng::seed_from_u64(self.seed);
        let mut blocks = Vec::new();
        for (index, block) in gradient.parameters().enumerate() {
            let chosen = self.choose(block.values.len(), &mut rng);
            let checked = chosen.len();
            let pairs: Vec<Pair> = chosen
                .into_iter()
                .map(|element| {
                    let numerical = differences.slope(index, element, STEP);
                    Pair { element, analytic: block.values[element], numerical }
                })
                .collect();
            let analytic_scale = block.values.iter().fold(0.0_f64, |scale, value| scale.max(value.abs()));
            let scale = pairs.iter().fold(analytic_scale.max(floor), |scale, pair| scale.max(pair.numerical.abs()));
            let worst = pairs
                .into_iter()
                .map(|pair| self.reconsider(pair, scale, |element, step| differences.slope(index, element, step)))
                .max_by(|one, other| one.distance().total_cmp(&other.distance()));
            let error = worst.map_or(0.0, |pair| pair.distance() / scale);
            if let Some(pair) = worst.filter(|_| error > self.tolerance) {
                return Err(Error::Gradient(Box::new(Disagreement {
                    block: block.to_string(),
                    element: block.place(pair.element),
                    analytic: pair.analytic,
                    numerical: pair.numerical,
                    error,
                    tolerance: self.tolerance,
                    never_arrives: block.values.iter().all(|&value| value == 0.0),
                })));
            }
            blocks.push(BlockReport { block: block.to_string(), parameters: block.values.len(), checked, error });
        }
        Ok(GradientReport { blocks })
    }

    /// The elements of a block to look at.
    fn choose(&self, length: usize, rng: &mut StdRng) -> Vec<usize> {
        match self.at_most {
            Some(most) if most < length => index::sample(rng, length, most).into_vec(),
            _ => (0..length).collect(),
        }
    }

    /// Takes smaller steps where the two disagree, in case a kink lies between the points, and keeps the best.
    fn reconsider(&self, pair: Pair, scale: f64, mut slope: impl FnMut(usize, f64) -> f64) -> Pair {
        if pair.distance() <= self.tolerance * scale {
            return pair;
        }
        [STEP / 10.0, STEP / 100.0]
            .map(|step| Pair { numerical: slope(pair.element, step), ..pair })
            .into_iter()
            .fold(pair, |best, new| if new.distance() < best.distance() { new } else { best })
    }
}

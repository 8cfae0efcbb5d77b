//! Checks backpropagation against finite differences.

use std::fmt::{self, Display, Formatter};

use nalgebra::Dim;
use nalgebra::Matrix;
use nalgebra::base::storage::RawStorage;
use rand::{SeedableRng, rngs::StdRng, seq::index};

use crate::gradient::kink::Neighbors;
use crate::gradient::numerical::Differences;
use crate::networks::{Network, TargetOf};
use crate::parameters::first_invalid_setting;

/// Settings of a gradient check; see [`CheckGradient::gradient_check`](super::CheckGradient::gradient_check).
///
/// The check runs in `f64` on a copy of the network. It compares each parameter's derivative by backpropagation with
/// the central difference `(L(w + h) - L(w - h)) / 2h`, `h = 1e-5 · max(1, |w|)`.
///
/// The relative error is their distance, divided by the largest derivative in the same block of parameters: a finite
/// difference has few correct digits for a derivative much smaller than the others.
///
/// Errors within rounding are not reported. If a kink, such as that of Relu, may lie between the two points, the check
/// tries smaller steps. At a kink it accepts any derivative between those nearby.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GradientCheck {
    at_most: Option<usize>,
    seed: u64,
    tolerance: f64,
}

impl Default for GradientCheck {
    fn default() -> Self {
        Self::new()
    }
}

/// The result of a passed gradient check, block by block; prints as a table.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct GradientReport {
    /// One entry for each block of parameters, from the first layer to the last.
    pub blocks: Vec<BlockReport>,
}

/// The result of a gradient check for one block of parameters.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct BlockReport {
    /// The block's name, such as `affine1.weight`.
    pub block: String,
    /// The number of parameters in the block.
    pub parameters: usize,
    /// The number of checked parameters.
    pub checked: usize,
    /// The largest relative error of a checked parameter.
    pub error: f64,
}

/// A gradient check that failed or could not run.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum GradientError {
    /// Backpropagation and finite differences disagree.
    #[error(transparent)]
    Disagreement(Box<Disagreement>),
    /// A setting of the check or of a layer is invalid, or the batch is.
    #[error("{0}")]
    Setting(String),
}

/// A parameter for which backpropagation and finite differences disagree.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Disagreement {
    /// The block's name, such as `affine1.weight`.
    pub block: String,
    /// The indices of the parameter in its block, such as row and column.
    pub element: Vec<usize>,
    /// The derivative by backpropagation.
    pub analytic: f64,
    /// The derivative by central differences.
    pub numerical: f64,
    /// The relative error.
    pub error: f64,
    /// The largest accepted relative error.
    pub tolerance: f64,
    /// True if backpropagation gives zero for the whole block.
    pub never_arrives: bool,
}

impl std::error::Error for Disagreement {}

impl Display for Disagreement {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { block, element, analytic, numerical, error, tolerance, never_arrives } = self;
        let place = match **element {
            [row, column] => format!("row {row}, column {column}"),
            _ => format!("element {element:?}"),
        };
        if *never_arrives {
            write!(
                f,
                "no gradient arrives at `{block}`: backward gives 0 for all of it, but finite differences give \
                 {numerical:e} at {place}"
            )
        } else {
            write!(
                f,
                "the gradient of `{block}` is wrong at {place}: backward gives {analytic:e}, \
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

/// Both derivatives of one parameter, and the scale of their relative error.
#[derive(Clone, Copy)]
struct Pair {
    element: usize,
    analytic: f64,
    numerical: f64,
    scale: f64,
}

impl Pair {
    /// The relative error; infinite if a derivative is NaN or infinite.
    fn error(self) -> f64 {
        let error = (self.analytic - self.numerical).abs() / self.scale;
        if error.is_nan() { f64::INFINITY } else { error }
    }
}

impl GradientCheck {
    /// Checks every parameter, with a tolerance of `1e-6`.
    #[must_use]
    pub fn new() -> Self {
        Self { at_most: None, seed: 1, tolerance: 1e-6 }
    }

    /// Checks at most `count` values of each parameter, chosen at random.
    #[must_use]
    pub fn at_most(self, count: usize) -> Self {
        Self { at_most: Some(count), ..self }
    }

    /// Sets the seed of the random choice for [`at_most`](Self::at_most); 1 by default.
    #[must_use]
    pub fn seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// Sets the largest accepted relative error; `1e-6` by default.
    #[must_use]
    pub fn tolerance(self, tolerance: f64) -> Self {
        Self { tolerance, ..self }
    }

    /// Checks a network's gradient on a batch.
    ///
    /// # Errors
    ///
    /// [`GradientError::Disagreement`] names the first wrong block, its worst element, both values and the tolerance.
    ///
    /// [`GradientError::Setting`] if the batch is empty, [`at_most`](Self::at_most) is 0, the tolerance is not a
    /// positive number, or a layer's setting is out of range.
    pub fn run<Net: Network, N: Dim, S: RawStorage<Net::Scalar, N, Net::Input>>(
        &self,
        network: &Net,
        x: &Matrix<Net::Scalar, N, Net::Input, S>,
        target: &TargetOf<Net, N>,
    ) -> Result<GradientReport, GradientError> {
        self.check_settings(x.nrows())?;
        if let Some(error) = first_invalid_setting(network) {
            return Err(GradientError::Setting(error.to_string()));
        }
        let mut differences = Differences::new(network, x, target);
        let gradient = differences.backward();
        let rounding = differences.rounding();
        let mut rng = StdRng::seed_from_u64(self.seed);
        let (mut blocks, mut neighbors) = (Vec::new(), None);
        for (index, block) in gradient.parameters().enumerate() {
            let chosen = self.choose(block.values.len(), &mut rng);
            let checked = chosen.len();
            let slopes: Vec<f64> = chosen.iter().map(|&element| differences.slope(index, element, 1.0)).collect();
            let largest = block.values.iter().chain(&slopes).fold(0.0_f64, |largest, value| largest.max(value.abs()));
            let pairs = chosen.into_iter().zip(slopes).map(|(element, numerical)| {
                let floor = self.floor(rounding / differences.step(index, element));
                let pair = Pair { element, analytic: block.values[element], numerical, scale: largest.max(floor) };
                if pair.error() <= self.tolerance {
                    return pair;
                }
                let pair = self.reconsider(pair, index, &mut differences);
                let is_right = pair.error() <= self.tolerance
                    || !self.allows_at_kink(pair, index, &mut differences, &mut neighbors);
                if is_right { pair } else { Pair { numerical: pair.analytic, ..pair } }
            });
            let worst = pairs.max_by(|one, other| one.error().total_cmp(&other.error()));
            let error = worst.map_or(0.0, Pair::error);
            if let Some(pair) = worst.filter(|_| error > self.tolerance) {
                return Err(GradientError::Disagreement(Box::new(Disagreement {
                    element: block.place(pair.element),
                    block: block.name.clone(),
                    analytic: pair.analytic,
                    numerical: pair.numerical,
                    error,
                    tolerance: self.tolerance,
                    never_arrives: block.values.iter().all(|&value| value == 0.0),
                })));
            }
            blocks.push(BlockReport { parameters: block.values.len(), block: block.name, checked, error });
        }
        Ok(GradientReport { blocks })
    }

    fn check_settings(&self, samples: usize) -> Result<(), GradientError> {
        let problem = if !(self.tolerance > 0.0 && self.tolerance.is_finite()) {
            format!("the tolerance of a gradient check is {}, but should be a positive number", self.tolerance)
        } else if self.at_most == Some(0) {
            "`at_most` of a gradient check is 0, but should be at least 1".to_owned()
        } else if samples == 0 {
            "a gradient check needs at least one sample, but the batch is empty".to_owned()
        } else {
            return Ok(());
        };
        Err(GradientError::Setting(problem))
    }

    /// Chooses the elements of a block to check.
    fn choose(&self, length: usize, rng: &mut StdRng) -> Vec<usize> {
        match self.at_most {
            Some(most) if most < length => index::sample(rng, length, most).into_vec(),
            _ => (0..length).collect(),
        }
    }

    /// The smallest scale of a relative error, so that rounding alone stays within the tolerance.
    fn floor(&self, rounding_of_slope: f64) -> f64 {
        10.0 * rounding_of_slope / self.tolerance
    }

    /// Reexamines a disagreement and returns the pair with the smallest error.
    ///
    /// First uses the rounding error at the moved parameter, then smaller steps, in case a kink lies between the points
    /// or the parameter is tiny. Skips steps that are too small compared to the rounding error.
    fn reconsider<Net: Network, N: Dim>(
        &self,
        pair: Pair,
        block: usize,
        differences: &mut Differences<Net, N>,
    ) -> Pair {
        let floor = |differences: &mut Differences<Net, N>, part| {
            self.floor(differences.rounding_of_slope(block, pair.element, part))
        };
        let usual = Pair { scale: pair.scale.max(floor(differences, 1.0)), ..pair };
        let tiny = differences.size(block, pair.element).min(SMALLEST);
        let mut best = usual;
        for part in [0.1, 0.03, SMALLEST, tiny] {
            if part > 0.0 && floor(differences, part) <= usual.scale {
                let numerical = differences.slope(block, pair.element, part);
                let closer = Pair { numerical, scale: usual.scale.max(numerical.abs()), ..pair };
                best = if closer.error() < best.error() { closer } else { best };
            }
        }
        best
    }

    /// Returns true if the loss has a kink at the parameter and the derivative lies between those nearby.
    fn allows_at_kink<Net: Network, N: Dim>(
        &self,
        pair: Pair,
        block: usize,
        differences: &mut Differences<Net, N>,
        neighbors: &mut Option<Neighbors<Net, N>>,
    ) -> bool {
        // With smaller steps the slopes of the two sides converge, except at a kink.
        let room = self.tolerance * pair.scale;
        let [[low, high], closer] =
            [SMALLEST, SMALLEST / 10.0].map(|part| differences.slopes_of_sides(block, pair.element, part));
        let jump = closer[1] - closer[0];
        let is_kink = jump > (high - low) / 2.0 && jump > room;
        let neighbors = is_kink.then(|| neighbors.get_or_insert_with(|| Neighbors::new(differences)));
        neighbors.is_some_and(|points| {
            let [low, high] = points.range(block, pair.element, room, closer);
            let slack = SLACK * pair.scale;
            (low - slack..=high + slack).contains(&pair.analytic)
        })
    }
}

/// The smallest step, as a fraction of the usual one, except for tiny parameters.
const SMALLEST: f64 = 0.01;
/// The accepted distance from the derivatives near a kink, as a fraction of the block's largest derivative.
const SLACK: f64 = 1e-4;

//! Derivatives at a kink, such as that of Relu at 0.

use nalgebra::Dim;
use rand::{RngExt, SeedableRng, rngs::StdRng};

use crate::gradient::numerical::Differences;
use crate::losses::Loss;
use crate::networks::Network;
use crate::parameters::{Path, Twins, walk};

/// The number of points to examine near a kink.
const NEIGHBORS: usize = 8;
/// Their distance in each parameter, relative to `max(1, |w|)`.
const DISTANCE: f64 = 1e-5;
/// The step at these points, as a fraction of the usual one: so small that few steps cross a kink.
const PART: f64 = 1e-3;

/// Points near a kink, with the gradient at each.
///
/// At the kink, any value between the derivatives nearby is correct: Clarke's generalized gradient, "Optimization and
/// Nonsmooth Analysis" (1983).
pub(super) struct Neighbors<Net: Network, N: Dim>(Vec<(Differences<Net, N>, Net::F64)>);

impl<Net: Network, N: Dim> Neighbors<Net, N> {
    pub(super) fn new(at: &Differences<Net, N>) -> Self {
        let mut rng = StdRng::seed_from_u64(0);
        let neighbor = |_| {
            let mut neighbor = at.clone_on_new_tape();
            walk(&mut neighbor.network, [], [], Path::root(""), &mut |_, twins| {
                if let Twins::Parameter { values, .. } = twins {
                    for value in values {
                        *value += rng.random_range(-DISTANCE..DISTANCE) * value.abs().max(1.0);
                    }
                }
            });
            let gradient = neighbor.backward();
            (neighbor, gradient)
        };
        Self((0..NEIGHBORS).map(neighbor).collect())
    }

    /// The smallest and the largest derivative near the kink.
    ///
    /// Includes its two sides, and the neighbors whose derivative agrees with finite differences to within `room`.
    pub(super) fn range(&mut self, block: usize, element: usize, room: f64, sides: [f64; 2]) -> [f64; 2] {
        let mut range = sides;
        for (differences, gradient) in &mut self.0 {
            let derivative = gradient.parameter_mut(block).expect("networks of one type have the same blocks")[element];
            let room = room.max(10.0 * differences.rounding_of_slope(block, element, PART));
            if (differences.slope(block, element, PART) - derivative).abs() <= room {
                range = [range[0].min(derivative), range[1].max(derivative)];
            }
        }
        range
    }
}

impl<Net: Network, N: Dim> Differences<Net, N> {
    fn clone_on_new_tape(&self) -> Self {
        let mut network = Net::F64::default();
        network.copy_from(&self.network);
        let target = <Net::Loss as Loss<Net::Output>>::convert::<f64, f64, N>(&self.target);
        Self { network, x: self.x.clone(), target, tape: Net::F64::tape(self.x.shape_generic().0) }
    }
}

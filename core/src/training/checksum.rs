//! Checksums that show whether ranks have the same network and data.

use nalgebra::{DimName, Dyn};

use crate::matrix::Samples;
use crate::networks::{DataFor, Network};
use crate::parameters::{Leaf, Path, each};
use crate::scalar::Scalar;
use crate::target::Target;

/// The number of samples to read at a time.
const CHUNK: usize = 256;

/// A checksum of all values of a network.
pub(super) fn checksum(net: &impl Network) -> u64 {
    let mut sum = 0;
    each(net, Path::root(""), &mut |_, leaf| {
        sum = match leaf {
            Leaf::Parameter { values, .. } => {
                values.iter().fold(sum, |sum, value| mixed(sum, value.as_f64().to_bits()))
            }
            Leaf::Setting { values, .. } => values.iter().fold(sum, |sum, value| mixed(sum, value.to_bits())),
        };
    });
    sum
}

/// A checksum of all samples and targets.
pub(super) fn digest<Net: Network, D: DataFor<Net>>(data: &D) -> u64 {
    let mut sum = 0;
    for first in (0..data.len()).step_by(CHUNK) {
        let count = CHUNK.min(data.len() - first);
        let (mut x, mut target) = (Samples::zeros(Dyn(count), Net::Input::name()), D::Target::empty(Dyn(count)));
        data.range_into(first, &mut x, &mut target);
        let numbers = x.iter().map(|number| number.as_f64()).chain(target.digest());
        sum = numbers.fold(sum, |sum, number| mixed(sum, number.to_bits()));
    }
    sum
}

/// A checksum with one more value: FNV-1a on whole numbers, rotated so that high bits reach low ones.
pub(super) fn mixed(sum: u64, value: u64) -> u64 {
    (sum ^ value).wrapping_mul(0x0100_0000_01b3).rotate_left(29)
}

//! Converts networks to and from tensors: row by row, in little-endian bytes.

use std::borrow::Cow;
use std::collections::HashMap;

use safetensors::{Dtype, View};

use crate::formats::checkpoint::problem::Problem;
use crate::networks::Network;

use crate::parameters::{InvalidSetting, Leaf, Path, Twins, each, first_invalid_setting, first_not_finite, walk};
use crate::scalar::Scalar;

/// The name, type and shape of a tensor.
#[derive(Clone, Debug)]
pub(crate) struct Slot {
    pub(super) name: String,
    pub(super) kind: Dtype,
    pub(super) shape: Vec<usize>,
}

impl Slot {
    /// A slot for `f64` numbers, independent of the network's scalar.
    pub(crate) fn doubles(name: &str, shape: &[usize]) -> Self {
        Self { name: name.to_owned(), kind: Dtype::F64, shape: shape.to_vec() }
    }

    /// The slots of a network's parameters and settings, with a prefix before each name.
    pub(crate) fn network<Net: Network>(prefix: &str, net: &Net) -> Vec<Self> {
        let mut slots = Vec::new();
        each(net, Path::root(""), &mut |at, leaf| slots.push(Self::leaf(prefix, at, leaf)));
        slots
    }

    /// The slots of a network's parameters without its settings, for the optimizer's state.
    pub(crate) fn parameters<Net: Network>(prefix: &str, net: &Net) -> Vec<Self> {
        let mut slots = Self::network(prefix, net);
        slots.retain(|slot| !slot.is_setting());
        slots
    }

    fn leaf<T: Scalar>(prefix: &str, at: Path<'_>, leaf: Leaf<'_, T>) -> Self {
        let (kind, shape) = match leaf {
            Leaf::Parameter { shape, .. } => (kind::<T>(), shape.to_vec()),
            Leaf::Setting { values, is_list } => (Dtype::F64, if is_list { vec![values.len()] } else { Vec::new() }),
        };
        Self { name: format!("{prefix}{at}"), kind, shape }
    }

    /// Returns true for a setting of a network, such as the slope of a `LeakyRelu`: parameters are at least matrices.
    pub(super) fn is_setting(&self) -> bool {
        self.shape.len() < 2
    }
}

/// A tensor with its bytes.
#[derive(Debug)]
pub(crate) struct Tensor {
    pub(super) slot: Slot,
    bytes: Vec<u8>,
}

impl Tensor {
    /// A tensor of numbers in their own type.
    pub(crate) fn numbers<T: Scalar>(name: String, shape: Vec<usize>, values: impl Iterator<Item = T>) -> Self {
        Self { slot: Slot { name, kind: kind::<T>(), shape }, bytes: bytes(values) }
    }

    /// A single integer.
    pub(crate) fn integer(name: String, value: i64) -> Self {
        Self { slot: Slot { name, kind: Dtype::I64, shape: Vec::new() }, bytes: value.to_le_bytes().to_vec() }
    }

    pub(crate) fn doubles(name: &str, shape: &[usize], values: impl Iterator<Item = f64>) -> Self {
        Self { slot: Slot::doubles(name, shape), bytes: values.flat_map(f64::to_le_bytes).collect() }
    }

    /// The tensors of a network's parameters and settings, with a prefix before each name.
    pub(crate) fn network<Net: Network>(prefix: &str, net: &Net) -> Vec<Self> {
        let mut tensors = Vec::new();
        each(net, Path::root(""), &mut |at, leaf| {
            let bytes = match leaf {
                Leaf::Parameter { shape, values, .. } => bytes(row_major(shape).map(|element| values[element])),
                Leaf::Setting { values, .. } => bytes(values.iter().copied()),
            };
            tensors.push(Self { slot: Slot::leaf(prefix, at, leaf), bytes });
        });
        tensors
    }

    /// The tensors of a network's parameters without its settings, for the optimizer's state.
    pub(crate) fn parameters<Net: Network>(prefix: &str, net: &Net) -> Vec<Self> {
        let mut tensors = Self::network(prefix, net);
        tensors.retain(|tensor| !tensor.slot.is_setting());
        tensors
    }
}

impl View for &Tensor {
    fn dtype(&self) -> Dtype {
        self.slot.kind
    }

    fn shape(&self) -> &[usize] {
        &self.slot.shape
    }

    fn data(&self) -> Cow<'_, [u8]> {
        (&*self.bytes).into()
    }

    fn data_len(&self) -> usize {
        self.bytes.len()
    }
}

/// The tensors of a file, by name.
#[derive(Debug)]
pub(crate) struct Tensors(pub(super) HashMap<String, Vec<u8>>);

impl Tensors {
    /// Removes and returns the `f64` numbers of a tensor; empty if there is no tensor of this name.
    pub(crate) fn doubles(&mut self, name: &str) -> Vec<f64> {
        numbers(&self.0.remove(name).unwrap_or_default()).collect()
    }

    /// Fills a network with the tensors of this prefix; parameters without a tensor keep their values.
    pub(crate) fn fill<Net: Network>(&mut self, prefix: &str, net: &mut Net) {
        walk(net, [], [], Path::root(""), &mut |at, twins| {
            let bytes = self.0.remove(&format!("{prefix}{at}")).unwrap_or_default();
            match twins {
                Twins::Parameter { shape, values, .. } => {
                    row_major(shape).zip(numbers(&bytes)).for_each(|(element, number)| values[element] = number);
                }
                Twins::Setting { values, .. } => {
                    values.iter_mut().zip(numbers(&bytes)).for_each(|(value, number)| *value = number);
                }
            }
        });
    }

    /// Fills a network and checks that its values are finite and its settings within their ranges.
    pub(crate) fn fill_checked<Net: Network>(&mut self, prefix: &str, net: &mut Net) -> Result<(), Problem> {
        self.fill(prefix, net);
        if let Some(name) = first_not_finite(net) {
            return Err(format!("holds a NaN or infinite value in `{prefix}{name}`").into());
        }
        match first_invalid_setting(net) {
            Some(InvalidSetting { name, value, range }) => {
                Err(format!("holds `{prefix}{name}` as {value:?}, but it should be {range}").into())
            }
            None => Ok(()),
        }
    }
}

fn kind<T: Scalar>() -> Dtype {
    if T::NAME == f32::NAME { Dtype::F32 } else { Dtype::F64 }
}

/// The elements of a parameter in file order, where the last index varies fastest; in memory a matrix is column-major.
fn row_major(shape: &[usize]) -> impl Iterator<Item = usize> + '_ {
    (0..shape.iter().product()).map(move |place: usize| {
        if shape.len() > 2 {
            return place;
        }
        let (mut rest, mut stride, mut element) = (place, shape.iter().product::<usize>(), 0);
        for size in shape.iter().rev() {
            stride /= size;
            element += rest % size * stride;
            rest /= size;
        }
        element
    })
}

#[allow(clippy::cast_possible_truncation)] // the value was an `f32`
fn bytes<T: Scalar>(values: impl Iterator<Item = T>) -> Vec<u8> {
    match kind::<T>() {
        Dtype::F32 => values.flat_map(|value| (value.as_f64() as f32).to_le_bytes()).collect(),
        _ => values.flat_map(|value| value.as_f64().to_le_bytes()).collect(),
    }
}

fn numbers<T: Scalar>(bytes: &[u8]) -> impl Iterator<Item = T> {
    bytes.chunks_exact(size_of::<T>()).map(|bytes| match *bytes {
        [a, b, c, d] => T::of(f32::from_le_bytes([a, b, c, d]).into()),
        [a, b, c, d, e, f, g, h] => T::of(f64::from_le_bytes([a, b, c, d, e, f, g, h])),
        _ => T::zero(), // a scalar has four bytes or eight
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_matrix_is_stored_row_by_row() {
        let values = [1.0_f32, 4.0, 2.0, 5.0, 3.0, 6.0]; // 2 x 3, column by column
        let bytes = bytes(row_major(&[2, 3]).map(|element| values[element]));
        assert_eq!(bytes[4..8], 2.0_f32.to_le_bytes());
        assert_eq!(numbers::<f32>(&bytes).collect::<Vec<_>>(), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    }

    #[test]
    fn more_than_two_dimensions_are_stored_as_they_are() {
        assert!(row_major(&[2, 3, 4, 5]).eq(0..120));
    }

    #[test]
    fn numbers_round_trip_bit_for_bit() {
        let values = [f32::MIN_POSITIVE / 8.0, -0.0, 0.1, f32::MAX, f32::NEG_INFINITY];
        let back: Vec<f32> = numbers(&bytes(values.into_iter())).collect();
        assert_eq!(back.iter().map(|value| value.to_bits()).collect::<Vec<_>>(), values.map(f32::to_bits));
        let values = [f64::MIN_POSITIVE / 8.0, -0.0, 0.1, f64::MAX, f64::INFINITY];
        let back: Vec<f64> = numbers(&bytes(values.into_iter())).collect();
        assert_eq!(back.iter().map(|value| value.to_bits()).collect::<Vec<_>>(), values.map(f64::to_bits));
    }
}

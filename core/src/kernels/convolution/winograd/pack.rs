//! The values of filters at the points.

use crate::kernels::convolution::geometry::Geometry;
use crate::kernels::convolution::winograd::passes::{scale_points, write_points};
use crate::kernels::convolution::winograd::transforms::{Evaluate, Map, POINTS, map_square};
use crate::kernels::product::{Number, Vector, transpose};

/// The weights of all filters, and where their values at the points go.
#[derive(Clone, Copy)]
pub(in crate::kernels::convolution) struct Pack<T> {
    pub(in crate::kernels::convolution) sizes: Geometry,
    pub(in crate::kernels::convolution) weight: *const T,
    /// True if filters are the terms of a sum, and channels its results.
    pub(in crate::kernels::convolution) backward: bool,
    /// For each point and group of results: the weights of all terms, a vector of results each.
    pub(in crate::kernels::convolution) to: *mut T,
}

/// Writes the values of all filters at the points.
///
/// # Safety
///
/// `weight` must be valid for reads of all weights, and `to` for writes of `36 · terms` values for each of the results,
/// whose number is rounded up to a multiple of the lanes. The processor must support the instructions.
#[inline(always)]
pub(in crate::kernels::convolution) unsafe fn pack<V: Vector<Number: Number>, const LANES: usize>(
    work: &Pack<V::Number>,
) {
    // SAFETY: the caller upholds the contract.
    unsafe {
        match work.sizes.axes[0].kernel {
            3 => pack_filters::<V, 3, LANES>(work),
            _ => pack_filters::<V, 5, LANES>(work),
        }
    }
}

/// # Safety
///
/// As for [`pack`].
#[inline(always)]
unsafe fn pack_filters<V: Vector<Number: Number>, const K: usize, const LANES: usize>(
    &Pack { sizes: Geometry { channels, filters, .. }, weight, backward, to }: &Pack<V::Number>,
) where
    Evaluate: Map<K, POINTS>,
{
    const { assert!(LANES == V::LANES) };
    let square = K * K;
    // The numbers of terms and results, and their distances in the weights.
    let [(terms, of_term), (results, of_result)] = if backward {
        [(filters, channels * square), (channels, square)]
    } else {
        [(channels, square), (filters, channels * square)]
    };
    let groups = results.div_ceil(LANES);
    // SAFETY: the caller guarantees the memory.
    unsafe {
        for (group, term) in (0..groups).flat_map(|group| (0..terms).map(move |term| (group, term))) {
            let first = weight.wrapping_add(term * of_term + group * LANES * of_result);
            let count = LANES.min(results - group * LANES);
            let mut taps = [[V::splat(V::Number::ZERO); K]; K];
            for (block, taps) in taps.as_flattened_mut().chunks_mut(LANES).enumerate() {
                let mask = V::mask(taps.len());
                let mut rows = [V::splat(V::Number::ZERO); LANES];
                for (lane, row) in rows.iter_mut().enumerate().take(count) {
                    *row = V::load_part(first.wrapping_add(lane * of_result + block * LANES), mask);
                }
                let columns = transpose::<V, LANES>(rows);
                taps.copy_from_slice(&columns[..taps.len()]);
            }
            let mut points = map_square::<V, Evaluate, K, POINTS>(&taps);
            scale_points(&mut points);
            write_points(&points, to.wrapping_add((group * terms + term) * LANES), groups * terms * LANES);
        }
    }
}

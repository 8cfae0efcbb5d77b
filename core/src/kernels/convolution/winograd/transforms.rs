//! The maps between six pixels, or fewer, and six points.

use std::f64::consts::{FRAC_1_SQRT_2, SQRT_2};

use crate::kernels::product::{Number, Vector};

/// The number of pixels of a tile's side, and of points.
pub(super) const POINTS: usize = 6;
/// The number of points of a tile.
pub(super) const ALL: usize = POINTS * POINTS;

/// The distance between the values of two points, each with this number of vectors: odd, in vectors.
///
/// With a power of two all points of a tile would share a set of the cache.
pub(super) const fn apart(vectors: usize, lanes: usize) -> usize {
    (vectors | 1) * lanes
}

/// A linear map of vectors, lane by lane.
pub(super) trait Map<const FROM: usize, const TO: usize> {
    /// # Safety
    ///
    /// As for [`Vector`].
    unsafe fn map<V: Vector<Number: Number>>(x: [V; FROM]) -> [V; TO];
}

/// The product of both directions: maps all columns, then all rows.
///
/// # Safety
///
/// As for [`Vector`].
#[inline(always)]
pub(super) unsafe fn map_square<V: Vector<Number: Number>, L: Map<FROM, TO>, const FROM: usize, const TO: usize>(
    x: &[[V; FROM]; FROM],
) -> [[V; TO]; TO] {
    // SAFETY: the caller guarantees the instructions.
    unsafe {
        let zero = V::splat(V::Number::ZERO);
        let mut half = [[zero; FROM]; TO];
        for column in 0..FROM {
            let mut values = [zero; FROM];
            for row in 0..FROM {
                values[row] = x[row][column];
            }
            let values = L::map(values);
            for row in 0..TO {
                half[row][column] = values[row];
            }
        }
        let mut all = [[zero; TO]; TO];
        for row in 0..TO {
            all[row] = L::map(half[row]);
        }
        all
    }
}

/// `x · factor + y`.
#[inline(always)]
unsafe fn add<V: Vector<Number: Number>>(x: V, factor: f64, y: V) -> V {
    // SAFETY: the caller guarantees the instruction.
    unsafe { x.multiply_add(V::splat(V::Number::nearest(factor)), y) }
}

/// The values of a polynomial with `M` coefficients at 0, `±√½`, `±√2` and infinity.
pub(super) struct Evaluate;

impl<const M: usize> Map<M, POINTS> for Evaluate {
    #[inline(always)]
    unsafe fn map<V: Vector<Number: Number>>(x: [V; M]) -> [V; POINTS] {
        // SAFETY: the caller guarantees the instructions.
        unsafe {
            let zero = V::splat(V::Number::ZERO);
            let (mut even, mut odd) = ([zero; 2], [zero; 2]);
            for (at, square) in [0.5, 2.0].into_iter().enumerate() {
                for j in (0..M).rev() {
                    let sum = if j % 2 == 0 { &mut even[at] } else { &mut odd[at] };
                    *sum = if j + 2 < M { add(*sum, square, x[j]) } else { x[j] };
                }
            }
            [
                x[0],
                add(odd[0], FRAC_1_SQRT_2, even[0]),
                add(odd[0], -FRAC_1_SQRT_2, even[0]),
                add(odd[1], SQRT_2, even[1]),
                add(odd[1], -SQRT_2, even[1]),
                x[M - 1],
            ]
        }
    }
}

/// The transpose of [`Evaluate`].
pub(super) struct Collect;

impl<const M: usize> Map<POINTS, M> for Collect {
    #[inline(always)]
    unsafe fn map<V: Vector<Number: Number>>(t: [V; POINTS]) -> [V; M] {
        // SAFETY: the caller guarantees the instructions.
        unsafe {
            let (even, odd) = ([t[1].add(t[2]), t[3].add(t[4])], [add(t[2], -1.0, t[1]), add(t[4], -1.0, t[3])]);
            let mut y = [even[0].add(even[1]); M];
            y[0] = y[0].add(t[0]);
            let mut powers = [1.0, 1.0];
            for (j, y) in y.iter_mut().enumerate().skip(1) {
                powers = [powers[0] * FRAC_1_SQRT_2, powers[1] * SQRT_2];
                let [near, far] = if j % 2 == 0 { even } else { odd };
                *y = near.multiply(V::splat(V::Number::nearest(powers[0])));
                *y = add(far, powers[1], *y);
            }
            y[M - 1] = y[M - 1].add(t[5]);
            y
        }
    }
}

/// Six pixels at the points: the coefficients of the polynomials that are zero at all points but one.
pub(super) struct Input;

impl Map<POINTS, POINTS> for Input {
    #[inline(always)]
    unsafe fn map<V: Vector<Number: Number>>(x: [V; POINTS]) -> [V; POINTS] {
        // SAFETY: the caller guarantees the instructions.
        unsafe {
            let (even, odd) =
                ([add(x[2], -2.0, x[4]), add(x[2], -0.5, x[4])], [add(x[1], -2.0, x[3]), add(x[1], -0.5, x[3])]);
            [
                add(x[2], -2.5, x[0].add(x[4])),
                add(odd[0], FRAC_1_SQRT_2, even[0]),
                add(odd[0], -FRAC_1_SQRT_2, even[0]),
                add(odd[1], SQRT_2, even[1]),
                add(odd[1], -SQRT_2, even[1]),
                add(x[3], -2.5, x[1].add(x[5])),
            ]
        }
    }
}

/// The transpose of [`Input`].
pub(super) struct InputTransposed;

impl Map<POINTS, POINTS> for InputTransposed {
    #[inline(always)]
    unsafe fn map<V: Vector<Number: Number>>(t: [V; POINTS]) -> [V; POINTS] {
        // SAFETY: the caller guarantees the instructions.
        unsafe {
            let (even, odd) = ([t[1].add(t[2]), t[3].add(t[4])], [add(t[2], -1.0, t[1]), add(t[4], -1.0, t[3])]);
            let near = odd[0].multiply(V::splat(V::Number::nearest(FRAC_1_SQRT_2)));
            let odd = [near, odd[1].multiply(V::splat(V::Number::nearest(SQRT_2)))];
            let sum = t[0].add(even[0]).add(even[1]);
            [
                t[0],
                add(odd[0], -2.0, add(odd[1], -0.5, t[5])),
                add(t[0], -2.5, add(even[0], -2.0, even[1].multiply(V::splat(V::Number::nearest(-0.5))))),
                add(t[5], -2.5, odd[0].add(odd[1])),
                sum,
                t[5],
            ]
        }
    }
}

/// The factors of the six points of a filter: one over the product of a point's distances from all others.
pub(super) const FACTORS: [f64; POINTS] = [1.0, -2.0 / 3.0, -2.0 / 3.0, 1.0 / 6.0, 1.0 / 6.0, 1.0];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::product::Portable;

    fn lanes(values: [f64; 4]) -> Portable<f64> {
        // SAFETY: the array has four values, and every processor supports the instructions.
        unsafe { Portable::load(values.as_ptr()) }
    }

    fn first(vector: Portable<f64>) -> f64 {
        let mut values = [0.0; 4];
        // SAFETY: as above.
        unsafe { vector.store(values.as_mut_ptr()) }
        values[0]
    }

    /// The matrix of a map, row by row.
    fn matrix<L: Map<FROM, TO>, const FROM: usize, const TO: usize>() -> Vec<Vec<f64>> {
        let columns: Vec<[f64; TO]> = (0..FROM)
            .map(|column| {
                let x = std::array::from_fn(|at| lanes([f64::from(u8::from(at == column)); 4]));
                // SAFETY: every processor supports the instructions.
                unsafe { L::map(x) }.map(first)
            })
            .collect();
        (0..TO).map(|row| columns.iter().map(|column| column[row]).collect()).collect()
    }

    fn transposed(matrix: &[Vec<f64>]) -> Vec<Vec<f64>> {
        (0..matrix[0].len()).map(|column| matrix.iter().map(|row| row[column]).collect()).collect()
    }

    fn check_outputs<const K: usize, const M: usize>() {
        let (input, filter, output) =
            (matrix::<Input, 6, 6>(), matrix::<Evaluate, K, 6>(), transposed(&matrix::<Evaluate, M, 6>()));
        for (pixel, tap, place) in
            (0..6).flat_map(|pixel| (0..K).flat_map(move |tap| (0..M).map(move |place| (pixel, tap, place))))
        {
            let sum: f64 = (0..6).map(|at| output[place][at] * input[at][pixel] * FACTORS[at] * filter[at][tap]).sum();
            let wanted = f64::from(u8::from(pixel == place + tap));
            assert!((sum - wanted).abs() < 1e-14, "pixel {pixel}, tap {tap}, output {place}: {sum}");
        }
    }

    #[test]
    fn the_maps_give_a_correlation() {
        check_outputs::<3, 4>();
        check_outputs::<5, 2>();
    }

    #[test]
    fn the_transposes_are_transposes() {
        let close = |a: Vec<Vec<f64>>, b: Vec<Vec<f64>>| {
            let pairs = a.into_iter().flatten().zip(b.into_iter().flatten());
            pairs.for_each(|(a, b)| assert!((a - b).abs() < 1e-14, "{a}, not {b}"));
        };
        close(matrix::<InputTransposed, 6, 6>(), transposed(&matrix::<Input, 6, 6>()));
        close(matrix::<Collect, 6, 2>(), transposed(&matrix::<Evaluate, 2, 6>()));
        close(matrix::<Collect, 6, 3>(), transposed(&matrix::<Evaluate, 3, 6>()));
        close(matrix::<Collect, 6, 4>(), transposed(&matrix::<Evaluate, 4, 6>()));
        close(matrix::<Collect, 6, 5>(), transposed(&matrix::<Evaluate, 5, 6>()));
    }
}

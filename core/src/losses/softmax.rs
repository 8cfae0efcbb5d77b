//! Softmax over the rows of a batch.
#![allow(clippy::inline_always)] // the compiler vectorizes a loop only if everything in it is inlined

use std::ops::Range;

use nalgebra::{Const, Dim};

use crate::kernels::{Loop, vectorized};
use crate::matrix::Batch;
use crate::scalar::Scalar;

/// The number of rows per block: their maxima and sums stay in registers or the L1 cache.
pub(super) const ROWS: usize = 64;

/// The rows of a batch in blocks of [`ROWS`].
pub(super) fn blocks<T: Scalar, N: Dim, const C: usize>(
    y: &Batch<T, N, Const<C>>,
) -> impl Iterator<Item = Range<usize>> + use<T, N, C> {
    let samples = y.nrows();
    (0..samples).step_by(ROWS).map(move |start| start..samples.min(start + ROWS))
}

/// Each row's maximum `m`, and the sum of `exp(y - m)` over it.
pub(super) struct Sums<T> {
    pub(super) maxima: [T; ROWS],
    pub(super) sums: [T; ROWS],
}

/// A block of rows of a batch with `C` columns; `out`, if given, receives their softmax times a factor.
pub(super) struct Block<'a, const C: usize, T> {
    pub(super) y: &'a [T],
    pub(super) samples: usize,
    pub(super) rows: Range<usize>,
    pub(super) out: Option<(&'a mut [T], T)>,
}

impl<const C: usize, T: Scalar> Loop for Block<'_, C, T> {
    type Output = Sums<T>;

    #[inline(always)]
    fn run(self) -> Sums<T> {
        let Self { y, samples, rows, out } = self;
        let place = |class: usize| class * samples + rows.start..class * samples + rows.end;
        // Shifting by the maximum keeps exp finite and cancels in the quotient.
        let mut maxima = [T::zero(); ROWS];
        maxima[..rows.len()].copy_from_slice(&y[place(0)]);
        for class in 1..C {
            for (maximum, &y) in maxima.iter_mut().zip(&y[place(class)]) {
                *maximum = if y > *maximum { y } else { *maximum };
            }
        }
        let mut sums = [T::zero(); ROWS];
        if let Some((out, factor)) = out {
            for class in 0..C {
                let y = &y[place(class)];
                for (((sum, &maximum), out), &y) in sums.iter_mut().zip(&maxima).zip(&mut out[place(class)]).zip(y) {
                    *out = (y - maximum).quick_exp();
                    *sum += *out;
                }
            }
            let factors = sums.map(|sum| factor / sum);
            for class in 0..C {
                for (out, &factor) in out[place(class)].iter_mut().zip(&factors) {
                    *out *= factor;
                }
            }
        } else {
            for class in 0..C {
                for ((sum, &maximum), &y) in sums.iter_mut().zip(&maxima).zip(&y[place(class)]) {
                    *sum += (y - maximum).quick_exp();
                }
            }
        }
        Sums { maxima, sums }
    }
}

/// For so few values, detecting the instruction set takes longer than the loop.
const FEW: usize = 32;

/// Replaces the rows of a column-major matrix of `C` columns by their softmax.
pub(super) fn softmax<const C: usize, T: Scalar>(values: &mut [T]) {
    let samples = values.len() / C.max(1);
    if samples == 1 {
        return if C <= FEW { Single(values).run() } else { vectorized(Single(values)) };
    }
    for start in (0..samples).step_by(ROWS) {
        let rows = start..samples.min(start + ROWS);
        let block = InPlace::<C, T> { values, samples, rows };
        if values_of(&block) <= FEW { block.run() } else { vectorized(block) }
    }
}

fn values_of<const C: usize, T>(block: &InPlace<'_, C, T>) -> usize {
    block.rows.len() * C
}

/// A single row that is replaced by its softmax, with the same bits as in a block.
struct Single<'a, T>(&'a mut [T]);

impl<T: Scalar> Loop for Single<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Some(&first) = self.0.first() else { return };
        let maximum = self.0.iter().fold(first, |maximum, &y| if y > maximum { y } else { maximum });
        for value in self.0.iter_mut() {
            *value = (*value - maximum).quick_exp();
        }
        let factor = T::one() / self.0.iter().fold(T::zero(), |sum, &exp| sum + exp);
        for value in self.0.iter_mut() {
            *value *= factor;
        }
    }
}

/// A block of rows that is replaced by its softmax.
struct InPlace<'a, const C: usize, T> {
    values: &'a mut [T],
    samples: usize,
    rows: Range<usize>,
}

impl<const C: usize, T: Scalar> Loop for InPlace<'_, C, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { values, samples, rows } = self;
        let place = |class: usize| class * samples + rows.start..class * samples + rows.end;
        let mut maxima = [T::zero(); ROWS];
        maxima[..rows.len()].copy_from_slice(&values[place(0)]);
        for class in 1..C {
            for (maximum, &y) in maxima.iter_mut().zip(&values[place(class)]) {
                *maximum = if y > *maximum { y } else { *maximum };
            }
        }
        let mut sums = [T::zero(); ROWS];
        for class in 0..C {
            for ((sum, &maximum), value) in sums.iter_mut().zip(&maxima).zip(&mut values[place(class)]) {
                *value = (*value - maximum).quick_exp();
                *sum += *value;
            }
        }
        let factors = sums.map(|sum| T::one() / sum);
        for class in 0..C {
            for (value, &factor) in values[place(class)].iter_mut().zip(&factors) {
                *value *= factor;
            }
        }
    }
}

/// The sum of `Σ w (ln Σ exp(y) - y)` over all rows, in `f64`, for the weight `w` of each row and class.
///
/// Overwrites `dy`, if given, with the derivative of that sum, times `share`.
#[cfg(feature = "alloc")]
pub(super) fn cross_entropy<T: Scalar, N: Dim, const C: usize>(
    y: &Batch<T, N, Const<C>>,
    weight: impl Fn(usize, usize) -> f64,
    mut dy: Option<(&mut Batch<T, N, Const<C>>, f64)>,
) -> f64 {
    let mut total = 0.0;
    for rows in blocks(y) {
        let out = dy.as_mut().map(|(dy, share)| (dy.data.values_mut(), T::of(*share)));
        let Sums { maxima, sums } =
            vectorized(Block::<C, T> { y: y.data.values(), samples: y.nrows(), rows: rows.clone(), out });
        let (mut logarithms, mut masses) = ([T::zero(); ROWS], [0.0; ROWS]);
        for (logarithm, &sum) in logarithms.iter_mut().zip(&sums) {
            *logarithm = sum.ln();
        }
        for class in 0..C {
            for (place, row) in rows.clone().enumerate() {
                let weight = weight(row, class);
                masses[place] += weight;
                // The outputs are subtracted first: adding a large maximum would cancel the digits of the logarithm.
                total += weight * (logarithms[place] + (maxima[place] - y[(row, class)])).as_f64();
            }
        }
        let Some((dy, share)) = &mut dy else { continue };
        for class in 0..C {
            for (place, row) in rows.clone().enumerate() {
                let probability = dy[(row, class)];
                dy[(row, class)] = T::of(masses[place]) * probability - T::of(weight(row, class) * *share);
            }
        }
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_single_row_has_the_bits_of_a_block() {
        let row = |sample: usize| std::array::from_fn::<_, 40, _>(|class| ((class * 7 + sample * 3) % 11) as f32 - 4.3);
        let mut batch: Vec<f32> = (0..40).flat_map(|class| [row(0)[class], row(1)[class]]).collect();
        softmax::<40, f32>(&mut batch);
        for sample in 0..2 {
            let mut single = row(sample);
            softmax::<40, f32>(&mut single);
            assert!(single.iter().eq(batch[sample..].iter().step_by(2)), "sample {sample}");
            assert!((single.iter().sum::<f32>() - 1.0).abs() < 1e-6);
        }
    }
}

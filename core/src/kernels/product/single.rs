//! A layer's product for a single sample.

use crate::kernels::product::tile::{Number, fold};
use crate::kernels::product::vector::Vector;

/// The operands of `y = Wᵀ · x + b`, for a column-major `IN x OUT` matrix `W`.
#[derive(Debug)]
pub(crate) struct Single<'a, T> {
    /// `IN · OUT` values.
    pub(crate) weight: &'a [T],
    /// `OUT` values.
    pub(crate) bias: &'a [T],
    /// `IN` values.
    pub(crate) x: &'a [T],
    /// `OUT` values.
    pub(crate) y: &'a mut [T],
}

/// The number of columns of a large weight that are summed side by side.
const COLUMNS: usize = 4;
/// The number of blocks of `x`, one vector each, that are scanned for zeros at a time.
const BLOCKS: usize = 64;
/// The minimum number of blocks for which scanning for zeros pays off.
const FEW: usize = 8;

/// Computes `y`, skipping the blocks of a large `x` that are all zeros, as in the margins of an image.
///
/// # Safety
///
/// As for [`Vector`], which has `LANES` lanes.
///
/// # Panics
///
/// If the lengths disagree.
#[inline(always)]
pub(super) unsafe fn single<V: Vector, const LANES: usize, const IN: usize, const OUT: usize>(
    operands: Single<'_, V::Number>,
) where
    V::Number: Number,
{
    const { assert!(LANES == V::LANES) };
    let Single { weight, bias, x, y } = operands;
    assert!(x.len() == IN && weight.len() == IN * OUT, "x or the weight has a wrong length");
    let (bias, y): (&[_; OUT], &mut [_; OUT]) =
        (bias.try_into().expect("the bias has OUT values"), y.try_into().expect("the output has OUT values"));
    *y = *bias;
    let whole = IN - IN % LANES;
    // SAFETY: the blocks are whole blocks of `x`, and the lengths agree.
    unsafe {
        if IN < FEW * LANES {
            add_blocks::<V, LANES, LANES, IN>(weight, x, &(0..whole).step_by(LANES), y);
        } else {
            for first in (0..whole).step_by(BLOCKS * LANES) {
                let mut blocks = [0; BLOCKS];
                let mut count = 0;
                for block in (first..whole.min(first + BLOCKS * LANES)).step_by(LANES) {
                    // Never out of bounds, but the compiler would keep a panic for it.
                    if let Some(place) = blocks.get_mut(count) {
                        *place = block;
                    }
                    count += usize::from(!V::load(x.as_ptr().add(block)).is_zero());
                }
                add_blocks::<V, LANES, COLUMNS, IN>(weight, x, &blocks.iter().take(count).copied(), y);
            }
        }
        if whole < IN {
            add_rest::<V, LANES, IN>(weight, x, whole, y);
        }
    }
}

/// Adds the products of all columns with some blocks of `x`, `COLUMNS` columns at a time.
///
/// # Safety
///
/// As for [`single`]; the blocks are whole blocks of `x`.
#[inline(always)]
unsafe fn add_blocks<V: Vector, const LANES: usize, const COLUMNS: usize, const IN: usize>(
    weight: &[V::Number],
    x: &[V::Number],
    blocks: &(impl Iterator<Item = usize> + Clone),
    y: &mut [V::Number],
) where
    V::Number: Number,
{
    for start in (0..y.len()).step_by(LANES) {
        let count = LANES.min(y.len() - start);
        // SAFETY: every load is inside a block of `x` and a column of the weight. Where there are fewer than `COLUMNS`
        // columns, the last one is read again.
        unsafe {
            let (first, last) = (weight.as_ptr().add(start * IN), count - 1);
            let mut sums = [V::splat(V::Number::ZERO); LANES];
            for (group, sums) in sums.chunks_exact_mut(COLUMNS).enumerate().take(count.div_ceil(COLUMNS)) {
                let mut group_sums = [V::splat(V::Number::ZERO); COLUMNS];
                for block in blocks.clone() {
                    let x = V::load(x.as_ptr().add(block));
                    for (column, sum) in group_sums.iter_mut().enumerate() {
                        let column = (group * COLUMNS + column).min(last);
                        *sum = V::load(first.add(column * IN + block)).multiply_add(x, *sum);
                    }
                }
                sums.copy_from_slice(&group_sums);
            }
            add_totals(&sums, count, &mut y[start..]);
        }
    }
}

/// [`add_blocks`] for the values of `x` from `block` on, too few for a whole block.
///
/// # Safety
///
/// As for [`single`]; less than a block is left from `block` on.
#[inline(always)]
unsafe fn add_rest<V: Vector, const LANES: usize, const IN: usize>(
    weight: &[V::Number],
    x: &[V::Number],
    block: usize,
    y: &mut [V::Number],
) where
    V::Number: Number,
{
    for start in (0..y.len()).step_by(LANES) {
        let count = LANES.min(y.len() - start);
        // SAFETY: as in `add_blocks`; the mask selects the values that are left.
        unsafe {
            let (first, last) = (weight.as_ptr().add(start * IN), count - 1);
            let mask = V::mask(IN - block);
            let x = V::load_part(x.as_ptr().add(block), mask);
            let mut sums = [V::splat(V::Number::ZERO); LANES];
            for (column, sum) in sums.iter_mut().enumerate() {
                *sum = V::load_part(first.add(column.min(last) * IN + block), mask).multiply(x);
            }
            add_totals(&sums, count, &mut y[start..]);
        }
    }
}

/// Adds the lane sums of the first `count` vectors to `y`.
///
/// # Safety
///
/// As for [`Vector`]; `y` has at least `count` values.
#[inline(always)]
unsafe fn add_totals<V: Vector, const LANES: usize>(sums: &[V; LANES], count: usize, y: &mut [V::Number]) {
    // SAFETY: the caller upholds the contract; the mask has no more lanes than `y` has values.
    unsafe {
        let (mask, to) = (V::mask(count), y.as_mut_ptr());
        V::load_part(to, mask).add(totals(sums)).store_part(to, mask);
    }
}

/// The lane sums of all vectors, one in each lane.
#[inline(always)]
pub(in crate::kernels) unsafe fn totals<V: Vector, const LANES: usize>(sums: &[V; LANES]) -> V {
    // SAFETY: the caller guarantees the instructions; each distance is less than the number of lanes.
    unsafe {
        match LANES {
            4 => four(sums, 0),
            8 => eight(sums, 0),
            _ => fold::<V, 8>(eight(sums, 0), eight(sums, 8)),
        }
    }
}

/// Folds eight vectors from `at` on into one: each gets an eighth of the lanes.
#[inline(always)]
unsafe fn eight<V: Vector>(sums: &[V], at: usize) -> V {
    // SAFETY: the caller guarantees the instructions.
    unsafe { fold::<V, 4>(four(sums, at), four(sums, at + 4)) }
}

/// Folds four vectors from `at` on into one.
#[inline(always)]
unsafe fn four<V: Vector>(sums: &[V], at: usize) -> V {
    // SAFETY: the caller guarantees the instructions.
    unsafe { fold::<V, 2>(fold::<V, 1>(sums[at], sums[at + 1]), fold::<V, 1>(sums[at + 2], sums[at + 3])) }
}

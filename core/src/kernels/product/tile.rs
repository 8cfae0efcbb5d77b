//! Operands and tiles of a product, as the kernels see them.

use std::ops::{Add, AddAssign, Mul};

use super::vector::Vector;

/// A matrix as the kernels see it: its first element and the distances to the next row and column.
#[derive(Clone, Copy)]
pub(super) struct Operand<T> {
    pub(super) first: *const T,
    pub(super) down: usize,
    pub(super) right: usize,
}

/// A tile of the result, with its factors: `C = alpha · A · B + beta · C`.
#[derive(Clone, Copy)]
pub(super) struct Tile<T> {
    pub(super) first: *mut T,
    pub(super) down: usize,
    pub(super) right: usize,
    pub(super) rows: usize,
    pub(super) columns: usize,
    pub(super) alpha: T,
    pub(super) beta: T,
}

/// The arithmetic that every kernel needs.
pub(in crate::kernels) trait Number:
    Copy + Default + PartialEq + Add<Output = Self> + Mul<Output = Self> + AddAssign
{
    const ZERO: Self;
    const ONE: Self;

    /// The nearest number.
    fn nearest(value: f64) -> Self;
}

impl Number for f32 {
    const ZERO: Self = 0.0;
    const ONE: Self = 1.0;

    #[inline(always)]
    #[allow(clippy::cast_possible_truncation)] // rounding is meant
    fn nearest(value: f64) -> Self {
        value as Self
    }
}

impl Number for f64 {
    const ZERO: Self = 0.0;
    const ONE: Self = 1.0;

    #[inline(always)]
    fn nearest(value: f64) -> Self {
        value
    }
}

impl<T> Operand<T> {
    /// The part of the matrix that starts at row `i` and column `j`.
    pub(super) fn from(&self, i: usize, j: usize) -> Self {
        Self { first: self.first.wrapping_add(i * self.down + j * self.right), down: self.down, right: self.right }
    }

    /// The transpose, without a copy.
    pub(super) fn transposed(&self) -> Self {
        Self { first: self.first, down: self.right, right: self.down }
    }
}

impl<T: Copy> Tile<T> {
    /// The part of up to `rows x columns` elements that starts at row `i` and column `j`.
    pub(super) fn part(&self, i: usize, j: usize, rows: usize, columns: usize) -> Self {
        let first = self.first.wrapping_add(i * self.down + j * self.right);
        Self { first, rows: rows.min(self.rows - i), columns: columns.min(self.columns - j), ..*self }
    }

    /// The transpose, without a copy.
    pub(super) fn transposed(&self) -> Self {
        Self { down: self.right, right: self.down, rows: self.columns, columns: self.rows, ..*self }
    }
}

/// Adds neighboring blocks of `D` lanes; the sums of both vectors alternate.
#[inline(always)]
pub(super) unsafe fn fold<V: Vector, const D: usize>(a: V, b: V) -> V {
    // SAFETY: the caller guarantees the instructions.
    unsafe {
        let (even, odd) = a.exchange::<D>(b);
        even.add(odd)
    }
}

/// Writes `alpha · sum + beta · C` to a vector of `C`.
///
/// # Safety
///
/// As for [`Vector`]; the lanes at `to` must be valid for reads and writes.
#[inline(always)]
pub(super) unsafe fn combine<V: Vector>(sum: V, to: *mut V::Number, tile: &Tile<V::Number>)
where
    V::Number: Number,
{
    // SAFETY: the caller upholds the contract.
    unsafe {
        let scaled = sum.multiply(V::splat(tile.alpha));
        let kept = tile.beta != V::Number::ZERO;
        let new = if kept { V::load(to).multiply_add(V::splat(tile.beta), scaled) } else { scaled };
        new.store(to);
    }
}

/// [`combine`] for the lanes of a mask.
#[inline(always)]
pub(super) unsafe fn combine_part<V: Vector>(sum: V, to: *mut V::Number, mask: V::Mask, tile: &Tile<V::Number>)
where
    V::Number: Number,
{
    // SAFETY: the caller upholds the contract.
    unsafe {
        let scaled = sum.multiply(V::splat(tile.alpha));
        let kept = tile.beta != V::Number::ZERO;
        let new = if kept { V::load_part(to, mask).multiply_add(V::splat(tile.beta), scaled) } else { scaled };
        new.store_part(to, mask);
    }
}

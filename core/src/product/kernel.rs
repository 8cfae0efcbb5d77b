//! The innermost loop: one tile of the result, kept in registers.

use std::ops::{Add, AddAssign, Mul};

use super::vector::{Portable, Vector};

/// A tile of the result and how it is combined with what is there: `C = alpha · A · B + beta · C`.
#[derive(Clone, Copy)]
pub(super) struct Tile<T> {
    pub(super) first: *mut T,
    pub(super) down: usize,
    pub(super) right: usize,
    /// How much of the tile is inside the matrix.
    pub(super) rows: usize,
    pub(super) columns: usize,
    pub(super) alpha: T,
    pub(super) beta: T,
}

/// A tile size with the function that calculates such a tile.
#[derive(Clone, Copy)]
pub(super) struct Kernel<T> {
    /// Rows of a tile, and of a packed panel of `A`.
    pub(super) rows: usize,
    /// Columns of a tile, and of a packed panel of `B`.
    pub(super) columns: usize,
    /// Adds up `depth` products of the panels at `a` and `b` into the tile.
    ///
    /// Safety: the processor has the kernel's instructions; `a` points to `depth · rows` numbers, `b` to
    /// `depth · columns`; the tile's `rows x columns` elements may be read and written.
    pub(super) run: unsafe fn(depth: usize, a: *const T, b: *const T, tile: Tile<T>),
}

/// What every kernel calculates with.
pub(super) trait Number: Copy + PartialEq + Add<Output = Self> + Mul<Output = Self> + AddAssign {
    const ZERO: Self;
    const ONE: Self;
}

impl Number for f32 {
    const ZERO: Self = 0.0;
    const ONE: Self = 1.0;
}

impl Number for f64 {
    const ZERO: Self = 0.0;
    const ONE: Self = 1.0;
}

/// # Safety
///
/// As [`Kernel::run`] says, for tiles of `UP · LANES` rows and `COLUMNS` columns.
#[inline(always)]
unsafe fn tile<V: Vector, const UP: usize, const COLUMNS: usize>(
    depth: usize,
    a: *const V::Number,
    b: *const V::Number,
    tile: Tile<V::Number>,
) where
    V::Number: Number,
{
    // SAFETY: each arm calculates as many vectors as it needs of those that the panel has.
    unsafe {
        if UP > 1 && tile.rows <= V::LANES {
            vectors::<V, 1, COLUMNS>(depth, UP * V::LANES, a, b, tile);
        } else {
            vectors::<V, UP, COLUMNS>(depth, UP * V::LANES, a, b, tile);
        }
    }
}

/// The first `UP` vectors of a tile whose panel of `A` has `panel` rows.
///
/// # Safety
///
/// As [`Kernel::run`] says.
#[inline(always)]
unsafe fn vectors<V: Vector, const UP: usize, const COLUMNS: usize>(
    depth: usize,
    panel: usize,
    mut a: *const V::Number,
    mut b: *const V::Number,
    tile: Tile<V::Number>,
) where
    V::Number: Number,
{
    // SAFETY: every load is inside the panels, whose sizes the caller vouches for; so are the stores.
    unsafe {
        let mut sums = [[V::splat(V::Number::ZERO); UP]; COLUMNS];
        for _ in 0..depth {
            let left: [V; UP] = std::array::from_fn(|i| V::load(a.add(i * V::LANES)));
            for (j, column) in sums.iter_mut().enumerate() {
                let right = V::splat(*b.add(j));
                for (sum, left) in column.iter_mut().zip(left) {
                    *sum = left.multiply_add(right, *sum);
                }
            }
            a = a.add(panel);
            b = b.add(COLUMNS);
        }
        if tile.rows == UP * V::LANES && tile.columns == COLUMNS && tile.down == 1 {
            store_whole(&sums, tile);
        } else {
            store_part(sums, tile);
        }
    }
}

/// # Safety
///
/// The whole tile is inside the matrix, and its columns are contiguous.
#[inline(always)]
unsafe fn store_whole<V: Vector, const UP: usize, const COLUMNS: usize>(
    sums: &[[V; UP]; COLUMNS],
    tile: Tile<V::Number>,
) where
    V::Number: Number,
{
    // SAFETY: as the caller vouches.
    unsafe {
        let (alpha, beta) = (V::splat(tile.alpha), V::splat(tile.beta));
        for (j, column) in sums.iter().enumerate() {
            for (i, sum) in column.iter().enumerate() {
                let to = tile.first.add(j * tile.right + i * V::LANES);
                let scaled = sum.multiply(alpha);
                let new = if tile.beta == V::Number::ZERO { scaled } else { V::load(to).multiply_add(beta, scaled) };
                new.store(to);
            }
        }
    }
}

/// # Safety
///
/// The tile's `rows x columns` elements are inside the matrix.
#[inline(always)]
unsafe fn store_part<V: Vector, const UP: usize, const COLUMNS: usize>(sums: [[V; UP]; COLUMNS], tile: Tile<V::Number>)
where
    V::Number: Number,
{
    let numbers: *const V::Number = (&raw const sums).cast();
    for j in 0..tile.columns {
        for i in 0..tile.rows {
            // SAFETY: `sums` is an array of `UP · LANES · COLUMNS` numbers, column by column, and the tile's
            // rows and columns are at most that many; the element of the matrix is as the caller vouches.
            unsafe {
                let to = tile.first.add(i * tile.down + j * tile.right);
                let scaled = tile.alpha * *numbers.add(j * UP * V::LANES + i);
                *to = if tile.beta == V::Number::ZERO { scaled } else { tile.beta * *to + scaled };
            }
        }
    }
}

/// The kernel that runs everywhere.
pub(super) fn portable<T: Number>() -> Kernel<T> {
    Kernel { rows: 8, columns: 4, run: tile::<Portable<T>, 2, 4> }
}

#[cfg(all(target_arch = "x86_64", not(miri)))] // Miri runs the portable kernels
pub(super) mod x86 {
    use super::{Kernel, Tile, tile};
    use std::arch::x86_64::{__m256, __m256d, __m512, __m512d};

    macro_rules! kernel {
        ($name:ident, $function:ident, $features:literal, $vector:ty, $number:ty, $rows:literal, $columns:literal) => {
            /// # Safety
            ///
            /// As [`Kernel::run`] says.
            #[target_feature(enable = $features)]
            unsafe fn $function(depth: usize, a: *const $number, b: *const $number, into: Tile<$number>) {
                // SAFETY: passed on from the caller.
                unsafe { tile::<$vector, 2, $columns>(depth, a, b, into) }
            }

            pub(in super::super) const $name: Kernel<$number> =
                Kernel { rows: $rows, columns: $columns, run: $function };
        };
    }

    // 24 of the 32 registers of AVX-512 hold the tile, 12 of the 16 of AVX2.
    kernel!(AVX512_F32, avx512_f32, "avx512f", __m512, f32, 32, 12);
    kernel!(AVX512_F64, avx512_f64, "avx512f", __m512d, f64, 16, 12);
    kernel!(AVX2_F32, avx2_f32, "avx2,fma", __m256, f32, 16, 6);
    kernel!(AVX2_F64, avx2_f64, "avx2,fma", __m256d, f64, 8, 6);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A kernel against the definition, for every part of its tile.
    fn check<T: Number + From<u8> + std::fmt::Debug>(kernel: Kernel<T>) {
        let depth = 5;
        let number = |seed: usize| T::from(u8::try_from(seed % 13).unwrap());
        let a: Vec<T> = (0..depth * kernel.rows).map(|i| number(i * 5)).collect();
        let b: Vec<T> = (0..depth * kernel.columns).map(|i| number(i * 7)).collect();
        for (rows, columns) in (1..=kernel.rows).flat_map(|r| (1..=kernel.columns).map(move |c| (r, c))) {
            let mut c = vec![number(1); rows * columns];
            let tile =
                Tile { first: c.as_mut_ptr(), down: 1, right: rows, rows, columns, alpha: number(2), beta: number(3) };
            // SAFETY: the panels and the tile have the sizes that the kernel asks for.
            unsafe { (kernel.run)(depth, a.as_ptr(), b.as_ptr(), tile) };
            for (i, j) in (0..rows).flat_map(|i| (0..columns).map(move |j| (i, j))) {
                let mut sum = T::ZERO;
                for p in 0..depth {
                    sum += a[p * kernel.rows + i] * b[p * kernel.columns + j];
                }
                assert_eq!(c[i + j * rows], number(2) * sum + number(3) * number(1), "{rows} x {columns} at {i}, {j}");
            }
        }
    }

    #[test]
    fn the_portable_kernels_equal_the_definition() {
        check(portable::<f32>());
        check(portable::<f64>());
    }

    #[test]
    #[cfg(all(target_arch = "x86_64", not(miri)))]
    fn the_kernels_of_this_processor_equal_the_definition() {
        if std::is_x86_feature_detected!("avx2") && std::is_x86_feature_detected!("fma") {
            check(x86::AVX2_F32);
            check(x86::AVX2_F64);
        }
        if std::is_x86_feature_detected!("avx512f") {
            check(x86::AVX512_F32);
            check(x86::AVX512_F64);
        }
    }
}

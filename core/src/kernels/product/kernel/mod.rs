//! The innermost loops: one tile of the result, kept in registers.

use std::hint::black_box;

use crate::kernels::product::inner::Inner;
use crate::kernels::product::pack::{Block, pack_panels};
use crate::kernels::product::tile::{Number, Operand, Tile, combine, combine_part};
use crate::kernels::product::vector::{Portable, Vector};

/// How many steps ahead the rows of `A` are prefetched: about the latency of the L2 cache.
const AHEAD: usize = 8;

/// A function that computes a tile of the result from the operands' first rows and columns.
pub(super) type TileFunction<T> = unsafe fn(depth: usize, a: Operand<T>, b: Operand<T>, tile: Tile<T>);

/// The functions that compute tiles, for one scalar type and one instruction set.
///
/// Safety: the processor must support the instructions. The operands' first `rows` rows and `columns` columns, each of
/// `depth` elements, must be valid for reads, and the tile's elements for reads and writes.
#[derive(Clone, Copy)]
pub(super) struct Kernels<T> {
    /// The number of lanes of a vector.
    pub(super) lanes: usize,
    /// The maximum number of rows of an outer tile.
    pub(super) rows: usize,
    /// The maximum number of columns of an outer tile: even.
    pub(super) columns: usize,
    /// Sums outer products: a vector of a column of `A` times an element of `B`.
    ///
    /// Safety: also, the columns of `A` and of the tile are contiguous, and so is one direction of `B`.
    pub(super) outer: TileFunction<T>,
    /// Sums inner products.
    pub(super) inner: Option<Inner<T>>,
    /// [`pack_panels`], with the same safety conditions.
    pub(super) pack: unsafe fn(block: &Block<T>, width: usize, to: *mut T),
}

impl<T> Kernels<T> {
    /// The tile height for `rows` rows: a multiple of the lanes, chosen so that the last tile is not much smaller.
    pub(super) fn height(&self, rows: usize) -> usize {
        let tiles = rows.div_ceil(self.rows).max(1);
        rows.div_ceil(tiles).next_multiple_of(self.lanes).max(self.lanes)
    }

    /// The tile width for `columns` columns: even, chosen so that the last tile is not much smaller.
    pub(super) fn width(&self, columns: usize) -> usize {
        let tiles = columns.div_ceil(self.columns).max(1);
        columns.div_ceil(tiles).next_multiple_of(2).max(2)
    }
}

/// Runs the outer kernel for the tile's size, at most `MOST_UP` vectors high and `MOST` columns wide.
///
/// # Safety
///
/// As for [`Kernels::outer`].
#[inline(always)]
unsafe fn outer<V: Vector, const MOST_UP: usize, const MOST: usize>(
    depth: usize,
    a: Operand<V::Number>,
    b: Operand<V::Number>,
    tile: Tile<V::Number>,
) where
    V::Number: Number,
{
    // SAFETY: the caller upholds the contract; each arm handles at least the tile's columns.
    unsafe {
        match tile.columns.div_ceil(2) {
            1 => outer_rows::<V, MOST_UP, 2>(depth, a, b, tile),
            2 => outer_rows::<V, MOST_UP, 4>(depth, a, b, tile),
            3 if MOST >= 6 => outer_rows::<V, MOST_UP, 6>(depth, a, b, tile),
            4 if MOST >= 8 => outer_rows::<V, MOST_UP, 8>(depth, a, b, tile),
            _ => unreachable!("a tile of {} columns", tile.columns),
        }
    }
}

/// # Safety
///
/// As for [`Kernels::outer`].
#[inline(always)]
unsafe fn outer_rows<V: Vector, const MOST_UP: usize, const COLUMNS: usize>(
    depth: usize,
    a: Operand<V::Number>,
    b: Operand<V::Number>,
    tile: Tile<V::Number>,
) where
    V::Number: Number,
{
    let whole = tile.rows.is_multiple_of(V::LANES);
    // SAFETY: the caller upholds the contract; each arm handles the tile's height, in whole vectors only if it fills
    // them.
    unsafe {
        match (tile.rows.div_ceil(V::LANES), whole) {
            (1, _) => outer_order::<V, 1, COLUMNS, false>(depth, a, b, tile),
            (2, true) => outer_order::<V, 2, COLUMNS, true>(depth, a, b, tile),
            (2, false) => outer_order::<V, 2, COLUMNS, false>(depth, a, b, tile),
            (3, true) if MOST_UP >= 3 => outer_order::<V, 3, COLUMNS, true>(depth, a, b, tile),
            (3, false) if MOST_UP >= 3 => outer_order::<V, 3, COLUMNS, false>(depth, a, b, tile),
            _ => unreachable!("a tile of {} rows", tile.rows),
        }
    }
}

/// # Safety
///
/// As for [`Kernels::outer`].
#[inline(always)]
unsafe fn outer_order<V: Vector, const UP: usize, const COLUMNS: usize, const WHOLE: bool>(
    depth: usize,
    a: Operand<V::Number>,
    b: Operand<V::Number>,
    tile: Tile<V::Number>,
) where
    V::Number: Number,
{
    // SAFETY: the caller upholds the contract; one direction of `B` is contiguous.
    unsafe {
        if b.right == 1 {
            outer_tile::<V, UP, COLUMNS, WHOLE, true>(depth, a, b, tile);
        } else {
            outer_tile::<V, UP, COLUMNS, WHOLE, false>(depth, a, b, tile);
        }
    }
}

/// Computes a tile of `COLUMNS` columns, or one less, each of `UP` vectors.
///
/// `WHOLE` means that the tile's rows fill the vectors. `ACROSS` means that the rows of `B` are contiguous; otherwise
/// its columns are.
///
/// # Safety
///
/// As for [`Kernels::outer`].
#[inline(always)]
unsafe fn outer_tile<V: Vector, const UP: usize, const COLUMNS: usize, const WHOLE: bool, const ACROSS: bool>(
    depth: usize,
    a: Operand<V::Number>,
    b: Operand<V::Number>,
    tile: Tile<V::Number>,
) where
    V::Number: Number,
{
    // SAFETY: every load is inside the tile's rows and columns and the depth; every store is inside the tile.
    unsafe {
        let mask = V::mask(tile.rows - (UP - 1) * V::LANES);
        let (step, right) = if ACROSS { (b.down, 1) } else { (1, b.right) };
        // Hides from the compiler how the columns are related. Otherwise it computes each address from the one before,
        // and these additions compete with the products.
        let multiples = [right, 3 * right, 4 * right];
        let [one, three, four] = if ACROSS { multiples } else { black_box(multiples) };
        // A tile with one column less computes its last column twice.
        let last = (tile.columns - 1) * right;
        let distance = |j: usize| match j {
            _ if j + 1 == COLUMNS => last,
            0..4 => [0, one, 2 * one, three][j],
            _ => four + [0, one, 2 * one, three][j - 4],
        };
        let columns: [_; COLUMNS] = std::array::from_fn(|j| b.first.wrapping_add(distance(j)));
        for j in 0..COLUMNS {
            for i in 0..UP {
                V::prefetch(tile.first.wrapping_add(j * tile.right + i * V::LANES));
            }
        }
        let mut left = a.first;
        let mut sums = [[V::splat(V::Number::ZERO); UP]; COLUMNS];
        for p in 0..depth {
            for i in 0..UP {
                V::prefetch(left.wrapping_add(AHEAD * a.right + i * V::LANES));
            }
            let vectors: [V; UP] = std::array::from_fn(|i| {
                let from = left.add(i * V::LANES);
                if WHOLE || i + 1 < UP { V::load(from) } else { V::load_part(from, mask) }
            });
            for (column, sums) in columns.iter().zip(&mut sums) {
                let factor = V::splat(*column.add(p * step));
                for (sum, vector) in sums.iter_mut().zip(vectors) {
                    *sum = vector.multiply_add(factor, *sum);
                }
            }
            left = left.wrapping_add(a.right);
        }
        for (j, column) in sums.iter().enumerate().take(tile.columns) {
            for (i, &sum) in column.iter().enumerate() {
                let to = tile.first.add(j * tile.right + i * V::LANES);
                if WHOLE || i + 1 < UP { combine(sum, to, &tile) } else { combine_part(sum, to, mask, &tile) }
            }
        }
    }
}

/// The kernels that run everywhere.
pub(super) fn portable<T: Number>() -> Kernels<T> {
    Kernels {
        lanes: 4,
        rows: 8,
        columns: 4,
        outer: outer::<Portable<T>, 2, 4>,
        inner: None,
        pack: pack_panels::<Portable<T>, 4>,
    }
}

#[cfg(all(target_arch = "x86_64", not(miri)))] // Miri runs the portable kernels
pub(super) mod x86;

#[cfg(test)]
mod tests;

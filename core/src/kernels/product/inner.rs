//! The kernel of inner products: computes a panel of rows of the result, tile by tile.

use std::ops::Range;

use crate::kernels::product::tile::{Number, Operand, Tile, combine_part, fold};
use crate::kernels::product::vector::Vector;

/// The maximum number of rows of an inner tile.
pub(super) const INNER_ROWS: usize = 8;
/// The maximum number of columns of an inner tile.
const COLUMNS: usize = 3;
/// The number of vectors along the depth that are scanned for zeros at a time.
const VECTORS: usize = 256;
/// The maximum number of runs of nonzero vectors among [`VECTORS`].
pub(super) const RUNS: usize = VECTORS / 2;
/// The number of bits in a word, one for each vector.
const WORD: usize = u64::BITS as usize;
/// The minimum number of columns for which scanning for zeros pays off.
const MANY: usize = 16;

/// The type of [`list`].
pub(super) type ListFunction<T> = unsafe fn(Range<usize>, Operand<T>, usize, &mut [Range<usize>; RUNS]) -> usize;

/// The functions that sum inner products of rows of `A` with columns of `B`, both contiguous.
#[derive(Clone, Copy)]
pub(super) struct Inner<T> {
    /// The number of lanes of a vector.
    pub(super) lanes: usize,
    /// [`list`], with the same safety conditions.
    pub(super) list: ListFunction<T>,
    /// [`tiles`], with the same safety conditions.
    pub(super) tiles: unsafe fn(&Parts, Operand<T>, Operand<T>, Tile<T>),
}

impl<T: Number> Inner<T> {
    /// Computes all columns of a panel of up to [`INNER_ROWS`] rows.
    ///
    /// Vectors that are zero in all of these rows, as in the margins of images, are skipped.
    ///
    /// # Safety
    ///
    /// The processor must support the instructions of the functions. `depth` elements of the panel's rows of `A` and
    /// columns of `B` must be valid for reads, and the panel's elements for reads and writes.
    pub(super) unsafe fn panel(&self, depth: usize, a: Operand<T>, b: Operand<T>, panel: Tile<T>) {
        let mut filled = [const { 0..0 }; RUNS];
        for first in (0..depth.max(1)).step_by(VECTORS * self.lanes) {
            let last = depth.min(first + VECTORS * self.lanes);
            let whole = last - (last - first) % self.lanes;
            let beta = if first == 0 { panel.beta } else { T::ONE };
            // SAFETY: the vectors from `first` to `whole`, and the rest up to `last`, lie inside the operands' depth.
            unsafe {
                let rows = if panel.columns < MANY { 0 } else { panel.rows };
                let count = (self.list)(first..whole, a, rows, &mut filled);
                let parts = Parts { filled: &filled[..count], rest: whole..last };
                (self.tiles)(&parts, a, b, Tile { beta, ..panel });
            }
        }
    }
}

/// The parts of the depth that a tile sums: runs of whole vectors, and the rest that fills no vector.
pub(super) struct Parts<'a> {
    filled: &'a [Range<usize>],
    rest: Range<usize>,
}

/// Lists the runs of vectors that are nonzero in at least one of `rows` rows, and returns their number.
///
/// With `rows = 0` the whole range is one run.
///
/// # Safety
///
/// As for [`Inner::panel`]; the range consists of at most [`VECTORS`] whole vectors of the depth.
#[inline(always)]
pub(super) unsafe fn list<V: Vector>(
    range: Range<usize>,
    a: Operand<V::Number>,
    rows: usize,
    to: &mut [Range<usize>; RUNS],
) -> usize {
    // Rows that neither begin nor end with zeros are not images with margins: scanning them does not pay off.
    let nothing = rows == 0 || range.is_empty();
    // SAFETY: the range's first and last vectors are whole, and there is at least one row.
    if nothing || unsafe { is_filled::<V>(a, rows, range.start) && is_filled::<V>(a, rows, range.end - V::LANES) } {
        to[0] = range;
        return 1;
    }
    let (mut count, mut last) = (0, None);
    for first in range.clone().step_by(WORD * V::LANES) {
        // One bit for each vector, without a branch that could be mispredicted.
        let mut filled = 0_u64;
        for (bit, at) in (first..range.end).step_by(V::LANES).take(WORD).enumerate() {
            // SAFETY: as above.
            filled |= u64::from(unsafe { is_filled::<V>(a, rows, at) }) << bit;
        }
        while filled != 0 {
            let start = filled.trailing_zeros();
            let end = start + (filled >> start).trailing_ones();
            let run = first + start as usize * V::LANES..first + end as usize * V::LANES;
            // A run may continue in the next word.
            if last == Some(run.start) {
                to[count - 1].end = run.end;
            } else {
                to[count] = run.clone();
                count += 1;
            }
            last = Some(run.end);
            filled = filled.checked_shr(end).map_or(0, |rest| rest << end);
        }
    }
    count
}

/// Returns whether the vector at `at` is nonzero in any of `rows` rows.
///
/// # Safety
///
/// As for [`list`]; the vector is whole.
#[inline(always)]
unsafe fn is_filled<V: Vector>(a: Operand<V::Number>, rows: usize, at: usize) -> bool {
    // SAFETY: the rows exist; where there are fewer than `INNER_ROWS`, the last one is read again.
    unsafe {
        let mut any = V::load(a.first.add(at));
        for row in 1..INNER_ROWS {
            any = any.or(V::load(a.first.add(row.min(rows - 1) * a.down + at)));
        }
        !any.is_zero()
    }
}

/// Computes the tiles of a panel with functions for their sizes, so that little is computed twice.
///
/// # Safety
///
/// As for [`Inner::panel`].
#[inline(always)]
pub(super) unsafe fn tiles<V: Vector>(
    parts: &Parts,
    a: Operand<V::Number>,
    b: Operand<V::Number>,
    panel: Tile<V::Number>,
) where
    V::Number: Number,
{
    const HALF: usize = INNER_ROWS / 2;
    // SAFETY: the caller upholds the contract; each arm handles at least the panel's rows.
    unsafe {
        if panel.rows <= HALF {
            tiles_of_rows::<V, HALF>(parts, a, b, panel);
        } else {
            tiles_of_rows::<V, INNER_ROWS>(parts, a, b, panel);
        }
    }
}

/// # Safety
///
/// As for [`Inner::panel`], for panels of at most `ROWS` rows.
#[inline(always)]
unsafe fn tiles_of_rows<V: Vector, const ROWS: usize>(
    parts: &Parts,
    a: Operand<V::Number>,
    b: Operand<V::Number>,
    panel: Tile<V::Number>,
) where
    V::Number: Number,
{
    let whole = panel.columns - panel.columns % COLUMNS;
    // SAFETY: the caller upholds the contract; the tiles are parts of the panel, all of `COLUMNS` columns except the
    // last.
    unsafe {
        for j in (0..whole).step_by(COLUMNS) {
            inner_tile::<V, ROWS, COLUMNS>(parts, a, b.from(0, j), panel.part(0, j, ROWS, COLUMNS));
        }
        let (b, tile) = (b.from(0, whole), panel.part(0, whole, ROWS, COLUMNS));
        match tile.columns {
            0 => {}
            1 => inner_tile::<V, ROWS, 1>(parts, a, b, tile),
            _ => inner_tile::<V, ROWS, 2>(parts, a, b, tile),
        }
    }
}

/// # Safety
///
/// As for [`Inner::panel`], for tiles of at most `ROWS` rows and `MOST` columns.
#[inline(always)]
unsafe fn inner_tile<V: Vector, const ROWS: usize, const MOST: usize>(
    parts: &Parts,
    a: Operand<V::Number>,
    b: Operand<V::Number>,
    tile: Tile<V::Number>,
) where
    V::Number: Number,
{
    // SAFETY: every load is inside the tile's rows and columns and the depth; every store is inside the tile.
    unsafe {
        // A smaller tile computes its last row and column again.
        let rows: [_; ROWS] = std::array::from_fn(|i| a.first.add(i.min(tile.rows - 1) * a.down));
        let columns: [_; MOST] = std::array::from_fn(|j| b.first.add(j.min(tile.columns - 1) * b.right));
        let mut sums = [[V::splat(V::Number::ZERO); ROWS]; MOST];
        for run in parts.filled {
            let mut p = run.start;
            while p < run.end {
                let right = columns.map(|column| V::load(column.add(p)));
                for (i, row) in rows.iter().enumerate() {
                    let left = V::load(row.add(p));
                    for (column, right) in sums.iter_mut().zip(right) {
                        column[i] = left.multiply_add(right, column[i]);
                    }
                }
                p += V::LANES;
            }
        }
        let Range { start: p, end } = parts.rest;
        if p < end {
            let mask = V::mask(end - p);
            let right = columns.map(|column| V::load_part(column.add(p), mask));
            for (i, row) in rows.iter().enumerate() {
                let left = V::load_part(row.add(p), mask);
                for (column, right) in sums.iter_mut().zip(right) {
                    column[i] = left.multiply_add(right, column[i]);
                }
            }
        }
        let mask = V::mask(tile.rows);
        for (j, column) in sums.into_iter().enumerate().take(tile.columns) {
            let mut eight = [V::splat(V::Number::ZERO); INNER_ROWS];
            eight[..ROWS].copy_from_slice(&column);
            let (totals, to) = (totals(eight), tile.first.add(j * tile.right));
            if tile.down == 1 {
                combine_part(totals, to, mask, &tile);
            } else {
                let numbers: *const V::Number = (&raw const totals).cast();
                for i in 0..tile.rows {
                    let (to, scaled) = (to.add(i * tile.down), tile.alpha * *numbers.add(i));
                    *to = if tile.beta == V::Number::ZERO { scaled } else { tile.beta * *to + scaled };
                }
            }
        }
    }
}

/// The sum of the lanes of each vector, in the first eight lanes; all are summed in the same order.
///
/// # Safety
///
/// As for [`Vector`], with eight or sixteen lanes.
#[inline(always)]
unsafe fn totals<V: Vector>([a, b, c, d, e, f, g, h]: [V; INNER_ROWS]) -> V {
    // SAFETY: the caller guarantees the instructions.
    unsafe {
        let [ab, cd, ef, gh] = [fold::<V, 1>(a, b), fold::<V, 1>(c, d), fold::<V, 1>(e, f), fold::<V, 1>(g, h)];
        let [abcd, efgh] = [fold::<V, 2>(ab, cd), fold::<V, 2>(ef, gh)];
        let all = fold::<V, 4>(abcd, efgh);
        if V::LANES > 8 { fold::<V, 8>(all, all) } else { all }
    }
}

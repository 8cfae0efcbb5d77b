//! Copies blocks of the operands in the order in which the kernel reads them.

use crate::kernels::product::tile::Number;
use crate::kernels::product::vector::Vector;

/// A block of an operand: `lines` rows of `A` or columns of `B`, each of `depth` steps.
pub(super) struct Block<T> {
    pub(super) first: *const T,
    /// The distance between neighboring lines.
    pub(super) line: usize,
    /// The distance between neighboring steps of a line.
    pub(super) step: usize,
    pub(super) lines: usize,
    pub(super) depth: usize,
}

/// Writes the block as consecutive panels of `width` lines, each step by step.
///
/// The missing lines of the last panel hold unspecified values, which no tile uses.
///
/// # Safety
///
/// As for [`Vector`], which has `LANES` lanes. The block's `lines x depth` elements must be valid for reads, and
/// `width · depth` elements for each panel, from `to` on, for writes.
#[inline(always)]
pub(super) unsafe fn pack_panels<V: Vector, const LANES: usize>(
    block: &Block<V::Number>,
    width: usize,
    to: *mut V::Number,
) where
    V::Number: Number,
{
    const { assert!(LANES == V::LANES) };
    // SAFETY: the caller upholds the contract.
    unsafe {
        if block.line == 1 {
            copy_steps::<V>(block, width, to);
        } else if block.step == 1 && width.is_multiple_of(LANES) {
            for line in (0..block.lines).step_by(LANES) {
                let (panel, within) = (line / width * width, line % width);
                transpose_lines::<V, LANES>(block, line, width, to.add(panel * block.depth + within));
            }
        } else {
            copy_elements(block, width, to);
        }
    }
}

/// Contiguous lines: copies step by step.
#[inline(always)]
unsafe fn copy_steps<V: Vector>(block: &Block<V::Number>, width: usize, to: *mut V::Number) {
    for step in 0..block.depth {
        for panel in (0..block.lines).step_by(width) {
            let lines = width.min(block.lines - panel);
            for group in (0..lines).step_by(V::LANES) {
                let (from, at) = (panel + step * block.step, panel * block.depth + step * width);
                // SAFETY: the mask selects only lines that exist.
                unsafe {
                    let mask = V::mask(lines - group);
                    V::load_part(block.first.add(from + group), mask).store_part(to.add(at + group), mask);
                }
            }
        }
    }
}

/// Contiguous steps: transposes squares of `LANES` lines and steps, for the lines from `first` on.
#[inline(always)]
unsafe fn transpose_lines<V: Vector, const LANES: usize>(
    block: &Block<V::Number>,
    first: usize,
    width: usize,
    to: *mut V::Number,
) where
    V::Number: Number,
{
    // SAFETY: the last line stands in for missing ones; the masks select only steps that exist.
    unsafe {
        let lines: [_; LANES] = std::array::from_fn(|i| block.first.add((first + i).min(block.lines - 1) * block.line));
        let mut step = 0;
        while step + LANES <= block.depth {
            let mut loaded = [V::splat(V::Number::ZERO); LANES];
            for (row, line) in loaded.iter_mut().zip(lines) {
                *row = V::load(line.add(step));
            }
            let square = transpose::<V, LANES>(loaded);
            for (i, row) in square.into_iter().enumerate() {
                row.store(to.add((step + i) * width));
            }
            step += LANES;
        }
        let mask = V::mask(block.depth - step);
        if step < block.depth {
            let mut loaded = [V::splat(V::Number::ZERO); LANES];
            for (row, line) in loaded.iter_mut().zip(lines) {
                *row = V::load_part(line.add(step), mask);
            }
            let square = transpose::<V, LANES>(loaded);
            for (i, row) in square.into_iter().enumerate().take(block.depth - step) {
                row.store(to.add((step + i) * width));
            }
        }
    }
}

/// Transposes a square of vectors.
#[inline(always)]
pub(in crate::kernels) unsafe fn transpose<V: Vector, const LANES: usize>(square: [V; LANES]) -> [V; LANES] {
    // SAFETY: the caller guarantees the instructions; each distance is less than the number of lanes.
    unsafe {
        let square = exchange_rows::<V, LANES, 2>(exchange_rows::<V, LANES, 1>(square));
        let square = if LANES > 4 { exchange_rows::<V, LANES, 4>(square) } else { square };
        if LANES > 8 { exchange_rows::<V, LANES, 8>(square) } else { square }
    }
}

/// Exchanges blocks of `D` lanes between rows that are `D` apart.
#[inline(always)]
unsafe fn exchange_rows<V: Vector, const LANES: usize, const D: usize>(square: [V; LANES]) -> [V; LANES] {
    let mut exchanged = square;
    for i in (0..LANES).filter(|i| i & D == 0) {
        // SAFETY: the caller guarantees the instructions.
        (exchanged[i], exchanged[i | D]) = unsafe { square[i].exchange::<D>(square[i | D]) };
    }
    exchanged
}

/// Any strides: copies element by element.
#[inline(always)]
unsafe fn copy_elements<T: Number>(block: &Block<T>, width: usize, to: *mut T) {
    for (line, step) in (0..block.lines).flat_map(|line| (0..block.depth).map(move |step| (line, step))) {
        let (panel, within) = (line / width * width, line % width);
        // SAFETY: the block has this element, and the panel has room for it.
        unsafe {
            *to.add(panel * block.depth + step * width + within) =
                *block.first.add(line * block.line + step * block.step);
        }
    }
}

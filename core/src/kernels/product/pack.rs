//! Copies blocks of the operands into the order in which the kernel reads them.

use crate::kernels::product::tile::Number;
use crate::kernels::product::vector::Vector;

/// One operand's block, seen from its panels: `lines` rows of `A` or columns of `B`, `depth` products deep.
pub(super) struct Block<T> {
    pub(super) first: *const T,
    /// The distance from one line to the next.
    pub(super) line: usize,
    /// The distance from one product to the next.
    pub(super) step: usize,
    pub(super) lines: usize,
    pub(super) depth: usize,
}

/// Writes the block as panels of `width` lines, one after the other, each product by product. What is written for lines
/// that the last panel does not have is of no meaning: the tile that is calculated from it is cut off.
///
/// # Safety
///
/// As [`Vector`] says, whose lanes are `LANES`. The block's `lines x depth` elements may be read, and `width · depth`
/// be written for each panel from `to` on. `width` is a multiple of `LANES` unless the lines are contiguous.
#[inline(always)]
pub(super) unsafe fn pack_panels<V: Vector, const LANES: usize>(
    block: &Block<V::Number>,
    width: usize,
    to: *mut V::Number,
) where
    V::Number: Number,
{
    const { assert!(LANES == V::LANES) };
    // SAFETY: passed on.
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
                // SAFETY: the mask has the lines that are there.
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
    // SAFETY: where lines are missing the last is read again; the masks have the steps that are there.
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

/// The square whose rows are the columns of this one.
#[inline(always)]
unsafe fn transpose<V: Vector, const LANES: usize>(square: [V; LANES]) -> [V; LANES] {
    // SAFETY: the caller vouches for the instructions; each distance is below the number of lanes.
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
        // SAFETY: the caller vouches for the instructions.
        (exchanged[i], exchanged[i | D]) = unsafe { square[i].exchange::<D>(square[i | D]) };
    }
    exchanged
}

/// Any strides: copies element by element.
#[inline(always)]
unsafe fn copy_elements<T: Number>(block: &Block<T>, width: usize, to: *mut T) {
    for (line, step) in (0..block.lines).flat_map(|line| (0..block.depth).map(move |step| (line, step))) {
        let (panel, within) = (line / width * width, line % width);
        // SAFETY: the block has this element, and the panel a place for it.
        unsafe {
            *to.add(panel * block.depth + step * width + within) =
                *block.first.add(line * block.line + step * block.step);
        }
    }
}

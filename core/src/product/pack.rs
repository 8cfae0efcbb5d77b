//! Copies blocks of the operands into the order in which the kernel reads them.

use super::kernel::Number;

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

/// Writes the block as panels of `width` lines each, product by product. Lines beyond the last keep what
/// is there: the tile that is calculated from them is cut off.
///
/// # Safety
///
/// All `lines x depth` elements of the block may be read.
///
/// # Panics
///
/// If `to` is too short.
pub(super) unsafe fn pack<T: Number>(block: &Block<T>, width: usize, to: &mut [T]) {
    if block.depth == 0 {
        return;
    }
    let panels = block.lines.div_ceil(width);
    for (number, to) in to[..panels * width * block.depth].chunks_exact_mut(width * block.depth).enumerate() {
        let lines = width.min(block.lines - number * width);
        // SAFETY: the panel's first line is one of the block's.
        let first = unsafe { block.first.add(number * width * block.line) };
        let panel = Block { first, lines, line: block.line, step: block.step, depth: block.depth };
        // SAFETY: the panel's lines are among the block's, for all of its depth.
        unsafe {
            if block.line == 1 {
                copy_steps(&panel, width, to);
            } else {
                copy_lines(&panel, width, to);
            }
        }
    }
}

/// Contiguous lines: copies step by step.
///
/// # Safety
///
/// All elements of the panel may be read; its lines are contiguous.
unsafe fn copy_steps<T: Number>(panel: &Block<T>, width: usize, to: &mut [T]) {
    for (step, to) in to.chunks_exact_mut(width).enumerate() {
        // SAFETY: a step's elements lie side by side and may be read.
        let from = unsafe { std::slice::from_raw_parts(panel.first.add(step * panel.step), panel.lines) };
        to[..panel.lines].copy_from_slice(from);
    }
}

/// Contiguous or scattered steps: copies line by line.
///
/// # Safety
///
/// All elements of the panel may be read.
unsafe fn copy_lines<T: Number>(panel: &Block<T>, width: usize, to: &mut [T]) {
    for line in 0..panel.lines {
        for (step, to) in to[line..].iter_mut().step_by(width).enumerate() {
            // SAFETY: the panel has this line and, `to` being as deep as the panel, this step.
            *to = unsafe { *panel.first.add(line * panel.line + step * panel.step) };
        }
    }
}

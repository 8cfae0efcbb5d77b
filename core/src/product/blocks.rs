//! The outer loops: blocks of the operands that fit the caches.

use std::cell::RefCell;

use super::kernel::{self, Kernel, Number, Tile};
use super::pack::{Block, pack};

/// How many products deep a block is: two panels of this depth fit the first-level cache.
const DEPTH: usize = 384;
/// About how many rows of `A` a block has: the block fits the second-level cache.
const ROWS: usize = 192;
/// About how many columns of `B` a block has: the block fits the third-level cache.
const COLUMNS: usize = 2040;
/// Packed panels begin on a cache line.
const CACHE_LINE: usize = 64;

/// A matrix as the kernels see it: its first element and the distances to the next row and column.
pub(super) struct Operand<T> {
    pub(super) first: *const T,
    pub(super) down: usize,
    pub(super) right: usize,
}

/// A number that there are matrix kernels for. Only `f32` and `f64` are.
pub trait Element: sealed::Sealed {}

impl Element for f32 {}
impl Element for f64 {}

pub(super) mod sealed {
    use super::{Kernel, Number};

    #[allow(private_bounds, private_interfaces, unnameable_types)] // out of the users' reach on purpose
    pub trait Sealed: Number {
        /// The best kernel that this processor can run.
        fn kernel() -> Kernel<Self>;
        /// Calls `work` with this thread's scratch memory of `length` numbers, which begins on a cache line.
        fn with_scratch(length: usize, work: impl FnOnce(&mut [Self]));
    }
}

macro_rules! element {
    ($number:ty, $avx512:ident, $avx2:ident) => {
        #[allow(private_interfaces)] // out of the users' reach on purpose
        impl sealed::Sealed for $number {
            #[inline]
            fn kernel() -> Kernel<Self> {
                #[cfg(all(target_arch = "x86_64", not(miri)))]
                {
                    if std::is_x86_feature_detected!("avx512f") {
                        return kernel::x86::$avx512;
                    }
                    if std::is_x86_feature_detected!("avx2") && std::is_x86_feature_detected!("fma") {
                        return kernel::x86::$avx2;
                    }
                }
                kernel::portable()
            }

            fn with_scratch(length: usize, work: impl FnOnce(&mut [Self])) {
                thread_local! {
                    static SCRATCH: RefCell<Vec<$number>> = const { RefCell::new(Vec::new()) };
                }
                SCRATCH.with_borrow_mut(|scratch| {
                    let spare = CACHE_LINE / size_of::<$number>();
                    if scratch.len() < length + spare {
                        scratch.resize(length + spare, 0.0);
                    }
                    let skip = scratch.as_ptr().align_offset(CACHE_LINE).min(spare);
                    work(&mut scratch[skip..skip + length]);
                });
            }
        }
    };
}

element!(f32, AVX512_F32, AVX2_F32);
element!(f64, AVX512_F64, AVX2_F64);

/// `C = alpha · A · B + beta · C` for `A` of `m x k` and `B` of `k x n`.
///
/// # Safety
///
/// Every element of `A` and `B` may be read; every element of `C` may be read and written, and overlaps
/// neither an element of `A` or `B` nor another one of `C`.
pub(super) unsafe fn multiply<T: Element>(
    (m, k, n): (usize, usize, usize),
    alpha: T,
    a: &Operand<T>,
    b: &Operand<T>,
    beta: T,
    c: *mut T,
    (down, right): (usize, usize),
) {
    if m == 0 || n == 0 {
        return;
    }
    if right == 1 && down != 1 {
        // The kernels write columns: of a row-major result they are those of Cᵀ = Bᵀ · Aᵀ.
        let (a, b) = (b.transposed(), a.transposed());
        // SAFETY: the same elements, transposed; the strides of the result now differ in the other order.
        return unsafe { multiply((n, k, m), alpha, &a, &b, beta, c, (right, down)) };
    }
    let kernel = T::kernel();
    let depth = DEPTH.min(k);
    let rows = ROWS.next_multiple_of(kernel.rows).min(m.next_multiple_of(kernel.rows));
    let columns = COLUMNS.next_multiple_of(kernel.columns).min(n.next_multiple_of(kernel.columns));
    T::with_scratch((rows + columns) * depth, |scratch| {
        let (left, top) = scratch.split_at_mut(rows * depth);
        for j in (0..n).step_by(columns) {
            let columns = columns.min(n - j);
            // A product of no depth still scales what is there.
            for p in (0..k.max(1)).step_by(DEPTH) {
                let depth = DEPTH.min(k - p);
                let beta = if p == 0 { beta } else { T::ONE };
                // SAFETY: this block lies inside the operand.
                unsafe { pack(&columns_of(&b.block(p, j), columns, depth), kernel.columns, top) };
                for i in (0..m).step_by(rows) {
                    let rows = rows.min(m - i);
                    let first = c.wrapping_add(i * down + j * right);
                    // SAFETY: so does this one, and the tile lies inside the result.
                    unsafe {
                        pack(&rows_of(&a.block(i, p), rows, depth), kernel.rows, left);
                        tiles(kernel, depth, left, top, Tile { first, down, right, rows, columns, alpha, beta });
                    }
                }
            }
        }
    });
}

/// Calculates a block of the result, tile by tile, from packed panels.
///
/// # Safety
///
/// The panels hold `depth` products of the block's rows and columns, rounded up to whole tiles; every
/// element of the block may be read and written.
unsafe fn tiles<T: Number>(kernel: Kernel<T>, depth: usize, left: &[T], top: &[T], block: Tile<T>) {
    for j in (0..block.columns).step_by(kernel.columns) {
        let b = top[j * depth..].as_ptr();
        let columns = kernel.columns.min(block.columns - j);
        for i in (0..block.rows).step_by(kernel.rows) {
            let a = left[i * depth..].as_ptr();
            let rows = kernel.rows.min(block.rows - i);
            let first = block.first.wrapping_add(i * block.down + j * block.right);
            // SAFETY: the panels at `i` and `j` are whole, and the tile is cut to the block.
            unsafe { (kernel.run)(depth, a, b, Tile { first, rows, columns, ..block }) };
        }
    }
}

impl<T> Operand<T> {
    /// The same matrix from row `i` and column `j` on.
    fn block(&self, i: usize, j: usize) -> Self {
        Self { first: self.first.wrapping_add(i * self.down + j * self.right), down: self.down, right: self.right }
    }

    /// The same numbers as the transposed matrix.
    fn transposed(&self) -> Self {
        Self { first: self.first, down: self.right, right: self.down }
    }
}

/// The first `lines` rows of `A`, as `pack` takes them.
fn rows_of<T>(a: &Operand<T>, lines: usize, depth: usize) -> Block<T> {
    Block { first: a.first, line: a.down, step: a.right, lines, depth }
}

/// The first `lines` columns of `B`, as `pack` takes them.
fn columns_of<T>(b: &Operand<T>, lines: usize, depth: usize) -> Block<T> {
    rows_of(&b.transposed(), lines, depth)
}

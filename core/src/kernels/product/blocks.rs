//! The outer loops: they choose the kernel and cut the operands into blocks that fit the caches.

use super::element::{CACHE_LINE, Element};
use super::inner::{INNER_ROWS, Inner};
use super::kernel::Kernels;
use super::pack::Block;
use super::tile::{Operand, Tile};
use crate::kernels::threads;

/// The maximum depth of a block.
const DEPTH: usize = 1024;
/// The maximum number of elements of `A` in a block: they fit the L2 cache, with room for the rest.
const BLOCK: usize = 128 * 1024;
/// The minimum depth at which the inner kernel pays off.
const INNER_DEPTH: usize = 64;
/// The minimum ratio of depth to columns at which summing lanes is cheaper than transposing `A`.
const INNER_PAYS: usize = 6;
/// Rows of `B` at least this many bytes apart do not stay in the L1 cache.
const FAR: usize = 1024;
/// Addresses that differ by a multiple of this many bytes map to the same L1 cache set.
const PAGE: usize = 4096;
/// The number of tile widths of `B` packed at a time: several, so that whole cache lines are read.
const PACKED_TILES: usize = 8;
/// The minimum number of tile widths per thread for dividing a product by columns.
const MANY_TILES: usize = 4;

/// `C = alpha · A · B + beta · C` for `A` of `m x k`, `B` of `k x n` and `C` of the size of the tile, `m x n`.
///
/// # Safety
///
/// Every element of `A` and `B` must be valid for reads, and every element of `C` for reads and writes. No element of
/// `C` may overlap another element of `A`, `B` or `C`.
pub(super) unsafe fn multiply<T: Element>(depth: usize, a: Operand<T>, b: Operand<T>, c: Tile<T>) {
    if c.rows == 0 || c.columns == 0 {
        return;
    }
    let kernels = T::kernels();
    let by_inner = kernels.inner.filter(|_| {
        let pays = c.rows < INNER_ROWS || c.columns.saturating_mul(INNER_PAYS) <= depth;
        a.right == 1 && b.down == 1 && depth >= INNER_DEPTH && pays
    });
    let transposed = if by_inner.is_some() {
        c.rows < INNER_ROWS && c.rows < c.columns
    } else {
        c.right == 1 && (c.down != 1 || c.rows == 1)
    };
    let product = if transposed {
        // Cᵀ = Bᵀ · Aᵀ
        Product { depth, a: b.transposed(), b: a.transposed(), c: c.transposed() }
    } else {
        Product { depth, a, b, c }
    };
    let parts = threads::parts(c.rows.saturating_mul(c.columns).saturating_mul(depth));
    // SAFETY: the caller upholds the contract; transposing all three keeps the elements; each kernel gets the strides
    // that it requires.
    unsafe {
        if let Some(inner) = by_inner {
            product.split(parts, (INNER_ROWS, kernels.columns), &|part| inner_panels(inner, part));
        } else if product.c.down == 1 {
            product.split(parts, (kernels.rows, kernels.columns), &|part| outer_blocks(&kernels, part));
        } else {
            one_by_one(product);
        }
    }
}

/// The operands and the destination of a product.
#[derive(Clone, Copy)]
struct Product<T> {
    depth: usize,
    a: Operand<T>,
    b: Operand<T>,
    c: Tile<T>,
}

// SAFETY: the caller of `multiply` guarantees that the elements are valid until it returns, and each thread writes to
// its own part of the result.
unsafe impl<T: Send> Send for Product<T> {}

impl<T: Element> Product<T> {
    /// Computes the product in `parts` parallel parts, cut at tile boundaries.
    ///
    /// The order of each element's sum does not depend on `parts`.
    fn split(self, parts: usize, tile: (usize, usize), compute: &(impl Fn(Self) + Sync)) {
        // Products with many columns are split by columns. Each thread then finds its columns of a layer's weight
        // and output in its own cache, from the previous product.
        let by_rows = self.c.rows >= parts * tile.0 && self.c.columns < parts * MANY_TILES * tile.1;
        let (length, tile_length) = if by_rows { (self.c.rows, tile.0) } else { (self.c.columns, tile.1) };
        let first = parts / 2;
        let at = (length * first / parts.max(1)).next_multiple_of(tile_length);
        if parts <= 1 || at >= length {
            return compute(self);
        }
        let (low, high) = self.split_at(by_rows, at);
        threads::join(move || low.split(first, tile, compute), move || high.split(parts - first, tile, compute));
    }

    /// Splits the product at row `at`, or at column `at`.
    fn split_at(self, by_rows: bool, at: usize) -> (Self, Self) {
        let Self { a, b, c, .. } = self;
        if by_rows {
            let low = Self { c: c.part(0, 0, at, c.columns), ..self };
            (low, Self { a: a.from(at, 0), c: c.part(at, 0, c.rows - at, c.columns), ..self })
        } else {
            let low = Self { c: c.part(0, 0, c.rows, at), ..self };
            (low, Self { b: b.from(0, at), c: c.part(0, at, c.rows, c.columns - at), ..self })
        }
    }
}

/// Computes a product with the inner kernel, reading the operands in place.
///
/// # Safety
///
/// As for [`multiply`] and [`Inner::panel`].
unsafe fn inner_panels<T: Element>(inner: Inner<T>, product: Product<T>) {
    let Product { depth, a, b, c } = product;
    // Each block of columns of `B` stays in the L2 cache for all rows of `A`.
    let columns = (BLOCK / 2 / depth).max(1).next_multiple_of(INNER_ROWS);
    for j in (0..c.columns).step_by(columns) {
        for i in (0..c.rows).step_by(INNER_ROWS) {
            let panel = c.part(i, j, INNER_ROWS, columns);
            // SAFETY: the panel's rows and columns are among those of the operands.
            unsafe { inner.panel(depth, a.from(i, 0), b.from(0, j), panel) }
        }
    }
}

/// Computes a product with the outer kernel, packing the operands that it cannot read in place.
///
/// # Safety
///
/// As for [`multiply`]; the columns of `C` are contiguous.
unsafe fn outer_blocks<T: Element>(kernels: &Kernels<T>, product: Product<T>) {
    let Product { depth: k, a, b, c } = product;
    // A product of depth 0 still scales `C`.
    let depth = k.div_ceil(k.div_ceil(DEPTH).max(1));
    let most = (BLOCK / depth.max(1)).next_multiple_of(kernels.rows);
    let rows = c.rows.div_ceil(c.rows.div_ceil(most));
    let (height, width) = (kernels.height(rows), kernels.width(c.columns));
    let rows = rows.next_multiple_of(height);
    // Columns of `A` that all map to the same cache set, which holds only a few lines.
    let crowded = (a.right * size_of::<T>()).is_multiple_of(PAGE) && c.columns > 2 * width;
    let pack_a = crowded || a.down != 1;
    // Packing scattered columns of `B` pays off if they are read several times.
    let scattered = b.down != 1 && b.down * size_of::<T>() >= FAR && c.rows > 2 * height;
    if scattered && strips_pay_off(kernels, &product) {
        // SAFETY: the caller upholds the contract, and `strips_pay_off` checked the rest.
        return unsafe { outer_strips(kernels, product) };
    }
    let pack_b = scattered || (b.down != 1 && b.right != 1);
    let left_length = if pack_a { rows * depth } else { 0 };
    let columns = if pack_b { PACKED_TILES * width } else { c.columns };
    // The extra tile keeps the copy's rows from mapping to the same cache sets.
    let top_width = columns + width;
    let top_length = if pack_b { top_width * depth } else { 0 };
    T::with_scratch(left_length + top_length, |scratch| {
        let (left, top) = scratch.split_at_mut(left_length);
        let mut p = 0;
        loop {
            let depth = depth.min(k - p);
            let beta = if p == 0 { c.beta } else { T::ONE };
            for i in (0..c.rows).step_by(rows) {
                let block = Tile { beta, ..c.part(i, 0, rows, c.columns) };
                // SAFETY: the block lies inside the operands and the result, and its panels fit the scratch memory.
                unsafe {
                    let mut a = Panels::of_rows(a.from(i, p), height);
                    if pack_a {
                        a = a.packed(kernels, (block.rows, depth), height, left.as_mut_ptr());
                    }
                    for j in (0..c.columns).step_by(columns) {
                        let block = block.part(0, j, rows, columns);
                        let mut b = Panels::of_columns(b.from(p, j), width);
                        if pack_b {
                            b = b.packed(kernels, (block.columns, depth), top_width, top.as_mut_ptr());
                        }
                        outer_tiles(kernels, depth, a, b, block);
                    }
                }
            }
            p += depth;
            if p >= k {
                break;
            }
        }
    });
}

/// Returns whether [`outer_strips`] can compute the product, and faster: it needs vectors of whole cache lines.
fn strips_pay_off<T: Element>(kernels: &Kernels<T>, product: &Product<T>) -> bool {
    let Product { depth, b, c, .. } = product;
    let lines = kernels.lanes * size_of::<T>() >= CACHE_LINE || cfg!(miri);
    let crowded = (b.down * size_of::<T>()).is_multiple_of(PAGE);
    let possible = b.right == 1 && c.rows.is_multiple_of(kernels.lanes) && c.beta == T::ZERO;
    possible && lines && !crowded && (INNER_DEPTH..=DEPTH).contains(depth) && c.rows <= c.columns
}

/// Computes a product whose `B` has contiguous rows far apart, through the transposed product.
///
/// It packs `A`, which is smaller than `B`, and transposes each tile on its way to `C`.
///
/// # Safety
///
/// As for [`outer_blocks`]; also, the rows of `B` are contiguous, `C` has a multiple of `lanes` rows,
/// and `beta` is zero.
unsafe fn outer_strips<T: Element>(kernels: &Kernels<T>, product: Product<T>) {
    let Product { depth, a, b, c } = product;
    let (height, strip) = (kernels.height(c.columns), kernels.lanes);
    let width = kernels.width(strip);
    T::with_scratch(c.rows * depth + strip * height, |scratch| {
        let (top, tile) = scratch.split_at_mut(c.rows * depth);
        // SAFETY: the copy has room for the strips of `A`, and the tile for the product of one strip; all rows and
        // columns are in range.
        unsafe {
            let strips = Panels::of_rows(a, strip).packed(kernels, (c.rows, depth), strip, top.as_mut_ptr());
            for j in (0..c.columns).step_by(height) {
                let rows = height.min(c.columns - j);
                let left = Panels::of_columns(b.from(0, j), height);
                for (number, i) in (0..c.rows).step_by(strip).enumerate() {
                    let right = Panels { first: strips.first_of(number), lines: width, panel: width, ..strips };
                    let (first, columns) = (tile.as_mut_ptr(), strip);
                    outer_tiles(
                        kernels,
                        depth,
                        left,
                        right,
                        Tile { first, down: 1, right: height, rows, columns, ..c },
                    );
                    let block = Block { first: tile.as_ptr(), line: height, step: 1, lines: strip, depth: rows };
                    (kernels.pack)(&block, c.right, c.part(i, j, strip, rows).first);
                }
            }
        }
    });
}

/// One operand's block in panels, each as many lines (rows of `A` or columns of `B`) as a tile.
#[derive(Clone, Copy)]
struct Panels<T> {
    first: *const T,
    lines: usize,
    /// The distance between neighboring lines.
    line: usize,
    /// The distance between neighboring elements of a line.
    step: usize,
    /// The distance between neighboring panels.
    panel: usize,
}

impl<T: Element> Panels<T> {
    /// The rows of `A`, in place.
    fn of_rows(a: Operand<T>, lines: usize) -> Self {
        Self { first: a.first, lines, line: a.down, step: a.right, panel: lines * a.down }
    }

    /// The columns of `B`, in place.
    fn of_columns(b: Operand<T>, lines: usize) -> Self {
        Self::of_rows(b.transposed(), lines)
    }

    /// Copies the lines to `to`, with `beside` of them side by side: either one panel's, panel after panel, or all.
    ///
    /// # Safety
    ///
    /// The operand has `lines` lines of `depth` elements, and `to` has room for them.
    unsafe fn packed(&self, kernels: &Kernels<T>, (lines, depth): (usize, usize), beside: usize, to: *mut T) -> Self {
        let block = Block { first: self.first, line: self.line, step: self.step, lines, depth };
        // SAFETY: the caller upholds the contract.
        unsafe { (kernels.pack)(&block, beside, to) };
        let panel = if beside == self.lines { beside * depth } else { self.lines };
        Self { first: to, lines: self.lines, line: 1, step: beside, panel }
    }

    /// The first element of a panel.
    fn first_of(&self, panel: usize) -> *const T {
        self.first.wrapping_add(panel * self.panel)
    }
}

/// Computes the tiles of a block.
///
/// # Safety
///
/// As for [`outer_blocks`]; also, the operands have the layout that the kernel reads.
unsafe fn outer_tiles<T: Element>(kernels: &Kernels<T>, depth: usize, a: Panels<T>, b: Panels<T>, c: Tile<T>) {
    for (column, j) in (0..c.columns).step_by(b.lines).enumerate() {
        let right = Operand { first: b.first_of(column), down: b.step, right: b.line };
        for (row, i) in (0..c.rows).step_by(a.lines).enumerate() {
            let left = Operand { first: a.first_of(row), down: a.line, right: a.step };
            // SAFETY: the tile's rows and columns are among those of the operands.
            unsafe { (kernels.outer)(depth, left, right, c.part(i, j, a.lines, b.lines)) }
        }
    }
}

/// Computes a product whose result has no contiguous direction: slow, and rarely needed.
///
/// # Safety
///
/// As for [`multiply`].
unsafe fn one_by_one<T: Element>(product: Product<T>) {
    let Product { depth, a, b, c } = product;
    for (i, j) in (0..c.rows).flat_map(|i| (0..c.columns).map(move |j| (i, j))) {
        // SAFETY: the elements are inside the matrices.
        unsafe {
            let sum = (0..depth).fold(T::ZERO, |sum, p| sum + *a.from(i, p).first * *b.from(p, j).first);
            let to = c.first.add(i * c.down + j * c.right);
            *to = if c.beta == T::ZERO { c.alpha * sum } else { c.beta * *to + c.alpha * sum };
        }
    }
}

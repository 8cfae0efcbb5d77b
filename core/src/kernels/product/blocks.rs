//! The outer loops: which kernel calculates a product, and blocks of the operands that fit the caches.

use super::element::{CACHE_LINE, Element};
use super::inner::{INNER_ROWS, Inner};
use super::kernel::Kernels;
use super::pack::Block;
use super::tile::{Operand, Tile};
use crate::kernels::threads;

/// How many products deep a block is at most.
const DEPTH: usize = 1024;
/// How many numbers of `A` a block has at most: they fit the second-level cache, with room for the rest.
const BLOCK: usize = 128 * 1024;
/// From how many products on a sum over vectors pays, in vectors' lanes of `f32`.
const INNER_DEPTH: usize = 64;
/// How many times more products than columns make up for adding up each vector's lanes, rather than to transpose `A`.
const INNER_PAYS: usize = 6;
/// Rows of `B` that are further apart than this many bytes do not stay in the first-level cache.
const FAR: usize = 1024;
/// Numbers that many bytes apart share a place in the first-level cache.
const PAGE: usize = 4096;
/// How many tiles' columns of `B` are packed at a time: several, so that whole cache lines are read at once.
const PACKED_TILES: usize = 8;
/// From how many tiles' columns on for each thread a product is divided by columns.
const MANY_TILES: usize = 4;

/// `C = alpha · A · B + beta · C` for `A` of `m x k`, `B` of `k x n` and `C` of the size of the tile, `m x n`.
///
/// # Safety
///
/// Every element of `A` and `B` may be read; every element of `C` may be read and written, and overlaps
/// neither an element of `A` or `B` nor another one of `C`.
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
    // SAFETY: passed on; the elements are the same if all three are transposed, and each kernel is called for the
    // strides that it asks for.
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

/// The operands of a product, and where it goes.
#[derive(Clone, Copy)]
struct Product<T> {
    depth: usize,
    a: Operand<T>,
    b: Operand<T>,
    c: Tile<T>,
}

// SAFETY: whoever calls `multiply` vouches for the elements for as long as it runs, and the threads that it divides a
// product between each write to their own part of the result.
unsafe impl<T: Send> Send for Product<T> {}

impl<T: Element> Product<T> {
    /// Calculates the product in that many parts at once, cut between tiles of that size. Every element is added up
    /// in the same order, however many parts there are.
    fn split(self, parts: usize, tile: (usize, usize), calculate: &(impl Fn(Self) + Sync)) {
        // By columns, where there are many: so a thread finds the columns of a layer's weight, and of what comes of them,
        // where it has left them itself in the last product.
        let by_rows = self.c.rows >= parts * tile.0 && self.c.columns < parts * MANY_TILES * tile.1;
        let (length, tile_length) = if by_rows { (self.c.rows, tile.0) } else { (self.c.columns, tile.1) };
        let first = parts / 2;
        let at = (length * first / parts.max(1)).next_multiple_of(tile_length);
        if parts <= 1 || at >= length {
            return calculate(self);
        }
        let (low, high) = self.split_at(by_rows, at);
        threads::join(move || low.split(first, tile, calculate), move || high.split(parts - first, tile, calculate));
    }

    /// The product's rows, or columns, before and from `at` on.
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

/// The tiles of a product by its inner kernel, from the operands as they lie.
///
/// # Safety
///
/// As [`multiply`] and the kernel say.
unsafe fn inner_panels<T: Element>(inner: Inner<T>, product: Product<T>) {
    let Product { depth, a, b, c } = product;
    // Blocks of columns of `B` stay in the second-level cache while all rows of `A` pass by.
    let columns = (BLOCK / 2 / depth).max(1).next_multiple_of(INNER_ROWS);
    for j in (0..c.columns).step_by(columns) {
        for i in (0..c.rows).step_by(INNER_ROWS) {
            let panel = c.part(i, j, INNER_ROWS, columns);
            // SAFETY: the panel's rows and columns are among those of the operands.
            unsafe { inner.panel(depth, a.from(i, 0), b.from(0, j), panel) }
        }
    }
}

/// The tiles of a product by its outer kernel; operands that it cannot read as they lie are packed.
///
/// # Safety
///
/// As [`multiply`] says; the rows of `C` are contiguous.
unsafe fn outer_blocks<T: Element>(kernels: &Kernels<T>, product: Product<T>) {
    let Product { depth: k, a, b, c } = product;
    // A product of no depth still scales what is there.
    let depth = k.div_ceil(k.div_ceil(DEPTH).max(1));
    let most = (BLOCK / depth.max(1)).next_multiple_of(kernels.rows);
    let rows = c.rows.div_ceil(c.rows.div_ceil(most));
    let (height, width) = (kernels.height(rows), kernels.width(c.columns));
    let rows = rows.next_multiple_of(height);
    // Columns of `A` that all begin at the same place of the caches, which have room for a few such lines only.
    let crowded = (a.right * size_of::<T>()).is_multiple_of(PAGE) && c.columns > 2 * width;
    let pack_a = crowded || a.down != 1;
    // Columns of `B` that are read several times are worth a copy if they are scattered.
    let scattered = b.down != 1 && b.down * size_of::<T>() >= FAR && c.rows > 2 * height;
    if scattered && turning_pays(kernels, &product) {
        // SAFETY: passed on, and as asked just now.
        return unsafe { outer_strips(kernels, product) };
    }
    let pack_b = scattered || (b.down != 1 && b.right != 1);
    let left_length = if pack_a { rows * depth } else { 0 };
    let columns = if pack_b { PACKED_TILES * width } else { c.columns };
    // Rows of the copy that begin at the same places of the caches would not stay there.
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
                // SAFETY: the block lies inside the operands and the result; the scratch memory has room for its panels.
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

/// Whether [`outer_strips`] can calculate the product and is faster: it takes vectors of whole cache lines.
fn turning_pays<T: Element>(kernels: &Kernels<T>, product: &Product<T>) -> bool {
    let Product { depth, b, c, .. } = product;
    let lines = kernels.lanes * size_of::<T>() >= CACHE_LINE || cfg!(miri);
    let crowded = (b.down * size_of::<T>()).is_multiple_of(PAGE);
    let possible = b.right == 1 && c.rows.is_multiple_of(kernels.lanes) && c.beta == T::ZERO;
    possible && lines && !crowded && (INNER_DEPTH..=DEPTH).contains(depth) && c.rows <= c.columns
}

/// The tiles of a product whose `B` has contiguous rows that are far apart, by way of the transposed product: so it is
/// `A` that is copied, which is the smaller one. Each tile is transposed on its way to `C`.
///
/// # Safety
///
/// As [`outer_blocks`] says; the rows of `B` are contiguous, the rows of `C` fill vectors, and its `beta` is zero.
unsafe fn outer_strips<T: Element>(kernels: &Kernels<T>, product: Product<T>) {
    let Product { depth, a, b, c } = product;
    let (height, strip) = (kernels.height(c.columns), kernels.lanes);
    let width = kernels.width(strip);
    T::with_scratch(c.rows * depth + strip * height, |scratch| {
        let (top, tile) = scratch.split_at_mut(c.rows * depth);
        // SAFETY: the copy has room for the strips of `A`, and the tile for what is calculated from one of them; the rows
        // and columns are there.
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

/// One operand's block, cut into panels of so many lines, rows of `A` or columns of `B`, as the tiles are high or wide.
#[derive(Clone, Copy)]
struct Panels<T> {
    first: *const T,
    lines: usize,
    /// The distance from one line to the next.
    line: usize,
    /// The distance from one product to the next.
    step: usize,
    /// The distance from one panel to the next.
    panel: usize,
}

impl<T: Element> Panels<T> {
    /// The rows of `A` as they lie.
    fn of_rows(a: Operand<T>, lines: usize) -> Self {
        Self { first: a.first, lines, line: a.down, step: a.right, panel: lines * a.down }
    }

    /// The columns of `B` as they lie.
    fn of_columns(b: Operand<T>, lines: usize) -> Self {
        Self::of_rows(b.transposed(), lines)
    }

    /// A copy in which so many lines lie side by side: those of a panel, one panel after the other, or all.
    ///
    /// # Safety
    ///
    /// There are so many lines, so many products deep, and there is room for them at `to`.
    unsafe fn packed(&self, kernels: &Kernels<T>, (lines, depth): (usize, usize), beside: usize, to: *mut T) -> Self {
        let block = Block { first: self.first, line: self.line, step: self.step, lines, depth };
        // SAFETY: passed on.
        unsafe { (kernels.pack)(&block, beside, to) };
        let panel = if beside == self.lines { beside * depth } else { self.lines };
        Self { first: to, lines: self.lines, line: 1, step: beside, panel }
    }

    /// The first number of a panel.
    fn first_of(&self, panel: usize) -> *const T {
        self.first.wrapping_add(panel * self.panel)
    }
}

/// The tiles of a block.
///
/// # Safety
///
/// As [`outer_blocks`] says, of the operands as its kernel is to read them.
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

/// A result in which no two elements lie side by side: slow, and hardly ever needed.
///
/// # Safety
///
/// As [`multiply`] says.
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

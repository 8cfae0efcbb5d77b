//! The innermost loops: tiles of sums, kept in registers.

use crate::kernels::convolution::geometry::Geometry;
use crate::kernels::convolution::winograd;
use crate::kernels::product::{Number, Portable, Vector, totals};

/// The maximum number of channels of a tile.
pub(super) const CHANNELS: usize = 6;
/// The maximum number of taps of a tile of inner products.
pub(super) const TAPS: usize = 6;

/// The taps of a tile: channels, rows and columns of a window.
#[derive(Clone, Copy)]
pub(super) struct Taps {
    pub(super) counts: [usize; 3],
    /// The distances between neighboring channels, rows and columns in the source.
    pub(super) source: [isize; 3],
    /// The same in the weights.
    pub(super) weight: [usize; 3],
}

/// The values at which the sums of a tile start.
#[derive(Clone, Copy)]
pub(super) enum Start<T> {
    Zero,
    /// One value for each channel.
    Bias(*const T),
    /// The values that are in the target.
    Target,
}

/// A tile: some samples of a pixel, in some channels.
#[derive(Clone, Copy)]
pub(super) struct Target<T> {
    pub(super) first: *mut T,
    /// The distance between neighboring channels.
    pub(super) right: usize,
    /// The distance between their weights.
    pub(super) weights: usize,
    pub(super) samples: usize,
    pub(super) channels: usize,
    pub(super) start: Start<T>,
}

/// The pixels of a tile of inner products, as runs of values that are contiguous in both operands.
#[derive(Clone, Copy)]
pub(super) struct Runs {
    pub(super) length: usize,
    /// The numbers of rows, and of runs in a row.
    pub(super) counts: [usize; 2],
    /// The distances between rows and between runs in the derivatives.
    pub(super) dy: [usize; 2],
    /// The same in the input.
    pub(super) x: [usize; 2],
    /// The distance between the sums of neighboring taps, in sums.
    pub(super) sums: usize,
}

/// The functions for one scalar type and one instruction set.
///
/// Safety: the processor must support the instructions.
#[derive(Clone, Copy)]
pub(super) struct Kernels<T> {
    /// The number of lanes of a vector.
    pub(super) lanes: usize,
    /// The maximum number of vectors of a tile's pixel.
    pub(super) up: usize,
    /// The number of channels of a tile of inner products.
    pub(super) filters: usize,
    /// Sums weights times vectors of samples.
    ///
    /// Safety: for each tap, `samples` values must be valid for reads at its place in the source, and a weight for each
    /// channel. The target must be valid for reads and writes. At most `up` vectors and [`CHANNELS`] channels.
    pub(super) tile: unsafe fn(taps: &Taps, source: *const T, weight: *const T, target: Target<T>),
    /// Adds inner products of channels of derivatives with taps of the input to vectors of sums.
    ///
    /// Without taps, adds the sums of the derivatives.
    ///
    /// Safety: all runs of `channels` channels, `right` apart, and of the taps must be valid for reads. `sums` must have
    /// `filters` vectors for each tap, [`Runs::sums`] times that apart. 1 to `filters` channels and at most [`TAPS`] taps.
    #[cfg(feature = "alloc")] // only training needs it
    pub(super) dots: DotsFunction<T>,
    /// Adds the lanes of vectors: a vector of sums from as many vectors as it has lanes.
    ///
    /// Safety: `from` must have `count · lanes` values and `to` have `count`, a multiple of the lanes.
    #[cfg(feature = "alloc")]
    pub(super) totals: unsafe fn(count: usize, from: *const T, to: *mut T),
    /// Copies lines of values: their number, and that of a line's values; each pointer has a distance between lines.
    ///
    /// Safety: all values must be valid for reads and writes.
    pub(super) copy: CopyFunction<T>,
    #[cfg(feature = "alloc")] // it needs scratch memory
    pub(super) winograd: Option<winograd::Functions<T>>,
}

#[cfg(feature = "alloc")]
impl<T: Copy> Kernels<T> {
    /// Winograd's functions, if a convolution is faster by them.
    pub(super) fn winograd_for(&self, sizes: &Geometry) -> Option<winograd::Functions<T>> {
        self.winograd.filter(|_| winograd::suits(sizes))
    }
}

/// The type of [`Kernels::copy`].
pub(super) type CopyFunction<T> = unsafe fn([usize; 2], *const T, usize, *mut T, usize);

/// The type of [`Kernels::dots`].
pub(super) type DotsFunction<T> =
    unsafe fn(runs: &Runs, dy: *const T, right: usize, channels: usize, x: &[*const T], sums: *mut T);

/// # Safety
///
/// As for [`Kernels::tile`].
#[inline(always)]
unsafe fn tile<V: Vector, const MOST_UP: usize>(
    taps: &Taps,
    source: *const V::Number,
    weight: *const V::Number,
    target: Target<V::Number>,
) where
    V::Number: Number,
{
    // SAFETY: the caller upholds the contract; each arm handles at least the tile's channels.
    unsafe {
        match target.channels.div_ceil(2) {
            1 => tile_rows::<V, MOST_UP, 2>(taps, source, weight, target),
            2 => tile_rows::<V, MOST_UP, 4>(taps, source, weight, target),
            3 => tile_rows::<V, MOST_UP, 6>(taps, source, weight, target),
            _ => unreachable!("a tile of {} channels", target.channels),
        }
    }
}

/// # Safety
///
/// As for [`Kernels::tile`].
#[inline(always)]
unsafe fn tile_rows<V: Vector, const MOST_UP: usize, const WIDE: usize>(
    taps: &Taps,
    source: *const V::Number,
    weight: *const V::Number,
    target: Target<V::Number>,
) where
    V::Number: Number,
{
    // SAFETY: the caller upholds the contract; each arm handles the tile's samples.
    unsafe {
        match target.samples.div_ceil(V::LANES) {
            1 => sized_tile::<V, 1, WIDE>(taps, source, weight, target),
            2 => sized_tile::<V, 2, WIDE>(taps, source, weight, target),
            3 if MOST_UP >= 3 => sized_tile::<V, 3, WIDE>(taps, source, weight, target),
            4 if MOST_UP >= 4 => sized_tile::<V, 4, WIDE>(taps, source, weight, target),
            _ => unreachable!("a tile of {} samples", target.samples),
        }
    }
}

/// Computes a tile of `WIDE` channels, or one less, and `UP` vectors of samples, the last of which may be partial.
///
/// # Safety
///
/// As for [`Kernels::tile`].
#[inline(always)]
unsafe fn sized_tile<V: Vector, const UP: usize, const WIDE: usize>(
    taps: &Taps,
    source: *const V::Number,
    weight: *const V::Number,
    target: Target<V::Number>,
) where
    V::Number: Number,
{
    // SAFETY: every load is inside the samples of a tap, or one of its weights; every store is inside the tile.
    unsafe {
        let mask = V::mask(target.samples - (UP - 1) * V::LANES);
        // A tile with one channel less computes its last channel twice.
        let last = target.channels - 1;
        let columns: [_; WIDE] = std::array::from_fn(|j| weight.wrapping_add(j.min(last) * target.weights));
        let place = |i: usize, j: usize| target.first.wrapping_add(j.min(last) * target.right + i * V::LANES);
        // Closures in loops over arrays of vectors would keep the compiler from holding them in registers.
        let mut sums = [[V::splat(V::Number::ZERO); UP]; WIDE];
        match target.start {
            Start::Zero => {}
            Start::Bias(bias) => {
                for (j, sums) in sums.iter_mut().enumerate() {
                    *sums = [V::splat(*bias.add(j.min(last))); UP];
                }
            }
            Start::Target => {
                for (j, sums) in sums.iter_mut().enumerate() {
                    for (i, sum) in sums.iter_mut().enumerate() {
                        *sum = load::<V, UP>(place(i, j), i, mask);
                    }
                }
            }
        }
        let [channels, rows, taps_in_row] = taps.counts;
        let mut tap = 0;
        for channel in 0..channels {
            let source = source.wrapping_offset(taps.source[0] * channel.cast_signed());
            let mut row_tap = tap;
            for row in 0..rows {
                let mut left = source.wrapping_offset(taps.source[1] * row.cast_signed());
                let mut at = row_tap;
                for _ in 0..taps_in_row {
                    let mut vectors = [V::splat(V::Number::ZERO); UP];
                    for (i, vector) in vectors.iter_mut().enumerate() {
                        *vector = load::<V, UP>(left.wrapping_add(i * V::LANES), i, mask);
                    }
                    for (column, sums) in columns.iter().zip(&mut sums) {
                        let factor = V::splat(*column.wrapping_add(at));
                        for (sum, vector) in sums.iter_mut().zip(vectors) {
                            *sum = vector.multiply_add(factor, *sum);
                        }
                    }
                    left = left.wrapping_offset(taps.source[2]);
                    at = at.wrapping_add(taps.weight[2]);
                }
                row_tap = row_tap.wrapping_add(taps.weight[1]);
            }
            tap += taps.weight[0];
        }
        for (j, sums) in sums.iter().enumerate().take(target.channels) {
            for (i, sum) in sums.iter().enumerate() {
                if i + 1 < UP { sum.store(place(i, j)) } else { sum.store_part(place(i, j), mask) }
            }
        }
    }
}

/// Reads vector `i` of `UP`, of which the last may be partial.
///
/// # Safety
///
/// As for [`Vector`].
#[inline(always)]
unsafe fn load<V: Vector, const UP: usize>(from: *const V::Number, i: usize, mask: V::Mask) -> V {
    // SAFETY: the caller guarantees the memory.
    unsafe { if i + 1 < UP { V::load(from) } else { V::load_part(from, mask) } }
}

/// # Safety
///
/// As for [`Kernels::dots`].
#[inline(always)]
unsafe fn dots<V: Vector, const FILTERS: usize>(
    runs: &Runs,
    dy: *const V::Number,
    right: usize,
    channels: usize,
    x: &[*const V::Number],
    sums: *mut V::Number,
) where
    V::Number: Number,
{
    // SAFETY: the caller upholds the contract; each arm handles the number of taps.
    unsafe {
        match x.len() {
            0 => sized_dots::<V, FILTERS, 1, true>(runs, dy, right, channels, &[dy], sums),
            1 => sized_dots::<V, FILTERS, 1, false>(runs, dy, right, channels, x, sums),
            2 => sized_dots::<V, FILTERS, 2, false>(runs, dy, right, channels, x, sums),
            3 => sized_dots::<V, FILTERS, 3, false>(runs, dy, right, channels, x, sums),
            4 => sized_dots::<V, FILTERS, 4, false>(runs, dy, right, channels, x, sums),
            5 => sized_dots::<V, FILTERS, 5, false>(runs, dy, right, channels, x, sums),
            6 => sized_dots::<V, FILTERS, 6, false>(runs, dy, right, channels, x, sums),
            count => unreachable!("a tile of {count} taps"),
        }
    }
}

/// Adds inner products of `FILTERS` channels, the last of which may be repeated, with `COUNT` taps; with `ONES`, the
/// taps are ones.
///
/// # Safety
///
/// As for [`Kernels::dots`].
#[inline(always)]
unsafe fn sized_dots<V: Vector, const FILTERS: usize, const COUNT: usize, const ONES: bool>(
    runs: &Runs,
    dy: *const V::Number,
    right: usize,
    channels: usize,
    x: &[*const V::Number],
    to: *mut V::Number,
) where
    V::Number: Number,
{
    let whole = runs.length - runs.length % V::LANES;
    // SAFETY: every load is inside a run, or a vector of sums.
    unsafe {
        let mask = V::mask(runs.length - whole);
        let filters: [_; FILTERS] = std::array::from_fn(|a| dy.wrapping_add(a.min(channels - 1) * right));
        let taps: [_; COUNT] = std::array::from_fn(|b| *x.get_unchecked(b));
        let place = |a: usize, b: usize| to.wrapping_add((b * runs.sums * FILTERS + a) * V::LANES);
        let mut sums = [[V::splat(V::Number::ZERO); FILTERS]; COUNT];
        for (b, sums) in sums.iter_mut().enumerate() {
            for (a, sum) in sums.iter_mut().enumerate() {
                *sum = V::load(place(a, b));
            }
        }
        for row in 0..runs.counts[0] {
            for run in 0..runs.counts[1] {
                let (skip_dy, skip_x) = (row * runs.dy[0] + run * runs.dy[1], row * runs.x[0] + run * runs.x[1]);
                let filters = filters.map(|filter| filter.wrapping_add(skip_dy));
                let taps = taps.map(|tap| tap.wrapping_add(skip_x));
                let mut at = 0;
                while at < whole {
                    let mut vectors = [V::splat(V::Number::ZERO); FILTERS];
                    for (vector, filter) in vectors.iter_mut().zip(filters) {
                        *vector = V::load(filter.wrapping_add(at));
                    }
                    for (tap, sums) in taps.iter().zip(&mut sums) {
                        let x = if ONES { V::splat(V::Number::ONE) } else { V::load(tap.wrapping_add(at)) };
                        for (sum, vector) in sums.iter_mut().zip(vectors) {
                            *sum = vector.multiply_add(x, *sum);
                        }
                    }
                    at += V::LANES;
                }
                if whole < runs.length {
                    let mut vectors = [V::splat(V::Number::ZERO); FILTERS];
                    for (vector, filter) in vectors.iter_mut().zip(filters) {
                        *vector = V::load_part(filter.wrapping_add(at), mask);
                    }
                    for (tap, sums) in taps.iter().zip(&mut sums) {
                        let x = if ONES { V::splat(V::Number::ONE) } else { V::load_part(tap.wrapping_add(at), mask) };
                        for (sum, vector) in sums.iter_mut().zip(vectors) {
                            *sum = vector.multiply_add(x, *sum);
                        }
                    }
                }
            }
        }
        for (b, sums) in sums.iter().enumerate() {
            for (a, sum) in sums.iter().enumerate() {
                sum.store(place(a, b));
            }
        }
    }
}

/// # Safety
///
/// As for [`Kernels::totals`].
#[inline(always)]
unsafe fn all_totals<V: Vector, const LANES: usize>(count: usize, from: *const V::Number, to: *mut V::Number) {
    const { assert!(LANES == V::LANES) };
    for at in (0..count).step_by(LANES) {
        // SAFETY: the caller guarantees the memory.
        unsafe {
            let sums: [V; LANES] = std::array::from_fn(|i| V::load(from.wrapping_add((at + i) * LANES)));
            totals(&sums).store(to.wrapping_add(at));
        }
    }
}

/// # Safety
///
/// As for [`Kernels::copy`].
#[inline(always)]
unsafe fn copy<V: Vector>(
    [lines, length]: [usize; 2],
    from: *const V::Number,
    from_line: usize,
    to: *mut V::Number,
    to_line: usize,
) {
    let whole = length.saturating_sub(1) / V::LANES * V::LANES;
    // SAFETY: the caller guarantees the memory.
    unsafe {
        let mask = V::mask(length - whole);
        for line in 0..lines {
            let (from, to) = (from.wrapping_add(line * from_line), to.wrapping_add(line * to_line));
            for at in (0..whole).step_by(V::LANES) {
                V::load(from.wrapping_add(at)).store(to.wrapping_add(at));
            }
            V::load_part(from.wrapping_add(whole), mask).store_part(to.wrapping_add(whole), mask);
        }
    }
}

/// The kernels that run everywhere.
pub(super) fn portable<T: Number>(winograd: Option<winograd::Functions<T>>) -> Kernels<T> {
    #[cfg(not(feature = "alloc"))]
    let _ = winograd;
    Kernels {
        lanes: 4,
        up: 2,
        filters: 2,
        tile: tile::<Portable<T>, 2>,
        #[cfg(feature = "alloc")]
        dots: dots::<Portable<T>, 2>,
        #[cfg(feature = "alloc")]
        totals: all_totals::<Portable<T>, 4>,
        copy: copy::<Portable<T>>,
        #[cfg(feature = "alloc")]
        winograd,
    }
}

#[cfg(all(target_arch = "x86_64", not(miri)))] // Miri runs the portable kernels
pub(super) mod x86;

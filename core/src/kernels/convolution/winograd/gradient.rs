//! Backward by the weights.

use crate::kernels::convolution::geometry::Geometry;
use crate::kernels::convolution::winograd::passes::{Plane, read, read_points, scale_points, write_points};
use crate::kernels::convolution::winograd::transforms::{ALL, Collect, Evaluate, Input, Map, POINTS, map_square};
use crate::kernels::product::{Number, Vector, transpose};

/// The filters that are computed at once.
const WIDE: usize = 8;

/// Some filters' derivatives, and the input.
#[derive(Clone, Copy)]
pub(in crate::kernels::convolution) struct Gathered<T> {
    /// Of all channels, and of these filters.
    pub(in crate::kernels::convolution) sizes: Geometry,
    pub(in crate::kernels::convolution) samples: usize,
    pub(in crate::kernels::convolution) x: *const T,
    pub(in crate::kernels::convolution) dy: *const T,
    /// For each block of channels, point and filter, a vector of channels.
    pub(in crate::kernels::convolution) sums: *mut T,
    pub(in crate::kernels::convolution) scratch: *mut T,
    /// The number of neighboring tiles that are gathered at once.
    pub(in crate::kernels::convolution) tiles: usize,
}

/// The sums of all points, and the weights to which they are added.
#[derive(Clone, Copy)]
pub(in crate::kernels::convolution) struct Filters<T> {
    pub(in crate::kernels::convolution) sizes: Geometry,
    pub(in crate::kernels::convolution) sums: *const T,
    pub(in crate::kernels::convolution) scale: T,
    pub(in crate::kernels::convolution) weight: *mut T,
}

/// The number of filters, rounded up.
pub(in crate::kernels::convolution) const fn padded(filters: usize) -> usize {
    filters.next_multiple_of(WIDE)
}

/// The numbers of values of the sums and of the scratch memory.
pub(in crate::kernels::convolution) fn lengths(sizes: &Geometry, lanes: usize, tiles: usize) -> [usize; 2] {
    let kernel = sizes.axes[0].kernel;
    let wide = tiles * (POINTS + 1 - kernel) + kernel - 1;
    let sums = sizes.channels.div_ceil(lanes) * ALL * padded(sizes.filters) * lanes;
    let points = ALL * tiles * lanes * (padded(sizes.filters) + lanes);
    [sums, points + POINTS * wide * lanes * lanes]
}

/// Adds the products of all samples and tiles to the sums.
///
/// # Safety
///
/// `x` and `dy` must be valid for reads of all pixels, `sums` and `scratch` for reads and writes of their
/// [`lengths`]. The processor must support the instructions.
#[inline(always)]
pub(in crate::kernels::convolution) unsafe fn gather<V: Vector<Number: Number>, const LANES: usize>(
    work: &Gathered<V::Number>,
) {
    // SAFETY: the caller upholds the contract.
    unsafe {
        match work.sizes.axes[0].kernel {
            3 => gather_tiles::<V, LANES, 4>(work),
            _ => gather_tiles::<V, LANES, 2>(work),
        }
    }
}

/// # Safety
///
/// As for [`gather`].
#[inline(always)]
unsafe fn gather_tiles<V: Vector<Number: Number>, const LANES: usize, const M: usize>(work: &Gathered<V::Number>)
where
    Evaluate: Map<M, POINTS>,
{
    const { assert!(LANES == V::LANES) };
    let &Gathered { sizes: Geometry { channels, filters, axes: [rows, columns] }, samples, .. } = work;
    let (tile_rows, tile_columns) = (rows.output.div_ceil(M), columns.output.div_ceil(M));
    let (padded, terms) = (padded(filters), work.tiles * LANES);
    let of_x = work.scratch.wrapping_add(ALL * padded * terms);
    let strip = of_x.wrapping_add(ALL * terms * LANES);
    // SAFETY: the caller guarantees the memory.
    unsafe {
        for sample in (0..samples).step_by(LANES) {
            let mask = V::mask(samples - sample);
            for tile_row in 0..tile_rows {
                for tile_column in (0..tile_columns).step_by(work.tiles) {
                    let tiles = work.tiles.min(tile_columns - tile_column);
                    let corner = [tile_row * M, tile_column * M].map(usize::cast_signed);
                    for filter in 0..filters {
                        let plane = Plane {
                            first: work.dy.wrapping_add(filter * rows.output * columns.output * samples + sample),
                            rows: rows.output,
                            columns: columns.output,
                            pixel: samples,
                        };
                        for tile in 0..tiles {
                            let first = [corner[0], corner[1] + (tile * M).cast_signed()];
                            let points = map_square::<V, Evaluate, M, POINTS>(&read::<V, M>(plane, first, mask));
                            let to = work.scratch.wrapping_add(filter * terms + tile * LANES);
                            write_points(&points, to, padded * terms);
                        }
                    }
                    let first = [corner[0] - rows.padding.cast_signed(), corner[1] - columns.padding.cast_signed()];
                    let wide = tiles * M + POINTS - M;
                    for channel in (0..channels).step_by(LANES) {
                        let count = LANES.min(channels - channel);
                        let plane = Plane {
                            first: work.x.wrapping_add(channel * rows.input * columns.input * samples + sample),
                            rows: rows.input,
                            columns: columns.input,
                            pixel: samples,
                        };
                        transpose_strip::<V, LANES>(plane, first, wide, count, mask, strip);
                        for tile in 0..tiles {
                            for lane in 0..LANES {
                                let from = strip.wrapping_add((tile * M * LANES + lane) * LANES);
                                let plane = Plane {
                                    first: from.cast_const(),
                                    rows: POINTS,
                                    columns: wide,
                                    pixel: LANES * LANES,
                                };
                                let x = read::<V, POINTS>(plane, [0, 0], V::mask(LANES));
                                let points = map_square::<V, Input, POINTS, POINTS>(&x);
                                write_points(&points, of_x.wrapping_add((tile * LANES + lane) * LANES), terms * LANES);
                            }
                        }
                        for (point, filter) in
                            (0..ALL).flat_map(|point| (0..padded).step_by(WIDE).map(move |filter| (point, filter)))
                        {
                            let dy = work.scratch.wrapping_add((point * padded + filter) * terms);
                            let x = of_x.wrapping_add(point * terms * LANES);
                            let place = ((channel / LANES * ALL + point) * padded + filter) * LANES;
                            add_products::<V>(tiles * LANES, dy, terms, x, work.sums.wrapping_add(place));
                        }
                    }
                }
            }
        }
    }
}

/// Copies `count` channels of six rows of `wide` pixels: for each pixel and sample, a vector of channels.
///
/// # Safety
///
/// The mask's lanes of all pixels must be valid for reads, and `to` for writes.
#[inline(always)]
unsafe fn transpose_strip<V: Vector<Number: Number>, const LANES: usize>(
    plane: Plane<*const V::Number>,
    [top, left]: [isize; 2],
    wide: usize,
    count: usize,
    mask: V::Mask,
    to: *mut V::Number,
) {
    let channel = plane.rows * plane.columns * plane.pixel;
    for (row, column) in (0..POINTS).flat_map(|row| (0..wide).map(move |column| (row, column))) {
        // SAFETY: the caller guarantees the memory.
        unsafe {
            let mut square = [V::splat(V::Number::ZERO); LANES];
            if let Some(place) = plane.place(top + row.cast_signed(), left + column.cast_signed()) {
                for (lane, vector) in square.iter_mut().enumerate().take(count) {
                    *vector = V::load_part(plane.first.wrapping_add(place + lane * channel), mask);
                }
                square = transpose(square);
            }
            for (lane, vector) in square.iter().enumerate() {
                vector.store(to.wrapping_add(((row * wide + column) * LANES + lane) * LANES));
            }
        }
    }
}

/// Adds sums over `terms` of `WIDE` rows of numbers times vectors.
///
/// # Safety
///
/// All numbers and vectors must be valid for reads, and `WIDE` vectors of sums for reads and writes.
#[inline(always)]
unsafe fn add_products<V: Vector<Number: Number>>(
    terms: usize,
    dy: *const V::Number,
    distance: usize,
    x: *const V::Number,
    to: *mut V::Number,
) {
    // SAFETY: the caller guarantees the memory.
    unsafe {
        let mut sums = [V::splat(V::Number::ZERO); WIDE];
        for (at, sum) in sums.iter_mut().enumerate() {
            *sum = V::load(to.wrapping_add(at * V::LANES));
        }
        for term in 0..terms {
            let x = V::load(x.wrapping_add(term * V::LANES));
            for (at, sum) in sums.iter_mut().enumerate() {
                *sum = x.multiply_add(V::splat(*dy.wrapping_add(at * distance + term)), *sum);
            }
        }
        for (at, sum) in sums.iter().enumerate() {
            sum.store(to.wrapping_add(at * V::LANES));
        }
    }
}

/// Adds the derivatives of the weights, from the sums of all points.
///
/// # Safety
///
/// `sums` must be valid for reads, and `weight` for reads and writes. The processor must support the instructions.
#[inline(always)]
pub(in crate::kernels::convolution) unsafe fn store_filters<V: Vector<Number: Number>, const LANES: usize>(
    work: &Filters<V::Number>,
) {
    // SAFETY: the caller upholds the contract.
    unsafe {
        match work.sizes.axes[0].kernel {
            3 => store::<V, LANES, 3>(work),
            _ => store::<V, LANES, 5>(work),
        }
    }
}

/// # Safety
///
/// As for [`store_filters`].
#[inline(always)]
unsafe fn store<V: Vector<Number: Number>, const LANES: usize, const K: usize>(
    &Filters { sizes: Geometry { channels, filters, .. }, sums, scale, weight }: &Filters<V::Number>,
) where
    Collect: Map<POINTS, K>,
{
    let padded = padded(filters);
    // SAFETY: the caller guarantees the memory.
    unsafe {
        let mut values = [V::Number::ZERO; LANES];
        for (filter, channel) in
            (0..filters).flat_map(|filter| (0..channels).step_by(LANES).map(move |channel| (filter, channel)))
        {
            let from = sums.wrapping_add((channel / LANES * ALL * padded + filter) * LANES);
            let mut points = read_points::<V>(from, padded * LANES);
            scale_points(&mut points);
            let taps = map_square::<V, Collect, POINTS, K>(&points);
            for (tap, vector) in taps.as_flattened().iter().enumerate() {
                vector.store(values.as_mut_ptr());
                for (lane, &value) in values.iter().enumerate().take(channels - channel) {
                    let to = weight.wrapping_add((filter * channels + channel + lane) * K * K + tap);
                    *to += scale * value;
                }
            }
        }
    }
}

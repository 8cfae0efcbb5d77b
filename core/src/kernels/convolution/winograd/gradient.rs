//! Backward by the weights.

use crate::kernels::convolution::geometry::Geometry;
use crate::kernels::convolution::winograd::passes::{Plane, read, read_points, scale_points, write_points};
use crate::kernels::convolution::winograd::transforms::{
    ALL, Collect, Evaluate, Input, Map, POINTS, apart, map_square,
};
use crate::kernels::product::{Number, Vector, transpose};

/// The channels that are computed at once.
pub(super) const WIDE: usize = 8;
/// The vectors of filters that are computed at once.
const UP: usize = 2;

/// Some channels of the input, and the derivatives of all filters.
#[derive(Clone, Copy)]
pub(in crate::kernels::convolution) struct Gathered<T> {
    /// Of these channels, and of all filters.
    pub(in crate::kernels::convolution) sizes: Geometry,
    pub(in crate::kernels::convolution) samples: usize,
    pub(in crate::kernels::convolution) x: *const T,
    pub(in crate::kernels::convolution) dy: *const T,
    /// For each point and channel, vectors of filters.
    pub(in crate::kernels::convolution) sums: *mut T,
    pub(in crate::kernels::convolution) scratch: *mut T,
    /// The number of neighboring tiles that are gathered at once.
    pub(in crate::kernels::convolution) tiles: usize,
}

/// The sums of all points, and the weights to which they are added.
#[derive(Clone, Copy)]
pub(in crate::kernels::convolution) struct Filters<T> {
    /// Of these channels, and of all filters.
    pub(in crate::kernels::convolution) sizes: Geometry,
    pub(in crate::kernels::convolution) sums: *const T,
    pub(in crate::kernels::convolution) scale: T,
    /// The weights of the first of these channels.
    pub(in crate::kernels::convolution) weight: *mut T,
    /// The distance between filters.
    pub(in crate::kernels::convolution) filter: usize,
}

/// The numbers of channels and filters, rounded up to what is computed at once.
const fn padded(sizes: &Geometry, lanes: usize) -> [usize; 2] {
    [sizes.channels.next_multiple_of(WIDE), sizes.filters.next_multiple_of(lanes)]
}

/// The numbers of values of the sums and of the scratch memory.
pub(in crate::kernels::convolution) const fn lengths(sizes: &Geometry, lanes: usize, tiles: usize) -> [usize; 2] {
    let [channels, filters] = padded(sizes, lanes);
    [ALL * channels * filters, ALL * (apart(channels * tiles, lanes) + apart(filters * tiles, lanes))]
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
    let &Gathered { ref sizes, samples, .. } = work;
    let &Geometry { channels, filters, axes: [rows, columns] } = sizes;
    let (tile_rows, tile_columns) = (rows.output.div_ceil(M), columns.output.div_ceil(M));
    let ([padded_channels, padded_filters], terms) = (padded(sizes, LANES), work.tiles * LANES);
    let x_point = apart(padded_channels * work.tiles, LANES);
    let dy_point = apart(padded_filters * work.tiles, LANES);
    let of_dy = work.scratch.wrapping_add(ALL * x_point);
    // SAFETY: the caller guarantees the memory.
    unsafe {
        for sample in (0..samples).step_by(LANES) {
            let mask = V::mask(samples - sample);
            for (tile_row, tile_column) in
                (0..tile_rows).flat_map(|row| (0..tile_columns).step_by(work.tiles).map(move |column| (row, column)))
            {
                let tiles = work.tiles.min(tile_columns - tile_column);
                for tile in 0..tiles {
                    let corner = [tile_row * M, (tile_column + tile) * M].map(usize::cast_signed);
                    for filter in (0..filters).step_by(LANES) {
                        let plane = Plane {
                            first: work.dy.wrapping_add(filter * rows.output * columns.output * samples + sample),
                            rows: rows.output,
                            columns: columns.output,
                            pixel: samples,
                        };
                        let to = of_dy.wrapping_add(tile * LANES * padded_filters + filter);
                        evaluate_filters::<V, LANES, M>(
                            plane,
                            corner,
                            (filters - filter).min(LANES),
                            mask,
                            to,
                            [padded_filters, dy_point],
                        );
                    }
                    let first = [corner[0] - rows.padding.cast_signed(), corner[1] - columns.padding.cast_signed()];
                    for channel in 0..channels {
                        let plane = Plane {
                            first: work.x.wrapping_add(channel * rows.input * columns.input * samples + sample),
                            rows: rows.input,
                            columns: columns.input,
                            pixel: samples,
                        };
                        let points = map_square::<V, Input, POINTS, POINTS>(&read::<V, POINTS>(plane, first, mask));
                        let to = work.scratch.wrapping_add(channel * terms + tile * LANES);
                        write_points(&points, to, x_point);
                    }
                }
                for point in 0..ALL {
                    for channel in (0..channels).step_by(WIDE) {
                        let x = work.scratch.wrapping_add(point * x_point + channel * terms);
                        for filter in (0..filters).step_by(UP * LANES) {
                            let dy = of_dy.wrapping_add(point * dy_point + filter);
                            let place = (point * padded_channels + channel) * padded_filters + filter;
                            let to = work.sums.wrapping_add(place);
                            let sizes = [tiles * LANES, terms, padded_filters];
                            if filters - filter > LANES {
                                add_products::<V, UP>(sizes, x, dy, to);
                            } else {
                                add_products::<V, 1>(sizes, x, dy, to);
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Writes the values of a tile's derivatives at the points: a vector of filters for each sample and point.
///
/// # Safety
///
/// The mask's lanes of the pixels of `count` filters must be valid for reads, and `to` for writes: `distances` has those
/// of samples and of points.
#[inline(always)]
unsafe fn evaluate_filters<V: Vector<Number: Number>, const LANES: usize, const M: usize>(
    plane: Plane<*const V::Number>,
    corner: [isize; 2],
    count: usize,
    mask: V::Mask,
    to: *mut V::Number,
    distances: [usize; 2],
) where
    Evaluate: Map<M, POINTS>,
{
    let filter = plane.rows * plane.columns * plane.pixel;
    // SAFETY: the caller guarantees the memory.
    unsafe {
        // For each pixel and sample, a vector of filters.
        let mut pixels = [[[V::splat(V::Number::ZERO); LANES]; M]; M];
        for (row, pixels) in pixels.iter_mut().enumerate() {
            for (column, pixel) in pixels.iter_mut().enumerate() {
                let place = plane.place(corner[0] + row.cast_signed(), corner[1] + column.cast_signed());
                let Some(place) = place else { continue };
                for (lane, vector) in pixel.iter_mut().enumerate() {
                    if lane < count {
                        *vector = V::load_part(plane.first.wrapping_add(place + lane * filter), mask);
                    }
                }
                *pixel = transpose(*pixel);
            }
        }
        #[allow(clippy::needless_range_loop)] // an index into the innermost arrays
        for sample in 0..LANES {
            let mut square = [[V::splat(V::Number::ZERO); M]; M];
            for (row, values) in square.iter_mut().enumerate() {
                for (column, value) in values.iter_mut().enumerate() {
                    *value = pixels[row][column][sample];
                }
            }
            let points = map_square::<V, Evaluate, M, POINTS>(&square);
            write_points(&points, to.wrapping_add(sample * distances[0]), distances[1]);
        }
    }
}

/// Adds sums over terms: of `WIDE` channels' numbers times `UP` vectors of filters.
///
/// `sizes` are the number of terms, and the distances of channels and of vectors, which is that of the sums too.
///
/// # Safety
///
/// All numbers and vectors must be valid for reads, and the sums for reads and writes.
#[inline(always)]
unsafe fn add_products<V: Vector<Number: Number>, const UP: usize>(
    [terms, channel, filters]: [usize; 3],
    x: *const V::Number,
    dy: *const V::Number,
    to: *mut V::Number,
) {
    // SAFETY: the caller guarantees the memory.
    unsafe {
        let mut sums = [[V::splat(V::Number::ZERO); UP]; WIDE];
        for (row, sums) in sums.iter_mut().enumerate() {
            for (at, sum) in sums.iter_mut().enumerate() {
                *sum = V::load(to.wrapping_add(row * filters + at * V::LANES));
            }
        }
        for term in 0..terms {
            let mut vectors = [V::splat(V::Number::ZERO); UP];
            for (at, vector) in vectors.iter_mut().enumerate() {
                *vector = V::load(dy.wrapping_add(term * filters + at * V::LANES));
            }
            for (row, sums) in sums.iter_mut().enumerate() {
                let factor = V::splat(*x.wrapping_add(row * channel + term));
                for (sum, vector) in sums.iter_mut().zip(vectors) {
                    *sum = vector.multiply_add(factor, *sum);
                }
            }
        }
        for (row, sums) in sums.iter().enumerate() {
            for (at, sum) in sums.iter().enumerate() {
                sum.store(to.wrapping_add(row * filters + at * V::LANES));
            }
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
unsafe fn store<V: Vector<Number: Number>, const LANES: usize, const K: usize>(work: &Filters<V::Number>)
where
    Collect: Map<POINTS, K>,
{
    let &Filters { ref sizes, sums, scale, weight, filter: distance } = work;
    let [padded_channels, padded_filters] = padded(sizes, LANES);
    // SAFETY: the caller guarantees the memory.
    unsafe {
        let mut values = [V::Number::ZERO; LANES];
        for (channel, filter) in (0..sizes.channels)
            .flat_map(|channel| (0..sizes.filters).step_by(LANES).map(move |filter| (channel, filter)))
        {
            let from = sums.wrapping_add(channel * padded_filters + filter);
            let mut points = read_points::<V>(from, padded_channels * padded_filters);
            scale_points(&mut points);
            let taps = map_square::<V, Collect, POINTS, K>(&points);
            for (tap, vector) in taps.as_flattened().iter().enumerate() {
                vector.store(values.as_mut_ptr());
                for (lane, &value) in values.iter().enumerate().take(sizes.filters - filter) {
                    let to = weight.wrapping_add((filter + lane) * distance + channel * K * K + tap);
                    *to += scale * value;
                }
            }
        }
    }
}

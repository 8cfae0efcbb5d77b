//! Forward and backward by the input.

use crate::kernels::convolution::geometry::Geometry;
use crate::kernels::convolution::winograd::transforms::{
    ALL, Collect, Evaluate, FACTORS, Input, InputTransposed, Map, POINTS, apart, map_square,
};
use crate::kernels::product::{Number, Vector, transpose};

/// The weights of all filters, and where their values at the points go.
#[derive(Clone, Copy)]
pub(in crate::kernels::convolution) struct Pack<T> {
    pub(in crate::kernels::convolution) sizes: Geometry,
    pub(in crate::kernels::convolution) weight: *const T,
    /// True if filters are the terms of a sum, and channels its results.
    pub(in crate::kernels::convolution) backward: bool,
    /// For each point and group of results: the weights of all terms, a vector of results each.
    pub(in crate::kernels::convolution) to: *mut T,
}

/// At most one vector of samples of all pixels.
#[derive(Clone, Copy)]
pub(in crate::kernels::convolution) struct Task<T> {
    pub(in crate::kernels::convolution) sizes: Geometry,
    /// The number of samples of a pixel in memory.
    pub(in crate::kernels::convolution) samples: usize,
    /// The number of samples of this task.
    pub(in crate::kernels::convolution) count: usize,
    pub(in crate::kernels::convolution) source: *const T,
    /// The values at the points, as [`Pack`] wrote them.
    pub(in crate::kernels::convolution) weights: *const T,
    /// A value for each filter; not read by [`by_input`].
    pub(in crate::kernels::convolution) bias: *const T,
    pub(in crate::kernels::convolution) target: *mut T,
    /// 36 points of all terms, [`apart`], and of as many results as lanes.
    pub(in crate::kernels::convolution) scratch: *mut T,
}

/// One channel of images of several samples.
#[derive(Clone, Copy)]
pub(super) struct Plane<P> {
    pub(super) first: P,
    pub(super) rows: usize,
    pub(super) columns: usize,
    /// The distance between neighboring pixels.
    pub(super) pixel: usize,
}

impl<P> Plane<P> {
    /// The place of a pixel, if it is in the image.
    #[inline(always)]
    pub(super) fn place(&self, row: isize, column: isize) -> Option<usize> {
        let (row, column) = (row.cast_unsigned(), column.cast_unsigned());
        (row < self.rows && column < self.columns).then(|| (row * self.columns + column) * self.pixel)
    }
}

/// Reads a square of pixels; those outside of the image are zero.
///
/// # Safety
///
/// The mask's lanes of all pixels must be valid for reads.
#[inline(always)]
pub(super) unsafe fn read<V: Vector<Number: Number>, const SIDE: usize>(
    plane: Plane<*const V::Number>,
    [top, left]: [isize; 2],
    mask: V::Mask,
) -> [[V; SIDE]; SIDE] {
    // SAFETY: the caller guarantees the memory.
    unsafe {
        let mut square = [[V::splat(V::Number::ZERO); SIDE]; SIDE];
        for (row, values) in square.iter_mut().enumerate() {
            for (column, value) in values.iter_mut().enumerate() {
                if let Some(place) = plane.place(top + row.cast_signed(), left + column.cast_signed()) {
                    *value = V::load_part(plane.first.wrapping_add(place), mask);
                }
            }
        }
        square
    }
}

/// Writes the values of a tile's points, `distance` apart.
///
/// # Safety
///
/// All places must be valid for writes.
#[inline(always)]
pub(super) unsafe fn write_points<V: Vector>(values: &[[V; POINTS]; POINTS], to: *mut V::Number, distance: usize) {
    for (row, values) in values.iter().enumerate() {
        for (column, value) in values.iter().enumerate() {
            // SAFETY: the caller guarantees the memory.
            unsafe { value.store(to.wrapping_add((row * POINTS + column) * distance)) }
        }
    }
}

/// # Safety
///
/// As for [`write_points`], for reads.
#[inline(always)]
pub(super) unsafe fn read_points<V: Vector<Number: Number>>(
    from: *const V::Number,
    distance: usize,
) -> [[V; POINTS]; POINTS] {
    // SAFETY: the caller guarantees the memory.
    unsafe {
        let mut values = [[V::splat(V::Number::ZERO); POINTS]; POINTS];
        for (row, values) in values.iter_mut().enumerate() {
            for (column, value) in values.iter_mut().enumerate() {
                *value = V::load(from.wrapping_add((row * POINTS + column) * distance));
            }
        }
        values
    }
}

/// Multiplies all values by the factors of their points.
///
/// # Safety
///
/// As for [`Vector`].
#[inline(always)]
pub(super) unsafe fn scale_points<V: Vector<Number: Number>>(values: &mut [[V; POINTS]; POINTS]) {
    for (row, values) in values.iter_mut().enumerate() {
        for (column, value) in values.iter_mut().enumerate() {
            // SAFETY: the caller guarantees the instructions.
            unsafe { *value = value.multiply(V::splat(V::Number::nearest(FACTORS[row] * FACTORS[column]))) }
        }
    }
}

/// Writes the values of all filters at the points.
///
/// # Safety
///
/// `weight` must be valid for reads of all weights, and `to` for writes of `36 · terms` values for each of the results,
/// whose number is rounded up to a multiple of the lanes. The processor must support the instructions.
#[inline(always)]
pub(in crate::kernels::convolution) unsafe fn pack<V: Vector<Number: Number>, const LANES: usize>(
    work: &Pack<V::Number>,
) {
    // SAFETY: the caller upholds the contract.
    unsafe {
        match work.sizes.axes[0].kernel {
            3 => pack_filters::<V, 3, LANES>(work),
            _ => pack_filters::<V, 5, LANES>(work),
        }
    }
}

/// # Safety
///
/// As for [`pack`].
#[inline(always)]
unsafe fn pack_filters<V: Vector<Number: Number>, const K: usize, const LANES: usize>(
    &Pack { sizes: Geometry { channels, filters, .. }, weight, backward, to }: &Pack<V::Number>,
) where
    Evaluate: Map<K, POINTS>,
{
    const { assert!(LANES == V::LANES) };
    let square = K * K;
    // The numbers of terms and results, and their distances in the weights.
    let [(terms, of_term), (results, of_result)] = if backward {
        [(filters, channels * square), (channels, square)]
    } else {
        [(channels, square), (filters, channels * square)]
    };
    let groups = results.div_ceil(LANES);
    // SAFETY: the caller guarantees the memory.
    unsafe {
        for (group, term) in (0..groups).flat_map(|group| (0..terms).map(move |term| (group, term))) {
            let first = weight.wrapping_add(term * of_term + group * LANES * of_result);
            let count = LANES.min(results - group * LANES);
            let mut taps = [[V::splat(V::Number::ZERO); K]; K];
            for (block, taps) in taps.as_flattened_mut().chunks_mut(LANES).enumerate() {
                let mask = V::mask(taps.len());
                let mut rows = [V::splat(V::Number::ZERO); LANES];
                for (lane, row) in rows.iter_mut().enumerate().take(count) {
                    *row = V::load_part(first.wrapping_add(lane * of_result + block * LANES), mask);
                }
                let columns = transpose::<V, LANES>(rows);
                taps.copy_from_slice(&columns[..taps.len()]);
            }
            let mut points = map_square::<V, Evaluate, K, POINTS>(&taps);
            scale_points(&mut points);
            write_points(&points, to.wrapping_add((group * terms + term) * LANES), groups * terms * LANES);
        }
    }
}

/// Computes `LANES` vectors: sums over `terms` of weights times vectors.
///
/// # Safety
///
/// All vectors and weights must be valid for reads, and all results for writes, `distance` apart.
#[inline(always)]
unsafe fn product<V: Vector<Number: Number>, const LANES: usize>(
    terms: usize,
    source: *const V::Number,
    weights: *const V::Number,
    target: *mut V::Number,
    distance: usize,
) {
    // SAFETY: the caller guarantees the memory.
    unsafe {
        let mut sums = [V::splat(V::Number::ZERO); LANES];
        let (mut source, mut weights) = (source, weights);
        for _ in 0..terms {
            let vector = V::load(source);
            for (at, sum) in sums.iter_mut().enumerate() {
                *sum = vector.multiply_add(V::splat(*weights.wrapping_add(at)), *sum);
            }
            source = source.wrapping_add(V::LANES);
            weights = weights.wrapping_add(LANES);
        }
        for (at, sum) in sums.iter().enumerate() {
            sum.store(target.wrapping_add(at * distance));
        }
    }
}

/// Computes the outputs of some samples.
///
/// # Safety
///
/// All pixels of these samples must be valid for reads, or writes, and [`Task::scratch`] for both. The processor must
/// support the instructions.
#[inline(always)]
pub(in crate::kernels::convolution) unsafe fn forward<V: Vector<Number: Number>, const LANES: usize>(
    task: &Task<V::Number>,
) {
    // SAFETY: the caller upholds the contract.
    unsafe {
        match task.sizes.axes[0].kernel {
            3 => outputs::<V, LANES, 4>(task),
            _ => outputs::<V, LANES, 2>(task),
        }
    }
}

/// # Safety
///
/// As for [`forward`].
#[inline(always)]
unsafe fn outputs<V: Vector<Number: Number>, const LANES: usize, const M: usize>(task: &Task<V::Number>)
where
    Collect: Map<POINTS, M>,
{
    let &Task { sizes: Geometry { channels, filters, axes: [rows, columns] }, samples, weights, bias, .. } = task;
    let (vector, groups) = (V::LANES, filters.div_ceil(LANES));
    let tiles = [rows.output.div_ceil(M), columns.output.div_ceil(M)];
    let point_distance = apart(channels, V::LANES);
    let results = task.scratch.wrapping_add(ALL * point_distance);
    // SAFETY: the caller guarantees the memory.
    unsafe {
        let mask = V::mask(task.count);
        for (tile_row, tile_column) in (0..tiles[0]).flat_map(|row| (0..tiles[1]).map(move |column| (row, column))) {
            let corner = [tile_row * M, tile_column * M].map(usize::cast_signed);
            let first = [corner[0] - rows.padding.cast_signed(), corner[1] - columns.padding.cast_signed()];
            for channel in 0..channels {
                let place = channel * rows.input * columns.input * samples;
                let plane = Plane {
                    first: task.source.wrapping_add(place),
                    rows: rows.input,
                    columns: columns.input,
                    pixel: samples,
                };
                let points = map_square::<V, Input, POINTS, POINTS>(&read::<V, POINTS>(plane, first, mask));
                let to = task.scratch.wrapping_add(channel * vector);
                write_points(&points, to, point_distance);
            }
            for group in 0..groups {
                for point in 0..ALL {
                    let source = task.scratch.wrapping_add(point * point_distance);
                    let weights = weights.wrapping_add((point * groups + group) * channels * LANES);
                    let to = results.wrapping_add(point * vector);
                    product::<V, LANES>(channels, source, weights, to, ALL * vector);
                }
                for filter in group * LANES..filters.min((group + 1) * LANES) {
                    let bias = V::splat(*bias.wrapping_add(filter));
                    let from = results.wrapping_add((filter % LANES) * ALL * vector);
                    let y = map_square::<V, Collect, POINTS, M>(&read_points::<V>(from, vector));
                    let place = filter * rows.output * columns.output * samples;
                    let plane = Plane {
                        first: task.target.wrapping_add(place),
                        rows: rows.output,
                        columns: columns.output,
                        pixel: samples,
                    };
                    for (row, values) in y.iter().enumerate() {
                        for (column, value) in values.iter().enumerate() {
                            let (row, column) = (corner[0] + row.cast_signed(), corner[1] + column.cast_signed());
                            if let Some(place) = plane.place(row, column) {
                                value.add(bias).store_part(plane.first.wrapping_add(place), mask);
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Computes the derivatives of the inputs of some samples.
///
/// # Safety
///
/// As for [`forward`].
#[inline(always)]
pub(in crate::kernels::convolution) unsafe fn by_input<V: Vector<Number: Number>, const LANES: usize>(
    task: &Task<V::Number>,
) {
    // SAFETY: the caller upholds the contract.
    unsafe {
        match task.sizes.axes[0].kernel {
            3 => inputs::<V, LANES, 4>(task),
            _ => inputs::<V, LANES, 2>(task),
        }
    }
}

/// # Safety
///
/// As for [`forward`].
#[inline(always)]
unsafe fn inputs<V: Vector<Number: Number>, const LANES: usize, const M: usize>(task: &Task<V::Number>)
where
    Evaluate: Map<M, POINTS>,
{
    let &Task { sizes: Geometry { channels, filters, axes: [rows, columns] }, samples, weights, .. } = task;
    let (vector, groups) = (V::LANES, channels.div_ceil(LANES));
    let tiles = [rows.output.div_ceil(M), columns.output.div_ceil(M)];
    let point_distance = apart(filters, V::LANES);
    let results = task.scratch.wrapping_add(ALL * point_distance);
    // SAFETY: the caller guarantees the memory.
    unsafe {
        let mask = V::mask(task.count);
        for pixel in 0..channels * rows.input * columns.input {
            let to = task.target.wrapping_add(pixel * samples);
            V::splat(V::Number::ZERO).store_part(to, mask);
        }
        for (tile_row, tile_column) in (0..tiles[0]).flat_map(|row| (0..tiles[1]).map(move |column| (row, column))) {
            let corner = [tile_row * M, tile_column * M].map(usize::cast_signed);
            let first = [corner[0] - rows.padding.cast_signed(), corner[1] - columns.padding.cast_signed()];
            for filter in 0..filters {
                let place = filter * rows.output * columns.output * samples;
                let plane = Plane {
                    first: task.source.wrapping_add(place),
                    rows: rows.output,
                    columns: columns.output,
                    pixel: samples,
                };
                let points = map_square::<V, Evaluate, M, POINTS>(&read::<V, M>(plane, corner, mask));
                let to = task.scratch.wrapping_add(filter * vector);
                write_points(&points, to, point_distance);
            }
            for group in 0..groups {
                for point in 0..ALL {
                    let source = task.scratch.wrapping_add(point * point_distance);
                    let weights = weights.wrapping_add((point * groups + group) * filters * LANES);
                    let to = results.wrapping_add(point * vector);
                    product::<V, LANES>(filters, source, weights, to, ALL * vector);
                }
                for channel in group * LANES..channels.min((group + 1) * LANES) {
                    let from = results.wrapping_add((channel % LANES) * ALL * vector);
                    let dx = map_square::<V, InputTransposed, POINTS, POINTS>(&read_points::<V>(from, vector));
                    let place = channel * rows.input * columns.input * samples;
                    let plane = Plane {
                        first: task.target.wrapping_add(place),
                        rows: rows.input,
                        columns: columns.input,
                        pixel: samples,
                    };
                    for (row, values) in dx.iter().enumerate() {
                        for (column, value) in values.iter().enumerate() {
                            let (row, column) = (first[0] + row.cast_signed(), first[1] + column.cast_signed());
                            if let Some(place) = plane.place(row, column) {
                                let to = plane.first.wrapping_add(place);
                                value.add(V::load_part(to, mask)).store_part(to, mask);
                            }
                        }
                    }
                }
            }
        }
    }
}

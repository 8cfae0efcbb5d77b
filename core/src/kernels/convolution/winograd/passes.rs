//! Forward and backward by the input.

use crate::kernels::convolution::geometry::Geometry;
use crate::kernels::convolution::winograd::transforms::{
    ALL, Collect, Evaluate, FACTORS, Input, InputTransposed, Map, POINTS, apart, map_square,
};
use crate::kernels::product::{Number, Vector};

/// At most one vector of samples of all pixels.
#[derive(Clone, Copy)]
pub(in crate::kernels::convolution) struct Task<T> {
    pub(in crate::kernels::convolution) sizes: Geometry,
    /// The number of samples of a pixel in memory.
    pub(in crate::kernels::convolution) samples: usize,
    /// The number of samples of this task.
    pub(in crate::kernels::convolution) count: usize,
    pub(in crate::kernels::convolution) source: *const T,
    /// The values at the points, as [`pack`](super::pack) wrote them.
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
    let (source, target) = (Images::inputs(task), Images::outputs(task));
    // SAFETY: the caller upholds the contract.
    unsafe {
        match task.sizes.axes[0].kernel {
            3 => pass::<V, LANES, Input, Collect, POINTS, 4, false>(task, source, target),
            _ => pass::<V, LANES, Input, Collect, POINTS, 2, false>(task, source, target),
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
    let (source, target) = (Images::outputs(task), Images::inputs(task));
    // SAFETY: the caller upholds the contract.
    unsafe {
        let mask = V::mask(task.count);
        for pixel in 0..target.count * target.rows * target.columns {
            let to = task.target.wrapping_add(pixel * task.samples);
            V::splat(V::Number::ZERO).store_part(to, mask);
        }
        match task.sizes.axes[0].kernel {
            3 => pass::<V, LANES, Evaluate, InputTransposed, 4, POINTS, true>(task, source, target),
            _ => pass::<V, LANES, Evaluate, InputTransposed, 2, POINTS, true>(task, source, target),
        }
    }
}

/// The sizes of the input or of the output.
#[derive(Clone, Copy)]
struct Images {
    /// The number of channels or filters.
    count: usize,
    rows: usize,
    columns: usize,
    /// The distance between neighboring pixels.
    pixel: usize,
    /// The distances of a tile's first pixel from that of its output.
    before: [isize; 2],
}

impl Images {
    fn inputs<T>(task: &Task<T>) -> Self {
        let [rows, columns] = task.sizes.axes;
        let before = [rows.padding, columns.padding].map(usize::cast_signed);
        Self { count: task.sizes.channels, rows: rows.input, columns: columns.input, pixel: task.samples, before }
    }

    fn outputs<T>(task: &Task<T>) -> Self {
        let [rows, columns] = task.sizes.axes;
        Self {
            count: task.sizes.filters,
            rows: rows.output,
            columns: columns.output,
            pixel: task.samples,
            before: [0; 2],
        }
    }

    /// The offset of a channel.
    fn channel(&self, index: usize) -> usize {
        index * self.rows * self.columns * self.pixel
    }

    fn plane<P>(&self, first: P) -> Plane<P> {
        Plane { first, rows: self.rows, columns: self.columns, pixel: self.pixel }
    }

    /// The first pixel of a tile.
    fn corner(&self, [row, column]: [usize; 2]) -> [isize; 2] {
        [row.cast_signed() - self.before[0], column.cast_signed() - self.before[1]]
    }
}

/// For each tile: maps the source to the points, multiplies by the weights, and maps the sums to the target.
///
/// `ADD` to the target, or write the sums and the bias.
///
/// # Safety
///
/// As for [`forward`].
#[inline(always)]
unsafe fn pass<
    V: Vector<Number: Number>,
    const LANES: usize,
    From: Map<FROM, POINTS>,
    To: Map<POINTS, TO>,
    const FROM: usize,
    const TO: usize,
    const ADD: bool,
>(
    task: &Task<V::Number>,
    source: Images,
    target: Images,
) {
    let (terms, groups) = (source.count, target.count.div_ceil(LANES));
    let (side, outputs) = (FROM.min(TO), task.sizes.axes.map(|axis| axis.output));
    let point_distance = apart(terms, LANES);
    let sums = task.scratch.wrapping_add(ALL * point_distance);
    // SAFETY: the caller guarantees the memory.
    unsafe {
        let mask = V::mask(task.count);
        for (row, column) in
            (0..outputs[0]).step_by(side).flat_map(|row| (0..outputs[1]).step_by(side).map(move |column| (row, column)))
        {
            let corner = source.corner([row, column]);
            for term in 0..terms {
                let plane = source.plane(task.source.wrapping_add(source.channel(term)));
                let points = map_square::<V, From, FROM, POINTS>(&read::<V, FROM>(plane, corner, mask));
                write_points(&points, task.scratch.wrapping_add(term * LANES), point_distance);
            }
            let [top, left] = target.corner([row, column]);
            for group in 0..groups {
                for point in 0..ALL {
                    let source = task.scratch.wrapping_add(point * point_distance);
                    let weights = task.weights.wrapping_add((point * groups + group) * terms * LANES);
                    product::<V, LANES>(terms, source, weights, sums.wrapping_add(point * LANES), ALL * LANES);
                }
                for result in group * LANES..target.count.min((group + 1) * LANES) {
                    let from = sums.wrapping_add((result % LANES) * ALL * LANES);
                    let values = map_square::<V, To, POINTS, TO>(&read_points::<V>(from, LANES));
                    let bias = V::splat(if ADD { V::Number::ZERO } else { *task.bias.wrapping_add(result) });
                    let plane = target.plane(task.target.wrapping_add(target.channel(result)));
                    for (row, values) in values.iter().enumerate() {
                        for (column, value) in values.iter().enumerate() {
                            let place = plane.place(top + row.cast_signed(), left + column.cast_signed());
                            let Some(place) = place else { continue };
                            let to = plane.first.wrapping_add(place);
                            let before = if ADD { V::load_part(to, mask) } else { bias };
                            value.add(before).store_part(to, mask);
                        }
                    }
                }
            }
        }
    }
}

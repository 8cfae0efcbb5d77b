//! Convolutions with fewer multiplications: Winograd's minimal filtering.
//!
//! Of a tile of `6 x 6` pixels of the input and a filter of `K x K` taps come `M x M` pixels of the output, where
//! `M = 7 - K`. Read as coefficients of polynomials, a correlation is a product of polynomials, and a product of
//! polynomials is a product of their values at six points:
//!
//! ```text
//! forward      y  = Eᵀ · [ (F·E · w · Eᵀ·F) ∘ (I · x · Iᵀ) ] · E
//! by input     dx = Iᵀ · [ (F·E · w · Eᵀ·F) ∘ (E · dy · Eᵀ) ] · I
//! by weights   dw = Eᵀ·F · [ (E · dy · Eᵀ) ∘ (I · x · Iᵀ) ] · F·E
//! ```
//!
//! `E` evaluates at the points, `I` is the map of the input, `F` are factors, and `∘` multiplies point by point. Over
//! channels and filters each of the 36 points is a matrix product. 36 multiplications stand for `M² · K²`: 144 of
//! a filter of `3 x 3`, 100 of one of `5 x 5`.
//!
//! The points are 0, `±√½`, `±√2` and infinity. In `f32` the results differ from those of the sums by about 2e-6 of the
//! largest value; with 0, ±1, ±2 and infinity, by up to five times as much. In `f64`, which is for precision, the sums
//! are computed.
//!
//! Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks" (2016).

mod gradient;
mod pack;
mod passes;
mod transforms;

use crate::kernels::convolution::geometry::{Axis, Geometry, even};
use crate::kernels::product::{Element, Number, Portable};
use crate::kernels::threads;

pub(super) use gradient::{Filters, Gathered, gather, store_filters};
use gradient::{WIDE, lengths};
pub(super) use pack::{Pack, pack};
pub(super) use passes::{Task, by_input, forward};
use transforms::{ALL, POINTS, apart};

/// The number of bytes of points that stay in the L2 cache.
const POINTS_IN_CACHE: usize = 512 * 1024;
/// The maximum number of neighboring tiles whose products are summed at once.
const TILES: usize = 4;

/// The functions for one scalar type and one instruction set.
///
/// Safety: the processor must support the instructions.
#[derive(Clone, Copy)]
pub(super) struct Functions<T> {
    /// The number of lanes of a vector.
    pub(super) lanes: usize,
    pub(super) pack: unsafe fn(&Pack<T>),
    pub(super) forward: unsafe fn(&Task<T>),
    pub(super) by_input: unsafe fn(&Task<T>),
    pub(super) gather: unsafe fn(&Gathered<T>),
    pub(super) store_filters: unsafe fn(&Filters<T>),
}

impl<T: Number> Functions<T> {
    /// The functions that run everywhere.
    pub(super) fn portable() -> Self {
        Self {
            lanes: 4,
            pack: pack::<Portable<T>, 4>,
            forward: forward::<Portable<T>, 4>,
            by_input: by_input::<Portable<T>, 4>,
            gather: gather::<Portable<T>, 4>,
            store_filters: store_filters::<Portable<T>, 4>,
        }
    }
}

/// Returns whether a convolution is faster this way than as sums.
pub(super) fn suits(sizes: &Geometry) -> bool {
    let [rows, columns] = sizes.axes;
    let kernel = rows.kernel;
    if ![3, 5].contains(&kernel) || sizes.channels < 8 || sizes.filters < 8 {
        return false;
    }
    let plain = |axis: &Axis| (axis.kernel, axis.stride, axis.dilation) == (kernel, 1, 1);
    let tiles = |axis: &Axis| axis.output.div_ceil(POINTS + 1 - kernel);
    let multiplications = ALL * tiles(&rows) * tiles(&columns);
    plain(&rows) && plain(&columns) && 3 * multiplications < 2 * sizes.outputs() * kernel * kernel
}

/// The direction of a pass over samples.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction<'a, T> {
    /// From the input to the output, with a bias for each filter.
    Forward(&'a [T]),
    /// From the output's derivatives to the input's.
    ByInput,
}

/// Computes the target from the source: the output, or the derivatives of the input.
///
/// The lengths must be those of the sizes.
#[cfg(feature = "alloc")]
pub(super) fn run<T: Element + Sync>(
    functions: Functions<T>,
    sizes: &Geometry,
    samples: usize,
    direction: Direction<'_, T>,
    source: &[T],
    weight: &[T],
    target: &mut [T],
) {
    let (terms, results, bias) = match direction {
        Direction::Forward(bias) => (sizes.channels, sizes.filters, bias),
        Direction::ByInput => (sizes.filters, sizes.channels, &[][..]),
    };
    T::with_scratch(ALL * terms * results.next_multiple_of(functions.lanes), |weights| {
        let backward = direction == Direction::ByInput;
        let pack = Pack { sizes: *sizes, weight: weight.as_ptr(), backward, to: weights.as_mut_ptr() };
        // SAFETY: the caller checked the lengths. The processor supports the functions.
        unsafe { (functions.pack)(&pack) }
        let task = Task {
            sizes: *sizes,
            samples,
            count: samples,
            source: source.as_ptr(),
            weights: weights.as_ptr(),
            bias: bias.as_ptr(),
            target: target.as_mut_ptr(),
            scratch: std::ptr::null_mut(),
        };
        let scratch = ALL * (apart(terms, functions.lanes) + functions.lanes * functions.lanes);
        let shared = Shared { functions, task, scratch };
        shared.split(threads::parts(sizes.multiplications().saturating_mul(samples)), backward);
    });
}

/// A pass over some samples.
#[derive(Clone, Copy)]
struct Shared<T> {
    functions: Functions<T>,
    task: Task<T>,
    /// The number of values of scratch memory.
    scratch: usize,
}

// SAFETY: threads read the same source and weights, and write disjoint samples of the target.
unsafe impl<T: Sync> Send for Shared<T> {}

#[cfg(feature = "alloc")]
impl<T: Element + Sync> Shared<T> {
    /// Divides the samples between threads.
    fn split(self, parts: usize, backward: bool) {
        let groups = self.task.count.div_ceil(self.functions.lanes);
        let at = groups * (parts / 2) / parts.max(1);
        if at == 0 {
            return self.compute(backward);
        }
        let (low, high) = self.split_at(at * self.functions.lanes);
        threads::join(move || low.split(parts / 2, backward), move || high.split(parts - parts / 2, backward));
    }

    fn split_at(self, count: usize) -> (Self, Self) {
        let task = self.task;
        let high = Task {
            count: task.count - count,
            source: task.source.wrapping_add(count),
            target: task.target.wrapping_add(count),
            ..task
        };
        (Self { task: Task { count, ..task }, ..self }, Self { task: high, ..self })
    }

    fn compute(self, backward: bool) {
        let functions = self.functions;
        T::with_scratch(self.scratch, |scratch| {
            let mut rest = self;
            while rest.task.count > 0 {
                let (group, others) = rest.split_at(functions.lanes.min(rest.task.count));
                let task = Task { scratch: scratch.as_mut_ptr(), ..group.task };
                let function = if backward { functions.by_input } else { functions.forward };
                // SAFETY: `run` has slices of all samples, and the scratch memory has its length. The processor
                // supports the functions.
                unsafe { function(&task) }
                rest = others;
            }
        });
    }
}

/// Adds the derivatives of the weights.
///
/// The lengths must be those of the sizes.
#[cfg(feature = "alloc")]
pub(super) fn by_weights<T: Element + Sync>(
    functions: Functions<T>,
    sizes: &Geometry,
    samples: usize,
    x: &[T],
    dy: &[T],
    scale: T,
    weight: &mut [T],
) {
    let part =
        Part { functions, sizes: *sizes, samples, x, dy, scale, weight: weight.as_mut_ptr(), filter: sizes.taps() };
    // As many channels as are computed at once, at least.
    let parts = threads::parts(sizes.multiplications().saturating_mul(samples));
    part.split(parts.min(sizes.channels / WIDE).max(1));
}

/// The weights of some channels.
#[derive(Clone, Copy)]
struct Part<'a, T> {
    functions: Functions<T>,
    /// Of these channels, and of all filters.
    sizes: Geometry,
    samples: usize,
    x: &'a [T],
    dy: &'a [T],
    scale: T,
    weight: *mut T,
    /// The distance between filters.
    filter: usize,
}

// SAFETY: threads write the weights of different channels.
unsafe impl<T: Send + Sync> Send for Part<'_, T> {}

#[cfg(feature = "alloc")]
impl<T: Element + Sync> Part<'_, T> {
    /// Divides the channels between threads.
    fn split(self, parts: usize) {
        let channels = self.sizes.channels;
        let at = (channels * (parts / 2) / parts).next_multiple_of(WIDE);
        if parts == 1 || at >= channels {
            return self.compute();
        }
        let (x, x_high) = self.x.split_at(at * self.sizes.inputs() * self.samples);
        let sizes = |channels| Geometry { channels, ..self.sizes };
        let [rows, columns] = self.sizes.axes;
        let weight = self.weight.wrapping_add(at * rows.kernel * columns.kernel);
        let high = Self { sizes: sizes(channels - at), x: x_high, weight, ..self };
        let low = Self { sizes: sizes(at), x, ..self };
        threads::join(move || low.split(parts / 2), move || high.split(parts - parts / 2));
    }

    fn compute(self) {
        let Self { functions, sizes, samples, scale, .. } = self;
        let lanes = functions.lanes;
        let [_, of_tile] = lengths(&sizes, lanes, 1);
        let width = sizes.axes[1].output.div_ceil(POINTS + 1 - sizes.axes[1].kernel);
        let tiles = even(width, (POINTS_IN_CACHE / (of_tile * size_of::<T>())).clamp(1, TILES));
        let [of_sums, of_scratch] = lengths(&sizes, lanes, tiles);
        T::with_scratch(of_sums + of_scratch, |scratch| {
            let (sums, scratch) = scratch.split_at_mut(of_sums);
            sums.fill(T::ZERO);
            let work = Gathered {
                sizes,
                samples,
                x: self.x.as_ptr(),
                dy: self.dy.as_ptr(),
                sums: sums.as_mut_ptr(),
                scratch: scratch.as_mut_ptr(),
                tiles,
            };
            let filters = Filters { sizes, sums: sums.as_ptr(), scale, weight: self.weight, filter: self.filter };
            // SAFETY: the caller of `by_weights` checked the lengths. The processor supports the functions.
            unsafe {
                (functions.gather)(&work);
                (functions.store_filters)(&filters);
            }
        });
    }
}

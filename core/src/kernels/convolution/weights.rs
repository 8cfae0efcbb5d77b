//! Backward by the weights: inner products of derivatives with shifted images.

use crate::kernels::convolution::element::Convolution;
use crate::kernels::convolution::geometry::{Geometry, even};
use crate::kernels::convolution::kernel::{Kernels, Runs, TAPS};
use crate::kernels::convolution::winograd;
use crate::kernels::threads;

/// The number of bytes of derivatives that stay in the L1 cache while the taps change.
const CHUNK: usize = 24 * 1024;

/// The gradient to which [`by_weights`] adds.
pub(crate) struct Gradient<'a, T> {
    /// The factor of all that is added.
    pub(crate) scale: T,
    pub(crate) weight: &'a mut [T],
    /// A value for each filter, or none.
    pub(crate) bias: &'a mut [T],
}

/// Adds the derivatives with respect to the weights and the biases.
///
/// # Panics
///
/// If the lengths disagree with the sizes.
pub(crate) fn by_weights<T: Convolution>(
    sizes: &Geometry,
    samples: usize,
    x: &[T],
    dy: &[T],
    gradient: Gradient<'_, T>,
) {
    by_weights_with(T::convolution(), sizes, samples, x, dy, gradient);
}

pub(super) fn by_weights_with<T: Convolution>(
    kernels: Kernels<T>,
    sizes: &Geometry,
    samples: usize,
    x: &[T],
    dy: &[T],
    gradient: Gradient<'_, T>,
) {
    assert!(x.len() == sizes.channels * sizes.inputs() * samples, "the input has a wrong length");
    assert!(dy.len() == sizes.filters * sizes.outputs() * samples, "the derivatives have a wrong length");
    assert!(gradient.weight.len() == sizes.filters * sizes.taps(), "the weight has a wrong length");
    assert!([0, sizes.filters].contains(&gradient.bias.len()), "a bias for each filter, or none");
    if samples == 0 {
        return;
    }
    let work = Work { kernels, sizes, samples, x, dy };
    if let Some(functions) = kernels.winograd_for(sizes) {
        winograd::by_weights(functions, sizes, samples, x, dy, gradient.scale, gradient.weight);
        return add_biases(&work, gradient.scale, gradient.bias);
    }
    split(&work, threads::parts(sizes.multiplications().saturating_mul(samples)), gradient);
}

/// Some filters' derivatives, and the input.
struct Work<'a, T> {
    kernels: Kernels<T>,
    sizes: &'a Geometry,
    samples: usize,
    x: &'a [T],
    dy: &'a [T],
}

impl<T> Work<'_, T> {
    /// The number of derivatives of a filter.
    fn filter(&self) -> usize {
        self.sizes.outputs() * self.samples
    }
}

/// Divides the filters between threads.
fn split<T: Convolution>(work: &Work<'_, T>, parts: usize, gradient: Gradient<'_, T>) {
    let (taps, filter) = (work.sizes.taps(), work.filter());
    let filters = work.dy.len() / filter;
    let at = filters * (parts / 2) / parts.max(1);
    if at == 0 {
        add_weights(work, gradient.scale, gradient.weight);
        return add_biases(work, gradient.scale, gradient.bias);
    }
    let Gradient { scale, weight, bias } = gradient;
    let (low, high) = weight.split_at_mut(at * taps);
    let (low_bias, high_bias) = bias.split_at_mut(at.min(bias.len()));
    let (low_dy, high_dy) = work.dy.split_at(at * filter);
    let (low_work, high_work) = (Work { dy: low_dy, ..*work }, Work { dy: high_dy, ..*work });
    threads::join(
        move || split(&low_work, parts / 2, Gradient { scale, weight: low, bias: low_bias }),
        move || split(&high_work, parts - parts / 2, Gradient { scale, weight: high, bias: high_bias }),
    );
}

/// Adds the derivatives of the weights, of some filters at a time.
fn add_weights<T: Convolution>(work: &Work<'_, T>, scale: T, weight: &mut [T]) {
    let (kernels, taps) = (work.kernels, work.sizes.taps());
    // A sum for each tap and filter.
    let count = (taps * kernels.filters).next_multiple_of(kernels.lanes);
    T::with_scratch(count * (kernels.lanes + 1), |scratch| {
        let (sums, totals) = scratch.split_at_mut(count * kernels.lanes);
        let blocks = work.dy.chunks(kernels.filters * work.filter()).zip(weight.chunks_mut(kernels.filters * taps));
        for (dy, weight) in blocks {
            sums.fill(T::ZERO);
            add_sums(work, dy, sums);
            // SAFETY: both have `count` values for each lane, or `count`. The processor supports the kernel.
            unsafe { (kernels.totals)(count, sums.as_ptr(), totals.as_mut_ptr()) };
            for (index, weight) in weight.chunks_mut(taps).enumerate() {
                let of_filter = totals[index..].iter().step_by(kernels.filters);
                weight.iter_mut().zip(of_filter).for_each(|(weight, &total)| *weight += scale * total);
            }
        }
    });
}

/// Adds the derivatives of the biases: the sums of each filter.
fn add_biases<T: Convolution>(work: &Work<'_, T>, scale: T, bias: &mut [T]) {
    let kernels = work.kernels;
    let count = kernels.filters.next_multiple_of(kernels.lanes);
    T::with_scratch(count * (kernels.lanes + 1), |scratch| {
        let (sums, totals) = scratch.split_at_mut(count * kernels.lanes);
        for (dy, bias) in work.dy.chunks(kernels.filters * work.filter()).zip(bias.chunks_mut(kernels.filters)) {
            sums.fill(T::ZERO);
            let [rows, columns] = work.sizes.axes.map(|axis| axis.output);
            add_tile(work, dy, &windows(work, (0, rows), (0, columns), 1), &[], sums);
            // SAFETY: as in `add_weights`.
            unsafe { (kernels.totals)(count, sums.as_ptr(), totals.as_mut_ptr()) };
            bias.iter_mut().zip(&*totals).for_each(|(bias, &total)| *bias += scale * total);
        }
    });
}

/// The windows that a tile of inner products reads.
struct Windows {
    runs: Runs,
    /// The offset of the first window in the derivatives.
    dy: usize,
}

/// Adds inner products of the filters of `dy` with all taps, in chunks of rows that stay in the cache.
fn add_sums<T: Convolution>(work: &Work<'_, T>, dy: &[T], sums: &mut [T]) {
    let Work { kernels, sizes: &Geometry { channels, axes: [rows, columns], .. }, samples, .. } = *work;
    let (taps, line) = (work.sizes.taps(), columns.output * samples);
    let kernel = rows.kernel * columns.kernel;
    let deep = even(rows.output, (CHUNK / (kernels.filters * line * size_of::<T>())).max(1));
    let place =
        |channel: usize, row: usize, column: usize| ((channel * rows.input + row) * columns.input + column) * samples;
    for first in (0..rows.output).step_by(deep) {
        let end = rows.output.min(first + deep);
        let all = windows(work, (first, end), (0, columns.output), 1);
        if rows.padding == 0 && columns.padding == 0 {
            // All taps read the same windows.
            let size = even(taps, TAPS);
            for tap in (0..taps).step_by(size) {
                let inputs: [_; TAPS] = std::array::from_fn(|index| {
                    let tap = (tap + index).min(taps - 1);
                    let (row, column) = (tap % kernel / columns.kernel, tap % columns.kernel);
                    place(tap / kernel, row * rows.dilation + first * rows.stride, column * columns.dilation)
                });
                let to = &mut sums[tap * kernels.filters * kernels.lanes..];
                add_tile(work, dy, &all, &inputs[..size.min(taps - tap)], to);
            }
            continue;
        }
        // Only the same tap of several channels reads the same windows.
        let size = even(channels, TAPS);
        for (row, column) in (0..rows.kernel).flat_map(|row| (0..columns.kernel).map(move |column| (row, column))) {
            let (from, to, top) = rows.windows(row);
            let (left, right, start) = columns.windows(column);
            let (low, high) = (from.max(first), to.min(end));
            if low >= high || left >= right {
                continue;
            }
            let inside = windows(work, (low, high), (left, right), kernel);
            for channel in (0..channels).step_by(size) {
                let inputs: [_; TAPS] = std::array::from_fn(|index| {
                    place((channel + index).min(channels - 1), top + (low - from) * rows.stride, start)
                });
                let at = ((channel * rows.kernel + row) * columns.kernel + column) * kernels.filters * kernels.lanes;
                let inputs = &inputs[..size.min(channels - channel)];
                add_tile(work, dy, &inside, inputs, &mut sums[at..]);
            }
        }
    }
}

/// The windows in a range of rows and a range of columns, for taps whose sums are `sums` apart.
fn windows<T>(work: &Work<'_, T>, rows: (usize, usize), columns: (usize, usize), sums: usize) -> Windows {
    let (samples, [down, right]) = (work.samples, work.sizes.axes);
    let (line, count) = (right.output * samples, columns.1 - columns.0);
    let x_row = down.stride * right.input * samples;
    let dy = rows.0 * line + columns.0 * samples;
    let counts = |runs| [rows.1 - rows.0, runs];
    let runs = if right.stride == 1 {
        Runs { length: count * samples, counts: counts(1), dy: [line, 0], x: [x_row, 0], sums }
    } else {
        let x = [x_row, right.stride * samples];
        Runs { length: samples, counts: counts(count), dy: [line, samples], x, sums }
    };
    Windows { runs, dy }
}

/// Adds the inner products of the filters of `dy` with the taps whose first pixels are at `inputs`.
fn add_tile<T: Convolution>(work: &Work<'_, T>, dy: &[T], windows: &Windows, inputs: &[usize], sums: &mut [T]) {
    let filter = work.filter();
    let mut taps = [work.x.as_ptr(); TAPS];
    taps.iter_mut().zip(inputs).for_each(|(tap, &at)| *tap = work.x[at..].as_ptr());
    // SAFETY: `by_weights` checked the lengths, and the windows of these taps are inside the image. Each tap has its
    // sums. The processor supports the kernel.
    unsafe {
        let dy_from = dy[windows.dy..].as_ptr();
        let (filters, taps) = (dy.len() / filter, &taps[..inputs.len()]);
        (work.kernels.dots)(&windows.runs, dy_from, filter, filters, taps, sums.as_mut_ptr());
    }
}

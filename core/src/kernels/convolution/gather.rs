//! Forward and backward by the input: sums of weights times vectors of samples.

use crate::kernels::convolution::element::Convolution;
use crate::kernels::convolution::geometry::{Geometry, Pass, even};
use crate::kernels::convolution::kernel::{CHANNELS, Kernels, Start, Taps, Target};
use crate::kernels::convolution::winograd::{self, Direction};
use crate::kernels::threads;

/// The number of bytes of a window's pixels that stay in the L1 cache while the window slides.
const WINDOW: usize = 24 * 1024;

/// Computes `y` from `x`: images of `samples` samples, column by column.
///
/// # Panics
///
/// If the lengths disagree with the sizes.
pub(crate) fn forward<T: Convolution>(
    sizes: &Geometry,
    samples: usize,
    x: &[T],
    weight: &[T],
    bias: &[T],
    y: &mut [T],
) {
    forward_with(T::convolution(), sizes, samples, x, weight, bias, y);
}

pub(super) fn forward_with<T: Convolution>(
    kernels: Kernels<T>,
    sizes: &Geometry,
    samples: usize,
    x: &[T],
    weight: &[T],
    bias: &[T],
    y: &mut [T],
) {
    assert!(bias.len() == sizes.filters, "a bias for each filter");
    #[cfg(feature = "alloc")] // it needs scratch memory
    if let Some(functions) = kernels.winograd_for(sizes) {
        check_lengths(sizes, samples, x, y, weight);
        return winograd::run(functions, sizes, samples, Direction::Forward(bias), x, weight, y);
    }
    let kernel = sizes.axes[0].kernel * sizes.axes[1].kernel;
    run(
        Gather {
            kernels,
            samples,
            passes: sizes.axes.map(Pass::forward),
            sources: sizes.channels,
            weights: [sizes.taps(), kernel, sizes.axes[1].kernel],
            source: x,
            weight,
            bias: Some(bias),
            target: y,
        },
        sizes,
    );
}

/// Computes `dx` from `dy`.
///
/// # Panics
///
/// If the lengths disagree with the sizes.
pub(crate) fn by_input<T: Convolution>(sizes: &Geometry, samples: usize, dy: &[T], weight: &[T], dx: &mut [T]) {
    by_input_with(T::convolution(), sizes, samples, dy, weight, dx);
}

pub(super) fn by_input_with<T: Convolution>(
    kernels: Kernels<T>,
    sizes: &Geometry,
    samples: usize,
    dy: &[T],
    weight: &[T],
    dx: &mut [T],
) {
    #[cfg(feature = "alloc")] // it needs scratch memory
    if let Some(functions) = kernels.winograd_for(sizes) {
        check_lengths(sizes, samples, dx, dy, weight);
        return winograd::run(functions, sizes, samples, Direction::ByInput, dy, weight, dx);
    }
    let kernel = sizes.axes[0].kernel * sizes.axes[1].kernel;
    run(
        Gather {
            kernels,
            samples,
            passes: sizes.axes.map(Pass::backward),
            sources: sizes.filters,
            weights: [kernel, sizes.taps(), sizes.axes[1].kernel],
            source: dy,
            weight,
            bias: None,
            target: dx,
        },
        sizes,
    );
}

/// # Panics
///
/// If the lengths disagree with the sizes.
fn check_lengths<T>(sizes: &Geometry, samples: usize, input: &[T], output: &[T], weight: &[T]) {
    assert!(input.len() == sizes.channels * sizes.inputs() * samples, "the input has a wrong length");
    assert!(output.len() == sizes.filters * sizes.outputs() * samples, "the output has a wrong length");
    assert!(weight.len() == sizes.filters * sizes.taps(), "the weight has a wrong length");
}

/// A part of the target's channels, with all that they are computed from.
struct Gather<'a, T> {
    kernels: Kernels<T>,
    samples: usize,
    passes: [Pass; 2],
    /// The number of channels of the source.
    sources: usize,
    /// The distances between the weights of neighboring channels of the target, channels of the source, and rows.
    weights: [usize; 3],
    source: &'a [T],
    weight: &'a [T],
    /// A value for each channel of the target.
    bias: Option<&'a [T]>,
    target: &'a mut [T],
}

/// # Panics
///
/// If the lengths disagree with the sizes.
fn run<T: Convolution>(work: Gather<'_, T>, sizes: &Geometry) {
    let (input, output) = if work.bias.is_some() { (work.source, &*work.target) } else { (&*work.target, work.source) };
    check_lengths(sizes, work.samples, input, output, work.weight);
    if work.samples > 0 {
        let multiplications = sizes.multiplications().saturating_mul(work.samples);
        work.split(threads::parts(multiplications), 0);
    }
}

impl<T: Convolution> Gather<'_, T> {
    /// The distance between channels of the target.
    fn channel(&self) -> usize {
        self.passes[0].target() * self.passes[1].target() * self.samples
    }

    /// Divides the channels of the target, from `first` on, between threads.
    fn split(self, parts: usize, first: usize) {
        let channel = self.channel();
        let at = self.target.len() / channel * (parts / 2) / parts.max(1);
        if at == 0 {
            return self.compute(first);
        }
        let Self { target, bias, .. } = self;
        let (low, high) = target.split_at_mut(at * channel);
        let (low_bias, high_bias) = bias.map(|bias| bias.split_at(at)).unzip();
        let (low, high) =
            (Gather { target: low, bias: low_bias, ..self }, Gather { target: high, bias: high_bias, ..self });
        threads::join(move || low.split(parts / 2, first), move || high.split(parts - parts / 2, first + at));
    }

    /// Computes all channels of the target, of which the first is `first`.
    fn compute(self, first: usize) {
        let kernels = self.kernels;
        let [rows, columns] = self.passes;
        let (channel, samples) = (self.channel(), self.samples);
        let channels = self.target.len() / channel;
        let row = columns.source() * samples;
        let ((down, taps_down), (right, taps_right)) = (rows.steps(), columns.steps());
        let [of_target, of_source, of_row] = self.weights;

        let group = even(samples.div_ceil(kernels.lanes), kernels.up) * kernels.lanes;
        let wide = even(channels, CHANNELS).next_multiple_of(2);
        let window = of_target.min(of_source) * group.min(samples) * size_of::<T>();
        let deep = even(self.sources, (WINDOW / window.max(1)).max(1));

        for sample in (0..samples).step_by(group) {
            for at in (0..channels).step_by(wide) {
                for source in (0..self.sources).step_by(deep) {
                    let start = match self.bias {
                        _ if source > 0 => Start::Target,
                        Some(bias) => Start::Bias(bias[at..].as_ptr()),
                        None => Start::Zero,
                    };
                    for y in 0..rows.target() {
                        let down_span = rows.span(y);
                        for x in 0..columns.target() {
                            let span = columns.span(x);
                            let taps = Taps {
                                counts: [deep.min(self.sources - source), down_span.count, span.count],
                                source: [
                                    (row * rows.source()).cast_signed(),
                                    down * row.cast_signed(),
                                    right * samples.cast_signed(),
                                ],
                                weight: [of_source, taps_down * of_row, taps_right],
                            };
                            let place =
                                (source * rows.source() + down_span.source) * row + span.source * samples + sample;
                            let tap = (first + at) * of_target + source * of_source + down_span.tap * of_row + span.tap;
                            let to = at * channel + (y * columns.target() + x) * samples + sample;
                            let target = Target {
                                first: self.target[to..].as_mut_ptr(),
                                right: channel,
                                weights: of_target,
                                samples: group.min(samples - sample),
                                channels: wide.min(channels - at),
                                start,
                            };
                            // SAFETY: `run` checked the lengths, and a span's taps are inside the image and the
                            // window. The processor supports the kernel.
                            unsafe {
                                let from = self.source.as_ptr().wrapping_add(place);
                                (kernels.tile)(&taps, from, self.weight.as_ptr().wrapping_add(tap), target);
                            }
                        }
                    }
                }
            }
        }
    }
}

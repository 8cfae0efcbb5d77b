//! Windows that move over images channel by channel: weighted sums of their pixels, for batches and for single images.
#![allow(clippy::inline_always)] // the compiler vectorizes a loop only if everything in it is inlined

use nalgebra::DimName;

use crate::kernels::convolution::Axis;
use crate::kernels::{Loop, Splittable};
use crate::layers::sums::{dot, sum};
#[cfg(feature = "alloc")]
use crate::parameters::Operator;
use crate::scalar::Scalar;
use crate::shape::{Kernel, Slide};

/// The two directions of a window that moves over an image.
pub(super) const fn axes<P: Slide<H, W>, H: DimName, W: DimName>() -> [Axis; 2] {
    let [[rows, down, above, apart], [columns, right, left, aside]] = P::SETTINGS;
    [
        Axis { input: H::DIM, output: P::Rows::DIM, kernel: rows, stride: down, padding: above, dilation: apart },
        Axis { input: W::DIM, output: P::Columns::DIM, kernel: columns, stride: right, padding: left, dilation: aside },
    ]
}

/// The shape of a weight: `image`, or `signal` if the window is a line.
pub(super) const fn weight_shape<P: Kernel>(
    image: &'static [usize; 4],
    signal: &'static [usize; 3],
) -> &'static [usize] {
    if P::SIZES.len() == 1 { signal } else { image }
}

/// Adds the settings of a window to an ONNX operator. Not all operators have dilations, so those of 1 are omitted.
#[cfg(feature = "alloc")]
pub(super) fn with_window<P: Kernel>(operator: Operator) -> Operator {
    let [[rows, down, above, apart], [columns, right, left, aside]] = P::SETTINGS;
    let operator = operator.with("kernel_shape", [rows, columns]).with("strides", [down, right]);
    let operator = operator.with("pads", [above, left, above, left]);
    if (apart, aside) == (1, 1) { operator } else { operator.with("dilations", [apart, aside]) }
}

/// The taps of a window along an axis that are inside the image: the first tap, the end, and the first tap's pixel.
#[inline(always)]
pub(super) const fn inside(axis: &Axis, window: usize) -> (usize, usize, usize) {
    let start = window * axis.stride;
    let first = axis.padding.saturating_sub(start).div_ceil(axis.dilation);
    let room = (axis.input + axis.padding).saturating_sub(start).div_ceil(axis.dilation);
    let end = if room < axis.kernel { room } else { axis.kernel };
    (first, end, start + first * axis.dilation - axis.padding)
}

/// True if every window has a tap inside the image.
pub(super) const fn reads_image(axis: &Axis) -> bool {
    let mut window = 0;
    while window < axis.output {
        let (first, end, _) = inside(axis, window);
        if first >= end {
            return false;
        }
        window += 1;
    }
    true
}

/// The number of values in a channel of the input, and in one of the output.
fn channel(axes: &[Axis; 2], samples: usize) -> [usize; 2] {
    let [rows, columns] = axes;
    [rows.input * columns.input * samples, rows.output * columns.output * samples]
}

/// All windows, by rows.
#[inline(always)]
fn windows([rows, columns]: [Axis; 2]) -> impl Iterator<Item = (usize, usize)> {
    (0..rows.output).flat_map(move |row| (0..columns.output).map(move |column| (row, column)))
}

/// The weights of a window: `y = factor · (start + sum of weight · x)`.
pub(super) trait Weights<T>: Copy + Send {
    fn start(self, channel: usize) -> T;
    fn weight(self, channel: usize, tap: usize) -> T;
    /// The factor of a window with this number of taps inside the image.
    fn factor(self, inside: usize) -> T;
}

/// The weights of a mean.
#[derive(Clone, Copy)]
pub(super) struct Mean {
    /// The divisor, or `None` for the number of taps inside the image.
    pub(super) count: Option<usize>,
}

impl<T: Scalar> Weights<T> for Mean {
    #[inline(always)]
    fn start(self, _: usize) -> T {
        T::zero()
    }

    #[inline(always)]
    fn weight(self, _: usize, _: usize) -> T {
        T::one()
    }

    #[inline(always)]
    fn factor(self, inside: usize) -> T {
        T::one() / T::of(self.count.unwrap_or(inside) as f64)
    }
}

/// A filter and a bias for each channel.
#[derive(Clone, Copy)]
pub(super) struct Filters<'a, T> {
    /// The number of weights of a filter.
    pub(super) taps: usize,
    pub(super) weight: &'a [T],
    pub(super) bias: &'a [T],
}

impl<T: Scalar> Weights<T> for Filters<'_, T> {
    #[inline(always)]
    fn start(self, channel: usize) -> T {
        self.bias[channel]
    }

    #[inline(always)]
    fn weight(self, channel: usize, tap: usize) -> T {
        self.weight[channel * self.taps + tap]
    }

    #[inline(always)]
    fn factor(self, _: usize) -> T {
        T::one()
    }
}

/// The number of samples that are summed side by side.
const LANES: usize = 16;

/// Computes the output of some channels, from the channel `first` on.
pub(super) struct Forward<'a, T, K> {
    pub(super) weights: K,
    pub(super) axes: [Axis; 2],
    pub(super) samples: usize,
    pub(super) first: usize,
    pub(super) x: &'a [T],
    pub(super) y: &'a mut [T],
}

impl<T: Scalar, K: Weights<T>> Loop for Forward<'_, T, K> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { weights, axes, samples, first, x, y } = self;
        if samples == 0 {
            return;
        }
        let ([rows, columns], [input, output]) = (axes, channel(&axes, samples));
        for (channel, (x, y)) in (first..).zip(x.chunks_exact(input).zip(y.chunks_exact_mut(output))) {
            for ((row, column), y) in windows(axes).zip(y.chunks_exact_mut(samples)) {
                let (top, bottom, down) = inside(&rows, row);
                let (left, right, across) = inside(&columns, column);
                let factor = weights.factor(bottom.saturating_sub(top) * right.saturating_sub(left));
                let start = weights.start(channel);
                let pixel = |row: usize, column: usize| {
                    let (row, column) =
                        (down + (row - top) * rows.dilation, across + (column - left) * columns.dilation);
                    &x[(row * columns.input + column) * samples..][..samples]
                };
                let (blocks, rest) = y.as_chunks_mut::<LANES>();
                let whole = blocks.len() * LANES;
                for (block, y) in blocks.iter_mut().enumerate() {
                    let mut sums = [start; LANES];
                    for row in top..bottom {
                        // Each row has its own sum, so that large windows lose fewer digits.
                        let mut of_row = [T::zero(); LANES];
                        for column in left..right {
                            let weight = weights.weight(channel, row * columns.kernel + column);
                            let x: &[T; LANES] =
                                pixel(row, column)[block * LANES..].first_chunk().expect("LANES samples are left");
                            for (sum, &x) in of_row.iter_mut().zip(x) {
                                *sum += weight * x;
                            }
                        }
                        sums.iter_mut().zip(of_row).for_each(|(sum, of_row)| *sum += of_row);
                    }
                    y.iter_mut().zip(sums).for_each(|(y, sum)| *y = factor * sum);
                }
                for (sample, y) in (whole..).zip(rest) {
                    let mut sum = start;
                    for row in top..bottom {
                        let mut of_row = T::zero();
                        for column in left..right {
                            of_row +=
                                weights.weight(channel, row * columns.kernel + column) * pixel(row, column)[sample];
                        }
                        sum += of_row;
                    }
                    *y = factor * sum;
                }
            }
        }
    }
}

impl<T: Scalar, K: Weights<T>> Splittable for Forward<'_, T, K> {
    fn len(&self) -> usize {
        self.y.len() / self.numbers().max(1)
    }

    fn numbers(&self) -> usize {
        channel(&self.axes, self.samples)[1]
    }

    fn split_at(self, at: usize) -> (Self, Self) {
        let [input, output] = channel(&self.axes, self.samples);
        let ((x, x_high), (y, y_high)) = (self.x.split_at(at * input), self.y.split_at_mut(at * output));
        (Self { x, y, ..self }, Self { x: x_high, y: y_high, first: self.first + at, ..self })
    }
}

/// Computes the derivatives of the inputs of some channels, from the channel `first` on.
pub(super) struct ByInput<'a, T, K> {
    pub(super) weights: K,
    pub(super) axes: [Axis; 2],
    pub(super) samples: usize,
    pub(super) first: usize,
    pub(super) dy: &'a [T],
    pub(super) dx: &'a mut [T],
}

impl<T: Scalar, K: Weights<T>> Loop for ByInput<'_, T, K> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { weights, axes, samples, first, dy, dx } = self;
        if samples == 0 {
            return;
        }
        let ([rows, columns], [input, output]) = (axes, channel(&axes, samples));
        dx.fill(T::zero());
        for (channel, (dx, dy)) in (first..).zip(dx.chunks_exact_mut(input).zip(dy.chunks_exact(output))) {
            for ((row, column), dy) in windows(axes).zip(dy.chunks_exact(samples)) {
                let (top, bottom, down) = inside(&rows, row);
                let (left, right, across) = inside(&columns, column);
                let factor = weights.factor(bottom.saturating_sub(top) * right.saturating_sub(left));
                for (tap_row, tap) in (top..bottom).flat_map(|row| (left..right).map(move |column| (row, column))) {
                    let (row, column) =
                        (down + (tap_row - top) * rows.dilation, across + (tap - left) * columns.dilation);
                    let slope = factor * weights.weight(channel, tap_row * columns.kernel + tap);
                    let dx = &mut dx[(row * columns.input + column) * samples..][..samples];
                    dx.iter_mut().zip(dy).for_each(|(dx, &dy)| *dx += slope * dy);
                }
            }
        }
    }
}

impl<T: Scalar, K: Weights<T>> Splittable for ByInput<'_, T, K> {
    fn len(&self) -> usize {
        self.dx.len() / self.numbers().max(1)
    }

    fn numbers(&self) -> usize {
        channel(&self.axes, self.samples)[0]
    }

    fn split_at(self, at: usize) -> (Self, Self) {
        let [input, output] = channel(&self.axes, self.samples);
        let ((dx, dx_high), (dy, dy_high)) = (self.dx.split_at_mut(at * input), self.dy.split_at(at * output));
        (Self { dy, dx, ..self }, Self { dy: dy_high, dx: dx_high, first: self.first + at, ..self })
    }
}

/// Adds `scale` times the derivatives of the filters and biases of some channels.
pub(super) struct ByFilters<'a, T> {
    pub(super) axes: [Axis; 2],
    pub(super) samples: usize,
    pub(super) x: &'a [T],
    pub(super) dy: &'a [T],
    pub(super) scale: T,
    pub(super) weight: &'a mut [T],
    /// A value for each channel, or none.
    pub(super) bias: &'a mut [T],
}

impl<T: Scalar> ByFilters<'_, T> {
    fn taps(&self) -> usize {
        self.axes[0].kernel * self.axes[1].kernel
    }
}

impl<T: Scalar> Loop for ByFilters<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let taps = self.taps();
        let Self { axes, samples, x, dy, scale, weight, bias } = self;
        if samples == 0 {
            return;
        }
        let ([rows, columns], [input, output]) = (axes, channel(&axes, samples));
        for (bias, dy) in bias.iter_mut().zip(dy.chunks_exact(output)) {
            *bias += scale * T::of(sum(dy));
        }
        let channels = x.chunks_exact(input).zip(dy.chunks_exact(output));
        for (weight, (x, dy)) in weight.chunks_exact_mut(taps).zip(channels) {
            for (tap, weight) in weight.iter_mut().enumerate() {
                let (from, to, top) = rows.windows(tap / columns.kernel);
                let (left, right, start) = columns.windows(tap % columns.kernel);
                let mut total = 0.0;
                for row in from..to {
                    let x = &x[((top + (row - from) * rows.stride) * columns.input + start) * samples..];
                    let dy = &dy[(row * columns.output + left) * samples..][..(right - left) * samples];
                    if columns.stride == 1 {
                        total += dot(&x[..dy.len()], dy);
                    } else {
                        for (x, dy) in x.chunks(columns.stride * samples).zip(dy.chunks_exact(samples)) {
                            total += dot(&x[..samples], dy);
                        }
                    }
                }
                *weight += scale * T::of(total);
            }
        }
    }
}

impl<T: Scalar> Splittable for ByFilters<'_, T> {
    fn len(&self) -> usize {
        self.weight.len() / self.taps().max(1)
    }

    fn numbers(&self) -> usize {
        channel(&self.axes, self.samples)[1]
    }

    fn split_at(self, at: usize) -> (Self, Self) {
        let ([input, output], taps) = (channel(&self.axes, self.samples), self.taps());
        let ((x, x_high), (dy, dy_high)) = (self.x.split_at(at * input), self.dy.split_at(at * output));
        let (weight, weight_high) = self.weight.split_at_mut(at * taps);
        let (bias, bias_high) = self.bias.split_at_mut(at.min(self.bias.len()));
        (
            Self { x, dy, weight, bias, ..self },
            Self { x: x_high, dy: dy_high, weight: weight_high, bias: bias_high, ..self },
        )
    }
}

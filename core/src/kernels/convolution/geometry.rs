//! The pixels that a window reads.

/// One direction of a convolution: the sizes of the input and the output, and the window between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Axis {
    pub(crate) input: usize,
    pub(crate) output: usize,
    pub(crate) kernel: usize,
    pub(crate) stride: usize,
    pub(crate) padding: usize,
    pub(crate) dilation: usize,
}

/// The sizes of a convolution; the axes are rows and columns.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Geometry {
    /// The number of channels of the input.
    pub(crate) channels: usize,
    /// The number of channels of the output.
    pub(crate) filters: usize,
    pub(crate) axes: [Axis; 2],
}

impl Geometry {
    /// The number of pixels of the input.
    pub(crate) const fn inputs(&self) -> usize {
        self.axes[0].input * self.axes[1].input
    }

    /// The number of pixels of the output.
    pub(crate) const fn outputs(&self) -> usize {
        self.axes[0].output * self.axes[1].output
    }

    /// The number of weights of a filter.
    pub(crate) const fn taps(&self) -> usize {
        self.channels * self.axes[0].kernel * self.axes[1].kernel
    }

    /// The number of multiplications for a sample, borders included.
    pub(crate) const fn multiplications(&self) -> usize {
        self.filters * self.outputs() * self.taps()
    }
}

/// The taps of one pixel along an axis: an arithmetic progression of taps and of source pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Span {
    /// The first source pixel.
    pub(super) source: usize,
    /// The first tap.
    pub(super) tap: usize,
    pub(super) count: usize,
}

/// An axis and a direction: from the input to the output, or from the output's derivatives to the input's.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pass {
    axis: Axis,
    backward: bool,
}

impl Pass {
    pub(super) const fn forward(axis: Axis) -> Self {
        Self { axis, backward: false }
    }

    pub(super) const fn backward(axis: Axis) -> Self {
        Self { axis, backward: true }
    }

    /// The number of source pixels.
    pub(super) const fn source(&self) -> usize {
        if self.backward { self.axis.output } else { self.axis.input }
    }

    /// The number of target pixels.
    pub(super) const fn target(&self) -> usize {
        if self.backward { self.axis.input } else { self.axis.output }
    }

    /// The distances from one tap of a span to the next: in source pixels, and in taps.
    #[allow(clippy::cast_possible_wrap)] // strides and dilations are small
    pub(super) const fn steps(&self) -> (isize, usize) {
        let Axis { stride, dilation, .. } = self.axis;
        if self.backward {
            let common = greatest_common_divisor(stride, dilation);
            (-((dilation / common) as isize), stride / common)
        } else {
            (dilation as isize, 1)
        }
    }

    /// The taps of the target pixel `at`.
    pub(super) const fn span(&self, at: usize) -> Span {
        if self.backward { self.backward_span(at) } else { self.forward_span(at) }
    }

    const fn forward_span(&self, at: usize) -> Span {
        let Axis { input, kernel, stride, padding, dilation, .. } = self.axis;
        let first = at * stride;
        let tap = padding.saturating_sub(first).div_ceil(dilation);
        let source = (first + tap * dilation).saturating_sub(padding);
        if tap >= kernel || source >= input {
            return Span { source: 0, tap: 0, count: 0 };
        }
        let (inside, left) = ((input - 1 - source) / dilation + 1, kernel - tap);
        Span { source, tap, count: if inside < left { inside } else { left } }
    }

    const fn backward_span(&self, at: usize) -> Span {
        let Axis { output, kernel, stride, padding, dilation, .. } = self.axis;
        let (place, last) = (at + padding, (output - 1) * stride);
        // The first tap whose window begins at a multiple of the stride, not beyond the last window.
        let mut tap = place.saturating_sub(last).div_ceil(dilation);
        while tap < kernel && tap * dilation <= place && !(place - tap * dilation).is_multiple_of(stride) {
            tap += 1;
        }
        if tap >= kernel || tap * dilation > place {
            return Span { source: 0, tap: 0, count: 0 };
        }
        let source = (place - tap * dilation) / stride;
        let (back, step) = self.steps();
        let (inside, left) = (source / back.unsigned_abs() + 1, (kernel - 1 - tap) / step + 1);
        Span { source, tap, count: if inside < left { inside } else { left } }
    }
}

impl Axis {
    /// The range of windows in which a tap is inside the image, and the pixel that it reads in the first of them.
    pub(crate) const fn windows(&self, tap: usize) -> (usize, usize, usize) {
        let Self { input, output, stride, padding, dilation, .. } = *self;
        let offset = tap * dilation;
        let first = padding.saturating_sub(offset).div_ceil(stride);
        let end = if input + padding > offset { (input - 1 + padding - offset) / stride + 1 } else { 0 };
        let end = if end < output { end } else { output };
        if first >= end { (0, 0, 0) } else { (first, end, first * stride + offset - padding) }
    }
}

const fn greatest_common_divisor(a: usize, b: usize) -> usize {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}

/// The size of at most `most` into which `count` divides most evenly.
pub(super) fn even(count: usize, most: usize) -> usize {
    count.div_ceil(count.div_ceil(most).max(1)).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every valid pair of window and tap is in exactly one span of each direction, and in the tap's windows.
    #[test]
    fn spans_cover_the_pairs_inside_the_image() {
        let sizes = (1..9_usize).flat_map(|input| (1..5_usize).map(move |kernel| (input, kernel)));
        let settings = (1..4_usize).flat_map(|s| (0..4_usize).flat_map(move |p| (1..4_usize).map(move |d| (s, p, d))));
        for ((input, kernel), (stride, padding, dilation)) in sizes.flat_map(|s| settings.clone().map(move |t| (s, t)))
        {
            let Some(room) = (input + 2 * padding).checked_sub(dilation * (kernel - 1) + 1) else { continue };
            let axis = Axis { input, output: room / stride + 1, kernel, stride, padding, dilation };
            let mut wanted = Vec::new();
            for window in 0..axis.output {
                for tap in 0..kernel {
                    let place = window * stride + tap * dilation;
                    if (padding..input + padding).contains(&place) {
                        wanted.push((window, tap, place - padding));
                    }
                }
            }
            let of_pass = |pass: Pass| {
                let mut found = Vec::new();
                for at in 0..pass.target() {
                    let (Span { source, tap, count }, (step, taps)) = (pass.span(at), pass.steps());
                    for index in 0..count {
                        let source = source.checked_add_signed(step * index.cast_signed()).unwrap();
                        let (window, pixel) = if pass.backward { (source, at) } else { (at, source) };
                        found.push((window, tap + index * taps, pixel));
                    }
                }
                found.sort_unstable();
                found
            };
            assert_eq!(of_pass(Pass::forward(axis)), wanted, "{axis:?}");
            assert_eq!(of_pass(Pass::backward(axis)), wanted, "{axis:?}");
            let mut by_tap: Vec<_> = (0..kernel)
                .flat_map(|tap| {
                    let (first, end, pixel) = axis.windows(tap);
                    (first..end).map(move |window| (window, tap, pixel + (window - first) * stride))
                })
                .collect();
            by_tap.sort_unstable();
            assert_eq!(by_tap, wanted, "{axis:?}");
        }
    }
}

//! Forward of a single image.

use crate::kernels::convolution::element::Convolution;
use crate::kernels::convolution::geometry::{Axis, Geometry, even};
use crate::kernels::convolution::kernel::{CHANNELS, Kernels, Start, Taps, Target};

/// The number of values of scratch memory that [`single_image`] needs.
pub(crate) const fn scratch_of_single_image(sizes: &Geometry) -> usize {
    let [rows, columns] = sizes.axes;
    sizes.channels * columns.kernel * columns.output * lines(&rows)
}

/// The number of rows of a copied channel.
///
/// With a stride of 1, windows that begin in neighboring rows share rows. Otherwise each row of a window has its own
/// copy of the rows that it reads.
const fn lines(rows: &Axis) -> usize {
    if rows.stride == 1 { rows.output + (rows.kernel - 1) * rows.dilation } else { rows.kernel * rows.output }
}

/// Computes the output `y` of one image `x`.
///
/// For each column of a window, the pixels that it reads in all windows are copied side by side. A vector is then
/// several neighboring pixels of the output, across the ends of rows.
///
/// # Panics
///
/// If the lengths disagree with the sizes.
pub(crate) fn single_image<T: Convolution>(
    sizes: &Geometry,
    x: &[T],
    weight: &[T],
    bias: &[T],
    y: &mut [T],
    scratch: &mut [T],
) {
    single_image_with(T::convolution(), sizes, x, weight, bias, y, scratch);
}

#[inline]
pub(super) fn single_image_with<T: Convolution>(
    kernels: Kernels<T>,
    sizes: &Geometry,
    x: &[T],
    weight: &[T],
    bias: &[T],
    y: &mut [T],
    scratch: &mut [T],
) {
    let Geometry { channels, filters, axes: [rows, columns] } = *sizes;
    let (pixels, taps, lines) = (sizes.outputs(), sizes.taps(), lines(&rows));
    assert!(x.len() == channels * sizes.inputs() && y.len() == filters * pixels, "x or y has a wrong length");
    assert!(weight.len() == filters * taps && bias.len() == filters, "the weight or the bias has a wrong length");
    let scratch = &mut scratch[..scratch_of_single_image(sizes)];
    copy_windows(&kernels, sizes, x, scratch);

    let plane = lines * columns.output;
    let down = if rows.stride == 1 { rows.dilation * columns.output } else { pixels };
    let tap = Taps {
        counts: [channels, rows.kernel, columns.kernel],
        source: [columns.kernel * plane, down, plane].map(usize::cast_signed),
        weight: [rows.kernel * columns.kernel, columns.kernel, 1],
    };
    let group = even(pixels.div_ceil(kernels.lanes), kernels.up) * kernels.lanes;
    let wide = even(filters, CHANNELS).next_multiple_of(2);
    for filter in (0..filters).step_by(wide) {
        for pixel in (0..pixels).step_by(group) {
            let target = Target {
                first: y[filter * pixels + pixel..].as_mut_ptr(),
                right: pixels,
                weights: taps,
                samples: group.min(pixels - pixel),
                channels: wide.min(filters - filter),
                start: Start::Bias(bias[filter..].as_ptr()),
            };
            // SAFETY: the lengths are as checked above, and every row of a window has a copy for all pixels of the
            // output. The processor supports the kernel.
            unsafe { (kernels.tile)(&tap, scratch[pixel..].as_ptr(), weight[filter * taps..].as_ptr(), target) }
        }
    }
}

/// Copies the pixels that each column of a window reads; zeros stand for the padding.
fn copy_windows<T: Convolution>(kernels: &Kernels<T>, sizes: &Geometry, x: &[T], to: &mut [T]) {
    let [rows, columns] = sizes.axes;
    let (lines, length) = (lines(&rows), columns.output);
    if rows.padding > 0 || columns.padding > 0 {
        to.fill(T::ZERO);
    }
    let planes = to.chunks_exact_mut(lines * length);
    for (plane, to) in planes.enumerate() {
        let (channel, tap) = (plane / columns.kernel, plane % columns.kernel);
        let image = &x[channel * sizes.inputs()..][..sizes.inputs()];
        let (left, right, start) = columns.windows(tap);
        if left >= right {
            continue;
        }
        if rows.stride > 1 || columns.stride > 1 {
            for (line, to) in to.chunks_exact_mut(length).enumerate() {
                let place = if rows.stride == 1 {
                    line
                } else {
                    line % rows.output * rows.stride + line / rows.output * rows.dilation
                };
                if let Some(row) = place.checked_sub(rows.padding).filter(|row| *row < rows.input) {
                    let from = image[row * columns.input + start..].iter().step_by(columns.stride);
                    to[left..right].iter_mut().zip(from).for_each(|(to, &x)| *to = x);
                }
            }
            continue;
        }
        let first = rows.padding.min(lines);
        let count = (lines - first).min(rows.input);
        if count > 0 {
            let from = &image[start..(count - 1) * columns.input + start + right - left];
            let to = &mut to[first * length + left..(first + count - 1) * length + right];
            // SAFETY: both slices hold `count` lines. The processor supports the kernel.
            unsafe {
                (kernels.copy)([count, right - left], from.as_ptr(), columns.input, to.as_mut_ptr(), length);
            }
        }
    }
}

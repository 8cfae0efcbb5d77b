//! Functions for networks that begin with an image.

use nalgebra::Dim;

use crate::matrix::{Batch, rows_of};
use crate::scalar::Scalar;
use crate::shape::Shape;

/// Runs a backward pass that writes the derivative by an image, and copies it to that by the features.
///
/// Training needs no derivative by the input, so it allocates nothing; a gradient with respect to the input allocates the
/// image.
#[cfg(feature = "alloc")]
pub fn with_reshaped<T: Scalar, N: Dim, F: Shape, G: Shape>(
    dx: Option<&mut Batch<T, N, F>>,
    run: impl FnOnce(Option<&mut Batch<T, N, G>>),
) {
    let Some(dx) = dx else { return run(None) };
    let mut image = Batch::zeros(rows_of(&**dx), G::name());
    run(Some(&mut image));
    dx.data.values_mut().copy_from_slice(image.data.values());
}

/// The largest side of an image.
const MOST: usize = 1024;

/// The number of windows on a side of an image; 1 if they do not [fit](window_fits), as in the types.
#[must_use]
pub const fn windows(size: usize, kernel: usize, stride: usize, padding: usize, dilation: usize) -> usize {
    if window_fits(size, kernel, stride, padding, dilation) {
        (size + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1
    } else {
        1
    }
}

/// Returns true if all sizes are valid and a window is not larger than the padded image.
#[must_use]
pub const fn window_fits(size: usize, kernel: usize, stride: usize, padding: usize, dilation: usize) -> bool {
    let are_positive = size > 0 && kernel > 0 && stride > 0 && dilation > 0;
    let are_small = size <= MOST && kernel <= MOST && padding <= MOST && dilation <= MOST;
    are_positive && are_small && size + 2 * padding > dilation * (kernel - 1)
}

/// The side of an image after a transposed convolution; 1 if its settings do not [fit](stretch_fits), as in the types.
#[must_use]
pub const fn stretched(
    size: usize,
    kernel: usize,
    stride: usize,
    padding: usize,
    dilation: usize,
    extra: usize,
) -> usize {
    if stretch_fits(size, kernel, stride, padding, dilation, extra) {
        (size - 1) * stride + dilation * (kernel - 1) + 1 + extra - 2 * padding
    } else {
        1
    }
}

/// Returns true if all sizes are valid and a transposed convolution leaves pixels, but not too many.
#[must_use]
pub const fn stretch_fits(
    size: usize,
    kernel: usize,
    stride: usize,
    padding: usize,
    dilation: usize,
    extra: usize,
) -> bool {
    let are_positive = size > 0 && kernel > 0 && stride > 0 && dilation > 0;
    let are_small = size <= MOST && kernel <= MOST && stride <= MOST && padding <= MOST && dilation <= MOST;
    if !are_positive || !are_small || extra >= stride {
        return false;
    }
    let all = (size - 1) * stride + dilation * (kernel - 1) + 1 + extra;
    all > 2 * padding && all - 2 * padding <= MOST
}

/// Returns true if both numbers of channels are multiples of the number of groups.
#[must_use]
pub const fn groups_fit(groups: usize, inputs: usize, outputs: usize) -> bool {
    groups > 0 && inputs.is_multiple_of(groups) && outputs.is_multiple_of(groups)
}

/// The number of channels in a group.
#[must_use]
pub const fn depth_of_group(groups: usize, inputs: usize) -> usize {
    match inputs.checked_div(groups) {
        Some(depth) => depth,
        None => inputs,
    }
}

#[cfg(test)]
mod tests {
    use super::{depth_of_group, groups_fit, stretch_fits, stretched, window_fits, windows};

    #[test]
    fn sides_become_longer_as_by_the_types() {
        assert_eq!(stretched(14, 2, 2, 0, 1, 0), 28);
        assert_eq!(stretched(14, 3, 2, 1, 1, 1), 28);
        assert_eq!(stretched(1, 3, 1, 2, 1, 0), 1);
        for (size, kernel, stride, padding, extra) in
            [(1, 3, 1, 2, 0), (0, 1, 1, 0, 0), (4, 0, 1, 0, 0), (4, 1, 0, 0, 0), (4, 2, 2, 0, 2), (513, 2, 2, 0, 0)]
        {
            assert!(!stretch_fits(size, kernel, stride, padding, 1, extra));
        }
    }

    #[test]
    fn groups_divide_channels() {
        assert!(groups_fit(4, 16, 32) && !groups_fit(4, 15, 32) && !groups_fit(4, 16, 30) && !groups_fit(0, 4, 4));
        assert_eq!([depth_of_group(4, 16), depth_of_group(0, 16)], [4, 16]);
    }

    #[test]
    fn windows_are_counted_as_by_the_types() {
        assert_eq!(windows(28, 5, 1, 0, 1), 24);
        assert_eq!(windows(28, 5, 2, 1, 1), 13);
        assert_eq!(windows(7, 3, 3, 0, 3), 1);
        for (size, kernel, stride, padding, dilation) in
            [(4, 5, 1, 0, 1), (0, 1, 1, 0, 1), (4, 0, 1, 0, 1), (4, 1, 0, 0, 1), (4, 1, 1, 0, 0), (1025, 1, 1, 0, 1)]
        {
            assert!(!window_fits(size, kernel, stride, padding, dilation));
        }
    }
}

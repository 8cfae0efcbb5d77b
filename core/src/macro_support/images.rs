//! Functions for networks that begin with an image.

use nalgebra::Dim;

use crate::matrix::{Batch, rows_of};
use crate::scalar::Scalar;
use crate::shape::Shape;

/// Runs a backward pass that writes the derivative by an image, and copies it to that by the features.
///
/// Training needs no derivative by the input, so it allocates nothing.
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

#[cfg(test)]
mod tests {
    use super::{window_fits, windows};

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

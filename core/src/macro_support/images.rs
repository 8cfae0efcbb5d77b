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

/// The number of windows on a side of an image; 0 if it is none, or a size is 0 or beyond the limit.
#[must_use]
pub const fn windows(size: usize, kernel: usize, stride: usize, padding: usize, dilation: usize) -> usize {
    const MOST: usize = 1024;
    let is_valid = size > 0 && size <= MOST && kernel > 0 && stride > 0 && dilation > 0 && padding <= MOST;
    if !is_valid || kernel > MOST || dilation > MOST {
        return 0;
    }
    let (padded, covers) = (size + 2 * padding, dilation * (kernel - 1) + 1);
    if covers > padded {
        return 0;
    }
    let count = (padded - covers) / stride + 1;
    if count > MOST { 0 } else { count }
}

#[cfg(test)]
mod tests {
    use super::windows;

    #[test]
    fn windows_are_counted_as_by_the_types() {
        assert_eq!(windows(28, 5, 1, 0, 1), 24);
        assert_eq!(windows(28, 5, 2, 1, 1), 13);
        assert_eq!(windows(7, 3, 3, 0, 3), 1);
        for (size, kernel, stride, padding, dilation) in
            [(4, 5, 1, 0, 1), (0, 1, 1, 0, 1), (4, 0, 1, 0, 1), (4, 1, 0, 0, 1), (4, 1, 1, 0, 0), (1025, 1, 1, 0, 1)]
        {
            assert_eq!(windows(size, kernel, stride, padding, dilation), 0);
        }
    }
}

//! Products with shapes checked by their signatures.

use nalgebra::base::storage::{RawStorage, RawStorageMut};
use nalgebra::{Dim, Matrix, MatrixView, ViewStorage};

#[cfg(feature = "alloc")]
use super::blocks::multiply;
use super::element::Element;
use super::pack::Block;
use super::single::Single;
use super::tile::{Operand, Tile};

/// `C = alpha · A · B + beta · C`, for an `M x K` matrix `A` and a `K x N` matrix `B`.
///
/// All three may have any strides. With `beta = 0` the values in `C` are not read. The only memory allocated is a
/// scratch area per thread, which grows with the largest product so far.
///
/// Products with zeros may be skipped: where a part of `A` is zero, a NaN in `B` does not always reach `C`.
///
/// ```
/// # use typenet_core as typenet;
/// use typenet::nalgebra::SMatrix;
/// use typenet::product::{product, transposed};
///
/// let (x, w) = (SMatrix::<f32, 1, 2>::new(1.0, 2.0), SMatrix::<f32, 2, 3>::new(1.0, 2.0, 3.0, 4.0, 5.0, 6.0));
/// let mut y = SMatrix::<f32, 1, 3>::zeros();
/// product(1.0, &x, &w, 0.0, &mut y);
/// assert_eq!(y, SMatrix::<f32, 1, 3>::new(9.0, 12.0, 15.0));
///
/// let mut dx = SMatrix::<f32, 1, 2>::zeros();
/// product(1.0, &y, &transposed(&w), 0.0, &mut dx);
/// assert_eq!(dx, SMatrix::<f32, 1, 2>::new(78.0, 186.0));
/// ```
///
/// # Panics
///
/// If [`Dyn`](nalgebra::Dyn) sizes disagree. Static sizes cannot.
#[cfg(feature = "alloc")]
pub fn product<T, M, K, N, SA, SB, SC>(
    alpha: T,
    a: &Matrix<T, M, K, SA>,
    b: &Matrix<T, K, N, SB>,
    beta: T,
    c: &mut Matrix<T, M, N, SC>,
) where
    T: Element,
    M: Dim,
    K: Dim,
    N: Dim,
    SA: RawStorage<T, M, K>,
    SB: RawStorage<T, K, N>,
    SC: RawStorageMut<T, M, N>,
{
    let ((m, k), (inner, n)) = (a.shape(), b.shape());
    assert!(
        k == inner && c.shape() == (m, n),
        "cannot multiply {m} x {k} by {inner} x {n} into {} x {}",
        c.nrows(),
        c.ncols()
    );
    let (down, right) = strides_of(c);
    // SAFETY: the contracts of the storages guarantee that element (i, j) of each matrix is at its strides, for all i
    // and j inside the shape. The shapes agree, as asserted. `c` is borrowed mutably, so it does not overlap the
    // others, and its own elements do not overlap.
    unsafe {
        let first = c.data.ptr_mut();
        multiply(k, operand(a), operand(b), Tile { first, down, right, rows: m, columns: n, alpha, beta });
    }
}

/// `y = Wᵀ · x + b` for a single sample of `IN` features, without scratch memory.
#[inline]
pub(crate) fn single_sample<const IN: usize, const OUT: usize, T: Element>(operands: Single<'_, T>) {
    T::single::<IN, OUT>(operands);
}

/// Copies the elements of a matrix of any strides, column by column.
///
/// # Panics
///
/// If there is no room for exactly these elements.
pub(crate) fn copy_columns<T: Element, R: Dim, C: Dim, S: RawStorage<T, R, C>>(
    from: &Matrix<T, R, C, S>,
    to: &mut [T],
) {
    let (rows, columns) = from.shape();
    assert!(to.len() == rows * columns, "{} elements of room for {rows} x {columns}", to.len());
    if to.is_empty() {
        return;
    }
    let Operand { first, down, right } = operand(from);
    let block = Block { first, line: down, step: right, lines: rows, depth: columns };
    // SAFETY: the storage's contract guarantees that element (i, j) is at its strides. A single panel as wide as the
    // block fills exactly `to`.
    unsafe { (T::kernels().pack)(&block, rows, to.as_mut_ptr()) }
}

/// The transpose of a matrix, as a view: nothing is copied.
///
/// ```
/// # use typenet_core as typenet;
/// use typenet::nalgebra::SMatrix;
/// use typenet::product::transposed;
///
/// let a = SMatrix::<f64, 2, 3>::new(1.0, 2.0, 3.0, 4.0, 5.0, 6.0);
/// assert_eq!(transposed(&a), a.transpose());
/// ```
pub fn transposed<T, R, C, S>(matrix: &Matrix<T, R, C, S>) -> MatrixView<'_, T, C, R, S::CStride, S::RStride>
where
    T: Element,
    R: Dim,
    C: Dim,
    S: RawStorage<T, R, C>,
{
    let (rows, columns) = matrix.data.shape();
    let (down, right) = matrix.data.strides();
    // SAFETY: element (j, i) of the view is element (i, j) of the matrix, which stays borrowed while the view lives.
    let view = unsafe { ViewStorage::from_raw_parts(matrix.data.ptr(), (columns, rows), (right, down)) };
    Matrix::from_data(view)
}

fn operand<T: Element, R: Dim, C: Dim, S: RawStorage<T, R, C>>(matrix: &Matrix<T, R, C, S>) -> Operand<T> {
    let (down, right) = strides_of(matrix);
    Operand { first: matrix.data.ptr(), down, right }
}

fn strides_of<T, R: Dim, C: Dim, S: RawStorage<T, R, C>>(matrix: &Matrix<T, R, C, S>) -> (usize, usize) {
    let (down, right) = matrix.data.strides();
    (down.value(), right.value())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matrix::{Batch, Samples};
    use crate::scalar::Scalar;
    use nalgebra::Dyn;
    use rand::{RngExt, SeedableRng, rngs::StdRng};

    type Columns<T> = Batch<T, Dyn, Dyn>;
    type Rows<T> = Samples<T, Dyn, Dyn>;

    /// An element of the product by its definition, in double precision.
    fn reference<T: Scalar, SA: RawStorage<T, Dyn, Dyn>, SB: RawStorage<T, Dyn, Dyn>>(
        a: &Matrix<T, Dyn, Dyn, SA>,
        b: &Matrix<T, Dyn, Dyn, SB>,
        i: usize,
        j: usize,
    ) -> f64 {
        (0..a.ncols()).map(|p| a[(i, p)].as_f64() * b[(p, j)].as_f64()).sum()
    }

    fn check<T: Scalar, SA, SB, SC>(
        a: &Matrix<T, Dyn, Dyn, SA>,
        b: &Matrix<T, Dyn, Dyn, SB>,
        c: &mut Matrix<T, Dyn, Dyn, SC>,
        precision: f64,
    ) where
        SA: RawStorage<T, Dyn, Dyn>,
        SB: RawStorage<T, Dyn, Dyn>,
        SC: RawStorageMut<T, Dyn, Dyn>,
    {
        c.fill(T::of(f64::NAN)); // not read with beta = 0
        product(T::of(2.0), a, b, T::zero(), c);
        product(T::of(-0.5), a, b, T::of(3.0), c);
        for j in 0..c.ncols() {
            for i in 0..c.nrows() {
                let wanted = 5.5 * reference(a, b, i, j);
                let bound = precision * (a.ncols() as f64 + 1.0) * 8.0;
                let got = c[(i, j)].as_f64();
                assert!(
                    (got - wanted).abs() <= bound,
                    "{:?} x {:?} at {i}, {j}: {got}, not {wanted}",
                    a.shape(),
                    b.shape()
                );
            }
        }
    }

    fn every_order<T: Scalar>(m: usize, k: usize, n: usize, precision: f64) {
        let mut rng = StdRng::seed_from_u64((m * 1_000_000 + k * 1_000 + n) as u64);
        let mut draw = || T::of(rng.random_range(-1.0..1.0));
        let (mut a, mut b): (Columns<T>, Columns<T>) = (Batch::zeros(Dyn(m), Dyn(k)), Batch::zeros(Dyn(k), Dyn(n)));
        a.apply(|value| *value = draw());
        b.apply(|value| *value = draw());
        let (mut a_rows, mut b_rows): (Rows<T>, Rows<T>) =
            (Samples::zeros(Dyn(m), Dyn(k)), Samples::zeros(Dyn(k), Dyn(n)));
        a_rows.zip_apply(&a, |to, from| *to = from);
        b_rows.zip_apply(&b, |to, from| *to = from);
        let (mut c, mut c_rows): (Columns<T>, Rows<T>) = (Batch::zeros(Dyn(m), Dyn(n)), Samples::zeros(Dyn(m), Dyn(n)));
        check(&a, &b, &mut c, precision);
        check(&a_rows, &b, &mut c, precision);
        check(&a, &b_rows, &mut c_rows, precision);
        check(&a_rows, &b_rows, &mut c_rows, precision);
        check(&transposed(&b), &transposed(&a), &mut Batch::<T, _, _>::zeros(Dyn(n), Dyn(m)), precision);
        check(&transposed(&b_rows), &transposed(&a), &mut Batch::<T, _, _>::zeros(Dyn(n), Dyn(m)), precision);
        // Every other row and column of larger matrices, so that nothing is contiguous.
        let (mut a_wide, mut b_wide): (Columns<T>, Columns<T>) =
            (Batch::zeros(Dyn(2 * m), Dyn(2 * k)), Batch::zeros(Dyn(2 * k), Dyn(2 * n)));
        let mut c_wide: Columns<T> = Batch::zeros(Dyn(2 * m), Dyn(2 * n));
        (0..m).for_each(|i| (0..k).for_each(|p| a_wide[(2 * i, 2 * p)] = a[(i, p)]));
        (0..k).for_each(|p| (0..n).for_each(|j| b_wide[(2 * p, 2 * j)] = b[(p, j)]));
        let (a_view, b_view) =
            (a_wide.view_with_steps((0, 0), (m, k), (1, 1)), b_wide.view_with_steps((0, 0), (k, n), (1, 1)));
        check(&a_view, &b_view, &mut c, precision);
        check(&a_view, &b_view, &mut c_wide.view_with_steps_mut((0, 0), (m, n), (1, 1)), precision);
    }

    #[test]
    fn equals_the_definition_for_every_remainder_of_the_tiles() {
        let most = if cfg!(miri) { 5 } else { 27 };
        for m in 0..most {
            for n in 0..most {
                let k = (m * 7 + n * 3) % 11;
                every_order::<f32>(m, k, n, f64::from(f32::EPSILON));
                every_order::<f64>(m, k, n, f64::EPSILON);
            }
        }
    }

    #[test]
    #[cfg_attr(miri, ignore = "the blocks are too large for Miri")]
    fn equals_the_definition_over_several_blocks() {
        for (m, k, n) in [
            (100, 784, 50),
            (300, 900, 7),
            (33, 1100, 70),
            (530, 5, 130),
            (3, 40, 2100),
            (5, 300, 9),
            (200, 300, 300),
            (301, 70, 112),
        ] {
            every_order::<f32>(m, k, n, f64::from(f32::EPSILON));
            every_order::<f64>(m, k, n, f64::EPSILON);
        }
    }

    /// The layout of a wide layer's weight in the backward pass: contiguous rows of `B`, far apart.
    fn with_a_transposed_weight<T: Scalar>(precision: f64) {
        let (m, k, n, from) = if cfg!(miri) { (20, 64, 24, 256) } else { (112, 70, 150, 300) };
        let (mut dy, mut w): (Columns<T>, Columns<T>) = (Batch::zeros(Dyn(m), Dyn(k)), Batch::zeros(Dyn(from), Dyn(k)));
        let mut rng = StdRng::seed_from_u64(1);
        dy.apply(|value| *value = T::of(rng.random_range(-1.0..1.0)));
        w.apply(|value| *value = T::of(rng.random_range(-1.0..1.0)));
        check(&dy, &transposed(&w.view((0, 0), (n, k))), &mut Batch::zeros(Dyn(m), Dyn(n)), precision);
    }

    #[test]
    fn distant_rows_give_the_same_product() {
        with_a_transposed_weight::<f32>(f64::from(f32::EPSILON));
        with_a_transposed_weight::<f64>(f64::EPSILON);
    }

    /// Rows as in images: zeros at the beginning, in the middle and at the end, and one row of zeros only.
    fn with_margins<T: Scalar>(precision: f64) {
        let (m, k, n) = (if cfg!(miri) { 9 } else { 21 }, if cfg!(miri) { 70 } else { 4500 }, 20);
        let (mut a, mut b): (Rows<T>, Columns<T>) = (Samples::zeros(Dyn(m), Dyn(k)), Batch::zeros(Dyn(k), Dyn(n)));
        let mut rng = StdRng::seed_from_u64(1);
        b.apply(|value| *value = T::of(rng.random_range(-1.0..1.0)));
        for (i, p) in (0..m - 1).flat_map(|i| (0..k).map(move |p| (i, p))) {
            if (20 + i..k / 2).contains(&p) || (k / 2 + 40..k - 20).contains(&p) {
                a[(i, p)] = T::of(rng.random_range(-1.0..1.0));
            }
        }
        check(&a, &b, &mut Batch::zeros(Dyn(m), Dyn(n)), precision);
        check(&a, &b, &mut Samples::zeros(Dyn(m), Dyn(n)), precision);
    }

    #[test]
    fn skipped_zeros_change_nothing() {
        with_margins::<f32>(f64::from(f32::EPSILON));
        with_margins::<f64>(f64::EPSILON);
    }

    #[test]
    #[should_panic(expected = "cannot multiply 2 x 3 by 4 x 5 into 2 x 5")]
    fn mismatched_dynamic_sizes_panic() {
        let (a, b): (Columns<f32>, Columns<f32>) = (Batch::zeros(Dyn(2), Dyn(3)), Batch::zeros(Dyn(4), Dyn(5)));
        product(1.0, &a, &b, 0.0, &mut Batch::zeros(Dyn(2), Dyn(5)));
    }
}

//! The heap storage of this library's matrices.
#![allow(unsafe_code)] // nalgebra's storage traits are unsafe to implement

#[cfg(feature = "alloc")]
use alloc::{vec, vec::Vec};
use std::fmt::{self, Debug, Formatter};
use std::marker::PhantomData;

use nalgebra::allocator::Allocator;
use nalgebra::base::storage::{IsContiguous, Owned, RawStorage, RawStorageMut, Storage};
use nalgebra::{Const, DefaultAllocator, Dim, Dyn, Matrix};

use crate::matrix::features::Known;
use crate::scalar::{Numbers, Scalar};

/// Numbers in little-endian bytes, such as those of a file, as constants.
///
/// A loop over the bytes would be too slow at compile time.
///
/// # Panics
///
/// If the bytes are not those of `N` numbers, or on a big-endian target.
pub const fn floats<const N: usize>(bytes: &[u8]) -> [f32; N] {
    check(bytes.len(), size_of::<[f32; N]>());
    // SAFETY: there are as many bytes, and all bits are valid numbers.
    unsafe { bytes.as_ptr().cast::<[f32; N]>().read_unaligned() }
}

/// [`floats`] in `f64`.
///
/// # Panics
///
/// As in [`floats`].
pub const fn doubles<const N: usize>(bytes: &[u8]) -> [f64; N] {
    check(bytes.len(), size_of::<[f64; N]>());
    // SAFETY: there are as many bytes, and all bits are valid numbers.
    unsafe { bytes.as_ptr().cast::<[f64; N]>().read_unaligned() }
}

/// The numbers as those of `T`, or `None` if they are of the other scalar type.
pub(crate) const fn numbers<T: Scalar>(numbers: Numbers) -> Option<&'static [T]> {
    let (first, length) = match numbers {
        Numbers::F32(values) if size_of::<T>() == size_of::<f32>() => (values.as_ptr().cast(), values.len()),
        Numbers::F64(values) if size_of::<T>() == size_of::<f64>() => (values.as_ptr().cast(), values.len()),
        _ => return None,
    };
    // SAFETY: `Scalar` is sealed, so a `T` of this size is the type of the values.
    Some(unsafe { std::slice::from_raw_parts(first, length) })
}

const fn check(found: usize, expected: usize) {
    assert!(found == expected, "the bytes are not those of the numbers");
    const { assert!(cfg!(target_endian = "little"), "weights can be embedded for little-endian targets only") }
}

/// The memory order of a matrix: [`ColumnMajor`] or [`RowMajor`].
pub trait Order: Copy + Debug + Send + Sync + 'static {
    /// The distance between neighboring rows.
    type RowStride<R: Dim, C: Dim>: Dim;
    /// The distance between neighboring columns.
    type ColumnStride<R: Dim, C: Dim>: Dim;
    /// True if columns are contiguous, as nalgebra's linear indices require.
    const COLUMN_MAJOR: bool;

    /// Both distances, for a `rows x columns` matrix.
    fn strides<R: Dim, C: Dim>(rows: R, columns: C) -> (Self::RowStride<R, C>, Self::ColumnStride<R, C>);
}

/// Each column is contiguous, as in nalgebra, Fortran and BLAS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ColumnMajor;

/// Each row is contiguous, as in C, NumPy and image files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowMajor;

impl Order for ColumnMajor {
    type RowStride<R: Dim, C: Dim> = Const<1>;
    type ColumnStride<R: Dim, C: Dim> = R;
    const COLUMN_MAJOR: bool = true;

    #[inline]
    fn strides<R: Dim, C: Dim>(rows: R, _: C) -> (Const<1>, R) {
        (Const, rows)
    }
}

impl Order for RowMajor {
    type RowStride<R: Dim, C: Dim> = C;
    type ColumnStride<R: Dim, C: Dim> = Const<1>;
    const COLUMN_MAJOR: bool = false;

    #[inline]
    fn strides<R: Dim, C: Dim>(_: R, columns: C) -> (C, Const<1>) {
        (columns, Const)
    }
}

/// A nalgebra storage on the heap for any sizes, static or dynamic.
///
/// nalgebra stores matrices of static size inline. In an unoptimized build, passing a 784 x 256 matrix of `f32` by
/// value overflows the 2 MiB stack of a test thread. This storage keeps the sizes in the type and the values on the
/// heap.
///
/// A storage made by [`Batch::from_static`](super::Batch::from_static) has its values in a `static` instead, until the
/// first change copies them to the heap.
pub struct Heap<T: 'static, R: Dim, C: Dim, O: Order = ColumnMajor> {
    // Invariant: `values` has room for `length` initialized values, and `length` is `rows.value() * columns.value()`.
    // Only `truncated` changes them after construction.
    values: Values<T>,
    length: usize,
    rows: R,
    columns: C,
    kind: PhantomData<O>,
}

#[derive(Clone)]
enum Values<T: 'static> {
    Static(&'static [T]),
    #[cfg(feature = "alloc")]
    Heap(Vec<Line>),
}

/// A cache line: its alignment keeps vectors of matrix elements from straddling two lines.
#[cfg(feature = "alloc")]
#[derive(Clone, Copy)]
#[repr(C, align(64))]
struct Line([u8; 64]);

impl<T: Scalar, R: Dim, C: Dim, O: Order> Heap<T, R, C, O> {
    /// The address of the first value.
    #[inline]
    fn first(&self) -> *const T {
        match &self.values {
            Values::Static(values) => values.as_ptr(),
            #[cfg(feature = "alloc")]
            Values::Heap(lines) => lines.as_ptr().cast(),
        }
    }

    /// All values, in memory order.
    #[inline]
    pub fn values(&self) -> &[T] {
        // SAFETY: the type's invariant guarantees `length` values; a line is aligned for any scalar.
        unsafe { std::slice::from_raw_parts(self.first(), self.length) }
    }
}

impl<T: Scalar, R: Known, C: Known> Heap<T, R, C, ColumnMajor> {
    /// A storage that reads its values in a `static`.
    pub(super) const fn from_static(values: &'static [T]) -> Self {
        assert!(values.len() == R::DIM * C::DIM, "a static matrix needs one value for each element");
        Self {
            length: values.len(),
            values: Values::Static(values),
            rows: R::VALUE,
            columns: C::VALUE,
            kind: PhantomData,
        }
    }
}

#[cfg(feature = "alloc")]
impl<T: Scalar, R: Dim, C: Dim, O: Order> Heap<T, R, C, O> {
    /// A storage with every value equal to `value`.
    ///
    /// # Panics
    ///
    /// If the matrix would be larger than the address space.
    pub fn filled(rows: R, columns: C, value: T) -> Self {
        let length = length::<T>(rows.value(), columns.value());
        // Row-major storage has a spare row. nalgebra's iterators step one row past the end of a column before they
        // move to the next. Even a pointer that is not read must stay inside its allocation.
        let room = if O::COLUMN_MAJOR { length } else { length.saturating_add(columns.value()) };
        let lines = vec![Line([0; 64]); room.div_ceil(size_of::<Line>() / size_of::<T>())];
        let mut storage = Self { values: Values::Heap(lines), length, rows, columns, kind: PhantomData };
        // All bytes are zero already, which is the value zero.
        if value != T::zero() {
            storage.values_mut().fill(value);
        }
        storage
    }

    /// All values, in memory order, mutably.
    #[inline]
    pub fn values_mut(&mut self) -> &mut [T] {
        let length = self.length;
        // SAFETY: as in `values`; every scalar is valid as bytes of a line.
        unsafe { std::slice::from_raw_parts_mut(self.lines().as_mut_ptr().cast(), length) }
    }

    /// The memory on the heap; copies the values there if they are in a `static`.
    #[inline]
    fn lines(&mut self) -> &mut Vec<Line> {
        if let Values::Static(values) = self.values {
            self.copy_to_heap(values);
        }
        let Values::Heap(lines) = &mut self.values else { unreachable!("the values are on the heap now") };
        lines
    }

    #[cold]
    fn copy_to_heap(&mut self, values: &[T]) {
        *self = Self::filled(self.rows, self.columns, T::zero());
        self.values_mut().copy_from_slice(values);
    }
}

#[cfg(feature = "alloc")]
impl<T: Scalar, C: Dim> Heap<T, Dyn, C, RowMajor> {
    /// The first rows; all if there are fewer. Frees the memory of the others if it is at least an eighth of the whole.
    pub(crate) fn truncated(mut self, rows: usize) -> Self {
        let (rows, columns) = (rows.min(self.rows.value()), self.columns.value());
        self.rows = Dyn(rows);
        self.length = rows * columns;
        // As in `filled`, a spare row remains.
        let lines = (self.length + columns).div_ceil(size_of::<Line>() / size_of::<T>());
        let memory = self.lines();
        memory.truncate(lines);
        // Aligned memory shrinks by a copy.
        if memory.len() <= memory.capacity() / 8 * 7 {
            memory.shrink_to_fit();
        }
        self
    }
}

/// The number of elements.
///
/// # Panics
///
/// If the matrix and a spare row would be larger than the address space.
#[cfg(feature = "alloc")]
fn length<T>(rows: usize, columns: usize) -> usize {
    let bytes = rows.checked_add(1).and_then(|rows| rows.checked_mul(columns)?.checked_mul(size_of::<T>()));
    assert!(
        bytes.is_some_and(|bytes| isize::try_from(bytes.saturating_add(size_of::<Line>())).is_ok()),
        "a matrix of {rows} x {columns} elements is larger than the address space"
    );
    rows * columns
}

impl<T: Scalar, R: Dim, C: Dim, O: Order> Clone for Heap<T, R, C, O> {
    fn clone(&self) -> Self {
        Self { values: self.values.clone(), ..*self }
    }
}

impl<T: Scalar, R: Dim, C: Dim, O: Order> PartialEq for Heap<T, R, C, O> {
    fn eq(&self, other: &Self) -> bool {
        self.rows == other.rows && self.columns == other.columns && self.values() == other.values()
    }
}

impl<T: Scalar, R: Dim, C: Dim, O: Order> Debug for Heap<T, R, C, O> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.values()).finish()
    }
}

// SAFETY: the type's invariant guarantees `rows * columns` values at `ptr`. With the strides of both orders,
// `i * row_stride + j * column_stride` is less than `rows * columns` for every `i < rows` and `j < columns`, and
// differs for different `(i, j)`.
unsafe impl<T: Scalar, R: Dim, C: Dim, O: Order> RawStorage<T, R, C> for Heap<T, R, C, O> {
    type RStride = O::RowStride<R, C>;
    type CStride = O::ColumnStride<R, C>;

    #[inline]
    fn ptr(&self) -> *const T {
        self.first()
    }

    #[inline]
    fn shape(&self) -> (R, C) {
        (self.rows, self.columns)
    }

    #[inline]
    fn strides(&self) -> (Self::RStride, Self::CStride) {
        O::strides(self.rows, self.columns)
    }

    #[inline]
    fn is_contiguous(&self) -> bool {
        // nalgebra means contiguous and column-major, so that linear indices run down the columns.
        O::COLUMN_MAJOR
    }

    #[inline]
    unsafe fn as_slice_unchecked(&self) -> &[T] {
        self.values()
    }
}

// SAFETY: `ptr_mut` points to the same values as `ptr` from then on, borrowed mutably.
#[cfg(feature = "alloc")]
unsafe impl<T: Scalar, R: Dim, C: Dim, O: Order> RawStorageMut<T, R, C> for Heap<T, R, C, O> {
    #[inline]
    fn ptr_mut(&mut self) -> *mut T {
        self.lines().as_mut_ptr().cast()
    }

    #[inline]
    unsafe fn as_mut_slice_unchecked(&mut self) -> &mut [T] {
        self.values_mut()
    }
}

// SAFETY: both copies hold every value at its row and column; a `Scalar` needs no drop.
unsafe impl<T: Scalar, R: Dim, C: Dim, O: Order> Storage<T, R, C> for Heap<T, R, C, O> {
    #[inline]
    fn into_owned(self) -> Owned<T, R, C>
    where
        DefaultAllocator: Allocator<R, C>,
    {
        self.clone_owned()
    }

    fn clone_owned(&self) -> Owned<T, R, C>
    where
        DefaultAllocator: Allocator<R, C>,
    {
        let (rows, columns) = (self.rows, self.columns);
        let (down, right) = self.strides();
        let values = self.values();
        let at = |i: usize, j: usize| values[i * down.value() + j * right.value()];
        let by_column = (0..columns.value()).flat_map(|j| (0..rows.value()).map(move |i| at(i, j)));
        <DefaultAllocator as Allocator<R, C>>::allocate_from_iterator(rows, columns, by_column)
    }

    fn forget_elements(self) {}
}

// SAFETY: the storage is column-major without gaps.
unsafe impl<T: 'static, R: Dim, C: Dim> IsContiguous for Heap<T, R, C, ColumnMajor> {}

/// The values of a matrix as a slice, if its storage is column-major without gaps.
pub(crate) fn contiguous<T, R: Dim, C: Dim, S: RawStorage<T, R, C>>(matrix: &Matrix<T, R, C, S>) -> Option<&[T]> {
    let (down, right) = matrix.data.strides();
    let (rows, columns) = matrix.shape();
    // The stride does not matter if there is only one row or column.
    let without_gaps = (down.value() == 1 || rows <= 1) && (right.value() == rows || columns <= 1);
    // SAFETY: the storage's contract guarantees element (i, j) at `i · down + j · right` from `ptr`, which covers
    // everything below `rows · columns` here. The matrix stays borrowed while the slice lives.
    without_gaps.then(|| unsafe { std::slice::from_raw_parts(matrix.data.ptr(), rows * columns) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use nalgebra::{Dyn, SMatrix};

    #[test]
    fn sizes_beyond_the_address_space_panic() {
        for rows in [usize::MAX, usize::MAX / 4, isize::MAX as usize / 8] {
            let panic = std::panic::catch_unwind(|| Heap::<f32, _, _>::filled(Dyn(rows), Const::<3>, 0.0)).unwrap_err();
            let wanted = format!("a matrix of {rows} x 3 elements is larger than the address space");
            assert_eq!(panic.downcast_ref::<String>(), Some(&wanted));
        }
    }

    #[test]
    fn both_orders_hold_the_same_matrix() {
        let wanted = SMatrix::<f32, 2, 3>::new(1.0, 2.0, 3.0, 4.0, 5.0, 6.0);
        let mut columns = Matrix::from_data(Heap::<f32, _, _>::filled(Const::<2>, Const::<3>, 0.0));
        let mut rows = Matrix::from_data(Heap::<f32, _, _, RowMajor>::filled(Dyn(2), Const::<3>, 0.0));
        for i in 0..2 {
            for j in 0..3 {
                columns[(i, j)] = wanted[(i, j)];
                rows[(i, j)] = wanted[(i, j)];
            }
        }
        assert_eq!(columns.data.values(), [1.0, 4.0, 2.0, 5.0, 3.0, 6.0]);
        assert_eq!(rows.data.values(), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
        assert_eq!(columns.clone_owned(), wanted);
        assert!(rows.clone_owned().iter().eq(wanted.iter()));
        assert!(columns.iter().eq(wanted.iter()));
        assert!(rows.iter().eq(wanted.iter()));
        assert!(rows.clone().iter_mut().eq(wanted.clone().iter_mut()));
    }

    #[test]
    fn nalgebra_computes_with_it() {
        let mut a = Matrix::from_data(Heap::<f64, _, _>::filled(Const::<2>, Const::<2>, 1.0));
        a[(0, 1)] = 3.0;
        assert_eq!(&a * &a, SMatrix::<f64, 2, 2>::new(4.0, 6.0, 2.0, 4.0));
        assert_eq!(a.transpose(), SMatrix::<f64, 2, 2>::new(1.0, 1.0, 3.0, 1.0));
        assert_eq!(a.as_slice(), [1.0, 1.0, 3.0, 1.0]);
    }

    #[test]
    fn matrices_without_elements_are_allowed() {
        let empty = Matrix::from_data(Heap::<f32, _, _>::filled(Dyn(0), Const::<3>, 0.0));
        assert_eq!(empty.shape(), (0, 3));
        assert_eq!(empty.iter().count(), 0);
    }

    #[test]
    fn only_columns_without_gaps_become_a_slice() {
        let matrix = SMatrix::<f32, 2, 3>::new(1.0, 2.0, 3.0, 4.0, 5.0, 6.0);
        assert_eq!(contiguous(&matrix).unwrap(), [1.0, 4.0, 2.0, 5.0, 3.0, 6.0]);
        assert_eq!(contiguous(&matrix.columns(1, 2)).unwrap(), [2.0, 5.0, 3.0, 6.0]);
        assert_eq!(contiguous(&matrix.view((1, 2), (1, 1))).unwrap(), [6.0]);
        assert!(contiguous(&matrix.row(0)).is_none());
        assert!(contiguous(&Matrix::from_data(Heap::<f32, _, _, RowMajor>::filled(Dyn(2), Dyn(2), 0.0))).is_none());
        let row = Matrix::from_data(Heap::<f32, _, _, RowMajor>::filled(Dyn(1), Const::<3>, 2.0));
        assert_eq!(contiguous(&row).unwrap(), [2.0; 3]);
        assert!(contiguous(&matrix.view_with_steps((0, 0), (2, 1), (0, 1))).is_some());
        assert!(contiguous(&matrix.view_with_steps((0, 0), (1, 2), (0, 1))).is_none());
    }
}

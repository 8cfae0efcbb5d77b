//! Parameters in the shapes and the order of PyTorch and ONNX, row by row.

use crate::parameters::{Kind, PyTorchPart};

/// The shape of a parameter there: a matrix is transposed unless it keeps its rows, and other rows are vectors.
pub(crate) fn shape(kind: Kind, shape: &[usize], part: PyTorchPart) -> Vec<usize> {
    match *shape {
        [1, length] | [length, 1] if kind != Kind::Weight => vec![length],
        [rows, columns] if !part.keeps_rows => vec![columns, rows],
        _ => shape.to_vec(),
    }
}

/// The index in our values of each value there, in their order.
pub(crate) fn order(shape: &[usize], part: PyTorchPart) -> impl Iterator<Item = usize> {
    let rows = match *shape {
        [rows, _] if part.keeps_rows => rows,
        _ => 1, // a transposed matrix by rows is the matrix by columns, as in memory
    };
    let columns: usize = shape.iter().product::<usize>() / rows.max(1);
    (0..rows).flat_map(move |row| (0..columns).map(move |column| column * rows + row))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRANSPOSED: PyTorchPart = PyTorchPart { name: "", keeps_rows: false };
    const KEPT: PyTorchPart = PyTorchPart { name: "", keeps_rows: true };

    #[test]
    fn matrices_are_transposed_unless_they_keep_their_rows() {
        assert_eq!(shape(Kind::Weight, &[784, 50], TRANSPOSED), [50, 784]);
        assert_eq!(shape(Kind::Weight, &[1, 50], TRANSPOSED), [50, 1]);
        assert_eq!(shape(Kind::Weight, &[1000, 16], KEPT), [1000, 16]);
        assert_eq!(shape(Kind::Bias, &[1, 50], TRANSPOSED), [50]);
        assert_eq!(shape(Kind::Weight, &[16, 1, 5, 5], TRANSPOSED), [16, 1, 5, 5]);
    }

    #[test]
    fn the_order_is_by_rows_there() {
        // 2 x 3, in memory column by column: the elements (0, 0), (1, 0), (0, 1), ...
        assert!(order(&[2, 3], TRANSPOSED).eq(0..6));
        assert!(order(&[2, 3], KEPT).eq([0, 2, 4, 1, 3, 5]));
        assert!(order(&[2, 3, 4], KEPT).eq(0..24));
    }
}

use crate::kernels::product::inner::INNER_ROWS;
use crate::kernels::product::kernel::*;

fn number<T: Number + From<u8>>(seed: usize) -> T {
    T::from(u8::try_from(seed % 13).unwrap())
}

/// Small integers, with exact sums and products.
fn numbers<T: Number + From<u8>>(count: usize, factor: usize) -> Vec<T> {
    (0..count).map(|i| number(i * factor)).collect()
}

/// Compares a tile function with the definition, for tiles of one size.
fn check<T: Number + From<u8> + std::fmt::Debug>(
    run: impl Fn(usize, Operand<T>, Operand<T>, Tile<T>),
    (rows, depth, columns): (usize, usize, usize),
    (a_down, a_right): (usize, usize),
    (b_down, b_right): (usize, usize),
) {
    let a: Vec<T> = numbers((rows - 1) * a_down + (depth - 1) * a_right + 1, 5);
    let b: Vec<T> = numbers((depth - 1) * b_down + (columns - 1) * b_right + 1, 7);
    let mut c = vec![number(1); rows * columns];
    let tile = Tile { first: c.as_mut_ptr(), down: 1, right: rows, rows, columns, alpha: number(2), beta: number(3) };
    let left = Operand { first: a.as_ptr(), down: a_down, right: a_right };
    let top = Operand { first: b.as_ptr(), down: b_down, right: b_right };
    run(depth, left, top, tile);
    for (i, j) in (0..rows).flat_map(|i| (0..columns).map(move |j| (i, j))) {
        let mut sum = T::ZERO;
        for p in 0..depth {
            sum += a[i * a_down + p * a_right] * b[p * b_down + j * b_right];
        }
        let wanted = number::<T>(2) * sum + number::<T>(3) * number::<T>(1);
        assert_eq!(c[i + j * rows], wanted, "{rows} x {depth} x {columns} at {i}, {j}");
    }
}

fn check_all<T: Number + From<u8> + std::fmt::Debug>(kernels: Kernels<T>) {
    // SAFETY: the operands have exactly the tile's size, and this processor supports the instructions.
    let outer = |depth, a, b, tile| unsafe { (kernels.outer)(depth, a, b, tile) };
    for (rows, columns) in (1..=kernels.rows).flat_map(|r| (1..=kernels.columns).map(move |c| (r, c))) {
        check(outer, (rows, 5, columns), (1, rows + 3), (columns + 2, 1));
        check(outer, (rows, 5, columns), (1, rows + 3), (1, 7));
    }
    if let Some(inner) = kernels.inner {
        // SAFETY: as above.
        let inner = |depth, a, b, panel| unsafe { inner.panel(depth, a, b, panel) };
        for depth in [1, 7, 8, 15, 16, 17, 40] {
            for (rows, columns) in (1..=INNER_ROWS).flat_map(|r| [1, 2, 3, 4, 18].map(|c| (r, c))) {
                check(inner, (rows, depth, columns), (depth + 1, 1), (1, depth + 2));
            }
        }
    }
    let most = kernels.rows + kernels.lanes + 1;
    for (lines, depth) in (1..=most).flat_map(|lines| (1..20).map(move |depth| (lines, depth))) {
        check_packing(kernels, kernels.rows, (lines, depth), (1, lines + 1));
        check_packing(kernels, kernels.columns, (lines, depth), (1, lines + 1));
        check_packing(kernels, kernels.lanes, (lines, depth), (depth + 1, 1));
        check_packing(kernels, kernels.rows, (lines, depth), (depth + 1, 1));
        check_packing(kernels, kernels.rows, (lines, depth), (2, 2 * lines + 1));
    }
}

/// Checks that every line is in its panel.
fn check_packing<T: Number + From<u8> + std::fmt::Debug>(
    kernels: Kernels<T>,
    width: usize,
    (lines, depth): (usize, usize),
    (line, step): (usize, usize),
) {
    let from: Vec<T> = numbers((lines - 1) * line + (depth - 1) * step + 1, 5);
    let mut panels = vec![T::ZERO; lines.next_multiple_of(width) * depth];
    let block = Block { first: from.as_ptr(), line, step, lines, depth };
    // SAFETY: the block and the panels have these sizes, and this processor supports the instructions.
    unsafe { (kernels.pack)(&block, width, panels.as_mut_ptr()) };
    for (i, p) in (0..lines).flat_map(|i| (0..depth).map(move |p| (i, p))) {
        let packed = panels[i / width * width * depth + p * width + i % width];
        assert_eq!(packed, from[i * line + p * step], "{lines} x {depth} at {i}, {p}");
    }
}

#[test]
fn the_portable_kernels_equal_the_definition() {
    check_all(portable::<f32>());
    check_all(portable::<f64>());
}

#[test]
#[cfg(all(target_arch = "x86_64", not(miri)))]
fn the_kernels_of_this_processor_equal_the_definition() {
    if std::is_x86_feature_detected!("avx2") && std::is_x86_feature_detected!("fma") {
        check_all(x86::AVX2_F32);
        check_all(x86::AVX2_F64);
    }
    if std::is_x86_feature_detected!("avx512f") {
        check_all(x86::AVX512_F32);
        check_all(x86::AVX512_F64);
    }
}

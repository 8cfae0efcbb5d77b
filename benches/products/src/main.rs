//! Compares the matrix products of the workloads with other libraries, on one thread, in GFLOP/s.
//!
//! ```text
//! cargo run --release --manifest-path benches/products/Cargo.toml
//! ```
//!
//! Each figure is a median over runs in which the libraries take turns on the same operands. The memory layout is that of the
//! layers: samples row by row, everything else column by column. The last line compares a whole training step with the other
//! library's products of such a step alone.

use std::hint::black_box;
use std::time::{Duration, Instant};

use typenet::data::Dataset;
use typenet::nalgebra::{Dim, Dyn, Matrix, RawStorage, RawStorageMut};
use typenet::prelude::*;
use typenet::product::{product, transposed};
use typenet::{Batch, Samples, with_threads};

network! { struct Wide = Affine<784, 512> -> Relu -> Affine<512, 512> -> Relu -> Affine<512, 10> -> SoftmaxWithLoss; }

type Columns = Batch<f32, Dyn, Dyn>;
type Rows = Samples<f32, Dyn, Dyn>;

/// Networks with their widths and batch sizes.
const NETWORKS: [(&str, &[usize], usize); 3] =
    [("seed", &[784, 50, 10], 100), ("wide", &[784, 512, 512, 10], 128), ("deep", &[784, 128, 128], 32)];

const LIBRARIES: [&str; 3] = ["typenet", "gemm", "matrixmultiply"];
const RUNS: usize = 15;
/// The approximate duration of a run.
const RUN: Duration = Duration::from_millis(20);

/// Computes `C = A · B` with a library, given by its index in [`LIBRARIES`].
fn multiply<SA, SB, SC>(library: usize, a: &M<SA>, b: &M<SB>, c: &mut M<SC>)
where
    SA: RawStorage<f32, Dyn, Dyn>,
    SB: RawStorage<f32, Dyn, Dyn>,
    SC: RawStorageMut<f32, Dyn, Dyn>,
{
    let ((m, k), n) = (a.shape(), b.ncols());
    let ((a_down, a_right), (b_down, b_right)) = (strides(a), strides(b));
    let (c_down, c_right) = strides(c);
    let (a_first, b_first, c_first) = (a.data.ptr(), b.data.ptr(), c.data.ptr_mut());
    match library {
        0 => product(1.0, a, b, 0.0, c),
        // SAFETY: the pointers, sizes and strides are those of three matrices that do not overlap.
        1 => unsafe {
            gemm::gemm(
                m,
                n,
                k,
                c_first,
                c_right,
                c_down,
                false,
                a_first,
                a_right,
                a_down,
                b_first,
                b_right,
                b_down,
                0.0,
                1.0,
                false,
                false,
                false,
                gemm::Parallelism::None,
            );
        },
        // SAFETY: as above.
        _ => unsafe {
            matrixmultiply::sgemm(
                m, k, n, 1.0, a_first, a_down, a_right, b_first, b_down, b_right, 0.0, c_first, c_down, c_right,
            );
        },
    }
}

type M<S> = Matrix<f32, Dyn, Dyn, S>;

fn strides<S: RawStorage<f32, Dyn, Dyn>>(matrix: &M<S>) -> (isize, isize) {
    let (down, right) = matrix.data.strides();
    (down.value().cast_signed(), right.value().cast_signed())
}

/// Times a product with each library and prints a line. Returns the seconds.
fn compare<SA, SB, SC>(name: &str, a: &M<SA>, b: &M<SB>, c: &mut M<SC>) -> [f64; 3]
where
    SA: RawStorage<f32, Dyn, Dyn>,
    SB: RawStorage<f32, Dyn, Dyn>,
    SC: RawStorageMut<f32, Dyn, Dyn>,
{
    let (m, k, n) = (a.nrows(), a.ncols(), b.ncols());
    let flop = 2.0 * (m * k * n) as f64;
    let calls = (RUN.as_secs_f64() * 100e9 / flop).ceil() as usize;
    let mut seconds = [const { Vec::new() }; LIBRARIES.len()];
    for _ in 0..RUNS {
        for (library, seconds) in seconds.iter_mut().enumerate() {
            let start = Instant::now();
            for _ in 0..calls {
                multiply(library, black_box(a), black_box(b), c);
            }
            seconds.push(start.elapsed().as_secs_f64() / calls as f64);
        }
    }
    let medians = seconds.map(|mut seconds| {
        seconds.sort_by(f64::total_cmp);
        seconds[RUNS / 2]
    });
    print(&format!("{name:<10}{m:>5} x {k:>4} · {k:>4} x {n:>4}"), medians, flop);
    medians
}

fn print(title: &str, seconds: [f64; 3], flop: f64) {
    let figures = seconds.map(|seconds| format!("{:>16.1}", flop / seconds / 1e9)).concat();
    println!("{title:<36}{figures}");
}

/// Times training steps of `wide`, in turn with a library's products of one step, in the same order.
fn compare_step(library: usize) -> Result<(), typenet::Error> {
    const BATCH: usize = 128;
    let mut rng = StdRng::seed_from_u64(1);
    let classes = (0..60_000).map(|i| i % 10).collect::<Vec<_>>().try_into()?;
    let pixels = (0..60_000 * 784_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let data: Dataset<Const<784>, Const<10>> = Dataset::new(pixels, classes)?;
    let (mut net, mut tape) = (Wide::<f32>::random(He, &mut rng), Wide::<f32>::tape(Const::<BATCH>));
    let (mut x, mut labels) = (Samples::zeros(Const::<BATCH>, Const), Labels::zeros(Const::<BATCH>));
    let mut first: Rows = Samples::zeros(Dyn(BATCH), Dyn(784));
    fill(&mut first);
    let mut layers: Vec<[Columns; 6]> = [(784, 512), (512, 512), (512, 10)]
        .map(|(from, to)| {
            [(from, to), (from, to), (BATCH, from), (BATCH, from), (BATCH, to), (BATCH, to)].map(|(m, n)| columns(m, n))
        })
        .into();
    let flop = (2 * BATCH * (2 * 784 * 512 + 3 * 512 * 512 + 3 * 512 * 10)) as f64;
    let mut seconds = [const { Vec::new() }; 2];
    for _ in 0..4 * RUNS {
        let start = Instant::now();
        for _ in 0..10 {
            data.sample_into(&mut x, &mut labels, &mut rng);
            black_box(net.descend_with(&x, &labels, 1e-5, &mut tape));
        }
        seconds[0].push(start.elapsed().as_secs_f64() / 10.0);
        let start = Instant::now();
        for _ in 0..10 {
            for (number, [w, _, x, _, y, _]) in layers.iter_mut().enumerate() {
                if number == 0 { multiply(library, &first, w, y) } else { multiply(library, x, w, y) }
            }
            for (number, [w, dw, x, dx, _, dy]) in layers.iter_mut().enumerate().rev() {
                if number == 0 {
                    multiply(library, &transposed(&first), dy, dw);
                } else {
                    multiply(library, dy, &transposed(w), dx);
                    multiply(library, &transposed(x), dy, dw);
                }
            }
        }
        seconds[1].push(start.elapsed().as_secs_f64() / 10.0);
    }
    let mut shares: Vec<f64> = seconds[0].iter().zip(&seconds[1]).map(|(step, products)| products / step).collect();
    let [step, products, share] = [&mut seconds[0].clone(), &mut seconds[1].clone(), &mut shares].map(|values| {
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    });
    let (step, products) = (flop / step / 1e9, flop / products / 1e9);
    println!(
        "a step of wide, as a whole {step:>25.1}, {products:.1} for the products alone by {}: {share:.2}",
        LIBRARIES[library]
    );
    Ok(())
}

/// Fills a matrix with pseudorandom values from -0.5 to 0.5.
fn fill<S: RawStorageMut<f32, Dyn, Dyn>>(matrix: &mut M<S>) {
    let mut state = 1_u32;
    matrix.apply(|value| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        *value = (state >> 8) as f32 / 16_777_216.0 - 0.5;
    });
}

fn columns(rows: usize, columns: usize) -> Columns {
    let mut matrix = Batch::zeros(Dyn(rows), Dyn(columns));
    fill(&mut matrix);
    matrix
}

fn main() -> Result<(), typenet::Error> {
    with_threads(1, || {
        println!("{:<36}{}", "GFLOP/s", LIBRARIES.map(|library| format!("{library:>16}")).concat());
        let (a, b) = (columns(2048, 2048), columns(2048, 2048));
        compare("large", &a, &b, &mut columns(2048, 2048));
        for (name, widths, samples) in NETWORKS {
            let (mut total, mut flop) = ([0.0; 3], 0.0);
            let mut add = |seconds: [f64; 3], size: usize| {
                total.iter_mut().zip(seconds).for_each(|(total, seconds)| *total += seconds);
                flop += 2.0 * (size * samples) as f64;
            };
            for (layer, widths) in widths.windows(2).enumerate() {
                let (from, to) = (widths[0], widths[1]);
                let (w, mut dw, mut y) = (columns(from, to), columns(from, to), columns(samples, to));
                let (mut x, mut dx): (Rows, _) = (Samples::zeros(Dyn(samples), Dyn(from)), columns(samples, from));
                fill(&mut x);
                if layer == 0 {
                    add(compare("X · W", &x, &w, &mut y), from * to);
                    add(compare("Xᵀ · dY", &transposed(&x), &y, &mut dw), from * to);
                } else {
                    let x = columns(samples, from);
                    add(compare("X · W", &x, &w, &mut y), from * to);
                    add(compare("dY · Wᵀ", &y, &transposed(&w), &mut dx), from * to);
                    add(compare("Xᵀ · dY", &transposed(&x), &y, &mut dw), from * to);
                }
            }
            print(&format!("all of {name}"), total, flop);
        }
        compare_step(1)
    })?
}

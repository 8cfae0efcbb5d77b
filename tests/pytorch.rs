//! Reads weights of PyTorch and computes its outputs, and writes weights for `scripts/check-pytorch.py`.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use typenet::prelude::*;

network! {
    struct Dense = Affine<5, 8> -> Gelu -> Affine<8, 8> -> GeluExact -> Affine<8, 3> -> MeanSquaredError;
    struct Conv = Input<1, 8, 8> -> Conv2d<1, 4, 3> -> BatchNorm<4> -> Relu -> MaxPool2d<2>
        -> Conv2d<4, 6, 2>(bias = false) -> Relu -> Flatten -> Affine<_, 3> -> MeanSquaredError;
    block Unit<const C: usize> = Input<C, 4, 4> -> Residual[
        Conv2d<C, C, 3>(padding = same, bias = false) -> BatchNorm<C> -> Relu
        -> Conv2d<C, C, 3>(padding = same, bias = false) -> BatchNorm<C>
    ] -> Relu;
    struct Residual20 = Input<2, 4, 4> -> stem: Conv2d<2, 4, 3>(padding = same) -> Unit<4> -> Unit<4>
        -> GlobalAveragePool -> Affine<4, 3> -> MeanSquaredError;
    struct Words = Embedding<7, 4> -> LayerNorm<4> -> PRelu<4> -> RmsNorm<4> -> MeanSquaredError;
    struct Signal = Input<2, 4> -> Conv1d<2, 3, 2> -> BatchNorm<3> -> Flatten -> MeanSquaredError;
    struct Larger = Input<3, 2, 2> -> ConvTranspose2d<3, 2, 2>(stride = 2) -> Flatten -> MeanSquaredError;

    struct Twins = Concat[Affine<2, 2> | Affine<2, 2>] -> MeanSquaredError;
    struct Three = Affine<5, 9> -> Relu -> Affine<9, 8> -> Relu -> LayerNorm<8> -> Affine<8, 3> -> MeanSquaredError;
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/pytorch").join(name)
}

fn folder() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pytorch");
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// The inputs and PyTorch's outputs for a model, row by row.
fn numbers(name: &str) -> [Vec<f64>; 2] {
    let text = fs::read_to_string(fixture(&format!("{name}.json"))).unwrap();
    let values: Value = serde_json::from_str(&text).unwrap();
    ["x", "y"].map(|key| values[key].as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect())
}

/// Numbers row by row as a batch.
fn batch<T: Scalar, F: Shape>(values: &[f64], zeros: Batch<T, Dyn, F>) -> Batch<T, Dyn, F> {
    let mut batch = zeros;
    let places = (0..batch.nrows()).flat_map(|row| (0..F::DIM).map(move |column| (row, column)));
    places.zip(values).for_each(|(place, &value)| batch[place] = T::of(value));
    batch
}

/// The largest difference between both outputs.
fn difference<T: Scalar, F: Shape>(y: &Batch<T, Dyn, F>, expected: &[f64]) -> f64 {
    let y = y.transpose();
    assert_eq!(y.len(), expected.len());
    y.iter().zip(expected).map(|(y, expected)| (y.as_f64() - expected).abs()).fold(0.0, f64::max)
}

/// Imports a model, compares its outputs with PyTorch's, and exports it again, with the names that PyTorch expects.
fn check<Net: Network<Scalar = f32>>(name: &str, zeros: Batch<f32, Dyn, Net::Input>, names: PyTorch) {
    let net = Net::import(fixture(&format!("{name}.safetensors")), PyTorch::new()).unwrap();
    let [x, y] = numbers(name);
    let found = net.predict(&batch(&x, zeros));
    assert!(difference(&found, &y) < 1e-6, "{name}: {}", difference(&found, &y));

    let path = folder().join(format!("{name}.safetensors"));
    net.export(&path, names.clone()).unwrap();
    let values = json!({ "x": x, "y": found.transpose().as_slice() });
    fs::write(folder().join(format!("{name}.json")), values.to_string()).unwrap();
    let again = Net::import(&path, names).unwrap();
    assert!(net.parameters().eq(again.parameters()), "{name}");
}

fn residual_names() -> PyTorch {
    let units = (1..3).flat_map(|unit| {
        [("conv2d1", "conv1"), ("batch_norm1", "bn1"), ("conv2d2", "conv2"), ("batch_norm2", "bn2")]
            .map(|(own, other)| (format!("unit{unit}.residual1.{own}"), format!("blocks.{}.{other}", unit - 1)))
    });
    PyTorch::named(units.chain([("affine1".to_owned(), "head".to_owned())]))
}

#[test]
fn networks_compute_what_pytorch_computes() {
    check::<Dense>("dense", Batch::zeros(Dyn(5), Const), PyTorch::numbered());
    let names = [("conv2d1", "conv1"), ("batch_norm1", "bn1"), ("conv2d2", "conv2"), ("affine1", "fc")];
    check::<Conv>("conv", Batch::zeros(Dyn(5), Const), PyTorch::named(names));
    check::<Residual20>("residual", Batch::zeros(Dyn(5), Const), residual_names());
    check::<Words>("words", Batch::from_classes(Dyn(5), &[0; 5]).unwrap(), PyTorch::numbered());
    check::<Signal>("signal", Batch::zeros(Dyn(5), Const), PyTorch::numbered());
    check::<Larger>("larger", Batch::zeros(Dyn(5), Const), PyTorch::numbered());
}

#[test]
fn running_statistics_are_read() {
    let net: Conv = Conv::import(fixture("conv.safetensors"), PyTorch::new()).unwrap();
    assert!(net.batch_norm1.variance.iter().all(|&variance| variance != 1.0));
    assert!(net.batch_norm1.mean.iter().all(|&mean| mean != 0.0));
}

#[test]
fn floats_of_all_sizes_are_converted() {
    let [x, y] = numbers("dense");
    for (name, tolerance) in [("float64", 1e-6), ("float16", 0.05), ("bfloat16", 0.3)] {
        let net: Dense = Dense::import(fixture(&format!("{name}.safetensors")), PyTorch::new()).unwrap();
        let found = difference(&net.predict(&batch(&x, Batch::zeros(Dyn(5), Const))), &y);
        assert!(found < tolerance, "{name}: {found}");
        let net = Dense::<f64>::import(fixture(&format!("{name}.safetensors")), PyTorch::numbered()).unwrap();
        let found = difference(&net.predict(&batch(&x, Batch::zeros(Dyn(5), Const))), &y);
        assert!(found < tolerance, "{name}: {found}");
    }
}

/// The error of an import, without the path.
fn error<Net: Network>(path: &Path, names: PyTorch) -> String {
    let Err(error) = Net::import(path, names) else { panic!("{} was read", path.display()) };
    error.to_string().replace(&format!("`{}` ", path.display()), "")
}

#[test]
fn one_error_lists_all_tensors_that_do_not_fit() {
    let expected = "does not hold this network: its `0.weight` is 8 x 5, but `affine1.weight` should be 9 x 5; \
        its `0.bias` is 8, but `affine1.bias` should be 9; its `2.weight` is 8 x 8, but `affine2.weight` should be 8 x 9; \
        it has nothing for `layer_norm1.scale` of 8; it has nothing for `layer_norm1.shift` of 8";
    assert_eq!(error::<Three>(&fixture("dense.safetensors"), PyTorch::new()), expected);
    let names = [("affine1", "0"), ("affine2", "2"), ("layer_norm1", "3"), ("affine3", "5")];
    let found = error::<Three>(&fixture("dense.safetensors"), PyTorch::named(names));
    let expected = "does not hold this network: its `0.weight` is 8 x 5, but `affine1.weight` should be 9 x 5; \
        its `0.bias` is 8, but `affine1.bias` should be 9; its `2.weight` is 8 x 8, but `affine2.weight` should be 8 x 9; \
        it has no `3.weight` of 8; it has no `3.bias` of 8; it has no `5.weight` of 3 x 8; it has no `5.bias` of 3; \
        its `4.bias` of 3 is left over; its `4.weight` of 3 x 8 is left over";
    assert_eq!(found, expected);
}

#[test]
fn names_that_are_unclear_or_wrong_are_errors() {
    let path = folder().join("twins");
    let net = Twins::<f32>::random(He, &mut StdRng::seed_from_u64(1));
    net.export(&path, PyTorch::named([("concat1.0", "left"), ("concat1.1", "right")])).unwrap();
    let found = error::<Twins>(&path, PyTorch::new());
    assert!(found.contains("`left.affine1` and `right.affine1` have equal shapes and no numbers"), "{found}");
    let again = Twins::import(&path, PyTorch::named([("concat1.0", "left"), ("concat1.1", "right")])).unwrap();
    assert!(net.parameters().eq(again.parameters()));

    let found = error::<Twins>(&path, PyTorch::named([("concat1.0", "left"), ("fc1", "right")]));
    assert_eq!(found, "cannot hold this network, which has no parameters in `fc1`");
    let names = PyTorch::named([("concat1.0.affine1", "fc"), ("concat1.1.affine1", "fc")]);
    let found = net.export(&path, names.clone()).unwrap_err().to_string();
    assert!(found.ends_with("two parameters are named `fc.weight`"), "{found}");
    let found = error::<Twins>(&path, names);
    assert!(found.ends_with("two parameters are named `fc.weight`"), "{found}");
}

#[test]
fn pickles_are_refused_with_the_line_that_converts_them() {
    let found = error::<Dense>(&fixture("pickle.pt"), PyTorch::new());
    let line = "safetensors.torch.save_file(torch.load(\"pickle.pt\", weights_only=True), \"pickle.safetensors\")";
    assert!(found.ends_with(line), "{found}");
}

#[test]
fn values_that_are_no_finite_floats_are_refused() {
    let path = folder().join("values");
    let net = Twins::<f64>::random(He, &mut StdRng::seed_from_u64(1));
    net.export(&path, PyTorch::new()).unwrap();
    let bytes = fs::read(&path).unwrap();
    let text = String::from_utf8_lossy(&bytes);
    let wrong = text.find("F64").unwrap();
    let mut integers = bytes.clone();
    integers[wrong] = b'I';
    fs::write(&path, integers).unwrap();
    let found = error::<Twins>(&path, PyTorch::new());
    assert!(found.ends_with("as I64, but it should be F16, BF16, F32 or F64"), "{found}");

    let mut huge = bytes;
    let end = huge.len();
    huge[end - 8..].copy_from_slice(&1e300_f64.to_le_bytes());
    fs::write(&path, huge).unwrap();
    assert!(Twins::<f64>::import(&path, PyTorch::new()).is_ok());
    let found = error::<Twins>(&path, PyTorch::new());
    assert!(found.starts_with("holds a NaN or infinite value in `concat1."), "{found}");
    assert!(
        Twins::<f64>::import(Path::new("no such file"), PyTorch::new())
            .unwrap_err()
            .to_string()
            .starts_with("cannot read")
    );
}

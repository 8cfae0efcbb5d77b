//! A network keeps its hyperparameters in files, in `f64` copies and in resumed training runs.

use std::ops::ControlFlow;
use std::path::PathBuf;

use typenet::nalgebra::{Dim, Matrix, RawStorage};
use typenet::training::Trainer;
use typenet::{LayerTape, data::Table, prelude::*};

/// `y = s · x` below 0, shifted, with two settings.
#[activation]
fn bend<T: Scalar>(x: T, slope: T, shift: T) -> T {
    x.max(slope * x) + shift
}

/// A layer made of another layer.
#[derive(Clone, Default)]
struct Wrapped(LeakyRelu);

impl<T: Scalar> Parameters<T> for Wrapped {
    fn part(&self, index: usize) -> Option<Part<'_, T>> {
        (index == 0).then(|| Part::inside("inner", &self.0))
    }

    fn part_mut(&mut self, index: usize) -> Option<PartMut<'_, T>> {
        (index == 0).then_some(PartMut::Inside(&mut self.0))
    }
}

impl<T: Scalar, F: Shape> Infer<T, F> for Wrapped {
    type Out = F;

    fn infer_into(&self, x: &[T], y: &mut [T], _: &mut [T]) {
        Infer::<T, F>::infer_into(&self.0, x, y, &mut []);
    }
}

impl<T: Scalar, F: Shape> Layer<T, F> for Wrapped {
    type Cache<N: Dim> = LayerTape<T, N, F, LeakyRelu>;

    fn forward<N: Dim, S: RawStorage<T, N, F>>(
        &self,
        x: &Matrix<T, N, F, S>,
        y: &mut Batch<T, N, F>,
        inner: &mut Self::Cache<N>,
        mode: Mode,
    ) {
        inner.forward(&self.0, x, mode.inside(0));
        y.copy_from(&inner.y);
    }

    fn backward<N: Dim, S: RawStorage<T, N, F>>(
        &self,
        x: &Matrix<T, N, F, S>,
        _: &Batch<T, N, F>,
        dy: &Batch<T, N, F>,
        dx: Option<&mut Batch<T, N, F>>,
        inner: &mut Self::Cache<N>,
    ) {
        inner.dy.copy_from(dy);
        inner.backward(&self.0, x, dx);
    }
}

/// A squared error with a factor: a loss with a setting.
#[derive(Clone, Copy, Debug)]
struct Weighted {
    weight: f64,
}

impl Default for Weighted {
    fn default() -> Self {
        Self { weight: 1.0 }
    }
}

impl<F: Shape> Loss<F> for Weighted {
    type Target<T: Scalar, N: Dim> = Batch<T, N, F>;

    fn forward<T: Scalar, N: Dim>(&self, y: &Batch<T, N, F>, t: &Batch<T, N, F>) -> T {
        T::of(self.weight) * Loss::forward(&MeanSquaredError, y, t)
    }

    fn backward<T: Scalar, N: Dim>(&self, y: &Batch<T, N, F>, t: &Batch<T, N, F>, dy: &mut Batch<T, N, F>) -> T {
        let loss = Loss::backward(&MeanSquaredError, y, t, dy);
        **dy *= T::of(self.weight);
        T::of(self.weight) * loss
    }

    fn part<T: Scalar>(&self, index: usize) -> Option<Part<'_, T>> {
        (index == 0).then(|| Part::setting("weight", &self.weight))
    }

    fn part_mut<T: Scalar>(&mut self, index: usize) -> Option<PartMut<'_, T>> {
        (index == 0).then_some(PartMut::Setting(&mut self.weight))
    }

    fn convert<T: Scalar, U: Scalar, N: Dim>(target: &Batch<T, N, F>) -> Batch<U, N, F> {
        Batch::from_matrix(target)
    }
}

network! {
    struct Net = Affine<2, 5> -> LeakyRelu -> Elu(0.5) -> Bend(0.1, 0.0) -> wrapped: Wrapped -> Affine<5, 2> -> Weighted;
}

/// A network whose settings all differ from its declaration.
fn changed<T: Scalar>() -> Net<T> {
    let mut net = Net::random(He, &mut StdRng::seed_from_u64(1));
    net.leaky_relu1.negative_slope = 0.9;
    net.elu1.alpha = 1.5;
    net.bend1 = Bend::new(0.7, 0.2);
    net.wrapped.0.negative_slope = 0.1 + 0.2; // not a short decimal
    net.loss.weight = 3.0;
    net
}

fn settings<T: Scalar>(net: &Net<T>) -> [f64; 6] {
    let Net { leaky_relu1, elu1, bend1, wrapped, loss, .. } = net;
    [leaky_relu1.negative_slope, elu1.alpha, bend1.slope, bend1.shift, wrapped.0.negative_slope, loss.weight]
}

fn x<T: Scalar>() -> SMatrix<T, 3, 2> {
    SMatrix::from_fn(|i, j| T::of((i as f64 * 1.3 + j as f64).sin() * 2.0 - 0.7))
}

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name)
}

#[test]
fn a_file_has_the_settings_of_the_network() {
    let (net, path) = (changed::<f32>(), path("settings.safetensors"));
    net.save(&path).unwrap();
    let loaded: Net = Net::load(&path).unwrap();
    assert_eq!(settings(&loaded), settings(&net));
    assert_eq!(loaded.predict(&x()), net.predict(&x()));
    assert_ne!(Net::<f32>::default().predict(&x()), net.predict(&x()));
}

#[test]
fn double_precision_and_copies_have_the_settings_of_the_network() {
    let net = changed::<f32>();
    assert_eq!(settings(&net.to_f64()), settings(&net));
    let mut copy = Net::default();
    copy.copy_from(&net);
    assert_eq!(settings(&copy), settings(&net));
    net.gradient_check(&x(), &Batch::from_matrix(&x::<f32>())).unwrap();
}

#[test]
fn resumed_runs_and_best_networks_keep_the_settings() {
    let (x, path) = (x::<f32>(), path("settings-training.safetensors"));
    let rows: Vec<f32> = x.row_iter().flat_map(|row| row.iter().copied().collect::<Vec<_>>()).collect();
    let data: Table<f32, Const<2>, Batch<f32, Dyn, Const<2>>> = Table::regression(&rows, &rows).unwrap();
    let trainer = |net| {
        Trainer::new(net, Adam::new(), Schedule::constant(0.01), &data).batch_size(2).epochs(20).early_stopping(20)
    };
    let mut whole = trainer(changed()).checkpoint(&path, 7);
    let mut steps = 0;
    whole = whole.on_step(move |_, _| {
        steps += 1;
        if steps == 9 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    whole.run().unwrap();

    // The settings of the file replace those of the declaration.
    let mut resumed = trainer(Net::default()).resume(&path).unwrap();
    resumed.run().unwrap();
    let mut unbroken = trainer(changed());
    unbroken.run().unwrap();
    for net in [resumed.network(), unbroken.network(), &Net::load(&path).unwrap()] {
        assert_eq!(settings(net), settings(&changed::<f32>()));
    }
    assert_eq!(resumed.network().predict(&x), unbroken.network().predict(&x));
    assert_eq!(resumed.history().steps, unbroken.history().steps);
}

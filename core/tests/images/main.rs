//! Compares the layers for images and signals with PyTorch: 30 settings each, forward and backward, in both precisions.

mod convolutions;
mod fixture;
mod pools;

use typenet_core::layers::{
    AdaptiveAveragePool2d, AveragePool1d, AveragePool2d, BatchNorm, Conv1d, Conv2d, ConvTranspose2d, DepthwiseConv2d,
    GlobalAveragePool, MaxPool1d, MaxPool2d, Upsample2d,
};
use typenet_core::nalgebra::{Const, Dyn};
use typenet_core::rand::{SeedableRng, rngs::StdRng};
use typenet_core::{Batch, Enlarge, Features, He, Layer, LayerTape, Mode, PartMut, Scalar, Shape, with_threads};

use crate::fixture::{Fixture, Pixels, TRAIN, series};

fn batch_norm<const C: usize, const H: usize, const W: usize, const TRAINING: bool>(fixture: &Fixture) {
    batch_norm_in::<f32, C, H, W, TRAINING>(fixture);
    batch_norm_in::<f64, C, H, W, TRAINING>(fixture);
}

fn batch_norm_in<T: Scalar, const C: usize, const H: usize, const W: usize, const TRAINING: bool>(fixture: &Fixture) {
    let name = format!("BatchNorm {C} {H} {W} {}", usize::from(TRAINING));
    let mut layer = BatchNorm::<C, T>::default();
    layer.mean.iter_mut().for_each({
        let mut draw = series::<T>(5);
        move |mean| *mean = draw()
    });
    let mut draw = series::<T>(6);
    layer.variance.iter_mut().for_each(|variance| *variance = draw().abs() + T::of(0.5));
    let mode = if TRAINING { TRAIN } else { Mode::Infer };
    let tape = fixture.check::<T, Pixels<C, H, W>, _>(&name, &mut layer, &["scale", "shift"], mode);
    if TRAINING {
        let mut statistics = layer.clone();
        statistics.mean.fill(T::zero());
        statistics.variance.fill(T::zero());
        tape.add_statistics(T::one(), &mut statistics);
        let momentum = T::of(layer.momentum);
        layer.mean.zip_apply(&statistics.mean, |mean, batch| *mean += momentum * (batch - *mean));
        layer.variance.zip_apply(&statistics.variance, |variance, batch| *variance += momentum * (batch - *variance));
    }
    fixture.compare(&format!("{name} mean"), layer.mean.as_slice());
    fixture.compare(&format!("{name} variance"), layer.variance.as_slice());
}

fn upsample2d<const C: usize, const H: usize, const W: usize, const S: usize>(fixture: &Fixture)
where
    Const<H>: Enlarge<S>,
    Const<W>: Enlarge<S>,
{
    let name = format!("Upsample2d {C} {H} {W} {S}");
    fixture.check::<f32, Pixels<C, H, W>, _>(&name, &mut Upsample2d::<S>, &[], TRAIN);
    fixture.check::<f64, Pixels<C, H, W>, _>(&name, &mut Upsample2d::<S>, &[], TRAIN);
}

/// Runs a layer forward and backward on a batch without samples, and on enough samples for several threads.
fn run_sizes<In: Shape + Features, L: Layer<f32, In> + Default>() {
    let run = |samples: usize, threads: usize| {
        with_threads(threads, || {
            let (mut layer, mut gradient) = (L::default(), L::default());
            layer.initialize(&He, &mut StdRng::seed_from_u64(1));
            let x = Batch::<f32, Dyn, In>::from_fn(Dyn(samples), In::name(), |i, j| (((i + 2) * (j + 3)) as f32).sin());
            let (mut tape, mut dx) =
                (LayerTape::<f32, Dyn, In, L>::new(Dyn(samples)), Batch::zeros(Dyn(samples), In::name()));
            tape.forward(&layer, &x, if samples == 0 { Mode::Infer } else { TRAIN });
            tape.dy.copy_from(&tape.y.clone());
            tape.backward(&layer, &x, Some(&mut dx));
            tape.add_gradient(&x, 1.0, &mut gradient);
            let gradients = (0..).map_while(|index| match gradient.part_mut(index) {
                Some(PartMut::Parameter(values)) => Some(values.to_vec()),
                _ => None,
            });
            [tape.y.iter().copied().collect(), dx.iter().copied().collect()]
                .into_iter()
                .chain(gradients)
                .collect::<Vec<Vec<f32>>>()
        })
        .unwrap()
    };
    assert!(run(0, 1)[0].is_empty());
    let one = run(300, 1);
    assert_eq!(run(300, 2), one);
    assert_eq!(run(300, 3), one);
}

#[test]
fn any_number_of_samples_and_threads_is_possible() {
    type Photo = Pixels<7, 12, 14>;
    type Signal = Pixels<7, 1, 150>;
    run_sizes::<Photo, Conv2d<7, 5, 3>>();
    run_sizes::<Photo, DepthwiseConv2d<7, 3>>();
    run_sizes::<Photo, MaxPool2d<2>>();
    run_sizes::<Photo, AveragePool2d<2>>();
    run_sizes::<Photo, GlobalAveragePool>();
    run_sizes::<Photo, Upsample2d<2>>();
    run_sizes::<Photo, BatchNorm<7>>();
    run_sizes::<Photo, Conv2d<7, 14, 3, f32, typenet_core::Square<3>, true, 1>>();
    run_sizes::<Photo, ConvTranspose2d<7, 5, 3>>();
    run_sizes::<Photo, AdaptiveAveragePool2d<5>>();
    run_sizes::<Signal, Conv1d<7, 5, 9>>();
    run_sizes::<Signal, MaxPool1d<3>>();
    run_sizes::<Signal, AveragePool1d<3>>();
}

#[test]
fn batch_norm_agrees_with_pytorch() {
    let fixture = Fixture::default();
    batch_norm::<1, 1, 3, true>(&fixture);
    batch_norm::<1, 1, 3, false>(&fixture);
    batch_norm::<1, 2, 2, true>(&fixture);
    batch_norm::<1, 2, 2, false>(&fixture);
    batch_norm::<1, 4, 4, true>(&fixture);
    batch_norm::<1, 4, 4, false>(&fixture);
    batch_norm::<2, 1, 2, true>(&fixture);
    batch_norm::<2, 1, 2, false>(&fixture);
    batch_norm::<2, 2, 3, true>(&fixture);
    batch_norm::<2, 2, 3, false>(&fixture);
    batch_norm::<2, 3, 2, true>(&fixture);
    batch_norm::<2, 3, 2, false>(&fixture);
    batch_norm::<2, 3, 4, true>(&fixture);
    batch_norm::<2, 3, 4, false>(&fixture);
    batch_norm::<3, 1, 1, true>(&fixture);
    batch_norm::<3, 1, 1, false>(&fixture);
    batch_norm::<3, 2, 2, true>(&fixture);
    batch_norm::<3, 2, 2, false>(&fixture);
    batch_norm::<3, 2, 4, true>(&fixture);
    batch_norm::<3, 2, 4, false>(&fixture);
    batch_norm::<3, 4, 2, true>(&fixture);
    batch_norm::<3, 4, 2, false>(&fixture);
    batch_norm::<4, 2, 2, true>(&fixture);
    batch_norm::<4, 2, 2, false>(&fixture);
    batch_norm::<4, 3, 1, true>(&fixture);
    batch_norm::<4, 3, 1, false>(&fixture);
    batch_norm::<5, 2, 1, true>(&fixture);
    batch_norm::<5, 2, 1, false>(&fixture);
    batch_norm::<7, 1, 3, true>(&fixture);
    batch_norm::<7, 1, 3, false>(&fixture);
    fixture.finish("BatchNorm");
}

#[test]
fn upsample2d_agrees_with_pytorch() {
    let fixture = Fixture::default();
    upsample2d::<1, 1, 3, 1>(&fixture);
    upsample2d::<1, 1, 3, 3>(&fixture);
    upsample2d::<1, 2, 2, 2>(&fixture);
    upsample2d::<1, 2, 2, 4>(&fixture);
    upsample2d::<1, 4, 4, 1>(&fixture);
    upsample2d::<1, 4, 4, 3>(&fixture);
    upsample2d::<2, 1, 2, 2>(&fixture);
    upsample2d::<2, 1, 2, 4>(&fixture);
    upsample2d::<2, 2, 3, 1>(&fixture);
    upsample2d::<2, 2, 3, 3>(&fixture);
    upsample2d::<2, 3, 2, 2>(&fixture);
    upsample2d::<2, 3, 2, 4>(&fixture);
    upsample2d::<2, 3, 4, 1>(&fixture);
    upsample2d::<2, 3, 4, 3>(&fixture);
    upsample2d::<3, 1, 1, 2>(&fixture);
    upsample2d::<3, 1, 1, 4>(&fixture);
    upsample2d::<3, 2, 2, 1>(&fixture);
    upsample2d::<3, 2, 2, 3>(&fixture);
    upsample2d::<3, 2, 4, 2>(&fixture);
    upsample2d::<3, 2, 4, 4>(&fixture);
    upsample2d::<3, 4, 2, 1>(&fixture);
    upsample2d::<3, 4, 2, 3>(&fixture);
    upsample2d::<4, 2, 2, 2>(&fixture);
    upsample2d::<4, 2, 2, 4>(&fixture);
    upsample2d::<4, 3, 1, 1>(&fixture);
    upsample2d::<4, 3, 1, 3>(&fixture);
    upsample2d::<5, 2, 1, 2>(&fixture);
    upsample2d::<5, 2, 1, 4>(&fixture);
    upsample2d::<7, 1, 3, 1>(&fixture);
    upsample2d::<7, 1, 3, 3>(&fixture);
    fixture.finish("Upsample2d");
}

//! Pooling.

use typenet_core::layers::{
    AdaptiveAveragePool2d, AveragePool1d, AveragePool2d, GlobalAveragePool, MaxPool1d, MaxPool2d,
};
use typenet_core::nalgebra::Const;
use typenet_core::{Line, Mode, Slide, Window};

use crate::fixture::{Fixture, Pixels, TRAIN, name, name_of_line};

fn max_pool2d<
    const C: usize,
    const H: usize,
    const W: usize,
    const K: usize,
    P: Slide<Const<H>, Const<W>>,
    const COUNTED: bool,
>(
    fixture: &Fixture,
) {
    let name = name::<P>("MaxPool2d", &[C, H, W], COUNTED);
    for mode in [TRAIN, Mode::Infer] {
        fixture.check::<f32, Pixels<C, H, W>, _>(&name, &mut MaxPool2d::<K, P>::default(), &[], mode);
        fixture.check::<f64, Pixels<C, H, W>, _>(&name, &mut MaxPool2d::<K, P>::default(), &[], mode);
    }
}

fn average_pool2d<
    const C: usize,
    const H: usize,
    const W: usize,
    const K: usize,
    P: Slide<Const<H>, Const<W>>,
    const COUNT_PADDING: bool,
>(
    fixture: &Fixture,
) {
    let name = name::<P>("AveragePool2d", &[C, H, W], COUNT_PADDING);
    let mut layer = AveragePool2d::<K, P, COUNT_PADDING>::default();
    fixture.check::<f32, Pixels<C, H, W>, _>(&name, &mut layer, &[], TRAIN);
    fixture.check::<f64, Pixels<C, H, W>, _>(&name, &mut layer, &[], TRAIN);
}

fn adaptive_average_pool2d<const C: usize, const H: usize, const W: usize, const OH: usize, const OW: usize>(
    fixture: &Fixture,
) {
    let name = format!("AdaptiveAveragePool2d {C} {H} {W} {OH} {OW}");
    fixture.check::<f32, Pixels<C, H, W>, _>(&name, &mut AdaptiveAveragePool2d::<OH, OW>, &[], TRAIN);
    fixture.check::<f64, Pixels<C, H, W>, _>(&name, &mut AdaptiveAveragePool2d::<OH, OW>, &[], TRAIN);
}

fn max_pool1d<const C: usize, const L: usize, const K: usize, P: Slide<Const<1>, Const<L>>>(fixture: &Fixture) {
    let name = name_of_line::<P>("MaxPool1d", &[C, L], true);
    fixture.check::<f32, Pixels<C, 1, L>, _>(&name, &mut MaxPool1d::<K, P>::default(), &[], TRAIN);
    fixture.check::<f64, Pixels<C, 1, L>, _>(&name, &mut MaxPool1d::<K, P>::default(), &[], TRAIN);
}

fn average_pool1d<
    const C: usize,
    const L: usize,
    const K: usize,
    P: Slide<Const<1>, Const<L>>,
    const COUNT_PADDING: bool,
>(
    fixture: &Fixture,
) {
    let name = name_of_line::<P>("AveragePool1d", &[C, L], COUNT_PADDING);
    let mut layer = AveragePool1d::<K, P, COUNT_PADDING>::default();
    fixture.check::<f32, Pixels<C, 1, L>, _>(&name, &mut layer, &[], TRAIN);
    fixture.check::<f64, Pixels<C, 1, L>, _>(&name, &mut layer, &[], TRAIN);
}

fn global_average_pool<const C: usize, const H: usize, const W: usize>(fixture: &Fixture) {
    let name = format!("GlobalAveragePool {C} {H} {W}");
    fixture.check::<f32, Pixels<C, H, W>, _>(&name, &mut GlobalAveragePool, &[], TRAIN);
    fixture.check::<f64, Pixels<C, H, W>, _>(&name, &mut GlobalAveragePool, &[], TRAIN);
}

#[test]
fn max_pool2d_agrees_with_pytorch() {
    let fixture = Fixture::default();
    max_pool2d::<1, 1, 1, 1, Window<1, 1, 1, 1, 0, 0, 1, 1>, true>(&fixture);
    max_pool2d::<2, 3, 3, 1, Window<1, 1, 1, 1, 0, 0, 1, 1>, true>(&fixture);
    max_pool2d::<1, 3, 3, 3, Window<3, 3, 1, 1, 0, 0, 1, 1>, true>(&fixture);
    max_pool2d::<2, 4, 5, 3, Window<3, 3, 1, 1, 0, 0, 1, 1>, true>(&fixture);
    max_pool2d::<1, 5, 4, 3, Window<3, 3, 1, 1, 1, 1, 1, 1>, true>(&fixture);
    max_pool2d::<2, 4, 4, 2, Window<2, 2, 2, 2, 0, 0, 1, 1>, true>(&fixture);
    max_pool2d::<1, 5, 5, 2, Window<2, 2, 2, 2, 0, 0, 1, 1>, true>(&fixture);
    max_pool2d::<2, 5, 5, 3, Window<3, 3, 2, 2, 0, 0, 1, 1>, true>(&fixture);
    max_pool2d::<1, 5, 5, 3, Window<3, 3, 2, 2, 1, 1, 1, 1>, true>(&fixture);
    max_pool2d::<2, 6, 5, 3, Window<3, 3, 2, 2, 1, 1, 1, 1>, true>(&fixture);
    max_pool2d::<1, 5, 6, 5, Window<5, 5, 1, 1, 2, 2, 1, 1>, true>(&fixture);
    max_pool2d::<2, 6, 6, 5, Window<5, 5, 2, 2, 2, 2, 1, 1>, true>(&fixture);
    max_pool2d::<1, 5, 5, 3, Window<3, 3, 3, 3, 0, 0, 1, 1>, true>(&fixture);
    max_pool2d::<2, 6, 4, 3, Window<3, 3, 3, 3, 1, 1, 1, 1>, true>(&fixture);
    max_pool2d::<1, 7, 7, 2, Window<2, 2, 3, 3, 0, 0, 1, 1>, true>(&fixture);
    max_pool2d::<2, 5, 5, 3, Window<3, 1, 1, 1, 0, 0, 1, 1>, true>(&fixture);
    max_pool2d::<1, 5, 5, 1, Window<1, 3, 1, 1, 0, 0, 1, 1>, true>(&fixture);
    max_pool2d::<2, 4, 6, 2, Window<2, 3, 1, 1, 0, 0, 1, 1>, true>(&fixture);
    max_pool2d::<1, 6, 4, 3, Window<3, 2, 1, 1, 1, 1, 1, 1>, true>(&fixture);
    max_pool2d::<2, 6, 5, 3, Window<3, 2, 2, 1, 0, 0, 1, 1>, true>(&fixture);
    max_pool2d::<1, 5, 6, 2, Window<2, 3, 1, 2, 1, 0, 1, 1>, true>(&fixture);
    max_pool2d::<2, 6, 6, 2, Window<2, 4, 1, 2, 0, 2, 1, 1>, true>(&fixture);
    max_pool2d::<1, 1, 7, 1, Window<1, 3, 1, 1, 0, 1, 1, 1>, true>(&fixture);
    max_pool2d::<2, 7, 1, 3, Window<3, 1, 2, 1, 1, 0, 1, 1>, true>(&fixture);
    max_pool2d::<1, 5, 5, 2, Window<2, 2, 1, 1, 0, 0, 2, 2>, true>(&fixture);
    max_pool2d::<2, 5, 5, 3, Window<3, 3, 1, 1, 0, 0, 2, 2>, true>(&fixture);
    max_pool2d::<1, 6, 6, 3, Window<3, 3, 1, 1, 1, 1, 2, 2>, true>(&fixture);
    max_pool2d::<2, 7, 6, 2, Window<2, 2, 2, 2, 1, 1, 3, 3>, true>(&fixture);
    max_pool2d::<1, 6, 5, 3, Window<3, 2, 2, 1, 1, 0, 1, 2>, true>(&fixture);
    max_pool2d::<2, 5, 7, 2, Window<2, 3, 1, 2, 0, 1, 2, 3>, true>(&fixture);
    fixture.finish("MaxPool2d");
}

#[test]
fn average_pool2d_agrees_with_pytorch() {
    let fixture = Fixture::default();
    average_pool2d::<1, 1, 1, 1, Window<1, 1, 1, 1, 0, 0, 1, 1>, true>(&fixture);
    average_pool2d::<2, 3, 3, 1, Window<1, 1, 1, 1, 0, 0, 1, 1>, true>(&fixture);
    average_pool2d::<1, 3, 3, 3, Window<3, 3, 1, 1, 0, 0, 1, 1>, false>(&fixture);
    average_pool2d::<2, 4, 5, 3, Window<3, 3, 1, 1, 0, 0, 1, 1>, true>(&fixture);
    average_pool2d::<1, 5, 4, 3, Window<3, 3, 1, 1, 1, 1, 1, 1>, true>(&fixture);
    average_pool2d::<2, 4, 4, 2, Window<2, 2, 2, 2, 0, 0, 1, 1>, false>(&fixture);
    average_pool2d::<1, 5, 5, 2, Window<2, 2, 2, 2, 0, 0, 1, 1>, true>(&fixture);
    average_pool2d::<2, 5, 5, 3, Window<3, 3, 2, 2, 0, 0, 1, 1>, true>(&fixture);
    average_pool2d::<1, 5, 5, 3, Window<3, 3, 2, 2, 1, 1, 1, 1>, false>(&fixture);
    average_pool2d::<2, 6, 5, 3, Window<3, 3, 2, 2, 1, 1, 1, 1>, true>(&fixture);
    average_pool2d::<1, 5, 6, 5, Window<5, 5, 1, 1, 2, 2, 1, 1>, true>(&fixture);
    average_pool2d::<2, 6, 6, 5, Window<5, 5, 2, 2, 2, 2, 1, 1>, false>(&fixture);
    average_pool2d::<1, 5, 5, 3, Window<3, 3, 3, 3, 0, 0, 1, 1>, true>(&fixture);
    average_pool2d::<2, 6, 4, 3, Window<3, 3, 3, 3, 1, 1, 1, 1>, true>(&fixture);
    average_pool2d::<1, 7, 7, 2, Window<2, 2, 3, 3, 0, 0, 1, 1>, false>(&fixture);
    average_pool2d::<2, 5, 5, 3, Window<3, 1, 1, 1, 0, 0, 1, 1>, true>(&fixture);
    average_pool2d::<1, 5, 5, 1, Window<1, 3, 1, 1, 0, 0, 1, 1>, true>(&fixture);
    average_pool2d::<2, 4, 6, 2, Window<2, 3, 1, 1, 0, 0, 1, 1>, false>(&fixture);
    average_pool2d::<1, 6, 4, 3, Window<3, 2, 1, 1, 1, 1, 1, 1>, true>(&fixture);
    average_pool2d::<2, 6, 5, 3, Window<3, 2, 2, 1, 0, 0, 1, 1>, true>(&fixture);
    average_pool2d::<1, 5, 6, 2, Window<2, 3, 1, 2, 1, 0, 1, 1>, false>(&fixture);
    average_pool2d::<2, 6, 6, 2, Window<2, 4, 1, 2, 0, 2, 1, 1>, true>(&fixture);
    average_pool2d::<1, 1, 7, 1, Window<1, 3, 1, 1, 0, 1, 1, 1>, true>(&fixture);
    average_pool2d::<2, 7, 1, 3, Window<3, 1, 2, 1, 1, 0, 1, 1>, false>(&fixture);
    average_pool2d::<1, 2, 2, 2, Window<2, 2, 1, 1, 1, 1, 1, 1>, true>(&fixture);
    average_pool2d::<2, 6, 6, 4, Window<4, 4, 2, 2, 2, 2, 1, 1>, true>(&fixture);
    average_pool2d::<1, 4, 7, 4, Window<4, 2, 4, 2, 2, 1, 1, 1>, false>(&fixture);
    average_pool2d::<2, 6, 3, 2, Window<2, 3, 3, 1, 1, 1, 1, 1>, true>(&fixture);
    average_pool2d::<1, 7, 5, 5, Window<5, 4, 3, 2, 2, 1, 1, 1>, true>(&fixture);
    average_pool2d::<2, 3, 6, 3, Window<3, 6, 1, 1, 1, 3, 1, 1>, false>(&fixture);
    fixture.finish("AveragePool2d");
}

#[test]
fn global_average_pool_agrees_with_pytorch() {
    let fixture = Fixture::default();
    global_average_pool::<1, 1, 3>(&fixture);
    global_average_pool::<1, 4, 5>(&fixture);
    global_average_pool::<1, 2, 2>(&fixture);
    global_average_pool::<1, 5, 4>(&fixture);
    global_average_pool::<1, 4, 4>(&fixture);
    global_average_pool::<1, 7, 6>(&fixture);
    global_average_pool::<2, 1, 2>(&fixture);
    global_average_pool::<2, 4, 4>(&fixture);
    global_average_pool::<2, 2, 3>(&fixture);
    global_average_pool::<2, 5, 5>(&fixture);
    global_average_pool::<2, 3, 2>(&fixture);
    global_average_pool::<2, 6, 4>(&fixture);
    global_average_pool::<2, 3, 4>(&fixture);
    global_average_pool::<2, 6, 6>(&fixture);
    global_average_pool::<3, 1, 1>(&fixture);
    global_average_pool::<3, 4, 3>(&fixture);
    global_average_pool::<3, 2, 2>(&fixture);
    global_average_pool::<3, 5, 4>(&fixture);
    global_average_pool::<3, 2, 4>(&fixture);
    global_average_pool::<3, 5, 6>(&fixture);
    global_average_pool::<3, 4, 2>(&fixture);
    global_average_pool::<3, 7, 4>(&fixture);
    global_average_pool::<4, 2, 2>(&fixture);
    global_average_pool::<4, 5, 4>(&fixture);
    global_average_pool::<4, 3, 1>(&fixture);
    global_average_pool::<4, 6, 3>(&fixture);
    global_average_pool::<5, 2, 1>(&fixture);
    global_average_pool::<5, 5, 3>(&fixture);
    global_average_pool::<7, 1, 3>(&fixture);
    global_average_pool::<7, 4, 5>(&fixture);
    fixture.finish("GlobalAveragePool");
}

#[test]
fn max_pool1d_agrees_with_pytorch() {
    let fixture = Fixture::default();
    max_pool1d::<1, 1, 1, Line<1, 1, 0, 1>>(&fixture);
    max_pool1d::<2, 5, 1, Line<1, 1, 0, 1>>(&fixture);
    max_pool1d::<1, 3, 3, Line<3, 1, 0, 1>>(&fixture);
    max_pool1d::<2, 7, 3, Line<3, 1, 0, 1>>(&fixture);
    max_pool1d::<1, 7, 3, Line<3, 1, 1, 1>>(&fixture);
    max_pool1d::<2, 8, 2, Line<2, 2, 0, 1>>(&fixture);
    max_pool1d::<1, 9, 2, Line<2, 2, 0, 1>>(&fixture);
    max_pool1d::<2, 9, 3, Line<3, 2, 0, 1>>(&fixture);
    max_pool1d::<1, 9, 3, Line<3, 2, 1, 1>>(&fixture);
    max_pool1d::<2, 10, 3, Line<3, 2, 1, 1>>(&fixture);
    max_pool1d::<1, 9, 5, Line<5, 1, 2, 1>>(&fixture);
    max_pool1d::<2, 12, 5, Line<5, 2, 2, 1>>(&fixture);
    max_pool1d::<1, 9, 3, Line<3, 3, 0, 1>>(&fixture);
    max_pool1d::<2, 10, 3, Line<3, 3, 1, 1>>(&fixture);
    max_pool1d::<1, 11, 2, Line<2, 3, 0, 1>>(&fixture);
    max_pool1d::<2, 16, 7, Line<7, 1, 3, 1>>(&fixture);
    max_pool1d::<1, 17, 7, Line<7, 2, 3, 1>>(&fixture);
    max_pool1d::<2, 20, 4, Line<4, 4, 0, 1>>(&fixture);
    max_pool1d::<1, 20, 4, Line<4, 4, 2, 1>>(&fixture);
    max_pool1d::<2, 21, 6, Line<6, 3, 2, 1>>(&fixture);
    max_pool1d::<1, 5, 4, Line<4, 1, 2, 1>>(&fixture);
    max_pool1d::<2, 2, 2, Line<2, 1, 1, 1>>(&fixture);
    max_pool1d::<1, 13, 9, Line<9, 4, 4, 1>>(&fixture);
    max_pool1d::<2, 40, 11, Line<11, 5, 3, 1>>(&fixture);
    max_pool1d::<1, 7, 2, Line<2, 1, 0, 2>>(&fixture);
    max_pool1d::<2, 9, 3, Line<3, 1, 0, 3>>(&fixture);
    max_pool1d::<1, 12, 3, Line<3, 2, 1, 2>>(&fixture);
    max_pool1d::<2, 15, 4, Line<4, 3, 2, 4>>(&fixture);
    max_pool1d::<1, 8, 2, Line<2, 5, 1, 3>>(&fixture);
    max_pool1d::<2, 30, 5, Line<5, 2, 2, 5>>(&fixture);
    fixture.finish("MaxPool1d");
}

#[test]
fn average_pool1d_agrees_with_pytorch() {
    let fixture = Fixture::default();
    average_pool1d::<1, 1, 1, Line<1, 1, 0>, true>(&fixture);
    average_pool1d::<2, 5, 1, Line<1, 1, 0>, true>(&fixture);
    average_pool1d::<1, 3, 3, Line<3, 1, 0>, false>(&fixture);
    average_pool1d::<2, 7, 3, Line<3, 1, 0>, true>(&fixture);
    average_pool1d::<1, 7, 3, Line<3, 1, 1>, true>(&fixture);
    average_pool1d::<2, 8, 2, Line<2, 2, 0>, false>(&fixture);
    average_pool1d::<1, 9, 2, Line<2, 2, 0>, true>(&fixture);
    average_pool1d::<2, 9, 3, Line<3, 2, 0>, true>(&fixture);
    average_pool1d::<1, 9, 3, Line<3, 2, 1>, false>(&fixture);
    average_pool1d::<2, 10, 3, Line<3, 2, 1>, true>(&fixture);
    average_pool1d::<1, 9, 5, Line<5, 1, 2>, true>(&fixture);
    average_pool1d::<2, 12, 5, Line<5, 2, 2>, false>(&fixture);
    average_pool1d::<1, 9, 3, Line<3, 3, 0>, true>(&fixture);
    average_pool1d::<2, 10, 3, Line<3, 3, 1>, true>(&fixture);
    average_pool1d::<1, 11, 2, Line<2, 3, 0>, false>(&fixture);
    average_pool1d::<2, 16, 7, Line<7, 1, 3>, true>(&fixture);
    average_pool1d::<1, 17, 7, Line<7, 2, 3>, true>(&fixture);
    average_pool1d::<2, 20, 4, Line<4, 4, 0>, false>(&fixture);
    average_pool1d::<1, 20, 4, Line<4, 4, 2>, true>(&fixture);
    average_pool1d::<2, 21, 6, Line<6, 3, 2>, true>(&fixture);
    average_pool1d::<1, 5, 4, Line<4, 1, 2>, false>(&fixture);
    average_pool1d::<2, 2, 2, Line<2, 1, 1>, true>(&fixture);
    average_pool1d::<1, 13, 9, Line<9, 4, 4>, true>(&fixture);
    average_pool1d::<2, 40, 11, Line<11, 5, 3>, false>(&fixture);
    average_pool1d::<1, 7, 2, Line<2, 1, 0>, true>(&fixture);
    average_pool1d::<2, 9, 3, Line<3, 1, 0>, true>(&fixture);
    average_pool1d::<1, 12, 3, Line<3, 2, 1>, false>(&fixture);
    average_pool1d::<2, 15, 4, Line<4, 3, 2>, true>(&fixture);
    average_pool1d::<1, 8, 2, Line<2, 5, 1>, true>(&fixture);
    average_pool1d::<2, 30, 5, Line<5, 2, 2>, false>(&fixture);
    fixture.finish("AveragePool1d");
}

#[test]
fn adaptive_average_pool2d_agrees_with_pytorch() {
    let fixture = Fixture::default();
    adaptive_average_pool2d::<1, 1, 1, 1, 1>(&fixture);
    adaptive_average_pool2d::<2, 4, 4, 1, 1>(&fixture);
    adaptive_average_pool2d::<1, 4, 4, 2, 2>(&fixture);
    adaptive_average_pool2d::<2, 4, 4, 4, 4>(&fixture);
    adaptive_average_pool2d::<1, 5, 5, 2, 2>(&fixture);
    adaptive_average_pool2d::<2, 5, 5, 3, 3>(&fixture);
    adaptive_average_pool2d::<1, 5, 5, 4, 4>(&fixture);
    adaptive_average_pool2d::<2, 7, 7, 3, 3>(&fixture);
    adaptive_average_pool2d::<1, 7, 7, 5, 5>(&fixture);
    adaptive_average_pool2d::<2, 6, 4, 3, 2>(&fixture);
    adaptive_average_pool2d::<1, 6, 4, 2, 3>(&fixture);
    adaptive_average_pool2d::<2, 6, 5, 4, 1>(&fixture);
    adaptive_average_pool2d::<1, 5, 6, 1, 4>(&fixture);
    adaptive_average_pool2d::<2, 7, 3, 4, 2>(&fixture);
    adaptive_average_pool2d::<1, 3, 7, 2, 5>(&fixture);
    adaptive_average_pool2d::<2, 9, 8, 4, 3>(&fixture);
    adaptive_average_pool2d::<1, 8, 9, 7, 5>(&fixture);
    adaptive_average_pool2d::<2, 10, 10, 3, 3>(&fixture);
    adaptive_average_pool2d::<1, 10, 7, 6, 6>(&fixture);
    adaptive_average_pool2d::<2, 1, 7, 1, 3>(&fixture);
    adaptive_average_pool2d::<1, 7, 1, 3, 1>(&fixture);
    adaptive_average_pool2d::<2, 2, 2, 3, 3>(&fixture);
    adaptive_average_pool2d::<1, 3, 3, 5, 4>(&fixture);
    adaptive_average_pool2d::<2, 1, 1, 3, 2>(&fixture);
    adaptive_average_pool2d::<1, 2, 5, 4, 3>(&fixture);
    adaptive_average_pool2d::<2, 5, 2, 3, 4>(&fixture);
    adaptive_average_pool2d::<1, 11, 3, 2, 3>(&fixture);
    adaptive_average_pool2d::<2, 3, 11, 3, 2>(&fixture);
    adaptive_average_pool2d::<1, 12, 12, 5, 7>(&fixture);
    adaptive_average_pool2d::<2, 13, 6, 6, 4>(&fixture);
    fixture.finish("AdaptiveAveragePool2d");
}

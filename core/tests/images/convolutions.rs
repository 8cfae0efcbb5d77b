//! Convolutions.

use typenet_core::layers::{Conv1d, Conv2d, ConvTranspose2d, DepthwiseConv2d};
use typenet_core::nalgebra::Const;
use typenet_core::{Line, Slide, Spread, Window};

use crate::fixture::{Fixture, Pixels, TRAIN, name, name_of_line};

fn conv2d<
    const IN: usize,
    const OUT: usize,
    const H: usize,
    const W: usize,
    const K: usize,
    P: Slide<Const<H>, Const<W>>,
    const BIAS: bool,
>(
    fixture: &Fixture,
) {
    let name = name::<P>("Conv2d", &[IN, OUT, H, W], BIAS);
    let parts: &[_] = if BIAS { &["weight", "bias"] } else { &["weight"] };
    fixture.check::<f32, Pixels<IN, H, W>, _>(&name, &mut Conv2d::<IN, OUT, K, f32, P, BIAS>::default(), parts, TRAIN);
    fixture.check::<f64, Pixels<IN, H, W>, _>(&name, &mut Conv2d::<IN, OUT, K, f64, P, BIAS>::default(), parts, TRAIN);
}

fn depthwise_conv2d<
    const C: usize,
    const H: usize,
    const W: usize,
    const K: usize,
    P: Slide<Const<H>, Const<W>>,
    const BIAS: bool,
>(
    fixture: &Fixture,
) {
    let name = name::<P>("DepthwiseConv2d", &[C, C, H, W], BIAS);
    let parts: &[_] = if BIAS { &["weight", "bias"] } else { &["weight"] };
    let (mut single, mut double) =
        (DepthwiseConv2d::<C, K, f32, P, BIAS>::default(), DepthwiseConv2d::<C, K, f64, P, BIAS>::default());
    fixture.check::<f32, Pixels<C, H, W>, _>(&name, &mut single, parts, TRAIN);
    fixture.check::<f64, Pixels<C, H, W>, _>(&name, &mut double, parts, TRAIN);
}

fn grouped_conv2d<
    const IN: usize,
    const OUT: usize,
    const DEPTH: usize,
    const H: usize,
    const W: usize,
    const K: usize,
    P: Slide<Const<H>, Const<W>>,
    const BIAS: bool,
>(
    fixture: &Fixture,
) {
    let name = name::<P>("GroupedConv2d", &[IN, OUT, IN / DEPTH, H, W], BIAS);
    let parts: &[_] = if BIAS { &["weight", "bias"] } else { &["weight"] };
    let (mut single, mut double) =
        (Conv2d::<IN, OUT, K, f32, P, BIAS, DEPTH>::default(), Conv2d::<IN, OUT, K, f64, P, BIAS, DEPTH>::default());
    fixture.check::<f32, Pixels<IN, H, W>, _>(&name, &mut single, parts, TRAIN);
    fixture.check::<f64, Pixels<IN, H, W>, _>(&name, &mut double, parts, TRAIN);
}

fn conv_transpose2d<
    const IN: usize,
    const OUT: usize,
    const H: usize,
    const W: usize,
    const K: usize,
    P: Spread<Const<H>, Const<W>, EH, EW>,
    const BIAS: bool,
    const EH: usize,
    const EW: usize,
>(
    fixture: &Fixture,
) {
    let window = name::<P>("ConvTranspose2d", &[IN, OUT, H, W], BIAS);
    let (window, bias) = window.rsplit_once(' ').unwrap();
    let name = format!("{window} {EH} {EW} {bias}");
    let parts: &[_] = if BIAS { &["weight", "bias"] } else { &["weight"] };
    let (mut single, mut double) = (
        ConvTranspose2d::<IN, OUT, K, f32, P, BIAS, EH, EW>::default(),
        ConvTranspose2d::<IN, OUT, K, f64, P, BIAS, EH, EW>::default(),
    );
    fixture.check::<f32, Pixels<IN, H, W>, _>(&name, &mut single, parts, TRAIN);
    fixture.check::<f64, Pixels<IN, H, W>, _>(&name, &mut double, parts, TRAIN);
}

fn conv1d<
    const IN: usize,
    const OUT: usize,
    const L: usize,
    const K: usize,
    P: Slide<Const<1>, Const<L>>,
    const BIAS: bool,
>(
    fixture: &Fixture,
) {
    let name = name_of_line::<P>("Conv1d", &[IN, OUT, L], BIAS);
    let parts: &[_] = if BIAS { &["weight", "bias"] } else { &["weight"] };
    fixture.check::<f32, Pixels<IN, 1, L>, _>(&name, &mut Conv1d::<IN, OUT, K, f32, P, BIAS>::default(), parts, TRAIN);
    fixture.check::<f64, Pixels<IN, 1, L>, _>(&name, &mut Conv1d::<IN, OUT, K, f64, P, BIAS>::default(), parts, TRAIN);
}

#[test]
fn conv2d_agrees_with_pytorch() {
    let fixture = Fixture::default();
    conv2d::<1, 1, 1, 1, 1, Window<1, 1, 1, 1, 0, 0, 1, 1>, true>(&fixture);
    conv2d::<1, 2, 3, 3, 1, Window<1, 1, 1, 1, 0, 0, 1, 1>, true>(&fixture);
    conv2d::<2, 1, 3, 3, 3, Window<3, 3, 1, 1, 0, 0, 1, 1>, true>(&fixture);
    conv2d::<2, 3, 4, 5, 3, Window<3, 3, 1, 1, 0, 0, 1, 1>, false>(&fixture);
    conv2d::<3, 2, 5, 4, 3, Window<3, 3, 1, 1, 1, 1, 1, 1>, true>(&fixture);
    conv2d::<1, 5, 4, 4, 2, Window<2, 2, 2, 2, 0, 0, 1, 1>, true>(&fixture);
    conv2d::<3, 3, 5, 5, 2, Window<2, 2, 2, 2, 0, 0, 1, 1>, true>(&fixture);
    conv2d::<1, 1, 5, 5, 3, Window<3, 3, 2, 2, 0, 0, 1, 1>, false>(&fixture);
    conv2d::<1, 2, 5, 5, 3, Window<3, 3, 2, 2, 1, 1, 1, 1>, true>(&fixture);
    conv2d::<2, 1, 6, 5, 3, Window<3, 3, 2, 2, 1, 1, 1, 1>, true>(&fixture);
    conv2d::<2, 3, 5, 6, 5, Window<5, 5, 1, 1, 2, 2, 1, 1>, true>(&fixture);
    conv2d::<3, 2, 6, 6, 5, Window<5, 5, 2, 2, 2, 2, 1, 1>, false>(&fixture);
    conv2d::<1, 5, 5, 5, 3, Window<3, 3, 3, 3, 0, 0, 1, 1>, true>(&fixture);
    conv2d::<3, 3, 6, 4, 3, Window<3, 3, 3, 3, 1, 1, 1, 1>, true>(&fixture);
    conv2d::<1, 1, 7, 7, 2, Window<2, 2, 3, 3, 0, 0, 1, 1>, true>(&fixture);
    conv2d::<1, 2, 5, 5, 3, Window<3, 1, 1, 1, 0, 0, 1, 1>, false>(&fixture);
    conv2d::<2, 1, 5, 5, 1, Window<1, 3, 1, 1, 0, 0, 1, 1>, true>(&fixture);
    conv2d::<2, 3, 4, 6, 2, Window<2, 3, 1, 1, 0, 0, 1, 1>, true>(&fixture);
    conv2d::<3, 2, 6, 4, 3, Window<3, 2, 1, 1, 1, 1, 1, 1>, true>(&fixture);
    conv2d::<1, 5, 6, 5, 3, Window<3, 2, 2, 1, 0, 0, 1, 1>, false>(&fixture);
    conv2d::<3, 3, 5, 6, 2, Window<2, 3, 1, 2, 1, 0, 1, 1>, true>(&fixture);
    conv2d::<1, 1, 6, 6, 2, Window<2, 4, 1, 2, 0, 2, 1, 1>, true>(&fixture);
    conv2d::<1, 2, 1, 7, 1, Window<1, 3, 1, 1, 0, 1, 1, 1>, true>(&fixture);
    conv2d::<2, 1, 7, 1, 3, Window<3, 1, 2, 1, 1, 0, 1, 1>, false>(&fixture);
    conv2d::<2, 3, 5, 5, 2, Window<2, 2, 1, 1, 0, 0, 2, 2>, true>(&fixture);
    conv2d::<3, 2, 5, 5, 3, Window<3, 3, 1, 1, 0, 0, 2, 2>, true>(&fixture);
    conv2d::<1, 5, 6, 6, 3, Window<3, 3, 1, 1, 1, 1, 2, 2>, true>(&fixture);
    conv2d::<3, 3, 7, 6, 2, Window<2, 2, 2, 2, 1, 1, 3, 3>, false>(&fixture);
    conv2d::<1, 1, 6, 5, 3, Window<3, 2, 2, 1, 1, 0, 1, 2>, true>(&fixture);
    conv2d::<1, 2, 5, 7, 2, Window<2, 3, 1, 2, 0, 1, 2, 3>, true>(&fixture);
    fixture.finish("Conv2d");
}

#[test]
fn depthwise_conv2d_agrees_with_pytorch() {
    let fixture = Fixture::default();
    depthwise_conv2d::<1, 1, 1, 1, Window<1, 1, 1, 1, 0, 0, 1, 1>, true>(&fixture);
    depthwise_conv2d::<2, 3, 3, 1, Window<1, 1, 1, 1, 0, 0, 1, 1>, true>(&fixture);
    depthwise_conv2d::<3, 3, 3, 3, Window<3, 3, 1, 1, 0, 0, 1, 1>, true>(&fixture);
    depthwise_conv2d::<1, 4, 5, 3, Window<3, 3, 1, 1, 0, 0, 1, 1>, false>(&fixture);
    depthwise_conv2d::<2, 5, 4, 3, Window<3, 3, 1, 1, 1, 1, 1, 1>, true>(&fixture);
    depthwise_conv2d::<3, 4, 4, 2, Window<2, 2, 2, 2, 0, 0, 1, 1>, true>(&fixture);
    depthwise_conv2d::<1, 5, 5, 2, Window<2, 2, 2, 2, 0, 0, 1, 1>, true>(&fixture);
    depthwise_conv2d::<2, 5, 5, 3, Window<3, 3, 2, 2, 0, 0, 1, 1>, false>(&fixture);
    depthwise_conv2d::<3, 5, 5, 3, Window<3, 3, 2, 2, 1, 1, 1, 1>, true>(&fixture);
    depthwise_conv2d::<1, 6, 5, 3, Window<3, 3, 2, 2, 1, 1, 1, 1>, true>(&fixture);
    depthwise_conv2d::<2, 5, 6, 5, Window<5, 5, 1, 1, 2, 2, 1, 1>, true>(&fixture);
    depthwise_conv2d::<3, 6, 6, 5, Window<5, 5, 2, 2, 2, 2, 1, 1>, false>(&fixture);
    depthwise_conv2d::<1, 5, 5, 3, Window<3, 3, 3, 3, 0, 0, 1, 1>, true>(&fixture);
    depthwise_conv2d::<2, 6, 4, 3, Window<3, 3, 3, 3, 1, 1, 1, 1>, true>(&fixture);
    depthwise_conv2d::<3, 7, 7, 2, Window<2, 2, 3, 3, 0, 0, 1, 1>, true>(&fixture);
    depthwise_conv2d::<1, 5, 5, 3, Window<3, 1, 1, 1, 0, 0, 1, 1>, false>(&fixture);
    depthwise_conv2d::<2, 5, 5, 1, Window<1, 3, 1, 1, 0, 0, 1, 1>, true>(&fixture);
    depthwise_conv2d::<3, 4, 6, 2, Window<2, 3, 1, 1, 0, 0, 1, 1>, true>(&fixture);
    depthwise_conv2d::<1, 6, 4, 3, Window<3, 2, 1, 1, 1, 1, 1, 1>, true>(&fixture);
    depthwise_conv2d::<2, 6, 5, 3, Window<3, 2, 2, 1, 0, 0, 1, 1>, false>(&fixture);
    depthwise_conv2d::<3, 5, 6, 2, Window<2, 3, 1, 2, 1, 0, 1, 1>, true>(&fixture);
    depthwise_conv2d::<1, 6, 6, 2, Window<2, 4, 1, 2, 0, 2, 1, 1>, true>(&fixture);
    depthwise_conv2d::<2, 1, 7, 1, Window<1, 3, 1, 1, 0, 1, 1, 1>, true>(&fixture);
    depthwise_conv2d::<3, 7, 1, 3, Window<3, 1, 2, 1, 1, 0, 1, 1>, false>(&fixture);
    depthwise_conv2d::<1, 5, 5, 2, Window<2, 2, 1, 1, 0, 0, 2, 2>, true>(&fixture);
    depthwise_conv2d::<2, 5, 5, 3, Window<3, 3, 1, 1, 0, 0, 2, 2>, true>(&fixture);
    depthwise_conv2d::<3, 6, 6, 3, Window<3, 3, 1, 1, 1, 1, 2, 2>, true>(&fixture);
    depthwise_conv2d::<1, 7, 6, 2, Window<2, 2, 2, 2, 1, 1, 3, 3>, false>(&fixture);
    depthwise_conv2d::<2, 6, 5, 3, Window<3, 2, 2, 1, 1, 0, 1, 2>, true>(&fixture);
    depthwise_conv2d::<3, 5, 7, 2, Window<2, 3, 1, 2, 0, 1, 2, 3>, true>(&fixture);
    fixture.finish("DepthwiseConv2d");
}

#[test]
fn conv1d_agrees_with_pytorch() {
    let fixture = Fixture::default();
    conv1d::<1, 1, 1, 1, Line<1, 1, 0, 1>, true>(&fixture);
    conv1d::<1, 2, 5, 1, Line<1, 1, 0, 1>, true>(&fixture);
    conv1d::<2, 1, 3, 3, Line<3, 1, 0, 1>, true>(&fixture);
    conv1d::<2, 3, 7, 3, Line<3, 1, 0, 1>, false>(&fixture);
    conv1d::<3, 2, 7, 3, Line<3, 1, 1, 1>, true>(&fixture);
    conv1d::<1, 5, 8, 2, Line<2, 2, 0, 1>, true>(&fixture);
    conv1d::<3, 3, 9, 2, Line<2, 2, 0, 1>, true>(&fixture);
    conv1d::<1, 1, 9, 3, Line<3, 2, 0, 1>, false>(&fixture);
    conv1d::<1, 2, 9, 3, Line<3, 2, 1, 1>, true>(&fixture);
    conv1d::<2, 1, 10, 3, Line<3, 2, 1, 1>, true>(&fixture);
    conv1d::<2, 3, 9, 5, Line<5, 1, 2, 1>, true>(&fixture);
    conv1d::<3, 2, 12, 5, Line<5, 2, 2, 1>, false>(&fixture);
    conv1d::<1, 5, 9, 3, Line<3, 3, 0, 1>, true>(&fixture);
    conv1d::<3, 3, 10, 3, Line<3, 3, 1, 1>, true>(&fixture);
    conv1d::<1, 1, 11, 2, Line<2, 3, 0, 1>, true>(&fixture);
    conv1d::<1, 2, 16, 7, Line<7, 1, 3, 1>, false>(&fixture);
    conv1d::<2, 1, 17, 7, Line<7, 2, 3, 1>, true>(&fixture);
    conv1d::<2, 3, 20, 4, Line<4, 4, 0, 1>, true>(&fixture);
    conv1d::<3, 2, 20, 4, Line<4, 4, 2, 1>, true>(&fixture);
    conv1d::<1, 5, 21, 6, Line<6, 3, 2, 1>, false>(&fixture);
    conv1d::<3, 3, 5, 4, Line<4, 1, 2, 1>, true>(&fixture);
    conv1d::<1, 1, 2, 2, Line<2, 1, 1, 1>, true>(&fixture);
    conv1d::<1, 2, 13, 9, Line<9, 4, 4, 1>, true>(&fixture);
    conv1d::<2, 1, 40, 11, Line<11, 5, 3, 1>, false>(&fixture);
    conv1d::<2, 3, 7, 2, Line<2, 1, 0, 2>, true>(&fixture);
    conv1d::<3, 2, 9, 3, Line<3, 1, 0, 3>, true>(&fixture);
    conv1d::<1, 5, 12, 3, Line<3, 2, 1, 2>, true>(&fixture);
    conv1d::<3, 3, 15, 4, Line<4, 3, 2, 4>, false>(&fixture);
    conv1d::<1, 1, 8, 2, Line<2, 5, 1, 3>, true>(&fixture);
    conv1d::<1, 2, 30, 5, Line<5, 2, 2, 5>, true>(&fixture);
    fixture.finish("Conv1d");
}

#[test]
fn grouped_conv2d_agrees_with_pytorch() {
    let fixture = Fixture::default();
    grouped_conv2d::<2, 2, 1, 1, 1, 1, Window<1, 1, 1, 1, 0, 0, 1, 1>, true>(&fixture);
    grouped_conv2d::<4, 2, 2, 3, 3, 1, Window<1, 1, 1, 1, 0, 0, 1, 1>, true>(&fixture);
    grouped_conv2d::<2, 4, 1, 3, 3, 3, Window<3, 3, 1, 1, 0, 0, 1, 1>, true>(&fixture);
    grouped_conv2d::<4, 4, 2, 4, 5, 3, Window<3, 3, 1, 1, 0, 0, 1, 1>, false>(&fixture);
    grouped_conv2d::<6, 9, 2, 5, 4, 3, Window<3, 3, 1, 1, 1, 1, 1, 1>, true>(&fixture);
    grouped_conv2d::<6, 3, 2, 4, 4, 2, Window<2, 2, 2, 2, 0, 0, 1, 1>, true>(&fixture);
    grouped_conv2d::<4, 4, 1, 5, 5, 2, Window<2, 2, 2, 2, 0, 0, 1, 1>, true>(&fixture);
    grouped_conv2d::<4, 8, 1, 5, 5, 3, Window<3, 3, 2, 2, 0, 0, 1, 1>, false>(&fixture);
    grouped_conv2d::<2, 2, 1, 5, 5, 3, Window<3, 3, 2, 2, 1, 1, 1, 1>, true>(&fixture);
    grouped_conv2d::<4, 2, 2, 6, 5, 3, Window<3, 3, 2, 2, 1, 1, 1, 1>, true>(&fixture);
    grouped_conv2d::<2, 4, 1, 5, 6, 5, Window<5, 5, 1, 1, 2, 2, 1, 1>, true>(&fixture);
    grouped_conv2d::<4, 4, 2, 6, 6, 5, Window<5, 5, 2, 2, 2, 2, 1, 1>, false>(&fixture);
    grouped_conv2d::<6, 9, 2, 5, 5, 3, Window<3, 3, 3, 3, 0, 0, 1, 1>, true>(&fixture);
    grouped_conv2d::<6, 3, 2, 6, 4, 3, Window<3, 3, 3, 3, 1, 1, 1, 1>, true>(&fixture);
    grouped_conv2d::<4, 4, 1, 7, 7, 2, Window<2, 2, 3, 3, 0, 0, 1, 1>, true>(&fixture);
    grouped_conv2d::<4, 8, 1, 5, 5, 3, Window<3, 1, 1, 1, 0, 0, 1, 1>, false>(&fixture);
    grouped_conv2d::<2, 2, 1, 5, 5, 1, Window<1, 3, 1, 1, 0, 0, 1, 1>, true>(&fixture);
    grouped_conv2d::<4, 2, 2, 4, 6, 2, Window<2, 3, 1, 1, 0, 0, 1, 1>, true>(&fixture);
    grouped_conv2d::<2, 4, 1, 6, 4, 3, Window<3, 2, 1, 1, 1, 1, 1, 1>, true>(&fixture);
    grouped_conv2d::<4, 4, 2, 6, 5, 3, Window<3, 2, 2, 1, 0, 0, 1, 1>, false>(&fixture);
    grouped_conv2d::<6, 9, 2, 5, 6, 2, Window<2, 3, 1, 2, 1, 0, 1, 1>, true>(&fixture);
    grouped_conv2d::<6, 3, 2, 6, 6, 2, Window<2, 4, 1, 2, 0, 2, 1, 1>, true>(&fixture);
    grouped_conv2d::<4, 4, 1, 1, 7, 1, Window<1, 3, 1, 1, 0, 1, 1, 1>, true>(&fixture);
    grouped_conv2d::<4, 8, 1, 7, 1, 3, Window<3, 1, 2, 1, 1, 0, 1, 1>, false>(&fixture);
    grouped_conv2d::<2, 2, 1, 5, 5, 2, Window<2, 2, 1, 1, 0, 0, 2, 2>, true>(&fixture);
    grouped_conv2d::<4, 2, 2, 5, 5, 3, Window<3, 3, 1, 1, 0, 0, 2, 2>, true>(&fixture);
    grouped_conv2d::<2, 4, 1, 6, 6, 3, Window<3, 3, 1, 1, 1, 1, 2, 2>, true>(&fixture);
    grouped_conv2d::<4, 4, 2, 7, 6, 2, Window<2, 2, 2, 2, 1, 1, 3, 3>, false>(&fixture);
    grouped_conv2d::<6, 9, 2, 6, 5, 3, Window<3, 2, 2, 1, 1, 0, 1, 2>, true>(&fixture);
    grouped_conv2d::<6, 3, 2, 5, 7, 2, Window<2, 3, 1, 2, 0, 1, 2, 3>, true>(&fixture);
    fixture.finish("GroupedConv2d");
}

#[test]
fn conv_transpose2d_agrees_with_pytorch() {
    let fixture = Fixture::default();
    conv_transpose2d::<1, 1, 1, 1, 1, Window<1, 1, 1, 1, 0, 0, 1, 1>, true, 0, 0>(&fixture);
    conv_transpose2d::<1, 2, 3, 3, 1, Window<1, 1, 1, 1, 0, 0, 1, 1>, true, 0, 0>(&fixture);
    conv_transpose2d::<2, 1, 3, 3, 3, Window<3, 3, 1, 1, 0, 0, 1, 1>, true, 0, 0>(&fixture);
    conv_transpose2d::<2, 3, 2, 3, 3, Window<3, 3, 1, 1, 0, 0, 1, 1>, false, 0, 0>(&fixture);
    conv_transpose2d::<3, 2, 4, 3, 3, Window<3, 3, 1, 1, 1, 1, 1, 1>, true, 0, 0>(&fixture);
    conv_transpose2d::<1, 5, 3, 3, 2, Window<2, 2, 2, 2, 0, 0, 1, 1>, true, 0, 0>(&fixture);
    conv_transpose2d::<3, 3, 2, 4, 2, Window<2, 2, 2, 2, 0, 0, 1, 1>, true, 1, 1>(&fixture);
    conv_transpose2d::<1, 1, 3, 3, 3, Window<3, 3, 2, 2, 0, 0, 1, 1>, false, 0, 0>(&fixture);
    conv_transpose2d::<1, 2, 3, 3, 3, Window<3, 3, 2, 2, 1, 1, 1, 1>, true, 1, 1>(&fixture);
    conv_transpose2d::<2, 1, 3, 2, 3, Window<3, 3, 2, 2, 1, 1, 1, 1>, true, 0, 1>(&fixture);
    conv_transpose2d::<2, 3, 3, 3, 5, Window<5, 5, 1, 1, 2, 2, 1, 1>, true, 0, 0>(&fixture);
    conv_transpose2d::<3, 2, 3, 3, 5, Window<5, 5, 2, 2, 2, 2, 1, 1>, false, 1, 1>(&fixture);
    conv_transpose2d::<1, 5, 2, 2, 4, Window<4, 4, 2, 2, 1, 1, 1, 1>, true, 0, 0>(&fixture);
    conv_transpose2d::<3, 3, 2, 3, 3, Window<3, 3, 3, 3, 1, 1, 1, 1>, true, 2, 1>(&fixture);
    conv_transpose2d::<1, 1, 3, 2, 2, Window<2, 2, 3, 3, 0, 0, 1, 1>, true, 0, 2>(&fixture);
    conv_transpose2d::<1, 2, 4, 4, 3, Window<3, 1, 1, 1, 0, 0, 1, 1>, false, 0, 0>(&fixture);
    conv_transpose2d::<2, 1, 4, 4, 1, Window<1, 3, 1, 1, 0, 1, 1, 1>, true, 0, 0>(&fixture);
    conv_transpose2d::<2, 3, 3, 4, 2, Window<2, 3, 1, 1, 0, 0, 1, 1>, true, 0, 0>(&fixture);
    conv_transpose2d::<3, 2, 4, 3, 3, Window<3, 2, 1, 1, 1, 1, 1, 1>, true, 0, 0>(&fixture);
    conv_transpose2d::<1, 5, 3, 4, 3, Window<3, 2, 2, 1, 0, 0, 1, 1>, false, 1, 0>(&fixture);
    conv_transpose2d::<3, 3, 4, 3, 2, Window<2, 3, 1, 2, 1, 0, 1, 1>, true, 0, 1>(&fixture);
    conv_transpose2d::<1, 1, 3, 3, 2, Window<2, 4, 1, 2, 0, 2, 1, 1>, true, 0, 0>(&fixture);
    conv_transpose2d::<1, 2, 1, 5, 1, Window<1, 3, 1, 1, 0, 1, 1, 1>, true, 0, 0>(&fixture);
    conv_transpose2d::<2, 1, 5, 1, 3, Window<3, 1, 2, 1, 1, 0, 1, 1>, false, 1, 0>(&fixture);
    conv_transpose2d::<2, 3, 3, 3, 2, Window<2, 2, 1, 1, 0, 0, 2, 2>, true, 0, 0>(&fixture);
    conv_transpose2d::<3, 2, 3, 3, 3, Window<3, 3, 1, 1, 1, 1, 2, 2>, true, 0, 0>(&fixture);
    conv_transpose2d::<1, 5, 2, 3, 3, Window<3, 3, 2, 2, 1, 1, 3, 3>, true, 1, 1>(&fixture);
    conv_transpose2d::<3, 3, 3, 2, 2, Window<2, 2, 3, 3, 1, 1, 2, 2>, false, 2, 0>(&fixture);
    conv_transpose2d::<1, 1, 3, 3, 3, Window<3, 2, 2, 1, 1, 0, 1, 2>, true, 0, 0>(&fixture);
    conv_transpose2d::<1, 2, 2, 3, 2, Window<2, 3, 1, 2, 0, 1, 2, 3>, true, 0, 1>(&fixture);
    fixture.finish("ConvTranspose2d");
}

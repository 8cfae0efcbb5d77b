//! Plots of a training history.

use super::Plot;
use super::axis::Axis;
use super::chart::Chart;
use super::colors::{BLUE, VERMILION, tint};
use super::legend::Position;
use super::mark::{Kind, Mark};
use super::sheet::Point;
use super::thin::{PARTS, extremes, running_mean, window};
use typenet_core::metrics::Score;
use typenet_core::training::{Evaluation, History, Step};

/// The default size of matplotlib.
const SIZE: (u32, u32) = (640, 480);

/// Plots the loss of each step, as in the book's section on training a two-layer network.
///
/// With many steps, a running mean is drawn on top; the legend shows its window.
pub fn loss(history: &History) -> Plot {
    let points = steps(history, |step| step.loss);
    let y = Axis::from_zero("loss", points.iter().map(|point| point.1));
    let many = points.len() > PARTS / 2;
    let window = window(points.len());
    let color = if many { tint(BLUE, 0.35) } else { BLUE };
    let width = if many { 1.2 } else { 1.8 };
    let mut marks = vec![curve(many.then(|| "each step".to_owned()), extremes(&points), color, width)];
    if many {
        marks.push(curve(Some(format!("mean of {window} steps")), running_mean(&points, window), BLUE, 1.8));
    }
    chart(&points, y, marks, "no step has a loss", "Loss of each step")
}

/// Plots the learning rate of each step.
pub fn learning_rate(history: &History) -> Plot {
    let points = steps(history, |step| step.learning_rate);
    let y = Axis::from_zero("learning rate", points.iter().map(|point| point.1));
    let marks = vec![curve(None, extremes(&points), BLUE, 1.8)];
    chart(&points, y, marks, "no step has a learning rate", "Learning rate of each step")
}

/// Plots the training and validation accuracy at each evaluation.
///
/// The figure is that of the book's section on evaluating with test data.
pub fn accuracy(history: &History) -> Plot {
    let train = evaluations(history, |evaluation| evaluation.train);
    let test = evaluations(history, |evaluation| evaluation.validation);
    let x = Axis::around("epochs", train.iter().chain(&test).map(|point| point.0), 0.0);
    let x = Axis { from: 0.0, ..x };
    let mut marks = Vec::new();
    for (points, label, color, dashed) in [(train, "train acc", BLUE, false), (test, "test acc", VERMILION, true)] {
        if points.is_empty() {
            continue;
        }
        let kind = Kind::Line { points: extremes(&points), width: 1.8, dashed };
        marks.push(Mark { label: Some(label.to_owned()), color, kind });
    }
    let y = Axis { name: "accuracy", from: 0.0, to: 1.0 };
    let chart = Chart { x, y, marks, legend: Position::LowerRight, empty_message: "no accuracy was measured" };
    Plot::new(chart, "Accuracy on training and test data", SIZE)
}

fn steps(history: &History, value: impl Fn(&Step) -> f64) -> Vec<Point> {
    history.steps.iter().map(|step| (step.step as f64, value(step))).collect()
}

fn evaluations(history: &History, score: impl Fn(&Evaluation) -> Option<Score>) -> Vec<Point> {
    let point = |evaluation: &Evaluation| Some((evaluation.epochs, score(evaluation)?.accuracy?));
    history.evaluations.iter().filter_map(point).collect()
}

fn curve(label: Option<String>, points: Vec<Point>, color: plotters::style::RGBColor, width: f64) -> Mark {
    Mark { label, color, kind: Kind::Line { points, width, dashed: false } }
}

fn chart(points: &[Point], y: Axis, marks: Vec<Mark>, empty_message: &'static str, name: &'static str) -> Plot {
    let end = points.last().map(|point| point.0 + 1.0);
    let x = Axis::around("iteration", points.iter().map(|point| point.0).chain(end), 0.0);
    Plot::new(Chart { x, y, marks, legend: Position::UpperRight, empty_message }, name, SIZE)
}

//! Plots of a training history.

use plotters::style::RGBColor;

use super::Plot;
use super::axis::Axis;
use super::chart::Chart;
use super::colors::{BLUE, VERMILION, of_class, tint};
use super::grid::Grid;
use super::legend::Position;
use super::mark::{Kind, Mark};
use super::sheet::Point;
use super::thin::{PARTS, extremes, running_mean, window};
use typenet_core::metrics::Score;
use typenet_core::training::{Evaluation, History, Step};

/// The default size of matplotlib.
const SIZE: (u32, u32) = (640, 480);
/// The default size of a chart with a legend at its side.
const WIDE: (u32, u32) = (800, 480);
/// The default size of a grid of charts.
const GRID_SIZE: (u32, u32) = (1000, 720);

/// Plots the loss of each step, as in the book's section on training a two-layer network, and the validation loss, if any.
///
/// With many steps, a running mean is drawn on top; the legend shows its window. A dashed line connects the validation losses.
/// On a logarithmic axis, small losses differ too:
///
/// ```
/// # use typenet::metrics::Score;
/// # use typenet::plot;
/// # use typenet::training::{Evaluation, History, Step};
/// let steps = (0..100).map(|step| Step::new(step, 0.5_f64.powf(step as f64 / 10.0), 0.1)).collect();
/// let validation = Score::new(0.01, None);
/// let history = History::new(steps, vec![Evaluation::new(100, 1.0, None, Some(validation), 0.5)]);
/// let svg = plot::loss(&history).log_y().to_svg()?;
/// assert!(svg.contains("0.01") && svg.contains("validation"));
/// # Ok::<(), typenet::Error>(())
/// ```
pub fn loss(history: &History) -> Plot {
    let points = steps(history, |step| step.loss);
    let point = |evaluation: &Evaluation| Some((evaluation.steps as f64, evaluation.validation?.loss));
    let validation: Vec<Point> = history.evaluations.iter().filter_map(point).collect();
    let y = Axis::from_zero("loss", points.iter().chain(&validation).map(|point| point.1));
    let many = points.len() > PARTS / 2;
    let window = window(points.len());
    let color = if many { tint(BLUE, 0.35) } else { BLUE };
    let width = if many { 1.2 } else { 1.8 };
    let label = many || !validation.is_empty();
    let mut marks = vec![curve(label.then(|| "each step".to_owned()), extremes(&points), color, width)];
    if many {
        marks.push(curve(Some(format!("mean of {window} steps")), running_mean(&points, window), BLUE, 1.8));
    }
    if !validation.is_empty() {
        let kind = Kind::Line { points: extremes(&validation), width: 1.8, dashed: true };
        marks.push(Mark { label: Some("validation".to_owned()), color: VERMILION, kind });
    }
    marks.retain(|mark| mark.points().next().is_some());
    // The validation loss may rise again, to the upper right corner.
    let (legend, size) = if validation.is_empty() { (Position::UpperRight, SIZE) } else { (Position::Outside, WIDE) };
    let x = iterations(points.iter().chain(&validation));
    Plot::new(Chart { x, y, marks, legend, empty_message: "no step has a loss" }, "Loss of each step", size)
}

/// Plots the learning rate of each step.
pub fn learning_rate(history: &History) -> Plot {
    let points = steps(history, |step| step.learning_rate);
    let y = Axis::from_zero("learning rate", points.iter().map(|point| point.1));
    let marks = vec![curve(None, extremes(&points), BLUE, 1.8)];
    let (x, empty_message) = (iterations(&points), "no step has a learning rate");
    Plot::new(Chart { x, y, marks, legend: Position::UpperRight, empty_message }, "Learning rate of each step", SIZE)
}

/// Plots the training and validation accuracy at each evaluation.
///
/// The figure is that of the book's section on evaluating with test data.
pub fn accuracy(history: &History) -> Plot {
    let marks = accuracy_marks(history, ["train acc", "test acc"], [BLUE, VERMILION]);
    let chart = accuracy_chart(epochs([history]), marks, Position::LowerRight);
    Plot::new(chart, "Accuracy on training and test data", SIZE)
}

/// Plots the accuracies of several training runs in one chart, each run with its name and a color.
///
/// Solid lines show the accuracy on training data, dashed lines that on validation data.
///
/// ```
/// # use typenet::metrics::Score;
/// # use typenet::plot;
/// # use typenet::training::{Evaluation, History};
/// # let run = |accuracy| {
/// #     let score = Some(Score::new(0.5, Some(accuracy)));
/// #     History::new(Vec::new(), vec![Evaluation::new(1, 1.0, score, score, 0.0)])
/// # };
/// # let (slow, fast) = (run(0.5), run(0.9));
/// let svg = plot::accuracies(&[("rate 0.01", &slow), ("rate 0.1", &fast)]).to_svg()?;
/// assert!(svg.contains("rate 0.01: train acc"));
/// # Ok::<(), typenet::Error>(())
/// ```
pub fn accuracies(runs: &[(&str, &History)]) -> Plot {
    let marks = runs.iter().enumerate().flat_map(|(index, (name, history))| run_marks(index, name, history)).collect();
    let chart = accuracy_chart(epochs(runs.iter().map(|run| run.1)), marks, Position::Outside);
    Plot::new(chart, "Accuracies of several training runs", WIDE)
}

/// Plots the accuracies of several training runs in each chart of a grid, with common axes and one legend.
///
/// `names` are those of the runs. `charts` are titles, each with its runs in the order of the names.
///
/// ```
/// # use typenet::metrics::Score;
/// # use typenet::plot;
/// # use typenet::training::{Evaluation, History};
/// # let run = |accuracy| {
/// #     let score = Some(Score::new(0.5, Some(accuracy)));
/// #     History::new(Vec::new(), vec![Evaluation::new(1, 1.0, score, None, 0.0)])
/// # };
/// # let (slow, fast) = ([run(0.5), run(0.8)], [run(0.7), run(0.9)]);
/// let charts = [("rate 0.01".to_owned(), slow), ("rate 0.1".to_owned(), fast)];
/// let svg = plot::accuracy_grid(["Sgd", "Adam"], &charts).to_svg()?;
/// assert_eq!(svg.matches("Adam: train acc").count(), 1);
/// # Ok::<(), typenet::Error>(())
/// ```
pub fn accuracy_grid<const RUNS: usize>(names: [&str; RUNS], charts: &[(String, [History; RUNS])]) -> Plot {
    let x = epochs(charts.iter().flat_map(|chart| &chart.1));
    let charts = charts.iter().map(|(title, runs)| {
        let marks = names.iter().zip(runs).enumerate().flat_map(|(index, (name, run))| run_marks(index, name, run));
        (title.clone(), accuracy_chart(x.clone(), marks.collect(), Position::Outside))
    });
    Plot::new(Grid::new(charts.collect()), "Accuracies of several training runs, in a grid of charts", GRID_SIZE)
}

/// Returns the curves of a run among others, in the color of its index.
fn run_marks(index: usize, name: &str, history: &History) -> Vec<Mark> {
    let [train, test] = ["train", "test"].map(|data| format!("{name}: {data} acc"));
    accuracy_marks(history, [&train, &test], [of_class(index); 2])
}

/// Returns the curves of the training and the validation accuracy, without those that were not measured.
fn accuracy_marks(history: &History, labels: [&str; 2], colors: [RGBColor; 2]) -> Vec<Mark> {
    let train = evaluations(history, |evaluation| evaluation.train);
    let test = evaluations(history, |evaluation| evaluation.validation);
    let mut marks = Vec::new();
    for (((points, dashed), label), color) in [(train, false), (test, true)].into_iter().zip(labels).zip(colors) {
        if !points.is_empty() {
            let kind = Kind::Line { points: extremes(&points), width: 1.8, dashed };
            marks.push(Mark { label: Some(label.to_owned()), color, kind });
        }
    }
    marks
}

/// Returns an axis from 0 to the last epoch of all runs.
fn epochs<'a>(runs: impl IntoIterator<Item = &'a History>) -> Axis {
    let evaluations = runs.into_iter().flat_map(|history| &history.evaluations);
    Axis { from: 0.0, ..Axis::around("epochs", evaluations.map(|evaluation| evaluation.epochs), 0.0) }
}

fn accuracy_chart(x: Axis, marks: Vec<Mark>, legend: Position) -> Chart {
    let y = Axis::new("accuracy", 0.0, 1.0);
    Chart { x, y, marks, legend, empty_message: "no accuracy was measured" }
}

fn steps(history: &History, value: impl Fn(&Step) -> f64) -> Vec<Point> {
    history.steps.iter().map(|step| (step.step as f64, value(step))).collect()
}

fn evaluations(history: &History, score: impl Fn(&Evaluation) -> Option<Score>) -> Vec<Point> {
    let point = |evaluation: &Evaluation| Some((evaluation.epochs, score(evaluation)?.accuracy?));
    history.evaluations.iter().filter_map(point).collect()
}

fn curve(label: Option<String>, points: Vec<Point>, color: RGBColor, width: f64) -> Mark {
    Mark { label, color, kind: Kind::Line { points, width, dashed: false } }
}

/// Returns an axis to the end of the last step.
fn iterations<'a>(points: impl IntoIterator<Item = &'a Point>) -> Axis {
    Axis::around("iteration", points.into_iter().flat_map(|point| [point.0, point.0 + 1.0]), 0.0)
}

//! Curves of scores of two classes.

use super::Plot;
use super::axis::Axis;
use super::chart::Chart;
use super::colors::{GRAY, of_class};
use super::legend::Position;
use super::mark::{Kind, Mark};
use super::sheet::Point;
use super::thin::extremes;
use typenet_core::metrics::BinaryScores;

/// Sizes of a square chart, without and with a legend at its side.
const SQUARE: (u32, u32) = (540, 520);
const WIDE: (u32, u32) = (780, 520);

/// Plots the ROC curve of each classifier: the true positive rate over the false positive rate. The legend shows the areas.
///
/// The dashed diagonal is the curve of scores at random. Scores of a single class have no curve.
///
/// ```
/// use typenet::{metrics::BinaryScores, plot};
///
/// let net = BinaryScores::new(&[0.1, 0.4, 0.35, 0.8], &[false, false, true, true])?;
/// let svg = plot::roc(&[("net", &net)]).to_svg()?;
/// assert!(svg.contains("net: area 0.750"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn roc(classifiers: &[(&str, &BinaryScores)]) -> Plot {
    let curve = |scores: &BinaryScores| {
        let points = scores.roc()?.into_iter().map(|point| (point.false_positive_rate, point.true_positive_rate));
        Some((points.collect(), scores.roc_area()?))
    };
    let mut marks = marks(classifiers, "area", curve);
    if !marks.is_empty() {
        let kind = Kind::Line { points: vec![(0.0, 0.0), (1.0, 1.0)], width: 1.2, dashed: true };
        marks.insert(0, Mark { label: None, color: GRAY, kind });
    }
    let chart = chart(["false positive rate", "true positive rate"], marks, Position::LowerRight);
    Plot::new(chart, "ROC curves", SQUARE)
}

/// Plots the precision of each classifier over its recall. The legend shows the average precisions, the areas under the curves.
///
/// Scores without a positive sample have no curve.
///
/// ```
/// use typenet::{metrics::BinaryScores, plot};
///
/// let net = BinaryScores::new(&[0.1, 0.4, 0.35, 0.8], &[false, false, true, true])?;
/// let svg = plot::precision_recall(&[("net", &net)]).to_svg()?;
/// assert!(svg.contains("net: average 0.833"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn precision_recall(classifiers: &[(&str, &BinaryScores)]) -> Plot {
    let curve = |scores: &BinaryScores| {
        let (mut points, mut before) = (Vec::new(), 0.0);
        // Steps, because the average precision is the sum of these rectangles.
        for point in scores.precision_recall()? {
            points.extend([(before, point.precision), (point.recall, point.precision)]);
            before = point.recall;
        }
        Some((points, scores.average_precision()?))
    };
    let chart = chart(["recall", "precision"], marks(classifiers, "average", curve), Position::Outside);
    Plot::new(chart, "Curves of precision over recall", WIDE)
}

/// Returns a mark for each classifier that has a curve; its label has the value of the curve.
fn marks(
    classifiers: &[(&str, &BinaryScores)],
    what: &str,
    curve: impl Fn(&BinaryScores) -> Option<(Vec<Point>, f64)>,
) -> Vec<Mark> {
    let mark = |(index, (name, scores)): (usize, &(&str, &BinaryScores))| {
        let (points, value) = curve(scores)?;
        let kind = Kind::Line { points: extremes(&points), width: 1.8, dashed: false };
        Some(Mark { label: Some(format!("{name}: {what} {value:.3}")), color: of_class(index), kind })
    };
    classifiers.iter().enumerate().filter_map(mark).collect()
}

fn chart([x, y]: [&str; 2], marks: Vec<Mark>, legend: Position) -> Chart {
    // Slightly beyond 1, so that the frame does not hide a curve along it.
    let [x, y] = [x, y].map(|name| Axis::new(name, -0.01, 1.01));
    Chart { x, y, marks, legend, empty_message: "no scores of two classes" }
}

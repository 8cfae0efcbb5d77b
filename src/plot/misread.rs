//! A gallery of misread digits.

use nalgebra::{Const, Dyn};

use super::Plot;
use super::gallery::{Gallery, Picture};
use typenet_core::data::mnist::{Digits, SIDE};
use typenet_core::{Batch, Labels, Scalar, nalgebra};

/// Plots up to `count` misread digits, the most confident mistakes first.
///
/// The caption "4, not 9 (98 %)" marks a 4 that was classified as a 9 with a probability of 98 %.
///
/// # Shapes
///
/// `probabilities` has a row for each digit. [`SoftmaxWithLoss::softmax`](crate::losses::SoftmaxWithLoss::softmax)
/// computes it from [`outputs`](crate::metrics::outputs).
///
/// # Panics
///
/// If the number of rows is not the number of digits.
pub fn misread<T: Scalar>(digits: &Digits, probabilities: &Batch<T, Dyn, Const<10>>, count: usize) -> Plot {
    assert_eq!(probabilities.nrows(), digits.len(), "as many rows of probabilities as digits");
    let answers = Labels::argmax(&**probabilities);
    let pairs = digits.labels().classes().iter().zip(answers.classes()).enumerate();
    let mut wrong: Vec<(f64, usize, usize, usize)> = pairs
        .filter(|(_, (label, answer))| label != answer)
        .map(|(index, (label, answer))| (probabilities[(index, *answer)].as_f64(), index, *label, *answer))
        .filter(|wrong| wrong.0.is_finite())
        .collect();
    wrong.sort_by(|one, other| other.0.total_cmp(&one.0));
    let picture = |(sure, index, label, answer): (f64, usize, usize, usize)| Picture {
        bytes: digits.bytes(index).to_vec(),
        width: SIDE,
        map: Vec::new(),
        caption: format!("{label}, not {answer} ({:.0} %)", 100.0 * sure),
    };
    let pictures = wrong.into_iter().take(count).map(picture).collect();
    let gallery = Gallery { pictures, otherwise: "no digit was misread" };
    let size = gallery.size(5);
    Plot::new(gallery, "Misread digits: label, not answer (how sure)", size)
}

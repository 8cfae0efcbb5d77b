//! A gallery of misread digits.

use nalgebra::{Const, Dyn};

use super::chart::{draw_message, frame};
use super::sheet::{Area, DrawResult};
use super::units::{pixels, px};
use super::{Figure, Plot, picture, text};
use typenet_core::data::mnist::{Digits, SIDE};
use typenet_core::{Batch, Labels, Scalar, nalgebra};

/// The height of a caption, in pixels.
const CAPTION: f64 = 20.0;
/// The free space around a digit, in pixels.
const GAP: f64 = 14.0;

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
        caption: format!("{label}, not {answer} ({:.0} %)", 100.0 * sure),
    };
    let pictures: Vec<Picture> = wrong.into_iter().take(count).map(picture).collect();
    let columns = 5.min(pictures.len().max(3));
    let rows = u32::try_from(pictures.len().div_ceil(columns).clamp(1, 20)).expect("it is at most 20");
    let size = (u32::try_from(columns).expect("it is at most 5") * 132, rows * 152);
    Plot::new(Gallery(pictures), "Misread digits: label, not answer (how sure)", size)
}

/// A digit, with a byte for each pixel, and its caption.
#[derive(Debug)]
struct Picture {
    bytes: Vec<u8>,
    caption: String,
}

#[derive(Debug)]
struct Gallery(Vec<Picture>);

impl Figure for Gallery {
    fn draw(&self, area: &Area) -> DrawResult {
        if self.0.is_empty() {
            return draw_message(area, "no digit was misread");
        }
        let (width, height) = area.dim_in_pixel();
        let columns = columns(self.0.len(), pixels(width), pixels(height));
        let parts = area.split_evenly((self.0.len().div_ceil(columns), columns));
        self.0.iter().zip(&parts).try_for_each(|(picture, part)| picture.draw(part))
    }
}

/// Returns the number of columns with the most room for each digit.
fn columns(count: usize, width: f64, height: f64) -> usize {
    let side = |columns: usize| (width / columns as f64).min(height / count.div_ceil(columns) as f64 - CAPTION);
    (1..=count).max_by(|one, other| side(*one).total_cmp(&side(*other))).unwrap_or(1)
}

impl Picture {
    fn draw(&self, part: &Area) -> DrawResult {
        let (width, height) = part.dim_in_pixel();
        let room = pixels(width).min(pixels(height) - CAPTION) - GAP;
        let pixel = picture::pixel_for(SIDE, room);
        let side = pixel * 28;
        let (left, top) = ((width.cast_signed() - side) / 2, (height.cast_signed() - side - px(CAPTION)) / 2);
        let square = part.clone().shrink((left.max(0), top.max(0)), (side, side));
        picture::draw(&square, &self.bytes, SIDE, pixel)?;
        frame(&square)?;
        let size = (pixels(width) / text::width(&self.caption, 1.0)).min(11.0);
        let at = (width.cast_signed() / 2, top.max(0) + side + px(CAPTION / 2.0 + 1.0));
        part.draw_text(&self.caption, &text::centered(size), at)
    }
}

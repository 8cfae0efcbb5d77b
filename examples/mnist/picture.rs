//! Draws images with characters.

use console::Term;
use nalgebra::{Const, Dim};
use typenet::{Samples, data::mnist::SIDE, nalgebra};

/// Characters from white to black.
const SHADES: [char; 5] = [' ', '░', '▒', '▓', '█'];
/// The space between two pictures.
const GAP: &str = "  ";

/// Returns the number of pictures that fit side by side. Without a terminal, the width is 80 columns.
pub fn fitting() -> usize {
    let columns = Term::stdout().size_checked().map_or(80, |(_, columns)| usize::from(columns));
    fitting_in(columns)
}

fn fitting_in(columns: usize) -> usize {
    ((columns + GAP.len()) / (SIDE + GAP.len())).max(1)
}

/// Draws images side by side, each with a caption. A character is twice as high as wide, so it covers two pixels.
pub fn pictures<N: Dim>(
    images: &Samples<f32, N, Const<{ SIDE * SIDE }>>,
    captions: impl Iterator<Item = String>,
) -> String {
    let line = |y: usize| {
        let rows = (0..images.nrows()).map(|image| {
            (0..SIDE).map(|x| shade(images[(image, y * SIDE + x)].max(images[(image, (y + 1) * SIDE + x)]))).collect()
        });
        rows.collect::<Vec<String>>().join(GAP)
    };
    let captions: Vec<String> = captions.map(|caption| format!("{caption:<SIDE$}")).collect();
    let lines: Vec<String> = (0..SIDE).step_by(2).map(line).collect();
    format!("{}\n{}\n", captions.join(GAP), lines.join("\n"))
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // from 0 to 4
fn shade(intensity: f32) -> char {
    SHADES[(intensity * 4.0).round().clamp(0.0, 4.0) as usize]
}

#[test]
fn the_terminal_width_limits_the_pictures() {
    assert_eq!([0, 57, 58, 80, 88, 148, 200].map(fitting_in), [1, 1, 2, 2, 3, 5, 6]);
}

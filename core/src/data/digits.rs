//! Generated digits that look handwritten: a data set that needs no files.
//!
//! Each digit consists of a few strokes, in one of several ways of writing it. The strokes are bent, rotated, sheared,
//! scaled, shifted and drawn with a pen of random width and pressure. Then noise is added. The digits are as hard as
//! MNIST's: a linear classifier stays below 95 % accuracy, and the book's network exceeds 97 %.

use std::f64::consts::TAU;

use nalgebra::{Dyn, Point2, Rotation2, Vector2};
use rand::{Rng, RngExt, SeedableRng, rngs::StdRng};
use rand_distr::{Distribution, StandardNormal};

use crate::data::dataset::Dataset;
use crate::data::mnist::{Digits, SIDE};
use crate::labels::Labels;

/// The path of the pen: a line through points in the unit square, with (0, 0) at the top left.
type Stroke = Vec<Point2<f64>>;

/// Generates `train` and `test` digits. The same seed gives the same digits.
///
/// ```
/// # use typenet_core as typenet;
/// let (train, test) = typenet::data::digits::generate(50, 10, 1);
/// assert_eq!((train.len(), test.len()), (50, 10));
/// ```
pub fn generate(train: usize, test: usize, seed: u64) -> (Digits, Digits) {
    let mut rng = StdRng::seed_from_u64(seed);
    (draw_set(train, &mut rng), draw_set(test, &mut rng))
}

fn draw_set(count: usize, rng: &mut StdRng) -> Digits {
    let classes: Vec<usize> = (0..count).map(|_| rng.random_range(0..10)).collect();
    let bytes = classes.iter().flat_map(|&digit| draw(digit, rng)).collect();
    let labels = Labels::new(Dyn(count), &classes).expect("every digit is less than 10");
    Dataset::new(bytes, labels).expect("every image has the same size")
}

/// Draws an image of a digit, row by row.
fn draw(digit: usize, rng: &mut impl Rng) -> Vec<u8> {
    let hand = Hand::random(rng);
    let strokes: Vec<Stroke> = strokes(digit, rng).into_iter().map(|stroke| hand.write(stroke)).collect();
    let mut ink = [[0.0_f64; SIDE]; SIDE];
    for stroke in &strokes {
        stroke.windows(2).for_each(|line| hand.pen.draw([line[0], line[1]], &mut ink));
    }
    let noise = rng.random_range(0.0..0.12);
    let pixels = ink.as_flattened().iter().map(|&ink| {
        let speck: f64 = StandardNormal.sample(rng);
        (255.0 * (ink + noise * speck)).clamp(0.0, 255.0)
    });
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // clamped to the range of a byte
    pixels.map(|value| value as u8).collect()
}

/// The strokes of a digit, in a random one of its ways of writing.
fn strokes(digit: usize, rng: &mut impl Rng) -> Vec<Stroke> {
    let often = rng.random_bool(0.6);
    match digit {
        0 => vec![arc((0.5, 0.5), (rng.random_range(0.2..0.36), 0.45), (-0.3, 0.72))],
        1 if often => vec![line(&[(0.5, 0.05), (0.5, 0.95)])],
        1 => vec![line(&[(0.3, 0.28), (0.52, 0.05), (0.52, 0.95)])],
        2 if often => vec![joined(arc((0.48, 0.3), (0.28, 0.25), (-0.45, 0.1)), &[(0.2, 0.93), (0.82, 0.93)])],
        2 => vec![
            joined(arc((0.5, 0.28), (0.25, 0.23), (-0.5, 0.12)), &[(0.3, 0.85)]),
            arc((0.34, 0.82), (0.12, 0.1), (0.25, 0.9)),
            line(&[(0.42, 0.86), (0.62, 0.95), (0.85, 0.88)]),
        ],
        3 if often => {
            vec![arc((0.45, 0.28), (0.28, 0.23), (-0.4, 0.25)), arc((0.45, 0.72), (0.32, 0.23), (-0.25, 0.42))]
        }
        3 => vec![line(&[(0.22, 0.06), (0.75, 0.06), (0.45, 0.42)]), arc((0.45, 0.68), (0.3, 0.26), (-0.25, 0.42))],
        4 if often => vec![line(&[(0.3, 0.08), (0.2, 0.55), (0.8, 0.55)]), line(&[(0.7, 0.1), (0.62, 0.95)])],
        4 => vec![line(&[(0.62, 0.95), (0.62, 0.05), (0.15, 0.64), (0.88, 0.64)])],
        5 => vec![
            line(&[(rng.random_range(0.65..0.85), 0.06), (0.3, 0.07), (0.26, 0.45)]),
            arc((0.46, 0.68), (0.3, 0.27), (-0.36, 0.42)),
        ],
        6 if often => {
            vec![joined(line(&[(0.68, 0.05), (0.4, 0.3)]), &[(0.26, 0.65)]), arc((0.5, 0.7), (0.25, 0.24), (0.0, 1.0))]
        }
        6 => vec![arc((0.65, 0.62), (0.42, 0.56), (0.45, 0.76)), arc((0.49, 0.72), (0.24, 0.21), (0.0, 1.0))],
        7 if often => vec![line(&[(0.2, 0.08), (0.8, 0.08), (0.42, 0.95)])],
        7 => vec![line(&[(0.2, 0.1), (0.8, 0.06), (0.45, 0.95)]), line(&[(0.34, 0.5), (0.76, 0.48)])],
        8 if often => vec![arc((0.5, 0.28), (0.22, 0.22), (0.0, 1.0)), arc((0.5, 0.73), (0.27, 0.23), (0.0, 1.0))],
        8 => vec![
            line(&[(0.75, 0.12), (0.3, 0.75)]),
            arc((0.5, 0.78), (0.22, 0.18), (-0.45, 0.52)),
            line(&[(0.7, 0.72), (0.28, 0.2)]),
            arc((0.5, 0.2), (0.23, 0.15), (0.5, 1.0)),
        ],
        9 if often => vec![arc((0.48, 0.3), (0.25, 0.24), (0.0, 1.0)), line(&[(0.73, 0.3), (0.7, 0.6), (0.55, 0.95)])],
        _ => vec![arc((0.48, 0.3), (0.25, 0.23), (0.0, 1.0)), line(&[(0.73, 0.15), (0.72, 0.95)])],
    }
}

fn line(points: &[(f64, f64)]) -> Stroke {
    points
        .windows(2)
        .flat_map(|ends| {
            let (from, to) = (Point2::from(<[f64; 2]>::from(ends[0])), Point2::from(<[f64; 2]>::from(ends[1])));
            (0..6).map(move |step| from + (to - from) * (f64::from(step) / 5.0))
        })
        .collect()
}

/// An elliptic arc, clockwise; its ends are in turns, with 0 at the right and 0.25 at the bottom.
fn arc(center: (f64, f64), radii: (f64, f64), turns: (f64, f64)) -> Stroke {
    (0..=20)
        .map(|step| {
            let angle = TAU * (turns.0 + (turns.1 - turns.0) * f64::from(step) / 20.0);
            Point2::new(center.0 + radii.0 * angle.cos(), center.1 + radii.1 * angle.sin())
        })
        .collect()
}

/// A stroke extended through further points.
fn joined(mut stroke: Stroke, further: &[(f64, f64)]) -> Stroke {
    let last = stroke[stroke.len() - 1];
    let points: Vec<(f64, f64)> = std::iter::once((last.x, last.y)).chain(further.iter().copied()).collect();
    stroke.extend(line(&points));
    stroke
}

/// A handwriting: the distortion of strokes, and the pen.
struct Hand {
    turn: Rotation2<f64>,
    slant: f64,
    size: Vector2<f64>,
    shift: Vector2<f64>,
    /// Slow waves that bend the strokes: amplitude, frequency and phase, for each direction.
    waves: [(f64, Vector2<f64>, f64); 2],
    pen: Pen,
}

impl Hand {
    fn random(rng: &mut impl Rng) -> Self {
        let mut normal = |std: f64| -> f64 { std * Distribution::<f64>::sample(&StandardNormal, rng) };
        let turn = Rotation2::new(normal(0.14).clamp(-0.4, 0.4));
        let slant = normal(0.2).clamp(-0.5, 0.5);
        let wide = normal(0.12).clamp(-0.3, 0.3);
        let shift = Vector2::new(normal(1.1).clamp(-2.5, 2.5), normal(1.1).clamp(-2.5, 2.5));
        let mut wave = || {
            let way = Vector2::new(rng.random_range(-1.2..1.2), rng.random_range(-1.2..1.2));
            (rng.random_range(0.0..0.09), way, rng.random_range(0.0..TAU))
        };
        let waves = [wave(), wave()];
        let height = rng.random_range(15.0..21.0);
        let size = Vector2::new(height * (0.8 + wide), height);
        Self { turn, slant, size, shift, waves, pen: Pen::random(rng) }
    }

    /// Distorts a stroke, and maps it from the unit square to pixels.
    fn write(&self, stroke: Stroke) -> Stroke {
        let middle = Vector2::repeat(SIDE as f64 / 2.0);
        let place = |point: Point2<f64>| {
            let [across, down] =
                self.waves.map(|(height, way, phase)| height * (TAU * way.dot(&point.coords) + phase).sin());
            let bent = point.coords + Vector2::new(across - 0.5, down - 0.5);
            let slanted = Vector2::new(bent.x - self.slant * bent.y, bent.y);
            Point2::from(self.turn * slanted.component_mul(&self.size) + self.shift + middle)
        };
        stroke.into_iter().map(place).collect()
    }
}

/// The pen that draws the strokes; sizes are in pixels.
struct Pen {
    radius: f64,
    pressure: f64,
}

impl Pen {
    /// The distance over which ink fades out beside a stroke.
    const SOFT: f64 = 0.9;

    fn random(rng: &mut impl Rng) -> Self {
        Self { radius: rng.random_range(0.5..1.6), pressure: rng.random_range(0.75..1.05) }
    }

    /// Draws a straight line; where lines overlap, the darker ink counts.
    fn draw(&self, [from, to]: [Point2<f64>; 2], ink: &mut [[f64; SIDE]; SIDE]) {
        let reach = self.radius + Self::SOFT;
        for y in pixels(from.y, to.y, reach) {
            for x in pixels(from.x, to.x, reach) {
                let distance = distance(Point2::new(x as f64 + 0.5, y as f64 + 0.5), from, to);
                let dark = self.pressure * ((reach - distance) / (2.0 * Self::SOFT)).clamp(0.0, 1.0);
                ink[y][x] = ink[y][x].max(dark);
            }
        }
    }
}

/// The pixels along one axis between both ends, and within `reach` of them.
fn pixels(one: f64, other: f64, reach: f64) -> std::ops::Range<usize> {
    let inside = |value: f64| value.clamp(0.0, SIDE as f64);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // clamped to the image
    let pixel = |value: f64| value as usize;
    pixel(inside((one.min(other) - reach).floor()))..pixel(inside((one.max(other) + reach).ceil()))
}

/// The distance from a point to a line segment.
fn distance(point: Point2<f64>, from: Point2<f64>, to: Point2<f64>) -> f64 {
    let (way, there) = (to - from, point - from);
    let along = (there.dot(&way) / way.norm_squared().max(1e-12)).clamp(0.0, 1.0);
    (there - way * along).norm()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_digits() {
        let (train, test) = generate(20, 5, 7);
        assert_eq!(generate(20, 5, 7), (train.clone(), test));
        assert_ne!(generate(20, 5, 8).0, train);
    }

    #[test]
    fn every_digit_has_ink_inside_the_image() {
        let mut rng = StdRng::seed_from_u64(1);
        for digit in (0..10).cycle().take(500) {
            let image = draw(digit, &mut rng);
            let inked = image.iter().filter(|&&byte| byte > 64).count();
            assert!((15..350).contains(&inked), "a {digit} with {inked} inked pixels");
        }
    }
}

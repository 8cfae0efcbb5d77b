//! Renders shapes as pixels.

use super::sheet::{Anchor, Point, Rgb, Shape, Text};
use super::text;

/// Renders shapes on white. Returns the pixels row by row, as red, green and blue bytes.
pub fn render(shapes: &[Shape], (width, height): (u32, u32)) -> Vec<u8> {
    let (width, height) = (width as usize, height as usize);
    let mut picture = Picture { width, height, bytes: vec![255; width * height * 3], mask: vec![0.0; width * height] };
    for shape in shapes {
        picture.draw(shape);
    }
    picture.bytes
}

struct Picture {
    width: usize,
    height: usize,
    bytes: Vec<u8>,
    /// The fraction of each pixel that the current line covers. The segments of a line overlap where they meet.
    mask: Vec<f32>,
}

impl Picture {
    fn draw(&mut self, shape: &Shape) {
        match shape {
            Shape::Line { points, width, color } => self.line(points, *width, *color),
            Shape::Rect { from, to, color } => self.rect(*from, *to, *color),
            Shape::Disc { center, radius, color } => self.line(&[*center, *center], 2.0 * radius, *color),
            Shape::Text(text) => self.text(text),
        }
    }

    /// Draws a line. A pixel's coverage depends on the distance of its center from the edge, and is half on the edge.
    fn line(&mut self, points: &[Point], width: f64, color: Rgb) {
        for ends in points.windows(2) {
            self.for_each_near(ends, width / 2.0 + 1.0, |picture, index, middle| {
                let cover = (width / 2.0 + 0.5 - distance(middle, ends[0], ends[1])).clamp(0.0, width.min(1.0));
                picture.mask[index] = picture.mask[index].max(narrow(cover));
            });
        }
        for ends in points.windows(2) {
            self.for_each_near(ends, width / 2.0 + 1.0, |picture, index, _| {
                let cover = std::mem::take(&mut picture.mask[index]);
                picture.blend(index, cover, color);
            });
        }
    }

    /// Fills a rectangle, rounded to whole pixels, so that neighbors leave no gap.
    fn rect(&mut self, from: Point, to: Point, color: Rgb) {
        let (columns, rows) = (self.columns(from.0.round(), to.0.round()), self.rows(from.1.round(), to.1.round()));
        for row in rows {
            columns.clone().for_each(|column| self.blend(row * self.width + column, 1.0, color));
        }
    }

    #[allow(clippy::cast_possible_truncation)] // pixels
    fn text(&mut self, Text { words, at, anchor, size, upwards, color }: &Text) {
        let before = text::width(words, *size)
            * match anchor {
                Anchor::Start => 0.0,
                Anchor::Middle => 0.5,
                Anchor::End => 1.0,
            };
        let (x, y) = if *upwards { (at.0, at.1 + before) } else { (at.0 - before, at.1) };
        let (x, y) = (x.round() as i32, y.round() as i32);
        text::cover(words, *size, |along, down, coverage| {
            let (column, row) = if *upwards { (x + down, y - along - 1) } else { (x + along, y + down) };
            if let (Ok(column), Ok(row)) = (usize::try_from(column), usize::try_from(row))
                && column < self.width
                && row < self.height
            {
                self.blend(row * self.width + column, coverage.min(1.0), *color);
            }
        });
    }

    /// Visits each pixel within `reach` of the bounding box of two points, with its center.
    fn for_each_near(&mut self, ends: &[Point], reach: f64, mut visit: impl FnMut(&mut Self, usize, Point)) {
        let (from, to) = (ends[0], ends[1]);
        let columns = self.columns(from.0.min(to.0) - reach, from.0.max(to.0) + reach);
        for row in self.rows(from.1.min(to.1) - reach, from.1.max(to.1) + reach) {
            for column in columns.clone() {
                visit(self, row * self.width + column, (column as f64 + 0.5, row as f64 + 0.5));
            }
        }
    }

    fn columns(&self, from: f64, to: f64) -> std::ops::Range<usize> {
        clip(from, self.width)..clip(to, self.width)
    }

    fn rows(&self, from: f64, to: f64) -> std::ops::Range<usize> {
        clip(from, self.height)..clip(to, self.height)
    }

    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // from 0 to 255
    fn blend(&mut self, index: usize, coverage: f32, (r, g, b): Rgb) {
        if coverage > 0.0 {
            for (byte, ink) in self.bytes[index * 3..][..3].iter_mut().zip([r, g, b]) {
                *byte = (f32::from(*byte) + (f32::from(ink) - f32::from(*byte)) * coverage).round() as u8;
            }
        }
    }
}

/// Rounds a coordinate up to a pixel index, clamped to `0..=size`.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn clip(coordinate: f64, size: usize) -> usize {
    (coordinate.ceil().max(0.0) as usize).min(size)
}

#[allow(clippy::cast_possible_truncation)]
fn narrow(coverage: f64) -> f32 {
    coverage as f32
}

/// Returns the distance of a point from the segment between two others.
fn distance((x, y): Point, (x0, y0): Point, (x1, y1): Point) -> f64 {
    let (dx, dy) = (x1 - x0, y1 - y0);
    let length = dx * dx + dy * dy;
    let along = if length > 0.0 { (((x - x0) * dx + (y - y0) * dy) / length).clamp(0.0, 1.0) } else { 0.0 };
    (x - x0 - along * dx).hypot(y - y0 - along * dy)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BLACK: Rgb = (0, 0, 0);

    fn gray(shape: Shape) -> Vec<u8> {
        render(&[shape], (5, 3)).chunks(3).map(|pixel| pixel[0]).collect()
    }

    #[test]
    fn a_line_covers_the_pixels_on_its_way() {
        let points = vec![(0.5, 1.5), (2.5, 1.5), (4.5, 1.5)];
        let white = [255; 5];
        let [top, middle, bottom] = [white, [0; 5], white];
        let line = |width| Shape::Line { points: points.clone(), width, color: BLACK };
        assert_eq!(gray(line(1.0)), [top, middle, bottom].concat());
        // A line half as wide covers half of each pixel. The pixel where two segments meet is not covered twice.
        assert_eq!(gray(line(0.5))[5..10], [128; 5]);
    }

    #[test]
    fn a_rectangle_is_rounded_to_pixels() {
        let pixels = gray(Shape::Rect { from: (1.2, 0.9), to: (3.4, 2.0), color: BLACK });
        assert_eq!(pixels, [[255; 5], [255, 0, 0, 255, 255], [255; 5]].concat());
    }

    #[test]
    fn shapes_are_clipped_to_the_picture() {
        let disc = Shape::Disc { center: (-3.0, 99.0), radius: 300.0, color: BLACK };
        assert_eq!(gray(disc), [0; 15]);
        assert_eq!(gray(Shape::Rect { from: (-9.0, -9.0), to: (99.0, -1.0), color: BLACK }), [255; 15]);
    }
}

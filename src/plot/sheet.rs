//! A plotters backend that records shapes, which can then be written as SVG or as pixels.

use std::convert::Infallible;

use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind};
use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind, FontTransform,
};

use super::text;
use super::units::{UNITS, pixels, stroke};

pub type Area<'a> = DrawingArea<Sheet<'a>, Shift>;
pub type DrawingError = DrawingAreaErrorKind<Infallible>;
pub type DrawResult = Result<(), DrawingError>;
pub type Rgb = (u8, u8, u8);
/// A position or a size in pixels.
pub type Point = (f64, f64);
type BackendResult = Result<(), DrawingErrorKind<Infallible>>;

/// A shape, in pixels.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    Line { points: Vec<Point>, width: f64, color: Rgb },
    Rect { from: Point, to: Point, color: Rgb },
    Disc { center: Point, radius: f64, color: Rgb },
    Text(Text),
}

/// A line of text, from left to right or upwards.
#[derive(Clone, Debug, PartialEq)]
pub struct Text {
    pub words: String,
    /// The position of its anchor on the baseline.
    pub at: Point,
    pub anchor: Anchor,
    /// The font size, as in CSS.
    pub size: f64,
    pub upwards: bool,
    pub color: Rgb,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Anchor {
    Start,
    Middle,
    End,
}

fn point((x, y): BackendCoord) -> Point {
    (pixels(x), pixels(y))
}

/// A backend that records shapes. Colors are opaque, or invisible if their alpha is 0.
pub struct Sheet<'a> {
    size: (u32, u32),
    shapes: &'a mut Vec<Shape>,
}

impl<'a> Sheet<'a> {
    pub fn new((width, height): (u32, u32), shapes: &'a mut Vec<Shape>) -> Self {
        Self { size: (width * UNITS, height * UNITS), shapes }
    }

    fn put(&mut self, color: BackendColor, shape: impl FnOnce(Rgb) -> Shape) {
        if color.alpha > 0.0 {
            self.shapes.push(shape(color.rgb));
        }
    }
}

impl DrawingBackend for Sheet<'_> {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> BackendResult {
        Ok(())
    }

    fn present(&mut self) -> BackendResult {
        Ok(())
    }

    fn draw_pixel(&mut self, at: BackendCoord, color: BackendColor) -> BackendResult {
        self.put(color, |color| Shape::Rect { from: point(at), to: point((at.0 + 1, at.1 + 1)), color });
        Ok(())
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> BackendResult {
        self.draw_path([from, to], style)
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
        fill: bool,
    ) -> BackendResult {
        if fill {
            self.put(style.color(), |color| Shape::Rect { from: point(from), to: point(to), color });
            return Ok(());
        }
        self.draw_path([from, (to.0, from.1), to, (from.0, to.1), from], style)
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> BackendResult {
        let width = pixels(style.stroke_width());
        // Frames, grids and ticks are this thin. In the middle of pixels they are sharp.
        let align = |(x, y): Point| if width <= 1.0 { (x.floor() + 0.5, y.floor() + 0.5) } else { (x, y) };
        let points = path.into_iter().map(point).map(align).collect();
        self.put(style.color(), |color| Shape::Line { points, width, color });
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        center: BackendCoord,
        radius: u32,
        style: &S,
        _fill: bool,
    ) -> BackendResult {
        self.put(style.color(), |color| Shape::Disc { center: point(center), radius: pixels(radius), color });
        Ok(())
    }

    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, at: BackendCoord) -> BackendResult {
        let size = pixels(style.size());
        let anchor = match style.anchor().h_pos {
            HPos::Left => Anchor::Start,
            HPos::Center => Anchor::Middle,
            HPos::Right => Anchor::End,
        };
        let drop = size
            * match style.anchor().v_pos {
                VPos::Top => text::ASCENT,
                VPos::Center => text::MIDDLE,
                VPos::Bottom => -text::DESCENT,
            };
        let upwards = matches!(style.transform(), FontTransform::Rotate270);
        let (x, y) = point(at);
        let at = if upwards { (x + drop, y) } else { (x, y + drop) };
        let words = text.to_owned();
        self.put(style.color(), |color| Shape::Text(Text { words, at, anchor, size, upwards, color }));
        Ok(())
    }

    fn estimate_text_size<S: BackendTextStyle>(
        &self,
        text: &str,
        style: &S,
    ) -> Result<(u32, u32), DrawingErrorKind<Infallible>> {
        let size = pixels(style.size());
        Ok((stroke(text::width(text, size)), stroke(size * (text::ASCENT + text::DESCENT))))
    }
}

#[cfg(test)]
mod tests {
    use plotters::drawing::IntoDrawingArea;
    use plotters::element::PathElement;
    use plotters::style::ShapeStyle;
    use plotters::style::text_anchor::{HPos, VPos};

    use super::super::colors::BLUE;
    use super::super::units::px;
    use super::*;

    #[test]
    fn shapes_are_recorded_in_pixels() {
        let mut shapes = Vec::new();
        let area = Sheet::new((100, 50), &mut shapes).into_drawing_area();
        for width in [2.0, 0.5] {
            let style = ShapeStyle::from(BLUE).stroke_width(stroke(width));
            area.draw(&PathElement::new([(px(1.0), px(2.25)), (px(99.0), px(2.25))], style)).unwrap();
        }
        let style = text::style(10.0, HPos::Right, VPos::Bottom).transform(FontTransform::Rotate270);
        area.draw_text("up", &style, (px(20.0), px(30.0))).unwrap();
        drop(area);
        let color = (0, 114, 178);
        let thick = Shape::Line { points: vec![(1.0, 2.25), (99.0, 2.25)], width: 2.0, color };
        let thin = Shape::Line { points: vec![(1.5, 2.5), (99.5, 2.5)], width: 0.5, color };
        assert_eq!(shapes[..2], [thick, thin]);
        let Shape::Text(words) = &shapes[2] else { panic!("{:?} instead of text", shapes[2]) };
        assert_eq!((words.words.as_str(), words.upwards, words.anchor), ("up", true, Anchor::End));
        assert_eq!((words.size, words.at), (10.0, (20.0 - 2.4, 30.0)));
    }
}

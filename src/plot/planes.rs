//! Pictures of the filters and the outputs of convolutions.

use nalgebra::DimName;

use super::chart::{draw_message, frame};
use super::sheet::{Area, DrawResult};
use super::units::{pixels, px};
use super::{Figure, Plot, picture, text};
use typenet_core::{Batch, Image, Scalar, nalgebra};

/// The free space between pictures, in pixels.
const GAP: f64 = 6.0;
/// The height of a panel's title, in pixels.
const TITLE: f64 = 24.0;

/// Plots the filters of convolutions side by side, such as those of a layer before and after training.
///
/// Each weight is a pixel. In each picture, the smallest weight is black and the largest is white, as in the book's figure
/// of filters. A filter over several channels has a picture for each.
///
/// ```
/// use typenet::plot;
/// use typenet::prelude::*;
///
/// network! {
///     struct Net = Input<1, 28, 28> -> Conv2d<1, 30, 5> -> Relu -> Flatten -> Affine<_, 10> -> SoftmaxWithLoss;
/// }
///
/// let mut net: Net = Net::random(He, &mut StdRng::seed_from_u64(1));
/// let before = net.conv2d1.weight.clone();
/// // Train `net` here.
/// let svg = plot::filters(&[("before training", &before), ("after training", &net.conv2d1.weight)]).to_svg()?;
/// # assert!(svg.contains("after training"));
/// # Ok::<(), Error>(())
/// ```
#[allow(clippy::type_complexity)] // a list of pairs
pub fn filters<T: Scalar, C: DimName, H: DimName, W: DimName, OUT: DimName>(
    filters: &[(&str, &Batch<T, Image<C, H, W>, OUT>)],
) -> Plot {
    let panels = filters.iter().map(|(title, weight)| {
        let values = weight.iter().copied().collect::<Vec<_>>(); // column by column: filter by filter
        let pictures = values.chunks((H::DIM * W::DIM).max(1)).map(|values| Picture::new(values, W::DIM, true));
        Panel { title: (*title).to_owned(), pictures: pictures.collect() }
    });
    let across = u32::try_from(filters.len()).map_or(8, |count| count.clamp(1, 8));
    Plot::new(Panels(panels.collect()), "Filters of a convolution", (320 * across, 300))
}

/// Plots feature maps: the output of a convolution or a pooling for one image, with a picture for each channel.
///
/// `values` has all channels of `height x width` pixels, one after the other, as a [`Tape`](crate::Tape) of one sample
/// records them. In each picture, zero and less are white, and the largest value is black.
///
/// ```
/// use typenet::plot;
/// use typenet::prelude::*;
///
/// network! {
///     struct Net = Input<1, 28, 28> -> Conv2d<1, 30, 5> -> Relu -> Flatten -> Affine<_, 10> -> SoftmaxWithLoss;
/// }
///
/// let net: Net = Net::random(He, &mut StdRng::seed_from_u64(1));
/// let (digits, _) = digits::generate(10, 0, 1);
/// let (x, _) = digits.range(0, Const::<1>);
/// let mut tape = Net::tape(Const::<1>);
/// net.predict_with(&x, &mut tape);
/// let svg = plot::feature_maps(tape.activation("relu1")?.y, 24, 24).to_svg()?;
/// # assert!(svg.contains("<path"));
/// # Ok::<(), Error>(())
/// ```
///
/// # Panics
///
/// If `height` or `width` is 0, or the values are not a whole number of channels.
pub fn feature_maps<T: Scalar>(values: &[T], height: usize, width: usize) -> Plot {
    assert!(height > 0 && width > 0, "a feature map has at least one pixel");
    assert!(values.len().is_multiple_of(height * width), "whole channels of {height} x {width} pixels");
    let pictures = values.chunks(height * width).map(|values| Picture::new(values, width, false)).collect();
    Plot::new(Panels(vec![Panel { title: String::new(), pictures }]), "Feature maps", (640, 480))
}

/// A picture with a byte for each pixel: 0 is white.
#[derive(Debug)]
struct Picture {
    width: usize,
    bytes: Vec<u8>,
}

impl Picture {
    fn new<T: Scalar>(values: &[T], width: usize, signed: bool) -> Self {
        Self { width, bytes: picture::scaled(values, signed) }
    }

    fn height(&self) -> usize {
        self.bytes.len() / self.width.max(1)
    }
}

/// Pictures of one size, with a title.
#[derive(Debug)]
struct Panel {
    title: String,
    pictures: Vec<Picture>,
}

#[derive(Debug)]
struct Panels(Vec<Panel>);

impl Figure for Panels {
    fn draw(&self, area: &Area) -> DrawResult {
        if self.0.iter().all(|panel| panel.pictures.is_empty()) {
            return draw_message(area, "no pictures");
        }
        self.0.iter().zip(area.split_evenly((1, self.0.len()))).try_for_each(|(panel, part)| panel.draw(&part))
    }
}

impl Panel {
    fn draw(&self, area: &Area) -> DrawResult {
        let (width, height) = area.dim_in_pixel();
        let title = if self.title.is_empty() { 0.0 } else { TITLE };
        area.draw_text(&self.title, &text::centered(12.0), (width.cast_signed() / 2, px(TITLE / 2.0)))?;
        let Some(first) = self.pictures.first() else { return Ok(()) };
        let (count, rows, columns) = (self.pictures.len(), first.height(), first.width);
        let (wide, high) = (pixels(width) - GAP, pixels(height) - title - GAP);
        // The room for a pixel with a number of pictures in a row.
        let room = |across: usize| {
            let down = count.div_ceil(across);
            ((wide / across as f64 - GAP) / columns as f64).min((high / down as f64 - GAP) / rows as f64)
        };
        let across = (1..=count).max_by(|one, other| room(*one).total_cmp(&room(*other))).unwrap_or(1);
        let pixel = picture::pixel_for(1, room(across).max(0.0));
        let side = |count: usize| i32::try_from(count).expect("a picture has a few pixels") * pixel;
        let (step_x, step_y) = (side(columns) + px(GAP), side(rows) + px(GAP));
        let cells = |count: usize, step: i32| i32::try_from(count).expect("a plot has a few pictures") * step;
        let used = |count: usize, step: i32| cells(count, step) - px(GAP);
        let left = (width.cast_signed() - used(across, step_x)) / 2;
        let top = px(title) + (height.cast_signed() - px(title) - used(count.div_ceil(across), step_y)) / 2;
        for (index, picture) in self.pictures.iter().enumerate() {
            let corner = (left + cells(index % across, step_x), top + cells(index / across, step_y));
            let square = area.clone().shrink((corner.0.max(0), corner.1.max(0)), (side(columns), side(rows)));
            picture::draw(&square, &picture.bytes, picture.width, pixel)?;
            frame(&square)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_are_scaled_between_their_extremes_and_maps_from_zero() {
        assert_eq!(Picture::new(&[-1.0, 0.0, 1.0], 3, true).bytes, [255, 128, 0]);
        assert_eq!(Picture::new(&[-1.0, 0.0, 1.0], 3, false).bytes, [0, 0, 255]);
        assert_eq!(Picture::new(&[3.0, f64::NAN, f64::INFINITY], 3, false).bytes, [255, 0, 255]);
        assert_eq!(Picture::new(&[2.0; 3], 3, true).bytes, [0; 3]);
        assert_eq!(Picture::new(&[-2.0; 3], 3, false).bytes, [0; 3]);
    }
}

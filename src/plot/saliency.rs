//! Saliency maps over gray images.

use super::Plot;
use super::gallery::{Gallery, Picture};
use super::picture::scaled;
use typenet_core::Scalar;

/// Plots gray images with a caption, each under its saliency map: the more a pixel matters, the redder it is.
///
/// Each image has a caption, its pixels, row by row, and a saliency for each pixel, such as the gradient of the class's
/// score by [`InputGradient`](crate::InputGradient). Pixels of zero and less are white, the largest one is dark gray. The
/// map shows absolute values: zero is transparent, the largest one is red. An image without a map has an empty one.
///
/// ```
/// use typenet::plot;
/// use typenet::prelude::*;
///
/// network! {
///     struct Net = Affine<784, 10> -> SoftmaxWithLoss;
/// }
///
/// let net: Net = Net::random(He, &mut StdRng::seed_from_u64(1));
/// let (digits, _) = digits::generate(10, 0, 1);
/// let (x, _) = digits.range(0, Const::<1>);
/// let class = net.classify(&x);
/// let map = net.input_gradient_from(&x, &class.one_hot());
/// let caption = format!("looks like a {}", class.classes()[0]);
/// let svg = plot::saliency(&[(&caption, x.data.values(), map.as_slice())], 28, 28).to_svg()?;
/// # assert!(svg.contains("looks like a"));
/// # Ok::<(), Error>(())
/// ```
///
/// Source: Simonyan, Vedaldi and Zisserman, "Deep Inside Convolutional Networks: Visualising Image Classification Models
/// and Saliency Maps" (2013).
///
/// # Panics
///
/// If `height` or `width` is 0, or an image or a map has another number of pixels.
#[allow(clippy::type_complexity)] // a list of triples
pub fn saliency<T: Scalar>(images: &[(&str, &[T], &[T])], height: usize, width: usize) -> Plot {
    assert!(height > 0 && width > 0, "an image has at least one pixel");
    let pictures = images.iter().map(|&(caption, pixels, map)| {
        assert_eq!(pixels.len(), height * width, "the pixels of `{caption}`");
        assert!(map.is_empty() || map.len() == height * width, "the map of `{caption}` has {} pixels", map.len());
        let map: Vec<f64> = map.iter().map(|value| value.as_f64().abs()).collect();
        Picture { bytes: scaled(pixels, false), width, map: scaled(&map, false), caption: caption.to_owned() }
    });
    let gallery = Gallery { pictures: pictures.collect(), otherwise: "no pictures" };
    let size = gallery.size(6);
    Plot::new(gallery, "Saliency maps", size)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The colors of a picture of two pixels, besides those of its frame and caption.
    fn colors(pixels: &[f32], map: &[f32]) -> Vec<String> {
        let svg = saliency(&[("", pixels, map)], 1, 2).to_svg().unwrap();
        let fills = svg.split("fill=\"").skip(1).map(|rest| rest[..rest.find('"').unwrap()].to_owned());
        fills.filter(|fill| fill.starts_with('#')).collect()
    }

    #[test]
    fn the_largest_saliency_is_red_and_zero_shows_the_image() {
        let red = colors(&[0.0, 0.0], &[0.0, -3.0]);
        assert!(red.contains(&"#d55e00".to_owned()), "{red:?}");
        let gray = colors(&[0.0, 1.0], &[0.0, 0.0]);
        assert!(gray.contains(&"#7d7d7d".to_owned()) && !gray.contains(&"#d55e00".to_owned()), "{gray:?}");
        assert_eq!(colors(&[0.0, 1.0], &[f32::NAN, 0.0]), gray);
    }

    #[test]
    #[should_panic = "the map of `a` has 3 pixels"]
    fn a_map_of_another_size_panics() {
        let _ = saliency(&[("a", &[0.0_f32; 4], &[0.0; 3])], 2, 2);
    }
}

//! Data sets of images.

#[cfg(feature = "image")]
mod folder;
#[cfg(not(feature = "image"))]
mod missing;
#[cfg(feature = "image")]
mod png;

use nalgebra::{Const, Dyn};

use crate::data::dataset::Dataset;
use crate::data::error::DataError;
use crate::labels::Labels;

/// Makes data sets of images of `C` channels of `H x W` pixels.
///
/// An image has `F = C · H · W` features in the order channel, row, column, which `Input<C, H, W>` reads. Each is a byte,
/// which a batch holds as a float from 0 to 1. There are `K` classes. The compiler infers `F` and `K` from the network.
///
/// ```
/// # use typenet_core as typenet;
/// use typenet::data::{Dataset, Images};
/// use typenet::nalgebra::Const;
///
/// // Two images of two pixels: red and green, then black and white.
/// let pixels = vec![255, 0, 0, 0, 255, 0, /* the second */ 0, 0, 0, 255, 255, 255];
/// let images: Dataset<Const<6>, Const<2>> = Images::<3, 1, 2>::interleaved(&pixels, vec![1, 0].try_into()?)?;
/// assert_eq!(images.bytes(0), [255, 0, /* green */ 0, 255, /* blue */ 0, 0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Images<const C: usize, const H: usize, const W: usize>;

impl<const C: usize, const H: usize, const W: usize> Images<C, H, W> {
    /// The number of features of an image.
    const FEATURES: usize = C * H * W;

    /// A data set from the bytes of all images, channel by channel, and their labels.
    ///
    /// # Errors
    ///
    /// [`DataError::ByteCount`] unless there are `F` bytes for each label.
    pub fn planar<const F: usize, const K: usize>(
        bytes: Vec<u8>,
        labels: Labels<Dyn, Const<K>>,
    ) -> Result<Dataset<Const<F>, Const<K>>, DataError> {
        const { assert!(F == Self::FEATURES, "images of `C x H x W` pixels have C · H · W features") }
        Dataset::new(bytes, labels)
    }

    /// A data set from the bytes of all images, pixel by pixel, as cameras and image libraries give them.
    ///
    /// The bytes are in the order row, column, channel.
    ///
    /// # Errors
    ///
    /// [`DataError::ByteCount`] unless there are `F` bytes for each label.
    pub fn interleaved<const F: usize, const K: usize>(
        bytes: &[u8],
        labels: Labels<Dyn, Const<K>>,
    ) -> Result<Dataset<Const<F>, Const<K>>, DataError> {
        let mut planes = vec![0; bytes.len()];
        for (from, to) in bytes.chunks_exact(Self::FEATURES.max(1)).zip(planes.chunks_exact_mut(Self::FEATURES.max(1)))
        {
            separate::<C>(from, to);
        }
        Self::planar(planes, labels)
    }
}

/// Separates the channels of an image that is given pixel by pixel.
fn separate<const C: usize>(pixels: &[u8], planes: &mut [u8]) {
    for (channel, plane) in planes.chunks_exact_mut(pixels.len() / C).enumerate() {
        for (to, pixel) in plane.iter_mut().zip(pixels.chunks_exact(C)) {
            *to = pixel[channel];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn planes_and_pixels_give_the_same_images() {
        let labels = || Labels::<Dyn, Const<4>>::try_from(vec![3, 0]).unwrap();
        let planes: Vec<u8> = (0..24).collect();
        let pixels: Vec<u8> =
            planes.chunks(12).flat_map(|image| (0..6).flat_map(|at| [image[at], image[at + 6]])).collect();
        let images: Dataset<Const<12>, _> = Images::<2, 2, 3>::planar(planes, labels()).unwrap();
        assert_eq!(Images::<2, 2, 3>::interleaved(&pixels, labels()).unwrap(), images);
        assert_eq!((images.bytes(1)[0], images.labels().classes()), (12, &[3, 0][..]));
    }

    #[test]
    fn the_number_of_bytes_is_checked() {
        let labels = || Labels::<Dyn, Const<4>>::try_from(vec![3, 0]).unwrap();
        let problem = "25 bytes, but 2 samples of 12 bytes each have 24";
        let error = |result: Result<Dataset<Const<12>, _>, DataError>| result.unwrap_err().to_string();
        assert_eq!(error(Images::<2, 2, 3>::planar(vec![0; 25], labels())), problem);
        assert_eq!(error(Images::<2, 2, 3>::interleaved(&[0; 25], labels())), problem);
    }
}

//! The MNIST database of handwritten digits.
//!
//! Y. LeCun, C. Cortes and C. J. C. Burges, <http://yann.lecun.com/exdb/mnist/>: 60,000 training and 10,000
//! test images of 28 x 28 pixels, in four IDX files.

use std::path::{Path, PathBuf};

use nalgebra::{Const, Dyn};

use crate::data::dataset::Dataset;
use crate::data::error::DataError;
use crate::data::idx::{self, Idx};
use crate::labels::Labels;

/// The width and height of an image, in pixels.
pub const SIDE: usize = 28;

/// Images of 28 x 28 pixels with labels from 0 to 9.
pub type Digits = Dataset<Const<{ SIDE * SIDE }>, Const<10>>;

/// Reads the training set and the test set from a folder with the four files.
///
/// A file name is `train-images-idx3-ubyte` or `train-images.idx3-ubyte`, with or without `.gz`. The file may be in a
/// subfolder of either name, as in Kaggle's archive.
///
/// # Errors
///
/// [`DataError::Read`] and [`DataError::Format`] name the file and the problem: a missing or damaged file, images of
/// another size, a label above 9, or different numbers of images and labels.
pub fn load(folder: impl AsRef<Path>) -> Result<(Digits, Digits), DataError> {
    let folder = folder.as_ref();
    Ok((load_set(folder, "train")?, load_set(folder, "t10k")?))
}

fn load_set(folder: &Path, set: &str) -> Result<Digits, DataError> {
    let images_path = find(folder, set, ["images", "idx3-ubyte"])?;
    let labels_path = find(folder, set, ["labels", "idx1-ubyte"])?;
    let images = idx::read(&images_path)?;
    let labels = idx::read(&labels_path)?;
    let count = check_images(&images).map_err(|problem| DataError::Format { path: images_path.clone(), problem })?;
    let labels = check_labels(&labels, count, &images_path)
        .map_err(|problem| DataError::Format { path: labels_path, problem })?;
    Dataset::new(images.bytes, labels)
}

/// Finds the first file with one of the usual names, compressed before plain.
fn find(folder: &Path, set: &str, [kind, ending]: [&str; 2]) -> Result<PathBuf, DataError> {
    let names = ["-", "."].map(|separator| format!("{set}-{kind}{separator}{ending}"));
    let folders = [folder.to_owned(), folder.join(&names[0]), folder.join(&names[1])];
    let of_name =
        |name: &String| folders.each_ref().map(|folder| [folder.join(format!("{name}.gz")), folder.join(name)]);
    let mut files = names.iter().flat_map(of_name).flatten();
    // An existing file that cannot be read gives a better error later.
    let found = files.find(|file| file.exists() && !file.is_dir());
    found.ok_or_else(|| {
        let problem = format!(
            "has no MNIST {kind}: expected `{}` or `{}`, with or without `.gz`, here or in a subfolder of either name; \
             `scripts/get-mnist.sh` downloads the files",
            names[0], names[1]
        );
        DataError::Format { path: folder.to_owned(), problem }
    })
}

fn check_images(images: &Idx) -> Result<usize, String> {
    match *images.sizes {
        [count, SIDE, SIDE] => Ok(count),
        [_, rows, columns] => Err(format!("has images of {rows} x {columns} pixels, expected {SIDE} x {SIDE}")),
        _ => Err(format!("has an array of {} dimensions, but images have 3", images.sizes.len())),
    }
}

fn check_labels(labels: &Idx, count: usize, images: &Path) -> Result<Labels<Dyn, Const<10>>, String> {
    if labels.sizes.len() != 1 {
        return Err(format!("has an array of {} dimensions, but labels have 1", labels.sizes.len()));
    }
    if labels.bytes.len() != count {
        return Err(format!("has {} labels, but `{}` has {count} images", labels.bytes.len(), images.display()));
    }
    let classes: Vec<usize> = labels.bytes.iter().map(|&label| label.into()).collect();
    Labels::new(Dyn(count), &classes).map_err(|error| format!("is invalid: {error}"))
}

#[cfg(test)]
mod tests;

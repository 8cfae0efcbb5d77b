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

/// Reads the training and the test set from a folder that holds the four files.
///
/// A file is named `train-images-idx3-ubyte` or `train-images.idx3-ubyte`, with `.gz` or without. It may lie in a folder of
/// either name, as in Kaggle's archive.
///
/// # Errors
///
/// [`DataError::Read`] and [`DataError::Format`] name the file and what is wrong with it: missing, damaged, of another
/// size, with a label above 9, or with more or fewer labels than there are images.
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

/// The first file of a usual name, compressed before plain.
fn find(folder: &Path, set: &str, [kind, ending]: [&str; 2]) -> Result<PathBuf, DataError> {
    let names = ["-", "."].map(|separator| format!("{set}-{kind}{separator}{ending}"));
    let folders = [folder.to_owned(), folder.join(&names[0]), folder.join(&names[1])];
    let of_name =
        |name: &String| folders.each_ref().map(|folder| [folder.join(format!("{name}.gz")), folder.join(name)]);
    let mut files = names.iter().flat_map(of_name).flatten();
    // What is there but cannot be read has an error of its own.
    let found = files.find(|file| file.exists() && !file.is_dir());
    found.ok_or_else(|| {
        let problem = format!(
            "holds no {kind} of MNIST: neither `{}` nor `{}`, with `.gz` or without, nor a folder of that name with the file \
             in it; `scripts/get-mnist.sh` downloads them",
            names[0], names[1]
        );
        DataError::Format { path: folder.to_owned(), problem }
    })
}

fn check_images(images: &Idx) -> Result<usize, String> {
    match *images.sizes {
        [count, SIDE, SIDE] => Ok(count),
        [_, rows, columns] => Err(format!("holds images of {rows} x {columns} pixels, not {SIDE} x {SIDE}")),
        _ => Err(format!("holds an array of {} dimensions, not the 3 of images", images.sizes.len())),
    }
}

fn check_labels(labels: &Idx, count: usize, images: &Path) -> Result<Labels<Dyn, Const<10>>, String> {
    if labels.sizes.len() != 1 {
        return Err(format!("holds an array of {} dimensions, not the 1 of labels", labels.sizes.len()));
    }
    if labels.bytes.len() != count {
        return Err(format!("holds {} labels, but `{}` holds {count} images", labels.bytes.len(), images.display()));
    }
    let classes: Vec<usize> = labels.bytes.iter().map(|&label| label.into()).collect();
    Labels::new(Dyn(count), &classes).map_err(|error| format!("is wrong: {error}"))
}

#[cfg(test)]
mod tests;

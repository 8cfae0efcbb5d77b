//! Data sets from folders of PNG files.

use std::fs;
use std::path::{Path, PathBuf};

use nalgebra::{Const, Dyn};

use crate::data::dataset::Dataset;
use crate::data::error::DataError;
use crate::data::images::{Images, png};
use crate::labels::Labels;

/// The endings of image files that are not read.
const OTHER_IMAGES: [&str; 10] = ["bmp", "gif", "jpeg", "jpg", "pgm", "pnm", "ppm", "tif", "tiff", "webp"];

impl<const C: usize, const H: usize, const W: usize> Images<C, H, W> {
    /// Reads a folder that has a folder of PNG files for each class, as torchvision's `ImageFolder` does.
    ///
    /// Returns the images, and the names of the folders in sorted order, which are the names of the classes. Subfolders
    /// belong to their class. Names that begin with a dot, and files that are not images, are skipped. Requires the
    /// feature `image`.
    ///
    /// Gray images and palettes are converted to 3 channels; colors are converted to 1 channel by their brightness.
    ///
    /// ```no_run
    /// # use typenet_core as typenet;
    /// use typenet::data::{Dataset, Images};
    /// use typenet::nalgebra::Const;
    ///
    /// // `animals/cat/1.png`, `animals/dog/1.png` and so on, of 32 x 32 pixels each.
    /// let (images, classes) = Images::<3, 32, 32>::load("animals")?;
    /// let images: Dataset<Const<3072>, Const<2>> = images; // a network that trains on them fixes these numbers
    /// assert_eq!(classes, ["cat", "dog"]);
    /// # Ok::<(), typenet::data::DataError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`DataError::Read`] and [`DataError::Format`] name the file or folder and the problem: another number of classes
    /// than `K`, a class without PNG files, images in another format, a damaged file, an image of another size,
    /// transparent pixels, or 16 bits per channel.
    #[allow(clippy::type_complexity)]
    pub fn load<const F: usize, const K: usize>(
        folder: impl AsRef<Path>,
    ) -> Result<(Dataset<Const<F>, Const<K>>, Vec<String>), DataError> {
        let folder = folder.as_ref();
        let classes: Vec<PathBuf> = visible(folder)?.into_iter().filter(|path| path.is_dir()).collect();
        let names: Vec<String> = classes.iter().map(|path| name(path)).collect();
        if classes.len() != K {
            let problem = format!("has {} class folders, expected {K}: {}", classes.len(), names.join(", "));
            return Err(DataError::Format { path: folder.to_owned(), problem });
        }
        let (mut bytes, mut labels) = (Vec::new(), Vec::new());
        for (label, class) in classes.iter().enumerate() {
            let mut files = Vec::new();
            list(class, &mut files)?;
            if files.is_empty() {
                return Err(DataError::Format { path: class.clone(), problem: "has no PNG files".to_owned() });
            }
            for file in files {
                png::read::<C, H, W>(&file, &mut bytes)?;
                labels.push(label);
            }
        }
        Ok((Self::planar(bytes, Labels::new(Dyn(labels.len()), &labels)?)?, names))
    }
}

/// Lists the PNG files of a folder and its subfolders.
fn list(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), DataError> {
    for path in visible(folder)? {
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
        if path.is_dir() {
            list(&path, files)?;
        } else if ending == "png" {
            files.push(path);
        } else if OTHER_IMAGES.contains(&&*ending) {
            return Err(DataError::Format { path, problem: "is an image in another format, expected PNG".to_owned() });
        }
    }
    Ok(())
}

/// The paths in a folder, sorted, without those that begin with a dot.
fn visible(folder: &Path) -> Result<Vec<PathBuf>, DataError> {
    let read = || -> std::io::Result<Vec<PathBuf>> {
        fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect() // an error of an entry is one of the folder
    };
    let mut paths = read().map_err(|source| DataError::Read { path: folder.to_owned(), source })?;
    paths.retain(|path| !name(path).starts_with('.'));
    paths.sort();
    Ok(paths)
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::png::{BitDepth, ColorType, Encoder};

    type Pair = (Dataset<Const<12>, Const<2>>, Vec<String>);

    /// A temporary folder for one test, removed when dropped.
    struct Folder(PathBuf);

    impl Folder {
        /// Two classes with three images of 2 x 2 pixels.
        fn new(test: &str) -> Self {
            let folder = Self(std::env::temp_dir().join(format!("typenet-images-{}-{test}", std::process::id())));
            for class in ["cat/old", "dog", ".git"] {
                fs::create_dir_all(folder.0.join(class)).unwrap();
            }
            let colors = [[255, 0, 0], [0, 255, 0], [0, 0, 255], [10, 20, 30]];
            folder.write("cat/b.png", ColorType::Rgb, BitDepth::Eight, colors.as_flattened());
            folder.write("cat/old/a.PNG", ColorType::Grayscale, BitDepth::Eight, &[1, 2, 3, 4]);
            folder.write("dog/z.png", ColorType::Grayscale, BitDepth::One, &[0b1000_0000, 0b0100_0000]);
            for other in ["cat/notes.txt", "dog/.hidden.png", "README.md"] {
                fs::write(folder.0.join(other), "text").unwrap();
            }
            folder
        }

        fn encode(&self, name: &str, size: u32, color: ColorType, depth: BitDepth, bytes: &[u8], palette: &[u8]) {
            let file = fs::File::create(self.0.join(name)).unwrap();
            let mut encoder = Encoder::new(file, size, 2);
            encoder.set_color(color);
            encoder.set_depth(depth);
            if color == ColorType::Indexed {
                encoder.set_palette(palette.to_vec());
            }
            encoder.write_header().unwrap().write_image_data(bytes).unwrap();
        }

        fn write(&self, name: &str, color: ColorType, depth: BitDepth, bytes: &[u8]) {
            self.encode(name, 2, color, depth, bytes, &[9, 8, 7, 255, 254, 253]);
        }

        fn load(&self) -> Result<Pair, DataError> {
            Images::<3, 2, 2>::load(&self.0)
        }

        /// The error of loading, without the folder's name.
        fn error(&self) -> String {
            self.load().unwrap_err().to_string().replace(&format!("{}/", self.0.display()), "")
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            fs::remove_dir_all(&self.0).unwrap();
        }
    }

    #[test]
    fn folders_are_classes_and_files_are_images() {
        let folder = Folder::new("classes");
        let (images, classes) = folder.load().unwrap();
        assert_eq!(classes, ["cat", "dog"]);
        assert_eq!(images.labels().classes(), [0, 0, 1]);
        assert_eq!(images.bytes(0), [255, 0, 0, 10, 0, 255, 0, 20, 0, 0, 255, 30]);
        assert_eq!(images.bytes(1), [1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4]);
        assert_eq!(images.bytes(2)[..4], [255, 0, 0, 255]);
        let (gray, _): (Dataset<Const<4>, Const<2>>, _) = Images::<1, 2, 2>::load(&folder.0).unwrap();
        // Pillow's `convert("L")` gives the same.
        assert_eq!(gray.bytes(0), [76, 150, 29, 18]);
    }

    #[test]
    fn palettes_and_opaque_alpha_are_converted() {
        let folder = Folder::new("converted");
        folder.write("dog/z.png", ColorType::Indexed, BitDepth::One, &[0b1000_0000, 0b0100_0000]);
        assert_eq!(folder.load().unwrap().0.bytes(2), [255, 9, 9, 255, 254, 8, 8, 254, 253, 7, 7, 253]);
        folder.write("dog/z.png", ColorType::GrayscaleAlpha, BitDepth::Eight, &[1, 255, 2, 255, 3, 255, 4, 255]);
        assert_eq!(folder.load().unwrap().0.bytes(2)[..4], [1, 2, 3, 4]);
    }

    #[test]
    fn files_that_do_not_fit_are_errors() {
        let folder = Folder::new("files");
        let png = |color, depth, bytes: &[u8]| folder.write("dog/z.png", color, depth, bytes);
        png(ColorType::Rgba, BitDepth::Eight, &[[1, 2, 3, 255], [1, 2, 3, 254], [0; 4], [0; 4]].concat());
        assert_eq!(
            folder.error(),
            "`dog/z.png` has transparent pixels, but their color depends on the background: expected opaque ones"
        );
        png(ColorType::Grayscale, BitDepth::Sixteen, &[0; 8]);
        assert_eq!(folder.error(), "`dog/z.png` has 16 bits per channel, expected at most 8");
        folder.encode("dog/z.png", 3, ColorType::Grayscale, BitDepth::Eight, &[0; 6], &[]);
        assert_eq!(folder.error(), "`dog/z.png` has 2 x 3 pixels, expected 2 x 2");
        png(ColorType::Grayscale, BitDepth::Eight, &[1, 2, 3, 4]);
        let whole = fs::read(folder.0.join("dog/z.png")).unwrap();
        for length in 0..whole.len() - 12 {
            fs::write(folder.0.join("dog/z.png"), &whole[..length]).unwrap();
            let error = folder.error();
            let is_expected = ["cannot read `dog/z.png`: ", "`dog/z.png` is not a PNG file: "];
            assert!(is_expected.iter().any(|start| error.starts_with(start)), "{length} bytes: {error}");
        }
        fs::write(folder.0.join("dog/z.png"), "text").unwrap();
        assert!(folder.error().starts_with("`dog/z.png` is not a PNG file: "), "{}", folder.error());
        fs::write(folder.0.join("dog/a.JPG"), "text").unwrap();
        assert_eq!(folder.error(), "`dog/a.JPG` is an image in another format, expected PNG");
    }

    #[test]
    fn folders_that_do_not_fit_are_errors() {
        let folder = Folder::new("folders");
        fs::remove_file(folder.0.join("dog/z.png")).unwrap();
        assert_eq!(folder.error(), "`dog` has no PNG files");
        fs::create_dir(folder.0.join("ant")).unwrap();
        assert!(folder.error().ends_with("has 3 class folders, expected 2: ant, cat, dog"), "{}", folder.error());
        let error = Images::<3, 2, 2>::load::<12, 2>(folder.0.join("nowhere")).unwrap_err().to_string();
        assert!(error.starts_with("cannot read `") && error.contains("nowhere"), "{error}");
    }
}

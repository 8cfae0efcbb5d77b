use std::fs;
use std::io::Write;

use flate2::{Compression, write::GzEncoder};

use crate::data::mnist::*;

/// A temporary folder for one test, removed when dropped.
struct Folder(PathBuf);

impl Folder {
    /// A small, valid data set: three training images and two test images.
    fn new(test: &str) -> Self {
        let folder = Self(std::env::temp_dir().join(format!("typenet-mnist-{}-{test}", std::process::id())));
        fs::create_dir_all(&folder.0).unwrap();
        for (set, count) in [("train", 3), ("t10k", 2)] {
            folder.write(&format!("{set}-images-idx3-ubyte"), &images(count));
            folder.write(&format!("{set}-labels-idx1-ubyte"), &labels(&[7, 2, 1][..count as usize]));
        }
        folder
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        fs::write(self.0.join(name), bytes).unwrap();
    }

    /// The error of loading the folder, without the folder's name.
    fn error(&self) -> String {
        load(&self.0).unwrap_err().to_string().replace(&format!("{}/", self.0.display()), "")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}

fn images(count: u32) -> Vec<u8> {
    let pixels = (0..count * 784).map(|i| (i % 251) as u8);
    [0, 0, 8, 3].into_iter().chain(sizes(&[count, 28, 28])).chain(pixels).collect()
}

fn labels(labels: &[u8]) -> Vec<u8> {
    let count = u32::try_from(labels.len()).unwrap();
    [0, 0, 8, 1].into_iter().chain(sizes(&[count])).chain(labels.iter().copied()).collect()
}

fn sizes(sizes: &[u32]) -> Vec<u8> {
    sizes.iter().flat_map(|size| size.to_be_bytes()).collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn plain_and_compressed_files_are_read() {
    let folder = Folder::new("good");
    folder.write("train-images-idx3-ubyte.gz", &gzip(&images(3)));
    let (train, test) = load(&folder.0).unwrap();
    assert_eq!((train.len(), test.len()), (3, 2));
    assert_eq!(train.labels().classes(), [7, 2, 1]);
    assert_eq!(train.bytes(1)[0], (784 % 251) as u8);
}

#[test]
fn damaged_compression_is_an_error() {
    let folder = Folder::new("truncated");
    let whole = gzip(&images(3));
    for length in [3, 12, whole.len() / 2, whole.len() - 1] {
        folder.write("train-images-idx3-ubyte.gz", &whole[..length]);
        let error = folder.error();
        assert!(error.starts_with("cannot read `train-images-idx3-ubyte.gz`: "), "{error}");
    }
    let mut flipped = whole.clone();
    flipped[whole.len() - 6] ^= 1; // the checksum
    folder.write("train-images-idx3-ubyte.gz", &flipped);
    assert!(folder.error().starts_with("cannot read `train-images-idx3-ubyte.gz`: "), "{}", folder.error());
}

#[test]
fn headers_are_checked() {
    let folder = Folder::new("header");
    let body = [0; 784];
    let with = |head: &[u8]| [head, &body].concat();
    for (file, problem) in [
        (vec![], "is empty"),
        (b"P5 28 28 255".to_vec(), "is not an IDX file: it begins with [50, 35, 20, 32], not with 00 00 08"),
        (vec![0, 0], "is not an IDX file: it begins with [00, 00], not with 00 00 08"),
        (with(&[0, 0, 0x0d, 3]), "holds elements of type 0x0d, not unsigned bytes (0x08)"),
        (vec![0, 0, 8, 0], "has a header for an array without dimensions"),
        (vec![0, 0, 8, 3, 0, 0, 0, 1, 0], "ends inside its header of 16 bytes"),
        (
            with(&[[0, 0, 8, 3].to_vec(), sizes(&[1, 14, 56])].concat()),
            "has images of 14 x 56 pixels, expected 28 x 28",
        ),
        (with(&[[0, 0, 8, 1].to_vec(), sizes(&[784])].concat()), "has an array of 1 dimensions, but images have 3"),
        (images(3)[..1000].to_vec(), "ends after 984 of the 2352 bytes that its header gives"),
        ([images(3), vec![0]].concat(), "has more than the 2352 bytes that its header gives"),
    ] {
        folder.write("train-images-idx3-ubyte", &file);
        assert_eq!(folder.error(), format!("`train-images-idx3-ubyte` {problem}"));
    }
}

#[test]
fn a_false_header_allocates_nothing() {
    let folder = Folder::new("lie");
    let most = u32::MAX;
    for (sizes, problem) in [
        (sizes(&[most, 28, 28]), "ends after 0 of the 3367254359280 bytes that its header gives".to_owned()),
        (
            sizes(&[most, most, most]),
            format!("has a header for an array of [{most}, {most}, {most}] bytes, which is too large"),
        ),
    ] {
        folder.write("train-images-idx3-ubyte", &[vec![0, 0, 8, 3], sizes].concat());
        assert_eq!(folder.error(), format!("`train-images-idx3-ubyte` {problem}"));
    }
}

#[test]
fn labels_are_checked_against_the_images() {
    let folder = Folder::new("labels");
    for (file, problem) in [
        (labels(&[7, 2]), "has 2 labels, but `train-images-idx3-ubyte` has 3 images"),
        (labels(&[7, 10, 1]), "is invalid: label 10 of sample 1 is not one of the 10 classes 0 to 9"),
        (images(3), "has an array of 3 dimensions, but labels have 1"),
    ] {
        folder.write("train-labels-idx1-ubyte", &file);
        assert_eq!(folder.error(), format!("`train-labels-idx1-ubyte` {problem}"));
    }
}

#[test]
fn missing_files_and_folders_are_errors() {
    let folder = Folder::new("missing");
    fs::remove_file(folder.0.join("t10k-labels-idx1-ubyte")).unwrap();
    let problem = "has no MNIST labels: expected `t10k-labels-idx1-ubyte` or `t10k-labels.idx1-ubyte`, with or without \
                   `.gz`, here or in a subfolder of either name; `scripts/get-mnist.sh` downloads the files";
    assert_eq!(folder.error(), format!("`{}` {problem}", folder.0.display()));
    fs::create_dir(folder.0.join("t10k-labels-idx1-ubyte")).unwrap();
    assert_eq!(folder.error(), format!("`{}` {problem}", folder.0.display()));
    let error = load(folder.0.join("nowhere")).unwrap_err().to_string();
    assert!(error.contains("nowhere` has no MNIST images: expected `train-images-idx3-ubyte` or"), "{error}");
}

/// The names of other archives: with a dot, and in folders of the same names.
#[test]
fn other_usual_names_are_found() {
    for (place, name) in ["train-images.idx3-ubyte", "train-images.idx3-ubyte.gz", "train-images-idx3-ubyte.gz"]
        .into_iter()
        .flat_map(|name| [("", name), ("train-images-idx3-ubyte", name), ("train-images.idx3-ubyte", name)])
        .chain([("train-images-idx3-ubyte", "train-images-idx3-ubyte"), ("", "train-images-idx3-ubyte")])
    {
        let folder = Folder::new("names");
        fs::remove_file(folder.0.join("train-images-idx3-ubyte")).unwrap();
        fs::create_dir_all(folder.0.join(place)).unwrap();
        let bytes = if name.contains(".gz") { gzip(&images(3)) } else { images(3) };
        fs::write(folder.0.join(place).join(name), bytes).unwrap();
        let (train, test) = load(&folder.0).unwrap_or_else(|error| panic!("{place}/{name}: {error}"));
        assert_eq!((train.len(), test.len()), (3, 2));
    }
}

use std::io;
use std::path::PathBuf;

/// The file of a network or a training run cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CheckpointError {
    /// The file cannot be read.
    #[error("cannot read `{}`: {source}", path.display())]
    #[non_exhaustive]
    Read {
        /// The path of the file.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// The file cannot be written.
    #[error("cannot write `{}`: {source}", path.display())]
    #[non_exhaustive]
    Write {
        /// The path of the file.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// The content of the file is invalid, or the network cannot be stored.
    #[error("`{}` {problem}", path.display())]
    #[non_exhaustive]
    Format {
        /// The path of the file.
        path: PathBuf,
        /// The problem, worded to follow the path in a sentence.
        problem: String,
    },
    /// The content of a file in memory is invalid, or the network cannot be stored.
    #[error("the file in memory {problem}")]
    #[non_exhaustive]
    Bytes {
        /// The problem, worded to follow "the file in memory" in a sentence.
        problem: String,
    },
}

/// The network cannot be written as ONNX.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OnnxError {
    /// Layers of your own have no ONNX operators.
    #[error("cannot write ONNX: no operators for {}; implement `Layer::operation`", names.join(" and "))]
    #[non_exhaustive]
    Layers {
        /// The names of the layers and their types.
        names: Vec<String>,
    },
    /// A parameter has a value that is not finite.
    #[error("cannot write ONNX: `{name}` has a NaN or infinite value")]
    #[non_exhaustive]
    NotFinite {
        /// The full name of the parameter.
        name: String,
    },
    /// A setting of a layer is out of range.
    #[error("cannot write ONNX: {problem}")]
    #[non_exhaustive]
    Setting {
        /// The name of the setting, its value and its range.
        problem: String,
    },
}

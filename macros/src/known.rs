//! The library's layers and losses that the macro knows by name.

/// Layers that keep the number of features, and have no sizes.
pub const ELEMENTWISE: [&str; 11] =
    ["Relu", "LeakyRelu", "Elu", "Gelu", "GeluExact", "Silu", "Softplus", "Sigmoid", "Tanh", "Dropout", "Identity"];

/// Elementwise layers that accept a hyperparameter.
pub const WITH_HYPERPARAMETER: [&str; 3] = ["LeakyRelu", "Elu", "Dropout"];

/// Layers with an input and an output size.
pub const AFFINE: [&str; 2] = ["Affine", "AffineWithoutBias"];

/// Layers that keep the number of features, their only size, and have parameters for each feature.
pub const PER_FEATURE: [&str; 4] = ["BatchNorm", "LayerNorm", "RmsNorm", "PRelu"];

/// Layers with chains in brackets.
pub const WITH_CHAINS: [&str; 3] = ["Residual", "Sum", "Concat"];

/// The layer over class numbers, which begins a network.
pub const EMBEDDING: &str = "Embedding";

/// The largest number of classes of an embedding: class numbers below it are exact in `f32`.
pub const MOST_CLASSES: usize = 1 << 24;

/// Layers that take images only, or signals, which are images of one row.
pub const IMAGES: [&str; 13] = [
    "Conv2d",
    "DepthwiseConv2d",
    "ConvTranspose2d",
    "MaxPool2d",
    "AveragePool2d",
    "AdaptiveAveragePool2d",
    "Upsample2d",
    "Conv1d",
    "MaxPool1d",
    "AveragePool1d",
    "GlobalAveragePool",
    "Dropout2d",
    "Flatten",
];

/// Losses, with the names of their hyperparameters.
pub const LOSSES: [(&str, &[&str]); 6] = [
    ("SoftmaxWithLoss", &["label_smoothing", "class_weights", "ignore_class"]),
    ("SoftmaxWithSoftTargets", &[]),
    ("SigmoidWithLoss", &["pos_weight"]),
    ("MeanSquaredError", &[]),
    ("MeanAbsoluteError", &[]),
    ("Huber", &["delta"]),
];

/// The names of all layers.
pub fn layers() -> impl Iterator<Item = &'static str> {
    AFFINE.into_iter().chain(PER_FEATURE).chain(ELEMENTWISE).chain(WITH_CHAINS).chain(IMAGES).chain([EMBEDDING])
}

/// Converts a function's name to a type's name.
pub fn pascal_case(name: &str) -> String {
    let mut pascal = String::new();
    let words = name.trim_start_matches('_');
    for word in words.split('_') {
        // Keeps `f1_2` and `f12` distinct.
        if pascal.ends_with(char::is_numeric) && word.starts_with(char::is_numeric) {
            pascal.push('_');
        }
        let mut letters = word.chars();
        pascal.extend(letters.next().into_iter().flat_map(char::to_uppercase).chain(letters));
    }
    "_".repeat(name.len() - words.len()) + &pascal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn function_names_become_type_names() {
        for (function, kind) in [("relu", "Relu"), ("hard_tanh2_1", "HardTanh2_1"), ("_f12", "_F12")] {
            assert_eq!(pascal_case(function), kind);
        }
    }
}

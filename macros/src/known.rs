//! The names that the macro knows.

/// Layers of ours that give as many features as they take, and take no sizes.
pub const ELEMENTWISE: [&str; 8] = ["Relu", "LeakyRelu", "Elu", "Gelu", "Silu", "Softplus", "Sigmoid", "Tanh"];

/// Those of them that may be given a number.
pub const WITH_HYPERPARAMETER: [&str; 2] = ["LeakyRelu", "Elu"];

/// Losses of ours; they take no arguments.
pub const LOSSES: [&str; 2] = ["SoftmaxWithLoss", "MeanSquaredError"];

/// All layers of ours.
pub fn layers() -> impl Iterator<Item = &'static str> {
    std::iter::once("Affine").chain(ELEMENTWISE)
}

/// A function's name as a type's.
pub fn pascal_case(name: &str) -> String {
    let mut pascal = String::new();
    let words = name.trim_start_matches('_');
    for word in words.split('_') {
        // `f1_2` is another function than `f12`.
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
    fn functions_names_become_types_names() {
        for (function, kind) in [("relu", "Relu"), ("hard_tanh2_1", "HardTanh2_1"), ("_f12", "_F12")] {
            assert_eq!(pascal_case(function), kind);
        }
    }
}

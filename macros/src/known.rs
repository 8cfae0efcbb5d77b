//! The names that the macro knows.

/// Layers of ours that give as many features as they take, and take no sizes.
pub const ELEMENTWISE: [&str; 8] = ["Relu", "LeakyRelu", "Elu", "Gelu", "Silu", "Softplus", "Sigmoid", "Tanh"];

/// Those of them that may take a number, what it is called, and how it is written.
pub const HYPERPARAMETERS: [(&str, &str, &str); 2] =
    [("LeakyRelu", "the slope where `x` is negative", "LeakyRelu(0.2)"), ("Elu", "its `α`", "Elu(0.5)")];

/// Losses of ours; they take no arguments.
pub const LOSSES: [&str; 2] = ["SoftmaxWithLoss", "MeanSquaredError"];

/// All layers of ours.
pub fn layers() -> impl Iterator<Item = &'static str> {
    std::iter::once("Affine").chain(ELEMENTWISE)
}

/// What other libraries call something, and what it is called here.
const ELSEWHERE: [(&str, &str); 16] = [
    ("Linear", "Affine"),
    ("Dense", "Affine"),
    ("FullyConnected", "Affine"),
    ("ReLU", "Relu"),
    ("LeakyReLU", "LeakyRelu"),
    ("ELU", "Elu"),
    ("GELU", "Gelu"),
    ("SiLU", "Silu"),
    ("Softmax", "SoftmaxWithLoss"),
    ("LogSoftmax", "SoftmaxWithLoss"),
    ("CrossEntropy", "SoftmaxWithLoss"),
    ("CrossEntropyLoss", "SoftmaxWithLoss"),
    ("NLLLoss", "SoftmaxWithLoss"),
    ("MSELoss", "MeanSquaredError"),
    ("MseLoss", "MeanSquaredError"),
    ("MSE", "MeanSquaredError"),
];

/// What of ours is meant by a name that is another library's, or a misspelling, with a message that says so.
/// `None` for any other name, which may be a layer of the user's own.
pub fn correction(name: &str) -> Option<(&'static str, String)> {
    if let Some((_, ours)) = ELSEWHERE.iter().find(|(elsewhere, _)| *elsewhere == name) {
        let more = match *ours {
            "Affine" => ", as in `Affine<784, 50>`",
            "SoftmaxWithLoss" => ", which takes softmax and cross-entropy together and ends the network",
            _ => "",
        };
        return Some((ours, format!("`{name}` is called `{ours}` here{more} (one of your own: `self::{name}`)")));
    }
    if let Some(ours) = layers().chain(LOSSES).chain(["Input"]).find(|ours| misspelt(name, ours)) {
        return Some((ours, format!("there is no `{name}`; did you mean `{ours}`? (one of your own: `self::{name}`)")));
    }
    no_type(name)
}

/// What a path stands for that does not end in a type's name, with a message.
pub fn no_type(path: &str) -> Option<(&'static str, String)> {
    let (modules, name) = path.rsplit_once("::").map_or(("", path), |(modules, name)| (modules, name));
    if !name.starts_with(char::is_lowercase) {
        return None;
    }
    let message = if name == "new" {
        format!(
            "a layer is written as its type with its hyperparameters, as in `{modules}(0.5)`, which makes it by `{path}`"
        )
    } else {
        let of_function =
            [modules, &pascal_case(name)].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("::");
        format!(
            "a layer is a type, which begins with a capital letter: `{of_function}`, if it is the one that `#[activation]` makes of the function `{name}` (a type of your own: `self::{path}`)"
        )
    };
    Some(("Relu", message)) // takes its place: any number of features
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

/// Whether a name is meant to be one of ours. `Selu` and `Celu` are close to `Relu` and `Elu`, and not meant to be them:
/// in a short name only the case, or two letters in the wrong order, count as a mistake. `Softplus2` and `LeakyElu` are
/// called after one of ours.
fn misspelt(name: &str, ours: &str) -> bool {
    if name == ours || layers().any(|layer| name.contains(layer) && (layer == ours || !ours.contains(layer))) {
        return false;
    }
    let allowed = if ours.len() < 6 { 0 } else { 2 };
    name.eq_ignore_ascii_case(ours) || swapped(name, ours) || distance(name, ours) <= allowed
}

/// Whether two neighbouring letters are in the wrong order, and nothing else is wrong.
fn swapped(name: &str, ours: &str) -> bool {
    let ours: Vec<char> = ours.chars().collect();
    (1..ours.len()).any(|place| {
        let mut other = ours.clone();
        other.swap(place - 1, place);
        other.iter().copied().eq(name.chars())
    })
}

/// How many letters have to be added, left out or replaced.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, letter) in one.chars().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, &wanted) in other.iter().enumerate() {
            let replaced = corner + usize::from(letter != wanted);
            corner = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(corner + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misspellings_are_told_from_other_names() {
        for (name, ours) in [
            ("Rleu", "Relu"),
            ("relu", "Relu"),
            ("RELU", "Relu"),
            ("Tahn", "Tanh"),
            ("LeakyReul", "LeakyRelu"),
            ("LeackyRelu", "LeakyRelu"),
            ("Sliu", "Silu"),
            ("SoftPlus", "Softplus"),
            ("Afine", "Affine"),
            ("Affin", "Affine"),
            ("Sigmod", "Sigmoid"),
            ("SoftMaxWithLos", "SoftmaxWithLoss"),
        ] {
            let (meant, message) = correction(name).unwrap();
            assert_eq!(meant, ours);
            assert!(message.starts_with(&format!("there is no `{name}`; did you mean `{ours}`?")));
        }
        for name in ["Relu", "Elu", "Gelu", "Selu", "PRelu", "Tan", "Input", "Dropout", "Affine", "Softsign", "Output"]
        {
            assert_eq!(correction(name), None, "{name}");
        }
    }

    #[test]
    fn functions_are_no_layers() {
        let (meant, message) = correction("hard_tanh2_1").unwrap();
        assert_eq!(meant, "Relu");
        assert!(
            message
                .contains("`HardTanh2_1`, if it is the one that `#[activation]` makes of the function `hard_tanh2_1`")
        );
    }

    #[test]
    fn paths_that_end_in_no_type_are_told_of() {
        assert!(no_type("m::swish").unwrap().1.contains("`m::Swish`, if it is the one"));
        assert!(no_type("Swish::new").unwrap().1.contains("as in `Swish(0.5)`"));
        assert_eq!(no_type("m::Swish"), None);
    }

    #[test]
    fn names_made_of_ours_and_more_are_the_users_own() {
        for name in ["Swish", "Softplus2", "Sigmoid2", "LeakyElu", "LeakySilu", "LeakyGelu", "AffineToo"] {
            assert_eq!(correction(name), None, "{name}");
        }
    }

    #[test]
    fn names_of_other_libraries_are_translated() {
        let (meant, message) = correction("Linear").unwrap();
        assert_eq!(meant, "Affine");
        assert!(message.starts_with("`Linear` is called `Affine` here, as in `Affine<784, 50>`"));
        assert_eq!(correction("LeakyReLU").unwrap().0, "LeakyRelu");
    }
}
